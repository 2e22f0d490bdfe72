import io
import json
import os

import pytest
from builders import write_csv, write_files
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimbook.collection import read_collection
from claimbook.collection.files import find_files, open_output, read_metadata
from claimbook.collection.starter import write_starter
from claimbook.collection.tables import find_lines, read_table

SOURCES = "source,kind\nspa,article\n"


@pytest.fixture
def read(tmp_path):
    """Read bytes as ``sources.csv`` and give the cells and the problems as (record, column, …)."""

    def read(content, name="sources.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table, problems = read_table(path, name=name)
        assert (table.dtypes == "str").all()
        return table, problems

    return read


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_any_line_ending_and_a_byte_order_mark_are_read(read, end, mark, last):
    text = mark + 'source,title\nspa,One\n"a\nb", two\n\n'.replace("\n", end)
    table, problems = read(text if last else text.rstrip("\r\n"))
    assert table.to_numpy().tolist() == [["spa", "One"], [f"a{end}b", " two"]]
    assert table.columns.tolist() == ["source", "title"]
    assert problems.empty


CELL = st.text(st.sampled_from("ab \t,\"'\r\n;#\\ä\x00\u2028\x0b\x0c\x1a\ufeff"), max_size=5)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.sampled_from("xy"), CELL, CELL), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
@example([("x", " a", "b")], "\r", False)
def test_what_was_written_is_read_and_found_at_its_line(tmp_path_factory, rows, end, mark):
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    header = ["source", "b", "c"]
    path.write_bytes(("\ufeff" * mark + write_csv(header, rows, end=end)).encode())
    assert read_table(path, name="sources.csv")[0].to_numpy().tolist() == [*map(list, rows)]
    starts, before = [], ""
    for row in [header, *rows]:
        starts.append(len(io.StringIO(before, newline=None).readlines()) + 1)
        before += write_csv(row, [], end=end)
    assert find_lines(path) == starts


def test_blank_lines_are_no_records_but_count_as_lines(read, tmp_path):
    table, problems = read("source,kind\n\nspa,article\n\n\nb,trial\n\n")
    assert table["source"].tolist() == ["spa", "b"]
    assert problems.empty
    assert find_lines(tmp_path / "sources.csv") == [1, 3, 6]


def test_a_quoted_line_break_moves_the_lines_after_it(read, tmp_path):
    read('source,kind\n"a\nb",x\nc,"d\r\ne"\nf,g\n')
    assert find_lines(tmp_path / "sources.csv") == [1, 2, 4, 6]


@pytest.mark.parametrize("word", ["NA", "null", "nan", "", "001", "1.0", "True", "-", "1e5"])
def test_cells_stay_the_text_that_they_are(read, word):
    table, _ = read(f"source,kind\nspa,{word}\n")
    assert table.loc[0, "kind"] == word


@pytest.mark.parametrize(
    ("text", "record", "remedy"),
    [
        ("source,kind\na,b,c\n", 1, "3 cells where the header has 2.*quotes"),
        ("source,kind\na,b\nc\n", 2, "1 cell where the header has 2.*missing commas"),
        ("source,kind\na,b\n,\n", 2, "the row is empty: passed over"),
        ('source,kind\na,"b\nc,d\n', 1, "never closed: add the missing quotation mark"),
        ('source,kind\na,b\nc,"d"e\nf,g\n', 2, "cannot be read.*quotation mark.*twice"),
        ("source,kind\na," + "b" * 131_073 + "\n", 1, "longer than 131,072 characters: shorten"),
    ],
)
def test_a_fault_of_form_names_the_record_and_the_remedy(read, text, record, remedy):
    _, problems = read(text)
    assert problems["record"].tolist() == [record]
    assert problems["problem"].str.contains(remedy).all()


def test_a_cell_as_long_as_can_be_is_read(read):
    table, problems = read("source,kind\na," + "b" * 131_072 + "\n")
    assert len(table.loc[0, "kind"]) == 131_072
    assert problems.empty


@pytest.mark.parametrize(
    ("header", "column", "remedy"),
    [
        ("kind,title", "source", "is missing from the header: add it"),
        ("Source,kind", "source", "is read as 'source'"),
        ("sources,kind", "source", "missing from the header: rename 'sources' to 'source'"),
        ("source,kind,kind", "kind", "stands twice in the header: delete one"),
        ("source,,kind", "", "1 empty column: passed over"),
        ("source,kind,", "", "1 empty column: passed over"),
        ("source;kind", "", "';' stands between the cells: read"),
        ("source\tkind", "", "a tab stands between the cells: read"),
        ("", "", "empty: expected a header, source"),
    ],
)
def test_a_fault_of_the_header_names_the_column_and_stands_on_line_1(read, header, column, remedy):
    _, problems = read(header)
    assert problems["column"].tolist() == [column]
    assert problems["line"].tolist() == [1]
    assert problems["problem"].str.contains(remedy).all()


def test_all_faults_of_one_file_are_told_at_once(read):
    _, problems = read("kind,title,title\na,b,c\n,,\nd,e\n")
    assert sorted(problems["column"]) == ["", "", "source", "title"]
    assert problems["record"].dropna().tolist() == [2, 3]


