"""The matrix: which source stands where on which question."""

from collections import Counter
from functools import cached_property
from itertools import chain, groupby
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, box_swatch, list_levels
from claimbook.figures.layout import ROOM, SIZE, SMALL, count_pages, cut_page, list_some
from claimbook.figures.style import (
    INK,
    PALE_INK,
    PAPER,
    RULE,
    TINT,
    VERDICT_SIGNS,
    choose_ink,
    divide,
    name_kind,
)
from claimbook.measures import count_stances, order_questions

_PITCH: Final = 21.0  # of a column, in points, as all that follows
_ROW: Final = 19.0
_STRIPE: Final = 10.5  # of a cell with several
_PAD: Final = 8.0
_HEADING: Final = 20.0
_SLANT: Final = 60  # degrees, of the names of sources
_SINE, _COSINE = np.sin(np.radians(_SLANT)), np.cos(np.radians(_SLANT))
_QUESTION: Final = 190.0
_WIDEST: Final = 290.0
_NAME: Final = 165.0
_MOST_NAMED: Final = 5
_Place = tuple[float, float]


class _Page(NamedTuple):
    """Questions down, and across the places of sources: each its key, kind and name."""

    questions: pd.DataFrame
    places: pd.DataFrame
    note: str


class Matrix(Figure):
    """
    A row per question, conflicts first, a column per source, a cell where it answers it.

    A cell has the colour and the sign of the level; of a source with several levels a stripe for
    each, the commonest first; two halves where it contradicts itself. Where not all sources have
    room, those of a kind that is no article share a column.
    """

    name = "matrix"
    nothing = "No question that several answer"

    def __init__(
        self, collection: Collection, *, by: str = FACETS[0], least: int = 2, rows: int = 24,
        columns: int = 40, **style: Any,
    ) -> None:  # fmt: skip
        self.by, self.least, self.rows, self.columns = by, least, rows, columns
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check how many columns to draw."""
        if self.columns < 1:
            raise ValueError(f"columns is {self.columns}, expected 1 or more")

    @cached_property
    def _asked(self) -> tuple[pd.DataFrame, int]:
        """Put the questions in order, conflicts first, and count those left out."""
        questions, rest = order_questions(self.collection, least=self.least, by=self.by)
        rank = questions["verdict"].map(VERDICTS.index)
        return questions.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True), rest

    @cached_property
    def _stances(self) -> pd.DataFrame:
        """Give the stances on the questions shown, with the place of each source and its label."""
        sources = self.order_shown(self.table["source"])
        gathered = self.gather_sources(sources, self._count_fitting(sources["label"]))
        return self.table.merge(gathered, on="source")

    def _count_fitting(self, labels: Any) -> int:
        """Count the columns that have room, with their names slanted over them."""
        drawing = Drawing(labels)
        lines = [_break_name(drawing, label) for label in labels]
        across = ROOM - _QUESTION - 2 * _PAD - drawing.widest(lines) * _COSINE
        return min(int(across // max(self._pitch, *map(self._measure, lines), 0)), self.columns)

    @cached_property
    def _pitch(self) -> float:
        signs = self.palette.signs.values()
        return max(_PITCH, Drawing(signs).widest(signs, bold=True, size=SMALL) + 5)

    @staticmethod
    def _measure(label: str) -> float:
        """Measure how wide a column must be for the lines of its name."""
        return float((label.count("\n") + 1) * 1.3 * SIZE / _SINE)

    @cached_property
    def _pages(self) -> list[_Page]:
        questions, _ = self._asked
        pages = []
        for number in range(count_pages(len(questions), most=self.rows)):
            first, last, note = cut_page(len(questions), most=self.rows, page=number + 1)
            part = questions.iloc[first:last]
            shown = self._stances.merge(part[list(FACETS)], on=list(FACETS))
            places = self._stances[self._stances["place"].isin(shown["place"])]
            places = places.drop_duplicates("place")
            order = pd.Index(self.order_shown(places["source"])["source"])
            places = places.iloc[np.argsort(order.get_indexer(pd.Index(places["source"])))]
            most = max(self._count_fitting(places["name"]), 1)
            cuts = count_pages(len(places), most=most)
            for chosen in np.array_split(np.arange(len(places)), cuts):
                told = f"{self.words.many('source').capitalize()}: {chosen[0] + 1} to "
                told += f"{chosen[-1] + 1} of {len(places)} columns."
                pages.append(
                    _Page(part, places.iloc[chosen], f"{note} {told * (cuts > 1)}".strip())
                )
        return pages

    @property
    def pages(self) -> int:
        """Count the pages into which questions and sources are cut."""
        return len(self._pages) if len(self.table) else 1

    @cached_property
    def table(self) -> pd.DataFrame:
        """Give the stances shown, one row per question and source, with the verdict on each."""
        questions = self._asked[0][[*FACETS, "verdict"]]
        return questions.merge(count_stances(self.collection), on=list(FACETS))

    def find(self) -> str:
        """Say on how many questions sources conflict."""
        counts = self._asked[0]["verdict"].value_counts()
        number, many = len(self._asked[0]), self.words.many("source")
        what = self.words.count(number, "question")
        conflicts = counts.get(VERDICTS[0], 0)
        clash = f"{many.capitalize()} conflict on" if conflicts else f"No {many} conflict on any of"
        return f"{clash} {f'{conflicts} of ' * bool(conflicts)}{what} that several answer"

    def describe(self, page: int) -> str:
        """Say how often each verdict is reached, and name the first conflicts of the page."""
        everything, rest = self._asked
        counts = everything["verdict"].value_counts()
        verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
        number = self.words.count(self.table["source"].nunique(), "source")
        text = f"By verdict: {', '.join(verdicts)}; {number}." if verdicts else ""
        within = int(self.table["contradicts"].sum())
        text += f" Contradictions of one {self.words['source']}: {within}." if within else ""
        if len(self.table):
            questions, _, note = self._pages[page - 1]
            conflicts = questions[questions["verdict"] == VERDICTS[0]]
            named = [self._name_question(row, ", ") for row in iter_rows(conflicts)]
            text += f" In conflict: {list_some(named, most=_MOST_NAMED)}." if named else ""
            text += f" {note}"
        text += f" {self.tell_left_out(rest, 'question', least=self.least)}"
        return " ".join(text.split())

    def _name_question(self, row: Any, between: str = " · ") -> str:
        facets = [self.by, *(facet for facet in FACETS if facet != self.by)]
        return between.join(self.name_terms(facets, [getattr(row, facet) for facet in facets]))

    def lay_out(self, page: int) -> Drawing:
        """Draw the columns, the questions verdict by verdict, and the cells."""
        questions, places, note = self._pages[page - 1]
        stances = self._stances.merge(questions[list(FACETS)], on=list(FACETS))
        stances = stances[stances["place"].isin(places["place"])]
        names = [self._name_question(row) for row in iter_rows(questions)]
        drawing = Drawing(
            [*names, *places["name"], *stances["label"], *self.palette.labels.values()]
        )
        columns, right = self._draw_columns(drawing, places)
        left = -min(max(ROOM - drawing.right, _QUESTION), _WIDEST)
        cells = self._list_cells(stances)
        needs = dict.fromkeys(self._list_keys(questions), _ROW)
        for (question, _), (parts, *_) in cells.items():
            needs[question] = max(needs[question], _measure_parts(parts))
        asked = zip(iter_rows(questions), self._list_keys(questions), names, strict=True)
        bottom, rows = 0.0, dict[Any, _Place]()
        for verdict, members in groupby(asked, key=lambda row: row[0].verdict):
            _, keys, labels = zip(*members, strict=True)
            low = bottom + _HEADING
            every = (self._asked[0]["verdict"] == verdict).sum()
            title = f"{VERDICT_SIGNS[verdict]} {verdict}: {every}"
            drawing.write(left, low - 6, title, bold=True)
            drawing.rule([(left, low), (right, low)], color=PALE_INK, width=0.8)
            wrapped = [drawing.wrap(label, -left - _PAD, most=3) for label in labels]
            ends = drawing.rows(
                wrapped, left=left, right=right, top=low, needs=[needs[key] for key in keys]
            )
            rows |= dict(zip(keys, ends, strict=True))
            bottom = ends[-1][1]
            if verdict in VERDICTS[:2]:  # where claims clash, so that the eye finds it first
                drawing.box(left, low, right, bottom, facecolor=TINT, order=0.2)
        drawing.rule(*([(x, 0.0), (x, bottom)] for x in {*chain(*columns.values())}))
        for (question, place), cell in cells.items():
            _draw_cell(self, drawing, (*columns[place], *rows[question]), *cell)
        shapes = {shape for parts, *_ in cells.values() for shape, _ in parts}
        add_key(drawing, self._list_entries(shapes, note), top=_PAD, width=330)
        return drawing

    def _list_keys(self, table: pd.DataFrame) -> list[tuple[str, ...]]:
        return [*table[list(FACETS)].itertuples(index=False, name=None)]

    def _draw_columns(
        self, drawing: Drawing, places: pd.DataFrame
    ) -> tuple[dict[str, _Place], float]:
        """Name the sources, the kind before the first of it that stands for itself."""
        known, x = places["kind"].nunique() > 1, 0.0
        columns: dict[str, _Place] = {}
        look: dict[str, Any] = {"rotation": _SLANT, "va": "middle"}
        pairs = zip(iter_rows(places), places["kind"].shift().fillna("-"), strict=True)
        for place, before in pairs:
            if known and place.alone and place.kind != before:
                name = name_kind(place.kind, self.terms)
                drawing.write(x + _PITCH / 2, -4, name, bold=True, color=PALE_INK, **look)
                x += _PITCH
            label = _break_name(drawing, place.name)
            wide = max(self._pitch, self._measure(label))
            drawing.write(x + wide / 2, -4, label, **look)
            columns[place.place] = x, x + wide
            x += wide
        return columns, x

    def _list_cells(self, stances: pd.DataFrame) -> dict[Any, tuple[Any, tuple[str, ...], str]]:
        """Say how each cell is divided, for which claims it stands, and its words."""
        cells = {}
        for key, members in stances.groupby([*FACETS, "place"], sort=False):
            *question, place = key if isinstance(key, tuple) else (key,)
            rows = list(iter_rows(members))
            levels = rows[0].levels
            if len(rows) > 1:  # the commonest first, of equally common ones the highest
                counts = Counter(level for row in rows for level in row.levels)
                known = self.terms.levels
                levels = tuple(sorted(counts, key=lambda one: (-counts[one], known.index(one))))
            parts = divide(levels, len(rows) == 1 and rows[0].contradicts, self.terms)
            told = ", ".join(self.palette.labels[level] for _, level in parts)
            name = rows[0].label if len(rows) == 1 else rows[0].name
            ids = tuple(chain.from_iterable(row.claim_ids for row in rows))
            asked = ", ".join(self.name_terms(FACETS, map(str, question)))
            cells[tuple(question), place] = parts, ids, f"{name}: {told} ({asked})"
        return cells

    def _list_entries(self, shapes: set[str], note: str) -> list[Entry]:
        entries = list_levels(self.terms, self.palette, divided="upper" in shapes)
        wide, high = 1.8 * SIZE, 1.1 * SIZE
        if "stripe" in shapes:
            ends = list(self.palette.colours.values())
            halves = [
                box_swatch(wide, high / 2, low=low, facecolor=colour)
                for low, colour in ((high / 2, ends[0]), (0.0, ends[1 % len(ends)]))
            ]
            entries.append(Entry("several levels, the commonest on top", shapes=tuple(halves)))
        box = box_swatch(wide, high, facecolor=PAPER, edgecolor=RULE, linewidth=0.8)
        entries.append(Entry("not addressed", shapes=(box,)))
        left_out = self.tell_left_out(self._asked[1], "question", least=self.least)
        told = f"{note} {left_out}".strip()
        return [*entries, Entry(told, starts=True, pale=True)] if told else entries


def _break_name(drawing: Drawing, name: str) -> str:
    """Break a name that is long into two lines as wide as one another."""
    wide = drawing.size(name)[0]
    return name if wide <= _NAME else drawing.wrap(name, min(wide * 0.6, _NAME), most=2)


def _measure_parts(parts: list[tuple[str, str]]) -> float:
    """Measure how high a cell must be for its parts."""
    stripes = sum(shape == "stripe" for shape, _ in parts)
    return _ROW * (1.4 + stripes / 2) if parts[0][0] == "upper" else _STRIPE * stripes


def _draw_cell(
    figure: Matrix, drawing: Drawing, place: tuple[float, float, float, float], parts: Any,
    ids: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    """Draw the parts of a cell: one, or two halves, and a stripe for each further level."""
    left, right, top, bottom = np.add(place, (0.5, -0.5, 0.5, -0.5)).tolist()
    split, stripes = parts[0][0] == "upper", sum(shape == "stripe" for shape, _ in parts)
    middle = top + (bottom - top) * (2 / (stripes + 2)) * split
    high = (bottom - middle) / max(stripes, 1)
    for number, (shape, level) in enumerate(parts):
        start = middle + high * (number - 2 * split)
        points = {
            "upper": [(left, top), (right, top), (left, middle)],
            "lower": [(right, middle), (left, middle), (right, top)],
        }.get(shape, [(left, start), (right, start), (right, start + high), (left, start + high)])
        half, colour = shape in ("upper", "lower"), figure.palette.colours[level]
        gid = f"matrix-{ids[0]}" + f"-{number + 1}" * (number > 0)
        part: dict[str, Any] = {"ids": ids, "said": said}
        edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.0} if half else {}
        drawing.shape(points, facecolor=colour, gid=gid, **edge, **part)
        x, y = np.mean(points, axis=0).tolist()
        # in a half a little towards its corner, so that one sign does not touch the other
        y += 0.15 * (points[0][1] - y) * half
        drawing.write(
            x, y, figure.palette.signs[level], bold=True, size=SMALL, color=choose_ink(colour),
            ha="center", va="middle", gid=f"{gid}-sign", **part,
        )  # fmt: skip


def plot_matrix(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw the matrix: a row per question, conflicts first, a column per source.

    Where not all sources have room side by side, those of a kind that is no article share a
    column, which says how many they are. Sources without an answer on a page are left out of it.

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
