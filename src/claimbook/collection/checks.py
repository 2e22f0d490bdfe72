"""What the codebook asks of a collection, checked whole: every problem at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    KINDS,
    MOST_QUOTE_WORDS,
    REQUIRED_CLAIM_COLUMNS,
    REQUIRED_SOURCE_COLUMNS,
    REQUIRED_VOCABULARY_COLUMNS,
    SCHEMES,
    SCORES,
)
from claimbook.collection.problems import build_problems, join_problems, suggest
from claimbook.collection.quotes import split_quote
from claimbook.collection.vocabulary import Vocabulary, split_broader

_NUMBER: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_TEST = Callable[[str], str]


def check_claims(
    claims: pd.DataFrame,
    vocabulary: Vocabulary | None = None,
    sources: pd.DataFrame | None = None,
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

    Returns
    -------
    problems : DataFrame, one row per problem
        ``file`` is ``claims.csv``, ``record`` the 1-based place of the row, ``line`` missing:
        a table in memory has no lines. In the order of the rows.

    Examples
    --------
    >>> claims = pd.DataFrame([["c1", "spa", "pain", "massage", "pain", "yes", "It helps."]],
    ...                       columns=list(REQUIRED_CLAIM_COLUMNS))
    >>> check_claims(claims)["column"].tolist()
    ['recommendation']
    """
    vocabulary = vocabulary or Vocabulary()
    found = [
        _check_keys(
            claims,
            REQUIRED_CLAIM_COLUMNS,
            key=["claim_id"],
            terms=("claim_id", "source", *SCHEMES, "cited_study"),
        )
    ]
    for scheme in SCHEMES:
        if not vocabulary.is_open(scheme):
            found.append(_check_known(claims, scheme, vocabulary.find_terms(scheme)))
    if sources is not None and "source" in sources:
        remedy = "is not in sources.csv: add it there"
        for column in ("source", "cited_study"):
            found.append(_check_known(claims, column, sources["source"], remedy=remedy))
        found.append(_check_quoted(claims, sources))
    found.append(_check_cells(claims, "quote", _fault_quote))
    found.append(_check_own_study(claims))
    return _place("claims.csv", found)


def check_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """
    Check a table of sources against the codebook.

    Parameters
    ----------
    sources : DataFrame of str, one row per source
        Needs the column ``source``.

    Returns
    -------
    problems : DataFrame, one row per problem
        ``file`` is ``sources.csv``; ``record`` is 1-based, ``line`` missing.

    Examples
    --------
    >>> check_sources(pd.DataFrame({"source": ["spa"], "kind": ["blog"]}))["value"].tolist()
    ['blog']
    """
    found = [
        _check_keys(sources, REQUIRED_SOURCE_COLUMNS, key=["source"], terms=("source", "kind"))
    ]
    found.append(_check_known(sources, "kind", KINDS))
    found.append(_check_cells(sources, "url", _fault_url))
    found.append(_check_cells(sources, "sha256", _fault_sha256))
    found.append(_check_cells(sources, "text", _fault_text))
    found.append(_check_cells(sources, "doi", _fault_doi))
    found.append(_check_cells(sources, "pmid", _fault_pmid))
    return _place("sources.csv", found)


