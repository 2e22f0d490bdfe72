"""Where two claims meet, in what scope, whether they agree, qualify or conflict, and how."""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import (
    ASPECT_MEETINGS,
    CARE,
    CONFLICT_KINDS,
    CONTRADICTION,
    DIRECT,
    EXCEPTION,
    FACETS,
    OVERLAP,
    RELATIONS,
    REPORTED,
    SCOPES,
    YES,
)
from claimbook.collection.collection import Collection
from claimbook.collection.door import admit, of_collection
from claimbook.collection.vocabulary import BROADER, EQUAL, NARROWER, SIBLING, Vocabulary

_QUESTIONS_AT_ONCE: Final = 20_000
_MEETINGS_AT_ONCE: Final = 1_000_000
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


class Units(NamedTuple):
    """
    Claims on one question as coded, apart where some say so of every case.

    Attributes
    ----------
    of_claim : array of int, one per claim
        The unit that the claim is in.
    first : array of int, one per unit
        A claim of it.
    meetings : UnitMeetings
        Pairs of units that meet.
    """

    of_claim: _Array
    first: _Array
    meetings: "UnitMeetings"


class UnitMeetings(NamedTuple):
    """
    Pairs of units that meet, each both ways, each unit with itself included.

    Attributes
    ----------
    first, second : arrays of int
        Units, sorted by first.
    scope : array of int
        Place in ``codebook.SCOPES``.
    direct : array of bool
        Where opposite sides contradict: in same scope, or nested under a universal claim.
    broader : array of int
        1 where the first is the broader in nested scope, 2 where the second is, else 0.
    """

    first: _Array
    second: _Array
    scope: _Array
    direct: _Array
    broader: _Array


@of_collection
def find_questions(collection: Collection) -> Questions:
    """
    Sort claims into the questions that they answer, terms gathered as the collection has it.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    questions : Questions
        The table of questions, and the question of each claim.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> questions = find_questions(read_collection("data"))
    >>> len(questions.of_claim) > len(questions.table)
    True
    """
    return sort_questions(collection.asked)


def sort_questions(asked: pd.DataFrame) -> Questions:
    """Sort rows of condition, intervention and aspect into questions, as they first appear."""
    key = np.zeros(len(asked), dtype=np.int64)
    for facet in FACETS:
        codes, _ = pd.factorize(asked[facet])
        key, _ = pd.factorize(key * (codes.max(initial=0) + 1) + codes)
    _, first = np.unique(key, return_index=True)
    return Questions(asked[list(FACETS)].iloc[first].reset_index(drop=True), key)


@of_collection
def find_coded(collection: Collection) -> tuple[Questions, Meetings]:
    """Sort claims into questions as they were coded, and find which of these meet."""
    questions = sort_questions(collection.terms_asked)
    return questions, meet_questions(questions.table, collection.terms)


@of_collection
def find_universal(collection: Collection) -> _Array:
    """Tell of each claim whether the source says so of every case."""
    universal: _Array = (collection.claims["universal"].str.casefold() == YES).to_numpy(dtype=bool)
    return universal


@of_collection
def find_units(collection: Collection) -> Units:
    """Sort claims into units, and find which of these meet."""
    questions, met = find_coded(collection)
    universal = find_universal(collection)
    of_claim, keys = pd.factorize(questions.of_claim * 2 + universal)
    _, first = np.unique(of_claim, return_index=True)
    question, always = np.divmod(np.asarray(keys, dtype=np.int64), 2)
    order = np.argsort(question, kind="stable")
    starts = np.searchsorted(question[order], np.arange(len(questions.table) + 1))
    meeting, row = list_groups(starts, met.first)
    one = order[row]
    pair, row = list_groups(starts, met.second[meeting])
    one, two, meeting = one[pair], order[row], meeting[pair]
    scope, broader = met.scope[meeting], met.broader[meeting]
    always = always.astype(bool)
    above = np.where(broader == 1, always[one], always[two])
    direct = (scope == 0) | ((scope == 1) & above)
    place = np.argsort(one, kind="stable")
    parts = (part[place] for part in (one, two, scope, direct, broader))
    return Units(of_claim, first, UnitMeetings(*parts))


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


