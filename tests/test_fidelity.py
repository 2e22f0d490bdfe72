"""A claim and the study that it cites."""

import pytest
from small import collect, tree

from claimbook import trace_claims
from claimbook.compare.fidelity import TRACE_COLUMNS

TERMS = [
    *tree("condition", ("pain", ""), ("back pain", "pain"), ("low back pain", "back pain")),
    *tree("condition", ("knee pain", "pain")),
    *tree("intervention", ("massage", ""), ("swedish massage", "massage")),
]
CITES = {"claim_id": "a", "source": "spa", "cited_study": "trial"}


def found(**row):
    return {"source": "trial"} | row


def trace(*rows, terms=TERMS, **more):
    traces = trace_claims(collect(*rows, terms=terms, **more))
    return traces.set_index("claim_id").loc["a", ["fidelity", "finding"]].tolist()


@pytest.mark.parametrize(
    ("claimed", "finding", "fidelity"),
    [
        ("for", "for", "faithful"),
        ("uncertain", "uncertain", "faithful"),
        ("for", "conditional for", "overstated"),
        ("for", "uncertain", "overstated"),
        ("against", "conditional against", "overstated"),
        ("against", "uncertain", "overstated"),
        ("conditional for", "for", "understated"),
        ("conditional against", "against", "understated"),
        ("uncertain", "for", "understated"),
        ("uncertain", "against", "understated"),
        ("for", "conditional against", "contradicted"),
        ("against", "for", "contradicted"),
    ],
)
def test_the_distance_from_the_middle_decides(claimed, finding, fidelity):
    rows = CITES | {"recommendation": claimed}, found(recommendation=finding)
    assert trace(*rows) == [fidelity, "b"]


@pytest.mark.parametrize(
    ("claim", "finding", "fidelity"),
    [
        ({}, {"condition": "low back pain"}, "overgeneralised"),
        ({}, {"intervention": "swedish massage"}, "overgeneralised"),
        ({"intervention": "swedish massage"}, {"condition": "low back pain"}, "overgeneralised"),
        ({"condition": "low back pain"}, {}, "faithful"),
        ({}, {"condition": "low back pain", "recommendation": "uncertain"}, "overstated"),
    ],
)
def test_who_says_more_than_was_studied_overgeneralises(claim, finding, fidelity):
    assert trace(CITES | claim, found(**finding))[0] == fidelity


def test_the_nearest_scope_counts_then_the_fewest_steps_then_the_same_aspect():
    near = {
        "same": {},
        "sibling": {"aspect": "adjunct"},
        "one step": {"condition": "pain"},
        "crossed": {"condition": "low back pain", "aspect": "effect"},
        "farther": {"condition": "low back pain", "aspect": "use"},
    }
    rows = [found(claim_id=name, **terms) for name, terms in near.items()][::-1]
    order = []
    while rows:
        nearest = trace(CITES, *rows)[1]
        order.append(nearest)
        rows = [row for row in rows if row["claim_id"] != nearest]
    assert order == list(near)


def test_equally_near_findings_that_differ_are_mixed_in_any_order():
    rows = [found(claim_id="t1"), found(claim_id="t2", recommendation="against")]
    assert trace(CITES, *rows) == trace(CITES, *rows[::-1]) == ["mixed", "t1;t2"]
    rows[1]["recommendation"] = "for"
    assert trace(CITES, *rows) == ["faithful", "t1;t2"]


def test_off_topic_not_coded_and_untraceable_are_three_things():
    known = [{"source": name, "kind": "trial"} for name in ("trial", "s2")]
    known.append({"source": "spa", "kind": "article"})
    assert trace(CITES, {"source": "s2"}, sources=known) == ["not coded", ""]
    assert trace(CITES, found(condition="knee pain")) == ["off topic", ""]
    assert trace(CITES | {"cited_study": "", "attribution": "studies"}) == ["untraceable", ""]
    assert len(trace_claims(collect({}))) == 0


def test_the_part_of_what_is_cited_stands_beside():
    sources = [
        {"source": "spa", "kind": "article"},
        {"source": "clinic", "kind": "article"},
        {"source": "leaflet", "kind": "page"},
        {"source": "trial", "kind": "trial"},
    ]
    rows = [{"source": "spa", "cited_study": cited} for cited in ("clinic", "leaflet", "trial")] + [
        {"source": cited} for cited in ("clinic", "leaflet", "trial")
    ]
    traces = trace_claims(collect(*rows, sources=sources))
    assert traces["cited_part"].tolist() == ["article", "other", "study"]
    assert traces["fidelity"].tolist() == ["faithful"] * 3


def test_findings_stay_at_hand_whatever_is_selected():
    rows = CITES, found(recommendation="uncertain")
    collection = collect(*rows)
    assert trace_claims(collection.filter(source="spa"))["fidelity"].tolist() == ["overstated"]


def test_what_was_said_and_what_was_found_stand_side_by_side():
    rows = CITES | {"claim": "It helps."}, found(claim="It may.", recommendation="conditional for")
    traces = trace_claims(collect(*rows))
    assert traces.columns.tolist() == list(TRACE_COLUMNS)
    told = ["claim", "recommendation", "found", "found_recommendation"]
    assert traces.loc[0, told].tolist() == ["It helps.", "for", "It may.", "conditional for"]
