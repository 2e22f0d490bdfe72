"""A figure as a picture in a page: its text stays text, its marks are links."""

import io
import re
from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML
from matplotlib import rc_context
from matplotlib.figure import Figure

from claimbook.wording import write_table

_SVG_IDS: Final = re.compile(r'(?<=\bid=")[^"]+(?=")')


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
        What it shows, for those who do not see it.
    name : str
        A short key, unique in the page: it keeps the parts of several figures apart.
    numbers : DataFrame, optional
        The numbers behind it, shown on demand.

    Returns
    -------
    html : HTML
        The same bytes for the same figure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> "<figure" in show_figure(Figure(), alt="nothing", name="empty").data
    True
    """
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = _prefix_ids(svg[svg.index("<svg") :], name)
    svg = svg.replace("<svg", f'<svg role="group" aria-label="{escape(alt)}"', 1)
    table = ""
    if numbers is not None:
        cells = [
            [escape(_write_cell(cell)) for cell in row] for row in numbers.itertuples(index=False)
        ]
        heads = tuple(str(column) for column in numbers.columns)
        table = (
            f"<details><summary>The numbers behind the figure</summary>"
            f"{write_table(heads, cells, caption=alt)}</details>"
        )
    return HTML(
        f'<figure id="figure-{escape(name)}"><div class="picture">{svg}</div>'
        f"<figcaption>{escape(alt)}</figcaption>"
        f"{table}</figure>"
    )


def _write_cell(cell: Any) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)


def _prefix_ids(svg: str, name: str) -> str:
    """Put a figure's name before its ids and before what points to them, links to claims apart."""
    ids = set(_SVG_IDS.findall(svg))
    svg = _SVG_IDS.sub(lambda match: f"{name}-{match[0]}", svg)
    return re.sub(
        r'(url\(#|href="#)([^)"]+)',
        lambda match: match[1] + (f"{name}-{match[2]}" if match[2] in ids else match[2]),
        svg,
    )
