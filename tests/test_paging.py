"""A matrix cut into pages: nothing lost, nothing twice, groups kept together."""

import pytest
from builders import build_claims, build_collection, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook.measures import cut_matrix


def cut(claims, **options):
    return cut_matrix(claims, least=1, **options)


def ask(*conditions):
    """One question on each condition, or several where it is named several times."""
    rows = [{"condition": name, "aspect": f"a{n}"} for n, name in enumerate(conditions)]
    return build_claims(*rows)


@settings(max_examples=40, deadline=None)
@given(rules_and_claims(), st.integers(1, 4), st.integers(1, 3))
def test_every_stance_is_on_one_page_and_no_page_is_larger_than_asked(drawn, rows, columns):
    rules, claims = drawn
    collection = build_collection(claims, vocabulary=rules.table())
    pages = cut(collection, rows=rows, columns=columns)
    ids = [claim for stances, _ in pages for part in stances["claim_ids"] for claim in part]
    assert sorted(ids) == sorted(claims["claim_id"])
    assert all(len(questions) <= rows for _, questions in pages)
    assert all(stances["source"].nunique() <= columns for stances, _ in pages)


def test_one_page_has_no_caption():
    ((_, questions),) = cut(ask("a", "b"))
    assert "page" not in questions


def test_each_of_several_pages_says_which_part_it_is():
    pages = cut(ask("a", "b", "c"), rows=2)
    assert [questions["page"].unique().tolist() for _, questions in pages] == [
        ["Page 1 of 2. Questions: 1 to 2 of 3. Sources that answer them: 1."],
        ["Page 2 of 2. Questions: 3 to 3 of 3. Sources that answer them: 1."],
    ]


def test_a_group_that_has_room_on_one_page_is_not_broken():
    pages = cut(ask("a", "a", "b", "b"), rows=3)
    assert [questions["condition"].tolist() for _, questions in pages] == [["a"] * 2, ["b"] * 2]


def test_a_group_too_large_for_a_page_is_broken():
    pages = cut(ask("a", "b", "b", "b"), rows=2)
    shown = [questions["condition"].tolist() for _, questions in pages]
    assert shown == [["a", "b"], ["b", "b"]]


def test_sources_stand_by_kind_and_only_those_that_answer_the_page():
    claims = build_claims(
        {"source": "trial"}, {"source": "spa"}, {"source": "gym", "condition": "sciatica"}
    )
    collection = build_collection(claims, kinds={"trial": "trial", "spa": "article"})
    pages = cut(collection, rows=1, columns=1)
    assert [stances["source"].tolist() for stances, _ in pages] == [["spa"], ["trial"], ["gym"]]


def test_nothing_is_one_empty_page():
    ((stances, questions),) = cut(build_claims())
    assert stances.empty
    assert questions.empty


def test_a_page_without_room_is_refused():
    with pytest.raises(ValueError, match="a page of 0 rows by 40 columns is empty"):
        cut(ask("a"), rows=0)
