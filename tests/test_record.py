"""Quotes on record as found."""

import pandas as pd
import pytest

from claimbook import check_collection, read_collection
from claimbook.collection.files import measure_checksum, read_texts
from claimbook.collection.record import find_changed, find_proofs

TEXT = "Massage is good for a sore back.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "spa.txt").write_text(TEXT)
    (tmp_path / "data").mkdir()
    return tmp_path


def write(folder, *, quote="good … back", sha256=""):
    (folder / "data" / "claims.csv").write_text(
        "claim_id,source,condition,intervention,aspect,recommendation,claim,quote\n"
        f"a,spa,back pain,massage,effect,for,It helps.,{quote}\n",
        encoding="utf-8",
    )
    (folder / "data" / "sources.csv").write_text(f"source,kind,sha256\nspa,article,{sha256}\n")
    return read_collection(folder / "data")


def checksum(folder):
    return measure_checksum(folder / "texts" / "spa.txt")


def test_a_record_holds_until_a_word_or_the_text_changes(folder, capsys):
    from claimbook.cli import main

    sha256 = checksum(folder)
    write(folder, sha256=sha256)
    assert main(["verify", "data", "--texts", "texts", "--record"]) == 0
    assert "1 quote on record" in capsys.readouterr().err
    assert list(write(folder, sha256=sha256).verified["line"]) == ["1"]
    assert write(folder, sha256=sha256.upper()).verified["claim_id"].tolist() == ["a"]
    assert write(folder, quote="good … sore", sha256=sha256).verified.empty
    assert write(folder, sha256="0" * 64).verified.empty
    assert write(folder).verified.empty


def verify(folder):
    from claimbook.cli import main

    return main(["verify", "data", "--texts", "texts", "--record"])


def test_an_empty_checksum_is_filled_in_and_no_other_byte_of_the_sources_changed(folder, capsys):
    write(folder)
    sources = folder / "data" / "sources.csv"
    bom, rest = b"\xef\xbb\xbf", b'"spa",article,,"one, two"\r\ngp,article,,\r\n'
    before = bom + b"source,kind,sha256,notes\r\n" + rest
    sources.write_bytes(before)
    assert verify(folder) == 0
    digest = checksum(folder).encode()
    assert sources.read_bytes() == before.replace(b'article,,"', b"article," + digest + b',"')
    assert "sha256 filled in for spa" in capsys.readouterr().err
    assert read_collection("data").verified["claim_id"].tolist() == ["a"]


def test_a_checksum_column_that_is_missing_is_added_and_the_quote_is_on_record(folder, capsys):
    write(folder)
    (folder / "data" / "sources.csv").write_text("source,kind\nspa,article\n")
    assert verify(folder) == 0
    assert "1 quote on record" in capsys.readouterr().err
    assert read_collection("data").verified["claim_id"].tolist() == ["a"]
    assert verify(folder) == 0
    assert "filled in" not in capsys.readouterr().err


def test_a_checksum_that_is_there_is_never_replaced(folder):
    write(folder, sha256="0" * 64)
    before = (folder / "data" / "sources.csv").read_bytes()
    assert verify(folder) == 1
    assert (folder / "data" / "sources.csv").read_bytes() == before


def test_no_checksum_is_filled_in_where_no_quote_was_found_in_the_text(folder, capsys):
    write(folder, quote="bad … back")
    assert verify(folder) == 1
    assert checksum(folder) not in (folder / "data" / "sources.csv").read_text()
    assert "0 quotes on record" in capsys.readouterr().err


def test_without_sources_what_is_needed_is_told_with_the_checksum(folder, capsys):
    write(folder)
    (folder / "data" / "sources.csv").unlink()
    assert verify(folder) == 0
    assert f"source, kind, sha256:\n  spa: {checksum(folder)}" in capsys.readouterr().err


def test_what_was_not_found_is_not_on_record():
    claims = pd.DataFrame({"claim_id": list("abc"), "quote": ["x … y"] * 3})
    status = ["not found", "found", "found"]
    verified = pd.DataFrame(
        {"claim_id": list("abc"), "source": ["spa", "spa", "gp"], "status": status, "line": "2"}
    )
    proofs = find_proofs(claims, verified, checksums={"spa": "9f86"})
    assert proofs["claim_id"].tolist() == ["b"]


def test_a_record_that_is_damaged_proves_nothing(folder):
    write(folder, sha256=checksum(folder))
    (folder / "data" / "verified.csv").write_bytes(b"claim_id,quote\xff\n\x00")
    collection, problems = check_collection(folder / "data")
    assert set(problems["file"]) == {"verified.csv"}
    assert collection.verified.empty


def test_a_source_without_a_checksum_is_never_changed():
    sources = pd.DataFrame({"source": ["spa", "gp"], "sha256": ["AB", ""]})
    assert find_changed(sources, {"spa": "ab", "gp": "cd"}) == []
    assert find_changed(sources, {"spa": "cd"}) == ["spa"]


def test_what_was_found_before_stays_on_record_where_a_text_is_not_at_hand(folder, capsys):
    from claimbook.cli import main

    sha256 = checksum(folder)
    write(folder, sha256=sha256)
    main(["verify", "data", "--texts", "texts", "--record"])
    (folder / "none").mkdir()
    main(["verify", "data", "--texts", "none", "--record"])
    assert list(write(folder, sha256=sha256).verified["claim_id"]) == ["a"]
    (folder / "texts" / "spa.txt").write_text("Nothing of the kind.")
    changed = measure_checksum(folder / "texts" / "spa.txt")
    write(folder, sha256=changed)
    main(["verify", "data", "--texts", "texts", "--record"])
    assert write(folder, sha256=changed).verified.empty


def test_each_claims_file_has_a_record_of_its_own(folder, capsys):
    from claimbook.cli import main

    sha256 = checksum(folder)
    write(folder, sha256=sha256)
    (folder / "data" / "mine.csv").write_bytes((folder / "data" / "claims.csv").read_bytes())
    for name in ("data", "data/mine.csv"):
        assert main(["verify", name, "--texts", "texts", "--record"]) == 0
    names = {path.name for path in (folder / "data").glob("verified*")}
    assert names == {"verified.csv", "verified-mine.csv"}
    assert len(read_collection(folder / "data" / "mine.csv").verified) == 1


def test_texts_that_are_not_utf8_are_named_together(tmp_path):
    for name in ("spa", "clinic", "sound"):
        encoding = "utf-8" if name == "sound" else "utf-16"
        (tmp_path / f"{name}.txt").write_text("It eases pain.", encoding=encoding)
    sources = pd.DataFrame({"source": ["spa", "sound", "clinic"], "text": ""})
    with pytest.raises(ValueError, match=r"not UTF-8: .*spa\.txt, .*clinic\.txt: save as UTF-8"):
        read_texts(sources, tmp_path)
