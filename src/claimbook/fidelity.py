"""Whether a claim says what the study that it leans on found."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from claimbook.codebook import FACETS
from claimbook.relations import find_questions, meet_questions, score_claims
from claimbook.vocabulary import Vocabulary

TRACE_COLUMNS: Final = (
    "claim_id",
    "source",
    "attribution",
    "cited_study",
    "fidelity",
    "finding",
)
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
    Of several findings that meet the claim the nearest in scope counts: same before nested before
    crossed; then the one whose terms lie the fewest steps away; then the one that shares the
    aspect itself; then the first.

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
    nearness = _Nearness(claims, vocabulary)
    findings = claims.groupby("source").indices
    ids = claims["claim_id"].to_numpy()
    places = claims.index.get_indexer(traced.index).tolist()
    for place, study in zip(places, traced["cited_study"], strict=True):
        if not study:
            yield "untraceable", ""
            continue
        ranked = [(nearness.rank(place, row), row) for row in findings.get(study, ())]
        met = [(rank, row) for rank, row in ranked if rank is not None]
        if not met:
            yield "off topic", ""
            continue
        row = min(met)[1]
        same = levels[place] == levels[row] or scores[place] == scores[row]
        yield ("faithful" if same else _judge(scores[place], scores[row])), ids[row]


def _judge(claimed: float, found: float) -> str:
    """Name how a claim strays from a finding at another level."""
    if claimed * found < 0:
        return "contradicted"
    return "overstated" if claimed > found else "understated"


class _Nearness:
    """How near one claim is to another: their scope, then the steps between their terms."""

    def __init__(self, claims: pd.DataFrame, vocabulary: Vocabulary) -> None:
        questions = find_questions(claims)
        meetings = meet_questions(questions.table, vocabulary)
        pairs = zip(meetings.first.tolist(), meetings.second.tolist(), strict=True)
        self._scope = dict(zip(pairs, meetings.scope.tolist(), strict=True))
        self._question = questions.of_claim.tolist()
        self._terms = list(questions.table[list(FACETS)].itertuples(index=False, name=None))
        self._vocabulary = vocabulary

    def rank(self, claim: int, finding: int) -> tuple[int, int, bool] | None:
        """Rank a finding, the nearest lowest; None where the two do not meet."""
        first, second = self._question[claim], self._question[finding]
        scope = self._scope.get((first, second))
        if scope is None:
            return None
        pairs = list(zip(FACETS, self._terms[first], self._terms[second], strict=True))
        steps = sum(self._vocabulary.count_steps(*pair) for pair in pairs)
        return scope, steps, pairs[2][1] != pairs[2][2]
