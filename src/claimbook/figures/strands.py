"""The lay-out of the citation map: sources on the left, studies on the right, lines between."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.compare.fidelity import FIDELITIES
from claimbook.figures.lettering import (
    LINE,
    embolden,
    find_font,
    measure_width,
    wrap_text,
    write_count,
)
from claimbook.figures.style import FIDELITY_SIGNS
from claimbook.measures.citations import order_citations

SIZE: Final = 8.0
SMALL: Final = 7.0
PAD: Final = 5.0
_GAP: Final = 7.0
_STRAND: Final = 10.5
_WIDEST: Final = 152.0
_LOOSEST: Final = 14.0
_HINTED: Final = 1.06
_UNTRACEABLE, _UNCREDITED = FIDELITIES[5:]


class Strands(NamedTuple):
    """
    Where everything in the map stands, in points from the left and down from the top.

    Attributes
    ----------
    blocks : DataFrame, one row per source or study
        ``side`` (left, right, none for what has no line), ``key``, ``name`` and
        ``note`` (both broken into lines), ``left``, ``top``, ``height``, ``shared`` (by two
        sources or more), ``others`` (stands for several) and ``claim`` (the first of its claims).
    lines : DataFrame, one row per line
        What `citations` hold, with ``start`` and ``end`` (their heights) and ``label``.
    edges : (names, lines, labels, studies)
        Right edge of the names of sources; where lines start and end; left edge of studies.
    height : float
        Of everything.
    rule : float
        Above what has no line; 0 where there is nothing such.
    font : FontProperties
        Of the names.
    """

    blocks: pd.DataFrame
    lines: pd.DataFrame
    edges: tuple[float, float, float, float]
    height: float
    rule: float
    font: FontProperties


def build_strands(
    citations: pd.DataFrame, *, sources: pd.DataFrame | None = None, width: float
) -> Strands:
    """
    Lay out the citation map.

    Parameters
    ----------
    citations, sources
        As for `plot_citations`.
    width : float
        Of everything, in inches.

    Returns
    -------
    strands : Strands
        Sources and studies in the order of `order_citations`, each line between them with a
        place of its own at either end.

    Examples
    --------
    >>> citations = pd.DataFrame({"source": ["spa"], "cited_study": ["trial"],
    ...     "fidelity": ["faithful"], "claims": [1], "claim_ids": [("a",)], "cited_by": [1]})
    >>> build_strands(citations, width=7.5).lines["label"].tolist()
    ['= faithful 1']
    """
    citations = _mark_others(citations)
    cited, alone = citations["cited_study"] != "", ~citations["others"]
    lines = citations[cited & alone].reset_index(drop=True)
    blocks = _list_blocks(citations, sources)
    font = find_font([*blocks["name"], *blocks["note"]], size=SIZE)
    blocks = _break_names(blocks, font, lines)
    blocks, height, rule = _stack(blocks, width * 72)
    signs = [f"{FIDELITY_SIGNS.get(name, '')} {name}".strip() for name in lines["fidelity"]]
    labels = [f"{sign} {number}" for sign, number in zip(signs, lines["claims"], strict=True)]
    lines = _find_ends(lines.assign(label=labels), blocks)
    return Strands(blocks, lines, _find_edges(blocks, labels, font, width), height, rule, font)


def _mark_others(citations: pd.DataFrame) -> pd.DataFrame:
    """Mark the rows in which a name stands for several sources or studies."""
    one = pd.Series(1, index=citations.index)
    stands = {name: citations.get(name, one) for name in ("sources", "studies")}
    others = (stands["sources"] > 1) | (stands["studies"] > 1)
    return citations.assign(others=others, **stands)


def _list_blocks(citations: pd.DataFrame, sources: pd.DataFrame | None) -> pd.DataFrame:
    """List sources and studies in order, each with its side, its name and its note."""
    kinds = {} if sources is None or "kind" not in sources else _map_kinds(sources)
    cited = citations["cited_study"] != ""
    by_source, by_study = (
        dict(iter(part.groupby(name, sort=False)))
        for part, name in ((citations, "source"), (citations[cited], "cited_study"))
    )
    left, below, right = _choose_sides(citations, cited)
    rows = [("left", name, by_source[name], _note_source(by_source[name])) for name in left]
    for name in below:
        group = by_source[name] if name in by_source else by_study[name]
        note = _note_source(group) if name in by_source else _note_others(group)
        rows.append(("none", name, group, note))
    rows += [
        ("right", name, by_study[name], _note_study(by_study[name], kinds.get(name, "")))
        for name in right
    ]
    table = [
        (side, name, note, side == "right" and group["cited_by"].max() > 1, group)
        for side, name, group, note in rows
    ]
    blocks = pd.DataFrame(table, columns=["side", "name", "note", "shared", "group"])
    groups = blocks.pop("group")
    blocks["claim"] = [group["claim_ids"].iloc[0][0] for group in groups]
    blocks["others"] = [bool(group["others"].all()) for group in groups]
    return blocks.astype({"shared": bool, "others": bool, "name": "str", "note": "str"})


def _choose_sides(
    citations: pd.DataFrame, cited: pd.Series
) -> tuple[list[str], list[str], list[str]]:
    """Choose what stands on the left, below and on the right: below what has no line at all."""
    alone = ~citations["others"]
    left, right = order_citations(citations[cited & alone])
    several = citations["sources"] > 1
    left += [name for name in citations["source"][cited & ~several].unique() if name not in left]
    many = citations["studies"] > 1
    right += [
        name for name in citations["cited_study"][cited & ~many].unique() if name not in right
    ]
    silent = ~citations["source"].isin(citations["source"][cited])
    credit = citations["source"].isin(citations["source"][citations["fidelity"] == _UNTRACEABLE])
    ranked = citations["source"].to_numpy()[np.lexsort((~credit, several, ~silent))]
    below = [name for name in dict.fromkeys(ranked.tolist()) if name not in set(left)]
    return left, [*below, *citations["cited_study"][cited & many].unique()], right


def _map_kinds(sources: pd.DataFrame) -> dict[str, str]:
    return dict(zip(sources["source"], sources["kind"], strict=True))


def _note_study(group: pd.DataFrame, kind: str) -> str:
    number = int(group["cited_by"].max())
    drawn = group["source"][group["sources"] == 1].nunique()
    shared = f"shared: cited by {number} sources" if number > 1 else ""
    hidden = f"\n{number - drawn} of them not drawn" if number > drawn else ""
    return " · ".join(part for part in (kind, shared) if part) + hidden


def _note_others(group: pd.DataFrame) -> str:
    """Count the claims of each fidelity that cite studies which are not drawn."""
    claims = group.groupby("fidelity")["claims"].sum()
    counted = ", ".join(f"{name} {claims[name]}" for name in FIDELITIES if name in claims)
    return f"cited in {write_count(int(claims.sum()), 'claim')}: {counted}"


def _note_source(group: pd.DataFrame) -> str:
    """Say how much of what a source claims leans on a study, on somebody, on nobody."""
    claims = group.groupby("fidelity")["claims"].sum()
    hidden, bare = int(claims.get(_UNTRACEABLE, 0)), int(claims.get(_UNCREDITED, 0))
    total = int(claims.sum())
    if not hidden and bare == total:
        return f"credits nobody ({write_count(total, 'claim')})"
    if hidden + bare == total:
        return f"credits somebody, no study found:\n{hidden} of {total} claims untraceable"
    rest = f"\n{hidden} untraceable" if hidden else ""
    hides = group["others"] & (group["cited_study"] != "") & (group["sources"] == 1)
    away = int(group["claims"][hides].sum())
    rest = (f"\n{away} not drawn" if away else "") + rest
    return f"{total - hidden - bare} of {write_count(total, 'claim')} cite a study{rest}"


def _break_names(blocks: pd.DataFrame, font: FontProperties, lines: pd.DataFrame) -> pd.DataFrame:
    """Break names and notes into lines and give each block the height that it needs."""
    small = font.copy()
    small.set_size(SMALL)
    bold = embolden(font)
    names = [
        wrap_text(name, bold if shared else font, width=_WIDEST)
        for name, shared in zip(blocks["name"], blocks["shared"], strict=True)
    ]
    notes = [_break_note(note, small) for note in blocks["note"]]
    ends = {"left": lines["source"].value_counts(), "right": lines["cited_study"].value_counts()}
    strands = [
        ends[side].get(name, 0) * _STRAND if side in ends else 0
        for side, name in zip(blocks["side"], blocks["name"], strict=True)
    ]
    text = [
        len(name) * SIZE * LINE + len(note) * SMALL * LINE
        for name, note in zip(names, notes, strict=True)
    ]
    return blocks.assign(
        key=blocks["name"],
        name=["\n".join(part) for part in names],
        note=["\n".join(part) for part in notes],
        height=np.maximum(np.array(text, dtype=float), np.array(strands, dtype=float)),
    )


def _break_note(note: str, font: FontProperties) -> list[str]:
    parts = (wrap_text(part, font, width=_WIDEST) for part in note.split("\n"))
    return [line for lines in parts for line in lines if line]


def _stack(blocks: pd.DataFrame, width: float) -> tuple[pd.DataFrame, float, float]:
    """Stack the blocks of each side, the lower side loosened; those that cite none below."""
    room = {side: part["height"] + _GAP for side, part in blocks.groupby("side")}
    tall = max((room[side].sum() for side in ("left", "right") if side in room), default=0.0)
    blocks = blocks.assign(left=0.0, top=0.0)
    for side in ("left", "right"):
        if side in room:
            loose = min((tall - room[side].sum()) / len(room[side]), _LOOSEST)
            start = (tall - room[side].sum() - loose * len(room[side])) / 2 + loose / 2
            ends = start + (room[side] + loose).cumsum()
            blocks.loc[room[side].index, "top"] = ends - room[side] - loose
    if "none" not in room:
        return blocks, float(tall) or SIZE * LINE, 0.0
    rule = max(float(tall) + 2 * PAD * bool(tall), 1.0)
    number = max(int(width // (_WIDEST * _HINTED + 2 * PAD)), 1)
    row = np.arange(len(room["none"])) // number
    heights = room["none"].groupby(row).max()
    tops = rule + SIZE * LINE + 2 * PAD + heights.cumsum() - heights
    blocks.loc[room["none"].index, "top"] = tops.to_numpy()[row]
    column = np.arange(len(room["none"])) % number
    blocks.loc[room["none"].index, "left"] = column * width / number
    return blocks, float(tops.iloc[-1] + heights.iloc[-1]), rule


def _find_ends(lines: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """Give each line a height of its own at either end, by where its other end is."""
    middles: dict[str, Any] = {}
    for side in ("left", "right"):
        part = blocks[blocks["side"] == side]
        middles[side] = dict(zip(part["key"], part["top"] + part["height"] / 2, strict=True))
    left, right = lines["source"].map(middles["left"]), lines["cited_study"].map(middles["right"])
    rank = lines["fidelity"].map({name: place for place, name in enumerate(FIDELITIES)})
    found = {}
    for name, own, other, column in (
        ("start", left, right, "source"),
        ("end", right, left, "cited_study"),
    ):
        order = np.lexsort((rank, other))
        sorted_lines = lines.iloc[order]
        groups = sorted_lines.groupby(column)[column]
        place = groups.cumcount() - (groups.transform("size") - 1) / 2
        found[name] = (own + place * _STRAND).astype(float)
    return lines.assign(**found)


def _find_edges(
    blocks: pd.DataFrame, labels: list[str], font: FontProperties, width: float
) -> tuple[float, float, float, float]:
    """Share the width: names as wide as they are, the rest to the lines."""
    small = font.copy()
    small.set_size(SMALL)

    def measure(part: pd.DataFrame) -> float:
        texts = [(line, embolden(font)) for name in part["name"] for line in name.split("\n")]
        texts += [(line, small) for note in part["note"] for line in note.split("\n")]
        return max((measure_width(*text) for text in texts), default=0.0)

    names, studies = (
        _HINTED * max(measure(blocks[blocks["side"] == side]), least)
        for side, least in (("left", 40.0), ("right", 75.0))
    )
    label = max((measure_width(text, small) for text in labels), default=0.0)
    start = width * 72 - studies - 2 * PAD
    return names, names + 2 * PAD, start - _HINTED * label - 3 * PAD, start
