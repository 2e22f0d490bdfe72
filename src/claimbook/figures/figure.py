"""A figure as an object: its numbers, its words, its pages, drawn at the size it needs."""

import os
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from inspect import signature
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any, ClassVar, Final
from warnings import warn

import matplotlib.figure as mpl
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes

from claimbook.collection.collection import Collection
from claimbook.collection.door import admit
from claimbook.collection.problems import suggest
from claimbook.figures.drawing import Drawing
from claimbook.figures.layout import INCH, LINE, MARGIN, SIZE, find_font, find_room, wrap_text
from claimbook.figures.style import PALE_INK, Palette, choose_palette
from claimbook.measures import order_sources

_UNITS: Final = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1.0, "pt": 1 / 72}
_TITLE: Final = 1.4 * SIZE  # the size of a title
_NARROWEST: Final = 6.5  # inches for which a figure is laid out; for less it is drawn smaller
_LEAST: Final = 0.05  # no figure is drawn smaller, whatever its room
_LEGIBLE: Final = 6.0  # points: words smaller than this are told when a figure is saved
_LEAST_OF_ITS_OWN: Final = 0.9  # size: if it is less, that is told
NAMES: Final = (
    "matrix",
    "question",
    "levels",
    "harvest",
    "map",
    "pairs",
    "citations",
    "robustness",
)


