"""How firm the verdicts stand: what one claim coded otherwise or one source fewer would do."""

from typing import Any, Final

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.ledger import (
    CELL,
    CODES,
    PAD,
    SIZE,
    Ledger,
    build_ledger,
    choose_rows,
)
from claimbook.figures.lettering import LINE, embolden, find_room, measure_width, write_count
from claimbook.figures.style import INK, PALE_INK, RULE, link_claim

_FULL_WIDTH: Final = 7.5
_MOST_NAMED: Final = 5
_MOST: Final = 40
_MARK: Final = 13.0
_DROP: Final = 0.36
_NOTHING: Final = "No verdict to show"
_NEVER: Final = "–"
_SIDES: Final = {-1: "against", 0: "uncertain", 1: "for"}
_TINTS: Final = {-1: "#fbdcb4", 0: "#e4e4e4", 1: "#d5cfe6"}
_MEANING: Final = "\u2003".join(
    ("● one claim coded otherwise turns the verdict", "○ it takes more", "□ the weaker side")
)


def plot_firmness(
    verdicts: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    most: int = _MOST,
    page: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw on how little each verdict hangs: a line for each question.

    First the fewest claims that would have to be coded otherwise to turn the verdict, in a full
    circle where it is one, in an open circle where more. Then how many claims stand on each
    side; those of a conflict that are the fewest to recode have a frame. Then which sources turn
    the verdict by being left out, and into what; then the verdict on three levels, where that is
    another.

    Parameters
    ----------
    verdicts : DataFrame, one row per question
        As `order_verdicts` returns them. Drawn in this order, headed wherever the verdict changes.
    vocabulary : Vocabulary
        The sides of its scale, and the labels of terms.
    most : int
        How many questions are drawn on a page.
    page : int
        Which page, from 1. Where there are several the figure says which it is.
    ax : Axes or None
        Where to draw; the current Axes if None. Its figure should be of `size_firmness`.

    Returns
    -------
    ax : Axes
        The same. A circle links to the first of the claims that decide, a count to the first
        that it counts; their gids are ``firmness-``, the id of the question's first claim and
        ``-recodings``, or the id of the claim linked to.

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
    >>> figure = plt.figure(figsize=size_firmness(verdicts, Vocabulary()), layout="constrained")
    >>> ax = plot_firmness(verdicts, Vocabulary(), ax=figure.subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "firmness-a-recodings"]
    ['1']
    """
    ax = plt.gca() if ax is None else ax
    ledger = build_ledger(verdicts, vocabulary, width=find_room(ax), most=most, page=page)
    _draw_axes(ax, ledger)
    if ledger.rows.empty:
        return ax
    _draw_heads(ax, ledger)
    for row in _list_rows(ledger.rows):
        _draw_words(ax, ledger, row)
        _draw_mark(ax, ledger, row)
        for place, sign in enumerate(ledger.sides):
            _draw_count(ax, ledger, row, (place, sign, _SIDES[sign]))
    return ax


def size_firmness(
    verdicts: pd.DataFrame, vocabulary: Vocabulary, *, most: int = _MOST, page: int = 1
) -> tuple[float, float]:
    """
    Give the size of a figure that holds the firmness of the verdicts.

    Parameters
    ----------
    verdicts, vocabulary, most, page
        As for `plot_firmness`.

    Returns
    -------
    size : (width, height)
        In inches, for a figure with constrained layout. The width is always the same.

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
    >>> size_firmness(order_verdicts(claims, Vocabulary())[0], Vocabulary())[0]
    7.5
    """
    ledger = build_ledger(verdicts, vocabulary, width=_FULL_WIDTH - 0.1, most=most, page=page)
    if ledger.rows.empty:
        return 3.0, 0.6
    lines = 1 + bool(ledger.note)
    return _FULL_WIDTH, round((ledger.height + 34 + lines * SIZE * LINE) / 72 + 0.1, 2)


def describe_firmness(verdicts: pd.DataFrame, *, most: int = _MOST, page: int = 1) -> str:
    """
    Say in words how firm the verdicts stand, for those who do not see the figure.

    Parameters
    ----------
    verdicts, most, page
        As for `plot_firmness`.

    Returns
    -------
    description : str
        Of the questions on this page: verdict by verdict how many one code decides; then how
        many one source fewer would turn, and how many are others on three levels; then the first
        conflicts that one code decides. Where there are several pages, which one this is.

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
    >>> describe_firmness(order_verdicts(claims, Vocabulary())[0])[:52]
    '1 verdict. One code decides: conflict 1 of 1. One so'
    """
    shown, note = choose_rows(verdicts, most, page)
    return f"{_describe(shown)} {note}".strip()


def _describe(verdicts: pd.DataFrame) -> str:
    counts = verdicts["verdict"].value_counts()
    one = verdicts["verdict"][verdicts["one_code"]].value_counts()
    named = [f"{name} {one.get(name, 0)} of {counts[name]}" for name in VERDICTS if name in counts]
    text = f"{write_count(len(verdicts), 'verdict')}."
    if not named:
        return text
    turned = int((verdicts["turns"].map(len) > 0).sum())
    folded = int((verdicts["folded"] != verdicts["verdict"]).sum())
    text += f" One code decides: {', '.join(named)}. One source fewer turns {turned}; "
    text += f"three levels in place of all turn {folded}."
    frail = verdicts[verdicts["one_code"] & (verdicts["verdict"] == VERDICTS[0])]
    terms = frail[list(FACETS)].head(_MOST_NAMED).to_numpy().tolist()
    named = ["; ".join(map(", ".join, terms)) + "; …" * (len(frail) > _MOST_NAMED)]
    return text + (f" Conflicts that one code decides: {named[0]}." if terms else "")


def _list_rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _draw_axes(ax: Axes, ledger: Ledger) -> None:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if ledger.rows.empty:
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.text(0.5, 0.5, _NOTHING, ha="center", va="center", color=PALE_INK)
        return
    ax.set(xlim=(0, find_room(ax) * 72), ylim=(ledger.height, 0))
    note = f"{_MEANING}\n{ledger.note}".strip()
    ax.set_xlabel(note, color=PALE_INK, fontsize=SIZE, linespacing=LINE)


def _draw_heads(ax: Axes, ledger: Ledger) -> None:
    """Name the columns above them, and each verdict before its rows."""
    style: dict[str, Any] = {"size": SIZE, "color": PALE_INK, "parse_math": False}
    above = style | {"textcoords": "offset points", "annotation_clip": False, "linespacing": 1.1}
    columns = {
        "codes": (CODES / 2 - PAD, "claims to\nrecode", "center"),
        "loss": (0.0, "without one source", "left"),
        "fold": (0.0, "on three levels", "left"),
    }
    for column, (shift, title, align) in columns.items():
        x = ledger.edges[column] + shift
        ax.annotate(title, (x, 0), xytext=(0, 2), ha=align, va="bottom", **above)
    for place, side in enumerate(ledger.sides.values()):
        x = ledger.edges["sides"] + (place + 0.5) * CELL
        slanted = above | {"rotation": 60, "rotation_mode": "anchor"}
        ax.annotate(side, (x, 0), xytext=(0, 4), ha="left", va="center", **slanted)
    ax.annotate("question", (0, 0), xytext=(0, 2), va="bottom", **above)
    for title, text, top in ledger.heads.itertuples(index=False, name=None):
        y = top + PAD + 12
        ax.hlines(top + PAD, 0, ledger.edges["end"], color=PALE_INK, linewidth=0.6)
        ax.text(0, y, title, weight="bold", va="baseline", **style | {"color": INK})
        room = ledger.edges["end"] - measure_width(text, ledger.font) - 2 * PAD
        x = min(ledger.edges["codes"] - PAD, room)
        ax.text(x, y, text, va="baseline", in_layout=False, **style)


def _draw_words(ax: Axes, ledger: Ledger, row: dict[str, Any]) -> None:
    """Write the question, what one source fewer does, and the verdict on three levels."""
    y = row["top"] + row["height"] / 2
    turned = row["folded"] != row["verdict"]
    style: dict[str, Any] = {"linespacing": LINE, "parse_math": False, "in_layout": False}
    trivial = not row["turns"] or row["sources"] == len(row["turns"]) == 2
    plain, bold = ledger.font, embolden(ledger.font)
    for x, text, font, pale in (
        (0.0, row["label"], plain, False),
        (ledger.edges["loss"], row["loss"] or "the same", plain, trivial),
        (ledger.edges["fold"], row["fold"], bold if turned else plain, not turned),
    ):
        lines = "\n" in text
        style["va"] = "center" if lines else "baseline"
        style["color"] = PALE_INK if pale else INK
        ax.text(x, y + _DROP * SIZE * (not lines), text, fontproperties=font, **style)
    bottom = row["top"] + row["height"]
    ax.hlines(bottom, 0, ledger.edges["end"], color=RULE, linewidth=0.5, zorder=0.5)


def _draw_mark(ax: Axes, ledger: Ledger, row: dict[str, Any]) -> None:
    """Draw how many claims would have to be recoded: a full circle for one, an open for more."""
    x, y = ledger.edges["codes"] + CODES / 2 - PAD, row["top"] + row["height"] / 2
    ids = (*row["for"], *row["uncertain"], *row["against"])
    name, link = f"firmness-{ids[0]}-recodings", link_claim(row["decisive"][0])
    known = row["recodings"] == row["recodings"]
    number = f"{row['recodings']:.0f}" if known else _NEVER
    if known:
        ax.plot(
            [x], [y], linestyle="none", marker="o", markersize=_MARK, markeredgewidth=1,
            markeredgecolor=INK, markerfacecolor=INK if row["one_code"] else "white",
            url=link, gid=f"{name}-mark",
        )  # fmt: skip
    ax.text(
        x, y, number, ha="center", va="center_baseline", size=SIZE, weight="bold",
        color="white" if row["one_code"] else INK, url=link, gid=name,
    )  # fmt: skip


def _draw_count(ax: Axes, ledger: Ledger, row: dict[str, Any], place: tuple[int, int, str]) -> None:
    """Write how many claims stand on a side, framed where they are those that decide."""
    column, sign, side = place
    ids = row[side]
    if not ids:
        return
    x, y = ledger.edges["sides"] + column * CELL, row["top"] + row["height"] / 2
    weaker = min(len(row["for"]), len(row["against"])) == row["recodings"] == len(ids)
    framed = weaker and side != "uncertain" and row["verdict"] in VERDICTS[:2]
    link, gid = link_claim(ids[0]), f"firmness-{ids[0]}"
    ax.add_patch(
        Rectangle(
            (x + 1.5, y - 6), CELL - 3, 12, facecolor=_TINTS[sign], url=link, gid=gid,
            edgecolor=INK if framed else "none", linewidth=1.2 * framed,
        )
    )  # fmt: skip
    ax.text(
        x + CELL / 2, y, str(len(ids)), ha="center", va="center_baseline", size=SIZE, color=INK,
        url=link, gid=f"{gid}-count",
    )  # fmt: skip
