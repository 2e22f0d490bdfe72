"""Tables read as text, from what any spreadsheet makes of them, with every fault of their form."""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from claimbook.collection.codebook import CLAIM_COLUMNS, PROOF_COLUMNS
from claimbook.collection.files import CLAIMS_FILE, VERIFIED_FILE, find_unfit
from claimbook.collection.frames import COLUMNS, clean_cells, name_column
from claimbook.collection.frames import REQUIRED as REQUIRED_TABLES
from claimbook.collection.problems import ClaimsError, build_problems, join_problems
from claimbook.collection.workbooks import find_sheets, is_workbook, read_sheet

REQUIRED: Final = REQUIRED_TABLES | {VERIFIED_FILE: PROOF_COLUMNS}
_CODING: Final = "coding"
_SEPARATORS: Final = ",;\t|"
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_FOREIGN: Final = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
MOST_TITLES: Final = 25  # rows among which the header is looked for
_LONG_ENOUGH: Final = 100_000  # letters in which that many rows stand
_EMPTY_ROW: Final = "the row is empty: passed over"

_Told = tuple[str, str, str, str]  # column, value, problem, severity
_Fault = tuple[int | None, str, str, str, str]  # the same behind the record


class _Scan(NamedTuple):
    """A table as it stands: the lines at which header and records start."""

    header: list[str]
    records: list[list[str]]
    lines: list[int]
    faults: list[_Fault]


class _Row(NamedTuple):
    """A row as it stands; a broken one has no cells, but a fault."""

    line: int
    cells: list[str]
    fault: str = ""


