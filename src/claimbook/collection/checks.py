"""What the codebook asks of a collection, checked whole: every problem at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import isfinite
from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    CODED,
    DRAFT_COLUMNS,
    REQUIRED_SOURCE_COLUMNS,
    REQUIRED_VOCABULARY_COLUMNS,
    SCHEMES,
    VOCABULARY_COLUMNS,
    YES,
)
from claimbook.collection.problems import build_problems, join_problems, suggest
from claimbook.collection.quotes import split_quote
from claimbook.collection.vocabulary import Vocabulary, split_terms

_NUMBER: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_GREATEST: Final = 1e9  # a score; what is greater is a slip, and its squares overflow
_TEST = Callable[[str], str]


def check_claims(
    claims: pd.DataFrame,
    vocabulary: Vocabulary | None = None,
    sources: pd.DataFrame | None = None,
    *,
    quote_words: int | None = None,
) -> pd.DataFrame:
    """
    Check a table of claims against the codebook.

    Parameters
    ----------
    claims : DataFrame of str, one row per claim
        The columns of the codebook; an empty cell is ``""``.
    vocabulary : Vocabulary, optional
        The terms known; the codebook's where none is given.
    sources : DataFrame, optional, one row per source
        The sources known; any where none are given.
    quote_words : int, optional
        The most words that a part of a quote may have; no limit where it is not given.

    Returns
    -------
    problems : DataFrame, one row per problem
        ``file`` is ``claims.csv``, ``record`` the 1-based place of the row, ``line`` missing:
        a table in memory has no lines; ``severity`` as the contract has it. In the order of the
        rows.

    Examples
    --------
    >>> from claimbook.collection.codebook import REQUIRED_CLAIM_COLUMNS
    >>> claims = pd.DataFrame([["c1", "spa", "pain", "massage", "pain", "yes", "It helps."]],
    ...                       columns=list(REQUIRED_CLAIM_COLUMNS))
    >>> check_claims(claims)["column"].tolist()
    ['recommendation']
    """
    vocabulary = vocabulary or Vocabulary()
    found = [
        _check_values(claims, column, _fault_empty).assign(severity="draft")
        for column in DRAFT_COLUMNS
    ]
    found.append(_check_keys(claims, ("claim_id", "source"), key=["claim_id"], fatal=True))
    for scheme in CODED:
        if not vocabulary.is_open(scheme):
            found.append(_check_known(claims, scheme, vocabulary.find_terms(scheme)))
    if sources is not None and "source" in sources:
        remedy = "is not in sources.csv: add it there"
        for column in ("source", "cited_study"):
            found.append(_check_known(claims, column, sources["source"], remedy=remedy))
        found.append(_check_quoted(claims, sources, vocabulary).assign(severity="warning"))
    found.append(_check_cells(claims, "universal", _fault_universal))
    found.append(_check_cells(claims, "quote", _fault_quote))
    if quote_words is not None:
        long = partial(_fault_length, most=quote_words)
        found.append(_check_cells(claims, "quote", long).assign(severity="warning"))
    found.append(_check_own_study(claims))
    return _place("claims.csv", found)


def check_sources(sources: pd.DataFrame, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """
    Check a table of sources against the codebook.

    Parameters
    ----------
    sources : DataFrame of str, one row per source
        Needs the column ``source``.
    vocabulary : Vocabulary, optional
        Knows the collection's own kinds.

    Returns
    -------
    problems : DataFrame, one row per problem
        ``file`` is ``sources.csv``; ``record`` is 1-based, ``line`` missing.

    Examples
    --------
    >>> check_sources(pd.DataFrame({"source": ["spa"], "kind": ["blog"]}))["value"].tolist()
    ['blog']
    """
    kinds = (vocabulary or Vocabulary()).find_terms("kind")
    remedy = "is no known kind: add it to vocabulary.csv, scheme kind, broader article or study"
    found = [
        _check_keys(sources, REQUIRED_SOURCE_COLUMNS, key=["source"]),
        _check_known(sources, "kind", kinds, remedy=remedy),
    ]
    for column, fault in _FAULTS_OF_SOURCES.items():
        found.append(_check_cells(sources, column, fault).assign(severity="warning"))
    return _place("sources.csv", found)


def check_vocabulary(table: pd.DataFrame) -> pd.DataFrame:
    """
    Check a table of terms: schemes, broader terms, terms that are the same, scores, circles.

    Parameters
    ----------
    table : DataFrame of str, one row per term
        Needs the columns ``scheme`` and ``term``.

    Returns
    -------
    problems : DataFrame, one row per problem
        ``file`` is ``vocabulary.csv``; ``record`` is 1-based, ``line`` missing.

    Examples
    --------
    >>> table = pd.DataFrame({"scheme": ["condition"], "term": ["sciatica"], "broader": ["pain"]})
    >>> check_vocabulary(table)["problem"].tolist()
    ["'pain' is no term of scheme condition: add a row for it"]
    """
    table = table.reindex(columns=list(VOCABULARY_COLUMNS), fill_value="")
    vocabulary = Vocabulary(table)
    found = [
        _check_keys(table, REQUIRED_VOCABULARY_COLUMNS, key=["scheme", "term"]),
        _check_known(table, "scheme", SCHEMES),
        _check_terms(table, vocabulary, "broader"),
        _check_terms(table, vocabulary, "same_as"),
        _check_scores(table),
        _check_sides(table, vocabulary).assign(severity="warning"),
        _build(_find_circles(table, vocabulary)).assign(severity="fatal"),
    ]
    return _place("vocabulary.csv", found)


def _place(file: str, found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    problems = join_problems(table.assign(file=file) for table in found)
    return problems.drop_duplicates(["record", "column", "value", "problem"], ignore_index=True)


def _build(faults: Iterable[tuple[Any, str, str, str]]) -> pd.DataFrame:
    return build_problems(("", None, *fault) for fault in faults)


def _check_keys(
    table: pd.DataFrame, required: tuple[str, ...], *, key: list[str], fatal: bool = False
) -> pd.DataFrame:
    """Check that required cells hold something and that keys are unique."""
    found = [_check_values(table, column, _fault_empty) for column in required]
    if set(key) <= set(table):
        found.append(_check_unique(table, key).assign(severity="fatal" if fatal else "error"))
    return join_problems(found)


def _fault_empty(value: str) -> str:
    return "" if value.strip() else "is empty: fill it in"


def _check_unique(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    twice = table.duplicated(key)
    if not twice.any():
        return build_problems()
    twice &= (table[key] != "").all(axis=1)
    first = (~table.duplicated(key)).to_numpy().nonzero()[0]
    place = {
        tuple(values): row + 1
        for row, values in zip(first, table[key].to_numpy()[first], strict=True)
    }
    return _build(
        (
            row + 1,
            key[-1],
            values[-1],
            f"stands in record {place[tuple(values)]} already: each must be unique",
        )
        for row, values in zip(
            twice.to_numpy().nonzero()[0], table.loc[twice, key].to_numpy(), strict=True
        )
    )


def _find_cells(table: pd.DataFrame, column: str, wrong: pd.Series, problem: str) -> pd.DataFrame:
    rows = wrong.to_numpy(dtype=bool).nonzero()[0]
    values = table[column].iloc[rows]
    return _build(
        (row + 1, column, value, problem) for row, value in zip(rows, values, strict=True)
    )


def _check_known(
    table: pd.DataFrame, column: str, known: Iterable[str], *, remedy: str = ""
) -> pd.DataFrame:
    """Check that what a column holds is known; empty cells are another check's matter."""
    known = list(known)
    remedy = remedy or f"is no known {column}"

    def fault(value: str) -> str:
        if value in names:
            return ""
        hint = suggest(value, known) or "if it is meant, add it to vocabulary.csv"
        return f"{remedy}; {hint}"

    names = set(known)
    return _check_cells(table, column, fault)


