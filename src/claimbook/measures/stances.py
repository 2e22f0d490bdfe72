"""Where each source stands on each question; levels by group, questions and sources in order."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, KINDS, PARTS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import suggest
from claimbook.compare.questions import count_clashes, count_questions, find_answers, find_ends
from claimbook.compare.relations import find_questions, find_universal, iter_relations

SIDES: Final = ("for", "uncertain", "against")
BOTH: Final = "both"
OFF_SCALE: Final = "off scale"
STANCE_COLUMNS: Final = (
    *FACETS, "source", "levels", "side", "contradicts", "level", "claims", "claim_ids",
)  # fmt: skip
_Array = np.ndarray


@of_collection
def count_levels(collection: Collection, *, by: str = "source") -> pd.DataFrame:
    """
    Count the claims at each level of recommendation, group by group.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    by : str
        Column of the claims or of their sources to group by, such as ``"kind"``.

    Returns
    -------
    counts : DataFrame of int, one row per group
        Groups in order of first appearance, levels from the highest score to the lowest, those
        off the scale last.

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> list(count_levels(read_collection("data"), by="kind"))[:2]
    ['for', 'conditional for']
    """
    cells, groups = _place_claims(collection, by)
    levels = list(collection.terms.levels)
    counts = np.bincount(cells, minlength=len(groups) * len(levels)).reshape(-1, len(levels))
    return pd.DataFrame(counts, index=groups, columns=levels)


@of_collection
def find_levels(collection: Collection, *, by: str = "source") -> pd.DataFrame:
    """
    Find the claims at each level of recommendation, group by group.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    by : str
        As for `count_levels`.

    Returns
    -------
    claim_ids : DataFrame of tuple, one row per group
        Shaped and ordered as `count_levels` returns its counts; each cell holds the ids of the
        claims counted there, in the order of the claims.

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> collection = read_collection("data")
    >>> found = find_levels(collection, by="aspect")
    >>> found.map(len).equals(count_levels(collection, by="aspect"))
    True
    """
    cells, groups = _place_claims(collection, by)
    levels = list(collection.terms.levels)
    found = gather_ids(collection, cells, len(groups) * len(levels))
    table = found.to_numpy().reshape(-1, len(levels))
    return pd.DataFrame(table, index=groups, columns=levels)


def _place_claims(collection: Collection, by: str) -> tuple[_Array, pd.Index]:
    """Place each claim in a table of groups by levels."""
    claims, sources = collection.claims, collection.sources
    if by in FACETS:
        column = collection.asked[by]
    elif by in claims:
        column = claims[by]
    elif by in sources:
        column = claims["source"].map(sources.set_index("source")[by]).astype("str")
    else:
        known = list(dict.fromkeys([*claims, *sources]))
        raise ValueError(f"no column {by!r} to group by: {suggest(by, known)}")
    codes, groups = pd.factorize(column)
    cells = codes * len(collection.terms.levels) + collection.levels
    return cells, pd.Index(groups, name=by, dtype="str")


def gather_ids(collection: Collection, cells: _Array, number: int) -> pd.Series:
    """Gather the ids of the claims in each of a number of cells, in the order of the claims."""
    return _gather(collection.claims["claim_id"].to_numpy(dtype=object), cells, number)


def _gather(values: _Array, cells: _Array, number: int) -> pd.Series:
    ends = np.bincount(cells, minlength=number).cumsum()
    parts = np.split(values[np.argsort(cells, kind="stable")], ends[:-1]) if number else []
    return pd.Series([tuple(part) for part in parts], dtype=object)


@of_collection
def count_stances(collection: Collection) -> pd.DataFrame:
    """
    Say where each source stands on each question that it addresses.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    stances : DataFrame, one row per question and source
        ``condition``, ``intervention``, ``aspect``, ``source``; ``levels`` of its claims, a tuple,
        the commonest first, of equally common ones the highest; ``side``: for, uncertain, against,
        ``"both"`` where claims stand on opposite sides, ``"off scale"`` where none stands on the
        scale; ``contradicts``: whether it contradicts itself on the question, as the codebook
        has it, which one that quotes two speakers, or speaks of two outcomes under one question,
        does not; ``level``: the one nearest the middle, with which it counts where agreement is
        measured, empty where it stands on both sides or off the scale; ``claims`` (how many);
        ``claim_ids`` (tuple, in the order of the claims). In order of first appearance.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": "spa", "condition": "pain",
    ...     "intervention": "massage", "aspect": "use", "recommendation": ["for", "against"],
    ...     "claim": "It is said."})
    >>> count_stances(claims)[["levels", "side", "contradicts"]].values.tolist()
    [[('for', 'against'), 'both', True]]
    """
    clashes, (place, _) = count_clashes(collection), rate_stances(collection)
    number, names = len(place), np.array([*collection.terms.levels, ""], dtype=object)
    side = np.array([*SIDES, BOTH, OFF_SCALE], dtype=object)[number_sides(collection)]
    claims = np.bincount(clashes.of_claim, minlength=number)
    _, first = np.unique(clashes.of_claim, return_index=True)
    stances = find_questions(collection).table.iloc[clashes.question].reset_index(drop=True)
    return stances.assign(
        source=collection.claims["source"].to_numpy()[first],
        levels=_list_levels(collection, clashes.of_claim, number),
        side=pd.Series(side, dtype="str"),
        contradicts=clashes.own > 0,
        level=pd.Series(names[place], dtype="str"),
        claims=claims,
        claim_ids=gather_ids(collection, clashes.of_claim, number),
    )[list(STANCE_COLUMNS)]


@of_collection
def rate_stances(collection: Collection) -> tuple[_Array, _Array]:
    """Find the level of each stance nearest the middle, -1 for none, and who is on both sides."""
    clashes = count_clashes(collection)
    lowest, highest = find_ends(collection, clashes.of_claim, len(clashes.question))
    scores = np.array([*collection.terms.scores.values(), np.nan])
    apart = (scores[lowest] < 0) & (scores[highest] > 0)
    nearest = np.where(scores[lowest] >= 0, lowest, highest)
    return np.where(apart, -1, nearest), apart


@of_collection
def number_sides(collection: Collection) -> _Array:
    """Find the side of each stance: 0 for, 1 uncertain, 2 against, 3 both, 4 off the scale."""
    place, apart = rate_stances(collection)
    score = np.array([*collection.terms.scores.values(), np.nan])[place]
    sides = 1 - np.sign(np.nan_to_num(score)).astype(np.int64)
    return np.where(apart, 3, np.where(np.isnan(score), 4, sides))


def _list_levels(collection: Collection, of_claim: _Array, number: int) -> pd.Series:
    """List the levels of each stance, the commonest first, of equally common ones the highest."""
    width = max(len(collection.terms.levels), 1)
    cells, counts = np.unique(of_claim * width + collection.levels, return_counts=True)
    stance, level = np.divmod(cells, width)
    order = np.lexsort((level, -counts))
    names = np.array(collection.terms.levels, dtype=object)[level[order]]
    return _gather(names, stance[order], number)


@of_collection
def find_rivals(collection: Collection) -> pd.DataFrame:
    """
    Find the pairs of claims on one question that contradict each other if their sides are opposite.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Where terms are gathered, claims meet as they were coded.

    Returns
    -------
    rivals : DataFrame of int and bool, one row per pair
        ``question``; ``first`` and ``second``, rows of the claims; ``within``, whether they are of
        one source; ``alike``, whether of one source and one speaker; ``opposed``, whether their
        sides are opposite.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> find_rivals(read_collection("data"))["opposed"].any()
    np.True_
    """
    claims, of_claim = collection.claims, find_questions(collection).of_claim
    ids, speakers = pd.Index(claims["claim_id"]), claims["speaker"].to_numpy()
    universal = claims.loc[find_universal(collection), "claim_id"]
    found = []
    for pairs in iter_relations(collection):
        met = pairs[(pairs["scope"] == "same") | pairs["broader"].isin(universal)]
        first, second = (ids.get_indexer(pd.Index(met[name])) for name in ("claim_a", "claim_b"))
        within = met["within_source"].to_numpy()
        columns = {
            "question": of_claim[first],
            "first": first,
            "second": second,
            "within": within,
            "alike": within & (speakers[first] == speakers[second]),
            "opposed": (met["relation"] == "conflict").to_numpy(),
        }
        found.append(pd.DataFrame(columns)[of_claim[first] == of_claim[second]])
    rivals: pd.DataFrame = pd.concat(found, ignore_index=True)
    return rivals


@of_collection
def order_questions(
    collection: Collection, *, least: int = 2, by: str = FACETS[0]
) -> tuple[pd.DataFrame, int]:
    """
    Choose the questions for a matrix of sources, and put them in order.

    Left out are the questions that fewer than `least` sources answer, unless one contradicts
    itself. Of the others conflicts come first, then self-contradictions, then those that most
    sources answer, then as the claims raise them; but questions on one condition (intervention,
    aspect, by `by`) stand together, where the first of them stands.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
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
        If `by` is no facet.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": ["spa", "spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage",
    ...     "aspect": ["sleep", "cause", "cause"], "recommendation": "for", "claim": "It is said."})
    >>> questions, left_out = order_questions(claims)
    >>> questions["aspect"].tolist(), left_out
    (['cause'], 1)
    """
    if by not in FACETS:
        raise ValueError(f"by is {by!r}, expected one of: {', '.join(FACETS)}")
    questions = count_questions(collection)
    shown = questions[(questions["sources"] >= least) | (questions["verdict"] == VERDICTS[1])]
    rank = shown["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS[:2])})
    ranked = shown.iloc[np.lexsort((-shown["sources"], rank.fillna(2)))]
    groups, _ = pd.factorize(ranked[by])
    grouped = ranked.iloc[np.argsort(groups, kind="stable")].reset_index(drop=True)
    columns = [by, *(name for name in grouped if name != by)]
    return grouped[columns], len(questions) - len(shown)


@of_collection
def order_sources(collection: Collection) -> pd.DataFrame:
    """
    Put the sources that make claims in order of their kind.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    ordered : DataFrame of str, one row per source
        ``source``, ``kind`` (empty where none is given), ``part`` that the kind plays, ``label``.
        Articles first, then studies, then others; of these the codebook's kinds in its order, own
        kinds as they are declared, no kind last; within a kind as in the sources.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> order_sources(read_collection("data"))["part"].unique().tolist()[:2]
    ['article', 'study']
    """
    sources = collection.sources
    spoken = sources.loc[sources["source"].isin(collection.claims["source"]), ["source", "kind"]]
    ordered = spoken.assign(
        part=spoken["source"].map(collection.parts).astype("str"),
        label=spoken["source"].map(collection.labels).astype("str"),
    )
    known = [*KINDS, *collection.terms.find_terms("kind"), ""]
    kinds = {kind: place for place, kind in enumerate(dict.fromkeys(known))}
    order = np.lexsort((ordered["kind"].map(kinds), ordered["part"].map(PARTS.index)))
    return ordered.iloc[order].reset_index(drop=True)


@of_collection
def find_differences(collection: Collection, question: tuple[str, str, str]) -> pd.Series:
    """
    Find in what terms each answer departs from the question.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    question : (condition, intervention, aspect)
        As for `find_answers`.

    Returns
    -------
    differences : Series of str, one per row of `find_answers`, with its index
        Labels of the terms that are not those asked, with a comma between; empty where all are.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> asked = ("back pain", "massage", "use")
    >>> "effect" in find_differences(read_collection("data"), asked).str.lower().unique()
    True
    """
    answers, terms = find_answers(collection, question), collection.terms
    named = pd.DataFrame(index=answers.index)
    for facet, asked in zip(FACETS, question, strict=True):
        named[facet] = answers[facet].map(
            {
                term: ""
                if terms.canon(facet, term) == terms.canon(facet, asked)
                else terms.describe(facet, term)[0]
                for term in answers[facet].unique()
            }
        )
    rows = zip(*(named[facet] for facet in FACETS), strict=True)
    return pd.Series([", ".join(filter(None, row)) for row in rows], answers.index, dtype="str")
