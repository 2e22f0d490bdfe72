from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook.measures import (
    count_support,
    find_citations,
    measure_overlap,
    measure_pair_overlap,
)

# The example of ccaR, https://github.com/thdiakon/ccaR, inst/extdata/test.csv: a row a study,
# Guo2016 Gilinsky2015 Morton2014 Peacock2014 Middleton2014 Chasan2014
CCAR = (
    *("110101", "000010", "110101", "110001", "100000", "110101", "110101"),
    *("010000", "111101", "110101", "111000", "111001", "111001", "100000"),
)
REVIEWS = ["Guo", "Gilinsky", "Morton", "Peacock", "Middleton", "Chasan"]


def cite(*pairs):
    """Claims, each given by its source and the study that it cites."""
    rows = [{"source": source, "cited_study": study} for source, study in pairs]
    claims = build_claims(*rows, cited_study="")
    return claims.assign(claim_id=[f"c{place}" for place in range(len(claims))])


def read_ccar() -> pd.DataFrame:
    return cite(
        *(
            (review, f"study {number}")
            for place, review in enumerate(REVIEWS)
            for number, row in enumerate(CCAR)
            if row[place] == "1"
        )
    )


def test_overlap_is_the_published_one():
    overlap = measure_overlap(read_ccar())
    assert (overlap["citations"], overlap["studies"], overlap["sources"]) == (43, 14, 6)
    assert round(overlap["overlap"], 3) == 0.414


def test_overlap_of_a_pair_is_that_of_a_matrix_of_two():
    claims = read_ccar()
    for row in measure_pair_overlap(claims).to_dict("records"):
        two = claims[claims["source"].isin([row["source_a"], row["source_b"]])]
        pair = measure_overlap(two)
        assert row["overlap"] == pair["overlap"]
        assert (row["studies"], row["shared"]) == (
            pair["studies"],
            pair["citations"] - pair["studies"],
        )


def test_pairs_come_in_the_order_of_the_sources():
    overlaps = measure_pair_overlap(read_ccar())
    pairs = list(zip(overlaps["source_a"], overlaps["source_b"], strict=True))
    assert pairs == list(combinations(REVIEWS, 2))


@pytest.mark.parametrize(
    "claims",
    [cite(), cite(("a", "x"), ("a", "y")), cite(("a", ""), ("b", ""))],
    ids=["none", "one source", "no study"],
)
def test_overlap_that_is_not_defined_is_nan(claims):
    assert np.isnan(measure_overlap(claims)["overlap"])
    assert len(measure_pair_overlap(claims)) == 0


def test_citations_are_counted_once_a_source_and_study():
    citations = find_citations(cite(("b", "t2"), ("a", "t1"), ("b", "t2"), ("c", "")))
    assert (citations.index.tolist(), citations.columns.tolist()) == (["b", "a"], ["t2", "t1"])
    assert citations.to_numpy().tolist() == [[True, False], [False, True]]


def test_an_article_or_a_page_that_is_cited_is_no_study():
    claims = cite(("a", "blog"), ("a", "page"), ("a", "trial"), ("b", "nice"))
    kinds = {"blog": "article", "page": "page", "trial": "trial", "nice": "guideline"}
    collection = build_collection(claims, kinds=kinds)
    assert find_citations(collection).columns.tolist() == ["trial", "nice"]


def support(*rows: dict, kinds=None, publishers=None) -> list[dict]:
    claims = build_claims(*rows, attribution="", cited_study="")
    keys = dict.fromkeys([*claims["source"], *claims["cited_study"], *(kinds or {})])
    named = [key for key in keys if key]
    sources = pd.DataFrame({"source": named, "publisher": ""}, dtype="str")
    sources["kind"] = [(kinds or {}).get(key, "article") for key in named]
    sources["publisher"] = [(publishers or {}).get(key, "") for key in named]
    return count_support(build_collection(claims, sources=sources)).to_dict("records")


COUNTS = ["side", "sources", "studies", "second_hand", "untraceable", "uncredited", "study"]
TRIALS = {"trial": "trial", "t1": "trial", "t2": "trial"}


def read(rows):
    return [(*(row[name] for name in COUNTS), row["rests_on"]) for row in rows]


def test_a_side_on_which_nobody_is_credited_rests_on_none():
    found = read(support({}, {"source": "gp"}))
    assert found == [("for", 2, 0, 0, 0, 2, "", "none")]


def test_ten_sources_on_one_study_rest_on_one():
    rows = [{"source": f"s{n}", "cited_study": "trial"} for n in range(10)]
    found = read(support(*rows, kinds=TRIALS))
    assert found == [("for", 10, 1, 0, 0, 0, "trial", "one study")]


