"""A figure as a picture in a page: what it shows in words and in numbers, its marks as links."""

from typing import Any, Final

import matplotlib.figure as mpl
import pandas as pd
from markupsafe import Markup

from claimbook.figures.figure import Figure
from claimbook.report.html import Section, render
from claimbook.report.svg import write_drawing

# with more links than this, a way past them is offered to those who go from link to link
_MANY_LINKS: Final = 20
# a figure on a narrow screen is scrolled, not made smaller than this part of its size
_LEAST_SIZE: Final = 0.8
_MOST_PAGES: Final = 4


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
    rest = figure.pages - _MOST_PAGES
    more = f" Further pages, not shown here: {rest}." if rest > 0 else ""
    return Section("\n").join(
        show_drawing(
            figure.draw(page),
            alt=figure.describe(page) + more,
            name=figure.name if page == 1 else f"{figure.name}-{page}",
            numbers=_name_sources(figure) if page == 1 else None,
        )
        for page in range(1, min(figure.pages, _MOST_PAGES) + 1)
    )


def _name_sources(figure: Figure) -> pd.DataFrame:
    """Give the numbers of a figure as people read them: sources by their labels."""
    numbers, labels = figure.table, figure.collection.labels
    numbers = numbers.reset_index(drop=numbers.index.name is None)
    numbers = numbers.drop(columns=["claim_ids", "page"], errors="ignore")
    named = {
        column: numbers[column].map(lambda key: labels.get(key, key))
        for column in numbers.columns.intersection(
            ["source", "cited_study", "source_a", "source_b"]
        )
    }
    return numbers.assign(**named)


def show_drawing(
    drawing: mpl.Figure, *, alt: str, name: str, numbers: pd.DataFrame | None = None
) -> Section:
    """
    Show any figure of matplotlib as `show_figure` shows ours.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure
        It is left as it is.
    alt : str
        What it shows, for those who do not see it; it stands below the figure.
    name : str
        What it is called.
    numbers : DataFrame, optional
        The numbers behind it, shown on demand.

    Returns
    -------
    section : Section
        The same bytes for the same figure.

    Raises
    ------
    ValueError
        If `alt` says nothing.

    Examples
    --------
    >>> "<figure" in show_drawing(mpl.Figure(), alt="nothing", name="empty")
    True
    """
    if not alt.strip():
        raise ValueError(f"figure {name!r}: alt is empty, expected what the figure shows, in words")
    key, svg = write_drawing(drawing, name=name)
    said = Markup('<svg role="group" aria-labelledby="{}-alt" style="min-width:{}pt"').format(
        key, f"{_LEAST_SIZE * 72 * drawing.get_figwidth():.0f}"
    )
    return render(
        "figure",
        key=key,
        name=name,
        alt=alt,
        svg=Markup(svg.replace("<svg", said, 1)),
        links=svg.count("<a "),
        many=_MANY_LINKS,
        numbers=None if numbers is None else _list_numbers(numbers, alt),
    )


def _list_numbers(numbers: pd.DataFrame, alt: str) -> dict[str, Any]:
    """List the cells of a table as text, and name it."""
    rows = [
        [", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell) for cell in row]
        for row in numbers.itertuples(index=False)
    ]
    return {
        "heads": list(map(str, numbers)),
        "rows": rows,
        "name": alt.partition(". ")[0].rstrip("."),
    }
