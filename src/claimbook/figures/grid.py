"""The lay-out of the stance matrix: labels broken into lines, and where each row, column is."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.lettering import LINE, embolden, find_font, measure_width, wrap_text
from claimbook.figures.style import VERDICT_SIGNS
from claimbook.measures.stances import order_sources

SIZE: Final = 8.0
WIDTH: Final = 0.27
HEIGHT: Final = 0.24
PAD: Final = 8.0
KIND_NAMES: Final = {
    "article": "articles",
    "guideline": "guidelines",
    "review": "reviews",
    "trial": "trials",
    "other study": "other studies",
    "": "kind not given",
}
_SPARE: Final = 0.09
_BREAK: Final = 0.3
_SLANTED: Final = LINE * SIZE / 72 / WIDTH / 0.866
_WIDEST: Final = {"group": 120.0, "question": 190.0, "source": 140.0}


class Grid(NamedTuple):
    """
    Where everything in the matrix stands: across in sources, down in rows of one line.

    Attributes
    ----------
    rows, columns : DataFrame, one row per question or source
        ``label``; ``group``, the condition (or what else they are grouped by) or kind where it
        begins, else empty, and ``new``, whether it does; ``gap`` (before it), ``size`` and
        ``place`` (of its middle); rows also ``verdict`` with its sign and ``grave``, whether
        sources or claims clash, columns ``source``.
    cells : DataFrame, one row per stance shown
        The stance with ``left``, ``top``, ``width`` and ``height``.
    shape : (columns, rows)
        How far all of it reaches.
    widths : (groups, questions, all)
        Of the two columns of labels and of everything from left to right, in points.
    by : str
        What rows are grouped by: a facet.
    font : FontProperties
        Of the labels.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    cells: pd.DataFrame
    shape: tuple[float, float]
    widths: tuple[float, float, float]
    by: str
    font: FontProperties


def build_grid(
    stances: pd.DataFrame,
    questions: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    sources: pd.DataFrame | None = None,
) -> Grid:
    """
    Lay out the matrix of stances.

    Parameters
    ----------
    stances, questions, vocabulary, sources
        As for `plot_matrix`.

    Returns
    -------
    grid : Grid
        Rows in the order of the questions, columns by kind.

    Examples
    --------
    >>> question = {"condition": "pain", "intervention": "massage", "aspect": "sleep"}
    >>> stances = pd.DataFrame([question | {"source": "spa", "level": "for"}])
    >>> questions = pd.DataFrame([question | {"verdict": "single source"}])
    >>> build_grid(stances, questions, Vocabulary()).rows["label"].tolist()
    ['massage · sleep']
    """
    numbered = questions[list(FACETS)].assign(number=range(len(questions)))
    cells = stances.merge(numbered, on=list(FACETS))
    ordered = order_sources(cells["source"], sources)
    words = (*ordered.to_numpy().ravel(), *vocabulary.table["label"])
    font = find_font([*words, *questions[list(FACETS)].to_numpy().ravel()], size=SIZE)
    by = next(column for column in questions if column in FACETS)
    rows, columns = _list_rows(questions, vocabulary, by, font), _list_columns(ordered, font)
    number = cells["number"].to_numpy(dtype=int)
    column = pd.Index(columns["source"]).get_indexer(pd.Index(cells["source"]))
    height = rows["size"].to_numpy()[number]
    cells = cells.assign(
        left=(columns["place"] - columns["size"] / 2).to_numpy()[column],
        width=columns["size"].to_numpy()[column],
        top=rows["place"].to_numpy()[number] - height / 2,
        height=height,
    )
    shape = (_find_end(columns), _find_end(rows))
    return Grid(rows, columns, cells, shape, _measure_grid(rows, columns, by, font), by, font)


