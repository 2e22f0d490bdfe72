"""Whether a claim says what the study that it leans on found."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.relations import Meetings, find_questions, meet_questions, score_claims

FIDELITIES: Final = (
    "faithful",
    "overstated",
    "understated",
    "contradicted",
    "off topic",
    "untraceable",
    "uncredited",
)


def trace_claims(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Hold each claim that credits somebody against what the study it leans on found.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect``,
        ``recommendation``, ``attribution`` and ``cited_study``. The findings of a study are the
        rows of which it is the source.
    vocabulary : Vocabulary
        Says what is broader, and what a level scores.

    Returns
    -------
    traces : DataFrame, one row per claim that credits somebody or cites a study
        ``claim_id``, ``source``, ``attribution``, ``cited_study``; ``fidelity`` (faithful,
        overstated, understated, contradicted, off topic, untraceable); ``finding``: the id of the
        finding that it was held against, empty where there is none. In the order of the claims.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Notes
    -----
    Of several findings that meet the claim the nearest counts, as `rank_meetings` has it; of
    several that are equally near, the first.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "f"], "source": ["spa", "trial"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "pain",
    ...     "recommendation": ["for", "conditional for"], "attribution": ["a trial", ""],
    ...     "cited_study": ["trial", ""]})
    >>> trace_claims(claims, Vocabulary())[["fidelity", "finding"]].values.tolist()
    [['overstated', 'f']]
    """
    traced = claims[(claims["attribution"] != "") | (claims["cited_study"] != "")]
    rows = list(_trace(claims, traced, vocabulary))
    columns = ["claim_id", "source", "attribution", "cited_study"]
    found = pd.DataFrame(rows, columns=["fidelity", "finding"], index=traced.index, dtype="str")
    return pd.concat([traced[columns], found], axis=1).reset_index(drop=True)


def _trace(
    claims: pd.DataFrame, traced: pd.DataFrame, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    levels, scores = score_claims(claims, vocabulary)
    find_rank = _rank_findings(claims, traced, vocabulary)
    findings = claims.groupby("source").indices
    ids = claims["claim_id"].to_numpy()
    places = claims.index.get_indexer(traced.index).tolist()
    for place, study in zip(places, traced["cited_study"], strict=True):
        if not study:
            yield "untraceable", ""
            continue
        ranked = [(find_rank(place, row), row) for row in findings.get(study, ())]
        met = [(rank, row) for rank, row in ranked if rank is not None]
        if not met:
            yield "off topic", ""
            continue
        row = min(met)[1]
        same = levels[place] == levels[row] or scores[place] == scores[row]
        yield ("faithful" if same else _judge(scores[place], scores[row])), ids[row]


def _rank_findings(
    claims: pd.DataFrame, traced: pd.DataFrame, vocabulary: Vocabulary
) -> Callable[[int, int], int | None]:
    """Tell how near a finding is to a claim that is traced; None where the two do not meet."""
    questions = find_questions(claims)
    asked, found = np.zeros((2, len(questions.table)), dtype=bool)
    asked[questions.of_claim[claims.index.isin(traced.index)]] = True
    found[questions.of_claim[claims["source"].isin(traced["cited_study"])]] = True
    meetings = meet_questions(questions.table, vocabulary)
    chosen = asked[meetings.first] & found[meetings.second]
    meetings = Meetings(*(part[chosen] for part in meetings))
    pairs = zip(meetings.first.tolist(), meetings.second.tolist(), strict=True)
    ranks = rank_meetings(meetings, questions.table, vocabulary).tolist()
    rank_of, question = dict(zip(pairs, ranks, strict=True)), questions.of_claim.tolist()
    return lambda claim, finding: rank_of.get((question[claim], question[finding]))


def _judge(claimed: float, found: float) -> str:
    """Name how a claim strays from a finding at another level."""
    if claimed * found < 0:
        return "contradicted"
    return "overstated" if claimed > found else "understated"


def rank_meetings(
    meetings: Meetings, questions: pd.DataFrame, vocabulary: Vocabulary
) -> np.ndarray:
    """
    Rank meetings of questions by how near the two lie to each other.

    Parameters
    ----------
    meetings : Meetings
        As `meet_questions` returns them, or some of them.
    questions : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, as they were given to it.
    vocabulary : Vocabulary
        Says how many steps lie between two terms.

    Returns
    -------
    ranks : array of int, one per meeting
        The nearest lowest: same scope before nested before crossed; then the fewest steps between
        the terms; then those that share the aspect itself. Equal where none of these differs.

    Examples
    --------
    >>> questions = pd.DataFrame({"condition": "pain", "intervention": "massage",
    ...                           "aspect": ["effect", "contraindication"]})
    >>> rank_meetings(meet_questions(questions, Vocabulary()), questions, Vocabulary()).tolist()
    [0, 1, 1, 0]
    """
    first, second = meetings.first, meetings.second
    steps = np.zeros(len(first), dtype=np.int64)
    for facet in FACETS:
        steps += _count_steps(questions[facet], first, second, vocabulary)
    aspect, _ = pd.factorize(questions["aspect"])
    scope = meetings.scope.astype(np.int64)
    differ = aspect[first] != aspect[second]
    ranks: np.ndarray = (scope * (steps.max(initial=0) + 1) + steps) * 2 + differ
    return ranks


def _count_steps(
    terms: pd.Series, first: np.ndarray, second: np.ndarray, vocabulary: Vocabulary
) -> np.ndarray:
    codes, names = pd.factorize(terms)
    pairs, place = np.unique(codes[first] * len(names) + codes[second], return_inverse=True)
    steps = [
        vocabulary.count_steps(str(terms.name), names[one], names[other])
        for one, other in zip(*np.divmod(pairs, len(names)), strict=True)
    ]
    return np.array(steps, dtype=np.int64)[place]
