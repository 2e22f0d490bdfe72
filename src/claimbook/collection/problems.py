"""Problems found in a collection: one table for all of them, one error that carries it."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import pandas as pd

PROBLEM_COLUMNS: Final = ("file", "line", "record", "column", "value", "problem", "severity")
_NUMBERS: Final = {"line": "Int64", "record": "Int64"}


class ClaimsError(ValueError):
    """
    A collection that does not follow the codebook.

    Parameters
    ----------
    problems : DataFrame, one row per problem
        With the columns ``file``, ``line``, ``record``, ``column``, ``value``, ``problem`` and
        ``severity``.

    Attributes
    ----------
    problems : DataFrame
        The table given, for a program or a notebook to show.

    Examples
    --------
    >>> problems = build_problems([("claims.csv", 2, 1, "aspect", "pian", "unknown term")])
    >>> raise ClaimsError(problems)
    Traceback (most recent call last):
        ...
    claimbook.collection.problems.ClaimsError: 1 problem found
    claims.csv, line 2: aspect is 'pian': unknown term
    """

    def __init__(self, problems: pd.DataFrame) -> None:
        self.problems = problems
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'} found"
        super().__init__("\n".join([count, *describe_problems(problems)]))


def build_problems(rows: Iterable[Sequence[Any]] = (), *, severity: str = "error") -> pd.DataFrame:
    """
    Build a table of problems from rows.

    Parameters
    ----------
    rows : iterable of sequences
        Each ``(file, line, record, column, value, problem)``; line and record may be None.
    severity : {"fatal", "error", "draft", "warning"}
        Of those that do not name it as a seventh item.

    Returns
    -------
    problems : DataFrame, one row per problem
        In the order given; line and record are nullable integers.

    Examples
    --------
    >>> build_problems([("claims.csv", 2, 1, "aspect", "", "is empty")])["record"].tolist()
    [1]
    """
    listed = [row if len(row) == len(PROBLEM_COLUMNS) else (*row, severity) for row in rows]
    return _build(listed) if listed else _build_none().copy()


def _build(rows: list[Sequence[Any]]) -> pd.DataFrame:
    problems = pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype=object)
    return problems.astype({name: _NUMBERS.get(name, "str") for name in PROBLEM_COLUMNS})


@cache
def _build_none() -> pd.DataFrame:
    return _build([])


def join_problems(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """
    Join tables of problems into one, in the order of file, line and column.

    Parameters
    ----------
    tables : iterable of DataFrames
        Each as `build_problems` makes it; the files keep the order in which they come.

    Returns
    -------
    problems : DataFrame, one row per problem
        Sorted by file and line; what stands in no line comes first.

    Examples
    --------
    >>> late = build_problems([("claims.csv", 9, 8, "claim", "", "is empty")])
    >>> early = build_problems([("claims.csv", 2, 1, "claim", "", "is empty")])
    >>> join_problems([late, early])["line"].tolist()
    [2, 9]
    """
    found = [table for table in tables if len(table)]
    if not found:
        return build_problems()
    problems = pd.concat(found, ignore_index=True)
    order = {file: place for place, file in enumerate(problems["file"].unique())}
    keys = problems.assign(file=problems["file"].map(order))
    keys = keys.sort_values(["file", "line", "record"], kind="stable", na_position="first")
    return problems.loc[keys.index].reset_index(drop=True)


def describe_problems(problems: pd.DataFrame) -> list[str]:
    """
    Write each problem as one line for people.

    Parameters
    ----------
    problems : DataFrame, one row per problem
        As `build_problems` makes it.

    Returns
    -------
    lines : list of str
        Such as ``claims.csv, line 42: aspect is 'pian': expected 'pain'``, in the same order.

    Examples
    --------
    >>> describe_problems(build_problems([("claims.csv", None, None, "", "", "is empty")]))
    ['claims.csv: is empty']
    """
    return [_describe_problem(row) for row in problems.itertuples(index=False)]


def _describe_problem(row: tuple[Any, ...]) -> str:
    file, line, record, column, value, problem, severity = row
    place = [file] if file else []
    if not pd.isna(line):
        place.append(f"line {line}")
    elif not pd.isna(record):
        place.append(f"record {record}")
    cell = f"{column} is {_shorten(value)!r}: " if column else ""
    mark = "" if severity in ("fatal", "error") else f"{severity}: "
    return f"{', '.join(place)}: {mark}{cell}{problem}"


def _shorten(value: str, most: int = 60) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


def suggest(value: str, known: Iterable[str], *, most: int = 12) -> str:
    """
    Say what was expected in place of a value: the nearest known one, or all where they are few.

    Parameters
    ----------
    value : str
        What was found.
    known : iterable of str
        What would have been right.
    most : int
        List the known values where there are no more than this.

    Returns
    -------
    remedy : str
        Half a sentence, empty where nothing helpful can be said.

    Examples
    --------
    >>> suggest("pian", ["pain", "sleep"])
    "did you mean 'pain'? (expected one of: pain, sleep)"
    """
    names = [name for name in dict.fromkeys(known) if name]
    near = get_close_matches(value.strip().lower(), names, n=1, cutoff=0.6)
    guess = f"did you mean {near[0]!r}?" if near else ""
    if len(names) > most or not names:
        return guess
    expected = f"expected one of: {', '.join(names)}"
    return f"{guess} ({expected})" if guess else expected


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
