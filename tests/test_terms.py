"""The terms in use, and the vocabulary that is completed by them."""

import csv
import io
import json

import pandas as pd
import pytest

from claimbook import check_collection
from claimbook.cli import main
from claimbook.collection.terms import list_terms
from claimbook.formats.workbook import write_workbook

HEADER = "claim_id,source,condition,intervention,aspect,recommendation,claim\n"


def write(folder, *rows, kind="", vocabulary=None):
    """A collection of claims, each given as its terms with commas between."""
    lines = (f"c{number},ed,{row},It reads.\n" for number, row in enumerate(rows))
    (folder / "claims.csv").write_text(HEADER + "".join(lines))
    if kind:
        (folder / "sources.csv").write_text(f"source,kind\ned,{kind}\n")
    if vocabulary is not None:
        (folder / "vocabulary.csv").write_bytes(vocabulary.encode())
    return folder


def list_new(folder):
    terms = list_terms(folder)
    return terms.loc[~terms["known"], ["scheme", "term"]].values.tolist()


def test_a_vocabulary_is_made_of_the_terms_in_use_that_the_codebook_lacks(tmp_path, capsys):
    write(tmp_path, "loop,early return,effect,for", "loop,guard,reading,4 of 5", kind="blog")
    assert main(["vocabulary", str(tmp_path)]) == 0
    content = (tmp_path / "vocabulary.csv").read_bytes()
    header = b"scheme,term,broader,same_as,score,label,definition,question\n"
    assert content.startswith(b"\xef\xbb\xbf" + header)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    assert [row[:2] for row in rows] == [
        ["condition", "loop"],
        ["intervention", "early return"],
        ["intervention", "guard"],
        ["aspect", "reading"],
        ["recommendation", "4 of 5"],
        ["kind", "blog"],
    ]
    out, err = capsys.readouterr()
    assert "vocabulary.csv: 6 terms added" in err
    assert "a level without a score takes no side" in out
    assert "a kind counts as article" in out


