"""Keys and notes: entries flow into lines, none wider than the room."""

import matplotlib.pyplot as plt
import pytest
from canvas import LONG, declare, list_faults, open_axes, read_words

from claimbook import Vocabulary
from claimbook.figures.key import Entry, box_swatch, draw_footing, lay_out, list_levels
from claimbook.figures.layout import find_font, measure_width
from claimbook.figures.style import choose_palette

FONT = find_font([], size=8)
BOX = box_swatch(14, 9, facecolor="#222222")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def draw(entries, *, width=300):
    footing = lay_out(entries, FONT, width=width)
    ax = open_axes((width / 72 + 0.2, footing.height / 72 + 0.2))
    ax.set_axis_off()
    ax.set(xlim=(0, width), ylim=(footing.height, 0))
    draw_footing(ax, footing, left=0, top=0)
    return ax


def test_entries_stand_on_one_line_while_there_is_room():
    footing = lay_out([Entry("for"), Entry("against")], FONT, width=300)
    (_, left, base), (_, right, other) = footing.entries
    assert left < right
    assert base == other
    assert lay_out([Entry("for"), Entry("against")], FONT, width=40).height > footing.height


def test_an_entry_that_starts_a_line_stands_at_the_left():
    footing = lay_out([Entry("for"), Entry("note", starts=True)], FONT, width=300)
    assert footing.entries[1][1] == 0
    assert footing.entries[1][2] > footing.entries[0][2]


def test_what_follows_a_heading_is_indented_until_the_next_line_that_starts():
    entries = [Entry("kind", starts=True, hang=50), Entry("one"), Entry("m" * 15), Entry("two")]
    footing = lay_out([*entries, Entry("note", starts=True)], FONT, width=160)
    assert [left for _, left, _ in footing.entries][1::2] == [50, 50]
    assert footing.entries[-1][1] == 0


def test_a_text_wider_than_a_line_is_broken_and_nothing_is_lost():
    ax = draw([Entry(LONG, shapes=(BOX,)), Entry(LONG, lead="12")], width=120)
    assert list_faults(ax) == []
    words = " ".join(word for word in read_words(ax) if word != "12")
    assert words == f"{LONG} {LONG}"


def test_a_line_is_as_high_as_its_highest_swatch():
    low = lay_out([Entry("for", shapes=(BOX,))], FONT, width=300)
    high = lay_out([Entry("for", shapes=(box_swatch(14, 33),))], FONT, width=300)
    assert high.height - low.height == pytest.approx(33 - 9)


def test_the_text_stands_after_swatch_and_lead():
    ax = draw([Entry("for", lead="12", shapes=(BOX,))])
    places = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert 14 < places["12"] < places["for"] - measure_width("12", FONT)


def test_a_sign_stands_on_its_swatch_in_an_ink_that_is_read():
    ax = draw([Entry("for", shapes=(BOX,), sign="+")])
    (sign,) = (text for text in ax.texts if text.get_text() == "+")
    assert sign.get_position()[0] == 7
    assert sign.get_color() == "#ffffff"


def test_a_marker_stands_before_its_text():
    ax = draw([Entry("trial", marker="^"), Entry("open", marker="o", open=True)])
    (first, second), texts = ax.lines, {text.get_text(): text for text in ax.texts}
    assert (first.get_marker(), second.get_marker()) == ("^", "o")
    assert second.get_markerfacecolor() == "white"
    assert first.get_xdata()[0] < texts["trial"].get_position()[0] < second.get_xdata()[0]


def list_of(terms, **options):
    return list_levels(terms, choose_palette(terms), **options)


def test_levels_run_from_against_to_for_with_their_signs():
    entries = list_of(Vocabulary())
    assert [entry.text for entry in entries] == list(Vocabulary().levels)[::-1]
    assert [entry.sign for entry in entries] == ["−−", "−", "?", "+", "++"]


def test_levels_off_the_scale_stand_last():
    entries = list_of(declare(good=1, unproven="", bad=-1))
    assert [entry.text for entry in entries] == ["bad", "good", "unproven"]


def test_a_cell_that_contradicts_itself_is_explained_where_there_is_one():
    assert list_of(Vocabulary(), divided=True)[-1].text == "contradicts itself"


def test_nothing_takes_no_room():
    assert lay_out([], FONT, width=300).height == 0
