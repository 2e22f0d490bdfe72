"""One question: every claim that answers it, on the line from against to for."""

from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import ScaledTranslation

from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import score_claims
from claimbook.figures.board import (
    SIZE,
    STRIP,
    Board,
    Question,
    build_board,
    write_blocks,
    write_rest,
)
from claimbook.figures.lettering import (
    LINE,
    embolden,
    find_room,
    fit_columns,
    measure_width,
    write_count,
)
from claimbook.figures.style import (
    INK,
    MARKERS,
    OTHER_MARKER,
    PALE_INK,
    RULE,
    choose_levels,
    find_colours,
    find_signs,
    link_claim,
    name_sides,
)
from claimbook.measures.stances import order_sources

_FULL_WIDTH: Final = 7.5
_FRAME: Final = 0.8
_MOST_NAMED: Final = 8
_LOOKS: Final = {-1: ("#fdf1e2", "#7f3b08"), 0: ("#f0f0f0", "#444444"), 1: ("#efecf5", "#3f1a6b")}


def plot_question(
    answers: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    question: Question | None = None,
    sources: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the claims that answer one question, those against face to face with those for.

    Each claim is a mark at its score on the strip in the middle, and its words on its own side:
    against on the left, for on the right, the middle of the scale below. The marker's shape
    tells the kind of source; it is filled where the claim answers just this question, and open
    where it answers a narrower, broader or overlapping one, whose terms are then written. Marks
    and words link to the claim. Of each side at most 20 claims are drawn: first those at the
    question, then the strongest, of these the articles; of the others the figure says how many
    they are. A mark's ``gid`` is ``question-`` and the claim's id, to which
    ``-name``, ``-claim`` and ``-foot`` are added for the words.

    Parameters
    ----------
    answers : DataFrame, one row per claim
        As `find_answers` returns them: needs ``claim_id``, ``source``, ``condition``,
        ``intervention``, ``aspect``, ``recommendation``, ``claim`` and ``stands``; takes
        ``attribution`` and ``cited_study``.
    vocabulary : Vocabulary
        Its levels, their scores, and the labels of terms.
    question : (condition, intervention, aspect) or None
        What was asked, so that the terms in which a claim departs from it can be written; if
        None, taken from the claims at the question.
    sources : DataFrame or None, one row per source
        Gives each source's ``kind``.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_question`.

    Returns
    -------
    ax : Axes
        The same.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> from claimbook.compare.questions import find_answers
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "standalone",
    ...     "recommendation": ["for", "against"], "claim": ["As good as any.", "Never alone."]})
    >>> vocabulary = Vocabulary()
    >>> answers = find_answers(claims, vocabulary, ("back pain", "massage", "standalone"))
    >>> figure = plt.figure(figsize=size_question(answers, vocabulary), layout="constrained")
    >>> ax = plot_question(answers, vocabulary, ax=figure.subplots())
    >>> [mark.get_xdata().tolist() for mark in ax.lines if mark.get_gid() == "question-a"]
    [[2]]
    """
    ax = plt.gca() if ax is None else ax
    blocks = write_blocks(answers, vocabulary, question=question, sources=sources)
    board = build_board(blocks, vocabulary, width=find_room(ax))
    _draw_axes(ax, board, vocabulary)
    _draw_sides(ax, board, vocabulary)
    colours = find_colours(vocabulary)
    for block in board.blocks.itertuples():
        _draw_mark(ax, board, block, colours)
        _draw_words(ax, board, block)
    _draw_key(ax, board)
    return ax


def size_question(
    answers: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    question: Question | None = None,
    sources: pd.DataFrame | None = None,
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the claims on one question.

    Parameters
    ----------
    answers, vocabulary, question, sources
        As for `plot_question`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout. The width is always the same.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "standalone", "recommendation": "against",
    ...     "claim": "Never alone.", "stands": "at"})
    >>> size_question(claims, Vocabulary())[0]
    7.5
    """
    blocks = write_blocks(answers, vocabulary, question=question, sources=sources)
    board = build_board(blocks, vocabulary, width=_FULL_WIDTH - 0.1)
    below = board.scale.count("\n") + _fit_key(board)[1]
    height = float(board.lines[1] + below) * LINE * SIZE / 72 + _FRAME
    return _FULL_WIDTH, round(height, 2)