def check_vocabulary(table: pd.DataFrame) -> pd.DataFrame:
    """
    Check a table of terms: schemes, broader terms, scores, circles.

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
    found = [
        _check_keys(
            table, REQUIRED_VOCABULARY_COLUMNS, key=["scheme", "term"], terms=("scheme", "term")
        )
    ]
    found.append(_check_known(table, "scheme", SCHEMES))
    found.append(_check_broader(table))
    found.append(_check_scores(table))
    found.append(_check_circles(table))
    return _place("vocabulary.csv", found)


def _place(file: str, found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    problems = join_problems(table.assign(file=file) for table in found)
    return problems.drop_duplicates(["record", "column", "value", "problem"], ignore_index=True)


def _build(faults: Iterable[tuple[Any, str, str, str]]) -> pd.DataFrame:
    return build_problems(("", None, *fault) for fault in faults)


def _check_keys(
    table: pd.DataFrame, required: tuple[str, ...], *, key: list[str], terms: tuple[str, ...]
) -> pd.DataFrame:
    """Check that required cells hold something, that keys are unique and terms free of blanks."""
    found = [_check_values(table, column, _fault_empty) for column in required]
    for column in table.columns.intersection(list(terms)):
        found.append(_check_values(table, column, _fault_blanks))
    if set(key) <= set(table):
        found.append(_check_unique(table, key))
    return join_problems(found)


def _fault_empty(value: str) -> str:
    return "" if value.strip() else "is empty: fill it in"


def _fault_blanks(value: str) -> str:
    return "has blanks around it: remove them" if value != value.strip() != "" else ""


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


def _fault_quote(quote: str) -> str:
    if _is_plain_quote(quote):
        return ""
    try:
        sides = [side for side in split_quote(quote) if side is not None]
    except ValueError as error:
        return str(error)
    most = max(len(side.split()) for side in sides)
    if most <= MOST_QUOTE_WORDS:
        return ""
    if len(sides) == 1:
        return (
            f"runs over {most} words: keep at most {MOST_QUOTE_WORDS} at either end "
            "and put an ellipsis (…) between"
        )
    return f"has {most} words on one side of the ellipsis: keep at most {MOST_QUOTE_WORDS}"


def _is_plain_quote(quote: str) -> bool:
    """Tell a sound quote of the usual form, without what takes time to look into."""
    start, _, end = quote.partition("…")
    return (
        0 < len(start.split()) <= MOST_QUOTE_WORDS
        and 0 < len(end.split()) <= MOST_QUOTE_WORDS
        and "…" not in end
        and ".." not in quote
        and quote.isprintable()  # so that no word is invisible
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


def _check_quoted(claims: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    if "kind" not in sources or "source" not in claims:
        return build_problems()
    articles = sources.loc[sources["kind"] == ARTICLE, "source"]
    if "quote" not in claims:
        if not claims["source"].isin(articles).any():
            return build_problems()
        return _build([(None, "quote", "", "the column is missing: articles are quoted")])
    blank = [quote for quote in claims["quote"].unique().tolist() if not quote.strip()]
    bare = claims["source"].isin(articles) & claims["quote"].isin(blank)
    return _find_cells(claims, "quote", bare, "is empty: an article's claim needs its words")


def _check_own_study(claims: pd.DataFrame) -> pd.DataFrame:
    if not {"source", "cited_study"} <= set(claims):
        return build_problems()
    own = (claims["cited_study"] == claims["source"]) & (claims["source"] != "")
    return _find_cells(claims, "cited_study", own, "is the source itself: name another or none")


def _check_broader(table: pd.DataFrame) -> pd.DataFrame:
    if not {"scheme", "term", "broader"} <= set(table):
        return build_problems()
    terms = table.groupby("scheme")["term"].agg(set).to_dict()
    rows = zip(table["scheme"], table["broader"], strict=True)
    return _build(
        (record, "broader", cell, f"{broader!r} is no term of scheme {scheme}: add a row for it")
        for record, (scheme, cell) in enumerate(rows, start=1)
        for broader in split_broader(cell)
        if broader not in terms[scheme]
    )


def _check_scores(table: pd.DataFrame) -> pd.DataFrame:
    if not {"scheme", "term", "score"} <= set(table):
        return build_problems()
    scores = table["score"].str.strip()
    level = table["scheme"] == "recommendation"
    declared = bool((level & (scores != "")).any())
    found = [
        _find_cells(table, "score", ~level & (scores != ""), "only recommendation has scores"),
        _check_cells(table.assign(score=scores.where(level, "")), "score", _fault_score),
    ]
    if declared:
        bare = level & (scores == "")
        found.append(_find_cells(table, "score", bare, "is empty: other levels have a score"))
    else:
        levels = table.assign(term=table["term"].where(level, ""))
        remedy = "is a level of its own: give each level a score"
        found.append(_check_known(levels, "term", SCORES, remedy=remedy))
    return join_problems(found)


def _fault_score(cell: str) -> str:
    fine = re.fullmatch(_NUMBER, cell) and isfinite(float(cell))
    return "" if fine else "expected a number, such as 2 or -0.5"


def _check_circles(table: pd.DataFrame) -> pd.DataFrame:
    if not {"scheme", "term", "broader"} <= set(table):
        return build_problems()
    return _build(_find_circles(table))


def _find_circles(table: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    vocabulary = Vocabulary(table)
    for scheme in table["scheme"].unique():
        for term, broader, *rest in vocabulary.find_circles(scheme):
            step = table["broader"].map(lambda cell, goal=broader: goal in split_broader(cell))
            wrong = (table["scheme"] == scheme) & (table["term"] == term) & step
            row = int(wrong.to_numpy().argmax())
            path = " > ".join((term, broader, *rest))
            yield row + 1, "broader", table["broader"].iloc[row], f"goes round in a circle: {path}"
