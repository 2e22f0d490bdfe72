"""The parts of the report: each shows itself in a notebook, every cell of a table escaped."""

from claimbook.report.answers import show_answers
from claimbook.report.appraisal import (
    show_agreements,
    show_credits,
    show_levels,
    show_matrix,
    show_numbers,
    show_robustness,
)
from claimbook.report.findings import (
    show_conflicts,
    show_exceptions,
    show_question,
    show_title,
)
from claimbook.report.method import show_download, show_method
from claimbook.report.pictures import show_figure
from claimbook.report.reference import choose_yardstick, show_yardstick
from claimbook.report.register import show_claims, show_sources

__all__ = [
    "choose_yardstick",
    "show_agreements",
    "show_answers",
    "show_claims",
    "show_conflicts",
    "show_credits",
    "show_download",
    "show_exceptions",
    "show_figure",
    "show_levels",
    "show_matrix",
    "show_method",
    "show_numbers",
    "show_question",
    "show_robustness",
    "show_sources",
    "show_title",
    "show_yardstick",
]
