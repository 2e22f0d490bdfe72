import base64
import io
import json
import re
import zipfile

import pytest
from builders import read_html, sound_files, write_files

from claimbook import check_collection, read_collection
from claimbook.collection.files import measure_checksum
from claimbook.report.method import SWIM, show_download, show_method

CODING = "claim_id,condition,recommendation\na,pain,for\nb,pain,{}\n"


@pytest.fixture
def write(tmp_path):
    def write(files=None, **metadata):
        stated = {"datapackage.json": json.dumps(metadata)}
        files = sound_files() | stated | (files or {})
        return read_collection(write_files(tmp_path / "data", files))

    return write


def test_blank_items_of_swim_are_listed_and_given_ones_shown(write):
    text = read_html(show_method(write(swim={"metric": "Levels <b>", "unknown": "x"})))
    assert "2 Standardised metric Levels <b>" in text
    listed = text.split("Not stated: ")[1]
    assert [label for label in SWIM.values() if label not in listed] == ["Standardised metric"]
    assert "Not stated" not in read_html(show_method(write(swim=dict.fromkeys(SWIM, "said"))))
    assert "SWiM" not in show_method(write())


def test_two_codings_are_compared_by_the_collections_own_scale(write, tmp_path):
    coding = tmp_path / "data" / "coding"
    files = {"first.csv": CODING.format("against"), "second.csv": CODING.format("for")}
    write_files(coding, files)
    collection = write(codings=["coding/first.csv", "coding/second.csv"])
    text = read_html(show_method(collection))
    assert "2 and 2 claims, of which 2 are on the same passages" in text
    assert "condition 2 1.00 not defined not defined" in text
    assert "answer 2 0.50 0.00 0.00" in text
    with pytest.raises(OSError, match=r"third\.csv"):
        show_method(write(codings=["coding/first.csv", "coding/third.csv"]))


def test_without_a_second_coding_it_is_said(write):
    assert "Nobody has read the passages a second time" in read_html(show_method(write()))


def test_quotes_on_record_are_counted_and_stale_ones_told(write):
    assert "none has been looked up" in read_html(show_method(write()))
    record = "claim_id,source,quote,sha256,line\nc1,spa,Other … words.,aa,1\n"
    text = read_html(show_method(write({"verified.csv": record})))
    assert "none has been looked up" in text


def test_files_read_are_named_by_their_checksum(write):
    collection = write()
    text = read_html(show_method(collection))
    assert all(measure_checksum(path) in text for path in collection.files.values())


def test_the_archive_holds_the_files_as_they_are(write):
    collection = write(name="../a b", licenses=[{"title": "CC <0>"}])
    page = show_download(collection)
    assert page == show_download(collection)
    assert 'download="---a-b.zip"' in page
    assert "CC <0>" in read_html(page)
    packed = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in collection.files.values()
        }


def test_what_is_downloaded_is_sound_as_it_is(write, tmp_path):
    files = {"first.csv": CODING.format("against"), "second.csv": CODING.format("for")}
    write_files(tmp_path / "data" / "coding", files)
    named = {"codings": ["coding/first.csv", "coding/second.csv"]}
    collection = write(**named)
    packed = re.search(r"base64,([^\"]+)", show_download(collection))[1]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))) as archive:
        archive.extractall(tmp_path / "copy")
    assert check_collection(tmp_path / "copy")[1].empty


def test_metadata_of_any_shape_break_nothing(write):
    for value in (None, 3, "x", [], {}, [3], [{}], {"title": 3}):
        collection = write(swim=value, codings=value, licenses=value, name=value)
        assert show_method(collection)
        assert show_download(collection)