def _check_cells(table: pd.DataFrame, column: str, fault: _TEST) -> pd.DataFrame:
    """Ask `fault` of each value of a column that is not blank."""
    return _check_values(table, column, lambda value: fault(value) if value.strip() else "")


def _check_values(table: pd.DataFrame, column: str, fault: _TEST) -> pd.DataFrame:
    """Ask `fault` once for each value of a column, wherever it stands."""
    if column not in table:
        return build_problems()
    values = table[column].unique().tolist()
    wrong = {value: problem for value in values if (problem := fault(value))}
    if not wrong:
        return build_problems()
    rows = table[column].isin(list(wrong)).to_numpy().nonzero()[0]
    return _build(
        (row + 1, column, value, wrong[value])
        for row, value in zip(rows, table[column].iloc[rows], strict=True)
    )


def _fault_universal(cell: str) -> str:
    return "" if cell.casefold() == YES else f"expected {YES!r}, or nothing"


def _fault_quote(quote: str) -> str:
    try:
        split_quote(quote)
    except ValueError as error:
        return str(error)
    return ""


def _fault_length(quote: str, *, most: int) -> str:
    try:
        longest = max(len(part.split()) for part in split_quote(quote))
    except ValueError:
        return ""
    if longest <= most:
        return ""
    return (
        f"has {longest} words in one part: quote_words allows {most}; "
        "leave words out and put an ellipsis (…) in their place"
    )


def _fault_url(url: str) -> str:
    return "" if url.startswith(("http://", "https://")) else "expected http:// or https://"


def _fault_text(name: str) -> str:
    return "expected the name of a file, without a folder" if {"/", "\\"} & set(name) else ""


def _fault_sha256(digest: str) -> str:
    fine = len(digest) == 64 and set(digest.lower()) <= set("0123456789abcdef")
    return "" if fine else "expected 64 hexadecimal digits: see 'sha256sum FILE'"


