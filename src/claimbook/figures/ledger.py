"""The lay-out of the firmness figure: a line for each verdict, and what would turn it."""

from typing import Any, Final, NamedTuple

import pandas as pd
from matplotlib.font_manager import FontProperties

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.lettering import (
    LINE,
    embolden,
    find_font,
    measure_width,
    wrap_text,
)
from claimbook.figures.style import VERDICT_SIGNS, name_sides

SIZE: Final = 8.0
PAD: Final = 6.0
CELL: Final = 24.0
CODES: Final = 46.0
HEAD: Final = 24.0
_SPARE: Final = 7.0
_WIDEST: Final = 170.0
_MOST_NAMED: Final = 3
_HINTED: Final = 1.05
_MEANINGS: Final = {
    "conflict": "It ends once a side has no claim left.",
    "self-contradiction": "It ends once its source keeps to a side, or another takes one.",
    "qualify": "It ends once all share a level, or two take opposite sides.",
    "agree": "Any claim coded to another level ends it.",
    "single source": "It can only become a self-contradiction.",
}


class Ledger(NamedTuple):
    """
    Where everything stands, in points from the left and down from the top.

    Attributes
    ----------
    rows : DataFrame, one row per question
        The verdicts, with ``label``, ``loss`` (what leaving one source out does) and ``fold``
        (the verdict on three levels), broken into lines, ``top`` and ``height``.
    heads : DataFrame, one row per verdict
        ``title``, ``text`` and ``top``.
    edges : dict of float
        Left edge of each column: ``codes``, ``sides``, ``loss``, ``fold``, and ``end``.
    sides : dict of str
        Those that the scale has, from left to right.
    note : str
        Which rows are shown, where that is not all.
    height : float
        Of everything.
    font : FontProperties
        Of the text.
    """

    rows: pd.DataFrame
    heads: pd.DataFrame
    edges: dict[str, float]
    sides: dict[int, str]
    note: str
    height: float
    font: FontProperties


def build_ledger(
    verdicts: pd.DataFrame, vocabulary: Vocabulary, *, width: float, most: int, page: int
) -> Ledger:
    """
    Lay out the firmness figure.

    Parameters
    ----------
    verdicts, vocabulary, most, page
        As for `plot_firmness`.
    width : float
        Of everything, in inches.

    Returns
    -------
    ledger : Ledger
        Rows in the order of the verdicts, under a heading wherever the verdict changes.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> from claimbook.measures.robustness import order_verdicts
    >>> claims = pd.DataFrame({"claim_id": list("ab"), "source": list("ab"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against"]})
    >>> verdicts, _ = order_verdicts(claims, Vocabulary())
    >>> ledger = build_ledger(verdicts, Vocabulary(), width=7.5, most=9, page=1)
    >>> ledger.rows[["label", "loss"]].values.tolist()
    [['back pain · massage · use', 'either: single source']]
    """
    chosen, note = choose_rows(verdicts, most, page)
    labels = [_name_question(row, vocabulary) for row in chosen[list(FACETS)].itertuples()]
    losses = [_write_loss(row) for row in chosen.itertuples()]
    folds = [
        _sign(fold) if fold != verdict else "the same"
        for fold, verdict in zip(chosen["folded"], chosen["verdict"], strict=True)
    ]
    font = find_font([*labels, *losses, *folds], size=SIZE)
    sides = name_sides(vocabulary)
    edges = _find_edges((labels, losses, folds), font, (width * 72, len(sides)))
    wide = ((edges["codes"] - 2 * PAD) / _HINTED, (edges["fold"] - edges["loss"] - PAD) / _HINTED)
    rows = chosen.assign(
        label=_wrap_all(labels, font, wide[0]), loss=_wrap_all(losses, font, wide[1]), fold=folds
    ).astype({"label": "str", "loss": "str", "fold": "str"})
    rows, heads, height = _stack(rows, verdicts)
    return Ledger(rows, heads, edges, sides, note, height, font)


