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
from .figures.citations import plot_citations
from .figures.figure import Figure, figure
from .figures.harvest import plot_harvest
from .figures.levels import plot_levels
from .figures.map import plot_map
from .figures.matrix import plot_matrix
from .figures.pairs import plot_pairs
from .figures.question import plot_question
from .figures.robustness import plot_robustness
from .measures import (
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
from .notebook.explorer import explore
from .notebook.styling import load_ipython_extension, style_table, unload_ipython_extension
