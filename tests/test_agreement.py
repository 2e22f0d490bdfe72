from fractions import Fraction
from itertools import combinations, permutations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from claimbook import Collection
from claimbook.measures import (
    METRICS,
    measure_agreement,
    measure_alpha,
    measure_without,
)

KEYS = ["agreement", "alpha_nominal", "alpha_ordinal", "alpha_interval"]


def read_rows(*rows: str) -> np.ndarray:
    """One rater a row, one letter a unit, a point where missing; units by raters comes back."""
    return np.array([[np.nan if v == "." else float(v) for v in row] for row in rows]).T


OBSERVERS = read_rows("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
MEG_AND_OWEN = read_rows("0100000010", "1110010000")
# units a to e as 1 to 5
BEN_AND_GERRY = read_rows("112243335441", "212223335444")
# https://en.wikipedia.org/wiki/Krippendorff%27s_alpha
WIKIPEDIA = read_rows(".....34121133.3", "1.213343.......", "..21344.21133.4")

PUBLISHED = [
    (OBSERVERS, "nominal", Fraction(113, 152)),
    (OBSERVERS, "ordinal", Fraction(108577, 133160)),
    (OBSERVERS, "interval", Fraction(951, 1120)),
    (MEG_AND_OWEN, "nominal", Fraction(2, 21)),
    (BEN_AND_GERRY, "nominal", Fraction(155, 224)),
    (WIKIPEDIA, "nominal", Fraction(56, 81)),
    (WIKIPEDIA, "interval", Fraction(643, 793)),
]


@pytest.mark.parametrize(("ratings", "metric", "alpha"), PUBLISHED)
def test_alpha_is_the_published_one(ratings, metric, alpha):
    assert measure_alpha(ratings, metric=metric) == pytest.approx(float(alpha), rel=1e-14)


def count_coincidences(ratings: np.ndarray) -> dict[tuple[float, float], Fraction]:
    coincidences: dict[tuple[float, float], Fraction] = {}
    for unit in ratings:
        values = [float(value) for value in unit if value == value]
        for pair in permutations(values, 2):
            weight = Fraction(1, len(values) - 1)
            coincidences[pair] = coincidences.get(pair, Fraction(0)) + weight
    return coincidences


def read_alpha_by_hand(ratings: np.ndarray, metric: str) -> Fraction | None:
    """Krippendorff's section D to the letter, in exact fractions."""
    coincidences = count_coincidences(ratings)
    values = sorted({value for value, _ in coincidences})
    n = {one: sum(coincidences.get((one, two), Fraction(0)) for two in values) for one in values}
    total = sum(n.values())

    def difference(one: float, two: float) -> Fraction:
        if metric == "nominal":
            return Fraction(one != two)
        if metric == "interval":
            return (Fraction(one) - Fraction(two)) ** 2
        low, high = sorted((one, two))
        between = sum(n[value] for value in values if low <= value <= high)
        return (between - (n[one] + n[two]) / 2) ** 2

    observed = sum(weight * difference(*pair) for pair, weight in coincidences.items())
    expected = sum(n[one] * n[two] * difference(one, two) for one in values for two in values)
    return 1 - (total - 1) * observed / expected if expected else None


SOME_RATINGS = st.tuples(st.integers(0, 6), st.integers(0, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.sampled_from([np.nan, -2, -1, 0, 1, 0.5]))
)


@given(ratings=SOME_RATINGS, metric=st.sampled_from(METRICS))
def test_alpha_is_what_the_formula_says(ratings, metric):
    by_hand = read_alpha_by_hand(ratings, metric)
    alpha = measure_alpha(ratings, metric=metric)
    if by_hand is None:
        assert np.isnan(alpha)
    else:
        assert alpha == pytest.approx(float(by_hand), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_alpha_is_that_of_package_krippendorff(metric):
    generator = np.random.default_rng(7)
    for size in (20, 2000):
        ratings = generator.integers(-2, 3, (size, 4)).astype(float)
        ratings[:, 1:] = np.where(generator.random((size, 3)) < 0.4, ratings[:, :1], ratings[:, 1:])
        ratings[generator.random(ratings.shape) < 0.3] = np.nan
        peer = krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=metric)
        assert measure_alpha(pd.DataFrame(ratings), metric=metric) == pytest.approx(peer, abs=1e-9)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "rows",
    [("....", "...."), ("12..", "..12"), ("2222", "2222"), ("1.22", ".12."), ("",)],
    ids=["nothing", "no unit twice", "one value", "one value where it counts", "no unit"],
)
def test_alpha_that_is_not_defined_is_nan(rows, metric):
    assert np.isnan(measure_alpha(read_rows(*rows), metric=metric))


