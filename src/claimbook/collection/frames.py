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
)
from claimbook.collection.files import CLAIMS_FILE, SOURCES_FILE, VOCABULARY_FILE
from claimbook.collection.problems import ClaimsError, build_problems, suggest
from claimbook.collection.workbooks import write_cell

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
_BLANK: Final = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_UNSEEN: Final = "[\u00ad\u200b-\u200d\u2060\ufeff]"
_MINUS: Final = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_KEYED: Final = {  # columns that hold keys and terms, which are compared letter by letter
    CLAIMS_FILE: ["claim_id", "source", *CODED, "cited_study", "universal"],
    SOURCES_FILE: ["source", "kind"],
    VOCABULARY_FILE: ["scheme", "term", "broader", "same_as", "score"],
}


def take_table(table: Any, *, name: str, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """
    Take a table in memory as text, under the codebook's names.

    Parameters
    ----------
    table : DataFrame of pandas, or of a library that speaks its interchange protocol
        Any dtypes; an index with a name counts as a column. A missing value, whatever it is
        called, is an empty cell; a whole number that stands as 3.0, because a column had a
        missing value, is 3.
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
    known = {name_column(str(column), COLUMNS[name]) for column in table}
    index = [key for key in table.index.names if key is not None]
    index = [key for key in index if name_column(str(key), COLUMNS[name]) not in known]
    table = table.reset_index(index) if index else table
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
    return clean_cells(pd.DataFrame(cells, index=range(len(table)), dtype="str"), name=name)[0]


def name_column(column: str, known: tuple[str, ...]) -> str:
    """
    Give the codebook's name of a column that is so called but for case, blanks and signs.

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
    plain = re.sub(r"[\W_]", "", column.casefold())
    return next((name for name in known if name.replace("_", "") == plain), column.strip())


def clean_cells(
    table: pd.DataFrame, *, name: str
) -> tuple[pd.DataFrame, list[tuple[int, str, str, str, str]]]:
    """
    Take away what nobody sees in keys and terms, and read scores as spreadsheets write them.

    Parameters
    ----------
    table : DataFrame of str
        As it was read.
    name : str
        What it is, such as ``"claims.csv"``.

    Returns
    -------
    table : DataFrame of str
        White space around a key or term is gone, within it one blank; a true minus or a decimal
        comma in a score is as in a program.
    faults : list of (record, column, value, problem, severity)
        One for each cell that was read otherwise than it stands.

    Examples
    --------
    >>> table, faults = clean_cells(pd.DataFrame({"source": ["spa "]}), name="sources.csv")
    >>> table["source"].tolist(), faults[0][3]
    (['spa'], 'holds blanks that nobody sees: read without them')
    """
    faults = []
    for column in table.columns.intersection(_KEYED.get(name, _KEYED[CLAIMS_FILE])):
        values = table[column].unique().tolist()
        if column == "score":
            changed = {value: _clean_score(value) for value in values}
        else:
            changed = {value: _clean_term(value) for value in values if not _is_tidy(value)}
        changed = {value: said for value, said in changed.items() if value != said[0]}
        if not changed:
            continue
        for row in table[column].isin(list(changed)).to_numpy().nonzero()[0]:
            value = table[column].iloc[row]
            faults.append((int(row) + 1, column, value, changed[value][1], "warning"))
        texts = {value: text for value, (text, _) in changed.items()}
        table = table.assign(**{column: table[column].replace(texts)})
    return table, faults


def _is_tidy(value: str) -> bool:
    return value.isprintable() and " ".join(value.split()) == value


def _clean_term(value: str) -> tuple[str, str]:
    text = re.sub(f"{_BLANK}+", " ", re.sub(_UNSEEN, "", value)).strip()
    return text, "holds blanks that nobody sees: read without them"


def _clean_score(value: str) -> tuple[str, str]:
    text = _MINUS.sub("-", _clean_term(value)[0]).replace(",", ".")
    return text, "is read as a number"


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
    cells = zip(column.tolist(), column.isna().tolist(), strict=True)
    return ["" if gone else write_cell(cell) for cell, gone in cells]
