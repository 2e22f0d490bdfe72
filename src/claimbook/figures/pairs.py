"""The grid of pairs: which two sources stand alike on the questions that they share."""

from typing import Any, Final
from urllib.parse import quote

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import VERDICTS
from claimbook.figures.key import draw_footing
from claimbook.figures.lettering import LINE, embolden, write_count
from claimbook.figures.stairs import EDGE, SIZE, STRIP, Stairs, build_stairs, choose_pairs
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    VERDICT_SIGNS,
    choose_ink,
    link_claim,
)

_NOTHING: Final = "No two sources answer the same question"
_HEAD: Final = 6.0
_BESIDE: Final = 24.0
_MOST_NAMED: Final = 5
_PAD: Final = 5.0


def plot_pairs(
    pairs: pd.DataFrame,
    *,
    sources: pd.DataFrame | None = None,
    shared: pd.DataFrame | None = None,
    most: int = 30,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the grid of pairs: on how many shared questions two sources stand at the same level.

    Sources stand on the diagonal, by kind; a cell stands left of the one and below the other. Its
    box says on how many questions both stand at the same level, and how many both answer; it is
    the darker the larger that share, and the larger the more questions they are. A black strip
    counts the questions on which they stand on opposite sides. Blank where they share none.
    Sources are no coders of one text: that they differ is no error, and that they agree is no
    proof. The ``gid`` of a box is ``pairs-`` and the two sources, percent-encoded, with a plus
    between, to which ``-count`` and ``-opposite`` are added for what is written.

    Parameters
    ----------
    pairs : DataFrame, one row per pair of sources that share a question
        As `count_pairs` returns them.
    sources : DataFrame or None, one row per source
        Gives each source's ``kind``, by which they are grouped.
    shared : DataFrame or None, one row per pair and question
        As `find_shared` returns it: a cell then links to the first claim behind it, of a question
        on which they stand on opposite sides where there is one.
    most : int
        How many sources there may be, those that share most questions first. What is left out is
        said under the grid.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_pairs`.

    Returns
    -------
    ax : Axes
        The same, its unit the point.

    Raises
    ------
    ValueError
        If `most` is less than 2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_a": ["spa"], "source_b": ["gym"], "shared": [3],
    ...                       "equal": [2], "opposite": [1]})
    >>> figure = plt.figure(figsize=size_pairs(pairs), layout="constrained")
    >>> ax = plot_pairs(pairs, ax=figure.subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid()]
    ['2/3', '≠1']
    """
    ax = plt.gca() if ax is None else ax
    stairs = build_stairs(pairs, sources=sources, most=most)
    _draw_axes(ax, stairs)
    if len(stairs.cells) == 0:
        return ax
    _draw_rules(ax, stairs)
    _name_sources(ax, stairs)
    links = _find_links(shared)
    for cell in stairs.cells.itertuples():
        url = links.get((str(cell.source_a), str(cell.source_b)))
        gid = f"pairs-{quote(str(cell.source_a), safe='')}+{quote(str(cell.source_b), safe='')}"
        _draw_cell(ax, cell, gid=gid, url=url)
        _draw_opposite(ax, cell, gid=gid, url=url)
    draw_footing(ax, stairs.footing, left=0.0, top=stairs.shape[1] + SIZE)
    return ax


def size_pairs(
    pairs: pd.DataFrame, *, sources: pd.DataFrame | None = None, most: int = 30
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the grid of pairs.

    Parameters
    ----------
    pairs, sources, most
        As for `plot_pairs`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout.

    Raises
    ------
    ValueError
        If `most` is less than 2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_a": ["spa"], "source_b": ["gym"], "shared": [3],
    ...                       "equal": [2], "opposite": [1]})
    >>> width, height = size_pairs(pairs)
    >>> width > height
    True
    """
    if len(pairs) == 0:
        return 4.0, 0.6
    stairs = build_stairs(pairs, sources=sources, most=most)
    width, height = stairs.shape[0] + _BESIDE, _HEAD + _find_height(stairs) + 22
    return round(width / 72, 2), round(height / 72, 2)


def describe_pairs(pairs: pd.DataFrame, *, most: int = 30) -> str:
    """
    Say in words what the grid of pairs shows, for those who do not see it.

    Parameters
    ----------
    pairs, most
        As for `plot_pairs`.

    Returns
    -------
    description : str
        How many sources and pairs, how often they stand at the same level and on opposite sides,
        the pairs on opposite sides, and the pair that shares most.

    Raises
    ------
    ValueError
        If `most` is less than 2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_a": ["spa"], "source_b": ["gym"], "shared": [3],
    ...                       "equal": [2], "opposite": [1]})
    >>> print(describe_pairs(pairs))
    2 sources by pair: 1 pair of 1 shares a question. Pair by pair, same level on 2 of 3 shared \
questions, opposite sides on 1. On opposite sides: spa and gym (1 of 3). Most shared: spa and \
gym (3, same level on 2).
    """
    chosen = choose_pairs(pairs, most=most)
    if len(chosen) == 0:
        return "No two sources answer the same question."
    number = pd.concat([chosen["source_a"], chosen["source_b"]]).nunique()
    there = number * (number - 1) // 2
    share = "shares" if len(chosen) == 1 else "share"
    text = f"{write_count(number, 'source')} by pair: {write_count(len(chosen), 'pair')} "
    text += f"of {there} {share} a question. Pair by pair, "
    text += f"same level on {chosen['equal'].sum()} of "
    text += f"{write_count(int(chosen['shared'].sum()), 'shared question')}, "
    text += f"opposite sides on {chosen['opposite'].sum()}."
    ranked = chosen.sort_values("opposite", ascending=False, kind="stable")
    opposed = [pair for pair in ranked.to_dict("records") if pair["opposite"]]
    named = [f"{_name(pair)} ({pair['opposite']} of {pair['shared']})" for pair in opposed]
    if named:
        rest = "; …" * (len(named) > _MOST_NAMED)
        text += f" On opposite sides: {'; '.join(named[:_MOST_NAMED])}{rest}."
    most_shared = chosen.nlargest(1, "shared").to_dict("records")[0]
    counts = f"{most_shared['shared']}, same level on {most_shared['equal']}"
    return f"{text} Most shared: {_name(most_shared)} ({counts})."


def _name(pair: dict[Any, Any]) -> str:
    return f"{pair['source_a']} and {pair['source_b']}"


def _find_links(shared: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """Find for each pair the address of the first claim behind its cell."""
    if shared is None:
        return {}
    first = shared.drop_duplicates(["source_a", "source_b"])
    pairs = zip(first["source_a"], first["source_b"], strict=True)
    return {pair: link_claim(ids[0]) for pair, ids in zip(pairs, first["claims_a"], strict=True)}


def _find_height(stairs: Stairs) -> float:
    return stairs.shape[1] + SIZE + stairs.footing.height


def _draw_axes(ax: Axes, stairs: Stairs) -> None:
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[])
    if len(stairs.cells) == 0:
        ax.set(xlim=(0, 1), ylim=(1, 0))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    height = _find_height(stairs)
    ax.set(xlim=(0, stairs.shape[0]), ylim=(height, -_HEAD))
    style: dict[str, Any] = {"color": PALE_INK, "fontsize": SIZE}
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(
        "by pair of sources: questions with the same level / questions shared", loc="left", **style
    )
    ax.set_ylabel("source", y=1 - (_HEAD + stairs.shape[1] / 2) / (_HEAD + height), **style)


def _draw_rules(ax: Axes, stairs: Stairs) -> None:
    """Rule the cells, the blank ones too, so that the eye finds its way to both sources."""
    steps = stairs.steps
    lines = []
    for place in range(1, len(steps)):
        row, before = steps.iloc[place], steps.iloc[:place]
        for left, right in zip(before["left"], before["right"], strict=True):
            lines += [[(left, row["top"]), (right, row["top"])]]
            lines += [[(left, row["bottom"]), (right, row["bottom"])]]
            lines += [[(x, row["top"]), (x, row["bottom"])] for x in (left, right)]
    rules = LineCollection(lines, colors=RULE, linewidths=0.5, zorder=0.5, clip_on=False)
    ax.add_collection(rules, autolim=False)


def _name_sources(ax: Axes, stairs: Stairs) -> None:
    """Write each source where its row ends and its column begins, its kind over the first."""
    style: dict[str, Any] = {"color": INK, "parse_math": False, "linespacing": LINE}
    for step in stairs.steps.to_dict("records"):
        left, middle = step["left"] + _PAD, (step["top"] + step["bottom"]) / 2
        ax.text(
            left, middle, step["label"], va="center", fontproperties=stairs.font,
            in_layout=False, **style,
        )  # fmt: skip
        if step["group"]:
            ax.text(
                left, step["top"] - 1, step["group"], va="bottom", in_layout=False,
                fontproperties=embolden(stairs.font), **style,
            )  # fmt: skip


def _draw_cell(ax: Axes, cell: Any, *, gid: str, url: str | None) -> None:
    """Draw the box of a pair with its numbers, over the strip where there is one."""
    middle = (cell.left + cell.right) / 2
    height = cell.bottom - cell.top - STRIP * (cell.opposite > 0)
    corner = (middle - cell.wide / 2, cell.top + (height - cell.high) / 2)
    ax.add_patch(
        Rectangle(
            corner, cell.wide, cell.high, facecolor=cell.colour, zorder=1, url=url, gid=gid, **EDGE
        )
    )
    ax.text(
        middle, cell.top + height / 2, cell.text, ha="center", va="center_baseline",
        size=SIZE - 1, color=choose_ink(cell.colour), parse_math=False, in_layout=False,
        url=url, gid=f"{gid}-count",
    )  # fmt: skip


def _draw_opposite(ax: Axes, cell: Any, *, gid: str, url: str | None) -> None:
    """Count at the foot of a cell the questions on which the two stand on opposite sides."""
    if not cell.opposite:
        return
    width, top = cell.right - cell.left, cell.bottom - STRIP
    ax.add_patch(
        Rectangle((cell.left, top), width, STRIP, facecolor=INK, linewidth=0, zorder=1.5, url=url)
    )
    ax.text(
        cell.left + width / 2, top + STRIP / 2, f"{VERDICT_SIGNS[VERDICTS[0]]}{cell.opposite}",
        ha="center", va="center_baseline", size=SIZE - 1, weight="bold", color="white",
        parse_math=False, in_layout=False, url=url, gid=f"{gid}-opposite",
    )  # fmt: skip
