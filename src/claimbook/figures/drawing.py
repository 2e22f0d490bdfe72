"""Words, boxes, rules and marks, with their places in points and how far they reach."""

from collections.abc import Callable, Iterable, Sequence
from math import cos, inf, radians, sin
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
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
from claimbook.figures.style import INK, RULE

_Point = tuple[float, float]


class Drawing:
    """
    What a page of a figure is made of: x to the right and y downwards, in points.

    Each part is measured as it is added, so that the drawing knows its own size; the artists are
    made when it is painted, on as many Axes as are wanted.

    Parameters
    ----------
    texts : iterable of str
        All that will be written, so that a font is found that has their letters.

    Attributes
    ----------
    left, top, right, bottom : float
        How far all of it reaches.

    Examples
    --------
    >>> drawing = Drawing(["for"])
    >>> drawing.box(0, 0, 72, 36, facecolor="red")
    >>> drawing.measure()
    (1.0, 0.5)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._font = find_font(texts, size=SIZE)
        self._parts: list[tuple[Callable[..., Artist], tuple[Any, ...], dict[str, Any]]] = []
        self.left, self.top, self.right, self.bottom = inf, inf, -inf, -inf

    def font(self, *, bold: bool = False, size: float = SIZE) -> FontProperties:
        """Give the font in which words are written."""
        font = embolden(self._font) if bold else self._font.copy()
        font.set_size(size)
        return font

    def wrap(self, text: str, width: float, **font: Any) -> str:
        """Break words into lines of at most this width."""
        return "\n".join(wrap_text(text, self.font(**font), width=width))

    def size(self, text: str, *, size: float = SIZE, bold: bool = False) -> _Point:
        """Measure the width and height of words broken into lines; nothing takes none."""
        lines, font = text.split("\n") if text else [], self.font(bold=bold, size=size)
        widest = max((measure_width(line, font) for line in lines), default=0.0)
        return widest, len(lines) * LINE * size

    def widest(self, texts: Iterable[str], **font: Any) -> float:
        """Measure the widest of some words; 0 where there are none."""
        return max((self.size(text, **font)[0] for text in texts), default=0.0)

    def reach(self, *points: Sequence[float]) -> None:
        """Hold these points too."""
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def _add(self, make: Callable[..., Artist], *args: Any, **look: Any) -> None:
        self._parts.append((make, args, look))

    def write(
        self, x: float, y: float, text: str, *, bold: bool = False, size: float = SIZE,
        centred: bool = False, **look: Any,
    ) -> None:  # fmt: skip
        """Write words as they stand, never as mathematics; centred around the place or not."""
        if not text:
            return
        look = ({"ha": "center", "va": "center_baseline"} if centred else {}) | look
        wide, high = self.size(text, bold=bold, size=size)
        across = {"center": -wide / 2, "right": -wide}.get(look.get("ha", ""), 0.0)
        ups = {"top": 0.0, "bottom": -high, "baseline": -0.8 * size}
        up = ups.get(look.get("va", "baseline"), -high / 2)
        angle = radians(look.get("rotation", 0))
        for right, down in ((0, 0), (wide, 0), (0, high), (wide, high)):
            right, down = right + across, down + up
            turned = right * cos(angle) + down * sin(angle), down * cos(angle) - right * sin(angle)
            self.reach((x + turned[0], y + turned[1]))
        usual = {"color": INK, "linespacing": LINE, "parse_math": False, "in_layout": False}
        font = {"fontproperties": self.font(bold=bold, size=size), "clip_on": False}
        self._add(Text, x, y, text, **usual | font | look)

    def box(self, left: float, top: float, right: float, bottom: float, **look: Any) -> None:
        """Draw a rectangle."""
        self.reach((left, top), (right, bottom))
        self._add(Rectangle, (left, top), right - left, bottom - top, **{"linewidth": 0} | look)

    def shape(self, points: Sequence[_Point], **look: Any) -> None:
        """Draw a polygon."""
        self.reach(*points)
        self._add(Polygon, points, **{"linewidth": 0, "clip_on": False} | look)

    def curve(self, points: Sequence[_Point], **look: Any) -> None:
        """Draw a curve from the first point to the last, bent towards the two between."""
        self.reach(*points)
        codes = [Path.MOVETO, *[Path.CURVE4] * 3]
        usual = {"fill": False, "capstyle": "butt", "clip_on": False}
        self._add(PathPatch, Path(points, codes), **usual | look)

    def rule(
        self, *lines: Sequence[_Point], color: str = RULE, width: float = 0.5, order: float = 0.5
    ) -> None:
        """Draw lines."""
        for line in lines:
            self.reach(*line)
        look = {"colors": color, "linewidths": width, "zorder": order, "clip_on": False}
        self._add(LineCollection, lines, **look)

    def mark(self, x: float, y: float, marker: str, *, size: float, face: str, **look: Any) -> None:
        """Draw a marker as matplotlib names it."""
        self.reach((x - size / 2, y - size / 2), (x + size / 2, y + size / 2))
        usual = {"linestyle": "none", "markeredgecolor": INK, "markersize": size, "clip_on": False}
        self._add(Line2D, [x], [y], marker=marker, markerfacecolor=face, **usual | look)

    def measure(self) -> _Point:
        """Give width and height, in inches."""
        return (self.right - self.left) * INCH, (self.bottom - self.top) * INCH

    def paint(self, ax: Axes, scale: float = 1.0) -> None:
        """Draw all on Axes, words and lines larger or smaller."""
        ax.spines[:].set_visible(False)
        ax.set(xticks=[], yticks=[])
        ax.set(xlim=(self.left, self.right), ylim=(self.bottom, self.top))
        for make, args, look in self._parts:
            _enlarge(ax.add_artist(make(*args, **look)), scale)


def _enlarge(artist: Any, scale: float) -> None:
    for name in ("fontsize", "linewidth", "markersize", "markeredgewidth"):
        if hasattr(artist, f"get_{name}"):
            size = np.asarray(getattr(artist, f"get_{name}")()) * scale
            getattr(artist, f"set_{name}")(size.tolist())
