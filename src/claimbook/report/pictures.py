"""A figure as a picture in a page: what it shows in words and in numbers, its marks as links."""

import hashlib
from typing import Any, Final

from markupsafe import Markup

from claimbook.figures.figure import Figure
from claimbook.figures.layout import INCH
from claimbook.report.html import Section, render

# with more links than this, a way past them is offered to those who go from link to link
_MANY_LINKS: Final = 20
# a figure on a narrow screen is scrolled, not made smaller than this part of its size
_LEAST_SIZE: Final = 0.8
_MOST_PAGES: Final = 4
# where the page says nothing of its own
_COLOURS: Final = "color:var(--ink,#222222);background:var(--paper,#ffffff)"


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
    """List the cells of a figure's table as people read them: sources by their labels."""
    numbers, labels = figure.table, figure.collection.labels
    numbers = numbers.reset_index(drop=numbers.index.name is None)
    numbers = numbers.drop(columns=["claim_ids", "page"], errors="ignore")
    for column in {"source", "cited_study", "source_a", "source_b"} & {*numbers}:
        numbers[column] = numbers[column].map(lambda key: labels.get(key, key))
    rows = [
        [", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell) for cell in row]
        for row in numbers.itertuples(index=False)
    ]
    return {"heads": list(map(str, numbers)), "rows": rows, "name": figure.title.rstrip(".")}
