"""The public names, each with the room it lives in; fetched when first asked for."""

# "X as X" is how a stub says that a name is public

from .collection import (
    ClaimsError as ClaimsError,
    Collection as Collection,
    Vocabulary as Vocabulary,
    check_claims as check_claims,
    check_collection as check_collection,
    check_sources as check_sources,
    check_vocabulary as check_vocabulary,
    read_collection as read_collection,
    verify_quotes as verify_quotes,
)
from .compare import (
    choose_headline as choose_headline,
    count_questions as count_questions,
    count_relations as count_relations,
    find_answers as find_answers,
    find_changes as find_changes,
    find_conflicts as find_conflicts,
    iter_relations as iter_relations,
    relate_claims as relate_claims,
    trace_claims as trace_claims,
)
from .figures.citations import plot_citations as plot_citations
from .figures.figure import Figure as Figure, figure as figure
from .figures.harvest import plot_harvest as plot_harvest
from .figures.levels import plot_levels as plot_levels
from .figures.map import plot_map as plot_map
from .figures.matrix import plot_matrix as plot_matrix
from .figures.pairs import plot_pairs as plot_pairs
from .figures.question import plot_question as plot_question
from .figures.robustness import plot_robustness as plot_robustness
from .measures import (
    compare_codings as compare_codings,
    count_citations as count_citations,
    count_directions as count_directions,
    count_fidelities as count_fidelities,
    count_levels as count_levels,
    count_pairs as count_pairs,
    count_stances as count_stances,
    count_support as count_support,
    find_citations as find_citations,
    find_coverage as find_coverage,
    find_omissions as find_omissions,
    find_ratings as find_ratings,
    find_turning_sources as find_turning_sources,
    fold_levels as fold_levels,
    measure_agreement as measure_agreement,
    measure_alpha as measure_alpha,
    measure_kappa as measure_kappa,
    measure_overlap as measure_overlap,
    measure_pair_overlap as measure_pair_overlap,
    measure_robustness as measure_robustness,
    measure_sources as measure_sources,
    measure_without as measure_without,
    order_questions as order_questions,
    relate_to_yardstick as relate_to_yardstick,
)
from .notebook.explorer import explore as explore
from .notebook.styling import (
    load_ipython_extension as load_ipython_extension,
    style_table as style_table,
    unload_ipython_extension as unload_ipython_extension,
)

__version__: str
