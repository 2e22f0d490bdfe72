"""How far sources agree, which are not coders."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import suggest
from claimbook.measures.directions import Ratings, count_pairs, find_ratings

METRICS: Final = ("nominal", "ordinal", "interval")
AGREEMENTS: Final = ("agreement", *(f"alpha_{metric}" for metric in METRICS))
_RESAMPLES_AT_ONCE: Final = 50
_Array = np.ndarray


def measure_alpha(ratings: pd.DataFrame | np.ndarray, *, metric: str) -> float:
    """
    Measure Krippendorff's alpha, the agreement beyond chance of any number of raters.

    Parameters
    ----------
    ratings : DataFrame or array, one row per unit, one column per rater
        Numbers, or codes of any kind for the nominal metric. NaN or None where a rater left a
        unit out. A unit that fewer than two raters rated does not count.
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
        If the metric is not one of the three, or the ratings are no table of what it takes.

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
    table = np.asarray(ratings, dtype=object if metric == "nominal" else float)
    if table.ndim != 2:
        raise ValueError(f"ratings have {table.ndim} dimensions, expected units by raters")
    rated = pd.notna(table)
    rated &= (rated.sum(axis=1) > 1)[:, np.newaxis]
    codes, values = pd.factorize(table[rated], sort=metric != "nominal")
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


@of_collection
def measure_agreement(
    collection: Collection, *, seed: int = 0, resamples: int = 1000
) -> dict[str, Any]:
    """
    Measure how far sources agree: a question is a unit, a source a rater, a score a value.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        `find_ratings` says how a source with several claims counts. Under a declared scale its
        scores are the distances.
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
        out of a question because it stands on opposite sides; ``off_scale``, how many claims do
        not count because their level is off the scale. A number that is not defined is None: any
        where no unit is pairable, alpha where all values are equal, the interval of such and
        where but one unit is pairable.

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
    >>> claims = pd.DataFrame({"claim_id": list("abcd"), "source": ["spa", "clinic"] * 2,
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "use", "cause", "cause"],
    ...     "recommendation": ["for", "for", "for", "against"], "claim": "It is said."})
    >>> agreement = measure_agreement(claims)
    >>> agreement["pairable_units"], agreement["agreement"], agreement["alpha_nominal"]
    (2, 0.5, 0.0)
    """
    ratings = find_ratings(collection)
    patterns, times, values = _find_patterns(ratings)
    samples = (
        _measure_sample(patterns, drawn, values) for drawn in _resample(times, seed, resamples)
    )
    return {
        "units": len(ratings.questions),
        "sources": len(ratings.sources),
        "pairable_units": int(times.sum()),
        **_summarise(next(samples), list(samples)),
        "pairs": count_pairs(collection).to_dict("records"),
        "left_out": int(ratings.apart.sum()),
        "off_scale": int(np.isnan(collection.scores).sum()),
    }


@of_collection
def measure_without(collection: Collection) -> pd.DataFrame:
    """
    Leave one source out after the other, and measure how far the rest agree.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        As for `measure_agreement`.

    Returns
    -------
    measures : DataFrame, one row per source
        ``source``, which is left out; ``pairable_units``, ``agreement``, ``alpha_nominal``,
        ``alpha_ordinal`` and ``alpha_interval`` of the rest, NaN where not defined. Sources as
        they first appear.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"], "claim": "It is said."})
    >>> measure_without(claims)[["source", "agreement"]].values.tolist()
    [['a', 0.0], ['b', 0.0], ['c', 1.0]]
    """
    ratings = find_ratings(collection)
    rows = []
    for number, source in enumerate(ratings.sources):
        kept = ratings.source != number
        rest = {name: getattr(ratings, name)[kept] for name in ("question", "source", "score")}
        patterns, times, values = _find_patterns(ratings._replace(**rest))
        measured = _measure_sample(patterns, times[np.newaxis].astype(float), values)
        numbers = (float(measured[name][0]) for name in AGREEMENTS)
        rows.append((source, int(times.sum()), *numbers))
    types = {"source": "str", "pairable_units": "int64"} | dict.fromkeys(AGREEMENTS, "float64")
    return pd.DataFrame(rows, columns=list(types)).astype(types)


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
