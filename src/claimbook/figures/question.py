"""One question: every claim that answers it, on the line from against to for."""

from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS, YES
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.compare import choose_headline, find_answers
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key, list_levels
from claimbook.figures.layout import LINE, ROOM, SIZE, count_pages
from claimbook.figures.style import (
    PALE_INK,
    PAPER,
    SIDE_TINTS,
    choose_levels,
    find_marker,
    name_kind,
)
from claimbook.measures import OFF_SCALE, SIDES, find_differences, order_sources

_STRIP: Final = 115.0  # points, as all that follows
_MARGIN: Final = 8.0
_LINE: Final = LINE * SIZE
_BETWEEN: Final = 7.0  # two claims
_LEAST: Final = 25.0  # of a side, in height
_LEAST_WIDTH: Final = 20.0
_MOST_NAMED: Final = 8
_FOR, _MIDDLE, _AGAINST = SIDES
_STANDS: Final = {"at": "", "under": "narrower: ", "over": "broader: ", "across": "overlapping: "}


class Question(Figure):
    """The claims that answer one question, those against face to face with those for."""

    name = "question"
    nothing = "No claim answers this question"

    def __init__(
        self, collection: Collection, question: tuple[str, str, str] | None = None, *,
        most: int = 8, **style: Any,
    ) -> None:  # fmt: skip
        self.question, self.most = question or ("", "", ""), most
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check the question, or take the headline where none is given."""
        if isinstance(self.question, str) or len(self.question) != len(FACETS):
            raise ValueError(f"question is {self.question!r}, expected ({', '.join(FACETS)})")
        for facet, term in zip(FACETS, self.question, strict=True):
            if term:
                self.collection._require(facet, term)
        if not any(self.question):
            self.question = choose_headline(self.collection)

    @cached_property
    def table(self) -> pd.DataFrame:
        """List the claims that answer it, those farthest from the middle first."""
        columns = [
            "claim_id",
            "source",
            "kind",
            *FACETS,
            "recommendation",
            "score",
            "stands",
            "claim",
        ]
        return self._blocks[columns]

    @cached_property
    def _blocks(self) -> pd.DataFrame:
        """Put the answers in order and into words."""
        answers = find_answers(self.collection, self.question)
        sources = order_sources(self.collection)
        place = pd.Index(sources["source"]).get_indexer(pd.Index(answers["source"]))
        labels, kinds = sources[["label", "kind"]].iloc[place].to_numpy().T
        named = [name_kind(kind, self.terms, 1) if kind else "" for kind in kinds]
        terms = find_differences(self.collection, self.question)
        terms = (answers["stands"].map(_STANDS).astype("str") + terms).where(terms != "", "")
        score = answers["recommendation"].map(self.terms.scores).astype(float)
        side = np.select([score > 0, score == 0, score < 0], list(SIDES), OFF_SCALE)
        blocks = answers.assign(
            score=score,
            side=side,
            kind=kinds,
            name=[", ".join(filter(None, names)) for names in zip(labels, named, strict=True)],
            foot=[
                self._write_foot(claim, text)
                for claim, text in zip(iter_rows(answers), terms, strict=True)
            ],
            open=answers["stands"] != "at",
        )
        order = np.lexsort((place, -np.abs(score.fillna(0))))
        blocks = blocks.iloc[order].reset_index(drop=True)
        rank = blocks.sort_values("open", kind="stable").groupby("side").cumcount()
        return blocks.assign(page=rank // self.most + 1)

    def _write_foot(self, claim: Any, terms: str) -> str:
        """Write on what question a claim stands, who says it, and on whose word."""
        parts = [terms, "of every case" if claim.universal == YES else ""]
        parts += [f"said by {claim.speaker}" if claim.speaker else ""]
        named = self.name_source(claim.cited_study)
        if claim.attribution:
            parts.append(f"credits “{claim.attribution}”" + (f" → {named}" if named else ""))
        elif named:
            parts.append(f"cites {named}")
        return "; ".join(filter(None, parts))

    @property
    def pages(self) -> int:
        """Count its pages: the side with most claims needs most."""
        most = self._blocks["side"].value_counts().max() if len(self._blocks) else 0
        return count_pages(int(most), most=self.most)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Count the claims on each side that the scale has."""
        counts = self._blocks["side"].value_counts()
        return {side: int(counts.get(side, 0)) for side in self.sides}

    def find(self) -> str:
        """Say how many sources take which side."""
        sources = self._blocks.groupby("side")["source"].nunique()
        order = [side for side in (_FOR, _AGAINST, _MIDDLE, OFF_SCALE) if side in sources]
        told = [f"{sources[side]} “{self.sides[side]}”" for side in order]
        number = self._blocks["source"].nunique()
        said = told[0].replace(" ", " say " if sources[order[0]] != 1 else " says ", 1)
        return f"Of {self.words.count(number, 'source')}, {', '.join([said, *told[1:]])}"

    def describe(self, page: int) -> str:
        """Say where the sources stand."""
        blocks = self._blocks
        sources = self.order_shown(blocks["source"])["source"].tolist()
        parts = [f"{self._ask()} {self.words.count(len(blocks), 'claim')}".strip()]
        for side, number in self._counts.items():
            chosen = set(blocks.loc[blocks["side"] == side, "source"])
            named = [self.name_source(source) for source in sources if source in chosen]
            many = self.words.count(len(named), "source")
            who = ", ".join(named) if len(named) <= _MOST_NAMED else many
            parts.append(f"“{self.sides[side]}”: {number}" + (f" ({who})" if named else ""))
        return ". ".join(parts) + "."

    def _ask(self) -> str:
        return self.collection.ask(*self.question) if any(self.question) else ""

    def lay_out(self, page: int) -> Drawing:
        """Share the width between the two sides so that the figure becomes as low as can be."""
        right, shown = ROOM, self._blocks["page"] == page
        blocks, entries = self._blocks[shown].reset_index(drop=True), self._list_entries(page)
        words = [*blocks["name"], *blocks["claim"], *blocks["foot"]]
        drawing = Drawing([*words, *(entry.text for entry in entries)])
        low, high = self._limits
        room, sides = right - _STRIP, set(blocks["side"])
        shares = [0.0] if low == 0 else [1.0] if high == 0 else np.linspace(0.25, 0.75, 11).tolist()
        even = 0.5 + 0.25 * ((_FOR not in sides) - (_AGAINST not in sides))
        stacks = [(share, *_stack(drawing, blocks, share * room, room)) for share in shares]
        share, blocks, ends = min(stacks, key=lambda one: one[2][-1] + abs(one[0] - even))
        strip = share * room
        self._draw_sides(drawing, strip, right, ends)
        known = (self._blocks["kind"] != "").any()
        for block in iter_rows(blocks):
            x, y = self._find_x(strip, block.score), block.top + 0.5 * _LINE
            gid, told = f"question-{block.claim_id}", self.palette.labels[block.recommendation]
            part: dict[str, Any] = {"ids": [block.claim_id], "said": f"{block.name}: {told}"}
            end = block.left - 3
            if block.left < strip:
                name = drawing.size(block.name.split("\n")[0], bold=True)[0]
                beside = block.beside + drawing.size(block.foot)[0] if block.beside else name
                end = block.left + beside + 4
            drawing.rule([(x, y), (end, y)], color=PALE_INK, width=0.6, order=0.6)
            drawing.mark(
                x, y, find_marker(block.kind, self.terms) if known else "o", size=7,
                face=PAPER if block.open else self.palette.colours[block.recommendation],
                gid=gid, **part,
            )  # fmt: skip
            below = block.top + drawing.size(block.name, bold=True)[1]
            foot = block.top if block.beside else below + drawing.size(block.claim)[1]
            look: dict[str, Any] = {"va": "top"} | part
            drawing.write(block.left, block.top, block.name, bold=True, gid=f"{gid}-name", **look)
            drawing.write(block.left, below, block.claim, gid=f"{gid}-claim", **look)
            start, look["color"] = block.left + block.beside, PALE_INK
            drawing.write(start, foot, block.foot, gid=f"{gid}-foot", **look)
        add_key(drawing, entries, top=_LINE)
        return drawing

    @property
    def _limits(self) -> tuple[float, float]:
        scores = [*self.terms.scores.values(), 0.0]
        return min(scores), max(scores)

    def _list_entries(self, page: int) -> list[Entry]:
        """List what the key explains: levels, the kinds there are, the open marks, the question."""
        entries, shown = list_levels(self.terms, self.palette), self._blocks["page"] == page
        kinds = self.order_shown(self._blocks["source"][shown])["kind"].unique()
        marks = [
            Entry(name_kind(kind, self.terms, 1), marker=find_marker(kind, self.terms))
            for kind in kinds
            if kind or len(kinds) > 1
        ]
        if self._blocks["open"][shown].any():
            told = "open: narrower, broader or overlapping question"
            marks.append(Entry(told, marker="o", face=PAPER))
        entries += [mark._replace(starts=not place) for place, mark in enumerate(marks)]
        note = f"{self._ask()} {f'Page {page} of {self.pages}.' * (self.pages > 1)}".strip()
        return [*entries, Entry(note, starts=True, pale=True)] if note else entries

    def _find_x(self, strip: float, score: float) -> float:
        """Place a score on the strip; what has none stands in its middle."""
        low, high = self._limits
        share = 0.5 if np.isnan(score) or low == high else (score - low) / (high - low)
        return strip + _STRIP * (1 / 8 + 3 / 4 * share)

    def _draw_sides(
        self, drawing: Drawing, strip: float, right: float, ends: tuple[float, float, float]
    ) -> None:
        """Tint the sides, and write over each its name and how many claims stand on it."""
        sides, middle, bottom = ends
        low, high = self._limits
        zero = self._find_x(strip, 0)
        places = {
            _AGAINST: (0.0, 0.0, zero if low < 0 else 0.0, sides, "left", "← {}: {}"),
            _MIDDLE: (0.0, sides, right, middle, "center", "{}: {}"),
            _FOR: (zero if high > 0 else right, 0.0, right, sides, "right", "{}: {} →"),
            OFF_SCALE: (0.0, middle, right, bottom, "left", "{}: {}"),
        }
        for side, number in self._counts.items():
            *box, align, title = places[side]
            drawing.box(*box, facecolor=SIDE_TINTS.get(side, SIDE_TINTS[_MIDDLE]), order=0.2)
            title = title.format(self.sides[side], number)
            half = drawing.size(title, bold=True)[0] / 2
            x = {_AGAINST: 0, _MIDDLE: max(zero, half), _FOR: right, OFF_SCALE: _MARGIN}[side]
            y = middle + _LINE if side == OFF_SCALE else -1.5 * _LINE
            if number or side != OFF_SCALE:
                drawing.write(x, y, title, bold=True, ha=align)
        shown = [self.terms.scores.get(level) for level in choose_levels(self.terms)]
        signs = {self.terms.scores.get(level): sign for level, sign in self.palette.signs.items()}
        taken = -np.inf
        for score in sorted({score for score in shown if score is not None}):
            x, half = self._find_x(strip, score), drawing.size(signs[score], bold=True)[0] / 2
            drawing.rule([(x, 0), (x, middle)], width=0.6)
            if x - half > taken:  # of scores too near one another the first is signed
                drawing.write(x, -0.4 * _LINE, signs[score], bold=True, ha="center")
                taken = x + half + 2


