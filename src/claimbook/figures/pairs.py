"""The grid of pairs: which two sources stand alike on the questions that they share."""

from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Footing, box_swatch, draw_footing, lay_out
from claimbook.figures.layout import (
    INCH,
    SIZE,
    break_text,
    embolden,
    find_font,
    find_starts,
    measure_text,
    measure_width,
    resize,
    write,
)
from claimbook.figures.layout import (
    write_count as count,
)
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    VERDICT_SIGNS,
    choose_ink,
    link_claim,
    name_kind,
)
from claimbook.measures import count_pairs, find_shared, order_sources

SHARES: Final = {
    "same level on none": to_hex(colormaps["BuGn"](0.14)),
    "on up to half": to_hex(colormaps["BuGn"](0.35)),
    "on more than half": to_hex(colormaps["BuGn"](0.6)),
    "on all": to_hex(colormaps["BuGn"](0.97)),
}
_EDGE: Final[dict[str, Any]] = {"edgecolor": PALE_INK, "linewidth": 0.4}
_SIGN: Final = VERDICT_SIGNS[VERDICTS[0]]
_CELL: Final = 24.0
_LOW: Final = 11.0
_STRIP: Final = 9.5  # at the foot of a cell, for conflicts
_INSET: Final = 0.75
_GAP: Final = 4.0
_PAD: Final = 5.0
_HEAD: Final = 16.0  # above the first row
_WIDEST: Final = 150.0
_LEAST: Final = 330.0
_MOST_NAMED: Final = 5
_NOTE: Final = (
    "6/8: they stand at the same level on 6 of 8 questions that both answer; the larger the box, "
    "the more they are. Left out is a question on which one of them stands on both sides. Blank: "
    "they share no question. Sources are no coders of one text: they need not agree, and to agree "
    "does not make them right."
)


class _Stairs(NamedTuple):
    """
    Where everything stands, in points: right from the first column, down from the first row.

    `steps` has the label of each source, the place of its column and its row, and where a kind
    begins its name (`group`); `cells` the place of each pair, and the size of the box in it.
    """

    steps: pd.DataFrame
    cells: pd.DataFrame
    ends: tuple[float, float]
    footing: Footing
    font: FontProperties


