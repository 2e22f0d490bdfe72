"""Who cites what: counted once, gathered without loss, ordered with few crossings."""

from itertools import permutations

import numpy as np
import pytest
from builders import build_claims, build_collection
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import trace_claims
from claimbook.measures import (
    count_citations,
    count_crossings,
    count_fidelities,
    gather_citations,
    order_citations,
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


class TestGatherCitations:
    def test_the_least_sources_and_studies_are_gathered_and_counted(self):
        citations = collect(
            ("spa", "trial"), ("spa", "review"), ("gym", "trial"), ("gp", "case"), ("one", "trial")
        )
        gathered = gather_citations(citations, most=1)
        assert set(gathered["source"]) == {"spa", "3 other sources"}
        assert set(gathered["cited_study"]) == {"trial", "2 other studies"}
        stands = gathered.set_index(["source", "cited_study"])[["sources", "studies", "claims"]]
        assert stands.loc[("3 other sources", "trial")].tolist() == [3, 1, 2]
        assert stands.loc[("spa", "2 other studies")].tolist() == [1, 2, 1]

    def test_how_many_cite_a_study_is_known_after_gathering(self):
        citations = collect(("spa", "trial"), ("gym", "trial"), ("gp", "trial"))
        assert set(gather_citations(citations, most=1)["cited_by"]) == {3}

    def test_those_that_cite_nothing_are_gathered_apart(self):
        rows = [(name, "", "research") for name in "abc"] + [(name, "", "") for name in "de"]
        gathered = gather_citations(collect(*rows), most=0)
        assert gathered["source"].tolist() == [
            "3 other sources that credit somebody",
            "2 other sources that credit nobody",
        ]

    def test_one_alone_is_not_gathered(self):
        citations = collect(("spa", "trial"), ("gym", "trial"))
        assert set(gather_citations(citations, most=1)["source"]) == {"spa", "gym"}

    @settings(max_examples=40, deadline=None)
    @given(ROWS, st.integers(0, 3))
    def test_no_claim_is_lost(self, rows, most):
        collection = collect(*rows)
        citations, gathered = count_citations(collection), gather_citations(collection, most=most)
        ids = [
            sorted(claim for part in table["claim_ids"] for claim in part)
            for table in (citations, gathered)
        ]
        assert ids[0] == ids[1]
        assert gathered["claims"].sum() == citations["claims"].sum()


class TestOrderCitations:
    def test_lines_that_need_not_cross_do_not(self):
        citations = cite(("a", "x"), ("b", "y"), ("c", "x"), ("d", "y"), ("a", "z"))
        sources, studies = order_citations(citations)
        assert count(citations, sources, studies) == 0

    def test_what_stands_for_several_comes_last(self):
        collection = collect(("a", "x"), ("b", "x"), ("c", "x"), ("c", "y"), ("c", "z"))
        sources, studies = order_citations(gather_citations(collection, most=1))
        assert sources[-1] == "2 other sources"
        assert studies[-1] == "2 other studies"

    @settings(max_examples=40, deadline=None)
    @given(ROWS)
    def test_no_more_lines_cross_than_in_the_order_of_the_claims(self, rows):
        citations = cite(*rows)
        cited = citations[citations["cited_study"] != ""]
        before = [list(dict.fromkeys(cited[name])) for name in ("source", "cited_study")]
        after = order_citations(citations)
        assert [sorted(names) for names in after] == [sorted(names) for names in before]
        assert count(citations, *after) <= count(citations, *before)


def count(citations, sources, studies):
    lines = citations[citations["cited_study"] != ""].drop_duplicates(["source", "cited_study"])
    ends = [
        np.array([names.index(name) for name in lines[column]], dtype=int)
        for names, column in ((sources, "source"), (studies, "cited_study"))
    ]
    return count_crossings(*ends)


def test_crossings_are_the_pairs_that_change_places():
    for right in permutations(range(4)):
        pairs = [(one, two) for one in range(4) for two in range(one)]
        expected = sum(right[one] < right[two] for one, two in pairs)
        assert count_crossings(np.arange(4), np.array(right)) == expected


def test_lines_that_meet_at_an_end_do_not_cross():
    assert count_crossings(np.array([0, 0, 1]), np.array([1, 2, 2])) == 0
