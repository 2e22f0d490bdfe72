from unittest.mock import patch

import pandas as pd
import pytest
from builders import Rules, build_claims, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary, iter_relations, relate_claims, relations

COLUMNS = [
    "claim_a",
    "claim_b",
    "source_a",
    "source_b",
    "relation",
    "scope",
    "aspects",
    "distance",
    "broader",
    "within_source",
]
PAINS = build_terms(
    ("condition", "pain"),
    ("condition", "back pain", "pain"),
    ("condition", "nerve pain", "pain"),
    ("condition", "sciatica", "back pain; nerve pain"),
    ("intervention", "massage"),
    ("intervention", "thai massage", "massage"),
)


def relate(*rows, terms=PAINS, **common):
    """The one row that two claims give; None where they do not meet."""
    found = relate_claims(build_claims(*rows, **common), Vocabulary(terms))
    return None if found.empty else found.iloc[0]


@settings(deadline=None, max_examples=80)
@given(rules_and_claims())
def test_relations_are_those_of_the_codebook_read_pair_by_pair(drawn):
    rules, claims = drawn
    found = relate_claims(claims, rules.vocabulary())
    assert found.columns.tolist() == COLUMNS
    assert list(found.itertuples(index=False, name=None)) == rules.pairs(claims)


@settings(deadline=None, max_examples=25)
@given(rules_and_claims(most=14), st.integers(1, 5))
def test_questions_taken_in_several_blocks_meet_as_all_at_once(drawn, block):
    rules, claims = drawn
    with patch.object(relations, "_QUESTIONS_AT_ONCE", block):
        found = relate_claims(claims, rules.vocabulary())
    assert list(found.itertuples(index=False, name=None)) == rules.pairs(claims)


@settings(deadline=None, max_examples=25)
@given(rules_and_claims(), st.integers(1, 6))
def test_pieces_one_after_another_are_the_whole(drawn, size):
    rules, claims = drawn
    whole = relate_claims(claims, rules.vocabulary())
    pieces = list(iter_relations(claims, rules.vocabulary(), size=size))
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), whole)


@settings(deadline=None, max_examples=25)
@given(rules_and_claims())
def test_neither_claims_nor_vocabulary_are_changed(drawn):
    rules, claims = drawn
    claims = claims.assign(own="kept").set_index(pd.Index([7] * len(claims)))
    table = rules.table()
    before = claims.copy(deep=True), table.copy(deep=True)
    relate_claims(claims, Vocabulary(table))
    pd.testing.assert_frame_equal(claims, before[0])
    pd.testing.assert_frame_equal(table, before[1])


@pytest.mark.parametrize("rows", [[], [{}]])
def test_fewer_than_two_claims_give_no_row_but_all_columns(rows):
    found = relate_claims(build_claims(*rows), Vocabulary())
    assert len(found) == 0
    assert found.columns.tolist() == COLUMNS
    assert found["within_source"].dtype == bool
    assert len(list(iter_relations(build_claims(*rows), Vocabulary()))) == 1


def test_small_pieces_are_small():
    claims = build_claims(*[{}] * 12)
    pieces = list(iter_relations(claims, Vocabulary(), size=12))
    assert sum(map(len, pieces)) == 66
    assert max(map(len, pieces)) <= 24


def test_equal_terms_meet_in_same_scope():
    row = relate({}, {})
    assert row[["scope", "aspects", "broader"]].tolist() == ["same", "same", ""]


def test_terms_neither_of_which_is_broader_do_not_meet():
    assert relate({"condition": "back pain"}, {"condition": "nerve pain"}) is None
    assert relate({"aspect": "effect"}, {"aspect": "safety"}) is None


@pytest.mark.parametrize(
    ("one", "two", "broader"),
    [
        ({"condition": "pain"}, {}, "a"),
        ({}, {"condition": "sciatica"}, "a"),
        ({"condition": "sciatica"}, {"condition": "pain"}, "b"),
        ({"condition": "sciatica"}, {"condition": "nerve pain"}, "b"),
        ({"intervention": "thai massage"}, {}, "b"),
        ({"aspect": "use"}, {"condition": "sciatica"}, "a"),
    ],
)
def test_nested_names_the_claim_whose_terms_are_broader_any_number_of_steps(one, two, broader):
    row = relate(one, two)
    assert row[["scope", "broader"]].tolist() == ["nested", broader]


def test_broader_in_one_term_and_narrower_in_another_is_crossed():
    row = relate({"condition": "pain", "intervention": "thai massage"}, {})
    assert row[["scope", "aspects", "broader"]].tolist() == ["crossed", "same", ""]
    row = relate({"condition": "pain"}, {"aspect": "use"})
    assert row[["scope", "aspects", "broader"]].tolist() == ["crossed", "nested", ""]


