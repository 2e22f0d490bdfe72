"""Whether a claim says what the study that it leans on found."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import Meetings, find_coded, number_levels

TRACE_COLUMNS: Final = (
    "claim_id",
    "source",
    "attribution",
    "cited_study",
    "cited_part",
    "fidelity",
    "finding",
    "claim",
    "recommendation",
    "found",
    "found_recommendation",
)


@of_collection
def trace_claims(collection: Collection) -> pd.DataFrame:
    """
    Hold each claim that credits somebody against what the study it leans on found.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        The findings of a study are the claims of which it is the source, looked for in the whole
        collection, whatever is selected.

    Returns
    -------
    traces : DataFrame of str, one row per claim that credits somebody or cites a study
        ``claim_id``, ``source``, ``attribution``, ``cited_study``; ``cited_part``, the part that
        it plays (study, article, other), empty where none is named; ``fidelity``, of
        ``codebook.FIDELITIES`` but ``uncredited``; ``finding``, ids of the nearest findings, with
        ``;`` between and sorted; ``claim`` and ``recommendation`` of the claim; ``found`` and
        ``found_recommendation``, those of the findings. In the order of the claims.

    Notes
    -----
    Of several findings that meet the claim the nearest count, as `rank_meetings` has it; where
    they would give different answers, the answer is ``mixed``.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "f"], "source": ["spa", "trial"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "pain",
    ...     "recommendation": ["for", "conditional for"], "attribution": ["a trial", ""],
    ...     "cited_study": ["trial", ""], "claim": "It helps."})
    >>> trace_claims(claims)[["fidelity", "finding"]].values.tolist()
    [['overstated', 'f']]
    """
    claims = collection.claims
    traced = claims[(claims["attribution"] != "") | (claims["cited_study"] != "")]
    answers = pd.DataFrame(
        list(_trace(collection.whole, traced)),
        columns=["fidelity", "finding", "found", "found_recommendation"],
        index=traced.index,
        dtype="str",
    )
    parts = traced["cited_study"].map(lambda study: collection.parts.get(study, ""))
    traces = traced.assign(cited_part=parts).join(answers)
    return traces[list(TRACE_COLUMNS)].astype("str").reset_index(drop=True)


def _trace(whole: Collection, traced: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    ids, said, stated = (
        whole.claims[name].to_numpy() for name in ("claim_id", "claim", "recommendation")
    )
    places = pd.Index(ids).get_indexer(pd.Index(traced["claim_id"])).tolist()
    findings = whole.claims.groupby("source").indices
    questions, _ = find_coded(whole)
    meetings = _rank_cited(whole, traced)
    for place, study in zip(places, traced["cited_study"], strict=True):
        rows = findings.get(study, ())
        if not study or not len(rows):
            yield ("not coded" if study else "untraceable"), "", "", ""
            continue
        own = int(questions.of_claim[place])
        met = [
            (meeting, row)
            for row in rows
            if (meeting := meetings.get((own, int(questions.of_claim[row]))))
        ]
        if not met:
            yield "off topic", "", "", ""
            continue
        nearest = min(rank for (rank, _), _ in met)
        near = sorted((ids[row], broader, row) for (rank, broader), row in met if rank == nearest)
        answers = {_judge(whole, place, row, broader) for _, broader, row in near}
        rows = [row for _, _, row in near]
        yield (
            answers.pop() if len(answers) == 1 else "mixed",
            ";".join(ids[rows]),
            ";".join(said[rows]),
            ";".join(stated[rows]),
        )


def _rank_cited(whole: Collection, traced: pd.DataFrame) -> dict[tuple[int, int], tuple[int, bool]]:
    """Tell how near a finding's question is to a claim's, and whether the claim is broader."""
    questions, meetings = find_coded(whole)
    asked, found = np.zeros((2, len(questions.table)), dtype=bool)
    asked[questions.of_claim[whole.claims["claim_id"].isin(traced["claim_id"])]] = True
    found[questions.of_claim[whole.claims["source"].isin(traced["cited_study"])]] = True
    chosen = asked[meetings.first] & found[meetings.second]
    meetings = Meetings(*(part[chosen] for part in meetings))
    ranks = rank_meetings(meetings, questions.table, whole.terms)
    broader = (meetings.scope == 2) | (meetings.broader == 1)
    pairs = zip(meetings.first.tolist(), meetings.second.tolist(), strict=True)
    answers = zip(ranks.tolist(), broader.tolist(), strict=True)
    return dict(zip(pairs, answers, strict=True))


def _judge(whole: Collection, claim: int, finding: int, broader: bool) -> str:
    """Hold a claim against one finding."""
    level = number_levels(whole.terms)[whole.levels]
    claimed, found = np.nan_to_num(whole.scores[[claim, finding]])
    if level[claim] == level[finding]:
        return "overgeneralised" if broader else "faithful"
    if claimed * found < 0:
        return "contradicted"
    if abs(claimed) == abs(found):  # neither takes a side, each in its own way
        return "faithful"
    return "overstated" if abs(claimed) > abs(found) else "understated"


def rank_meetings(meetings: Meetings, questions: pd.DataFrame, terms: Vocabulary) -> np.ndarray:
    """
    Rank meetings of questions by how near the two lie to each other.

    Parameters
    ----------
    meetings : Meetings
        As `meet_questions` returns them, or some of them.
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, as they were given to it.
    terms : Vocabulary
        Says how many steps lie between two terms.

    Returns
    -------
    ranks : array of int, one per meeting
        The nearest lowest: same scope before nested before crossed; then the fewest steps between
        the terms; then those that share the aspect itself. Equal where none of these differs.

    Examples
    --------
    >>> from claimbook.compare.relations import meet_questions
    >>> questions = pd.DataFrame({"condition": "pain", "intervention": "massage",
    ...                           "aspect": ["effect", "contraindication"]})
    >>> rank_meetings(meet_questions(questions, Vocabulary()), questions, Vocabulary()).tolist()
    [0, 1, 1, 0]
    """
    first, second = meetings.first, meetings.second
    steps = np.zeros(len(first), dtype=np.int64)
    for facet in FACETS:
        steps += _count_steps(questions[facet], first, second, terms)
    aspect, _ = pd.factorize(questions["aspect"])
    scope = meetings.scope.astype(np.int64)
    differ = aspect[first] != aspect[second]
    ranks: np.ndarray = (scope * (steps.max(initial=0) + 1) + steps) * 2 + differ
    return ranks


def _count_steps(
    asked: pd.Series, first: np.ndarray, second: np.ndarray, terms: Vocabulary
) -> np.ndarray:
    codes, names = pd.factorize(asked)
    pairs, place = np.unique(codes[first] * len(names) + codes[second], return_inverse=True)
    steps = [
        terms.count_steps(str(asked.name), names[one], names[other])
        for one, other in zip(*np.divmod(pairs, len(names)), strict=True)
    ]
    return np.array(steps, dtype=np.int64)[place]
