"""A page with its headings named, so that each has an address."""

import base64
import hashlib
import re
from typing import Any, Final

from markupsafe import Markup

_HEADING: Final = re.compile(r"<h([23])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID: Final = re.compile(r'\bid="([^"]*)"')


def name_headings(content: str) -> dict[str, Any]:
    """
    Give each heading of what a notebook shows an address, and a link to it.

    Parameters
    ----------
    content : str
        HTML.

    Returns
    -------
    page : dict
        ``main``: the same, each heading of level two and three with an id and a link to itself.
        ``sections``: the id and the name of each heading of level two.

    Examples
    --------
    >>> name_headings("<h2>Who says what</h2>")["sections"]
    [('who-says-what', 'Who says what')]
    """
    sections: list[tuple[str, str]] = []
    taken = set(_ID.findall(content := str(content)))

    def name(match: re.Match[str]) -> str:
        level, attributes, title = match[1], Markup(match[2]), Markup(match[3])
        own, text = _ID.search(attributes), title.striptags()
        key = Markup(own[1]).unescape() if own else _find_free(text, taken)
        taken.add(key)
        if level == "2":
            sections.append((key, text))
        if not own:
            attributes += Markup(' id="{}"').format(key)
        link = Markup(' <a class="here" href="#{}" aria-label="Link to: {}">#</a>').format(
            key, text
        )
        return Markup("<h{0}{1}>{2}{3}</h{0}>").format(level, attributes, title, link)

    main = _HEADING.sub(name, content)
    return {"main": Markup(main), "sections": sections}


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