def test_a_header_alone_is_a_sound_table_of_no_rows(read):
    table, problems = read("source,kind")
    assert table.shape == (0, 2)
    assert problems.empty


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_bytes_that_are_not_utf8_are_told_with_their_cell(read, encoding):
    _, problems = read("source,kind\na,b\nc,schön\n".encode(encoding))
    assert problems[["record", "column"]].to_numpy().tolist() == [[2, "kind"]]
    assert "sch" in problems.loc[0, "value"]
    assert "UTF-8" in problems.loc[0, "problem"]


def test_bytes_that_are_not_utf8_are_told_in_the_header_too(read):
    _, problems = read("source,kind,Größe\na,b,c\n".encode("latin-1"))
    assert problems["line"].tolist() == [1]
    assert "UTF-8" in problems.loc[0, "problem"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_is_told_to_be_saved_as_utf8(read, encoding):
    _, problems = read(SOURCES.encode(encoding))
    assert problems["problem"].str.contains("UTF-8").any()


@pytest.mark.parametrize("letter", "\x01\x7f\x85\ufdd0\ufffe\uffff\U0001fffe\U0010ffff")
def test_a_letter_that_no_page_can_hold_is_told_with_its_cell(read, letter):
    _, problems = read(f"source,kind\na,b\nc{letter},😀\n")
    assert problems[["record", "column"]].to_numpy().tolist() == [[2, "source"]]
    assert f"U+{ord(letter):04X}" in problems.loc[0, "problem"]


def test_a_nul_byte_is_told_with_its_cell(read):
    _, problems = read("source,kind\na,b\nc\x00d,e\n")
    assert problems[["record", "column"]].to_numpy().tolist() == [[2, "source"]]


def test_an_unclosed_quotation_mark_in_the_header_is_the_fault_told(read):
    _, problems = read('"source,kind\nspa,article\n')
    assert problems["problem"].str.contains("never closed").any()
    assert not problems["problem"].str.contains("the file is empty").any()


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match=r"nowhere\.csv"):
        read_table(tmp_path / "nowhere.csv", name="sources.csv")


def test_a_folder_is_searched_for_the_four_files_and_a_csv_file_for_those_beside_it(tmp_path):
    write_files(tmp_path, {"claims.csv": "", "vocabulary.csv": "", "mine.csv": ""})
    assert find_files(tmp_path) == {
        "claims.csv": tmp_path / "claims.csv",
        "vocabulary.csv": tmp_path / "vocabulary.csv",
    }
    assert find_files(str(tmp_path / "mine.csv")) == {
        "claims.csv": tmp_path / "mine.csv",
        "vocabulary.csv": tmp_path / "vocabulary.csv",
    }


def test_no_collection_is_told_with_how_to_make_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere.*claimbook init"):
        find_files(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"no claims\.csv in .*claimbook init"):
        find_files(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ('{"a": 1,\n "b" 2}', 2, "not JSON"),
        ("", 1, "not JSON"),
        ("[1]", 1, "expected a JSON object"),
        ('{"a": "NaN",\n "b": NaN}', 2, "not JSON: NaN is no number"),
        ('{"a": [-Infinity]}', 1, "not JSON: -Infinity is no number"),
        (b'{"a": "\xff"}', None, "not UTF-8"),
        ("[" * 100_000, None, "JSON"),
        ('{"a": ' + "1" * 5000 + "}", None, "JSON"),
    ],
)
def test_metadata_that_is_no_json_object_is_told(tmp_path, text, line, remedy):
    write_files(tmp_path, {"datapackage.json": text})
    metadata, problems = read_metadata(tmp_path / "datapackage.json")
    assert metadata == {}
    assert len(problems) == 1
    assert remedy in problems.loc[0, "problem"]
    assert line is None or problems.loc[0, "line"] == line


def test_metadata_are_read_with_or_without_a_byte_order_mark(tmp_path):
    for mark in ("", "\ufeff"):
        write_files(tmp_path, {"datapackage.json": mark + json.dumps({"title": "ä"})})
        metadata, problems = read_metadata(tmp_path / "datapackage.json")
        assert metadata == {"title": "ä"}
        assert problems.empty


def test_output_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail():
        with open_output(path) as file:
            file.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_text() == "old"
    with open_output(path) as file:
        file.write("ä\n")
    assert path.read_bytes() == "ä\n".encode()
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_device_is_not_replaced_by_a_file(tmp_path):
    # as /dev/null would be, where claimbook runs as root
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with open_output(pipe) as file:
            file.write("new")
    except OSError:
        pass
    finally:
        os.close(reader)
    assert pipe.is_fifo()


STARTER = ["README.md", "claims.csv", "datapackage.json", "sources.csv"]


def test_a_starter_is_a_sound_collection_with_one_worked_row(tmp_path):
    written = write_starter(tmp_path / "deep" / "new")
    assert sorted(path.name for path in written) == STARTER
    assert sorted(os.listdir(tmp_path / "deep" / "new")) == STARTER
    collection = read_collection(tmp_path / "deep" / "new")
    assert len(collection.claims) > 0
    assert collection.set_aside.empty


@pytest.mark.parametrize("name", STARTER)
def test_a_starter_overwrites_nothing_and_then_writes_nothing(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError, match=name):
        write_starter(tmp_path)
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "mine"