def describe_question(
    answers: pd.DataFrame, vocabulary: Vocabulary, *, sources: pd.DataFrame | None = None
) -> str:
    """
    Say in words where the sources stand on one question, for those who do not see it.

    Parameters
    ----------
    answers, vocabulary, sources
        As for `plot_question`.

    Returns
    -------
    description : str
        How many claims and sources, then for each side how many and which sources; last how many
        claims are not drawn.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> answers = pd.DataFrame({"source": ["spa", "clinic"], "recommendation": ["for", "against"]})
    >>> describe_question(answers, Vocabulary())
    '2 claims by 2 sources. Against: 1 (clinic). Uncertain: 0. For: 1 (spa).'
    """
    _, scores = score_claims(answers, vocabulary)
    ordered = order_sources(answers["source"], sources)["source"]
    parts = [f"{write_count(len(answers), 'claim')} by {write_count(len(ordered), 'source')}"]
    for side, word in name_sides(vocabulary).items():
        chosen = np.sign(scores) == side
        named = ordered[ordered.isin(answers["source"][chosen])].tolist()
        who = ", ".join(named) if len(named) <= _MOST_NAMED else write_count(len(named), "source")
        parts.append(f"{word.capitalize()}: {chosen.sum()}" + (f" ({who})" if named else ""))
    rest = write_rest(pd.DataFrame({"score": scores}), vocabulary)
    return f"{'. '.join(parts)}. {rest}".strip()


def _convert(board: Board, points: float) -> float:
    """Convert points from the left edge into scores: the strip holds them and a margin."""
    low, high = board.limits
    return low + (points - board.edges[0] - STRIP / 8) / (STRIP * 0.75) * ((high - low) or 1)


def _draw_axes(ax: Axes, board: Board, vocabulary: Vocabulary) -> None:
    ax.set_xlim(_convert(board, 0), _convert(board, board.edges[2]))
    ax.set_ylim(board.lines[1], 0)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    signs = find_signs(vocabulary)
    ticks = {vocabulary.scores[level]: signs[level] for level in choose_levels(vocabulary)}
    ax.set_xticks(list(ticks), list(ticks.values()), fontsize=SIZE, fontweight="bold", color=INK)
    ax.tick_params(length=0, pad=2, labeltop=True)
    ax.set_xlabel(board.scale, fontproperties=board.font, color=INK, parse_math=False)


def _draw_sides(ax: Axes, board: Board, vocabulary: Vocabulary) -> None:
    """Tint the sides and write over each its name and how many claims stand on it."""
    sides, total = board.lines
    left, right = ax.get_xlim()
    start, end = (0.0 if board.limits[0] < 0 else left), (0.0 if board.limits[1] > 0 else right)
    boxes = {-1: (left, 0.0, end - left, sides), 1: (start, 0.0, right - start, sides)}
    boxes[0] = (left, sides, right - left, total - sides)
    aligned = {-1: (left, "left"), 0: (0.0, "center"), 1: (right, "right")}
    for side, word in name_sides(vocabulary).items():
        x, y, width, height = boxes[side]
        tint, ink = _LOOKS[side]
        ax.add_patch(Rectangle((x, y), width, height, facecolor=tint, linewidth=0, zorder=0))
        title = f"{word.upper()} {board.counts[side]}"
        title = {-1: f"← {title}", 1: f"{title} →"}.get(side, title)
        ax.annotate(
            title, (aligned[side][0], 0), xytext=(0, 15), textcoords="offset points", color=ink,
            ha=aligned[side][1], weight="bold", size=SIZE + 2, parse_math=False,
            annotation_clip=False,
        )  # fmt: skip
    for score in ax.get_xticks():
        ax.axvline(score, color=RULE, linewidth=0.6, zorder=0.5)


