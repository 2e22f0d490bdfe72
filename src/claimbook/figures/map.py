"""The map: on which points of which conditions sources stand for, against and in the middle."""

from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.collection import Collection
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, box_swatch
from claimbook.figures.layout import SIZE, write_count
from claimbook.figures.style import (
    INK,
    MIDDLE,
    OFF_SCALE,
    OFF_SIGN,
    PALE_INK,
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

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw cells as wide and high as their names and numbers need, and the boxes in them."""
        cells, names = self._cells, self._list_terms(self.columns)
        drawing = Drawing([*names.values(), *self._list_terms(self.rows).values()])
        sides = self._list_sides()
        slot = max(_SLOT, 3 + drawing.widest(map(str, cells[[*sides]].max()), size=SIZE - 1))
        used = len(sides) * (slot + _GAP) - _GAP
        longest = drawing.widest(word for name in names.values() for word in name.split())
        pitch = max(min(longest + 4, _WIDEST), used + 2 * _MARGIN)
        slots = {
            side: (pitch - used) / 2 + place * (slot + _GAP) for place, side in enumerate(sides)
        }
        columns = {term: place * pitch for place, term in enumerate(names)}
        rows, bottom = self._draw_rows(drawing, len(columns) * pitch)
        look: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
        for term, start in columns.items():
            label = drawing.wrap(names[term], pitch - 3)
            drawing.write(start + pitch / 2, -_MARK - 2, label, ha="center", va="bottom")
            for side, left in slots.items():
                x, sign = start + left + slot / 2, sides[side][0]
                drawing.write(x, -_MARK / 2, sign, bold=True, size=SIZE - 1, **look)
        across = len(columns) * pitch
        drawing.write(across / 2, drawing.top - 8, self.columns, color=PALE_INK, **look)
        edges = [[(x, 0.0), (x, bottom)] for x in (*columns.values(), across)]
        drawing.rule(*edges, width=0.6)
        most = max(int(cells[[*sides]].to_numpy().max()) - 1, 1)
        for cell in cells.to_dict("records"):
            left, (top, base) = columns[cell[self.columns]], rows[cell[self.rows]]
            if cell["conflicts"]:
                frame: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.3, "zorder": 2}
                frame["clip_on"] = False
                right = left + pitch
                drawing.box(left, top, right, base, facecolor="none", **frame)
                drawing.box(right - _CORNER, top, right, top + _CORNER, facecolor=INK, **frame)
                inked: dict[str, Any] = {"color": "white", "zorder": 3, "bold": True} | look
                middle = right - _CORNER / 2, top + _CORNER / 2
                drawing.write(*middle, _CONFLICT, size=SIZE - 0.5, **inked)
            for side, start in slots.items():
                if number := cell[side]:
                    claim, colour = cell[f"claims_{side}"][0], sides[side][2]
                    gid, link = f"map-{claim}-{side}", link_claim(claim)
                    x, y = left + start, base - _BASE
                    high = _LOW + (_HIGH - _LOW) * (number - 1) / most
                    drawing.box(
                        x, y - high, x + slot, y, facecolor=colour, edgecolor=INK, url=link,
                        linewidth=0.9 * (side == "both"), gid=gid,
                    )  # fmt: skip
                    told: dict[str, Any] = {"color": choose_ink(colour), "url": link} | look
                    place = x + slot / 2, y - _LOW / 2
                    drawing.write(*place, str(number), size=SIZE - 1, gid=f"{gid}-count", **told)
        add_key(drawing, self._list_entries(sides), top=SIZE, width=_LEAST)
        return drawing

    def _draw_rows(
        self, drawing: Drawing, right: float
    ) -> tuple[dict[str, tuple[float, float]], float]:
        """Name and rule the rows, as high as their names need; give top and bottom of each."""
        torn = set(self._cells[self.rows][self._cells["conflicts"] > 0])
        names = self._list_terms(self.rows)
        labels = {term: drawing.wrap(name, _WIDEST_LABEL) for term, name in names.items()}
        left = -drawing.widest([*labels.values(), self.rows]) - 8
        rows, bottom = {}, 0.0
        for term, label in labels.items():
            room = _HIGH + 2 * _BASE + (_CORNER - _BASE) * (term in torn)
            rows[term] = bottom, bottom + max(drawing.size(label)[1] + 5, room)
            # a name stands beside the numbers of its row, one of several lines in the middle
            top, bottom = rows[term]
            middle = (top + bottom) / 2 if "\n" in label else bottom - _BASE - _LOW / 2
            drawing.write(left, middle, label, va="center")
        edges = [[(0.0, y), (right, y)] for y in (0.0, *(low for _, low in rows.values()))]
        drawing.rule(*edges, width=0.6)
        drawing.write(left, -_MARK / 2, self.rows, va="center_baseline", color=PALE_INK)
        return rows, bottom

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

    def _list_entries(self, sides: dict[str, tuple[str, str, str]]) -> list[Entry]:
        """List what the key explains: sides, the sign of conflict, the note."""
        edges: dict[str, dict[str, Any]] = {"both": {"edgecolor": INK, "linewidth": 0.9}}
        entries = []
        for side, (sign, name, colour) in sides.items():
            shape = box_swatch(_SLOT, _LOW, facecolor=colour, **edges.get(side, {}))
            entries.append(Entry(name, shapes=(shape,), sign=sign))
        if self._cells["conflicts"].any():
            shape = box_swatch(_CORNER, _CORNER, facecolor=INK)
            entries.append(Entry("sources conflict on a question", shapes=(shape,), sign=_CONFLICT))
        return [*entries, Entry(_NOTE + _ORDER + self._write_hidden(), starts=True, pale=True)]


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
    >>> {"intervention", "aspect"} <= {text.get_text() for text in ax.texts}
    True
    """
    return Map(collection, **options).plot(ax)
