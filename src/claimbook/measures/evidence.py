"""On whose evidence: which sources lean on which studies, and how few studies carry a side."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import ARTICLE, FACETS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import find_questions, score_claims

SIDES: Final = ("for", "uncertain", "against")
OVERLAP_COLUMNS: Final = ("source_a", "source_b", "studies", "shared", "overlap")
SUPPORT_COLUMNS: Final = (
    *FACETS,
    "side",
    "sources",
    "studies",
    "untraceable",
    "uncredited",
    "study",
    "rests_on",
)
SUPPORTS: Final = ("none", "untraceable", "one study", "several studies")


def find_citations(claims: pd.DataFrame) -> pd.DataFrame:
    """
    Find which source cites which study.

    Parameters
    ----------
    claims : DataFrame of str, one row per claim
        Needs ``source`` and ``cited_study``, empty where no study is cited.

    Returns
    -------
    citations : DataFrame of bool, one row per source that cites, one column per study cited
        The citation matrix; both in order of first appearance.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic", "gp"],
    ...                        "cited_study": ["trial", "trial", ""]})
    >>> find_citations(claims)["trial"].to_dict()
    {'spa': True, 'clinic': True}
    """
    citing = claims.loc[claims["cited_study"] != "", ["source", "cited_study"]]
    rows, sources = pd.factorize(citing["source"])
    columns, studies = pd.factorize(citing["cited_study"])
    cited = np.zeros((len(sources), len(studies)), dtype=bool)
    cited[rows, columns] = True
    return pd.DataFrame(
        cited,
        index=pd.Index(sources, name="source"),
        columns=pd.Index(studies, name="cited_study"),
    )


def measure_overlap(citations: pd.DataFrame) -> dict[str, float]:
    """
    Measure how far sources lean on the same studies: the corrected covered area.

    Parameters
    ----------
    citations : DataFrame of bool or of 0 and 1, one row per source, one column per study
        As `find_citations` returns it. A study that none cites does not count.

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

    >>> citations = pd.DataFrame([[1, 1], [1, 0], [0, 1]])
    >>> measure_overlap(citations)["overlap"]
    0.5
    """
    cited = citations.to_numpy(dtype=bool)
    number, studies, sources = int(cited.sum()), int(cited.any(axis=0).sum()), len(cited)
    most = studies * (sources - 1)
    overlap = (number - studies) / most if most > 0 else float("nan")
    return {"sources": sources, "studies": studies, "citations": number, "overlap": overlap}


def measure_pair_overlap(citations: pd.DataFrame) -> pd.DataFrame:
    """
    Measure how far every two sources lean on the same studies.

    Parameters
    ----------
    citations : DataFrame of bool or of 0 and 1, one row per source, one column per study
        As `find_citations` returns it.

    Returns
    -------
    overlaps : DataFrame, one row per pair of sources
        ``source_a``, ``source_b``; ``studies`` (that either cites), ``shared`` (that both do) and
        ``overlap``, the corrected covered area of the two: ``shared / studies``. NaN where
        neither cites any. In the order of `citations`, a before b.

    See Also
    --------
    measure_overlap : Formula and reference; over all sources at once.

    Examples
    --------
    >>> citations = pd.DataFrame([[1, 1], [1, 0]], index=["spa", "clinic"])
    >>> measure_pair_overlap(citations).values.tolist()
    [['spa', 'clinic', 2, 1, 0.5]]
    """
    cited = citations.to_numpy(dtype=float)
    one, two = np.triu_indices(len(cited), k=1)
    shared = (cited @ cited.T)[one, two]
    each = cited.sum(axis=1)
    studies = each[one] + each[two] - shared
    names = citations.index.to_numpy()
    columns = (
        names[one],
        names[two],
        studies.astype(np.int64),
        shared.astype(np.int64),
        shared / np.where(studies > 0, studies, np.nan),
    )
    return pd.DataFrame(dict(zip(OVERLAP_COLUMNS, columns, strict=True)))


def count_support(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, sources: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Count the studies that carry each side of each question, and flag where there is one or none.

    Parameters
    ----------
    claims : DataFrame of str, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect``, ``recommendation``,
        ``attribution`` and ``cited_study``.
    vocabulary : Vocabulary
        Its levels and their scores: the sign is the side.
    sources : DataFrame, optional, one row per source
        Takes ``source`` and ``kind``: a source that is no article is a study itself and may rest
        on its own findings. So may, with or without the table, any source that another cites.

    Returns
    -------
    support : DataFrame, one row per question and side taken
        ``condition``, ``intervention``, ``aspect``, ``side`` (for, uncertain, against);
        ``sources`` on it; ``studies``, how many different ones they cite on it or are;
        ``untraceable``, the sources that credit somebody on it but no study that is known;
        ``uncredited``, those that credit nobody; ``study``, where there is but one, else empty;
        ``rests_on``: ``"several studies"``, ``"one study"``, ``"untraceable"`` or ``"none"``
        (nobody is credited). Questions as the claims raise them, sides as above.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "clinic", "gp"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": ["for"] * 2 + ["against"],
    ...     "attribution": ["a trial", "research", ""], "cited_study": ["trial", "trial", ""]})
    >>> count_support(claims, Vocabulary())[["side", "sources", "rests_on"]].values.tolist()
    [['for', 2, 'one study'], ['against', 1, 'none']]
    """
    _, scores = score_claims(claims, vocabulary)
    questions = find_questions(claims)
    cell = questions.of_claim * 3 + 1 - np.sign(scores).astype(np.int64)
    known, place = np.unique(cell, return_inverse=True)
    study = _find_backing(claims, sources)
    stances = pd.DataFrame({"place": place, "source": pd.factorize(claims["source"])[0]})
    stances["cites"] = (study != "").to_numpy()
    stances["credits"] = (claims["attribution"] != "").to_numpy()
    counts = _count_sources(stances, len(known))
    number, only = _count_studies(place, study, len(known))
    support = questions.table.iloc[known // 3].reset_index(drop=True)
    return support.assign(
        side=np.array(SIDES, dtype=object)[known % 3],
        **counts,
        studies=number,
        study=only,
        rests_on=_judge(number, counts["untraceable"]),
    ).astype({"side": "str", "study": "str", "rests_on": "str"})[list(SUPPORT_COLUMNS)]


def _find_backing(claims: pd.DataFrame, sources: pd.DataFrame | None) -> pd.Series:
    """Name the study that each claim rests on: that it cites, or its source where it is one."""
    own = claims["source"].where(claims["source"].isin(find_studies(claims, sources)), "")
    return claims["cited_study"].mask(claims["cited_study"] == "", own)


def find_studies(claims: pd.DataFrame, sources: pd.DataFrame | None = None) -> set[str]:
    """
    Find which sources are studies, that may lean on their own findings.

    Parameters
    ----------
    claims : DataFrame of str, one row per claim
        Needs ``cited_study``: what another source cites is a study.
    sources : DataFrame or None, one row per source
        Takes ``source`` and ``kind``: so is a source that is no article.

    Returns
    -------
    studies : set of str
        Keys of sources, and of studies cited that are no source here.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "trial"], "cited_study": ["trial", ""]})
    >>> find_studies(claims)
    {'trial'}
    """
    studies = set(claims["cited_study"].unique())
    if sources is not None and "kind" in sources:
        studies |= set(sources.loc[~sources["kind"].isin(["", ARTICLE]), "source"])
    return studies - {""}


def _count_sources(stances: pd.DataFrame, number: int) -> dict[str, np.ndarray]:
    """Count the sources on each side, those that credit but cite nothing, and those that do not."""
    by_source = stances.groupby(["place", "source"])[["cites", "credits"]].max()
    place = by_source.index.get_level_values(0).to_numpy()
    cites, credits_ = by_source["cites"].to_numpy(), by_source["credits"].to_numpy()
    return {
        "sources": np.bincount(place, minlength=number),
        "untraceable": np.bincount(place[~cites & credits_], minlength=number),
        "uncredited": np.bincount(place[~cites & ~credits_], minlength=number),
    }


def _count_studies(
    place: np.ndarray, study: pd.Series, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Count the different studies on each side, and name them where there is but one."""
    rows = pd.DataFrame({"place": place, "study": study.to_numpy()})
    rows = rows[rows["study"] != ""].drop_duplicates()
    counts = np.bincount(rows["place"], minlength=number)
    only = np.full(number, "", dtype=object)
    only[rows["place"]] = rows["study"]
    return counts, np.where(counts == 1, only, "")


def _judge(studies: np.ndarray, untraceable: np.ndarray) -> np.ndarray:
    none, hidden, one, several = SUPPORTS
    return np.select([studies > 1, studies == 1, untraceable > 0], [several, one, hidden], none)
