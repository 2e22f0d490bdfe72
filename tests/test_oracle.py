"""Every count of the package is that of one brute-force reading of the rules, in any order."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Rules

from claimbook.collection import Collection
from claimbook.collection.codebook import FACETS
from claimbook.compare import (
    count_questions,
    count_relations,
    find_conflicts,
    relate_claims,
    trace_claims,
)

CONDITIONS = ["back pain", "low back pain", "acute pain", "sciatica", "sleep trouble", "ache"]
TREATMENTS = ["massage", "shiatsu", "rubbing", "heat"]
ASPECTS = ["use", "effect", "pain", "sleep", "adjunct", "contraindication", "cause"]
LEVELS = ["for", "conditional for", "uncertain", "conditional against", "against"]
SOURCES = ["spa", "clinic", "blog", "trial", "review"]


@st.composite
def draw_vocabulary(draw):
    """Draw trees whose arrows point from later terms to earlier ones, and terms that are one."""
    rows = []
    for scheme, terms in (("condition", CONDITIONS), ("intervention", TREATMENTS)):
        for place, term in enumerate(terms):
            above = draw(st.sets(st.sampled_from(terms[:place]), max_size=2)) if place else set()
            rows.append({"scheme": scheme, "term": term, "broader": "; ".join(sorted(above))})
        if draw(st.booleans()):  # two terms of which neither stands above the other
            rows.append({"scheme": scheme, "term": f"{terms[0]} too", "same_as": terms[0]})
    return [{"broader": "", "same_as": ""} | row for row in rows]


@st.composite
def draw_claims(draw, terms):
    number = draw(st.integers(1, 9))
    claims = []
    for place in range(number):
        source = draw(st.sampled_from(SOURCES))
        cited = draw(st.sampled_from(["", "", "trial", "review", "blog"]))
        claims.append(
            {
                "claim_id": f"c{place}",
                "source": source,
                "condition": draw(st.sampled_from(terms["condition"])),
                "intervention": draw(st.sampled_from(terms["intervention"])),
                "aspect": draw(st.sampled_from(ASPECTS)),
                "recommendation": draw(st.sampled_from(LEVELS)),
                "claim": f"Claim {place}.",
                "cited_study": cited if cited != source else "",
                "attribution": draw(st.sampled_from(["", "studies"])),
                "universal": draw(st.sampled_from(["", "", "yes"])),
                "speaker": draw(st.sampled_from(["", "", "a professor"])),
            }
        )
    return claims


@st.composite
def draw_collections(draw):
    vocabulary = draw(draw_vocabulary())
    terms = {
        scheme: [row["term"] for row in vocabulary if row["scheme"] == scheme]
        for scheme in ("condition", "intervention")
    }
    return draw(draw_claims(terms)), vocabulary, draw(st.randoms(use_true_random=False))


def build(claims, vocabulary):
    sources = pd.DataFrame({"source": SOURCES, "kind": "article"})
    return Collection.from_frame(pd.DataFrame(claims), sources, pd.DataFrame(vocabulary))


@settings(max_examples=60)
@given(draw_collections())
def test_relations_and_their_counts_are_those_of_the_rules(drawn):
    claims, vocabulary, _ = drawn
    collection, rules = build(claims, vocabulary), Rules(vocabulary)
    relations = relate_claims(collection)
    columns = ["claim_a", "claim_b", "relation", "scope", "aspects", "distance", "broader"]
    told = relations[[*columns, "within_source", "kind"]].values.tolist()
    assert [tuple(row) for row in told] == rules.relations(claims)
    keys = ["relation", "scope", "within_source", "kind"]
    counted = count_relations(collection).set_index(keys)["pairs"]
    listed = relations.groupby(keys).size()
    assert counted.sum() == len(relations)
    assert all(counted[key] == number for key, number in listed.items())


@settings(max_examples=60)
@given(draw_collections())
@pytest.mark.parametrize("gather", [{}, {"aspect": "use"}, {"condition": "back pain"}])
def test_verdicts_are_those_of_the_rules_gathered_or_not(gather, drawn):
    claims, vocabulary, _ = drawn
    collection, rules = build(claims, vocabulary), Rules(vocabulary)
    questions = count_questions(collection.gather(**gather))
    told = {
        tuple(rules.same(facet, row[facet]) for facet in FACETS): row["verdict"]
        for row in questions.to_dict("records")
    }
    assert told == rules.verdicts(claims, **gather)


@settings(max_examples=50)
@given(draw_collections())
def test_points_of_conflict_hold_just_the_pairs_of_their_kind(drawn):
    claims, vocabulary, _ = drawn
    collection, rules = build(claims, vocabulary), Rules(vocabulary)
    by_id = {claim["claim_id"]: claim for claim in claims}
    told = {}
    for point in find_conflicts(collection).to_dict("records"):
        for one in point["claims_for"]:
            for other in point["claims_against"]:
                kind = rules.kind(by_id[one], by_id[other])
                if kind == point["kind"]:
                    told.setdefault(kind, set()).add(frozenset((one, other)))
    wanted = {}
    for one, other, *_, kind in rules.relations(claims):
        if kind not in ("", "care"):
            wanted.setdefault(kind, set()).add(frozenset((one, other)))
    assert told == wanted


@settings(max_examples=60)
@given(draw_collections())
def test_fidelity_is_that_of_the_rules(drawn):
    claims, vocabulary, _ = drawn
    traces = trace_claims(build(claims, vocabulary)).set_index("claim_id")
    rules = Rules(vocabulary)
    for claim in claims:
        fidelity, findings = rules.fidelity(claim, claims)
        if fidelity == "uncredited":
            assert claim["claim_id"] not in traces.index
        else:
            row = traces.loc[claim["claim_id"]]
            assert row["fidelity"] == fidelity
            assert set(filter(None, row["finding"].split(";"))) == findings


@settings(max_examples=40)
@given(draw_collections())
def test_nothing_depends_on_the_order_of_rows_or_the_names_of_keys(drawn):
    claims, vocabulary, random = drawn
    shuffled = claims[:]
    random.shuffle(shuffled)
    renamed = [claim | {"claim_id": f"z{9 - int(claim['claim_id'][1:])}"} for claim in shuffled]
    one, other = build(claims, vocabulary), build(renamed, vocabulary)
    for read in (read_verdicts, read_kinds, read_fidelities, read_points):
        assert read(one) == read(other)


def read_verdicts(collection):
    rows = count_questions(collection.gather_use())
    return sorted(map(tuple, rows.values.tolist()))


def read_kinds(collection):
    return sorted(map(tuple, count_relations(collection).values.tolist()))


def read_fidelities(collection):
    rows = trace_claims(collection)[["claim", "fidelity"]]
    return sorted(map(tuple, rows.values.tolist()))


def read_points(collection):
    points = find_conflicts(collection)
    points["sources_for"] = points["sources_for"].map(sorted)
    points["sources_against"] = points["sources_against"].map(sorted)
    points = points.drop(columns=["claims_for", "claims_against"])
    return sorted(map(str, points.values.tolist()))
