"""The lay-out of one question: claims broken into lines, and where each of them is."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import score_claims
from claimbook.figures.lettering import embolden, find_font, measure_width, wrap_text, write_count
from claimbook.figures.style import name_sides, write_key
from claimbook.measures.stances import find_differences, order_sources

SIZE: Final = 8.0
STRIP: Final = 115.0
MOST: Final = 20
Question = tuple[str, str, str]
_MARGIN: Final = 8.0
_BETWEEN: Final = 0.7
_FEWEST_LINES: Final = 2.5
_LEAST_WIDTH: Final = 20.0
_STANDS: Final = {"at": "", "under": "narrower: ", "over": "broader: ", "across": "overlapping: "}


class Board(NamedTuple):
    """
    Where everything stands: across in points from the left, down in lines of text.

    Attributes
    ----------
    blocks : DataFrame, one row per claim drawn
        ``name``, ``text``, ``foot`` (broken into lines), ``left``, ``top``, ``beside`` (from the
        left of a name to the foot on its line, 0 where the foot stands below), ``score``,
        ``kind``, ``open``, and what the answers hold.
    counts : dict of int
        How many claims stand on each side, those not drawn too.
    edges : (start, end, all)
        Of the strip, and the right edge of everything.
    limits : (low, high)
        Scores that the strip must hold.
    lines : (sides, all)
        Where the two sides end, and where the middle below them does.
    scale : str
        The signs and the levels that they stand for, then how many claims are not drawn, broken
        into lines.
    font : FontProperties
        Of the text.
    """

    blocks: pd.DataFrame
    counts: dict[int, int]
    edges: tuple[float, float, float]
    limits: tuple[float, float]
    lines: tuple[float, float]
    scale: str
    font: FontProperties


def write_blocks(
    answers: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    question: Question | None = None,
    sources: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Put claims in order and into words.

    Parameters
    ----------
    answers, vocabulary, question, sources
        As for `plot_question`.

    Returns
    -------
    blocks : DataFrame, one row per claim
        The answers, strongest levels first and on each articles before studies, with ``score``,
        ``kind``, ``open`` (whether on another question than the one asked), ``name``, ``text``
        and ``foot`` (what is written).

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> answers = pd.DataFrame({"source": ["spa"], "condition": "pain", "intervention": "massage",
    ...     "aspect": "sleep", "recommendation": "for", "claim": "Helps.", "stands": "at"})
    >>> write_blocks(answers, Vocabulary(), question=("pain", "massage", "effect"))["foot"].tolist()
    ['sleep']
    """
    _, scores = score_claims(answers, vocabulary)
    ordered = order_sources(answers["source"], sources)
    rank = pd.Index(ordered["source"]).get_indexer(pd.Index(answers["source"]))
    kinds = pd.Series(ordered["kind"].to_numpy()[rank], index=answers.index, dtype="str")
    terms = find_differences(answers, vocabulary, question=question)
    opening = answers["stands"].map(_STANDS).fillna("").astype("str")
    empty = pd.Series("", index=answers.index, dtype="str")
    credits = (answers.get(name, empty) for name in ("attribution", "cited_study"))
    blocks = answers.assign(
        score=scores,
        kind=kinds,
        name=answers["source"] + kinds.where(kinds == "", ", " + kinds),
        text=answers["claim"],
        foot=list(map(_write_foot, (opening + terms).where(terms != "", ""), *credits)),
        open=(answers["stands"] != "at").to_numpy(),
    )
    return blocks.iloc[np.lexsort((rank, -np.abs(scores)))].reset_index(drop=True)


def _write_foot(terms: str, credited: str, cited: str) -> str:
    credit = f"credits “{credited}”" if credited else "cites" if cited else ""
    study = (f" → {cited}" if credited else f" {cited}") if cited else ""
    return "; ".join(part for part in (terms, credit + study) if part)


