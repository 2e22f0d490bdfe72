"""Levels by group: how many claims are for, against and in the middle."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from claimbook.collection.collection import Collection
from claimbook.figures.figure import Figure
from claimbook.figures.key import Footing, draw_footing, lay_out, list_levels
from claimbook.figures.layout import INCH, LINE, embolden, find_font, measure_width, wrap_text
from claimbook.figures.layout import write_count as count
from claimbook.figures.style import (
    INK,
    MOST_LEVELS,
    PALE_INK,
    RULE,
    choose_ink,
    link_claim,
    name_sides,
)
from claimbook.measures import count_levels, find_levels

_FULL_WIDTH = 7.5  # inches
_MOST_NAMED = 5
_BAR = 0.72  # of a row's height
_WIDEST_LABEL = 150.0
_HEAD = 14.0  # points above the first row


class _Chart(NamedTuple):
    """Where everything stands, in points: right from the zero of the two sides, down."""

    bars: pd.DataFrame
    rows: pd.DataFrame
    zeros: tuple[float, float]
    ends: tuple[float, float]
    footing: Footing
    font: FontProperties


class Levels(Figure):
    """How many claims of each group stand at each level, as diverging bars."""

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

    def _name_group(self, group: Any) -> str:
        labels = self.collection.labels if self.by == "source" else {}
        return str(labels.get(group, group))

    def _write_rest(self) -> str:
        number = len(self.table)
        return f"Drawn: the {self.most} of {number} with most claims." if number > self.most else ""

    def describe(self, page: int) -> str:
        """Say how many claims stand at each level, and which groups make most."""
        counts = self.table
        totals, claims = counts.sum(), counts.sum(axis=1)
        totals = totals.rename(self.palette.labels)
        if len(counts.columns) > MOST_LEVELS:
            sides = [int(np.sign(self.terms.scores.get(level, 0))) for level in counts]
            totals = counts.sum().groupby(sides).sum().rename(name_sides(self.terms))[::-1]
        named = [f"{name} {total}" for name, total in totals.items() if total]
        text = f"{count(int(claims.sum()), 'claim')} in {count(len(counts), 'group')}"
        text += f": {', '.join(named)}." if named else "."
        first = claims.sort_values(ascending=False, kind="stable").head(_MOST_NAMED)
        named = [f"{self._name_group(group)} {number}" for group, number in first.items()]
        text += f" Most claims: {', '.join(named)}." if named else ""
        return f"{text} {self._write_rest()}".strip()

    def lay_out(self, page: int, width: float | None) -> _Chart:
        """Share the width between labels, the two sides and the middle."""
        counts = self.table.iloc[self._shown]
        names = [self._name_group(group) for group in counts.index]
        font = find_font([*names, *self.palette.labels.values()], size=self.fontsize)
        line = LINE * self.fontsize
        wrapped = [wrap_text(name, font, width=_WIDEST_LABEL) for name in names]
        heights = np.array([max(18.0, len(lines) * line + 5) for lines in wrapped])
        bottom = heights.cumsum()
        widest = max((measure_width(part, font) for lines in wrapped for part in lines), default=0)
        rows = pd.DataFrame(
            {
                "label": ["\n".join(lines) for lines in wrapped],
                "top": bottom - heights,
                "bottom": bottom,
            }
        )
        room = (width or _FULL_WIDTH) / INCH - widest - 14
        bars, zeros, ends = self._fit_bars(self._stack_bars(counts), font, room)
        wide = ends[1] - ends[0] + widest + 10
        entries = list_levels(self.terms, self.palette, size=self.fontsize)
        footing = lay_out(entries, font, width=wide)
        left = ends[0] - widest - 10
        return _Chart(bars, rows, zeros, (left, ends[1]), footing, font)

    def _stack_bars(self, counts: pd.DataFrame) -> pd.DataFrame:
        """Give each part of each bar its left end in claims, as if all began at one 0."""
        levels = [level for level in reversed(self.terms.levels) if level in self.terms.scores]
        levels += [level for level in self.terms.levels if level not in self.terms.scores]
        sides = np.sign([self.terms.scores.get(level, 0) for level in levels]).astype(int)
        parts = counts[levels].to_numpy().T
        left = np.zeros(parts.shape, dtype=float)
        for side in (0, 1):
            stacked = parts[sides == side]
            left[sides == side] = stacked.cumsum(axis=0) - stacked
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

    def _fit_bars(
        self, bars: pd.DataFrame, font: FontProperties, room: float
    ) -> tuple[pd.DataFrame, tuple[float, float], tuple[float, float]]:
        """Find which counts have room inside, and so how much the others need at the ends."""
        longest = bars.groupby(["side", "group"])["number"].sum().groupby("side").max()
        longest = longest.reindex([-1, 1, 0], fill_value=0)
        there = longest.index.isin(bars["side"])
        needed = np.array([measure_width(str(number), font) + 5 for number in bars["number"]])
        beside = np.zeros(3)
        unit = 1.0
        for _ in range(3):
            unit = max(room - beside.sum() - 36, 50) / max(longest.sum(), 1)
            inside = (needed <= bars["number"] * unit) & (len(self.palette.signs) <= MOST_LEVELS)
            bars = bars.assign(inside=inside)
            outer = self._write_outer(bars)
            widths = pd.Series(
                [measure_width(text, font) + 6 for text in outer], outer.index, float
            )
            beside = widths.groupby(level=0).max().reindex([-1, 1, 0], fill_value=0).to_numpy()
            beside = np.maximum(beside, np.where(there, 60 - longest * unit, 0))
        reach = longest.to_numpy() * unit + beside
        middle = reach[1] + 18
        bars["left"] = bars["left"] * unit + np.where(bars["side"] == 0, middle, 0.0)
        bars["width"] = bars["number"] * unit
        return bars, (0.0, middle), (-reach[0], middle + reach[2])

    def _write_outer(self, bars: pd.DataFrame) -> pd.Series:
        """Write the counts that stand outside, one text a side and group; of long scales sums."""
        outer = bars[(bars["number"] > 0) & ~bars["inside"]]
        if len(self.palette.signs) > MOST_LEVELS:
            return outer.groupby(["side", "group"])["number"].sum().astype(str)
        counted = outer["number"].astype(str)
        signed = outer["level"].map(self.palette.signs) + " " + counted
        return signed.groupby([outer["side"], outer["group"]]).agg("\u2002".join)

    def measure(self, layout: _Chart) -> tuple[float, float]:
        """Give what the bars, their labels and the key take."""
        wide = layout.ends[1] - layout.ends[0]
        return max(wide * INCH + 0.1, _FULL_WIDTH), (self._find_height(layout) + 12) * INCH

    def _find_height(self, layout: _Chart) -> float:
        bottom = float(layout.rows["bottom"].max()) if len(layout.rows) else 0.0
        rest = LINE * self.fontsize * 2
        return _HEAD + bottom + rest + layout.footing.height

    def paint(self, ax: Axes, layout: _Chart) -> None:
        """Draw rows, bars with their counts, and the key."""
        ax.set(xlim=layout.ends, ylim=(self._find_height(layout) - _HEAD, -_HEAD))
        self._name_sides(ax, layout)
        self._name_rows(ax, layout)
        ids = find_levels(self.collection, by=self.by).iloc[self._shown]
        for bar in layout.bars.itertuples():
            found = ids[bar.level].iloc[bar.group]
            self._draw_bar(ax, layout, bar, link_claim(found[0]) if found else None)
        self._draw_outer(ax, layout)
        bottom = float(layout.rows["bottom"].max()) if len(layout.rows) else 0.0
        text = f"claims by {self.by}. {self._write_rest()}".strip()
        below = bottom + LINE * self.fontsize
        ax.text(
            layout.ends[0], below, text, size=self.fontsize, color=PALE_INK, parse_math=False,
            in_layout=False,
        )  # fmt: skip
        draw_footing(ax, layout.footing, left=layout.ends[0], top=below + 0.5 * self.fontsize)

    def _name_sides(self, ax: Axes, layout: _Chart) -> None:
        places = {-1: (-3.0, "right"), 1: (3.0, "left"), 0: (layout.zeros[1], "left")}
        for side, name in name_sides(self.terms).items():
            x, align = places[side]
            title = {-1: f"← {name}", 1: f"{name} →"}.get(side, name)
            ax.text(
                x, -4, title, ha=align, fontproperties=embolden(layout.font), color=INK,
                parse_math=False, in_layout=False,
            )  # fmt: skip
        bottom = float(layout.rows["bottom"].max()) if len(layout.rows) else 0.0
        for zero in layout.zeros[: 1 + (0 in set(layout.bars["side"]))]:
            ax.plot([zero, zero], [0, bottom], color=PALE_INK, linewidth=0.6, zorder=0.6)

    def _name_rows(self, ax: Axes, layout: _Chart) -> None:
        left = layout.ends[0]
        for row in layout.rows.itertuples():
            ax.text(
                left, (row.top + row.bottom) / 2, row.label, va="center", color=INK,
                fontproperties=layout.font, linespacing=LINE, parse_math=False, in_layout=False,
            )  # fmt: skip
            ax.plot(layout.ends, [row.bottom] * 2, color=RULE, linewidth=0.5, zorder=0.5)

    def _draw_bar(self, ax: Axes, layout: _Chart, bar: Any, url: str | None) -> None:
        row = layout.rows.iloc[bar.group]
        y = (row["top"] + row["bottom"]) / 2
        colour = self.palette.colours[bar.level]
        ax.barh(
            y, bar.width, left=bar.left, height=_BAR * 18, edgecolor="white", color=colour,
            linewidth=0.5 * bar.inside, url=url,
            gid=f"levels-{self.table.index[self._shown[bar.group]]}-{bar.level}",
        )  # fmt: skip
        if bar.number and bar.inside:
            ax.text(
                bar.left + bar.width / 2, y, str(bar.number), ha="center", va="center_baseline",
                color=choose_ink(colour), size=self.fontsize, url=url, in_layout=False,
            )  # fmt: skip

    def _draw_outer(self, ax: Axes, layout: _Chart) -> None:
        """Write the counts that have no room in the bars, at the ends of these."""
        bars = layout.bars.assign(right=layout.bars["left"] + layout.bars["width"])
        outer = self._write_outer(bars)
        for side, edge in ((-1, "left"), (0, "right"), (1, "right")):
            ends = (
                bars[bars["side"] == side].groupby("group")[edge].agg("min" if side < 0 else "max")
            )
            texts = outer[outer.index.get_level_values(0) == side].droplevel(0)
            for group, text in zip(texts.index.tolist(), texts, strict=True):
                row = layout.rows.iloc[group]
                ax.text(
                    ends[group] + (-3 if side < 0 else 3), (row["top"] + row["bottom"]) / 2, text,
                    ha="right" if side < 0 else "left", va="center_baseline", color=INK,
                    size=self.fontsize, parse_math=False, in_layout=False,
                )  # fmt: skip


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
