import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms, read_html

from claimbook.report.findings import (
    show_conflicts,
    show_exceptions,
    show_question,
    show_summary,
    show_title,
)


def oppose(number):
    """As many questions, on each of which one source stands on either side."""
    rows = [
        {"source": source, "condition": f"pain {place}", "recommendation": level}
        for place in range(number)
        for source, level in (("spa", "for"), ("gp", "against"))
    ]
    claims = build_claims(*rows)
    return build_collection(claims.assign(claim_id=[f"k{n}" for n in range(len(claims))]))


def test_the_summary_begins_with_both_sides_of_the_question_to_see_first():
    claims = build_claims(
        {"source": "spa"},
        {"source": "gp", "recommendation": "against"},
        {"source": "gp"},
        aspect="cause",
    )
    claims["attribution"] = ["a trial", "", ""]
    claims["notes"] = "Not in the journal."
    text = read_html(show_summary(build_collection(claims)))
    assert text.startswith("Does massage treat the cause of back pain, not only the symptom?")
    assert "For: spa (credits a trial , of which no study is known); gp . Against: gp ." in text
    assert "What is known of a trial : Not in the journal." in text


def test_the_summary_counts_each_kind_of_finding():
    text = read_html(show_summary(oppose(1)))
    assert "Sources stand on opposite sides on one point:" in text
    assert "Questions, point by point: 1. 1 is answered by more than one source, and on 0" in text
    alone = read_html(show_summary(build_collection(build_claims({}))))
    assert "On no question do two sources stand on opposite sides." in alone


def test_a_self_contradiction_is_named_with_its_source():
    claims = build_claims({"source": "gp"}, {"source": "gp", "recommendation": "against"})
    collection = build_collection(claims)
    assert "gp contradicts itself on" in read_html(show_summary(collection))
    assert read_html(show_conflicts(collection)) == "None."
    own = read_html(show_conflicts(collection, kind="self-contradiction"))
    assert own.startswith("gp: Should massage be used for back pain?")


@pytest.mark.parametrize("number", [1, 60, 61, 90])
def test_every_conflict_has_an_address_however_many_there_are(number):
    page = show_conflicts(oppose(number))
    assert page.count('id="direct/') == number
    assert page.count("<section") == min(number, 60)
    assert all(f">k{place}</a>" in page for place in range(2 * number))


def test_a_summary_of_many_conflicts_stays_short():
    text = read_html(show_summary(oppose(90)))
    assert "on 90 points:" in text
    assert "; and 78 more." in text


def test_no_claim_of_a_crowded_side_is_left_out():
    rows = [{"source": f"s{n}"} for n in range(30)]
    claims = build_claims(*rows, {"source": "gp", "recommendation": "against"})
    claims["claim_id"] = [f"k{n}" for n in range(31)]
    page = show_conflicts(build_collection(claims))
    assert page.count('class="card"') == 7
    assert all(f">k{n}</a>" in page for n in range(31))


def test_a_question_says_how_many_claims_it_does_not_show():
    claims = build_claims(*({"source": f"s{n}"} for n in range(5)))
    page = show_question(build_collection(claims), ("back pain", "massage", "pain"))
    assert "Two more claims on it" in read_html(page)
    assert "Nobody." in read_html(page)


def test_exceptions_beyond_a_hundred_are_counted():
    terms = build_terms(*(("condition", f"kind {n}", "back pain") for n in range(103)),
                        ("condition", "back pain"))  # fmt: skip
    claims = build_claims(
        {}, *({"condition": f"kind {n}", "recommendation": "against"} for n in range(103))
    )
    claims["claim_id"] = [f"k{n}" for n in range(104)]
    claims["source"] = ["spa", *(f"s{n}" for n in range(103))]
    page = show_exceptions(build_collection(claims, vocabulary=terms))
    assert page.count("<tr>") == 101
    assert "Three more rows not shown" in read_html(page)


