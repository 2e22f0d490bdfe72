"""Figures, each drawn from one table on one Axes, with its size and its description."""

from claimbook.plots.citations import describe_citations, plot_citations, size_citations
from claimbook.plots.firmness import describe_firmness, plot_firmness, size_firmness
from claimbook.plots.harvest import describe_harvest, plot_harvest, size_harvest
from claimbook.plots.levels import describe_levels, plot_levels, size_levels
from claimbook.plots.map import describe_map, plot_map, size_map
from claimbook.plots.matrix import describe_matrix, plot_matrix, size_matrix
from claimbook.plots.pairs import describe_pairs, plot_pairs, size_pairs
from claimbook.plots.palette import find_colours, find_signs
from claimbook.plots.question import describe_question, plot_question, size_question

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
