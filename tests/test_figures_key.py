"""Keys and notes: entries flow into lines, none wider than the room."""

import pytest
from builders import build_claims, build_collection
from canvas import LONG, list_faults, list_scale, read_words
from matplotlib.figure import Figure

from claimbook import Vocabulary
from claimbook.figures.drawing import Drawing
from claimbook.figures.key import Entry, add_key, box_swatch, list_levels
from claimbook.figures.style import choose_palette

BOX = box_swatch(14, 9, facecolor="#222222")


def draw(*entries, width=300):
    """The Axes of a key, and how high it is."""
    drawing = Drawing([LONG])
    drawing.reach((0, 0))
    add_key(drawing, entries, width=width)
    wide, high = drawing.measure()
    ax = Figure(figsize=(wide + 0.1, high + 0.1), layout="constrained").subplots()
    drawing.paint(ax)
    return ax, drawing.bottom


def find_places(*entries, width=300):
    """Where the words of a key stand, by their first line."""
    ax, _ = draw(*entries, width=width)
    return {text.get_text(): text.get_position() for text in ax.texts}


def test_entries_stand_on_one_line_while_there_is_room():
    places = find_places(Entry("for"), Entry("against"))
    assert places["for"][0] < places["against"][0]
    assert places["for"][1] == places["against"][1]
    low, high = (draw(Entry("for"), Entry("against"), width=width)[1] for width in (300, 40))
    assert high > low


def test_an_entry_that_starts_a_line_stands_at_the_left():
    places = find_places(Entry("for"), Entry("note", starts=True))
    assert places["note"][0] == 0
    assert places["note"][1] > places["for"][1]


def test_what_follows_a_heading_is_indented_until_the_next_line_that_starts():
    entries = [Entry("kind", starts=True, hang=50), Entry("one"), Entry("m" * 10), Entry("two")]
    width = 55 + Drawing([]).size("m" * 10)[0]
    places = find_places(*entries, Entry("note", starts=True), width=width)
    assert [places[text][0] for text in ("one", "m" * 10, "two", "note")] == [50, 50, 50, 0]


def test_a_text_wider_than_a_line_is_broken_and_nothing_is_lost():
    ax, _ = draw(Entry(LONG, shapes=(BOX,)), Entry(LONG, lead="12"), width=120)
    assert list_faults(ax) == []
    words = " ".join(word for word in read_words(ax) if word != "12")
    assert words == f"{LONG} {LONG}"


def test_a_line_is_as_high_as_its_highest_swatch():
    (_, low), (_, high) = (
        draw(Entry("for", shapes=(box_swatch(14, size, facecolor="red"),))) for size in (9, 33)
    )
    assert high - low == pytest.approx(33 - 9)


def test_the_text_stands_after_swatch_and_lead():
    places = find_places(Entry("for", lead="12", shapes=(BOX,)))
    assert 14 < places["12"][0] < places["for"][0] - 10


def test_a_sign_stands_on_its_swatch_in_an_ink_that_is_read():
    ax, _ = draw(Entry("for", shapes=(BOX,), sign="+"))
    (sign,) = (text for text in ax.texts if text.get_text() == "+")
    assert sign.get_position()[0] == 7
    assert sign.get_color() == "#ffffff"


def test_a_marker_stands_before_its_text():
    ax, _ = draw(Entry("trial", marker="^"), Entry("open", marker="o", face="white"))
    first, second = ax.lines
    texts = {text.get_text(): text for text in ax.texts}
    assert (first.get_marker(), second.get_marker()) == ("^", "o")
    assert second.get_markerfacecolor() == "white"
    assert first.get_xdata()[0] < texts["trial"].get_position()[0] < second.get_xdata()[0]


def list_of(terms, **options):
    collection = build_collection(build_claims(), vocabulary=terms)
    return list_levels(collection.terms, choose_palette(collection), **options)


def test_levels_run_from_against_to_for_with_their_signs():
    entries = list_of(None)
    assert [entry.text for entry in entries] == list(Vocabulary().levels)[::-1]
    assert [entry.sign for entry in entries] == ["−−", "−", "?", "+", "++"]


def test_levels_off_the_scale_stand_last():
    entries = list_of(list_scale(good=1, unproven="", bad=-1))
    assert [entry.text for entry in entries] == ["bad", "good", "unproven"]


def test_a_cell_that_contradicts_itself_is_explained_where_there_is_one():
    assert list_of(None, divided=True)[-1].text == "contradicts itself"


def test_nothing_takes_no_room():
    drawing = Drawing([])
    drawing.box(0, 0, 10, 10, facecolor="red")
    add_key(drawing, [])
    assert drawing.bottom == 10