def test_nominal_alpha_takes_codes_of_any_kind():
    letters = pd.DataFrame(OBSERVERS).map(
        lambda value: None if np.isnan(value) else "abcdef"[int(value)]
    )
    assert measure_alpha(letters, metric="nominal") == pytest.approx(113 / 152)
    with pytest.raises(ValueError, match="could not convert"):
        measure_alpha(letters, metric="ordinal")


def test_alpha_changes_no_argument():
    ratings = pd.DataFrame(OBSERVERS)
    measure_alpha(ratings, metric="ordinal")
    pd.testing.assert_frame_equal(ratings, pd.DataFrame(OBSERVERS))


def test_alpha_is_exact_far_from_zero():
    shifted = OBSERVERS + 1e9
    assert measure_alpha(shifted, metric="interval") == pytest.approx(951 / 1120, rel=1e-12)


def test_alpha_needs_no_cell_per_value():
    generator = np.random.default_rng(1)
    truth = generator.normal(size=(50_000, 1))
    ratings = truth + generator.normal(size=(50_000, 2))
    assert measure_alpha(ratings, metric="interval") == pytest.approx(0.5, abs=0.02)


def test_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="no metric 'ordnial': did you mean 'ordinal'"):
        measure_alpha(OBSERVERS, metric="ordnial")
    with pytest.raises(ValueError, match="1 dimensions, expected units by raters"):
        measure_alpha(OBSERVERS[0], metric="nominal")


def make_claims(ratings: np.ndarray) -> Collection:
    """A collection in which source j answers question i with the level called by its score."""
    rows = [
        {"source": f"s{rater}", "condition": f"q{unit}", "recommendation": f"{value:g}"}
        for rater, unit in np.ndindex(ratings.shape[::-1])
        if (value := ratings[unit, rater]) == value
    ]
    levels = sorted({row["recommendation"] for row in rows}) or ["1"]
    terms = pd.DataFrame({"scheme": "recommendation", "term": levels, "score": levels})
    claims = build_claims(*rows).assign(claim_id=[str(n) for n in range(len(rows))])
    return build_collection(claims, vocabulary=terms)


@settings(max_examples=60, deadline=None)
@given(ratings=SOME_RATINGS)
def test_agreement_of_sources_is_that_of_raters(ratings):
    measured = measure_agreement(make_claims(ratings), resamples=3)
    for metric in METRICS:
        alpha, found = measure_alpha(ratings, metric=metric), measured[f"alpha_{metric}"]
        assert (found is None) if np.isnan(alpha) else found == pytest.approx(alpha, abs=1e-9)
    pairs = [
        (one, two)
        for unit in ratings
        for one, two in combinations([value for value in unit if value == value], 2)
    ]
    share = np.mean([one == two for one, two in pairs]) if pairs else None
    assert measured["agreement"] == (None if share is None else pytest.approx(share))
    assert sum(pair["shared"] for pair in measured["pairs"]) == len(pairs)
    assert measured["pairable_units"] == sum((~np.isnan(row)).sum() > 1 for row in ratings)


def test_krippendorffs_observers_as_a_collection():
    measured = measure_agreement(make_claims(OBSERVERS))
    assert [measured[key] for key in ("units", "sources", "pairable_units", "left_out")] == [
        12,
        4,
        11,
        0,
    ]
    assert measured["agreement"] == 43 / 55
    assert [round(measured[key], 3) for key in KEYS[1:]] == [0.743, 0.815, 0.849]
    assert all(measured[f"{key}_low"] < measured[key] < measured[f"{key}_high"] for key in KEYS)


def resample_by_hand(ratings: np.ndarray, metric: str, resamples: int) -> np.ndarray:
    generator = np.random.default_rng(3)
    pairable = ratings[(~np.isnan(ratings)).sum(axis=1) > 1]
    draws = generator.integers(len(pairable), size=(resamples, len(pairable)))
    alphas = [measure_alpha(pairable[draw], metric=metric) for draw in draws]
    return np.nanpercentile(alphas, [2.5, 97.5])


@pytest.mark.parametrize("metric", METRICS)
def test_interval_is_that_of_questions_drawn_one_by_one(metric):
    low, high = resample_by_hand(OBSERVERS, metric, 2000)
    measured = measure_agreement(make_claims(OBSERVERS), resamples=20_000)
    found = [measured[f"alpha_{metric}{end}"] for end in ("_low", "_high")]
    assert found == pytest.approx([low, high], abs=0.03)


