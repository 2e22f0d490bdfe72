import re

import pandas as pd
from builders import build_claims, build_collection, build_terms

from claimbook.report.register import show_claims, show_sources


def read_rows(page):
    """The codes of each row, by its claim."""
    return dict(re.findall(r'<tr id="claim-([^"]*)" data-f="([^"]*)"', page))


def read_choices(page, word):
    """The values of a field, by what a person reads."""
    field = re.search(rf"<label>{word} <select[^>]*>(.*?)</select>", page)[1]
    return {name: value for value, name in re.findall(r'value="([^"]*)"[^>]*>([^<]*)', field)}


def find_shown(page, word, place, choice):
    """The claims that a choice shows, found as the script finds them."""
    codes = set(read_choices(page, word)[choice].split())
    return [claim for claim, row in read_rows(page).items() if row.split()[place] in codes]


def test_each_claim_has_a_row_and_an_address():
    page = show_claims(build_collection(build_claims({"claim_id": "c1"}, {"claim_id": 'a "b"'})))
    assert list(read_rows(page)) == ["c1", "a%20%22b%22"]
    assert '<a href="#claim-a%20%22b%22">a &#34;b&#34;</a>' in page


def test_a_choice_takes_in_what_is_narrower():
    terms = build_terms(
        ("condition", "pain"),
        ("condition", "back pain", "pain"),
        ("condition", "low back pain", "back pain"),
        ("condition", "stress"),
    )
    claims = build_claims(
        {"claim_id": "a", "condition": "low back pain"},
        {"claim_id": "b", "condition": "back pain"},
        {"claim_id": "c", "condition": "stress"},
    )
    page = show_claims(build_collection(claims, vocabulary=terms))
    assert list(read_choices(page, "Condition")) == [
        "all",
        "back pain (2)",
        "low back pain (1)",
        "pain (2)",
        "stress (1)",
    ]
    assert find_shown(page, "Condition", 1, "pain (2)") == ["a", "b"]
    assert find_shown(page, "Condition", 1, "low back pain (1)") == ["a"]


def test_levels_are_offered_along_the_scale_and_kinds_where_known():
    claims = build_claims(
        {"claim_id": "a", "recommendation": "against"},
        {"claim_id": "b", "recommendation": "for", "source": "gp"},
        {"claim_id": "c", "recommendation": "conditional for"},
    )
    page = show_claims(build_collection(claims, kinds={"gp": "guideline", "spa": ""}))
    assert list(read_choices(page, "Answer")) == [
        "all",
        "yes (1)",
        "yes, if (1)",
        "no (1)",
    ]
    assert set(read_choices(page, "Kind of source")) == {"all", "guideline (1)", "not known (2)"}
    assert find_shown(page, "Kind of source", 5, "guideline (1)") == ["b"]
    assert find_shown(page, "Answer", 4, "no (1)") == ["a"]


def test_fields_are_hidden_until_a_script_shows_them():
    page = show_claims(build_collection(build_claims({}, {})))
    assert re.search(r'<div class="fields"[^>]* hidden>', page)


def test_one_claim_has_no_fields_and_what_never_differs_no_field():
    assert 'class="fields"' not in show_claims(build_collection(build_claims({})))
    page = show_claims(build_collection(build_claims({"source": "spa"}, {"source": "gp"})))
    assert "<label>Source <select" in page
    assert "<label hidden>Kind of source <select" in page


def test_no_claims_have_a_table_without_fields():
    page = show_claims(build_collection(build_claims({}).head(0)))
    assert "<select>" not in page
    assert page.count('<th scope="col">') == 7


def test_cells_are_escaped():
    evil = "<script>alert(1)</script>"
    claims = build_claims({}, **dict.fromkeys(("claim", "notes", "source", "condition"), evil))
    for show in (show_claims, show_sources):
        assert "<script" not in show(build_collection(claims))


def test_a_row_says_what_its_claim_stands_on():
    said = {"attribution": "a trial", "certainty": "low", "notes": "Said twice."}
    said |= {"cited_study": "page", "universal": "yes", "speaker": "a professor"}
    claims = build_claims({}, {"source": "page"}, **said)
    claims.loc[1, "cited_study"] = ""
    page = show_claims(build_collection(claims, kinds={"page": "page"}))
    for words in (
        "It says so of every case. In the words of a professor.",
        'Credits <q>a trial</q>: <a href="#source-page">page</a>, at second hand',
        "How certain the evidence is, in its own words: low",
    ):
        assert f'<p class="on">{words}</p>' in page
    assert "<summary>Note</summary>Said twice.</details>" in page


def test_of_many_claims_the_first_stand_open_and_the_others_in_a_fold():
    claims = build_claims(*({} for _ in range(60))).assign(claim_id=[str(n) for n in range(60)])
    shown, folded = show_claims(build_collection(claims)).split("Show the other 35 claims")
    assert (len(read_rows(shown)), len(read_rows(folded))) == (25, 35)
    assert "<details" not in show_claims(build_collection(claims.head(25)))


def test_a_row_knows_the_other_names_of_its_terms():
    terms = build_terms(("condition", "tumor"), ("condition", "growth"), ("condition", "cold"))
    terms["label"] = ["tumour", "", "common cold"]
    terms["same_as"] = ["growth", "", ""]
    claims = build_claims({"condition": "tumor"}, {"condition": "cold"})
    page = show_claims(build_collection(claims, vocabulary=terms))
    assert re.findall('data-w="([^"]*)"', page) == ["growth tumor", "cold"]


def test_the_claims_of_a_source_are_linked_by_their_number():
    claims = build_claims({"claim_id": "a"}, {"claim_id": "b c"}, {"claim_id": "d", "source": "x"})
    page = show_sources(build_collection(claims))
    assert '<a href="#claim-a" data-claims="a b%20c">2</a>' in page
    assert '<a href="#claim-d" data-claims="d">1</a>' in page


def test_a_source_that_claims_nothing_has_no_link():
    sources = pd.DataFrame({"source": ["spa", "silent"]})
    page = show_sources(build_collection(build_claims({}), sources=sources))
    assert (
        '<span id="source-silent">silent</span></th><td></td><td>silent<p class="on">no address'
        in page
    )