class Pairs(Figure):
    """
    Sources down the diagonal, a cell where two of them meet.

    A cell says on how many questions both stand at the same level and how many both answer; it is
    the darker the larger that share, and the larger the more they are. A black strip counts the
    questions on which the two are in direct conflict.
    """

    name = "pairs"
    nothing = "No two sources answer the same question"

    def __init__(self, collection: Collection, *, most: int = 30, **style: Any) -> None:
        self.most = most
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check how many sources to draw."""
        if self.most < 2:
            raise ValueError(f"most is {self.most}, expected at least 2 sources")

    @cached_property
    def table(self) -> pd.DataFrame:
        """Count for every two sources: shared, equal and opposite questions, and conflicts."""
        names = ["source_a", "source_b"]
        shared = find_shared(self.collection)
        found = shared.groupby(names, sort=False).agg(
            conflicts=("conflict", "sum"), first=("claims_a", "first")
        )
        pairs = found.reset_index().merge(count_pairs(self.collection), on=names, how="left")
        counts = ["shared", "equal", "opposite", "conflicts"]
        pairs[counts] = pairs[counts].fillna(0).astype(int)
        pairs["claim_ids"] = pairs.pop("first")
        return pairs[(pairs["shared"] > 0) | (pairs["conflicts"] > 0)].reset_index(drop=True)

    @cached_property
    def _shown(self) -> pd.DataFrame:
        """Choose the pairs of the sources that share most, of equals those most in conflict."""
        pairs = self.table
        ends = pd.concat(
            [pairs.rename(columns={name: "source"}) for name in ("source_a", "source_b")]
        )
        sums = ends.groupby("source", sort=False)[["shared", "conflicts"]].sum()
        order = np.lexsort((-sums["conflicts"], -sums["shared"]))[: self.most]
        kept = sums.index[order]
        return pairs[pairs["source_a"].isin(kept) & pairs["source_b"].isin(kept)]

    @cached_property
    def _sources(self) -> pd.DataFrame:
        ordered = order_sources(self.collection)
        named = {*self._shown["source_a"], *self._shown["source_b"]}
        return ordered[ordered["source"].isin(named)].reset_index(drop=True)

    def describe(self, page: int) -> str:
        """Count pairs, and name those in conflict and the one that shares most."""
        pairs = self._shown
        if pairs.empty:
            return f"{self.nothing}."
        number, labels = len(self._sources), self.collection.labels

        def name(pair: Any) -> str:
            return f"{labels[pair.source_a]} and {labels[pair.source_b]}"

        text = f"{count(number, 'source')} by pair: {count(len(pairs), 'pair')} "
        text += f"of {number * (number - 1) // 2} share{'s' * (len(pairs) == 1)} a question. "
        text += f"Pair by pair, same level on {pairs['equal'].sum()} of "
        text += f"{count(int(pairs['shared'].sum()), 'shared question')}, "
        text += f"in conflict on {pairs['conflicts'].sum()}."
        ranked = pairs.sort_values("conflicts", ascending=False, kind="stable")
        opposed = ranked[ranked["conflicts"] > 0]
        named = [
            f"{name(pair)} ({pair.conflicts} of {pair.shared})"
            for pair in iter_rows(opposed.head(_MOST_NAMED))
        ]
        rest = "; …" * (len(opposed) > _MOST_NAMED)
        text += f" In conflict: {'; '.join(named)}{rest}." if named else ""
        most = next(iter_rows(pairs.nlargest(1, "shared")))
        return f"{text} Most shared: {name(most)} ({most.shared}, same level on {most.equal})."

    def lay_out(self, page: int, width: float | None) -> _Stairs:
        """Place the sources down the diagonal, and the pairs beside and below them."""
        pairs, sources = self._shown, self._sources
        font = find_font(
            [*sources["label"], *sources["kind"], *map(name_kind, sources["kind"])], size=SIZE
        )
        small = resize(font, SIZE - 1)
        texts = pairs["equal"].astype("str") + "/" + pairs["shared"].astype("str")
        widths = texts.map(lambda text: measure_width(text, small)).astype(float)
        wide = max([_CELL, *(widths + 5)])
        steps = _place_steps(sources, font, wide)
        cells = _size_boxes(_place_cells(pairs.assign(text=texts, least=widths + 4), steps))
        bold = embolden(font)
        reach = [
            step.left
            + _PAD
            + max(measure_text(step.label, font)[0], measure_text(step.group, bold)[0])
            for step in iter_rows(steps)
        ]
        right = max([_LEAST, *reach])
        footing = lay_out(self._list_entries(), font, width=right)
        return _Stairs(steps, cells, (right, steps["bottom"].max()), footing, font)

    def _list_entries(self) -> list[Entry]:
        """List what the key explains: the shares, the sign of a conflict, the note."""
        entries = [
            Entry(name, shapes=(box_swatch(14.0, 9.0, facecolor=colour, **_EDGE),))
            for name, colour in SHARES.items()
        ]
        if (self._shown["conflicts"] > 0).any():
            shape = box_swatch(18.0, _STRIP, facecolor=INK)
            entries.append(Entry("in conflict on 1", shapes=(shape,), sign=f"{_SIGN}1"))
        every = len({*self.table["source_a"], *self.table["source_b"]})
        hidden = every - len(self._sources)
        rest = f" Not shown: {hidden} of {every} sources, which share fewer questions."
        return [*entries, Entry(_NOTE + rest * (hidden > 0), starts=True, pale=True)]

    def measure(self, layout: _Stairs) -> tuple[float, float]:
        """Give what the grid and the key take."""
        return layout.ends[0] * INCH, (_HEAD + _find_bottom(layout)) * INCH

    def paint(self, ax: Axes, layout: _Stairs) -> None:
        """Draw rules, names, cells and the key."""
        ax.set(xlim=(0, layout.ends[0]), ylim=(_find_bottom(layout), -_HEAD))
        head = "by pair of sources: questions with the same level / questions shared"
        write(ax, 0, -_HEAD + SIZE, head, color=PALE_INK)
        _draw_rules(ax, layout.steps)
        for step in iter_rows(layout.steps):
            left, middle = step.left + _PAD, (step.top + step.bottom) / 2
            write(ax, left, middle, step.label, va="center", fontproperties=layout.font)
            bold = embolden(layout.font)
            write(ax, left, step.top - 1, step.group, va="bottom", fontproperties=bold)
        for cell in iter_rows(layout.cells):
            _draw_cell(ax, cell, layout.font)
        draw_footing(ax, layout.footing, left=0, top=layout.ends[1] + SIZE)


def _find_bottom(layout: _Stairs) -> float:
    return layout.ends[1] + SIZE + layout.footing.height


def _place_steps(sources: pd.DataFrame, font: FontProperties, wide: float) -> pd.DataFrame:
    """Place the column and the row of each source, a gap and a heading before each kind."""
    bold, kinds = embolden(font), sources["kind"]
    new = find_starts(kinds)
    labels = [break_text(label, font, width=_WIDEST) for label in sources["label"]]
    groups = [
        break_text(name_kind(kind), bold, width=_WIDEST) if first else ""
        for kind, first in zip(kinds, new, strict=True)
    ]
    high = np.array([max(_CELL, measure_text(label, font)[1] + 4) for label in labels])
    heads = np.array([measure_text(group, bold)[1] + 3 for group in groups]) * new
    bottom, right = (heads + high).cumsum(), (_GAP * new + wide).cumsum()
    return pd.DataFrame(
        {
            "source": sources["source"],
            "label": labels,
            "group": groups,
            "left": right - wide,
            "right": right,
            "top": bottom - high,
            "bottom": bottom,
        }
    )


def _place_cells(pairs: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Place each pair in the column of the source that stands first and the row of the other."""
    places = pd.Index(steps["source"])
    one, two = (places.get_indexer(pd.Index(pairs[name])) for name in ("source_a", "source_b"))
    column, row = steps.iloc[np.minimum(one, two)], steps.iloc[np.maximum(one, two)]
    share = (pairs["equal"] / pairs["shared"].clip(lower=1)).to_numpy()
    classes = np.select([share == 0, share <= 0.5, share < 1], [0, 1, 2], 3)
    return pairs.assign(
        left=column["left"].to_numpy(),
        right=column["right"].to_numpy(),
        top=row["top"].to_numpy(),
        bottom=row["bottom"].to_numpy(),
        colour=np.array(list(SHARES.values()), dtype=object)[classes],
    )


