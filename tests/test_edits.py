"""Files of other people's, filled and added to with every other byte kept."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbook.collection.edits import TableFile

SOURCES = 'source,kind,title,sha256\r\nspa,article,"one, ""two""\nthree",\r\ngp,article,,""\r\n'


def open_sources(path, content):
    path.write_bytes(content)
    return TableFile(path, name="sources.csv")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_cell_is_filled_and_no_other_byte_changed(tmp_path, mark, encoding, separator, end):
    text = f"Notes{separator}SOURCE {separator}kind{separator}sha256{end}“é”{separator}spa"
    text += f'{separator}"article"{separator}{end}{separator * 3}{end}x{separator}gp{separator}a'
    file = open_sources(tmp_path / "s.csv", mark + f'{text}{separator}""{end}'.encode(encoding))
    assert file.columns == ["notes", "source", "kind", "sha256"]
    assert file.read("source") == ["spa", "gp"]
    file.fill(1, "sha256", "9f")
    file.fill(2, "sha256", "8e")
    file.write()
    expected = text.replace(f'"article"{separator}', f'"article"{separator}9f')
    assert (tmp_path / "s.csv").read_bytes() == mark + (
        f'{expected}{separator}"8e"{end}'.encode(encoding)
    )


def test_a_column_is_added_at_the_end_and_rows_that_are_too_short_stay(tmp_path):
    file = open_sources(tmp_path / "s.csv", b"source,kind\nspa,article\nshort\ngp,article")
    file.add_column("sha256")
    file.write()
    written = (tmp_path / "s.csv").read_bytes()
    assert written == b"source,kind,sha256\nspa,article,\nshort\ngp,article,"


def test_titles_above_the_header_and_a_sep_line_are_kept(tmp_path):
    content = b"sep=;\r\nMy sources\r\nsource;kind;sha256\r\nspa;article;\r\n"
    file = open_sources(tmp_path / "s.csv", content)
    file.fill(1, "sha256", "9f")
    file.write()
    assert (tmp_path / "s.csv").read_bytes() == content.replace(b"article;", b"article;9f")


@pytest.mark.parametrize("content", ["source,kind", "source,kind\n", '"source","kind"\nspa,a'])
def test_rows_are_added_at_the_end_quoted_as_the_header_is(tmp_path, content):
    file = open_sources(tmp_path / "s.csv", content.encode())
    file.append([{"source": "a", "kind": 'b, "c"'}, {"kind": "d"}])
    file.write()
    written = (tmp_path / "s.csv").read_text()
    assert written.startswith(content)
    row = ('"a"' if content[0] == '"' else "a") + ',"b, ""c"""\n'
    assert row in written
    assert written.endswith('"d"\n' if content[0] == '"' else ",d\n")


def test_a_letter_that_the_encoding_lacks_is_told_and_nothing_written(tmp_path):
    content = "source,kind\ncafé,article\n".encode("cp1252")
    file = open_sources(tmp_path / "s.csv", content)
    file.append([{"source": "痛", "kind": "article"}])
    with pytest.raises(ValueError, match=r"cannot hold '痛'.*CSV UTF-8"):
        file.write()
    assert (tmp_path / "s.csv").read_bytes() == content


def test_what_cannot_be_written_to_is_told(tmp_path):
    with pytest.raises(ValueError, match="workbook"):
        open_sources(tmp_path / "s.xlsx", b"PK\x03\x04")
    with pytest.raises(ValueError, match="no header with the columns source"):
        open_sources(tmp_path / "s.csv", b"a,b\n1,2\n")


CELLS = st.text(alphabet='a,;"\n\r é', max_size=5)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), record=st.integers(0, 4))
def test_any_cell_reads_as_a_csv_reader_reads_it_and_is_filled_alone(
    rows, record, tmp_path_factory
):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("source", "kind", "sha256"), *rows])
    path = tmp_path_factory.mktemp("edits") / "s.csv"
    file = open_sources(path, out.getvalue().encode())
    full = [row for row in rows if any(cell.strip() for cell in row)]
    assert file.read("source") == [row[0] for row in full]
    if record >= len(full):
        return
    file.fill(record + 1, "sha256", "9f")
    file.write()
    with open(path, newline="", encoding="utf-8") as reader:
        found = [tuple(row) for row in csv.reader(reader) if any(map(str.strip, row))][1:]
    full[record] = (*full[record][:2], "9f")
    assert found == full