def build_board(blocks: pd.DataFrame, vocabulary: Vocabulary, *, width: float) -> Board:
    """
    Share the width between the two sides so that the figure becomes as low as can be.

    Parameters
    ----------
    blocks : DataFrame, one row per claim
        As `write_blocks` returns them.
    vocabulary : Vocabulary
        Its levels and their scores.
    width : float
        Of everything, in inches.

    Returns
    -------
    board : Board
        Claims against on the left, for on the right, the others below on the wider side. Of each
        side at most 20: first those at the question, then the strongest, of these the articles.

    Examples
    --------
    >>> answers = pd.DataFrame({"source": ["spa"], "condition": "pain", "intervention": "massage",
    ...     "aspect": "sleep", "recommendation": "for", "claim": "Helps.", "stands": "at"})
    >>> board = build_board(write_blocks(answers, Vocabulary()), Vocabulary(), width=7)
    >>> board.limits
    (-2, 2)
    """
    scale, rest = " · ".join(reversed(write_key(vocabulary))), write_rest(blocks, vocabulary)
    counts = _count_sides(blocks["score"])
    blocks = _choose_blocks(blocks)
    font = find_font([scale, *blocks["name"], *blocks["text"], *blocks["foot"]], size=SIZE)
    scores = [*vocabulary.scores.values(), 0]
    low, high = min(scores), max(scores)
    room = width * 72 - STRIP
    shares = [0.0] if low == 0 else [1.0] if high == 0 else np.linspace(0.25, 0.75, 11).tolist()
    boards = [_stack(blocks, font, share * room, room) for share in shares]
    sides = np.sign(blocks["score"].to_numpy(dtype=float))
    even = 0.5 + 0.25 * (int((sides > 0).sum() == 0) - int((sides < 0).sum() == 0))
    heights = [board[1][1] + abs(share - even) for share, board in zip(shares, boards, strict=True)]
    best = int(np.argmin(heights))
    left = shares[best] * room
    end = width * 72
    edges = (left, left + STRIP, end)
    lines = [line for text in (scale, rest) if text for line in wrap_text(text, font, width=end)]
    return Board(
        boards[best][0], counts, edges, (low, high), boards[best][1], "\n".join(lines), font
    )


def _count_sides(scores: pd.Series) -> dict[int, int]:
    signs = np.sign(scores.to_numpy(dtype=float))
    return {side: int((signs == side).sum()) for side in (-1, 0, 1)}


def write_rest(blocks: pd.DataFrame, vocabulary: Vocabulary) -> str:
    """
    Write how many claims have no room in the figure.

    Parameters
    ----------
    blocks : DataFrame, one row per claim
        Needs ``score``.
    vocabulary : Vocabulary
        The sides of its scale.

    Returns
    -------
    rest : str
        How many on each side; empty where all have room.

    Examples
    --------
    >>> write_rest(pd.DataFrame({"score": [2] * 1410}), Vocabulary())
    'Not drawn, for want of room: 1390 claims for.'
    """
    sides, counts = name_sides(vocabulary), _count_sides(blocks["score"])
    rest = {sides[side]: number - MOST for side, number in counts.items() if number > MOST}
    named = [f"{write_count(number, 'claim')} {side}" for side, number in rest.items()]
    return f"Not drawn, for want of room: {', '.join(named)}." if named else ""


def _choose_blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    """Choose of each side those at the question, then those that stand first."""
    first = blocks.sort_values("open", kind="stable")
    place = first.groupby(np.sign(first["score"])).cumcount()
    return blocks[place.reindex(blocks.index) < MOST].reset_index(drop=True)


def _stack(
    blocks: pd.DataFrame, font: FontProperties, left: float, room: float
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Stack the words of each side, one claim under the other, and the middle below both."""
    side = np.sign(blocks["score"].to_numpy(dtype=float))
    on_left = (side < 0) | ((side == 0) & (left > room / 2))
    width = np.maximum(np.where(on_left, left, room - left) - _MARGIN, _LEAST_WIDTH)
    names = ("name", "text", "foot")
    words = [
        _break_words((name, text, foot), font, space)
        for name, text, foot, space in zip(*(blocks[name] for name in names), width, strict=True)
    ]
    parts = pd.DataFrame(words, columns=[*names, "beside", "lines"])
    sizes = parts["lines"].to_numpy(dtype=float) + _BETWEEN
    sides = max(_BETWEEN + max(sizes[side < 0].sum(), sizes[side > 0].sum()), _FEWEST_LINES)
    total = sides + _BETWEEN + sizes[side == 0].sum() if (side == 0).any() else sides
    top = np.zeros(len(blocks))
    for number in (-1, 0, 1):
        chosen = side == number
        top[chosen] = sizes[chosen].cumsum() - sizes[chosen] + _BETWEEN
    top[side == 0] += sides
    start = np.where(on_left, _MARGIN, left + STRIP)
    stacked = blocks.drop(columns=[*names]).join(parts)
    return stacked.assign(left=start, top=top), (sides, total)


def _break_words(
    texts: tuple[str, str, str], font: FontProperties, width: float
) -> tuple[str, str, str, float, int]:
    """Break a claim's words into lines; the foot goes beside the name where it has room."""
    fonts = (embolden(font), font, font)
    parts = [wrap_text(text, style, width=width) for text, style in zip(texts, fonts, strict=True)]
    names, _, feet = parts
    beside = measure_width(names[-1], fonts[0]) + _MARGIN
    fits = len(names) == 1 and len(feet) == 1 and beside + measure_width(feet[0], font) <= width
    fits = fits and bool(feet[0])
    lines = sum(map(len, parts)) - len(feet) * (fits or not feet[0])
    name, text, foot = ("\n".join(part) for part in parts)
    return name, text, foot, beside if fits else 0.0, lines
