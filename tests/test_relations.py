"""Where two claims meet, and how: the codebook's tables, line by line."""

from unittest.mock import patch

import pandas as pd
import pytest
from small import collect, tree

from claimbook import count_relations, iter_relations, read_collection, relate_claims
from claimbook.compare import relations

PAINS = [
    *tree("condition", ("pain", ""), ("back pain", "pain"), ("nerve pain", "pain")),
    *tree("condition", ("sciatica", "back pain; nerve pain")),
    *tree("intervention", ("massage", ""), ("thai massage", "massage")),
]


def relate(*rows, terms=PAINS):
    """Give the one row that two claims make; None where they do not meet."""
    found = relate_claims(collect(*rows, terms=terms))
    return None if found.empty else found.iloc[0]


def tell(row, *names):
    return None if row is None else tuple(row[list(names)])


def test_equal_terms_meet_in_same_scope():
    assert tell(relate({}, {}), "scope", "aspects", "broader") == ("same", "same", "")


@pytest.mark.parametrize(
    "other", [{"condition": "Back pain"}, {"aspect": "cause"}, {"intervention": "heat"}]
)
def test_other_terms_do_not_meet(other):
    terms = [*PAINS, *tree("intervention", ("heat", "")), *tree("condition", ("Back pain", ""))]
    assert relate({}, other, terms=terms) is None


@pytest.mark.parametrize(
    ("other", "broader"),
    [
        ({"condition": "pain"}, "b"),
        ({"condition": "sciatica"}, "a"),
        ({"intervention": "thai massage", "condition": "sciatica"}, "a"),
        ({"aspect": "use"}, "b"),
    ],
)
def test_broader_in_any_term_and_nowhere_narrower_is_nested(other, broader):
    assert tell(relate({}, other), "scope", "broader") == ("nested", broader)


def test_broader_in_one_term_and_narrower_in_another_is_crossed():
    row = relate({"condition": "sciatica"}, {"intervention": "thai massage"})
    assert tell(row, "scope", "broader") == ("crossed", "")


def test_aspects_of_different_branches_of_use_are_siblings_in_same_scope():
    row = relate({"aspect": "sleep"}, {"aspect": "contraindication"})
    assert tell(row, "scope", "aspects") == ("same", "sibling")


def test_two_outcomes_do_not_meet():
    assert relate({"aspect": "sleep"}, {"aspect": "function"}) is None
    own = [
        ("aspect", "falls", {"broader": "effect"}),
        ("aspect", "fractures", {"broader": "effect"}),
    ]
    assert relate({"aspect": "falls"}, {"aspect": "fractures"}, terms=own) is None
    assert tell(relate({"aspect": "falls"}, {"aspect": "adjunct"}, terms=own), "scope") == ("same",)


def test_mechanisms_are_no_siblings():
    assert relate({"aspect": "toxins"}, {"aspect": "blood flow"}) is None


def test_terms_that_are_the_same_count_as_one():
    terms = [
        ("condition", "back pain", {"broader": "pain"}),
        ("condition", "low back pain", {"same_as": "back pain"}),
        *tree("condition", ("pain", ""), ("chronic low back pain", "low back pain")),
    ]
    row = relate({}, {"condition": "low back pain", "recommendation": "against"}, terms=terms)
    assert tell(row, "scope", "kind") == ("same", "direct")
    row = relate({}, {"condition": "chronic low back pain"}, terms=terms)
    assert tell(row, "scope", "broader") == ("nested", "a")
    row = relate({"condition": "low back pain"}, {"condition": "pain"}, terms=terms)
    assert tell(row, "scope", "broader") == ("nested", "b")