def _size_boxes(cells: pd.DataFrame) -> pd.DataFrame:
    """Make the box in a cell the larger the more is shared, and large enough for its text."""
    shared = cells["shared"].clip(lower=1).to_numpy(dtype=float)
    scale = np.sqrt((shared - 1) / max(shared.max(initial=2) - 1, 1))
    room = cells["bottom"] - cells["top"] - _STRIP * (cells["conflicts"] > 0) - 2 * _INSET
    width = cells["right"] - cells["left"] - 2 * _INSET
    wide = _LOW + 4 + (width - _LOW - 4) * scale
    return cells.assign(
        wide=np.maximum(wide, np.minimum(cells["least"], width)),
        high=np.minimum(_LOW + (_CELL - 2 * _INSET - _LOW) * scale, room),
    )


def _draw_rules(ax: Axes, steps: pd.DataFrame) -> None:
    """Rule the cells, the blank ones too, so that the eye finds its way to both sources."""
    lines: list[Any] = []
    for place, row in enumerate(iter_rows(steps)):
        for left, right in steps[["left", "right"]].to_numpy()[:place]:
            lines += [
                [(left, row.top), (right, row.top)],
                [(left, row.bottom), (right, row.bottom)],
            ]
            lines += [[(x, row.top), (x, row.bottom)] for x in (left, right)]
    rules = LineCollection(lines, colors=RULE, linewidths=0.5, zorder=0.5, clip_on=False)
    ax.add_collection(rules, autolim=False)


def _draw_cell(ax: Axes, cell: Any, font: FontProperties) -> None:
    """Draw the box of a pair with its numbers, over the strip where there is a conflict."""
    names = (quote(str(source), safe="") for source in (cell.source_a, cell.source_b))
    gid, url = f"pairs-{'+'.join(names)}", link_claim(cell.claim_ids[0])
    strip = _STRIP * (cell.conflicts > 0)
    x, y = (cell.left + cell.right) / 2, (cell.top + cell.bottom - strip) / 2
    ax.add_patch(
        Rectangle(
            (x - cell.wide / 2, y - cell.high / 2), cell.wide, cell.high, facecolor=cell.colour,
            zorder=1, url=url, gid=gid, **_EDGE,
        )
    )  # fmt: skip
    look: dict[str, Any] = {"ha": "center", "va": "center_baseline", "url": url}
    small = resize(font, SIZE - 1)
    ink = choose_ink(cell.colour)
    write(ax, x, y, cell.text, fontproperties=small, color=ink, gid=f"{gid}-count", **look)
    if strip:
        wide, low = cell.right - cell.left, cell.bottom - strip
        ax.add_patch(
            Rectangle(
                (cell.left, low), wide, strip, facecolor=INK, linewidth=0, zorder=1.5, url=url
            )
        )
        write(
            ax, x, low + strip / 2, f"{_SIGN}{cell.conflicts}", color="white",
            fontproperties=embolden(small), gid=f"{gid}-conflicts", **look,
        )  # fmt: skip


def plot_pairs(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the grid of pairs: on how many shared questions two sources stand at the same level.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``most``: how many sources, those that share most questions; ``title``, ``palette``,
        ``fontsize``, ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        A cell stands left of the one source and below the other. The ``gid`` of its box is
        ``pairs-`` and the two, percent-encoded, with a plus between; it leads to the first claim
        behind it, of a question in conflict where there is one.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_pairs(read_collection("data"), most=10)
    """
    return Pairs(collection, **options).plot(ax)
