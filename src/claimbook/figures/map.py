"""The map: on which points of which conditions sources stand for, against and in the middle."""

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.collection import Collection
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Footing, box_swatch, draw_footing, lay_out
from claimbook.figures.layout import (
    INCH,
    SIZE,
    break_text,
    find_font,
    measure_text,
    measure_width,
    resize,
    write,
    write_count,
)
from claimbook.figures.style import (
    INK,
    MIDDLE,
    OFF_SCALE,
    OFF_SIGN,
    PALE_INK,
    RULE,
    VERDICT_SIGNS,
    choose_ink,
    link_claim,
    name_sides,
)
from claimbook.measures import count_cells

_LOW, _HIGH = 10.5, 20.0  # points, as all that follows
_BASE: Final = 3.0
_MARK: Final = 10.0
_CORNER: Final = 9.0
_SLOT: Final = 14.0
_GAP: Final = 1.5
_MARGIN: Final = 3.0
_WIDEST: Final = 76.0
_WIDEST_LABEL: Final = 135.0
_LEAST: Final = 330.0
_CONFLICT: Final = VERDICT_SIGNS[VERDICTS[0]]
_NOTE: Final = "A number counts sources, a higher box more. Empty: no source speaks of it. "
_ORDER: Final = "Terms stand in the order of the vocabulary."
_SIDES: Final = ("against", "uncertain", "off_scale", "both", "for")
_MOST_NAMED: Final = 5


class _Place(NamedTuple):
    """Where a row or a column starts and ends, and where its name stands."""

    label: str
    start: float
    end: float
    middle: float


class _Slot(NamedTuple):
    """The place of a side in each cell, from the left edge of the cell."""

    sign: str
    name: str
    colour: str
    left: float


class _Grid(NamedTuple):
    """Where everything stands, in points: right from the first column, down from the first row."""

    rows: dict[str, _Place]
    columns: dict[str, _Place]
    slots: dict[str, _Slot]
    slot: float  # width of a box
    head: float
    labels: float
    ends: tuple[float, float, float]  # of the columns, of the rows, of everything to the right
    footing: Footing
    font: FontProperties

    @property
    def height(self) -> float:
        """Of all below the heads of columns."""
        return self.ends[1] + SIZE + self.footing.height


