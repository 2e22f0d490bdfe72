"""What stands under a figure: swatches with what they mean, and notes, flowing like words."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.drawing import Drawing
from claimbook.figures.layout import LINE, ROOM, SIZE, SMALL
from claimbook.figures.style import (
    EDGE,
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
    sign, ink : str
        Written on the swatch, in the middle of its first polygon, and its colour.
    marker : str
        Of matplotlib, drawn as the swatch.
    face : color
        Of the marker.
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
    ink: str = ""
    marker: str = ""
    face: str = RULE
    starts: bool = False
    pale: bool = False
    bold: bool = False
    hang: float = 0.0


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


def list_levels(terms: Vocabulary, palette: Palette, *, divided: bool = False) -> list[Entry]:
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

    Returns
    -------
    entries : list of Entry
        From against to for, those off the scale last; of more than seven levels only the ends
        and the middle.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> from claimbook.figures.style import choose_palette
    >>> data = read_collection("data")
    >>> [entry.text for entry in list_levels(data.terms, choose_palette(data))][-1]
    'for'
    """
    levels = choose_levels(terms)
    on = [level for level in levels if level in terms.scores][::-1]
    ordered = [*on, *(level for level in levels if level not in terms.scores)]
    signs = {level: palette.signs[level] for level in levels}
    wide = Drawing(signs.values()).widest(signs.values(), bold=True, size=SMALL) + 4
    width, high = max(1.8 * SIZE, wide), 1.1 * SIZE
    entries = [
        Entry(
            text=palette.labels[level],
            shapes=(box_swatch(width, high, facecolor=palette.colours[level]),),
            sign=signs[level],
        )
        for level in ordered
    ]
    if divided:
        ends = palette.colours[on[-1]], palette.colours[on[0]]
        corners = ((0.0, high), (width, high), (0.0, 0.0)), ((width, high), (width, 0), (0, 0))
        shapes = [
            (shape, {"facecolor": colour} | EDGE)
            for shape, colour in zip(corners, ends, strict=True)
        ]
        entries.append(Entry("contradicts itself", shapes=tuple(shapes)))
    return entries


def _measure_lead(drawing: Drawing, entry: Entry) -> float:
    """Measure what stands before an entry's text: its swatch and the words in bold."""
    least = SIZE if entry.marker else -_GAP
    swatch = max((x for corners, _ in entry.shapes for x, _ in corners), default=least) + _GAP
    return swatch + (drawing.size(entry.lead, bold=True)[0] + _GAP if entry.lead else 0.0)


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
    >>> drawing.box(0, 0, 100, 50, facecolor="red")
    >>> add_key(drawing, [Entry("for")])
    >>> drawing.bottom > 50
    True
    """
    if not drawing.parts:
        drawing.reach((0, 0))
    left, low = drawing.left, drawing.bottom + top
    width = min(max(drawing.right - left, width), ROOM)
    row: list[tuple[Entry, float, str]] = []
    right, hang = 0.0, 0.0
    for entry in entries:
        before, inset = _measure_lead(drawing, entry), 0.0 if entry.starts else hang
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
            drawing.mark(x + SIZE / 2, low - SIZE / 2.6, entry.marker, size=6.5, face=entry.face)
        if entry.sign:
            corners, look = entry.shapes[0]
            middle, up = ((min(ends) + max(ends)) / 2 for ends in zip(*corners, strict=True))
            drawing.write(
                x + middle, low - up, entry.sign, bold=True, size=SMALL, ha="center", va="middle",
                color=entry.ink or choose_ink(look["facecolor"]),
            )  # fmt: skip
        start = x + _measure_lead(drawing, entry)
        lead = drawing.size(entry.lead, bold=True)[0]
        drawing.write(start - lead - _GAP, low, entry.lead, bold=True)
        ink = PALE_INK if entry.pale else INK
        for place, words in enumerate(text.split("\n")):
            drawing.write(start, low + place * line, words, bold=entry.bold, color=ink)
    bottom = low + line * (1 - _BASE + max(text.count("\n") for _, _, text in row))
    drawing.reach((left, bottom))
    return bottom + (3 if swatches else 1)
