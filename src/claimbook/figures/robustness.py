"""How firm the verdicts stand: what one claim coded otherwise or one source fewer would do."""

from functools import cached_property
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key
from claimbook.figures.layout import (
    INCH,
    LINE,
    SIZE,
    count_pages,
    cut_page,
    tell_left_out,
    write_count,
)
from claimbook.figures.style import INK, PALE_INK, VERDICT_SIGNS, link_claim, name_sides
from claimbook.measures import order_verdicts

_WIDTH: Final = 7.4  # inches
_PAD: Final = 6.0  # points, as all that follows
_CELL: Final = 24.0
_CODES: Final = 46.0
_HEADING: Final = 24.0
_SPARE: Final = 7.0
_WIDEST: Final = 170.0
_MARK: Final = 13.0
_HINTED: Final = 1.05
_TINTS: Final = {
    "against": "#fbdcb4", "uncertain": "#e4e4e4", "off_scale": "#efece4", "for": "#d5cfe6",
}  # fmt: skip
_SAME: Final = "the same"
_MEANING: Final = (
    "● one claim coded otherwise turns the verdict", "○ it takes more", "□ the side to recode",
)  # fmt: skip
_ENDS: Final = {
    "conflict": "It ends once no two sources stand on opposite sides.",
    "self-contradiction": "It ends once its source keeps to a side, or another takes one.",
    "qualify": "It ends once all share a level, or two take opposite sides.",
    "agree": "Any claim coded to another level ends it.",
    "single source": "It can only become a self-contradiction.",
}
_MOST_NAMED: Final = 3
_MOST_TOLD: Final = 5


