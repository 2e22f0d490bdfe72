"""The stance matrix: which source stands where on which question."""

from typing import Any, Final, cast

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Patch, Polygon
from matplotlib.transforms import (
    Affine2D,
    Affine2DBase,
    ScaledTranslation,
    blended_transform_factory,
)

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.grid import (
    HEIGHT,
    KIND_NAMES,
    PAD,
    SIZE,
    WIDTH,
    Grid,
    build_grid,
    count_rows,
    measure_labels,
)
from claimbook.figures.lettering import LINE, embolden, fit_columns, wrap_text, write_count
from claimbook.figures.style import (
    INK,
    PALE_INK,
    RULE,
    TINT,
    choose_ink,
    choose_levels,
    find_colours,
    find_signs,
    link_claim,
    write_key,
)
from claimbook.measures.stances import order_sources

_NOTHING: Final = "No question to show"
_MOST_NAMED: Final = 5
_UPPER, _LOWER = ((0, 0), (1, 0), (0, 1)), ((1, 0), (1, 1), (0, 1))
_WHOLE: Final = ((0, 0), (1, 0), (1, 1), (0, 1))
_Corners = tuple[tuple[int, int], ...]


def plot_matrix(
    stances: pd.DataFrame,
    questions: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    sources: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the matrix of stances: a row per question, a column per source.

    A cell has the colour and the sign of the level; two, divided by the diagonal, where the
    source contradicts itself; nothing where the source does not address the question. Sources
    with no cell are not drawn. Questions on which sources or claims clash stand on a tint. A
    cell's polygons and signs link to its first claim, and their ``gid`` is ``matrix-`` and the
    id of that claim.

    Parameters
    ----------
    stances : DataFrame, one row per question and source
        As `count_stances` returns them.
    questions : DataFrame, one row per question
        As `order_questions` returns them: needs ``condition``, ``intervention``, ``aspect`` and
        ``verdict``. Drawn in this order; which of the three columns comes first is what rows are
        grouped by, named wherever it changes. A column ``page``, of `find_pages`, is written
        below.
    vocabulary : Vocabulary
        Its levels, their scores, and the labels of terms.
    sources : DataFrame or None, one row per source
        Gives each source's ``kind``, by which columns are grouped.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_matrix`.

    Returns
    -------
    ax : Axes
        The same.

    Examples
    --------
    >>> from claimbook.measures.stances import count_stances, order_questions
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> vocabulary = Vocabulary()
    >>> tables = count_stances(claims, vocabulary), order_questions(claims, vocabulary)[0]
    >>> figure = plt.figure(figsize=size_matrix(*tables, vocabulary), layout="constrained")
    >>> ax = plot_matrix(*tables, vocabulary, ax=figure.subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['massage · cause']
    >>> [label.get_text() for label in ax.get_yticklabels(minor=True)]
    ['back pain']
    """
    ax = plt.gca() if ax is None else ax
    grid = build_grid(stances, questions, vocabulary, sources=sources)
    _draw_axes(ax, grid)
    if len(grid.rows) == 0:
        return ax
    _draw_rules(ax, grid)
    _draw_bands(ax, grid)
    looks = find_colours(vocabulary), find_signs(vocabulary)
    for cell in grid.cells.itertuples():
        for corners, level, part in _divide(cell):
            _draw_cell(ax, cell, corners, (looks[0][level], looks[1][level], part))
    _draw_verdicts(ax, grid)
    _draw_key(ax, grid, vocabulary, "\n".join(_write_page(questions, grid)))
    return ax


def size_matrix(
    stances: pd.DataFrame,
    questions: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    sources: pd.DataFrame | None = None,
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the matrix.

    Parameters
    ----------
    stances, questions, vocabulary, sources
        As for `plot_matrix`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout.

    Examples
    --------
    >>> from claimbook.measures.stances import count_stances, order_questions
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> tables = count_stances(claims, Vocabulary()), order_questions(claims, Vocabulary())[0]
    >>> width, height = size_matrix(*tables, Vocabulary())
    >>> width > height
    True
    """
    grid = build_grid(stances, questions, vocabulary, sources=sources)
    if len(grid.rows) == 0:
        return 3.0, 0.6
    entries = _list_key(grid, vocabulary)
    _, lines = fit_columns(entries, grid.font, width=grid.widths[2])
    labels = pd.concat([grid.columns["label"], grid.columns["group"]])
    header = 0.87 * measure_labels(labels, grid.font) / 72 + 0.3
    below = lines * 1.6 * SIZE + len(_write_page(questions, grid)) * 1.5 * SIZE
    height = header + grid.shape[1] * HEIGHT + below / 72 + 0.1
    return round(grid.widths[2] / 72 + 0.3, 2), round(height, 2)


def describe_matrix(
    stances: pd.DataFrame, questions: pd.DataFrame, *, sources: pd.DataFrame | None = None
) -> str:
    """
    Say in words what the matrix shows, for those who do not see it.

    Parameters
    ----------
    stances, questions, sources
        As for `plot_matrix`.

    Returns
    -------
    description : str
        How much is shown, how often each verdict is reached, and the first conflicts.

    Examples
    --------
    >>> from claimbook.measures.stances import count_stances, order_questions
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> tables = count_stances(claims, Vocabulary()), order_questions(claims, Vocabulary())[0]
    >>> describe_matrix(*tables)
    'Matrix of 1 question by 2 sources: conflict 1. In conflict: back pain, massage, cause.'
    """
    shown = stances.merge(questions[list(FACETS)], on=list(FACETS))
    kinds = order_sources(shown["source"], sources)["kind"]
    counted = [f"{KIND_NAMES.get(kind, kind)} {sum(kinds == kind)}" for kind in kinds.unique()]
    page = f" {questions['page'].iloc[0]}" if "page" in questions and len(questions) else ""
    text = f"Matrix of {write_count(len(questions), 'question')} by "
    text += write_count(len(kinds), "source")
    text += f" ({', '.join(counted)})" if (kinds != "").any() else ""
    counts = questions["verdict"].value_counts()
    verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
    text += f": {', '.join(verdicts)}." if verdicts else "."
    within = int(shown["contradicts"].sum())
    text += f" Cells in which a source contradicts itself: {within}." if within else ""
    return text + _name_conflicts(questions[questions["verdict"] == VERDICTS[0]]) + page


def _name_conflicts(conflicts: pd.DataFrame) -> str:
    terms = conflicts[list(FACETS)].head(_MOST_NAMED).to_numpy().tolist()
    named = "; ".join(map(", ".join, terms)) + "; …" * (len(conflicts) > _MOST_NAMED)
    return f" In conflict: {named}." if named else ""


def _draw_axes(ax: Axes, grid: Grid) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(which="both", length=0, pad=3)
    if len(grid.rows) == 0:
        ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    ax.set(xlim=(0, grid.shape[0]), ylim=(grid.shape[1], 0))
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    _label_columns(ax, grid)
    _label_rows(ax, grid)
    _label_heads(ax, grid)


def _label_columns(ax: Axes, grid: Grid) -> None:
    style: dict[str, Any] = {"fontproperties": grid.font, "parse_math": False, "color": INK}
    style |= {"rotation": 60, "ha": "left", "va": "center", "rotation_mode": "anchor"}
    ax.set_xticks(grid.columns["place"], grid.columns["label"], **style)
    kinds = grid.columns[grid.columns["new"]]
    style["fontproperties"] = embolden(grid.font)
    ax.set_xticks(
        kinds["place"] - kinds["size"] / 2 - kinds["gap"] / 2, kinds["group"], minor=True, **style
    )


def _label_rows(ax: Axes, grid: Grid) -> None:
    style: dict[str, Any] = {"parse_math": False, "color": INK, "ha": "left", "va": "center"}
    style |= {"linespacing": LINE}
    ax.yaxis.remove_overlapping_locs = False
    ax.set_yticks(grid.rows["place"], grid.rows["label"], fontproperties=grid.font, **style)
    groups = grid.rows[grid.rows["new"]]
    middle = groups["place"] - groups["size"] / 2 + groups["group"].map(count_rows) / 2
    bold = embolden(grid.font)
    ax.set_yticks(middle, groups["group"], minor=True, fontproperties=bold, **style)
    condition, question, _ = grid.widths
    ax.tick_params(axis="y", pad=question)
    ax.tick_params(axis="y", which="minor", pad=question + condition)


def _label_heads(ax: Axes, grid: Grid) -> None:
    """Name the columns of labels in the line above the first row."""
    style: dict[str, Any] = {"color": PALE_INK, "fontsize": SIZE, "va": "baseline"}
    group, question, _ = grid.widths
    for axis, text, align, x in (
        (ax.xaxis, "source", "right", -PAD),
        (ax.yaxis, "question", "left", -question),
    ):
        corner = ScaledTranslation(x / 72, 4 / 72, ax.figure.dpi_scale_trans)
        axis.set_label_text(text, rotation=0, ha=align, **style)
        axis.set_label_coords(0, 1, ax.transAxes + corner)
    if group > 0:
        ax.annotate(
            grid.by, (0, 0), xytext=(-question - group, 4), textcoords="offset points",
            annotation_clip=False, **style,
        )  # fmt: skip


def _draw_rules(ax: Axes, grid: Grid) -> None:
    """Rule the empty cells, so that the eye finds its way along rows and columns."""
    across, down = _find_runs(grid.columns), _find_runs(grid.rows)
    lines = [[(edges[0], y), (edges[-1], y)] for run in down for y in run for edges in across]
    lines += [[(x, edges[0]), (x, edges[-1])] for run in across for x in run for edges in down]
    rules = LineCollection(lines, colors=RULE, linewidths=0.5, zorder=0.5, clip_on=False)
    ax.add_collection(rules, autolim=False)
    if grid.columns["new"].any():
        tops = [[(run[0], 0), (run[-1], 0)] for run in across]
        kinds = LineCollection(tops, colors=PALE_INK, linewidths=1.5, zorder=3, clip_on=False)
        ax.add_collection(kinds, autolim=False)


def _draw_bands(ax: Axes, grid: Grid) -> None:
    """Tint questions and verdicts where claims clash, so that the eye finds them first."""
    group, question, wide = grid.widths
    beside = wide - group - question - grid.shape[0] * WIDTH * 72
    grave = grid.rows[grid.rows["grave"]]
    tops, heights = grave["place"] - grave["size"] / 2, grave["size"]
    points = Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans
    for edge, left, right in ((0, -question - PAD / 2, -PAD / 2), (1, PAD / 2, beside)):
        boxes = [
            [(left, top), (right, top), (right, top + height), (left, top + height)]
            for top, height in zip(tops, heights, strict=True)
        ]
        across = points + ScaledTranslation(edge, 0, cast(Affine2DBase, ax.transAxes))
        place = blended_transform_factory(across, ax.transData)
        bands = PolyCollection(
            boxes, facecolors=TINT, linewidths=0, zorder=0.2, transform=place, clip_on=False
        )
        ax.add_collection(bands, autolim=False)


def _find_runs(labels: pd.DataFrame) -> list[list[float]]:
    """Find the edges between the labels of each group, its start and its end included."""
    starts, ends = labels["place"] - labels["size"] / 2, labels["place"] + labels["size"] / 2
    groups = labels["new"].cumsum()
    return [[starts[run.index[0]], *run] for _, run in ends.groupby(groups)]


def _divide(cell: Any) -> list[tuple[_Corners, str, str]]:
    if cell.contradicts:
        return [(_UPPER, cell.highest, "-highest"), (_LOWER, cell.lowest, "-lowest")]
    return [(_WHOLE, cell.level, "")]


def _draw_cell(ax: Axes, cell: Any, corners: _Corners, look: tuple[str, str, str]) -> None:
    colour, sign, part = look
    divided, first = cell.contradicts, cell.claim_ids[0]
    points = [(cell.left + x * cell.width, cell.top + y * cell.height) for x, y in corners]
    url, gid = link_claim(first), f"matrix-{first}{part}"
    ax.add_patch(
        Polygon(
            points, facecolor=colour, edgecolor=INK if divided else "white", linewidth=1,
            joinstyle="round", zorder=1.5 if divided else 1, url=url, gid=gid,
        )
    )  # fmt: skip
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    ax.text(
        x, y, sign, size=SIZE - 2 * divided, weight="bold", color=choose_ink(colour),
        ha="center", va="center_baseline", parse_math=False, url=url, gid=f"{gid}-sign",
    )  # fmt: skip


def _draw_verdicts(ax: Axes, grid: Grid) -> None:
    right = grid.shape[0]
    style: dict[str, Any] = {"textcoords": "offset points", "annotation_clip": False}
    style |= {"parse_math": False, "size": SIZE}
    ax.annotate("verdict", (right, 0), xytext=(PAD, 4), color=PALE_INK, **style)
    for place, verdict in zip(grid.rows["place"], grid.rows["verdict"], strict=True):
        grave = verdict.endswith(VERDICTS[:2])
        ax.annotate(
            verdict, (right, place), xytext=(PAD, 0), va="center",
            weight="bold" if grave else "normal", color=INK if grave else PALE_INK, **style,
        )  # fmt: skip


def _write_page(questions: pd.DataFrame, grid: Grid) -> list[str]:
    """Write which part of a matrix this is, broken into lines; nothing where it is all of it."""
    if "page" not in questions or questions.empty:
        return []
    return wrap_text(questions["page"].iloc[0], grid.font, width=grid.widths[2] - PAD)


def _draw_key(ax: Axes, grid: Grid, vocabulary: Vocabulary, page: str) -> None:
    entries = _list_key(grid, vocabulary)
    columns, _ = fit_columns(entries, grid.font, width=grid.widths[2])
    colours = find_colours(vocabulary)
    levels = choose_levels(vocabulary)
    handles: list[Any] = [Patch(facecolor=colours[level]) for level in levels]
    if grid.cells["contradicts"].any():
        ends = (levels[0], levels[-1])
        handles += [tuple(Patch(facecolor=colours[level], edgecolor=INK) for level in ends)]
    handles += [Patch(facecolor="white", edgecolor=RULE)]
    start = ScaledTranslation(-sum(grid.widths[:2]) / 72, -6 / 72, ax.figure.dpi_scale_trans)
    legend = ax.legend(
        handles, entries, ncols=columns, loc="upper left",
        bbox_to_anchor=(0, 0), bbox_transform=ax.transAxes + start, borderaxespad=0, borderpad=0,
        frameon=False, prop=grid.font, handler_map={tuple: HandlerTuple(None, pad=0)},
        handlelength=1.6, columnspacing=1.5, labelspacing=0.35, handletextpad=0.5,
        title=page or None, title_fontproperties=grid.font, alignment="left",
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def _list_key(grid: Grid, vocabulary: Vocabulary) -> list[str]:
    divided = ["contradicts itself"] if grid.cells["contradicts"].any() else []
    return [*write_key(vocabulary), *divided, "not addressed"]
