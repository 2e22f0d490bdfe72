"""Tables in memory, of any library and with any dtypes, taken as a file would be."""

import re
from collections.abc import Mapping
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import pandas as pd

from claimbook.collection.codebook import (
    CLAIM_COLUMNS,
    CODED,
    REQUIRED_CLAIM_COLUMNS,
    REQUIRED_SOURCE_COLUMNS,
    REQUIRED_VOCABULARY_COLUMNS,
    SOURCE_COLUMNS,
    VOCABULARY_COLUMNS,
    YES,
)
from claimbook.collection.files import CLAIMS_FILE, SOURCES_FILE, VOCABULARY_FILE
from claimbook.collection.problems import ClaimsError, build_problems, suggest

COLUMNS: Final = {
    CLAIMS_FILE: CLAIM_COLUMNS,
    SOURCES_FILE: SOURCE_COLUMNS,
    VOCABULARY_FILE: VOCABULARY_COLUMNS,
}
REQUIRED: Final = {
    CLAIMS_FILE: REQUIRED_CLAIM_COLUMNS,
    SOURCES_FILE: REQUIRED_SOURCE_COLUMNS,
    VOCABULARY_FILE: REQUIRED_VOCABULARY_COLUMNS,
}
_BLANKS: Final = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_KEYED: Final = {  # columns that hold keys and terms, which are compared letter by letter
    CLAIMS_FILE: ["claim_id", "source", *CODED, "cited_study", "universal"],
    SOURCES_FILE: ["source", "kind"],
    VOCABULARY_FILE: ["scheme", "term"],
}


def take_table(table: Any, *, name: str, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """
    Take a table in memory as text, under the codebook's names.

    Parameters
    ----------
    table : DataFrame of pandas, or of a library that speaks its interchange protocol
        Any index, any dtypes. A missing value, whatever it is called, is an empty cell; a whole
        number that stands as 3.0, because a column had a missing value, is 3.
    name : str
        What it is, such as ``"claims.csv"``.
    columns : mapping of str to str, optional
        Names in the table, and what the codebook calls them.

    Returns
    -------
    table : DataFrame of str
        A new one, rows numbered from 0. A column counts by its name, whatever its case and
        blanks.

    Raises
    ------
    TypeError
        If it is no table.
    ClaimsError
        If a column that is required is missing, or two have one name.

    Examples
    --------
    >>> take_table(pd.DataFrame({"Source": ["spa", None]}), name="sources.csv").values.tolist()
    [['spa'], ['']]
    """
    if not isinstance(table, pd.DataFrame):
        table = _convert(table, name)
    columns = columns or {}
    names = [name_column(str(columns.get(column, column)), COLUMNS[name]) for column in table]
    faults = [
        (None, column, "", f"the table has two columns {column!r}: drop or rename one")
        for column in sorted({column for column in names if names.count(column) > 1})
    ]
    faults += [
        (None, column, "", f"the table lacks the column {column!r}{_hint(column, names)}")
        for column in REQUIRED[name]
        if column not in names
    ]
    if faults:
        file = name.removesuffix(".csv")
        raise ClaimsError(
            build_problems(((file, None, *fault) for fault in faults), severity="fatal")
        )
    cells = {column: _write(table.iloc[:, place]) for place, column in enumerate(names)}
    return strip_blanks(pd.DataFrame(cells, index=range(len(table)), dtype="str"), name=name)[0]


def name_column(column: str, known: tuple[str, ...]) -> str:
    """
    Give the codebook's name of a column that is so called but for case and blanks.

    Parameters
    ----------
    column : str
        As it stands in the header.
    known : tuple of str
        The codebook's names.

    Returns
    -------
    name : str
        One of these, else what stands there.

    Examples
    --------
    >>> name_column(" Claim ID", ("claim_id", "source"))
    'claim_id'
    """
    if column in known:
        return column
    plain = re.sub(r"[\s_-]+", "_", column.strip().casefold())
    return plain if plain in known else column


def strip_blanks(
    table: pd.DataFrame, *, name: str
) -> tuple[pd.DataFrame, list[tuple[int, str, str, str, str]]]:
    """
    Take away the blanks around keys and terms, which nobody sees.

    Parameters
    ----------
    table : DataFrame of str
        As it was read.
    name : str
        What it is, such as ``"claims.csv"``.

    Returns
    -------
    table : DataFrame of str
        White space of any kind around a key or term is gone, and a no-break space within is a
        blank.
    faults : list of (record, column, value, problem, severity)
        One for each cell that was read otherwise than it stands.

    Examples
    --------
    >>> table, faults = strip_blanks(pd.DataFrame({"source": ["spa "]}), name="sources.csv")
    >>> table["source"].tolist(), faults[0][3]
    (['spa'], "is read as 'spa', without the blanks")
    """
    faults = []
    for column in table.columns.intersection(_KEYED.get(name, _KEYED[CLAIMS_FILE])):
        values = table[column].unique().tolist()
        plain = {value: _BLANKS.sub(" ", value).strip(" ") for value in values}
        changed = {value: text for value, text in plain.items() if value != text}
        if not changed:
            continue
        for row in table[column].isin(list(changed)).to_numpy().nonzero()[0]:
            value = table[column].iloc[row]
            fault = f"is read as {changed[value]!r}, without the blanks"
            faults.append((int(row) + 1, column, value, fault, "warning"))
        table = table.assign(**{column: table[column].replace(changed)})
    return table, faults


def _convert(table: Any, name: str) -> pd.DataFrame:
    if hasattr(table, "__dataframe__"):
        with catch_warnings():  # the protocol will go from pandas 4; until then all speak it
            simplefilter("ignore", DeprecationWarning)
            return pd.api.interchange.from_dataframe(table)
    if hasattr(table, "to_pandas") and hasattr(table, "columns"):
        try:
            converted: pd.DataFrame = table.to_pandas()
        except ImportError:  # polars, where pyarrow is not installed
            converted = pd.DataFrame({name: list(table[name]) for name in table.columns})
        return converted
    what = "Collection or a DataFrame of claims" if name == CLAIMS_FILE else "DataFrame"
    found = "nothing" if table is None else f"a {type(table).__name__}"
    raise TypeError(f"expected a {what}, found {found}")


def _hint(column: str, names: list[str]) -> str:
    hint = suggest(column, names, most=0)
    return f": {hint}" if hint else ": add it, or say columns={'your name': '" + column + "'}"


def _write(column: pd.Series) -> list[str]:
    """Write cells as a file holds them."""
    missing = column.isna()
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.map({True: YES, False: ""})
    if pd.api.types.is_float_dtype(column.dtype) and (column[~missing] % 1 == 0).all():
        column = column.map(int, na_action="ignore").astype(object)
    cells = zip(column.tolist(), missing.tolist(), strict=True)
    return ["" if gone else str(cell) for cell, gone in cells]
