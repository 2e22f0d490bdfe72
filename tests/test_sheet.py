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
    write_claims,
    write_snapshot,
)
from claimbook.notebook.explorer.selection import list_questions, pick_claims

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


def lay(collection, **place):
    return Sheet(collection, list_questions(collection), **place)


def read_cells(page):
    return dict(re.findall(r'<td data-cell="(\d+,\d+)" title="([^"]*)"', page))


def test_each_cell_says_who_stands_where(three):
    page = lay(three).write()
    assert read_cells(page) == {
        "0,0": "The spa: for and against (two claims)",
        "1,0": "The spa: for (one claim)",
        "1,1": "The clinic: uncertain (one claim)",
    }
    assert page.count("<td></td>") == 1


def test_a_cell_of_several_levels_shows_each_and_is_split_only_by_a_contradiction():
    rows = [{"recommendation": level} for level in ("uncertain", "for", "for", "conditional for")]
    page = lay(collect(*rows)).write()
    cell = re.search(r'<td data-cell="0,0".*?</td>', page, re.DOTALL)[0]
    assert re.findall(r"<span[^>]*>([^<]*)", cell) == ["++", "+", "?"]
    assert "gradient" not in cell
    assert "gradient" in lay(collect(*rows, {"recommendation": "against"})).write()


def test_the_place_of_a_cell_leads_to_its_claims(three):
    sheet = lay(three)
    for (row, column), stance in sheet.stances.items():
        question, source = sheet.find_place(str(row), str(column))
        found = pick_claims(three, question, source).claims
        assert len(found) == stance.claims
        assert set(found["recommendation"]) == set(stance.levels)


@pytest.mark.parametrize("place", [("", ""), ("99", ""), ("", "99")])
def test_a_place_outside_the_matrix_stands_for_all(three, place):
    assert lay(three).find_place(*place) == (None, "")


def test_what_is_picked_is_marked(three):
    sheet = lay(three)
    question, source = sheet.find_place("1", "0")
    marked = re.findall(r'data-cell="([^"]*)"', sheet.mark(question, source))
    assert marked == ["1,", ",0", "1,0"]
    assert sheet.mark(None, "") == ""
    assert sheet.mark(("no", "such", "question"), "nobody") == ""


def test_too_many_stand_on_several_pages_and_that_is_said():
    rows = [
        {"source": f"s{number % 50}", "aspect": f"a{number // 2 % 70}", "claim_id": str(number)}
        for number in range(700)
    ]
    collection = collect(*rows, {"source": "alone", "claim_id": "x", "aspect": "z"})
    first = lay(collection)
    assert (len(first.questions), len(first.sources)) == (MOST_QUESTIONS, MOST_SOURCES)
    assert first.rows == [("1 to 60 of 71", 0), ("61 to 71 of 71", 60)]
    assert first.columns == [("1 to 40 of 51", 0), ("41 to 51 of 51", 40)]
    assert "Here stand questions 1 to 60 of 71, sources 1 to 40 of 51." in first.write()
    pages = [
        lay(collection, row=row, column=by) for _, row in first.rows for _, by in first.columns
    ]
    seen = [page.find_place(*map(str, place)) for page in pages for place in page.stances]
    assert len(seen) == len(set(seen)) == len(collection.claims.groupby(["source", "aspect"]))
    cards = write_claims(collection, list_questions(collection))
    assert cards.count('class="card"') == MOST_CLAIMS
    assert f"{701 - MOST_CLAIMS} more not drawn here" in cards


def test_nothing_chosen_is_said_in_words(three):
    sheet = lay(three.filter(words="no such word"))
    assert "No claim fits" in sheet.write()
    assert sheet.mark(("a", "b", "c"), "spa") == ""


def test_no_cell_of_a_table_comes_alive():
    row = dict.fromkeys(("source", "condition", "intervention", "aspect", "claim_id"), EVIL)
    words = dict.fromkeys(("claim", "quote", "attribution", "notes"), EVIL)
    collection = collect(row, labels=[EVIL], **words)
    cards = write_claims(collection, list_questions(collection))
    page = keep(collection, EVIL, cards)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10


def keep(collection, said, cards=""):
    return write_snapshot(
        said, collection, list_questions(collection), lay(collection).write(), cards
    )


def test_no_text_is_taken_for_a_formula(three):
    assert "mathjax_ignore" in keep(three, "$5 to $10").partition(">")[0]


def test_claims_stand_under_their_question_those_for_it_first():
    collection = collect({"recommendation": "against"}, {"aspect": "sleep"}, {"source": "clinic"})
    cards = write_claims(collection, list_questions(collection))
    order = re.findall(r'class="asked"|<p class="on">Claim (\w)<', cards)
    assert order == ["", "c", "a", "", "b"]


def test_terms_that_a_question_takes_together_are_told_of_each_claim():
    collection = collect({"aspect": "sleep"}).gather(aspect="use")
    assert ">on sleep<" in write_claims(collection, list_questions(collection))


def test_what_a_claim_credits_and_cites_stands_on_its_card():
    rows = {"attribution": "a study", "cited_study": "trial"}, {"source": "trial"}
    collection = collect(*rows, labels=["", "The trial"], attribution="", cited_study="")
    cards = write_claims(pick_claims(collection, None, "spa"), list_questions(collection))
    assert "Credits <q>a study</q>: The trial" in cards
    assert "href" not in cards