def _list_rows(
    questions: pd.DataFrame, vocabulary: Vocabulary, by: str, font: FontProperties
) -> pd.DataFrame:
    named = {
        facet: [vocabulary.describe(facet, term)[0] for term in questions[facet]]
        for facet in FACETS
    }
    groups = named.pop(by)
    labels = [
        _wrap(" · ".join(terms), font, "question") for terms in zip(*named.values(), strict=True)
    ]
    new = questions[by].ne(questions[by].shift()).to_numpy()
    groups = [
        _wrap(name, embolden(font), "group") if first else ""
        for name, first in zip(groups, new, strict=True)
    ]
    verdicts = [f"{VERDICT_SIGNS.get(name, '')} {name}".strip() for name in questions["verdict"]]
    grave = questions["verdict"].isin(VERDICTS[:2]).to_numpy()
    rows = pd.DataFrame({"label": labels, "group": groups}, dtype="str")
    rows = rows.assign(new=new, verdict=verdicts, grave=grave, gap=_BREAK * new)
    return _place(rows.assign(size=_make_room(rows)))


def _wrap(text: str, font: FontProperties, name: str) -> str:
    return "\n".join(wrap_text(text, font, width=_WIDEST[name]))


def _make_room(rows: pd.DataFrame) -> np.ndarray:
    """Make rows high enough for their labels, the last of a group also for its name."""
    sizes, named = (
        np.array([count_rows(label) for label in rows[name]]) for name in ("label", "group")
    )
    groups = rows["new"].cumsum().to_numpy() - 1
    lacking = named[rows["new"].to_numpy(dtype=bool)] - np.bincount(groups, weights=sizes)
    last = np.append(groups[1:] != groups[:-1], True)[: len(groups)]
    sizes[last] += np.maximum(lacking, 0)
    return sizes


def count_rows(label: str) -> float:
    """
    Count how many rows of one line a label takes.

    Parameters
    ----------
    label : str
        Broken into lines.

    Returns
    -------
    rows : float
        At least 1.

    Examples
    --------
    >>> count_rows("massage · sleep")
    1.0
    """
    return max(1.0, ((label.count("\n") + 1) * LINE * SIZE / 72 + _SPARE) / HEIGHT)


def _list_columns(ordered: pd.DataFrame, font: FontProperties) -> pd.DataFrame:
    labels = [_wrap_source(source, font) for source in ordered["source"]]
    sizes = [max(1.0, (label.count("\n") + 1) * _SLANTED) for label in labels]
    new = ordered["kind"].ne(ordered["kind"].shift()) & bool((ordered["kind"] != "").any())
    groups = ordered["kind"].map(lambda kind: KIND_NAMES.get(kind, kind)).where(new, "")
    columns = ordered.assign(label=labels, group=groups, new=new, size=sizes)
    return _place(columns.assign(gap=new.astype("float")))


def _wrap_source(source: str, font: FontProperties) -> str:
    """Break a name that is too long for one line into two of about the same length."""
    width = measure_width(source, font)
    return (
        source
        if width <= _WIDEST["source"]
        else "\n".join(wrap_text(source, font, width=width * 0.6))
    )


def _place(labels: pd.DataFrame) -> pd.DataFrame:
    ends = (labels["gap"] + labels["size"]).cumsum()
    return labels.assign(place=ends - labels["size"] / 2)


def _find_end(labels: pd.DataFrame) -> float:
    return float((labels["gap"] + labels["size"]).sum())


def _measure_grid(
    rows: pd.DataFrame, columns: pd.DataFrame, by: str, font: FontProperties
) -> tuple[float, float, float]:
    """Measure the groups, the questions, and all with cells and verdicts, in points."""
    bold = embolden(font)
    group = measure_labels([*rows["group"], by], bold) + 1.5 * PAD
    question = measure_labels([*rows["label"], "question source  "], font) + PAD
    beside = measure_labels(rows["verdict"], bold) + PAD
    beside = max(beside, measure_labels(columns["label"], font) / 2)
    return group, question, group + question + _find_end(columns) * WIDTH * 72 + beside


def measure_labels(labels: Iterable[str], font: FontProperties) -> float:
    """
    Measure the widest line of some labels.

    Parameters
    ----------
    labels : iterable of str
        Broken into lines.
    font : FontProperties
        Family, weight and size.

    Returns
    -------
    width : float
        In points; 0 where there are no labels.

    Examples
    --------
    >>> measure_labels([], find_font([], size=8))
    0.0
    """
    lines = (line for label in labels for line in label.split("\n"))
    return max((measure_width(line, font) for line in lines), default=0.0)
