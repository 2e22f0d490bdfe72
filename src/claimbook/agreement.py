"""How far sources agree, who are not coders, and how far two codings of the same passages do."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.codebook import FACETS
from claimbook.direction import PAIR_COLUMNS, Ratings, count_pairs, find_ratings
from claimbook.problems import suggest
from claimbook.relations import score_claims
from claimbook.vocabulary import Vocabulary

METRICS: Final = ("nominal", "ordinal", "interval")
CODED_COLUMNS: Final = (*FACETS, "recommendation", "certainty", "cited_study")
MEASURE_COLUMNS: Final = ("column", "n", "agreement", "kappa", "alpha")
_RESAMPLES_AT_ONCE: Final = 50
_Array = np.ndarray


def measure_alpha(ratings: pd.DataFrame | np.ndarray, *, metric: str) -> float:
    """
    Measure Krippendorff's alpha, the agreement beyond chance of any number of raters.

    Parameters
    ----------
    ratings : DataFrame or array of numbers, one row per unit, one column per rater
        NaN where a rater left a unit out. A unit that fewer than two raters rated does not count.
    metric : {"nominal", "ordinal", "interval"}
        How far apart two values are: all alike, by how many values lie between, by difference.

    Returns
    -------
    alpha : float
        1 for perfect agreement, 0 for what chance would give, below 0 for less than that. NaN
        where it is not defined: no unit has two values, or all the values that count are equal.

    Raises
    ------
    ValueError
        If the metric is not one of the three, or the ratings are not a table of numbers.

    Notes
    -----
    ``alpha = 1 - (N - 1) * sum(o_ck d_ck) / sum(n_c n_k d_ck)``. A unit with ``m`` values adds
    each pair of values in it, both ways, with weight ``1 / (m - 1)`` to ``o_ck``; ``n_c`` is how
    often a value stands in all these units and ``N`` the sum. ``d_ck`` is 1 for different values
    (nominal), the square of the difference (interval) or of the difference in rank, equal values
    sharing a rank (ordinal).

    References
    ----------
    Krippendorff K (2011). Computing Krippendorff's alpha-reliability. University of
    Pennsylvania, https://repository.upenn.edu/asc_papers/43.

    Examples
    --------
    Krippendorff's own data, section D: four observers, twelve units, missing values.

    >>> rows = "123321412...", "1233224125.3", ".3332342251.", "12332441251."
    >>> values = [[float(one) if one != "." else np.nan for one in row] for row in rows]
    >>> [round(measure_alpha(np.transpose(values), metric=metric), 3) for metric in METRICS]
    [0.743, 0.815, 0.849]
    """
    if metric not in METRICS:
        raise ValueError(f"no metric {metric!r}: {suggest(metric, METRICS)}")
    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"ratings have {table.ndim} dimensions, expected units by raters")
    rated = ~np.isnan(table)
    rated &= (rated.sum(axis=1) > 1)[:, np.newaxis]
    codes, values = pd.factorize(table[rated], sort=True)
    sizes = rated.sum(axis=1)
    sizes = sizes[sizes > 0]
    unit = np.repeat(np.arange(len(sizes)), sizes)
    return _measure_alpha(unit, codes, np.asarray(values), metric)


def _measure_alpha(unit: _Array, codes: _Array, values: _Array, metric: str) -> float:
    """Measure alpha from one row per value: its unit and its place among the values."""
    if len(values) < 2:
        return float("nan")
    sizes, margins = np.bincount(unit), np.bincount(codes).astype(float)
    total = len(codes)
    if metric == "nominal":
        cells, times = np.unique(unit * len(values) + codes, return_counts=True)
        within = sizes.astype(float) ** 2 - np.bincount(cells // len(values), times**2)
        expected = total**2 - (margins**2).sum()
    else:
        places = _rank(margins) if metric == "ordinal" else values - values[len(values) // 2]
        place = places[codes]
        within = sizes * np.bincount(unit, place**2) - np.bincount(unit, place) ** 2
        expected = total * (margins @ places**2) - (margins @ places) ** 2
    return float(1 - (total - 1) * (within / (sizes - 1)).sum() / expected)


def _rank(margins: _Array) -> _Array:
    """Rank values by how many stand below, equal ones sharing a rank, with the middle at 0."""
    below = np.cumsum(margins, axis=-1)
    ranks: _Array = below - margins / 2 - below[..., -1:] / 2
    return ranks


def measure_agreement(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, seed: int = 0, resamples: int = 1000
) -> dict[str, Any]:
    """
    Measure how far sources agree: a question is a unit, a source a rater, a score a value.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `find_ratings`, which says how a source with several claims counts.
    vocabulary : Vocabulary
        Likewise; under a declared scale its scores are the distances.
    seed : int
        Same seed, same intervals, in whatever order the claims stand.
    resamples : int
        How often the questions are drawn anew.

    Returns
    -------
    agreement : dict
        ``units`` (questions), ``sources``, ``pairable_units`` (questions on which two sources or
        more are rated); ``agreement``, ``alpha_nominal``, ``alpha_ordinal``, ``alpha_interval``,
        each with ``_low`` and ``_high``, the 2.5th and 97.5th percentile of the resamples;
        ``pairs``, the rows of `count_pairs` as dicts; ``left_out``, how often a source was left
        out of a question. A number that is not defined is None: any where no unit is pairable,
        alpha where all values are equal, the interval of such and where but one unit is pairable.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Notes
    -----
    ``agreement`` is the share of equal scores among all pairs of sources on a question, each pair
    counting once: the sum of ``equal`` over the sum of ``shared``. The mean over questions, as
    irrCAC has it, may differ. For alpha see `measure_alpha`.

    The pairable questions are drawn with replacement, as many as there are; a draw in which the
    number is not defined does not count. Sources are taken as they are, not as a sample.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An introduction to the bootstrap. Chapman & Hall, chapter 13.
    Fleiss JL (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin
    76(5), 378-382, https://doi.org/10.1037/h0031619 (agreement as the share of agreeing pairs).

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic"] * 2, "condition": "back pain",
    ...     "intervention": "massage", "aspect": ["use", "use", "cause", "cause"],
    ...     "recommendation": ["for", "for", "for", "against"]})
    >>> agreement = measure_agreement(claims, Vocabulary())
    >>> agreement["pairable_units"], agreement["agreement"], agreement["alpha_nominal"]
    (2, 0.5, 0.0)
    """
    ratings = find_ratings(claims, vocabulary)
    patterns, times, values = _find_patterns(ratings)
    samples = (
        _measure_sample(patterns, drawn, values) for drawn in _resample(times, seed, resamples)
    )
    return {
        "units": len(ratings.questions),
        "sources": len(ratings.sources),
        "pairable_units": int(times.sum()),
        **_summarise(next(samples), list(samples)),
        "pairs": _list_rows(count_pairs(ratings)),
        "left_out": int(np.isnan(ratings.score).sum()),
    }


def _list_rows(pairs: pd.DataFrame) -> list[dict[str, Any]]:
    columns = (pairs[name].tolist() for name in PAIR_COLUMNS)
    return [
        {"source_a": one, "source_b": two, "shared": shared, "equal": equal, "opposite": opposite}
        for one, two, shared, equal, opposite in zip(*columns, strict=True)
    ]


def _find_patterns(ratings: Ratings) -> tuple[_Array, _Array, _Array]:
    """Find how sources are spread over the scores of a question, how often so, and the scores."""
    known = ~np.isnan(ratings.score)
    values, codes = np.unique(ratings.score[known], return_inverse=True)
    shape = len(ratings.questions), len(values)
    cells = ratings.question[known] * len(values) + codes
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    pairable = counts[counts.sum(axis=1) > 1]
    patterns, times = np.unique(pairable, axis=0, return_counts=True)
    return patterns.astype(float), times, values


def _resample(times: _Array, seed: int, resamples: int) -> Iterator[_Array]:
    """Tell how often each pattern comes: as it is, then in many draws of as many questions."""
    yield times[np.newaxis].astype(float)
    number = int(times.sum())
    generator = np.random.default_rng(seed)
    sizes = [_RESAMPLES_AT_ONCE] * (resamples // _RESAMPLES_AT_ONCE)
    for size in [*sizes, resamples % _RESAMPLES_AT_ONCE] if number > 1 else ():
        yield generator.multinomial(number, times / number, size=size).astype(float)


def _measure_sample(patterns: _Array, times: _Array, values: _Array) -> dict[str, _Array]:
    """Measure agreement and alphas once for each row of `times`."""
    sizes, squares = patterns.sum(axis=1), (patterns**2).sum(axis=1)
    margins, weights = times @ patterns, times / (sizes - 1)
    total = margins.sum(axis=1)
    pairs = times @ (sizes**2 - sizes)
    measured = {"agreement": times @ (squares - sizes) / np.where(pairs > 0, pairs, np.nan)}
    within, among = sizes**2 - squares, total**2 - (margins**2).sum(axis=1)
    mixed = among > 0
    for metric in METRICS:
        if metric != "nominal":
            places = _rank(margins) if metric == "ordinal" else values[np.newaxis] - values[:1]
            within = sizes * (places**2 @ patterns.T) - (places @ patterns.T) ** 2
            among = total * (margins * places**2).sum(axis=1) - (margins * places).sum(axis=1) ** 2
        beside = (total - 1) * (weights * within).sum(axis=1) / np.where(mixed, among, np.nan)
        measured[f"alpha_{metric}"] = 1 - beside
    return measured


def _summarise(
    measured: dict[str, _Array], drawn: list[dict[str, _Array]]
) -> dict[str, float | None]:
    """Set beside each number the middle 95% of the draws in which it is defined."""
    numbers: dict[str, float | None] = {}
    for name, (number,) in measured.items():
        spread = np.concatenate([np.zeros(0), *(sample[name] for sample in drawn)])
        spread = spread[~np.isnan(spread)]
        ends = np.percentile(spread, [2.5, 97.5]) if len(spread) else (np.nan, np.nan)
        for ending, value in zip(("", "_low", "_high"), (number, *ends), strict=True):
            numbers[name + ending] = float(value) if value == value else None
    return numbers


class Comparison(NamedTuple):
    """
    Two codings of the same passages, held side by side.

    Attributes
    ----------
    measures : DataFrame, one row per column compared, the last ``overall``
        ``column``; ``n`` (claims in both codings); ``agreement``, ``kappa``, ``alpha``.
    disagreements : DataFrame, one row per cell on which the codings differ
        ``claim_id``, ``column``, ``first``, ``second``; in the order of the first coding.
    only_first, only_second : list of str
        Ids of the claims in but one of the codings.
    """

    measures: pd.DataFrame
    disagreements: pd.DataFrame
    only_first: list[str]
    only_second: list[str]


def compare_codings(
    first: pd.DataFrame, second: pd.DataFrame, *, vocabulary: Vocabulary | None = None
) -> Comparison:
    """
    Compare two codings of the same passages.

    Parameters
    ----------
    first, second : DataFrame, one row per claim
        Need ``claim_id``, no id twice, by which they are matched. Compared are, where both have
        them, ``condition``, ``intervention``, ``aspect``, ``recommendation``, ``certainty`` and
        ``cited_study``. An empty cell is a code too: nothing stated, nobody cited.
    vocabulary : Vocabulary, optional
        With it the alpha of ``recommendation`` is ordinal on its scores, else nominal.

    Returns
    -------
    comparison : Comparison
        ``overall`` takes condition, intervention, aspect and recommendation together as one code.
        ``agreement`` is the share of claims coded alike, ``kappa`` Cohen's, ``alpha``
        Krippendorff's, nominal but for ``recommendation``. NaN where not defined: all where no
        claim is in both, kappa and alpha where there is but one code.

    Raises
    ------
    ValueError
        If ``claim_id`` is missing or stands twice, or, with a vocabulary, a recommendation is
        none of its levels.

    Examples
    --------
    >>> first = pd.DataFrame({"claim_id": ["a", "b", "c"], "aspect": ["pain", "pain", "sleep"]})
    >>> second = pd.DataFrame({"claim_id": ["b", "a"], "aspect": ["effect", "pain"]})
    >>> comparison = compare_codings(first, second)
    >>> comparison.measures[["column", "n", "agreement"]].values.tolist()
    [['aspect', 2, 0.5], ['overall', 2, 0.5]]
    >>> comparison.disagreements.values.tolist(), comparison.only_first
    ([['b', 'aspect', 'pain', 'effect']], ['c'])
    """
    first, second = (_index_claims(coding) for coding in (first, second))
    ids = first.index[first.index.isin(second.index)]
    columns = [name for name in CODED_COLUMNS if name in first and name in second]
    one, two = (_complete(coding.loc[ids, columns]) for coding in (first, second))
    rows = []
    for name in one:
        ordered = vocabulary if name == "recommendation" else None
        rows.append((name, *_compare_column(one[name], two[name], ordered)))
    return Comparison(
        pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)),
        _list_disagreements(one[columns], two[columns]),
        first.index[~first.index.isin(ids)].tolist(),
        second.index[~second.index.isin(ids)].tolist(),
    )


def _index_claims(coding: pd.DataFrame) -> pd.DataFrame:
    if "claim_id" not in coding:
        raise ValueError("a coding lacks the column claim_id: the two are matched by it")
    twice = coding.loc[coding["claim_id"].duplicated(), "claim_id"]
    if len(twice):
        raise ValueError(f"claim_id {twice.iloc[0]!r} stands twice in one coding: keep one row")
    return coding.set_index("claim_id")


def _complete(coding: pd.DataFrame) -> pd.DataFrame:
    """Fill empty cells, and add the whole code of each claim."""
    coding = coding.fillna("").astype("str")
    whole = pd.Series("", index=coding.index, dtype="str")
    for name in [name for name in CODED_COLUMNS[:4] if name in coding]:
        whole = whole + coding[name] + "\0"
    return coding.assign(overall=whole)


def _compare_column(
    one: pd.Series, two: pd.Series, vocabulary: Vocabulary | None
) -> tuple[int, float, float, float]:
    codes, metric = pd.factorize(pd.concat([one, two]))[0], "nominal"
    if vocabulary is not None:
        coded = pd.concat([one, two]).to_frame("recommendation")
        codes, metric = score_claims(coded, vocabulary)[1], "ordinal"
    alpha = measure_alpha(codes.reshape(2, -1).T, metric=metric)
    return len(one), float((one == two).mean()), measure_kappa(one, two), alpha


def _list_disagreements(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    row, column = (one != two).to_numpy().nonzero()
    cells = {
        "claim_id": one.index[row],
        "column": one.columns[column],
        "first": one.to_numpy()[row, column],
        "second": two.to_numpy()[row, column],
    }
    return pd.DataFrame(cells, dtype="str")


def measure_kappa(first: pd.Series, second: pd.Series) -> float:
    """
    Measure Cohen's kappa, the agreement of two codings beyond chance.

    Parameters
    ----------
    first, second : Series of the same length
        The codes that each gave, claim by claim. A missing value is a code of its own.

    Returns
    -------
    kappa : float
        1 for perfect agreement, 0 for what chance would give. NaN where there is nothing to
        compare, or both gave one and the same code throughout.

    Notes
    -----
    ``(p_o - p_e) / (1 - p_e)``: ``p_o`` is the share coded alike, ``p_e`` the sum over the codes
    of the product of the shares in which either coding used them.

    References
    ----------
    Cohen J (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20(1), 37-46, https://doi.org/10.1177/001316446002000104.

    Examples
    --------
    Gwet's 100 patients, coded by two abstractors: agreement 0.89, kappa 0.796.

    >>> table = {"ee": 13, "aa": 20, "an": 7, "na": 4, "nn": 56}
    >>> pairs = [pair for pair, times in table.items() for _ in range(times)]
    >>> first, second = (pd.Series([pair[place] for pair in pairs]) for place in (0, 1))
    >>> round(measure_kappa(first, second), 4)
    0.7964
    """
    both = np.concatenate([np.asarray(first, dtype=object), np.asarray(second, dtype=object)])
    codes, names = pd.factorize(both, use_na_sentinel=False)
    one, two = codes.reshape(2, -1)
    number = len(one)
    margins = [np.bincount(part, minlength=len(names)) for part in (one, two)]
    chance = int(margins[0] @ margins[1])
    if number**2 == chance:
        return float("nan")
    return float((number * int((one == two).sum()) - chance) / (number**2 - chance))
