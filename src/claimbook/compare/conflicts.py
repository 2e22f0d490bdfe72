"""Points of conflict: opposed claims gathered so that a person can take them in one by one."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import (
    CARE,
    CONFLICT_KINDS,
    CONTRADICTION,
    EXCEPTION,
    FACETS,
    OVERLAP,
    REPORTED,
    USE,
)
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.compare.questions import count_questions, find_answers
from claimbook.compare.relations import find_units, name_kind

CONFLICT_COLUMNS: Final = (
    "kind",
    *FACETS,
    "narrower_condition",
    "narrower_intervention",
    "narrower_aspect",
    "narrower_side",
    "sources_for",
    "sources_against",
    "claims_for",
    "claims_against",
    "distance",
)
_Question = tuple[str, str, str]
_Point = tuple[str, _Question, _Question, str, str]  # kind, on what, narrower, its side, source
_NOTHING: Final = ("", "", "")


@of_collection
def find_conflicts(collection: Collection) -> pd.DataFrame:
    """
    Gather conflicting claims into points that a person can take in one by one.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    points : DataFrame, one row per point of conflict
        ``kind`` as of a pair: direct (two sources, in same scope or nested under a universal
        claim), self-contradiction (one source and speaker), exception (two sources, nested: one
        says otherwise of a narrower case), overlap (two sources, crossed scope) or reported (one
        source reports two speakers); care is no point. ``condition``, ``intervention``,
        ``aspect``: what it is on; aspects under ``use`` are one point, ``use``.
        ``narrower_condition``, ``narrower_intervention``, ``narrower_aspect``: in nested scope
        the narrower case, in crossed scope the other one, else empty. ``narrower_side``: in
        nested scope the side on which the narrower claims stand, ``"for"`` or ``"against"``, else
        empty. ``sources_for``, ``sources_against``, ``claims_for``, ``claims_against``: tuples of
        keys, in the order of the claims. ``distance``: the widest. Kinds in the order above,
        within a kind the widest distance and the most sources first.

    Notes
    -----
    No pairs of claims are listed: questions are held against questions.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "standalone",
    ...     "recommendation": ["conditional for", "against"], "claim": "It is said."})
    >>> find_conflicts(claims)[["kind", "sources_against", "distance"]].values.tolist()
    [['direct', ('clinic',), 3]]
    """
    members: dict[_Point, set[int]] = {}
    widest: dict[_Point, float] = {}
    for point, pro, con in _find_opposed(collection):
        members.setdefault(point, set()).update(pro, con)
        apart = _find_widest(collection, pro, con, point[0])
        widest[point] = max(widest.get(point, 0.0), apart)
    rows = [
        (*_describe_point(collection, point, sorted(found)), widest[point])
        for point, found in members.items()
    ]
    points = pd.DataFrame(rows, columns=list(CONFLICT_COLUMNS))
    if (points["distance"] % 1 == 0).all():
        points["distance"] = points["distance"].astype("int64")
    order = points.assign(
        kind=points["kind"].map(CONFLICT_KINDS.index),
        distance=-points["distance"],
        sources=-(points["sources_for"].map(len) + points["sources_against"].map(len)),
    ).sort_values(["kind", "distance", "sources"], kind="stable")
    return points.loc[order.index].reset_index(drop=True)


def _find_opposed(collection: Collection) -> Iterator[tuple[_Point, set[int], set[int]]]:
    """Find the rows for and the rows against of units that meet, with the point they make."""
    units = find_units(collection)
    met, under = units.meetings, collection.terms.find_narrower("aspect", USE)
    use = collection.terms.canon("aspect", USE)
    asked = list(collection.terms_asked.iloc[units.first].itertuples(index=False, name=None))
    topics = [(*rest, use if aspect in under else aspect) for *rest, aspect in asked]
    pro, con = (_list_rows(units.of_claim, collection.sides == side) for side in (1, -1))
    opposed = np.isin(met.first, list(pro)) & np.isin(met.second, list(con))
    for place in opposed.nonzero()[0].tolist():
        first, second = int(met.first[place]), int(met.second[place])
        scope, broader = int(met.scope[place]), int(met.broader[place])
        direct = bool(met.direct[place])
        on, narrower = _name_terms((first, second), scope, broader, topics, asked)
        side = ("", "against", "for")[broader]
        parts = _divide(collection, pro[first], con[second])
        for (within, one_speaker, source), (rows_for, rows_against) in parts.items():
            tests = (np.array([value]) for value in (scope, direct, within, one_speaker))
            kind = str(name_kind(*tests)[0])
            if kind != CARE:
                yield (kind, on, narrower, side, source), rows_for, rows_against


def _list_rows(unit: np.ndarray, chosen: np.ndarray) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row in chosen.nonzero()[0].tolist():
        rows.setdefault(int(unit[row]), []).append(row)
    return rows


def _divide(
    collection: Collection, pro: list[int], con: list[int]
) -> dict[tuple[bool, bool, str], tuple[set[int], set[int]]]:
    """Tell the claims that another source opposes from those that their own source does."""
    sources, speakers = (collection.claims[name].to_numpy() for name in ("source", "speaker"))
    parts: dict[tuple[bool, bool, str], tuple[set[int], set[int]]] = {}
    sides = [{(sources[row], speakers[row]) for row in rows} for rows in (pro, con)]
    said_by = [{source for source, _ in side} for side in sides]

    def keep(key: tuple[bool, bool, str], side: int, row: int) -> None:
        parts.setdefault(key, (set(), set()))[side].add(row)

    for side, rows in enumerate((pro, con)):
        others = sides[1 - side]
        for row in rows:
            source, speaker = sources[row], speakers[row]
            if said_by[1 - side] - {source}:
                keep((False, False, ""), side, row)
            if (source, speaker) in others:
                keep((True, True, source), side, row)
            if any(one == source and other != speaker for one, other in others):
                keep((True, False, source), side, row)
    return parts


def _find_widest(collection: Collection, pro: set[int], con: set[int], kind: str) -> float:
    """Find the widest distance of two claims opposed in this way."""
    within = kind in (CONTRADICTION, REPORTED)  # of one source; else of two
    keys = collection.claims["speaker" if within else "source"].to_numpy()
    high = _find_extremes(collection.scores, keys, pro)
    low = _find_extremes(-collection.scores, keys, con)
    if kind == CONTRADICTION:
        return max(high[key] + low[key] for key in high.keys() & low.keys())
    most, least = (sorted(best.items(), key=lambda item: -item[1])[:2] for best in (high, low))
    return max(up + down for one, up in most for two, down in least if one != two)


def _find_extremes(scores: np.ndarray, keys: np.ndarray, rows: set[int]) -> dict[Any, float]:
    """Give the highest score of each key."""
    best: dict[Any, float] = {}
    for row in rows:
        best[keys[row]] = max(best.get(keys[row], 0.0), float(scores[row]))
    return best


def _name_terms(
    pair: tuple[int, int],
    scope: int,
    broader: int,
    topics: list[_Question],
    asked: list[_Question],
) -> tuple[_Question, _Question]:
    """Name what a point is on, and the narrower case: of one whose claims are for, one against."""
    first, second = (topics[number] for number in pair)
    if scope == 0:
        return first, _NOTHING
    if first == second:
        first, second = (asked[number] for number in pair)
    if scope == 2:
        lower, upper = sorted((first, second))
        return lower, upper
    return (first, second) if broader == 1 else (second, first)


def _describe_point(collection: Collection, point: _Point, rows: list[int]) -> tuple[Any, ...]:
    kind, question, narrower, side, _ = point
    claims, sides = collection.claims, collection.sides
    parts = [[row for row in rows if sides[row] == sign] for sign in (1, -1)]
    said_by, said_in = (
        [tuple(dict.fromkeys(claims[name].iloc[part])) for part in parts]
        for name in ("source", "claim_id")
    )
    return kind, *question, *narrower, side, *said_by, *said_in


@of_collection
def choose_headline(collection: Collection) -> tuple[str, str, str]:
    """
    Choose the question to be shown first.

    Parameters
    ----------
    collection : Collection
        Its metadata may name the question under ``headline``; else, or where no claim answers
        it, it is the point of conflict that stands first, else the question that most sources
        answer.

    Returns
    -------
    question : (condition, intervention, aspect)
        Empty terms where there are no claims.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> choose_headline(read_collection("data"))
    ('back pain', 'massage', 'standalone')
    """
    named = collection.metadata.get("headline")
    if isinstance(named, dict) and all(isinstance(named.get(facet), str) for facet in FACETS):
        question = named["condition"], named["intervention"], named["aspect"]
        if len(find_answers(collection, question)):
            return question
    table = find_conflicts(collection)
    table = table[~table["kind"].isin([EXCEPTION, OVERLAP, REPORTED])]
    if table.empty:
        table = count_questions(collection).sort_values("sources", ascending=False, kind="stable")
    rows = table[list(FACETS)].itertuples(index=False, name=None)
    return next(iter(rows), ("", "", ""))
