"""Where two claims meet, in what scope, and whether they agree, qualify or conflict."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ASPECT_MEETINGS, FACETS, RELATIONS, SCOPES
from claimbook.collection.vocabulary import BROADER, EQUAL, NARROWER, SIBLING, Vocabulary

RELATION_COLUMNS: Final = (
    "claim_a",
    "claim_b",
    "source_a",
    "source_b",
    "relation",
    "scope",
    "aspects",
    "distance",
    "broader",
    "within_source",
)
_QUESTIONS_AT_ONCE: Final = 20_000
_Array = np.ndarray


class Questions(NamedTuple):
    """
    Claims sorted into questions: one condition, one intervention, one aspect.

    Attributes
    ----------
    table : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, in the order in which the claims raise them.
    of_claim : array of int, one per claim
        The row of `table` that the claim answers.
    """

    table: pd.DataFrame
    of_claim: _Array


class Meetings(NamedTuple):
    """
    Pairs of questions that meet, each both ways, each question with itself included.

    Attributes
    ----------
    first, second : arrays of int
        Rows of the table of questions, sorted by first.
    scope : array of int
        Place in ``codebook.SCOPES``.
    aspects : array of int
        Place in ``codebook.ASPECT_MEETINGS``.
    broader : array of int
        1 where the first is the broader in nested scope, 2 where the second is, else 0.
    """

    first: _Array
    second: _Array
    scope: _Array
    aspects: _Array
    broader: _Array


def find_questions(claims: pd.DataFrame) -> Questions:
    """
    Sort claims into the questions that they answer.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``condition``, ``intervention`` and ``aspect``.

    Returns
    -------
    questions : Questions
        The table of questions, and the question of each claim.

    Examples
    --------
    >>> claims = pd.DataFrame({"condition": "pain", "intervention": "massage",
    ...                        "aspect": ["cause", "use", "cause"]})
    >>> find_questions(claims).of_claim.tolist()
    [0, 1, 0]
    """
    key = np.zeros(len(claims), dtype=np.int64)
    for facet in FACETS:
        codes, _ = pd.factorize(claims[facet])
        key, _ = pd.factorize(key * (codes.max(initial=0) + 1) + codes)
    _, first = np.unique(key, return_index=True)
    return Questions(claims[list(FACETS)].iloc[first].reset_index(drop=True), key)


def meet_questions(questions: pd.DataFrame, vocabulary: Vocabulary) -> Meetings:
    """
    Find which questions meet, and in what scope.

    Parameters
    ----------
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, no row twice.
    vocabulary : Vocabulary
        Says which terms are broader than which.

    Returns
    -------
    meetings : Meetings
        Pairs of rows, each both ways and each row with itself, sorted by first and second.

    Examples
    --------
    >>> questions = pd.DataFrame({"condition": "pain", "intervention": "massage",
    ...                           "aspect": ["pain", "effect", "adjunct"]})
    >>> meetings = meet_questions(questions, Vocabulary())
    >>> [ASPECT_MEETINGS[code] for code in meetings.aspects[:3]]
    ['same', 'nested', 'sibling']
    """
    comparisons = _compare_facets(questions, vocabulary)
    blocks = np.array_split(np.arange(len(questions)), len(questions) // _QUESTIONS_AT_ONCE + 1)
    met = [_meet_block(block, comparisons) for block in blocks]
    first, second, up, down, aspects = (np.concatenate(parts) for parts in zip(*met, strict=True))
    order = np.argsort(first * len(questions) + second)
    first, second, up, down, aspects = (part[order] for part in (first, second, up, down, aspects))
    scope = np.where(up & down, 2, np.where(up | down, 1, 0))
    broader = np.where(scope == 1, np.where(up, 1, 2), 0)
    return Meetings(first, second, scope, aspects, broader)


class _Comparison(NamedTuple):
    """The terms of one facet held against one another."""

    codes: _Array  # term of each question
    starts: _Array  # where in the next two a term begins, and the end of the last
    other: _Array  # terms that a term meets
    relations: _Array  # what the term is to each
    beginnings: pd.Index  # a question's beginning up to the facet before, and its term here


def _compare_facets(questions: pd.DataFrame, vocabulary: Vocabulary) -> list[_Comparison]:
    comparisons = []
    beginning = np.zeros(len(questions), dtype=np.int64)
    for facet in FACETS:
        codes, terms = pd.factorize(questions[facet])
        term, other, relations = vocabulary.compare_terms(facet, terms)
        starts = np.searchsorted(term, np.arange(len(terms) + 1))
        beginning, known = pd.factorize(beginning * len(terms) + codes)
        comparisons.append(_Comparison(codes, starts, other, relations, pd.Index(known)))
    return comparisons


def _meet_block(first: _Array, comparisons: list[_Comparison]) -> tuple[_Array, ...]:
    """
    Find what some questions meet, one facet after the other.

    After each facet `second` holds the questions' beginnings that still meet: those that agree
    with a real question in all facets so far. So no pair is made that the next facet would not
    have to look at. The whole of a question is its own last beginning: no question stands twice.
    """
    second, up, down = np.zeros_like(first), first < 0, first < 0
    relation = second
    for codes, starts, other, relations, beginnings in comparisons:
        row, place = list_groups(starts, codes[first])
        wanted = second[row] * (len(starts) - 1) + other[place]
        second = beginnings.get_indexer(wanted)
        met = second >= 0
        first, second, row, relation = first[row][met], second[met], row[met], relations[place[met]]
        up, down = up[row] | (relation == BROADER), down[row] | (relation == NARROWER)
    aspects = np.where(relation == SIBLING, 2, np.where(relation == EQUAL, 0, 1))
    return first, second, up, down, aspects


def list_groups(starts: _Array, groups: _Array) -> tuple[_Array, _Array]:
    """
    List the rows of some groups of a table that is sorted by group.

    Parameters
    ----------
    starts : array of int
        The row with which each group begins, and the end of the last.
    groups : array of int
        The groups wanted, in any order, any number of times.

    Returns
    -------
    place, row : arrays of int
        Each row of each group wanted, and beside it the place of the group in `groups`.

    Examples
    --------
    >>> place, row = list_groups(np.array([0, 2, 3]), np.array([1, 0]))
    >>> place.tolist(), row.tolist()
    ([0, 1, 1], [2, 0, 1])
    """
    sizes = np.diff(starts)[groups]
    place = np.repeat(np.arange(len(groups)), sizes)
    before = np.cumsum(sizes) - sizes
    return place, np.arange(len(place)) + (starts[groups] - before)[place]


def relate_claims(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Relate every two claims that meet.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``, the last one of the vocabulary's levels.
    vocabulary : Vocabulary
        Says what is broader, and what a level scores.

    Returns
    -------
    relations : DataFrame, one row per pair
        ``claim_a``, ``claim_b``, ``source_a``, ``source_b``; ``relation`` (agree, qualify,
        conflict); ``scope`` (same, nested, crossed); ``aspects`` (same, nested, sibling);
        ``distance`` (difference of the scores); ``broader`` (in nested scope the id of the
        broader claim, else empty); ``within_source`` (bool). In the order of the claims, the
        earlier one as a.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    See Also
    --------
    iter_relations : The same in pieces, where all pairs at once would be too many.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["effect", "contraindication"], "recommendation": ["for", "against"]})
    >>> relate_claims(claims, Vocabulary())[["relation", "scope", "aspects", "distance"]].values
    array([['conflict', 'same', 'sibling', 4]], dtype=object)
    """
    return pd.concat(iter_relations(claims, vocabulary), ignore_index=True)