@pytest.mark.parametrize("end", ["", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_rows_set_aside_for_their_terms_are_back_and_no_byte_is_changed(tmp_path, end, mark):
    before = f'{mark}note,Term,scheme,broader\r\n"a, ""b""",loop,condition,"code"{end}'
    write(tmp_path, "loop,x,effect,for", "while,x,speed,for", vocabulary=before)
    assert len(check_collection(tmp_path)[0].claims) == 1
    assert main(["vocabulary", str(tmp_path)]) == 0
    after = (tmp_path / "vocabulary.csv").read_bytes()
    added = ",code,condition,\r\n,while,condition,\r\n,x,intervention,\r\n,speed,aspect,\r\n"
    assert after == (before + ("" if end else "\r\n") + added).encode()
    collection, problems = check_collection(tmp_path)
    assert problems["severity"].isin(["warning"]).all()
    assert len(collection.claims) == 2
    assert main(["vocabulary", str(tmp_path)]) == 0
    assert (tmp_path / "vocabulary.csv").read_bytes() == after


def test_terms_that_are_nearly_equal_stand_side_by_side_and_are_never_merged(tmp_path, capsys):
    names = ["zoo visit", "week 1", "week 2", "lng function", "attic", "long function", "Lift"]
    write(tmp_path, *(f"{name},x,effect,for" for name in [*names, "Visit zoo", "lifts"]))
    terms = [term for scheme, term in list_new(tmp_path) if scheme == "condition"]
    assert terms == [
        "attic", "Lift", "lifts", "lng function", "long function", "Visit zoo", "zoo visit",
        "week 1", "week 2",
    ]  # fmt: skip
    main(["vocabulary", str(tmp_path), "--dry-run"])
    out, err = capsys.readouterr()
    assert "'lng function' and 'long function' look alike" in out
    assert "'Visit zoo' and 'zoo visit' look alike" in out
    assert out.count("look alike") == 3
    assert "same_as" in out
    assert "10 terms would be added" in err
    assert not (tmp_path / "vocabulary.csv").exists()


def test_what_is_declared_the_same_or_broader_does_not_look_alike(tmp_path):
    rows = [f"{name},x,effect,for" for name in ("long loop", "long loops", "loop long")]
    vocabulary = "scheme,term,same_as,broader\ncondition,long loop,,\n"
    write(tmp_path, *rows, vocabulary=vocabulary)
    assert list_terms(tmp_path)["like"].map(bool).sum() == 3
    vocabulary += "condition,long loops,long loop,\ncondition,loop long,,long loop\n"
    write(tmp_path, *rows, vocabulary=vocabulary)
    assert not list_terms(tmp_path)["like"].any()


def test_a_term_that_is_read_as_a_known_one_is_not_made_another(tmp_path):
    write(tmp_path, "LOOP,x,Effect,For", vocabulary="scheme,term\ncondition,loop\n")
    assert list_new(tmp_path) == [["intervention", "x"]]


def test_a_record_whose_cells_have_slipped_gives_no_terms(tmp_path):
    write(tmp_path, "loop,x,effect,for", "one, two,x,effect,for")
    assert list_new(tmp_path) == [["condition", "loop"], ["intervention", "x"]]


def test_levels_of_a_scale_that_is_declared_are_known(tmp_path):
    scale = "scheme,term,score\nrecommendation,good,1\nrecommendation,bad,-1\n"
    write(tmp_path, "loop,x,effect,good", "loop,x,effect,for", vocabulary=scale)
    assert ["recommendation", "for"] in list_new(tmp_path)
    assert ["recommendation", "good"] not in list_new(tmp_path)


def test_the_rows_are_given_to_programs(tmp_path, capsys):
    write(tmp_path, "loops,x,effect,for", "loop,x,effect,for", "loops,x,effect,against")
    for form in ("csv", "json"):
        main(["vocabulary", str(tmp_path), "--dry-run", "--format", form])
    out = capsys.readouterr().out
    assert out.startswith("scheme,term,rows,like\ncondition,loop,1,")
    rows = json.loads(out[out.index("[") :])
    assert [(row["term"], row["rows"]) for row in rows] == [("loop", 1), ("loops", 2), ("x", 3)]


@pytest.mark.parametrize("sheets", [["claims"], ["claims", "vocabulary"]])
def test_a_workbook_is_not_written_to_and_the_rows_are_there_to_be_put_in(tmp_path, sheets, capsys):
    claims = pd.read_csv(write(tmp_path, "loop,x,effect,for") / "claims.csv")
    (tmp_path / "claims.csv").unlink()
    known = pd.DataFrame({"scheme": ["intervention"], "term": ["x"]})
    book = tmp_path / "book.xlsx"
    book.write_bytes(
        write_workbook(
            {"claims": claims, "vocabulary": known}
            if "vocabulary" in sheets
            else {"claims": claims}
        )
    )
    before = book.read_bytes()
    assert main(["vocabulary", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "is a workbook, which is not written to: put these rows" in err
    assert "condition\tloop\n" in out
    assert ("intervention\tx\n" in out) == (sheets == ["claims"])
    assert [file.name for file in tmp_path.iterdir()] == ["book.xlsx"]
    assert book.read_bytes() == before


def test_the_encoding_and_separator_of_a_vocabulary_are_kept(tmp_path):
    write(tmp_path, "loop,x,effect,for")
    before = "sep=;\r\nScheme;Term;Label\r\ncondition;loop;é\r\n".encode("cp1252")
    (tmp_path / "vocabulary.csv").write_bytes(before)
    assert main(["vocabulary", str(tmp_path)]) == 0
    assert (tmp_path / "vocabulary.csv").read_bytes() == before + b"intervention;x;\r\n"


def test_check_names_the_command_where_there_is_no_vocabulary(tmp_path, capsys):
    write(tmp_path, "loop,x,effect,for")
    main(["check", str(tmp_path)])
    assert f"'claimbook vocabulary {tmp_path}' makes one" in capsys.readouterr().out
    main(["vocabulary", str(tmp_path)])
    capsys.readouterr()
    main(["check", str(tmp_path)])
    assert "claimbook vocabulary" not in capsys.readouterr().out
