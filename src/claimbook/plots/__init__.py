"""Figures, each drawn from one table on one Axes, with its size and its description."""

from claimbook.plots.levels import describe_levels, plot_levels, size_levels
from claimbook.plots.matrix import describe_matrix, plot_matrix, size_matrix
from claimbook.plots.palette import find_colours, find_signs
from claimbook.plots.question import describe_question, plot_question, size_question

__all__ = [
    "describe_levels",
    "describe_matrix",
    "describe_question",
    "find_colours",
    "find_signs",
    "plot_levels",
    "plot_matrix",
    "plot_question",
    "size_levels",
    "size_matrix",
    "size_question",
]
