import pandas as pd
import pytest
from builders import FACETS, Rules, build_claims, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import (
    Vocabulary,
    count_questions,
    find_answers,
    find_conflicts,
    relate_claims,
    roll_up,
)

COLUMNS = [
    "condition",
    "intervention",
    "aspect",
    "sources",
    "claims",
    "for",
    "uncertain",
    "against",
    "lowest",
    "highest",
    "verdict",
]
PAINS = build_terms(("condition", "pain"), ("condition", "sciatica", "pain"))


def judge(rules, rows):
    """The verdict row of the contract, read source by source."""
    sides = {}
    for row in rows:
        sides.setdefault(row["source"], set()).add(rules.side(row["recommendation"]))
    opposed = any(
        1 in sides[one] and -1 in sides[two] for one in sides for two in sides if one != two
    )
    if opposed:
        return "conflict"
    if any({1, -1} <= taken for taken in sides.values()):
        return "self-contradiction"
    if len(sides) == 1:
        return "single source"
    return "qualify" if len({row["recommendation"] for row in rows}) > 1 else "agree"


def count(rules, claims):
    asked = {}
    for row in claims.to_dict("records"):
        asked.setdefault(tuple(row[facet] for facet in FACETS), []).append(row)
    for question, rows in asked.items():
        scores = [rules.scores[row["recommendation"]] for row in rows]
        sides = [rules.side(row["recommendation"]) for row in rows]
        yield (
            *question,
            len({row["source"] for row in rows}),
            len(rows),
            sides.count(1),
            sides.count(0),
            sides.count(-1),
            min(scores),
            max(scores),
            judge(rules, rows),
        )


@settings(deadline=None, max_examples=40)
@given(rules_and_claims())
def test_questions_are_counted_and_judged_as_the_contract_says(drawn):
    rules, claims = drawn
    before = claims.copy(deep=True)
    found = count_questions(claims, rules.vocabulary())
    assert found.columns.tolist() == COLUMNS
    scored = found.assign(
        lowest=found["lowest"].map(rules.scores), highest=found["highest"].map(rules.scores)
    )
    assert list(scored.itertuples(index=False, name=None)) == list(count(rules, claims))
    pd.testing.assert_frame_equal(claims, before)


@pytest.mark.parametrize(
    ("stands", "verdict"),
    [
        ("spa for", "single source"),
        ("spa for, spa conditional for", "single source"),
        ("spa for, clinic for", "agree"),
        ("spa uncertain, clinic uncertain", "agree"),
        ("spa for, clinic uncertain", "qualify"),
        ("spa for, clinic conditional for", "qualify"),
        ("spa conditional for, clinic conditional against", "conflict"),
        ("spa for, spa against", "self-contradiction"),
        ("spa for, spa against, clinic uncertain", "self-contradiction"),
        ("spa for, spa against, clinic for", "conflict"),
    ],
)
def test_the_verdict_follows_from_who_stands_where(stands, verdict):
    rows = [stand.split(" ", 1) for stand in stands.split(", ")]
    claims = build_claims(*({"source": who, "recommendation": level} for who, level in rows))
    assert count_questions(claims, Vocabulary())["verdict"].tolist() == [verdict]


def test_levels_of_one_score_differ_and_qualify():
    rules = Rules(scores={"yes": 1, "aye": 1})
    claims = build_claims({"recommendation": "yes"}, {"source": "b", "recommendation": "aye"})
    found = count_questions(claims, rules.vocabulary())
    assert found.loc[0, "verdict"] == "qualify"
    assert set(found.loc[0, ["lowest", "highest"]]) == {"yes", "aye"}


def test_no_claims_raise_no_questions():
    found = count_questions(build_claims(), Vocabulary())
    assert len(found) == 0
    assert found.columns.tolist() == COLUMNS


def test_rolling_up_to_use_brings_the_aspects_under_it_to_one_question():
    claims = build_claims(
        {"aspect": "pain"},
        {"aspect": "adjunct", "source": "b", "recommendation": "against"},
        {"aspect": "cause"},
    )
    rolled = roll_up(claims, Vocabulary(), facet="aspect", term="use")
    found = count_questions(rolled, Vocabulary())
    assert found["aspect"].tolist() == ["use", "cause"]
    assert found["verdict"].tolist() == ["conflict", "single source"]


@settings(deadline=None, max_examples=40)
@given(rules_and_claims(), st.data())
def test_answers_are_the_claims_that_meet_the_question_and_say_where_they_stand(drawn, data):
    rules, claims = drawn
    question = tuple(
        data.draw(st.sampled_from([*rules.broader.get(facet, ["x"]), "never said"]))
        for facet in FACETS
    )
    expected = []
    for row in claims.to_dict("records"):
        if met := rules.meet(question, [row[facet] for facet in FACETS]):
            scope, _, broader = met
            stands = {"first": "under", "second": "over"}.get(
                broader, "at" if scope == "same" else "across"
            )
            expected.append((row["claim_id"], scope, stands))
    found = find_answers(claims, rules.vocabulary(), question)
    rows = found[["claim_id", "scope", "stands"]].itertuples(index=False, name=None)
    assert list(rows) == expected
    assert found.columns.tolist() == [*claims.columns, "scope", "stands"]


