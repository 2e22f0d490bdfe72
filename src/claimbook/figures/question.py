"""One question: every claim that answers it, on the line from against to for."""

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import FACETS, YES
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.compare import choose_headline, find_answers
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, Footing, draw_footing, lay_out, list_levels, sign_font
from claimbook.figures.layout import (
    INCH,
    LINE,
    SIZE,
    break_text,
    embolden,
    find_font,
    measure_width,
    resize,
    write,
)
from claimbook.figures.layout import (
    write_count as count,
)
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    choose_levels,
    find_marker,
    link_claim,
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
_HEAD: Final = 3 * _LINE
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


class _Board(NamedTuple):
    """
    Where everything stands, in points: right from the left edge, down from where sides begin.

    `blocks` has the words of each claim broken into lines, and where they stand; `ends` where the
    two sides end, the middle below them, and below that what is off the scale.
    """

    blocks: pd.DataFrame
    strip: tuple[float, float]
    right: float
    ends: tuple[float, float, float]
    footing: Footing
    font: FontProperties


class Question(Figure):
    """The claims that answer one question, those against face to face with those for."""

    name = "question"
    nothing = "No claim answers this question"

    def __init__(
        self, collection: Collection, question: tuple[str, str, str] | None = None, **style: Any
    ) -> None:
        self.question = question or choose_headline(collection)
        super().__init__(collection, **style)

    def prepare(self) -> None:
        """Check that it is a question."""
        if isinstance(self.question, str) or len(self.question) != len(FACETS):
            raise ValueError(f"question is {self.question!r}, expected ({', '.join(FACETS)})")

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
        sources = [
            source
            for source in order_sources(self.collection)["source"]
            if source in set(blocks["source"])
        ]
        asked = self.terms.ask(*self.question) + " " if any(self.question) else ""
        parts = [f"{asked}{count(len(blocks), 'claim')} by {count(len(sources), 'source')}"]
        for side, (word, number) in self._sides.items():
            chosen = set(blocks.loc[blocks["side"] == side, "source"])
            named = [labels[source] for source in sources if source in chosen]
            who = ", ".join(named) if len(named) <= _MOST_NAMED else count(len(named), "source")
            parts.append(f"{word.capitalize()}: {number}" + (f" ({who})" if named else ""))
        return f"{'. '.join(parts)}. {self._write_rest()}".strip()

    def _write_rest(self) -> str:
        rest = [
            f"{count(number - _MOST, 'claim')} {word}"
            for word, number in self._sides.values()
            if number > _MOST
        ]
        return f"Not drawn, for want of room: {', '.join(rest)}." if rest else ""

    def lay_out(self, page: int, width: float | None) -> _Board:
        """Share the width between the two sides so that the figure becomes as low as can be."""
        right = width / INCH if width else _FULL_WIDTH
        first = self._blocks.sort_values("open", kind="stable")
        blocks = self._blocks[first.groupby("side").cumcount().reindex(self._blocks.index) < _MOST]
        blocks = blocks.reset_index(drop=True)
        entries = self._list_entries(blocks)
        words = [*blocks["name"], *blocks["claim"], *blocks["foot"]]
        font = find_font([*words, *(entry.text for entry in entries)], size=SIZE)
        low, high = self._limits
        room, sides = right - _STRIP, set(blocks["side"])
        shares = [0.0] if low == 0 else [1.0] if high == 0 else np.linspace(0.25, 0.75, 11).tolist()
        even = 0.5 + 0.25 * ((1 not in sides) - (-1 not in sides))
        stacks = [(share, _stack(blocks, font, share * room, room)) for share in shares]
        share, (blocks, ends) = min(stacks, key=lambda one: one[1][1][-1] + abs(one[0] - even))
        strip = share * room, share * room + _STRIP
        return _Board(blocks, strip, right, ends, lay_out(entries, font, width=right), font)

    @property
    def _limits(self) -> tuple[float, float]:
        scores = [*self.terms.scores.values(), 0.0]
        return min(scores), max(scores)

    def _list_entries(self, blocks: pd.DataFrame) -> list[Entry]:
        """List what the key explains: levels, the kinds there are, the open marks, the rest."""
        entries = list_levels(self.terms, self.palette)
        kinds = [kind for kind in order_sources(self.collection)["kind"].unique() if kind]
        there = set(blocks["kind"])
        marks = [(kind, find_marker(kind, self.terms), False) for kind in kinds if kind in there]
        if marks and "" in there:
            marks.append(("kind not given", find_marker("", self.terms), False))
        if blocks["open"].any():
            marks.append(("open: narrower, broader or overlapping question", "o", True))
        entries += [
            Entry(text, marker=marker, open=open, starts=not place)
            for place, (text, marker, open) in enumerate(marks)
        ]
        rest = self._write_rest()
        return [*entries, Entry(rest, starts=True, pale=True)] if rest else entries

    def measure(self, layout: _Board) -> tuple[float, float]:
        """Give what words, sides and the key take."""
        return layout.right * INCH, (_HEAD + _find_bottom(layout)) * INCH

    def paint(self, ax: Axes, layout: _Board) -> None:
        """Draw the sides, the marks with their words, and the key."""
        ax.set(xlim=(0, layout.right), ylim=(_find_bottom(layout), -_HEAD))
        self._draw_sides(ax, layout)
        known = (self._blocks["kind"] != "").any()
        for block in iter_rows(layout.blocks):
            marker = find_marker(block.kind, self.terms) if known else "o"
            face = "white" if block.open else self.palette.colours[block.recommendation]
            _draw_mark(ax, layout, block, self._find_x(layout, block.score), marker, face)
            _draw_words(ax, layout, block)
        draw_footing(ax, layout.footing, left=0, top=layout.ends[-1] + _LINE)

    def _find_x(self, layout: _Board, score: float) -> float:
        """Place a score on the strip; what has none stands in its middle."""
        low, high = self._limits
        share = 0.5 if np.isnan(score) or low == high else (score - low) / (high - low)
        return layout.strip[0] + _STRIP * (1 / 8 + 3 / 4 * share)

    def _draw_sides(self, ax: Axes, layout: _Board) -> None:
        """Tint the sides, and write over each its name and how many claims stand on it."""
        right, (sides, middle, bottom) = layout.right, layout.ends
        low, high = self._limits
        zero = self._find_x(layout, 0)
        end, start = (zero if low < 0 else 0.0), (zero if high > 0 else right)
        places = {
            -1: (0.0, 0.0, end, sides, "left", "← {} {}"),
            0: (0.0, sides, right, middle - sides, "center", "{} {}"),
            1: (start, 0.0, right - start, sides, "right", "{} {} →"),
            _OFF: (0.0, middle, right, bottom - middle, "left", "{} {}"),
        }
        large = embolden(resize(layout.font, SIZE + 2))
        for side, (word, number) in self._sides.items():
            x, y, wide, tall, align, title = places[side]
            tint, ink = _LOOKS[side]
            ax.add_patch(Rectangle((x, y), wide, tall, facecolor=tint, linewidth=0, zorder=0))
            title = title.format(word.upper(), number)
            half = measure_width(title, large) / 2
            left = {-1: 0, 0: max(zero, half), 1: right, _OFF: _MARGIN}[side]
            top = y + _LINE if side == _OFF else -1.5 * _LINE
            if tall or side != _OFF:
                write(ax, left, top, title, color=ink, ha=align, fontproperties=large)
        shown = [self.terms.scores.get(level) for level in choose_levels(self.terms)]
        signs = {self.terms.scores.get(level): sign for level, sign in self.palette.signs.items()}
        for score in sorted({score for score in shown if score is not None}):
            x = self._find_x(layout, score)
            ax.plot([x, x], [0, middle], color=RULE, linewidth=0.6, zorder=0.5)
            bold = sign_font(SIZE + 1)
            write(ax, x, -0.4 * _LINE, signs[score], ha="center", fontproperties=bold)


