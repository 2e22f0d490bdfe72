"""How far two codings of the same passages agree."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import suggest
from claimbook.collection.vocabulary import Vocabulary
from claimbook.measures.agreement import measure_alpha

CODED_COLUMNS: Final = (*FACETS, "recommendation", "certainty", "cited_study")
MEASURE_COLUMNS: Final = ("column", "n", "agreement", "kappa", "alpha")


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
    first: Collection | pd.DataFrame,
    second: Collection | pd.DataFrame,
    *,
    terms: Vocabulary | None = None,
) -> Comparison:
    """
    Compare two codings of the same passages.

    Parameters
    ----------
    first, second : Collection, or DataFrame with one row per claim
        Need ``claim_id``, no id twice, by which they are matched. Compared are, where both have
        them, ``condition``, ``intervention``, ``aspect``, ``recommendation``, ``certainty`` and
        ``cited_study``. An empty cell is a code too: nothing stated, nobody cited.
    terms : Vocabulary, optional
        Its levels: the alpha of ``recommendation`` is ordinal on their scores, and those off the
        scale are left out of it. Without it those of the first collection given, else the
        codebook's five; where other levels are used than these the alpha is nominal.

    Returns
    -------
    comparison : Comparison
        ``overall`` takes condition, intervention, aspect and recommendation together as one code.
        ``agreement`` is the share of claims coded alike, ``kappa`` Cohen's, ``alpha``
        Krippendorff's, nominal but for ``recommendation``. NaN where not defined: all where no
        claim is in both, kappa and alpha where there is but one code.

    Raises
    ------
    TypeError
        If a coding is neither a collection nor a table.
    ValueError
        If ``claim_id`` is missing or stands twice, or a recommendation is no level of `terms`.

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
    given = (coding.terms for coding in (first, second) if isinstance(coding, Collection))
    first, second = (_index_claims(coding) for coding in (first, second))
    scale = _find_scale(first, second, terms or next(given, None))
    ids = first.index[first.index.isin(second.index)]
    columns = [name for name in CODED_COLUMNS if name in first and name in second]
    one, two = (_complete(coding.loc[ids, columns]) for coding in (first, second))
    rows = []
    for name in one:
        ordered = scale if name == "recommendation" else None
        rows.append((name, *_compare_column(one[name], two[name], ordered)))
    return Comparison(
        pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)),
        _list_disagreements(one[columns], two[columns]),
        first.index[~first.index.isin(ids)].tolist(),
        second.index[~second.index.isin(ids)].tolist(),
    )


def _index_claims(coding: Any) -> pd.DataFrame:
    if isinstance(coding, Collection):
        coding = coding.claims
    if not isinstance(coding, pd.DataFrame):
        raise TypeError(f"expected a Collection or a DataFrame, found {type(coding).__name__}")
    if "claim_id" not in coding:
        raise ValueError("a coding lacks the column claim_id: the two are matched by it")
    twice = coding.loc[coding["claim_id"].duplicated(), "claim_id"]
    if len(twice):
        raise ValueError(f"claim_id {twice.iloc[0]!r} stands twice in one coding: keep one row")
    return coding.set_index("claim_id")


def _find_scale(
    first: pd.DataFrame, second: pd.DataFrame, terms: Vocabulary | None
) -> Vocabulary | None:
    """Give the levels that both codings use, None where these are not known."""
    known = terms or Vocabulary()
    codings = (coding for coding in (first, second) if "recommendation" in coding)
    used = [level for coding in codings for level in coding["recommendation"].dropna()]
    for level in dict.fromkeys(used):
        if level and level not in known.levels:
            if terms is None:
                return None
            hint = suggest(str(level), known.levels)
            raise ValueError(f"recommendation is {level!r}: {hint}")
    return known


def _complete(coding: pd.DataFrame) -> pd.DataFrame:
    """Fill empty cells, and add the whole code of each claim."""
    coding = coding.fillna("").astype("str")
    whole = pd.Series("", index=coding.index, dtype="str")
    for name in [name for name in CODED_COLUMNS[:4] if name in coding]:
        whole = whole + coding[name] + "\0"
    return coding.assign(overall=whole)


def _compare_column(
    one: pd.Series, two: pd.Series, scale: Vocabulary | None
) -> tuple[int, float, float, float]:
    both = pd.concat([one, two])
    codes, metric = pd.factorize(both)[0], "nominal"
    if scale is not None:
        codes, metric = both.map(scale.scores).to_numpy(dtype=float), "ordinal"
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
