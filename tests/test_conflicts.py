"""Points of conflict, for people."""

import pytest
from small import collect, tree

from claimbook import choose_headline, find_conflicts
from claimbook.collection.codebook import FACETS
from claimbook.compare.conflicts import CONFLICT_COLUMNS

AGAINST = {"recommendation": "against"}
PAINS = tree("condition", ("pain", ""), ("back pain", "pain"), ("sciatica", "back pain"))


def points(*rows, terms=PAINS):
    return find_conflicts(collect(*rows, terms=terms))


def test_aspects_under_use_are_one_point():
    found = points({"aspect": "sleep"}, AGAINST | {"aspect": "adjunct"})
    assert found[["kind", *FACETS]].values.tolist() == [["direct", "back pain", "massage", "use"]]
    assert found.loc[0, ["claims_for", "claims_against", "distance"]].tolist() == [
        ("a",),
        ("b",),
        4,
    ]


def test_the_distance_of_a_point_is_that_of_a_pair_in_it():
    found = points(
        {"source": "spa"},
        {"source": "spa", "recommendation": "against"},
        {"source": "clinic", "recommendation": "conditional for"},
        {"source": "clinic", "recommendation": "conditional against"},
    )
    assert found["kind"].tolist() == ["direct", "self-contradiction", "self-contradiction"]
    assert found["distance"].tolist() == [3, 4, 2]


@pytest.mark.parametrize(("universal", "kind"), [("", "exception"), ("yes", "direct")])
def test_a_narrower_case_stands_beside_with_its_side(universal, kind):
    found = points(
        {"condition": "pain", "aspect": "effect", "universal": universal},
        AGAINST | {"condition": "sciatica"},
    )
    narrower = ["narrower_condition", "narrower_aspect", "narrower_side"]
    assert found[["kind", "aspect", *narrower]].values.tolist() == [
        [kind, "use", "sciatica", "use", "against"]
    ]


def test_care_is_no_point_and_two_speakers_are_reported():
    pair = {"source": "spa", "condition": "pain"}, AGAINST | {"source": "spa"}
    assert len(points(*pair)) == 0
    assert points(pair[0], pair[1] | {"speaker": "Dr A"})["kind"].tolist() == ["reported"]


def test_points_come_by_kind_then_the_widest_then_the_most_sources():
    found = points(
        {"aspect": "cause"},
        {"aspect": "cause", "recommendation": "conditional against"},
        {"aspect": "evidence"},
        AGAINST | {"aspect": "evidence"},
        {"aspect": "dose", "source": "c"},
        AGAINST | {"aspect": "dose", "source": "c"},
    )
    assert found["aspect"].tolist() == ["evidence", "cause", "dose"]
    assert found["kind"].tolist() == ["direct", "direct", "self-contradiction"]


def test_no_claims_have_no_points():
    assert find_conflicts(collect()).columns.tolist() == list(CONFLICT_COLUMNS)


def test_the_headline_is_the_one_named_else_the_first_conflict_else_the_most_answered():
    rows = {"aspect": "cause"}, AGAINST | {"aspect": "cause"}, {"aspect": "sleep"}
    assert choose_headline(collect(*rows)) == ("back pain", "massage", "cause")
    named = dict(zip(FACETS, ("back pain", "massage", "sleep"), strict=True))
    assert choose_headline(collect(*rows, headline=named))[2] == "sleep"
    assert choose_headline(collect({"aspect": "sleep"}))[2] == "sleep"
    assert choose_headline(collect()) == ("", "", "")


def test_a_contradiction_is_as_wide_as_what_one_speaker_says():
    found = points(
        {"source": "spa", "recommendation": "conditional for"},
        {"source": "spa", "recommendation": "against"},
        {"source": "spa", "speaker": "a professor"},
        {"source": "spa", "speaker": "a professor", "recommendation": "conditional against"},
    )
    widest = dict(found[["kind", "distance"]].itertuples(index=False, name=None))
    assert widest == {"self-contradiction": 3, "reported": 4}


def test_a_point_on_use_goes_by_the_one_name_that_use_has():
    terms = [("aspect", "usage", {"same_as": "use"})]
    rows = ({"aspect": "usage"}, AGAINST | {"aspect": "use"}, AGAINST | {"aspect": "effect"})
    found = points(*rows, terms=terms)
    assert found[["kind", "aspect", "narrower_aspect"]].values.tolist() == [
        ["direct", "usage", ""],
        ["exception", "usage", "effect"],
    ]
