"""Answers of commands written: in lines for people, as CSV or JSON for programs."""

import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

# what a terminal would obey when it should show it
_CONTROLS: Final = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in b"\t\n"
}
_FORMS: Final = {".csv": "csv", ".json": "json", ".txt": "text", "": "text"}


def choose_form(given: str | None, output: str | None) -> str:
    """Choose how to write: as it is said, else as the file's name ends, else for people."""
    ending = Path(output or "").suffix.lower()
    if given is None and ending not in _FORMS:
        raise ValueError(f"--output {output}: name a .csv, .json or .txt file, or say --format")
    return given or _FORMS[ending]


def write_answer(content: Any, lines: Iterable[str], *, form: str) -> Iterator[str]:
    """
    Write a table, a table in pieces or one object for programs, or lines for people.

    Parameters
    ----------
    content : DataFrame, iterable of DataFrames, or dict
        An object is no table: it is not written as CSV.
    lines : iterable of str
        Asked for only where they are written.
    form : {"text", "csv", "json"}

    Yields
    ------
    part : str
        The parts one after another are the file.

    Raises
    ------
    ValueError
        If an object is to be written as CSV.

    Examples
    --------
    >>> print(*write_answer({"alpha": float("nan")}, [], form="json"), sep="", end="")
    {
     "alpha": null
    }
    """
    if form == "text":
        yield from (f"{escape_controls(line)}\n" for line in lines)
    elif isinstance(content, dict):
        yield _write_object(content, form)
    else:
        pieces = [content] if isinstance(content, pd.DataFrame) else content
        yield from {"csv": _write_csv, "json": _write_json}[form](pieces)


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


def _write_object(content: dict[str, Any], form: str) -> str:
    if form != "json":
        raise ValueError("this is no one table: name a .json file for programs, or a .txt file")
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


def draw_table(table: pd.DataFrame) -> list[str]:
    """Lay a table out in columns as wide as the terminal allows, long cells on several lines."""
    names = [str(name) for name in table.columns]
    rows = [[_show(cell) for cell in row] for row in table.itertuples(index=False)]
    widths = _fit_widths([names, *rows], shutil.get_terminal_size((100, 24)).columns)
    lines = []
    for row in [names, ["-" * width for width in widths], *rows]:
        cells = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        for number in range(max(map(len, cells))):
            parts = (cell[number] if number < len(cell) else "" for cell in cells)
            line = "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))
            lines.append(line.rstrip())
    return lines


def _show(cell: Any) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(str, cell))
    return show_number(cell) if pd.isna(cell) or isinstance(cell, float) else str(cell)


def _fit_widths(rows: list[list[str]], total: int) -> list[int]:
    """Narrow the widest columns, one letter at a time, until the table fits."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > total and max(widths) > 10:
        widths[widths.index(max(widths))] -= 1
    return widths