def _stack(
    drawing: Drawing, blocks: pd.DataFrame, left: float, room: float
) -> tuple[pd.DataFrame, tuple[float, float, float]]:
    """Stack the words of each side one claim under the other, below both the middle, then rest."""
    side = blocks["side"].to_numpy(dtype=object)
    on_left = (side == _AGAINST) | (side != _FOR) & (left > room / 2)
    width = np.maximum(np.where(on_left, left, room - left) - _MARGIN, _LEAST_WIDTH)
    parts = pd.DataFrame(
        [
            _break_words(drawing, block, space)
            for block, space in zip(iter_rows(blocks), width, strict=True)
        ],
        columns=["name", "claim", "foot", "beside", "high"],
    )
    sizes = parts.pop("high").to_numpy(dtype=float) + _BETWEEN
    taken = {number: sizes[side == number].sum() for number in (*SIDES, OFF_SCALE)}
    sides = max(_BETWEEN + max(taken[_AGAINST], taken[_FOR]), _LEAST)
    middle = sides + (_BETWEEN + taken[_MIDDLE]) * bool(taken[_MIDDLE])
    bottom = middle + (_BETWEEN + _LINE + taken[OFF_SCALE]) * bool(taken[OFF_SCALE])
    top = np.zeros(len(blocks))
    starts = {_AGAINST: 0.0, _FOR: 0.0, _MIDDLE: sides, OFF_SCALE: middle + _LINE}
    for number, start in starts.items():
        chosen = side == number
        top[chosen] = start + _BETWEEN + sizes[chosen].cumsum() - sizes[chosen]
    blocks = blocks.assign(**parts, left=np.where(on_left, _MARGIN, left + _STRIP), top=top)
    return blocks, (sides, middle, bottom)