def test_credit_that_leads_nowhere_is_told_apart_from_none():
    found = read(support({"attribution": "experts"}, {"source": "gp"}))
    assert found == [("for", 2, 0, 0, 1, 1, "", "untraceable")]


def test_what_an_article_or_a_page_says_is_second_hand():
    found = read(
        support(
            {"cited_study": "page"}, {"source": "gp", "cited_study": "spa"}, kinds={"page": "page"}
        )
    )
    assert found == [("for", 2, 0, 2, 0, 0, "", "second-hand")]


def test_each_side_has_its_own_row():
    rows = support(
        {"recommendation": "against", "cited_study": "t1"},
        {"recommendation": "uncertain", "source": "gp"},
        {"recommendation": "conditional for", "source": "b", "cited_study": "t1"},
        {"recommendation": "for", "source": "c", "cited_study": "t2"},
        kinds=TRIALS,
    )
    assert [(row["side"], row["rests_on"]) for row in rows] == [
        ("for", "several studies"),
        ("uncertain", "none"),
        ("against", "one study"),
    ]


def test_a_study_rests_on_itself_and_on_what_it_cites():
    cited = {"source": "spa", "cited_study": "trial"}
    found = read(support(cited, {"source": "trial"}, kinds=TRIALS))
    assert found == [("for", 2, 1, 0, 0, 1, "trial", "one study")]
    kinds = TRIALS | {"nice": "guideline"}
    (found,) = support({"source": "nice", "cited_study": "trial"}, kinds=kinds)
    assert (found["studies"], found["study"]) == (1, "trial")


def test_sources_of_one_publisher_are_one_voice():
    (found,) = support(
        {}, {"source": "gp"}, {"source": "gym"}, publishers={"spa": "Wellness", "gp": "Wellness"}
    )
    assert (found["sources"], found["voices"], found["repeats"]) == (3, 2, ())


def test_an_article_that_agrees_with_the_page_it_cites_repeats_it():
    page = {"source": "page", "recommendation": "for"}
    kinds = {"page": "page"}
    (found,) = support({"cited_study": "page"}, page, {"source": "gym"}, kinds=kinds)
    assert (found["voices"], found["repeats"]) == (2, ("spa",))
    found, other = support(
        {"cited_study": "page"}, page | {"recommendation": "against"}, kinds=kinds
    )
    assert (found["repeats"], other["repeats"]) == ((), ())


def test_two_that_repeat_one_page_are_one_voice_though_it_speaks_elsewhere():
    (found, _) = support(
        {"cited_study": "page", "aspect": "pain"},
        {"source": "gym", "cited_study": "page", "aspect": "pain"},
        {"source": "page", "aspect": "effect"},
        kinds={"page": "page"},
    )
    assert (found["aspect"], found["voices"], found["repeats"]) == ("pain", 1, ("spa", "gym"))


def test_one_that_repeats_a_study_is_a_voice_of_its_own():
    cited = {"source": "spa", "cited_study": "trial"}
    (found,) = support(cited, {"source": "trial"}, kinds=TRIALS)
    assert (found["voices"], found["repeats"]) == (2, ())


def test_nothing_claimed_has_no_sides():
    assert support() == []


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["a", "b", "t1"]),
            "aspect": st.sampled_from(["pain", "cause"]),
            "recommendation": st.sampled_from(["for", "uncertain", "against"]),
            "attribution": st.sampled_from(["", "experts"]),
            "cited_study": st.sampled_from(["", "", "t2", "c"]),
        }
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(rows=CLAIMS)
def test_support_is_what_one_reads_off_side_by_side(rows):
    table = support(*rows, kinds=TRIALS)
    assert len(table) == len({(row["aspect"], row["recommendation"]) for row in rows})
    for found in table:
        said = [
            row
            for row in rows
            if (row["aspect"], row["recommendation"]) == (found["aspect"], found["side"])
        ]
        sources = {row["source"] for row in said}
        to_study, second, credited = (
            {row["source"] for row in said if test(row)}
            for test in (
                lambda row: row["cited_study"] == "t2",
                lambda row: row["cited_study"] == "c",
                lambda row: row["attribution"],
            )
        )
        own = {row["source"] for row in said if row["source"] == "t1" and not row["cited_study"]}
        studies = own | ({"t2"} if to_study else set())
        assert found["sources"] == found["voices"] == len(sources)
        assert found["studies"] == len(studies)
        assert found["study"] == (studies.pop() if len(studies) == 1 else "")
        assert found["second_hand"] == len(second - to_study)
        assert found["untraceable"] == len(credited - second - to_study)
        assert found["uncredited"] == len(sources - credited - second - to_study)
