"""Answers of commands written: for people, for programs, for a spreadsheet, for a paper."""

import json
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from claimbook.collection import Collection
from claimbook.collection.codebook import CODED
from claimbook.collection.words import NOUNS, SIDES, Words
from claimbook.formats.markup import write_latex, write_markdown

_MOST_ROWS: Final = 1_048_575  # beside the head: what a sheet holds
# what a terminal would obey when it should show it
_CONTROLS: Final = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in b"\t\n"
}
_FORMS: Final = {
    ".csv": "csv", ".json": "json", ".xlsx": "workbook", ".md": "markdown", ".tex": "latex",
    ".txt": "text", "": "text",
}  # fmt: skip


class Answer(NamedTuple):
    """
    What a command has found.

    Attributes
    ----------
    content : DataFrame, DataFrames that are pieces of one, or dict
        For programs.
    lines : iterable of str
        For people.
    status : int
        How it ended.
    shown : DataFrame, optional
        For a paper, where that is not the content.
    tables : callable, optional
        Gives the tables, by name, of what is no one table.
    """

    content: Any = None
    lines: Iterable[str] = ()
    status: int = 0
    shown: pd.DataFrame | None = None
    tables: Callable[[], dict[str, pd.DataFrame]] | None = None


def choose_form(given: str | None, output: str | None) -> str:
    """Choose how to write: as it is said, else as the file's name ends, else for people."""
    ending = Path(output or "").suffix.lower()
    if given is None and ending not in _FORMS:
        known = ", ".join(filter(None, _FORMS))
        raise ValueError(
            f"--output {output}: no format is called '{ending}': name a file that ends in one of "
            f"{known}, or say --format"
        )
    return given or _FORMS[ending]


def write_answer(
    answer: Answer, *, form: str, name: str, collection: Collection | None = None
) -> Iterator[str | bytes]:
    """
    Write an answer for programs, for people, for a spreadsheet or for a paper.

    Parameters
    ----------
    answer : Answer
        Its lines are asked for only where they are written.
    form : {"text", "csv", "json", "workbook", "markdown", "latex"}
    name : str
        Of the command; a sheet is called so.
    collection : Collection, optional
        Its labels stand for keys and terms in a paper.

    Yields
    ------
    part : str or bytes
        The parts one after another are the file.

    Raises
    ------
    ValueError
        If several tables are to be written as CSV, or more rows than a sheet holds.

    Examples
    --------
    >>> print(*write_answer(Answer({"alpha": float("nan")}), form="json", name=""), sep="")
    {
     "alpha": null
    }
    <BLANKLINE>
    """
    content = answer.content
    pieces = [content] if isinstance(content, pd.DataFrame) else content
    if form == "text":
        yield from (f"{escape_controls(line)}\n" for line in answer.lines)
    elif form in ("workbook", "markdown", "latex"):
        shown = pieces if answer.shown is None or form == "workbook" else [answer.shown]
        tables = answer.tables() if answer.tables else {name: _join(shown)}
        yield from _write_document(tables, form, collection)
    elif isinstance(content, dict):
        yield _write_object(content, form, name)
    else:
        yield from {"csv": _write_csv, "json": _write_json}[form](pieces)