class Figure:
    """
    One figure of a collection.

    What it holds is worked out once, when first asked for. A figure of ours says what its numbers
    are (`table`), draws them for a given width (`lay_out`) and says them in words (`describe`). It
    does so in words of the usual size; for another all is drawn larger or smaller.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    title : str, optional
        Written over it.
    palette : str or mapping, optional
        The colour of each level, or the name of a diverging colour map of matplotlib.
    fontsize : float, optional
        Of its words, in points; 8 where it is not given.
    figsize : (width, height), optional
        In inches; as much as it needs where it is not given.

    Attributes
    ----------
    collection : Collection
    table : DataFrame
        The numbers it shows.
    pages : int
        How many pages it has.
    alt : str
        What it shows, for those who do not see it.
    axes : list of Axes
        Each of its pages, drawn.

    Examples
    --------
    >>> from claimbook import figure, read_collection
    >>> levels = figure(read_collection("data"), "levels")
    >>> levels.pages, levels.table.columns.tolist()[:2]
    (1, ['for', 'conditional for'])
    """

    name: ClassVar[str]
    nothing: ClassVar[str] = "No claim to show"

    def __init__(
        self,
        collection: Collection,
        *,
        title: str | None = None,
        palette: str | Mapping[str, str] | None = None,
        fontsize: float | None = None,
        figsize: tuple[float, float] | None = None,
        **unknown: Any,
    ) -> None:
        for option in unknown:
            own = [*signature(type(self).__init__).parameters][2:-1]
            known = dict.fromkeys([*own, "title", "palette", "fontsize", "figsize"])
            raise TypeError(f"{self.name} takes no option {option!r}: {suggest(option, known)}")
        if fontsize is not None and not (isinstance(fontsize, int | float) and fontsize > 0):
            raise TypeError(f"fontsize is {fontsize!r}: expected a number of points above 0")
        self.collection = admit(collection)
        self.terms = self.collection.terms
        self.title = title
        self.palette: Palette = choose_palette(self.terms, palette)
        self.figsize = figsize
        self.scale = (fontsize or SIZE) / SIZE
        self._layouts: dict[tuple[int, float | None], Drawing] = {}
        self.prepare()

    def prepare(self) -> None:
        """Check the options of its own."""

    @cached_property
    def table(self) -> pd.DataFrame:
        """Give the numbers that the figure shows."""
        raise NotImplementedError

    @property
    def pages(self) -> int:
        """Count its pages."""
        return 1

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw a page, for a width in inches or as wide as it needs."""
        raise NotImplementedError

    def describe(self, page: int) -> str:
        """Say in words what a page shows."""
        raise NotImplementedError

    def name_terms(self, facets: Iterable[str], terms: Iterable[str]) -> list[str]:
        """Name terms by their labels, those that are gathered whole left out."""
        named = zip(facets, terms, strict=True)
        return [self.terms.describe(facet, term)[0] for facet, term in named if term]

    def order_shown(self, *shown: Iterable[str]) -> pd.DataFrame:
        """Put the sources that are shown in order, as `order_sources` gives them."""
        ordered = order_sources(self.collection)
        return ordered[ordered["source"].isin({*chain(*shown)})].reset_index(drop=True)

    @property
    def alt(self) -> str:
        """What it shows, for those who do not see it."""
        return self.describe(1)

    def size(self, page: int = 1, *, width: float | None = None) -> tuple[float, float]:
        """Give width and height of a page, in inches; in `width` all is drawn smaller to fit."""
        if self.figsize and width is None:
            return self.figsize
        layout, scale = self._fit(page, width and width - MARGIN)
        wide, high = (side * scale + MARGIN for side in layout.measure())
        return width or _round_up(wide), _round_up(high + self._wrap_title(layout)[1] * scale)

    def _fit(
        self, page: int, wide: float | None, high: float | None = None
    ) -> tuple[Drawing, float]:
        """Lay a page out for so much room, or for what it needs if it can be drawn larger so."""
        fits = []
        for width in dict.fromkeys((wide and max(wide, _NARROWEST * self.scale), None)):
            layout = self._lay_out(page, width)
            needed = [side * self.scale for side in layout.measure()]
            title = self._wrap_title(layout)[1] * self.scale
            given = wide or needed[0], max(high - title, 0.1) if high else needed[1]
            room = [one / other for one, other in zip(given, needed, strict=True)]
            fits.append((layout, self.scale * max(min(1.0, *room), _LEAST)))
        return max(fits, key=lambda fit: fit[1])

    def _wrap_title(self, layout: Drawing) -> tuple[str, float]:
        """Break the title into lines as wide as what it stands over, and find how high they are."""
        if not self.title:
            return "", 0.0
        font = find_font([self.title], size=_TITLE)
        lines = wrap_text(self.title, font, width=layout.measure()[0] / INCH)
        return "\n".join(lines), (len(lines) * LINE * _TITLE + SIZE) * INCH

    def _lay_out(self, page: int, width: float | None) -> Drawing:
        """Lay a page out, once for each width; where there is nothing on it, say so."""
        key = page, None if width is None else round(width / self.scale, 3)
        if key not in self._layouts:
            nothing = Drawing([self.nothing])
            nothing.write(0, 0, self.nothing, color=PALE_INK)
            self._layouts[key] = self.lay_out(*key) if len(self.table) else nothing
        return self._layouts[key]

    def draw(self, page: int = 1, *, width: float | None = None) -> mpl.Figure:
        """
        Draw a page as a figure of its own.

        Parameters
        ----------
        page : int
            From 1.
        width : float, optional
            In inches; as much as it needs where it is not given.

        Returns
        -------
        drawing : matplotlib.figure.Figure
            Made without pyplot: nothing needs to be closed.

        Raises
        ------
        ValueError
            If there is no such page.
        """
        if not 1 <= page <= self.pages:
            raise ValueError(f"no page {page} of {self.name}: there are {self.pages}")
        size = self.size(page, width=width)
        room = [side - MARGIN for side in size] if width or self.figsize else (None, None)
        layout, scale = self._fit(page, *room)
        drawing = mpl.Figure(figsize=size, layout="constrained")
        if width:  # what takes less stands at the left, no larger than it is
            share = (layout.measure()[0] * scale + MARGIN) / width
            drawing.set_layout_engine("constrained", rect=(0, 0, min(share, 1), 1))
        self._paint(drawing.subplots(), layout, scale)
        return drawing

    def plot(self, ax: Axes | None = None) -> Axes:
        """
        Draw the first page, by itself or on Axes of the caller's.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a figure of the right size is made where it is not given.

        Returns
        -------
        ax : Axes

        Warns
        -----
        UserWarning
            Where the Axes are smaller than what is drawn on them.
        """
        if ax is None:
            from matplotlib import pyplot as plt

            ax = plt.figure(figsize=self.size(), layout="constrained").subplots()
            wide, high = find_room(ax) if self.figsize else (None, None)
        else:
            wide, high = find_room(ax)
        layout, scale = self._fit(1, wide, high)
        self._paint(ax, layout, scale)
        if (drawn := SIZE * scale) < _LEAST_OF_ITS_OWN * SIZE * self.scale:
            layout, scale = self._fit(1, None)
            needed = [side * scale + MARGIN for side in layout.measure()]
            needed[1] += self._wrap_title(layout)[1] * scale
            warn(
                f"{self.name} is drawn in words of {drawn:.1f} points, since it has but "
                f"{wide:.1f} by {high:.1f} inches: leave out ax and figsize, or take a figure of "
                f"about {needed[0] + 0.05:.1f} by {needed[1] + 0.05:.1f} inches with "
                "layout='constrained'",
                UserWarning,
                stacklevel=3,
            )
        return ax

    def _paint(self, ax: Axes, layout: Drawing, scale: float) -> None:
        layout.paint(ax, scale)
        if self.title:
            font = find_font([self.title], size=_TITLE * scale)
            style: dict[str, Any] = {"loc": "left", "linespacing": LINE, "parse_math": False}
            ax.set_title(self._wrap_title(layout)[0], fontproperties=font, **style)

    @cached_property
    def axes(self) -> list[Axes]:
        """Each of its pages, drawn."""
        return [self.draw(page).axes[0] for page in range(1, self.pages + 1)]

    def save(self, path: str | os.PathLike[str], *, width: str = "", page: int = 1) -> None:
        """
        Save a page as SVG, PDF or PNG.

        Parameters
        ----------
        path : path
            Its ending tells the format.
        width : str
            Such as ``"174mm"`` or ``"7in"``: what does not fit is drawn smaller, words too.
        page : int
            From 1.

        Raises
        ------
        ValueError
            If the width is none.

        Warns
        -----
        UserWarning
            Where words become smaller than 6 points.
        """
        inches = _read_width(width) if width else None
        drawing = self.draw(page, width=inches)
        words = SIZE * self._fit(page, inches and inches - MARGIN)[1]
        if words < _LEGIBLE:
            warn(
                f"{self.name} is saved in words of {words:.1f} points at {width}: too small "
                "to read in print; show less of it, or take a larger width",
                UserWarning,
                stacklevel=2,
            )
        ending = Path(path).suffix.lower()
        # no dates: the same collection gives the same bytes
        dates = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "claimbook"}):
            drawing.savefig(path, dpi=300, metadata=dates.get(ending))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Show all pages, each with what it shows in words."""
        from claimbook.report.pictures import show_figure

        shown = show_figure(self)
        return {"text/html": str(shown), "text/plain": repr(self)}, {}

    def __repr__(self) -> str:
        return f"<Figure {self.name!r}: {self.alt}>"


def figure(collection: Collection, name: str, **options: Any) -> Figure:
    """
    Make a figure of a collection.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    name : str
        matrix, question, levels, harvest, map, pairs, citations or robustness.
    **options
        ``title``, ``palette``, ``fontsize``, ``figsize``, and those of the figure's ``plot_``
        function.

    Returns
    -------
    figure : Figure
        Shows itself in a notebook.

    Raises
    ------
    ValueError
        If there is no such figure.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> figure(read_collection("data"), "matrix").name
    'matrix'
    """
    if name not in NAMES:
        raise ValueError(f"no figure {name!r}: {suggest(name, NAMES)}")
    made: Figure = getattr(import_module(f"claimbook.figures.{name}"), name.capitalize())(
        collection, **options
    )
    return made


def _round_up(inches: float) -> float:
    return ceil(100 * inches - 1e-6) / 100


def _read_width(width: str) -> float:
    """Read a width in inches."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)\s*", width)
    if not match or not float(match[1]):
        raise ValueError(f"width is {width!r}: expected a number and a unit, such as 174mm or 7in")
    return float(match[1]) * _UNITS[match[2]]