def relate_claims(collection: Collection) -> pd.DataFrame:
    """
    Relate every two claims that meet.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    relations : DataFrame, one row per pair
        ``claim_a``, ``claim_b``, ``source_a``, ``source_b``; ``relation`` (agree, qualify,
        conflict); ``scope`` (same, nested, crossed); ``aspects`` (same, nested, sibling);
        ``distance`` (difference of the scores, NaN where a level is off the scale); ``broader``
        (in nested scope the id of the broader claim, else empty); ``within_source`` (bool);
        ``kind`` of a conflict (direct, exception, overlap, self-contradiction, care, reported),
        else empty. In the order of the claims, the earlier one as a.

    See Also
    --------
    iter_relations : The same in pieces, where all pairs at once would be too many.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["effect", "contraindication"], "recommendation": ["for", "against"],
    ...     "claim": ["It helps.", "Avoid it."]})
    >>> relate_claims(claims)[["relation", "scope", "aspects", "kind"]].values.tolist()
    [['conflict', 'same', 'sibling', 'direct']]
    """
    return pd.concat(iter_relations(collection), ignore_index=True)


def iter_relations(collection: Collection, *, size: int = 500_000) -> Iterator[pd.DataFrame]:
    """
    Relate claims piece by piece, never holding all pairs.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    size : int
        About how many pairs to look at for one piece.

    Yields
    ------
    relations : DataFrame, one row per pair
        As `relate_claims` returns them; the pieces one after another are in its order. There is
        at least one piece, if an empty one.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> sum(len(piece) for piece in iter_relations(read_collection("data"), size=1000)) > 1000
    True
    """
    collection = admit(collection)
    relations = relate_levels(collection.terms)
    questions, meetings = find_coded(collection)
    sizes = np.bincount(questions.of_claim, minlength=len(questions.table))
    load = np.bincount(meetings.first, weights=sizes[meetings.second], minlength=len(sizes))
    piece = np.cumsum(load[questions.of_claim]) // size
    cuts = np.flatnonzero(np.diff(piece)) + 1
    members = np.argsort(questions.of_claim, kind="stable"), np.append(0, np.cumsum(sizes))
    for block in np.split(np.arange(len(collection.claims)), cuts):
        pairs = _pair_claims(block, questions, meetings, members)
        relation = relations[collection.levels[pairs[0]], collection.levels[pairs[1]]]
        yield _describe_pairs(collection, relation, pairs)


def relate_levels(terms: Vocabulary) -> _Array:
    """
    Relate every two levels of recommendation.

    Parameters
    ----------
    terms : Vocabulary
        Its levels and their scores; levels of one score are one level.

    Returns
    -------
    relations : array of int, one row and one column per level, as ``terms.levels`` has them
        Place in ``codebook.RELATIONS``.

    Examples
    --------
    >>> [RELATIONS[code] for code in relate_levels(Vocabulary())[0]]
    ['agree', 'qualify', 'qualify', 'conflict', 'conflict']
    """
    place = number_levels(terms)
    sides = np.sign([terms.scores.get(level, 0) for level in terms.levels])
    opposite = np.outer(sides, sides) < 0
    return np.where(opposite, 2, np.where(np.equal.outer(place, place), 0, 1))


