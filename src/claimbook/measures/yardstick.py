"""Reference mode: one source, such as a guideline, is the yardstick for all the others."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, RELATIONS
from claimbook.collection.problems import suggest
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.fidelity import rank_meetings
from claimbook.compare.relations import (
    Meetings,
    Questions,
    find_questions,
    meet_questions,
    score_claims,
)

SOURCE_MEASURES: Final = (
    "source",
    "claims",
    "met",
    *RELATIONS,
    "accuracy",
    "recommendations",
    "addressed",
    "rightly",
    "coverage",
    "right_coverage",
)
COVERAGE_COLUMNS: Final = ("source", "reference", "relation", "claim_id")
OMISSION_COLUMNS: Final = ("source", "claim_id", *FACETS, "recommendation")
_Array = np.ndarray


def relate_to_yardstick(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, yardstick: str
) -> pd.DataFrame:
    """
    Hold each claim of the other sources against what the yardstick says on the point.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``.
    vocabulary : Vocabulary
        Says what is broader, and what a level scores.
    yardstick : str
        Key of a source.

    Returns
    -------
    references : DataFrame, one row per claim of another source
        ``claim_id``, ``source``; ``relation`` to the yardstick's claim (agree, qualify, conflict;
        empty where none of its claims meets this one); ``reference``, the id of that claim.
        In the order of the claims.

    Raises
    ------
    ValueError
        If no claim is the yardstick's, or a recommendation is no level of the vocabulary.

    Notes
    -----
    Of several claims of the yardstick that meet the claim the nearest counts, as in fidelity and
    as `claimbook.compare.fidelity.rank_meetings` has it; of several that are equally near, the first.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["n", "a", "b"], "source": ["nice", "spa", "spa"],
    ...     "condition": ["back pain", "back pain", "cold"], "intervention": "massage",
    ...     "aspect": "use", "recommendation": ["conditional for", "for", "for"]})
    >>> relate_to_yardstick(claims, Vocabulary(), yardstick="nice").values.tolist()
    [['a', 'spa', 'qualify', 'n'], ['b', 'spa', '', '']]
    """
    levels, scores = score_claims(claims, vocabulary)
    questions = find_questions(claims)
    own = _find_own(claims, yardstick)
    meetings = _meet_yardstick(questions, vocabulary, own)
    first_claim = pd.Series(own.nonzero()[0]).groupby(questions.of_claim[own]).first()
    meetings["row"] = meetings["asked"].map(first_claim)
    nearest = meetings.sort_values(["question", "nearness", "row"]).drop_duplicates("question")
    found = nearest.set_index("question")["row"].reindex(questions.of_claim[~own]).to_numpy(float)
    rows, met = (~own).nonzero()[0], ~np.isnan(found)
    reference = np.where(met, found, 0).astype(np.int64)
    relation = np.array(RELATIONS, dtype=object)[_relate(levels, scores, rows, reference)]
    ids = claims["claim_id"].to_numpy(dtype=object)
    table = claims.loc[~own, ["claim_id", "source"]].reset_index(drop=True)
    table["relation"] = np.where(met, relation, "")
    table["reference"] = np.where(met, ids[reference], "")
    return table.astype({"relation": "str", "reference": "str"})


def measure_sources(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, yardstick: str
) -> pd.DataFrame:
    """
    Measure how accurate the other sources are by the yardstick, and how much of it they cover.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `relate_to_yardstick`.
    vocabulary : Vocabulary
        Likewise.
    yardstick : str
        Likewise.

    Returns
    -------
    measures : DataFrame, one row per other source
        ``source``; ``claims``; ``met``, how many of them meet a claim of the yardstick;
        ``agree``, ``qualify``, ``conflict``, how these relate to the nearest; ``accuracy``, the
        share of those met that agree. ``recommendations``, the claims of the yardstick;
        ``addressed``, how many of them a claim of the source meets; ``rightly``, how many of
        these the nearest such claim agrees with; ``coverage`` and ``right_coverage``, either as a
        share of the recommendations. NaN where nothing is met. Sources as they first appear.

    Raises
    ------
    ValueError
        If no claim is the yardstick's, or a recommendation is no level of the vocabulary.

    Notes
    -----
    To agree is to stand on the same level. An audit that asks only for the same side takes
    ``agree`` and ``qualify`` together. Where the yardstick is silent a claim is neither right nor
    wrong: it does not count in ``accuracy``.

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
    ...     "recommendation": ["for", "against", "for", "for"]})
    >>> measures = measure_sources(claims, Vocabulary(), yardstick="nice")
    >>> measures[["source", "met", "accuracy", "addressed", "coverage"]].values.tolist()
    [['spa', 1, 1.0, 1, 0.5]]
    """
    references = relate_to_yardstick(claims, vocabulary, yardstick=yardstick)
    answers = _find_answers(claims, vocabulary, yardstick)
    measures = pd.DataFrame({"source": references["source"].unique()}, dtype="str")

    def count(rows: pd.DataFrame) -> pd.Series:
        return measures["source"].map(rows["source"].value_counts()).fillna(0).astype(np.int64)

    met = references[references["relation"] != ""]
    measures["claims"], measures["met"] = count(references), count(met)
    for relation in RELATIONS:
        measures[relation] = count(met[met["relation"] == relation])
    measures["accuracy"] = measures["agree"] / measures["met"].where(measures["met"] > 0)
    measures["recommendations"] = int((claims["source"] == yardstick).sum())
    measures["addressed"] = count(answers)
    measures["rightly"] = count(answers[answers["relation"] == 0])
    measures["coverage"] = measures["addressed"] / measures["recommendations"]
    measures["right_coverage"] = measures["rightly"] / measures["recommendations"]
    return measures[list(SOURCE_MEASURES)]


def find_coverage(claims: pd.DataFrame, vocabulary: Vocabulary, *, yardstick: str) -> pd.DataFrame:
    """
    Find how each source answers each thing that the yardstick says.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `relate_to_yardstick`.
    vocabulary : Vocabulary
        Likewise.
    yardstick : str
        Likewise.

    Returns
    -------
    coverage : DataFrame of str, one row per other source and claim of the yardstick
        ``source``; ``reference``, the yardstick's claim; ``relation`` of the source's nearest
        claim to it (agree, qualify, conflict; empty where none meets it); ``claim_id`` of that
        claim. Sources as they first appear, within one the yardstick's claims in their order.

    Raises
    ------
    ValueError
        If no claim is the yardstick's, or a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("nma"), "source": ["nice", "nice", "spa"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "standalone", "use"], "recommendation": ["for", "against", "for"]})
    >>> find_coverage(claims, Vocabulary(), yardstick="nice").values.tolist()
    [['spa', 'n', 'agree', 'a'], ['spa', 'm', '', '']]
    """
    answers = _find_answers(claims, vocabulary, yardstick)
    rows = _find_own(claims, yardstick).nonzero()[0]
    sources = claims.loc[claims["source"] != yardstick, "source"].unique()
    every = pd.MultiIndex.from_product([sources, rows], names=["source", "reference"])
    coverage = every.to_frame(index=False).merge(answers, on=["source", "reference"], how="left")
    met = coverage["row"].notna().to_numpy()
    ids = claims["claim_id"].to_numpy(dtype=object)
    number = coverage[["relation", "row"]].fillna(0).astype(np.int64)
    relation = np.array(RELATIONS, dtype=object)[number["relation"]]
    coverage["relation"] = np.where(met, relation, "")
    coverage["claim_id"] = np.where(met, ids[number["row"]], "")
    coverage["reference"] = ids[coverage["reference"]]
    table: pd.DataFrame = coverage[list(COVERAGE_COLUMNS)].astype("str")
    return table


def find_omissions(claims: pd.DataFrame, vocabulary: Vocabulary, *, yardstick: str) -> pd.DataFrame:
    """
    Find what the yardstick says and another source leaves out.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `relate_to_yardstick`.
    vocabulary : Vocabulary
        Likewise.
    yardstick : str
        Likewise.

    Returns
    -------
    omissions : DataFrame, one row per source and claim of the yardstick that none of its meets
        ``source``, which leaves it out; ``claim_id``, ``condition``, ``intervention``, ``aspect``
        and ``recommendation`` of what is left out. Sources as they first appear, within one the
        claims in their order.

    Raises
    ------
    ValueError
        If no claim is the yardstick's, or a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("nma"), "source": ["nice", "nice", "spa"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["use", "standalone", "use"], "recommendation": ["for", "against", "for"]})
    >>> find_omissions(claims, Vocabulary(), yardstick="nice")[["source", "claim_id"]].values
    array([['spa', 'm']], dtype=object)
    """
    coverage = find_coverage(claims, vocabulary, yardstick=yardstick)
    left = coverage[coverage["relation"] == ""]
    said = claims.set_index("claim_id", drop=False)[list(OMISSION_COLUMNS[1:])]
    omissions: pd.DataFrame = said.loc[left["reference"]].reset_index(drop=True)
    omissions.insert(0, "source", left["source"].to_numpy())
    return omissions.astype({"source": "str"})


def _find_answers(claims: pd.DataFrame, vocabulary: Vocabulary, yardstick: str) -> pd.DataFrame:
    """Find, for each claim of the yardstick and each source that meets it, the nearest claim."""
    levels, scores = score_claims(claims, vocabulary)
    questions = find_questions(claims)
    own = _find_own(claims, yardstick)
    meetings = _meet_yardstick(questions, vocabulary, own)
    rows, asked = (
        pd.DataFrame({name: questions.of_claim[chosen], role: chosen.nonzero()[0]})
        for name, role, chosen in (("question", "row", ~own), ("asked", "reference", own))
    )
    answers = meetings.merge(rows, on="question").merge(asked, on="asked")
    answers["source"] = claims["source"].to_numpy()[answers["row"]]
    answers = answers.sort_values(["reference", "nearness", "row"], kind="stable")
    answers = answers.drop_duplicates(["reference", "source"])
    pairs = answers["row"].to_numpy(), answers["reference"].to_numpy()
    relation = _relate(levels, scores, *pairs)
    return answers.assign(relation=relation)


def _find_own(claims: pd.DataFrame, yardstick: str) -> _Array:
    own: _Array = (claims["source"] == yardstick).to_numpy(dtype=bool)
    if not own.any():
        hint = suggest(yardstick, claims["source"].unique())
        raise ValueError(f"no claim is of source {yardstick!r}: {hint}")
    return own


def _meet_yardstick(questions: Questions, vocabulary: Vocabulary, own: _Array) -> pd.DataFrame:
    """Find which questions meet those that the yardstick answers; the nearest lie lowest."""
    meetings = meet_questions(questions.table, vocabulary)
    answered = np.zeros(len(questions.table), dtype=bool)
    answered[questions.of_claim[own]] = True
    met = answered[meetings.second]
    meetings = Meetings(*(part[met] for part in meetings))
    nearness = rank_meetings(meetings, questions.table, vocabulary)
    return pd.DataFrame(
        {"question": meetings.first, "asked": meetings.second, "nearness": nearness}
    )


def _relate(levels: _Array, scores: _Array, one: _Array, other: _Array) -> _Array:
    """Give the place of each relation in ``codebook.RELATIONS``."""
    opposite = np.sign(scores[one]) * np.sign(scores[other]) < 0
    return np.where(opposite, 2, np.where(levels[one] == levels[other], 0, 1))
