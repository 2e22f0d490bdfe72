"""Which way sources point: one by one on each question, two by two, and all together."""

from math import comb
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.questions import count_clashes
from claimbook.compare.relations import find_questions
from claimbook.measures.stances import count_stances, find_rivals, number_sides, rate_stances

PAIR_COLUMNS: Final = ("source_a", "source_b", "shared", "equal", "opposite")
SHARED_COLUMNS: Final = (
    *PAIR_COLUMNS[:2], *FACETS, "level_a", "level_b", "equal", "opposite", "conflict", "claims_a",
    "claims_b",
)  # fmt: skip
_Z: Final = 1.959963984540054  # the standard normal exceeds it one time in forty
_PAIRS_AT_ONCE: Final = 2_000_000
_Array = np.ndarray


class Ratings(NamedTuple):
    """
    The one score with which each source counts on each question that it addresses.

    Attributes
    ----------
    question, source : arrays of int
        Rows of `questions` and `sources`; sorted by question, then by source, no pair twice.
    score : array of float
        NaN where the source is left out.
    apart : array of bool
        Where it is left out because it stands on opposite sides.
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, as the claims raise them.
    sources : Index of str
        In order of first appearance.
    """

    question: _Array
    source: _Array
    score: _Array
    apart: _Array
    questions: pd.DataFrame
    sources: pd.Index


@of_collection
def find_ratings(collection: Collection) -> Ratings:
    """
    Find the one score with which each source counts on each question that it addresses.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    ratings : Ratings
        Of several claims the score nearest the middle; NaN where they lie on opposite sides, or
        all off the scale.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "uncertain", "against"], "claim": "It is said."})
    >>> find_ratings(claims).score.tolist()
    [0.0, -2.0]
    """
    clashes, (place, apart) = count_clashes(collection), rate_stances(collection)
    score = np.array([*collection.terms.scores.values(), np.nan], dtype=float)[place]
    order = np.lexsort((clashes.source, clashes.question))
    return Ratings(
        clashes.question[order], clashes.source[order], score[order], apart[order],
        questions=find_questions(collection).table,
        sources=pd.Index(collection.claims["source"].unique(), name="source"),
    )  # fmt: skip