def test_a_universal_claim_denied_by_a_narrower_one_is_a_conflict_and_no_exception():
    terms = build_terms(("condition", "sprain", "back pain"), ("condition", "back pain"))
    claims = build_claims({}, {"condition": "sprain", "recommendation": "against", "source": "gp"})
    collection = build_collection(claims.assign(universal=["yes", ""]), vocabulary=terms)
    assert read_html(show_exceptions(collection)) == "None."
    text = read_html(show_conflicts(collection))
    assert "Here of massage for sprain, against a claim on every case." in text
    text = read_html(show_summary(collection))
    assert "on one point: Should massage" in text
    assert "One of these sets a claim on every case against a narrower case" in text


def test_what_a_source_reports_of_others_is_no_contradiction():
    claims = build_claims({}, {"recommendation": "against"})
    collection = build_collection(claims.assign(speaker=["", "a professor"]))
    text = read_html(show_summary(collection))
    assert "contradicts itself" not in text
    assert "On one point a source gives both sides" in text
    assert "In the words of a professor." in read_html(show_conflicts(collection, kind="reported"))


def test_opposite_answers_to_questions_that_overlap_are_counted_apart():
    terms = build_terms(
        ("condition", "back pain"),
        ("condition", "sprain", "back pain"),
        ("intervention", "massage"),
        ("intervention", "thai massage", "massage"),
    )
    claims = build_claims(
        {"condition": "sprain"},
        {"intervention": "thai massage", "recommendation": "against", "source": "gp"},
    )
    text = read_html(show_summary(build_collection(claims, vocabulary=terms)))
    assert "One pair of questions overlaps with opposite answers" in text


def test_the_title_counts_articles_apart():
    claims = build_claims({"source": "a"}, {"source": "t"})
    collection = build_collection(claims, kinds={"t": "trial"}, title="<i>Massage</i>")
    assert "&lt;i&gt;Massage&lt;/i&gt;" in show_title(collection)
    assert read_html(show_title(collection)).endswith(
        "Two claims from one article and one other source."
    )


def test_sources_of_one_publisher_are_named_as_one_voice():
    sources = pd.DataFrame({"source": ["a", "b", "c"], "publisher": ["Spa Ltd", "Spa Ltd", ""]})
    claims = build_claims(*({"source": key} for key in "abc"))
    text = read_html(show_title(build_collection(claims, sources=sources)))
    assert text.endswith("a and b have one publisher, Spa Ltd, and are one voice.")


def test_rows_set_aside_are_told_at_the_head():
    claims = build_claims({}, {"recommendation": "yes"}, {"claim": ""}, {"claim": ""})
    text = read_html(show_title(build_collection(claims)))
    assert "One row of the collection is set aside as wrong, and not counted here" in text
    assert "recommendation is 'yes'" in text
    assert "Two rows of the collection are unfinished" in text
    assert "set aside" not in read_html(show_title(build_collection(claims.head(1))))


def test_the_summary_says_what_can_be_checked():
    rows = [("spa", "trial"), ("spa", "page"), ("spa", ""), ("spa", ""), ("trial", "")]
    claims = build_claims(*({"source": source} for source, _ in rows)).assign(
        cited_study=[cited for _, cited in rows],
        attribution=["a trial", "", "somebody", "", ""],
        quote=["good … back", "", "", "", ""],
    )
    claims.loc[len(claims)] = {**claims.loc[4], "claim_id": "f", "source": "page"}
    kinds = {"trial": "trial", "page": "page"}
    text = read_html(show_summary(build_collection(claims, kinds=kinds)))
    assert "No quote has been looked up in the text of its source yet. Of four claims that" in text
    assert "1 credit nobody and 1 somebody who cannot be traced; 2 cite a source" in text
    assert "that is known: 2 faithful. One of them cites an article or a page, second-hand." in text


def test_a_conflict_between_guidelines_stands_apart_from_those_of_articles():
    claims = build_claims({"source": "nice"}, {"source": "kngf", "recommendation": "against"})
    kinds = {"nice": "guideline", "kngf": "guideline"}
    text = read_html(show_summary(build_collection(claims, kinds=kinds)))
    assert "held beside the articles stands on opposite sides on one point:" in text
    assert "Sources stand on opposite sides" not in text
