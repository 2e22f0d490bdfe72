"""Problems found in a collection: one table for all of them, one error that carries it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

import pandas as pd
from rapidfuzz import fuzz, process

PROBLEM_COLUMNS: Final = ("file", "line", "record", "column", "value", "problem", "severity")
_NUMBERS: Final = {"line": "Int64", "record": "Int64"}
_VERBS: Final = {  # with which a problem may begin, and their plural
    "is": "are",
    "has": "have",
    **{f"{verb}s": verb for verb in ("differ", "hold", "lead", "look", "make", "repeat", "stand")},
}
_MOST_VALUES: Final = 5
_Place = tuple[int | None, int | None]  # line, record
_Said = tuple[str, str, str, tuple[str, ...], tuple[_Place, ...]]


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
    Write problems as lines for people, equal ones once with the rows that have them.

    Parameters
    ----------
    problems : DataFrame, one row per problem
        As `build_problems` makes it.

    Returns
    -------
    lines : list of str
        Such as ``claims.csv, line 42: aspect is 'pian': did you mean 'pain'?``, in the
        order in which they first come. Warnings that only differ in the value are one.

    Examples
    --------
    >>> rows = [("claims.csv", line, None, "aspect", "cost", "is not known: add it?")
    ...         for line in (3, 9)]
    >>> describe_problems(build_problems(rows))
    ["claims.csv: aspect 'cost' is not known: 2 rows, the first is line 3; add it?"]
    """
    alike: dict[tuple[str, ...], tuple[dict[str, None], dict[_Place, None]]] = {}
    numbers = (_list_numbers(problems[name]) for name in ("line", "record"))
    texts = (problems[name] for name in ("file", "severity", "problem", "column", "value"))
    for *key, value, line, record in zip(*texts, *numbers, strict=True):
        apart = "" if key[1] == "warning" else value
        values, places = alike.setdefault((*key, apart), ({}, {}))
        values[value] = places[line, record] = None
    together: dict[_Said, list[str]] = {}
    for (file, severity, problem, column, _), (values, places) in alike.items():
        said = (file, severity, problem, tuple(values), tuple(places))
        together.setdefault(said, []).append(column)
    return [_describe(*said, columns=columns) for said, columns in together.items()]


def _list_numbers(column: pd.Series) -> list[int | None]:
    return [None if pd.isna(number) else int(number) for number in column]


def _describe(
    file: str,
    severity: str,
    problem: str,
    values: tuple[str, ...],
    places: tuple[_Place, ...],
    columns: list[str],
) -> str:
    where = _name_place(file, *places[0])
    if len(places) > 1:
        fault, *remedy = re.split("[:;] ", problem, maxsplit=1)
        told = f"{fault}: {len(places):,} rows, the first is {where}"
        problem = "; ".join([told, *remedy])
        where = ""
    mark = "" if severity in ("fatal", "error") else f"{severity}: "
    said = _name_cells(columns, values, problem)
    return f"{', '.join(filter(None, (file, where)))}: {mark}{said}".removeprefix(": ")


def _name_place(file: str, line: int | None, record: int | None) -> str:
    """Name the line, and the record too where a spreadsheet shows it in another row."""
    if line is None:
        return f"record {record}" if record is not None else ""
    if ", sheet " in file:
        return f"row {line}"
    return f"line {line}" + (f" (record {record})" if record and record + 1 < line else "")


def _name_cells(columns: list[str], values: tuple[str, ...], problem: str) -> str:
    """Name the column and what it holds before what is wrong with it."""
    if columns == [""] and values == ("",):
        return problem
    shown = [repr(_shorten(value)) for value in values[:_MOST_VALUES]]
    if rest := len(values) - len(shown):
        shown.append(f"{rest:,} other{'s' * (rest > 1)}")
    named, held = join_words(columns), join_words(shown) if values != ("",) else ""
    verb, _, told = problem.partition(" ")
    if verb not in _VERBS:
        return f"{named} is {held}: {problem}" if named and held else f"{named or held}: {problem}"
    several = len(columns) > 1 or len(values) > 1
    return " ".join(filter(None, (named, held, _VERBS[verb] if several else verb, told)))


def join_words(words: Sequence[str]) -> str:
    """
    Join words as a sentence lists them.

    Examples
    --------
    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


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
    near = process.extractOne(value.strip().lower(), names, scorer=fuzz.ratio, score_cutoff=60)
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
