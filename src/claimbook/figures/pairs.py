"""The grid of pairs: which two sources stand alike on the questions that they share."""

from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, box_swatch
from claimbook.figures.layout import SIZE, list_some, write_count
from claimbook.figures.style import (
    INK,
    PALE_INK,
    VERDICT_SIGNS,
    choose_ink,
    link_claim,
    name_kind,
)
from claimbook.measures import count_pairs, find_shared

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
_WIDEST: Final = 150.0
_LEAST: Final = 330.0
_MOST_NAMED: Final = 5
_NOTE: Final = (
    "6/8: they stand at the same level on 6 of 8 questions that both answer; the larger the box, "
    "the more they are. Left out is a question on which one of them stands on both sides. Blank: "
    "they share no question. Sources are no coders of one text: they need not agree, and to agree "
    "does not make them right."
)


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
        return self.order_shown(self._shown["source_a"], self._shown["source_b"])

    def describe(self, page: int) -> str:
        """Count pairs, and name those in conflict and the one that shares most."""
        pairs = self._shown
        if pairs.empty:
            return f"{self.nothing}."
        number, labels = len(self._sources), self.collection.labels

        def name(pair: Any) -> str:
            return f"{labels[pair.source_a]} and {labels[pair.source_b]}"

        text = f"{write_count(number, 'source')} by pair: {write_count(len(pairs), 'pair')} "
        text += f"of {number * (number - 1) // 2} share{'s' * (len(pairs) == 1)} a question. "
        text += f"Pair by pair, same level on {pairs['equal'].sum()} of "
        text += f"{write_count(int(pairs['shared'].sum()), 'shared question')}, "
        text += f"in conflict on {pairs['conflicts'].sum()}."
        ranked = pairs.sort_values("conflicts", ascending=False, kind="stable")
        opposed = ranked[ranked["conflicts"] > 0]
        named = [f"{name(pair)} ({pair.conflicts} of {pair.shared})" for pair in iter_rows(opposed)]
        text += f" In conflict: {list_some(named, most=_MOST_NAMED)}." if named else ""
        most = next(iter_rows(pairs.nlargest(1, "shared")))
        return f"{text} Most shared: {name(most)} ({most.shared}, same level on {most.equal})."

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw the sources down the diagonal, and the pairs beside and below them."""
        pairs, sources = self._shown, self._sources
        drawing = Drawing([*sources["label"], *map(name_kind, sources["kind"])])
        texts = pairs["equal"].astype("str") + "/" + pairs["shared"].astype("str")
        wide = max(_CELL, drawing.widest(texts, size=SIZE - 1) + 5)
        columns: dict[str, tuple[float, float]] = {}
        rows: dict[str, tuple[float, float]] = {}
        x = y = 0.0
        known, before = (sources["kind"] != "").any(), None
        for source in iter_rows(sources):
            if known and source.kind != before:
                before = source.kind
                x += _GAP
                group = drawing.wrap(name_kind(source.kind), _WIDEST, bold=True)
                y += drawing.size(group, bold=True)[1] + 3
                drawing.write(x + _PAD, y - 1, group, bold=True, va="bottom")
            label = drawing.wrap(source.label, _WIDEST)
            low = y + max(_CELL, drawing.size(label)[1] + 4)
            drawing.write(x + _PAD, (y + low) / 2, label, va="center")
            for left, right in columns.values():
                corners = [(left, y), (right, y), (right, low), (left, low), (left, y)]
                drawing.rule(corners)
            columns[source.source], rows[source.source] = (x, x + wide), (y, low)
            x, y = x + wide, low
        order = {source: place for place, source in enumerate(columns)}
        most = max(pairs["shared"].max() - 1, 1)
        for pair, text in zip(iter_rows(pairs), texts, strict=True):
            first, second = sorted((pair.source_a, pair.source_b), key=order.__getitem__)
            size = np.sqrt((max(pair.shared, 1) - 1) / most)
            _draw_cell(drawing, pair, text, (*columns[first], *rows[second]), size)
        head = "by pair of sources: questions with the same level / questions shared"
        drawing.write(0, drawing.top - 4, head, color=PALE_INK)
        add_key(drawing, self._list_entries(), top=SIZE, width=_LEAST)
        return drawing

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


def _draw_cell(
    drawing: Drawing, pair: Any, text: str, place: tuple[float, ...], size: float
) -> None:
    """Draw the box of a pair with its numbers, over the strip where there is a conflict."""
    left, right, top, bottom = place
    names = (quote(str(source), safe="") for source in (pair.source_a, pair.source_b))
    gid, url = f"pairs-{'+'.join(names)}", link_claim(pair.claim_ids[0])
    share = pair.equal / max(pair.shared, 1)
    colour = list(SHARES.values())[
        int(np.select([share == 0, share <= 0.5, share < 1], [0, 1, 2], 3))
    ]
    strip = _STRIP * (pair.conflicts > 0)
    room = right - left - 2 * _INSET
    wide = max(
        _LOW + 4 + (room - _LOW - 4) * size, min(drawing.size(text, size=SIZE - 1)[0] + 4, room)
    )
    high = min(_LOW + (_CELL - 2 * _INSET - _LOW) * size, bottom - top - strip - 2 * _INSET)
    x, y = (left + right) / 2, (top + bottom - strip) / 2
    look: dict[str, Any] = {"facecolor": colour, "url": url, "gid": gid, "zorder": 1} | _EDGE
    drawing.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, **look)
    look = {"centred": True, "url": url, "size": SIZE - 1}
    drawing.write(x, y, text, color=choose_ink(colour), gid=f"{gid}-count", **look)
    if strip:
        drawing.box(left, bottom - strip, right, bottom, facecolor=INK, zorder=1.5, url=url)
        conflicts = f"{_SIGN}{pair.conflicts}"
        look |= {"color": "white", "gid": f"{gid}-conflicts", "bold": True}
        drawing.write(x, bottom - strip / 2, conflicts, **look)


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
