"""What a figure is drawn on: it knows how far all on it reaches, and draws it at any size."""

import pytest
from canvas import LONG, list_faults
from matplotlib.figure import Figure

from claimbook.figures.drawing import Drawing
from claimbook.figures.layout import LINE, SIZE


def paint(drawing, scale=1.0):
    wide, high = (side * scale + 0.1 for side in drawing.measure())
    ax = Figure(figsize=(wide, high), layout="constrained").subplots()
    drawing.paint(ax, scale)
    return ax


def test_it_reaches_as_far_as_its_parts():
    drawing = Drawing([])
    drawing.box(10, 20, 40, 30, facecolor="red")
    drawing.rule([(0, 25), (50, 25)])
    drawing.shape([(10, 5), (20, 5), (20, 60)], facecolor="red")
    drawing.mark(60, 20, "o", size=8, face="white")
    assert (drawing.left, drawing.top, drawing.right, drawing.bottom) == (0, 5, 64, 60)


@pytest.mark.parametrize("rotation", [0, 60])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("va", ["top", "center", "baseline", "bottom"])
def test_it_has_room_for_its_words_however_they_stand(ha, va, rotation):
    drawing = Drawing([LONG])
    look = {"rotation": rotation, "ha": ha, "va": va}
    drawing.write(0, 0, drawing.wrap(LONG, 100) if va != "baseline" else LONG, **look)
    assert list_faults(paint(drawing)) == []


def test_words_are_as_wide_as_their_widest_line_and_as_high_as_their_lines():
    drawing = Drawing([])
    wide, high = drawing.size(drawing.wrap("massage for back pain", 60))
    assert wide == drawing.size("massage for")[0]
    assert high == 2 * LINE * SIZE
    assert drawing.size("") == (0, 0)
    assert drawing.size("pain", bold=True)[0] > drawing.size("pain")[0]
    assert drawing.widest([]) == 0


def test_it_is_painted_at_any_size_as_often_as_is_wanted():
    drawing = Drawing([])
    drawing.write(0, 0, "pain", size=8)
    drawing.mark(5, 0, "o", size=6, face="white")
    drawing.box(0, 0, 30, 10, facecolor="red", linewidth=1)
    drawing.rule([(0, 0), (10, 0)], width=2)
    for scale in (1, 1.5, 1):
        ax = paint(drawing, scale)
        assert ax.texts[0].get_fontsize() == 8 * scale
        assert ax.lines[0].get_markersize() == 6 * scale
        assert ax.patches[0].get_linewidth() == scale
        assert ax.collections[0].get_linewidth() == [2 * scale]


def test_user_text_is_never_mathematics():
    drawing = Drawing(["$x$"])
    drawing.write(0, 0, "$x$")
    assert not paint(drawing).texts[0].get_parse_math()
