"""Levels by group: how many claims are for, against and in the middle."""

from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import add_key, list_levels
from claimbook.figures.layout import INCH, LINE, SIZE, write_count
from claimbook.figures.style import (
    MOST_LEVELS,
    PALE_INK,
    choose_ink,
    link_claim,
    name_sides,
)
from claimbook.measures import count_levels, find_levels

_FULL_WIDTH: Final = 540.0
_ROW: Final = 18.0
_BAR: Final = 13.0
_BESIDE: Final = 10.0  # labels
_BETWEEN: Final = 18.0  # the sides and the middle
_WIDEST_LABEL: Final = 150.0
_LEAST_ROOM: Final = 50.0  # for the longest bars
_MOST_NAMED: Final = 5


class Levels(Figure):
    """
    How many claims of each group stand at each level, as diverging bars.

    Levels against reach to the left of 0 and levels for to the right, the weakest next to 0; the
    middle, and what is off the scale, start from a second 0. A count stands in its part of the
    bar, or at the end of the bar where it is too narrow; of more than seven levels only the sum of
    each side is written.
    """

    name = "levels"

    def __init__(
        self, collection: Collection, *, by: str = "source", most: int = 60, **style: Any
    ) -> None:
        self.by, self.most = by, most
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check how many groups to draw."""
        if self.most < 1:
            raise ValueError(f"most is {self.most}, expected 1 or more")

    @cached_property
    def table(self) -> pd.DataFrame:
        """Count the claims at each level, one row per group."""
        return count_levels(self.collection, by=self.by)

    @cached_property
    def _shown(self) -> np.ndarray:
        """Choose the places of the groups with most claims, in the order in which they stand."""
        order = np.argsort(-self.table.to_numpy().sum(axis=1), kind="stable")
        return np.sort(order[: self.most])

    @cached_property
    def _sides(self) -> dict[int, str]:
        """Name the sides that there are; what is off the scale stands beside the middle."""
        names = name_sides(self.terms)
        off = ["off the scale"] * (len(self.terms.scores) < len(self.terms.levels))
        middle = " or ".join([*([names[0]] if 0 in names else []), *off])
        return {side: name for side, name in {**names, 0: middle}.items() if name}

    def _find_side(self, level: str) -> int:
        return int(np.sign(self.terms.scores.get(level, 0)))

    def _name_group(self, group: Any) -> str:
        labels = self.collection.labels if self.by == "source" else {}
        return str(labels.get(group, group)) or "none given"

    def _write_rest(self) -> str:
        rest = len(self.table) > self.most
        return f"Drawn: the {self.most} of {len(self.table)} with most claims." if rest else ""

    def describe(self, page: int) -> str:
        """Say how many claims stand at each level, and which groups make most."""
        counts, claims = self.table, self.table.sum(axis=1)
        totals = counts.sum().rename(self.palette.labels)
        if len(counts.columns) > MOST_LEVELS:
            sides = [self._find_side(str(level)) for level in counts]
            totals = counts.sum().groupby(sides).sum().rename(self._sides)[::-1]
        named = [f"{name} {total}" for name, total in totals.items() if total]
        text = f"{write_count(int(claims.sum()), 'claim')} in {write_count(len(counts), 'group')}"
        text += f": {', '.join(named)}." if named else "."
        first = claims.sort_values(ascending=False, kind="stable").head(_MOST_NAMED)
        named = [f"{self._name_group(group)} {number}" for group, number in first.items()]
        text += f" Most claims: {', '.join(named)}." if named else ""
        return f"{text} {self._write_rest()}".strip()

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Share the width between labels, the two sides and the middle, and draw all."""
        groups = self.table.index[self._shown]
        names = [self._name_group(group) for group in groups]
        drawing = Drawing([*names, *self.palette.labels.values()])
        labels = [drawing.wrap(name, _WIDEST_LABEL) for name in names]
        widest = drawing.widest(labels) + _BESIDE
        wide = width / INCH if width else _FULL_WIDTH
        bars, outer, reach = self._fit_bars(drawing, wide - widest)
        middle = reach[1] + _BETWEEN * (0 in reach)
        left = -reach[-1] - widest
        right = max(middle + reach.get(0, 0.0), left + wide)
        middles, bottom = [], 0.0
        for label in labels:
            high = max(_ROW, drawing.size(label)[1] + 5)
            middles.append(bottom + high / 2)
            bottom += high
            drawing.write(left, middles[-1], label, va="center")
            drawing.rule([(left, bottom), (right, bottom)])
        for side, name in self._sides.items():
            x, zero = 4.0 * side, middle * (side == 0)
            title = {-1: f"← {name}", 1: f"{name} →"}.get(side, name)
            align = "right" if side < 0 else "left"
            drawing.write(zero + x, -4, title, bold=True, ha=align)
            drawing.rule([(zero, 0), (zero, bottom)], color=PALE_INK, width=0.6, order=0.6)
        ids = find_levels(self.collection, by=self.by).iloc[self._shown]
        for bar in iter_rows(bars):
            first, start = ids[bar.level].iloc[bar.group][:1], bar.left + middle * (bar.side == 0)
            colour, y = self.palette.colours[bar.level], middles[bar.group]
            url = link_claim(first[0]) if first else None
            drawing.box(
                start, y - _BAR / 2, start + bar.width, y + _BAR / 2, facecolor=colour, url=url,
                edgecolor="white", linewidth=0.5 * bar.inside,
                gid=f"levels-{groups[bar.group]}-{bar.level}",
            )  # fmt: skip
            if bar.inside:
                x, ink = start + bar.width / 2, choose_ink(colour)
                drawing.write(x, y, str(bar.number), url=url, color=ink, centred=True)
        sums = bars.groupby(["side", "group"])["width"].sum()
        for (side, group), text in dict[Any, str](outer).items():
            x = (sums[side, group] + 3) * (side or 1) + middle * (side == 0)
            align = "right" if side < 0 else "left"
            drawing.write(x, middles[group], text, ha=align, va="center_baseline")
        text = f"claims by {self.by}. {self._write_rest()}".strip()
        drawing.write(left, bottom + LINE * SIZE, text, color=PALE_INK)
        add_key(drawing, list_levels(self.terms, self.palette), top=3)
        return drawing

    def _fit_bars(
        self, drawing: Drawing, room: float
    ) -> tuple[pd.DataFrame, pd.Series, dict[int, float]]:
        """Find the largest unit with which bars, and the counts at their ends, have room."""
        bars = self._stack_bars()
        longest = max(bars.groupby("side")["number"].max().sum(), 1)
        low, high = 0.0, room / longest
        for _ in range(12):
            unit = (low + high) / 2
            fits = sum(self._write_counts(bars, unit, drawing)[2].values()) + _BETWEEN <= room
            low, high = (unit, high) if fits else (low, unit)
        unit = max(low, _LEAST_ROOM / longest)
        inside, outer, reach = self._write_counts(bars, unit, drawing)
        lengths = {"left": bars["left"] * unit, "width": bars["number"] * unit}
        return bars.assign(**lengths, inside=inside), outer, reach

    def _write_counts(
        self, bars: pd.DataFrame, unit: float, drawing: Drawing
    ) -> tuple[pd.Series, pd.Series, dict[int, float]]:
        """Find which counts have room in their bars, write the others, and how far all reaches."""
        long, number = len(self.terms.levels) > MOST_LEVELS, bars["number"]
        texts = number.astype(str)
        inside = (texts.map(lambda text: drawing.size(text)[0]) + 5 <= number * unit) & (not long)
        out = bars[(number > 0) & ~inside]
        if long:
            outer = out.groupby(["side", "group"])["number"].sum().astype(str)
        else:
            signed = out["level"].map(self.palette.signs) + " " + texts[out.index]
            outer = signed.groupby([out["side"], out["group"]]).agg("\u2002".join)
        ends = bars.groupby(["side", "group"])["number"].sum() * unit
        beside = outer.map(lambda text: drawing.size(text)[0] + 6).astype(float)
        ends = ends.add(beside, fill_value=0).groupby("side").max()
        reach = {-1: 0.0, 1: 0.0}
        for side, name in self._sides.items():
            title = drawing.size(f"← {name}", bold=True)[0] + 6
            reach[side] = max(title, float(ends.get(side, 0)))
        return inside, outer, reach

    def _stack_bars(self) -> pd.DataFrame:
        """Give each part of each bar its left end in claims, as if all began at one 0."""
        levels = sorted(self.terms.levels, key=lambda level: self.terms.scores.get(level, np.inf))
        counts = self.table.iloc[self._shown][levels]
        sides = np.array([self._find_side(level) for level in levels])
        parts = counts.to_numpy().T
        left = np.zeros(parts.shape, dtype=float)
        for side in (0, 1):
            left[sides == side] = parts[sides == side].cumsum(axis=0) - parts[sides == side]
        left[sides < 0] = -parts[sides < 0][::-1].cumsum(axis=0)[::-1]
        return pd.DataFrame(
            {
                "group": np.tile(np.arange(len(counts)), len(levels)),
                "level": np.repeat(np.array(levels, dtype=object), len(counts)),
                "side": np.repeat(sides, len(counts)),
                "left": left.ravel(),
                "number": parts.ravel(),
            }
        )


def plot_levels(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw how many claims of each group stand at each level, as diverging bars.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``by``: a column of claims or sources to group by, ``"source"`` if not given; ``most``: how
        many groups, those with most claims; ``title``, ``palette``, ``fontsize``, ``figsize`` as
        of `Figure`.

    Returns
    -------
    ax : Axes
        A bar's ``gid`` is ``levels-``, the group, ``-`` and the level; it leads to the first
        claim counted in it. The middle, and what is off the scale, stand apart on the right.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_levels(read_collection("data"), by="aspect", most=5)
    """
    return Levels(collection, **options).plot(ax)
