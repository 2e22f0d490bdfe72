"""A figure as an object: its numbers, its words, its pages, drawn at the size it needs."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
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

from claimbook.collection.codebook import ARTICLE
from claimbook.collection.collection import Collection
from claimbook.collection.door import admit
from claimbook.collection.problems import suggest
from claimbook.figures.drawing import Drawing
from claimbook.figures.layout import (
    INCH,
    LINE,
    MARGIN,
    SIZE,
    end_sentence,
    find_font,
    find_room,
    wrap_text,
)
from claimbook.figures.style import PALE_INK, Palette, choose_palette, name_kind, name_sides
from claimbook.measures import BOTH, OFF_SCALE, SIDES, order_sources

_UNITS: Final = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1.0, "pt": 1 / 72}
_TITLE: Final = 1.3 * SIZE  # the size of a title
_LEAST: Final = 0.05  # no figure is drawn smaller, whatever its room
_LEGIBLE: Final = 7.0  # points: words smaller than this are told when a figure is saved
_LEAST_OF_ITS_OWN: Final = 0.9  # size: if it is less, that is told
_MOST_NAMED: Final = 5
_NARROWEST: Final = 4.0  # inches that a title has at least
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
    are (`table`), what they come to (`find`), draws them (`lay_out`) and says them in words
    (`describe`). None is wider than a page; what has no room there stands on further pages.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    title : str, optional
        Written over it: what it finds where none is given, nothing where it is empty.
    palette : str or mapping, optional
        The colour of each level, or the name of a diverging colour map of matplotlib.
    fontsize : float, optional
        Of its words, in points; 9 where it is not given.
    figsize : (width, height), optional
        In inches; as much as it needs where it is not given.

    Attributes
    ----------
    collection : Collection
    title : str
        What stands over it.
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
        self.terms, self.words = self.collection.terms, self.collection.words
        self._title = title
        self.palette: Palette = choose_palette(self.collection, palette)
        self.figsize = figsize
        self.scale = (fontsize or SIZE) / SIZE
        self._layouts: dict[int, Drawing] = {}
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

    @property
    def title(self) -> str:
        """What stands over it."""
        if self._title is None:
            self._title = self.find() if len(self.table) else ""
        return self._title

    def find(self) -> str:
        """Say in one sentence what its numbers come to."""
        raise NotImplementedError

    def lay_out(self, page: int) -> Drawing:
        """Draw a page, no wider than there is room."""
        raise NotImplementedError

    def describe(self, page: int) -> str:
        """Say in words what a page shows."""
        raise NotImplementedError

    @cached_property
    def sides(self) -> dict[str, str]:
        """Name the sides of the scale, from against to for."""
        return name_sides(self.collection)

    def name_terms(self, facets: Iterable[str], terms: Iterable[str]) -> list[str]:
        """Name terms by their labels, those that are gathered whole left out."""
        named = zip(facets, terms, strict=True)
        return [self.terms.describe(facet, term)[0] for facet, term in named if term]

    def name_source(self, key: str) -> str:
        """Name a source; a study that is cited and no source here goes by its key."""
        return self.collection.labels.get(key, key)

    def name_some(self, names: Sequence[str]) -> str:
        """List the first of some names, and say how many more there are."""
        rest = len(names) - _MOST_NAMED
        return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")

    def count_sides(self, counts: Mapping[str, int]) -> str:
        """Say how many are on each side, from for to against, those that are none left out."""
        sides = {**self.sides, BOTH: "on both sides"}
        order = [side for side in (*SIDES, OFF_SCALE, BOTH) if counts.get(side)]
        return ", ".join(f"{sides[side]} {counts[side]:,}" for side in order)

    def tell_left_out(self, number: int, noun: str, *, least: int) -> str:
        """Say how many rows are nowhere, since too few sources answer them; nothing of none."""
        who = self.words.count(least - 1, "source")
        few = f"only {who} answers" if least == 2 else f"{who} or fewer answer"
        return f"Not shown: {self.words.count(number, noun)} that {few}." if number else ""

    def order_shown(self, *shown: Iterable[str]) -> pd.DataFrame:
        """Put the sources that are shown in order, as `order_sources` gives them."""
        ordered = order_sources(self.collection)
        return ordered[ordered["source"].isin({*chain(*shown)})].reset_index(drop=True)

    def gather_sources(self, sources: pd.DataFrame, most: int) -> pd.DataFrame:
        """
        Give each source a place of its own or, of more than `most`, with its kind.

        Articles keep their own. Adds ``place``, its key, and ``name``; ``alone`` where it stands
        for itself.
        """
        kinds = sources["kind"]
        number = kinds.map(kinds.value_counts())
        joined = (sources["part"] != ARTICLE) & (number > 1) & (len(sources) > most)
        named = {kind: name_kind(kind, self.terms) for kind in kinds.unique()}
        names = kinds.map(named) + " (" + number.astype("str") + ")"
        return sources.assign(
            place=sources["source"].mask(joined, "kind " + kinds),
            name=sources["label"].mask(joined, names),
            alone=~joined,
        )

    @property
    def alt(self) -> str:
        """What it shows, for those who do not see it."""
        return self.say(1)

    def say(self, page: int) -> str:
        """Say in words what a page shows: its title, its numbers, and the names cut short on it."""
        short = "; ".join(self._lay_out(page).short)
        told = f" In full: {short}." * bool(short)
        title = self.title if len(self.table) else self.nothing
        return f"{end_sentence(title)} {self.describe(page)}{told}".strip()

    def svg(self, page: int = 1) -> str:
        """Write a page as SVG for use within a page of the web, without its title."""
        from claimbook.figures.svg import write_svg

        return write_svg(self._lay_out(page))

    def size(self, page: int = 1, *, width: float | None = None) -> tuple[float, float]:
        """Give width and height of a page, in inches; in `width` all is drawn smaller to fit."""
        if self.figsize and width is None:
            return self.figsize
        layout, scale = self._lay_out(page), self._fit(page, width and width - MARGIN)
        wide, high = (side * scale + MARGIN for side in layout.measure())
        wide = max(wide, MARGIN + _NARROWEST * scale * bool(self.title))
        return width or _round_up(wide), _round_up(high + self._wrap_title(page)[1] * scale)

    def _fit(self, page: int, wide: float | None = None, high: float | None = None) -> float:
        """Find how large a page is drawn in so much room: no larger than it is."""
        layout = self._lay_out(page)
        needed = [max(side * self.scale, 1e-6) for side in layout.measure()]
        title = self._wrap_title(page)[1] * self.scale
        given = wide or needed[0], max(high - title, 0.1) if high else needed[1]
        room = [one / other for one, other in zip(given, needed, strict=True)]
        return self.scale * max(min(1.0, *room), _LEAST)

    def _wrap_title(self, page: int) -> tuple[str, float]:
        """Break the title into lines as wide as what it stands over, and find how high they are."""
        if not self.title:
            return "", 0.0
        title = self.title + f" ({page} of {self.pages})" * (self.pages > 1)
        font, wide = find_font([title], size=_TITLE), self._lay_out(page).measure()[0]
        lines = wrap_text(title, font, width=max(wide, _NARROWEST) / INCH)
        return "\n".join(lines), (len(lines) * LINE * _TITLE + SIZE) * INCH

    def _lay_out(self, page: int) -> Drawing:
        """Lay a page out, once; where there is nothing on it, say so."""
        if not 1 <= page <= self.pages:
            raise ValueError(f"no page {page} of {self.name}: there are {self.pages}")
        if page not in self._layouts:
            nothing = Drawing([self.nothing])
            nothing.write(0, 0, self.nothing, color=PALE_INK)
            self._layouts[page] = self.lay_out(page) if len(self.table) else nothing
        return self._layouts[page]

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
        size = self.size(page, width=width)
        drawing = mpl.Figure(figsize=size)
        room = [side - MARGIN for side in size] if width or self.figsize else []
        self._paint(self._place(drawing, page), page, self._fit(page, *room))
        return drawing

    def _place(self, drawing: mpl.Figure, page: int) -> Axes:
        """Make Axes for a page in the upper left corner of a figure, below the title."""
        wide, high = drawing.get_size_inches()
        scale = self._fit(page, wide - MARGIN, high - MARGIN)
        across, down = (side * scale for side in self._lay_out(page).measure())
        below = high - MARGIN / 2 - down - self._wrap_title(page)[1] * scale
        return drawing.add_axes((MARGIN / 2 / wide, below / high, across / wide, down / high))

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

            drawing = plt.figure(figsize=self.size())
            ax, (wide, high) = self._place(drawing, 1), drawing.get_size_inches() - MARGIN
        else:
            wide, high = find_room(ax)
        scale = self._fit(1, wide, high)
        self._paint(ax, 1, scale)
        if scale < _LEAST_OF_ITS_OWN * self.scale:
            given, self.figsize = self.figsize, None
            needed, self.figsize = self.size(), given
            warn(
                f"{self.name} is drawn in words of {SIZE * scale:.1f} points, since it has but "
                f"{wide:.1f} by {high:.1f} inches: leave out ax and figsize, or take a figure of "
                f"about {needed[0] + 0.05:.1f} by {needed[1] + 0.05:.1f} inches with "
                "layout='constrained'",
                UserWarning,
                stacklevel=3,
            )
        return ax

    def _paint(self, ax: Axes, page: int, scale: float) -> None:
        self._lay_out(page).paint(ax, scale)
        if self.title:
            font = find_font([self.title], size=_TITLE * scale)
            style: dict[str, Any] = {"loc": "left", "linespacing": LINE, "parse_math": False}
            title, pad = self._wrap_title(page)[0], SIZE * scale * 0.75
            ax.set_title(title, fontproperties=font, pad=pad, **style)

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
            Where words become smaller than 7 points.
        """
        inches = _read_width(width) if width else None
        drawing = self.draw(page, width=inches)
        words = self._lay_out(page).smallest * self._fit(page, inches and inches - MARGIN)
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