def choose_rows(verdicts: pd.DataFrame, most: int, page: int) -> tuple[pd.DataFrame, str]:
    """
    Choose the verdicts that stand on a page.

    Parameters
    ----------
    verdicts, most, page
        As for `plot_firmness`.

    Returns
    -------
    chosen : DataFrame, one row per question
        The verdicts on this page, in their order.
    note : str
        Which they are; empty where one page holds all.

    Raises
    ------
    ValueError
        If there is no such page.

    Examples
    --------
    >>> choose_rows(pd.DataFrame({"verdict": ["conflict", "agree"]}), 1, 2)[1]
    'Page 2 of 2. Questions: 2 to 2 of 2.'
    """
    number = len(verdicts)
    pages = max(-(-number // max(most, 1)), 1)
    if most < 1 or not 1 <= page <= pages:
        raise ValueError(f"no page {page} with at most {most} rows: there are {pages} pages")
    first, last = (page - 1) * most, min(page * most, number)
    note = f"Page {page} of {pages}. Questions: {first + 1} to {last} of {number}."
    return verdicts.iloc[first:last].reset_index(drop=True), note if pages > 1 else ""


def _name_question(terms: Any, vocabulary: Vocabulary) -> str:
    named = (vocabulary.describe(facet, getattr(terms, facet))[0] for facet in FACETS)
    return " · ".join(named)


def _sign(verdict: str) -> str:
    """Write the sign of a verdict before it; the dot of a single source says nothing here."""
    if verdict == VERDICTS[-1]:
        return verdict
    return f"{VERDICT_SIGNS.get(verdict, '')} {verdict}".strip()


def _write_loss(row: Any) -> str:
    """Write which sources turn the verdict by being left out, and into what."""
    by_verdict: dict[str, list[str]] = {}
    for source, without in row.turns:
        by_verdict.setdefault(without, []).append(source)
    parts = []
    for without, names in by_verdict.items():
        rest = len(names) - _MOST_NAMED
        named = ", ".join(names[:_MOST_NAMED]) + (f" or {rest} more" if rest > 0 else "")
        named = "either" if row.sources == len(names) == 2 else named
        parts.append(f"{named}: {_sign(without)}")
    return "; ".join(parts)


def _wrap_all(texts: list[str], font: FontProperties, width: float) -> list[str]:
    return ["\n".join(wrap_text(text, font, width=width)) for text in texts]


def _find_edges(
    texts: tuple[list[str], list[str], list[str]], font: FontProperties, room: tuple[float, int]
) -> dict[str, float]:
    """Give verdicts the room that they need, and questions that which the sources leave."""
    labels, losses, folds = texts
    width, sides = room
    bold = embolden(font)
    label, loss = (
        max((measure_width(text, font) for text in part), default=0.0) * _HINTED
        for part in (labels, losses)
    )
    fold = max((measure_width(text, bold) for text in (*folds, "on three levels")), default=0.0)
    last = width - fold * _HINTED
    between = CODES + CELL * sides + 5 * PAD
    label = min(label, max(last - between - loss, _WIDEST))
    codes = label + 2 * PAD
    return {
        "codes": codes,
        "sides": codes + CODES,
        "loss": codes + CODES + CELL * sides + 2 * PAD,
        "fold": last,
        "end": width,
    }


def _stack(rows: pd.DataFrame, verdicts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Stack the rows, with a heading before the first of each verdict."""
    breaks = rows[["label", "loss"]].map(lambda text: text.count("\n")).max(axis=1)
    height = (breaks.to_numpy(dtype=float) + 1) * SIZE * LINE + _SPARE
    new = rows["verdict"].ne(rows["verdict"].shift()).to_numpy()
    tops = (height + HEAD * new).cumsum() - height
    number = verdicts["verdict"].value_counts()
    begins = rows["verdict"][new]
    one = verdicts["verdict"][verdicts["one_code"]].value_counts()
    titles = [_sign(name) for name in begins]
    texts = [
        f"One code decides {one.get(name, 0)} of {number[name]}. {_MEANINGS.get(name, '')}".strip()
        for name in begins
    ]
    heads = pd.DataFrame({"title": titles, "text": texts, "top": tops[new] - HEAD})
    total = float(tops[-1] + height[-1]) if len(rows) else SIZE * LINE
    return rows.assign(top=tops, height=height), heads, total
