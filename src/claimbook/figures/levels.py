"""Levels by group: what share of the claims of each stands at each level."""

from functools import cached_property
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, list_levels
from claimbook.figures.layout import ROOM, SMALL, count_pages, cut_page
from claimbook.figures.style import PALE_INK, choose_ink, name_kind
from claimbook.measures import OFF_SCALE, SIDES, count_levels, find_levels

_ROW: Final = 20.0  # points, as all that follows
_BAR: Final = 15.0
_BESIDE: Final = 10.0
_WIDEST: Final = 190.0
_ALONE: Final = 12  # sources; of more those of a kind that is no article share a bar
_MOST_NAMED: Final = 5


class Levels(Figure):
    """
    What share of the claims of each group stands at each level, as bars of one length.

    Levels against begin on the left and levels for end on the right, the strongest outermost; the
    middle, and what is off the scale, stand between. Groups with the largest share for come first.
    """

    name = "levels"

    def __init__(
        self, collection: Collection, *, by: str = "source", most: int = 30, **style: Any
    ) -> None:
        self.by, self.most = by, most
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Take the claims on the topic."""
        self.topic = self.collection.on_topic()

    @cached_property
    def table(self) -> pd.DataFrame:
        """Count the claims at each level, one row per group."""
        return count_levels(self.topic, by=self.by)

    @cached_property
    def _rows(self) -> list[tuple[str, pd.Series]]:
        """Name each bar, and give the claims at each of its levels, in the order drawn."""
        ids = find_levels(self.topic, by=self.by)
        places = pd.DataFrame(
            {"place": ids.index, "name": map(self._name_group, ids.index)}, ids.index
        )
        if self.by == "source":
            sources = self.gather_sources(self.order_shown(ids.index), _ALONE).set_index("source")
            places = sources[["place", "name"]].loc[ids.index]
        rows = [
            (str(members["name"].iloc[0]), _join(ids.loc[members.index]))
            for _, members in places.groupby("place", sort=False)
        ]
        return sorted(rows, key=lambda row: self._rank(row[1].map(len)), reverse=True)

    def _rank(self, counts: pd.Series) -> tuple[float, float, int]:
        """Put first the largest share for, then the smallest against, then the most claims."""
        sides = self._sum_sides(counts)
        number = int(counts.sum())
        return sides[SIDES[0]] / number, -sides[SIDES[2]] / number, number

    def _sum_sides(self, counts: pd.Series) -> dict[str, int]:
        sums = dict.fromkeys((*SIDES, OFF_SCALE), 0)
        for level, number in counts.items():
            score = self.terms.scores.get(str(level))
            side = OFF_SCALE if score is None else SIDES[1 - int(np.sign(score))]
            sums[side] += int(number)
        return sums

    @property
    def pages(self) -> int:
        """Count its pages."""
        return count_pages(len(self._rows) if len(self.table) else 0, most=self.most)

    def _name_group(self, group: str) -> str:
        if not group:
            return "none given"
        if self.by == "kind":
            return name_kind(group, self.terms)
        return self.terms.describe(self.by, group)[0] if self.by in FACETS else str(group)

    def find(self) -> str:
        """Say what share of the claims takes which side."""
        counts, sides = self._sum_sides(self.table.sum()), self.sides
        total = sum(counts.values())
        order = [side for side in (*SIDES[::2], SIDES[1], OFF_SCALE) if counts[side]]
        told = [f"{counts[side] / total:.0%} “{sides[side]}”" for side in order]
        topic = [self.terms.describe("intervention", term)[0] for term in self.collection.topic]
        on = f" on {' or '.join(topic)}" if 0 < len(topic) <= 2 else ""
        return f"{self.words.count(total, 'claim')}{on}: {', '.join(told)}"

    def describe(self, page: int) -> str:
        """Say how many claims stand at each level, and the first and the last of the bars."""
        totals = self.table.sum()
        named = [f"{self.palette.labels[str(level)]} {n:,}" for level, n in totals.items() if n]
        number = self.words.count(int(totals.sum()), "claim")
        text = f"{number}: {', '.join(named)}." if named else ""
        if len(self.table) > 1:
            bars = [(name, ids.map(len)) for name, ids in self._rows]
            shares = [
                f"{name} {self._rank(counts)[0]:.0%} of {counts.sum()}" for name, counts in bars
            ]
            told = "; ".join(shares[:_MOST_NAMED]) + "; …" * (len(shares) > _MOST_NAMED)
            text += f" Share “{self.sides.get(SIDES[0], SIDES[0])}”: {told}."
        return text

    def lay_out(self, page: int) -> Drawing:
        """Draw a bar for each group, with how many claims it stands for."""
        first, last, note = cut_page(len(self._rows), most=self.most, page=page)
        rows = self._rows[first:last]
        drawing = Drawing([*(name for name, _ in rows), *self.palette.labels.values()])
        labels = [drawing.wrap(name, _WIDEST, most=2) for name, _ in rows]
        head = self.words.many("claim")
        left = -drawing.widest(labels) - _BESIDE
        beside = max(drawing.size(head)[0], 30.0) + _BESIDE
        right = ROOM + left - beside
        places = drawing.rows(labels, left=left, right=right + beside, needs=[_ROW] * len(rows))
        drawing.write(right + beside, -4, head, color=PALE_INK, ha="right")
        for side, x, title in ((SIDES[2], 0.0, "← {}"), (SIDES[0], right, "{} →")):
            if side in self.sides:
                title, align = title.format(self.sides[side]), "right" if x else "left"
                drawing.write(x, -4, title, bold=True, ha=align)
        middle = [self.sides[side] for side in (SIDES[1], OFF_SCALE) if side in self.sides]
        ends = [drawing.size(f"← {self.sides.get(side, '')}", bold=True)[0] for side in SIDES[::2]]
        told = " or ".join(middle)
        if drawing.size(told, bold=True)[0] + 2 * max(ends) < right - 20:
            drawing.write(right / 2, -4, told, bold=True, ha="center")
        drawing.rule([(right / 2, 0), (right / 2, places[-1][1])])
        for (name, ids), (top, bottom) in zip(rows, places, strict=True):
            self._draw_bar(drawing, name, ids, (top + bottom) / 2, right)
            total = f"{ids.map(len).sum():,}"
            drawing.write(right + beside, (top + bottom) / 2, total, ha="right", va="middle")
        entries = list_levels(self.terms, self.palette)
        told = f"Shares of the {head} of each row, rounded. {note}".strip()
        add_key(drawing, [*entries, Entry(told, starts=True, pale=True)], top=6)
        return drawing

    def _draw_bar(self, drawing: Drawing, name: str, ids: pd.Series, y: float, long: float) -> None:
        scores = self.terms.scores
        levels = sorted(
            self.terms.levels, key=lambda level: (scores.get(level, 0), level in scores)
        )
        number, x = int(ids.map(len).sum()), 0.0
        for level in levels:
            if not ids[level]:
                continue
            share, colour = len(ids[level]) / number, self.palette.colours[level]
            label = f"{name}: {self.palette.labels[level]} {len(ids[level])} of {number}"
            part: dict[str, Any] = {"ids": ids[level], "said": label}
            end, gid = x + share * long, f"levels-{name}-{level}"
            drawing.box(
                x + 0.4, y - _BAR / 2, end - 0.4, y + _BAR / 2, facecolor=colour, gid=gid, **part
            )
            text = f"{share:.0%}"
            if drawing.size(text, size=SMALL)[0] + 4 <= end - x:
                look: dict[str, Any] = {"size": SMALL, "ha": "center", "va": "middle"}
                drawing.write((x + end) / 2, y, text, color=choose_ink(colour), **look, **part)
            x = end


def _join(rows: pd.DataFrame) -> pd.Series:
    """Join the ids of several rows, level by level."""
    joined = {level: tuple(chain.from_iterable(rows[level])) for level in rows}
    return pd.Series(joined, dtype=object)


def plot_levels(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw what share of the claims of each group stands at each level, on the collection's topic.

    Groups stand by their share for, the largest first, with how many claims they make. Of more
    than twelve sources those of a kind that is no article share a bar.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``by``: a column of claims or sources to group by, ``"source"`` if not given; ``most``: how
        many bars on a page, 30 if not given; ``title``, ``palette``, ``fontsize``, ``figsize`` as
        of `Figure`.

    Returns
    -------
    ax : Axes
        A part's ``gid`` is ``levels-``, the name of the bar, ``-`` and the level; it leads to the
        first claim counted in it.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_levels(read_collection("data"), by="aspect", most=5)
    """
    return Levels(collection, **options).plot(ax)