@pytest.mark.parametrize(
    ("one", "other", "relation", "distance"),
    [
        ("for", "for", "agree", 0),
        ("uncertain", "uncertain", "agree", 0),
        ("for", "conditional for", "qualify", 1),
        ("uncertain", "against", "qualify", 2),
        ("conditional for", "conditional against", "conflict", 2),
        ("for", "against", "conflict", 4),
    ],
)
def test_relation_and_distance_follow_from_the_levels(one, other, relation, distance):
    row = relate({"recommendation": one}, {"recommendation": other})
    assert tell(row, "relation", "distance") == (relation, distance)


OFF = [
    ("recommendation", "yes", {"score": "1"}),
    ("recommendation", "aye", {"score": "1"}),
    ("recommendation", "no", {"score": "-1"}),
    ("recommendation", "unproven", {}),
    ("recommendation", "not rated", {}),
]


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("unproven", "unproven", "agree"),
        ("unproven", "not rated", "qualify"),
        ("unproven", "no", "qualify"),
        ("yes", "aye", "agree"),
        ("yes", "no", "conflict"),
    ],
)
def test_a_level_off_the_scale_takes_no_side_and_levels_of_one_score_are_one(one, other, relation):
    row = relate({"recommendation": one}, {"recommendation": other}, terms=OFF)
    assert row["relation"] == relation
    assert pd.isna(row["distance"]) == ("unproven" in (one, other))


AGAINST = {"recommendation": "against"}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ({}, AGAINST, "direct"),
        ({"condition": "pain"}, AGAINST, "exception"),
        ({"condition": "pain", "universal": "yes"}, AGAINST, "direct"),
        ({"condition": "sciatica", "universal": "yes"}, AGAINST, "exception"),
        ({"condition": "sciatica"}, AGAINST | {"intervention": "thai massage"}, "overlap"),
        ({"source": "s2"}, AGAINST, "self-contradiction"),
        ({"source": "s2", "condition": "pain"}, AGAINST, "care"),
        ({"source": "s2", "condition": "pain", "universal": "yes"}, AGAINST, "self-contradiction"),
        ({"source": "s2", "speaker": "a doctor"}, AGAINST, "reported"),
        ({"source": "s2", "speaker": "a doctor", "condition": "pain"}, AGAINST, "reported"),
        ({}, {}, ""),
    ],
)
def test_a_conflict_is_of_one_kind(one, other, kind):
    for pair in ((one, other), (other, one)):
        names = {"source": "s1"}, {"source": "s2"}
        rows = [names[part is other] | part for part in pair]
        found = relate_claims(collect(*rows, terms=PAINS))
        assert found["kind"].tolist() == [kind]
        counts = count_relations(collect(*rows, terms=PAINS))
        assert counts.loc[counts["pairs"] > 0, "kind"].tolist() == [kind]


def test_pieces_one_after_another_are_the_whole():
    collection = read_collection("data")
    whole = relate_claims(collection)
    pieces = list(iter_relations(collection, size=500))
    assert len(pieces) > 5
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), whole)
    with patch.object(relations, "_MEETINGS_AT_ONCE", 50):
        counted = count_relations(read_collection("data"))
    assert counted["pairs"].sum() == len(whole)


@pytest.mark.parametrize("rows", [[], [{}]])
def test_fewer_than_two_claims_give_no_pair_but_all_columns(rows):
    found = relate_claims(collect(*rows))
    columns = "claim_a claim_b source_a source_b relation scope aspects distance broader"
    assert found.columns.tolist() == [*columns.split(), "within_source", "kind"]
    assert len(found) == 0
    assert found["within_source"].dtype == bool
    assert count_relations(collect(*rows))["pairs"].sum() == 0


def test_more_pairs_are_counted_than_could_be_listed():
    number = 300_000
    claims = (
        collect({})
        .claims.take([0] * number)
        .assign(
            source=[f"s{place // 2}" for place in range(number)],
            claim_id=[f"c{place}" for place in range(number)],
        )
    )
    counts = count_relations(claims)
    every = number * (number - 1) // 2
    assert counts.loc[counts["pairs"] > 0, "pairs"].tolist() == [every - number // 2, number // 2]
