"""A CSV file as it stands, filled and added to with every other byte kept."""

# By hand: csv and pandas read and write whole files, and every writer of these has a quoting, a
# separator and line ends of its own, so that a file of somebody's would come back as another.

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from claimbook.collection.files import open_output
from claimbook.collection.frames import COLUMNS, REQUIRED, name_column
from claimbook.collection.tables import MOST_TITLES, find_encoding, find_separator

_ANY: Final = ("cp1252", "latin-1")  # of which the last takes any byte
_Span = tuple[int, int]


class TableFile:
    r"""
    A CSV file as it stands: cells can be filled and rows added, every other byte is kept.

    Parameters
    ----------
    path : Path
        Of any encoding, separator and line ending that is read.
    name : str
        What it is, such as ``"sources.csv"``.

    Attributes
    ----------
    columns : list of str
        As the codebook calls them.

    Raises
    ------
    ValueError
        If there is no header with the columns that the codebook requires, or it is a workbook.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "sources.csv"
    >>> _ = path.write_bytes(b'source;"kind";sha256\r\nspa;"article";\r\n')
    >>> file = TableFile(path, name="sources.csv")
    >>> file.fill(1, "sha256", "9f86")
    >>> file.append([{"source": "gp", "kind": "a; b"}])
    >>> file.write()
    >>> path.read_bytes()
    b'source;"kind";sha256\r\nspa;"article";9f86\r\ngp;"a; b";\r\n'
    """

    def __init__(self, path: Path, *, name: str) -> None:
        self.path = path
        content = path.read_bytes()
        if content.startswith(b"PK"):
            raise ValueError(f"{path} is a workbook, which is not written to")
        encoding, self._mark = find_encoding(content)
        self._encoding, self._text = _decode(content[len(self._mark) :], encoding)
        self._separator = find_separator(self._text, name)
        head = self._find_header(name)
        if head is None:
            columns = ", ".join(REQUIRED[name])
            raise ValueError(f"{path} has no header with the columns {columns}: add it")
        self.columns, self._records = head
        ends = re.compile(r"\r\n|\n|\r")
        self._end = (ends.search(self._text, self._records[0][-1][1]) or ends.match("\n"))[0]  # type: ignore[index]
        self._edits: list[tuple[int, int, str]] = []

    def _find_header(self, name: str) -> tuple[list[str], list[list[_Span]]] | None:
        """Find the row that holds the columns, and the records after it."""
        records = _split_records(self._text, self._separator)
        for record in islice(records, MOST_TITLES):
            columns = [name_column(cell, COLUMNS[name]) for cell in self._read(record)]
            if set(REQUIRED[name]) <= set(columns):
                full = [row for row in records if any(map(str.strip, self._read(row)))]
                return columns, [record, *full]
        return None

    def _read(self, record: Iterable[_Span]) -> list[str]:
        return [_unquote(self._text[start:end]) for start, end in record]

    def read(self, column: str) -> list[str]:
        """Read what stands in a column, record by record; nothing where a record is too short."""
        place = self.columns.index(column)
        rows = (self._read(record[place : place + 1]) for record in self._records[1:])
        return [cells[0] if cells else "" for cells in rows]

    def add_column(self, column: str) -> None:
        """Add an empty column at the end; records that have not all cells stay as they are."""
        for number, record in enumerate(self._records):
            if len(record) == len(self.columns):
                end = record[-1][1]
                added = self._separator + (column if number == 0 else "")
                self._edits.append((end, end, added))

    def fill(self, record: int, column: str, value: str) -> None:
        """Put a value in a cell of a record (1-based, header not counted)."""
        cells, place = self._records[record], self.columns.index(column)
        if place >= len(cells):
            raise ValueError(f"{self.path}: record {record} has no cell {column}: add the commas")
        start, end = cells[place]
        always = self._text[start : start + 1] == '"'
        self._edits.append((start, end, self._quote(value, always=always)))

    def append(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Add rows at the end, quoted as the header is."""
        always = all(self._text[start : start + 1] == '"' for start, _ in self._records[0])
        lines = [
            self._separator.join(
                self._quote(row.get(column, ""), always=always) for column in self.columns
            )
            for row in rows
        ]
        end = len(self._text)
        before = "" if self._text.endswith(("\n", "\r")) else self._end
        if lines:
            self._edits.append((end, end, before + self._end.join([*lines, ""])))

    def _quote(self, value: str, *, always: bool) -> str:
        if always or set(value) & {self._separator, '"', "\n", "\r"}:
            return '"' + value.replace('"', '""') + '"'
        return value

    def write(self) -> None:
        """
        Write the file, whole or not at all.

        Raises
        ------
        OSError
            If it cannot be written.
        ValueError
            If its encoding does not have a letter that is to be written.
        """
        parts, place = [], 0
        for start, end, value in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += [self._text[place:start], value]
            place = end
        try:
            content = "".join([*parts, self._text[place:]]).encode(self._encoding)
        except UnicodeEncodeError as error:
            letter = error.object[error.start]
            raise ValueError(
                f"{self.path} cannot hold {letter!r} in its encoding: save it as 'CSV UTF-8'"
            ) from None
        with open_output(self.path) as file:
            file.flush()
            file.buffer.write(self._mark + content)  # type: ignore[attr-defined]


def _decode(content: bytes, first: str) -> tuple[str, str]:
    """Give the encoding by which a text comes back as the same bytes, and the text."""
    for encoding in (first, *_ANY):
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("no text")  # latin-1 takes any byte


def _split_records(text: str, separator: str) -> Iterator[list[_Span]]:
    """Give the places of the cells of each record that is no empty line."""
    cell = re.compile(rf'(?:"(?:[^"]|"")*"?)?[^{re.escape(separator)}\r\n]*')
    place, record = 0, []
    while place <= len(text):
        found = cell.match(text, place)
        end = found.end() if found else place
        record.append((place, end))
        if text[end : end + 1] == separator:
            place = end + 1
            continue
        if len(record) > 1 or record[0][0] < record[0][1]:
            yield record
        record = []
        place = end + (2 if text[end : end + 2] == "\r\n" else 1)


def _unquote(cell: str) -> str:
    return next(csv.reader([cell], delimiter="\0"), [""])[0] if cell[:1] == '"' else cell
