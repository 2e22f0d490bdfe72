import pandas as pd
import pytest
from builders import build_claims, build_collection, read_html

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
    text = read_html(show_summary(build_collection(claims)))
    assert text.startswith("Massage for back pain:")
    assert "For: spa (credits a trial ); gp . Against: gp ." in text


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
    assert own.startswith("Gp on massage for back pain:")


@pytest.mark.parametrize("number", [1, 60, 61, 90])
def test_every_conflict_has_an_address_however_many_there_are(number):
    page = show_conflicts(oppose(number)).data
    assert page.count('id="conflict/') == number
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
    page = show_conflicts(build_collection(claims)).data
    assert page.count('class="card"') == 7
    assert all(f">k{n}</a>" in page for n in range(31))


def test_a_question_says_how_many_claims_it_does_not_show():
    claims = build_claims(*({"source": f"s{n}"} for n in range(5)))
    page = show_question(build_collection(claims), ("back pain", "massage", "pain"))
    assert "Two more claims on it" in read_html(page)
    assert "Nobody." in read_html(page)


def test_exceptions_beyond_a_hundred_are_counted():
    rows = [("condition", f"kind {n}", "back pain") for n in range(103)]
    rows += [("condition", "back pain", "")]
    from claimbook import Vocabulary

    vocabulary = Vocabulary(pd.DataFrame(rows, columns=["scheme", "term", "broader"]))
    claims = build_claims(
        {}, *({"condition": f"kind {n}", "recommendation": "against"} for n in range(103))
    )
    claims["claim_id"] = [f"k{n}" for n in range(104)]
    claims["source"] = ["spa", *(f"s{n}" for n in range(103))]
    page = show_exceptions(build_collection(claims)._replace(vocabulary=vocabulary))
    assert page.data.count("<tr>") == 101
    assert "Three more cases not shown" in read_html(page)


def test_the_title_counts_articles_apart():
    claims = build_claims({"source": "a"}, {"source": "t"})
    collection = build_collection(claims, kinds={"t": "trial"}, title="<i>Massage</i>")
    assert "&lt;i&gt;Massage&lt;/i&gt;" in show_title(collection).data
    assert read_html(show_title(collection)).endswith(
        "Two claims from one article and one other source."
    )


def test_the_summary_says_what_can_be_checked():
    claims = build_claims({"source": "spa"}, {"source": "spa"}, {"source": "trial"})
    claims = claims.assign(
        attribution=["a trial", "somebody", ""],
        cited_study=["trial", "", ""],
        quote=["good … back", "", ""],
    )
    text = read_html(show_summary(build_collection(claims, kinds={"trial": "trial"})))
    assert "0 of 1 quotes are verified. Of two claims that could lean on a study 0 credit" in text
    assert "1 somebody who cannot be traced; of the 1 that cite one 1 say what it found." in text
