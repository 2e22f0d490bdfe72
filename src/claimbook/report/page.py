"""A page divided into its head, its sections and their names."""

import base64
import hashlib
import re
from typing import Any, Final

from markupsafe import Markup

CELL_END: Final = "<!-- cell -->"
_HEADING: Final = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
_ID: Final = re.compile(r'\bid="([^"]*)"')


def divide_page(content: str) -> dict[str, Any]:
    """
    Divide what a notebook shows into what stands before its first section, and the sections.

    Parameters
    ----------
    content : str
        HTML; after each cell stands `CELL_END`.

    Returns
    -------
    page : dict
        ``head``: the cells before the first heading of level two, empty where they hold no title;
        ``main``: the rest, each heading of level two with an id; both as HTML. ``sections``: the
        id and the name of each.

    Examples
    --------
    >>> divide_page("<h2>Who says what</h2>")["sections"]
    [('who-says-what', 'Who says what')]
    """
    cells = str(content).split(CELL_END)
    first = next((n for n, cell in enumerate(cells) if _HEADING.search(cell)), 0)
    head = "".join(cells[:first])
    if "<h1" not in head:
        head, first = "", 0
    main, sections = _name_headings("".join(cells[first:]), set(_ID.findall(str(content))))
    return {"head": Markup(head), "main": Markup(main), "sections": sections}


def _name_headings(main: str, taken: set[str]) -> tuple[str, list[tuple[str, str]]]:
    sections: list[tuple[str, str]] = []

    def name(match: re.Match[str]) -> str:
        attributes, title = Markup(match[1]), Markup(match[2])
        own = _ID.search(attributes)
        key = Markup(own[1]).unescape() if own else _find_free(title.striptags(), taken)
        taken.add(key)
        sections.append((key, title.striptags()))
        return match[0] if own else Markup('<h2 id="{}"{}>{}</h2>').format(key, attributes, title)

    return _HEADING.sub(name, main), sections


def _find_free(title: str, taken: set[str]) -> str:
    """Find an id for a heading: its words with hyphens between, and a number where one has it."""
    words = "-".join(re.findall(r"\w+", title.lower())) or "section"
    number = 1
    while (key := words if number == 1 else f"{words}-{number}") in taken:
        number += 1
    return key


def hash_part(text: str) -> str:
    """
    Hash a script, so that a Content-Security-Policy can allow it and none but it.

    Parameters
    ----------
    text : str
        What stands between its tags, to the letter.

    Returns
    -------
    source : str
        As the policy's ``script-src`` names it.

    Examples
    --------
    >>> hash_part("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
