"""A page divided into its head, its sections and their names."""

import base64
import hashlib
import re
from html import escape, unescape
from typing import Any, Final

CELL_END: Final = "<!-- cell -->"
_HEADING: Final = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
_ID: Final = re.compile(r'\bid="([^"]*)"')
_TAG: Final = re.compile(r"<[^>]*>")


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
        ``main``: the rest, each heading of level two with an id; ``sections``: the id and the
        name of each, as HTML.

    Examples
    --------
    >>> divide_page("<h2>Who says what</h2>")["sections"]
    [('who-says-what', 'Who says what')]
    """
    cells = content.split(CELL_END)
    first = next((n for n, cell in enumerate(cells) if _HEADING.search(cell)), 0)
    head = "".join(cells[:first])
    if "<h1" not in head:
        head, first = "", 0
    main, sections = _name_headings("".join(cells[first:]), set(_ID.findall(content)))
    return {"head": head, "main": main, "sections": sections}


def _name_headings(main: str, taken: set[str]) -> tuple[str, list[tuple[str, str]]]:
    sections: list[tuple[str, str]] = []

    def name(match: re.Match[str]) -> str:
        attributes, title = match[1], unescape(_TAG.sub("", match[2])).strip()
        own = _ID.search(attributes)
        key = unescape(own[1]) if own else _find_free(title, taken)
        taken.add(key)
        sections.append((key, escape(title)))
        return match[0] if own else f'<h2 id="{escape(key)}"{attributes}>{match[2]}</h2>'

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