class Map(Figure):
    """How many sources stand on which side, in a cell for each pair of terms."""

    name = "map"

    def __init__(
        self, collection: Collection, *, rows: str = "condition", columns: str = "aspect",
        most: tuple[int, int] = (40, 12), **style: Any,
    ) -> None:  # fmt: skip
        self.rows, self.columns, self.most = rows, columns, most
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check how many terms to draw."""
        if min(self.most) < 1:
            raise ValueError(f"most is {self.most}, expected two numbers from 1")

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return count_cells(self.collection, rows=self.rows, columns=self.columns)

    @property
    def table(self) -> pd.DataFrame:
        """Count the sources on each side, one row per cell."""
        return self._whole.drop(columns=[f"claims_{side}" for side in _SIDES])

    @cached_property
    def _cells(self) -> pd.DataFrame:
        """Choose the cells of terms with a conflict, then of those with most sources."""
        cells = self._whole
        for facet, most in ((self.columns, self.most[1]), (self.rows, self.most[0])):
            weights = cells.groupby(facet, sort=False)[["conflicts", "sources"]].sum()
            order = np.lexsort((-weights["sources"], weights["conflicts"] == 0))
            cells = cells[cells[facet].isin(weights.index[order[:most]])]
        return cells.reset_index(drop=True)

    def _list_terms(self, facet: str) -> dict[str, str]:
        """List the terms shown in the order of the vocabulary, each with its label."""
        used = dict.fromkeys(self._cells[facet])
        terms = dict.fromkeys([*self.terms.find_terms(facet), *used])
        return {term: self.terms.describe(facet, term)[0] for term in terms if term in used}

    def _write_hidden(self) -> str:
        """Say how many terms are not shown, if any."""
        hidden = []
        for facet in (self.rows, self.columns):
            there = self._whole[facet].nunique()
            if there > (shown := self._cells[facet].nunique()):
                hidden.append(f"{there - shown} of {there} {facet}s")
        return f" Not shown: {' and '.join(hidden)}, of which less is said." if hidden else ""

    def describe(self, page: int) -> str:
        """Count terms and cells, and name the first in conflict with their numbers."""
        cells = self._cells
        rows, columns = self._list_terms(self.rows), self._list_terms(self.columns)
        shape = write_count(len(rows), self.rows), write_count(len(columns), self.columns)
        text = f"Map of {' by '.join(shape)}, "
        text += f"{write_count(len(cells), 'cell')} of {len(rows) * len(columns)} with sources."
        if cells.empty:
            return text
        ahead = cells["for"] - cells["against"]
        text += f" More sources for than against: {write_count(int((ahead > 0).sum()), 'cell')}, "
        text += f"more against: {(ahead < 0).sum()}, as many: {(ahead == 0).sum()}."
        torn = cells[cells["conflicts"] > 0]
        named = [
            f"{rows[cell[self.rows]]}, {columns[cell[self.columns]]} "
            f"(for {cell['for']}, uncertain {cell['uncertain']}, against {cell['against']}"
            + (f", on both sides {cell['both']})" if cell["both"] else ")")
            for cell in torn.head(_MOST_NAMED).to_dict("records")
        ]
        named += ["…"] * (len(torn) > _MOST_NAMED)
        text += f" In conflict: {'; '.join(named)}." if named else ""
        return text + self._write_hidden()

    def lay_out(self, page: int, width: float | None) -> _Grid:
        """Make columns and rows as wide and high as their names and numbers need."""
        names = self._list_terms(self.rows), self._list_terms(self.columns)
        font = find_font(["".join(part.values()) for part in names], size=SIZE)
        looks, small = self._list_sides(), resize(FontProperties(), SIZE - 1)
        slot = max(measure_width(str(self._cells[side].max()), small) + 3 for side in looks)
        slot = max(slot, _SLOT)
        used = len(looks) * (slot + _GAP) - _GAP
        columns, head = _place_columns(names[1], font, least=used + 2 * _MARGIN)
        rows, labels = self._place_rows(names[0], font)
        across, down = (max(place.end for place in part.values()) for part in (columns, rows))
        left = (across / len(columns) - used) / 2
        slots = {
            side: _Slot(*look, left + place * (slot + _GAP))
            for place, (side, look) in enumerate(looks.items())
        }
        right = max(_LEAST - labels, across)
        footing = lay_out(self._list_entries(slots), font, width=labels + right)
        ends = across, down, right
        return _Grid(rows, columns, slots, slot, head, labels, ends, footing, font)

    def _list_sides(self) -> dict[str, tuple[str, str, str]]:
        """List the sides that a cell has room for, from left to right: sign, name, colour."""
        names, colours, scores = name_sides(self.terms), self.palette.colours, self.terms.scores
        lowest, highest = (
            colours[end(scores, key=scores.__getitem__)] if scores else MIDDLE for end in (min, max)
        )
        middle = names.get(0, "") if 0 in scores.values() else ""
        sides = {
            "against": ("−", names.get(-1, ""), lowest),
            "uncertain": ("?" if middle == "uncertain" else "0", middle, MIDDLE),
            "off_scale": (OFF_SIGN, "off the scale", OFF_SCALE),
            "both": ("±", "on both sides", "#ffffff"),
            "for": ("+", names.get(1, ""), highest),
        }
        there = self._cells[[*_SIDES]].any()
        return {
            side: look
            for side, look in sides.items()
            if there[side] or (look[1] and side not in ("off_scale", "both"))
        }

    def _place_rows(
        self, names: dict[str, str], font: FontProperties
    ) -> tuple[dict[str, _Place], float]:
        """Stack the rows, as high as their names need, and find how wide the names are."""
        torn = set(self._cells[self.rows][self._cells["conflicts"] > 0])
        rows: dict[str, _Place] = {}
        widest = measure_width(self.rows, font)
        top = 0.0
        for term, name in names.items():
            label = break_text(name, font, width=_WIDEST_LABEL)
            wide, high = measure_text(label, font)
            end = top + max(high + 5, _HIGH + 2 * _BASE + (_CORNER - _BASE) * (term in torn))
            # a name stands beside the numbers of its row, one of several lines in the middle
            middle = (top + end) / 2 if "\n" in label else end - _BASE - _LOW / 2
            rows[term] = _Place(label, top, end, middle)
            widest, top = max(widest, wide), end
        return rows, widest + 8

    def _list_entries(self, slots: dict[str, _Slot]) -> list[Entry]:
        """List what the key explains: sides, the sign of conflict, the note."""
        edges: dict[str, dict[str, Any]] = {"both": {"edgecolor": INK, "linewidth": 0.9}}
        entries = []
        for side, slot in slots.items():
            shape = box_swatch(_SLOT, _LOW, facecolor=slot.colour, **edges.get(side, {}))
            entries.append(Entry(slot.name, shapes=(shape,), sign=slot.sign))
        if self._cells["conflicts"].any():
            shape = box_swatch(_CORNER, _CORNER, facecolor=INK)
            entries.append(Entry("sources conflict on a question", shapes=(shape,), sign=_CONFLICT))
        return [*entries, Entry(_NOTE + _ORDER + self._write_hidden(), starts=True, pale=True)]

    def measure(self, layout: _Grid) -> tuple[float, float]:
        """Give what the cells, their names and the key take."""
        return (layout.labels + layout.ends[2]) * INCH, (layout.head + layout.height) * INCH

    def paint(self, ax: Axes, layout: _Grid) -> None:
        """Draw cells, boxes and what names them."""
        across, down, right = layout.ends
        ax.set(xlim=(-layout.labels, right), ylim=(layout.height, -layout.head))
        style: dict[str, Any] = {"va": "center_baseline", "color": PALE_INK}
        write(ax, -layout.labels, -_MARK / 2, self.rows, **style)
        write(ax, across / 2, 6 - layout.head, self.columns, ha="center", **style)
        _name_places(ax, layout)
        lines = [[(0.0, y), (across, y)] for y in (0.0, *(row.end for row in layout.rows.values()))]
        lines += [
            [(x, 0.0), (x, down)] for x in (0.0, *(place.end for place in layout.columns.values()))
        ]
        rules = LineCollection(lines, colors=RULE, linewidths=0.6, zorder=0.5, clip_on=False)
        ax.add_collection(rules, autolim=False)
        most = max(int(self._cells[[*layout.slots]].to_numpy().max()) - 1, 1)
        for cell in self._cells.to_dict("records"):
            row, column = layout.rows[cell[self.rows]], layout.columns[cell[self.columns]]
            if cell["conflicts"]:
                _draw_conflict(ax, row, column)
            for side in layout.slots:
                if number := cell[side]:
                    high = _LOW + (_HIGH - _LOW) * (number - 1) / most
                    claim = cell[f"claims_{side}"][0]
                    _draw_box(
                        ax, layout, side, (column.start, row.end - _BASE), high, number, claim
                    )
        draw_footing(ax, layout.footing, left=-layout.labels, top=down + SIZE)


def _place_columns(
    names: dict[str, str], font: FontProperties, *, least: float
) -> tuple[dict[str, _Place], float]:
    """Place the columns, as wide as their words need, and find how high the names are."""
    longest = max(measure_width(word, font) for name in names.values() for word in name.split())
    pitch = max(min(longest + 4, _WIDEST), least)
    columns = {
        term: _Place(
            break_text(name, font, width=pitch - 3), place * pitch, (place + 1) * pitch,
            (place + 0.5) * pitch,
        )
        for place, (term, name) in enumerate(names.items())
    }  # fmt: skip
    highest = max(measure_text(column.label, font)[1] for column in columns.values())
    return columns, highest + _MARK + 18


def _name_places(ax: Axes, grid: _Grid) -> None:
    """Name rows and columns, and under each column the sides in the order of the boxes."""
    style: dict[str, Any] = {"fontproperties": grid.font}
    for row in grid.rows.values():
        write(ax, -grid.labels, row.middle, row.label, va="center", **style)
    for column in grid.columns.values():
        write(ax, column.middle, -_MARK - 2, column.label, ha="center", va="bottom", **style)
        for slot in grid.slots.values():
            write(
                ax, column.start + slot.left + grid.slot / 2, -_MARK / 2, slot.sign,
                size=SIZE - 1, weight="bold", ha="center", va="center_baseline",
            )  # fmt: skip


def _draw_conflict(ax: Axes, row: _Place, column: _Place) -> None:
    """Frame a cell in which sources conflict, and sign its corner."""
    style: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.3, "zorder": 2, "clip_on": False}
    size = column.end - column.start, row.end - row.start
    ax.add_patch(Rectangle((column.start, row.start), *size, facecolor="none", **style))
    corner = column.end - _CORNER, row.start
    ax.add_patch(Rectangle(corner, _CORNER, _CORNER, facecolor=INK, **style))
    write(
        ax, column.end - _CORNER / 2, row.start + _CORNER / 2, _CONFLICT, size=SIZE - 0.5,
        ha="center", va="center_baseline", weight="bold", color="white", zorder=3,
    )  # fmt: skip


def _draw_box(
    ax: Axes, grid: _Grid, side: str, corner: tuple[float, float], high: float, number: int,
    claim: str,
) -> None:  # fmt: skip
    """Draw how many sources take a side in a cell, the higher the more."""
    slot, url, gid = grid.slots[side], link_claim(claim), f"map-{claim}-{side}"
    left, base = corner[0] + slot.left, corner[1]
    ax.add_patch(
        Rectangle(
            (left, base - high), grid.slot, high, facecolor=slot.colour, edgecolor=INK,
            linewidth=0.9 * (side == "both"), zorder=1, url=url, gid=gid,
        )
    )  # fmt: skip
    write(
        ax, left + grid.slot / 2, base - _LOW / 2, str(number), size=SIZE - 1, ha="center",
        va="center_baseline", color=choose_ink(slot.colour), url=url, gid=f"{gid}-count",
    )  # fmt: skip


def plot_map(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the map: in each cell, how many sources stand against, in the middle and for.

    A side has a box with the number of its sources, against on the left and for on the right,
    between them the uncertain, those off the scale and, in an outline, those on both sides; the
    higher a box, the more sources it counts. A cell in which sources conflict on a question has a
    frame and the sign of conflict. A cell is empty where no source speaks of it.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Aspects under use stay apart unless it is gathered (`Collection.gather_use`).
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``rows`` and ``columns``: a facet each, condition and aspect if not given; ``most``: how
        many terms of either there may be at most, (40, 12) if not given: those with a conflict
        are chosen first, then those with most sources, and what is left out is said; ``title``,
        ``palette``, ``fontsize``, ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Its unit the point. A box leads to its first claim; its ``gid`` is ``map-``, the id of that
        claim, a dash and the side, to which ``-count`` is added for the number.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_map(read_collection("data"), rows="intervention")
    >>> [text.get_text() for text in ax.texts[:2]]
    ['intervention', 'aspect']
    """
    return Map(collection, **options).plot(ax)
