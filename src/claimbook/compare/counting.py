"""How many pairs of claims agree, qualify and conflict, counted without listing them."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import RELATIONS, SCOPES
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import (
    Meetings,
    find_questions,
    list_groups,
    meet_questions,
    relate_levels,
    score_claims,
)

_MEETINGS_AT_ONCE: Final = 1_000_000
_Array = np.ndarray
_Met = tuple[_Array, _Array, _Array]  # two groups of claims that meet, both ways, and the scope


def count_relations(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Count the pairs of claims that meet: by relation, by scope, within a source or between two.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``, the
        last one of the vocabulary's levels.
    vocabulary : Vocabulary
        Says what is broader, and what a level scores.

    Returns
    -------
    counts : DataFrame, one row per kind of pair, 18 in all
        ``relation`` (agree, qualify, conflict), ``scope`` (same, nested, crossed),
        ``within_source`` (False, True) and ``pairs``, 0 where there are none. Sorted by these
        three columns, in the orders given.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    See Also
    --------
    relate_claims : The pairs themselves.

    Notes
    -----
    No pairs are listed: where two questions meet, the counts of claims at each level of the one
    are multiplied by those of the other.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"]})
    >>> counts = count_relations(claims, Vocabulary())
    >>> counts[counts["pairs"] > 0].values.tolist()
    [['agree', 'same', True, 1], ['conflict', 'same', False, 2]]
    """
    levels, _ = score_claims(claims, vocabulary)
    number = len(vocabulary.levels)
    questions = find_questions(claims)
    meetings = meet_questions(questions.table, vocabulary)
    source, _ = pd.factorize(claims["source"])
    width = source.max(initial=0) + 1
    of_claim, stances = pd.factorize(questions.of_claim * width + source)
    met = [(meetings.first, meetings.second, meetings.scope)]
    every = _multiply(_spread(questions.of_claim, levels, number), met)
    met_within = _meet_stances(stances, width, meetings)
    within = _multiply(_spread(of_claim, levels, number), met_within)
    pairs = np.stack([every - within, within])
    pairs[1, 0] -= np.diag(np.bincount(levels, minlength=number))  # each claim with itself
    return _sum_by_relation(pairs, relate_levels(vocabulary))


def _spread(of_claim: _Array, levels: _Array, width: int) -> _Array:
    """Count the claims at each level, group by group."""
    number = of_claim.max(initial=-1) + 1
    return np.bincount(of_claim * width + levels, minlength=number * width).reshape(number, width)


def _multiply(spread: _Array, met: Iterable[_Met]) -> _Array:
    """Count the claims that meet, both ways and each with itself, by scope and by both levels."""
    width = spread.shape[1]
    pairs = np.zeros((len(SCOPES), width, width), dtype=np.int64)
    for first, second, scope in met:
        for code in range(len(SCOPES)):
            chosen = scope == code
            pairs[code] += spread[first[chosen]].T @ spread[second[chosen]]
    return pairs


def _meet_stances(stances: _Array, width: int, meetings: Meetings) -> Iterator[_Met]:
    """Find which stances meet of one source on two questions; a stance is question and source."""
    known = pd.Index(stances)
    question, source = np.divmod(stances, width)
    bounds = np.searchsorted(meetings.first, np.arange(question.max(initial=-1) + 2))
    number = np.diff(bounds)[question].sum() // _MEETINGS_AT_ONCE + 1
    for block in np.array_split(np.arange(len(stances)), number):
        place, meeting = list_groups(bounds, question[block])
        first = block[place]
        second = known.get_indexer(meetings.second[meeting] * width + source[first])
        met = second >= 0
        yield first[met], second[met], meetings.scope[meeting[met]]


def _sum_by_relation(pairs: _Array, relations: _Array) -> pd.DataFrame:
    """Sum over pairs of levels; each pair of claims was counted both ways."""
    counts = [pairs[..., relations == code].sum(axis=-1).T // 2 for code in range(len(RELATIONS))]
    kinds = pd.MultiIndex.from_product(
        [RELATIONS, SCOPES, [False, True]], names=["relation", "scope", "within_source"]
    )
    return kinds.to_frame(index=False).assign(pairs=np.ravel(counts))
