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
_SWEEPS: Final = 24


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


@of_collection
def gather_citations(collection: Collection, *, most: int = 12) -> pd.DataFrame:
    """
    Gather the sources and studies that cite and are cited least, so that a figure stays legible.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    most : int
        How many sources that cite, how many that cite none and how many studies keep a row.

    Returns
    -------
    gathered : DataFrame, one row per source, study and fidelity
        As `count_citations` returns them, the rows of what is gathered joined under a name such as
        ``"12 other sources"``, their ``cited_part`` empty where it differs; ``sources`` and
        ``studies`` say for how many a name stands, 1 for itself. Kept are the sources with most
        claims that cite, and the studies that most sources cite, then most claims; what stands
        equal is kept as it comes. One alone is never gathered.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "gym", "gp"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": "for", "cited_study": "trial", "claim": "It helps."})
    >>> gathered = gather_citations(claims, most=1)
    >>> gathered[["source", "claims", "cited_by", "sources"]].values.tolist()
    [['spa', 1, 3, 1], ['2 other sources', 2, 3, 2]]
    """
    citations = count_citations(collection)
    cites = citations["cited_study"] != ""
    citing, credited = (
        citations["source"].isin(citations.loc[which, "source"])
        for which in (cites, citations["fidelity"] == _UNTRACEABLE)
    )
    names, studies = citations["source"].copy(), citations["cited_study"].copy()
    for chosen, noun in (
        (citing, "other sources"),
        (~citing & credited, "other sources that credit somebody"),
        (~citing & ~credited, "other sources that credit nobody"),
    ):
        weight = (citations["claims"] * (cites | ~citing))[chosen].groupby(names[chosen]).sum()
        names[chosen] = names[chosen].replace(_name_others(weight, names[chosen], noun, most))
    by_study = citations[cites].groupby("cited_study", sort=False)
    weight = by_study["cited_by"].max() * (citations["claims"].sum() + 1) + by_study["claims"].sum()
    studies[cites] = studies[cites].replace(
        _name_others(weight, studies[cites], "other studies", most)
    )
    return _join_lines(citations, names, studies)


def _name_others(weight: pd.Series, names: pd.Series, noun: str, most: int) -> dict[str, str]:
    """Give those of the least weight one name; equal ones weigh less the later they come."""
    ranked = weight.reindex(names.unique()).sort_values(ascending=False, kind="stable")
    others = ranked.index[max(most, 0) :]
    return dict.fromkeys(others, f"{len(others)} {noun}") if len(others) > 1 else {}


def _join_lines(citations: pd.DataFrame, names: pd.Series, studies: pd.Series) -> pd.DataFrame:
    """Join the lines that are now between the same two names."""
    stands = {
        "sources": citations["source"].groupby(names).nunique(),
        "studies": citations["cited_study"].groupby(studies).nunique(),
    }
    renamed = citations.assign(source=names, cited_study=studies)
    joined = renamed.groupby(["source", "cited_study", "fidelity"], sort=False).agg(
        cited_part=("cited_part", lambda parts: parts.iloc[0] if parts.nunique() == 1 else ""),
        claims=("claims", "sum"),
        claim_ids=("claim_ids", "sum"),
        cited_by=("cited_by", "max"),
    )
    gathered = joined.reset_index()
    gathered["sources"] = gathered["source"].map(stands["sources"]).astype("int64")
    gathered["studies"] = gathered["cited_study"].map(stands["studies"]).astype("int64")
    return gathered[[*CITATION_COLUMNS, "sources", "studies"]]


def order_citations(citations: pd.DataFrame) -> tuple[list[str], list[str]]:
    """
    Put sources and studies each in an order in which few lines between them cross.

    Parameters
    ----------
    citations : DataFrame, one row per source, study and fidelity
        As `count_citations` or `gather_citations` return them.

    Returns
    -------
    sources, studies : list of str
        Those that cite and those that are cited. What stands for several others comes last.

    Notes
    -----
    The barycentre method: from the order of the claims, studies are put by the mean place of the
    sources that cite them, then sources by that of their studies, in turn. The order with the
    fewest crossings is kept, the earliest of several; equal means keep their order.

    References
    ----------
    Sugiyama K, Tagawa S, Toda M (1981). Methods for visual understanding of hierarchical system
    structures. IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109-125,
    https://doi.org/10.1109/TSMC.1981.4308636.

    Examples
    --------
    >>> citations = pd.DataFrame({"source": ["spa", "gym"], "cited_study": ["b", "a"]})
    >>> order_citations(citations)
    (['spa', 'gym'], ['b', 'a'])
    """
    lines = citations[citations["cited_study"] != ""].drop_duplicates(["source", "cited_study"])
    source, sources = pd.factorize(lines["source"])
    study, studies = pd.factorize(lines["cited_study"])
    last = [
        np.bincount(codes, weights=lines.get(name, pd.Series(1, lines.index)) > 1) > 0
        for name, codes in (("sources", source), ("studies", study))
    ]
    places = [np.argsort(np.argsort(part, kind="stable")) for part in last]
    best, fewest = places, count_crossings(places[0][source], places[1][study])
    ends = (source, study)
    for sweep in range(_SWEEPS):
        side = (sweep + 1) % 2
        total = np.bincount(ends[side], weights=places[1 - side][ends[1 - side]])
        mean = total / np.maximum(np.bincount(ends[side]), 1)
        order = np.lexsort((places[side], mean, last[side]))
        places = [np.argsort(order) if end == side else places[end] for end in (0, 1)]
        crossings = count_crossings(places[0][source], places[1][study])
        if crossings < fewest:
            best, fewest = places, crossings
    return sources[np.argsort(best[0])].tolist(), studies[np.argsort(best[1])].tolist()


def count_crossings(left: np.ndarray, right: np.ndarray) -> int:
    """
    Count how many pairs of straight lines between two columns cross.

    Parameters
    ----------
    left, right : array of int
        The place of either end of each line.

    Returns
    -------
    crossings : int
        Pairs of lines of which one starts higher and ends lower.

    Examples
    --------
    >>> count_crossings(np.array([0, 1]), np.array([1, 0]))
    1
    """
    above = np.sign(left[:, None] - left[None, :]) * np.sign(right[:, None] - right[None, :])
    return int((above < 0).sum() // 2)
