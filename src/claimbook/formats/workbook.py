"""Tables as a workbook that a spreadsheet opens."""

# XlsxWriter rather than openpyxl: no dependency, the same bytes at each run, and one switch that
# keeps a text that begins with "=" a text.

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import xlsxwriter

from claimbook.collection.files import find_unfit

_MOST_LETTERS: Final = 32_767  # what a cell holds
_LEAST, _MOST = 8, 60  # letters that a column is wide
_AS_TEXT: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip


def write_workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """
    Write tables as the sheets of one workbook.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the name of the sheet. A number stays a number and a text a text, also one that begins
        with ``=``; several keys in a cell have ``;`` between.

    Returns
    -------
    workbook : bytes
        An ``.xlsx`` file, the same at each run: the head of each sheet in bold, in sight while
        one scrolls, with a filter; columns as wide as can be read.

    Raises
    ------
    ValueError
        If a cell holds more than a spreadsheet takes.

    Examples
    --------
    >>> write_workbook({"claims": pd.DataFrame({"claim": ["=1+1"]})})[:2]
    b'PK'
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _AS_TEXT) as book:
        book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
        }
        for name, table in tables.items():
            _write_sheet(book.add_worksheet(name), table, looks)
    return file.getvalue()


def _write_sheet(sheet: Any, table: pd.DataFrame, looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, str(name), looks["head"])
        letters = [len(str(name)) + 3]  # and the arrow of the filter
        for row, cell in enumerate(table[name], start=1):
            letters.append(_write_cell(sheet, (row, place), cell, looks))
        typical = sorted(letters[1:])[int(0.9 * (len(letters) - 1)) :][:1]
        sheet.set_column(place, place, min(max(_LEAST, letters[0], *typical), _MOST))
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _write_cell(sheet: Any, place: tuple[int, int], cell: Any, looks: dict[str, Any]) -> int:
    """Write a cell as what it is; a number that is not defined leaves it empty."""
    if isinstance(cell, tuple | list):
        cell = ";".join(map(str, cell))
    if isinstance(cell, str):
        text = cell
        if find_unfit(cell):
            text = "".join("\ufffd" if find_unfit(sign) else sign for sign in cell)
        if len(text) > _MOST_LETTERS:
            raise ValueError(
                f"row {place[0] + 1} has a cell of {len(text):,} characters, a spreadsheet takes "
                f"{_MOST_LETTERS:,}: name a .csv or .json file"
            )
        sheet.write_string(*place, text, looks["text"])
        return max(map(len, text.split("\n")))
    if not pd.isna(cell):
        sheet.write(*place, cell.item() if hasattr(cell, "item") else cell, looks["number"])
    return 0
