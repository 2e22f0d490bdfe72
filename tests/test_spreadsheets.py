"""Whatever a spreadsheet makes of a table is read as the table, with one word on what was met."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from builders import CLAIM_HEADER, SOUND_CLAIMS, read_html, sound_files, sound_tables, write_files

from claimbook.collection import check_collection, read_collection
from claimbook.collection.problems import describe_problems
from claimbook.collection.tables import find_lines
from claimbook.report.method import show_method

ROWS = [CLAIM_HEADER, *SOUND_CLAIMS]


def write_claims(rows=ROWS, separator=","):
    quoted = ['"' + cell.replace('"', '""') + '"' for row in rows for cell in row]
    size = len(rows[0])
    lines = (separator.join(quoted[start : start + size]) for start in range(0, len(quoted), size))
    return "".join(f"{line}\r\n" for line in lines)


def set_cell(record, column, value):
    rows = [list(row) for row in ROWS]
    rows[record][CLAIM_HEADER.index(column)] = value
    return rows


def add_columns(count):
    return write_claims([[*row, *[""] * count] for row in ROWS])


def human(column):
    return f" {column.replace('_', ' ').title()} "


LINES = write_claims().splitlines(keepends=True)
EMPTY = "," * (len(CLAIM_HEADER) - 1) + "\r\n"
CASES = {
    "semicolons": (write_claims(separator=";"), "';' stands between the cells"),
    "tabs": (write_claims(separator="\t"), "a tab stands between the cells"),
    "bars": (write_claims(separator="|"), "'|' stands between the cells"),
    "told separator": ("sep=;\r\n" + write_claims(separator=";"), "';' stands between the cells"),
    "UTF-16 LE": (b"\xff\xfe" + write_claims().encode("utf-16-le"), "the file is UTF-16"),
    "UTF-16 BE": (b"\xfe\xff" + write_claims().encode("utf-16-be"), "the file is UTF-16"),
    "UTF-16, no mark": (write_claims().encode("utf-16-le"), "the file is UTF-16"),
    "title row": ("My claims\r\n" + write_claims(), "stands above the header"),
    "title and blank rows": (f"My claims{EMPTY}{EMPTY}" + write_claims(), "above the header"),
    "empty row between": ("".join([*LINES[:2], EMPTY, *LINES[2:]]), "the row is empty"),
    "empty rows at the end": (write_claims() + EMPTY * 3, "the row is empty"),
    "empty columns": (add_columns(2), "2 empty columns"),
    "human headers": (write_claims([list(map(human, ROWS[0])), *ROWS[1:]]), "12 other names"),
    "no-break space": (write_claims(set_cell(1, "condition", "back\u00a0pain ")), "blanks"),
    "capital": (write_claims(set_cell(1, "condition", "Back pain")), "only in capitals"),
    "capital of a level": (write_claims(set_cell(1, "recommendation", "FOR")), "only in capitals"),
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return read_collection(write_files(tmp_path_factory.mktemp("clean"), sound_files()))


def check_equal(folder, clean, said):
    """Check that a collection is the clean one, and return what is told of it."""
    collection, problems = check_collection(folder)
    assert collection.claims.equals(clean.claims)
    assert collection.sources.equals(clean.sources)
    assert set(problems["severity"]) <= {"warning"}
    told = describe_problems(problems)
    assert len(told) == bool(said), told
    assert all(said in line for line in told)
    return problems


@pytest.mark.parametrize("case", CASES)
def test_what_a_spreadsheet_writes_is_the_same_collection(tmp_path, clean, case):
    content, said = CASES[case]
    write_files(tmp_path, sound_files() | {"claims.csv": content})
    check_equal(tmp_path, clean, said)


def test_windows_1252_is_read_and_said_with_a_cell_to_see_it_by(tmp_path):
    rows = [[*row[:12], f"caf\u00e9 \u2013 \u201c{row[0]}\u201d \u20ac"] for row in SOUND_CLAIMS]
    content = write_claims([CLAIM_HEADER, *rows]).encode("cp1252")
    write_files(tmp_path, sound_files() | {"claims.csv": content})
    collection, problems = check_collection(tmp_path)
    assert collection.claims["notes"].tolist() == [row[-1] for row in rows]
    assert problems[["line", "severity", "value"]].to_numpy().tolist() == [
        [2, "warning", "Massage \u2026 pain."]
    ]
    assert "as Windows-1252" in problems["problem"][0]


def test_terms_are_met_whatever_the_dash_or_apostrophe(tmp_path):
    tables = sound_tables()
    tables["vocabulary.csv"].append(["condition", "runner's low-back pain", *[""] * 4])
    tables["claims.csv"][1][2] = "runner’s low–back pain"
    collection, problems = check_collection(write_files(tmp_path, tables))
    assert collection.claims["condition"][0] == "runner's low-back pain"
    assert len(describe_problems(problems)) == 1


def test_decimal_commas_and_a_true_minus_are_numbers(tmp_path):
    rows = [
        ["scheme", "term", "score"],
        ["recommendation", "half true", "0,5"],
        ["recommendation", "false", "\u22121,0"],
    ]
    write_files(tmp_path, {"vocabulary.csv": write_claims(rows, ";")})
    claims = [["claim_id", *CLAIM_HEADER[1:7]], ["a", "s", "x", "y", "pain", "half true", "It is."]]
    write_files(tmp_path, {"claims.csv": write_claims(claims)})
    collection, problems = check_collection(tmp_path)
    assert collection.terms.scores == {"half true": 0.5, "false": -1}
    assert not problems["severity"].isin(["fatal", "error", "draft"]).any()
    assert len(describe_problems(problems[problems["file"] == "vocabulary.csv"])) == 2


def write_xlsx(path, tables):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)


def write_ods(path, tables):
    office, table, text, manifest = (
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    sheets = ""
    for name, rows in tables.items():
        cells = (
            "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
                "</table:table-cell>"
                for cell in row
            )
            for row in rows
        )
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        sheets += f'<table:table table:name="{name}">{body}</table:table>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f"<manifest:manifest {manifest}>{entry}</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {office} {table} {text}><office:body><office:spreadsheet>"
            f"{sheets}</office:spreadsheet></office:body></office:document-content>",
        )


WRITERS = {".xlsx": write_xlsx, ".ods": write_ods}


def sheets():
    return {name.removesuffix(".csv"): rows for name, rows in sound_tables().items()}


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("named", [True, False])
def test_a_workbook_is_a_collection(tmp_path, clean, ending, named):
    path = tmp_path / f"mine{ending}"
    WRITERS[ending](path, sheets())
    check_equal(path if named else tmp_path, clean, "")


@pytest.mark.parametrize("ending", WRITERS)
def test_a_workbook_of_claims_has_the_others_beside_it(tmp_path, clean, ending):
    write_files(tmp_path, sound_files())
    (tmp_path / "claims.csv").unlink()
    WRITERS[ending](tmp_path / f"claims{ending}", {"Sheet1": ROWS})
    check_equal(tmp_path, clean, "")


@pytest.mark.parametrize("ending", WRITERS)
def test_a_fault_in_a_workbook_is_told_by_sheet_and_row(tmp_path, ending):
    tables = sheets()
    tables["claims"][2][5] = "perhaps"
    path = tmp_path / f"mine{ending}"
    WRITERS[ending](path, tables)
    _, problems = check_collection(path)
    assert problems[["line", "record"]].to_numpy().tolist() == [[3, 2]]
    assert describe_problems(problems)[0].startswith(f"mine{ending}, sheet claims, row 3: ")


def test_numbers_and_dates_of_a_workbook_are_what_is_seen(tmp_path):
    tables = sheets()
    tables["claims"][1][0], tables["claims"][2][0] = 1, 2.5
    write_xlsx(tmp_path / "mine.xlsx", tables)
    assert read_collection(tmp_path).claims["claim_id"].tolist()[:2] == ["1", "2.5"]


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"claim_id,source\n", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_that_is_none_is_told_once(tmp_path, ending, content):
    (tmp_path / f"mine{ending}").write_bytes(content)
    collection, problems = check_collection(tmp_path)
    assert collection is None
    assert len(problems) == 1
    assert "cannot be read as a workbook" in problems["problem"][0]


def test_the_report_names_a_workbook_once(tmp_path):
    write_xlsx(tmp_path / "mine.xlsx", sheets())
    assert read_html(show_method(read_collection(tmp_path))).count("mine") == 1


def test_a_word_on_a_cell_names_the_column_as_the_codebook_does(tmp_path):
    content = write_claims([[human(column) for column in CLAIM_HEADER], *SOUND_CLAIMS[:2]])
    write_files(tmp_path, sound_files() | {"claims.csv": content.replace("It eases", "It\0eases")})
    _, problems = check_collection(tmp_path)
    assert problems["column"].tolist() == ["claim_id", "claim"]


def test_a_workbook_without_claims_names_its_sheets(tmp_path):
    write_xlsx(tmp_path / "mine.xlsx", {"One": [["a"]], "Two": [["b"]]})
    collection, problems = check_collection(tmp_path)
    assert collection is None
    assert problems["problem"].str.contains(
        "no sheet is named 'claims'.*'One', 'Two'"
    ).tolist() == [True]


def test_several_workbooks_are_not_chosen_from(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, sheets())
    with pytest.raises(FileNotFoundError, match=r"name one of 'a\.xlsx', 'b\.xlsx'"):
        check_collection(tmp_path)


def test_lines_are_those_of_the_file_behind_a_title_and_empty_rows(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text("Title\n\n" + write_claims().replace("\r\n", "\n"), encoding="utf-8")
    assert find_lines(path)[:3] == [3, 4, 5]


HEADER = ",".join(CLAIM_HEADER)
MALFORMED = {
    "unclosed quote": (f'{HEADER}\n"a,b\n', "never closed"),
    "ragged row": (write_claims() + "c9,spa\r\n", "the row has 2 cells"),
    "NUL": (write_claims(set_cell(1, "claim", "a\0b")), "a character that no page can hold"),
    "empty": ("", "the file is empty"),
    "blank": ("\r\n \r\n", "the file is empty"),
    "column twice": (
        write_claims([[*row, row[-1]] for row in ROWS]),
        "stands twice in the header",
    ),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8, "no row is a header"),
    "workbook called CSV": (io.BytesIO(), "is a workbook"),
    "no header": (",".join(SOUND_CLAIMS[1][:7]) + "\n", "no row is a header"),
    "one word": ("nothing", "no row is a header"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_ends_in_one_clear_message(tmp_path, case):
    content, said = MALFORMED[case]
    if isinstance(content, io.BytesIO):
        write_xlsx(content, sheets())
        content = content.getvalue()
    write_files(tmp_path, sound_files() | {"claims.csv": content})
    _, problems = check_collection(tmp_path)
    told = describe_problems(problems)
    assert len(told) == 1, told
    assert said in told[0]


def test_a_header_only_is_a_collection_without_claims(tmp_path):
    write_files(tmp_path, {"claims.csv": f"{HEADER}\n"})
    collection, problems = check_collection(tmp_path)
    assert collection.claims.empty
    assert problems.empty


def test_a_folder_in_place_of_a_file_is_told(tmp_path):
    (tmp_path / "claims.csv").mkdir()
    with pytest.raises(OSError, match=r"claims\.csv"):
        check_collection(tmp_path)