def _join(pieces: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join the pieces of a table, unless they are more than a sheet holds."""
    joined, rows = [], 0
    for piece in pieces:
        joined.append(piece)
        rows += len(piece)
        if rows > _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS:,} rows: name a .csv or .json file")
    return pd.concat(joined, ignore_index=True)


def _write_document(
    tables: dict[str, pd.DataFrame], form: str, collection: Collection | None
) -> Iterator[str | bytes]:
    if form == "workbook":
        from claimbook.formats.workbook import write_workbook  # here, for it is slow to load

        yield write_workbook(tables)
        return
    worded = {name: put_in_words(table, collection) for name, table in tables.items()}
    yield {"markdown": write_markdown, "latex": write_latex}[form](worded)


def put_in_words(table: pd.DataFrame, collection: Collection | None) -> pd.DataFrame:
    """
    Give a table as it is read: labels for keys and terms, words for names, no column left empty.

    Parameters
    ----------
    table : DataFrame
        Columns as the contract names them.
    collection : Collection or None
        Knows labels and words; None has none.

    Returns
    -------
    worded : DataFrame of str

    Examples
    --------
    >>> table = pd.DataFrame({"source_a": ["spa"], "distance": [4], "broader": [""]})
    >>> put_in_words(table, None).to_dict("records")
    [{'source a': 'spa', 'distance': '4'}]
    """
    words = Words() if collection is None else collection.words
    worded = {}
    for name in map(str, table.columns):
        label = _find_labels(name, collection)
        cells = [_say(cell, label) for cell in table[name]]
        if any(cells) or not cells:
            worded[name_column(name, words)] = cells
    return pd.DataFrame(worded, dtype="str")


def _find_labels(column: str, collection: Collection | None) -> Callable[[str], str]:
    """Find how what stands in a column is called: a source, a term, or itself."""
    if collection is None:
        return str
    whole, last = column.removeprefix("narrower_"), column.rpartition("_")[2]
    scheme = "recommendation" if last in ("recommendation", "lowest", "highest") else whole
    if scheme in CODED:
        return lambda term: collection.terms.describe(scheme, term)[0] if term else ""
    if column in ("source", "cited_study") or column.startswith(("source_", "sources_")):
        return lambda source: collection.labels.get(source, source)
    return str


def _say(cell: Any, label: Callable[[str], str]) -> str:
    if isinstance(cell, tuple | list):
        return ", ".join(label(str(part)) for part in cell)
    return label(cell) if isinstance(cell, str) else "" if pd.isna(cell) else _show(cell)


def name_column(name: str, words: Words) -> str:
    """
    Name a column in the words of a collection.

    Examples
    --------
    >>> name_column("narrower_condition", Words({"condition": "symptom"}))
    'narrower symptom'
    >>> name_column("sources_for", Words({"source": "book", "for": "praised"}))
    'books praised'
    """
    plural = {words_of + "s": words_of for words_of in NOUNS}
    return " ".join(
        words.many(plural[part]) if part in plural
        else words[part] if part in (*NOUNS, *SIDES)
        else part
        for part in name.split("_")
    )  # fmt: skip


def _write_csv(pieces: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write pieces of one table under one header; several keys in a cell have ``;`` between."""
    for number, piece in enumerate(pieces):
        several = [name for name in piece if any(isinstance(cell, tuple) for cell in piece[name])]
        cells = piece.assign(**{str(name): piece[name].map(";".join) for name in several})
        yield cells.to_csv(index=False, header=number == 0, lineterminator="\n")


def _write_json(pieces: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write pieces of one table as a list of rows; a number that is missing is null."""
    yield "["
    between = "\n"
    for piece in pieces:
        for row in piece.astype(object).where(piece.notna(), None).to_dict("records"):
            yield between + json.dumps(row, ensure_ascii=False, default=_as_plain)
            between = ",\n"
    yield "\n]\n"


def _write_object(content: dict[str, Any], form: str, name: str) -> str:
    if form != "json":
        raise ValueError(
            f"what 'claimbook {name}' finds is several tables, and CSV holds one: "
            "name a .json, .xlsx, .md or .tex file, or say --format json"
        )
    # a number that is not defined is null, which JSON knows, and not NaN, which only Python does
    plain = json.loads(json.dumps(content, default=_as_plain), parse_constant=lambda _: None)
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _as_plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def escape_controls(text: str) -> str:
    """Write out what a terminal would obey: a cell may hold anything."""
    return text.translate(_CONTROLS)


def show_number(number: Any) -> str:
    """Write a number, or say that it is not defined."""
    return "undefined" if pd.isna(number) else f"{number:.3f}"


def draw_table(table: pd.DataFrame, words: Words | None = None) -> list[str]:
    """
    Lay a table out in columns as wide as the terminal allows, long cells on several lines.

    Parameters
    ----------
    table : DataFrame
    words : Words, optional
        Name its columns.

    Returns
    -------
    lines : list of str
        No word is broken: where the columns have no room beside one another, a block for each row.
    """
    names = [name_column(str(name), words or Words()) for name in table.columns]
    rows = [[_show(cell) for cell in row] for row in table.itertuples(index=False)]
    total = _find_width()
    widths = _fit_widths([names, *rows], total)
    if sum(widths) + 2 * (len(widths) - 1) > total:
        return _stack_cells(names, rows, total)
    lines = []
    for row in [names, ["-" * width for width in widths], *rows]:
        cells = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, cells))):
            parts = (cell[number] if number < len(cell) else "" for cell in cells)
            line = "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))
            lines.append(line.rstrip())
    return lines


def wrap(text: str, width: int = 0) -> list[str]:
    """Break a text into lines of the terminal's width, or narrower, between words."""
    width = width or _find_width()
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _find_width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _show(cell: Any) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(str, cell))
    if isinstance(cell, bool):
        return "yes" if cell else ""
    return show_number(cell) if pd.isna(cell) or isinstance(cell, float) else str(cell)


def _fit_widths(rows: list[list[str]], total: int) -> list[int]:
    """Narrow the widest columns, one letter at a time, until the table fits or a word is cut."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [
        max(len(word) for cell in column for word in cell.split() or [""]) for column in columns
    ]
    while sum(widths) + 2 * (len(widths) - 1) > total:
        free = [place for place, width in enumerate(widths) if width > least[place]]
        if not free:
            break
        widths[max(free, key=widths.__getitem__)] -= 1
    return widths


def _stack_cells(names: list[str], rows: list[list[str]], total: int) -> list[str]:
    """Write each row as a block, a line a cell that holds something."""
    side = max(map(len, names)) + 2
    lines = []
    for number, row in enumerate(rows):
        lines += [""] if number else []
        for name, cell in zip(names, row, strict=True):
            parts = wrap(cell, max(total - side, 20)) if cell else []
            lines += [f"{'' if n else name:<{side}}{part}" for n, part in enumerate(parts)]
    return lines
