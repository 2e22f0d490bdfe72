"""The lay-out of the map: which terms are shown, and where each cell and its bars stand."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.key import Entry, Footing, box_swatch, lay_out
from claimbook.figures.lettering import LINE, find_font, measure_width, wrap_text
from claimbook.figures.style import INK, MIDDLE, VERDICT_SIGNS, find_colours, name_sides
from claimbook.measures.tallies import BOTH

SIZE: Final = 8.0
LOW, HIGH = 10.5, 20.0
BASE: Final = 3.0
MARK: Final = 10.0
CORNER: Final = 9.0
_LEVEL: Final = BASE + LOW / 2
_SLOT: Final = 14.0
_GAP: Final = 1.5
_MARGIN: Final = 3.0
_WIDEST: Final = 76.0
_WIDEST_LABEL: Final = 135.0
_LEAST: Final = 330.0
_NOTE: Final = "A number counts sources, a higher box more. Empty: no source speaks of it. "
_ORDER: Final = "Terms stand in the order of the vocabulary."


class Tiles(NamedTuple):
    """
    Where everything stands, in points: right from the first column, down from the first row.

    Attributes
    ----------
    rows, columns : DataFrame, one row per term shown
        ``label``, broken into lines; ``start``, ``end`` and ``middle`` (of the label).
    cells : DataFrame, one row per cell
        What the cells hold, with ``left``, ``right``, ``top`` and ``bottom``.
    boxes : DataFrame, one row per side of a cell that a source takes
        ``side``, ``left``, ``base``, ``high``, ``count`` and ``claim``, its first.
    slots : DataFrame, one row per side
        ``sign``, ``name``, ``colour`` and ``left``, from the left edge of a cell.
    slot : float
        Width of a box.
    head : float
        Height of the heads of columns.
    shape : (labels, right, bottom)
        Width of the labels of rows, and how far all else reaches.
    footing : Footing
        What stands under it.
    font : FontProperties
        Of the text.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    cells: pd.DataFrame
    boxes: pd.DataFrame
    slots: pd.DataFrame
    slot: float
    head: float
    shape: tuple[float, float, float]
    footing: Footing
    font: FontProperties


def choose_cells(cells: pd.DataFrame, *, most: tuple[int, int]) -> pd.DataFrame:
    """
    Choose the cells of the terms that most is said of.

    Parameters
    ----------
    cells : DataFrame, one row per cell
        As `count_cells` returns them.
    most : (rows, columns)
        How many terms there may be of either facet.

    Returns
    -------
    chosen : DataFrame, one row per cell
        In the same order. Terms with a conflict come first, then those with most sources, then
        as they stand; columns are chosen before rows.

    Raises
    ------
    ValueError
        If either number is less than 1.

    Examples
    --------
    >>> cells = pd.DataFrame({"condition": ["a", "b"], "aspect": "use", "sources": [1, 2],
    ...                       "conflicts": 0})
    >>> choose_cells(cells, most=(1, 1))["condition"].tolist()
    ['b']
    """
    if min(most) < 1:
        raise ValueError(f"most is {most}, expected two numbers from 1")
    for facet, number in zip(cells.columns[1::-1], most[::-1], strict=True):
        weights = cells.groupby(facet, sort=False)[["conflicts", "sources"]].sum()
        order = np.lexsort((-weights["sources"], weights["conflicts"] == 0))
        cells = cells[cells[facet].isin(weights.index[order[:number]])]
    return cells.reset_index(drop=True)


def build_tiles(cells: pd.DataFrame, vocabulary: Vocabulary, *, most: tuple[int, int]) -> Tiles:
    """
    Lay out the map.

    Parameters
    ----------
    cells, vocabulary, most
        As for `plot_map`.

    Returns
    -------
    tiles : Tiles
        Rows and columns in the order of the cells.

    Raises
    ------
    ValueError
        If either number of `most` is less than 1.

    Examples
    --------
    >>> from claimbook.measures.tallies import count_cells
    >>> claims = pd.DataFrame({"claim_id": ["a"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "cause", "recommendation": "for"})
    >>> cells = count_cells(claims, Vocabulary())
    >>> build_tiles(cells, Vocabulary(), most=(9, 9)).boxes["side"].tolist()
    ['for']
    """
    chosen = choose_cells(cells, most=most)
    down, across = cells.columns[:2]
    font = find_font([*vocabulary.table["label"], *cells[down], *cells[across]], size=SIZE)
    slots = _list_slots(chosen, vocabulary)
    slot = max([_SLOT, *(_measure_count(most) for most in chosen[[*slots.index]].max())])
    used = len(slots) * (slot + _GAP) - _GAP
    columns, head = _list_columns(chosen, vocabulary, font, least=used + 2 * _MARGIN)
    rows, labels = _list_rows(chosen, vocabulary, font)
    pitch = float(columns["end"].iloc[0]) if len(columns) else used
    slots["left"] = (pitch - used) / 2 + np.arange(len(slots)) * (slot + _GAP)
    chosen = _place_cells(chosen, rows, columns)
    right = max([_LEAST - labels, *columns["end"].tail(1)])
    entries = _list_entries(chosen, slots, _count_hidden(cells, chosen))
    footing = lay_out(entries, font, width=labels + right)
    shape = (labels, right, float(rows["end"].max()) if len(rows) else 0.0)
    boxes = _list_boxes(chosen, slots)
    return Tiles(rows, columns, chosen, boxes, slots, slot, head, shape, footing, font)