def _break_words(drawing: Drawing, block: Any, width: float) -> tuple[str, str, str, float, float]:
    """Break a claim's words into lines; the foot goes beside the name where it has room."""
    name = drawing.wrap(block.name, width, bold=True)
    claim, foot = drawing.wrap(block.claim, width), drawing.wrap(block.foot, width)
    beside = drawing.size(name, bold=True)[0] + _MARGIN
    fits = foot and "\n" not in name + foot and beside + drawing.size(foot)[0] <= width
    high = drawing.size(name, bold=True)[1] + drawing.size(claim)[1]
    if fits or not foot:
        return name, claim, foot, beside if fits else 0.0, high
    return name, claim, foot, 0.0, high + drawing.size(foot)[1]


def plot_question(
    collection: Collection,
    question: tuple[str, str, str] | None = None,
    *,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """
    Draw the claims that answer one question, those against face to face with those for.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    question : (condition, intervention, aspect), optional
        The one that `choose_headline` chooses where it is not given.
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``most``: how many claims of a side on a page, 8 if not given; ``title``, ``palette``,
        ``fontsize``, ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        The ``gid`` of a mark is ``question-`` and the id of the claim, to which it leads.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_question(read_collection("data"), ("back pain", "massage", "cause"))
    """
    return Question(collection, question, **options).plot(ax)
