"""The templates of what notebooks show, beside those of the report: every text is escaped."""

from typing import Any, Final

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.figures.style import FIDELITY_SIGNS, VERDICT_SIGNS
from claimbook.report.html import TEMPLATES as REPORT

TEMPLATES: Final = REPORT.overlay(
    loader=ChoiceLoader([PackageLoader("claimbook.notebook"), PackageLoader("claimbook.report")])
)
TEMPLATES.globals = {
    **REPORT.globals,
    "facets": FACETS,
    "signs": {**FIDELITY_SIGNS, **VERDICT_SIGNS},
    "grave": VERDICTS[:2],
}


def render(template: str, macro: str, **values: Any) -> Markup:
    """Write a part of a template."""
    part: Markup = getattr(TEMPLATES.get_template(f"{template}.html.j2").module, macro)(**values)
    return part
