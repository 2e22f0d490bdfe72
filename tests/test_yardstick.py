import numpy as np
import pytest
from builders import Rules, build_claims, rules_and_claims
from hypothesis import assume, given, settings

from claimbook import Vocabulary
from claimbook.compare.fidelity import trace_claims
from claimbook.measures.yardstick import (
    find_coverage,
    find_omissions,
    measure_sources,
    relate_to_yardstick,
)

RULES = Rules({"condition": {"pain": [], "back pain": ["pain"], "sciatica": ["back pain"]}})
FUNCTIONS = [relate_to_yardstick, measure_sources, find_coverage, find_omissions]
FACETS = ["condition", "intervention", "aspect"]


def relate(*rows: dict) -> list[tuple]:
    claims = build_claims(*rows)
    references = relate_to_yardstick(claims, RULES.vocabulary(), yardstick="nice")
    return list(references[["relation", "reference"]].itertuples(index=False, name=None))


def test_a_claim_is_held_against_the_same_question_first():
    rows = relate(
        {"source": "nice", "aspect": "effect", "recommendation": "against"},
        {"source": "nice", "aspect": "pain", "recommendation": "for"},
        {"aspect": "pain", "recommendation": "for"},
    )
    assert rows == [("agree", "b")]


def test_of_broader_claims_the_one_with_fewer_steps_counts():
    rows = relate(
        {"source": "nice", "condition": "pain", "recommendation": "for"},
        {"source": "nice", "condition": "back pain", "recommendation": "against"},
        {"condition": "sciatica", "recommendation": "for"},
    )
    assert rows == [("conflict", "b")]


def test_of_several_on_the_same_question_the_first_counts():
    rows = relate(
        {"recommendation": "conditional for"},
        {"source": "nice", "recommendation": "for"},
        {"source": "nice", "recommendation": "conditional for"},
    )
    assert rows == [("qualify", "b")]


def test_where_the_yardstick_is_silent_nothing_is_related():
    assert relate({"source": "nice"}, {"aspect": "safety"}) == [("", "")]


def test_accuracy_and_coverage_have_their_own_denominators():
    claims = build_claims(
        {"source": "nice", "aspect": "pain", "recommendation": "for"},
        {"source": "nice", "aspect": "standalone", "recommendation": "against"},
        {"source": "nice", "aspect": "safety", "recommendation": "for"},
        {"aspect": "pain", "recommendation": "for"},
        {"aspect": "standalone", "recommendation": "for"},
        {"aspect": "cause", "recommendation": "for"},
        {"source": "gp", "aspect": "dose"},
    )
    measures = measure_sources(claims, Vocabulary(), yardstick="nice").set_index("source")
    spa = measures.loc["spa"]
    assert spa[["claims", "met", "agree", "qualify", "conflict"]].tolist() == [3, 2, 1, 0, 1]
    assert spa["accuracy"] == 0.5
    assert spa[["recommendations", "addressed", "rightly"]].tolist() == [3, 2, 1]
    assert spa[["coverage", "right_coverage"]].tolist() == [2 / 3, 1 / 3]
    assert np.isnan(measures.loc["gp", "accuracy"])
    assert measures.loc["gp", "coverage"] == 0


def test_omissions_are_what_no_claim_of_the_source_meets():
    claims = build_claims(
        {"source": "nice", "aspect": "pain"},
        {"source": "nice", "aspect": "safety"},
        {"aspect": "effect"},
        {"source": "gp", "aspect": "clearance"},
        {"source": "ed", "aspect": "cause"},
    )
    omissions = find_omissions(claims, Vocabulary(), yardstick="nice")
    assert omissions[["source", "claim_id"]].values.tolist() == [
        ["spa", "b"],
        ["gp", "a"],
        ["ed", "a"],
        ["ed", "b"],
    ]
    assert omissions.columns.tolist() == ["source", "claim_id", *FACETS, "recommendation"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_yardstick_that_says_nothing_is_refused(function):
    with pytest.raises(ValueError, match="no claim is of source 'nise': did you mean 'nice'"):
        function(build_claims({"source": "nice"}, {}), Vocabulary(), yardstick="nise")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_yardstick_alone_has_empty_tables(function):
    assert len(function(build_claims({"source": "nice"}), Vocabulary(), yardstick="nice")) == 0


FIDELITY = {
    "faithful": "agree",
    "overstated": "qualify",
    "understated": "qualify",
    "contradicted": "conflict",
    "off topic": "",
}


def has_a_score_a_level(rules: Rules) -> bool:
    """Fidelity takes two levels of one score as the same; what agrees is on the same level."""
    return len(set(rules.scores.values())) == len(rules.scores)


@settings(max_examples=25, deadline=None)
@given(case=rules_and_claims())
def test_the_yardstick_is_read_like_a_study_that_all_others_cite(case):
    rules, claims = case
    assume("s1" in set(claims["source"]) and has_a_score_a_level(rules))
    cited = claims["source"].mask(claims["source"] == "s1", "").mask(claims["source"] != "s1", "s1")
    traces = trace_claims(claims.assign(attribution="", cited_study=cited), rules.vocabulary())
    references = relate_to_yardstick(claims, rules.vocabulary(), yardstick="s1")
    assert references["claim_id"].tolist() == traces["claim_id"].tolist()
    assert references["reference"].tolist() == traces["finding"].tolist()
    assert references["relation"].tolist() == traces["fidelity"].map(FIDELITY).tolist()


@settings(max_examples=25, deadline=None)
@given(case=rules_and_claims())
def test_coverage_and_omissions_are_those_read_off_pair_by_pair(case):
    rules, claims = case
    assume("s1" in set(claims["source"]) and has_a_score_a_level(rules))
    rows = claims.to_dict("records")
    said = [row for row in rows if row["source"] == "s1"]
    left = []
    for source in dict.fromkeys(row["source"] for row in rows if row["source"] != "s1"):
        own = [row for row in rows if row["source"] == source]
        for one in said:
            terms = [one[facet] for facet in FACETS]
            if not any(rules.meet(terms, [row[facet] for facet in FACETS]) for row in own):
                left.append([source, one["claim_id"]])
    omissions = find_omissions(claims, rules.vocabulary(), yardstick="s1")
    assert omissions[["source", "claim_id"]].values.tolist() == left
    measures = measure_sources(claims, rules.vocabulary(), yardstick="s1")
    assert (measures["recommendations"] - measures["addressed"]).sum() == len(left)
    assert (measures["rightly"] <= measures["addressed"]).all()
    # what is rightly addressed is what a study of the source would faithfully cite, where no two
    # levels have one score: between those a claim is neither over- nor understated
    coverage = find_coverage(claims, rules.vocabulary(), yardstick="s1")
    scores = rules.vocabulary().scores
    if len(set(scores.values())) < len(scores):
        return
    for row in measures.to_dict("records"):
        cited = (
            claims["source"]
            .mask(claims["source"] != "s1", "")
            .mask(claims["source"] == "s1", row["source"])
        )
        traces = trace_claims(claims.assign(attribution="", cited_study=cited), rules.vocabulary())
        own = coverage[coverage["source"] == row["source"]]
        assert own["reference"].tolist() == traces["claim_id"].tolist()
        assert own["claim_id"].tolist() == traces["finding"].tolist()
        assert own["relation"].tolist() == traces["fidelity"].map(FIDELITY).tolist()
        assert (traces["fidelity"] == "faithful").sum() == row["rightly"]
