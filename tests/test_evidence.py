from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from builders import build_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary
from claimbook.measures.evidence import (
    count_support,
    find_citations,
    find_studies,
    measure_overlap,
    measure_pair_overlap,
)

# The example of ccaR, https://github.com/thdiakon/ccaR, inst/extdata/test.csv: a row a study,
# Guo2016 Gilinsky2015 Morton2014 Peacock2014 Middleton2014 Chasan2014
CCAR = (
    *("110101", "000010", "110101", "110001", "100000", "110101", "110101"),
    *("010000", "111101", "110101", "111000", "111001", "111001", "100000"),
)


def read_ccar() -> pd.DataFrame:
    reviews = ["Guo", "Gilinsky", "Morton", "Peacock", "Middleton", "Chasan"]
    return pd.DataFrame([list(map(int, row)) for row in CCAR], columns=reviews).T


def test_overlap_is_the_published_one():
    overlap = measure_overlap(read_ccar())
    assert (overlap["citations"], overlap["studies"], overlap["sources"]) == (43, 14, 6)
    assert round(overlap["overlap"], 3) == 0.414


def test_overlap_of_a_pair_is_that_of_a_matrix_of_two():
    citations = read_ccar()
    for row in measure_pair_overlap(citations).to_dict("records"):
        pair = measure_overlap(citations.loc[[row["source_a"], row["source_b"]]])
        assert row["overlap"] == pair["overlap"]
        assert (row["studies"], row["shared"]) == (
            pair["studies"],
            pair["citations"] - pair["studies"],
        )


def test_pairs_come_in_the_order_of_the_sources():
    overlaps = measure_pair_overlap(read_ccar())
    pairs = list(zip(overlaps["source_a"], overlaps["source_b"], strict=True))
    assert pairs == list(combinations(read_ccar().index, 2))


@pytest.mark.parametrize(
    "cited", [[], [[1, 1]], [[0], [0]]], ids=["none", "one source", "no study"]
)
def test_overlap_that_is_not_defined_is_nan(cited):
    assert np.isnan(measure_overlap(pd.DataFrame(cited))["overlap"])


def test_a_study_that_none_cites_does_not_count():
    citations = pd.DataFrame([[1, 0], [1, 0]])
    assert measure_overlap(citations)["overlap"] == 1
    assert measure_pair_overlap(citations)["overlap"].tolist() == [1]
    assert measure_pair_overlap(citations * 0)["overlap"].isna().all()


def test_citations_are_counted_once_a_source_and_study():
    claims = build_claims(
        {"source": "b", "cited_study": "t2"},
        {"source": "a", "cited_study": "t1"},
        {"source": "b", "cited_study": "t2"},
        {"source": "c", "cited_study": ""},
        cited_study="",
    )
    citations = find_citations(claims)
    assert (citations.index.tolist(), citations.columns.tolist()) == (["b", "a"], ["t2", "t1"])
    assert citations.to_numpy().tolist() == [[True, False], [False, True]]


def support(*rows: dict, **given) -> list[tuple]:
    claims = build_claims(*rows, attribution="", cited_study="")
    table = count_support(claims, Vocabulary(), **given)
    columns = ["side", "sources", "studies", "untraceable", "uncredited", "study", "rests_on"]
    return list(table[columns].itertuples(index=False, name=None))


def test_a_side_on_which_nobody_is_credited_rests_on_none():
    assert support({}, {"source": "gp"}) == [("for", 2, 0, 0, 2, "", "none")]


def test_ten_sources_on_one_study_rest_on_one():
    rows = [{"source": f"s{n}", "cited_study": "trial"} for n in range(10)]
    assert support(*rows) == [("for", 10, 1, 0, 0, "trial", "one study")]


def test_credit_that_leads_nowhere_is_told_apart_from_none():
    assert support({"attribution": "experts"}, {"source": "gp"}) == [
        ("for", 2, 0, 1, 1, "", "untraceable")
    ]


def test_each_side_has_its_own_row():
    rows = support(
        {"recommendation": "against", "cited_study": "t1"},
        {"recommendation": "uncertain", "source": "gp"},
        {"recommendation": "conditional for", "source": "b", "cited_study": "t1"},
        {"recommendation": "for", "source": "c", "cited_study": "t2"},
    )
    assert [(row[0], row[-1]) for row in rows] == [
        ("for", "several studies"),
        ("uncertain", "none"),
        ("against", "one study"),
    ]


def test_a_study_rests_on_itself_and_on_what_it_cites():
    cited = {"source": "spa", "cited_study": "trial"}
    assert support(cited, {"source": "trial"}) == [("for", 2, 1, 0, 0, "trial", "one study")]
    sources = pd.DataFrame({"source": ["nice", "spa"], "kind": ["guideline", "article"]})
    assert support({"source": "nice"}, {}, sources=sources) == [
        ("for", 2, 1, 0, 1, "nice", "one study")
    ]
    assert support({"source": "nice", "cited_study": "trial"}, sources=sources) == [
        ("for", 1, 1, 0, 0, "trial", "one study")
    ]


def test_a_study_is_cited_or_no_article():
    claims = pd.DataFrame({"source": ["spa", "clinic"], "cited_study": ["trial", ""]})
    assert find_studies(claims) == {"trial"}
    kinds = ["article", "guideline", "", "trial"]
    sources = pd.DataFrame({"source": ["spa", "nice", "clinic", "rct"], "kind": kinds})
    assert find_studies(claims, sources) == {"trial", "nice", "rct"}
    assert find_studies(claims, sources[["source"]]) == {"trial"}


def test_nothing_claimed_has_no_sides():
    assert support() == []


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["a", "b", "t1"]),
            "aspect": st.sampled_from(["pain", "sleep"]),
            "recommendation": st.sampled_from(["for", "uncertain", "against"]),
            "attribution": st.sampled_from(["", "experts"]),
            "cited_study": st.sampled_from(["", "", "t1", "t2"]),
        }
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(rows=CLAIMS)
def test_support_is_what_one_reads_off_side_by_side(rows):
    named = {row["cited_study"] for row in rows}
    for row in rows:
        row["study"] = row["cited_study"] or (row["source"] if row["source"] in named else "")
    claims = build_claims(*rows, attribution="", cited_study="").drop(
        columns="study", errors="ignore"
    )
    table = count_support(claims, Vocabulary())
    assert len(table) == len({(row["aspect"], row["recommendation"]) for row in rows})
    for found in table.to_dict("records"):
        side = [
            r
            for r in rows
            if (r["aspect"], r["recommendation"]) == (found["aspect"], found["side"])
        ]
        studies = {row["study"] for row in side} - {""}
        sources = {row["source"] for row in side}
        traced = {row["source"] for row in side if row["study"]}
        credited = {row["source"] for row in side if row["attribution"]}
        assert found["studies"] == len(studies)
        assert found["sources"] == len(sources)
        assert found["untraceable"] == len(credited - traced)
        assert found["uncredited"] == len(sources - credited - traced)
        assert found["study"] == (studies.pop() if len(studies) == 1 else "")
