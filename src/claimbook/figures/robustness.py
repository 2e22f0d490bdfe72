"""How firm the verdicts stand: what one claim coded otherwise or one source fewer would do."""

from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Footing, draw_footing, lay_out
from claimbook.figures.layout import (
    INCH,
    LINE,
    SIZE,
    break_text,
    count_pages,
    cut_page,
    embolden,
    find_font,
    measure_text,
    measure_width,
    tell_left_out,
    write,
    write_count,
)
from claimbook.figures.style import INK, PALE_INK, RULE, VERDICT_SIGNS, link_claim, name_sides
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
_DROP: Final = 0.36  # of the size, from the middle of a line to its base
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


class _Lines(NamedTuple):
    """Where everything stands, in points from the left and down from the top."""

    rows: list[dict[str, Any]]  # the verdicts, with label, loss, fold, top and height
    headings: list[tuple[str, str, float]]
    edges: dict[str, float]
    sides: dict[str, str]
    bottom: float
    head: float
    footing: Footing
    font: FontProperties

    @property
    def height(self) -> float:
        """Of everything below the heads of columns."""
        return self.bottom + SIZE + self.footing.height


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

    def lay_out(self, page: int, width: float | None) -> _Lines:
        """Stack the lines of a page, with a heading before the first of each verdict."""
        verdicts, note = self._cut(page)
        rows: list[dict[str, Any]] = verdicts.to_dict("records")  # type: ignore[assignment]
        labels = [self._name_question(row, " · ") for row in rows]
        losses = [self._write_loss(row) for row in rows]
        folds = [_sign(row["folded"]) if row["folded"] != row["verdict"] else _SAME for row in rows]
        font = find_font([*labels, *losses, *folds], size=SIZE)
        names = name_sides(self.terms)
        sides = {
            "against": names.get(-1, ""),
            "uncertain": names.get(0, "") * (0 in self.terms.scores.values()),
            "off_scale": "off the scale" * bool(self._found[0]["off_scale"].map(len).any()),
            "for": names.get(1, ""),
        }
        sides = {side: name for side, name in sides.items() if name}
        edges = _find_edges(labels, losses, folds, font, len(sides), (width or _WIDTH) / INCH)
        rooms = edges["codes"] - 2 * _PAD, edges["fold"] - edges["loss"] - _PAD
        headings, bottom, verdict = [], 0.0, ""
        for row, *texts, fold in zip(rows, labels, losses, folds, strict=True):
            if row["verdict"] != verdict:
                verdict = row["verdict"]
                title, told = self._write_heading(verdict)
                room = edges["end"] - measure_width(title, embolden(font)) - 4 * _PAD
                told = break_text(told, font, width=room / _HINTED)
                headings.append((title, told, bottom))
                bottom += _HEADING + LINE * SIZE * told.count("\n")
            label, loss = (
                break_text(text, font, width=room / _HINTED)
                for text, room in zip(texts, rooms, strict=True)
            )
            high = max(measure_text(text, font)[1] for text in (label, loss)) + _SPARE
            row |= {"label": label, "loss": loss, "fold": fold, "top": bottom, "height": high}
            bottom += high
        head = 0.87 * max([20.0, *(measure_width(name, font) for name in sides.values())]) + 10
        entries = [*(Entry(text) for text in _MEANING), Entry(note, starts=True, pale=True)]
        footing = lay_out(entries if note else entries[:-1], font, width=edges["end"])
        return _Lines(rows, headings, edges, sides, bottom, head, footing, font)

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

    def _write_heading(self, verdict: str) -> tuple[str, str]:
        verdicts = self._found[0]
        those = verdicts[verdicts["verdict"] == verdict]
        told = f"One code decides {those['one_code'].sum()} of {len(those)}. {_ENDS[verdict]}"
        return _sign(verdict), told

    def measure(self, layout: _Lines) -> tuple[float, float]:
        """Give what the lines, their heads and the key take."""
        return layout.edges["end"] * INCH, (layout.head + layout.height) * INCH

    def paint(self, ax: Axes, layout: _Lines) -> None:
        """Draw heads, then each verdict with its marks."""
        ax.set(xlim=(0, layout.edges["end"]), ylim=(layout.height, -layout.head))
        _draw_heads(ax, layout)
        for row in layout.rows:
            _write_words(ax, layout, row)
            _draw_mark(ax, layout, row)
            for place, side in enumerate(layout.sides):
                if row[side]:
                    _draw_count(ax, row, side, layout.edges["sides"] + place * _CELL)
        draw_footing(ax, layout.footing, left=0, top=layout.bottom + SIZE)


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
    labels: list[str], losses: list[str], folds: list[str], font: FontProperties, sides: int,
    width: float,
) -> dict[str, float]:  # fmt: skip
    """Give verdicts the room that they need, and questions that which the sources leave."""
    label, loss = (
        max(measure_width(text, font) for text in texts) * _HINTED for texts in (labels, losses)
    )
    bold = embolden(font)
    last = width - _HINTED * max(measure_width(text, bold) for text in (*folds, "on three levels"))
    between = _CODES + _CELL * sides + 5 * _PAD
    codes = min(label, max(last - between - loss, _WIDEST)) + 2 * _PAD
    return {
        "codes": codes,
        "sides": codes + _CODES,
        "loss": codes + _CODES + _CELL * sides + 2 * _PAD,
        "fold": last,
        "end": width,
    }


