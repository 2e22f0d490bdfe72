"""What stands under a figure: swatches with what they mean, and notes, flowing like words."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.drawing import Drawing
from claimbook.figures.layout import LINE, SIZE, embolden, measure_width, wrap_text
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    Palette,
    choose_ink,
    choose_levels,
)

_GAP: Final = 4.0
_BETWEEN: Final = 12.0
_BASE: Final = 0.78
Shape = tuple[tuple[tuple[float, float], ...], dict[str, Any]]


class Entry(NamedTuple):
    """
    One thing that a key explains, or a note.

    Attributes
    ----------
    text : str
        What it says.
    lead : str
        What stands before it in bold.
    shapes : tuple of (corners, style)
        The swatch: polygons in points from its lower left corner upwards.
    sign : str
        Written on the swatch, in the middle of its first polygon.
    marker : str
        Of matplotlib, drawn as the swatch.
    open : bool
        Whether the marker is white.
    starts : bool
        Whether it starts a line.
    pale : bool
        Whether it is a note.
    bold : bool
        Whether all of it is.
    hang : float
        Where it starts a line, how far what follows is indented, in points.
    """

    text: str
    lead: str = ""
    shapes: tuple[Shape, ...] = ()
    sign: str = ""
    marker: str = ""
    open: bool = False
    starts: bool = False
    pale: bool = False
    bold: bool = False
    hang: float = 0.0


class Footing(NamedTuple):
    """
    Where the entries stand, in points from the upper left corner.

    Attributes
    ----------
    entries : list of (entry, left, base)
        `base` is where the swatch stands and the first line of text is written.
    lines : list of str
        Of each entry's text, broken into lines.
    height : float
        Of all.
    font : FontProperties
        Of the text.
    """

    entries: list[tuple[Entry, float, float]]
    lines: list[str]
    height: float
    font: FontProperties


def box_swatch(
    width: float, height: float, *, left: float = 0.0, low: float = 0.0, **style: Any
) -> Shape:
    """
    Make a rectangle for a swatch.

    Parameters
    ----------
    width, height, left, low : float
        Its size and its lower left corner, in points.
    **style
        As matplotlib's polygons take it.

    Returns
    -------
    shape : (corners, style)
        For `Entry`.

    Examples
    --------
    >>> box_swatch(10, 8)[0]
    ((0.0, 0.0), (10.0, 0.0), (10.0, 8.0), (0.0, 8.0))
    """
    right, high = left + width, low + height
    return ((left, low), (right, low), (right, high), (left, high)), {"linewidth": 0} | style


def list_levels(
    terms: Vocabulary, palette: Palette, *, divided: bool = False, size: float = SIZE
) -> list[Entry]:
    """
    List the entries of a key for the levels: colour, sign and label.

    Parameters
    ----------
    terms : Vocabulary
        Its levels and their scores.
    palette : Palette
        How they look.
    divided : bool
        Whether to explain a cell divided by its diagonal, too.
    size : float
        Of the words, in points.

    Returns
    -------
    entries : list of Entry
        From against to for, those off the scale last; of more than seven levels only the ends
        and the middle.

    Examples
    --------
    >>> from claimbook.figures.style import choose_palette
    >>> [entry.text for entry in list_levels(Vocabulary(), choose_palette(Vocabulary()))][-1]
    'for'
    """
    levels = choose_levels(terms)
    on = [level for level in levels if level in terms.scores][::-1]
    ordered = [*on, *(level for level in levels if level not in terms.scores)]
    bold = sign_font(size)
    width = max(1.8 * size, *(measure_width(palette.signs[level], bold) + 4 for level in levels))
    entries = [
        Entry(
            text=palette.labels[level],
            shapes=(box_swatch(width, 1.1 * size, facecolor=palette.colours[level]),),
            sign=palette.signs[level],
        )
        for level in ordered
    ]
    if divided:
        high, edge = 1.1 * size, {"edgecolor": INK, "linewidth": 0.8}
        ends = palette.colours[on[-1]], palette.colours[on[0]]
        corners = ((0.0, high), (width, high), (0.0, 0.0)), ((width, high), (width, 0), (0, 0))
        shapes = [
            (shape, {"facecolor": colour} | edge)
            for shape, colour in zip(corners, ends, strict=True)
        ]
        entries.append(Entry("contradicts itself", shapes=tuple(shapes)))
    return entries


def sign_font(size: float) -> FontProperties:
    """Give the font in which signs are written."""
    return FontProperties(size=size - 1, weight="bold")


def lay_out(entries: Iterable[Entry], font: FontProperties, *, width: float) -> Footing:
    """
    Let entries flow into lines.

    Parameters
    ----------
    entries : iterable of Entry
        In order.
    font : FontProperties
        Of the text.
    width : float
        Of a line, in points; an entry wider than a line is broken.

    Returns
    -------
    footing : Footing
        A line is as high as its highest swatch or text.

    Examples
    --------
    >>> from claimbook.figures.layout import find_font
    >>> footing = lay_out([Entry("for"), Entry("against")], find_font([], size=8), width=200)
    >>> [base for _, _, base in footing.entries][0] == footing.entries[1][2]
    True
    """
    placed: list[tuple[Entry, float, float]] = []
    texts: list[str] = []
    row: list[tuple[Entry, float]] = []
    right, hang, top = 0.0, 0.0, 0.0
    for entry in entries:
        before, inset = _measure_lead(entry, font), 0.0 if entry.starts else hang
        style = embolden(font) if entry.bold else font
        lines = wrap_text(entry.text, style, width=max(width - inset - before, font.get_size()))
        needed = before + max(measure_width(line, style) for line in lines)
        left = 0.0 if entry.starts else max(right, inset)
        if row and (entry.starts or left + needed > width):
            placed, top = _close_row(placed, row, texts, top, font)
            row, left = [], inset
        hang = entry.hang if entry.starts else hang
        row.append((entry, left))
        texts.append("\n".join(lines))
        right = left + needed + _BETWEEN
    placed, top = _close_row(placed, row, texts, top, font)
    return Footing(placed, texts, top, font)


def _measure_lead(entry: Entry, font: FontProperties) -> float:
    """Measure what stands before an entry's text: its swatch and the words in bold."""
    least = font.get_size() if entry.marker else -_GAP
    swatch = max((x for corners, _ in entry.shapes for x, _ in corners), default=least) + _GAP
    return swatch + (measure_width(entry.lead, embolden(font)) + _GAP if entry.lead else 0.0)


