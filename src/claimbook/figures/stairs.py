"""The lay-out of the grid of pairs: sources down the diagonal, a cell where two of them meet."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties

from claimbook.collection.codebook import VERDICTS
from claimbook.figures.grid import KIND_NAMES
from claimbook.figures.key import Entry, Footing, box_swatch, lay_out
from claimbook.figures.lettering import LINE, embolden, find_font, measure_width, wrap_text
from claimbook.figures.style import INK, PALE_INK, VERDICT_SIGNS
from claimbook.measures.stances import order_sources

SIZE: Final = 8.0
STRIP: Final = 9.5
SHARES: Final = {
    "same level on none": to_hex(colormaps["BuGn"](0.14)),
    "on up to half": to_hex(colormaps["BuGn"](0.35)),
    "on more than half": to_hex(colormaps["BuGn"](0.6)),
    "on all": to_hex(colormaps["BuGn"](0.97)),
}
EDGE: Final[dict[str, Any]] = {"edgecolor": PALE_INK, "linewidth": 0.4}
_CELL: Final = 24.0
_LOW: Final = 11.0
_INSET: Final = 0.75
_GAP: Final = 4.0
_PAD: Final = 5.0
_WIDEST: Final = 150.0
_LEAST: Final = 330.0
_NOTE: Final = (
    "6/8: they stand at the same level on 6 of 8 questions that both answer; the larger the box, "
    "the more they are. Blank: they share no question. Sources are no coders of one text: they "
    "need not agree, and to agree does not make them right."
)


class Stairs(NamedTuple):
    """
    Where everything stands, in points: right from the first column, down from the first row.

    Attributes
    ----------
    steps : DataFrame, one row per source
        ``source``, ``label`` (broken into lines), ``group`` (its kind where it begins, else
        empty), ``left`` and ``right`` (of its column), ``top`` and ``bottom`` (of its row).
    cells : DataFrame, one row per pair
        What the pairs hold, with ``left``, ``right``, ``top``, ``bottom``; ``wide`` and ``high``
        of the box in it, its ``colour`` and ``text``.
    shape : (right, bottom)
        How far all of it reaches.
    footing : Footing
        What stands under it.
    font : FontProperties
        Of the text.
    """

    steps: pd.DataFrame
    cells: pd.DataFrame
    shape: tuple[float, float]
    footing: Footing
    font: FontProperties


def choose_pairs(pairs: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """
    Choose the pairs of the sources that share most.

    Parameters
    ----------
    pairs : DataFrame, one row per pair
        As `count_pairs` returns them.
    most : int
        How many sources there may be.

    Returns
    -------
    chosen : DataFrame, one row per pair
        In the same order: those of the sources that share most questions with others, pair by
        pair; of equals those that stand on opposite sides more often, then the earlier ones.

    Raises
    ------
    ValueError
        If `most` is less than 2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_a": ["spa", "spa", "gym"], "source_b": ["gym", "gp", "gp"],
    ...                       "shared": [3, 1, 1], "opposite": 0})
    >>> choose_pairs(pairs, most=2)["source_b"].tolist()
    ['gym']
    """
    if most < 2:
        raise ValueError(f"most is {most}, expected at least 2 sources")
    names = ("source_a", "source_b")
    ends = pd.concat([pairs.rename(columns={name: "source"}) for name in names])
    sums = ends.groupby("source", sort=False)[["shared", "opposite"]].sum()
    order = np.lexsort((-sums["opposite"], -sums["shared"]))[:most]
    kept = [pairs[name].isin(sums.index[order]) for name in names]
    return pairs[kept[0] & kept[1]].reset_index(drop=True)


def build_stairs(pairs: pd.DataFrame, *, sources: pd.DataFrame | None = None, most: int) -> Stairs:
    """
    Lay out the grid of pairs.

    Parameters
    ----------
    pairs, sources, most
        As for `plot_pairs`.

    Returns
    -------
    stairs : Stairs
        Sources by kind.

    Raises
    ------
    ValueError
        If `most` is less than 2.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_a": ["spa"], "source_b": ["gym"], "shared": [3],
    ...                       "equal": [2], "opposite": [1]})
    >>> build_stairs(pairs, most=9).cells["text"].tolist()
    ['2/3']
    """
    chosen = choose_pairs(pairs, most=most)
    named = pd.concat([chosen["source_a"], chosen["source_b"]])
    every = pd.concat([pairs["source_a"], pairs["source_b"]]).nunique()
    ordered = order_sources(named, sources)
    font = find_font([*ordered["source"], *ordered["kind"]], size=SIZE)
    texts = chosen["equal"].astype("str") + "/" + chosen["shared"].astype("str")
    small = FontProperties(size=SIZE - 1)
    wide = max([_CELL, *(measure_width(text, small) + 5 for text in texts)])
    steps = _list_steps(ordered, font, wide)
    cells = _place_cells(chosen.assign(text=texts), steps)
    right = max([_LEAST, *(_measure_step(step, font) for step in steps.itertuples())])
    bottom = float(steps["bottom"].max()) if len(steps) else 0.0
    entries = _list_entries(chosen, every - len(steps), every)
    return Stairs(steps, cells, (right, bottom), lay_out(entries, font, width=right), font)


def _list_steps(ordered: pd.DataFrame, font: FontProperties, wide: float) -> pd.DataFrame:
    """Place the column and the row of each source, a gap and a heading before each kind."""
    labels = ["\n".join(wrap_text(name, font, width=_WIDEST)) for name in ordered["source"]]
    new = ordered["kind"].ne(ordered["kind"].shift()) & bool((ordered["kind"] != "").any())
    heads = ordered["kind"].map(lambda kind: KIND_NAMES.get(kind, kind)).where(new, "")
    bold = embolden(font)
    groups = ["\n".join(wrap_text(name, bold, width=_WIDEST)) if name else "" for name in heads]
    headings = np.array(
        [(group.count("\n") + 1) * LINE * SIZE + 3 for group in groups]
    ) * new.to_numpy(dtype=bool)
    lines = np.array([label.count("\n") + 1 for label in labels])
    high = np.maximum(_CELL, lines * LINE * SIZE + 4)
    bottom, right = (headings + high).cumsum(), (_GAP * new.to_numpy(dtype=bool) + wide).cumsum()
    return pd.DataFrame(
        {
            "source": ordered["source"],
            "label": labels,
            "group": groups,
            "left": right - wide,
            "right": right,
            "top": bottom - high,
            "bottom": bottom,
        }
    )


def _measure_step(step: Any, font: FontProperties) -> float:
    """Measure how far the label of a source, and the kind over it, reach to the right."""
    widths = [measure_width(line, font) for line in step.label.split("\n")]
    widths += [measure_width(line, embolden(font)) for line in step.group.split("\n")]
    return float(step.left + _PAD + max(widths))


def _place_cells(pairs: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Place each pair in the column of the source that stands first and the row of the other."""
    places = pd.Index(steps["source"])
    one, two = (places.get_indexer(pd.Index(pairs[name])) for name in ("source_a", "source_b"))
    column, row = steps.iloc[np.minimum(one, two)], steps.iloc[np.maximum(one, two)]
    share = (pairs["equal"] / pairs["shared"]).to_numpy()
    classes = np.select([share == 0, share <= 0.5, share < 1], [0, 1, 2], 3)
    return pairs.assign(
        left=column["left"].to_numpy(),
        right=column["right"].to_numpy(),
        top=row["top"].to_numpy(),
        bottom=row["bottom"].to_numpy(),
        colour=np.array(list(SHARES.values()), dtype=object)[classes],
    ).pipe(_size_boxes)


