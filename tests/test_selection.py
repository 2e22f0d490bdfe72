"""Claims are chosen by what they say and of whom, gathered in questions, and told in words."""

import pandas as pd
import pytest
from builders import build_claims, build_terms, rules_and_claims
from hypothesis import given
from hypothesis import strategies as st

from claimbook import Collection, count_questions
from claimbook.collection.codebook import FACETS
from claimbook.notebook.explorer.selection import (
    Choice,
    count_terms,
    describe_choice,
    describe_size,
    list_questions,
    pick_claims,
)

SOURCES = pd.DataFrame({"source": ["spa", "clinic"], "kind": ["article", "trial"]})
TERMS = build_terms(
    ("condition", "pain"), ("condition", "back pain", "pain"), ("condition", "stress")
)
USE = (("aspect", "use"),)


def collect(*rows, **common):
    return Collection.from_frame(build_claims(*rows, **common), SOURCES)


def ids(collection):
    return collection.claims["claim_id"].tolist()


def choose(collection, together=(), **filters):
    return Choice(filters, together).apply(collection)[0]


def test_the_verdict_on_a_question_is_kept_whatever_level_and_words_are_chosen():
    collection = collect({"claim": "It eases."}, {"source": "clinic", "recommendation": "against"})
    for filters in ({"recommendation": ["for"]}, {"words": "eases"}):
        chosen, questions = Choice(filters).apply(collection)
        assert ids(chosen) == ["a"]
        assert questions[["verdict", "for", "against"]].to_numpy().tolist() == [["conflict", 1, 1]]
    _, alone = Choice({"source": ["spa"]}).apply(collection)
    assert alone["verdict"].tolist() == ["single source"]


def test_claims_are_chosen_by_the_verdict_on_their_question():
    collection = collect({}, {"source": "clinic", "recommendation": "against"}, {"aspect": "cost"})
    assert ids(choose(collection, verdict=["conflict"])) == ["a", "b"]
    assert ids(choose(collection, verdict=["conflict"], recommendation=["against"])) == ["b"]
    assert ids(choose(collection, verdict=["agree"])) == []


def test_what_is_left_open_leaves_every_claim_in():
    collection = collect({}, {"source": "clinic"})
    pd.testing.assert_frame_equal(choose(collection).claims, collection.claims)


def test_claims_are_chosen_by_the_terms_that_they_have_and_only_then_gathered():
    collection = collect({"aspect": "pain"}, {"aspect": "sleep"}, {"aspect": "cause"})
    chosen = choose(collection, USE, aspect=["sleep", "cause"])
    assert ids(chosen) == ["b", "c"]
    assert chosen.claims["aspect"].tolist() == ["sleep", "cause"]
    assert list_questions(chosen)["aspect"].tolist() == ["use", "cause"]


@pytest.mark.parametrize("words", ["EASES", "eas", "pain eases", " eases  pain ", "d'été", "DETE"])
def test_words_are_found_whatever_their_case_accents_and_order(words):
    collection = collect({"claim": "It eases pain."}, {"claim": "No."}, notes="d’Été, dété")
    assert ids(choose(collection, words=words)) == (
        ["a"] if "eas" in words.casefold() else ["a", "b"]
    )


@given(rules_and_claims(), st.sampled_from(FACETS))
def test_a_term_is_listed_with_as_many_claims_as_it_picks(drawn, facet):
    rules, claims = drawn
    collection = Collection.from_frame(claims, vocabulary=rules.table())
    terms = count_terms(collection, facet=facet)
    assert terms["term"].is_unique
    assert set(claims[facet]) <= set(terms["term"])
    for term, _, under, counted in terms.itertuples(index=False):
        assert counted == len(collection.filter(**{facet: term}).claims)
        assert under == sum(rules.is_broader(facet, term, other) for other in terms["term"])


def test_terms_are_listed_as_a_tree_in_the_order_of_the_vocabulary():
    claims = build_claims({"condition": "stress"}, {"condition": "back pain"})
    terms = count_terms(Collection.from_frame(claims, vocabulary=TERMS), facet="condition")
    expected = [["pain", 0, 1, 1], ["back pain", 1, 0, 1], ["stress", 0, 0, 1]]
    assert terms.to_numpy().tolist() == expected


def test_a_term_of_several_broader_ones_stands_once_under_the_nearest():
    table = build_terms(
        ("condition", "all"), ("condition", "pain", "all"), ("condition", "disc", "all;pain")
    )
    claims = build_claims({"condition": "disc"})
    terms = count_terms(Collection.from_frame(claims, vocabulary=table), facet="condition")
    assert terms[["term", "depth"]].to_numpy().tolist() == [["all", 0], ["pain", 1], ["disc", 2]]


def test_terms_that_are_one_are_listed_once():
    table = TERMS.assign(same_as=["", "", "pain"])
    claims = build_claims({"condition": "stress"}, {"condition": "pain"})
    collection = Collection.from_frame(claims, vocabulary=table)
    terms = count_terms(collection, facet="condition")
    assert terms[["term", "claims"]].to_numpy().tolist() == [["pain", 2]]


@given(rules_and_claims(), st.data())
def test_the_cells_of_a_view_hold_each_of_its_claims_once(drawn, data):
    rules, claims = drawn
    collection = Collection.from_frame(claims, vocabulary=rules.table())
    term = data.draw(st.sampled_from(list(rules.broader["aspect"])))
    chosen = choose(collection, (("aspect", term),))
    questions = list_questions(chosen)
    assert set(questions.itertuples(index=False, name=None)) == set(
        count_questions(chosen)[list(questions)].itertuples(index=False, name=None)
    )
    cells = [
        pick_claims(chosen, question, source)
        for question in questions[list(FACETS)].itertuples(index=False, name=None)
        for source in ("s1", "s2", "s3")
    ]
    assert sorted(key for cell in cells for key in ids(cell)) == sorted(claims["claim_id"])


def test_questions_that_one_source_answers_alone_come_last():
    collection = collect({"condition": "stress"}, {}, {"source": "clinic"}, {"condition": "pain"})
    conditions = list_questions(collection)["condition"].tolist()
    assert conditions == ["back pain", "stress", "pain"]


def test_a_choice_is_told_in_words():
    collection = Collection.from_frame(build_claims({}), SOURCES.assign(label="The spa"), TERMS)
    filters = {
        "condition": ["pain", "stress"],
        "kind": ["trial"],
        "recommendation": ["for"],
        "source": ["spa"],
        "words": "two words",
    }
    assert describe_choice(Choice(filters, USE), collection) == (
        "Chosen: conditions pain or stress; kind trial; level for; source The spa (spa); "
        "with “two”; with “words”. Taken together: aspects under use."
    )


def test_the_size_of_a_view_is_told_in_words():
    collection = collect({}, {"source": "clinic"})
    assert describe_size(*Choice({}).apply(collection)) == (
        "2 claims by 2 sources on 1 question: agree 1."
    )
    assert describe_size(*Choice({"words": "no such word"}).apply(collection)) == "No claim fits."


def test_no_claims_make_no_view_fail():
    chosen = choose(collect({}), USE, words="no such word")
    assert list_questions(chosen).empty
    assert not ids(pick_claims(chosen, ("a", "b", "c"), "spa"))
    assert count_terms(chosen, facet="aspect").empty