def read_table(path: Path, *, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""
    Read one table as text, with every fault of its form.

    Parameters
    ----------
    path : Path
        A CSV file: UTF-8 (a byte order mark is allowed), RFC 4180, any line ending. What a
        spreadsheet makes of it is read too, with a warning: UTF-16, Windows-1252,
        ``;``, a tab or ``|`` between cells, a ``sep=`` line, rows above the header, empty rows and
        columns. Or a workbook (``.xlsx``, ``.ods``) with a sheet of that name.
    name : str
        What the file is, such as ``"claims.csv"``: it tells which columns must be there.

    Returns
    -------
    table : DataFrame of str, one row per record
        No cell is missing: an empty one is ``""``. Where a record has too few or too many cells,
        it stands as far as it can be read.
    problems : DataFrame, one row per problem
        With record, and the line and row at which it stands.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "sources.csv").write_text("source,kind\nspa,article,extra\n")
    >>> table, problems = read_table(folder / "sources.csv", name="sources.csv")
    >>> problems["problem"].tolist()
    ['the row has 3 cells where the header has 2: put a cell that holds a comma in "quotes"']
    """
    known = _list_columns(name)
    lines: list[int] | None = None
    raw = _find_plain_header(path, name)
    if raw:
        faults: list[_Fault] = []
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, na_filter=False, encoding="utf-8-sig"
        )
    else:
        raw, records, lines, faults = _scan(path, name)
        faults = [(fault[0], name_column(fault[1], known), *fault[2:]) for fault in faults]
        width = len(raw)
        padded = [(row + [""] * width)[:width] for row in records]
        table = pd.DataFrame(padded, columns=range(width), dtype="str")
    header = [name_column(column, known) for column in raw]
    required = _list_required(name)
    if len(required) > 1 and raw and not set(header).intersection(known):
        fault = f"no row is a header with the columns that must be there: {', '.join(required)}"
        faults = [(None, "", "", fault, "fatal")]
        table, header = table.iloc[:0, :0], []
    elif raw:
        faults += _check_header(header, raw, required)
    table.columns = pd.Index(header, dtype="str")
    table = table.loc[:, ~table.columns.duplicated()]
    table, cleaned = clean_cells(table, name=name)
    told = {fault[:2] for fault in faults}
    faults += [fault for fault in cleaned if fault[:2] not in told]
    file = name_file(path, name)
    problems = build_problems((file, None, *fault) for fault in faults)
    return table, locate_problems(problems, path, name=name, lines=lines)


def name_file(path: Path, name: str) -> str:
    """Name a file as its problems are told by: a workbook with the sheet."""
    if not is_workbook(path):
        return path.name
    table = _name_sheet(name)
    try:
        return f"{path.name}, sheet {find_sheets(path).get(table, table).strip()}"
    except (OSError, ValueError):
        return path.name


def locate_problems(
    problems: pd.DataFrame, path: Path, *, name: str, lines: Sequence[int] | None = None
) -> pd.DataFrame:
    """Add its line of the file to each problem, that of the header where it names no record."""
    if problems.empty:
        return problems
    lines = lines or find_lines(path, name=name)
    record = problems["record"].fillna(0).clip(upper=len(lines) - 1)
    found = record.map(pd.Series(lines, dtype="Int64"))
    return problems.assign(line=problems["line"].fillna(found))


def find_lines(path: Path, *, name: str = "") -> list[int]:
    r"""
    Find the lines of a table at which each record starts.

    Parameters
    ----------
    path : Path
        As for `read_table`.
    name : str
        What it is, such as ``"claims.csv"``, if it is not so called.

    Returns
    -------
    lines : list of int
        The header first: record r (1-based, header not counted) starts at ``lines[r]``, 1-based;
        in a workbook the rows.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "sources.csv"
    >>> _ = path.write_text('source,title\na,"two\nlines"\nb,one\n')
    >>> find_lines(path)
    [1, 2, 4]
    """
    return _scan(path, name or path.name).lines


def read_coding(path: str | os.PathLike[str]) -> pd.DataFrame:
    r"""
    Read one coding of passages, all or nothing.

    Parameters
    ----------
    path : path
        A table with the column ``claim_id``, as for `read_table`.

    Returns
    -------
    coding : DataFrame of str, one row per passage
        An empty cell is ``""``.

    Raises
    ------
    ClaimsError
        If the file's form is broken, or a key is missing or stands twice.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "first.csv"
    >>> _ = path.write_text("claim_id,aspect\na,pain\n")
    >>> read_coding(path)["aspect"].tolist()
    ['pain']
    """
    coding, problems = check_coding(Path(path))
    if (problems["severity"] != "warning").any():
        raise ClaimsError(problems)
    return coding


def check_coding(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""
    Read one coding of passages and list every problem in it.

    Parameters
    ----------
    path : Path
        As for `read_coding`.

    Returns
    -------
    coding : DataFrame of str, one row per passage
        As far as it could be read.
    problems : DataFrame, one row per problem
        With line and row.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "first.csv"
    >>> _ = path.write_text("claim_id,aspect\na,pain\na,sleep\n")
    >>> check_coding(path)[1]["line"].tolist()
    [3]
    """
    coding, problems = read_table(path, name=_CODING)
    if "claim_id" in coding:
        keys = coding["claim_id"]
        twice = (keys.duplicated() | (keys == "")).to_numpy().nonzero()[0]
        fault = "is empty or stands twice: each passage has a key of its own"
        rows = ((path.name, None, row + 1, keys.name, keys.iloc[row], fault) for row in twice)
        located = locate_problems(build_problems(rows), path, name=_CODING)
        problems = join_problems([problems, located])
    return coding, problems


def _name_sheet(name: str) -> str:
    return Path(name if name in COLUMNS else CLAIMS_FILE).stem


def _list_columns(name: str) -> tuple[str, ...]:
    return COLUMNS.get(name, CLAIM_COLUMNS)


def _list_required(name: str) -> tuple[str, ...]:
    return ("claim_id",) if name == _CODING else REQUIRED.get(name, ())


def _find_plain_header(path: Path, name: str) -> list[str]:
    """Find the header of a CSV file that pandas reads as it stands, ten times faster than we do."""
    if is_workbook(path):
        return []
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            if any(find_unfit(block) for block in iter(lambda: file.read(1 << 20), "")):
                return []
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            width = len(header)
            named = {name_column(column, _list_columns(name)) for column in header}
            plain = width > 1 and len(named) == width and "" not in named
            plain = plain and named >= set(_list_required(name))
            plain = plain and all(len(row) == width and any(row) for row in reader)
    except (UnicodeDecodeError, csv.Error):
        return []
    return header if plain else []


