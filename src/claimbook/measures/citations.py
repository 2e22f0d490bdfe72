"""Who cites what, and how faithfully: counted line by line, by source and by study."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ARTICLE, FIDELITIES
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.fidelity import trace_claims

CITATION_COLUMNS: Final = (
    "source", "cited_study", "cited_part", "fidelity", "claims", "claim_ids", "cited_by",
)  # fmt: skip
_UNTRACEABLE, _UNCREDITED = FIDELITIES[-2:]


@of_collection
def count_citations(collection: Collection) -> pd.DataFrame:
    """
    Count the claims by which each source leans on each study, fidelity by fidelity.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    citations : DataFrame, one row per source, study and fidelity
        ``source``; ``cited_study``, empty where no study is known; ``cited_part`` that it plays
        (study, article, other), empty where it is none of the sources; ``fidelity``, as
        `trace_claims` has it, or ``uncredited``; ``claims``, how many; ``claim_ids`` (tuple, in
        the order of the claims); ``cited_by``, how many sources cite the study, 0 without one. A
        study's own findings are not counted, but what it credits to others is. Sources and
        within them studies in order of first appearance, then as the codebook lists fidelities.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": "for",
    ...     "cited_study": ["trial", ""], "claim": "It helps."})
    >>> count_citations(claims)[["cited_study", "fidelity", "claims"]].values.tolist()
    [['trial', 'not coded', 1], ['', 'uncredited', 1]]
    """
    claims, columns = collection.claims, list(CITATION_COLUMNS[:4])
    traces = trace_claims(collection).set_index("claim_id")
    traced = traces[["cited_part", "fidelity"]].reindex(claims["claim_id"])
    leaning = claims[["claim_id", "source", "cited_study"]].assign(
        cited_part=traced["cited_part"].fillna("").to_numpy(),
        fidelity=traced["fidelity"].fillna(_UNCREDITED).to_numpy(),
    )
    own = claims["source"].map(collection.parts) != ARTICLE
    leaning = leaning[~own | (leaning["fidelity"] != _UNCREDITED)]
    ids = leaning.groupby(columns, sort=False)["claim_id"].agg(tuple)
    citations = ids.rename("claim_ids").reset_index()
    citations["claims"] = citations["claim_ids"].map(len).astype("int64")
    citing = citations[citations["cited_study"] != ""].drop_duplicates(columns[:2])
    number = citing["cited_study"].value_counts()
    citations["cited_by"] = citations["cited_study"].map(number).fillna(0).astype("int64")
    return _sort_lines(citations)[list(CITATION_COLUMNS)]


def _sort_lines(citations: pd.DataFrame) -> pd.DataFrame:
    """Sort by source and study as they come, a source's claims without a study last."""
    source, _ = pd.factorize(citations["source"])
    study, _ = pd.factorize(citations["cited_study"])
    rank = citations["fidelity"].map(FIDELITIES.index)
    order = np.lexsort((rank, study, citations["cited_study"] == "", source))
    return citations.iloc[order].reset_index(drop=True)


@of_collection
def count_fidelities(collection: Collection, *, by: str = "source") -> pd.DataFrame:
    """
    Count the claims of each fidelity, source by source or study by study.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    by : {"source", "cited_study"}
        What a row is.

    Returns
    -------
    counts : DataFrame of int, one row per source or study
        A column per fidelity, as the codebook lists them; claims as `count_citations` counts
        them. By study, those that cite none are left out. Rows in order of first appearance.

    Raises
    ------
    ValueError
        If `by` is neither.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa", "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": "for",
    ...     "cited_study": ["trial", ""], "claim": "It helps."})
    >>> count_fidelities(claims).loc["spa", ["faithful", "not coded", "uncredited"]].tolist()
    [0, 1, 1]
    """
    if by not in CITATION_COLUMNS[:2]:
        raise ValueError(f"by is {by!r}, expected 'source' or 'cited_study'")
    citations = count_citations(collection)
    counted = citations[citations[by] != ""]
    sums = counted.groupby([by, "fidelity"], sort=False)["claims"].sum()
    table = sums.unstack("fidelity", fill_value=0)
    rows = pd.Index(counted[by].drop_duplicates(), name=by)
    return table.reindex(index=rows, columns=list(FIDELITIES), fill_value=0).astype("int64")
