"""How much room words take, however they are written."""

import matplotlib.pyplot as plt
import pytest
from canvas import LONG
from matplotlib.figure import Figure

from claimbook.figures.layout import (
    find_font,
    find_room,
    measure_width,
    wrap_text,
)

FONT = find_font([], size=8)


def test_lines_are_no_wider_than_asked():
    lines = wrap_text(LONG, FONT, width=100)
    assert " ".join(lines) == LONG
    assert all(measure_width(line, FONT) <= 100 for line in lines)


def test_a_word_wider_than_a_line_is_broken():
    lines = wrap_text("m" * 80, FONT, width=100)
    assert "".join(lines) == "m" * 80
    assert all(measure_width(line, FONT) <= 101 for line in lines)


def test_scripts_without_blanks_are_broken():
    text = "按摩对背痛有效果吗" * 4
    font = find_font([text], size=8)
    lines = wrap_text(text, font, width=100)
    assert len(lines) > 1
    assert "".join(lines) == text


def test_white_space_is_one_blank_and_nothing_is_one_empty_line():
    assert wrap_text(" a\n\tb ", FONT, width=100) == ["a b"]
    assert wrap_text(" \n", FONT, width=100) == [""]


def test_a_dollar_is_a_dollar():
    assert measure_width("$x$", FONT) > measure_width("x", FONT)


@pytest.mark.parametrize("dpi", [72, 100, 300])
def test_words_are_no_wider_when_drawn_than_measured(dpi):
    figure = plt.figure(dpi=dpi)
    text = figure.text(0, 0, LONG, fontproperties=FONT)
    figure.canvas.draw()
    assert text.get_window_extent().width * 72 / dpi <= measure_width(LONG, FONT) * 1.03
    plt.close(figure)


def test_the_room_of_axes_is_their_share_of_the_figure():
    axes = Figure(figsize=(8, 4), layout="constrained").subplots(2, 2)
    assert find_room(axes[0, 0]) == pytest.approx((3.9, 1.9))
    (ax,) = (Figure(figsize=(8, 4)).add_axes((0, 0, 0.5, 0.25)),)
    assert find_room(ax) == pytest.approx((4, 1))
