"""The rules of comparison, each once: relations, questions, conflicts, fidelity, changes."""

from claimbook.compare.changes import find_changes
from claimbook.compare.conflicts import choose_headline, find_conflicts
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_clashes, count_questions, find_answers, judge
from claimbook.compare.relations import count_relations, iter_relations, relate_claims

__all__ = [
    "choose_headline",
    "count_clashes",
    "count_questions",
    "count_relations",
    "find_answers",
    "find_changes",
    "find_conflicts",
    "iter_relations",
    "judge",
    "relate_claims",
    "trace_claims",
]