def _find_bottom(layout: _Board) -> float:
    return layout.ends[-1] + _LINE + layout.footing.height


def _stack(
    blocks: pd.DataFrame, font: FontProperties, left: float, room: float
) -> tuple[pd.DataFrame, tuple[float, float, float]]:
    """Stack the words of each side one claim under the other, below both the middle, then rest."""
    side = blocks["side"].to_numpy(dtype=int)
    on_left = (side == -1) | (side != 1) & (left > room / 2)
    width = np.maximum(np.where(on_left, left, room - left) - _MARGIN, _LEAST_WIDTH)
    words = [
        _break_words(block, font, space)
        for block, space in zip(iter_rows(blocks), width, strict=True)
    ]
    parts = pd.DataFrame(
        words, columns=["name", "claim", "foot", "beside", "lines"], index=blocks.index
    )
    sizes = parts["lines"].to_numpy(dtype=float) * _LINE + _BETWEEN
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


def _break_words(
    block: Any, font: FontProperties, width: float
) -> tuple[str, str, str, float, int]:
    """Break a claim's words into lines; the foot goes beside the name where it has room."""
    bold = embolden(font)
    name = break_text(block.name, bold, width=width)
    claim, foot = (break_text(text, font, width=width) for text in (block.claim, block.foot))
    fits = bool(foot) and "\n" not in name + foot
    beside = measure_width(name, bold) + _MARGIN if fits else 0.0
    fits = fits and beside + measure_width(foot, font) <= width
    lines = sum(text.count("\n") + 1 for text in (name, claim, "" if fits else foot) if text)
    return name, claim, foot, beside if fits else 0.0, lines


def _draw_mark(ax: Axes, layout: _Board, block: Any, x: float, marker: str, face: str) -> None:
    """Draw the mark of a claim and a thin line from it to the claim's words."""
    y = block.top + 0.5 * _LINE
    end = block.left - 3
    if block.left < layout.strip[0]:
        width = measure_width(block.name.split("\n")[0], embolden(layout.font))
        width = block.beside + measure_width(block.foot, layout.font) if block.beside else width
        end = block.left + width + 4
    ax.plot([x, end], [y, y], color=PALE_INK, linewidth=0.6, zorder=1)
    ax.add_line(
        Line2D(
            [x], [y], linestyle="none", marker=marker, markerfacecolor=face, markersize=7,
            markeredgecolor=INK, markeredgewidth=1.1, zorder=2, url=link_claim(block.claim_id),
            gid=f"question-{block.claim_id}",
        )
    )  # fmt: skip


def _draw_words(ax: Axes, layout: _Board, block: Any) -> None:
    below = block.top + (block.name.count("\n") + 1) * _LINE
    foot = (block.left, below + (block.claim.count("\n") + 1) * _LINE)
    if block.beside:
        foot = (block.left + block.beside, block.top)
    for part, place, text in (
        ("name", (block.left, block.top), block.name),
        ("claim", (block.left, below), block.claim),
        ("foot", foot, block.foot),
    ):
        write(
            ax, *place, text, va="top", color=PALE_INK if part == "foot" else INK,
            fontproperties=embolden(layout.font) if part == "name" else layout.font,
            url=link_claim(block.claim_id), gid=f"question-{block.claim_id}-{part}",
        )  # fmt: skip


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
        ``title``, ``palette``, ``fontsize``, ``figsize`` as of `Figure`.

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
