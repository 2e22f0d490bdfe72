import re

import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms, read_html

from claimbook import report
from claimbook.report.answers import show_answers
from claimbook.report.findings import (
    show_conflicts,
    show_exceptions,
    show_question,
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


def read_lead(collection):
    return read_html(re.search(r'<p class="lead">.*?</p>', show_title(collection), re.DOTALL)[0])


def read_table(collection):
    """The cells of the table of answers, row by row, as read aloud."""
    page = show_answers(collection)
    rows = re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    hidden = r'<span class="who" aria-hidden="true">.*?</span>|<a class="skip".*?</a>'
    return [[read_html(re.sub(hidden, "", cell)) for cell in row] for row in cells]


SIDES = (
    {"source": "spa"},
    {"source": "gp", "recommendation": "against"},
    {"source": "clinic", "recommendation": "conditional for"},
)


# the sentence


def test_the_title_says_who_leans_which_way_and_who_contradicts_whom():
    assert read_lead(build_collection(build_claims(*SIDES))) == (
        "Two of three articles say “yes” more often than “no”, one “no” more often. They "
        "contradict one another on one question; none contradicts itself."
    )


def test_all_who_lean_one_way_are_told_with_the_topic():
    claims = build_claims({"source": "spa"}, {"source": "clinic"})
    assert read_lead(build_collection(claims, topic=["massage"])) == (
        "Both articles speak mostly for massage. No two of them give opposite answers "
        "to one question."
    )


def test_one_article_is_spoken_of_in_the_singular():
    assert read_lead(build_collection(build_claims({}))) == "One claim by one article."
    claims = build_claims({}, {"condition": "cold"})
    assert read_lead(build_collection(claims)) == (
        "The one article says “yes” more often than “no”."
    )


def test_a_clash_with_a_study_is_told_apart_from_one_among_articles():
    claims = build_claims(*SIDES[:2])
    text = read_lead(build_collection(claims, kinds={"gp": "trial"}))
    assert text.endswith("It contradicts studies on one question.")
    text = read_lead(build_collection(claims, kinds={"spa": "guideline", "gp": "guideline"}))
    assert "contradict one another" in text  # without articles all are appraised


def test_who_contradicts_itself_is_named():
    claims = build_claims({"source": "gp"}, {"source": "gp", "recommendation": "against"})
    assert "gp contradicts itself on one question" in read_lead(build_collection(claims))


def test_a_collections_own_words_stand_in_the_sentence():
    words = {"source": ["style guide", "style guides"], "for": "do", "against": "avoid"}
    text = read_lead(build_collection(build_claims(*SIDES), words=words))
    assert text.startswith("Two of three style guides say “do” more often than “avoid”, one")


def test_the_limits_are_told_in_small_print():
    sources = pd.DataFrame(
        {
            "source": ["a", "b", "c"],
            "kind": "article",
            "publisher": ["Spa Ltd", "Spa Ltd", ""],
            "url": ["https://a.example", "", ""],
        }
    )
    claims = build_claims(*({"source": key} for key in "abc"))
    collection = build_collection(claims, sources=sources, notice="No <b>advice</b>.")
    text = read_html(show_title(collection))
    assert text.endswith(
        "Two of three articles have no web address. “a” and “b” share a publisher and count as one "
        "voice. No <b>advice</b>."
    )
    assert "advice" not in read_html(show_title(build_collection(claims, sources=sources)))


def test_rows_set_aside_are_told_at_the_head():
    claims = build_claims({}, {"recommendation": "yes"}, {"claim": ""}, {"claim": ""})
    text = read_html(show_title(build_collection(claims)))
    assert "One row of the collection is set aside as wrong, and not counted here" in text
    assert "recommendation 'yes' is no known recommendation" in text
    assert "Two rows of the collection are unfinished" in text
    assert "set aside" not in read_html(show_title(build_collection(claims.head(1))))


# the table of answers


def test_a_row_is_a_question_and_a_cell_an_answer():
    head, row = read_table(build_collection(build_claims(*SIDES)))
    assert head == ["Question (press an answer for its words)", "spa", "gp", "clinic"]
    assert row == ["Should massage be used for back pain?", "yes", "no", "yes, if"]


def test_others_than_articles_stand_together_each_answer_with_who_gives_it():
    rows = [*SIDES, {"source": "nice", "recommendation": "against"}, {"source": "kngf"}]
    kinds = {"nice": "guideline", "kngf": "guideline", "trial": "trial"}
    head, row = read_table(build_collection(build_claims(*rows), kinds=kinds))
    assert head[-1] == "Guidelines"  # no column of studies, which say nothing
    assert row[-1] == "yes kngf no nice"


def test_what_is_silent_is_blank_and_said_to_be():
    rows = [*SIDES, {"source": "x", "condition": "cold"}]
    assert "x" not in read_table(build_collection(build_claims(*rows)))[0]
    rows += [{"source": "gp", "condition": "cold", "recommendation": "against"}]
    first, second = read_table(build_collection(build_claims(*rows)))[1:]
    assert first[-1] == "says nothing"
    assert second == [
        "Should massage be used for cold?", "says nothing", "no", "says nothing", "yes",
    ]  # fmt: skip


def test_a_self_contradiction_is_split_and_words_of_others_are_quoted():
    claims = build_claims({"source": "gp"}, {"source": "gp", "recommendation": "against"})
    page = show_answers(build_collection(claims))
    assert 'class="marks split"' in page
    assert read_table(build_collection(claims))[1][1] == "yes no contradicts itself"
    claims = build_claims(*SIDES, {"source": "spa", "recommendation": "against"})
    collection = build_collection(claims.assign(speaker=["", "", "", "a professor"]))
    assert read_table(collection)[1][1] == "yes “no” “…”: in others’ words"
    assert "split" not in show_answers(collection)


def test_a_narrower_case_is_named_in_its_cell():
    terms = build_terms(("condition", "sprain", "back pain"), ("condition", "back pain"))
    claims = build_claims({}, {"condition": "sprain", "recommendation": "against", "source": "gp"})
    collection = build_collection(claims.assign(universal=["yes", ""]), vocabulary=terms)
    assert read_table(collection)[1] == [
        "Should massage be used for back pain?",
        "yes",
        "no sprain",
    ]


def test_a_cell_opens_the_words_of_its_sources_below_the_row():
    page = show_answers(build_collection(build_claims(*SIDES)))
    opened = re.findall(r'<a class="skip" href="#([^"]*)"', page)
    assert opened == ["says-1-1", "says-1-2", "says-1-3"]
    for place, claim in zip(opened, "abc", strict=True):
        panel = page.split(f'<div id="{place}">')[1].split("</div></div>")[0]
        assert f"#claim-{claim}" in panel
        assert panel.count('class="card"') == 1


def test_of_many_articles_the_columns_are_answers():
    rows = [{"source": f"s{n}"} for n in range(40)]
    claims = build_claims(*rows, {"source": "gp", "recommendation": "against"})
    collection = build_collection(claims.assign(claim_id=[f"k{n}" for n in range(41)]))
    head, row = read_table(collection)
    assert head[1:] == ["Yes", "No"]
    assert row[1:] == ["yes s0, s1, s2 and 37 more", "no gp"]
    assert all(f">k{n}</a>" in show_answers(collection) for n in range(41))


def test_without_a_conflict_the_questions_that_most_answer_are_shown():
    claims = build_claims(
        {"source": "spa"}, {"source": "gp"}, {"source": "gp", "condition": "cold"}
    )
    page = show_answers(build_collection(claims))
    assert "What they say" in page
    assert [row[0] for row in read_table(build_collection(claims))[1:]] == [
        "Should massage be used for back pain?"
    ]
    assert "What it says" in show_answers(build_collection(build_claims({})))
    assert show_answers(build_collection(build_claims({}).head(0))) == ""


@pytest.mark.parametrize(("number", "shown", "words"), [(9, 9, ""), (90, 60, "30 more")])
def test_questions_beyond_the_first_are_folded_and_counted(number, shown, words):
    page = show_answers(oppose(number))
    assert page.count('scope="row"') == shown
    assert ('<details class="fold"' in page) == (number > 9)
    assert words in read_html(page)


def test_levels_of_ones_own_go_by_their_labels():
    scale = [("recommendation", "true", "", "1"), ("recommendation", "half true", "", "-1")]
    claims = build_claims(*SIDES[:2]).assign(recommendation=["true", "half true"])
    row = read_table(build_collection(claims, vocabulary=build_terms(*scale)))[1]
    assert row[1:] == ["true", "half true"]


# one question, and points of conflict


def test_a_question_shows_both_sides_whom_they_credit_and_what_guidelines_say():
    rows = [*SIDES[:2], {"source": "nice", "recommendation": "against", "claim": "Not alone."}]
    claims = build_claims(*rows).assign(attribution=["a trial", "", ""], notes="Not there.")
    page = show_question(build_collection(claims, kinds={"nice": "guideline"}))
    text = read_html(page)
    assert text.index("Yes spa") < text.index("No gp") < text.index("Guidelines no nice")
    assert "Credits a trial : no such study or guideline is known" in text
    assert "<summary>What is known of it</summary>Not there." in page
    assert page.count("Not there.") == 1


def test_a_question_says_how_many_claims_it_does_not_show():
    claims = build_claims(*({"source": f"s{n}"} for n in range(5)))
    page = show_question(build_collection(claims), ("back pain", "massage", "pain"))
    assert "Two claims more on this question" in read_html(page)
    assert "Nobody." in read_html(page)


@pytest.mark.parametrize("number", [1, 60, 61, 90])
def test_every_conflict_has_an_address_however_many_there_are(number):
    page = show_conflicts(oppose(number))
    assert page.count('id="direct/') == number
    assert page.count("<section><h3") == min(number, 60)
    assert all(f">k{place}</a>" in page for place in range(2 * number))


def test_no_claim_of_a_crowded_side_is_left_out():
    rows = [{"source": f"s{n}"} for n in range(30)]
    claims = build_claims(*rows, {"source": "gp", "recommendation": "against"})
    claims["claim_id"] = [f"k{n}" for n in range(31)]
    page = show_conflicts(build_collection(claims))
    assert page.count('class="card"') == 7
    assert all(f">k{n}</a>" in page for n in range(31))


def test_a_part_with_nothing_to_say_is_left_out():
    collection = build_collection(build_claims({}))
    for kind in ("direct", "self-contradiction", "reported"):
        assert show_conflicts(collection, kind=kind) == ""
    assert show_exceptions(collection) == ""
    with pytest.raises(ValueError, match="kind is 'exception', expected one of: direct"):
        show_conflicts(collection, kind="exception")


def test_a_self_contradiction_is_named_with_its_source():
    claims = build_claims({"source": "gp"}, {"source": "gp", "recommendation": "against"})
    own = read_html(show_conflicts(build_collection(claims), kind="self-contradiction"))
    assert own.startswith("Who contradicts itself gp: Should massage be used for back pain?")


def test_conflicts_among_articles_come_before_those_of_others():
    rows = [
        {"source": "nice", "condition": "sciatica"},
        {"source": "kngf", "condition": "sciatica", "recommendation": "against"},
        {"source": "spa", "condition": "cold"},
        {"source": "gp", "condition": "cold", "recommendation": "against"},
    ]
    kinds = {"nice": "guideline", "kngf": "guideline"}
    headline = {"condition": "cold", "intervention": "massage", "aspect": "pain"}
    collection = build_collection(build_claims(*rows), kinds=kinds, headline=headline)
    text = read_html(show_conflicts(collection))
    assert text.index("used for cold") < text.index("used for sciatica")
    assert [row[0] for row in read_table(collection)[1:]] == [
        "Should massage be used for cold?",
        "Should massage be used for sciatica?",
    ]


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
    assert "In 103 narrower cases" in read_html(page)


def test_a_universal_claim_denied_by_a_narrower_one_is_a_conflict_and_no_exception():
    terms = build_terms(("condition", "sprain", "back pain"), ("condition", "back pain"))
    claims = build_claims({}, {"condition": "sprain", "recommendation": "against", "source": "gp"})
    collection = build_collection(claims.assign(universal=["yes", ""]), vocabulary=terms)
    assert show_exceptions(collection) == ""
    text = read_html(show_conflicts(collection))
    assert "Massage for sprain, against a claim on every case." in text
    assert "contradict one another on one question" in read_lead(collection)


def test_what_a_source_reports_of_others_is_no_contradiction():
    claims = build_claims({}, {"recommendation": "against"})
    collection = build_collection(claims.assign(speaker=["", "a professor"]))
    assert "contradicts itself" not in read_lead(collection)
    page = show_conflicts(collection, kind="reported")
    assert "On one question a source quotes somebody else on the other side." in read_html(page)
    assert "In the words of a professor." in read_html(page)


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
    text = read_html(show_exceptions(build_collection(claims, vocabulary=terms)))
    assert "One pair of questions overlaps in part, with opposite answers" in text


# a collection outside health

HEALTH = (
    "complaint|treatment|patient|therapy|medical|health|care|doctor|clinical|study|studies|trial|"
    "guideline|pain|symptom|intervention|condition"
)
WORDS = {
    "condition": ["situation", "situations"],
    "intervention": ["practice", "practices"],
    "source": ["guide", "guides"],
    "for": "recommended",
    "against": "discouraged",
}
STYLE = build_claims(
    {"source": "kernel", "recommendation": "conditional for"},
    {"source": "blog", "recommendation": "against"},
    {"source": "house", "recommendation": "uncertain"},
    {"source": "house", "intervention": "tabs", "recommendation": "against"},
    {"source": "blog", "intervention": "tabs", "recommendation": "against"},
    condition="loops",
    intervention="short names",
    aspect="use",
)


def read_report(collection):
    """The text of every section, without the words in the figures."""
    names = [name for name in report.__all__ if name.startswith("show_") and "figure" not in name]
    page = "".join(getattr(report, name)(collection) for name in names)
    kinds = [report.show_conflicts(collection, kind=kind) for kind in ("reported",)]
    return read_html(re.sub(r"<figure.*?</figure>", "", page + "".join(kinds), flags=re.DOTALL))


def test_a_report_on_code_style_speaks_its_own_words_and_none_of_health():
    claims = STYLE.assign(attribution=["", "an expert", "", "", ""])
    collection = build_collection(claims, words=WORDS)
    text = read_report(collection)
    assert re.findall(rf"\b(?:{HEALTH})s?\b", text.lower().replace("under a condition", "")) == []
    assert read_table(collection)[1] == [
        "Should short names be used for loops?",
        *("recommended, if", "discouraged", "unclear"),
    ]
    assert not re.search(r"\b(yes|mostly no)\b", text)
    for word in ("guide", "situation", "practice", "mostly discouraged", "recommended, if"):
        assert word in text


def test_numbers_behind_a_figure_speak_the_words_of_the_collection():
    collection = build_collection(STYLE, words=WORDS)
    page = report.show_matrix(collection) + report.show_robustness(collection)
    figures = "".join(re.findall(r"<figure.*?</figure>", page, re.DOTALL))
    text = read_html("".join(re.findall(r"<thead.*?</table>", figures, re.DOTALL)))
    assert "Situation Practice Aspect" in text
    assert "loops short names use opposite answers blog discouraged discouraged" in text
    assert re.findall(r"\b(for|against|conflict|agree|one_code|\w+_\w+)\b", text) == []


def test_sides_take_the_words_of_the_collection_in_every_answer():
    page = read_html(show_question(build_collection(STYLE, words=WORDS)))
    assert "Recommended kernel recommended, if" in page
    assert "Discouraged blog discouraged" in page


def test_articles_go_by_their_kind_where_other_sources_are_called_the_same():
    kinds = {"house": "guideline"}
    assert "of two articles" in show_title(build_collection(STYLE, kinds=kinds, words=WORDS))
    assert "of three guides" in show_title(build_collection(STYLE, words=WORDS))


@pytest.mark.parametrize(
    ("addresses", "said"),
    [
        (["", "", ""], "None of the three articles has a web address."),
        (["", "https://b.example", ""], "Two of three articles have no web address."),
        (
            ["", "https://b.example", "https://c.example"],
            "One of three articles has no web address.",
        ),
    ],
)
def test_missing_addresses_are_told_in_grammar(addresses, said):
    sources = pd.DataFrame({"source": ["spa", "gp", "clinic"], "url": addresses, "kind": "article"})
    assert said in read_html(show_title(build_collection(build_claims(*SIDES), sources=sources)))
    two = show_title(build_collection(build_claims(*SIDES[:2])))
    assert "Neither of the two articles has a web address." in two
    assert "The one article has no web address." in show_title(build_collection(build_claims({})))


def test_many_publishers_with_several_articles_are_counted_and_not_named():
    keys = [f"s{number}" for number in range(8)]
    claims = pd.concat([build_claims({"source": key, "claim_id": key}) for key in keys])
    sources = pd.DataFrame({"source": keys, "kind": "article", "publisher": [*"aabbccdd"]})
    text = read_html(show_title(build_collection(claims.reset_index(drop=True), sources=sources)))
    assert "Four publishers have several articles each, which count as one voice." in text
    assert "s0 and s1" not in text
