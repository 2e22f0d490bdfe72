"""Files in and out: the CSV tables of a collection, read with every fault told, written whole."""

import csv
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from claimbook.codebook import (
    REQUIRED_CLAIM_COLUMNS,
    REQUIRED_SOURCE_COLUMNS,
    REQUIRED_VOCABULARY_COLUMNS,
)
from claimbook.problems import build_problems

CLAIMS_FILE: Final = "claims.csv"
METADATA_FILE: Final = "datapackage.json"
REQUIRED: Final = {
    CLAIMS_FILE: REQUIRED_CLAIM_COLUMNS,
    "sources.csv": REQUIRED_SOURCE_COLUMNS,
    "vocabulary.csv": REQUIRED_VOCABULARY_COLUMNS,
}
_CONTROL_BYTES: Final = bytes({*range(32)} - {*b"\t\n\r"})
_CONTROL: Final = re.compile(f"[{re.escape(_CONTROL_BYTES.decode())}]")


def find_files(path: str | os.PathLike[str]) -> dict[str, Path]:
    """
    Find the files of a collection.

    Parameters
    ----------
    path : path
        A folder that holds ``claims.csv``, or a CSV file taken as it.

    Returns
    -------
    files : dict of Path
        By the name each file plays: ``"claims.csv"`` always, ``"sources.csv"``,
        ``"vocabulary.csv"`` and ``"datapackage.json"`` where they are there.

    Raises
    ------
    FileNotFoundError
        If there are no claims; the message says how to begin.

    Examples
    --------
    >>> find_files("nowhere")
    Traceback (most recent call last):
        ...
    FileNotFoundError: no collection at 'nowhere': make one with 'claimbook init nowhere'
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"no collection at '{path}': make one with 'claimbook init {path}'")
    claims = path / CLAIMS_FILE if path.is_dir() else path
    if not claims.exists():
        raise FileNotFoundError(
            f"no {CLAIMS_FILE} in '{path}': name the folder that holds it, "
            f"or make a collection with 'claimbook init DIR'"
        )
    beside = (claims.parent / name for name in (*REQUIRED, METADATA_FILE) if name != CLAIMS_FILE)
    return {CLAIMS_FILE: claims} | {file.name: file for file in beside if file.is_file()}


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
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "sources.csv").write_text("source,kind\nspa,article,extra\n")
    >>> table, problems = read_table(folder / "sources.csv", name="sources.csv")
    >>> problems["problem"].tolist()
    ['the record has 3 cells where the header has 2: put a cell that holds a comma in "quotes"']
    """
    rows, header, faults = _scan_records(path)
    if header or not faults:
        faults += _check_header(header, REQUIRED.get(name, ()))
    if rows is None:
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, na_filter=False, encoding="utf-8-sig"
        )
    else:
        width = len(header)
        padded = [(row + [""] * width)[:width] for row in rows]
        table = pd.DataFrame(padded, columns=header, dtype="str")
    table = table.loc[:, ~table.columns.duplicated()]
    problems = build_problems((path.name, None, *fault) for fault in faults)
    return table, problems.assign(line=problems["line"].mask(problems["record"].isna(), 1))


def _scan_records(path: Path) -> tuple[list[list[str]] | None, list[str], list[tuple[Any, ...]]]:
    """Go once through the file; rows are None where pandas will read the same, faster."""
    try:
        if _holds_control(path):
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
        faults.append((max(len(rows), 1), "", "", _explain(error)))
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


def _check_record(row: list[str], header: list[str]) -> Iterator[tuple[str, str, str]]:
    if not any(cell.strip() for cell in row):
        yield "", "", "the record is empty: delete the line"
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


def _check_letters(row: list[str], header: list[str]) -> Iterator[tuple[str, str, str]]:
    for column, cell in zip(header, row, strict=False):
        if "\ufffd" in cell:
            yield column, cell, "holds bytes that are not UTF-8: save the file as 'CSV UTF-8'"
        elif "\0" in cell:
            yield column, cell, "holds a NUL: the file is not UTF-8, save it as 'CSV UTF-8'"
        elif _CONTROL.search(cell):
            yield column, cell, "holds a control character: delete it"


def _holds_control(path: Path) -> bool:
    with open(path, "rb") as file:
        return any(
            len(block.translate(None, _CONTROL_BYTES)) != len(block)
            for block in iter(lambda: file.read(1 << 20), b"")
        )


