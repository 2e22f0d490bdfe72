"""Who cites what: counted once, gathered without loss, ordered with few crossings."""

import pytest
from builders import build_claims, build_collection
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import trace_claims
from claimbook.measures import (
    count_citations,
    count_fidelities,
)

KINDS = {"trial": "trial", "review": "review", "nice": "guideline", "case": "other study"}


def credit(*rows):
    """Claims of a source, a study that it cites, whom it credits, and a level."""
    columns = ("source", "cited_study", "attribution", "recommendation")
    named = ({**dict(zip(columns, row, strict=False)), "claim_id": f"c{n}"} for n, row in rows)
    return build_claims(*named, attribution="", cited_study="")


def collect(*rows):
    """A collection of such claims; trials, reviews, guidelines and cases are studies."""
    claims = credit(*enumerate(rows))
    named = {name for name in {*claims["source"], *claims["cited_study"]} if name}
    return build_collection(claims, kinds={name: KINDS.get(name, "article") for name in named})


def cite(*rows):
    return count_citations(collect(*rows))


def read(citations, *columns):
    return citations[list(columns)].values.tolist()


@st.composite
def draw_rows(draw):
    """Rows of claims by which no source cites itself."""
    rows = st.tuples(
        st.sampled_from(["spa", "gym", "gp", "trial"]),
        st.sampled_from(["", "trial", "review", "gp"]),
        st.sampled_from(["", "research"]),
        st.sampled_from(["for", "uncertain", "against"]),
    )
    return draw(st.lists(rows.filter(lambda row: row[0] != row[1]), max_size=12))


ROWS = draw_rows()


class TestCountCitations:
    def test_a_row_is_a_source_a_study_and_a_fidelity(self):
        citations = cite(
            ("spa", "trial", "", "for"),
            ("spa", "trial", "", "uncertain"),
            ("spa", "trial", "", "for"),
            ("trial", "", "", "uncertain"),
        )
        assert read(citations, "source", "cited_study", "fidelity", "claim_ids") == [
            ["spa", "trial", "faithful", ("c1",)],
            ["spa", "trial", "overstated", ("c0", "c2")],
        ]
        assert citations["claims"].tolist() == [1, 2]

    def test_what_leads_to_no_study_is_untraceable_or_uncredited(self):
        citations = cite(("spa", "", "research"), ("spa", "", ""), ("gym", "", ""))
        assert read(citations, "source", "fidelity", "cited_by") == [
            ["spa", "untraceable", 0],
            ["spa", "uncredited", 0],
            ["gym", "uncredited", 0],
        ]

    def test_a_study_is_cited_by_as_many_as_cite_it(self):
        citations = cite(("spa", "trial"), ("spa", "trial"), ("gym", "trial"), ("gym", "review"))
        cited = dict(read(citations, "cited_study", "cited_by"))
        assert cited == {"trial": 2, "review": 1}

    def test_the_findings_of_a_study_lean_on_nobody(self):
        assert set(cite(("nice", "", ""), ("spa", "", ""))["source"]) == {"spa"}

    def test_what_a_study_credits_to_others_is_counted(self):
        citations = cite(("nice", "trial", ""), ("nice", "", ""))
        assert read(citations, "source", "cited_study") == [["nice", "trial"]]

    def test_an_article_that_others_cite_leans_on_nobody_itself(self):
        citations = cite(("spa", "gym"), ("gym", "", ""))
        assert read(citations, "source", "cited_part", "fidelity") == [
            ["spa", "article", "faithful"],
            ["gym", "", "uncredited"],
        ]

    def test_a_study_that_nothing_is_coded_of_is_told_from_one_that_is_off_topic(self):
        citations = cite(("spa", "trial"), ("spa", "review"), ("review", "", ""))
        assert read(citations, "cited_study", "fidelity") == [
            ["trial", "not coded"],
            ["review", "faithful"],
        ]

    @settings(max_examples=40, deadline=None)
    @given(ROWS)
    def test_every_claim_is_counted_once_but_the_studies_own(self, rows):
        collection = collect(*rows)
        traces = trace_claims(collection)
        citations = count_citations(collection)
        claims, parts = collection.claims, collection.parts
        own = (claims["source"].map(parts) != "article") & ~claims["claim_id"].isin(
            traces["claim_id"]
        )
        ids = [claim for part in citations["claim_ids"] for claim in part]
        assert sorted(ids) == sorted(claims["claim_id"][~own])
        assert citations["claims"].tolist() == [len(part) for part in citations["claim_ids"]]


class TestCountFidelities:
    CITED = collect(("spa", "trial"), ("spa", "", "research"), ("gym", "", ""))

    def test_by_source_every_source_has_a_row(self):
        counts = count_fidelities(self.CITED, by="source")
        assert counts.index.tolist() == ["spa", "gym"]
        assert counts.loc["spa", ["not coded", "untraceable", "uncredited"]].tolist() == [1, 1, 0]
        assert counts.loc["gym"].sum() == counts.loc["gym", "uncredited"] == 1

    def test_by_study_what_cites_none_is_left_out(self):
        counts = count_fidelities(self.CITED, by="cited_study")
        assert counts.index.tolist() == ["trial"]
        assert counts.to_numpy().sum() == 1

    def test_other_columns_are_refused(self):
        with pytest.raises(ValueError, match="by is 'claims', expected 'source' or 'cited_study'"):
            count_fidelities(self.CITED, by="claims")
