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
from claimbook.figures.layout import INCH, LINE, SIZE, write_count
from claimbook.figures.style import (
    PALE_INK,
    choose_levels,
    find_marker,
    link_claim,
    name_kind,
    name_sides,
)
from claimbook.measures import find_differences, order_sources

_FULL_WIDTH: Final = 540.0
_STRIP: Final = 115.0
_MARGIN: Final = 8.0
_LINE: Final = LINE * SIZE
_BETWEEN: Final = 7.0  # two claims
_LEAST: Final = 25.0  # of a side, in height
_LEAST_WIDTH: Final = 20.0
_MOST: Final = 20  # claims on a side
_MOST_NAMED: Final = 8
_OFF: Final = 2  # the side of what is off the scale
_STANDS: Final = {"at": "", "under": "narrower: ", "over": "broader: ", "across": "overlapping: "}
_LOOKS: Final = {
    -1: ("#fdf1e2", "#7f3b08"),
    0: ("#f0f0f0", "#444444"),
    1: ("#efecf5", "#3f1a6b"),
    _OFF: ("#f7f5ef", "#5c5646"),
}


class Question(Figure):
    """The claims that answer one question, those against face to face with those for."""

    name = "question"
    nothing = "No claim answers this question"

    def __init__(
        self, collection: Collection, question: tuple[str, str, str] | None = None, **style: Any
    ) -> None:
        self.question = question or ("", "", "")
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check the question, or take the headline where none is given; it is the title."""
        if isinstance(self.question, str) or len(self.question) != len(FACETS):
            raise ValueError(f"question is {self.question!r}, expected ({', '.join(FACETS)})")
        for facet, term in zip(FACETS, self.question, strict=True):
            if term:
                self.collection._require(facet, term)
        if not any(self.question):
            self.question = choose_headline(self.collection)
        if self.title is None and any(self.question):
            self.title = self.terms.ask(*self.question)

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
        named, kinds = sources[["label", "kind"]].iloc[place].to_numpy().T
        terms = find_differences(self.collection, self.question)
        terms = (answers["stands"].map(_STANDS).astype("str") + terms).where(terms != "", "")
        score = answers["recommendation"].map(self.terms.scores).astype(float)
        side = np.nan_to_num(np.sign(score.to_numpy()), nan=_OFF).astype(int)
        blocks = answers.assign(
            score=score,
            side=side,
            kind=kinds,
            name=[", ".join(filter(None, names)) for names in zip(named, kinds, strict=True)],
            foot=[
                self._write_foot(claim, text)
                for claim, text in zip(iter_rows(answers), terms, strict=True)
            ],
            open=answers["stands"] != "at",
        )
        order = np.lexsort((place, -np.abs(score.fillna(0))))
        return blocks.iloc[order].reset_index(drop=True)

    def _write_foot(self, claim: Any, terms: str) -> str:
        """Write on what question a claim stands, who says it, and on whose word."""
        parts = [terms, "of every case" if claim.universal == YES else ""]
        parts += [f"said by {claim.speaker}" if claim.speaker else ""]
        named = self.collection.labels.get(claim.cited_study, claim.cited_study)
        if claim.attribution:
            parts.append(f"credits “{claim.attribution}”" + (f" → {named}" if named else ""))
        elif named:
            parts.append(f"cites {named}")
        return "; ".join(filter(None, parts))

    @cached_property
    def _sides(self) -> dict[int, tuple[str, int]]:
        """Name each side, and count the claims on it."""
        names = name_sides(self.terms)
        if len(self.terms.scores) < len(self.terms.levels):
            names[_OFF] = "off the scale"
        counts = self._blocks["side"].value_counts()
        return {side: (name, int(counts.get(side, 0))) for side, name in names.items()}

    def describe(self, page: int) -> str:
        """Say where the sources stand."""
        blocks, labels = self._blocks, self.collection.labels
        sources = self.order_shown(blocks["source"])["source"].tolist()
        asked = self.terms.ask(*self.question) + " " if any(self.question) else ""
        parts = [
            f"{asked}{write_count(len(blocks), 'claim')} by {write_count(len(sources), 'source')}"
        ]
        for side, (word, number) in self._sides.items():
            chosen = set(blocks.loc[blocks["side"] == side, "source"])
            named = [labels[source] for source in sources if source in chosen]
            who = (
                ", ".join(named) if len(named) <= _MOST_NAMED else write_count(len(named), "source")
            )
            parts.append(f"{word.capitalize()}: {number}" + (f" ({who})" if named else ""))
        return f"{'. '.join(parts)}. {self._write_rest()}".strip()

    def _write_rest(self) -> str:
        rest = [
            f"{write_count(number - _MOST, 'claim')} {word}"
            for word, number in self._sides.values()
            if number > _MOST
        ]
        return f"Not drawn, for want of room: {', '.join(rest)}." if rest else ""

    def lay_out(self, page: int, width: float | None) -> Drawing:
        """Share the width between the two sides so that the figure becomes as low as can be."""
        right = width / INCH if width else _FULL_WIDTH
        first = self._blocks.sort_values("open", kind="stable")
        shown = first.groupby("side").cumcount().reindex(self._blocks.index) < _MOST
        blocks, entries = self._blocks[shown].reset_index(drop=True), self._list_entries(shown)
        words = [*blocks["name"], *blocks["claim"], *blocks["foot"]]
        drawing = Drawing([*words, *(entry.text for entry in entries)])
        low, high = self._limits
        room, sides = right - _STRIP, set(blocks["side"])
        shares = [0.0] if low == 0 else [1.0] if high == 0 else np.linspace(0.25, 0.75, 11).tolist()
        even = 0.5 + 0.25 * ((1 not in sides) - (-1 not in sides))
        stacks = [(share, *_stack(drawing, blocks, share * room, room)) for share in shares]
        share, blocks, ends = min(stacks, key=lambda one: one[2][-1] + abs(one[0] - even))
        strip = share * room
        self._draw_sides(drawing, strip, right, ends)
        known = (self._blocks["kind"] != "").any()
        for block in iter_rows(blocks):
            x, y = self._find_x(strip, block.score), block.top + 0.5 * _LINE
            url, gid = link_claim(block.claim_id), f"question-{block.claim_id}"
            end = block.left - 3
            if block.left < strip:
                name = drawing.size(block.name.split("\n")[0], bold=True)[0]
                beside = block.beside + drawing.size(block.foot)[0] if block.beside else name
                end = block.left + beside + 4
            drawing.rule([(x, y), (end, y)], color=PALE_INK, width=0.6, order=1)
            drawing.mark(
                x, y, find_marker(block.kind, self.terms) if known else "o", size=7,
                face="white" if block.open else self.palette.colours[block.recommendation],
                markeredgewidth=1.1, zorder=2, url=url, gid=gid,
            )  # fmt: skip
            below = block.top + drawing.size(block.name, bold=True)[1]
            foot = block.top if block.beside else below + drawing.size(block.claim)[1]
            look: dict[str, Any] = {"va": "top", "url": url}
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

    def _list_entries(self, shown: pd.Series) -> list[Entry]:
        """List what the key explains: levels, the kinds there are, the open marks, the rest."""
        entries = list_levels(self.terms, self.palette)
        kinds = self.order_shown(self._blocks["source"][shown])["kind"].unique()
        marks = [
            (kind or name_kind(kind), find_marker(kind, self.terms), False)
            for kind in kinds
            if kind or len(kinds) > 1
        ]
        if self._blocks["open"][shown].any():
            marks.append(("open: narrower, broader or overlapping question", "o", True))
        entries += [
            Entry(text, marker=marker, open=open, starts=not place)
            for place, (text, marker, open) in enumerate(marks)
        ]
        rest = self._write_rest()
        return [*entries, Entry(rest, starts=True, pale=True)] if rest else entries

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
            -1: (0.0, 0.0, zero if low < 0 else 0.0, sides, "left", "← {} {}"),
            0: (0.0, sides, right, middle, "center", "{} {}"),
            1: (zero if high > 0 else right, 0.0, right, sides, "right", "{} {} →"),
            _OFF: (0.0, middle, right, bottom, "left", "{} {}"),
        }
        for side, (word, number) in self._sides.items():
            *box, align, title = places[side]
            tint, ink = _LOOKS[side]
            drawing.box(*box, facecolor=tint, zorder=0)
            title = title.format(word.upper(), number)
            half = drawing.size(title, bold=True, size=SIZE + 2)[0] / 2
            x = {-1: 0, 0: max(zero, half), 1: right, _OFF: _MARGIN}[side]
            y = middle + _LINE if side == _OFF else -1.5 * _LINE
            if number or side != _OFF:
                drawing.write(x, y, title, bold=True, size=SIZE + 2, color=ink, ha=align)
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
    side = blocks["side"].to_numpy(dtype=int)
    on_left = (side == -1) | (side != 1) & (left > room / 2)
    width = np.maximum(np.where(on_left, left, room - left) - _MARGIN, _LEAST_WIDTH)
    parts = pd.DataFrame(
        [
            _break_words(drawing, block, space)
            for block, space in zip(iter_rows(blocks), width, strict=True)
        ],
        columns=["name", "claim", "foot", "beside", "high"],
    )
    sizes = parts.pop("high").to_numpy(dtype=float) + _BETWEEN
    taken = {number: sizes[side == number].sum() for number in _LOOKS}
    sides = max(_BETWEEN + max(taken[-1], taken[1]), _LEAST)
    middle = sides + (_BETWEEN + taken[0]) * bool(taken[0])
    bottom = middle + (_BETWEEN + _LINE + taken[_OFF]) * bool(taken[_OFF])
    top = np.zeros(len(blocks))
    for number, start in {-1: 0.0, 1: 0.0, 0: sides, _OFF: middle + _LINE}.items():
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
        ``title`` (the question in full if not given), ``palette``, ``fontsize``, ``figsize`` as of
        `Figure`.

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
