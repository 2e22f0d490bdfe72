"""A figure as an object: its numbers, its words, its pages, drawn at the size it needs."""

import io
import os
import re
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
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
from claimbook.figures.layout import INCH, MARGIN, SIZE, enlarge, find_room, write
from claimbook.figures.style import PALE_INK, Palette, choose_palette

_SETTINGS: Final = {"svg.fonttype": "none", "svg.hashsalt": "claimbook"}
_UNITS: Final = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1.0, "pt": 1 / 72}
_NOTHING: Final = (3.0, 0.6)  # inches that a word on an empty figure takes
_TITLE: Final = 1.6  # lines that a title takes
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
    are (`table`), lays them out for a given width (`lay_out`), knows what that takes (`measure`),
    draws it (`paint`) and says it in words (`describe`). It does so in words of the usual size;
    for another all is drawn larger or smaller.

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
    ) -> None:
        self.collection = admit(collection)
        self.terms = self.collection.terms
        self.title = title
        self.palette: Palette = choose_palette(self.terms, palette)
        self.fontsize = SIZE  # laid out and painted in it, then drawn larger or smaller
        self.figsize = figsize
        self.scale = (fontsize or SIZE) / SIZE
        self._layouts: dict[tuple[int, float | None], Any] = {}
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

    def lay_out(self, page: int, width: float | None) -> Any:
        """Find where everything stands, for a width in inches or for what it needs."""
        raise NotImplementedError

    def measure(self, layout: Any) -> tuple[float, float]:
        """Give width and height that a layout takes, in inches, without the figure's margin."""
        raise NotImplementedError

    def paint(self, ax: Axes, layout: Any) -> None:
        """Draw a layout."""
        raise NotImplementedError

    def describe(self, page: int) -> str:
        """Say in words what a page shows."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """What it shows, for those who do not see it."""
        return self.describe(1)

    def size(self, page: int = 1, *, width: float | None = None) -> tuple[float, float]:
        """Give width and height of a page, in inches; of one that has room in `width` that."""
        if self.figsize and width is None:
            return self.figsize
        room = (width - MARGIN) if width else None
        wide, high = (self.scale * side + MARGIN for side in self._measure(page, room))
        return max(_round_up(wide), width or 0.0), _round_up(high + self._measure_title())

    def _measure(self, page: int, room: float | None) -> tuple[float, float]:
        return self.measure(self._lay_out(page, room)) if len(self.table) else _NOTHING

    def _lay_out(self, page: int, room: float | None) -> Any:
        """Lay a page out, once for each width."""
        key = page, None if room is None else round(room / self.scale, 3)
        if key not in self._layouts:
            self._layouts[key] = self.lay_out(*key)
        return self._layouts[key]

    def _measure_title(self) -> float:
        return _TITLE * 1.4 * SIZE * self.scale * INCH if self.title else 0.0

    def draw(self, page: int = 1, *, width: float | None = None) -> mpl.Figure:
        """
        Draw a page as a figure of its own.

        Parameters
        ----------
        page : int
            From 1.
        width : float, optional
            In inches; what has room in less takes less.

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
        drawing = mpl.Figure(figsize=self.size(page, width=width), layout="constrained")
        drawing.claimbook = self  # type: ignore[attr-defined]
        self._paint(drawing.subplots(), page)
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

            drawing = plt.figure(figsize=self.size(), layout="constrained")
            ax = drawing.subplots()
        else:
            self._warn(ax)
        self._paint(ax, 1)
        return ax

    def _paint(self, ax: Axes, page: int) -> None:
        before = set(ax.findobj())
        ax.spines[:].set_visible(False)
        ax.set(xticks=[], yticks=[])
        if len(self.table):
            self.paint(ax, self._lay_out(page, find_room(ax)))
        else:
            ax.set(xlim=(0, 1), ylim=(0, 1))
            write(ax, 0.5, 0.5, self.nothing, ha="center", va="center", color=PALE_INK)
        enlarge(ax, self.scale, before)
        if self.title:
            ax.set_title(self.title, loc="left", fontsize=1.4 * SIZE * self.scale, parse_math=False)

    def _warn(self, ax: Axes) -> None:
        box, dpi = ax.get_window_extent(), ax.get_figure(root=True).dpi  # type: ignore[union-attr]
        needed = [self.scale * side for side in self._measure(1, None)]
        given = box.width / dpi, box.height / dpi
        if given[0] < 0.75 * needed[0] or given[1] < 0.75 * needed[1]:
            warn(
                f"the Axes are {given[0]:.1f} by {given[1]:.1f} inches, {self.name} needs "
                f"{needed[0]:.1f} by {needed[1]:.1f}: words will overlap; leave out ax, "
                "or make the Axes larger",
                UserWarning,
                stacklevel=4,
            )

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
            Such as ``"174mm"`` or ``"7in"``: all is drawn smaller or larger with it.
        page : int
            From 1.

        Raises
        ------
        ValueError
            If the width is none.
        """
        inches = _read_width(width) if width else None
        drawing = self.draw(page, width=inches)
        scale = inches / drawing.get_figwidth() if inches else 1.0
        dpi = 300 * scale
        ending = Path(path).suffix.lower().removeprefix(".") or "png"
        with rc_context(_SETTINGS):
            if ending == "png" or scale == 1.0:
                drawing.savefig(path, dpi=dpi, metadata=_name_metadata(ending))
                return
            _save_scaled(drawing, path, ending, scale)

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


def _name_metadata(ending: str) -> dict[str, Any]:
    """Leave out dates, so that the same collection gives the same bytes."""
    return {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(ending, {})


def _save_scaled(
    drawing: mpl.Figure, path: str | os.PathLike[str], ending: str, scale: float
) -> None:
    """Save a drawing of vectors larger or smaller: its units are told to be of another length."""
    buffer = io.BytesIO()
    if ending == "svg":
        drawing.savefig(buffer, format="svg", metadata=_name_metadata("svg"))
        text = buffer.getvalue().decode("utf-8")
        for side in ("width", "height"):
            text = re.sub(
                rf'(<svg[^>]*? {side}=")([\d.]+)pt"',
                lambda found: f'{found[1]}{float(found[2]) * scale:.4f}pt"',
                text,
                count=1,
            )
        Path(path).write_text(text, encoding="utf-8", newline="\n")
        return
    drawing.savefig(buffer, format=ending, metadata=_name_metadata(ending))
    data = re.sub(
        rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]",
        lambda found: found[0] + b" /UserUnit %.6f" % scale,
        buffer.getvalue(),
        count=1,
    )
    Path(path).write_bytes(data)
