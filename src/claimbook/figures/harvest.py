"""The harvest plot: in each row, which sources stand against, in the middle and for."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Shape, add_key, box_swatch, list_levels
from claimbook.figures.layout import (
    INCH,
    SIZE,
    count_pages,
    cut_page,
    tell_left_out,
    write_count,
)
from claimbook.figures.style import INK, PALE_INK, choose_ink, link_claim, name_kind, name_sides
from claimbook.measures import BOTH, OFF_SCALE, find_bars

_WIDTH: Final = 7.4  # inches
_SMALL: Final = 6.5
_SIDES: Final = {"against": -1, "uncertain": 0, OFF_SCALE: 0, BOTH: 0, "for": 1}
_TINTS: Final = {-1: "#fdf4e8", 0: "#f5f5f5", 1: "#f3f1f8"}
_HEAD: Final = 14.0  # points, as all that follows
_HIGH: Final = (3.0, 5.0)  # of a bar: so much, and so much a step of its kind
_INDENT: Final = 8.0
_WIDEST: Final = 150.0
_INSET: Final = 6.0
_GAP: Final = 3.0
_PAD: Final = 4.0
_TAG: Final = 8.0
_LEAST: Final = 14.0
_STRIPES: Final = 6.0  # of a bar, for its further levels
_HANG: Final = 78.0
_EDGE: Final[dict[str, Any]] = {"edgecolor": INK, "linewidth": 0.8}
_MOST_NAMED: Final = 5


class Harvest(Figure):
    """A bar for each source, in the compartment of the side that it takes on each question."""

    name = "harvest"
    nothing = "No source takes a stand on a question here"

    def __init__(
        self, collection: Collection, *, by: str | Sequence[str] = FACETS, least: int = 2,
        most: int = 20, **style: Any,
    ) -> None:  # fmt: skip
        self.by = (by,) if isinstance(by, str) else tuple(by)
        self.least, self.most = least, most
        super().__init__(collection, **style)

    @cached_property
    def _bars(self) -> pd.DataFrame:
        """Find the bars, with the number of their row and the levels in the order drawn."""
        bars = find_bars(self.collection, by=self.by, least=self.least)[0]
        row = bars.groupby(list(FACETS), sort=False).ngroup()
        levels = [
            self._order_levels(*bar) for bar in zip(bars["levels"], bars["side"], strict=True)
        ]
        labels = bars["source"].map(self.collection.labels)
        return bars.assign(row=row, label=labels, levels=pd.Series(levels, dtype=object))

    def _order_levels(self, levels: tuple[str, ...], side: str) -> tuple[str, ...]:
        """Put first the commonest level on the side where the bar stands; on both, against."""
        scores = self.terms.scores
        if side == BOTH:
            return tuple(sorted(levels, key=lambda level: scores.get(level, 0)))
        return tuple(
            sorted(levels, key=lambda level: np.sign(scores.get(level, 0)) != _SIDES[side])
        )

    @property
    def table(self) -> pd.DataFrame:
        """List the bars, one row per row of the plot and source."""
        return self._bars.drop(columns=["number", "height", "claim_ids", "row", "label"])

    @property
    def pages(self) -> int:
        """Count its pages."""
        return count_pages(self._bars["row"].nunique(), most=self.most)

    def _cut(self, page: int) -> tuple[pd.DataFrame, str]:
        """Choose the bars of a page, and say which rows it holds and how many are nowhere."""
        row, left_out = (
            self._bars["row"],
            find_bars(self.collection, by=self.by, least=self.least)[1],
        )
        first, last, note = cut_page(row.nunique(), most=self.most, page=page)
        note += " " + tell_left_out(left_out, "row", least=self.least)
        return self._bars[(row >= first) & (row < last)].copy(), note.strip()

    def _name_terms(self, terms: Any) -> list[str]:
        named = zip(FACETS, terms, strict=True)
        return [self.terms.describe(facet, term)[0] if term else "" for facet, term in named]

    def describe(self, page: int) -> str:
        """Count rows, sources and the bars on each side, and name who stands on opposite sides."""
        bars, note = self._cut(page)
        rows, sources = bars["row"].nunique(), bars["source"].nunique()
        text = f"Harvest plot of {write_count(rows, 'row')} and {write_count(sources, 'source')}."
        if len(bars):
            counts = bars["side"].value_counts()
            names = {"against": "against", "uncertain": "uncertain", BOTH: "on both sides"}
            names |= {OFF_SCALE: "off the scale"} if OFF_SCALE in counts else {}
            names["for"] = "for"
            told = [f"{name}: {counts.get(side, 0)}" for side, name in names.items()]
            text += f" Bars {', '.join(told)}.{self._name_opposed(bars)}"
        return f"{text} {note}".strip()

    def _name_opposed(self, bars: pd.DataFrame) -> str:
        """Name the first rows in which sources stand on opposite sides."""
        opposed = []
        for terms, row in bars.groupby(list(FACETS), sort=False):
            who = {side: list(row["label"][row["side"] == side]) for side in ("against", "for")}
            if all(who.values()):
                many = {side: write_count(len(names), "source") for side, names in who.items()}
                sides = "; ".join(
                    f"{side}: {', '.join(names) if len(names) <= _MOST_NAMED else many[side]}"
                    for side, names in who.items()
                )
                opposed.append(f"{', '.join(filter(None, self._name_terms(terms)))} ({sides})")
        named = "; ".join(opposed[:_MOST_NAMED]) + "; …" * (len(opposed) > _MOST_NAMED)
        return f" On opposite sides: {named}." if named else " No sources on opposite sides."

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw the rows of a page, their bars in as many lines as they need."""
        bars, note = self._cut(page)
        terms = bars.drop_duplicates("row")[list(FACETS)]
        named = [self._name_terms(row) for row in terms.to_numpy()]
        words = [*bars["label"], *bars["kind"], *self.palette.labels.values()]
        drawing = Drawing([*words, *(name for names in named for name in names)])
        texts = [" · ".join(filter(None, names[1:])) for names in named]
        texts = [drawing.wrap(text, _WIDEST - _INDENT) for text in texts]
        new = terms["condition"].ne(terms["condition"].shift())
        heads = [names[0] if first else "" for names, first in zip(named, new, strict=True)]
        heads = [drawing.wrap(head, _WIDEST, bold=True) for head in heads]
        facets = "question" if len(self.by) == len(FACETS) else ", ".join(self.by)
        left = -max(
            drawing.widest([*texts, facets]) + 2 * _INDENT,
            drawing.widest(heads, bold=True) + _INDENT,
        )
        fits = drawing.widest(bars["label"], size=_SMALL) <= _LEAST
        bars["tag"] = bars["label"] if fits else bars["number"].astype(str)
        signs = {self.palette.signs[levels[0]] for levels in bars["levels"]}
        wide = max(
            _LEAST,
            drawing.widest(bars["tag"], size=_SMALL) + 1,
            drawing.widest(signs, bold=True, size=SIZE - 1)
            + 2 + _STRIPES * bool(bars["levels"].map(len).max() > 1),
        )  # fmt: skip
        sides = self._share_width(drawing, bars, wide + _GAP, (width or _WIDTH) / INCH + left)
        right = max(end for _, _, end in sides.values())
        bottom = 0.0
        for head, text, (_, row) in zip(heads, texts, bars.groupby("row"), strict=True):
            start = left if head else left + _INDENT
            drawing.rule([(start, bottom), (right, bottom)], width=0.8 if head else 0.5)
            top, heading, worded = bottom, *(drawing.size(part)[1] for part in (head, text))
            heading += 2 * bool(head and text)
            bottom = self._draw_bars(drawing, row, sides, wide, (top, heading + worded))
            above = (top + bottom - heading - worded) / 2
            drawing.write(left, above, head, bold=True, va="top")
            drawing.write(left + _INDENT, above + heading + worded / 2, text, va="center")
        drawing.rule([(left, bottom), (right, bottom)], width=0.8)
        look: dict[str, Any] = {"va": "center_baseline"}
        for side, (title, start, end) in sides.items():
            tint = {"facecolor": _TINTS[side], "edgecolor": "white", "linewidth": 1.5}
            drawing.box(start, -_HEAD, end, bottom, zorder=0, **tint)
            drawing.write((start + end) / 2, -_HEAD / 2, title, bold=True, ha="center", **look)
        drawing.write(left, -_HEAD / 2, facets, color=PALE_INK, **look)
        look |= {"ha": "center", "color": PALE_INK}
        drawing.write(right / 2, -_HEAD - 7, "side that each source takes", **look)
        add_key(drawing, self._list_entries(bars, wide, note), top=SIZE)
        return drawing

    def _share_width(
        self, drawing: Drawing, bars: pd.DataFrame, pitch: float, room: float
    ) -> dict[int, tuple[str, float, float]]:
        """Share the width between the compartments, by the longest row of bars in each."""
        names, there = name_sides(self.terms), set(bars["side"])
        middle = [names[0]] if 0 in names else []
        middle += ["off the scale"] * (OFF_SCALE in there) + ["on both sides"] * (BOTH in there)
        if middle:
            names[0] = " or ".join(filter(None, [", ".join(middle[:-1]), middle[-1]]))
        arrows = {-1: "← {}", 0: "{}", 1: "{} →"}
        titles = {side: arrows[side].format(names[side]) for side in sorted(names)}
        most = bars.groupby(["row", bars["side"].map(_SIDES)]).size().groupby(level=1).max()
        needed = most.reindex(list(titles), fill_value=1).to_numpy()
        widths = np.array([drawing.size(text, bold=True)[0] for text in titles.values()])
        widths = np.maximum(widths, pitch) + 2 * _INSET
        while widths.sum() + pitch <= room:
            lines = needed / ((widths - 2 * _INSET + _GAP) // pitch)
            if lines.max() <= 1:
                break
            widths[lines.argmax()] += pitch
        widths += max(room - widths.sum(), 0) / len(widths)
        ends = widths.cumsum()
        places = zip(titles.values(), ends - widths, ends, strict=True)
        return dict(zip(titles, places, strict=True))

    def _draw_bars(
        self, drawing: Drawing, row: pd.DataFrame, sides: dict[int, tuple[str, float, float]],
        wide: float, least: tuple[float, float],
    ) -> float:  # fmt: skip
        """Draw the bars of a row below its top, in lines, and find its bottom."""
        number, highs, places = Counter[int](), defaultdict[int, float](float), []
        for bar in iter_rows(row):
            side = _SIDES[bar.side]
            _, left, right = sides[side]
            room = max(int((right - left - 2 * _INSET + _GAP) // (wide + _GAP)), 1)
            line, place = divmod(number[side], room)
            number[side] += 1
            highs[line] = max(highs[line], _HIGH[0] + _HIGH[1] * bar.height + _TAG + _PAD)
            places.append((bar, line, left + _INSET + place * (wide + _GAP)))
        top, worded = least
        held = sum(highs.values()) + _PAD
        bottom = top + max(held, worded + 1.5 * _PAD)
        for bar, line, left in places:
            base = bottom - held - _TAG + sum(highs[other] for other in range(line + 1))
            self._draw_bar(drawing, bar, left, base, wide)
        return bottom

    def _draw_bar(self, drawing: Drawing, bar: Any, left: float, base: float, wide: float) -> None:
        """Draw a bar, its sign at its foot, and under it the source."""
        link, gid = link_claim(bar.claim_ids[0]), f"harvest-{bar.claim_ids[0]}"
        shapes = self._shape_bar(bar.levels, bar.side, wide, _HIGH[0] + _HIGH[1] * bar.height)
        for place, (((x, low), _, (end, high), _), look) in enumerate(shapes):
            name = f"{gid}-stripe-{place}" if place else gid
            drawing.box(left + x, base - high, left + end, base - low, url=link, gid=name, **look)
        both, middle = bar.side == BOTH, left + wide / 2
        free = middle if both or not shapes[1:] else left + shapes[1][0][0][0] / 2
        style: dict[str, Any] = {"ha": "center", "va": "center_baseline", "url": link}
        sign = "±" if both else self.palette.signs[bar.levels[0]]
        ink = choose_ink(shapes[0][1]["facecolor"])
        signed: dict[str, Any] = {"bold": True, "size": SIZE - 1, "color": ink} | style
        drawing.write(free, base - 4.5, sign, gid=f"{gid}-sign", **signed)
        drawing.write(middle, base + 4, bar.tag, size=_SMALL, gid=f"{gid}-source", **style)

    def _list_entries(self, bars: pd.DataFrame, wide: float, note: str) -> list[Entry]:
        """List what the key explains: levels, the height and the sources of each kind, the note."""
        entries, scores = list_levels(self.terms, self.palette), self.terms.scores
        if (bars["side"] == BOTH).any():
            ends = tuple(end(scores, key=scores.__getitem__) for end in (min, max))
            shapes = tuple(self._shape_bar(ends, BOTH, wide, 9.0))
            entries.append(Entry("on both sides", shapes=shapes, sign="±"))
        sources = bars.drop_duplicates("source").sort_values("number")
        kinds = sources.drop_duplicates("kind").set_index("kind")["height"]
        known = list(kinds.index) != [""]
        for kind, height in kinds.items() if known else ():
            shape = box_swatch(wide, _HIGH[0] + _HIGH[1] * height, facecolor="#ffffff", **_EDGE)
            entries.append(
                Entry(str(kind) or name_kind(""), shapes=(shape,), starts=kind == kinds.index[0])
            )
        for kind, group in sources.groupby("kind", sort=False):
            if (bars["tag"] != bars["label"]).any():
                head = name_kind(str(kind)) if len(kinds) > 1 else "sources"
                entries.append(Entry(head, bold=True, starts=True, hang=_HANG))
                entries += [Entry(row.label, lead=str(row.number)) for row in iter_rows(group)]
        said = "Each bar is a source."
        said += " Its height tells the kind of source, and nothing of its quality." * known
        return [*entries, Entry(f"{said} {note}".strip(), starts=True, pale=True)]

    def _shape_bar(
        self, levels: tuple[str, ...], side: str, wide: float, high: float
    ) -> list[Shape]:
        """Make the boxes of a bar, the whole first, then a stripe for each further level."""
        colours, scores, both = self.palette.colours, self.terms.scores, side == BOTH
        edge = _EDGE if both else {}
        shapes = [
            box_swatch(wide, high, facecolor="#ffffff" if both else colours[levels[0]], **edge)
        ]
        striped = levels if both else levels[1:]
        stripe = min(_STRIPES / 2, (1 + both) * _STRIPES / max(len(striped), 1))
        for place, level in enumerate(striped):
            # of a source on both sides what is not for stands at the left edge
            left = stripe * place if both and scores.get(level, 0) <= 0 else None
            left = wide - stripe * (len(striped) - place) if left is None else left
            shapes.append(box_swatch(stripe, high, left=left, facecolor=colours[level], **edge))
        return shapes


def plot_harvest(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the harvest plot: a bar for each source, in the compartment of the side that it takes.

    Against stands on the left, for on the right, and between them the sources that are uncertain,
    off the scale and, with a stripe for each of their levels, those on both sides. The colour and
    the sign are those of the level, of several the commonest, the others in stripes; the height
    tells the kind of source. The number under a bar is that of the source in the key, or the
    source itself where every name is short.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Aspects under use stay apart unless it is gathered (`Collection.gather_use`).
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``by``: the facets that make a row, all three if not given: claims that differ elsewhere
        stand in one row; ``least``: from how many sources on a row is shown, 2 if not given;
        ``most``: rows on a page, 20 if not given; ``title``, ``palette``, ``fontsize``,
        ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Of the first page, its unit the point; `figure` has the others. A bar's ``gid`` is
        ``harvest-`` and the id of its first claim, to which it leads; ``-sign``, ``-source`` and
        ``-stripe-`` with a number are added for what stands on it.

    References
    ----------
    Ogilvie D, Fayter D, Petticrew M, Sowden A, Thomas S, Whitehead M, Worthy G (2008). The harvest
    plot: a method for synthesising evidence about the differential effects of interventions. BMC
    Medical Research Methodology 8:8, https://doi.org/10.1186/1471-2288-8-8.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_harvest(read_collection("data"), by="aspect")
    >>> "aspect" in [text.get_text() for text in ax.texts]
    True
    """
    return Harvest(collection, **options).plot(ax)
