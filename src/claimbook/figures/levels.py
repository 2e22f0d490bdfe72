"""Levels by group: how many claims are for, against and in the middle."""

from typing import Any, Final, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.lettering import (
    LINE,
    find_font,
    find_room,
    fit_columns,
    measure_width,
    wrap_text,
    write_count,
)
from claimbook.figures.style import (
    INK,
    MOST_LEVELS,
    PALE_INK,
    RULE,
    choose_ink,
    choose_levels,
    find_colours,
    find_signs,
    link_claim,
    name_sides,
    write_key,
)

_SIZE: Final = 8.0
_FULL_WIDTH: Final = 7.5
_KEY_WIDTH: Final = 520.0
_MOST_NAMED: Final = 5
_BAR: Final = 0.72
_ROW: Final = 0.25
_WIDEST_LABEL: Final = 150.0
_MOST: Final = 60


class _Chart(NamedTuple):
    """
    Where everything stands: across in claims, down in inches.

    Attributes
    ----------
    bars : DataFrame, one row per part of a bar
        ``group`` (its place), ``level``, ``side``, ``left``, ``number``, ``inside`` (whether the
        count has room in it); level by level from against to for.
    labels : list of str
        Of the groups, broken into lines.
    places, edges : arrays of float
        The middle of each group, and where each ends; before them where the first begins.
    zeros : tuple of float
        Where the bars start, and where the middle column does.
    ends : tuple of float
        How far the bars reach to the left, to the right and in the middle column.
    font : FontProperties
        Of all text.
    """

    bars: pd.DataFrame
    labels: list[str]
    places: np.ndarray
    edges: np.ndarray
    zeros: tuple[float, float]
    ends: tuple[float, float, float]
    font: FontProperties


