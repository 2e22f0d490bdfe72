"""The templates of the report, in which every text is escaped, and what they make."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimbook.figures.style import link_claim
from claimbook.report.wording import (
    capitalise,
    count_noun,
    find_host,
    find_point_id,
    find_source_id,
    join,
    keep_web,
    spell,
)

TEMPLATES: Final = Environment(
    loader=PackageLoader("claimbook.report"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
TEMPLATES.filters |= {
    "capitalised": capitalise,
    "noun": count_noun,
    "spelled": spell,
    "listed": join,
    "address": link_claim,
    "host": find_host,
    "point_id": find_point_id,
    "source_id": find_source_id,
    "source_name": lambda key, names: names.source(key),
    "web": keep_web,
}


class Section(Markup):
    """A part of a report: HTML that a notebook shows as what it is."""

    def __repr__(self) -> str:
        return f"<Section of {len(self):,} characters>"

    def _repr_html_(self) -> str:
        return str(self)


def render(template: str, **values: Any) -> Section:
    """Fill in a template."""
    return Section(TEMPLATES.get_template(f"{template}.html.j2").render(values))
