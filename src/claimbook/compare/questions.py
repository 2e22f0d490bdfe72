"""Questions and points of conflict: what the pairs of claims amount to, for people."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, SCOPES, USE, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import (
    Meetings,
    Questions,
    find_questions,
    meet_questions,
    score_claims,
)

QUESTION_COLUMNS: Final = (
    *FACETS,
    "sources",
    "claims",
    "for",
    "uncertain",
    "against",
    "lowest",
    "highest",
    "verdict",
)
CONFLICT_COLUMNS: Final = (
    "kind",
    *FACETS,
    "narrower_condition",
    "narrower_intervention",
    "narrower_aspect",
    "narrower_side",
    "sources_for",
    "sources_against",
    "claims_for",
    "claims_against",
    "distance",
)
CONFLICT_KINDS: Final = ("conflict", "self-contradiction", "exception", "overlap")
_Question = tuple[str, str, str]
_Point = tuple[str, _Question, _Question, str]
_NOTHING: Final = ("", "", "")


def count_questions(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Count the claims on each question and say how the sources stand to one another on it.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``; ``sources`` and ``claims`` (how many);
        ``for``, ``uncertain``, ``against`` (claims on either side and in the middle);
        ``lowest`` and ``highest`` level; ``verdict``: conflict (sources stand on opposite sides),
        self-contradiction (one source does, with itself only), single source, qualify (levels
        differ), agree. In the order in which the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "cause", "recommendation": ["for", "against"]})
    >>> count_questions(claims, Vocabulary())[["for", "against", "verdict"]].values.tolist()
    [[1, 1, 'conflict']]
    """
    levels, scores = score_claims(claims, vocabulary)
    questions = find_questions(claims)
    of_claim, number = questions.of_claim, len(questions.table)
    source, _ = pd.factorize(claims["source"])

    def count(rows: np.ndarray) -> np.ndarray:
        return np.bincount(of_claim[rows], minlength=number)

    def count_sources(rows: np.ndarray) -> np.ndarray:
        width = source.max(initial=0) + 1
        pairs = pd.unique(of_claim[rows] * width + source[rows])
        return np.bincount(pairs // width, minlength=number)

    lowest, highest = np.zeros(number, dtype=int), np.full(number, len(vocabulary.levels))
    np.maximum.at(lowest, of_claim, levels)
    np.minimum.at(highest, of_claim, levels)
    names = np.array([*vocabulary.levels, ""], dtype=object)
    counts = questions.table.assign(
        sources=count_sources(scores == scores),
        claims=count(scores == scores),
        **{"for": count(scores > 0), "uncertain": count(scores == 0), "against": count(scores < 0)},
        lowest=names[lowest] if number else "",
        highest=names[highest] if number else "",
    )
    verdict = _judge(counts, count_sources(scores != 0) > 1)
    return counts.assign(verdict=verdict)[list(QUESTION_COLUMNS)]


def _judge(counts: pd.DataFrame, several_take_sides: np.ndarray) -> np.ndarray:
    """Name the verdict: where two sources take sides and both sides are taken, they conflict."""
    both = ((counts["for"] > 0) & (counts["against"] > 0)).to_numpy()
    conflict, contradiction, qualify, agree, single = VERDICTS
    return np.select(
        [
            both & several_take_sides,
            both,
            (counts["sources"] == 1).to_numpy(),
            (counts["lowest"] != counts["highest"]).to_numpy(),
        ],
        [conflict, contradiction, single, qualify],
        default=agree,
    )


def find_answers(
    claims: pd.DataFrame, vocabulary: Vocabulary, question: tuple[str, str, str]
) -> pd.DataFrame:
    """
    Find the claims that answer a question, or one broader or narrower.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``condition``, ``intervention`` and ``aspect``.
    vocabulary : Vocabulary
        Says what is broader.
    question : (condition, intervention, aspect)
        Terms; none of the claims need have asked just this.

    Returns
    -------
    answers : DataFrame, one row per claim
        The claims that meet the question, in their order, with ``scope`` (same, nested, crossed)
        and ``stands`` (``"at"`` the question, ``"under"`` it where the claim is narrower,
        ``"over"`` it where the claim is broader, ``"across"`` in crossed scope).

    Examples
    --------
    >>> claims = pd.DataFrame({"condition": "pain", "intervention": "massage",
    ...                        "aspect": ["sleep", "cause"]})
    >>> find_answers(claims, Vocabulary(), ("pain", "massage", "effect"))["stands"].tolist()
    ['under']
    """
    asked = pd.DataFrame([question], columns=list(FACETS), dtype="str")
    questions = find_questions(pd.concat([asked, claims[list(FACETS)]], ignore_index=True))
    meetings = meet_questions(questions.table, vocabulary)
    met = meetings.first == 0
    stands = np.where(meetings.scope == 0, 0, np.where(meetings.scope == 2, 3, meetings.broader))
    chosen = pd.DataFrame(
        {"scope": meetings.scope[met], "stands": stands[met]}, index=meetings.second[met]
    )
    chosen = chosen.reindex(questions.of_claim[1:], fill_value=-1).set_axis(claims.index)
    answers = claims.assign(
        scope=chosen["scope"].map(dict(enumerate(SCOPES))),
        stands=chosen["stands"].map(dict(enumerate(("at", "under", "over", "across")))),
    )
    return answers[(chosen["scope"] >= 0).to_numpy()]


def find_conflicts(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Gather conflicting claims into points that a person can take in one by one.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``.
    vocabulary : Vocabulary
        Says what is broader, and what a level scores.

    Returns
    -------
    points : DataFrame, one row per point of conflict
        ``kind``: ``"conflict"`` (sources, same scope), ``"self-contradiction"`` (one source, same
        scope), ``"exception"`` (sources, nested: one says otherwise of a narrower case) or
        ``"overlap"`` (sources, crossed scope). ``condition``, ``intervention``, ``aspect``: what
        it is on; aspects under ``use`` are one point, ``use``. ``narrower_condition``,
        ``narrower_intervention``, ``narrower_aspect``: of an exception the narrower case, of an
        overlap the other one, else empty. ``narrower_side``: of an exception, the side on which
        the narrower claims stand, ``"for"`` or ``"against"``, else empty. ``sources_for``,
        ``sources_against``, ``claims_for``, ``claims_against``: tuples of keys, in the order of
        the claims. ``distance``: the widest. Kinds in the order above, within a kind the widest
        distance and the most sources first.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Notes
    -----
    No pairs of claims are listed: questions are held against questions.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "standalone",
    ...     "recommendation": ["conditional for", "against"]})
    >>> find_conflicts(claims, Vocabulary())[["kind", "sources_against", "distance"]].values
    array([['conflict', ('clinic',), 3]], dtype=object)
    """
    _, scores = score_claims(claims, vocabulary)
    questions = find_questions(claims)
    meetings = meet_questions(questions.table, vocabulary)
    topics = _name_topics(questions.table, vocabulary)
    ids, sources = claims["claim_id"].tolist(), claims["source"].tolist()
    stands = scores.tolist()
    points: dict[_Point, tuple[set[int], list[Any]]] = {}
    for point, rows in _find_opposed(claims, scores, questions, meetings, topics):
        members, distances = points.setdefault(point, (set(), []))
        members.update(rows)
        distances.append(_find_widest(rows, sources, stands, point[0]))
    table = pd.DataFrame(
        [
            (*_describe_point(point, sorted(rows), ids, sources, stands), max(distances))
            for point, (rows, distances) in points.items()
        ],
        columns=list(CONFLICT_COLUMNS),
    )
    order = table.assign(
        kind=table["kind"].map(CONFLICT_KINDS.index),
        distance=-table["distance"],
        sources=-(table["sources_for"].map(len) + table["sources_against"].map(len)),
    ).sort_values(["kind", "distance", "sources"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _name_topics(table: pd.DataFrame, vocabulary: Vocabulary) -> list[_Question]:
    """Name what each question is on; those that ask should it be used here are on one thing."""
    under = vocabulary.find_narrower("aspect", USE)
    return [
        (condition, intervention, USE if aspect in under else aspect)
        for condition, intervention, aspect in table.itertuples(index=False)
    ]


def _find_opposed(
    claims: pd.DataFrame,
    scores: np.ndarray,
    questions: Questions,
    meetings: Meetings,
    topics: list[_Question],
) -> Iterator[tuple[_Point, set[int]]]:
    """Find claims on opposite sides of questions that meet, with the point that they make."""
    sources = claims["source"].tolist()
    asked = list(questions.table.itertuples(index=False, name=None))
    pro = _list_rows(questions, scores > 0)
    con = _list_rows(questions, scores < 0)
    taken = np.array([[bool(rows) for rows in side] for side in (pro, con)], dtype=bool)
    opposed = (taken[0][meetings.first] & taken[1][meetings.second]).nonzero()[0]
    for place in opposed.tolist():
        first, second = int(meetings.first[place]), int(meetings.second[place])
        scope, broader = int(meetings.scope[place]), int(meetings.broader[place])
        between, within = _oppose(pro[first], con[second], sources)
        if scope == 0:
            for source, rows in within.items():
                yield ("self-contradiction", topics[first], _NOTHING, source), rows
        if between:
            yield _name_point((first, second), scope, broader, topics, asked), between


def _list_rows(questions: Questions, chosen: np.ndarray) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(len(questions.table))]
    for row in chosen.nonzero()[0].tolist():
        rows[questions.of_claim[row]].append(row)
    return rows


def _oppose(
    pro: list[int], con: list[int], sources: list[str]
) -> tuple[set[int], dict[str, set[int]]]:
    """Tell the rows that another source opposes from those that their own source does."""
    for_, against = {sources[row] for row in pro}, {sources[row] for row in con}
    between = {row for row in pro if not against <= {sources[row]}}
    between |= {row for row in con if not for_ <= {sources[row]}}
    both = for_ & against
    within: dict[str, set[int]] = {}
    for row in [*pro, *con]:
        if sources[row] in both:
            within.setdefault(sources[row], set()).add(row)
    return between, within


def _find_widest(rows: set[int], sources: list[str], scores: list[Any], kind: str) -> Any:
    """Find the widest distance of two opposed claims: of two sources, or within the only one."""
    best: dict[str, Any] = {}
    worst: dict[str, Any] = {}
    for row in rows:
        source, score = sources[row], scores[row]
        best[source] = max(best.get(source, score), score)
        worst[source] = min(worst.get(source, score), score)
    within = kind == "self-contradiction"
    highest = sorted((score, source) for source, score in best.items())[-2:]
    lowest = sorted((score, source) for source, score in worst.items())[:2]
    return max(
        high - low for high, one in highest for low, other in lowest if (one == other) == within
    )


def _name_point(
    pair: tuple[int, int],
    scope: int,
    broader: int,
    topics: list[_Question],
    asked: list[_Question],
) -> _Point:
    """Name the point between a question whose claims are for and one whose claims are against."""
    first, second = (topics[number] for number in pair)
    if scope == 0:
        return "conflict", first, _NOTHING, ""
    if first == second:
        first, second = (asked[number] for number in pair)
    if scope == 2:
        lower, upper = sorted((first, second))
        return "overlap", lower, upper, ""
    if broader == 1:
        return "exception", first, second, "against"
    return "exception", second, first, "for"


def _describe_point(
    point: _Point, rows: list[int], ids: list[str], sources: list[str], scores: list[Any]
) -> tuple[Any, ...]:
    kind, question, narrower, side = point
    sides = [[row for row in rows if scores[row] > 0], [row for row in rows if scores[row] < 0]]
    said_by = (tuple(dict.fromkeys(sources[row] for row in rows)) for rows in sides)
    said_in = (tuple(ids[row] for row in rows) for rows in sides)
    return kind, *question, *narrower, side if kind == "exception" else "", *said_by, *said_in


def choose_headline(collection: Collection) -> tuple[str, str, str]:
    """
    Choose the question to be shown first.

    Parameters
    ----------
    collection : Collection
        Its metadata may name the question under ``headline``; else, or where no claim answers
        it, it is the point of conflict that stands first, else the question that most sources
        answer.

    Returns
    -------
    question : (condition, intervention, aspect)
        Empty terms where there are no claims.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> choose_headline(read_collection("data"))
    ('back pain', 'massage', 'standalone')
    """
    claims, _, vocabulary, metadata, _ = collection
    named = metadata.get("headline")
    if isinstance(named, dict) and all(isinstance(named.get(facet), str) for facet in FACETS):
        question = named["condition"], named["intervention"], named["aspect"]
        if len(find_answers(claims, vocabulary, question)):
            return question
    table = find_conflicts(claims, vocabulary)
    if table.empty:
        table = count_questions(claims, vocabulary).sort_values(
            "sources", ascending=False, kind="stable"
        )
    rows = table[list(FACETS)].itertuples(index=False, name=None)
    return next(iter(rows), ("", "", ""))
