"""The matrix: which source stands where on which question."""

from functools import cached_property
from itertools import groupby
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, box_swatch, list_levels
from claimbook.figures.layout import INCH, SIZE, list_some, tell_left_out, write_count
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    TINT,
    VERDICT_SIGNS,
    choose_ink,
    divide,
    link_claim,
    name_kind,
)
from claimbook.measures import cut_matrix, order_questions

_PITCH: Final = 19.2  # of a column, in points
_ROW: Final = 17.2  # of one line
_STRIPE: Final = 8.0  # of a cell with several
_BREAK: Final = 5.0  # between groups of rows
_PAD: Final = 8.0
_LEAST: Final = 200.0
_SLANT: Final = 60  # degrees, of the names of sources
_SINE: Final = np.sin(np.radians(_SLANT))
_WIDEST: Final = {"group": 120.0, "question": 190.0, "source": 160.0}
_NARROWEST: Final = {"group": 60.0, "question": 90.0}
_MOST_NAMED: Final = 5
_Edges = list[list[float]]


class Matrix(Figure):
    """
    A row per question, a column per source, a cell where the one answers the other.

    A cell has the colour and the sign of the level; of a source with several levels a stripe for
    each, the commonest first; two halves where it contradicts itself.
    """

    name = "matrix"
    nothing = "No question to show"

    def __init__(
        self,
        collection: Collection,
        *,
        by: str = FACETS[0],
        least: int = 2,
        rows: int = 40,
        columns: int = 40,
        **style: Any,
    ) -> None:
        self.by, self.least, self.rows, self.columns = by, least, rows, columns
        super().__init__(collection, **style)

    @cached_property
    def _pages(self) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
        return cut_matrix(
            self.collection, rows=self.rows, columns=self.columns, least=self.least, by=self.by
        )

    @property
    def pages(self) -> int:
        """Count the pages into which questions and sources are cut."""
        return len(self._pages)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Give the stances shown, one row per question and source, with the verdict on each."""
        parts = [
            questions[[*FACETS, "verdict"]].merge(stances, on=list(FACETS))
            for stances, questions in self._pages
        ]
        return pd.concat(parts, ignore_index=True)

    def describe(self, page: int) -> str:
        """Say how much is shown, how often each verdict is reached, and the first conflicts."""
        stances, questions = self._pages[page - 1]
        kinds = self.order_shown(stances["source"])["kind"]
        named = [f"{name_kind(kind)} {sum(kinds == kind)}" for kind in kinds.unique()]
        shape = write_count(len(questions), "question"), write_count(len(kinds), "source")
        text = f"Matrix of {' by '.join(shape)}"
        text += f" ({', '.join(named)})" if (kinds != "").any() else ""
        counts = questions["verdict"].value_counts()
        verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
        text += f": {', '.join(verdicts)}." if verdicts else "."
        within = int(stances["contradicts"].sum())
        text += f" Cells in which a source contradicts itself: {within}." if within else ""
        conflicts = questions[questions["verdict"] == VERDICTS[0]]
        terms = conflicts[list(FACETS)].to_numpy()
        named = [", ".join(self.name_terms(FACETS, question)) for question in terms]
        text += f" In conflict: {list_some(named, most=_MOST_NAMED)}." if named else ""
        _, rest = order_questions(self.collection, least=self.least, by=self.by)
        text += f" {tell_left_out(rest, 'question', least=self.least)}"
        return f"{text.strip()} {_name_page(questions)}".strip()

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Draw all, its labels narrower where there is less room."""
        drawing = self._draw(page, _WIDEST)
        lacking = drawing.right - drawing.left - (width or np.inf) / INCH
        if lacking <= 0:
            return drawing
        share = lacking / sum(_WIDEST[name] - least for name, least in _NARROWEST.items())
        narrow = {
            name: _WIDEST[name] - min(share, 1) * (_WIDEST[name] - least)
            for name, least in _NARROWEST.items()
        }
        return self._draw(page, _WIDEST | narrow)

    def _draw(self, page: int, widest: dict[str, float]) -> Drawing:
        stances, questions = self._pages[page - 1]
        sources = self.order_shown(stances["source"])
        asked = [*questions[list(FACETS)].itertuples(index=False, name=None)]
        words = [text for question in asked for text in self.name_terms(FACETS, question)]
        kinds = map(name_kind, sources["kind"])
        drawing = Drawing([*words, *sources["label"], *kinds, *self.palette.labels.values()])
        cells = [
            ((cell.condition, cell.intervention, cell.aspect), cell.source, cell.claim_ids[0],
             divide(cell.levels, cell.contradicts, self.terms))
            for cell in iter_rows(stances)
        ]  # fmt: skip
        needs = dict.fromkeys(asked, _ROW)
        for question, _, _, parts in cells:
            needs[question] = max(needs[question], _measure_parts(parts))
        columns, across = self._draw_columns(drawing, sources, widest["source"])
        rows, down = self._draw_rows(drawing, questions, needs, across[-1][-1], widest)
        lines = [[(run[0], y), (run[-1], y)] for edges in down for y in edges for run in across]
        lines += [[(x, edges[0]), (x, edges[-1])] for run in across for x in run for edges in down]
        drawing.rule(*lines)
        if (sources["kind"] != "").any():
            tops = [[(run[0], 0.0), (run[-1], 0.0)] for run in across]
            drawing.rule(*tops, color=PALE_INK, width=1.5, order=3)
        for question, source, first, parts in cells:
            self._draw_cell(drawing, (*columns[source], *rows[question]), first, parts)
        shapes = {shape for *_, parts in cells for shape, _ in parts}
        add_key(drawing, self._list_entries(shapes, questions), top=_PAD, width=_LEAST)
        return drawing

    def _draw_columns(
        self, drawing: Drawing, sources: pd.DataFrame, widest: float
    ) -> tuple[dict[str, tuple[float, float]], _Edges]:
        """Name the sources, each kind before the first of it, and find where columns end."""
        signs = self.palette.signs.values()
        pitch = max(_PITCH, drawing.widest(signs, bold=True, size=SIZE - 1) + 4)
        style: dict[str, Any] = {"rotation": _SLANT, "va": "center", "rotation_mode": "anchor"}
        known, x = (sources["kind"] != "").any(), 0.0
        columns, across = {}, []
        for kind, members in groupby(iter_rows(sources), key=lambda source: source.kind):
            if known:
                drawing.write(x + pitch / 2, -4, name_kind(kind), bold=True, **style)
                x += pitch
            edges = [x]
            for source in members:
                wide = drawing.size(source.label)[0]
                label = source.label if wide <= widest else drawing.wrap(source.label, wide * 0.6)
                wide = max(pitch, drawing.size(label)[1] / _SINE)
                drawing.write(x + wide / 2, -4, label, **style)
                columns[source.source] = x, x + wide
                x += wide
                edges.append(x)
            across.append(edges)
        return columns, across

    def _draw_rows(
        self, drawing: Drawing, questions: pd.DataFrame, needs: dict[Any, float], right: float,
        widest: dict[str, float],
    ) -> tuple[dict[Any, tuple[float, float]], _Edges]:  # fmt: skip
        """Name the questions, what they share before the first, and find where rows end."""
        others = [facet for facet in FACETS if facet != self.by]
        terms = questions[others].to_numpy().tolist()
        labels = [
            drawing.wrap(" · ".join(self.name_terms(others, row)), widest["question"])
            for row in terms
        ]
        names = {
            term: drawing.wrap(self.terms.describe(self.by, term)[0], widest["group"], bold=True)
            for term in questions[self.by]
        }
        question = -drawing.widest([*labels, "question source  "]) - _PAD
        group = question - drawing.widest([*names.values(), self.by], bold=True) - 1.5 * _PAD
        for x, text in ((group, self.by), (question, "question"), (right + _PAD, "verdict")):
            drawing.write(x, -4, text, color=PALE_INK)
        drawing.write(-_PAD, -4, "source", color=PALE_INK, ha="right")
        signed = [f"{VERDICT_SIGNS[name]} {name}" for name in questions["verdict"]]
        end = right + drawing.widest(signed, bold=True) + 1.5 * _PAD
        rows, down, y = {}, [], 0.0
        asked = zip(iter_rows(questions), labels, signed, strict=True)
        for term, members in groupby(asked, key=lambda row: getattr(row[0], self.by)):
            listed = list(members)
            keys = [(row.condition, row.intervention, row.aspect) for row, _, _ in listed]
            highs = [
                max(needs[key], drawing.size(label)[1] + 6.5)
                for key, (_, label, _) in zip(keys, listed, strict=True)
            ]
            high = max(_ROW, drawing.size(names[term], bold=True)[1] + 6.5)
            highs[-1] += max(high - sum(highs), 0)
            y += _BREAK
            drawing.write(group, y + high / 2, names[term], bold=True, va="center")
            edges = [y]
            for key, (row, label, verdict), high in zip(keys, listed, highs, strict=True):
                grave, middle = row.verdict in VERDICTS[:2], y + high / 2
                rows[key] = y, y + high
                if grave:  # where claims clash, so that the eye finds it first
                    look = {"facecolor": TINT, "zorder": 0.2}
                    drawing.box(question - _PAD / 2, y, -_PAD / 2, y + high, **look)
                    drawing.box(right + _PAD / 2, y, end, y + high, **look)
                drawing.write(question, middle, label, va="center")
                ink = INK if grave else PALE_INK
                drawing.write(right + _PAD, middle, verdict, bold=grave, color=ink, va="center")
                y += high
                edges.append(y)
            down.append(edges)
        return rows, down

    def _draw_cell(
        self, drawing: Drawing, place: tuple[float, float, float, float], first: str, parts: Any
    ) -> None:
        """Draw the parts of a cell: one, or two halves, and a stripe for each further level."""
        a, b, top, bottom = place
        split, stripes = parts[0][0] == "upper", sum(shape == "stripe" for shape, _ in parts)
        middle = top + (bottom - top) * (2 / (stripes + 2)) * split
        high = (bottom - middle) / max(stripes, 1)
        for number, (shape, level) in enumerate(parts):
            start = middle + high * (number - 2 * split)
            points = {
                "upper": [(a, top), (b, top), (a, middle)],
                "lower": [(b, middle), (a, middle), (b, top)],
            }.get(shape, [(a, start), (b, start), (b, start + high), (a, start + high)])
            half, colour = shape in ("upper", "lower"), self.palette.colours[level]
            url, gid = link_claim(first), f"matrix-{first}" + f"-{number + 1}" * (number > 0)
            drawing.shape(
                points, facecolor=colour, edgecolor=INK if half else "white", linewidth=1,
                joinstyle="round", zorder=1.5 if half else 1, url=url, gid=gid,
            )  # fmt: skip
            x, y = np.mean(points, axis=0)
            # in a half a little towards its corner, so that one sign does not touch the other
            y += 0.15 * (points[0][1] - y) * half
            drawing.write(
                x, y, self.palette.signs[level], bold=True, size=SIZE - (len(parts) > 1),
                color=choose_ink(colour), centred=True, url=url, gid=f"{gid}-sign",
            )  # fmt: skip

    def _list_entries(self, shapes: set[str], questions: pd.DataFrame) -> list[Entry]:
        entries = list_levels(self.terms, self.palette, divided="upper" in shapes)
        wide, high = 1.8 * SIZE, 1.1 * SIZE
        if "stripe" in shapes:
            ends = list(self.palette.colours.values())
            halves = [
                box_swatch(wide, high / 2, low=low, facecolor=colour)
                for low, colour in ((high / 2, ends[0]), (0.0, ends[1 % len(ends)]))
            ]
            entries.append(Entry("several levels, the commonest on top", shapes=tuple(halves)))
        box = box_swatch(wide, high, facecolor="white", edgecolor=RULE, linewidth=0.8)
        entries.append(Entry("not addressed", shapes=(box,)))
        page = _name_page(questions)
        return [*entries, Entry(page, starts=True, pale=True)] if page else entries


def _name_page(questions: pd.DataFrame) -> str:
    return str(questions["page"].iloc[0]) if "page" in questions and len(questions) else ""


def _measure_parts(parts: list[tuple[str, str]]) -> float:
    """Measure how high a cell must be for its parts."""
    stripes = sum(shape == "stripe" for shape, _ in parts)
    return _ROW * (1 + stripes / 2) if parts[0][0] == "upper" else _STRIPE * stripes


def plot_matrix(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the matrix: a row per question, a column per source.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``by``: condition, intervention or aspect, what rows that stand together share; ``least``:
        from how many sources on a question is shown; ``rows`` and ``columns``: the most on a page;
        ``title``, ``palette``, ``fontsize``, ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Of the first page. A cell's ``gid`` is ``matrix-`` and the id of its first claim, to which
        it leads (``-2``, ``-3`` after it for further levels, ``-sign`` for what is written).
        Questions on which sources or claims clash stand on a tint.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_matrix(read_collection("data"), by="aspect")
    """
    return Matrix(collection, **options).plot(ax)
