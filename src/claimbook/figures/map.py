"""The map: on which points of which conditions sources stand for, against and in the middle."""

from typing import Any, Final

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.key import draw_footing
from claimbook.figures.lettering import LINE, write_count
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    VERDICT_SIGNS,
    choose_ink,
    link_claim,
)
from claimbook.figures.tiles import CORNER, LOW, MARK, SIZE, Tiles, build_tiles, choose_cells
from claimbook.measures.tallies import BOTH

_NOTHING: Final = "No claim to show"
_BESIDE: Final = 24.0
_MOST_NAMED: Final = 5


def plot_map(
    cells: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    most: tuple[int, int] = (40, 12),
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the map: in each cell, how many sources stand against, in the middle and for.

    A side has a box with the number of its sources, against on the left and for on the right,
    between them the uncertain and, in an outline, those on both sides; the higher a box, the more
    sources it counts. A cell in which sources conflict on a question has a frame and the sign of
    conflict. A cell is empty where no source speaks of it. A box links to its first claim; its
    ``gid`` is ``map-``, the id of that claim, a dash and the side, to which ``-count`` is added for
    the number.

    Parameters
    ----------
    cells : DataFrame, one row per cell
        As `count_cells` returns them: rows of the map are the terms of its first column, columns
        those of its second.
    vocabulary : Vocabulary
        Its levels, their scores, and the labels of terms.
    most : (rows, columns)
        How many terms there may be of either facet; those with a conflict are chosen first, then
        those with most sources. What is left out is said under the map.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_map`.

    Returns
    -------
    ax : Axes
        The same, its unit the point.

    Raises
    ------
    ValueError
        If either number of `most` is less than 1.

    Examples
    --------
    >>> from claimbook.measures.tallies import count_cells
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> cells = count_cells(claims, Vocabulary())
    >>> figure = plt.figure(figsize=size_map(cells, Vocabulary()), layout="constrained")
    >>> ax = plot_map(cells, Vocabulary(), ax=figure.subplots())
    >>> [box.get_gid() for box in ax.patches if box.get_url()]
    ['map-b-against', 'map-a-for']
    """
    ax = plt.gca() if ax is None else ax
    tiles = build_tiles(cells, vocabulary, most=most)
    _draw_axes(ax, tiles)
    if len(tiles.cells) == 0:
        return ax
    _draw_heads(ax, tiles)
    _draw_rules(ax, tiles)
    for cell in tiles.cells[tiles.cells["conflicts"] > 0].itertuples():
        _draw_conflict(ax, cell)
    for box in tiles.boxes.itertuples():
        _draw_box(ax, tiles, box)
    draw_footing(ax, tiles.footing, left=-tiles.shape[0], top=tiles.shape[2] + SIZE)
    return ax


def size_map(
    cells: pd.DataFrame, vocabulary: Vocabulary, *, most: tuple[int, int] = (40, 12)
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the map.

    Parameters
    ----------
    cells, vocabulary, most
        As for `plot_map`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout.

    Raises
    ------
    ValueError
        If either number of `most` is less than 1.

    Examples
    --------
    >>> from claimbook.measures.tallies import count_cells
    >>> claims = pd.DataFrame({"claim_id": ["a"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "cause", "recommendation": "for"})
    >>> width, height = size_map(count_cells(claims, Vocabulary()), Vocabulary())
    >>> width > height
    True
    """
    if len(cells) == 0:
        return 3.0, 0.6
    tiles = build_tiles(cells, vocabulary, most=most)
    width = tiles.shape[0] + tiles.shape[1] + _BESIDE
    return round(width / 72, 2), round((tiles.head + _find_height(tiles) + 22) / 72, 2)


def describe_map(cells: pd.DataFrame, *, most: tuple[int, int] = (40, 12)) -> str:
    """
    Say in words what the map shows, for those who do not see it.

    Parameters
    ----------
    cells, most
        As for `plot_map`.

    Returns
    -------
    description : str
        How many terms and cells, in how many cells which side has more sources, and the first
        conflicts with their numbers.

    Raises
    ------
    ValueError
        If either number of `most` is less than 1.

    Examples
    --------
    >>> from claimbook.measures.tallies import count_cells
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> print(describe_map(count_cells(claims, Vocabulary())))
    Map of 1 condition by 1 aspect, 1 cell of 1 with sources. More sources for than against: \
0 cells, more against: 0, as many: 1. In conflict: back pain, cause (for 1, uncertain 0, against 1).
    """
    chosen = choose_cells(cells, most=most)
    down, across = chosen.columns[:2]
    shape = chosen[down].nunique(), chosen[across].nunique()
    text = f"Map of {write_count(shape[0], str(down))} by {write_count(shape[1], str(across))}, "
    text += f"{write_count(len(chosen), 'cell')} of {shape[0] * shape[1]} with sources."
    if len(chosen) == 0:
        return text
    ahead = chosen["for"] - chosen["against"]
    text += f" More sources for than against: {write_count(int((ahead > 0).sum()), 'cell')}, "
    text += f"more against: {(ahead < 0).sum()}, as many: {(ahead == 0).sum()}."
    conflicts = chosen[chosen["conflicts"] > 0]
    named = [
        f"{cell[down]}, {cell[across]} "
        f"(for {cell['for']}, uncertain {cell['uncertain']}, against {cell['against']}"
        + (f", on both sides {cell[BOTH]})" if cell[BOTH] else ")")
        for cell in conflicts.head(_MOST_NAMED).to_dict("records")
    ]
    rest = "; …" * (len(conflicts) > _MOST_NAMED)
    return text + (f" In conflict: {'; '.join(named)}{rest}." if named else "")


def _find_height(tiles: Tiles) -> float:
    return tiles.shape[2] + SIZE + tiles.footing.height


def _draw_axes(ax: Axes, tiles: Tiles) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(which="both", length=0)
    ax.set_xticks([])
    if len(tiles.cells) == 0:
        ax.set(yticks=[], xlim=(0, 1), ylim=(1, 0))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    labels, right, bottom = tiles.shape
    height = _find_height(tiles)
    ax.set(xlim=(0, right), ylim=(height, -tiles.head))
    style: dict[str, Any] = {"color": PALE_INK, "fontsize": SIZE}
    down, across = map(str, tiles.cells.columns[:2])
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(across, x=float(tiles.columns["end"].max()) / 2 / right, **style)
    ax.set_ylabel(down, y=1 - (tiles.head + bottom / 2) / (tiles.head + height), **style)
    ax.yaxis.remove_overlapping_locs = False
    ax.set_yticks(
        tiles.rows["middle"], tiles.rows["label"], fontproperties=tiles.font, ha="left",
        va="center", parse_math=False, color=INK, linespacing=LINE,
    )  # fmt: skip
    ax.tick_params(axis="y", pad=labels)


def _draw_heads(ax: Axes, tiles: Tiles) -> None:
    """Name the columns, and under each name the sides in the order of the bars."""
    style: dict[str, Any] = {"ha": "center", "parse_math": False, "in_layout": False}
    marks = dict(zip(tiles.slots["left"], tiles.slots["sign"], strict=True))
    starts = zip(tiles.columns["start"], tiles.columns["middle"], strict=True)
    for (start, middle), label in zip(starts, tiles.columns["label"], strict=True):
        ax.text(
            middle, -MARK - 2, label, va="bottom", color=INK, linespacing=LINE,
            fontproperties=tiles.font, **style,
        )  # fmt: skip
        for left, sign in marks.items():
            ax.text(
                start + left + tiles.slot / 2, -MARK / 2, sign, color=INK, size=SIZE - 1,
                weight="bold", va="center_baseline", **style,
            )  # fmt: skip


def _draw_rules(ax: Axes, tiles: Tiles) -> None:
    """Rule the cells, the empty ones too, so that the eye finds its way."""
    bottom, right = tiles.shape[2], float(tiles.columns["end"].max())
    lines = [[(0.0, y), (right, y)] for y in (0.0, *tiles.rows["end"])]
    lines += [[(x, 0.0), (x, bottom)] for x in (0.0, *tiles.columns["end"])]
    rules = LineCollection(lines, colors=RULE, linewidths=0.6, zorder=0.5, clip_on=False)
    ax.add_collection(rules, autolim=False)


def _draw_conflict(ax: Axes, cell: Any) -> None:
    """Frame a cell in which sources conflict, and sign its corner."""
    style: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.3, "zorder": 2, "clip_on": False}
    width, height = cell.right - cell.left, cell.bottom - cell.top
    ax.add_patch(Rectangle((cell.left, cell.top), width, height, facecolor="none", **style))
    corner = (cell.right - CORNER, cell.top)
    ax.add_patch(Rectangle(corner, CORNER, CORNER, facecolor=INK, **style))
    ax.text(
        cell.right - CORNER / 2, cell.top + CORNER / 2, VERDICT_SIGNS[VERDICTS[0]], ha="center",
        va="center_baseline", size=SIZE - 0.5, weight="bold", color="white", parse_math=False,
        zorder=3, in_layout=False,
    )  # fmt: skip


def _draw_box(ax: Axes, tiles: Tiles, box: Any) -> None:
    """Draw how many sources take a side in a cell."""
    colour = str(tiles.slots.loc[box.side, "colour"])
    url, gid = link_claim(box.claim), f"map-{box.claim}-{box.side}"
    ax.add_patch(
        Rectangle(
            (box.left, box.base - box.high), tiles.slot, box.high, facecolor=colour,
            edgecolor=INK, linewidth=0.9 * (box.side == BOTH), zorder=1, url=url, gid=gid,
        )
    )  # fmt: skip
    ax.text(
        box.left + tiles.slot / 2, box.base - LOW / 2, str(box.count), ha="center",
        va="center_baseline", size=SIZE - 1, color=choose_ink(colour), parse_math=False,
        url=url, gid=f"{gid}-count", in_layout=False,
    )  # fmt: skip