def _scan(path: Path, name: str) -> _Scan:
    """Read a file row by row, whatever a spreadsheet has made of it."""
    try:
        rows, encoding, separator, broken = _read_rows(path, name)
    except ValueError as error:
        return _Scan([], [], [1], [(None, "", "", str(error), "fatal")])
    faults: list[_Fault] = []
    if not any(cell.strip() for row in rows for cell in row.cells):
        rows = []
    if separator != ",":
        between = {"\t": "a tab"}.get(separator, repr(separator))
        fault = f"{between} stands between the cells: read as if it were a comma"
        faults.append((None, "", "", fault, "warning"))
    top = _find_header(rows, name)
    if said := " ".join(cell.strip() for row in rows[:top] for cell in row.cells if cell.strip()):
        faults.append((None, "", said, "stands above the header: passed over", "warning"))
    rows = rows[top:]
    if broken:
        severity = "error" if len(rows) > 1 else "fatal"
        faults.append((max(len(rows), 1), "", "", broken.fault, severity))
    elif not rows:
        fault = f"the file is empty: expected a header, {','.join(_list_required(name))}"
        faults.append((None, "", "", fault, "fatal"))
    lines = [row.line for row in [*rows, *([broken] if broken else [])]] or [1]
    header, *records = [row.cells for row in rows] or [[]]
    header, records = _drop_empty(header, records, faults)
    if encoding == "UTF-16":
        faults.append((None, "", "", "the file is UTF-16, not UTF-8: read so", "warning"))
    elif encoding:
        fault = f"is how the file reads as {encoding}: better save it as 'CSV UTF-8'"
        faults.append((*_find_foreign([header, *records]), fault, "warning"))
    faults += [(None, *fault) for fault in _check_letters(header, header)]
    for number, cells in enumerate(records, start=1):
        faults += [(number, *fault) for fault in _check_record(cells, header)]
    return _Scan(header, records, lines, faults)


def _read_rows(path: Path, name: str) -> tuple[list[_Row], str, str, _Row | None]:
    """Read the rows that are there; name encoding and separator, and the row that broke it off."""
    if is_workbook(path):
        cells = read_sheet(path, _name_sheet(name))
        return [_Row(row, line) for row, line in enumerate(cells, start=1)], "", ",", None
    raw = path.read_bytes()
    if raw.startswith(b"PK\x03\x04"):
        raise ValueError("the file is a workbook, not CSV: let its name end in .xlsx or .ods")
    encoding, mark = find_encoding(raw)
    text, encoding = raw[len(mark) :].decode(encoding, errors="replace"), _FOREIGN.get(encoding, "")
    separator = find_separator(text, name)
    rows: list[_Row] = []
    start = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        for line in reader:
            rows += [_Row(start, line)] if line else []
            start = reader.line_num + 1
    except csv.Error as error:
        return rows, encoding, separator, _Row(start, [], _explain(error))
    if rows and re.fullmatch("sep=.?", "".join(rows[0].cells), re.IGNORECASE):
        del rows[0]
    return rows, encoding, separator, None


def _find_foreign(rows: list[list[str]]) -> tuple[int | None, str, str]:
    """Find the first cell by which to see whether letters were read right."""
    for record, cells in enumerate(rows):
        for column, cell in zip(rows[0], cells, strict=False):
            if not cell.isascii():
                return record or None, column, cell
    return None, "", ""


