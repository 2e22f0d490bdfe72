import pytest
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import assume, given, settings
from oracle import Rules as Oracle

import claimbook
from claimbook import Collection
from claimbook.measures import (
    ANSWERS,
    find_coverage,
    find_omissions,
    measure_sources,
    relate_to_yardstick,
)

TERMS = build_terms(
    ("condition", "pain"),
    ("condition", "back pain", "pain"),
    ("condition", "sciatica", "back pain"),
)
FUNCTIONS = [relate_to_yardstick, measure_sources, find_coverage, find_omissions]
FACETS = ["condition", "intervention", "aspect"]


def relate(*rows: dict) -> list[tuple]:
    collection = build_collection(build_claims(*rows), vocabulary=TERMS)
    references = relate_to_yardstick(collection, yardstick="nice")
    return list(references[["answer", "scope", "reference"]].itertuples(index=False, name=None))


def test_a_claim_is_held_against_the_same_question_first():
    rows = relate(
        {"source": "nice", "aspect": "effect", "recommendation": "against"},
        {"source": "nice", "aspect": "pain", "recommendation": "for"},
        {"aspect": "pain", "recommendation": "for"},
    )
    assert rows == [("same level", "same", "b")]


def test_of_broader_claims_the_one_with_fewer_steps_counts():
    rows = relate(
        {"source": "nice", "condition": "pain", "recommendation": "for"},
        {"source": "nice", "condition": "back pain", "recommendation": "against"},
        {"condition": "sciatica", "recommendation": "for"},
    )
    assert rows == [("opposite", "nested", "b")]


def test_of_several_equally_near_all_count_in_any_order():
    nice = [
        {"source": "nice", "recommendation": "conditional for"},
        {"source": "nice", "recommendation": "for"},
    ]
    assert relate({}, *nice) == [("mixed", "same", "b;c")]
    assert relate({}, *nice[::-1]) == [("mixed", "same", "b;c")]
    assert relate({"recommendation": "against"}, *nice) == [("opposite", "same", "b;c")]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("for", "same level"),
        ("conditional for", "same side"),
        ("uncertain", "no side"),
        ("against", "opposite"),
    ],
)
def test_what_counts_is_the_side(said, answer):
    assert relate({"source": "nice"}, {"recommendation": said}) == [(answer, "same", "a")]


def test_where_the_yardstick_is_silent_nothing_is_related():
    assert relate({"source": "nice"}, {"aspect": "safety"}) == [("not addressed", "", "")]


def test_each_recommendation_is_answered_once():
    claims = build_claims(
        {"source": "nice", "aspect": "pain", "recommendation": "for"},
        {"source": "nice", "aspect": "standalone", "recommendation": "against"},
        {"source": "nice", "aspect": "safety", "recommendation": "for"},
        {"aspect": "pain", "recommendation": "conditional for"},
        {"aspect": "pain", "recommendation": "conditional for"},
        {"aspect": "standalone", "recommendation": "for"},
        {"aspect": "cause", "recommendation": "for"},
        {"source": "gp", "aspect": "dose"},
    )
    measures = measure_sources(claims, yardstick="nice").set_index("source")
    assert measures.columns.tolist() == [
        "claims", "met", "recommendations", "same_level", "same_side", "no_side", "opposite",
        "mixed", "not_addressed", "addressed", "coverage",
    ]  # fmt: skip
    assert measures.loc["spa"].tolist() == [4, 3, 3, 0, 1, 0, 1, 0, 1, 2, 2 / 3]
    assert measures.loc["gp"].tolist() == [1, 0, 3, 0, 0, 0, 0, 0, 3, 0, 0]


def test_omissions_are_what_no_claim_of_the_source_meets():
    claims = build_claims(
        {"source": "nice", "aspect": "pain"},
        {"source": "nice", "aspect": "safety"},
        {"aspect": "effect"},
        {"source": "gp", "aspect": "clearance"},
        {"source": "ed", "aspect": "cause"},
    )
    omissions = find_omissions(claims, yardstick="nice")
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
        function(build_claims({"source": "nice"}, {}), yardstick="nise")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_yardstick_alone_has_empty_tables(function):
    assert len(function(build_claims({"source": "nice"}), yardstick="nice")) == 0


@settings(max_examples=40, deadline=None)
@given(case=rules_and_claims())
def test_answers_are_those_of_one_reading_pair_by_pair_in_any_order(case):
    rules, claims = case
    assume("s1" in set(claims["source"]))
    oracle = Oracle(rules.table().to_dict("records"), rules.scores)
    rows = claims.to_dict("records")
    said = [row for row in rows if row["source"] == "s1"]
    whole = build_collection(claims, vocabulary=rules.table())
    references = relate_to_yardstick(whole, yardstick="s1").set_index("claim_id")
    others = [row for row in rows if row["source"] != "s1"]
    assert references.index.tolist() == [row["claim_id"] for row in others]
    for row in others:
        answer = answer_by_hand(oracle, row, said)
        assert tuple(references.loc[row["claim_id"], ["answer", "reference"]]) == answer
    coverage = find_coverage(whole, yardstick="s1").set_index(["source", "reference"])
    for (source, reference), found in coverage.iterrows():
        (row,) = (row for row in said if row["claim_id"] == reference)
        own = [one for one in others if one["source"] == source]
        assert tuple(found[["answer", "claim_id"]]) == answer_by_hand(oracle, row, own)
    measures = measure_sources(whole, yardstick="s1").set_index("source")
    answers = [answer.replace(" ", "_") for answer in ANSWERS]
    assert (measures[answers].sum(axis=1) == len(said)).all()
    omissions = find_omissions(whole, yardstick="s1")
    assert omissions["source"].value_counts().to_dict() == {
        source: number for source, number in measures["not_addressed"].items() if number
    }
    turned = Collection.from_frame(claims.iloc[::-1], vocabulary=rules.table())
    again = find_coverage(turned, yardstick="s1").set_index(["source", "reference"])
    assert again.sort_index().equals(coverage.sort_index())


def answer_by_hand(oracle: Oracle, row: dict, others: list[dict]) -> tuple[str, str]:
    """Hold a claim against the nearest of others."""
    ranked = []
    for other in others:
        met = oracle.meet(row, other)
        if met is not None:
            scope, _, _, steps = met
            rank = (
                ["same", "nested", "crossed"].index(scope),
                steps,
                row["aspect"] != other["aspect"],
            )
            ranked.append((rank, other))
    if not ranked:
        return "not addressed", ""
    near = [other for rank, other in ranked if rank == min(rank for rank, _ in ranked)]
    answers = set()
    for other in near:
        scores = [oracle.score(claim) for claim in (row, other)]
        product = oracle.side(row) * oracle.side(other)
        named = {1: "same side", 0: "no side", -1: "opposite"}[product]
        answers.add("same level" if scores[0] == scores[1] else named)
    ids = ";".join(sorted(other["claim_id"] for other in near))
    return (answers.pop() if len(answers) == 1 else "mixed"), ids


def test_the_yardstick_left_out_is_that_of_the_metadata_or_asked_for():
    collection = claimbook.read_collection("data")
    named = claimbook.measure_sources(collection, yardstick=collection.metadata["yardstick"])
    assert claimbook.measure_sources(collection).equals(named)
    bare = claimbook.Collection.from_frame(collection.claims)
    with pytest.raises(ValueError, match="name the source to hold the others against, yardstick="):
        claimbook.measure_sources(bare)