def _draw_mark(ax: Axes, board: Board, block: Any, colours: dict[str, str]) -> None:
    """Draw the mark of a claim and a thin line from it to the claim's words."""
    y = block.top + 0.5
    ends = [block.score, _convert(board, _find_reach(board, block))]
    ax.plot(ends, [y, y], color=PALE_INK, linewidth=0.6, zorder=1)
    ax.plot(
        [block.score], [y], linestyle="none", marker=_choose_marker(board, block.kind),
        markerfacecolor="white" if block.open else colours[block.recommendation], markersize=7,
        markeredgecolor=INK, markeredgewidth=1.1, zorder=2, url=link_claim(block.claim_id),
        gid=f"question-{block.claim_id}",
    )  # fmt: skip


def _find_reach(board: Board, block: Any) -> float:
    """Find where the words begin, or on the left end, in points."""
    if block.left > board.edges[0]:
        return float(block.left) - 3
    line = block.name.split("\n")[0]
    width = measure_width(line, embolden(board.font))
    if block.beside:
        width = block.beside + measure_width(block.foot, board.font)
    return float(block.left + width) + 4


def _draw_words(ax: Axes, board: Board, block: Any) -> None:
    below = block.top + block.name.count("\n") + 1
    foot = (block.left, below + block.text.count("\n") + 1)
    if block.beside:
        foot = (block.left + block.beside, block.top)
    parts = (
        ("name", block.name, (block.left, block.top), embolden(board.font)),
        ("claim", block.text, (block.left, below), board.font),
        ("foot", block.foot, foot, board.font),
    )
    for part, text, (left, top), font in parts:
        ax.text(
            _convert(board, left), top, text, va="top", linespacing=LINE, parse_math=False,
            color=PALE_INK if part == "foot" else INK, fontproperties=font,
            url=link_claim(block.claim_id), gid=f"question-{block.claim_id}-{part}",
            in_layout=False,
        )  # fmt: skip


def _draw_key(ax: Axes, board: Board) -> None:
    style: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "markersize": 6}
    handles = [
        Line2D([], [], marker=marker, markerfacecolor=face, label=label, **style)
        for marker, face, label in _list_markers(board)
    ]
    if handles:
        columns, lines = _fit_key(board)[0], board.scale.count("\n") + 1
        shift = (-18 - lines * LINE * SIZE) / 72
        below = ScaledTranslation(0, shift, ax.figure.dpi_scale_trans)
        ax.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=columns,
            bbox_transform=ax.transAxes + below, borderaxespad=0, borderpad=0, frameon=False,
            prop=board.font, handletextpad=0, columnspacing=1, handlelength=1.5,
        )  # fmt: skip


def _fit_key(board: Board) -> tuple[int, int]:
    labels = [label for *_, label in _list_markers(board)]
    return fit_columns(labels, board.font, width=board.edges[2]) if labels else (1, 0)


def _list_markers(board: Board) -> list[tuple[str, str, str]]:
    """List marker, face and label of each kind there is, and of the open ones."""
    there = set(board.blocks["kind"])
    markers = [(MARKERS[kind], RULE, kind) for kind in MARKERS if kind in there]
    if there - MARKERS.keys() - {""} or (markers and "" in there):
        markers.append((OTHER_MARKER, RULE, "other"))
    if board.blocks["open"].any():
        markers.append(("o", "white", "open: narrower, broader or overlapping question"))
    return markers


def _choose_marker(board: Board, kind: str) -> str:
    """Choose the marker of a kind; a circle where the kinds of none are known."""
    known = (board.blocks["kind"] != "").any()
    return MARKERS.get(kind, OTHER_MARKER if known else MARKERS["article"])