def test_same_seed_gives_the_same_interval_in_any_order():
    collection = make_claims(OBSERVERS)
    turned = Collection.from_frame(
        collection.claims.iloc[::-1], collection.sources, collection.vocabulary
    )
    one = measure_agreement(collection, seed=5, resamples=100)
    again = measure_agreement(turned, seed=5, resamples=100)
    other = measure_agreement(collection, seed=6, resamples=100)
    assert one["alpha_ordinal_low"] == again["alpha_ordinal_low"] != other["alpha_ordinal_low"]


def test_one_pairable_question_has_no_interval():
    measured = measure_agreement(make_claims(read_rows("12", "1.", "2.")))
    assert measured["agreement"] == pytest.approx(1 / 3)
    assert measured["agreement_low"] is measured["alpha_ordinal_high"] is None


def test_what_is_not_defined_is_none():
    measured = measure_agreement(build_claims())
    assert {measured[key + end] for key in KEYS for end in ("", "_low", "_high")} == {None}
    assert (measured["units"], measured["sources"], measured["pairs"]) == (0, 0, [])
    alike = measure_agreement(make_claims(read_rows("11", "11")))
    assert (alike["agreement"], alike["agreement_high"], alike["alpha_nominal"]) == (1, 1, None)


def test_keys_are_those_of_the_contract():
    numbers = [key + end for key in KEYS for end in ("", "_low", "_high")]
    measured, rest = measure_agreement(build_claims({})), ["pairs", "left_out", "off_scale"]
    assert list(measured) == ["units", "sources", "pairable_units", *numbers, *rest]


def test_a_source_counts_nearest_the_middle_and_not_at_all_on_both_sides():
    claims = build_claims(
        {"recommendation": "for"},
        {"recommendation": "uncertain"},
        {"source": "clinic", "recommendation": "conditional for"},
        {"source": "clinic", "recommendation": "conditional against"},
        {"source": "gp", "recommendation": "uncertain"},
    )
    measured = measure_agreement(claims)
    assert measured["left_out"] == 1
    assert measured["pairs"] == [
        {"source_a": "spa", "source_b": "gp", "shared": 1, "equal": 1, "opposite": 0}
    ]


@settings(max_examples=60, deadline=None)
@given(case=rules_and_claims())
def test_pairs_are_those_read_off_question_by_question(case):
    rules, claims = case
    stands: dict[tuple, dict[str, float | None]] = {}
    for row in claims.to_dict("records"):
        question = row["condition"], row["intervention"], row["aspect"]
        scores = stands.setdefault(question, {}).setdefault(row["source"], [])
        scores.append(rules.scores[row["recommendation"]])
    left_out, pairs = 0, {}
    sources = list(dict.fromkeys(claims["source"]))
    for by_source in stands.values():
        both = {name for name, scores in by_source.items() if min(scores) < 0 < max(scores)}
        left_out += len(both)
        near = {
            name: min(scores, key=abs) for name, scores in by_source.items() if name not in both
        }
        for one, two in combinations(sorted(near, key=sources.index), 2):
            counts = pairs.setdefault((one, two), [0, 0, 0])
            counts[0] += 1
            counts[1] += near[one] == near[two]
            counts[2] += min(near[one], near[two]) < 0 < max(near[one], near[two])
    measured = measure_agreement(build_collection(claims, vocabulary=rules.table()), resamples=2)
    assert measured["left_out"] == left_out
    found = {tuple(pair.values())[:2]: list(pair.values())[2:] for pair in measured["pairs"]}
    assert found == pairs
    places = [tuple(map(sources.index, pair)) for pair in found]
    assert places == sorted(places)


def test_levels_off_the_scale_are_left_out_and_counted_aloud():
    scale = build_terms(
        ("recommendation", "good", "", "1"),
        ("recommendation", "bad", "", "-1"),
        ("recommendation", "not rated"),
    )
    claims = build_claims(
        {"source": "a", "recommendation": "good"},
        {"source": "b", "recommendation": "not rated"},
        {"source": "c", "recommendation": "bad"},
        {"source": "c", "recommendation": "not rated"},
    )
    measured = measure_agreement(build_collection(claims, vocabulary=scale))
    assert (measured["off_scale"], measured["left_out"]) == (2, 0)
    assert [list(pair.values()) for pair in measured["pairs"]] == [["a", "c", 1, 0, 1]]


@settings(max_examples=50)
@given(case=rules_and_claims())
def test_leaving_a_source_out_measures_the_rest(case):
    rules, claims = case
    whole = build_collection(claims, vocabulary=rules.table())
    for row in measure_without(whole).to_dict("records"):
        rest = whole.take(whole.claims["source"] != row.pop("source"))
        measured = measure_agreement(rest, resamples=0)
        for name, number in row.items():
            expected = np.nan if measured[name] is None else measured[name]
            assert number == pytest.approx(expected, nan_ok=True)
