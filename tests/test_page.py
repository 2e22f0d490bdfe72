import re

from claimbook.report.page import hash_part, name_headings


def test_no_two_sections_and_no_claim_share_an_address():
    page = name_headings('<p id="one"></p><h2>One</h2><h2>One!</h2><h2>¿?</h2>')
    assert [key for key, _ in page["sections"]] == ["one-2", "one-3", "section"]


def test_a_heading_keeps_the_id_it_has_and_gets_a_link_that_says_where_it_leads():
    page = name_headings('<h2 class="x" id="mine">Mine &amp; yours</h2>')
    assert page["sections"] == [("mine", "Mine & yours")]
    assert page["main"].startswith('<h2 class="x" id="mine">Mine &amp; yours <a class="here"')
    assert 'href="#mine" aria-label="Link to: Mine &amp; yours"' in page["main"]


def test_headings_below_the_sections_have_an_address_and_no_place_in_the_contents():
    page = name_headings("<h2>One</h2><h3>Two</h3><h4>Three</h4>")
    assert page["sections"] == [("one", "One")]
    assert re.findall(r'<h(\d) id="(\w+)"', page["main"]) == [("2", "one"), ("3", "two")]


def test_names_in_the_contents_are_plain():
    page = name_headings("<h2>A &lt;b&gt; <em>and</em>\nmore</h2>")
    assert page["sections"] == [("a-b-and-more", "A <b> and more")]


def test_words_of_any_script_make_an_address():
    assert name_headings("<h2>腰痛 أ</h2>")["sections"][0][0] == "腰痛-أ"


def test_a_script_is_allowed_by_its_letters_to_the_last():
    assert hash_part("a\n") != hash_part("a")
