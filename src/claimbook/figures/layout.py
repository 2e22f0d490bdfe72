"""How much room words take, and how they are broken and stacked: one layout for all figures."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final, Self

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.textpath import text_to_path

SIZE: Final = 9.0  # of words, in points
SMALL: Final = 8.25  # of the smallest: 11 pixels of a page, and 7 points in print at 174 mm
WIDTH: Final = 8.0  # of a figure at most, in inches
ROOM: Final = 568.0  # of it for what is drawn, in points
INCH: Final = 1 / 72  # of a point
LINE: Final = 1.25  # from line to line, in sizes of the words
MARGIN: Final = 0.1  # of a figure that it takes for itself, in inches
_LARGE: Final = 100.0  # points at which letters are measured
_HINTING: Final = 1.07  # the most that a screen adds, which rounds the width of each letter
_LAST_RESORT: Final = "Last Resort High-Efficiency"
_UNSPACED: Final = "\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_PIECES: Final = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+|\s+")


def find_font(texts: Iterable[str], *, size: float) -> FontProperties:
    """
    Find a font that has every letter of some texts.

    Parameters
    ----------
    texts : iterable of str
        What is to be drawn.
    size : float
        In points.

    Returns
    -------
    font : FontProperties
        The reader's own; where it lacks letters, others after it that have them, sans-serif ones
        first; where none has, one last that draws a box.

    Examples
    --------
    >>> find_font(["back pain"], size=8).get_family()
    ['sans-serif']
    """
    font = FontProperties(size=size)
    missing = frozenset("".join(texts)) - _find_letters(findfont(font)) - frozenset("\n")
    if missing:
        font.set_family([*font.get_family(), *_cover(missing)])
    return font


@lru_cache(maxsize=512)
def _find_letters(path: str) -> frozenset[str]:
    return frozenset(map(chr, get_font(path).get_charmap()))


@lru_cache(maxsize=64)
def _cover(letters: frozenset[str]) -> tuple[str, ...]:
    """Name installed fonts that have the letters, as few as one pass finds."""
    plain = {
        font.name: font.fname
        for font in sorted(fontManager.ttflist, key=lambda font: "Sans" not in font.name)
        if font.style == "normal" and font.weight == 400 and font.name != _LAST_RESORT
    }
    names = []
    for name, path in plain.items():
        if found := letters & _find_letters(path):
            names.append(name)
            letters -= found
        if not letters:
            return tuple(names)
    return (*names, _LAST_RESORT)


def embolden(font: FontProperties) -> FontProperties:
    """
    Make a bold copy of a font.

    Parameters
    ----------
    font : FontProperties
        Is left as it is.

    Returns
    -------
    bold : FontProperties
        Same family and size; not bold where that would leave letters without a box.

    Examples
    --------
    >>> embolden(find_font(["pain"], size=8)).get_weight()
    'bold'
    """
    bold = font.copy()
    if _LAST_RESORT not in font.get_family():
        bold.set_weight("bold")
    return bold


def measure_width(text: str, font: FontProperties) -> float:
    """
    Measure the width of one line of text.

    Parameters
    ----------
    text : str
        Taken as it stands: a dollar is a dollar.
    font : FontProperties
        Family, weight and size.

    Returns
    -------
    width : float
        In points, with what hinting may add on a screen; letters stand side by side.

    Examples
    --------
    >>> font = find_font(["pain"], size=8)
    >>> measure_width("back pain", font) > measure_width("pain", font) > 0
    True
    """
    letters = _Letters.of(tuple(font.get_family()), font.get_weight())
    return sum(map(letters.__getitem__, text)) * font.get_size_in_points() * _HINTING


class _Letters(dict[str, float]):
    """How wide each letter of a font is, in sizes; measured when first asked for."""

    def __init__(self, family: tuple[str, ...], weight: Any) -> None:
        self._font = FontProperties(family=list(family), weight=weight, size=_LARGE)

    @classmethod
    @cache
    def of(cls, family: tuple[str, ...], weight: Any) -> Self:
        return cls(family, weight)

    def __missing__(self, letter: str) -> float:
        wide = text_to_path.get_text_width_height_descent(letter, self._font, False)[0]
        self[letter] = float(wide) / _LARGE
        return self[letter]


def wrap_text(text: str, font: FontProperties, *, width: float) -> list[str]:
    """
    Break text into lines.

    Parameters
    ----------
    text : str
        White space of any kind and length counts as one blank.
    font : FontProperties
        Family, weight and size.
    width : float
        Of a line, in points.

    Returns
    -------
    lines : list of str
        Broken between words, or between letters where a script has no blanks or a word is wider
        than a line. At least one line, if an empty one.

    Examples
    --------
    >>> wrap_text("massage for back pain", find_font([], size=8), width=60)
    ['massage for', 'back pain']
    """
    lines, used = [""], 0.0
    for piece in _split_pieces(" ".join(text.split()), font, width):
        room = measure_width(piece, font)
        if used + room > width and lines[-1] and not piece.isspace():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            used = 0.0
        lines[-1] += piece
        used += room
    return [*lines[:-1], lines[-1].rstrip()]


def cut_page(number: int, *, most: int, page: int) -> tuple[int, int, str]:
    """
    Cut rows into pages.

    Parameters
    ----------
    number : int
        Of rows.
    most : int
        Rows on a page.
    page : int
        From 1.

    Returns
    -------
    first, last : int
        The rows of the page, as of a slice.
    note : str
        Which they are; empty where one page holds all.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> cut_page(5, most=2, page=3)
    (4, 5, 'Page 3 of 3: rows 5 to 5 of 5.')
    """
    pages = count_pages(number, most=most)
    if not 1 <= page <= pages:
        raise ValueError(f"no page {page} with at most {most} rows: there are {pages} pages")
    first, last = (page - 1) * most, min(page * most, number)
    note = f"Page {page} of {pages}: rows {first + 1} to {last} of {number}."
    return first, last, note if pages > 1 else ""


def count_pages(number: int, *, most: int) -> int:
    """Count the pages that so many rows take, at most so many on a page."""
    if most < 1:
        raise ValueError(f"most is {most}, expected 1 or more")
    return max(-(-number // most), 1)


def _split_pieces(text: str, font: FontProperties, width: float) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if measure_width(piece, font) <= width:
            yield piece
        else:
            yield from piece


def find_room(ax: Axes) -> tuple[float, float]:
    """
    Find how wide and high the Axes can be with all that is written beside it.

    Parameters
    ----------
    ax : Axes
        On a figure with a layout engine it will fill its share; else it stays as it is.

    Returns
    -------
    width, height : float
        In inches.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(6, 4), layout="constrained")
    >>> [round(side, 2) for side in find_room(figure.subplots())]
    [5.9, 3.9]
    """
    place, root = ax.get_subplotspec(), ax.get_figure(root=True)
    inch = root.dpi if root else 72.0
    if place is None or root is None or root.get_layout_engine() is None:
        own = ax.get_window_extent()
        return float(own.width / inch), float(own.height / inch)
    grid, box = place.get_gridspec(), ax.figure.bbox
    wide, high = len(place.colspan) / grid.ncols, len(place.rowspan) / grid.nrows
    return float(box.width / inch * wide) - MARGIN, float(box.height / inch * high) - MARGIN


def list_some(names: Sequence[str], *, most: int) -> str:
    """List the first of some names, and say by dots that there are more."""
    return "; ".join(names[:most]) + "; …" * (len(names) > most)


def end_sentence(sentence: str) -> str:
    """End a sentence that has no end."""
    return sentence if not sentence or sentence[-1] in ".?!…" else f"{sentence}."
