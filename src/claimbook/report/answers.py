"""What the sources disagree on, in one table: questions by sources, each cell an answer."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from claimbook.collection.codebook import ARTICLE, CONTRADICTION, DIRECT, FACETS, STUDY, USE
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.compare.conflicts import choose_headline, find_conflicts
from claimbook.compare.questions import count_questions
from claimbook.figures.style import name_kind
from claimbook.measures import order_sources
from claimbook.report.html import Section, render
from claimbook.report.wording import GUIDELINE, capitalise, find_names

# with more articles than this the columns are answers, and the cells name who gives them
_MOST_ARTICLES: Final = 8
_MOST_OPEN: Final = 9
_MOST_ROWS: Final = 60
_FEW: Final = 6
_Question = tuple[str, str, str]
_AMONG: Final = ("articles", "others", "own", "apart")


class Clash(NamedTuple):
    """
    A question on which answers are opposite.

    Attributes
    ----------
    question : (condition, intervention, aspect)
        What bears on use is one question.
    among : str
        Who gives them: two ``"articles"``; an article and one of the ``"others"``; a source in
        its ``"own"`` words; or, ``"apart"``, others only.
    contradicts : frozenset of str
        The sources that contradict themselves on it.
    claim_ids : tuple of str
        The claims that clash.
    """

    question: _Question
    among: str
    contradicts: frozenset[str]
    claim_ids: tuple[str, ...]


@of_collection
def gather_clashes(collection: Collection) -> list[Clash]:
    """
    Gather the points of conflict by the question they are on.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    clashes : list of Clash
        Of the direct conflicts and the self-contradictions of `find_conflicts`: that of
        `choose_headline` first, then those among articles, then by who else takes part.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> gather_clashes(read_collection("data"))[0].question
    ('back pain', 'massage', 'standalone')
    """
    points = find_conflicts(collection)
    points = points[points["kind"].isin([DIRECT, CONTRADICTION])]
    found: dict[_Question, list[Any]] = {}
    for point in iter_rows(points):
        question = _gather(collection, (point.condition, point.intervention, point.aspect))
        found.setdefault(question, []).append(point)
    clashes = [_join(collection, question, of) for question, of in found.items()]
    first = _gather(collection, choose_headline(collection))
    return sorted(clashes, key=lambda clash: (clash.question != first, _AMONG.index(clash.among)))


def _gather(collection: Collection, question: _Question) -> _Question:
    """Name a question by its one name, one that bears on use as the question of use."""
    terms = collection.terms
    condition, intervention, aspect = (
        terms.canon(facet, term) for facet, term in zip(FACETS, question, strict=True)
    )
    use = terms.canon("aspect", USE)
    under = aspect in terms.find_narrower("aspect", use)
    return condition, intervention, use if under else aspect


def _join(collection: Collection, question: _Question, points: list[Any]) -> Clash:
    articles, among = set(collection.articles or collection.claims["source"]), []
    for point in points:
        pro, con = set(point.sources_for), set(point.sources_against)
        if point.kind == CONTRADICTION:
            among.append("own")
        elif any((pro & articles) - {one} for one in con & articles):
            among.append("articles")
        else:
            among.append("others" if (pro | con) & articles else "apart")
    ids = [key for point in points for key in (*point.claims_for, *point.claims_against)]
    own = {point.sources_for[0] for point in points if point.kind == CONTRADICTION}
    return Clash(question, min(among, key=_AMONG.index), frozenset(own), tuple(dict.fromkeys(ids)))


class Column(NamedTuple):
    """A column of the table: its heading, and whether a claim belongs there."""

    heading: str
    holds: Callable[[Any], bool]
    single: bool


@of_collection
def show_answers(collection: Collection) -> Section:
    """
    Show what the sources disagree on: questions by sources, each cell an answer.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A table, one row per question of `gather_clashes`; where there is none, per question that
        most sources answer. Columns are the articles, then guidelines, studies and others
        together; of more than eight articles the sides, with who takes them. A cell shows each
        level given, and opens the claims and the words of its sources in the row below.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "yes, if" in show_answers(read_collection("data"))
    True
    """
    clashes = gather_clashes(collection)
    shown = clashes or _choose_shared(collection)
    columns = _list_columns(collection)
    rows = [_fill(collection, clash, columns) for clash in shown[:_MOST_ROWS]]
    filled = [any(row["cells"][place] for row in rows) for place in range(len(columns))]
    for row in rows:
        row["cells"] = [cell for cell, keep in zip(row["cells"], filled, strict=True) if keep]
    return render(
        "answers",
        names=find_names(collection),
        clashes=bool(clashes),
        rows=rows,
        open=_MOST_OPEN,
        rest=len(shown) - len(rows),
        columns=[column for column, keep in zip(columns, filled, strict=True) if keep],
        few=_FEW,
    )


def _choose_shared(collection: Collection) -> list[Clash]:
    """Choose the questions that most sources answer."""
    counts = count_questions(collection.gather_use())
    ranked = counts.sort_values(["sources", "claims"], ascending=False, kind="stable")
    shared = ranked[ranked["sources"] > 1]
    chosen = (shared if len(shared) else ranked).head(_MOST_OPEN)
    return [
        Clash(question, "", frozenset(), ())
        for question in chosen[list(FACETS)].itertuples(index=False, name=None)
    ]


@of_collection
def name_groups(collection: Collection) -> dict[str, str]:
    """Name the group in which each source that is no article is shown: guidelines, studies."""
    ordered = order_sources(collection)
    guidelines = find_names(collection).guidelines
    groups = {}
    for row in iter_rows(ordered[ordered["part"] != ARTICLE]):
        kind = GUIDELINE if row.kind in guidelines else STUDY if row.part == STUDY else row.kind
        groups[row.source] = name_kind(kind, collection.terms) if kind else "others"
    return groups


def _list_columns(collection: Collection) -> list[Column]:
    names, articles = find_names(collection), collection.articles
    if not 0 < len(articles) <= _MOST_ARTICLES:
        scores = collection.terms.scores
        return [
            Column(capitalise(names.side(side)), _takes(scores, sign), single=False)
            for side, sign in (("for", 1), ("uncertain", 0), ("against", -1))
        ]
    groups: dict[str, set[str]] = {}
    for source, group in name_groups(collection).items():
        groups.setdefault(capitalise(group), set()).add(source)
    return [
        *(Column(names.source(key), _says({key}), single=True) for key in articles),
        *(Column(name, _says(keys), single=False) for name, keys in groups.items()),
    ]


def _says(sources: set[str]) -> Callable[[Any], bool]:
    return lambda claim: claim.source in sources


def _takes(scores: dict[str, float], sign: int) -> Callable[[Any], bool]:
    def takes(claim: Any) -> bool:
        score = scores.get(claim.recommendation, 0.0)
        return (score > 0) - (score < 0) == sign

    return takes


def _fill(collection: Collection, clash: Clash, columns: list[Column]) -> dict[str, Any]:
    """Fill a row: for each column what is said there, None where it is silent."""
    answered = _find_answers(collection).get(clash.question, [])
    names = find_names(collection)
    claims = names.take(dict.fromkeys([*answered, *clash.claim_ids]))
    cells: list[dict[str, Any] | None] = []
    for column in columns:
        said = [claim for claim in claims if column.holds(claim)]
        cells.append(_tell(collection, clash, column, said) if said else None)
    return {"question": clash.question, "cells": cells}


@of_collection
def _find_answers(collection: Collection) -> dict[_Question, list[str]]:
    """Find the claims on each question, what bears on use as one."""
    asked = collection.gather_use().asked
    found: dict[_Question, list[str]] = {}
    asked_by = zip(
        asked.itertuples(index=False, name=None), collection.claims["claim_id"], strict=True
    )
    for question, claim_id in asked_by:
        found.setdefault(question, []).append(claim_id)
    return found


def _tell(collection: Collection, clash: Clash, column: Column, said: list[Any]) -> dict[str, Any]:
    """Tell the levels of a cell, who gives each, in whose words, and of what narrower case."""
    names, levels = find_names(collection), [*collection.terms.levels]
    givers: dict[tuple[str, bool], dict[str, None]] = {}
    for claim in said:
        quoted = column.single and bool(claim.speaker)
        givers.setdefault((claim.recommendation, quoted), {})[names.source(claim.source)] = None
    order = sorted(givers, key=lambda key: (levels.index(key[0]), key[1]))
    cases = (names.differ(claim, clash.question) for claim in said)
    return {
        "claims": said,
        "levels": [(*key, list(givers[key])) for key in order],
        "split": column.single and any(claim.source in clash.contradicts for claim in said),
        "cases": list(filter(None, dict.fromkeys(cases))) if column.single else [],
    }
