"""The citation map: which source leans on which study, and how faithfully."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from claimbook.collection.codebook import FIDELITIES, STUDY
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Footing, box_swatch, draw_footing, lay_out
from claimbook.figures.layout import (
    INCH,
    LINE,
    SIZE,
    break_text,
    embolden,
    find_font,
    measure_text,
    measure_width,
    resize,
    write,
    write_count,
)
from claimbook.figures.style import (
    FIDELITY_COLOURS,
    FIDELITY_DASHES,
    FIDELITY_SIGNS,
    INK,
    PALE_INK,
    RULE,
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
    lines: list["_Line"] = field(default_factory=list)
    left: float = 0.0
    top: float = 0.0
    wide: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.top + self.height / 2


@dataclass(eq=False)
class _Line:
    """The claims by which a source leans on a study, of one fidelity."""

    fidelity: str
    label: str
    claim: str
    width: float
    ends: tuple[_Block, _Block]
    heights: dict[str, float] = field(default_factory=dict)  # where it meets the block, by side


class _Strands(NamedTuple):
    """Where everything stands, in points from the left and down from the top."""

    blocks: list[_Block]
    lines: list[_Line]
    edges: tuple[float, float, float, float]  # names end; lines start, end; studies start
    titles: tuple[str, str]  # of the studies, and of what stands below
    width: float
    bottom: float
    rule: float  # above what has no line, 0 where there is nothing such
    footing: Footing
    font: FontProperties

    @property
    def height(self) -> float:
        """Of everything below the heads of columns."""
        return self.bottom + SIZE + self.footing.height


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

    def lay_out(self, page: int, width: float | None) -> _Strands:
        """Stack sources and studies, give each line a place of its own at either end."""
        drawn = gather_citations(self.collection, most=self.most)
        others = (drawn["sources"] > 1) | (drawn["studies"] > 1)
        ends = self._list_blocks(drawn, others)
        blocks = [*ends.values()]
        lines = _list_lines(drawn[(drawn["cited_study"] != "") & ~others], ends)
        font = find_font([text for block in blocks for text in (block.name, block.note)], size=SIZE)
        bold, small = embolden(font), resize(font, _SMALL)
        _break_names(blocks, font)
        second = any(block.second for block in blocks)
        titles = f"study{' or page' * second} that it cites", _SILENT + _AWAY * bool(others.any())
        names, studies = (
            _HINTED * max([least, *(block.wide for block in blocks if block.side == side)])
            for side, least in (("left", 40.0), ("right", measure_width(titles[0], bold)))
        )
        label = max((measure_width(line.label, small) for line in lines), default=0.0) * _HINTED
        wide = max((width or _WIDTH) / INCH, names + studies + label + _LEAST)
        edges = (
            names,
            names + 2 * _PAD,
            wide - studies - label - 5 * _PAD,
            wide - studies - 2 * _PAD,
        )
        bottom, rule = _stack(blocks, wide)
        for block in blocks:
            block.lines.sort(key=lambda line: _rank_line(line, block))
            for place, line in enumerate(block.lines):
                shift = place - (len(block.lines) - 1) / 2
                line.heights[block.side] = block.middle + shift * _STRAND
        there = {line.fidelity for line in lines}
        entries = [_explain(name) for name in FIDELITIES if name in there]
        if second:
            shape = box_swatch(2.0, SIZE, facecolor="white", edgecolor=PALE_INK, linewidth=0.7)
            entries.append(Entry(_SECOND_HAND, shapes=(shape,)))
        entries.append(Entry(_MEANING if there else _UNCITED, starts=True, pale=True))
        footing = lay_out(entries, font, width=wide)
        return _Strands(blocks, lines, edges, titles, wide, bottom, rule, footing, font)

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

    def measure(self, layout: _Strands) -> tuple[float, float]:
        """Give what names, lines and the key take."""
        return layout.width * INCH, (_HEAD + layout.height) * INCH

    def paint(self, ax: Axes, layout: _Strands) -> None:
        """Draw lines, the widest below, then names and the key."""
        ax.set(xlim=(0, layout.width), ylim=(layout.height, -_HEAD))
        for line in sorted(layout.lines, key=lambda line: -line.width):
            _draw_line(ax, layout, line)
        for block in layout.blocks:
            _draw_block(ax, layout, block)
        bold: dict[str, Any] = {"fontproperties": embolden(layout.font)}
        if layout.lines:
            write(ax, layout.edges[0], -6, "source", ha="right", **bold)
            write(ax, layout.edges[3], -6, layout.titles[0], **bold)
        if layout.rule:
            write(ax, 0, layout.rule + _PAD, layout.titles[1], va="top", **bold)
        if layout.rule and layout.lines:
            ax.plot([0, layout.width], [layout.rule] * 2, color=RULE, linewidth=0.8, zorder=0.5)
        draw_footing(ax, layout.footing, left=0, top=layout.bottom + SIZE)


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


def _rank_line(line: _Line, block: _Block) -> tuple[float, int]:
    """Put lines at a block in the order of their other ends."""
    other = line.ends[block.side == "left"]
    return other.middle, FIDELITIES.index(line.fidelity)


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


def _list_lines(drawn: pd.DataFrame, ends: dict[tuple[str, str], _Block]) -> list[_Line]:
    """Make the lines, the wider the more claims, and join each to its blocks."""
    wide = drawn["claims"].to_numpy(dtype=float) ** 0.5 - 1
    widths = _THINNEST + (_THICKEST - _THINNEST) * wide / max(wide.max(initial=0), 2)
    lines = []
    for row, width in zip(iter_rows(drawn), widths, strict=True):
        pair = ends["left", row.source], ends["right", row.cited_study]
        label = f"{FIDELITY_SIGNS[row.fidelity]} {row.fidelity} {row.claims}"
        lines.append(_Line(row.fidelity, label, row.claim_ids[0], width, pair))
        for block in pair:
            block.lines.append(lines[-1])
    return lines


def _break_names(blocks: list[_Block], font: FontProperties) -> None:
    """Break names and notes into lines, and give each block the size that it needs."""
    small, bold = resize(font, _SMALL), embolden(font)
    for block in blocks:
        look = bold if block.shared else font
        block.name = break_text(block.name, look, width=_WIDEST)
        parts = (break_text(part, small, width=_WIDEST) for part in block.note.split("\n") if part)
        block.note = "\n".join(parts)
        sizes = measure_text(block.name, look), measure_text(block.note, small)
        block.wide = max(sizes[0][0], sizes[1][0])
        block.height = max(sizes[0][1] + sizes[1][1], len(block.lines) * _STRAND)


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


def _draw_line(ax: Axes, strands: _Strands, line: _Line) -> None:
    """Draw one line as a curve that leaves and arrives level, and write what it is."""
    _, start, end, _ = strands.edges
    high, low, bend = line.heights["left"], line.heights["right"], (end - start) * _BEND
    points = [(start, high), (start + bend, high), (end - bend, low), (end, low)]
    dashes = tuple(part * _THINNEST / line.width for part in FIDELITY_DASHES[line.fidelity])
    look: dict[str, Any] = {"url": link_claim(line.claim), "gid": f"citations-{line.claim}"}
    ax.add_patch(
        PathPatch(
            Path(points, [Path.MOVETO, *[Path.CURVE4] * 3]), fill=False, linewidth=line.width,
            edgecolor=FIDELITY_COLOURS[line.fidelity], capstyle="butt", zorder=1,
            linestyle=(0, dashes) if dashes else "solid", **look,
        )
    )  # fmt: skip
    look |= {"gid": look["gid"] + "-label", "fontproperties": resize(strands.font, _SMALL)}
    write(ax, end + _PAD / 2, low, line.label, va="center_baseline", **look)


def _draw_block(ax: Axes, strands: _Strands, block: _Block) -> None:
    """Write a name with its note under it, and a bar as high as its lines beside it."""
    names, lines, _, studies = strands.edges
    right, ink = block.side == "right", INK if block.shared else PALE_INK
    font = embolden(strands.font) if block.shared else strands.font
    small = resize(strands.font, _SMALL)
    high = measure_text(block.name, font)[1]
    top = block.middle - (high + measure_text(block.note, small)[1]) / 2
    if block.shared:
        box = (studies - _PAD, block.top - 2), strands.width - studies + _PAD, block.height + 4
        ax.add_patch(Rectangle(*box, facecolor=TINT, linewidth=0, zorder=0.2))
    if block.side != "none":
        corner = (studies - 1.2 * _PAD if right else lines - 0.8 * _PAD), block.top
        look: dict[str, Any] = {"facecolor": "white" if block.second else ink, "edgecolor": ink}
        ax.add_patch(Rectangle(corner, 2.0, block.height, linewidth=0.7 * block.second, **look))
    x = {"left": names, "right": studies, "none": block.left}[block.side]
    style: dict[str, Any] = {"ha": "right" if block.side == "left" else "left", "va": "top"}
    style["url"] = link_claim(block.claim)
    gid = f"citations-{block.claim}-{'study' if right else 'source'}"
    write(ax, x, top, block.name, fontproperties=font, gid=gid, **style)
    write(ax, x, top + high, block.note, fontproperties=small, color=PALE_INK, **style)


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
