"""The explorer's matrix: each cell in its place, and no more than a person can take in."""

import re

import pandas as pd
import pytest
from builders import build_claims

from claimbook import Vocabulary
from claimbook.collection.codebook import CLAIM_COLUMNS
from claimbook.collection.collection import Collection
from claimbook.notebook.explorer.selection import Choice, build_view, find_cell
from claimbook.notebook.explorer.sheet import (
    MOST_QUESTIONS,
    MOST_SOURCES,
    find_place,
    mark_cell,
    trim_view,
)
from claimbook.notebook.explorer.sheet import write_matrix as write
from claimbook.notebook.explorer.snapshot import MOST_CLAIMS, write_claims, write_snapshot
from claimbook.report.wording import Labels

EVIL = '<script>alert("1")</script>'


def collect(claims, **columns):
    keys = list(dict.fromkeys(claims["source"]))
    claims = claims.reindex(columns=list(CLAIM_COLUMNS), fill_value="")
    sources = pd.DataFrame({"source": keys, "kind": "", "url": "", **columns}, dtype="str")
    return Collection(claims, sources, Vocabulary(), {}, {})


def open_sheet(collection):
    view = build_view(collection, Choice())
    return view, trim_view(view, collection.sources)


def write_matrix(collection):
    sheet = open_sheet(collection)[1]
    return write(sheet, collection.vocabulary, Labels(collection))


@pytest.fixture
def three():
    """Two questions, two sources; one source stands on both sides of the second question."""
    return collect(
        build_claims(
            {"source": "spa"},
            {"source": "clinic", "recommendation": "uncertain"},
            {"source": "spa", "aspect": "sleep"},
            {"source": "spa", "aspect": "sleep", "recommendation": "against"},
        ),
        label=["The spa", "The clinic"],
    )


def test_each_cell_says_who_stands_where(three):
    page = write_matrix(three)
    titles = dict(re.findall(r'<td[^>]*data-cell="(\d+,\d+)"[^>]*title="([^"]*)"', page))
    assert titles == {
        "0,0": "The spa: for and against (two claims)",
        "1,0": "The spa: for (one claim)",
        "1,1": "The clinic: uncertain (one claim)",
    }
    assert page.count("<td></td>") == 1


def test_the_place_of_a_cell_leads_to_its_claims(three):
    view, sheet = open_sheet(three)
    for row, column in sheet.stances[["row", "column"]].itertuples(index=False):
        question, source = find_place(sheet, str(row), str(column))
        ids = sheet.stances.set_index(["row", "column"]).loc[(row, column), "claim_ids"]
        found = find_cell(view, question=question, source=source)
        assert tuple(found["claim_id"]) == ids


@pytest.mark.parametrize("place", [("", ""), ("99", ""), ("", "99")])
def test_a_place_outside_the_matrix_stands_for_all(three, place):
    assert find_place(open_sheet(three)[1], *place) == (None, "")


def test_what_is_picked_is_marked(three):
    sheet = open_sheet(three)[1]
    question, source = find_place(sheet, "1", "0")
    assert re.findall(r'data-cell="([^"]*)"', mark_cell(sheet, question, source)) == [
        "1,",
        ",0",
        "1,0",
    ]
    assert mark_cell(sheet, None, "") == ""
    assert mark_cell(sheet, ("no", "such", "question"), "nobody") == ""


def test_too_many_are_not_drawn_and_that_is_said():
    rows = [
        {"source": f"s{number % 50}", "aspect": f"a{number // 2 % 70}", "claim_id": str(number)}
        for number in range(700)
    ]
    collection = collect(build_claims(*rows, {"source": "alone", "claim_id": "x", "aspect": "z"}))
    view, sheet = open_sheet(collection)
    assert len(sheet.questions) == MOST_QUESTIONS
    assert len(sheet.sources) == MOST_SOURCES
    assert sheet.left_out == (11, 11)
    assert set(sheet.stances["column"]) == set(range(MOST_SOURCES))
    assert "Not drawn: 11 questions, 11 sources." in write_matrix(collection)
    cards = write_claims(view.claims, view, collection.vocabulary, Labels(collection))
    assert cards.count('class="claim"') == MOST_CLAIMS
    assert f"{701 - MOST_CLAIMS} more not drawn here" in cards


def test_of_many_questions_those_that_one_source_answers_are_left_out_first():
    rows = [{"aspect": f"a{number}", "claim_id": str(number)} for number in range(MOST_QUESTIONS)]
    shared = [{"aspect": "a7", "claim_id": "x", "source": "clinic"}]
    collection = collect(build_claims(*rows, *shared))
    assert len(open_sheet(collection)[1].questions) == MOST_QUESTIONS
    more = collect(build_claims(*rows, *shared, {"aspect": "more", "claim_id": "y"}))
    assert open_sheet(more)[1].questions["aspect"].tolist() == ["a7"]
    assert f"Not drawn: {MOST_QUESTIONS} questions that only one source answers" in write_matrix(
        more
    )


def test_nothing_chosen_is_said_in_words(three):
    view = build_view(three, Choice(words="no such word"))
    sheet = trim_view(view, three.sources)
    page = write(sheet, three.vocabulary, Labels(three))
    assert "No claim fits" in page
    assert mark_cell(sheet, ("a", "b", "c"), "spa") == ""


def test_no_cell_of_a_table_comes_alive():
    claims = build_claims(
        dict.fromkeys(("source", "condition", "intervention", "aspect", "claim_id"), EVIL),
        **dict.fromkeys(("claim", "quote", "attribution", "notes", "cited_study"), EVIL),
    )
    collection = collect(claims, label=[EVIL])
    labels, view = Labels(collection), build_view(collection, Choice())
    cards = write_claims(view.claims, view, collection.vocabulary, labels)
    parts = write_matrix(collection), cards
    page = write_snapshot(view, labels, chosen=EVIL, parts=parts)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10


def test_claims_stand_under_their_question_those_for_it_first():
    claims = build_claims({"recommendation": "against"}, {"aspect": "sleep"}, {"source": "clinic"})
    collection = collect(claims)
    view = build_view(collection, Choice())
    cards = write_claims(view.claims, view, collection.vocabulary, Labels(collection))
    assert re.findall(r'class="(asked|id)">(?:<strong>)?([^<:]*)', cards) == [
        ("asked", "Massage for back pain"),
        ("id", "c"),
        ("id", "a"),
        ("asked", "Massage for back pain"),
        ("id", "b"),
    ]


def test_terms_that_a_question_takes_together_are_told_of_each_claim():
    collection = collect(build_claims({"aspect": "sleep"}))
    view = build_view(collection, Choice(together=(("aspect", "use"),)))
    cards = write_claims(view.claims, view, collection.vocabulary, Labels(collection))
    assert "on sleep" in cards
