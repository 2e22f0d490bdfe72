"""Figures, each drawn from one table on one Axes, with its size and its description."""

from claimbook.figures.citations import describe_citations, plot_citations, size_citations
from claimbook.figures.harvest import describe_harvest, plot_harvest, size_harvest
from claimbook.figures.levels import describe_levels, plot_levels, size_levels
from claimbook.figures.map import describe_map, plot_map, size_map
from claimbook.figures.matrix import describe_matrix, plot_matrix, size_matrix
from claimbook.figures.pairs import describe_pairs, plot_pairs, size_pairs
from claimbook.figures.question import describe_question, plot_question, size_question
from claimbook.figures.robustness import describe_firmness, plot_firmness, size_firmness
from claimbook.figures.style import find_colours, find_signs

__all__ = [
    "describe_citations",
    "describe_firmness",
    "describe_harvest",
    "describe_levels",
    "describe_map",
    "describe_matrix",
    "describe_pairs",
    "describe_question",
    "find_colours",
    "find_signs",
    "plot_citations",
    "plot_firmness",
    "plot_harvest",
    "plot_levels",
    "plot_map",
    "plot_matrix",
    "plot_pairs",
    "plot_question",
    "size_citations",
    "size_firmness",
    "size_harvest",
    "size_levels",
    "size_map",
    "size_matrix",
    "size_pairs",
    "size_question",
]