def _close_row(
    placed: list[tuple[Entry, float, float]],
    row: list[tuple[Entry, float]],
    texts: list[str],
    top: float,
    font: FontProperties,
) -> tuple[list[tuple[Entry, float, float]], float]:
    """Place the entries of a line, and give the top of the next."""
    if not row:
        return placed, top
    line = LINE * font.get_size()
    swatches = [y for entry, _ in row for corners, _ in entry.shapes for _, y in corners]
    base = top + max([line * _BASE, *swatches])
    most = max(text.count("\n") for text in texts[len(placed) :])
    placed = placed + [(entry, left, base) for entry, left in row]
    return placed, base + line * (1 - _BASE + most) + (3 if swatches else 1)


def draw_footing(ax: Axes, footing: Footing, *, left: float, top: float) -> None:
    """
    Draw a footing on Axes whose unit is a point, x to the right and y downwards.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    footing : Footing
        As `lay_out` returns it.
    left, top : float
        Its upper left corner.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from claimbook.figures.layout import find_font
    >>> ax = Figure().subplots()
    >>> footing = lay_out([Entry("for")], find_font([], size=8), width=200)
    >>> draw_footing(ax, footing, left=0, top=0)
    >>> [text.get_text() for text in ax.texts]
    ['for']
    """
    bold = embolden(footing.font)
    style: dict[str, Any] = {"parse_math": False, "va": "baseline", "in_layout": False}
    for (entry, x, base), text in zip(footing.entries, footing.lines, strict=True):
        low = top + base
        _draw_swatch(ax, entry, left + x, low, footing.font.get_size())
        start = left + x + _measure_lead(entry, footing.font)
        if entry.lead:
            before = start - measure_width(entry.lead, bold) - _GAP
            ax.text(before, low, entry.lead, fontproperties=bold, color=INK, **style)
        look: dict[str, Any] = {"fontproperties": bold if entry.bold else footing.font}
        look["color"] = PALE_INK if entry.pale else INK
        for place, line in enumerate(text.split("\n") if text else []):
            ax.text(start, low + place * LINE * footing.font.get_size(), line, **look, **style)