class Robustness(Figure):
    """A line for each verdict, and what would turn it."""

    name = "robustness"
    nothing = "No verdict to show"

    def __init__(
        self, collection: Collection, *, least: int = 2, most: int = 40, **style: Any
    ) -> None:
        self.least, self.most = least, most
        super().__init__(collection, **style)

    @cached_property
    def _found(self) -> tuple[pd.DataFrame, int]:
        return order_verdicts(self.collection, least=self.least)

    @property
    def table(self) -> pd.DataFrame:
        """List the verdicts, one row per question."""
        return self._found[0].drop(columns=["turns", *_TINTS, "decisive"])

    @property
    def pages(self) -> int:
        """Count its pages."""
        return count_pages(len(self._found[0]), most=self.most)

    def _cut(self, page: int) -> tuple[pd.DataFrame, str]:
        """Choose the verdicts of a page, and say which they are and how many are nowhere."""
        verdicts, left_out = self._found
        first, last, note = cut_page(len(verdicts), most=self.most, page=page)
        note += " " + tell_left_out(left_out, "question", least=self.least)
        return verdicts.iloc[first:last], note.strip()

    def _name_question(self, row: Any, between: str) -> str:
        named = (self.terms.describe(facet, row[facet])[0] for facet in FACETS if row[facet])
        return between.join(named)

    def describe(self, page: int) -> str:
        """Count what one code, one source and three levels turn, and name frail conflicts."""
        verdicts, note = self._cut(page)
        text = f"{write_count(len(verdicts), 'verdict')}."
        if len(verdicts):
            turned = int((verdicts["turns"].map(len) > 0).sum())
            folded = int((verdicts["folded"] != verdicts["verdict"]).sum())
            text += f" One code decides: {', '.join(_count_frail(verdicts))}. One source fewer "
            text += f"turns {turned}; three levels in place of all turn {folded}."
        frail = verdicts[verdicts["one_code"] & (verdicts["verdict"] == VERDICTS[0])]
        named = [self._name_question(row, ", ") for row in frail.to_dict("records")]
        told = "; ".join(named[:_MOST_TOLD]) + "; …" * (len(named) > _MOST_TOLD)
        text += f" Conflicts that one code decides: {told}." if named else ""
        return f"{text} {note}".strip()

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw the lines of a page, with a heading before the first of each verdict."""
        verdicts, note = self._cut(page)
        rows: list[dict[str, Any]] = verdicts.to_dict("records")  # type: ignore[assignment]
        for row in rows:
            row["label"], row["loss"] = self._name_question(row, " · "), self._write_loss(row)
            same = row["folded"] == row["verdict"]
            row["fold"] = _SAME if same else _sign(row["folded"])
        drawing = Drawing(row[name] for row in rows for name in ("label", "loss", "fold"))
        sides = self._list_sides()
        edges = _find_edges(drawing, rows, len(sides), (width or _WIDTH) / INCH)
        drawing.reach((0, 0), (edges["end"], 0))
        _write_heads(drawing, edges, sides)
        bottom, verdict = 0.0, ""
        for row in rows:
            if row["verdict"] != verdict:
                verdict = row["verdict"]
                bottom = self._write_heading(drawing, verdict, edges, bottom)
            bottom = _draw_row(drawing, row, edges, sides, bottom)
        entries = [*(Entry(text) for text in _MEANING), Entry(note, starts=True, pale=True)]
        add_key(drawing, entries if note else entries[:-1], top=SIZE)
        return drawing

    def _list_sides(self) -> dict[str, str]:
        """Name the sides that the scale has."""
        names, off = name_sides(self.terms), self._found[0]["off_scale"].map(len).any()
        sides = {
            "against": names.get(-1, ""),
            "uncertain": names.get(0, "") * (0 in self.terms.scores.values()),
            "off_scale": "off the scale" * bool(off),
            "for": names.get(1, ""),
        }
        return {side: name for side, name in sides.items() if name}

    def _write_heading(
        self, drawing: Drawing, verdict: str, edges: dict[str, float], top: float
    ) -> float:
        """Name a verdict, say how many of it one code decides and what ends it."""
        verdicts = self._found[0]
        those = verdicts["one_code"][verdicts["verdict"] == verdict]
        title, told = _sign(verdict), f"One code decides {those.sum()} of {len(those)}."
        room = edges["end"] - drawing.size(title, bold=True)[0] - 4 * _PAD
        told = drawing.wrap(f"{told} {_ENDS[verdict]}", room / _HINTED)
        wide, high = drawing.size(told)
        drawing.rule([(0, top + _PAD), (edges["end"], top + _PAD)], color=PALE_INK, width=0.6)
        drawing.write(0, top + _PAD + 12, title, bold=True)
        left = min(edges["codes"] - _PAD, edges["end"] - wide * _HINTED)
        drawing.write(left, top + _PAD + 4, told, va="top", color=PALE_INK)
        return top + _HEADING + high - LINE * SIZE

    def _write_loss(self, row: dict[str, Any]) -> str:
        """Write which sources turn the verdict by being left out, and into what."""
        by_verdict: dict[str, list[str]] = {}
        for source, without in row["turns"]:
            by_verdict.setdefault(without, []).append(self.collection.labels[source])
        parts = []
        for without, names in by_verdict.items():
            rest = len(names) - _MOST_NAMED
            named = ", ".join(names[:_MOST_NAMED]) + (f" or {rest} more" if rest > 0 else "")
            named = "either" if row["sources"] == len(names) == 2 else named
            parts.append(f"{named}: {_sign(without)}")
        return "; ".join(parts) or _SAME


def _sign(verdict: str) -> str:
    """Write the sign of a verdict before it; the dot of a single source says nothing here."""
    return f"{VERDICT_SIGNS[verdict]} {verdict}" if verdict != VERDICTS[-1] else verdict


def _count_frail(verdicts: pd.DataFrame) -> list[str]:
    one = verdicts.groupby("verdict")["one_code"].agg(["sum", "size"])
    return [
        f"{name} {one['sum'][name]} of {one['size'][name]}"
        for name in VERDICTS
        if name in one.index
    ]


def _find_edges(
    drawing: Drawing, rows: list[dict[str, Any]], sides: int, width: float
) -> dict[str, float]:
    """Give verdicts the room that they need, and questions that which the sources leave."""
    label, loss = (drawing.widest(row[part] for row in rows) for part in ("label", "loss"))
    folds = [*(row["fold"] for row in rows), "on three levels"]
    last = width - _HINTED * drawing.widest(folds, bold=True)
    room = last - _CODES - _CELL * sides - 5 * _PAD
    codes = min(label * _HINTED, max(room - loss * _HINTED, _WIDEST)) + 2 * _PAD
    start = codes + _CODES
    between = {"codes": codes, "sides": start, "loss": start + _CELL * sides + 2 * _PAD}
    return between | {"fold": last, "end": width}


def _write_heads(drawing: Drawing, edges: dict[str, float], sides: dict[str, str]) -> None:
    """Name the columns above them."""
    look: dict[str, Any] = {"color": PALE_INK, "va": "bottom"}
    middle = edges["codes"] + _CODES / 2 - _PAD
    drawing.write(0, -2, "question", **look)
    drawing.write(middle, -2, "claims to\nrecode", ha="center", **look)
    drawing.write(edges["loss"], -2, "without one source", **look)
    drawing.write(edges["fold"], -2, "on three levels", **look)
    slanted: dict[str, Any] = {"rotation": 60, "rotation_mode": "anchor", "va": "center"}
    for place, name in enumerate(sides.values()):
        drawing.write(edges["sides"] + (place + 0.5) * _CELL, -4, name, **look | slanted)


def _draw_row(
    drawing: Drawing, row: dict[str, Any], edges: dict[str, float], sides: dict[str, str],
    top: float,
) -> float:  # fmt: skip
    """Draw a verdict with its marks, and find where it ends."""
    label = drawing.wrap(row["label"], (edges["codes"] - 2 * _PAD) / _HINTED)
    loss = drawing.wrap(row["loss"], (edges["fold"] - edges["loss"] - _PAD) / _HINTED)
    bottom = top + max(drawing.size(text)[1] for text in (label, loss)) + _SPARE
    y, turned = (top + bottom) / 2, row["folded"] != row["verdict"]
    trivial = not row["turns"] or row["sources"] == len(row["turns"]) == 2
    for x, text, bold, pale in (
        (0.0, label, False, False),
        (edges["loss"], loss, False, trivial),
        (edges["fold"], row["fold"], turned, not turned),
    ):
        look: dict[str, Any] = {"va": "center" if "\n" in text else "center_baseline"}
        drawing.write(x, y, text, bold=bold, color=PALE_INK if pale else INK, **look)
    drawing.rule([(0, bottom), (edges["end"], bottom)])
    first = next(row[side][0] for side in reversed(sides) if row[side])
    for place, side in enumerate(sides):
        if row[side]:
            _draw_count(drawing, row, side, edges["sides"] + place * _CELL, y)
    look = {"ha": "center", "va": "center_baseline"}
    x, look["url"] = edges["codes"] + _CODES / 2 - _PAD, link_claim(row["decisive"][0])
    known, gid = row["recodings"] == row["recodings"], f"robustness-{first}-recodings"
    if known:  # a full circle for one claim, an open one for more
        face = INK if row["one_code"] else "white"
        drawing.mark(x, y, "o", size=_MARK, face=face, url=look["url"], gid=f"{gid}-mark")
    number = f"{row['recodings']:.0f}" if known else "–"
    look["color"] = "white" if row["one_code"] else INK
    drawing.write(x, y, number, bold=True, gid=gid, **look)
    return bottom


def _draw_count(drawing: Drawing, row: dict[str, Any], side: str, left: float, y: float) -> None:
    """Write how many claims stand on a side, framed where those that decide stand there."""
    ids = row[side]
    decisive = len(set(ids) & set(row["decisive"])) == row["recodings"]
    framed = decisive and side in ("for", "against") and row["verdict"] in VERDICTS[:2]
    link, gid = link_claim(ids[0]), f"robustness-{ids[0]}"
    drawing.box(
        left + 1.5, y - 6, left + _CELL - 1.5, y + 6, facecolor=_TINTS[side], url=link, gid=gid,
        edgecolor=INK if framed else "none", linewidth=1.2 * framed,
    )  # fmt: skip
    look: dict[str, Any] = {"ha": "center", "va": "center_baseline", "url": link}
    drawing.write(left + _CELL / 2, y, str(len(ids)), gid=f"{gid}-count", **look)


def plot_robustness(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw on how little each verdict hangs: a line for each question.

    First the fewest claims that would have to be coded otherwise to turn the verdict, in a full
    circle where it is one, in an open circle where more. Then how many claims stand on each side;
    where sides clash, one on which recoding that many of those that decide is enough has a frame.
    Then which sources turn the verdict by being left out, and into what; then the verdict on three
    levels, where that is another.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Aspects under use stay apart unless it is gathered (`Collection.gather_use`).
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``least``: from how many sources on a question is shown where no sides clash, 2 if not
        given; ``most``: lines on a page, 40 if not given; ``title``, ``palette``, ``fontsize``,
        ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Of the first page, its unit the point; `figure` has the others. A circle leads to the first
        of the claims that decide, a count to the first that it counts; their gids are
        ``robustness-``, the id of the question's first claim and ``-recodings``, or the id of the
        claim that they lead to.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_robustness(read_collection("data"), most=5)
    """
    return Robustness(collection, **options).plot(ax)
