"""Which way sources point: one by one on each question, two by two, and all together."""

from math import comb
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from claimbook.collection.codebook import FACETS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import find_questions
from claimbook.measures.stances import find_ends

PAIR_COLUMNS: Final = ("source_a", "source_b", "shared", "equal", "opposite")
DIRECTION_COLUMNS: Final = (
    *FACETS,
    "for",
    "against",
    "uncertain",
    "both",
    "silent",
    "share",
    "low",
    "high",
)
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
        NaN where the source stands on opposite sides and is left out.
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, as the claims raise them.
    sources : Index of str
        In order of first appearance.
    """

    question: _Array
    source: _Array
    score: _Array
    questions: pd.DataFrame
    sources: pd.Index


def find_ratings(claims: pd.DataFrame, vocabulary: Vocabulary) -> Ratings:
    """
    Find the one score with which each source counts on each question that it addresses.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    ratings : Ratings
        Of several claims the score nearest the middle; NaN where they lie on opposite sides.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "uncertain", "against"]})
    >>> find_ratings(claims, Vocabulary()).score.tolist()
    [0.0, -2.0]
    """
    ends = find_ends(claims, vocabulary)
    questions, of_claim = find_questions(claims)
    of_source, sources = pd.factorize(claims["source"])
    question, source = of_claim[ends.first], of_source[ends.first]
    order = np.lexsort((source, question))
    score = np.array([*vocabulary.scores.values(), np.nan], dtype=float)[ends.level[order]]
    names = pd.Index(sources, name="source")
    return Ratings(question[order], source[order], score, questions, names)


def rate_questions(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Lay the scores of all sources on all questions out as `measure_alpha` takes them.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `find_ratings`.
    vocabulary : Vocabulary
        Likewise.

    Returns
    -------
    ratings : DataFrame of float, one row per question, one column per source
        Indexed by condition, intervention and aspect. NaN where the source does not address the
        question or stands on opposite sides. Every cell is held: where questions times sources
        are too many for that, use `find_ratings`.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": ["for", "against"]})
    >>> rate_questions(claims, Vocabulary()).values
    array([[ 2., -2.]])
    """
    ratings = find_ratings(claims, vocabulary)
    table = np.full((len(ratings.questions), len(ratings.sources)), np.nan)
    table[ratings.question, ratings.source] = ratings.score
    index = pd.MultiIndex.from_frame(ratings.questions)
    return pd.DataFrame(table, index=index, columns=ratings.sources)


def count_pairs(ratings: Ratings) -> pd.DataFrame:
    """
    Count on how many questions every two sources meet, agree and stand on opposite sides.

    Parameters
    ----------
    ratings : Ratings
        As `find_ratings` returns them.

    Returns
    -------
    pairs : DataFrame, one row per pair of sources that share a question
        ``source_a``, ``source_b``; ``shared`` (questions that both are rated on), ``equal`` (with
        the same score) and ``opposite`` (with scores of opposite sign). Sources in order of first
        appearance, a before b.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": ["for", "against"]})
    >>> count_pairs(find_ratings(claims, Vocabulary())).values.tolist()
    [['spa', 'clinic', 1, 0, 1]]
    """
    known = ~np.isnan(ratings.score)
    question, source, score = (part[known] for part in ratings[:3])
    width = max(len(ratings.sources), 1)
    later = np.searchsorted(question, question, side="right") - np.arange(len(question)) - 1
    cuts = np.flatnonzero(np.diff(np.cumsum(later) // _PAIRS_AT_ONCE)) + 1
    pieces = []
    for block in np.split(np.arange(len(question)), cuts):
        first, second = _expand_later(block, later[block])
        equal = score[first] == score[second]
        opposite = np.sign(score[first]) * np.sign(score[second]) < 0
        pieces.append(_sum_pairs(source[first] * width + source[second], equal, opposite))
    pairs = pd.concat(pieces).groupby(level=0).sum()
    first, second = np.divmod(pairs.index.to_numpy(), width)
    names = {"source_a": ratings.sources[first], "source_b": ratings.sources[second]}
    return pd.DataFrame(names | {name: pairs[name].to_numpy() for name in pairs})


def _expand_later(block: _Array, later: _Array) -> tuple[_Array, _Array]:
    """Pair each row of a block with as many of the rows after it as `later` says."""
    first = np.repeat(block, later)
    before = np.repeat(np.cumsum(later) - later, later)
    return first, first + 1 + np.arange(len(first)) - before


def _sum_pairs(key: _Array, equal: _Array, opposite: _Array) -> pd.DataFrame:
    pairs, place = np.unique(key, return_inverse=True)
    rows = (place, place[equal], place[opposite])
    counts = [np.bincount(row, minlength=len(pairs)) for row in rows]
    return pd.DataFrame(dict(zip(PAIR_COLUMNS[2:], counts, strict=True)), index=pairs)


def count_directions(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Count the sources on either side of each question, and those that take none.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    directions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``; how many sources are ``for``, ``against``,
        ``uncertain``, on ``both`` sides, ``silent`` (in the table, but not on this question): the
        five add up to all sources. ``share``: of those for or against, how many are for; ``low``
        and ``high``: its 95% interval by `measure_wilson`, which describes and does not test.
        NaN where none takes a side. Questions as the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

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
    >>> claims = pd.DataFrame({"source": list("abc"), "condition": "back pain",
    ...     "intervention": "massage", "aspect": ["use", "use", "cause"],
    ...     "recommendation": ["for", "uncertain", "against"]})
    >>> counts = count_directions(claims, Vocabulary())
    >>> counts.loc[0, ["for", "against", "uncertain", "both", "silent"]].tolist()
    [1, 0, 1, 0, 1]
    """
    ratings = find_ratings(claims, vocabulary)
    sides = np.select([ratings.score > 0, ratings.score < 0, ratings.score == 0], [0, 1, 2], 3)
    number = len(ratings.questions)
    counts = np.bincount(ratings.question * 4 + sides, minlength=number * 4).reshape(number, 4)
    share, low, high = measure_wilson(counts[:, 0], counts[:, :2].sum(axis=1))
    columns = dict(zip(("for", "against", "uncertain", "both"), counts.T, strict=True))
    silent = len(ratings.sources) - counts.sum(axis=1)
    directions = ratings.questions.assign(**columns, silent=silent, share=share, low=low, high=high)
    return directions[list(DIRECTION_COLUMNS)]


def describe_directions(directions: pd.DataFrame) -> list[str]:
    """
    Say in a sentence how sources are spread over the sides of each question.

    Parameters
    ----------
    directions : DataFrame, one row per question
        As `count_directions` returns it.

    Returns
    -------
    sentences : list of str, one per question
        The denominator is named, and those that take no side are counted aloud.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": list("abc"), "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against", "uncertain"]})
    >>> print(*describe_directions(count_directions(claims, Vocabulary())))
    for: 1 of 2 sources that take a side (50%; 9 to 91%, a description and no test); \
uncertain: 1; on both sides: 0; silent: 0
    """
    return [_describe_direction(row) for row in directions.to_dict("records")]


def _describe_direction(row: dict[Any, Any]) -> str:
    sided = row["for"] + row["against"]
    rest = f"uncertain: {row['uncertain']}; on both sides: {row['both']}; silent: {row['silent']}"
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
