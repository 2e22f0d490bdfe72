"""The lay-out of the harvest plot: rows, compartments and where each bar stands, in points."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.collection.codebook import FACETS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.grid import KIND_NAMES
from claimbook.figures.key import Entry, Footing, box_swatch, lay_out, list_levels
from claimbook.figures.lettering import (
    LINE,
    embolden,
    find_font,
    measure_width,
    wrap_text,
)
from claimbook.figures.style import INK, find_colours, find_signs, name_sides
from claimbook.measures.tallies import BOTH

SIZE: Final = 8.0
SMALL: Final = 6.5
INDENT: Final = 8.0
HEAD: Final = 14.0
_WIDEST: Final = 150.0
_SIDES: Final = {"against": -1, "uncertain": 0, BOTH: 0, "for": 1}
_INSET: Final = 6.0
_GAP: Final = 3.0
_PAD: Final = 4.0
_TAG: Final = 8.0
_LEAST: Final = 14.0
_BESIDE: Final = 24.0
_HANG: Final = 78.0
_NOTE: Final = "Each bar is a source."
_HEIGHT: Final = " Its height tells the kind of source, and nothing of its quality."


class Field(NamedTuple):
    """
    Where everything stands, in points: right from the left edge of the bars, down from the top.

    Attributes
    ----------
    rows : DataFrame, one row per row of the plot
        ``label`` and ``group`` (its condition where it begins, else empty), broken into lines;
        ``top``, ``bottom``, ``middle`` (of the label) and ``above`` (top of the condition).
    bars : DataFrame, one row per bar
        What the bars hold, with ``left``, ``base``, ``high`` and ``tag`` (what is written under).
    sides : DataFrame, one row per compartment
        ``title``, ``left``, ``right``; by side.
    wide : float
        Width of a bar.
    labels, right, bottom : float
        Width of the column of labels, right edge of the bars, and their lower edge.
    footing : Footing
        What stands under it.
    font : FontProperties
        Of the text.
    """

    rows: pd.DataFrame
    bars: pd.DataFrame
    sides: pd.DataFrame
    wide: float
    labels: float
    right: float
    bottom: float
    footing: Footing
    font: FontProperties


def choose_rows(bars: pd.DataFrame, *, most: int, page: int) -> tuple[pd.DataFrame, int, int]:
    """
    Choose the bars of one page.

    Parameters
    ----------
    bars : DataFrame, one row per bar
        As `find_bars` returns them.
    most : int
        Rows on a page.
    page : int
        Which one, from 1.

    Returns
    -------
    chosen : DataFrame, one row per bar
        With ``row``, counted from 0 on this page.
    before, number : int
        How many rows come before those chosen, and how many there are.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> bars = pd.DataFrame({"condition": list("aab"), "intervention": "", "aspect": ""})
    >>> choose_rows(bars, most=1, page=2)[0]["condition"].tolist()
    ['b']
    """
    rows = bars.groupby(list(FACETS), sort=False).ngroup()
    number = int(rows.max()) + 1 if len(rows) else 0
    pages = max(-(-number // max(most, 1)), 1)
    if most < 1 or not 1 <= page <= pages:
        raise ValueError(f"no page {page} with at most {most} rows: there are {pages} pages")
    before = (page - 1) * most
    chosen = (rows >= before) & (rows < before + most)
    return bars[chosen].assign(row=rows[chosen] - before), before, number


def build_field(
    bars: pd.DataFrame, vocabulary: Vocabulary, *, width: float, most: int, page: int
) -> Field:
    """
    Lay out the harvest plot.

    Parameters
    ----------
    bars, vocabulary, most, page
        As for `plot_harvest`.
    width : float
        Of everything, in inches.

    Returns
    -------
    field : Field
        Bars that have no room beside one another stand in several lines.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> from claimbook.measures.tallies import find_bars
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> bars, _ = find_bars(claims, Vocabulary())
    >>> build_field(bars, Vocabulary(), width=7, most=9, page=1).rows["group"].tolist()
    ['back pain']
    """
    chosen, before, number = choose_rows(bars, most=most, page=page)
    font = _choose_font(chosen, vocabulary)
    chosen = chosen.assign(tag=_tag_bars(chosen, font), high=3.0 + 5.0 * chosen["height"])
    rows = _label_rows(chosen, vocabulary, font)
    texts = [(label, font, INDENT) for label in rows["label"]]
    texts += [(group, embolden(font), 0.0) for group in rows["group"]]
    labels = max((_measure_lines(text, style) + left for text, style, left in texts), default=0.0)
    labels += INDENT
    wide, right = _find_widest(chosen, vocabulary, font), width * 72 - labels - _BESIDE
    sides = _share_width(chosen, vocabulary, font, wide + _GAP, right)
    placed, lines = _place_bars(chosen, sides, wide + _GAP)
    rows, placed = _stack_rows(rows, placed, lines)
    shown = (before, before + len(rows), number)
    entries = _list_entries(chosen, vocabulary, wide, shown)
    footing = lay_out(entries, font, width=labels + right)
    bottom = float(rows["bottom"].iloc[-1]) if len(rows) else 0.0
    return Field(rows, placed, sides, wide, labels, right, bottom, footing, font)


def _choose_font(bars: pd.DataFrame, vocabulary: Vocabulary) -> FontProperties:
    words = [*bars["source"], *bars["kind"], *vocabulary.table["label"]]
    return find_font([*words, *bars[list(FACETS)].to_numpy().ravel()], size=SIZE)


def shrink(font: FontProperties) -> FontProperties:
    """
    Make a copy of a font for what is written under bars.

    Parameters
    ----------
    font : FontProperties
        Is left as it is.

    Returns
    -------
    small : FontProperties
        Same family.

    Examples
    --------
    >>> shrink(find_font([], size=8)).get_size()
    6.5
    """
    small = font.copy()
    small.set_size(SMALL)
    return small


def _tag_bars(bars: pd.DataFrame, font: FontProperties) -> pd.Series:
    """Write the source under its bar where every name fits, else its number."""
    small = shrink(font)
    fits = all(measure_width(name, small) <= _LEAST for name in bars["source"].unique())
    return bars["source"] if fits else bars["number"].astype("str")


def _find_widest(bars: pd.DataFrame, vocabulary: Vocabulary, font: FontProperties) -> float:
    """Make bars wide enough for the signs in them and for what is written under them."""
    signs, small = find_signs(vocabulary), shrink(font)
    bold = FontProperties(size=SIZE - 1, weight="bold")
    used = {signs[level] for level in bars["level"].unique() if level}
    widths = [measure_width(sign, bold) + 2 for sign in used]
    widths += [measure_width(tag, small) + 1 for tag in bars["tag"].unique()]
    return max([_LEAST, *widths])


def _label_rows(bars: pd.DataFrame, vocabulary: Vocabulary, font: FontProperties) -> pd.DataFrame:
    """Name the rows: the condition where it begins, and the other terms on each."""
    terms = bars.drop_duplicates("row")[list(FACETS)]
    named = [
        [vocabulary.describe(facet, term)[0] for facet, term in zip(FACETS, row, strict=True)]
        for row in terms.to_numpy().tolist()
    ]
    labels = [" · ".join(name for name in names[1:] if name) for names in named]
    new = terms["condition"].ne(terms["condition"].shift()).to_numpy()
    groups = [names[0] if first else "" for names, first in zip(named, new, strict=True)]
    bold = embolden(font)
    return pd.DataFrame(
        {
            "label": ["\n".join(wrap_text(text, font, width=_WIDEST - INDENT)) for text in labels],
            "group": ["\n".join(wrap_text(text, bold, width=_WIDEST)) for text in groups],
        },
        dtype="str",
    )


def _measure_lines(text: str, font: FontProperties) -> float:
    return max(measure_width(line, font) for line in text.split("\n"))


def _share_width(
    bars: pd.DataFrame, vocabulary: Vocabulary, font: FontProperties, pitch: float, right: float
) -> pd.DataFrame:
    """Share the width between the compartments, by the longest row of bars in each."""
    titles = _name_compartments(bars, vocabulary)
    most = bars.groupby(["row", bars["side"].map(_SIDES)]).size().groupby(level=1).max()
    needed = most.reindex(list(titles), fill_value=1).to_numpy()
    bold = embolden(font)
    widths = np.array([measure_width(text, bold) for text in titles.values()]) + 2 * _INSET
    widths = np.maximum(widths, pitch + 2 * _INSET)
    while widths.sum() + pitch <= right:
        lines = needed / ((widths - 2 * _INSET + _GAP) // pitch)
        if lines.max() <= 1:
            break
        widths[lines.argmax()] += pitch
    widths += max(right - widths.sum(), 0) / len(widths)
    ends = widths.cumsum()
    columns = {"title": list(titles.values()), "left": ends - widths, "right": ends}
    return pd.DataFrame(columns, index=list(titles))


def _name_compartments(bars: pd.DataFrame, vocabulary: Vocabulary) -> dict[int, str]:
    names = name_sides(vocabulary)
    if (bars["side"] == BOTH).any():
        names[0] = f"{names[0]} or on both sides" if 0 in names else "on both sides"
    arrows = {-1: "← {}", 0: "{}", 1: "{} →"}
    return {side: arrows[side].format(names[side]) for side in sorted(names)}


def _place_bars(
    bars: pd.DataFrame, sides: pd.DataFrame, pitch: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Place bars from left to right in lines, and find how high each line of a row is."""
    side = bars["side"].map(_SIDES)
    left, right = (sides[name].reindex(side).to_numpy() for name in ("left", "right"))
    room = np.maximum((right - left - 2 * _INSET + _GAP) // pitch, 1)
    place = bars.groupby(["row", side]).cumcount().to_numpy()
    line = (place // room).astype(int)
    placed = bars.assign(line=line, left=left + _INSET + place % room * pitch)
    lines = placed.groupby(["row", "line"])["high"].max() + _TAG + _PAD
    return placed, lines.rename("size").reset_index()


def _stack_rows(
    rows: pd.DataFrame, bars: pd.DataFrame, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stack the rows, each as high as its lines of bars or its label needs."""
    leading = LINE * SIZE
    heading, worded = (
        np.array([leading * _count_lines(text) for text in rows[name]])
        for name in ("group", "label")
    )
    held = lines.groupby("row")["size"].sum().reindex(range(len(rows))).to_numpy() + _PAD
    bottom = np.maximum(held, heading + worded + 1.5 * _PAD).cumsum()
    top = np.append(0.0, bottom)[:-1]
    above = (top + bottom - heading - worded) / 2
    rows = rows.assign(top=top, bottom=bottom, above=above, middle=above + heading + worded / 2)
    start = (bottom - held)[lines["row"].to_numpy(dtype=int)]
    ends = start + lines.groupby("row")["size"].cumsum().to_numpy()
    bases = lines.assign(base=ends - _TAG).drop(columns="size")
    return rows, bars.merge(bases, on=["row", "line"])


def _count_lines(text: str) -> int:
    return text.count("\n") + 1 if text else 0


def _list_entries(
    bars: pd.DataFrame, vocabulary: Vocabulary, wide: float, shown: tuple[int, int, int]
) -> list[Entry]:
    """List what the key explains: levels, the height and the sources of each kind, the note."""
    entries = list_levels(vocabulary)
    if (bars["side"] == BOTH).any():
        ends = find_colours(vocabulary)
        shapes = split_bar(wide, 9.0, ends[vocabulary.levels[-1]], ends[vocabulary.levels[0]])
        entries.append(Entry("on both sides", shapes=shapes, sign="±"))
    sources = bars.drop_duplicates("source").sort_values("number")
    kinds = sources[["kind", "high"]].drop_duplicates()
    style: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": INK, "linewidth": 0.8}
    known = (kinds["kind"] != "").any()
    for place, (kind, high) in enumerate(kinds.itertuples(index=False) if known else ()):
        shape = box_swatch(wide, high, **style)
        entries.append(Entry(kind or KIND_NAMES[""], shapes=(shape,), starts=not place))
    entries += _list_sources(sources)
    before, after, number = shown
    note = _NOTE + _HEIGHT * bool(known)
    note += f" Rows {before + 1} to {after} of {number}." * (after - before < number)
    return [*entries, Entry(note, starts=True, pale=True)]


def _list_sources(sources: pd.DataFrame) -> list[Entry]:
    """List the sources of each kind by number, unless they stand under the bars by name."""
    entries: list[Entry] = []
    if (sources["tag"] == sources["source"]).all():
        return entries
    for kind, group in sources.groupby("kind", sort=False):
        name = KIND_NAMES.get(str(kind), str(kind)) if len(set(sources["kind"])) > 1 else "sources"
        entries.append(Entry(name, bold=True, starts=True, hang=_HANG))
        for source in group.itertuples():
            entries.append(Entry(str(source.source), lead=str(source.number)))
    return entries


def split_bar(wide: float, high: float, low_colour: str, high_colour: str) -> tuple[Any, ...]:
    """
    Make the bar of a source on both sides: white between a stripe of either colour.

    Parameters
    ----------
    wide, high : float
        Its size, in points.
    low_colour, high_colour : str
        Of the level against and of that for.

    Returns
    -------
    shapes : tuple of (corners, style)
        For `Entry`; the whole bar is the first.

    Examples
    --------
    >>> len(split_bar(14, 9, "orange", "purple"))
    3
    """
    edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8}
    stripe = wide / 4
    return (
        box_swatch(wide, high, facecolor="#ffffff", **edge),
        box_swatch(stripe, high, facecolor=low_colour, **edge),
        box_swatch(stripe, high, left=wide - stripe, facecolor=high_colour, **edge),
    )
