"""A figure as a picture in a page: what it shows in words and in numbers, its marks as links."""

from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from claimbook.report.svg import write_drawing
from claimbook.report.wording import write_table

# with more links than this, a way past them is offered to those who go from link to link
_MANY_LINKS: Final = 20
# a figure on a narrow screen is scrolled, not made smaller than this part of its size
_LEAST_SIZE: Final = 0.8


def show_figure(
    figure: Figure, *, alt: str, name: str, numbers: pd.DataFrame | None = None
) -> HTML:
    """
    Show a figure as a picture made of text and lines, with what it shows in words and numbers.

    Parameters
    ----------
    figure : Figure
        Drawn; it is left as it is.
    alt : str
        What it shows, for those who do not see it; it stands below the figure.
    name : str
        A short key, unique in the page: it keeps the parts of several figures apart.
    numbers : DataFrame, optional
        The numbers behind it, shown on demand.

    Returns
    -------
    html : HTML
        The same bytes for the same figure.

    Raises
    ------
    ValueError
        If `alt` says nothing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> "<figure" in show_figure(Figure(), alt="nothing", name="empty").data
    True
    """
    if not alt.strip():
        raise ValueError(f"figure {name!r}: alt is empty, expected what the figure shows, in words")
    key = escape(f"figure-{name}")
    svg = write_drawing(figure, name=name)
    links = svg.count("<a ")
    past = f'<a class="skip" href="#{key}-alt">Skip the {links} links of the figure</a>'
    least = f"min-width:{_LEAST_SIZE * 72 * figure.get_figwidth():.0f}pt"
    said = f'role="group" aria-labelledby="{key}-alt" style="{least}"'
    svg = svg.replace("<svg", f"<svg {said}", 1)
    table = "" if numbers is None else _write_numbers(numbers, alt)
    return HTML(
        f'<figure id="{key}">{past if links > _MANY_LINKS else ""}'
        f'<div class="picture" tabindex="0" role="group" aria-label="Figure: {escape(name)}">'
        f'{svg}</div><figcaption id="{key}-alt">{escape(alt)}</figcaption>{table}</figure>'
    )


def _write_numbers(numbers: pd.DataFrame, alt: str) -> str:
    rows = numbers.itertuples(index=False)
    cells = [[escape(_write_cell(cell)) for cell in row] for row in rows]
    first, _, _ = alt.partition(". ")
    table = write_table(
        map(str, numbers), cells, caption=f"The numbers behind: {first.rstrip('.')}"
    )
    return f"<details><summary>The numbers behind the figure</summary>{table}</details>"


def _write_cell(cell: Any) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)
