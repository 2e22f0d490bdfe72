from unittest.mock import patch

import pandas as pd
import pytest
from builders import Rules, build_claims, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary, counting, relate_claims
from claimbook.collection.codebook import RELATIONS, SCOPES
from claimbook.compare.counting import count_relations
from claimbook.display import describe_relations

KIND = ["relation", "scope", "within_source"]


def count_pairs(claims, vocabulary):
    """The rows that are not 0, counted one by one."""
    return relate_claims(claims, vocabulary)[KIND].value_counts().to_dict()


def count(claims, vocabulary):
    counts = count_relations(claims, vocabulary).set_index(KIND)["pairs"]
    return counts[counts != 0].to_dict()


@settings(deadline=None, max_examples=80)
@given(rules_and_claims(most=14))
def test_as_many_pairs_are_counted_as_are_listed(drawn):
    rules, claims = drawn
    before = claims.copy(deep=True)
    assert count(claims, rules.vocabulary()) == count_pairs(claims, rules.vocabulary())
    pd.testing.assert_frame_equal(claims, before)


@settings(deadline=None, max_examples=25)
@given(rules_and_claims(most=14), st.integers(1, 6))
def test_pairs_within_sources_are_counted_alike_in_several_blocks(drawn, size):
    rules, claims = drawn
    with patch.object(counting, "_MEETINGS_AT_ONCE", size):
        found = count(claims, rules.vocabulary())
    assert found == count_pairs(claims, rules.vocabulary())


@pytest.mark.parametrize("rows", [[], [{}]])
def test_fewer_than_two_claims_make_no_pair_of_any_kind(rows):
    counts = count_relations(build_claims(*rows), Vocabulary())
    assert counts.columns.tolist() == [*KIND, "pairs"]
    assert counts["pairs"].tolist() == [0] * 18


def test_kinds_of_pair_stand_in_the_codebooks_order():
    counts = count_relations(build_claims(), Vocabulary())
    assert counts["relation"].unique().tolist() == ["agree", "qualify", "conflict"]
    assert counts["scope"].tolist()[:6] == ["same"] * 2 + ["nested"] * 2 + ["crossed"] * 2
    assert counts["within_source"].tolist() == [False, True] * 9


def test_two_levels_of_one_score_do_not_agree():
    rules = Rules(scores={"yes": 1, "aye": 1})
    claims = build_claims(*({"recommendation": level} for level in rules.scores))
    assert count(claims, rules.vocabulary()) == {("qualify", "same", True): 1}


def test_more_pairs_are_counted_than_could_be_listed():
    number = 300_000
    sources = [f"s{place // 2}" for place in range(number)]
    claims = build_claims({}).take([0] * number).assign(source=sources)
    expected = number * (number - 1) // 2
    assert count(claims, Vocabulary()) == {
        ("agree", "same", False): expected - number // 2,
        ("agree", "same", True): number // 2,
    }


def test_a_level_unknown_is_named_with_those_expected():
    with pytest.raises(ValueError, match="'yes', expected one of: for, conditional for"):
        count_relations(build_claims({"recommendation": "yes"}), Vocabulary())


@settings(deadline=None, max_examples=15)
@given(rules_and_claims(most=12))
def test_people_are_shown_the_numbers_of_pairs_by_relation_and_scope_with_their_sums(drawn):
    rules, claims = drawn
    pairs = relate_claims(claims, rules.vocabulary())
    first, _, names, *rows = describe_relations(count_relations(claims, rules.vocabulary()))
    assert first == f"{len(pairs)} pairs of claims meet, by relation and scope:"
    assert names.split() == [*SCOPES, "all"]
    for relation, row in zip(RELATIONS, rows, strict=True):
        scopes = pairs.loc[pairs["relation"] == relation, "scope"].tolist()
        shown = [str(scopes.count(scope)) for scope in SCOPES]
        assert row.split() == [relation, *shown, str(len(scopes))]
