"""What the codebook asks of a collection, checked whole: every problem at once."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, pairwise
from math import isfinite
from typing import Final

import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    CODED,
    DRAFT_COLUMNS,
    FACETS,
    REQUIRED_SOURCE_COLUMNS,
    REQUIRED_VOCABULARY_COLUMNS,
    SCHEMES,
    VOCABULARY_COLUMNS,
    YES,
)
from claimbook.collection.problems import build_problems, suggest
from claimbook.collection.quotes import fold_text, split_quote
from claimbook.collection.spelling import find_near_terms
from claimbook.collection.vocabulary import Vocabulary, split_terms

_NUMBER: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_GREATEST: Final = 1e9  # a score; what is greater is a slip, and its squares overflow
_KEYS: Final = ("claim_id", "source", "cited_study")
_MONTH: Final = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MANGLED: Final = {
    "an error": re.compile(r"#(REF!|NAME\?|VALUE!|N/A|NULL!|NUM!|DIV/0!)|#{3,}"),
    "a number": re.compile(r"\d(\.\d+)?E[+-]?\d+", re.IGNORECASE),
    "a date": re.compile(
        rf"\d{{1,2}}-{_MONTH}(-\d{{2,4}})?|{_MONTH}-\d{{2,4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}",
        re.IGNORECASE,
    ),
}
_MANGLED_ANYHOW: Final = re.compile("|".join(form.pattern for form in _MANGLED.values()), re.I)
_Test = Callable[[str], str]
_Fault = tuple[int | None, str, str, str, str]  # record, column, value, problem, severity
_Faults = Iterator[_Fault]


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
        *(_check_values(claims, column, _fault_empty, "draft") for column in DRAFT_COLUMNS),
        _check_keys(claims, ("claim_id", "source"), key=["claim_id"], twice="fatal"),
        *(
            _check_known(claims, scheme, vocabulary.find_terms(scheme))
            for scheme in CODED
            if not vocabulary.is_open(scheme)
        ),
    ]
    if sources is not None and "source" in sources:
        remedy = "is not in sources.csv: add it there"
        for column in ("source", "cited_study"):
            found.append(_check_known(claims, column, sources["source"], remedy=remedy))
        found.append(_check_quoted(claims, sources, vocabulary))
    found.append(_check_cells(claims, "universal", _fault_universal))
    found.append(_check_cells(claims, "quote", _fault_quote))
    if quote_words is not None:
        long = partial(_fault_length, most=quote_words)
        found.append(_check_cells(claims, "quote", long, "warning"))
    found.append(_check_own_study(claims))
    found.append(_check_repeated(claims))
    found.append(_check_mangled(claims, vocabulary))
    found.append(_check_near(claims, vocabulary))
    return _place("claims.csv", found)


def check_sources(
    sources: pd.DataFrame,
    vocabulary: Vocabulary | None = None,
    claims: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Check a table of sources against the codebook.

    Parameters
    ----------
    sources : DataFrame of str, one row per source
        Needs the column ``source``.
    vocabulary : Vocabulary, optional
        Knows the collection's own kinds.
    claims : DataFrame, optional, one row per claim
        Where they are given, a source that makes none and that none cites is told of.

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
        *(
            _check_cells(sources, column, fault, "warning")
            for column, fault in _FAULTS_OF_SOURCES.items()
        ),
        _check_mangled(sources, vocabulary or Vocabulary()),
    ]
    if claims is not None and len(claims):
        found.append(_check_silent(sources, claims))
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
        _check_sides(table, vocabulary),
        _find_circles(table, vocabulary),
    ]
    return _place("vocabulary.csv", found)


def _place(file: str, found: Iterable[Iterable[_Fault]]) -> pd.DataFrame:
    """Put what was found in the order of the records, each fault once."""
    faults: dict[tuple, _Fault] = {}
    for fault in chain.from_iterable(found):
        faults.setdefault(fault[:4], fault)
    placed = sorted(faults.values(), key=lambda fault: fault[0] or 0)
    return build_problems((file, None, *fault) for fault in placed)


def _check_keys(
    table: pd.DataFrame, required: tuple[str, ...], *, key: list[str], twice: str = "error"
) -> _Faults:
    """Check that required cells hold something and that keys are unique."""
    for column in required:
        yield from _check_values(table, column, _fault_empty)
    if set(key) <= set(table):
        yield from _check_unique(table, key, twice)


def _fault_empty(value: str) -> str:
    return "" if value.strip() else "is empty: fill in what belongs there"


def _check_unique(table: pd.DataFrame, key: list[str], severity: str) -> _Faults:
    first: dict[tuple[str, ...], int] = {}
    for record, values in enumerate(zip(*(table[name] for name in key), strict=True), start=1):
        place = first.setdefault(values, record)
        if place < record and all(values):
            fault = f"stands in record {place} already: each must be unique"
            yield record, key[-1], values[-1], fault, severity


def _check_known(
    table: pd.DataFrame, column: str, known: Iterable[str], *, remedy: str = ""
) -> _Faults:
    """Check that what a column holds is known; empty cells are another check's matter."""
    known = list(known)
    remedy = remedy or f"is no known {column}"

    def fault(value: str) -> str:
        if value in names:
            return ""
        hint = suggest(value, known)
        if column in FACETS:
            hint = f"{hint}; or" if hint else "if it is meant,"
            hint += " add it to vocabulary.csv"
        return f"{remedy}; {hint}".removesuffix("; ")

    names = set(known)
    return _check_cells(table, column, fault)


