"""Quotes are found as the contract says, and what nearly matches never passes."""

import math
import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from claimbook.collection.problems import ClaimsError
from claimbook.collection.quotes import (
    find_quote,
    make_text_fragment,
    normalise_text,
    split_quote,
    verify_quotes,
)

TEXT = """Massage for your back
Massage therapy can help against tension and ease many kinds of pain.
Ask your doctor first.

It may not help where a nerve is the cause of pain."""


def verify(quote: object, text: str = TEXT) -> pd.Series:
    claims = pd.DataFrame({"claim_id": ["c1"], "source": ["spa"], "quote": [quote]})
    return verify_quotes(claims, {"spa": text}).loc[0]


# Splitting


@pytest.mark.parametrize(
    "quote",
    [
        "a b … c d",
        "a b ... c d",
        "a b…c d",
        "a b...c d",
        " a b\u00a0…\u2009c d\n",
        "\u200ba b … c d\ufeff",
        "a b .\u200b.. c d",
    ],
)
def test_a_quote_is_split_around_its_ellipsis(quote):
    assert split_quote(quote) == ("a b", "c d")


def test_the_first_of_four_dots_is_a_full_stop():
    assert split_quote("It helps.... For a day.") == ("It helps.", "For a day.")
    assert split_quote("It helps.… For a day.") == ("It helps.", "For a day.")


def test_a_quote_without_ellipsis_has_no_end():
    assert split_quote("It helps. Or so.. they say") == ("It helps. Or so.. they say",)


@pytest.mark.parametrize("gap", ["…", "...", "[…]", "[...]", "(…)", "(...)", "[ … ]"])
def test_an_ellipsis_may_stand_in_brackets_and_more_than_once(gap):
    assert split_quote(f"a b {gap} c {gap} d") == ("a b", "c", "d")


def test_all_parts_must_stand_in_one_paragraph_in_order():
    assert find_quote("Massage … can help … pain.", TEXT) == [2]
    assert find_quote("can help … Massage … pain.", TEXT) == []


@pytest.mark.parametrize(
    "quote", ["… b", "a …", "…", "...", "", "\u200b … b", "a...\u00ad", "a … … b", "a …... b"]
)
def test_an_empty_side_is_refused_with_a_remedy(quote):
    with pytest.raises(ValueError, match="no words on one side of an ellipsis: add words or drop"):
        split_quote(quote)


# Normal form


@pytest.mark.parametrize("character", "'‘’‚‛′‵`´‹›ʼ＇")
def test_single_quotation_marks_and_apostrophes_are_equal(character):
    assert normalise_text(f"the body{character}s") == "the body's"


@pytest.mark.parametrize("character", '"“”„‟″‶«»〝〞〟＂')
def test_double_quotation_marks_are_equal(character):
    assert normalise_text(f"so {character}deep") == 'so "deep'


@pytest.mark.parametrize(
    "character", "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
)
def test_dashes_are_equal(character):
    assert normalise_text(f"pain{character}free") == "pain-free"


@pytest.mark.parametrize(
    "white",
    [
        *" \t\n\r\u00a0\u1680\u2003\u2009\u202f\u3000\u2028\u2029\u0085\x0b",
        "  ",
        "\r\n",
        " \u200b ",
    ],
)
def test_white_space_of_any_kind_is_one_space(white):
    assert normalise_text(f"{white}deep{white}tissue{white}") == "deep tissue"


@pytest.mark.parametrize(
    "invisible", "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff"
)
def test_invisible_characters_vanish(invisible):
    assert normalise_text(f"mas{invisible}sage") == "massage"


def test_an_invisible_character_does_not_keep_a_letter_from_its_accent():
    assert normalise_text("cafe\u200b\u0301") == "café"


