"""What is counted for a figure or a table: levels by group, stances by source, rows in order."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, KINDS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.questions import count_questions
from claimbook.compare.relations import find_questions, score_claims

STANCE_COLUMNS: Final = (
    *FACETS,
    "source",
    "highest",
    "lowest",
    "level",
    "contradicts",
    "claims",
    "claim_ids",
)


class Ends(NamedTuple):
    """
    How far apart the claims of a source on a question lie, and with which level it counts.

    Attributes
    ----------
    of_claim : array of int, one per claim
        Place in the others, which have one entry per question and source, as they first appear.
    first : array of int
        The first claim of each.
    highest, lowest : arrays of int
        Places in the levels of the vocabulary.
    level : array of int
        The one of the two nearer the middle; -1 where they lie on opposite sides.
    """

    of_claim: np.ndarray
    first: np.ndarray
    highest: np.ndarray
    lowest: np.ndarray
    level: np.ndarray


def count_levels(claims: pd.DataFrame, vocabulary: Vocabulary, *, by: str) -> pd.DataFrame:
    """
    Count the claims at each level of recommendation, group by group.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs the columns ``recommendation`` and `by`.
    vocabulary : Vocabulary
        Its levels.
    by : str
        Column to group by, such as ``"source"``.

    Returns
    -------
    counts : DataFrame of int, one row per group
        Groups in order of first appearance, levels from the highest score to the lowest.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa"], "recommendation": ["for"]})
    >>> count_levels(claims, Vocabulary(), by="source").loc["spa"].tolist()
    [1, 0, 0, 0, 0]
    """
    cells, groups = _place_claims(claims, vocabulary, by)
    width = len(vocabulary.levels)
    counts = np.bincount(cells, minlength=len(groups) * width).reshape(-1, width)
    return pd.DataFrame(counts, index=groups, columns=list(vocabulary.levels))


def find_levels(claims: pd.DataFrame, vocabulary: Vocabulary, *, by: str) -> pd.DataFrame:
    """
    Find the claims at each level of recommendation, group by group.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs the columns ``claim_id``, ``recommendation`` and `by`.
    vocabulary : Vocabulary
        Its levels.
    by : str
        Column to group by, such as ``"source"``.

    Returns
    -------
    claim_ids : DataFrame of tuple, one row per group
        Shaped and ordered as `count_levels` returns its counts; each cell holds the ids of the
        claims counted there, in the order of the claims.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa",
    ...                        "recommendation": "for"})
    >>> find_levels(claims, Vocabulary(), by="source").loc["spa", "for"]
    ('a', 'b')
    """
    cells, groups = _place_claims(claims, vocabulary, by)
    width = len(vocabulary.levels)
    found = _gather(claims["claim_id"], cells, len(groups) * width)
    table = np.empty(len(found), dtype=object)
    table[:] = found
    return pd.DataFrame(table.reshape(-1, width), index=groups, columns=list(vocabulary.levels))


def _place_claims(
    claims: pd.DataFrame, vocabulary: Vocabulary, by: str
) -> tuple[np.ndarray, pd.Index]:
    levels, _ = score_claims(claims, vocabulary)
    codes, groups = pd.factorize(claims[by])
    return codes * len(vocabulary.levels) + levels, pd.Index(groups, name=by)


def _gather(claim_ids: pd.Series, cells: np.ndarray, number: int) -> list[tuple[str, ...]]:
    """Collect the ids in each of a number of cells, in the order of the claims."""
    ids = claim_ids.to_numpy(dtype=object)[np.argsort(cells, kind="stable")]
    ends = np.bincount(cells, minlength=number).cumsum()
    return [tuple(part) for part in np.split(ids, ends[:-1])] if number else []


def count_stances(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Say where each source stands on each question that it addresses.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``claim_id``, ``source``, ``condition``, ``intervention``, ``aspect`` and
        ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    stances : DataFrame, one row per question and source
        ``condition``, ``intervention``, ``aspect``, ``source``; ``highest`` and ``lowest`` level
        of its claims; ``level``: the one of the two nearer the middle, with which the source
        counts, empty where it contradicts itself; ``contradicts``: True where highest and lowest
        lie on opposite sides; ``claims`` (how many); ``claim_ids`` (tuple, in the order of the
        claims). In order of first appearance.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa", "condition": "pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": ["for", "against"]})
    >>> count_stances(claims, Vocabulary())[["highest", "lowest", "contradicts"]].values
    array([['for', 'against', True]], dtype=object)
    """
    ends = find_ends(claims, vocabulary)
    stances = claims[[*FACETS, "source"]].iloc[ends.first].reset_index(drop=True)
    names = np.array([*vocabulary.levels, ""], dtype=object)
    ids = _gather(claims["claim_id"], ends.of_claim, len(stances))
    return stances.assign(
        highest=names[ends.highest],
        lowest=names[ends.lowest],
        level=names[ends.level],
        contradicts=ends.level < 0,
        claims=np.bincount(ends.of_claim, minlength=len(stances)),
        claim_ids=pd.Series(ids, index=stances.index, dtype=object),
    )[list(STANCE_COLUMNS)]