def find_encoding(raw: bytes) -> tuple[str, bytes]:
    """Find the encoding of a file, and the mark that says so before its text."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return encoding, mark
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nulls = raw[start:400:2]
        if nulls.count(0) * 2 > len(nulls):
            return encoding, b""
    text = raw.decode(errors="replace")
    if "\ufffd" not in text or any("\x7f" < letter != "\ufffd" for letter in text):
        return "utf-8", b""  # even if some bytes are broken
    return "cp1252", b""


def find_separator(text: str, name: str) -> str:
    """Find the separator that shows most columns of the codebook, or else most cells."""
    if told := re.match('"?sep=([^\r\n])', text, re.IGNORECASE):
        return told[1]
    sizes = {}
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(text[:_LONG_ENOUGH], newline=""), delimiter=separator)
        with suppress(csv.Error):
            rows = [row for row in islice(reader, MOST_TITLES) if row]
            known = max((_count_known(row, name) for row in rows), default=0)
            sizes[separator] = (known, len(rows[0]) if rows else 0)
    return max(sizes, key=sizes.__getitem__, default=",")


def _count_known(cells: Iterable[str], name: str) -> int:
    known = _list_columns(name)
    return len({name_column(cell, known) for cell in cells}.intersection(known))


def _find_header(rows: list[_Row], name: str) -> int:
    """Find the row that is the header: the first of those that name most columns."""
    sizes = [
        (_count_known(row.cells, name), any(map(str.strip, row.cells)))
        for row in rows[:MOST_TITLES]
    ]
    return sizes.index(max(sizes)) if sizes else 0


def _drop_empty(
    header: list[str], records: list[list[str]], faults: list[_Fault]
) -> tuple[list[str], list[list[str]]]:
    """Drop empty columns that have no name, and the empty rows at the end."""
    size = len(records)
    while records and not any(map(str.strip, records[-1])):
        records = records[:-1]
    if len(records) < size:
        faults.append((len(records) + 1, "", "", _EMPTY_ROW, "warning"))
    bare = {place for place, column in enumerate(header) if not column.strip()}
    for cells in records if bare else ():
        bare -= {place for place in bare if place < len(cells) and cells[place].strip()}
    if bare:
        fault = f"{len(bare)} empty column{'s' * (len(bare) > 1)}: passed over"
        faults.append((None, "", "", fault, "warning"))
        kept = [place for place in range(max(map(len, [header, *records]))) if place not in bare]
        header, *records = (
            [cells[place] for place in kept if place < len(cells)] for cells in [header, *records]
        )
    return header, records


def _explain(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return 'a "quoted" cell is never closed: add the missing quotation mark'
    if "field larger" in str(error):
        return "a cell is longer than 131,072 characters: shorten it"
    return (
        f"the row cannot be read ({error}); nothing after it was read: "
        'write a quotation mark inside a "quoted" cell twice'
    )


def _check_record(row: list[str], header: list[str]) -> Iterator[_Told]:
    if not any(cell.strip() for cell in row):
        yield "", "", _EMPTY_ROW, "warning"
    elif len(row) != len(header):
        cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
        remedy = (
            'put a cell that holds a comma in "quotes"'
            if len(row) > len(header)
            else "add the missing commas"
        )
        yield "", "", f"the row has {cells} where the header has {len(header)}: {remedy}", "error"
    yield from _check_letters(row, header)


def _check_letters(row: list[str], header: list[str]) -> Iterator[_Told]:
    for column, cell in zip(header, row, strict=False):
        if "\ufffd" in cell:
            fault = "holds bytes that are not UTF-8: save the file as 'CSV UTF-8'"
            yield column, cell, fault, "error"
        elif unfit := find_unfit(cell):
            fault = f"holds {unfit}, a character that no page can hold: it is shown as U+FFFD"
            yield column, cell, fault, "warning"


def _check_header(header: list[str], raw: list[str], required: Sequence[str]) -> Iterator[_Fault]:
    for column in required:
        if column not in header:
            yield None, column, "", "is missing from the header" + _hint(column, header), "fatal"
    for column in sorted({column for column in header if column and header.count(column) > 1}):
        yield None, column, "", "stands twice in the header: delete one", "fatal"
    if "" in map(str.strip, header):
        yield None, "", "", "a column has no name: name it or delete it", "warning"
    read = [(column, given) for column, given in zip(header, raw, strict=True) if column != given]
    for column, given in read[:1]:
        more = len(read) - 1
        rest = f", and {more} other name{'s' * (more > 1)} likewise" if more else ""
        yield None, column, given, f"is read as {column!r}{rest}", "warning"


def _hint(column: str, header: list[str]) -> str:
    """Name the column that may be meant, unless it is one that the codebook knows as another."""
    plain = {re.sub(r"[\W_]+", "_", name.strip().lower()): name for name in header}
    near = get_close_matches(column, plain, n=1, cutoff=0.7)
    return f": rename {plain[near[0]]!r} to {column!r}" if near else ": add it to the header"
