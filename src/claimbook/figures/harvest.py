"""The harvest plot: in each row, which sources stand against, in the middle and for."""

from typing import Any, Final

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from claimbook.collection.codebook import FACETS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.field import (
    HEAD,
    INDENT,
    SIZE,
    Field,
    build_field,
    choose_rows,
    shrink,
    split_bar,
)
from claimbook.figures.key import draw_footing
from claimbook.figures.lettering import LINE, embolden, find_room, write_count
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    choose_ink,
    find_colours,
    find_signs,
    link_claim,
)
from claimbook.measures.tallies import BOTH

_FULL_WIDTH: Final = 7.5
_NOTHING: Final = "No source takes a stand on a question here"
_MOST_NAMED: Final = 5
_TINTS: Final = {-1: "#fdf4e8", 0: "#f5f5f5", 1: "#f3f1f8"}


def plot_harvest(
    bars: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    most: int = 20,
    page: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the harvest plot: a bar for each source, in the compartment of the side that it takes.

    Against stands on the left, for on the right, and between them the sources that are uncertain
    and, with a stripe of either colour, those on both sides. The colour and the sign are those of
    the level, the height tells the kind of source; the number under a bar is that of the source
    in the key, or the source itself where every name is short. Bars link to their first claim and
    have the ``gid`` ``harvest-`` and its id, to which ``-sign`` and ``-source`` are added for
    what is written.

    Parameters
    ----------
    bars : DataFrame, one row per bar
        As `find_bars` returns them. Drawn in this order.
    vocabulary : Vocabulary
        Its levels, their scores, and the labels of terms.
    most : int
        Rows on a page. What is left for other pages is said under the plot.
    page : int
        Which page to draw, from 1.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_harvest`.

    Returns
    -------
    ax : Axes
        The same, its unit the point.

    Raises
    ------
    ValueError
        If there is no such page.

    References
    ----------
    Ogilvie D, Fayter D, Petticrew M, Sowden A, Thomas S, Whitehead M, Worthy G (2008). The harvest
    plot: a method for synthesising evidence about the differential effects of interventions. BMC
    Medical Research Methodology 8:8, https://doi.org/10.1186/1471-2288-8-8.

    Examples
    --------
    >>> from claimbook.measures.tallies import find_bars
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> vocabulary = Vocabulary()
    >>> bars, _ = find_bars(claims, vocabulary)
    >>> figure = plt.figure(figsize=size_harvest(bars, vocabulary), layout="constrained")
    >>> ax = plot_harvest(bars, vocabulary, ax=figure.subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "harvest-a-sign"]
    ['++']
    """
    ax = plt.gca() if ax is None else ax
    field = build_field(bars, vocabulary, width=find_room(ax), most=most, page=page)
    _draw_axes(ax, field)
    if len(field.bars) == 0:
        return ax
    _draw_compartments(ax, field)
    looks = find_colours(vocabulary), find_signs(vocabulary)
    for bar in field.bars.itertuples():
        _draw_bar(ax, field, bar, looks[0])
        _write_bar(ax, field, bar, looks)
    draw_footing(ax, field.footing, left=-field.labels, top=field.bottom + SIZE)
    return ax


def size_harvest(
    bars: pd.DataFrame, vocabulary: Vocabulary, *, most: int = 20, page: int = 1
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the harvest plot.

    Parameters
    ----------
    bars, vocabulary, most, page
        As for `plot_harvest`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout. The width is always the same.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> from claimbook.measures.tallies import find_bars
    >>> claims = pd.DataFrame({"claim_id": ["a"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "cause", "recommendation": "for"})
    >>> size_harvest(find_bars(claims, Vocabulary(), least=1)[0], Vocabulary())[0]
    7.5
    """
    if len(bars) == 0:
        return _FULL_WIDTH, 0.6
    field = build_field(bars, vocabulary, width=_FULL_WIDTH - 0.1, most=most, page=page)
    return _FULL_WIDTH, round((_find_height(field) + HEAD + 22) / 72, 2)


def describe_harvest(bars: pd.DataFrame, *, most: int = 20, page: int = 1) -> str:
    """
    Say in words what the harvest plot shows, for those who do not see it.

    Parameters
    ----------
    bars, most, page
        As for `plot_harvest`.

    Returns
    -------
    description : str
        How many rows, sources and bars on each side, then the first rows with sources on opposite
        sides and who they are.

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
    >>> print(describe_harvest(find_bars(claims, Vocabulary())[0]))
    Harvest plot of 1 row and 2 sources. Bars against: 1, uncertain: 0, on both sides: 0, for: 1. \
On opposite sides: back pain, massage, cause (against: clinic; for: spa).
    """
    chosen, before, number = choose_rows(bars, most=most, page=page)
    shown = chosen["row"].nunique()
    text = f"Harvest plot of {write_count(shown, 'row')}"
    text += f" ({before + 1} to {before + shown} of {number})" if shown < number else ""
    text += f" and {write_count(chosen['source'].nunique(), 'source')}."
    if len(chosen) == 0:
        return text
    counts = chosen["side"].value_counts()
    names = {"against": "against", "uncertain": "uncertain", BOTH: "on both sides", "for": "for"}
    bars_on = ", ".join(f"{name}: {counts.get(side, 0)}" for side, name in names.items())
    return f"{text} Bars {bars_on}.{_name_opposed(chosen)}"


def _name_opposed(bars: pd.DataFrame) -> str:
    """Name the first rows in which sources stand on opposite sides."""
    opposed = []
    for terms, row in bars.groupby(list(FACETS), sort=False):
        who = {side: row.loc[row["side"] == side, "source"].tolist() for side in ("against", "for")}
        if all(who.values()):
            sides = "; ".join(f"{side}: {_name_sources(names)}" for side, names in who.items())
            opposed.append(f"{', '.join(str(term) for term in terms if term)} ({sides})")
    named = "; ".join(opposed[:_MOST_NAMED]) + "; …" * (len(opposed) > _MOST_NAMED)
    return f" On opposite sides: {named}." if named else " No sources on opposite sides."


def _name_sources(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= _MOST_NAMED else write_count(len(names), "source")


def _find_height(field: Field) -> float:
    return field.bottom + SIZE + field.footing.height


def _draw_axes(ax: Axes, field: Field) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(which="both", length=0)
    ax.set_xticks([])
    if len(field.bars) == 0:
        ax.set(yticks=[], xlim=(0, 1), ylim=(1, 0))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    ax.set(xlim=(0, field.right), ylim=(_find_height(field), -HEAD))
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("side that each source takes", color=PALE_INK, fontsize=SIZE)
    named = [facet for facet in FACETS if (field.bars[facet] != "").any()]
    label = "question" if len(named) == len(FACETS) else ", ".join(named)
    middle = 1 - (HEAD + field.bottom / 2) / (HEAD + _find_height(field))
    ax.set_ylabel(label, color=PALE_INK, fontsize=SIZE, y=middle)
    style: dict[str, Any] = {"parse_math": False, "color": INK, "ha": "left", "linespacing": LINE}
    ax.yaxis.remove_overlapping_locs = False
    rows, bold = field.rows, embolden(field.font)
    ax.set_yticks(rows["middle"], rows["label"], fontproperties=field.font, va="center", **style)
    ax.tick_params(axis="y", pad=field.labels - INDENT)
    groups = rows[rows["group"] != ""]
    style["fontproperties"] = bold
    ax.set_yticks(groups["above"], groups["group"], minor=True, va="top", **style)
    ax.tick_params(axis="y", which="minor", pad=field.labels)


def _draw_compartments(ax: Axes, field: Field) -> None:
    for side, place in field.sides.iterrows():
        width = place["right"] - place["left"]
        ax.add_patch(
            Rectangle(
                (place["left"], -HEAD), width, HEAD + field.bottom,
                facecolor=_TINTS[int(str(side))], edgecolor="white", linewidth=1.5, zorder=0,
            )
        )  # fmt: skip
        ax.text(
            place["left"] + width / 2, -HEAD / 2, place["title"], ha="center",
            va="center_baseline", fontproperties=embolden(field.font), color=INK, parse_math=False,
            in_layout=False,
        )  # fmt: skip
    rows = field.rows
    heavy = rows["group"] != ""
    for top, start in zip(rows["top"], heavy, strict=True):
        left = -field.labels if start else -field.labels + INDENT
        ax.plot(
            [left, field.right], [top, top], color=RULE, linewidth=0.8 if start else 0.5,
            zorder=0.5, clip_on=False, in_layout=False,
        )  # fmt: skip
    ends = [-field.labels, field.right]
    ax.plot(
        ends, [field.bottom] * 2, color=RULE, linewidth=0.8, zorder=0.5, clip_on=False,
        in_layout=False,
    )  # fmt: skip


def _draw_bar(ax: Axes, field: Field, bar: Any, colours: dict[str, str]) -> None:
    """Draw a bar; that of a source on both sides is made of three polygons."""
    first = bar.claim_ids[0]
    place: dict[str, Any] = {"url": link_claim(first), "gid": f"harvest-{first}"}
    if bar.side != BOTH:
        ax.add_patch(
            Rectangle(
                (bar.left, bar.base - bar.high), field.wide, bar.high, linewidth=0, zorder=1,
                facecolor=colours[bar.level], **place,
            )
        )  # fmt: skip
        return
    shapes = split_bar(field.wide, bar.high, colours[bar.lowest], colours[bar.highest])
    for part, (corners, look) in zip(("", "-lowest", "-highest"), shapes, strict=True):
        points = [(bar.left + x, bar.base - y) for x, y in corners]
        ax.add_patch(Polygon(points, zorder=1, url=place["url"], gid=place["gid"] + part, **look))


def _write_bar(
    ax: Axes, field: Field, bar: Any, looks: tuple[dict[str, str], dict[str, str]]
) -> None:
    """Write the sign at the foot of a bar, and under it the source."""
    first, middle = bar.claim_ids[0], bar.left + field.wide / 2
    both = bar.side == BOTH
    style: dict[str, Any] = {"ha": "center", "parse_math": False, "in_layout": False}
    style["url"] = link_claim(first)
    ax.text(
        middle, bar.base - 4.5, "±" if both else looks[1][bar.level], size=SIZE - 1, weight="bold",
        va="center_baseline", color=INK if both else choose_ink(looks[0][bar.level]),
        gid=f"harvest-{first}-sign", **style,
    )  # fmt: skip
    ax.text(
        middle, bar.base + 4, bar.tag, va="center_baseline", color=INK,
        fontproperties=shrink(field.font), gid=f"harvest-{first}-source", **style,
    )  # fmt: skip