def _measure_count(number: int) -> float:
    return measure_width(str(number), FontProperties(size=SIZE - 1)) + 3


def _list_slots(cells: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """List the sides that a cell has room for, from left to right."""
    names, colours = name_sides(vocabulary), find_colours(vocabulary)
    lowest, highest = (colours[vocabulary.levels[end]] for end in (-1, 0))
    middle = "?" if names.get(0) == "uncertain" else "0"
    slots = {
        "against": ("−", names.get(-1, ""), lowest),
        "uncertain": (middle, names.get(0, ""), MIDDLE),
        BOTH: ("±", "on both sides" * bool(cells[BOTH].any()), "#ffffff"),
        "for": ("+", names.get(1, ""), highest),
    }
    table = pd.DataFrame.from_dict(slots, orient="index", columns=["sign", "name", "colour"])
    return table[table["name"] != ""].copy()


def _list_columns(
    cells: pd.DataFrame, vocabulary: Vocabulary, font: FontProperties, *, least: float
) -> tuple[pd.DataFrame, float]:
    """Name the columns, as wide as their words need, and find how high the names are."""
    facet = str(cells.columns[1])
    known = dict.fromkeys([*vocabulary.find_terms(facet), *cells[facet]])
    used = set(cells[facet])
    terms = [term for term in known if term in used]
    names = [vocabulary.describe(facet, term)[0] for term in terms]
    longest = max((measure_width(word, font) for name in names for word in name.split()), default=0)
    pitch = max(min(longest + 4, _WIDEST), least)
    labels = ["\n".join(wrap_text(name, font, width=pitch - 3)) for name in names]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    start = np.arange(len(terms)) * pitch
    columns = pd.DataFrame(
        {"label": labels, "start": start, "end": start + pitch, "middle": start + pitch / 2},
        index=terms,
    )
    return columns, lines * LINE * SIZE + MARK + 4


def _list_rows(
    cells: pd.DataFrame, vocabulary: Vocabulary, font: FontProperties
) -> tuple[pd.DataFrame, float]:
    """Name the rows, as high as their names need, and find how wide the names are."""
    facet = str(cells.columns[0])
    terms = cells[facet].drop_duplicates().tolist()
    texts = [
        wrap_text(vocabulary.describe(facet, term)[0], font, width=_WIDEST_LABEL) for term in terms
    ]
    marked = cells.groupby(facet, sort=False)["conflicts"].max().to_numpy() > 0
    worded = np.array([len(lines) * LINE * SIZE for lines in texts])
    sizes = np.maximum(worded + 5, HIGH + 2 * BASE + marked * (CORNER - BASE))
    end = sizes.cumsum()
    widest = max((measure_width(line, font) for lines in texts for line in lines), default=0.0)
    table = {
        "label": ["\n".join(lines) for lines in texts],
        "start": end - sizes,
        "end": end,
        "middle": np.where([len(lines) > 1 for lines in texts], end - sizes / 2, end - _LEVEL),
    }
    return pd.DataFrame(table, index=terms), widest + 8


def _place_cells(cells: pd.DataFrame, rows: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    row, column = rows.reindex(cells.iloc[:, 0]), columns.reindex(cells.iloc[:, 1])
    return cells.assign(
        left=column["start"].to_numpy(),
        right=column["end"].to_numpy(),
        top=row["start"].to_numpy(),
        bottom=row["end"].to_numpy(),
    )


def _list_boxes(cells: pd.DataFrame, slots: pd.DataFrame) -> pd.DataFrame:
    """Give each side of each cell that a source takes a box, the higher the more take it."""
    more = max(int(cells[[*slots.index]].to_numpy().max(initial=2)) - 1, 1)
    boxes = [
        pd.DataFrame(
            {
                "side": side,
                "left": there["left"] + slots.loc[side, "left"],
                "base": there["bottom"] - BASE,
                "high": LOW + (HIGH - LOW) * (there[side] - 1) / more,
                "count": there[side],
                "claim": [ids[0] for ids in there[f"claims_{side}"]],
            }
        )
        for side, there in ((side, cells[cells[side] > 0]) for side in slots.index)
    ]
    return pd.concat(boxes, ignore_index=True)


def _count_hidden(cells: pd.DataFrame, chosen: pd.DataFrame) -> str:
    """Say how many terms are not shown, if any."""
    hidden = []
    for facet in cells.columns[:2]:
        shown, there = chosen[facet].nunique(), cells[facet].nunique()
        if shown < there:
            hidden.append(f"{there - shown} of {there} {facet}s")
    return f" Not shown: {' and '.join(hidden)}, of which less is said." if hidden else ""


def _list_entries(cells: pd.DataFrame, slots: pd.DataFrame, hidden: str) -> list[Entry]:
    """List what the key explains: sides, the sign of conflict, the note."""
    edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.9}
    entries = []
    for side, look in slots.to_dict("index").items():
        style = {"facecolor": look["colour"]} | (edge if side == BOTH else {})
        shape = box_swatch(_SLOT, LOW, **style)
        entries.append(Entry(look["name"], shapes=(shape,), sign=look["sign"]))
    if cells["conflicts"].any():
        shape = box_swatch(CORNER, CORNER, facecolor=INK)
        sign = VERDICT_SIGNS[VERDICTS[0]]
        entries.append(Entry("sources conflict on a question", shapes=(shape,), sign=sign))
    return [*entries, Entry(_NOTE + _ORDER + hidden, starts=True, pale=True)]