def _check_header(header: list[str], required: tuple[str, ...]) -> list[tuple[Any, ...]]:
    if not header:
        return [(None, "", "", f"the file is empty: expected a header, {','.join(required)}")]
    if len(header) == 1 and required and (separator := re.search("[;\t|]", header[0])):
        return [(None, "", header[0], f"cells are separated by {separator[0]!r}: save with commas")]
    faults: list[tuple[Any, ...]] = [
        (None, column, "", "the column is missing" + _find_likeness(column, header))
        for column in required
        if column not in header
    ]
    twice = {column for column in header if column and header.count(column) > 1}
    faults += [
        (None, column, "", "the column stands twice: delete one") for column in sorted(twice)
    ]
    if "" in header:
        faults.append((None, "", "", "a column has no name: name it or delete it"))
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


def iter_rows(table: pd.DataFrame) -> Iterator[Any]:
    """
    Go through a table row by row.

    Parameters
    ----------
    table : DataFrame
        Its columns are named as Python names things.

    Yields
    ------
    row : named tuple
        One per row, in order.

    Examples
    --------
    >>> [row.term for row in iter_rows(pd.DataFrame({"term": ["pain", "sleep"]}))]
    ['pain', 'sleep']
    """
    yield from table.itertuples()


def read_metadata(path: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """
    Read the ``datapackage.json`` of a collection.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    metadata : dict
        Empty where the file cannot be read as JSON.
    problems : DataFrame, one row per problem

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "datapackage.json"
    >>> _ = path.write_text('{"title": "Massage"')
    >>> read_metadata(path)[1]["line"].tolist()
    [1]
    """
    try:
        metadata = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        return {}, build_problems(
            [(path.name, error.lineno, None, "", "", f"not JSON: {error.msg}")]
        )
    except UnicodeDecodeError:
        return {}, build_problems([(path.name, None, None, "", "", "not UTF-8: save it as UTF-8")])
    except (RecursionError, ValueError):
        fault = "not JSON that can be read: a number is too long, or lists are nested too deep"
        return {}, build_problems([(path.name, None, None, "", "", fault)])
    if not isinstance(metadata, dict):
        return {}, build_problems([(path.name, 1, None, "", "", "expected a JSON object, {…}")])
    return metadata, build_problems()


def read_texts(
    sources: pd.DataFrame, folder: str | os.PathLike[str]
) -> tuple[dict[str, str], list[str]]:
    """
    Read the texts of sources.

    Parameters
    ----------
    sources : DataFrame, one row per source
        ``text`` names the file, ``sha256`` what it should hold; a source that names none is
        looked for as ``SOURCE.txt``.
    folder : path
        Where the texts are.

    Returns
    -------
    texts : dict of str
        By source, those that are there.
    changed : list of str
        Sources whose text is not the one that ``sha256`` names.

    Raises
    ------
    OSError
        If there is no such folder, or a text cannot be opened.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "spa.txt").write_text("Massage helps.")
    >>> read_texts(pd.DataFrame({"source": ["spa"], "text": "", "sha256": ""}), folder)
    ({'spa': 'Massage helps.'}, [])
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(
            f"--texts: no folder '{folder}': name the one that holds the texts"
        )
    texts, changed = {}, []
    for row in iter_rows(sources):
        path = folder / (row.text or f"{row.source}.txt")
        if not path.is_file():
            continue
        content = path.read_bytes()
        texts[row.source] = content.decode("utf-8-sig", errors="replace")
        if row.sha256 and hashlib.sha256(content).hexdigest() != row.sha256.lower():
            changed.append(row.source)
    return texts, changed


@contextmanager
def open_output(path: str | os.PathLike[str]) -> Iterator[IO[str]]:
    r"""
    Open a file to be written whole or not at all.

    Parameters
    ----------
    path : path
        What stands there is replaced once all is written, and left alone if anything fails.

    Yields
    ------
    file : text file
        UTF-8, line endings as they are written.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "relations.csv"
    >>> with open_output(path) as file:
    ...     _ = file.write("claim_a,claim_b\n")
    >>> path.read_text()
    'claim_a,claim_b\n'
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="") as file:  # a device, a pipe
            yield file
        return
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        os.chmod(draft, path.stat().st_mode if path.exists() else 0o666 & ~_find_umask())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _find_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _open_text(path: Path) -> IO[str]:
    return open(path, encoding="utf-8-sig", errors="replace", newline="")
