import pytest
from builders import build_claims, build_collection

from claimbook.report.html import TEMPLATES, render
from claimbook.report.wording import count_noun, find_names


def mark(macro, *values):
    return getattr(TEMPLATES.get_template("marks.html.j2").module, macro)(*values)


def test_a_study_that_is_no_source_keeps_its_key_and_leads_nowhere():
    claims = build_claims({"source": "spa_1"}).assign(cited_study="trial_2")
    names = find_names(build_collection(claims))
    assert mark("source", names, "trial_2") == "trial_2"
    assert mark("source", names, "spa_1") == '<a href="#source-spa_1">spa_1</a>'


def test_a_number_opens_so_many_links_and_counts_the_rest():
    assert mark("opened", []) == "0"
    assert mark("opened", ["a", "b", "c"]).count("<a ") == 3
    many = mark("opened", [str(n) for n in range(1300)])
    assert (many.count("<a "), "1,300" in many, "and 1,100 more" in many) == (200, True, True)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x", ""])
def test_only_addresses_of_the_web_become_links(url):
    assert mark("link", url, "a < b") == "a &lt; b"
    assert "<a" in mark("link", "https://example.org/", "x")


def test_words_found_are_said_to_be_so_and_those_without_a_page_too():
    claims = build_claims({}).assign(quote="good … back")
    (claim,) = (names := find_names(build_collection(claims))).claims.values()
    assert "not looked up, no address" in mark("quote", names, claim)
    names.found.add("a")
    assert "found in the text, no address" in mark("quote", names, claim)


def test_a_card_says_of_a_credit_that_leads_nowhere_that_it_does():
    claims = build_claims({}, {}, {}, notes="No such paper is known.")
    claims["cited_study"] = ["", "trial", ""]
    claims["attribution"] = ["a journal", "a journal", ""]
    names = find_names(build_collection(claims, kinds={"trial": "trial"}))
    cards = [mark("card", names, claim) for claim in names.claims.values()]
    said = "<q>a journal</q>: no such study is known"
    assert [said in card for card in cards] == [True, False, False]
    assert not any("No such paper" in card for card in cards)


def test_a_card_where_no_page_holds_the_claim_has_no_link():
    names = find_names(build_collection(build_claims({"source": "<spa>"})))
    card = mark("card", names, names.claims["a"], False, "massage for <back> pain")
    assert "<a" not in card
    assert "&lt;spa&gt;" in card
    assert "on massage for &lt;back&gt; pain" in card


def test_every_text_is_escaped_and_a_section_shows_itself():
    section = render("title", names=None, title="<b>", answer=[], number=1, silent=0, voices={},
                     notice="", aside={}, most=1)  # fmt: skip
    assert "<h1>&lt;b&gt;</h1>" in section._repr_html_()
    assert repr(section).startswith("<Section of")


def test_small_numbers_are_words():
    assert count_noun(0, "claim") == "no claims"
    assert count_noun(1, "study", "studies") == "one study"
    assert count_noun(1200, "claim") == "1,200 claims"