@of_collection
def count_pairs(collection: Collection) -> pd.DataFrame:
    """
    Count on how many questions every two sources meet, agree and stand on opposite sides.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    pairs : DataFrame, one row per pair of sources that share a question
        ``source_a``, ``source_b``; ``shared`` (questions that both are rated on), ``equal`` (with
        the same score) and ``opposite`` (with scores of opposite sign). Sources in order of first
        appearance, a before b.

    See Also
    --------
    find_shared : The questions themselves, and whether the two are in conflict on them.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> count_pairs(claims).values.tolist()
    [['spa', 'clinic', 1, 0, 1]]
    """
    ratings = find_ratings(collection)
    known = ~np.isnan(ratings.score)
    question, source, score = (part[known] for part in ratings[:3])
    width = max(len(ratings.sources), 1)
    later = _count_later(question)
    cuts = np.flatnonzero(np.diff(np.cumsum(later) // _PAIRS_AT_ONCE)) + 1
    pieces = []
    for block in np.split(np.arange(len(question)), cuts):
        first, second = _expand_later(block, later[block])
        equal, opposite = _hold(score[first], score[second])
        pieces.append(_sum_pairs(source[first] * width + source[second], equal, opposite))
    pairs = pd.concat(pieces).groupby(level=0).sum()
    first, second = np.divmod(pairs.index.to_numpy(), width)
    names = {"source_a": ratings.sources[first], "source_b": ratings.sources[second]}
    return pd.DataFrame(names | {name: pairs[name].to_numpy() for name in pairs})


def _count_later(question: _Array) -> _Array:
    """Count for each row of a sorted column those of the same value after it."""
    later: _Array = np.searchsorted(question, question, side="right") - np.arange(len(question)) - 1
    return later


def _expand_later(block: _Array, later: _Array) -> tuple[_Array, _Array]:
    """Pair each row of a block with as many of the rows after it as `later` says."""
    first = np.repeat(block, later)
    before = np.repeat(np.cumsum(later) - later, later)
    return first, first + 1 + np.arange(len(first)) - before


def _hold(one: _Array, two: _Array) -> tuple[_Array, _Array]:
    """Tell where two scores are equal, and where of opposite sign."""
    return one == two, np.sign(one) * np.sign(two) < 0


def _sum_pairs(key: _Array, equal: _Array, opposite: _Array) -> pd.DataFrame:
    pairs, place = np.unique(key, return_inverse=True)
    rows = (place, place[equal], place[opposite])
    counts = [np.bincount(row, minlength=len(pairs)) for row in rows]
    return pd.DataFrame(dict(zip(PAIR_COLUMNS[2:], counts, strict=True)), index=pairs)


@of_collection
def find_shared(collection: Collection) -> pd.DataFrame:
    """
    Find the questions that every two sources share, and the claims with which they meet there.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Select the sources first where pairs would be too many.

    Returns
    -------
    shared : DataFrame, one row per pair of sources and question that both address
        ``source_a``, ``source_b``, ``condition``, ``intervention``, ``aspect``; ``level_a`` and
        ``level_b`` with which they count, empty where one stands on both sides or off the scale;
        ``equal`` (same score), ``opposite`` (scores of opposite sign); ``conflict``: whether a
        claim of one and a claim of the other are in direct conflict; ``claims_a``, ``claims_b``:
        ids of the claims behind, tuples in the order of the claims. Pairs as `count_pairs` gives
        and counts them; of each the conflicts first, then the opposite, then those that are
        neither, the equal last, and of these as the claims raise them.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> find_shared(claims)[["conflict", "claims_a", "claims_b"]].values.tolist()
    [[True, ('a',), ('b',)]]
    """
    ratings, clashes = find_ratings(collection), count_clashes(collection)
    stances = count_stances(collection).iloc[np.lexsort((clashes.source, clashes.question))]
    rows = np.arange(len(ratings.question))
    first, second = _expand_later(rows, _count_later(ratings.question))
    equal, opposite = _hold(ratings.score[first], ratings.score[second])
    width = max(len(ratings.sources), 1)
    pair = ratings.source[first] * width + ratings.source[second]
    rivals = find_rivals(collection)
    rivals = rivals[rivals["opposed"] & ~rivals["within"]]
    ends = (clashes.source[clashes.of_claim[rivals[name]]] for name in ("first", "second"))
    low, high = np.sort(np.stack(list(ends)), axis=0)
    fought = rivals["question"].to_numpy() * width**2 + low * width + high
    conflict = np.isin(ratings.question[first] * width**2 + pair, fought)
    rank = np.select([conflict, opposite, ~equal], [0, 1, 2], 3)
    order = np.lexsort((ratings.question[first], rank, pair))
    one, two = (stances.iloc[rows[order]].reset_index(drop=True) for rows in (first, second))
    return one[list(FACETS)].assign(
        source_a=one["source"], source_b=two["source"], level_a=one["level"],
        level_b=two["level"], equal=equal[order], opposite=opposite[order],
        conflict=conflict[order], claims_a=one["claim_ids"], claims_b=two["claim_ids"],
    )[list(SHARED_COLUMNS)]  # fmt: skip


@of_collection
def count_directions(collection: Collection) -> pd.DataFrame:
    """
    Count the sources on either side of each question, and those that take none.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    directions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``; how many sources are ``for``, ``against``,
        ``uncertain``, on ``both`` sides, ``off_scale``, ``silent`` (in the table, but not on this
        question): the six add up to all sources. ``share``: of those for or against, how many are
        for; ``low`` and ``high``: its 95% interval by `measure_wilson`, which describes and does
        not test. NaN where none takes a side. Questions as the claims raise them.

    Notes
    -----
    A source counts once, however many claims it makes. Level, size and quality of what stands
    behind a source do not count: two sources that lean on one study count as two.

    References
    ----------
    McKenzie JE, Brennan SE. Chapter 12: Synthesizing and presenting findings using other methods.
    Cochrane Handbook for Systematic Reviews of Interventions, section 12.2.1.3,
    https://training.cochrane.org/handbook/current/chapter-12.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": ["use", "use", "cause"],
    ...     "recommendation": ["for", "uncertain", "against"], "claim": "It is said."})
    >>> counts = count_directions(claims)
    >>> counts.loc[0, ["for", "against", "uncertain", "both", "silent"]].tolist()
    [1, 0, 1, 0, 1]
    """
    clashes, questions = count_clashes(collection), find_questions(collection).table
    cells, number = clashes.question * 5 + number_sides(collection), len(questions)
    counts = np.bincount(cells, minlength=number * 5).reshape(number, 5)
    pro, uncertain, con, both, off_scale = counts.T
    share, low, high = measure_wilson(pro, pro + con)
    return questions.assign(
        **{"for": pro, "against": con, "uncertain": uncertain, "both": both},
        off_scale=off_scale,
        silent=collection.claims["source"].nunique() - counts.sum(axis=1),
        share=share,
        low=low,
        high=high,
    )


def describe_directions(collection: Collection) -> list[str]:
    """
    Say in a sentence how sources are spread over the sides of each question.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    sentences : list of str, one per row of `count_directions`
        The denominator is named, and those that take no side are counted aloud.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against", "uncertain"], "claim": "It is said."})
    >>> print(*describe_directions(claims))
    for: 1 of 2 sources that take a side (50%; 9 to 91%, a description and no test); \
uncertain: 1; on both sides: 0; silent: 0
    """
    return [_describe_direction(row) for row in count_directions(collection).to_dict("records")]


def _describe_direction(row: dict[Any, Any]) -> str:
    sided = row["for"] + row["against"]
    off = f"; off the scale: {row['off_scale']}" if row["off_scale"] else ""
    rest = (
        f"uncertain: {row['uncertain']}; on both sides: {row['both']}{off}; silent: {row['silent']}"
    )
    if not sided:
        return f"no source takes a side; {rest}"
    low, high = (f"{100 * row[end]:.0f}" for end in ("low", "high"))
    return (
        f"for: {row['for']} of {sided} source{'s' * (sided != 1)} that take{'s' * (sided == 1)} "
        f"a side ({100 * row['share']:.0f}%; {low} to {high}%, a description and no test); {rest}"
    )


def measure_wilson(count: ArrayLike, total: ArrayLike) -> tuple[_Array, _Array, _Array]:
    """
    Measure a share and its 95% Wilson interval.

    Parameters
    ----------
    count, total : int or arrays of int
        How many of how many.

    Returns
    -------
    share, low, high : arrays of float
        NaN where the total is 0.

    Notes
    -----
    ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` with ``z = 1.96`` (unrounded in the
    calculation). It reads as an interval of confidence only where the sources are a random
    sample, which articles seldom are: here it tells how little a small denominator says.

    References
    ----------
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22(158), 209-212,
    https://doi.org/10.1080/01621459.1927.10502953.

    Examples
    --------
    The Cochrane Handbook, chapter 12: 10 of 12, 55% to 95%.

    >>> [round(float(number), 2) for number in measure_wilson(10, 12)]
    [0.83, 0.55, 0.95]
    """
    number = np.asarray(total, dtype=float)
    number = np.where(number > 0, number, np.nan)
    share = np.asarray(count) / number
    middle = share + _Z**2 / (2 * number)
    half = _Z * np.sqrt(share * (1 - share) / number + (_Z / (2 * number)) ** 2)
    low, high = ((middle + side * half) / (1 + _Z**2 / number) for side in (-1, 1))
    return share, np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)


def measure_sign_test(pro: int, con: int) -> float:
    """
    Measure how often chance alone would split sources so unevenly, or more: the sign test.

    Parameters
    ----------
    pro, con : int
        How many sources are for and how many against; those that take no side do not count.

    Returns
    -------
    p : float
        Two-sided and exact. NaN where there are none.

    Notes
    -----
    ``min(1, 2 Σ_{i ≤ min(pro, con)} C(n, i) / 2ⁿ)``. It supposes that the sources are
    independent, which those that lean on the same studies are not.

    References
    ----------
    McKenzie JE, Brennan SE. Chapter 12: Synthesizing and presenting findings using other methods.
    Cochrane Handbook for Systematic Reviews of Interventions,
    https://training.cochrane.org/handbook/current/chapter-12.

    Examples
    --------
    >>> round(measure_sign_test(10, 2), 4)
    0.0386
    """
    number = pro + con
    if not number:
        return float("nan")
    tail = sum(comb(number, count) for count in range(min(pro, con) + 1))
    return float(min(1.0, 2 * tail / 2**number))
