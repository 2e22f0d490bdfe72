"""What can be counted and measured: stances, agreement, evidence, a yardstick, robustness."""

from claimbook.measures.agreement import (
    METRICS,
    measure_agreement,
    measure_alpha,
    measure_without,
)
from claimbook.measures.citations import (
    count_citations,
    count_crossings,
    count_fidelities,
    gather_citations,
    order_citations,
)
from claimbook.measures.directions import (
    Ratings,
    count_directions,
    count_pairs,
    describe_directions,
    find_ratings,
    measure_sign_test,
    measure_wilson,
    rate_questions,
)
from claimbook.measures.evidence import (
    count_support,
    find_citations,
    measure_overlap,
    measure_pair_overlap,
)
from claimbook.measures.paging import (
    find_pages,
)
from claimbook.measures.reliability import (
    Comparison,
    compare_codings,
    measure_kappa,
)
from claimbook.measures.robustness import (
    count_recodings,
    find_turning_sources,
    fold_levels,
    measure_robustness,
    order_verdicts,
)
from claimbook.measures.stances import (
    count_levels,
    count_stances,
    find_differences,
    find_levels,
    order_questions,
    order_sources,
)
from claimbook.measures.tallies import (
    count_cells,
    find_bars,
    find_shared,
)
from claimbook.measures.yardstick import (
    find_coverage,
    find_omissions,
    measure_sources,
    relate_to_yardstick,
)

__all__ = [
    "METRICS",
    "Comparison",
    "Ratings",
    "compare_codings",
    "count_cells",
    "count_citations",
    "count_crossings",
    "count_directions",
    "count_fidelities",
    "count_levels",
    "count_pairs",
    "count_recodings",
    "count_stances",
    "count_support",
    "describe_directions",
    "find_bars",
    "find_citations",
    "find_coverage",
    "find_differences",
    "find_levels",
    "find_omissions",
    "find_pages",
    "find_ratings",
    "find_shared",
    "find_turning_sources",
    "fold_levels",
    "gather_citations",
    "measure_agreement",
    "measure_alpha",
    "measure_kappa",
    "measure_overlap",
    "measure_pair_overlap",
    "measure_robustness",
    "measure_sign_test",
    "measure_sources",
    "measure_wilson",
    "measure_without",
    "order_citations",
    "order_questions",
    "order_sources",
    "order_verdicts",
    "rate_questions",
    "relate_to_yardstick",
]