def number_levels(terms: Vocabulary) -> _Array:
    """Give each level a number: those of one score the same, those off the scale the last."""
    keys = [terms.scores.get(level, level) for level in terms.levels]
    return np.array([keys.index(key) for key in keys], dtype=np.int64)


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
    collection: Collection, relation: _Array, pairs: tuple[_Array, _Array, _Array]
) -> pd.DataFrame:
    first, second, (scope, aspects, broader) = pairs
    claims, scores = collection.claims, collection.scores
    ids, sources = claims["claim_id"].to_numpy(), claims["source"].to_numpy()
    speakers, always = claims["speaker"].to_numpy(), find_universal(collection)
    within = sources[first] == sources[second]
    above = np.choose(broader, [np.zeros(len(first), dtype=bool), always[first], always[second]])
    kind = name_kind(scope, (scope == 0) | above, within, speakers[first] == speakers[second])
    distance = np.abs(scores[first] - scores[second])
    columns = {
        "claim_a": ids[first],
        "claim_b": ids[second],
        "source_a": sources[first],
        "source_b": sources[second],
        "relation": np.array(RELATIONS, dtype=object)[relation],
        "scope": np.array(SCOPES, dtype=object)[scope],
        "aspects": np.array(ASPECT_MEETINGS, dtype=object)[aspects],
        "distance": _keep_whole(distance, scores),
        "broader": np.choose(broader, ["", ids[first], ids[second]]),
        "within_source": within,
        "kind": np.where(relation == RELATIONS.index("conflict"), kind, ""),
    }
    types = dict.fromkeys(columns, "str") | {"within_source": "bool"}
    del types["distance"]
    return pd.DataFrame(columns).astype(types)


def _keep_whole(distance: _Array, scores: _Array) -> _Array:
    """Write distances as whole numbers where all scores of the collection are."""
    whole = np.isfinite(scores).all() and (scores % 1 == 0).all()
    return distance.astype(np.int64) if whole else distance


def name_kind(scope: _Array, direct: _Array, within: _Array, one_speaker: _Array) -> _Array:
    """
    Name the kind of pairs whose sides are opposite.

    Parameters
    ----------
    scope : array of int
        Place in ``codebook.SCOPES``.
    direct : array of bool
        Same scope, or nested under a universal claim.
    within, one_speaker : arrays of bool
        Whether both are of one source, and of one speaker.

    Returns
    -------
    kinds : array of str
        Of ``codebook.CONFLICT_KINDS``.

    Examples
    --------
    >>> name_kind(np.array([1]), np.array([True]), np.array([False]), np.array([True])).tolist()
    ['direct']
    """
    tests = [~within & direct, ~within & (scope == 1), ~within, ~one_speaker, direct]
    names = [DIRECT, EXCEPTION, OVERLAP, REPORTED, CONTRADICTION]
    return np.select(tests, [np.array(name, dtype=object) for name in names], CARE)


@of_collection
def count_relations(collection: Collection) -> pd.DataFrame:
    """
    Count the pairs of claims that meet: by relation, scope, within a source or between two, kind.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    counts : DataFrame, one row per kind of pair that can be, 23 in all
        ``relation`` (agree, qualify, conflict), ``scope`` (same, nested, crossed),
        ``within_source`` (False, True), ``kind`` (of a conflict, else empty) and ``pairs``, 0
        where there are none. Sorted by these, in the orders given.

    See Also
    --------
    relate_claims : The pairs themselves.

    Notes
    -----
    No pairs are listed: where two questions meet, the counts of claims at each level of the one
    are multiplied by those of the other.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"], "claim": "It is said."})
    >>> counts = count_relations(claims)
    >>> counts[counts["pairs"] > 0].values.tolist()
    [['agree', 'same', True, '', 1], ['conflict', 'same', False, 'direct', 2]]
    """
    units, levels = find_units(collection), collection.levels
    number = len(collection.terms.levels)
    every, within, alone = (
        _multiply(units, group, levels, number) for group in number_groups(collection)
    )
    between, spoken = every - within, within - alone
    alone[1] -= np.diag(np.bincount(levels, minlength=number))  # each claim meets itself, too
    relations = relate_levels(collection.terms)
    return _list_counts(between, spoken, alone, relations)


