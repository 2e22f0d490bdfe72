"""What the harvest plot, the map and the grid of pairs show, counted and with claims by name."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ARTICLE, FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.questions import count_questions
from claimbook.compare.relations import find_questions
from claimbook.measures.evidence import SIDES
from claimbook.measures.stances import count_stances, order_questions, order_sources

BOTH: Final = "both"
HEIGHTS: Final = {ARTICLE: 2, "other study": 3, "trial": 4, "review": 5, "guideline": 6}
BAR_COLUMNS: Final = (
    *FACETS,
    "source",
    "number",
    "kind",
    "height",
    "side",
    "highest",
    "lowest",
    "level",
    "claims",
    "claim_ids",
)
CELL_COUNTS: Final = (*SIDES, BOTH)
SHARED_COLUMNS: Final = (
    "source_a",
    "source_b",
    *FACETS,
    "level_a",
    "level_b",
    "equal",
    "opposite",
    "claims_a",
    "claims_b",
)
_ACROSS: Final = {"against": 0, "uncertain": 1, BOTH: 2, "for": 3}


def find_bars(
    claims: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    by: Sequence[str] = FACETS,
    least: int = 2,
    sources: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, int]:
    """
    Find the bars of a harvest plot: on which side each source stands in each row.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.
    by : sequence of {"condition", "intervention", "aspect"}
        What makes a row; all three make a question. A facet that is left out is empty in the
        table, and claims that differ only there stand in one row: a source may be for one
        treatment and against another, and so on both sides without contradicting itself.
    least : int
        From how many sources in a row it is shown, as for `order_questions`; 1 shows all.
    sources : DataFrame or None, one row per source
        Gives each source's ``kind``.

    Returns
    -------
    bars : DataFrame, one row per row of the plot and source
        ``condition``, ``intervention``, ``aspect``, ``source``; ``number`` of the source, from 1,
        the highest bars first, then in the order of `sources`; ``kind``; ``height``: 6 guideline,
        5 review, 4 trial, 3 other study, 2 article, 1 any other kind or none given, which ranks
        kinds and weighs no quality; ``side``: for, uncertain, against, or both; ``highest``,
        ``lowest``, ``level``, ``claims`` and ``claim_ids`` as `count_stances` gives them. Rows in
        the order of `order_questions`; within a row against, uncertain, both, for; on a side
        by number.
    left_out : int
        How many rows too few sources answer.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary, or `by` names none of the three facets
        or anything else.

    References
    ----------
    Ogilvie D, Fayter D, Petticrew M, Sowden A, Thomas S, Whitehead M, Worthy G (2008). The harvest
    plot: a method for synthesising evidence about the differential effects of interventions. BMC
    Medical Research Methodology 8:8, https://doi.org/10.1186/1471-2288-8-8.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> bars, left_out = find_bars(claims, Vocabulary())
    >>> bars[["source", "side"]].values.tolist(), left_out
    ([['clinic', 'against'], ['spa', 'for']], 0)
    """
    if not by or set(by) - set(FACETS):
        raise ValueError(f"by is {list(by)}, expected one or more of: {', '.join(FACETS)}")
    merged = claims.assign(**{facet: "" for facet in FACETS if facet not in by})
    rows, left_out = order_questions(merged, vocabulary, least=least)
    numbered = rows[list(FACETS)].assign(row=range(len(rows)))
    bars = count_stances(merged, vocabulary).merge(numbered, on=list(FACETS))
    bars = bars.merge(_rank_sources(bars["source"], sources), on="source")
    bars["side"] = _name_sides(bars, vocabulary)
    order = np.lexsort((bars["number"], bars["side"].map(_ACROSS), bars["row"]))
    return bars.iloc[order].reset_index(drop=True)[list(BAR_COLUMNS)], left_out


def _rank_sources(names: pd.Series, sources: pd.DataFrame | None) -> pd.DataFrame:
    """Give each source its kind, the height of its bar, and its number, the highest first."""
    ordered = order_sources(names, sources)
    ordered["height"] = ordered["kind"].map(HEIGHTS).fillna(1).astype("int64")
    ranked = ordered.sort_values("height", ascending=False, kind="stable")
    return ranked.assign(number=np.arange(1, len(ranked) + 1))


def _name_sides(stances: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series:
    scores = stances["level"].map(vocabulary.scores).fillna(0).to_numpy(dtype=float)
    names = np.array(SIDES, dtype=object)[1 - np.sign(scores).astype(np.int64)]
    sides = np.where(stances["contradicts"].to_numpy(dtype=bool), BOTH, names)
    return pd.Series(sides, index=stances.index, dtype="str")


def count_cells(
    claims: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    rows: str = "condition",
    columns: str = "aspect",
) -> pd.DataFrame:
    """
    Count the sources on either side of each condition and aspect, or of any two facets.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``. Roll terms up before, where narrower ones are to share a cell.
    vocabulary : Vocabulary
        Its levels and their scores, and the order of terms.
    rows, columns : {"condition", "intervention", "aspect"}
        The facets that make the cells.

    Returns
    -------
    cells : DataFrame, one row per cell that a source addresses
        The two facets; ``sources``; how many of them are ``for``, ``uncertain``, ``against``, on
        ``both`` sides: the four add up to all; ``conflicts`` and ``contradictions``: the questions
        in the cell with that verdict (claims on different treatments share a cell but do not
        meet, so that a cell may hold both sides without a conflict); ``claims_for``,
        ``claims_uncertain``, ``claims_against`` and ``claims_both``: ids of the claims of the
        sources counted there, tuples in the order of the claims. Rows, then columns in the order
        of the vocabulary, terms that it lacks after it as the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary, or `rows` and `columns` are not two
        different facets.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> cells = count_cells(claims, Vocabulary())
    >>> cells[["for", "against", "conflicts", "claims_for"]].values.tolist()
    [[1, 1, 1, ('a',)]]
    """
    pair = [rows, columns]
    if len(set(pair) & set(FACETS)) < len(pair):
        raise ValueError(f"rows and columns are {pair}, expected two of: {', '.join(FACETS)}")
    merged = claims.assign(**{facet: "" for facet in FACETS if facet not in pair})
    stances = count_stances(merged, vocabulary)
    stances["side"] = _name_sides(stances, vocabulary)
    keys = [*pair, "source"]
    sided = merged[[*keys, "claim_id"]].merge(stances[[*keys, "side"]], on=keys, how="left")
    cells = _count_verdicts(claims, vocabulary, pair)
    for side in CELL_COUNTS:
        counted, said = (table[table["side"] == side].groupby(pair) for table in (stances, sided))
        cells[side] = counted.size().reindex(cells.index, fill_value=0)
        ids = {cell: tuple(group["claim_id"]) for cell, group in said}
        cells[f"claims_{side}"] = pd.Series(
            [ids.get(cell, ()) for cell in cells.index], cells.index
        )
    cells["sources"] = cells[list(CELL_COUNTS)].sum(axis=1)
    return _sort_cells(cells.reset_index(), claims, vocabulary)


def _count_verdicts(claims: pd.DataFrame, vocabulary: Vocabulary, pair: list[str]) -> pd.DataFrame:
    """Count in each cell the questions that sources conflict on, and self-contradictions."""
    questions = count_questions(claims, vocabulary)
    conflict, contradiction, *_ = VERDICTS
    return (
        questions.assign(
            conflicts=questions["verdict"] == conflict,
            contradictions=questions["verdict"] == contradiction,
        )
        .groupby(pair)[["conflicts", "contradictions"]]
        .sum()
        .astype("int64")
    )


def _sort_cells(cells: pd.DataFrame, claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Put cells and their columns in order."""
    pair = list(cells.columns[:2])
    places = [
        pd.Index(dict.fromkeys([*vocabulary.find_terms(facet), *claims[facet]])).get_indexer(
            pd.Index(cells[facet])
        )
        for facet in pair
    ]
    names = [f"claims_{side}" for side in CELL_COUNTS]
    columns = [*pair, "sources", *CELL_COUNTS, "conflicts", "contradictions", *names]
    return cells.iloc[np.lexsort(places[::-1])].reset_index(drop=True)[columns]


