"""On whose evidence: which sources lean on which studies, and how few studies carry a side."""

from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ARTICLE, FACETS, OTHER, STUDY
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.relations import find_questions
from claimbook.measures.stances import OFF_SCALE, SIDES

SUPPORT_COLUMNS: Final = (
    *FACETS, "side", "sources", "voices", "repeats", "studies", "second_hand", "untraceable",
    "uncredited", "study", "rests_on",
)  # fmt: skip
SUPPORTS: Final = ("none", "untraceable", "second-hand", "one study", "several studies")
_SECOND_HAND: Final = (ARTICLE, OTHER)
_AGREEING: Final = ("faithful", "overgeneralised")
_Array = np.ndarray


@of_collection
def find_citations(collection: Collection) -> pd.DataFrame:
    """
    Find which source cites which study.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    citations : DataFrame of bool, one row per source that cites, one column per study cited
        The citation matrix; both in order of first appearance. An article or a page that is
        cited is no study and is left out.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "clinic", "gp"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": "for", "cited_study": ["trial", "trial", ""], "claim": "It helps."})
    >>> find_citations(claims)["trial"].to_dict()
    {'spa': True, 'clinic': True}
    """
    study = _find_studies(collection)
    citing = study != ""
    rows, sources = pd.factorize(collection.claims["source"][citing])
    columns, studies = pd.factorize(study[citing])
    cited = np.zeros((len(sources), len(studies)), dtype=bool)
    cited[rows, columns] = True
    names = (pd.Index(sources, name="source"), pd.Index(studies, name="cited_study"))
    return pd.DataFrame(cited, *names)


def _find_studies(collection: Collection) -> pd.Series:
    """Name the study that each claim cites; empty where it cites none, or what is no study."""
    cited = collection.claims["cited_study"]
    return cited.mask(cited.map(collection.parts).isin(_SECOND_HAND), "")


@of_collection
def measure_overlap(collection: Collection) -> dict[str, float]:
    """
    Measure how far sources lean on the same studies: the corrected covered area.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        ``collection.filter(source=collection.articles)`` leaves out what studies cite.

    Returns
    -------
    overlap : dict
        ``sources`` (c), ``studies`` (r), ``citations`` (N) and ``overlap``: 0 where no study is
        cited twice, 1 where every source cites every study. NaN where fewer than two sources or
        no studies are there.

    Notes
    -----
    ``(N - r) / (r c - r)``. Pieper and others read up to 0.05 as slight overlap, up to 0.10 as
    moderate, up to 0.15 as high and more as very high; these bounds are a convention.

    References
    ----------
    Pieper D, Antoine SL, Mathes T, Neugebauer EAM, Eikermann M (2014). Systematic review finds
    overlapping reviews were not mentioned in every other overview. Journal of Clinical
    Epidemiology 67(4), 368-375, https://doi.org/10.1016/j.jclinepi.2013.11.007.

    Examples
    --------
    Three sources cite one study or both: N = 4, r = 2, c = 3.

    >>> claims = pd.DataFrame({"claim_id": list("abcd"), "source": ["spa", "spa", "gym", "gp"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": "for", "cited_study": ["x", "y", "x", "y"], "claim": "It helps."})
    >>> measure_overlap(claims)["overlap"]
    0.5
    """
    cited = find_citations(collection).to_numpy(dtype=bool)
    number, (sources, studies) = int(cited.sum()), cited.shape
    most = studies * (sources - 1)
    overlap = (number - studies) / most if most > 0 else float("nan")
    return {"sources": sources, "studies": studies, "citations": number, "overlap": overlap}


@of_collection
def measure_pair_overlap(collection: Collection) -> pd.DataFrame:
    """
    Measure how far every two sources lean on the same studies.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        As for `measure_overlap`.

    Returns
    -------
    overlaps : DataFrame, one row per pair of sources that cite
        ``source_a``, ``source_b``; ``studies`` (that either cites), ``shared`` (that both do) and
        ``overlap``, the corrected covered area of the two: ``shared / studies``. Sources in order
        of first appearance, a before b.

    See Also
    --------
    measure_overlap : Formula and reference; over all sources at once.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": "for", "cited_study": ["x", "y", "x"], "claim": "It helps."})
    >>> measure_pair_overlap(claims).values.tolist()
    [['spa', 'clinic', 2, 1, 0.5]]
    """
    citations = find_citations(collection)
    cited = citations.to_numpy(dtype=float)
    one, two = np.triu_indices(len(cited), k=1)
    shared = (cited @ cited.T)[one, two]
    each = cited.sum(axis=1)
    studies = each[one] + each[two] - shared
    names = citations.index.to_numpy()
    overlaps = pd.DataFrame({"source_a": names[one], "source_b": names[two]})
    return overlaps.assign(
        studies=studies.astype(np.int64), shared=shared.astype(np.int64), overlap=shared / studies
    )