def test_a_question_that_no_claim_asks_may_have_answers():
    claims = build_claims({"condition": "sciatica"}, {"condition": "pain", "aspect": "cause"})
    found = find_answers(claims, Vocabulary(PAINS), ("pain", "massage", "use"))
    assert found[["claim_id", "scope", "stands"]].to_numpy().tolist() == [["a", "nested", "under"]]


def test_no_claims_give_no_answers():
    assert len(find_answers(build_claims(), Vocabulary(), ("pain", "massage", "use"))) == 0


def kind_of(pair):
    if pair["scope"] == "same":
        return "self-contradiction" if pair["within_source"] else "conflict"
    return {"nested": "exception", "crossed": "overlap"}[pair["scope"]]


def conflicting_pairs(rules, claims):
    """Pairs of `relate_claims` that the codebook names a conflict or a self-contradiction."""
    pairs = relate_claims(claims, rules.vocabulary())
    pairs = pairs[pairs["relation"] == "conflict"]
    return [
        pair | {"kind": kind_of(pair)}
        for pair in pairs.to_dict("records")
        if pair["scope"] == "same" or not pair["within_source"]
    ]


def pairs_in(point, pairs):
    sides = {*point.claims_for}, {*point.claims_against}
    return [
        pair
        for pair in pairs
        if pair["kind"] == point.kind
        and (
            (pair["claim_a"] in sides[0] and pair["claim_b"] in sides[1])
            or (pair["claim_b"] in sides[0] and pair["claim_a"] in sides[1])
        )
    ]


@settings(deadline=None, max_examples=40)
@given(rules_and_claims(most=12))
def test_every_conflicting_pair_is_in_a_point_and_every_claim_of_a_point_in_such_a_pair(drawn):
    rules, claims = drawn
    before = claims.copy(deep=True)
    pairs = conflicting_pairs(rules, claims)
    covered = set()
    for point in find_conflicts(claims, rules.vocabulary()).itertuples(index=False):
        inside = pairs_in(point, pairs)
        told = {*point.claims_for, *point.claims_against}
        assert told == {pair[side] for pair in inside for side in ("claim_a", "claim_b")}
        covered |= {(pair["claim_a"], pair["claim_b"]) for pair in inside}
    assert covered == {(pair["claim_a"], pair["claim_b"]) for pair in pairs}
    pd.testing.assert_frame_equal(claims, before)


@settings(deadline=None, max_examples=40)
@given(rules_and_claims(most=12))
def test_a_point_names_its_widest_distance_its_sources_and_its_narrower_side(drawn):
    rules, claims = drawn
    pairs = conflicting_pairs(rules, claims)
    source = dict(zip(claims["claim_id"], claims["source"], strict=True))
    for point in find_conflicts(claims, rules.vocabulary()).itertuples(index=False):
        inside = pairs_in(point, pairs)
        assert point.distance == max(pair["distance"] for pair in inside)
        assert set(point.sources_for) == {source[key] for key in point.claims_for}
        assert set(point.sources_against) == {source[key] for key in point.claims_against}
        broader = {pair["broader"] for pair in inside}
        if point.kind == "exception":
            side = point.claims_against if point.narrower_side == "for" else point.claims_for
            assert broader == set(side)
        else:
            assert (broader, point.narrower_side) == ({""}, "")


def test_the_distance_of_a_point_is_that_of_a_pair_in_it():
    # spa for (+2) meets only the clinic's conditional against (-1), and the other way round
    claims = build_claims(
        {"recommendation": "for"},
        {"recommendation": "against"},
        {"source": "clinic", "recommendation": "conditional for"},
        {"source": "clinic", "recommendation": "conditional against"},
    )
    points = find_conflicts(claims, Vocabulary())
    assert points["kind"].tolist()[0] == "conflict"
    assert points.loc[0, "distance"] == 3


def test_one_thing_said_of_two_cases_is_an_exception_with_the_narrower_case_beside():
    claims = build_claims(
        {"condition": "pain", "aspect": "effect"},
        {"condition": "sciatica", "aspect": "pain", "source": "b", "recommendation": "against"},
    )
    point = find_conflicts(claims, Vocabulary(PAINS)).iloc[0]
    assert point[["kind", *FACETS]].tolist() == ["exception", "pain", "massage", "use"]
    assert point["narrower_condition"] == "sciatica"
    assert point["narrower_side"] == "against"
    assert point["claims_for"] == ("a",)
    assert point["claims_against"] == ("b",)


def test_an_exception_inside_one_source_is_care_not_contradiction():
    claims = build_claims(
        {"condition": "pain"}, {"condition": "sciatica", "recommendation": "against"}
    )
    assert len(find_conflicts(claims, Vocabulary(PAINS))) == 0


def test_no_claims_have_no_points_of_conflict():
    found = find_conflicts(build_claims(), Vocabulary())
    assert len(found) == 0
    assert found.columns[0] == "kind"


def test_points_come_by_kind_then_the_widest_then_the_most_sources():
    claims = build_claims(
        {"aspect": "cause"},
        {"aspect": "cause", "source": "b", "recommendation": "conditional against"},
        {"aspect": "evidence"},
        {"aspect": "evidence", "source": "b", "recommendation": "against"},
        {"aspect": "dose", "source": "c"},
        {"aspect": "dose", "source": "c", "recommendation": "against"},
    )
    found = find_conflicts(claims, Vocabulary())
    assert found["aspect"].tolist() == ["evidence", "cause", "dose"]
    assert found["kind"].tolist() == ["conflict", "conflict", "self-contradiction"]
