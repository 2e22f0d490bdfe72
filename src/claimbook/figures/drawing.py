"""Words, boxes, rules and marks, with their places in points and how far they reach."""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import cos, inf, radians, sin
from typing import Any, Final, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from claimbook.figures.layout import (
    INCH,
    LINE,
    SIZE,
    embolden,
    find_font,
    measure_width,
    wrap_text,
)
from claimbook.figures.style import INK, RULE, link_claim

_ROW: Final = 7.0  # of a row, beside its words, in points
_Point = tuple[float, float]


class Part(NamedTuple):
    """
    A word, a box, a polygon, some lines or a mark.

    Attributes
    ----------
    kind : {"text", "box", "shape", "rule", "mark"}
    places : tuple
        Points; of rules a tuple of points for each line.
    look : dict
        As matplotlib's artists take it.
    text : str
        What is written; of a mark its marker.
    order : float
        What is higher covers what is lower.
    ids : tuple of str
        The claims that it stands for.
    gid, said : str
        Its name, and what a link is called.
    """

    kind: str
    places: tuple[Any, ...]
    look: dict[str, Any]
    text: str = ""
    order: float = 1.0
    ids: tuple[str, ...] = ()
    gid: str = ""
    said: str = ""


class Drawing:
    """
    What a page of a figure is made of: x to the right and y downwards, in points.

    Each part is measured as it is added, so that the drawing knows its own size; `paint` makes
    artists of them, on as many Axes as are wanted.

    Parameters
    ----------
    texts : iterable of str
        All that will be written, so that a font is found that has their letters.

    Attributes
    ----------
    parts : list of Part
        In the order in which they were added.
    left, top, right, bottom : float
        How far all of it reaches.
    smallest : float
        The size of its smallest words.
    short : dict
        Its keys are the words that `wrap` has cut short, in full.

    Examples
    --------
    >>> drawing = Drawing(["for"])
    >>> drawing.box(0, 0, 72, 36, facecolor="red")
    >>> drawing.measure()
    (1.0, 0.5)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._plain = find_font(texts, size=SIZE)
        self._bold = embolden(self._plain)
        self.parts: list[Part] = []
        self.short: dict[str, None] = {}
        self.smallest = inf
        self.left, self.top, self.right, self.bottom = inf, inf, -inf, -inf

    def font(self, *, bold: bool = False) -> FontProperties:
        """Give the font in which words are written."""
        return self._bold if bold else self._plain

    def wrap(
        self, text: str, width: float, *, bold: bool = False, size: float = SIZE, most: int = 0
    ) -> str:
        """Break words into lines of at most this width; what is beyond `most` lines is cut off."""
        lines = wrap_text(text, self.font(bold=bold), width=width * SIZE / size)
        if most and len(lines) > most:
            self.short[text] = None
            kept = " ".join(lines[most - 1 :])
            while len(wrap_text(f"{kept}…", self.font(bold=bold), width=width * SIZE / size)) > 1:
                kept = kept[: -max(len(kept) // 8, 1)].rstrip()
            lines = [*lines[: most - 1], f"{kept}…"]
        return "\n".join(lines)

    def size(self, text: str, *, size: float = SIZE, bold: bool = False) -> _Point:
        """Measure the width and height of words broken into lines; nothing takes none."""
        lines, font = text.split("\n") if text else [], self.font(bold=bold)
        widest = max((measure_width(line, font) for line in lines), default=0.0)
        return widest * size / SIZE, len(lines) * LINE * size

    def widest(self, texts: Iterable[str], **font: Any) -> float:
        """Measure the widest of some words; 0 where there are none."""
        return max((self.size(text, **font)[0] for text in texts), default=0.0)

    def reach(self, *points: Sequence[float]) -> None:
        """Hold these points too."""
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def _add(
        self, kind: str, places: Iterable[Any], look: dict[str, Any], *, text: str = "",
        order: float = 1.0, ids: Iterable[str] = (), gid: str = "", said: str = "",
    ) -> None:  # fmt: skip
        part = Part(kind, tuple(places), look, text, order, tuple(ids), gid, said)
        self.parts.append(part)

    def write(
        self, x: float, y: float, text: str, *, bold: bool = False, size: float = SIZE,
        color: str = INK, ha: str = "left", va: str = "baseline", rotation: float = 0.0,
        **part: Any,
    ) -> None:  # fmt: skip
        """Write words as they stand, never as mathematics; `va` may be ``middle`` of a line."""
        if not text:
            return
        wide, high = self.size(text, bold=bold, size=size)
        across = {"center": -wide / 2, "right": -wide}.get(ha, 0.0)
        up = {"top": 0.0, "bottom": -high, "baseline": -0.8 * size}.get(va, -high / 2)
        angle = radians(rotation)
        for right, down in ((0, 0), (wide, 0), (0, high), (wide, high)):
            right, down = right + across, down + up
            turned = right * cos(angle) + down * sin(angle), down * cos(angle) - right * sin(angle)
            self.reach((x + turned[0], y + turned[1]))
        self.smallest = min(self.smallest, size)
        look = {"color": color, "size": size, "bold": bold, "ha": ha, "va": va}
        self._add("text", [(x, y)], look | {"rotation": rotation}, text=text, **part)

    def box(
        self, left: float, top: float, right: float, bottom: float, *, facecolor: Any,
        edgecolor: Any = "none", linewidth: float = 0.0, **part: Any,
    ) -> None:  # fmt: skip
        """Draw a rectangle."""
        self.reach((left, top), (right, bottom))
        look = {"facecolor": facecolor, "edgecolor": edgecolor, "linewidth": linewidth}
        self._add("box", [(left, top), (right, bottom)], look, **part)

    def shape(
        self, points: Iterable[_Point], *, facecolor: Any, edgecolor: Any = "none",
        linewidth: float = 0.0, **part: Any,
    ) -> None:  # fmt: skip
        """Draw a polygon."""
        places = list(points)
        self.reach(*places)
        look = {"facecolor": facecolor, "edgecolor": edgecolor, "linewidth": linewidth}
        self._add("shape", places, look, **part)

    def rule(
        self, *lines: Sequence[_Point], color: str = RULE, width: float = 0.5, order: float = 0.5
    ) -> None:
        """Draw lines."""
        self.reach(*chain(*lines))
        look = {"colors": color, "linewidths": width}
        self._add("rule", map(tuple, lines), look, order=order)

    def rows(
        self, labels: Sequence[str], *, left: float, right: float, top: float = 0.0,
        needs: Sequence[float] = (),
    ) -> list[_Point]:  # fmt: skip
        """Write labels one under the other, a rule below each; give top and bottom of each row."""
        ends = []
        for place, label in enumerate(labels):
            bottom = top + max(self.size(label)[1] + _ROW, needs[place] if needs else 0.0)
            self.write(left, (top + bottom) / 2, label, va="middle")
            ends.append((top, bottom))
            top = bottom
        self.rule(*([(left, bottom), (right, bottom)] for _, bottom in ends))
        return ends

    def mark(self, x: float, y: float, marker: str, *, size: float, face: str, **part: Any) -> None:
        """Draw a marker as matplotlib names it."""
        self.reach((x - size / 2, y - size / 2), (x + size / 2, y + size / 2))
        self._add("mark", [(x, y)], {"size": size, "face": face}, text=marker, **part)

    def measure(self) -> _Point:
        """Give width and height, in inches."""
        if not self.parts:
            return 0.0, 0.0
        return (self.right - self.left) * INCH, (self.bottom - self.top) * INCH

    def paint(self, ax: Axes, scale: float = 1.0) -> None:
        """Draw all on Axes, words and lines larger or smaller."""
        ax.spines[:].set_visible(False)
        ax.set(xticks=[], yticks=[])
        ax.set(xlim=(self.left, self.right), ylim=(self.bottom, self.top))
        for part in sorted(self.parts, key=lambda part: part.order):
            artist = ax.add_artist(self._make(part, scale))
            artist.set(zorder=part.order, gid=part.gid or None)
            artist.set_clip_on(False)
            if part.ids:
                artist.set_url(link_claim(part.ids[0]))

    def _make(self, part: Part, scale: float) -> Artist:
        look = dict(part.look)
        for name in ("linewidth", "linewidths", "size"):
            if name in look:
                look[name] *= scale
        if part.kind == "text":
            font = self.font(bold=look.pop("bold")).copy()
            font.set_size(look.pop("size"))
            if look["va"] == "middle":
                look["va"] = "center" if "\n" in part.text else "center_baseline"
            ((x, y),) = part.places
            return Text(
                x, y, part.text, fontproperties=font, linespacing=LINE,
                parse_math=False, in_layout=False, rotation_mode="anchor", **look,
            )  # fmt: skip
        if part.kind == "box":
            (left, top), (right, bottom) = part.places
            return Rectangle((left, top), right - left, bottom - top, **look)
        if part.kind == "shape":
            return Polygon(part.places, joinstyle="round", **look)
        if part.kind == "rule":
            return LineCollection(part.places, **look)
        return Line2D(
            *zip(*part.places, strict=True), linestyle="none", marker=part.text,
            markeredgecolor=INK, markerfacecolor=look["face"], markersize=look["size"],
            markeredgewidth=1.1 * scale,
        )  # fmt: skip
