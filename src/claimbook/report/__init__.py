"""The parts of the report: each shows itself in a notebook, every cell of a table escaped."""

from claimbook.report.appraisal import (
    show_agreements,
    show_credits,
    show_directions,
    show_robustness,
)
from claimbook.report.findings import (
    show_conflicts,
    show_exceptions,
    show_question,
    show_summary,
    show_title,
)
from claimbook.report.method import show_download, show_method
from claimbook.report.pictures import show_figure
from claimbook.report.reference import choose_yardstick, show_yardstick
from claimbook.report.register import show_claims, show_sources

__all__ = [
    "choose_yardstick",
    "show_agreements",
    "show_claims",
    "show_conflicts",
    "show_credits",
    "show_directions",
    "show_download",
    "show_exceptions",
    "show_figure",
    "show_method",
    "show_question",
    "show_robustness",
    "show_sources",
    "show_summary",
    "show_title",
    "show_yardstick",
]
