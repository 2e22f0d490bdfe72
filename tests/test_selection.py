"""Claims are picked by terms, sources, kinds, levels and words, and put into questions."""

import pandas as pd
import pytest
from builders import build_claims, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary, count_questions, read_collection, roll_up
from claimbook.collection.collection import Collection
from claimbook.notebook.explorer.selection import (
    Choice,
    build_view,
    count_terms,
    describe_choice,
    describe_view,
    find_cell,
    select_claims,
)
from claimbook.report.wording import Labels

SOURCES = pd.DataFrame({"source": ["spa", "clinic"], "kind": ["article", "trial"]}, dtype="str")
PAIN = Vocabulary(
    build_terms(("condition", "pain"), ("condition", "back pain", "pain"), ("condition", "stress"))
)


def select(claims, vocabulary=PAIN, table=SOURCES, **choice):
    return select_claims(claims, table, vocabulary, choice=Choice(**choice))


def collect(claims, vocabulary=PAIN, sources=SOURCES):
    return Collection(claims, sources, vocabulary, {}, {})


def test_what_is_left_open_leaves_every_claim_in():
    claims = build_claims({"source": "spa"}, {"source": "unknown"})
    pd.testing.assert_frame_equal(select(claims), claims)


def test_a_broader_term_stands_for_those_under_it_and_no_others():
    claims = build_claims(
        {"condition": "back pain"}, {"condition": "stress"}, {"condition": "pain"}
    )
    assert select(claims, conditions=("pain",))["claim_id"].tolist() == ["a", "c"]
    assert select(claims, conditions=("back pain",))["claim_id"].tolist() == ["a"]
    assert len(select(claims, conditions=("back pain", "stress"))) == 2


@settings(deadline=None)
@given(rules_and_claims(), st.data())
def test_a_term_picks_the_claims_that_the_codebook_puts_under_it(drawn, data):
    rules, claims = drawn
    vocabulary = rules.vocabulary()
    facet = data.draw(st.sampled_from(["condition", "intervention", "aspect"]))
    for term in {*rules.broader.get(facet, {}), *claims[facet]}:
        picked = select(claims, vocabulary, **{f"{facet}s": (term,)})
        under = [
            claim_id
            for claim_id, used in zip(claims["claim_id"], claims[facet], strict=True)
            if used == term or rules.is_broader(facet, term, used)
        ]
        assert picked["claim_id"].tolist() == under


@settings(deadline=None)
@given(rules_and_claims(), st.sampled_from(["condition", "intervention", "aspect"]))
def test_a_term_is_listed_with_as_many_claims_as_it_picks(drawn, facet):
    rules, claims = drawn
    vocabulary = rules.vocabulary()
    terms = count_terms(claims, vocabulary, facet=facet)
    assert terms["term"].is_unique
    assert set(claims[facet]) <= set(terms["term"])
    for term, _, under, counted in terms.itertuples(index=False):
        assert counted == len(select(claims, vocabulary, **{f"{facet}s": (term,)}))
        assert under == sum(rules.is_broader(facet, term, other) for other in terms["term"])


def test_terms_are_listed_as_a_tree_in_the_order_of_the_vocabulary():
    claims = build_claims({"condition": "stress"}, {"condition": "back pain"}, {"condition": "new"})
    terms = count_terms(claims, PAIN, facet="condition")[["term", "depth"]]
    assert terms.values.tolist() == [["pain", 0], ["back pain", 1], ["stress", 0], ["new", 0]]


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ({"sources": ("clinic",)}, ["b"]),
        ({"kinds": ("article",)}, ["a"]),
        ({"kinds": ("article", "trial")}, ["a", "b"]),
        ({"levels": ("against",)}, ["b"]),
        ({"sources": ("spa",), "levels": ("against",)}, []),
        ({"conditions": ("no such term",)}, []),
    ],
)
def test_sources_kinds_and_levels_narrow_one_another(choice, ids):
    claims = build_claims({"source": "spa"}, {"source": "clinic", "recommendation": "against"})
    assert select(claims, **choice)["claim_id"].tolist() == ids