@pytest.mark.parametrize(
    ("ligature", "letters"),
    [("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("ﬅ", "st"), ("ﬆ", "st")],
)
def test_ligatures_equal_their_letters(ligature, letters):
    assert normalise_text(ligature) == letters


def test_an_ellipsis_in_the_text_equals_three_dots():
    assert normalise_text("wait…") == "wait..."


@pytest.mark.parametrize("text", ["10 m²", "½", "№ 5", "æ œ", "Å", "Massage!", "x_y", "™", "µg"])
def test_nothing_else_is_made_equal(text):
    assert normalise_text(text) == text


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text):
    assert normalise_text(normalise_text(text)) == normalise_text(text)


@given(st.text())
def test_composition_makes_no_difference(text):
    for form in ("NFC", "NFD"):
        assert normalise_text(unicodedata.normalize(form, text)) == normalise_text(text)


# Finding


def test_start_and_end_are_found_in_one_line():
    assert find_quote("Massage therapy can … of pain.", TEXT) == [2]


def test_a_quote_without_ellipsis_is_one_string():
    assert find_quote("help against tension and ease", TEXT) == [2]
    assert find_quote("help against tension ease", TEXT) == []


def test_every_paragraph_is_told_and_each_once():
    text = "pain and pain and pain\n\nno pain\nnone\npain"
    assert find_quote("pain", text) == [1, 3, 5]


def test_the_end_must_follow_the_start():
    assert find_quote("of pain. … Massage therapy", TEXT) == []


def test_start_and_end_must_not_overlap():
    assert find_quote("deep tissue massage … massage helps", "deep tissue massage helps") == []
    assert find_quote("massage … massage", "massage") == []
    assert find_quote("massage … massage", "massage massage") == [1]


def test_a_later_end_is_found_where_the_first_stands_before_the_start():
    assert find_quote("it … helps", "helps it helps") == [1]


@pytest.mark.parametrize("quote", ["massage therapy … pain.", "Massage therapy … pain", "PAIN"])
def test_case_stands_as_it_is_and_an_end_may_leave_out_the_full_stop(quote):
    assert find_quote(quote, TEXT) == ([2] if quote.startswith("Massage") else [])


@pytest.mark.parametrize("quote", ["massage helps", "massage, helps!", "massage; helps."])
def test_punctuation_stands_as_it_is(quote):
    assert find_quote(quote, "massage, helps.") == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("pain", "painful"),
        ("pain", "backpain"),
        ("pain", "pain_free"),
        ("pain", "pain2"),
        ("don", "don't"),
        ("t", "don’t"),
        ("'t", "don't"),
        ("patient'", "patient's"),
        ("3", "3.5"),
        ("5", "3.5"),
        ("3.", "3.5"),
        ("1", "1,000"),
        ("cafe", "cafe\u0301"),
        ("caf", "café"),
        ("x", "x\u030c"),
        ("न", "नि"),
        ("Schmerz", "Schmerzen"),
    ],
)
def test_no_match_begins_or_ends_inside_a_word(words, text):
    assert find_quote(words, text) == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("pain", "pain-free"),
        ("free", "pain–free"),
        ("pain", "pain.Massage"),
        ("pain", "“pain”"),
        ("pain", "'pain'"),
        ("patients", "the patients' pain"),
        ("pain", "pain/stress"),
        ("2017", "in 2017, 3 of them"),
        ("2017", "in 2017."),
        ("(or", "massage(or rest)"),
        ("-free", "pain-free"),
        ("腰痛", "慢性腰痛に効く"),
        ("rest", "reste rest"),
    ],
)
def test_a_match_begins_and_ends_where_a_word_does(words, text):
    assert find_quote(words, text) == [1]


def test_both_sides_must_be_whole_words():
    assert find_quote("help … pain", "helps with pain") == []
    assert find_quote("help … pain", "help in painful times") == []
    assert find_quote("help … pain", "helps, may help; painful pain") == [1]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(newline):
    assert find_quote("It may … pain.", TEXT.replace("\n", newline)) == [5]


@pytest.mark.parametrize("white", ["\x0b", "\x0c", "\u0085", "\u2028", "\x1c"])
def test_no_other_character_ends_a_line(white):
    assert find_quote("deep tissue", f"\ndeep{white}tissue\n") == [2]


def test_sides_in_two_paragraphs_are_not_found():
    assert find_quote("Ask your … of pain.", TEXT) == []


def test_a_run_of_lines_is_a_paragraph_where_no_line_holds_the_quote():
    text = "Relax\n\nNot this.\nMassage may\nease your\npain.\n \t\nMassage"
    assert find_quote("Massage may … pain.", text) == [4]
    assert find_quote("Massage may ease your pain.", text) == [4]
    assert find_quote("pain. … Massage", text) == []


def test_a_line_that_holds_the_quote_keeps_runs_out():
    assert find_quote("it … helps", "it\nhelps\n\nit never helps") == [4]


def test_two_runs_that_hold_the_quote_are_two_paragraphs():
    assert find_quote("it helps", "it\nhelps, it\nhelps\n\n\nit\nhelps") == [1, 6]


@pytest.mark.parametrize("blank", ["", " ", "\t\u00a0", "\u3000", "\u200b"])
def test_a_line_of_white_space_is_blank(blank):
    assert find_quote("it helps", f"it\n{blank}\nhelps") == []


