"""The explorer's matrix and cards: each in its place, and no more than a person can take in."""

import re

import pandas as pd
import pytest
from builders import build_claims

from claimbook import Collection
from claimbook.notebook.explorer.page import (
    MOST_CLAIMS,
    MOST_QUESTIONS,
    MOST_SOURCES,
    Sheet,
    write_chosen,
    write_claims,
    write_snapshot,
)
from claimbook.notebook.explorer.selection import pick_claims

EVIL = '<script>alert("1")</script>'


def collect(*rows, labels=None, **common):
    claims = build_claims(*rows, **common)
    sources = pd.DataFrame({"source": claims["source"].unique()})
    return Collection.from_frame(claims, sources.assign(label=labels or ""))


@pytest.fixture
def three():
    """Two questions, two sources; one source stands on both sides of the second question."""
    return collect(
        {"source": "spa"},
        {"source": "clinic", "recommendation": "uncertain"},
        {"source": "spa", "aspect": "sleep"},
        {"source": "spa", "aspect": "sleep", "recommendation": "against"},
        labels=["The spa", "The clinic"],
    )


def read_cells(page):
    return dict(re.findall(r'<td data-cell="(\d+,\d+)" title="([^"]*)"', page))


def test_each_cell_says_who_stands_where(three):
    page = Sheet(three).write()
    assert read_cells(page) == {
        "0,0": "The spa: for and against (two claims)",
        "1,0": "The spa: for (one claim)",
        "1,1": "The clinic: uncertain (one claim)",
    }
    assert page.count("<td></td>") == 1


def test_a_cell_of_several_levels_shows_each_and_is_split_only_by_a_contradiction():
    rows = [{"recommendation": level} for level in ("uncertain", "for", "for", "conditional for")]
    page = Sheet(collect(*rows)).write()
    cell = re.search(r'<td data-cell="0,0".*?</td>', page, re.DOTALL)[0]
    assert re.findall(r"<span[^>]*>([^<]*)", cell) == ["++", "+", "?"]
    assert "gradient" not in cell
    assert "gradient" in Sheet(collect(*rows, {"recommendation": "against"})).write()


def test_the_place_of_a_cell_leads_to_its_claims(three):
    sheet = Sheet(three)
    for (row, column), stance in sheet.stances.items():
        question, source = sheet.find_place(str(row), str(column))
        found = pick_claims(three, question, source).claims
        assert len(found) == stance.claims
        assert set(found["recommendation"]) == set(stance.levels)


@pytest.mark.parametrize("place", [("", ""), ("99", ""), ("", "99")])
def test_a_place_outside_the_matrix_stands_for_all(three, place):
    assert Sheet(three).find_place(*place) == (None, "")


def test_what_is_picked_is_marked(three):
    sheet = Sheet(three)
    question, source = sheet.find_place("1", "0")
    marked = re.findall(r'data-cell="([^"]*)"', sheet.mark(question, source))
    assert marked == ["1,", ",0", "1,0"]
    assert sheet.mark(None, "") == ""
    assert sheet.mark(("no", "such", "question"), "nobody") == ""


def test_too_many_are_not_drawn_and_that_is_said():
    rows = [
        {"source": f"s{number % 50}", "aspect": f"a{number // 2 % 70}", "claim_id": str(number)}
        for number in range(700)
    ]
    collection = collect(*rows, {"source": "alone", "claim_id": "x", "aspect": "z"})
    sheet = Sheet(collection)
    assert len(sheet.questions) == MOST_QUESTIONS
    assert len(sheet.sources) == MOST_SOURCES
    assert sheet.left_out == (11, 11)
    assert {column for _, column in sheet.stances} == set(range(MOST_SOURCES))
    assert "Not drawn: 11 questions, 11 sources." in sheet.write()
    cards = write_claims(collection, collection)
    assert cards.count('class="card"') == MOST_CLAIMS
    assert f"{701 - MOST_CLAIMS} more not drawn here" in cards


def test_of_many_questions_those_that_one_source_answers_are_left_out_first():
    rows = [{"aspect": f"a{number}", "claim_id": str(number)} for number in range(MOST_QUESTIONS)]
    shared = [{"aspect": "a7", "claim_id": "x", "source": "clinic"}]
    assert len(Sheet(collect(*rows, *shared)).questions) == MOST_QUESTIONS
    more = Sheet(collect(*rows, *shared, {"aspect": "more", "claim_id": "y"}))
    assert [aspect for _, _, aspect in more.questions] == ["a7"]
    said = f"Not drawn: {MOST_QUESTIONS} questions that only one source answers"
    assert said in more.write()


def test_nothing_chosen_is_said_in_words(three):
    sheet = Sheet(three.filter(words="no such word"))
    assert "No claim fits" in sheet.write()
    assert sheet.mark(("a", "b", "c"), "spa") == ""


def test_no_cell_of_a_table_comes_alive():
    row = dict.fromkeys(("source", "condition", "intervention", "aspect", "claim_id"), EVIL)
    words = dict.fromkeys(("claim", "quote", "attribution", "notes"), EVIL)
    collection = collect(row, labels=[EVIL], **words)
    cards = write_claims(collection, collection)
    page = write_snapshot(EVIL, collection, Sheet(collection).write(), cards)
    page += write_chosen(EVIL, collection)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10


def test_no_text_is_taken_for_a_formula(three):
    page = write_snapshot("$5 to $10", three, *(Sheet(three).write(), write_claims(three, three)))
    assert "mathjax_ignore" in page.partition(">")[0]


def test_claims_stand_under_their_question_those_for_it_first():
    collection = collect({"recommendation": "against"}, {"aspect": "sleep"}, {"source": "clinic"})
    cards = write_claims(collection, collection)
    order = re.findall(r'class="asked"|<span class="on">(\w)<', cards)
    assert order == ["", "c", "a", "", "b"]


def test_terms_that_a_question_takes_together_are_told_of_each_claim():
    collection = collect({"aspect": "sleep"}).gather(aspect="use")
    assert "On sleep." in write_claims(collection, collection)


def test_what_a_claim_credits_and_cites_stands_on_its_card():
    rows = {"attribution": "a study", "cited_study": "trial"}, {"source": "trial"}
    collection = collect(*rows, labels=["", "The trial"], attribution="", cited_study="")
    cards = write_claims(pick_claims(collection, None, "spa"), collection)
    assert "<q>a study</q> The trial" in cards
    assert "href" not in cards