@of_collection
def number_groups(collection: Collection) -> tuple[_Array, _Array, _Array]:
    """Give each claim three numbers: of the group of all, its source, its source and speaker."""
    sources, _ = pd.factorize(collection.claims["source"])
    speakers, _ = pd.factorize(collection.claims["speaker"])
    both, _ = pd.factorize(sources * (speakers.max(initial=0) + 1) + speakers)
    return np.zeros_like(sources), sources, both


def _multiply(units: Units, group: _Array, levels: _Array, width: int) -> _Array:
    """
    Count the pairs within each group of claims that meet, both ways, each with itself.

    The first axis is twice the scope, and one more where opposite sides contradict; the others
    are the levels of the two.
    """
    groups = group.max(initial=0) + 1
    of_claim, stances = pd.factorize(units.of_claim * groups + group)
    spread = np.bincount(of_claim * width + levels, minlength=len(stances) * width)
    spread = spread.reshape(len(stances), width)
    pairs = np.zeros((2 * len(SCOPES), width, width), dtype=np.int64)
    for first, second, meeting in meet_stances(units, np.asarray(stances), groups):
        codes = 2 * units.meetings.scope[meeting] + units.meetings.direct[meeting]
        for code in np.unique(codes):
            chosen = codes == code
            pairs[code] += spread[first[chosen]].T @ spread[second[chosen]]
    return pairs


def meet_stances(
    units: Units, stances: _Array, groups: int, *, chosen: _Array | None = None
) -> Iterator[tuple[_Array, _Array, _Array]]:
    """
    Find which stances of one group meet, in pieces.

    Parameters
    ----------
    units : Units
        As `find_units` gives them.
    stances : array of int
        Each the number of its unit times `groups`, plus that of its group; no one twice.
    groups : int
        How many groups there are.
    chosen : array of bool, optional
        Of the meetings of units those to look at; all where it is not given.

    Yields
    ------
    first, second : arrays of int
        Places in `stances` of two that meet.
    meeting : array of int
        Place in the meetings of units.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> units = find_units(read_collection("data"))
    >>> pieces = meet_stances(units, np.unique(units.of_claim), 1)
    >>> sum(len(first) for first, _, _ in pieces) == len(units.meetings.first)
    True
    """
    met = units.meetings
    rows = np.arange(len(met.first)) if chosen is None else chosen.nonzero()[0]
    known = pd.Index(stances)
    unit, group = np.divmod(stances, groups)
    bounds = np.searchsorted(met.first[rows], np.arange(len(units.first) + 1))
    pieces = np.diff(bounds)[unit].sum() // _MEETINGS_AT_ONCE + 1
    for block in np.array_split(np.arange(len(stances)), pieces):
        place, row = list_groups(bounds, unit[block])
        first, meeting = block[place], rows[row]
        second = known.get_indexer(met.second[meeting] * groups + group[first])
        there = second >= 0
        yield first[there], second[there], meeting[there]


def _list_counts(between: _Array, spoken: _Array, alone: _Array, relations: _Array) -> pd.DataFrame:
    """List pairs of two sources, of one source and two speakers, and of one speaker."""
    counts: dict[tuple[str, str, bool, str], int] = {}
    parts = (between, False, True), (spoken, True, False), (alone, True, True)
    possible = [(0, True), (1, True), (1, False), (2, False)]  # scope, and whether direct
    for code, relation in enumerate(RELATIONS):
        for (scope, direct), (pairs, within, one) in product(possible, parts):
            tests = (np.array([value]) for value in (scope, direct, within, one))
            kind = str(name_kind(*tests)[0]) if relation == "conflict" else ""
            key = (relation, SCOPES[scope], within, kind)
            number = int(pairs[2 * scope + direct, relations == code].sum()) // 2
            counts[key] = counts.get(key, 0) + number
    ranks = RELATIONS, SCOPES, (False, True), ("", *CONFLICT_KINDS)
    order = sorted(counts, key=lambda key: [*map(tuple.index, ranks, key)])
    columns = ["relation", "scope", "within_source", "kind", "pairs"]
    return pd.DataFrame([(*key, counts[key]) for key in order], columns=columns)
