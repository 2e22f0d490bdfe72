"""Compare what sources claim: where they agree, where they conflict, and on whose evidence."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimbook.checks import check_claims, check_sources, check_vocabulary
    from claimbook.collection import Collection, check_collection, read_collection
    from claimbook.explorer import explore
    from claimbook.fidelity import trace_claims
    from claimbook.problems import ClaimsError
    from claimbook.questions import count_questions, find_answers, find_conflicts
    from claimbook.quotes import verify_quotes
    from claimbook.relations import iter_relations, relate_claims
    from claimbook.styling import load_ipython_extension, style_table, unload_ipython_extension
    from claimbook.vocabulary import Vocabulary, roll_up

__version__ = "0.1.0"
__all__ = [
    "ClaimsError",
    "Collection",
    "Vocabulary",
    "check_claims",
    "check_collection",
    "check_sources",
    "check_vocabulary",
    "count_questions",
    "explore",
    "find_answers",
    "find_conflicts",
    "iter_relations",
    "load_ipython_extension",
    "read_collection",
    "relate_claims",
    "roll_up",
    "style_table",
    "trace_claims",
    "unload_ipython_extension",
    "verify_quotes",
]

# Where each name lives. They are fetched when first asked for: 'claimbook --help' need not wait
# for pandas, nor 'claimbook check' for matplotlib.
_HOMES = {
    "checks": ("check_claims", "check_sources", "check_vocabulary"),
    "collection": ("Collection", "check_collection", "read_collection"),
    "explorer": ("explore",),
    "fidelity": ("trace_claims",),
    "problems": ("ClaimsError",),
    "questions": ("count_questions", "find_answers", "find_conflicts"),
    "quotes": ("verify_quotes",),
    "relations": ("iter_relations", "relate_claims"),
    "styling": ("load_ipython_extension", "style_table", "unload_ipython_extension"),
    "vocabulary": ("Vocabulary", "roll_up"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"claimbook.{module}"), name)
    raise AttributeError(f"module 'claimbook' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