def find_shared(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Find the questions that every two sources share, and the claims with which they meet there.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``. Choose the sources first where pairs would be too many.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    shared : DataFrame, one row per pair of sources and question that both take a stand on
        ``source_a``, ``source_b``, ``condition``, ``intervention``, ``aspect``; ``level_a`` and
        ``level_b`` with which they count; ``equal`` (same score), ``opposite`` (scores of opposite
        sign); ``claims_a``, ``claims_b``: ids of the claims behind, tuples in the order of the
        claims. A question on which a source stands on both sides is left out for it. Pairs as
        `count_pairs` gives and counts them; of each the opposite first, then those that are
        neither, then as the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "against"]})
    >>> find_shared(claims, Vocabulary())[["opposite", "claims_a", "claims_b"]].values.tolist()
    [[True, ('a',), ('b',)]]
    """
    stances = count_stances(claims, vocabulary)
    table, of_stance = find_questions(stances)
    kept = ~stances["contradicts"].to_numpy(dtype=bool)
    numbers, _ = pd.factorize(stances["source"])
    score = stances["level"].map(vocabulary.scores).to_numpy(dtype=float)
    sides = pd.DataFrame({"question": of_stance, "number": numbers, "score": score})
    sides = sides.assign(row=range(len(stances)))[kept]
    pairs = sides.merge(sides, on="question", suffixes=("_a", "_b"))
    pairs = pairs[pairs["number_a"] < pairs["number_b"]]
    equal = (pairs["score_a"] == pairs["score_b"]).to_numpy()
    opposite = (np.sign(pairs["score_a"]) * np.sign(pairs["score_b"]) < 0).to_numpy()
    keys = (pairs["question"], np.select([opposite, equal], [0, 2], 1))
    order = np.lexsort((*keys, pairs["number_b"], pairs["number_a"]))
    first, second = (pairs[name].to_numpy()[order] for name in ("row_a", "row_b"))
    one, two = (stances.iloc[rows].reset_index(drop=True) for rows in (first, second))
    shared = table.iloc[pairs["question"].to_numpy()[order]].reset_index(drop=True)
    return shared.assign(
        source_a=one["source"], source_b=two["source"], level_a=one["level"],
        level_b=two["level"], equal=equal[order], opposite=opposite[order],
        claims_a=one["claim_ids"], claims_b=two["claim_ids"],
    )[list(SHARED_COLUMNS)]  # fmt: skip
