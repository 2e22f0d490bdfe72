from claimbook.report.page import CELL_END, divide_page, hash_part


def divide(*cells):
    return divide_page("".join(cell + CELL_END for cell in cells))


def test_what_stands_before_the_first_section_is_the_head():
    page = divide("<h1>Massage</h1>", "<p>size</p>", "<h2>One</h2>", "<p>text</p>")
    assert page["head"] == "<h1>Massage</h1><p>size</p>"
    assert page["main"] == '<h2 id="one">One</h2><p>text</p>'


def test_a_page_without_title_or_without_sections_is_all_main():
    for cells in (["<p>a</p>", "<h2>One</h2>"], ["<h1>Title</h1>", "<p>a</p>"], []):
        page = divide(*cells)
        assert page["head"] == ""
        assert page["main"].startswith("".join(cells)[:5])


def test_no_two_sections_and_no_claim_share_an_address():
    page = divide('<p id="one"></p>', "<h2>One</h2><h2>One!</h2>", "<h2>¿?</h2>")
    assert [key for key, _ in page["sections"]] == ["one-2", "one-3", "section"]


def test_a_heading_keeps_the_id_it_has():
    page = divide('<h2 class="x" id="mine">Mine</h2>')
    assert page["sections"] == [("mine", "Mine")]
    assert page["main"] == '<h2 class="x" id="mine">Mine</h2>'


def test_names_in_the_contents_are_plain():
    page = divide("<h2>A &lt;b&gt; <em>and</em>\nmore</h2>")
    assert page["sections"] == [("a-b-and-more", "A <b> and more")]


def test_words_of_any_script_make_an_address():
    assert divide("<h2>腰痛 أ</h2>")["sections"][0][0] == "腰痛-أ"


def test_a_script_is_allowed_by_its_letters_to_the_last():
    assert hash_part("a\n") != hash_part("a")
