"""CSV tables read as text, with every fault of their form told."""

import csv
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from claimbook.collection.codebook import CLAIM_COLUMNS, PROOF_COLUMNS
from claimbook.collection.files import VERIFIED_FILE, find_unfit
from claimbook.collection.frames import COLUMNS, name_column, strip_blanks
from claimbook.collection.frames import REQUIRED as REQUIRED_TABLES
from claimbook.collection.problems import ClaimsError, build_problems, join_problems

REQUIRED: Final = REQUIRED_TABLES | {VERIFIED_FILE: PROOF_COLUMNS}
_CODING: Final = "coding"


def read_table(path: Path, *, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""
    Read one CSV file as text, with every fault of its form.

    Parameters
    ----------
    path : Path
        UTF-8 (a byte order mark is allowed), RFC 4180, any line ending.
    name : str
        What the file is, such as ``"claims.csv"``: it tells which columns must be there.

    Returns
    -------
    table : DataFrame of str, one row per record
        No cell is missing: an empty one is ``""``. Where a record has too few or too many cells,
        it stands as far as it can be read.
    problems : DataFrame, one row per problem
        With record, still without line (`find_lines` knows it).

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
    ['the record has 3 cells where the header has 2: put a cell that holds a comma in "quotes"']
    """
    rows, raw, faults = _scan_records(path)
    header = [name_column(column, COLUMNS.get(name, CLAIM_COLUMNS)) for column in raw]
    if header or not faults:
        faults += _check_header(
            header, ("claim_id",) if name == _CODING else REQUIRED.get(name, ())
        )
    faults += [
        (None, column, given, f"is read as {column!r}", "warning")
        for column, given in zip(header, raw, strict=True)
        if column != given and column in COLUMNS.get(name, CLAIM_COLUMNS)
    ]
    if rows is None:
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, na_filter=False, encoding="utf-8-sig"
        )
    else:
        width = len(header)
        padded = [(row + [""] * width)[:width] for row in rows]
        table = pd.DataFrame(padded, columns=header, dtype="str")
    table.columns = pd.Index(header, dtype="str")
    table = table.loc[:, ~table.columns.duplicated()]
    table, blanks = strip_blanks(table, name=name)
    problems = build_problems((path.name, None, *fault) for fault in [*faults, *blanks])
    return table, problems.assign(line=problems["line"].mask(problems["record"].isna(), 1))


def read_coding(path: str | os.PathLike[str]) -> pd.DataFrame:
    r"""
    Read one coding of passages, all or nothing.

    Parameters
    ----------
    path : path
        A CSV file with the column ``claim_id``.

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
    if len(problems):
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
        With line.

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
    lines = find_lines(path)
    problems["line"] = problems["line"].fillna(problems["record"].map(dict(enumerate(lines))))
    if "claim_id" in coding:
        twice = (
            (coding["claim_id"].duplicated() | (coding["claim_id"] == "")).to_numpy().nonzero()[0]
        )
        fault = "is empty or stands twice: each passage has a key of its own"
        rows = (
            (path.name, lines[row + 1], row + 1, "claim_id", coding["claim_id"].iloc[row], fault)
            for row in twice
        )
        problems = join_problems([problems, build_problems(rows)])
    return coding, problems


def _scan_records(path: Path) -> tuple[list[list[str]] | None, list[str], list[tuple[Any, ...]]]:
    """Go once through the file; rows are None where pandas will read the same, faster."""
    try:
        if _holds_unfit(path):
            return _read_records(path)
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            width = len(header)
            plain = width > 1 and len(set(header)) == width
            plain = plain and all(len(row) == width and any(row) for row in reader)
            plain = plain and "" not in header
        if plain:
            return None, header, []
    except (UnicodeDecodeError, csv.Error):
        pass
    return _read_records(path)


def _read_records(path: Path) -> tuple[list[list[str]], list[str], list[tuple[Any, ...]]]:
    """Read a file that something is wrong with, record by record."""
    rows: list[list[str]] = []
    faults: list[tuple[Any, ...]] = []
    try:
        with _open_text(path) as file:
            for row in csv.reader(file, strict=True):
                rows += [row] if row else []
    except csv.Error as error:
        severity = "error" if len(rows) > 1 else "fatal"
        faults.append((max(len(rows), 1), "", "", _explain(error), severity))
    header, records = (rows[0], rows[1:]) if rows else ([], [])
    faults += [(None, *fault) for fault in _check_letters(header, header)]
    for number, row in enumerate(records, start=1):
        faults += [(number, *fault) for fault in _check_record(row, header)]
    return records, header, faults


def _explain(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return 'a "quoted" cell is never closed: add the missing quotation mark'
    if "field larger" in str(error):
        return "a cell is longer than 131,072 characters: shorten it"
    return (
        f"the record cannot be read ({error}); nothing after it was read: "
        'write a quotation mark inside a "quoted" cell twice'
    )


def _check_record(row: list[str], header: list[str]) -> Iterator[tuple[str, ...]]:
    if not any(cell.strip() for cell in row):
        yield "", "", "the record is empty: delete the line", "warning"
    elif len(row) != len(header):
        yield (
            "",
            "",
            f"the record has {len(row)} cells where the header has {len(header)}: "
            + (
                'put a cell that holds a comma in "quotes"'
                if len(row) > len(header)
                else "add the missing commas"
            ),
        )
    yield from _check_letters(row, header)


def _check_letters(row: list[str], header: list[str]) -> Iterator[tuple[str, ...]]:
    for column, cell in zip(header, row, strict=False):
        if "\ufffd" in cell:
            yield column, cell, "holds bytes that are not UTF-8: save the file as 'CSV UTF-8'"
        elif "\0" in cell:
            yield column, cell, "holds a NUL: the file is not UTF-8, save it as 'CSV UTF-8'"
        elif unfit := find_unfit(cell):
            fault = f"holds {unfit}, a character that no page can hold: it is shown as U+FFFD"
            yield column, cell, fault, "warning"


def _holds_unfit(path: Path) -> bool:
    with _open_text(path) as file:
        return any(find_unfit(block) for block in iter(lambda: file.read(1 << 20), ""))


def _check_header(header: list[str], required: tuple[str, ...]) -> list[tuple[Any, ...]]:
    if not header:
        fault = f"the file is empty: expected a header, {','.join(required)}"
        return [(None, "", "", fault, "fatal")]
    if len(header) == 1 and required and (separator := re.search("[;\t|]", header[0])):
        fault = f"cells are separated by {separator[0]!r}: save with commas"
        return [(None, "", header[0], fault, "fatal")]
    faults: list[tuple[Any, ...]] = [
        (None, column, "", "the column is missing" + _find_likeness(column, header), "fatal")
        for column in required
        if column not in header
    ]
    twice = {column for column in header if column and header.count(column) > 1}
    faults += [
        (None, column, "", "the column stands twice: delete one", "fatal")
        for column in sorted(twice)
    ]
    if "" in header:
        faults.append((None, "", "", "a column has no name: name it or delete it", "warning"))
    return faults


def _find_likeness(column: str, header: list[str]) -> str:
    plain = {re.sub(r"[\W_]+", "_", name.strip().lower()): name for name in header}
    near = get_close_matches(column, plain, n=1, cutoff=0.7)
    return f": rename {plain[near[0]]!r} to {column!r}" if near else ": add it to the header"


def find_lines(path: Path) -> list[int]:
    r"""
    Find the line of the file at which each record starts.

    Parameters
    ----------
    path : Path
        A CSV file.

    Returns
    -------
    lines : list of int
        1-based, the header first: record r (1-based, header not counted) starts at ``lines[r]``.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "claims.csv"
    >>> _ = path.write_text('claim_id,claim\na,"two\nlines"\nb,one\n')
    >>> find_lines(path)
    [1, 2, 4]
    """
    lines, start = [], 1
    with _open_text(path) as file:
        reader = csv.reader(file)
        try:
            for row in reader:
                lines += [start] if row else []
                start = reader.line_num + 1
        except csv.Error:  # nothing after this record was read
            lines.append(start)
    return lines


def _open_text(path: Path) -> IO[str]:
    return open(path, encoding="utf-8-sig", errors="replace", newline="")
