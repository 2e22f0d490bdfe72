"""The citation map: which source leans on which study, and how faithfully."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FIDELITIES, STUDY
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, box_swatch
from claimbook.figures.layout import INCH, LINE, SIZE, write_count
from claimbook.figures.style import (
    FIDELITY_COLOURS,
    FIDELITY_DASHES,
    FIDELITY_SIGNS,
    INK,
    PALE_INK,
    TINT,
    link_claim,
)
from claimbook.measures import count_citations, gather_citations, order_citations

_WIDTH: Final = 7.4  # inches
_SMALL: Final = 7.0  # points, as all that follows
_HEAD: Final = 16.0
_PAD: Final = 5.0
_GAP: Final = 7.0
_STRAND: Final = 10.5
_WIDEST: Final = 152.0
_LOOSEST: Final = 14.0
_LEAST: Final = 100.0  # between names and studies
_HINTED: Final = 1.06
_THINNEST, _THICKEST = 1.3, 4.8
_BEND: Final = 0.38  # of a line's length
_MEANING: Final = "A line: the claims that cite the study, the wider the more."
_UNCITED: Final = "No source cites a study that is known."
_SILENT: Final = "sources that cite no study"
_AWAY: Final = ", and what is not drawn"
_SECOND_HAND: Final = "second-hand: what is cited is an article or a page, and no evidence"
_UNTRACEABLE: Final = FIDELITIES[-2]
_MOST_NAMED: Final = 5


@dataclass(eq=False)
class _Block:
    """A source or a study, on the left or on the right of the lines, or below (none)."""

    side: str
    name: str
    note: str
    claim: str  # the first of its claims
    shared: bool = False
    second: bool = False  # cited, but no study
    left: float = 0.0
    top: float = 0.0
    wide: float = 0.0
    height: float = 0.0
    worded: tuple[float, float] = (0.0, 0.0)  # height of name and note

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.top + self.height / 2


class Citations(Figure):
    """Sources on the left, studies on the right, and a line for what cites and how faithfully."""

    name = "citations"
    nothing = "No source to show"

    def __init__(self, collection: Collection, *, most: int = 12, **style: Any) -> None:
        self.most = most
        super().__init__(collection, **style)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Count the claims, one row per source, study and fidelity."""
        return count_citations(self.collection).drop(columns="claim_ids")

    def _name(self, key: str) -> str:
        return self.collection.labels.get(key, key)

    def describe(self, page: int) -> str:
        """Count citations by fidelity, name the studies that several cite and who cites none."""
        table = self.table
        lines, sources = table[table["cited_study"] != ""], table["source"].unique()
        citing, studies = set(lines["source"]), lines.drop_duplicates("cited_study")
        second = lines[_is_second(lines)]
        text = f"{len(citing)} of {write_count(len(sources), 'source')} "
        text += "cites " if len(citing) == 1 else "cite "
        what = "studies and pages" if len(second) else "studies"
        text += "1 study" if len(studies) == 1 and second.empty else f"{len(studies)} {what}"
        counts = table.groupby("fidelity")["claims"].sum()
        counted = [f"{name} {counts[name]}" for name in FIDELITIES[:-1] if name in counts]
        text += f": {', '.join(counted)}." if counted else "."
        if len(second):
            text += f" Second-hand: {write_count(int(second['claims'].sum()), 'claim')}."
        shared = studies[studies["cited_by"] > 1]
        shared = shared.sort_values("cited_by", ascending=False, kind="stable")
        named = [f"{self._name(row.cited_study)} by {row.cited_by}" for row in iter_rows(shared)]
        if named:
            text += f" Cited by several sources: {_name_some(named)}."
        elif len(lines):
            text += " No study is cited by two sources."
        silent = [self._name(name) for name in sources if name not in citing]
        return text + (f" Cites none: {_name_some(silent)}." if silent else "")

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Stack sources and studies, and draw the lines between them."""
        drawn = gather_citations(self.collection, most=self.most)
        others = (drawn["sources"] > 1) | (drawn["studies"] > 1)
        ends = self._list_blocks(drawn, others)
        blocks, lines = [*ends.values()], drawn[(drawn["cited_study"] != "") & ~others]
        drawing = Drawing(text for block in blocks for text in (block.name, block.note))
        touching = lines["source"].value_counts(), lines["cited_study"].value_counts()
        for (side, key), block in ends.items():
            number = touching[side == "right"].get(key, 0) if side != "none" else 0
            _break_names(drawing, block, number)
        second = any(block.second for block in blocks)
        title = f"study{' or page' * second} that it cites"
        names, studies = (
            _HINTED * max([least, *(block.wide for block in blocks if block.side == side)])
            for side, least in (("left", 40.0), ("right", drawing.size(title, bold=True)[0]))
        )
        labels = [_label(row) for row in iter_rows(lines)]
        label = drawing.widest(labels, size=_SMALL) * _HINTED
        wide = max((width or _WIDTH) / INCH, names + studies + label + _LEAST)
        places = {"left": names, "right": wide - studies - 2 * _PAD}
        drawing.reach((0, 0), (wide, 0))
        bottom, rule = _stack(blocks, wide)
        self._draw_lines(
            drawing, lines, ends, (names + 2 * _PAD, places["right"] - label - 3 * _PAD)
        )
        for block in blocks:
            _draw_block(drawing, block, places.get(block.side, block.left), wide)
        if len(lines):
            drawing.write(places["left"], -6, "source", bold=True, ha="right")
            drawing.write(places["right"], -6, title, bold=True)
        if rule:
            below = _SILENT + _AWAY * bool(others.any())
            drawing.write(0, rule + _PAD, below, bold=True, va="top")
        if rule and len(lines):
            drawing.rule([(0, rule), (wide, rule)], width=0.8)
        drawing.reach((0, bottom))
        there = set(lines["fidelity"])
        entries = [_explain(name) for name in FIDELITIES if name in there]
        if second:
            shape = box_swatch(2.0, SIZE, facecolor="white", edgecolor=PALE_INK, linewidth=0.7)
            entries.append(Entry(_SECOND_HAND, shapes=(shape,)))
        entries.append(Entry(_MEANING if there else _UNCITED, starts=True, pale=True))
        add_key(drawing, entries, top=SIZE)
        return drawing

    def _draw_lines(
        self, drawing: Drawing, lines: pd.DataFrame, ends: dict[tuple[str, str], _Block],
        edges: tuple[float, float],
    ) -> None:  # fmt: skip
        """Draw lines as curves, the widest below, and write what each is."""
        left, right = (
            lines[column].map(
                {key: block.middle for (at, key), block in ends.items() if at == side}
            )
            for side, column in (("left", "source"), ("right", "cited_study"))
        )
        rank, heights = lines["fidelity"].map(FIDELITIES.index), []
        for own, other, column in ((left, right, "source"), (right, left, "cited_study")):
            groups = lines.iloc[np.lexsort((rank, other))].groupby(column)[column]
            shift = groups.cumcount() - (groups.transform("size") - 1) / 2
            heights.append(own + shift * _STRAND)
        wide = lines["claims"] ** 0.5 - 1
        widths = _THINNEST + (_THICKEST - _THINNEST) * wide / max(wide.max(), 2)
        lines = lines.assign(start=heights[0], end=heights[1], width=widths)
        for line in iter_rows(lines.sort_values("claims", ascending=False, kind="stable")):
            bend = (edges[1] - edges[0]) * _BEND
            points = [(edges[0], line.start), (edges[0] + bend, line.start)]
            points += [(edges[1] - bend, line.end), (edges[1], line.end)]
            dashes = tuple(part * _THINNEST / line.width for part in FIDELITY_DASHES[line.fidelity])
            look: dict[str, Any] = {"url": link_claim(line.claim_ids[0])}
            gid = f"citations-{line.claim_ids[0]}"
            drawing.curve(
                points, linewidth=line.width, edgecolor=FIDELITY_COLOURS[line.fidelity], gid=gid,
                linestyle=(0, dashes) if dashes else "solid", **look,
            )  # fmt: skip
            look |= {"va": "center_baseline", "gid": f"{gid}-label"}
            drawing.write(edges[1] + _PAD / 2, line.end, _label(line), size=_SMALL, **look)

    def _list_blocks(self, drawn: pd.DataFrame, others: pd.Series) -> dict[tuple[str, str], _Block]:
        """List sources and studies in order, by side and key."""
        cites = drawn["cited_study"] != ""
        sources, studies = (
            {str(key): group for key, group in part.groupby(column, sort=False)}
            for part, column in ((drawn, "source"), (drawn[cites], "cited_study"))
        )
        left, right = order_citations(drawn[cites & ~others])
        left = [*dict.fromkeys([*left, *drawn["source"][cites & (drawn["sources"] == 1)]])]
        right = [*dict.fromkeys([*right, *drawn["cited_study"][cites & (drawn["studies"] == 1)]])]
        silent = [key for key in sources if key not in left]
        silent.sort(key=lambda key: _rank_silent(sources[key]))
        plan = [("left", key, sources[key], _note_source) for key in left]
        plan += [("none", key, sources[key], _note_source) for key in silent]
        plan += [("none", key, studies[key], _note_others) for key in studies if key not in right]
        plan += [("right", key, studies[key], self._note_study) for key in right]
        blocks = {}
        for side, key, group, note in plan:
            block = _Block(side, self._name(key), note(group), group["claim_ids"].iloc[0][0])
            block.shared = bool(side == "right" and group["cited_by"].max() > 1)
            block.second = bool(side == "right" and _is_second(group).iloc[0])
            blocks[side, key] = block
        return blocks

    def _note_study(self, group: pd.DataFrame) -> str:
        """Say what kind of study it is, whether it is evidence, and how many cite it."""
        sources, number = self.collection.sources, int(group["cited_by"].max())
        away = number - group["source"][group["sources"] == 1].nunique()
        kinds = sources["kind"][sources["source"] == group["cited_study"].iloc[0]]
        parts = [*kinds, "second-hand" * bool(_is_second(group).iloc[0])]
        parts.append(f"shared: cited by {number} sources" * (number > 1))
        return " · ".join(filter(None, parts)) + f"\n{away} of them not drawn" * (away > 0)


def _is_second(citations: pd.DataFrame) -> pd.Series:
    """Tell where what is cited is known, but is no study."""
    return ~citations["cited_part"].isin([STUDY, ""])


def _name_some(names: list[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _rank_silent(group: pd.DataFrame) -> tuple[bool, bool, bool]:
    """Put first what cites nothing, single sources before several, who credits somebody first."""
    cites = bool((group["cited_study"] != "").any())
    return cites, bool((group["sources"] > 1).any()), _UNTRACEABLE not in set(group["fidelity"])


def _note_others(group: pd.DataFrame) -> str:
    """Count the claims of each fidelity that cite studies which are not drawn."""
    claims = group.groupby("fidelity")["claims"].sum()
    counted = ", ".join(f"{name} {claims[name]}" for name in FIDELITIES if name in claims)
    return f"cited in {write_count(int(claims.sum()), 'claim')}: {counted}"


def _note_source(group: pd.DataFrame) -> str:
    """Say how much of what a source claims leans on a study, on somebody, on nobody."""
    claims, cites = group["claims"], group["cited_study"] != ""
    total, hidden, second, away, cited = (
        int(claims[chosen].sum())
        for chosen in (
            claims > 0, group["fidelity"] == _UNTRACEABLE, _is_second(group),
            cites & (group["studies"] > 1) & (group["sources"] == 1), cites,
        )
    )  # fmt: skip
    if not cited and not hidden:
        return f"credits nobody ({write_count(total, 'claim')})"
    if not cited:
        return f"credits somebody, no study found:\n{hidden} of {total} claims untraceable"
    parts = {"second-hand": second, "not drawn": away, "untraceable": hidden}
    rest = [f"\n{number} {name}" for name, number in parts.items() if number]
    return f"{cited - second} of {write_count(total, 'claim')} cite a study{''.join(rest)}"


def _label(line: Any) -> str:
    """Write what a line is."""
    return f"{FIDELITY_SIGNS[line.fidelity]} {line.fidelity} {line.claims}"


def _break_names(drawing: Drawing, block: _Block, lines: int) -> None:
    """Break name and note of a block into lines, and give it the size that it needs."""
    block.name = drawing.wrap(block.name, _WIDEST, bold=block.shared)
    parts = [drawing.wrap(part, _WIDEST, size=_SMALL) for part in block.note.split("\n")]
    block.note = "\n".join(parts)
    name = drawing.size(block.name, bold=block.shared)
    note = drawing.size(block.note, size=_SMALL)
    block.wide = max(name[0], note[0])
    block.worded = name[1], note[1]
    block.height = max(sum(block.worded), lines * _STRAND)


def _stack(blocks: list[_Block], width: float) -> tuple[float, float]:
    """Stack the blocks of each side, the lower side loosened; those without a line below."""
    sides = {side: [block for block in blocks if block.side == side] for side in ("left", "right")}
    needed = {side: sum(block.height + _GAP for block in sides[side]) for side in sides}
    tall = max(needed.values())
    for side, stacked in sides.items():
        loose = min((tall - needed[side]) / max(len(stacked), 1), _LOOSEST)
        top = (tall - needed[side] - loose * (len(stacked) - 1)) / 2
        for block in stacked:
            block.top = top
            top += block.height + _GAP + loose
    below = [block for block in blocks if block.side == "none"]
    if not below:
        return tall, 0.0
    rule = max(tall + 2 * _PAD * bool(tall), 1.0)
    number = max(int(width // (_WIDEST * _HINTED + 2 * _PAD)), 1)
    top = rule + SIZE * LINE + 2 * _PAD
    for start in range(0, len(below), number):
        row = below[start : start + number]
        for column, block in enumerate(row):
            block.top, block.left = top, column * width / number
        top += max(block.height for block in row) + _GAP
    return top - _GAP, rule


def _explain(fidelity: str) -> Entry:
    """Explain a fidelity in the key by a piece of line."""
    dashes = FIDELITY_DASHES[fidelity]
    look = {"edgecolor": FIDELITY_COLOURS[fidelity], "fill": False, "closed": False, "linewidth": 2}
    shape = ((0.0, 3.0), (27.0, 3.0)), look | {"linestyle": (0, dashes) if dashes else "solid"}
    return Entry(f"{FIDELITY_SIGNS[fidelity]} {fidelity}", shapes=(shape,))


def _draw_block(drawing: Drawing, block: _Block, x: float, right: float) -> None:
    """Write a name with its note under it, and a bar as high as its lines beside it."""
    ink, left = INK if block.shared else PALE_INK, block.side == "left"
    if block.shared:
        box = x - _PAD, block.top - 2, right, block.top + block.height + 2
        drawing.box(*box, facecolor=TINT, zorder=0.2)
    if block.side != "none":
        start = x + 1.2 * _PAD if left else x - 1.2 * _PAD
        look: dict[str, Any] = {"facecolor": "white" if block.second else ink, "edgecolor": ink}
        look["linewidth"] = 0.7 * block.second
        drawing.box(start, block.top, start + 2, block.top + block.height, **look)
    style: dict[str, Any] = {"ha": "right" if left else "left", "va": "top"}
    style["url"] = link_claim(block.claim)
    gid = f"citations-{block.claim}-{'study' if block.side == 'right' else 'source'}"
    high, low = block.worded
    top = block.middle - (high + low) / 2
    drawing.write(x, top, block.name, bold=block.shared, gid=gid, **style)
    drawing.write(x, top + high, block.note, size=_SMALL, color=PALE_INK, **style)


def plot_citations(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw which source leans on which study: sources on the left, studies on the right.

    A line joins a source and a study for each fidelity; its colour and its dashes tell the
    fidelity, its width grows with the claims, and at its right end both are written. Studies that
    two or more sources cite stand on a tint, in bold, and are said to be shared. Beside an article
    or a page that is cited the bar is hollow: it is second-hand, and no evidence. Sources that
    cite no study stand below, and say so.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``most``: how many sources that cite, how many that do not and how many studies keep a
        place of their own, 12 if not given; the others are gathered and counted; ``title``,
        ``palette``, ``fontsize``, ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Its unit the point. Lines and their labels lead to their first claim; the ``gid`` of a line
        is ``citations-`` and the id of that claim, to which ``-label`` is added for the label, and
        ``-source`` or ``-study`` for names.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_citations(read_collection("data"), most=5)
    """
    return Citations(collection, **options).plot(ax)
