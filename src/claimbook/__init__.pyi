"""The public names, each with the room it lives in; fetched when first asked for."""

from .collection import (
    ClaimsError,
    Collection,
    Vocabulary,
    check_claims,
    check_collection,
    check_sources,
    check_vocabulary,
    read_collection,
    verify_quotes,
)
from .compare import (
    choose_headline,
    count_questions,
    count_relations,
    find_answers,
    find_changes,
    find_conflicts,
    iter_relations,
    relate_claims,
    trace_claims,
)
from .notebook.explorer import explore
from .notebook.styling import load_ipython_extension, style_table, unload_ipython_extension