def iter_relations(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, size: int = 500_000
) -> Iterator[pd.DataFrame]:
    """
    Relate claims piece by piece, never holding all pairs.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `relate_claims`.
    vocabulary : Vocabulary
        Likewise.
    size : int
        About how many pairs to look at for one piece.

    Yields
    ------
    relations : DataFrame, one row per pair
        As `relate_claims` returns them; the pieces one after another are in its order. There is
        at least one piece, if an empty one.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa", "condition": "pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": "for"})
    >>> [len(piece) for piece in iter_relations(claims, Vocabulary())]
    [1]
    """
    levels, scores = score_claims(claims, vocabulary)
    relations = relate_levels(vocabulary)
    questions = find_questions(claims)
    meetings = meet_questions(questions.table, vocabulary)
    sizes = np.bincount(questions.of_claim, minlength=len(questions.table))
    load = np.bincount(meetings.first, weights=sizes[meetings.second], minlength=len(sizes))
    piece = np.cumsum(load[questions.of_claim]) // size
    cuts = np.flatnonzero(np.diff(piece)) + 1
    members = np.argsort(questions.of_claim, kind="stable"), np.append(0, np.cumsum(sizes))
    for block in np.split(np.arange(len(claims)), cuts):
        pairs = _pair_claims(block, questions, meetings, members)
        relation = relations[levels[pairs[0]], levels[pairs[1]]]
        yield _describe_pairs(claims, scores, relation, pairs)