@pytest.mark.parametrize("other", ["adjunct", "contraindication", "sleep"])
def test_aspects_under_use_neither_broader_are_siblings_in_same_scope(other):
    row = relate({"aspect": "pain"}, {"aspect": other})
    assert row[["scope", "aspects", "broader"]].tolist() == ["same", "sibling", ""]


def test_siblings_count_as_equal_when_another_term_is_broader():
    row = relate({"aspect": "adjunct"}, {"condition": "sciatica"})
    assert row[["scope", "aspects", "broader"]].tolist() == ["nested", "sibling", "a"]


@pytest.mark.parametrize("other", ["effect", "use"])
def test_use_and_what_is_under_it_are_nested_not_siblings(other):
    row = relate({"aspect": "pain"}, {"aspect": other})
    assert row[["scope", "aspects", "broader"]].tolist() == ["nested", "nested", "b"]


def test_aspects_under_anything_but_use_are_no_siblings():
    assert relate({"aspect": "blood flow"}, {"aspect": "toxins"}) is None


def test_declared_aspects_have_siblings_only_under_a_declared_use():
    terms = [("aspect", "use"), ("aspect", "cost", "use"), ("aspect", "taste", "use")]
    pair = {"aspect": "cost"}, {"aspect": "taste"}
    assert relate(*pair, terms=build_terms(*terms))["aspects"] == "sibling"
    flat = build_terms(("aspect", "cost"), ("aspect", "taste"), ("aspect", "use"))
    assert relate(*pair, terms=flat) is None


@pytest.mark.parametrize(
    ("one", "two", "relation", "distance"),
    [
        ("for", "for", "agree", 0),
        ("uncertain", "uncertain", "agree", 0),
        ("for", "conditional for", "qualify", 1),
        ("against", "conditional against", "qualify", 1),
        ("uncertain", "against", "qualify", 2),
        ("conditional for", "uncertain", "qualify", 1),
        ("conditional for", "conditional against", "conflict", 2),
        ("for", "against", "conflict", 4),
    ],
)
def test_levels_agree_qualify_or_conflict_by_their_sides(one, two, relation, distance):
    for pair in ((one, two), (two, one)):
        row = relate(*({"recommendation": level} for level in pair))
        assert row[["relation", "distance"]].tolist() == [relation, distance]


def test_two_levels_of_one_score_qualify_at_no_distance():
    rules = Rules(scores={"yes": 1.5, "aye": 1.5})
    row = relate(*({"recommendation": level} for level in rules.scores), terms=rules.table())
    assert row[["relation", "distance"]].tolist() == ["qualify", 0]


def test_a_one_sided_scale_knows_no_conflict():
    rules = Rules(scores={"weak": 0.5, "strong": 3, "none": 0})
    claims = build_claims(*({"recommendation": level} for level in rules.scores))
    found = relate_claims(claims, rules.vocabulary())
    assert found["relation"].tolist() == ["qualify"] * 3
    assert found["distance"].tolist() == [2.5, 0.5, 3]


@pytest.mark.parametrize("score", [1e-300, 9e15, 1e25, 1e300])
def test_scores_may_be_any_numbers(score):
    rules = Rules(scores={"yes": score, "no": -score})
    row = relate(*({"recommendation": level} for level in rules.scores), terms=rules.table())
    assert row["relation"] == "conflict"
    assert row["distance"] == 2 * score


def test_a_pair_inside_one_source_is_marked_whatever_its_scope():
    assert relate({}, {})["within_source"]
    assert relate({}, {"condition": "pain"})["within_source"]
    assert not relate({}, {"source": "clinic"})["within_source"]


def test_a_scheme_left_open_is_flat():
    terms = build_terms(("intervention", "massage"))
    assert relate({"condition": "pain"}, {"condition": "back pain"}, terms=terms) is None


def test_spelling_counts():
    assert relate({}, {"condition": "Back pain"}) is None


def test_pairs_stand_in_the_order_of_the_claims_the_earlier_as_a():
    rows = [{"aspect": aspect} for aspect in ("pain", "effect", "pain", "effect")]
    found = relate_claims(build_claims(*rows), Vocabulary())
    pairs = (found["claim_a"] + found["claim_b"]).tolist()
    assert pairs == ["ab", "ac", "ad", "bc", "bd", "cd"]


def test_a_level_unknown_is_named_with_those_expected():
    claims = build_claims({"recommendation": "yes"})
    with pytest.raises(ValueError, match="'yes', expected one of: for, conditional for"):
        relate_claims(claims, Vocabulary())