def find_ends(claims: pd.DataFrame, vocabulary: Vocabulary) -> Ends:
    """
    Find the highest and the lowest level of each source on each question that it addresses.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    ends : Ends
        As numbers; `count_stances` gives their names.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": "spa", "condition": "pain", "intervention": "massage",
    ...                        "aspect": "use", "recommendation": ["for", "uncertain"]})
    >>> find_ends(claims, Vocabulary()).level.tolist()
    [2]
    """
    levels, _ = score_claims(claims, vocabulary)
    sources, _ = pd.factorize(claims["source"])
    key = find_questions(claims).of_claim * (sources.max(initial=0) + 1) + sources
    of_claim, _ = pd.factorize(key)
    _, first = np.unique(of_claim, return_index=True)
    lowest, highest = np.zeros(len(first), dtype=int), np.full(len(first), len(vocabulary.levels))
    np.maximum.at(lowest, of_claim, levels)
    np.minimum.at(highest, of_claim, levels)
    scores = np.array(list(vocabulary.scores.values()))
    level = np.where(scores[lowest] >= 0, lowest, highest)
    level[(scores[lowest] < 0) & (scores[highest] > 0)] = -1
    return Ends(of_claim, first, highest, lowest, level)


def order_questions(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, least: int = 2, by: str = FACETS[0]
) -> tuple[pd.DataFrame, int]:
    """
    Choose the questions for a matrix of sources, and put them in order.

    Left out are the questions that fewer than `least` sources answer, unless one contradicts
    itself. Of the others conflicts come first, then self-contradictions, then those that most
    sources answer, then as the claims raise them; but questions on one condition (intervention,
    aspect, by `by`) stand together, where the first of them stands.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.
    least : int
        From how many sources on a question is shown; 1 shows all.
    by : {"condition", "intervention", "aspect"}
        What the questions that stand together share.

    Returns
    -------
    questions : DataFrame, one row per question
        Columns as `count_questions` returns them, `by` first.
    left_out : int
        How many questions are left out.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary, or `by` no facet.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": ["spa", "spa", "clinic"], "condition": "back pain",
    ...     "intervention": "massage", "aspect": ["sleep", "cause", "cause"],
    ...     "recommendation": "for"})
    >>> questions, left_out = order_questions(claims, Vocabulary())
    >>> questions["aspect"].tolist(), left_out
    (['cause'], 1)
    """
    if by not in FACETS:
        raise ValueError(f"by is {by!r}, expected one of: {', '.join(FACETS)}")
    questions = count_questions(claims, vocabulary)
    shown = questions[(questions["sources"] >= least) | (questions["verdict"] == VERDICTS[1])]
    rank = shown["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS[:2])})
    order = np.lexsort((-shown["sources"], rank.fillna(2)))
    ranked = shown.iloc[order]
    groups, _ = pd.factorize(ranked[by])
    grouped = ranked.iloc[np.argsort(groups, kind="stable")].reset_index(drop=True)
    columns = [by, *(name for name in grouped if name != by)]
    return grouped[columns], len(questions) - len(shown)


def order_sources(names: pd.Series, sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Put sources in order of their kind: articles, guidelines, reviews, trials, others.

    Parameters
    ----------
    names : Series of str
        Keys of sources, such as ``claims["source"]``; one may stand more than once.
    sources : DataFrame or None, one row per source
        Needs ``source``; takes ``kind``. None stands for no ``sources.csv``.

    Returns
    -------
    ordered : DataFrame, one row per source named
        ``source`` and ``kind``, empty where none is given. Kinds in the order of the codebook,
        then any other, no kind last; within a kind in the order of `sources`, and those that it
        lacks as they are named.

    Examples
    --------
    >>> sources = pd.DataFrame({"source": ["a", "b"], "kind": ["trial", "article"]})
    >>> order_sources(pd.Series(["a", "b", "a"]), sources)["source"].tolist()
    ['b', 'a']
    """
    ordered = pd.DataFrame({"source": names.drop_duplicates().astype("str")})
    if sources is None or "kind" not in sources:
        return ordered.assign(kind="").reset_index(drop=True)
    known = sources.drop_duplicates("source").reset_index(drop=True)
    place = pd.Index(known["source"]).get_indexer(pd.Index(ordered["source"]))
    ordered["kind"] = np.where(place < 0, "", known["kind"].to_numpy()[place])
    kinds = [kind for kind in dict.fromkeys([*KINDS, *known["kind"]]) if kind] + [""]
    rank = ordered["kind"].map({kind: number for number, kind in enumerate(kinds)})
    order = np.lexsort((np.where(place < 0, len(known), place), rank))
    return ordered.iloc[order].reset_index(drop=True)


def find_differences(
    answers: pd.DataFrame, vocabulary: Vocabulary, *, question: tuple[str, str, str] | None = None
) -> pd.Series:
    """
    Find in what terms each answer departs from the question.

    Parameters
    ----------
    answers : DataFrame, one row per claim
        As `find_answers` returns them: needs ``condition``, ``intervention``, ``aspect`` and
        ``stands``.
    vocabulary : Vocabulary
        Labels of the terms.
    question : (condition, intervention, aspect) or None
        What was asked. If None, the terms that all answers at the question share (all answers,
        where none is at it).

    Returns
    -------
    differences : Series of str, one per claim
        Labels of the terms that are not those asked, with a comma between; empty where all are.

    Examples
    --------
    >>> answers = pd.DataFrame({"condition": ["back pain", "sciatica"], "intervention": "massage",
    ...                         "aspect": "effect", "stands": ["at", "under"]})
    >>> find_differences(answers, Vocabulary()).tolist()
    ['', 'sciatica']
    """
    asked = _infer_question(answers) if question is None else question
    differences = pd.Series("", index=answers.index, dtype="str")
    for facet, common in zip(FACETS, asked, strict=True):
        labels = {term: vocabulary.describe(facet, term)[0] for term in answers[facet].unique()}
        named = answers[facet].map(labels).astype("str").where(answers[facet] != common, "")
        comma = np.where((differences != "") & (named != ""), ", ", "")
        differences = differences + comma + named
    return differences


def _infer_question(answers: pd.DataFrame) -> tuple[str, ...]:
    at = answers[answers["stands"] == "at"]
    shared = (at if len(at) else answers)[list(FACETS)]
    return tuple(
        str(shared[facet].iloc[0]) if shared[facet].nunique() == 1 else "" for facet in FACETS
    )
