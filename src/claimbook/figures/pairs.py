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
from claimbook.figures.layout import ROOM, SIZE, SMALL, list_some
from claimbook.figures.style import (
    INK,
    PALE_INK,
    PAPER,
    VERDICT_SIGNS,
    choose_ink,
    name_kind,
)
from claimbook.measures import count_pairs, find_shared

SHARES: Final = {
    "same level on none": to_hex(colormaps["BuGn"](0.14)),
    "on up to half": to_hex(colormaps["BuGn"](0.35)),
    "on more than half": to_hex(colormaps["BuGn"](0.6)),
    "on all": to_hex(colormaps["BuGn"](0.97)),
}
_SIGN: Final = VERDICT_SIGNS[VERDICTS[0]]
_CELL: Final = 25.0  # points, as all that follows
_LOW: Final = 12.0
_STRIP: Final = 11.0  # at the foot of a cell, for conflicts
_INSET: Final = 0.75
_GAP: Final = 4.0
_PAD: Final = 5.0
_WIDEST: Final = 140.0
_MOST_NAMED: Final = 5
_NOTE: Final = (
    "6/8: they stand at the same level on 6 of 8 questions that both answer; the larger the box, "
    "the more they are. Left out is a question on which one of them stands on both sides. Blank: "
    "they share no question. Two {sources} need not agree, and to agree does not make them right."
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

    def __init__(self, collection: Collection, *, most: int = 16, **style: Any) -> None:
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
        shared["claim_ids"] = shared["claims_a"] + shared["claims_b"]
        found = shared.groupby(names, sort=False).agg(
            conflicts=("conflict", "sum"), claim_ids=("claim_ids", "sum")
        )
        pairs = found.reset_index().merge(count_pairs(self.collection), on=names, how="left")
        counts = ["shared", "equal", "opposite", "conflicts"]
        pairs[counts] = pairs[counts].fillna(0).astype(int)
        pairs = pairs[[*names, *counts, "claim_ids"]]
        return pairs[(pairs["shared"] > 0) | (pairs["conflicts"] > 0)].reset_index(drop=True)

    @cached_property
    def _wide(self) -> float:
        texts = self.table["equal"].astype("str") + "/" + self.table["shared"].astype("str")
        return max(_CELL, Drawing(texts).widest(texts, size=SMALL) + 5)

    @cached_property
    def _shown(self) -> pd.DataFrame:
        """Choose the pairs of the sources that share most, of equals those most in conflict."""
        pairs = self.table
        ends = pd.concat(
            [pairs.rename(columns={name: "source"}) for name in ("source_a", "source_b")]
        )
        sums = ends.groupby("source", sort=False)[["shared", "conflicts"]].sum()
        most = min(self.most, int((ROOM - _WIDEST - 6 * _GAP) // self._wide))
        order = np.lexsort((-sums["conflicts"], -sums["shared"]))[:most]
        kept = sums.index[order]
        return pairs[pairs["source_a"].isin(kept) & pairs["source_b"].isin(kept)]

    @cached_property
    def _sources(self) -> pd.DataFrame:
        return self.order_shown(self._shown["source_a"], self._shown["source_b"])

    def find(self) -> str:
        """Say how often two sources stand at the same level, and how often they conflict."""
        pairs, many = self.table, self.words.many("source")
        shared = self.words.count(int(pairs["shared"].sum()), "shared question")
        text = f"Two by two, {many} stand at the same level on {pairs['equal'].sum():,} of {shared}"
        conflicts = int(pairs["conflicts"].sum())
        return f"{text} and conflict on {f'{conflicts:,}' if conflicts else 'none'}"

    def describe(self, page: int) -> str:
        """Count pairs, and name those in conflict and the one that shares most."""
        pairs = self.table
        if pairs.empty:
            return ""
        number = len({*pairs["source_a"], *pairs["source_b"]})
        text = f"{self.words.count(number, 'source')}; {self.words.count(len(pairs), 'pair')} "
        text += f"of {number * (number - 1) // 2:,} share{'s' * (len(pairs) == 1)} a question."

        def name(pair: Any) -> str:
            return f"{self.name_source(pair.source_a)} and {self.name_source(pair.source_b)}"

        ranked = pairs.sort_values("conflicts", ascending=False, kind="stable")
        opposed = ranked[ranked["conflicts"] > 0].head(_MOST_NAMED + 1)
        named = [f"{name(pair)} on {pair.conflicts}" for pair in iter_rows(opposed)]
        text += f" In conflict: {list_some(named, most=_MOST_NAMED)}." if named else ""
        most = next(iter_rows(pairs.nlargest(1, "shared")))
        text += f" Most shared: {name(most)} ({most.shared}, same level on {most.equal})."
        return f"{text} {self._write_hidden()}".strip()

    def _write_hidden(self) -> str:
        every = len({*self.table["source_a"], *self.table["source_b"]})
        hidden = every - len(self._sources)
        shared = f"{self.words.count(every, 'source')}, which share fewer questions"
        return f"Not drawn: {hidden} of {shared}." if hidden else ""

    def lay_out(self, page: int) -> Drawing:
        """Draw the sources down the diagonal, and the pairs beside and below them."""
        pairs, sources = self._shown, self._sources
        kinds = [name_kind(kind, self.terms) for kind in sources["kind"]]
        drawing, wide = Drawing([*sources["label"], *kinds]), self._wide
        columns: dict[str, tuple[float, float]] = {}
        rows: dict[str, tuple[float, float]] = {}
        x = y = 0.0
        known, before = sources["kind"].nunique() > 1, None
        for source in iter_rows(sources):
            if known and source.kind != before:
                before = source.kind
                x += _GAP
                group = drawing.wrap(name_kind(source.kind, self.terms), _WIDEST, bold=True)
                y += drawing.size(group, bold=True)[1] + 3
                drawing.write(x + _PAD, y - 1, group, bold=True, va="bottom")
            label = drawing.wrap(source.label, _WIDEST, most=2)
            low = y + max(_CELL, drawing.size(label)[1] + 4)
            drawing.write(x + _PAD, (y + low) / 2, label, va="middle")
            for left, right in columns.values():
                corners = [(left, y), (right, y), (right, low), (left, low), (left, y)]
                drawing.rule(corners)
            columns[source.source], rows[source.source] = (x, x + wide), (y, low)
            x, y = x + wide, low
        order = {source: place for place, source in enumerate(columns)}
        most = max(pairs["shared"].max() - 1, 1)
        for pair in iter_rows(pairs):
            first, second = sorted((pair.source_a, pair.source_b), key=order.__getitem__)
            size = np.sqrt((max(pair.shared, 1) - 1) / most)
            self._draw_cell(drawing, pair, (*columns[first], *rows[second]), size)
        head = "questions with the same level / questions shared"
        drawing.write(0, drawing.top - 4, head, color=PALE_INK)
        add_key(drawing, self._list_entries(), top=SIZE, width=ROOM)
        return drawing

    def _list_entries(self) -> list[Entry]:
        """List what the key explains: the shares, the sign of a conflict, the note."""
        entries = [
            Entry(name, shapes=(box_swatch(14.0, 9.0, facecolor=colour),))
            for name, colour in SHARES.items()
        ]
        if (self._shown["conflicts"] > 0).any():
            shape = box_swatch(18.0, _STRIP, facecolor=INK)
            entries.append(Entry("conflicts", shapes=(shape,), sign=f"{_SIGN}1", ink=PAPER))
        note = f"{_NOTE.format(sources=self.words.many('source'))} {self._write_hidden()}".strip()
        return [*entries, Entry(note, starts=True, pale=True)]

    def _draw_cell(
        self, drawing: Drawing, pair: Any, place: tuple[float, ...], size: float
    ) -> None:
        """Draw the box of a pair with its numbers, over the strip where there is a conflict."""
        left, right, top, bottom = place
        names = (quote(str(source), safe="") for source in (pair.source_a, pair.source_b))
        gid, text = f"pairs-{'+'.join(names)}", f"{pair.equal}/{pair.shared}"
        between = [self.name_source(source) for source in (pair.source_a, pair.source_b)]
        said = f"{' and '.join(between)}: same level on {pair.equal} of {pair.shared}"
        said += f", in conflict on {pair.conflicts}" * (pair.conflicts > 0)
        part: dict[str, Any] = {"ids": tuple(dict.fromkeys(pair.claim_ids)), "said": said}
        share = pair.equal / max(pair.shared, 1)
        step = np.select([share == 0, share <= 0.5, share < 1], [0, 1, 2], 3)
        colour = list(SHARES.values())[int(step)]
        strip = _STRIP * (pair.conflicts > 0)
        room, least = right - left - 2 * _INSET, drawing.size(text, size=SMALL)[0] + 4
        wide = max(_LOW + 4 + (room - _LOW - 4) * size, min(least, room))
        high = min(_LOW + (_CELL - 2 * _INSET - _LOW) * size, bottom - top - strip - 2 * _INSET)
        x, y = (left + right) / 2, (top + bottom - strip) / 2
        box = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        drawing.box(*box, facecolor=colour, gid=gid, **part)
        look: dict[str, Any] = {"size": SMALL, "ha": "center", "va": "middle"} | part
        drawing.write(x, y, text, color=choose_ink(colour), gid=f"{gid}-count", **look)
        if strip:
            drawing.box(left, bottom - strip, right, bottom, facecolor=INK, order=1.5, **part)
            look |= {"color": PAPER, "gid": f"{gid}-conflicts", "bold": True, "order": 1.5}
            drawing.write(x, bottom - strip / 2, f"{_SIGN}{pair.conflicts}", **look)


def plot_pairs(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the grid of pairs: on how many shared questions two sources stand at the same level.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``most``: how many sources, those that share most questions, 16 if not given; ``title``,
        ``palette``, ``fontsize``, ``figsize`` as of `Figure`.

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
