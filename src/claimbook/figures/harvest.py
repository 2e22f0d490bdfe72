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
from claimbook.figures.layout import ROOM, SIZE, SMALL, count_pages, cut_page, list_some
from claimbook.figures.style import EDGE, INK, PALE_INK, PAPER, SIDE_TINTS, choose_ink, name_kind
from claimbook.measures import BOTH, OFF_SCALE, SIDES, find_bars

_ACROSS: Final = SIDES[::-1]  # the compartments
_HIGH: Final = (4.0, 5.0)  # of a bar, in points: so much, and so much a step of its kind
_WIDEST: Final = 250.0
_NARROWEST: Final = 150.0
_INSET: Final = 6.0
_GAP: Final = 3.0
_PAD: Final = 5.0
_TAG: Final = 11.0
_LEAST: Final = 16.0
_STRIPES: Final = 6.0  # of a bar, for its further levels
_HANG: Final = 90.0
_MOST_NAMED: Final = 5


class Harvest(Figure):
    """A bar for each source, in the compartment of the side that it takes on each question."""

    name = "harvest"
    nothing = "No source takes a stand on a question here"

    def __init__(
        self, collection: Collection, *, by: str | Sequence[str] = FACETS, least: int = 2,
        most: int = 12, **style: Any,
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
        own = {"against": -1, "for": 1}.get(side, 0)
        return tuple(sorted(levels, key=lambda level: np.sign(scores.get(level, 0)) != own))

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
        row = self._bars["row"]
        left_out = find_bars(self.collection, by=self.by, least=self.least)[1]
        first, last, note = cut_page(row.nunique(), most=self.most, page=page)
        note += " " + self.tell_left_out(left_out, "row", least=self.least)
        return self._bars[(row >= first) & (row < last)].copy(), note.strip()

    def _find_opposed(self, bars: pd.DataFrame) -> list[pd.DataFrame]:
        """Find the rows in which sources stand on opposite sides, or one on both."""
        rows = [row for _, row in bars.groupby("row")]
        return [row for row in rows if {*SIDES[::2]} <= {*row["side"]} or BOTH in set(row["side"])]

    def find(self) -> str:
        """Say in how many rows sources stand on opposite sides."""
        opposed, number = len(self._find_opposed(self._bars)), self._bars["row"].nunique()
        what = "question" if len(self.by) == len(FACETS) else "row"
        of = f"{opposed} of " * bool(opposed) + self.words.count(number, what)
        many = self.words.many("source").capitalize()
        if not opposed:
            return f"{many} stand on one side only on {'each of ' * (number > 1)}{of}"
        return f"{many} stand on both sides of {of}"

    def describe(self, page: int) -> str:
        """Count rows, sources and the bars on each side, and name who stands on opposite sides."""
        bars, note = self._cut(page)
        text = ""
        if len(bars):
            sources = self.words.count(bars["source"].nunique(), "source")
            text = f"{self.words.count(bars['row'].nunique(), 'row')}, {sources}."
            counts = Counter(bars["side"])
            text += f" Bars by side: {self.count_sides(counts)}."
            told = []
            for row in self._find_opposed(bars)[: _MOST_NAMED + 1]:
                names = {
                    side: list(row["label"][row["side"] == side]) for side in (*SIDES[::2], BOTH)
                }
                sides = {**self.sides, BOTH: "on both sides"}
                who = [
                    f"{sides[side]}: {self.name_some(names[side])}" for side in names if names[side]
                ]
                terms = self.name_terms(FACETS, row[list(FACETS)].iloc[0])
                told.append(f"{', '.join(terms)} ({'; '.join(who)})")
            text += f" On opposite sides: {list_some(told, most=_MOST_NAMED)}." if told else ""
        return f"{text} {note}".strip()

    def lay_out(self, page: int) -> Drawing:
        """Draw the rows of a page, their bars in as many lines as they need."""
        bars, note = self._cut(page)
        rows = [row for _, row in bars.groupby("row")]
        names = [" · ".join(self.name_terms(FACETS, row[list(FACETS)].iloc[0])) for row in rows]
        words = [*bars["label"], *bars["kind"], *self.palette.labels.values()]
        drawing = Drawing([*words, *names])
        fits = drawing.widest(bars["label"], size=SMALL) <= _LEAST
        bars["tag"] = bars["label"] if fits else bars["number"].astype(str)
        signs = {self.palette.signs[levels[0]] for levels in bars["levels"]}
        wide = max(
            _LEAST,
            drawing.widest(bars["tag"], size=SMALL) + 1,
            drawing.widest(signs, bold=True, size=SMALL)
            + 2 + _STRIPES * bool(bars["levels"].map(len).max() > 1),
        )  # fmt: skip
        edges = self._share_width(drawing, bars, wide + _GAP)
        right = edges[-1]
        left = -min(max(drawing.widest(names) + _PAD, _NARROWEST), ROOM - right, _WIDEST)
        labels = [drawing.wrap(name, -left - _PAD, most=4) for name in names]
        lines = [self._break_bars(row, edges, wide) for row in rows]
        needs = [sum(self._measure_line(line) for line in lined) + _PAD for lined in lines]
        places = drawing.rows(labels, left=left, right=right, needs=needs)
        for (_, bottom), lined, need in zip(places, lines, needs, strict=True):
            base = bottom - need
            for line in lined:
                base += self._measure_line(line)
                for bar, x in line:
                    tag = bar.label if fits else str(bar.number)
                    self._draw_bar(drawing, bar, tag, (x, base - _TAG), wide)
        for side, start, end in zip(_ACROSS, edges[:-1], edges[1:], strict=True):
            tint = SIDE_TINTS[side]
            drawing.box(start, 0, end - 1, places[-1][1], facecolor=tint, order=0.2)
            title = drawing.wrap(self._name_compartment(side, bars), end - start - 4, bold=True)
            middle = (start + end) / 2
            drawing.write(middle, -3, title, bold=True, ha="center", va="bottom")
        facets = [self.words[facet] for facet in FACETS if facet in self.by]
        head = "question" if len(facets) == len(FACETS) else ", ".join(facets)
        drawing.write(left, -3, head, color=PALE_INK, va="bottom")
        add_key(drawing, self._list_entries(bars, wide, note), top=SIZE, width=ROOM)
        return drawing

    def _name_compartment(self, side: str, bars: pd.DataFrame) -> str:
        """Name a compartment; the middle one also holds what is off the scale or on both sides."""
        if side != SIDES[1]:
            arrows = {SIDES[2]: "← {}", SIDES[0]: "{} →"}
            return arrows[side].format(self.sides.get(side, f"not {side}"))
        there = {SIDES[1]: SIDES[1] in self.sides, OFF_SCALE: OFF_SCALE in set(bars["side"])}
        names = [self.sides[name] for name, held in there.items() if held]
        return " or ".join([*names, *["on both sides"] * (BOTH in set(bars["side"]))])

    def _share_width(self, drawing: Drawing, bars: pd.DataFrame, pitch: float) -> list[float]:
        """Share the width between the compartments, no more than the longest row in each needs."""
        held = bars["side"].where(bars["side"].isin(SIDES), SIDES[1])
        most = bars.groupby(["row", held]).size().groupby(level=1).max()
        there = {side: side in self.sides or side in most.index for side in _ACROSS}
        needed = np.array([most.get(side, 0) * there[side] for side in _ACROSS])
        heads = [self._name_compartment(side, bars).split() for side in _ACROSS]
        parts = [head if len(head) > 2 else [" ".join(head)] for head in heads]
        words = [drawing.widest(part, bold=True) for part in parts]
        least = np.array([wide + 2 * _INSET for wide in words]) * [*there.values()]
        widths = np.maximum(least, pitch + 2 * _INSET) * [*there.values()]
        while widths.sum() + pitch <= ROOM - _NARROWEST:
            lines = needed / np.maximum((widths - 2 * _INSET + _GAP) // pitch, 1)
            if lines.max() <= 1:
                break
            widths[lines.argmax()] += pitch
        return [0.0, *widths.cumsum().tolist()]

    def _break_bars(self, row: pd.DataFrame, edges: list[float], wide: float) -> list[Any]:
        """Place the bars of a row in lines, each within its compartment."""
        number, lines = Counter[str](), defaultdict[int, list[tuple[Any, float]]](list)
        for bar in iter_rows(row):
            side = bar.side if bar.side in SIDES else SIDES[1]
            left, right = edges[_ACROSS.index(side)], edges[_ACROSS.index(side) + 1]
            room = max(int((right - left - 2 * _INSET + _GAP) // (wide + _GAP)), 1)
            line, place = divmod(number[side], room)
            number[side] += 1
            lines[line].append((bar, left + _INSET + place * (wide + _GAP)))
        return list(lines.values())

    def _measure_line(self, line: list[tuple[Any, float]]) -> float:
        highest = max(float(bar.height) for bar, _ in line)
        return _HIGH[0] + _HIGH[1] * highest + _TAG + _PAD

    def _draw_bar(
        self, drawing: Drawing, bar: Any, tag: str, place: tuple[float, float], wide: float
    ) -> None:
        """Draw a bar, its sign at its foot, and under it the source."""
        (left, base), gid = place, f"harvest-{bar.claim_ids[0]}"
        told = ", ".join(self.palette.labels[level] for level in bar.levels)
        terms = self.name_terms(FACETS, [getattr(bar, facet) for facet in FACETS])
        part: dict[str, Any] = {
            "ids": bar.claim_ids,
            "said": f"{bar.label}: {told} ({', '.join(terms)})",
        }
        shapes = self._shape_bar(bar.levels, bar.side, wide, _HIGH[0] + _HIGH[1] * bar.height)
        for number, (((x, low), _, (end, high), _), edge) in enumerate(shapes):
            name = f"{gid}-stripe-{number}" if number else gid
            drawing.box(left + x, base - high, left + end, base - low, gid=name, **edge, **part)
        both, middle = bar.side == BOTH, left + wide / 2
        free = middle if both or not shapes[1:] else left + shapes[1][0][0][0] / 2
        sign = "±" if both else self.palette.signs[bar.levels[0]]
        ink = INK if both else choose_ink(shapes[0][1]["facecolor"])
        look: dict[str, Any] = {"ha": "center", "va": "middle", "size": SMALL} | part
        drawing.write(free, base - 5, sign, gid=f"{gid}-sign", bold=True, color=ink, **look)
        drawing.write(middle, base + 5.5, tag, gid=f"{gid}-source", **look)

    def _list_entries(self, bars: pd.DataFrame, wide: float, note: str) -> list[Entry]:
        """List what the key explains: levels, the height and the sources of each kind, the note."""
        entries, scores = list_levels(self.terms, self.palette), self.terms.scores
        if (bars["side"] == BOTH).any():
            ends = tuple(end(scores, key=scores.__getitem__) for end in (min, max))
            shapes = tuple(self._shape_bar(ends, BOTH, wide, 9.0))
            entries.append(Entry("on both sides", shapes=shapes, sign="±", ink=INK))
        sources = bars.drop_duplicates("source").sort_values("number")
        kinds = sources.drop_duplicates("kind").set_index("kind")["height"]
        known = list(kinds.index) != [""]
        for kind, height in kinds.items() if known else ():
            shape = box_swatch(wide, _HIGH[0] + _HIGH[1] * height, facecolor=PAPER, **EDGE)
            name, starts = name_kind(str(kind), self.terms, 1), kind == kinds.index[0]
            entries.append(Entry(name, shapes=(shape,), starts=starts))
        for kind, group in sources.groupby("kind", sort=False):
            if (bars["tag"] != bars["label"]).any():
                many = self.words.many("source")
                head = name_kind(str(kind), self.terms) if len(kinds) > 1 else many
                entries.append(Entry(head, bold=True, starts=True, hang=_HANG))
                entries += [Entry(row.label, lead=str(row.number)) for row in iter_rows(group)]
        said = f"Each bar is a {self.words['source']}."
        said += f" Its height tells the kind of {self.words['source']}, not its quality." * known
        return [*entries, Entry(f"{said} {note}".strip(), starts=True, pale=True)]

    def _shape_bar(
        self, levels: tuple[str, ...], side: str, wide: float, high: float
    ) -> list[Shape]:
        """Make the boxes of a bar, the whole first, then a stripe for each further level."""
        colours, scores, both = self.palette.colours, self.terms.scores, side == BOTH
        edge = EDGE if both else {}
        shapes = [box_swatch(wide, high, facecolor=PAPER if both else colours[levels[0]], **edge)]
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
        ``most``: rows on a page, 12 if not given; ``title``, ``palette``, ``fontsize``,
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