def test_a_hyphen_at_the_end_of_a_line_may_divide_a_word_or_be_its_own():
    text = "Good for in-\nflammation and pain-\nfree days - at\nleast"
    for quote in ("for inflammation and", "pain-free days", "days - at least", "in-flammation"):
        assert find_quote(quote, text) == [{"for": 1, "in-": 1, "pai": 2, "day": 3}[quote[:3]]]
    assert find_quote("painful", text) == []


def test_an_ellipsis_of_the_text_may_stand_between_the_sides():
    assert find_quote("Wait… it helps", "Wait… it helps") == [1]
    assert find_quote("Wait … helps", "Wait… it helps") == [1]


@pytest.mark.parametrize("text", ["", "\n\n", " "])
def test_an_empty_text_holds_nothing(text):
    assert find_quote("pain", text) == []


def test_a_malformed_quote_is_not_sought():
    with pytest.raises(ValueError, match="no words on one side"):
        find_quote("a … … c", TEXT)


WORDS = st.text(st.sampled_from("abzäñé'’-–“”.,ﬁ…²7腰ч"), min_size=1, max_size=6).filter(
    lambda word: not re.search(r"…|\.\.", normalise_text(word))
)
LINES = st.lists(WORDS, min_size=1, max_size=12)
TEXTS = st.lists(st.one_of(st.just([]), LINES), min_size=1, max_size=8).filter(any)


@st.composite
def cut_quotes(draw):
    """Draw a text, the number of a line, and a quote cut from this line."""
    text = draw(TEXTS)
    number = draw(st.sampled_from([i for i, line in enumerate(text) if line]))
    words = text[number]
    begin = draw(st.integers(0, len(words) - 1))
    stop = draw(st.integers(begin + 1, len(words)))
    quote = " ".join(words[begin:stop])
    if stop < len(words) and draw(st.booleans()):
        end = draw(st.integers(stop, len(words) - 1))
        quote += " … " + " ".join(words[end : draw(st.integers(end + 1, len(words)))])
    return "\n".join(map(" ".join, text)), number + 1, quote