def score_claims(claims: pd.DataFrame, vocabulary: Vocabulary) -> tuple[_Array, _Array]:
    """
    Give each claim's level and score as numbers.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    levels : array of int
        Place of the level in ``vocabulary.levels``, 0 the highest score.
    scores : array of int or float
        Whole where every score of the scale is.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"recommendation": ["against", "for"]})
    >>> score_claims(claims, Vocabulary())[1].tolist()
    [-2, 2]
    """
    levels = pd.Index(vocabulary.levels).get_indexer(pd.Index(claims["recommendation"]))
    if (levels < 0).any():
        wrong = claims["recommendation"].to_numpy()[levels < 0][0]
        raise ValueError(
            f"recommendation is {wrong!r}, expected one of: {', '.join(vocabulary.levels)}"
        )
    return levels, np.array(list(vocabulary.scores.values()))[levels]


def relate_levels(vocabulary: Vocabulary) -> _Array:
    """
    Relate every two levels of recommendation.

    Parameters
    ----------
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    relations : array of int, one row and one column per level, from the highest score
        Place in ``codebook.RELATIONS``.

    Examples
    --------
    >>> [RELATIONS[code] for code in relate_levels(Vocabulary())[0]]
    ['agree', 'qualify', 'qualify', 'conflict', 'conflict']
    """
    sides = np.sign(list(vocabulary.scores.values()))
    opposite = np.outer(sides, sides) < 0
    return np.where(opposite, 2, np.where(np.eye(len(sides), dtype=bool), 0, 1))


def _pair_claims(
    block: _Array, questions: Questions, meetings: Meetings, members: tuple[_Array, _Array]
) -> tuple[_Array, _Array, _Array]:
    """
    Pair some claims with every later claim that they meet; the third tells by which meeting.

    `members` are the claims sorted by question, and where each question's claims begin.
    """
    bounds = np.searchsorted(meetings.first, np.arange(len(questions.table) + 1))
    row, meeting = list_groups(bounds, questions.of_claim[block])
    pair, place = list_groups(members[1], meetings.second[meeting])
    first, second = block[row[pair]], members[0][place]
    later = second > first
    first, second, meeting = first[later], second[later], meeting[pair[later]]
    order = np.argsort(first * len(questions.of_claim) + second)
    chosen = meeting[order]
    kinds = np.stack([meetings.scope[chosen], meetings.aspects[chosen], meetings.broader[chosen]])
    return first[order], second[order], kinds


def _describe_pairs(
    claims: pd.DataFrame, scores: _Array, relation: _Array, pairs: tuple[_Array, _Array, _Array]
) -> pd.DataFrame:
    first, second, (scope, aspects, broader) = pairs
    ids, sources = claims["claim_id"].to_numpy(), claims["source"].to_numpy()
    columns = {
        "claim_a": ids[first],
        "claim_b": ids[second],
        "source_a": sources[first],
        "source_b": sources[second],
        "relation": np.array(RELATIONS, dtype=object)[relation],
        "scope": np.array(SCOPES, dtype=object)[scope],
        "aspects": np.array(ASPECT_MEETINGS, dtype=object)[aspects],
        "distance": np.abs(scores[first] - scores[second]),
        "broader": np.choose(broader, ["", ids[first], ids[second]]),
        "within_source": sources[first] == sources[second],
    }
    texts = [name for name in RELATION_COLUMNS if name not in ("distance", "within_source")]
    table = pd.DataFrame(columns).astype(dict.fromkeys(texts, "str"))
    return table.astype({"within_source": "bool"})
