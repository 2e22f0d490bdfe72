"""Reference mode: one source, such as a guideline, is the yardstick for all the others."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, SCOPES
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import suggest
from claimbook.compare.fidelity import rank_meetings
from claimbook.compare.relations import Meetings, find_coded, number_levels

ANSWERS: Final = ("same level", "same side", "no side", "opposite", "mixed", "not addressed")
REFERENCE_COLUMNS: Final = ("claim_id", "source", "answer", "scope", "reference")
COVERAGE_COLUMNS: Final = ("source", "reference", "answer", "scope", "claim_id")
OMISSION_COLUMNS: Final = ("source", "claim_id", *FACETS, "recommendation")


@of_collection
def relate_to_yardstick(collection: Collection, *, yardstick: str) -> pd.DataFrame:
    """
    Hold each claim of the other sources against what the yardstick says on the point.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    yardstick : str
        Key of a source.

    Returns
    -------
    references : DataFrame of str, one row per claim of another source
        ``claim_id``, ``source``; ``answer``: ``"same level"`` as the yardstick's claim,
        ``"same side"``, ``"no side"`` (not the same level, and one of the two or both take no
        side), ``"opposite"``, ``"mixed"`` where claims of the yardstick that are equally near give
        different answers, ``"not addressed"`` where none meets this one; ``scope`` in which they
        meet (same, nested, crossed), else empty; ``reference``, ids of the nearest claims of the
        yardstick, with ``;`` between and sorted. In the order of the claims.

    Raises
    ------
    ValueError
        If no claim is the yardstick's.

    Notes
    -----
    Of several claims of the yardstick that meet the claim the nearest count, as in fidelity and
    as `claimbook.compare.fidelity.rank_meetings` has it.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["n", "a", "b"], "source": ["nice", "spa", "spa"],
    ...     "condition": ["back pain", "back pain", "cold"], "intervention": "massage",
    ...     "aspect": "use", "recommendation": ["conditional for", "for", "for"],
    ...     "claim": "It is said."})
    >>> relate_to_yardstick(claims, yardstick="nice")[["claim_id", "answer"]].values.tolist()
    [['a', 'same side'], ['b', 'not addressed']]
    """
    met = _find_nearest(_meet_yardstick(collection, yardstick), ["claim_id"], "reference")
    claims = collection.claims
    others = claims.loc[claims["source"] != yardstick, ["claim_id", "source"]]
    return _fill(others.merge(met, on="claim_id", how="left"))[list(REFERENCE_COLUMNS)]


@of_collection
def find_coverage(collection: Collection, *, yardstick: str) -> pd.DataFrame:
    """
    Find how each source answers each thing that the yardstick says.

    Parameters
    ----------
    collection, yardstick
        As for `relate_to_yardstick`.

    Returns
    -------
    coverage : DataFrame of str, one row per other source and claim of the yardstick
        ``source``; ``reference``, the yardstick's claim; ``answer`` and ``scope`` of the source's
        nearest claims to it, as `relate_to_yardstick` has them; ``claim_id``, their ids, with
        ``;`` between and sorted. Sources as they first appear, within one the yardstick's claims
        in their order.

    Raises
    ------
    ValueError
        If no claim is the yardstick's.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("nma"), "source": ["nice", "nice", "spa"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "standalone", "use"], "recommendation": ["for", "against", "for"],
    ...     "claim": "It is said."})
    >>> coverage = find_coverage(claims, yardstick="nice")
    >>> coverage[["source", "reference", "answer"]].values.tolist()
    [['spa', 'n', 'same level'], ['spa', 'm', 'not addressed']]
    """
    keys = ["source", "reference"]
    met = _find_nearest(_meet_yardstick(collection, yardstick), keys, "claim_id")
    claims = collection.claims
    own = claims["source"] == yardstick
    sources = claims.loc[~own, "source"].unique()
    every = pd.MultiIndex.from_product([sources, claims.loc[own, "claim_id"]], names=keys)
    table = every.to_frame(index=False).merge(met, on=keys, how="left")
    return _fill(table)[list(COVERAGE_COLUMNS)]


@of_collection
def measure_sources(collection: Collection, *, yardstick: str = "") -> pd.DataFrame:
    """
    Count how the other sources answer what the yardstick says, and how much of it they address.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    yardstick : str
        Key of a source; that which ``datapackage.json`` names where it is left out.

    Returns
    -------
    measures : DataFrame, one row per other source
        ``source``; ``claims``; ``met``, how many of them meet a claim of the yardstick;
        ``recommendations``, the claims of the yardstick; how many of these the source answers on
        the ``same_level``, on the ``same_side``, with ``no_side``, on the ``opposite`` one,
        ``mixed``, and how many are ``not_addressed``: the six add up to the recommendations;
        ``addressed``, the first five; ``coverage``, their share of the recommendations. Sources as
        they first appear.

    Raises
    ------
    ValueError
        If none is named, or no claim is the yardstick's.

    Notes
    -----
    What counts is the side: a claim on the same side but another level is stronger or weaker than
    the yardstick, not wrong. Where the yardstick is silent a claim is neither right nor wrong.

    References
    ----------
    Ferreira G, Traeger AC, Machado G, O'Keeffe M, Maher CG (2019). Credibility, accuracy, and
    comprehensiveness of internet-based information about low back pain: a systematic review.
    Journal of Medical Internet Research 21(5), e13357, https://doi.org/10.2196/13357.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("nmab"), "source": ["nice"] * 2 + ["spa"] * 2,
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "standalone", "use", "safety"],
    ...     "recommendation": ["for", "against", "for", "for"], "claim": "It is said."})
    >>> measures = measure_sources(claims, yardstick="nice")
    >>> measures[["source", "met", "same_level", "not_addressed", "coverage"]].values.tolist()
    [['spa', 1, 1, 1, 0.5]]
    """
    yardstick = yardstick or str(collection.metadata.get("yardstick") or "")
    if not yardstick:
        hint = suggest("", collection.claims["source"].unique()) or "it is the key of a source"
        raise ValueError(f"name the source to hold the others against, yardstick=: {hint}")
    references = relate_to_yardstick(collection, yardstick=yardstick)
    coverage = find_coverage(collection, yardstick=yardstick)
    measures = pd.DataFrame({"source": references["source"].unique()}, dtype="str")

    def count(rows: pd.DataFrame) -> pd.Series:
        return measures["source"].map(rows["source"].value_counts()).fillna(0).astype("int64")

    measures["claims"] = count(references)
    measures["met"] = count(references[references["answer"] != ANSWERS[-1]])
    measures["recommendations"] = int((collection.claims["source"] == yardstick).sum())
    for answer in ANSWERS:
        measures[answer.replace(" ", "_")] = count(coverage[coverage["answer"] == answer])
    measures["addressed"] = measures["recommendations"] - measures["not_addressed"]
    return measures.assign(coverage=measures["addressed"] / measures["recommendations"])


@of_collection
def find_omissions(collection: Collection, *, yardstick: str) -> pd.DataFrame:
    """
    Find what the yardstick says and another source leaves out.

    Parameters
    ----------
    collection, yardstick
        As for `relate_to_yardstick`.

    Returns
    -------
    omissions : DataFrame of str, one row per source and claim of the yardstick that none meets
        ``source``, which leaves it out; ``claim_id``, ``condition``, ``intervention``, ``aspect``
        and ``recommendation`` of what is left out. Sources as they first appear, within one the
        claims in their order.

    Raises
    ------
    ValueError
        If no claim is the yardstick's.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("nma"), "source": ["nice", "nice", "spa"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "standalone", "use"], "recommendation": ["for", "against", "for"],
    ...     "claim": "It is said."})
    >>> find_omissions(claims, yardstick="nice")[["source", "claim_id"]].values.tolist()
    [['spa', 'm']]
    """
    coverage = find_coverage(collection, yardstick=yardstick)
    left = coverage.loc[coverage["answer"] == ANSWERS[-1], ["source", "reference"]]
    said = collection.claims[list(OMISSION_COLUMNS[1:])]
    omissions = left.rename(columns={"reference": "claim_id"}).merge(said, on="claim_id")
    return omissions[list(OMISSION_COLUMNS)]


@of_collection
def _meet_yardstick(collection: Collection, yardstick: str) -> pd.DataFrame:
    """Pair each claim of another source with the yardstick's that it meets, the nearest lowest."""
    claims, (questions, meetings) = collection.claims, find_coded(collection)
    own = (claims["source"] == yardstick).to_numpy(dtype=bool)
    if not own.any():
        hint = suggest(yardstick, claims["source"].unique())
        raise ValueError(f"no claim is of source {yardstick!r}: {hint}")
    asked = np.isin(meetings.second, questions.of_claim[own])
    meetings = Meetings(*(part[asked] for part in meetings))
    met = pd.DataFrame(
        {
            "question": meetings.first,
            "asked": meetings.second,
            "scope": np.array(SCOPES, dtype=object)[meetings.scope],
            "rank": rank_meetings(meetings, questions.table, collection.terms),
        }
    )
    rows, references = (
        pd.DataFrame({name: questions.of_claim[chosen], role: chosen.nonzero()[0]})
        for name, role, chosen in (("question", "row", ~own), ("asked", "other", own))
    )
    pairs = met.merge(rows, on="question").merge(references, on="asked")
    levels = number_levels(collection.terms)[collection.levels]
    one, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    same = levels[one] == levels[other]
    side = collection.sides[one] * collection.sides[other]
    ids = claims["claim_id"].to_numpy()
    return pairs[["scope", "rank"]].assign(
        claim_id=ids[one],
        source=claims["source"].to_numpy()[one],
        reference=ids[other],
        answer=np.array(ANSWERS, dtype=object)[np.where(same, 0, 2 - side)],
    )


def _find_nearest(pairs: pd.DataFrame, keys: list[str], named: str) -> pd.DataFrame:
    """Keep for each key the nearest, name them all, and judge them as one."""
    nearest = pairs[pairs["rank"] == pairs.groupby(keys)["rank"].transform("min")]
    groups = nearest.sort_values(named).groupby(keys, sort=False)
    found = groups.agg(
        scope=("scope", "first"),
        answer=("answer", "first"),
        differ=("answer", "nunique"),
        **{named: (named, ";".join)},
    ).reset_index()
    found["answer"] = found["answer"].mask(found.pop("differ") > 1, "mixed")
    return found


def _fill(table: pd.DataFrame) -> pd.DataFrame:
    """Say of what nothing meets that it is not addressed."""
    filled = table.assign(answer=table["answer"].fillna(ANSWERS[-1]))
    return filled.fillna("").astype("str")