@given(cut_quotes(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_quote_cut_from_a_line_is_found_there(cut, newline):
    text, number, quote = cut
    assert number in find_quote(quote, text.replace("\n", newline))


CHANGES = [
    lambda text: text.replace(" ", "\u00a0 \u2009"),
    lambda text: text.replace(" ", "\u3000\u200b\t"),
    lambda text: text.replace("–", "\u2212").replace("-", "\u2011"),
    lambda text: text.replace("’", "'").replace("“", '"').replace("”", "„"),
    lambda text: re.sub(r"(?<=\w)(?=\w)", "\u00ad", text),
    lambda text: text.replace("ﬁ", "fi"),
    lambda text: text.replace("…", "..."),
    lambda text: unicodedata.normalize("NFC", text),
    lambda text: unicodedata.normalize("NFD", text),
]


@given(cut_quotes(), st.sampled_from(CHANGES))
def test_what_is_equal_makes_no_difference(cut, change):
    text, _, quote = cut
    lines = find_quote(quote, text)
    assert find_quote(change(quote), text) == lines
    assert find_quote(quote, change(text)) == lines


# Verifying


def test_a_quote_in_one_paragraph_is_found_with_its_line():
    row = verify("Massage therapy can … of pain.")
    assert row.to_dict() == {
        "claim_id": "c1",
        "source": "spa",
        "status": "found",
        "line": "2",
        "hint": "",
        "similarity": 1.0,
    }


def test_a_quote_in_two_paragraphs_is_ambiguous_with_both_lines():
    row = verify("of pain.")
    assert row[["status", "line", "hint", "similarity"]].tolist() == ["ambiguous", "2;5", "", 1.0]


def test_a_quote_twice_in_one_paragraph_is_found():
    assert verify("pain", "pain, and pain")["status"] == "found"


@pytest.mark.parametrize("quote", ["", "  ", "\u200b\u00a0", None, math.nan, pd.NA])
@pytest.mark.parametrize("texts", [{}, {"spa": TEXT}])
def test_no_quote_wins_over_no_text(quote, texts):
    claims = pd.DataFrame({"claim_id": ["c1"], "source": ["spa"], "quote": [quote]})
    row = verify_quotes(claims, texts).loc[0]
    assert row[["status", "line", "hint"]].tolist() == ["no quote", "", ""]
    assert math.isnan(row["similarity"])


@pytest.mark.parametrize("source", ["clinic", "", None, math.nan])
@pytest.mark.parametrize("quote", ["of pain.", "a … … c"])
def test_a_source_without_text_is_told(source, quote):
    claims = pd.DataFrame({"claim_id": ["c1"], "source": [source], "quote": [quote]})
    row = verify_quotes(claims, {"spa": TEXT}).loc[0]
    assert row[["status", "line", "hint"]].tolist() == ["no text", "", ""]
    assert math.isnan(row["similarity"])


@pytest.mark.parametrize(
    ("quote", "fault"),
    [("Massage … … pain.", "no words on one side"), ("… pain.", "no words on one side")],
)
def test_the_hint_says_what_is_malformed(quote, fault):
    row = verify(quote)
    assert row[["status", "line"]].tolist() == ["not found", ""]
    assert fault in row["hint"]
    assert math.isnan(row["similarity"])


@pytest.mark.parametrize(
    ("quote", "hint"),
    [
        ("Massage terapy can help … of pain.", "Massage therapy can help … of pain."),
        ("massage therapy can … of pain.", "Massage therapy can … of pain."),
        ("MASSAGE THERAPY CAN … OF PAIN.", "Massage therapy can … of pain."),
        ("Massage therapy can … of pain!", "Massage therapy can … of pain."),
        ("Massage can help … kinds of pain.", "Massage therapy can help … kinds of pain."),
        ("It really may not help … of pain.", "It may not help … of pain."),
        (
            "Massage therapy can … quite unlike the text",
            "Massage therapy can",
        ),
        ("quite unlike … where a nerve", "where a nerve"),
        ("where a nerv is", "where a nerve is"),
        ("tensions", "tension"),
        ("xain", "pain."),
    ],
)
def test_the_hint_shows_the_nearest_words_of_the_text(quote, hint):
    row = verify(quote)
    assert row[["status", "line", "hint"]].tolist() == ["not found", "", hint]
    assert 0 < row["similarity"] < 1


def test_similarity_is_the_ratio_of_the_normal_forms_of_quote_and_hint():
    row = verify("massage terapy can … of “pain”")
    forms = 'massage terapy can ... of "pain"', "Massage therapy can ... of pain."
    assert row["hint"] == "Massage therapy can … of pain."
    assert row["similarity"] == round(fuzz.ratio(*forms) / 100, 3)


def test_the_hint_shows_at_most_six_words_on_either_side():
    words = [f"w{i}" for i in range(40)]
    text = " ".join(words)
    for quote in (" ".join(words[2:30]) + "x", " ".join(words[2:12]) + "x … " + text[-30:]):
        start, end = verify(quote, text)["hint"].split(" … ")
        assert start == "w2 w3 w4 w5 w6 w7"
        assert len(end.split()) == 6


def test_the_hint_keeps_the_characters_of_the_text_but_for_the_invisible_ones():
    assert verify("the bodys own", "It is the bo\u00addy’s own")["hint"] == "the body’s own"


def test_the_hint_may_run_over_the_lines_of_a_paragraph():
    text = "Relax.\n\nMassage\ntherapy can\nhelp your\npain.\n\nRelax."
    assert verify("Massage terapy … your pain.", text)["hint"] == "Massage therapy … your pain."


def test_the_hint_does_not_leave_the_paragraph():
    assert verify("it may … of rest", "it may help.\n\nlots of rest")["hint"] != "it may … of rest"


def test_a_hint_fits_where_no_paragraph_has_room_for_both_sides():
    row = verify("Massage pain … pain relief", "Massage pain.")
    assert row["hint"] == "Massage pain."
    assert row["similarity"] < 1


def test_no_hint_is_shown_where_nothing_comes_near():
    for text in (TEXT, "", "\n"):
        row = verify("zzz … qqq", text)
        assert row[["status", "hint", "similarity"]].tolist() == ["not found", "", 0.0]


def test_a_hint_that_differs_by_one_letter_in_thousands_is_not_similar_by_1():
    words = [f"word{i}" for i in range(3000)]
    row = verify(" ".join(words[:-1]) + " Word2999", " ".join(words))
    assert row["status"] == "not found"
    assert 0.9 < row["similarity"] < 1


@given(cut_quotes(), st.data())
def test_a_changed_case_or_word_is_not_found_and_has_a_hint(cut, data):
    text, _, quote = cut
    words = quote.split()
    if data.draw(st.booleans()):
        changed = quote.swapcase()
    else:
        words[data.draw(st.integers(0, len(words) - 1))] = "QWERTY"
        changed = " ".join(words) if "…" in words or "…" not in quote else "QWERTY … QWERTY"
    if find_quote(changed, text):  # a quote of digits has no case
        return
    row = verify(changed, text)
    assert row[["status", "line"]].tolist() == ["not found", ""]
    assert 0 <= row["similarity"] < 1
    assert row["hint"] or row["similarity"] == 0


@given(cut_quotes(), TEXTS)
def test_a_hint_is_made_of_words_of_the_text(cut, lines):
    text = "\n".join(map(" ".join, lines))
    row = verify(cut[2], text)
    if row["status"] == "not found":
        assert set(row["hint"].split()) <= {*text.split(), "…"}
        sides = row["hint"].split(" … ")
        assert len(sides) <= 3
        assert all(len(side.split()) <= 6 for side in sides)


def test_rows_come_back_in_the_order_of_the_claims_with_their_columns():
    claims = pd.DataFrame(
        {
            "quote": ["pain", "x … … z", None, "zzz", "a nerve"],
            "notes": "",
            "source": ["spa", "spa", "spa", "clinic", "spa"],
            "claim_id": ["c5", "c3", "c1", "c2", "c2"],
        },
        index=[7, 7, 1, 0, 3],
    )
    before = claims.copy()
    verified = verify_quotes(claims, {"spa": TEXT})
    assert list(verified) == ["claim_id", "source", "status", "line", "hint", "similarity"]
    assert verified.index.tolist() == [0, 1, 2, 3, 4]
    assert verified["claim_id"].tolist() == ["c5", "c3", "c1", "c2", "c2"]
    assert verified["status"].tolist() == ["ambiguous", "not found", "no quote", "no text", "found"]
    pd.testing.assert_frame_equal(claims, before)


def test_no_claims_give_an_empty_table_with_the_same_columns():
    claims = pd.DataFrame({"claim_id": [], "source": [], "quote": []}, dtype="str")
    verified = verify_quotes(claims, {})
    assert list(verified) == ["claim_id", "source", "status", "line", "hint", "similarity"]
    assert len(verified) == 0
    assert verified["similarity"].dtype == float
    assert verified["line"].dtype == "str"


def test_a_lacking_column_is_named():
    with pytest.raises(ClaimsError, match="the column is missing"):
        verify_quotes(pd.DataFrame({"claim_id": ["c1"]}), {})


def test_verify_and_find_agree_on_every_source():
    texts = {"spa": TEXT, "clinic": TEXT.replace("\n", "\r\n\r\n")}
    claims = pd.DataFrame({"claim_id": ["c1", "c2"], "source": ["spa", "clinic"]})
    verified = verify_quotes(claims.assign(quote="of pain."), texts)
    assert verified["line"].tolist() == ["2;5", "3;9"]
    assert find_quote("of pain.", texts["clinic"]) == [3, 9]


# Text fragments


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Massage helps … of pain.", "#:~:text=Massage%20helps,of%20pain."),
        ("Massage helps", "#:~:text=Massage%20helps"),
        ("pain-free, now ... rest & care", "#:~:text=pain%2Dfree%2C%20now,rest%20%26%20care"),
        ("a  b\u00a0c\n… d", "#:~:text=a%20b%20c,d"),
        ("body’s", "#:~:text=body%E2%80%99s"),
        ("a/b?c#d=50%", "#:~:text=a%2Fb%3Fc%23d%3D50%25"),
        ("mas\u00adsage", "#:~:text=massage"),
    ],
)  # fmt: skip
def test_a_fragment_is_encoded_so_that_browsers_take_it(quote, fragment):
    assert make_text_fragment(quote) == fragment


@pytest.mark.parametrize("quote", ["", " ", "a … … c", "… b", "a …", "\u200b"])
def test_an_empty_or_malformed_quote_has_no_fragment(quote):
    assert make_text_fragment(quote) == ""


@given(st.text())
def test_a_fragment_holds_no_character_that_ends_or_splits_it(quote):
    terms = make_text_fragment(quote).removeprefix("#:~:text=")
    assert re.fullmatch(r"[\w.~%]*(,[\w.~%]+)?", terms, re.ASCII)


@pytest.mark.parametrize("texts", [None, ["a text"], "texts"])
def test_texts_that_are_no_mapping_are_told(texts):
    claims = pd.DataFrame({"claim_id": ["a"], "source": ["spa"], "quote": ["x … y"]})
    with pytest.raises(TypeError, match="texts: expected a dict of texts by source"):
        verify_quotes(claims, texts)