def _draw_swatch(ax: Axes, entry: Entry, left: float, low: float, size: float) -> None:
    for corners, look in entry.shapes:
        points = [(left + x, low - y) for x, y in corners]
        ax.add_patch(Polygon(points, clip_on=False, in_layout=False, **look))
    if entry.marker:
        face = "white" if entry.open else RULE
        ax.add_line(
            Line2D(
                [left + size / 2], [low - size / 2.6], linestyle="none", marker=entry.marker,
                markerfacecolor=face, markeredgecolor=INK, markersize=0.75 * size,
            )
        )  # fmt: skip
    if entry.sign:
        corners, look = entry.shapes[0]
        x, y = ((min(ends) + max(ends)) / 2 for ends in zip(*corners, strict=True))
        ax.text(
            left + x, low - y, entry.sign, fontproperties=sign_font(size), ha="center",
            va="center_baseline", color=choose_ink(look["facecolor"]), parse_math=False,
            in_layout=False,
        )  # fmt: skip


def add_key(
    drawing: Drawing, entries: Iterable[Entry], *, top: float = 0.0, width: float = 0.0
) -> None:
    """
    Add what a figure's colours, signs and markers mean, below all that it holds.

    Parameters
    ----------
    drawing : Drawing
        Of the figure.
    entries : iterable of Entry
        In order; they flow into lines, and one wider than a line is broken.
    top : float
        How far below.
    width : float
        Of a line, in points: as wide as the drawing is, and no less than this.

    Examples
    --------
    >>> drawing = Drawing(["for"])
    >>> drawing.box(0, 0, 100, 50)
    >>> add_key(drawing, [Entry("for")])
    >>> drawing.bottom > 50
    True
    """
    left, low = drawing.left, drawing.bottom + top
    width = max(drawing.right - left, width)
    row: list[tuple[Entry, float, str]] = []
    right, hang = 0.0, 0.0
    for entry in entries:
        before, inset = _measure_lead(entry, drawing.font()), 0.0 if entry.starts else hang
        text = drawing.wrap(entry.text, max(width - inset - before, SIZE), bold=entry.bold)
        needed = before + drawing.size(text, bold=entry.bold)[0]
        start = 0.0 if entry.starts else max(right, inset)
        if row and (entry.starts or start + needed > width):
            low = _add_row(drawing, row, left, low)
            row, start = [], inset
        hang = entry.hang if entry.starts else hang
        row.append((entry, start, text))
        right = start + needed + _BETWEEN
    if row:
        _add_row(drawing, row, left, low)


def _add_row(
    drawing: Drawing, row: list[tuple[Entry, float, str]], left: float, top: float
) -> float:
    """Add the entries of a line, which is as high as its highest, and give the top of the next."""
    swatches = [y for entry, _, _ in row for corners, _ in entry.shapes for _, y in corners]
    low, line = top + max([LINE * SIZE * _BASE, *swatches]), LINE * SIZE
    for entry, start, text in row:
        x = left + start
        for corners, look in entry.shapes:
            drawing.shape([(x + right, low - up) for right, up in corners], **look)
        if entry.marker:
            face = "white" if entry.open else RULE
            drawing.mark(x + SIZE / 2, low - SIZE / 2.6, entry.marker, size=6, face=face)
        if entry.sign:
            corners, look = entry.shapes[0]
            middle, up = ((min(ends) + max(ends)) / 2 for ends in zip(*corners, strict=True))
            drawing.write(
                x + middle, low - up, entry.sign, bold=True, size=SIZE - 1, ha="center",
                va="center_baseline", color=choose_ink(look["facecolor"]),
            )  # fmt: skip
        start = x + _measure_lead(entry, drawing.font())
        lead = drawing.size(entry.lead, bold=True)[0]
        drawing.write(start - lead - _GAP, low, entry.lead, bold=True)
        ink = PALE_INK if entry.pale else INK
        for place, words in enumerate(text.split("\n")):
            drawing.write(start, low + place * line, words, bold=entry.bold, color=ink)
    bottom = low + line * (1 - _BASE + max(text.count("\n") for _, _, text in row))
    drawing.reach((left, bottom))
    return bottom + (3 if swatches else 1)
