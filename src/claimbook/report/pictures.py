"""A figure as a picture in a page: what it shows in words and in numbers, its marks as links."""

import hashlib
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.words import SIDES
from claimbook.figures.figure import Figure
from claimbook.figures.layout import INCH
from claimbook.report.html import Section, render
from claimbook.report.wording import Names, capitalise, find_names

# with more links than this, a way past them is offered to those who go from link to link
_MANY_LINKS: Final = 20
# a figure on a narrow screen is scrolled, not made smaller than this part of its size
_LEAST_SIZE: Final = 0.8
_MOST_PAGES: Final = 4
# where the page says nothing of its own
_COLOURS: Final = "color:var(--ink,#222222);background:var(--paper,#ffffff)"

_HEADS: Final = {
    "claim_id": "key",
    "recommendation": "answer",
    "level": "answer",
    "levels": "answers",
    "contradicts": "contradicts itself",
    "recodings": "how many turn it",
    "one_code": "one is enough",
    "turning_sources": "without",
    "folded": "by side alone",
    "cited_study": "cites",
    "cited_part": "which is",
}
_STANDS: Final = {"at": "on it", "under": "narrower", "over": "broader", "across": "overlapping"}


def show_figure(figure: Figure) -> Section:
    """
    Show a figure as pictures made of text and lines, with what they show in words and numbers.

    Parameters
    ----------
    figure : claimbook.figures.figure.Figure
        As `claimbook.figure` makes it.

    Returns
    -------
    section : Section
        Its pages, of more than four the first; the same bytes for the same figure.

    Examples
    --------
    >>> from claimbook import figure, read_collection
    >>> "<svg" in show_figure(figure(read_collection("data"), "levels"))
    True
    """
    shown = range(1, min(figure.pages, _MOST_PAGES) + 1)
    return Section("\n").join(_show_page(figure, page) for page in shown)


def _show_page(figure: Figure, page: int) -> Section:
    """Show a page of a figure; its id has letters that tell it from others of its name."""
    svg, name = figure.svg(page), figure.name if page == 1 else f"{figure.name}-{page}"
    key = f"figure-{name}-{hashlib.sha256(svg.encode()).hexdigest()[:6]}"
    least = _LEAST_SIZE * figure.size(page)[0] / INCH
    looks = f'role="group" aria-labelledby="{key}-alt" style="min-width:{least:.0f}pt;{_COLOURS}"'
    rest = figure.pages - _MOST_PAGES
    return render(
        "figure",
        key=key,
        name=name,
        alt=figure.say(page) + (f" Further pages, not shown here: {rest}." if rest > 0 else ""),
        svg=Markup(svg.replace("<svg", f"<svg {looks}", 1)),
        links=svg.count("<a "),
        many=_MANY_LINKS,
        numbers=_list_numbers(figure) if page == 1 else None,
    )


def _list_numbers(figure: Figure) -> dict[str, Any]:
    """List the cells of a figure's table as people read them, in the collection's own words."""
    names, numbers = find_names(figure.collection), figure.table
    numbers = numbers.reset_index(drop=numbers.index.name is None)
    numbers = numbers.drop(columns=["claim_ids", "page"], errors="ignore")
    columns = [str(column) for column in numbers]
    rows = [
        [_say_cell(names, column, cell) for column, cell in zip(columns, row, strict=True)]
        for row in numbers.itertuples(index=False)
    ]
    heads = [capitalise(_name_column(names, column)) for column in columns]
    return {"heads": heads, "rows": rows, "name": figure.title.rstrip(".")}


def _name_column(names: Names, column: str) -> str:
    if column in (*FACETS, "source", "claim"):
        return names.nouns[column]
    if column in ("claims", "sources"):
        return names.nouns.many(column[:-1])
    if column in names.looks:
        return names.looks[column].answer
    return names.side(column) if column in SIDES else _HEADS.get(column, column.replace("_", " "))


def _say_cell(names: Names, column: str, cell: Any) -> str:
    """Say what stands in a cell: sources, terms, levels, sides and verdicts by their names."""
    if isinstance(cell, tuple):
        return ", ".join(_say_cell(names, column, part) for part in cell)
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return "" if np.isnan(cell) else f"{cell:g}"
    if column in ("source", "cited_study", "source_a", "source_b", "turning_sources"):
        return names.source(cell) if cell else ""
    if column in (*FACETS, "kind") and cell:
        return names.term(column, cell)
    if column in ("recommendation", "level", "levels") and cell in names.looks:
        return names.looks[cell].answer
    if column == "side" and cell in SIDES:
        return names.side(cell)
    if column in ("verdict", "folded") and cell in VERDICTS:
        return names.verdict(cell)
    return _STANDS.get(cell, cell) if column == "stands" else str(cell)