def plot_levels(
    counts: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    claim_ids: pd.DataFrame | None = None,
    most: int = _MOST,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw how many claims of each group stand at each level, as diverging bars.

    Levels against reach to the left of 0 and levels for to the right, the weakest next to 0; the
    middle has a column of its own, from a second 0. A count stands in its part of the bar, or
    at the end of the bar where it is too narrow; on a scale of more than seven levels only the
    sum of each side is written.

    Parameters
    ----------
    counts : DataFrame of int, one row per group
        As `count_levels` returns them. Drawn from top to bottom in this order.
    vocabulary : Vocabulary
        Its levels and their scores.
    claim_ids : DataFrame of tuple or None, one row per group
        As `find_levels` returns them: each part then links to its first claim.
    most : int
        How many groups are drawn: of more, those with most claims, and the figure says so.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_levels`.

    Returns
    -------
    ax : Axes
        The same. Its patches are the parts of the bars, level by level from against to for,
        with the ``gid`` ``levels-``, the group, a dash and the level.

    Raises
    ------
    ValueError
        If a column is no level of the vocabulary, or `most` is below 1.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1, 2, 0, 4]], index=["spa"], columns=Vocabulary().levels)
    >>> figure = plt.figure(figsize=size_levels(counts, Vocabulary()), layout="constrained")
    >>> ax = plot_levels(counts, Vocabulary(), ax=figure.subplots())
    >>> [int(bar.get_width()) for bar in ax.patches]
    [4, 0, 2, 1, 3]
    """
    ax = plt.gca() if ax is None else ax
    rest = _write_rest(counts, most)
    rows = _choose_rows(counts, most)
    counts, claim_ids = counts.iloc[rows], None if claim_ids is None else claim_ids.iloc[rows]
    chart = _lay_out(counts, vocabulary, find_room(ax))
    _draw_axes(ax, chart, counts, vocabulary)
    ax.set_xlabel(f"claims\n{rest}".strip(), fontsize=_SIZE, color=PALE_INK, linespacing=LINE)
    colours = find_colours(vocabulary)
    for bar in chart.bars.itertuples():
        name = _name_bar(bar, counts, claim_ids)
        _draw_bar(ax, chart, bar, name | {"color": colours[str(bar.level)]})
    _draw_outer_counts(ax, chart, find_signs(vocabulary))
    _draw_key(ax, chart, vocabulary)
    return ax


def size_levels(
    counts: pd.DataFrame, vocabulary: Vocabulary, *, most: int = _MOST
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the levels by group.

    Parameters
    ----------
    counts, vocabulary, most
        As for `plot_levels`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout. The width is always the same.

    Raises
    ------
    ValueError
        If a column is no level of the vocabulary, or `most` is below 1.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1, 2, 0, 4]], index=["spa"], columns=Vocabulary().levels)
    >>> size_levels(counts, Vocabulary())[0]
    7.5
    """
    chart = _lay_out(counts.iloc[_choose_rows(counts, most)], vocabulary, _FULL_WIDTH - 0.1)
    _, lines = fit_columns(write_key(vocabulary), chart.font, width=_KEY_WIDTH)
    below = (lines * 1.5 + LINE * bool(_write_rest(counts, most))) * _SIZE / 72
    return _FULL_WIDTH, round(float(chart.edges[-1]) + 0.6 + below, 2)


def describe_levels(counts: pd.DataFrame, vocabulary: Vocabulary, *, most: int = _MOST) -> str:
    """
    Say in words how many claims stand at each level, for those who do not see the figure.

    Parameters
    ----------
    counts, vocabulary, most
        As for `plot_levels`.

    Returns
    -------
    description : str
        The claims at each level (of more than seven levels, on each side), then the groups with
        most claims; last how many groups are drawn, where that is not all.

    Raises
    ------
    ValueError
        If a column is no level of the vocabulary, or `most` is below 1.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 1, 2, 0, 4]], index=["spa"], columns=Vocabulary().levels)
    >>> describe_levels(counts, Vocabulary())  # doctest: +ELLIPSIS
    '10 claims in 1 group: for 3, ... against 4. Most claims: spa 10.'
    """
    levels = _sort_levels(counts, vocabulary)[::-1]
    totals, claims = counts[levels].sum(), counts[levels].sum(axis=1)
    if len(levels) > MOST_LEVELS:
        sides = [int(np.sign(vocabulary.scores[level])) for level in levels]
        totals = totals.groupby(sides).sum().rename(name_sides(vocabulary))[::-1]
    named = [f"{name} {total}" for name, total in totals.items() if total]
    text = f"{write_count(int(claims.sum()), 'claim')} in {write_count(len(counts), 'group')}"
    text += f": {', '.join(named)}." if named else "."
    first = claims.sort_values(ascending=False, kind="stable").head(_MOST_NAMED)
    named = [f"{group} {number}" for group, number in first.items()]
    text += f" Most claims: {', '.join(named)}." if named else ""
    return f"{text} {_write_rest(counts, most)}".strip()


def _choose_rows(counts: pd.DataFrame, most: int) -> np.ndarray:
    """Choose the places of the groups with most claims, in the order in which they stand."""
    if most < 1:
        raise ValueError(f"most is {most}, expected 1 or more")
    order = np.argsort(-counts.to_numpy().sum(axis=1), kind="stable")
    return np.sort(order[:most])


def _write_rest(counts: pd.DataFrame, most: int) -> str:
    number = len(counts)
    return f"Drawn: the {most} of {number} with most claims." if number > most else ""


def _sort_levels(counts: pd.DataFrame, vocabulary: Vocabulary) -> list[str]:
    """Sort the levels counted from the lowest score to the highest."""
    unknown = [str(level) for level in counts if level not in vocabulary.scores]
    if unknown:
        raise ValueError(
            f"column {unknown[0]!r} of the counts is no level, expected one of: "
            f"{', '.join(vocabulary.levels)}"
        )
    return [level for level in reversed(vocabulary.levels) if level in counts]


def _lay_out(counts: pd.DataFrame, vocabulary: Vocabulary, room: float) -> _Chart:
    names = [str(name) for name in counts.index]
    font = find_font([*names, *vocabulary.table["label"]], size=_SIZE)
    wrapped = [wrap_text(name, font, width=_WIDEST_LABEL) for name in names]
    heights = np.array([max(_ROW, len(lines) * LINE * _SIZE / 72 + 0.07) for lines in wrapped])
    edges = np.append(0.0, heights.cumsum())
    widest = max((measure_width(line, font) for lines in wrapped for line in lines), default=0)
    bars = _stack_bars(counts, vocabulary)
    bars, zeros, ends = _fit_bars(bars, find_signs(vocabulary), font, room * 72 - widest - 30)
    labels = ["\n".join(lines) for lines in wrapped]
    return _Chart(bars, labels, edges[1:] - heights / 2, edges, zeros, ends, font)


def _stack_bars(counts: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Give each part of each bar its left end, as if all bars started at one 0."""
    levels = _sort_levels(counts, vocabulary)
    sides = np.sign([vocabulary.scores[level] for level in levels]).astype(int)
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
    bars: pd.DataFrame, signs: dict[str, str], font: FontProperties, room: float
) -> tuple[pd.DataFrame, tuple[float, float], tuple[float, float, float]]:
    """Find which counts have room inside, and so how much the others need at the ends."""
    longest = bars.groupby(["side", "group"])["number"].sum().groupby("side").max()
    longest = longest.reindex([-1, 1, 0], fill_value=0)
    there = longest.index.isin(bars["side"])
    needed = np.array([measure_width(str(number), font) + 5 for number in bars["number"]])
    beside = np.zeros(3)
    for _ in range(3):
        unit = max(room - beside.sum() - 36, 50) / max(longest.sum(), 1)
        inside = (needed <= bars["number"] * unit) & (len(signs) <= MOST_LEVELS)
        bars = bars.assign(inside=inside)
        outer = _write_outer(bars, signs)
        widths = pd.Series([measure_width(text, font) + 6 for text in outer], outer.index, float)
        beside = widths.groupby(level=0).max().reindex([-1, 1, 0], fill_value=0).to_numpy()
        beside = np.maximum(beside, np.where(there, 60 - longest * unit, 0))
    reach = longest.to_numpy() + beside / unit
    middle = reach[1] + 18 / unit
    bars["left"] = bars["left"] + np.where(bars["side"] == 0, middle, 0.0)
    return bars, (0.0, middle), (-reach[0], reach[1], middle + reach[2])


def _write_outer(bars: pd.DataFrame, signs: dict[str, str]) -> pd.Series:
    """Write the counts that stand outside, one text per side and group; of a long scale sums."""
    outer = bars[(bars["number"] > 0) & ~bars["inside"]]
    if len(signs) > MOST_LEVELS:
        return outer.groupby(["side", "group"])["number"].sum().astype(str)
    counted = outer["number"].astype(str)
    signed = (outer["level"].map(signs) + " " + counted).where(outer["side"] != 0, counted)
    return signed.groupby([outer["side"], outer["group"]]).agg("\u2002".join)


def _draw_axes(ax: Axes, chart: _Chart, counts: pd.DataFrame, vocabulary: Vocabulary) -> None:
    ax.set(xlim=(chart.ends[0], chart.ends[2]), ylim=(chart.edges[-1] or 1, 0))
    ax.spines[:].set_visible(False)
    ax.set_yticks(chart.places, chart.labels, fontproperties=chart.font, parse_math=False)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.set_ylabel(str(counts.index.name or ""), fontsize=_SIZE, color=PALE_INK, parse_math=False)
    places = {-1: (0.0, "right", -3), 1: (0.0, "left", 3), 0: (chart.zeros[1], "left", 0)}
    for side, name in name_sides(vocabulary).items():
        x, align, shift = places[side]
        title = {-1: f"← {name}", 1: f"{name} →"}.get(side, name)
        ax.annotate(
            title, (x, 0), xytext=(shift, 3), textcoords="offset points", ha=align,
            size=_SIZE, weight="bold", color=INK, parse_math=False, annotation_clip=False,
        )  # fmt: skip
    for zero in chart.zeros[: 1 + (0 in set(chart.bars["side"]))]:
        ax.axvline(zero, color=PALE_INK, linewidth=0.6, zorder=0.6)
    ax.hlines(chart.edges, *ax.get_xlim(), color=RULE, linewidth=0.5, zorder=0.5, clip_on=False)


def _name_bar(
    bar: Any, counts: pd.DataFrame, claim_ids: pd.DataFrame | None
) -> dict[str, str | None]:
    """Give the part of a bar its gid and, where its claims are known, its link."""
    ids = () if claim_ids is None else claim_ids[bar.level].iloc[bar.group]
    gid = f"levels-{counts.index[bar.group]}-{bar.level}"
    return {"gid": gid, "url": link_claim(ids[0]) if ids else None}


def _draw_bar(ax: Axes, chart: _Chart, bar: Any, look: dict[str, Any]) -> None:
    y = chart.places[bar.group]
    ax.barh(
        y, bar.number, left=bar.left, height=_BAR * _ROW, edgecolor="white",
        linewidth=0.5 * bar.inside, **look,
    )  # fmt: skip
    if bar.number and bar.inside:
        ax.text(
            bar.left + bar.number / 2, y, str(bar.number), ha="center", va="center_baseline",
            color=choose_ink(look["color"]), size=_SIZE, url=look["url"],
        )  # fmt: skip


def _draw_outer_counts(ax: Axes, chart: _Chart, signs: dict[str, str]) -> None:
    """Write the counts that have no room in the bars, at the ends of these."""
    bars = chart.bars.assign(right=chart.bars["left"] + chart.bars["number"])
    outer = _write_outer(bars, signs)
    for side, align, edge in ((-1, "right", "left"), (0, "left", "right"), (1, "left", "right")):
        ends = bars[bars["side"] == side].groupby("group")[edge].agg("min" if side < 0 else "max")
        texts = outer[outer.index.get_level_values(0) == side].droplevel(0)
        for group, text in zip(texts.index.tolist(), texts, strict=True):
            ax.annotate(
                text, (ends[group], chart.places[group]), xytext=(-3 if side < 0 else 3, 0),
                textcoords="offset points", ha=align, va="center_baseline", size=_SIZE,
                color=INK, parse_math=False, in_layout=False,
            )  # fmt: skip


def _draw_key(ax: Axes, chart: _Chart, vocabulary: Vocabulary) -> None:
    colours, entries = find_colours(vocabulary), write_key(vocabulary)[::-1]
    handles = [Patch(facecolor=colours[level]) for level in choose_levels(vocabulary)[::-1]]
    columns, _ = fit_columns(entries, chart.font, width=_KEY_WIDTH)
    shift = 20 + LINE * _SIZE * ax.get_xlabel().count("\n")
    below = ScaledTranslation(0, -shift / 72, ax.figure.dpi_scale_trans)
    legend = ax.legend(
        handles, entries, ncols=columns, loc="upper right", bbox_to_anchor=(1, 0),
        bbox_transform=ax.transAxes + below, frameon=False, prop=chart.font, borderpad=0,
        borderaxespad=0, handlelength=1.4, columnspacing=1.2, handletextpad=0.5,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
