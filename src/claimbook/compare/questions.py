"""Questions: how many claims each has, and how the sources stand to one another on it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, SCOPES, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.relations import (
    find_questions,
    find_units,
    meet_questions,
    meet_stances,
    number_groups,
    number_levels,
    sort_questions,
)

_Array = np.ndarray


class Clashes(NamedTuple):
    """
    In how many pairs of opposed claims each source is on each question that it addresses.

    Attributes
    ----------
    of_claim : array of int, one per claim
        Place in the others, which have one entry per question and source, as they first appear.
    question : array of int
        Row of the table of questions.
    source : array of int
        Number of the source, in order of first appearance.
    direct : array of int
        Pairs of a claim of this source and one of another that are in direct conflict, both on
        this question; each pair counts for both of its sources.
    own : array of int
        Pairs of claims of this source with which it contradicts itself.
    """

    of_claim: _Array
    question: _Array
    source: _Array
    direct: _Array
    own: _Array


@of_collection
def count_clashes(collection: Collection) -> Clashes:
    """
    Count in how many pairs of opposed claims each source is on each question.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Where it is gathered, claims on a gathered question are held against each other as they
        were coded.

    Returns
    -------
    clashes : Clashes
        As the codebook has it: in same scope, or nested under a universal claim.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> count_clashes(claims).direct.tolist()
    [1, 1]
    """
    questions = find_questions(collection)
    groups = number_groups(collection)
    sources = groups[1]
    width = sources.max(initial=0) + 1
    of_claim, keys = pd.factorize(questions.of_claim * width + sources)
    question, source = np.divmod(np.asarray(keys, dtype=np.int64), width)
    every, within, own = (_pair_sides(collection, group, of_claim) for group in groups)
    return Clashes(of_claim, question, source, every.sum(0) - within.sum(0), own[0])


def _pair_sides(collection: Collection, group: _Array, of_claim: _Array) -> _Array:
    """
    Count opposed pairs of claims of one group on one question, by what each claim belongs to.

    The first row counts the claims for, the second those against.
    """
    units, sides = find_units(collection), collection.sides
    asked = find_questions(collection).of_claim[units.first]
    met = units.meetings
    chosen = met.direct & (asked[met.first] == asked[met.second])
    taken = sides != 0
    groups = group.max(initial=0) + 1
    cell = units.of_claim * groups + group
    place, stances = pd.factorize(cell[taken])
    counts = np.stack(
        [np.bincount(place[sides[taken] == side], minlength=len(stances)) for side in (1, -1)]
    )
    opposed = np.zeros((2, len(stances)), dtype=np.int64)
    for first, second, _ in meet_stances(units, np.asarray(stances), groups, chosen=chosen):
        np.add.at(opposed[0], first, counts[1][second])
        np.add.at(opposed[1], first, counts[0][second])
    number = of_claim.max(initial=-1) + 1
    rows = np.flatnonzero(taken)
    return np.stack(
        [
            np.bincount(
                of_claim[rows], weights=(sides[rows] == side) * opposed[row][place],
                minlength=number,
            ).astype(np.int64)
            for row, side in enumerate((1, -1))
        ]
    )  # fmt: skip


@of_collection
def count_questions(collection: Collection) -> pd.DataFrame:
    """
    Count the claims on each question and say how the sources stand to one another on it.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        ``collection.gather(aspect="use")`` gathers terms first.

    Returns
    -------
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``; ``sources`` and ``claims`` (how many);
        ``for``, ``uncertain``, ``against`` (claims on either side and in the middle; those off
        the scale in none); ``lowest`` and ``highest`` level on the scale, empty where all are off
        it; ``verdict``: conflict (it holds a direct conflict between two sources),
        self-contradiction (it holds that only), single source, qualify (levels differ), agree.
        In the order in which the claims raise them.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> count_questions(claims)[["for", "against", "verdict"]].values.tolist()
    [[1, 1, 'conflict']]
    """
    questions, clashes = find_questions(collection), count_clashes(collection)
    of_claim, number = questions.of_claim, len(questions.table)
    terms, scores = collection.terms, collection.scores

    def count(rows: _Array) -> _Array:
        return np.bincount(of_claim[rows], minlength=number)

    def add(pairs: _Array) -> _Array:
        return np.bincount(clashes.question, weights=pairs, minlength=number)

    lowest, highest = find_ends(collection, of_claim, number)
    names = np.array([*terms.levels, ""], dtype=object)
    sources = np.bincount(clashes.question, minlength=number)
    counts = questions.table.assign(
        sources=sources,
        claims=count(np.ones(len(of_claim), dtype=bool)),
        **{"for": count(scores > 0), "uncertain": count(scores == 0), "against": count(scores < 0)},
        lowest=names[lowest],
        highest=names[highest],
    )
    codes = number_levels(terms)[collection.levels]
    least, most = np.full(number, len(terms.levels)), np.full(number, -1)
    np.minimum.at(least, of_claim, codes)
    np.maximum.at(most, of_claim, codes)
    verdict = judge(add(clashes.direct) > 0, add(clashes.own) > 0, sources, least != most)
    return counts.assign(verdict=verdict)


def find_ends(collection: Collection, group: _Array, number: int) -> tuple[_Array, _Array]:
    """Find the lowest and highest level on the scale of each group of claims, -1 for none."""
    on = np.isfinite(collection.scores)
    lowest, highest = np.full(number, -1), np.full(number, len(collection.terms.levels))
    np.maximum.at(lowest, group[on], collection.levels[on])
    np.minimum.at(highest, group[on], collection.levels[on])
    return lowest, np.where(lowest < 0, -1, highest)


def judge(direct: _Array, own: _Array, sources: _Array, differ: _Array) -> _Array:
    """
    Name verdicts on questions.

    Parameters
    ----------
    direct, own : arrays of bool
        Whether the question holds a direct conflict between two sources, a self-contradiction.
    sources : array of int
        How many sources answer it.
    differ : array of bool
        Whether its claims stand on different levels.

    Returns
    -------
    verdicts : array of str
        Of ``codebook.VERDICTS``.

    Examples
    --------
    >>> judge(np.array([True]), np.array([True]), np.array([2]), np.array([True])).tolist()
    ['conflict']
    """
    conflict, contradiction, qualify, agree, single = VERDICTS
    names = [np.array(name, dtype=object) for name in (conflict, contradiction, single, qualify)]
    return np.select([direct, own, sources == 1, differ], names, agree)


@of_collection
def find_answers(collection: Collection, question: tuple[str, str, str]) -> pd.DataFrame:
    """
    Find the claims that answer a question, or one broader or narrower.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    question : (condition, intervention, aspect)
        Terms; none of the claims need have asked just this.

    Returns
    -------
    answers : DataFrame, one row per claim
        The claims that meet the question, in their order and with their index, with ``scope``
        (same, nested, crossed) and ``stands`` (``"at"`` the question, ``"under"`` it where the
        claim is narrower, ``"over"`` it where the claim is broader, ``"across"`` in crossed
        scope).

    Examples
    --------
    >>> from claimbook import read_collection
    >>> answers = find_answers(read_collection("data"), ("back pain", "massage", "use"))
    >>> sorted(set(answers["stands"]) - {"across"})
    ['at', 'over', 'under']
    """
    terms = collection.terms
    named = [terms.canon(facet, term) for facet, term in zip(FACETS, question, strict=True)]
    asked = pd.DataFrame([named], columns=list(FACETS), dtype="str")
    questions = sort_questions(pd.concat([asked, collection.terms_asked], ignore_index=True))
    meetings = meet_questions(questions.table, terms)
    met = meetings.first == 0
    stands = np.where(meetings.scope == 0, 0, np.where(meetings.scope == 2, 3, meetings.broader))
    chosen = pd.DataFrame(
        {"scope": meetings.scope[met], "stands": stands[met]}, index=meetings.second[met]
    )
    chosen = chosen.reindex(questions.of_claim[1:], fill_value=-1)
    chosen = chosen.set_axis(collection.claims.index)
    answers = collection.claims.assign(
        scope=chosen["scope"].map(dict(enumerate(SCOPES))),
        stands=chosen["stands"].map(dict(enumerate(("at", "under", "over", "across")))),
    )
    return answers[(chosen["scope"] >= 0).to_numpy()]
