"""What can be counted and measured: stances, agreement, evidence, a yardstick, robustness."""

# the public names of this room stand here and, those that users call, in claimbook/__init__.pyi
# ruff: noqa: F401
# mypy: implicit-reexport

from claimbook.measures.agreement import METRICS, measure_agreement, measure_alpha, measure_without
from claimbook.measures.citations import (
    count_citations,
    count_fidelities,
)
from claimbook.measures.directions import (
    Ratings,
    count_directions,
    count_pairs,
    describe_directions,
    find_ratings,
    find_shared,
    measure_sign_test,
    measure_wilson,
)
from claimbook.measures.evidence import (
    SUPPORTS,
    count_support,
    find_citations,
    measure_overlap,
    measure_pair_overlap,
)
from claimbook.measures.reliability import Comparison, compare_codings, measure_kappa
from claimbook.measures.robustness import (
    find_turning_sources,
    fold_levels,
    measure_robustness,
    order_verdicts,
)
from claimbook.measures.stances import (
    BOTH,
    OFF_SCALE,
    SIDES,
    count_levels,
    count_stances,
    find_differences,
    find_levels,
    order_questions,
    order_sources,
)
from claimbook.measures.tallies import count_cells, find_bars
from claimbook.measures.yardstick import (
    ANSWERS,
    find_coverage,
    find_omissions,
    measure_sources,
    relate_to_yardstick,
)