def _draw_heads(ax: Axes, lines: _Lines) -> None:
    """Name the columns above them, and each verdict before its rows."""
    edges, style = lines.edges, {"color": PALE_INK}
    write(ax, 0, -4, "question", **style)
    write(ax, edges["codes"] + _CODES / 2 - _PAD, -4, "claims to\nrecode", ha="center", **style)
    write(ax, edges["loss"], -4, "without one source", **style)
    write(ax, edges["fold"], -4, "on three levels", **style)
    for place, name in enumerate(lines.sides.values()):
        write(
            ax, edges["sides"] + (place + 0.5) * _CELL, -4, name, rotation=60, va="center",
            rotation_mode="anchor", **style,
        )  # fmt: skip
    for title, text, top in lines.headings:
        y = top + _PAD + 12
        ax.hlines(top + _PAD, 0, edges["end"], color=PALE_INK, linewidth=0.6)
        write(ax, 0, y, title, fontproperties=embolden(lines.font))
        room = edges["end"] - measure_text(text, lines.font)[0] * _HINTED
        for place, line in enumerate(text.split("\n")):
            write(ax, min(edges["codes"] - _PAD, room), y + place * LINE * SIZE, line, **style)


def _write_words(ax: Axes, lines: _Lines, row: dict[str, Any]) -> None:
    """Write the question, what one source fewer does, and the verdict on three levels."""
    middle, bottom = row["top"] + row["height"] / 2, row["top"] + row["height"]
    turned = row["folded"] != row["verdict"]
    trivial = not row["turns"] or row["sources"] == len(row["turns"]) == 2
    bold = embolden(lines.font) if turned else lines.font
    for x, text, font, pale in (
        (0.0, row["label"], lines.font, False),
        (lines.edges["loss"], row["loss"], lines.font, trivial),
        (lines.edges["fold"], row["fold"], bold, not turned),
    ):
        several = "\n" in text
        write(
            ax, x, middle + _DROP * SIZE * (not several), text, fontproperties=font,
            va="center" if several else "baseline", color=PALE_INK if pale else INK,
        )  # fmt: skip
    ax.hlines(bottom, 0, lines.edges["end"], color=RULE, linewidth=0.5, zorder=0.5)


def _draw_mark(ax: Axes, lines: _Lines, row: dict[str, Any]) -> None:
    """Draw how many claims would have to be recoded: a full circle for one, an open for more."""
    x, y = lines.edges["codes"] + _CODES / 2 - _PAD, row["top"] + row["height"] / 2
    first = next(row[side][0] for side in ("for", "uncertain", "against", "off_scale") if row[side])
    link, gid = link_claim(row["decisive"][0]), f"robustness-{first}-recodings"
    known = row["recodings"] == row["recodings"]
    if known:
        ax.plot(
            [x], [y], linestyle="none", marker="o", markersize=_MARK, markeredgewidth=1,
            markeredgecolor=INK, markerfacecolor=INK if row["one_code"] else "white", url=link,
            gid=f"{gid}-mark",
        )  # fmt: skip
    write(
        ax, x, y, f"{row['recodings']:.0f}" if known else "–", ha="center", va="center_baseline",
        weight="bold", color="white" if row["one_code"] else INK, url=link, gid=gid,
    )  # fmt: skip


def _draw_count(ax: Axes, row: dict[str, Any], side: str, left: float) -> None:
    """Write how many claims stand on a side, framed where those that decide stand there."""
    ids, y = row[side], row["top"] + row["height"] / 2
    decisive = len(set(ids) & set(row["decisive"])) == row["recodings"]
    framed = decisive and side in ("for", "against") and row["verdict"] in VERDICTS[:2]
    link, gid = link_claim(ids[0]), f"robustness-{ids[0]}"
    ax.add_patch(
        Rectangle(
            (left + 1.5, y - 6), _CELL - 3, 12, facecolor=_TINTS[side], url=link, gid=gid,
            edgecolor=INK if framed else "none", linewidth=1.2 * framed,
        )
    )  # fmt: skip
    write(
        ax, left + _CELL / 2, y, str(len(ids)), ha="center", va="center_baseline", url=link,
        gid=f"{gid}-count",
    )  # fmt: skip


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
