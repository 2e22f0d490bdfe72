"""What the harvest plot and the map show, counted and with claims by name."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ARTICLE, FACETS, OTHER, STUDY, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.questions import count_clashes, count_questions
from claimbook.measures.stances import (
    BOTH,
    OFF_SCALE,
    SIDES,
    count_stances,
    gather_ids,
    number_sides,
    order_questions,
    order_sources,
)

# how high a kind's bar is, and that of a collection's own kind by the part that it plays
HEIGHTS: Final = {"guideline": 6, "review": 5, "trial": 4}
PART_HEIGHTS: Final = {STUDY: 3, ARTICLE: 2, OTHER: 1}
BAR_COLUMNS: Final = (
    *FACETS, "source", "number", "kind", "height", "side", "levels", "contradicts", "claims",
    "claim_ids",
)  # fmt: skip
_ACROSS: Final = ("against", "uncertain", OFF_SCALE, BOTH, "for")


@of_collection
def find_bars(
    collection: Collection, *, by: Sequence[str] = FACETS, least: int = 2
) -> tuple[pd.DataFrame, int]:
    """
    Find the bars of a harvest plot: on which side each source stands in each row.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    by : sequence of {"condition", "intervention", "aspect"}
        What makes a row; all three make a question. A facet that is left out is empty in the
        table, and claims that differ only there stand in one row: a source may be for one
        treatment and against another, and so on both sides without contradicting itself.
    least : int
        From how many sources in a row it is shown, as for `order_questions`; 1 shows all.

    Returns
    -------
    bars : DataFrame, one row per row of the plot and source
        ``condition``, ``intervention``, ``aspect``, ``source``; ``number`` of the source, from 1,
        the highest bars first, then as `order_sources` has them; ``kind``; ``height``: 6 guideline,
        5 review, 4 trial, 3 any other study, 2 article, 1 page or other, which ranks kinds and
        weighs no quality; ``side``, ``levels``, ``contradicts``, ``claims`` and ``claim_ids`` as
        `count_stances` gives them. Rows in the order of `order_questions`; within a row against,
        uncertain, off the scale, both, for; on a side by number.
    left_out : int
        How many rows too few sources answer.

    Raises
    ------
    ValueError
        If `by` names none of the three facets or anything else.

    References
    ----------
    Ogilvie D, Fayter D, Petticrew M, Sowden A, Thomas S, Whitehead M, Worthy G (2008). The harvest
    plot: a method for synthesising evidence about the differential effects of interventions. BMC
    Medical Research Methodology 8:8, https://doi.org/10.1186/1471-2288-8-8.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> bars, left_out = find_bars(claims)
    >>> bars[["source", "side"]].values.tolist(), left_out
    ([['clinic', 'against'], ['spa', 'for']], 0)
    """
    if not by or set(by) - set(FACETS):
        raise ValueError(f"by is {list(by)}, expected one or more of: {', '.join(FACETS)}")
    merged = collection.gather(**{facet: "" for facet in FACETS if facet not in by})
    rows, left_out = order_questions(merged, least=least)
    numbered = rows[list(FACETS)].assign(row=range(len(rows)))
    bars = count_stances(merged).merge(numbered, on=list(FACETS))
    ranked = order_sources(collection)
    ranked = ranked[ranked["source"].isin(bars["source"])]
    height = ranked["kind"].map(HEIGHTS).fillna(ranked["part"].map(PART_HEIGHTS))
    ranked = ranked.assign(height=height.astype("int64"))
    ranked = ranked.sort_values("height", ascending=False, kind="stable")
    ranked = ranked.assign(number=np.arange(1, len(ranked) + 1))
    bars = bars.merge(ranked, on="source")
    order = np.lexsort((bars["number"], bars["side"].map(_ACROSS.index), bars["row"]))
    return bars.iloc[order].reset_index(drop=True)[list(BAR_COLUMNS)], left_out


@of_collection
def count_cells(
    collection: Collection, *, rows: str = "condition", columns: str = "aspect"
) -> pd.DataFrame:
    """
    Count the sources on either side of each condition and aspect, or of any two facets.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Gather terms before, where narrower ones are to share a cell.
    rows, columns : {"condition", "intervention", "aspect"}
        The facets that make the cells.

    Returns
    -------
    cells : DataFrame, one row per cell that a source addresses
        The two facets; ``sources``; how many of them are ``for``, ``uncertain``, ``against``, on
        ``both`` sides, ``off_scale``: the five add up to all; ``conflicts`` and
        ``contradictions``: the questions in the cell with that verdict (claims on different
        treatments share a cell but do not meet, so that a cell may hold both sides without a
        conflict); ``claims_for``, ``claims_uncertain``, ``claims_against``, ``claims_both`` and
        ``claims_off_scale``: ids of the claims of the sources counted there, tuples in the order
        of the claims. Rows, then columns in the order of the vocabulary, terms that it lacks after
        it as the claims raise them.

    Raises
    ------
    ValueError
        If `rows` and `columns` are not two different facets.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> cells = count_cells(claims)
    >>> cells[["for", "against", "conflicts", "claims_for"]].values.tolist()
    [[1, 1, 1, ('a',)]]
    """
    pair = [rows, columns]
    if len(set(pair) & set(FACETS)) < len(pair):
        raise ValueError(f"rows and columns are {pair}, expected two of: {', '.join(FACETS)}")
    merged = collection.gather(**{facet: "" for facet in FACETS if facet not in pair})
    cells, clashes = count_questions(merged)[[*pair, "sources"]], count_clashes(merged)
    of_stance = clashes.question * 5 + number_sides(merged)
    counts = np.bincount(of_stance, minlength=len(cells) * 5).reshape(-1, 5)
    ids = gather_ids(merged, of_stance[clashes.of_claim], len(cells) * 5).to_numpy().reshape(-1, 5)
    sides = [side.replace(" ", "_") for side in (*SIDES, BOTH, OFF_SCALE)]
    for number, side in enumerate(sides):
        cells[side] = counts[:, number]
    questions = count_questions(collection)
    for name, verdict in zip(("conflicts", "contradictions"), VERDICTS, strict=False):
        held = (questions["verdict"] == verdict).groupby([questions[facet] for facet in pair]).sum()
        cells[name] = held.reindex(pd.MultiIndex.from_frame(cells[pair])).to_numpy(dtype=np.int64)
    for number, side in enumerate(sides):
        cells[f"claims_{side}"] = pd.Series(ids[:, number], dtype=object)
    places = [
        pd.Index(
            dict.fromkeys([*collection.terms.find_terms(facet), *collection.asked[facet]])
        ).get_indexer(pd.Index(cells[facet]))
        for facet in pair
    ]
    return cells.iloc[np.lexsort(places[::-1])].reset_index(drop=True)
