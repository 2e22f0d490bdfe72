import pandas as pd
import pytest
from builders import FACETS, rules_and_claims
from hypothesis import given, settings

from claimbook import Vocabulary, trace_claims
from claimbook.compare.fidelity import rank_meetings
from claimbook.compare.relations import find_questions, meet_questions

TERMS = pd.DataFrame(
    {
        "scheme": "condition",
        "term": ["pain", "back pain", "low back pain", "knee pain"],
        "broader": ["", "pain", "back pain", "pain"],
    }
)


def build_claims(*rows):
    """Rows of claim_id, source, condition, aspect, recommendation, cited_study."""
    columns = ["claim_id", "source", "condition", "aspect", "recommendation", "cited_study"]
    claims = pd.DataFrame(rows, columns=columns, dtype="str")
    return claims.assign(intervention="massage", attribution="")


@pytest.mark.parametrize(
    ("claimed", "found", "fidelity"),
    [
        ("for", "for", "faithful"),
        ("uncertain", "uncertain", "faithful"),
        ("for", "conditional for", "overstated"),
        ("for", "uncertain", "overstated"),
        ("conditional against", "against", "overstated"),
        ("uncertain", "against", "overstated"),
        ("conditional for", "for", "understated"),
        ("uncertain", "for", "understated"),
        ("against", "conditional against", "understated"),
        ("against", "uncertain", "understated"),
        ("for", "conditional against", "contradicted"),
        ("against", "for", "contradicted"),
    ],
)
def test_levels_decide_between_claim_and_finding(claimed, found, fidelity):
    claims = build_claims(
        ("a", "spa", "back pain", "pain", claimed, "trial"),
        ("f", "trial", "back pain", "pain", found, ""),
    )
    traces = trace_claims(claims, Vocabulary(TERMS))
    assert traces[["claim_id", "fidelity", "finding"]].to_numpy().tolist() == [["a", fidelity, "f"]]


def test_the_nearest_scope_counts_then_the_fewest_steps_then_the_same_aspect():
    claim = ("a", "spa", "back pain", "pain", "for", "trial")
    findings = [
        ("crossed", "trial", "low back pain", "effect", "against", ""),
        ("two steps", "trial", "low back pain", "use", "against", ""),
        ("one step", "trial", "pain", "pain", "against", ""),
        ("sibling", "trial", "back pain", "sleep", "against", ""),
        ("same", "trial", "back pain", "pain", "against", ""),
    ]
    vocabulary = Vocabulary(TERMS)
    order = []
    while findings:
        finding = trace_claims(build_claims(claim, *findings), vocabulary)["finding"].iloc[0]
        order.append(finding)
        findings = [row for row in findings if row[0] != finding]
    assert order == ["same", "sibling", "one step", "crossed", "two steps"]


@settings(max_examples=40, deadline=None)
@given(case=rules_and_claims())
def test_meetings_are_ranked_by_scope_then_by_steps_then_by_aspect(case):
    rules, claims = case
    vocabulary, questions = rules.vocabulary(), find_questions(claims).table
    meetings = meet_questions(questions, vocabulary)
    ranks = rank_meetings(meetings, questions, vocabulary).tolist()
    terms = questions[list(FACETS)].to_numpy().tolist()
    keys = []
    for first, second, scope in zip(
        meetings.first, meetings.second, meetings.scope.tolist(), strict=True
    ):
        pairs = list(zip(FACETS, terms[first], terms[second], strict=True))
        steps = sum(vocabulary.count_steps(*pair) for pair in pairs)
        keys.append((scope, steps, terms[first][2] != terms[second][2]))
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    order = {rank: place for place, rank in enumerate(sorted(set(ranks)))}
    assert [places[key] for key in keys] == [order[rank] for rank in ranks]


def test_a_study_that_found_nothing_on_it_is_off_topic():
    claims = build_claims(
        ("a", "spa", "back pain", "pain", "for", "trial"),
        ("f", "trial", "knee pain", "pain", "for", ""),
        ("b", "spa", "back pain", "pain", "for", "survey"),
    )
    traces = trace_claims(claims, Vocabulary(TERMS))
    assert traces["fidelity"].tolist() == ["off topic", "off topic"]
    assert traces["finding"].tolist() == ["", ""]


def test_credit_without_a_study_is_untraceable_and_no_credit_is_not_traced():
    claims = build_claims(
        ("a", "spa", "back pain", "pain", "for", ""),
        ("b", "spa", "back pain", "pain", "for", ""),
    ).assign(attribution=["studies have shown", ""])
    traces = trace_claims(claims, Vocabulary(TERMS))
    assert traces[["claim_id", "fidelity"]].to_numpy().tolist() == [["a", "untraceable"]]


def test_levels_that_score_the_same_are_faithful_to_each_other():
    scale = pd.DataFrame(
        {"scheme": "recommendation", "term": ["yes", "good", "no"], "score": ["2", "2", "-1"]}
    )
    claims = build_claims(
        ("a", "spa", "back pain", "pain", "yes", "trial"),
        ("f", "trial", "back pain", "pain", "good", ""),
    )
    assert trace_claims(claims, Vocabulary(scale))["fidelity"].tolist() == ["faithful"]


def test_nothing_to_trace_gives_an_empty_table():
    assert trace_claims(build_claims(), Vocabulary()).columns.tolist() == [
        "claim_id",
        "source",
        "attribution",
        "cited_study",
        "fidelity",
        "finding",
    ]


def test_the_claims_given_stay_as_they_are():
    claims = build_claims(("a", "spa", "back pain", "pain", "for", "trial"))
    before = claims.copy()
    trace_claims(claims, Vocabulary(TERMS))
    pd.testing.assert_frame_equal(claims, before)
