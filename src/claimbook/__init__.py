"""Compare what sources claim: where they agree, where they conflict, and on whose evidence."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimbook.collection.checks import check_claims, check_sources, check_vocabulary
    from claimbook.collection.collection import Collection, check_collection, read_collection
    from claimbook.collection.problems import ClaimsError
    from claimbook.collection.quotes import verify_quotes
    from claimbook.collection.vocabulary import Vocabulary, gather_use, roll_up
    from claimbook.compare.changes import find_changes
    from claimbook.compare.counting import count_relations
    from claimbook.compare.fidelity import trace_claims
    from claimbook.compare.questions import count_questions, find_answers, find_conflicts
    from claimbook.compare.relations import iter_relations, relate_claims
    from claimbook.measures import (
        compare_codings,
        count_citations,
        count_directions,
        count_fidelities,
        count_levels,
        count_pairs,
        count_stances,
        count_support,
        find_citations,
        find_coverage,
        find_omissions,
        find_ratings,
        find_turning_sources,
        fold_levels,
        measure_agreement,
        measure_alpha,
        measure_kappa,
        measure_overlap,
        measure_pair_overlap,
        measure_robustness,
        measure_sources,
        measure_without,
        order_questions,
        relate_to_yardstick,
    )
    from claimbook.notebook.explorer.widget import explore
    from claimbook.notebook.styling import (
        load_ipython_extension,
        style_table,
        unload_ipython_extension,
    )

__version__ = "0.1.0"
__all__ = [
    "ClaimsError",
    "Collection",
    "Vocabulary",
    "check_claims",
    "check_collection",
    "check_sources",
    "check_vocabulary",
    "compare_codings",
    "count_citations",
    "count_directions",
    "count_fidelities",
    "count_levels",
    "count_pairs",
    "count_questions",
    "count_relations",
    "count_stances",
    "count_support",
    "explore",
    "find_answers",
    "find_changes",
    "find_citations",
    "find_conflicts",
    "find_coverage",
    "find_omissions",
    "find_ratings",
    "find_turning_sources",
    "fold_levels",
    "gather_use",
    "iter_relations",
    "load_ipython_extension",
    "measure_agreement",
    "measure_alpha",
    "measure_kappa",
    "measure_overlap",
    "measure_pair_overlap",
    "measure_robustness",
    "measure_sources",
    "measure_without",
    "order_questions",
    "read_collection",
    "relate_claims",
    "relate_to_yardstick",
    "roll_up",
    "style_table",
    "trace_claims",
    "unload_ipython_extension",
    "verify_quotes",
]

# Where each name lives. They are fetched when first asked for: 'claimbook --help' need not wait
# for pandas, nor 'claimbook check' for matplotlib.
_HOMES = {
    "compare.changes": ("find_changes",),
    "collection.checks": (
        "check_claims",
        "check_sources",
        "check_vocabulary",
    ),
    "collection.collection": (
        "Collection",
        "check_collection",
        "read_collection",
    ),
    "compare.counting": ("count_relations",),
    "notebook.explorer": ("explore",),
    "compare.fidelity": ("trace_claims",),
    "measures": (
        "compare_codings",
        "count_citations",
        "count_directions",
        "count_fidelities",
        "count_levels",
        "count_pairs",
        "count_stances",
        "count_support",
        "find_citations",
        "find_coverage",
        "find_omissions",
        "find_ratings",
        "find_turning_sources",
        "fold_levels",
        "measure_agreement",
        "measure_alpha",
        "measure_kappa",
        "measure_overlap",
        "measure_pair_overlap",
        "measure_robustness",
        "measure_sources",
        "measure_without",
        "order_questions",
        "relate_to_yardstick",
    ),
    "collection.problems": ("ClaimsError",),
    "compare.questions": (
        "count_questions",
        "find_answers",
        "find_conflicts",
    ),
    "collection.quotes": ("verify_quotes",),
    "compare.relations": (
        "iter_relations",
        "relate_claims",
    ),
    "notebook.styling": (
        "load_ipython_extension",
        "style_table",
        "unload_ipython_extension",
    ),
    "collection.vocabulary": (
        "Vocabulary",
        "gather_use",
        "roll_up",
    ),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"claimbook.{module}"), name)
    raise AttributeError(f"module 'claimbook' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