def _size_boxes(cells: pd.DataFrame) -> pd.DataFrame:
    """Make the box in a cell the larger the more is shared, and large enough for its text."""
    small, shared = FontProperties(size=SIZE - 1), cells["shared"].to_numpy(dtype=float)
    scale = np.sqrt((shared - 1) / max(shared.max(initial=2) - 1, 1))
    texts = np.array([measure_width(text, small) + 4 for text in cells["text"]], dtype=float)
    room = cells["bottom"] - cells["top"] - STRIP * (cells["opposite"] > 0) - 2 * _INSET
    width = cells["right"] - cells["left"] - 2 * _INSET
    high = np.minimum(_LOW + (_CELL - 2 * _INSET - _LOW) * scale, room)
    wide = np.maximum(_LOW + 4 + (width - _LOW - 4) * scale, np.minimum(texts, width))
    return cells.assign(wide=wide, high=high)


def _list_entries(pairs: pd.DataFrame, hidden: int, every: int) -> list[Entry]:
    """List what the key explains: the shares, the sign of opposite sides, the note."""
    entries = [
        Entry(name, shapes=(box_swatch(14.0, 9.0, facecolor=colour, **EDGE),))
        for name, colour in SHARES.items()
    ]
    if (pairs["opposite"] > 0).any():
        shape = box_swatch(18.0, STRIP, facecolor=INK)
        sign = VERDICT_SIGNS[VERDICTS[0]]
        entries.append(Entry("opposite sides on 1", shapes=(shape,), sign=f"{sign}1"))
    note = _NOTE
    if hidden:
        note += f" Not shown: {hidden} of {every} sources, which share fewer questions."
    return [*entries, Entry(note, starts=True, pale=True)]