def test_sources_without_kinds_are_of_none():
    claims = build_claims({"source": "spa"})
    assert select(claims, table=SOURCES[["source"]], kinds=("article",)).empty
    assert select(claims, table=SOURCES.head(0), kinds=("article",)).empty


@pytest.mark.parametrize("words", ["EASES", "eas", "pain eases", " eases  pain ", "d'été", "DETE"])
def test_words_are_found_whatever_their_case_accents_and_order(words):
    claims = build_claims({"claim": "It eases pain."}, {"claim": "No."}, quote="d’Été, dété")
    ids = select(claims, words=words)["claim_id"].tolist()
    assert ids == (["a"] if "eas" in words.casefold() else ["a", "b"])


@pytest.mark.parametrize("column", ["claim", "quote", "attribution", "notes"])
def test_words_are_looked_for_in_what_is_said_and_by_whom(column):
    claims = build_claims({column: "the word 腰痛"}, {}, quote="", attribution="", notes="")
    assert select(claims, words="腰痛")["claim_id"].tolist() == ["a"]


def test_every_word_must_occur_but_they_may_stand_apart():
    claims = build_claims({"claim": "Eases", "notes": "pain"}, {"claim": "Eases"}, notes="")
    assert select(claims, words="eases pain")["claim_id"].tolist() == ["a"]
    assert select(claims, words="pain\neases")["claim_id"].tolist() == ["a"]


@settings(deadline=None)
@given(rules_and_claims(), st.data())
def test_a_view_puts_the_questions_of_the_claims_chosen_and_its_cells_hold_each_claim_once(
    drawn, data
):
    rules, claims = drawn
    vocabulary = rules.vocabulary()
    term = data.draw(st.sampled_from(list(rules.broader["aspect"])))
    facet = ("aspect", term)
    sources = pd.DataFrame({"source": ["s1", "s2", "s3"], "kind": ""}, dtype="str")
    view = build_view(collect(claims, vocabulary, sources), Choice(together=(facet,)))
    grouped = claims
    if len(claims):
        grouped = roll_up(claims, vocabulary, facet="aspect", term=term)
    counted = count_questions(grouped, vocabulary)
    key = ["condition", "intervention", "aspect"]
    pd.testing.assert_frame_equal(
        view.questions.sort_values(key, ignore_index=True),
        counted.sort_values(key, ignore_index=True),
    )
    cells = [
        find_cell(view, question=question, source=source)
        for question in view.questions[key].itertuples(index=False, name=None)
        for source in sources["source"]
    ]
    ids = [claim_id for cell in cells for claim_id in cell["claim_id"]]
    assert sorted(ids) == sorted(claims["claim_id"])


def test_questions_that_two_sources_answer_come_first():
    claims = build_claims(
        {"condition": "stress"}, {"source": "spa"}, {"source": "clinic"}, {"condition": "pain"}
    )
    view = build_view(collect(claims), Choice())
    assert view.questions["condition"].tolist() == ["back pain", "stress", "pain"]


def test_a_cell_holds_claims_with_their_own_terms():
    claims = build_claims({"aspect": "pain"}, {"aspect": "sleep"}, {"aspect": "cause"})
    view = build_view(collect(claims), Choice(together=(("aspect", "use"),)))
    cell = find_cell(view, question=("back pain", "massage", "use"), source="spa")
    assert cell["aspect"].tolist() == ["pain", "sleep"]


def test_a_choice_is_told_in_words():
    collection = collect(build_claims({}))
    choice = Choice(
        conditions=("pain", "stress"),
        kinds=("trial",),
        levels=("for",),
        words="two words",
        together=(("aspect", "use"),),
    )
    assert describe_choice(choice, Labels(collection)) == (
        "Chosen: conditions pain or stress; kind trial; level for; with “two”; with “words”. "
        "Taken together: aspects under use."
    )


def test_a_view_is_told_in_words():
    view = build_view(collect(build_claims({}, {"source": "clinic"})), Choice())
    assert describe_view(view) == "Two claims by two sources on one question: agree 1."


def test_no_claims_make_no_view_fail():
    collection = read_collection("data")._replace(claims=read_collection("data").claims.head(0))
    view = build_view(collection, Choice(together=(("aspect", "use"),), words="x"))
    assert view.questions.empty
    assert find_cell(view).empty
