"""How firm a verdict stands: without one source, with a few claims recoded, on three levels."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.questions import count_clashes, count_questions, judge
from claimbook.compare.relations import find_coded, find_questions, number_groups, number_levels
from claimbook.measures.stances import OFF_SCALE, SIDES, find_rivals, gather_ids

FOLDED: Final = {"for": 1, "uncertain": 0, "against": -1}
_OPPOSED: Final = VERDICTS[:2]
_Array = np.ndarray


@of_collection
def find_turning_sources(collection: Collection) -> pd.DataFrame:
    """
    Leave one source out after the other, and find the verdicts that turn.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    turns : DataFrame, one row per question and source without which its verdict is another
        ``condition``, ``intervention``, ``aspect``; ``verdict`` with all sources; ``source``;
        ``without``, the verdict without it. A question that one source answers alone has no
        verdict without it and does not appear. Questions as the claims raise them, within one
        the sources as they first appear.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"], "claim": "It is said."})
    >>> find_turning_sources(claims)[["verdict", "source", "without"]].values.tolist()
    [['conflict', 'c', 'agree']]
    """
    questions, clashes = count_questions(collection), count_clashes(collection)
    question, number = clashes.question, len(questions)

    def count_others(pairs: _Array, times: int) -> _Array:
        totals = np.bincount(question, weights=pairs, minlength=number) / times
        others: _Array = totals[question] - pairs
        return others

    sources = questions["sources"].to_numpy()[question]
    direct, own = count_others(clashes.direct, 2), count_others(clashes.own, 1)
    without = judge(direct > 0, own > 0, sources - 1, _differ_without(collection))
    verdict = questions["verdict"].to_numpy(dtype=object)[question]
    turned = np.flatnonzero((sources > 1) & (verdict != without))
    turned = turned[np.lexsort((clashes.source[turned], question[turned]))]
    names = collection.claims["source"].unique()
    turns = questions[list(FACETS)].iloc[question[turned]].reset_index(drop=True)
    return turns.assign(
        verdict=verdict[turned], source=names[clashes.source[turned]], without=without[turned]
    ).astype("str")


def _differ_without(collection: Collection) -> _Array:
    """Tell of each stance whether the claims of all others on its question differ in level."""
    clashes, width = count_clashes(collection), max(len(collection.terms.levels), 1)
    codes = number_levels(collection.terms)[collection.levels]
    stance, code = np.divmod(np.unique(clashes.of_claim * width + codes), width)
    question = clashes.question[stance]
    held, place, holders = np.unique(
        question * width + code, return_inverse=True, return_counts=True
    )
    different = np.bincount(held // width)
    alone = np.bincount(stance[holders[place] == 1], minlength=len(clashes.question))
    differ: _Array = different[clashes.question] - alone > 1
    return differ


@of_collection
def fold_levels(collection: Collection) -> Collection:
    """
    Fold the levels of recommendation to three: for, uncertain, against.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    folded : Collection
        The same, but that claims on the scale stand on one of three levels, which score 1, 0 and
        -1. Levels off the scale stay.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> fold_levels(read_collection("data")).terms.scores
    {'for': 1, 'uncertain': 0, 'against': -1}
    """
    terms, on = collection.terms, np.isfinite(collection.scores)
    names = np.array(list(FOLDED), dtype=object)[1 - collection.sides]
    claims = collection.claims.assign(
        recommendation=collection.claims["recommendation"].mask(on, pd.Series(names, dtype="str"))
    )
    scale = pd.DataFrame({"scheme": "recommendation", "term": FOLDED.keys()})
    scale["score"] = list(map(str, FOLDED.values()))
    others = terms.table[
        (terms.table["scheme"] != "recommendation") | ~terms.table["term"].isin(terms.scores)
    ]
    table = pd.concat([others, scale], ignore_index=True).fillna("")
    return Collection(
        claims, collection.sources, collection.vocabulary, terms=Vocabulary(table),
        metadata=collection.metadata, files=collection.files, gathered=collection.gathered,
    )  # fmt: skip


@of_collection
def measure_robustness(collection: Collection) -> pd.DataFrame:
    """
    Say of each verdict what it hangs on: sources, codes and the number of levels.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    robustness : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, ``verdict``; ``recodings``: the fewest claims
        that would have to be coded on another level to turn it, NaN where none turns it, such as
        the only claim on a question; ``one_code``: True where a single code decides;
        ``turning_sources``, a tuple of those of `find_turning_sources`; ``folded``, the verdict on
        three levels. Questions as the claims raise them.

    Notes
    -----
    Only levels are recoded: question and source stay. ``agree`` always turns with one code, and
    so does ``qualify`` where claims that would contradict each other are there and one of them
    takes a side. For a conflict the number says how many codes it hangs on. On a question as it
    was coded these are the claims of the weaker side, or those by which all sources but one take
    sides. On one that gathers several, where not every claim meets every other, it is the least
    number of claims that touch all pairs in conflict, which is the greatest number of such pairs
    of which no two share a claim. On a scale without a middle it is the weaker side throughout.

    References
    ----------
    König D (1931). Gráfok és mátrixok. Matematikai és Fizikai Lapok 38, 116-119 (the fewest
    claims that touch all pairs are as many as the most pairs that share none).

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "conditional for", "for"], "claim": "It is said."})
    >>> robustness = measure_robustness(claims)
    >>> robustness.loc[0, ["verdict", "turning_sources", "folded"]].tolist()
    ['qualify', ('b',), 'agree']
    """
    questions = count_questions(collection)
    turning = _gather_turns(collection, ["source"])
    recodings = _count_recodings(collection)
    return questions[[*FACETS, "verdict"]].assign(
        recodings=recodings,
        one_code=recodings == 1,
        turning_sources=turning.map(lambda turns: tuple(source for (source,) in turns)),
        folded=count_questions(fold_levels(collection))["verdict"],
    )


def _gather_turns(collection: Collection, columns: list[str]) -> pd.Series:
    """Gather on each question what turns its verdict, a tuple of tuples."""
    table, width = find_turning_sources(collection)[[*FACETS, *columns]], len(FACETS)
    turns: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for row in table.itertuples(index=False, name=None):
        turns.setdefault(row[:width], []).append(row[width:])
    asked = find_questions(collection).table.itertuples(index=False, name=None)
    return pd.Series([tuple(turns.get(question, ())) for question in asked], dtype=object)


def _count_recodings(collection: Collection) -> _Array:
    """Count the fewest claims on each question that turn its verdict if they are recoded."""
    questions = count_questions(collection)
    of_claim, number, sides = find_questions(collection).of_claim, len(questions), collection.sides
    claims, sources = (questions[name].to_numpy() for name in ("claims", "sources"))
    codes, terms = number_levels(collection.terms)[collection.levels], collection.terms
    width = max(len(terms.levels), 1)
    spread = np.bincount(of_claim * width + codes, minlength=number * width).reshape(-1, width)
    possible = {int(np.sign(terms.scores.get(level, 0))) for level in terms.levels}
    between, within, cover, own = _weigh_coded(collection)
    if 0 in possible:
        for values, gathered in zip(
            (between, within, cover, own), _weigh_gathered(collection), strict=True
        ):
            values[list(gathered)] = list(gathered.values())
    else:
        pro, con = (np.bincount(of_claim[sides == side], minlength=number) for side in (1, -1))
        cover = np.minimum(pro, con)
    if not {-1, 1} <= possible:
        between, within = np.full((2, number), np.nan)
    several = len(set(number_levels(terms))) > 1
    fewest = {
        "conflict": cover,
        "self-contradiction": np.fmin(own, between),
        "qualify": np.fmin(claims - spread.max(axis=1, initial=0), np.fmin(between, within)),
        "agree": np.full(number, 1.0 if several else np.nan),
        "single source": np.where(sources == 1, within, np.nan),
    }
    verdict = questions["verdict"].to_numpy(dtype=object)
    return np.select([verdict == name for name in fewest], list(fewest.values()), np.nan)


def _weigh_coded(collection: Collection) -> tuple[_Array, _Array, _Array, _Array]:
    """
    Count on each question, as if all its claims met, what makes and what ends a contradiction.

    The fewest recodings that set two sources against each other, and one speaker against itself;
    the fewest that leave no two sources opposed, and no speaker opposed to itself.
    """
    questions, sides = find_questions(collection), collection.sides
    number, of_claim = len(questions.table), questions.of_claim
    chosen = (np.ones(len(sides), dtype=bool), sides > 0, sides < 0)

    def count(group: _Array) -> tuple[_Array, ...]:
        """Count claims, those for and those against in each group on a question, named first."""
        width = group.max(initial=0) + 1
        keys, place = np.unique(of_claim * width + group, return_inverse=True)
        totals = (np.bincount(place, weights=rows, minlength=len(keys)) for rows in chosen)
        return keys // width, *totals

    (_, _, pro, con), by_source, by_voice = map(count, number_groups(collection))
    widest, within = np.zeros(number), np.full(number, np.nan)
    asked, _, source_pro, source_con = by_source
    np.maximum.at(widest, asked, source_pro + source_con)
    cover = np.minimum(np.minimum(pro, con), pro + con - widest)
    lone = np.bincount(asked, minlength=number) < 2
    between = np.where(lone, np.nan, np.where(pro + con > 0, 1.0, 2.0))
    asked, every, voice_pro, voice_con = by_voice
    own = np.bincount(asked, weights=np.minimum(voice_pro, voice_con), minlength=number)
    wanted = np.where(voice_pro + voice_con > 0, 1.0, 2.0)
    np.fmin.at(within, asked, np.where(every > 1, wanted, np.nan))
    return between, within, cover, own


def _weigh_gathered(collection: Collection) -> list[dict[int, float]]:
    """Count the same on the questions that gather several coded ones, pair by pair."""
    coded = find_coded(collection)[0].of_claim
    width = coded.max(initial=0) + 1
    both = np.unique(find_questions(collection).of_claim * width + coded)
    gathered = np.flatnonzero(np.bincount(both // width) > 1).tolist()
    weights: list[dict[int, float]] = [dict.fromkeys(gathered, np.nan) for _ in range(2)]
    weights += [dict.fromkeys(gathered, 0.0) for _ in range(2)]
    if not gathered:
        return weights
    rivals = find_rivals(collection)
    rivals = rivals[rivals["question"].isin(gathered)]
    sided = (collection.sides[rivals["first"]] != 0) | (collection.sides[rivals["second"]] != 0)
    rivals = rivals.assign(wanted=np.where(sided, 1.0, 2.0))
    for chosen, wanted, cover in (
        (rivals[~rivals["within"]], weights[0], weights[2]),
        (rivals[rivals["alike"]], weights[1], weights[3]),
    ):
        wanted.update(chosen.groupby("question")["wanted"].min())
        for question, pairs in chosen[chosen["opposed"]].groupby("question"):
            ends = zip(pairs["first"].tolist(), pairs["second"].tolist(), strict=True)
            cover[int(str(question))] = _count_matches(
                (one, other) if collection.sides[one] > 0 else (other, one) for one, other in ends
            )
    return weights


def _count_matches(pairs: Iterable[tuple[int, int]]) -> int:
    """Count the most pairs of which no two share an end, by paths that make one more of them."""
    opposed: dict[int, list[int]] = {}
    for pro, con in pairs:
        opposed.setdefault(pro, []).append(con)
    match_of_pro: dict[int, int] = {}
    match_of_con: dict[int, int] = {}
    for start in opposed:
        came, waiting, free = dict[int, int](), [start], -1
        while waiting and free < 0:
            pro = waiting.pop()
            for con in opposed[pro]:
                if con in came:
                    continue
                came[con] = pro
                if con not in match_of_con:
                    free = con
                    break
                waiting.append(match_of_con[con])
        while free >= 0:  # back along the path, each for takes the against by which it was left
            pro = came[free]
            match_of_con[free] = pro
            match_of_pro[pro], free = free, match_of_pro.get(pro, -1)
    return len(match_of_pro)


@of_collection
def order_verdicts(collection: Collection, *, least: int = 2) -> tuple[pd.DataFrame, int]:
    """
    Choose the questions whose verdict could turn, and put them in order.

    Left out are the questions that fewer than `least` sources answer, but no conflict and no
    self-contradiction. The others stand by verdict, as `VERDICTS` lists them; within a verdict
    first those that fewest recoded claims turn, then those that most sources answer, then as the
    claims raise them.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    least : int
        From how many sources on a question is shown where no sides clash; 1 shows all.

    Returns
    -------
    verdicts : DataFrame, one row per question
        As `measure_robustness` returns them; then ``sources`` and ``claims`` (how many);
        ``turns``, a tuple of pairs: a source, and the verdict without it; ``for``, ``uncertain``,
        ``against`` and ``off_scale``, tuples of the ids of the claims there; ``decisive``, a tuple
        of the ids of the claims among which the fewest are: where sides clash those that do, and of
        these the weaker side where it is the fewest; else all.
    left_out : int
        How many questions are left out.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"], "claim": "It is said."})
    >>> verdicts, left_out = order_verdicts(claims)
    >>> verdicts.loc[0, ["verdict", "turns", "decisive"]].tolist()
    ['conflict', (('c', 'agree'),), ('c',)]
    """
    verdicts, of_claim = measure_robustness(collection), find_questions(collection).of_claim
    verdicts[["sources", "claims"]] = count_questions(collection)[["sources", "claims"]]
    verdicts["turns"] = _gather_turns(collection, ["source", "without"])
    side = np.where(np.isnan(collection.scores), 3, 1 - collection.sides)
    ids = gather_ids(collection, of_claim * 4 + side, len(verdicts) * 4)
    for place, name in enumerate((*SIDES, OFF_SCALE.replace(" ", "_"))):
        verdicts[name] = ids[place::4].reset_index(drop=True)
    verdicts["decisive"] = pd.Series(_find_decisive(collection), dtype=object)
    clash = verdicts["verdict"].isin(_OPPOSED)
    shown = verdicts[(verdicts["sources"] >= least) | clash]
    rank = shown["verdict"].map(VERDICTS.index)
    order = np.lexsort((-shown["sources"], shown["recodings"].fillna(np.inf), rank))
    return shown.iloc[order].reset_index(drop=True), len(verdicts) - len(shown)


def _find_decisive(collection: Collection) -> list[tuple[str, ...]]:
    """Find the claims among which are the fewest that turn each verdict."""
    rivals, sides = find_rivals(collection), collection.sides
    table, ids = measure_robustness(collection), collection.claims["claim_id"].to_numpy()
    recodings: dict[Any, float] = table["recodings"].to_dict()
    of_claim = pd.Series(find_questions(collection).of_claim)
    decisive: dict[Any, tuple[str, ...]] = {
        question: tuple(ids[rows]) for question, rows in of_claim.groupby(of_claim).indices.items()
    }
    clash = rivals["opposed"] & (~rivals["within"] | rivals["alike"])
    direct = rivals["question"].map(table["verdict"]) == VERDICTS[0]
    for question, pairs in rivals[clash & ~(direct & rivals["within"])].groupby("question"):
        rows = np.unique(pairs[["first", "second"]].to_numpy())
        weaker, stronger = sorted((rows[sides[rows] > 0], rows[sides[rows] < 0]), key=len)
        if len(weaker) < len(stronger) and len(weaker) == recodings[question]:
            rows = weaker
        decisive[question] = tuple(ids[rows])
    return [decisive[question] for question in range(len(table))]
