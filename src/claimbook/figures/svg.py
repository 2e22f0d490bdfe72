"""A drawing as SVG for a page: text stays text, marks are links, dark where the page is."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from markupsafe import escape
from matplotlib.colors import to_hex, to_rgba
from matplotlib.markers import MarkerStyle

from claimbook.figures.drawing import Drawing, Part
from claimbook.figures.layout import LINE, SIZE
from claimbook.figures.style import INK, PALE_INK, PAPER, RULE, link_claim

# what stands on the page itself takes the colour of its words, so much of it
_ON_PAGE: Final = {INK: 1.0, PALE_INK: 0.75, RULE: 0.2}
_ANCHORS: Final = {"center": "middle", "right": "end"}
_RISE: Final = 0.35  # of a line of words, in sizes, from its middle to its foot
_FIRST: Final = {"baseline": 0.0, "top": 0.8}


def write_svg(drawing: Drawing) -> str:
    """
    Write a drawing as SVG for use within a page.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    svg : str
        The same for the same drawing. What stands for claims is a link to the first of them; of
        several the link has all in ``data-claims``, as addresses have them. Words, rules and
        edges take the colour of the words around the drawing, and their font; boxes keep theirs.

    Examples
    --------
    >>> drawing = Drawing(["for"])
    >>> drawing.box(0, 0, 10, 5, facecolor="red", ids=["a", "b"], said="two claims")
    >>> write_svg(drawing).partition("<a ")[2].partition(">")[0]
    'xlink:href="#claim-a" data-claims="a b" style="color:inherit" aria-label="two claims"'
    """
    wide, high = (72 * side for side in drawing.measure())
    left, top = (drawing.left, drawing.top) if drawing.parts else (0.0, 0.0)
    parts = sorted(drawing.parts, key=lambda part: part.order)
    drawn = [
        _link(ids, said, "".join(map(_draw, members)))
        for (ids, said), members in groupby(parts, key=lambda part: (part.ids, part.said))
    ]
    box = " ".join(map(_round, (left, top, wide, high)))
    return (
        f'<svg width="{_round(wide)}pt" height="{_round(high)}pt" viewBox="{box}" '
        f'font-size="{_round(SIZE)}" fill="currentColor">{"".join(drawn)}</svg>'
    )


def _round(number: float) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _link(ids: tuple[str, ...], said: str, drawn: str) -> str:
    if not ids:
        return drawn
    every = " ".join(quote(claim, safe="") for claim in ids)
    claims = f' data-claims="{escape(every)}"' if len(ids) > 1 else ""
    name = escape(said or f"claim {ids[0]}")
    link = f'<a xlink:href="{link_claim(ids[0])}"{claims} style="color:inherit"'
    return f'{link} aria-label="{name}">{drawn}</a>'


def _colour(name: str, colour: Any) -> str:
    """Write a colour as an attribute; what is on the page itself takes that of its words."""
    if colour in (None, "none"):
        return f' {name}="none"'
    share = _ON_PAGE.get(colour) if isinstance(colour, str) else None
    if share is not None:
        colour = "" if share == 1 and name == "fill" else f' {name}="currentColor"'
    elif colour == PAPER:
        return f' {name}="Canvas"'
    else:
        share, colour = to_rgba(colour)[3], f' {name}="{to_hex(colour)}"'
    return f'{colour} {name}-opacity="{_round(share)}"' if share < 1 else colour


def _draw(part: Part) -> str:
    look = part.look
    if part.kind == "text":
        return _write(part)
    if part.kind == "rule":
        path = "".join(_trace(line) for line in part.places)
        looks = f'{_colour("stroke", look["colors"])} stroke-width="{_round(look["linewidths"])}"'
        return f'<path d="{path}" fill="none"{looks}/>'
    if part.kind == "mark":
        return _mark(part)
    edge = _colour("stroke", look["edgecolor"]) if look["linewidth"] else ""
    edge += f' stroke-width="{_round(look["linewidth"])}"' if edge else ""
    looks = _colour("fill", look["facecolor"]) + edge
    if part.kind == "shape":
        return f'<path d="{_trace(part.places)}z"{looks} stroke-linejoin="round"/>'
    (left, top), (right, bottom) = part.places
    box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    sides = "".join(f' {name}="{_round(side)}"' for name, side in box.items())
    return f"<rect{sides}{looks}/>"


def _trace(points: Iterable[Any]) -> str:
    return "M" + "L".join(f"{_round(x)} {_round(y)}" for x, y in points)


def _mark(part: Part) -> str:
    ((x, y),), size = part.places, part.look["size"]
    looks = f'{_colour("fill", part.look["face"])} stroke="currentColor" stroke-width="1.1"'
    if part.text == "o":
        return f'<circle cx="{_round(x)}" cy="{_round(y)}" r="{_round(size / 2)}"{looks}/>'
    style = MarkerStyle(part.text)
    polygons = style.get_path().transformed(style.get_transform()).to_polygons()
    corners = [np.asarray(polygon) * (size, -size) + (x, y) for polygon in polygons]
    path = "".join(map(_trace, corners))
    return f'<path d="{path}z"{looks}/>'


def _write(part: Part) -> str:
    """Write words, each line under the other."""
    ((x, y),), look, lines = part.places, part.look, part.text.split("\n")
    size, rest = look["size"], (len(lines) - 1) * LINE
    ends = {"bottom": -0.2 - rest}
    down = size * {**_FIRST, **ends}.get(look["va"], _RISE - rest / 2)
    looks = _colour("fill", look["color"])
    looks += f' font-size="{_round(size)}"' if size != SIZE else ""
    looks += ' font-weight="bold"' if look["bold"] else ""
    looks += f' text-anchor="{_ANCHORS[look["ha"]]}"' if look["ha"] in _ANCHORS else ""
    if look["rotation"]:
        turn = f"translate({_round(x)} {_round(y)}) rotate({_round(-look['rotation'])})"
        looks, x, y = f'{looks} transform="{turn}"', 0.0, 0.0
    written = [
        f'<text x="{_round(x)}" y="{_round(y + down + place * LINE * size)}"{looks}>'
        f"{escape(line)}</text>"
        for place, line in enumerate(lines)
    ]
    return "".join(written)
