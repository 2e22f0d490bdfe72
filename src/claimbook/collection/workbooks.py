"""Workbooks of a spreadsheet (.xlsx, .ods): which sheet is which table, and its cells as text."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

ENDINGS: Final = (".xlsx", ".ods", ".xlsm", ".xlsb", ".xls")
TABLES: Final[tuple[str, ...]] = ("claims", "sources", "vocabulary")


def is_workbook(path: Path) -> bool:
    """Tell a workbook by the ending of its name."""
    return path.suffix.lower() in ENDINGS


def find_sheets(path: Path) -> dict[str, str]:
    """
    Find which sheet of a workbook holds which table.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    sheets : dict of str
        Name of the sheet by ``"claims"``, ``"sources"`` and ``"vocabulary"``, whatever its case
        and blanks. Where none is named claims, and just one sheet of another name holds anything,
        that one is taken as the claims.

    Raises
    ------
    ValueError
        If it cannot be read.
    OSError
        If it cannot be opened.
    """
    workbook = _open(path)
    named = {sheet.strip().casefold(): sheet for sheet in reversed(workbook)}
    sheets = {table: named[table] for table in TABLES if table in named}
    others = [sheet for sheet, rows in workbook.items() if rows and sheet not in sheets.values()]
    if "claims" not in sheets and len(others) == 1:
        sheets["claims"] = others[0]
    return sheets


def read_sheet(path: Path, table: str) -> list[list[str]]:
    """
    Read the sheet of a workbook that holds a table.

    Parameters
    ----------
    path : Path
        The workbook.
    table : str
        ``"claims"``, ``"sources"`` or ``"vocabulary"``.

    Returns
    -------
    rows : list of list of str
        From the first row of the sheet on, each as long as the others.

    Raises
    ------
    ValueError
        If it cannot be read, or no sheet of it is the table.
    OSError
        If it cannot be opened.
    """
    sheets = find_sheets(path)
    if table not in sheets:
        held = ", ".join(map(repr, _open(path)))
        raise ValueError(f"no sheet is named {table!r}: name one of these so: {held}")
    return _open(path)[sheets[table]]


def _open(path: Path) -> dict[str, list[list[str]]]:
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1)  # every table of a collection is in the same file
def _read(path: Path, changed: int, size: int) -> dict[str, list[list[str]]]:
    # openpyxl reads .xlsx only, ten times slower; pandas asks for one package an ending
    from python_calamine import CalamineError, load_workbook  # here, since few need it

    try:
        with load_workbook(BytesIO(path.read_bytes())) as workbook:
            sheets = map(workbook.get_sheet_by_name, workbook.sheet_names)
            return {
                sheet.name: _write_rows(sheet.to_python(skip_empty_area=False)) for sheet in sheets
            }
    except CalamineError as error:
        raise ValueError(
            f"cannot be read as a workbook ({error}): open it in a spreadsheet and save it again, "
            "without a password"
        ) from None


def _write_rows(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    return [[write_cell(cell) for cell in row] for row in rows]


def write_cell(value: Any) -> str:
    """
    Write a value as a spreadsheet shows it, a date as ISO 8601 has it.

    Examples
    --------
    >>> write_cell(3.0), write_cell(0.5), write_cell(datetime(2020, 2, 1)), write_cell(True)
    ('3', '0.5', '2020-02-01', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)
