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
from claimbook.figures.layout import ROOM, SIZE, SMALL, list_some
from claimbook.figures.style import (
    EDGE,
    INK,
    MIDDLE,
    OFF_COLOUR,
    OFF_SIGN,
    PALE_INK,
    PAPER,
    TINT,
    VERDICT_SIGNS,
    choose_ink,
)
from claimbook.measures import BOTH, OFF_SCALE, count_cells

_BOX: Final = 14.0  # points, as all that follows
_GAP: Final = 1.5
_PAD: Final = 3.0
_BESIDE: Final = 8.0
_WIDEST: Final = 100.0
_WIDEST_LABEL: Final = 150.0
_IN_LINE: Final = 3  # boxes
_CONFLICT: Final = VERDICT_SIGNS[VERDICTS[0]]
_MOST_NAMED: Final = 5


class Map(Figure):
    """How many sources stand on which side, in a cell for each pair of terms."""

    name = "map"

    def __init__(
        self, collection: Collection, *, rows: str = "condition", columns: str = "aspect",
        most: tuple[int, int] = (30, 12), **style: Any,
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
        return self._whole.drop(
            columns=[f"claims_{side.replace(' ', '_')}" for side in self._looks]
        )

    @cached_property
    def _looks(self) -> dict[str, tuple[str, str, str]]:
        """Give each side a sign, a name and a colour, in the order drawn."""
        colours, scores = self.palette.colours, self.terms.scores
        lowest, highest = (
            colours[end(scores, key=scores.__getitem__)] if scores else MIDDLE for end in (min, max)
        )
        middle = self.palette.signs.get(next((k for k, v in scores.items() if not v), ""), "0")
        looks = {
            "against": ("−", lowest),
            "uncertain": (middle, MIDDLE),
            OFF_SCALE: (OFF_SIGN, OFF_COLOUR),
            BOTH: ("±", PAPER),
            "for": ("+", highest),
        }
        names = {BOTH: "on both sides", OFF_SCALE: "off the scale"} | self.sides
        return {side: (sign, names.get(side, side), face) for side, (sign, face) in looks.items()}

    @cached_property
    def _cells(self) -> pd.DataFrame:
        """Choose the cells of terms with a conflict, then of those with most sources."""
        cells = self._whole
        for facet, most in ((self.columns, self._fit_columns()), (self.rows, self.most[0])):
            cells = cells[cells[facet].isin(self._rank(cells, facet)[:most])]
        return cells.reset_index(drop=True)

    def _rank(self, cells: pd.DataFrame, facet: str) -> pd.Index:
        weights = cells.groupby(facet, sort=False)[["conflicts", "sources"]].sum()
        return weights.index[np.lexsort((-weights["sources"], weights["conflicts"] == 0))]

    def _fit_columns(self) -> int:
        """Count the columns that have room, those with a conflict first."""
        ranked = self._rank(self._whole, self.columns)[: self.most[1]]
        drawing = Drawing(self._name(self.columns, term) for term in ranked)
        wide = pd.Series([self._measure_column(drawing, self._whole, term) for term in ranked])
        return max(int((wide.cumsum() <= ROOM - _WIDEST_LABEL - _BESIDE).sum()), 1)

    def _measure_column(self, drawing: Drawing, cells: pd.DataFrame, term: str) -> float:
        """Measure how wide a column must be for its boxes and the longest word over it."""
        boxes = [
            sum(wide + _GAP for *_, wide in line)
            for cell in cells[cells[self.columns] == term].to_dict("records")
            for line in self._list_boxes(drawing, cell)
        ]
        word = drawing.widest(self._name(self.columns, term).split())
        return max(min(word + 2 * _PAD, _WIDEST), max(boxes) + 2 * _PAD)

    def _list_boxes(self, drawing: Drawing, cell: Any) -> list[list[tuple[str, str, float]]]:
        """List the boxes of a cell in lines: the side, what is written, the width."""
        texts = [
            (side, f"{sign}{number}")
            for side, (sign, *_) in self._looks.items()
            if (number := cell[side.replace(" ", "_")])
        ]
        texts = [("", _CONFLICT)] * (cell["conflicts"] > 0) + texts
        boxes = [(side, text, drawing.size(text, size=SMALL)[0] + 5) for side, text in texts]
        return [boxes[start : start + _IN_LINE] for start in range(0, len(boxes), _IN_LINE)]

    def _name(self, facet: str, term: str) -> str:
        return self.terms.describe(facet, term)[0]

    def _list_terms(self, facet: str) -> dict[str, str]:
        """List the terms shown in the order of the vocabulary, each with its label."""
        used = dict.fromkeys(self._cells[facet])
        terms = dict.fromkeys([*self.terms.find_terms(facet), *used])
        return {term: self._name(facet, term) for term in terms if term in used}

    def _write_hidden(self) -> str:
        """Say how many terms are not shown, if any."""
        hidden = []
        for facet in (self.rows, self.columns):
            there = self._whole[facet].nunique()
            if there > (shown := self._cells[facet].nunique()):
                hidden.append(f"{there - shown} of {self.words.count(there, facet)}")
        return f"Not drawn: {' and '.join(hidden)}, of which less is said." if hidden else ""

    def find(self) -> str:
        """Say in how many cells sources conflict, and of which most speak."""
        cells = self._whole
        most = cells.iloc[int(np.argmax(cells["sources"]))]
        who = self.words.count(int(most["sources"]), "source")
        what = " · ".join(self._name(facet, most[facet]) for facet in (self.rows, self.columns))
        torn, number = (cells["conflicts"] > 0).sum(), self.words.count(len(cells), "cell")
        clash = f"a conflict in {torn} of {number}" if torn else f"no conflict in {number}"
        return f"Most is said of {what}, by {who}; {clash}"

    def describe(self, page: int) -> str:
        """Count terms and cells, and name the first in conflict with their numbers."""
        if (cells := self._whole).empty:
            return ""
        shape = [
            self.words.count(cells[facet].nunique(), facet) for facet in (self.rows, self.columns)
        ]
        text = f"{' by '.join(shape)}, {self.words.count(len(cells), 'cell')} with a "
        text += f"{self.words['source']}."
        torn = cells[cells["conflicts"] > 0]
        named = [
            f"{self._name(self.rows, cell[self.rows])}, "
            f"{self._name(self.columns, cell[self.columns])} "
            f"({self.count_sides({side: cell[side.replace(' ', '_')] for side in self._looks})})"
            for cell in torn.head(_MOST_NAMED + 1).to_dict("records")
        ]
        text += f" In conflict: {list_some(named, most=_MOST_NAMED)}." if named else ""
        return f"{text} {self._write_hidden()}".strip()

    def lay_out(self, page: int) -> Drawing:
        """Draw cells as wide and high as their names and boxes need."""
        cells, names, terms = (
            self._cells,
            self._list_terms(self.columns),
            self._list_terms(self.rows),
        )
        drawing = Drawing([*names.values(), *terms.values()])
        columns, right = {}, 0.0
        for term, name in names.items():
            wide = self._measure_column(drawing, self._whole, term)
            columns[term] = right, right + wide
            label = drawing.wrap(name, wide - _PAD, most=4)
            drawing.write(right + wide / 2, -_PAD, label, ha="center", va="bottom")
            right += wide
        records: list[dict[Any, Any]] = cells.to_dict("records")
        lines = {
            (cell[self.rows], cell[self.columns]): self._list_boxes(drawing, cell)
            for cell in records
        }
        needs = [
            2 * _PAD
            + (_BOX + _GAP) * max(len(line) for (row, _), line in lines.items() if row == term)
            for term in terms
        ]
        labels = [drawing.wrap(name, _WIDEST_LABEL, most=3) for name in terms.values()]
        left = -drawing.widest([*labels, self.words[self.rows]]) - _BESIDE
        drawing.write(left, -_PAD, self.words[self.rows], color=PALE_INK, va="bottom")
        drawing.write(0, drawing.top - _PAD, self.words[self.columns], color=PALE_INK, va="bottom")
        drawing.rule([(left, 0), (right, 0)])
        rows = dict(
            zip(terms, drawing.rows(labels, left=left, right=right, needs=needs), strict=True)
        )
        bottom = drawing.bottom
        drawing.rule(
            *([(x, 0.0), (x, bottom)] for x in (0.0, *(end for _, end in columns.values())))
        )
        for cell in records:
            place = *columns[cell[self.columns]], *rows[cell[self.rows]]
            self._draw_cell(drawing, cell, lines[cell[self.rows], cell[self.columns]], place)
        add_key(drawing, self._list_entries(), top=SIZE, width=330)
        return drawing

    def _draw_cell(
        self, drawing: Drawing, cell: dict[Any, Any], lines: Any, place: tuple[float, ...]
    ) -> None:
        """Draw a box for each side that a source of the cell takes, and one for a conflict."""
        left, right, top, bottom = place
        if cell["conflicts"]:
            drawing.box(left, top, right, bottom, facecolor=TINT, order=0.2)
        y = (top + bottom - (_BOX + _GAP) * len(lines) + _GAP) / 2
        for line in lines:
            x = (left + right - sum(wide + _GAP for *_, wide in line) + _GAP) / 2
            for side, text, wide in line:
                _, name, face = self._looks.get(side, ("", "", INK))
                part: dict[str, Any] = {}
                if side:
                    ids = cell[f"claims_{side.replace(' ', '_')}"]
                    where = (
                        self._name(self.rows, cell[self.rows]),
                        self._name(self.columns, cell[self.columns]),
                    )
                    said = f"{', '.join(where)}: {name} {text.lstrip('+−±?0○')}"
                    part = {
                        "ids": ids,
                        "said": said,
                        "gid": f"map-{ids[0]}-{side.replace(' ', '_')}",
                    }
                edge = EDGE if side == BOTH else {}
                drawing.box(x, y, x + wide, y + _BOX, facecolor=face, **edge, **part)
                ink = {"": PAPER, BOTH: INK}.get(side) or choose_ink(face)
                part["gid"] = f"{part['gid']}-count" if part else ""
                look: dict[str, Any] = {"ha": "center", "va": "middle", "size": SMALL}
                drawing.write(x + wide / 2, y + _BOX / 2, text, color=ink, **look, **part)
                x += wide + _GAP
            y += _BOX + _GAP

    def _list_entries(self) -> list[Entry]:
        """List what the key explains: sides, the sign of conflict, the note."""
        entries = []
        for side, (sign, name, face) in self._looks.items():
            if self._cells[side.replace(" ", "_")].any():
                edge, ink = (EDGE, INK) if side == BOTH else ({}, "")
                shape = box_swatch(_BOX + 3, _BOX - 3, facecolor=face, **edge)
                entries.append(Entry(name, shapes=(shape,), sign=sign, ink=ink))
        many = self.words.many("source")
        if self._cells["conflicts"].any():
            shape = box_swatch(_BOX, _BOX - 3, facecolor=INK)
            told = f"{many} conflict on a question"
            entries.append(Entry(told, shapes=(shape,), sign=_CONFLICT, ink=PAPER))
        note = f"A number counts {many}. Empty: no {self.words['source']} speaks of it."
        return [*entries, Entry(f"{note} {self._write_hidden()}".strip(), starts=True, pale=True)]


def plot_map(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the map: in each cell, how many sources stand against, in the middle and for.

    A side has a box with its sign and the number of its sources, from against to for, between them
    the uncertain, those off the scale and, in an outline, those on both sides. A cell in which
    sources conflict on a question has a tint and the sign of conflict. A cell is empty where no
    source speaks of it.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Aspects under use stay apart unless it is gathered (`Collection.gather_use`).
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``rows`` and ``columns``: a facet each, condition and aspect if not given; ``most``: how
        many terms of either there may be at most, (30, 12) if not given: those with a conflict
        are chosen first, then those with most sources, as many as have room, and what is left out
        is said; ``title``,
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
    >>> {"treatment", "aspect"} <= {text.get_text() for text in ax.texts}
    True
    """
    return Map(collection, **options).plot(ax)