def _fault_doi(doi: str) -> str:
    fine = (
        doi.startswith("10.") and "/" in doi and not doi.split("/", 1)[0][3:].strip("0123456789.")
    )
    return "" if fine else "expected a DOI alone, such as 10.1002/14651858, with no address before"


def _fault_pmid(pmid: str) -> str:
    return "" if pmid.isascii() and pmid.isdigit() else "expected the number of a PubMed record"


_FAULTS_OF_SOURCES: Final = {
    "url": _fault_url,
    "sha256": _fault_sha256,
    "text": _fault_text,
    "doi": _fault_doi,
    "pmid": _fault_pmid,
}


def _check_quoted(
    claims: pd.DataFrame, sources: pd.DataFrame, vocabulary: Vocabulary
) -> pd.DataFrame:
    if "source" not in claims:
        return build_problems()
    kinds = sources.get("kind", pd.Series(ARTICLE, sources.index))
    known = kinds.isin(["", *vocabulary.find_terms("kind")])
    spoken = known & (kinds.map(vocabulary.part) == ARTICLE)
    articles = claims["source"].isin(sources.loc[spoken, "source"])
    if "quote" not in claims:
        if not articles.any():
            return build_problems()
        return _build([(None, "quote", "", "the column is missing: articles are quoted")])
    blank = [quote for quote in claims["quote"].unique().tolist() if not quote.strip()]
    bare = articles & claims["quote"].isin(blank)
    return _find_cells(claims, "quote", bare, "is empty: an article's claim needs its words")


def _check_own_study(claims: pd.DataFrame) -> pd.DataFrame:
    if not {"source", "cited_study"} <= set(claims):
        return build_problems()
    own = (claims["cited_study"] == claims["source"]) & (claims["source"] != "")
    return _find_cells(claims, "cited_study", own, "is the source itself: name another or none")


def _check_terms(table: pd.DataFrame, vocabulary: Vocabulary, column: str) -> pd.DataFrame:
    """Check that what a cell of terms names is known in the scheme of its row."""
    known = {scheme: set(vocabulary.find_terms(scheme)) for scheme in table["scheme"].unique()}
    rows = zip(table["scheme"], table[column], strict=True)
    return _build(
        (record, column, cell, f"{other!r} is no term of scheme {scheme}: add a row for it")
        for record, (scheme, cell) in enumerate(rows, start=1)
        for other in split_terms(cell)
        if other not in known[scheme]
    )


def _check_scores(table: pd.DataFrame) -> pd.DataFrame:
    scores = table["score"].str.strip()
    level = table["scheme"] == "recommendation"
    idle = _find_cells(table, "score", ~level & (scores != ""), "only recommendation has scores")
    wrong = _check_cells(table.assign(score=scores.where(level, "")), "score", _fault_score)
    return join_problems([idle.assign(severity="warning"), wrong])


def _fault_score(cell: str) -> str:
    if not re.fullmatch(_NUMBER, cell) or not isfinite(float(cell)):
        return "expected a number, such as 2 or -0.5"
    return "" if abs(float(cell)) <= _GREATEST else f"is too great: keep within {_GREATEST:,.0f}"


def _check_sides(table: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Tell of a scale that can show no conflict, and how to centre it."""
    scores = list(vocabulary.scores.values())
    if len(scores) < 2 or min(scores) < 0 < max(scores):
        return build_problems()
    given = table["score"].str.strip().where(table["scheme"] == "recommendation", "")
    rows = (given != "").to_numpy().nonzero()[0]
    if not len(rows) or any(map(_fault_score, filter(None, given))):
        return build_problems()
    middle = (max(scores) + min(scores)) / 2
    moved = ", ".join(f"{level} {score - middle:+g}" for level, score in vocabulary.scores.items())
    fault = (
        "every level lies on one side of 0, so that no two claims can conflict: "
        f"give the middle 0, such as {moved}"
    )
    row = int(rows[0])
    return _build([(row + 1, "score", table["score"].iloc[row], fault)])


def _find_circles(
    table: pd.DataFrame, vocabulary: Vocabulary
) -> Iterator[tuple[int, str, str, str]]:
    for scheme in table["scheme"].unique():
        names = table["term"].map(lambda term, scheme=scheme: vocabulary.canon(scheme, term))
        for term, broader, *rest in vocabulary.find_circles(scheme):
            step = [
                broader in (vocabulary.canon(scheme, other) for other in split_terms(cell))
                for cell in table["broader"]
            ]
            wrong = (table["scheme"] == scheme) & (names == term) & pd.Series(step, table.index)
            row = int(wrong.to_numpy().argmax())
            path = " > ".join((term, broader, *rest))
            yield row + 1, "broader", table["broader"].iloc[row], f"goes round in a circle: {path}"