def _check_cells(
    table: pd.DataFrame, column: str, fault: _Test, severity: str = "error"
) -> _Faults:
    """Ask `fault` of each value of a column that is not blank."""
    return _check_values(
        table, column, lambda value: fault(value) if value.strip() else "", severity
    )


def _check_values(
    table: pd.DataFrame, column: str, fault: _Test, severity: str = "error"
) -> _Faults:
    """Ask `fault` once for each value of a column, wherever it stands."""
    if column not in table:
        return
    cells = table[column].tolist()
    wrong = {value: problem for value in set(cells) if (problem := fault(value))}
    if wrong:
        for record, value in enumerate(cells, start=1):
            if value in wrong:
                yield record, column, value, wrong[value], severity


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


def _check_quoted(claims: pd.DataFrame, sources: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    if "source" not in claims:
        return
    known = {"", *vocabulary.find_terms("kind")}
    kinds = sources["kind"] if "kind" in sources else [ARTICLE] * len(sources)
    articles = {
        source
        for source, kind in zip(sources["source"], kinds, strict=True)
        if kind in known and vocabulary.part(kind) == ARTICLE
    }
    if "quote" not in claims:
        if not articles.isdisjoint(claims["source"]):
            yield None, "quote", "", "the column is missing: articles are quoted", "warning"
        return
    rows = zip(claims["source"], claims["quote"], strict=True)
    for record, (source, quote) in enumerate(rows, start=1):
        if source in articles and not quote.strip():
            fault = "is empty: an article's claim needs its words"
            yield record, "quote", quote, fault, "warning"


def _check_own_study(claims: pd.DataFrame) -> _Faults:
    if {"source", "cited_study"} <= set(claims):
        rows = zip(claims["source"], claims["cited_study"], strict=True)
        for record, (source, cited) in enumerate(rows, start=1):
            if source == cited != "":
                fault = "is the source itself: name another or none"
                yield record, "cited_study", cited, fault, "error"


def _check_repeated(claims: pd.DataFrame) -> _Faults:
    """Tell of a claim that is coded as another of its source, and in the same words."""
    needed = ["source", *FACETS, "recommendation"]
    if not {"claim_id", *needed} <= set(claims):
        return
    coded = [*needed, *(["speaker"] if "speaker" in claims else [])]
    twice = claims.duplicated(coded, keep=False)
    if not twice.any():
        return
    alike = claims[twice & (claims[needed] != "").all(axis=1)]
    for column in ("claim", "quote"):
        first: dict[tuple[str, ...], str] = {}
        if column not in alike:
            continue
        rows = zip(*(alike[name] for name in (*coded, column)), strict=True)
        for record, claim, row in zip(alike.index + 1, alike["claim_id"], rows, strict=True):
            if not (words := fold_text(row[-1]).strip()):
                continue
            if (before := first.setdefault((*row[:-1], words), claim)) != claim:
                fault = f"repeats {before}: the same source, terms, level and words; keep one"
                yield int(record), "claim_id", claim, fault, "warning"


def _check_mangled(table: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    """Tell of keys and terms that a spreadsheet has turned into something else."""
    for column in (name for name in (*_KEYS, *FACETS) if name in table):
        known = set(vocabulary.find_terms(column)) if column in FACETS else set()

        def fault(cell: str, known: set[str] = known, is_term: bool = column in FACETS) -> str:
            if _MANGLED_ANYHOW.fullmatch(cell):
                what = next(what for what, form in _MANGLED.items() if form.fullmatch(cell))
            elif is_term and re.fullmatch(_NUMBER, cell):
                what = "a number"
            else:
                return ""
            return (
                ""
                if cell in known
                else (
                    f"looks like {what} that a spreadsheet has made of it: "
                    "write it anew in a cell formatted as text"
                )
            )

        yield from _check_cells(table, column, fault, "warning")


def _check_near(claims: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    """Tell of a term used once that is nearly another."""
    for scheme in (name for name in FACETS if name in claims and vocabulary.is_open(name)):
        counts = Counter(claims[scheme].tolist())
        pairs = find_near_terms([*vocabulary.find_terms(scheme), *counts])
        meant = {}
        for pair in pairs:
            rare = min(reversed(pair), key=lambda term: counts.get(term, 0) or len(claims))
            if counts.get(rare) == 1:
                meant[rare] = pair[pair[0] == rare]
        for record, term in enumerate(claims[scheme].tolist(), start=1):
            if term in meant:
                fault = (
                    f"is used once, and nearly {meant[term]!r}: write both alike, or declare both"
                )
                yield record, scheme, term, fault, "warning"


def _check_silent(sources: pd.DataFrame, claims: pd.DataFrame) -> _Faults:
    """Tell of a source that makes no claim, and that none cites."""
    heard = {""}.union(*(claims[name] for name in ("source", "cited_study") if name in claims))
    fault = "makes no claim, and none cites it: enter its claims, or delete the row"
    return _check_cells(
        sources, "source", lambda source: "" if source in heard else fault, "warning"
    )


def _check_terms(table: pd.DataFrame, vocabulary: Vocabulary, column: str) -> _Faults:
    """Check that what a cell of terms names is known in the scheme of its row."""
    known = {scheme: set(vocabulary.find_terms(scheme)) for scheme in set(table["scheme"])}
    rows = zip(table["scheme"], table[column], strict=True)
    for record, (scheme, cell) in enumerate(rows, start=1):
        for other in split_terms(cell):
            if other not in known[scheme]:
                fault = f"{other!r} is no term of scheme {scheme}: add a row for it"
                yield record, column, cell, fault, "error"


def _check_scores(table: pd.DataFrame) -> _Faults:
    rows = zip(table["scheme"], table["score"], strict=True)
    for record, (scheme, cell) in enumerate(rows, start=1):
        score = cell.strip()
        if score and scheme != "recommendation":
            yield record, "score", cell, "only recommendation has scores", "warning"
        elif score and (fault := _fault_score(score)):
            yield record, "score", score, fault, "error"


def _fault_score(cell: str) -> str:
    if not re.fullmatch(_NUMBER, cell) or not isfinite(float(cell)):
        return "expected a number, such as 2 or -0.5"
    return "" if abs(float(cell)) <= _GREATEST else f"is too great: keep within {_GREATEST:,.0f}"


def _check_sides(table: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    """Tell of a scale that can show no conflict, and how to centre it."""
    scores = list(vocabulary.scores.values())
    if len(scores) < 2 or min(scores) < 0 < max(scores):
        return
    rows = enumerate(zip(table["scheme"], table["score"], strict=True), start=1)
    given = [
        (record, cell)
        for record, (scheme, cell) in rows
        if scheme == "recommendation" and cell.strip()
    ]
    if not given or any(_fault_score(cell.strip()) for _, cell in given):
        return
    middle = (max(scores) + min(scores)) / 2
    moved = ", ".join(f"{level} {score - middle:+g}" for level, score in vocabulary.scores.items())
    fault = (
        "every level lies on one side of 0, so that no two claims can conflict: "
        f"give the middle 0, such as {moved}"
    )
    record, cell = given[0]
    yield record, "score", cell, fault, "warning"


def _find_circles(table: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    """Tell of each circle at a step that the table itself declares."""
    steps: dict[tuple[str, str, str], tuple[int, str]] = {}
    rows = zip(table["scheme"], table["term"], table["broader"], strict=True)
    for record, (scheme, term, cell) in enumerate(rows, start=1):
        for other in split_terms(cell):
            step = (scheme, vocabulary.canon(scheme, term), vocabulary.canon(scheme, other))
            steps.setdefault(step, (record, cell))
    for scheme in dict.fromkeys(table["scheme"]):
        for circle in vocabulary.find_circles(scheme):
            place = next(
                place for place, step in enumerate(pairwise(circle)) if (scheme, *step) in steps
            )
            record, cell = steps[scheme, circle[place], circle[place + 1]]
            path = " > ".join([*circle[place:], *circle[1 : place + 1]])
            yield record, "broader", cell, f"goes round in a circle: {path}", "fatal"
