"""The citation map: which source leans on which study, and how faithfully."""

from typing import Any, Final

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import ScaledTranslation

from claimbook.compare.fidelity import FIDELITIES
from claimbook.figures.lettering import LINE, embolden, find_room, fit_columns, write_count
from claimbook.figures.strands import PAD, SIZE, SMALL, Strands, build_strands
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

_FULL_WIDTH: Final = 7.5
_MOST_NAMED: Final = 5
_THINNEST, _THICKEST = 1.3, 4.8
_BEND: Final = 0.38
_NOTHING: Final = "No source to show"
_UNCITED: Final = "No source cites a study that is known"
_MEANING: Final = "A line: the claims that cite the study, the wider the more"
_SILENT: Final = "sources that cite no study"
_OTHERS: Final = ", and what is not drawn"


def plot_citations(
    citations: pd.DataFrame, *, sources: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """
    Draw which source leans on which study: sources on the left, studies on the right.

    A line joins a source and a study for each fidelity; its colour and its dashes tell the
    fidelity, its width grows with the claims, and at its right end both are written.
    Studies that two or more sources cite stand on a tint, in bold, and are said to be shared.
    Sources that cite no study stand below, and say so.

    Parameters
    ----------
    citations : DataFrame, one row per source, study and fidelity
        As `count_citations` returns them, or `gather_citations` where there are many.
    sources : DataFrame or None, one row per source
        Gives each study's ``kind``.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_citations`.

    Returns
    -------
    ax : Axes
        The same. Lines and their labels link to their first claim; the ``gid`` of a line is
        ``citations-`` and the id of that claim, to which ``-label`` is added for the label, and
        ``-source`` or ``-study`` for names.

    Examples
    --------
    >>> from claimbook import Vocabulary, trace_claims
    >>> from claimbook.measures.citations import count_citations
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "trial"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "pain",
    ...     "recommendation": ["for", "uncertain"], "attribution": "",
    ...     "cited_study": ["trial", ""]})
    >>> citations = count_citations(claims, trace_claims(claims, Vocabulary()))
    >>> figure = plt.figure(figsize=size_citations(citations), layout="constrained")
    >>> ax = plot_citations(citations, ax=figure.subplots())
    >>> [line.get_gid() for line in ax.patches if isinstance(line, PathPatch)]
    ['citations-a']
    """
    ax = plt.gca() if ax is None else ax
    strands = build_strands(citations, sources=sources, width=find_room(ax))
    _draw_axes(ax, strands)
    if strands.blocks.empty:
        return ax
    wide = strands.lines["claims"].to_numpy(dtype=float) ** 0.5 - 1
    share = wide / max(wide.max(initial=0), 2)
    lines = strands.lines.assign(width=_THINNEST + (_THICKEST - _THINNEST) * share)
    for line in lines.sort_values("claims", ascending=False, kind="stable").itertuples():
        _draw_line(ax, strands, line)
    for block in strands.blocks.itertuples():
        _draw_block(ax, strands, block)
    _draw_heads(ax, strands)
    _draw_key(ax, strands)
    return ax


def size_citations(
    citations: pd.DataFrame, *, sources: pd.DataFrame | None = None
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the citation map.

    Parameters
    ----------
    citations, sources
        As for `plot_citations`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout. The width is always the same.

    Examples
    --------
    >>> citations = pd.DataFrame({"source": ["spa"], "cited_study": ["trial"],
    ...     "fidelity": ["faithful"], "claims": [1], "claim_ids": [("a",)], "cited_by": [1]})
    >>> size_citations(citations)[0]
    7.5
    """
    strands = build_strands(citations, sources=sources, width=_FULL_WIDTH - 0.1)
    (_, lines), heads = _fit_key(strands), 0 if strands.lines.empty else 16
    return _FULL_WIDTH, round((strands.height + 20 + heads + lines * 1.5 * SIZE) / 72 + 0.1, 2)


def describe_citations(citations: pd.DataFrame) -> str:
    """
    Say in words what the citation map shows, for those who do not see it.

    Parameters
    ----------
    citations : DataFrame, one row per source, study and fidelity
        As for `plot_citations`.

    Returns
    -------
    description : str
        How many sources cite how many studies, the claims of each fidelity, the studies that
        several sources share, the most shared first, and who cites none.

    Examples
    --------
    >>> citations = pd.DataFrame({"source": ["spa", "gym"], "cited_study": ["trial", ""],
    ...     "fidelity": ["faithful", "uncredited"], "claims": 1, "claim_ids": [("a",), ("b",)],
    ...     "cited_by": [1, 0]})
    >>> describe_citations(citations)
    '1 of 2 sources cites 1 study: faithful 1. No study is cited by two sources. Cites none: gym.'
    """
    lines = citations[citations["cited_study"] != ""]
    names = list(dict.fromkeys(citations["source"]))
    citing, every = _count_names(lines, "source"), _count_names(citations, "source")
    number = _count_names(lines, "cited_study")
    text = f"{citing} of {write_count(every, 'source')} {'cites' if citing == 1 else 'cite'} "
    text += "1 study" if number == 1 else f"{number} studies"
    counts = citations.groupby("fidelity")["claims"].sum()
    counted = [f"{name} {counts[name]}" for name in FIDELITIES[:6] if name in counts]
    text += f": {', '.join(counted)}." if counted else "."
    cited = set(lines["source"])
    silent = _name_some([name for name in names if name not in cited])
    return text + _name_shared(lines) + (f" Cites none: {silent}." if silent else "")


def _count_names(citations: pd.DataFrame, column: str) -> int:
    """Count the sources or studies, each that stands for several as so many."""
    several = {"source": "sources", "cited_study": "studies"}[column]
    named = citations.drop_duplicates(column)
    return int(named[several].sum()) if several in named else len(named)


def _name_shared(lines: pd.DataFrame) -> str:
    studies = lines.drop_duplicates("cited_study").sort_values(
        "cited_by", ascending=False, kind="stable"
    )
    shared = studies[studies["cited_by"] > 1]
    if shared.empty:
        return " No study is cited by two sources." if len(lines) else ""
    named = [f"{row.cited_study} by {row.cited_by}" for row in shared.itertuples()]
    return f" Cited by several sources: {_name_some(named)}."


def _name_some(names: list[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _draw_axes(ax: Axes, strands: Strands) -> None:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if strands.blocks.empty:
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    ax.set(xlim=(0, find_room(ax) * 72), ylim=(strands.height, 0))
    meaning = _UNCITED if strands.lines.empty else _MEANING
    ax.set_xlabel(meaning, color=PALE_INK, fontsize=SIZE, labelpad=2)


def _draw_heads(ax: Axes, strands: Strands) -> None:
    """Name the columns above them, and the sources below that cite no study."""
    style: dict[str, Any] = {"size": SIZE, "weight": "bold", "color": INK}
    names, _, _, studies = strands.edges
    if strands.rule:
        others = bool(strands.blocks["others"].any())
        title = _SILENT + _OTHERS * others
        ax.text(0, strands.rule + PAD, title, va="top", **style)
    if strands.lines.empty:
        return
    style |= {"textcoords": "offset points", "annotation_clip": False}
    ax.annotate("source", (names, 0), xytext=(0, 6), ha="right", **style)
    ax.annotate("study that it cites", (studies, 0), xytext=(0, 6), **style)
    if strands.rule:
        ax.plot([0, ax.get_xlim()[1]], [strands.rule] * 2, color=RULE, linewidth=0.8, zorder=0.5)


def _draw_line(ax: Axes, strands: Strands, line: Any) -> None:
    """Draw one line as a curve that leaves and arrives level, and write what it is."""
    _, start, end, _ = strands.edges
    bend = (end - start) * _BEND
    points = [(start, line.start), (start + bend, line.start), (end - bend, line.end)]
    points.append((end, line.end))
    first = line.claim_ids[0]
    dashes = tuple(part * _THINNEST / line.width for part in FIDELITY_DASHES[line.fidelity])
    ax.add_patch(
        PathPatch(
            Path(points, [Path.MOVETO, *[Path.CURVE4] * 3]), fill=False, linewidth=line.width,
            edgecolor=FIDELITY_COLOURS[line.fidelity],
            linestyle=(0, dashes) if dashes else "solid",
            capstyle="butt", zorder=1, url=link_claim(first), gid=f"citations-{first}",
        )
    )  # fmt: skip
    ax.text(
        end + PAD / 2, line.end, line.label, size=SMALL, va="center_baseline", color=INK,
        parse_math=False, url=link_claim(first), gid=f"citations-{first}-label",
    )  # fmt: skip


def _draw_block(ax: Axes, strands: Strands, block: Any) -> None:
    """Write a name with its note under it, and a bar as high as its lines beside it."""
    names, lines, _, studies = strands.edges
    right = block.side == "right"
    x, align = {"left": (names, "right"), "right": (studies, "left")}.get(
        block.side, (block.left, "left")
    )
    height = (block.name.count("\n") + 1) * SIZE * LINE
    notes = (block.note.count("\n") + 1) * SMALL * LINE if block.note else 0.0
    top = block.top + (block.height - height - notes) / 2
    if block.shared:
        width = ax.get_xlim()[1] - studies + 2 * PAD
        box = (studies - PAD, block.top - 2), width, block.height + 4
        ax.add_patch(Rectangle(*box, facecolor=TINT, linewidth=0, zorder=0.2))
    if block.side != "none":
        left = studies - 1.2 * PAD if right else lines - 0.8 * PAD
        bar = (left, block.top), 2.0, block.height
        ax.add_patch(Rectangle(*bar, facecolor=INK if block.shared else PALE_INK, linewidth=0))
    gid = f"citations-{block.claim}-{'study' if right else 'source'}"
    style: dict[str, Any] = {"ha": align, "va": "top", "linespacing": LINE, "parse_math": False}
    style |= {"url": link_claim(block.claim), "in_layout": False}
    font = embolden(strands.font) if block.shared else strands.font
    ax.text(
        x, top, block.name, fontproperties=font, color=INK,
        gid=gid, **style,
    )  # fmt: skip
    small = strands.font.copy()
    small.set_size(SMALL)
    ax.text(x, top + height, block.note, fontproperties=small, color=PALE_INK, **style)


def _draw_key(ax: Axes, strands: Strands) -> None:
    there = _list_key(strands)
    if not there:
        return
    handles = []
    for name in there:
        dashes = FIDELITY_DASHES[name]
        look: Any = (0, dashes) if dashes else "solid"
        handles.append(Line2D([], [], color=FIDELITY_COLOURS[name], linestyle=look, linewidth=2))
    entries = [f"{FIDELITY_SIGNS[name]}  {name}" for name in there]
    columns, _ = _fit_key(strands)
    below = ScaledTranslation(0, -18 / 72, ax.figure.dpi_scale_trans)
    ax.legend(
        handles, entries, ncols=columns, loc="upper center", bbox_to_anchor=(0.5, 0),
        bbox_transform=ax.transAxes + below, frameon=False, prop={"size": SIZE}, borderpad=0,
        borderaxespad=0, handlelength=3.4, columnspacing=1.5, handletextpad=0.5,
    )  # fmt: skip


def _fit_key(strands: Strands) -> tuple[int, int]:
    entries = [f"   {name}   " for name in _list_key(strands)]
    return fit_columns(entries, strands.font, width=_FULL_WIDTH * 72 - 20) if entries else (1, 0)


def _list_key(strands: Strands) -> list[str]:
    return [name for name in FIDELITIES if name in set(strands.lines["fidelity"])]
