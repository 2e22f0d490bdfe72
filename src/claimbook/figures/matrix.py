"""The matrix: which source stands where on which question."""

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.figure import Figure
from claimbook.figures.key import (
    Entry,
    Footing,
    box_swatch,
    draw_footing,
    lay_out,
    list_levels,
    sign_font,
)
from claimbook.figures.layout import (
    INCH,
    SIZE,
    break_text,
    embolden,
    find_font,
    find_starts,
    measure_labels,
    measure_text,
    measure_width,
    stack,
    write,
)
from claimbook.figures.layout import (
    write_count as count,
)
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
from claimbook.measures import cut_matrix, order_questions, order_sources

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


class _Grid(NamedTuple):
    """
    Where everything stands, in points: right from the first column, down from the first row.

    `rows` and `columns` have their labels, the name of each group where it begins, and where they
    start and end; `cells` the same of each stance.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    cells: pd.DataFrame
    left: tuple[float, float]  # where groups begin, and questions
    top: float
    right: float
    footing: Footing
    font: FontProperties


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
        kinds = self._list_sources(stances)["kind"]
        named = [f"{name_kind(kind)} {sum(kinds == kind)}" for kind in kinds.unique()]
        text = f"Matrix of {count(len(questions), 'question')} by {count(len(kinds), 'source')}"
        text += f" ({', '.join(named)})" if (kinds != "").any() else ""
        counts = questions["verdict"].value_counts()
        verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
        text += f": {', '.join(verdicts)}." if verdicts else "."
        within = int(stances["contradicts"].sum())
        text += f" Cells in which a source contradicts itself: {within}." if within else ""
        conflicts = questions[questions["verdict"] == VERDICTS[0]]
        terms = conflicts[list(FACETS)].head(_MOST_NAMED).to_numpy()
        named = [", ".join(self._label(FACETS, question)) for question in terms]
        more = "; …" * (len(conflicts) > _MOST_NAMED)
        text += f" In conflict: {'; '.join(named)}{more}." if named else ""
        _, rest = order_questions(self.collection, least=self.least, by=self.by)
        fewer = (
            "only one source answers"
            if self.least == 2
            else f"fewer than {self.least} sources answer"
        )
        text += f" Not shown: {count(rest, 'question')} that {fewer}." if rest else ""
        return f"{text} {_name_page(questions)}".strip()

    def _list_sources(self, stances: pd.DataFrame) -> pd.DataFrame:
        ordered = order_sources(self.collection)
        return ordered[ordered["source"].isin(stances["source"])].reset_index(drop=True)

    def _label(self, facets: Any, terms: Any) -> list[str]:
        pairs = zip(facets, terms, strict=True)
        return [self.terms.describe(facet, term)[0] for facet, term in pairs if term]

    def lay_out(self, page: int, width: float | None) -> _Grid:
        """Break labels into lines, narrow ones where there is less room, and place everything."""
        grid = self._place(page, _WIDEST)
        lacking = grid.right - grid.left[0] - (width or np.inf) / INCH
        if lacking <= 0:
            return grid
        total = sum(_WIDEST[name] - least for name, least in _NARROWEST.items())
        narrow = {
            name: _WIDEST[name] - min(lacking / total, 1) * (_WIDEST[name] - least)
            for name, least in _NARROWEST.items()
        }
        return self._place(page, _WIDEST | narrow)

    def _place(self, page: int, widest: dict[str, float]) -> _Grid:
        stances, questions = self._pages[page - 1]
        sources = self._list_sources(stances)
        words = [*sources["label"], *sources["kind"], *self.palette.labels.values()]
        words += [
            text for row in questions[list(FACETS)].to_numpy() for text in self._label(FACETS, row)
        ]
        font = find_font(words, size=SIZE)
        bold = embolden(font)
        parts = [
            divide(*row, self.terms)
            for row in zip(stances["levels"], stances["contradicts"], strict=True)
        ]
        stances = stances.assign(
            parts=pd.Series(parts, dtype=object), need=[_measure_parts(part) for part in parts]
        )
        needs = stances.groupby(list(FACETS))["need"].max()
        asked = pd.MultiIndex.from_frame(questions[list(FACETS)])
        rows = self._list_rows(questions, needs.reindex(asked).to_numpy(), font, widest)
        columns = self._list_columns(sources, font, widest["source"])
        group = measure_labels([*rows["group"], self.by], bold) + 1.5 * _PAD
        question = measure_labels([*rows["label"], "question source  "], font) + _PAD
        verdicts = measure_labels([*rows["verdict"], "verdict"], bold) + 1.5 * _PAD
        names = [*columns["label"], *columns["group"]]
        beside = max(verdicts, measure_labels(names, bold) / 2)
        right = max(columns["end"].max() + beside, _LEAST - group - question)
        top = _SINE * measure_labels(names, bold) + 2 * SIZE
        entries = self._list_entries(parts, questions)
        footing = lay_out(entries, font, width=group + question + right)
        cells = self._place_cells(stances, questions, rows, columns)
        return _Grid(
            rows, columns, cells, (-group - question, -question), top, right, footing, font
        )

    def _list_rows(
        self,
        questions: pd.DataFrame,
        needs: np.ndarray,
        font: FontProperties,
        widest: dict[str, float],
    ) -> pd.DataFrame:
        """Make rows high enough for labels and cells, the last of a group also for its name."""
        others = [facet for facet in FACETS if facet != self.by]
        labels = [
            break_text(" · ".join(self._label(others, row)), font, width=widest["question"])
            for row in questions[others].to_numpy()
        ]
        new = questions[self.by].ne(questions[self.by].shift()).to_numpy(dtype=bool)
        names = [
            break_text(self.terms.describe(self.by, term)[0], embolden(font), width=widest["group"])
            for term in questions[self.by]
        ]
        sizes = np.maximum([_measure_row(label, font) for label in labels], needs)
        groups = new.cumsum() - 1
        lacking = np.array([_measure_row(name, font) for name in names])[new] - np.bincount(
            groups, sizes
        )
        last = np.append(new[1:], True)[: len(new)]
        sizes[last] += np.maximum(lacking, 0)
        return stack(
            pd.DataFrame(
                {
                    "label": labels,
                    "group": np.where(new, names, ""),
                    "new": new,
                    "verdict": [f"{VERDICT_SIGNS[name]} {name}" for name in questions["verdict"]],
                    "grave": questions["verdict"].isin(VERDICTS[:2]),
                }
            ),
            sizes,
            _BREAK * new,
        )

    def _list_columns(
        self, sources: pd.DataFrame, font: FontProperties, widest: float
    ) -> pd.DataFrame:
        """Make columns wide enough for labels and signs, with a column before each kind."""
        pitch = max(
            [
                _PITCH,
                *(measure_width(sign, sign_font(SIZE)) + 4 for sign in self.palette.signs.values()),
            ]
        )
        labels = [_break_name(label, font, widest) for label in sources["label"]]
        kinds = sources["kind"]
        new = find_starts(kinds)
        sizes = [max(pitch, measure_text(label, font)[1] / _SINE) for label in labels]
        groups = kinds.map(name_kind).where(new, "")
        return stack(sources.assign(label=labels, group=groups, new=new), sizes, pitch * new)

    def _place_cells(
        self,
        stances: pd.DataFrame,
        questions: pd.DataFrame,
        rows: pd.DataFrame,
        columns: pd.DataFrame,
    ) -> pd.DataFrame:
        numbered = questions[list(FACETS)].assign(row=range(len(questions)))
        cells = stances.merge(numbered, on=list(FACETS))
        column = pd.Index(columns["source"]).get_indexer(pd.Index(cells["source"]))
        across = columns[["start", "end"]].iloc[column].set_axis(cells.index)
        down = rows[["start", "end"]].iloc[cells["row"]].set_axis(cells.index)
        return cells.assign(
            left=across["start"], right=across["end"], top=down["start"], bottom=down["end"]
        )

    def _list_entries(self, parts: list[Any], questions: pd.DataFrame) -> list[Entry]:
        shapes = {shape for part in parts for shape, _ in part}
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
        if page := _name_page(questions):
            entries.append(Entry(page, starts=True, pale=True))
        return entries

    def measure(self, layout: _Grid) -> tuple[float, float]:
        """Give what labels, cells, verdicts and the key take."""
        return (layout.right - layout.left[0]) * INCH, (layout.top + _find_bottom(layout)) * INCH

    def paint(self, ax: Axes, layout: _Grid) -> None:
        """Draw labels, rules, cells, verdicts and the key."""
        ax.set(xlim=(layout.left[0], layout.right), ylim=(_find_bottom(layout), -layout.top))
        _draw_rules(ax, layout)
        _name_rows(ax, layout, self.by)
        _name_columns(ax, layout)
        for cell in iter_rows(layout.cells):
            self._draw_cell(ax, cell)
        low = layout.rows["end"].max() + _PAD
        draw_footing(ax, layout.footing, left=layout.left[0], top=low)

    def _draw_cell(self, ax: Axes, cell: Any) -> None:
        """Draw the parts of a cell: one, or two halves, and a stripe for each further level."""
        url, gid = link_claim(cell.claim_ids[0]), f"matrix-{cell.claim_ids[0]}"
        split, stripes = (
            cell.parts[0][0] == "upper",
            sum(part == "stripe" for part, _ in cell.parts),
        )
        low = (cell.bottom - cell.top) * (1 - stripes / (stripes + 2)) if split else 0.0
        high = (cell.bottom - cell.top - low) / max(stripes, 1)
        a, b, top, middle = cell.left, cell.right, cell.top, cell.top + low
        for place, (shape, level) in enumerate(cell.parts):
            start = middle + high * (place - 2 * split)
            points = {
                "upper": [(a, top), (b, top), (a, middle)],
                "lower": [(b, top), (b, middle), (a, middle)],
            }.get(shape, [(a, start), (b, start), (b, start + high), (a, start + high)])
            half, colour = shape in ("upper", "lower"), self.palette.colours[level]
            name = f"{gid}-{place + 1}" if place else gid
            ax.add_patch(
                Polygon(
                    points, facecolor=colour, edgecolor=INK if half else "white", linewidth=1,
                    joinstyle="round", zorder=1.5 if half else 1, url=url, gid=name,
                )
            )  # fmt: skip
            x, y = np.mean(points, axis=0)
            if half:  # a little towards its corner, so that one sign does not touch the other
                y += 0.15 * (points[0 if shape == "upper" else 1][1] - y)
            write(
                ax, x, y, self.palette.signs[level], color=choose_ink(colour), ha="center",
                va="center_baseline", fontproperties=sign_font(SIZE + (len(cell.parts) == 1)),
                url=url, gid=f"{name}-sign",
            )  # fmt: skip


def _find_bottom(layout: _Grid) -> float:
    return float(layout.rows["end"].max()) + _PAD + layout.footing.height


def _name_page(questions: pd.DataFrame) -> str:
    return str(questions["page"].iloc[0]) if "page" in questions and len(questions) else ""


def _measure_parts(parts: list[tuple[str, str]]) -> float:
    """Measure how high a cell must be for its parts."""
    stripes = sum(shape == "stripe" for shape, _ in parts)
    if parts[0][0] == "upper":
        return _ROW * (1 + stripes / 2)
    return max(_ROW, _STRIPE * stripes)


def _measure_row(label: str, font: FontProperties) -> float:
    return max(_ROW, measure_text(label, font)[1] + 6.5)


def _break_name(label: str, font: FontProperties, widest: float) -> str:
    """Break a name that is too long for one line into two of about the same length."""
    width = measure_width(label, font)
    return label if width <= widest else break_text(label, font, width=width * 0.6)


def _draw_rules(ax: Axes, layout: _Grid) -> None:
    """Rule the empty cells, and tint questions and verdicts where claims clash."""
    across, down = (_find_runs(labels) for labels in (layout.columns, layout.rows))
    lines = [[(edges[0], y), (edges[-1], y)] for run in down for y in run for edges in across]
    lines += [[(x, edges[0]), (x, edges[-1])] for run in across for x in run for edges in down]
    kinds = [[(run[0], 0), (run[-1], 0)] for run in across] if layout.columns["new"].any() else []
    for parts, ink, width, order in ((lines, RULE, 0.5, 0.5), (kinds, PALE_INK, 1.5, 3)):
        rules = LineCollection(parts, colors=ink, linewidths=width, zorder=order, clip_on=False)
        ax.add_collection(rules, autolim=False)
    grave = layout.rows[layout.rows["grave"]]
    sides = (
        (layout.left[1] - _PAD / 2, -_PAD / 2),
        (layout.columns["end"].max() + _PAD / 2, layout.right),
    )
    boxes = [
        [(left, row.start), (right, row.start), (right, row.end), (left, row.end)]
        for row in iter_rows(grave)
        for left, right in sides
    ]
    tints = PolyCollection(boxes, facecolors=TINT, linewidths=0, zorder=0.2, clip_on=False)
    ax.add_collection(tints, autolim=False)


def _find_runs(labels: pd.DataFrame) -> list[list[float]]:
    """Find the edges between the labels of each group, its start and its end included."""
    groups = labels["new"].cumsum()
    return [[run["start"].iloc[0], *run["end"]] for _, run in labels.groupby(groups)]


def _name_rows(ax: Axes, layout: _Grid, by: str) -> None:
    (group, question), right = layout.left, layout.columns["end"].max() + _PAD
    for x, text in ((group, by), (question, "question"), (right, "verdict")):
        write(ax, x, -4, text, color=PALE_INK)
    write(ax, -_PAD, -4, "source", color=PALE_INK, ha="right")
    bold = embolden(layout.font)
    for row in iter_rows(layout.rows):
        write(ax, question, row.middle, row.label, va="center", fontproperties=layout.font)
        high = row.start + _measure_row(row.group, bold) / 2
        write(ax, group, high, row.group, va="center", fontproperties=bold)
        look = {"fontproperties": bold} if row.grave else {"color": PALE_INK}
        write(ax, right, row.middle, row.verdict, va="center", **look)


def _name_columns(ax: Axes, layout: _Grid) -> None:
    style: dict[str, Any] = {"rotation": _SLANT, "va": "center", "rotation_mode": "anchor"}
    for column in iter_rows(layout.columns):
        write(ax, column.middle, -4, column.label, fontproperties=layout.font, **style)
        if column.group:
            before = 2 * column.start - column.middle
            write(ax, before, -4, column.group, fontproperties=embolden(layout.font), **style)


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
