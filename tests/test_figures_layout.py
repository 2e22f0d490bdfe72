"""How much room words take, however they are written."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from canvas import LONG
from matplotlib.figure import Figure

from claimbook.figures.layout import (
    break_text,
    enlarge,
    find_font,
    find_room,
    measure_text,
    measure_width,
    wrap_text,
    write,
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


def test_text_is_as_wide_as_its_widest_line_and_as_high_as_its_lines():
    text = break_text("massage for back pain", FONT, width=60)
    wide, high = measure_text(text, FONT)
    assert wide == measure_width("massage for", FONT)
    assert high == 2 * 10


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


def test_all_that_is_new_is_enlarged_and_nothing_else():
    ax = Figure().subplots()
    old = write(ax, 0, 0, "old")
    before = set(ax.findobj())
    new = write(ax, 0, 0, "new")
    (line,) = ax.plot([0, 1], [0, 1], linewidth=1, marker="o", markersize=4)
    enlarge(ax, 1.5, before)
    assert (old.get_fontsize(), new.get_fontsize()) == (8, 12)
    assert (line.get_linewidth(), line.get_markersize()) == (1.5, 6)
    assert np.isclose(ax.xaxis.labelpad, 1.5 * 4)
