from fractions import Fraction
from math import comb

import numpy as np
import pytest
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook.measures import (
    count_directions,
    count_pairs,
    describe_directions,
    find_ratings,
    find_shared,
    measure_sign_test,
    measure_wilson,
)

COUNTS = ["for", "against", "uncertain", "both", "off_scale", "silent"]


def test_wilson_interval_is_that_of_the_cochrane_handbook():
    share, low, high = measure_wilson(10, 12)
    assert (round(float(share), 2), round(float(low), 2), round(float(high), 2)) == (
        0.83,
        0.55,
        0.95,
    )


# Newcombe RG (1998), Statistics in Medicine 17, 857-872, table I, method 3
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_is_the_published_one(count, total, low, high):
    _, *ends = measure_wilson(count, total)
    assert [round(float(end), 4) for end in ends] == [low, high]


@given(total=st.integers(1, 200), count=st.integers(0, 200))
def test_wilson_interval_holds_the_share_and_mirrors(total, count):
    count = min(count, total)
    share, low, high = map(float, measure_wilson(count, total))
    _, mirrored_low, mirrored_high = map(float, measure_wilson(total - count, total))
    assert 0 <= low <= share <= high <= 1
    assert (low, high) == pytest.approx((1 - mirrored_high, 1 - mirrored_low))
    for end in (low, high):  # the ends are where the share lies 1.96 standard errors off
        if end not in (0, 1):
            assert (share - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / total)


def test_share_of_none_is_nan():
    assert np.isnan(measure_wilson([0], [0])).all()


@pytest.mark.parametrize(("pro", "con", "p"), [(10, 2, 0.03857421875), (2, 10, 0.03857421875)])
def test_sign_test_is_exact_and_two_sided(pro, con, p):
    assert measure_sign_test(pro, con) == p


@given(pro=st.integers(0, 25), con=st.integers(0, 25))
def test_sign_test_is_the_sum_of_what_is_as_uneven(pro, con):
    n = pro + con
    if not n:
        assert np.isnan(measure_sign_test(pro, con))
        return
    uneven = sum(comb(n, k) for k in range(n + 1) if abs(2 * k - n) >= abs(pro - con))
    assert measure_sign_test(pro, con) == pytest.approx(float(Fraction(uneven, 2**n)))


def test_every_source_is_counted_once_on_every_question():
    claims = build_claims(
        {"source": "a", "recommendation": "for"},
        {"source": "a", "recommendation": "conditional for"},
        {"source": "b", "recommendation": "against"},
        {"source": "c", "recommendation": "for"},
        {"source": "c", "recommendation": "against"},
        {"source": "d", "recommendation": "uncertain"},
        {"source": "d", "recommendation": "for"},
        {"source": "e", "aspect": "sleep", "recommendation": "uncertain"},
    )
    directions = count_directions(claims)
    assert directions[COUNTS].values.tolist() == [[1, 1, 1, 1, 0, 1], [0, 0, 1, 0, 0, 4]]
    assert directions["share"].tolist()[0] == 0.5
    assert directions.loc[1, ["share", "low", "high"]].isna().all()


@settings(max_examples=30, deadline=None)
@given(case=rules_and_claims())
def test_directions_are_those_read_off_question_by_question(case):
    rules, claims = case
    directions = count_directions(build_collection(claims, vocabulary=rules.table()))
    assert (directions[COUNTS].sum(axis=1) == claims["source"].nunique()).all()
    for row in directions.to_dict("records"):
        asked = claims[
            (
                claims[["condition", "intervention", "aspect"]].to_numpy()
                == [row["condition"], row["intervention"], row["aspect"]]
            ).all(axis=1)
        ]
        sides = asked.groupby("source")["recommendation"].agg(
            lambda levels: frozenset(rules.side(level) for level in levels)
        )
        assert row["both"] == sum({-1, 1} <= side for side in sides)
        assert row["for"] == sum(side == {1} for side in sides)
        assert row["against"] == sum(side == {-1} for side in sides)


@settings(max_examples=30, deadline=None)
@given(case=rules_and_claims())
def test_ratings_are_the_scores_nearest_the_middle_in_order(case):
    rules, claims = case
    ratings = find_ratings(build_collection(claims, vocabulary=rules.table()))
    pairs = list(zip(ratings.question.tolist(), ratings.source.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    found = {
        (*ratings.questions.iloc[question], ratings.sources[source]): score
        for (question, source), score in zip(pairs, ratings.score.tolist(), strict=True)
    }
    said = {}
    for row in claims.to_dict("records"):
        key = (row["condition"], row["intervention"], row["aspect"], row["source"])
        said.setdefault(key, []).append(rules.scores[row["recommendation"]])
    assert found.keys() == said.keys()
    for key, scores in said.items():
        if min(scores) < 0 < max(scores):
            assert np.isnan(found[key])
        else:
            assert found[key] == min(scores, key=abs)


def test_a_source_off_the_scale_takes_no_side_and_is_counted_aloud():
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
    collection = build_collection(claims, vocabulary=scale)
    directions = count_directions(collection)
    assert directions[COUNTS].values.tolist() == [[1, 1, 0, 0, 1, 0]]
    assert "off the scale: 1; silent: 0" in describe_directions(collection)[0]
    ratings = find_ratings(collection)
    np.testing.assert_array_equal(ratings.score, [1, np.nan, -1])
    assert not ratings.apart.any()
    assert count_pairs(collection)[["shared", "opposite"]].values.tolist() == [[1, 1]]


def test_nothing_claimed_gives_empty_tables():
    claims = build_claims()
    assert len(count_directions(claims)) == len(find_shared(claims)) == 0
    assert count_pairs(claims).columns.tolist() == [
        "source_a",
        "source_b",
        "shared",
        "equal",
        "opposite",
    ]


def test_many_pairs_are_counted_in_pieces(monkeypatch):
    claims = build_claims(
        *(
            {"source": f"s{n % 5}", "aspect": aspect}
            for n in range(20)
            for aspect in ("pain", "sleep")
        )
    ).assign(claim_id=[str(n) for n in range(40)])
    whole = count_pairs(claims)
    monkeypatch.setattr("claimbook.measures.directions._PAIRS_AT_ONCE", 3)
    assert count_pairs(claims).equals(whole)
    assert whole["shared"].tolist() == [2] * 10


def test_sentences_name_the_denominator_and_never_say_most():
    claims = build_claims(
        *({"source": f"s{n}", "recommendation": "for"} for n in range(10)),
        *({"source": f"t{n}", "recommendation": "against"} for n in range(2)),
        {"source": "u", "recommendation": "uncertain"},
        {"source": "v", "aspect": "sleep", "recommendation": "uncertain"},
        {"source": "w", "aspect": "mood"},
    )
    sentences = describe_directions(claims)
    assert sentences == [
        "for: 10 of 12 sources that take a side (83%; 55 to 95%, a description and no test); "
        "uncertain: 1; on both sides: 0; silent: 2",
        "no source takes a side; uncertain: 1; on both sides: 0; silent: 14",
        "for: 1 of 1 source that takes a side (100%; 21 to 100%, a description and no test); "
        "uncertain: 0; on both sides: 0; silent: 14",
    ]
    assert "most" not in " ".join(sentences)
