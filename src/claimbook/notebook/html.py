"""The templates of what notebooks show: every text in them is escaped."""

from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimbook.collection.codebook import VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.style import VERDICT_SIGNS, choose_ink, find_colours, find_signs

_TEMPLATES: Final = Environment(
    loader=PackageLoader("claimbook.notebook"), autoescape=True, undefined=StrictUndefined
)
_TEMPLATES.globals |= {"SIGNS": VERDICT_SIGNS, "GRAVE": VERDICTS[:2]}


class Look(NamedTuple):
    """How a level is shown."""

    colour: str
    ink: str
    sign: str
    label: str


def find_looks(terms: Vocabulary) -> dict[str, Look]:
    """Find how each level is shown, as the figures show it."""
    signs = find_signs(terms)
    return {
        level: Look(
            colour, choose_ink(colour), signs[level], terms.describe("recommendation", level)[0]
        )
        for level, colour in find_colours(terms).items()
    }


def render(macro: str, *, template: str = "explorer.html.j2", **values: Any) -> Markup:
    """Write a part of a template."""
    part: Markup = getattr(_TEMPLATES.get_template(template).module, macro)(**values)
    return part