@of_collection
def count_support(collection: Collection) -> pd.DataFrame:
    """
    Count the voices and the studies that carry each side of each question.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    support : DataFrame, one row per question and side taken
        ``condition``, ``intervention``, ``aspect``, ``side`` (for, uncertain, against, off
        scale); ``sources`` on it; ``voices``, how many of them are independent: sources of one
        publisher are one voice, and who repeats what it cites is one with it; ``repeats``, a tuple
        of the sources that on it cite an article or a page which stands on the same level;
        ``studies``, how many different ones they cite on it or are; ``second_hand``, the sources
        that on it cite an article or a page but no study; ``untraceable``, those that credit
        somebody but cite nothing that is known; ``uncredited``, those that credit nobody;
        ``study``, where there is but one, else empty; ``rests_on``: ``"several studies"``,
        ``"one study"``, ``"second-hand"``, ``"untraceable"`` or ``"none"`` (nobody is credited).
        Questions as the claims raise them, sides as above.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "clinic", "gp"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"], "claim": "It is said.",
    ...     "attribution": ["a trial", "research", ""], "cited_study": ["trial", "trial", ""]})
    >>> count_support(claims)[["side", "sources", "rests_on"]].values.tolist()
    [['for', 2, 'one study'], ['against', 1, 'none']]
    """
    questions = find_questions(collection)
    off = np.isnan(collection.scores)
    cell = questions.of_claim * 4 + np.where(off, 3, 1 - collection.sides)
    known, place = np.unique(cell, return_inverse=True)
    support = questions.table.iloc[known // 4].reset_index(drop=True)
    support["side"] = pd.Series(np.array([*SIDES, OFF_SCALE], dtype=object)[known % 4], dtype="str")
    for name, counts in _count_sources(collection, place, len(known)).items():
        support[name] = counts
    support["voices"], support["repeats"] = _count_voices(collection, place, len(known))
    support["studies"], support["study"] = _count_studies(collection, place, len(known))
    tests = [support["studies"] > 1, support["studies"] == 1]
    tests += [support["second_hand"] > 0, support["untraceable"] > 0]
    rests_on = np.select(tests, [np.array(name, dtype=object) for name in SUPPORTS[:0:-1]], "none")
    return support.assign(rests_on=pd.Series(rests_on, dtype="str"))[list(SUPPORT_COLUMNS)]


def _count_sources(collection: Collection, place: _Array, number: int) -> dict[str, _Array]:
    """Count the sources on each side, and those that cite no study by the best that they name."""
    claims, studies = collection.claims, _find_studies(collection)
    best = np.select(
        [studies != "", claims["cited_study"] != "", claims["attribution"] != ""], [3, 2, 1], 0
    )
    stances = pd.DataFrame({"place": place, "source": claims["source"], "best": best})
    reached = stances.groupby(["place", "source"], sort=False)["best"].max()
    side, best = reached.index.get_level_values(0).to_numpy(), reached.to_numpy()
    counts = {"sources": np.bincount(side, minlength=number)}
    for code, name in enumerate(("uncredited", "untraceable", "second_hand")):
        counts[name] = np.bincount(side[best == code], minlength=number)
    return counts


def _count_voices(collection: Collection, place: _Array, number: int) -> tuple[_Array, pd.Series]:
    """Count the independent voices on each side, and name the sources that repeat another."""
    claims, voices = collection.claims, collection.voices
    voice = claims["source"].map(voices)
    rows = pd.DataFrame({"place": place, "voice": voice}).drop_duplicates()
    counts = np.bincount(rows["place"], minlength=number)
    traces = trace_claims(collection)
    agreeing = traces["cited_part"].isin(_SECOND_HAND) & traces["fidelity"].isin(_AGREEING)
    again = claims["claim_id"].isin(traces.loc[agreeing, "claim_id"]).to_numpy()
    links = pd.DataFrame({"one": voice, "other": claims["cited_study"].map(voices)})[again]
    repeats: dict[Any, tuple[str, ...]] = {}
    for side, chosen in links.groupby(place[again]):
        on_it = rows.loc[rows["place"] == side, "voice"]
        groups = [{name} for name in on_it]
        for link in map(set, chosen.itertuples(index=False, name=None)):
            joined = link.union(*(group for group in groups if group & link))
            groups = [joined, *(group for group in groups if not group & link)]
        counts[int(str(side))] = len(groups)
        repeats[side] = tuple(claims.loc[chosen.index, "source"].unique())
    return counts, pd.Series([repeats.get(side, ()) for side in range(number)], dtype=object)


def _count_studies(collection: Collection, place: _Array, number: int) -> tuple[_Array, pd.Series]:
    """Count the studies that are cited on each side or stand there, and name an only one."""
    claims, study = collection.claims, _find_studies(collection)
    own = claims["source"].where(claims["source"].map(collection.parts) == STUDY, "")
    study = study.mask(claims["cited_study"] == "", own)
    rows = pd.DataFrame({"place": place, "study": study})
    rows = rows[rows["study"] != ""].drop_duplicates()
    counts = np.bincount(rows["place"], minlength=number)
    only = np.full(number, "", dtype=object)
    only[rows["place"]] = rows["study"]
    return counts, pd.Series(np.where(counts == 1, only, ""), dtype="str")
