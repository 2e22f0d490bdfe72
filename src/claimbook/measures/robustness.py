"""How firm a verdict stands: without one source, with a few claims recoded, on three levels."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.vocabulary import Vocabulary
from claimbook.compare.questions import count_questions
from claimbook.compare.relations import find_questions, score_claims

TURN_COLUMNS: Final = (*FACETS, "verdict", "source", "without")
ROBUSTNESS_COLUMNS: Final = (
    *FACETS,
    "verdict",
    "recodings",
    "one_code",
    "turning_sources",
    "folded",
)
FOLDED: Final = {"for": 1, "uncertain": 0, "against": -1}
_Array = np.ndarray


class _Stances(NamedTuple):
    """One row per question and source, sorted by question: what its claims there amount to."""

    question: _Array
    source: _Array
    pro: _Array
    con: _Array
    highest: _Array
    lowest: _Array


def _gather_stances(claims: pd.DataFrame, vocabulary: Vocabulary) -> _Stances:
    levels, scores = score_claims(claims, vocabulary)
    source, _ = pd.factorize(claims["source"])
    width = source.max(initial=0) + 1
    cells, place = np.unique(find_questions(claims).of_claim * width + source, return_inverse=True)
    highest, lowest = np.full(len(cells), len(vocabulary.levels)), np.full(len(cells), -1)
    np.minimum.at(highest, place, levels)
    np.maximum.at(lowest, place, levels)
    pro, con = (np.bincount(place[side], minlength=len(cells)) for side in (scores > 0, scores < 0))
    return _Stances(*np.divmod(cells, width), pro, con, highest, lowest)


def find_turning_sources(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Leave one source out after the other, and find the verdicts that turn.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``.
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    turns : DataFrame, one row per question and source without which its verdict is another
        ``condition``, ``intervention``, ``aspect``; ``verdict`` with all sources; ``source``;
        ``without``, the verdict without it. A question that one source answers alone has no
        verdict without it and does not appear. Questions as the claims raise them, within one
        the sources as they first appear.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": list("abc"), "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"]})
    >>> find_turning_sources(claims, Vocabulary())[["verdict", "source", "without"]].values
    array([['conflict', 'c', 'agree']], dtype=object)
    """
    questions = count_questions(claims, vocabulary)
    stances = _gather_stances(claims, vocabulary)
    without = _judge_without(stances, len(questions))
    verdict = questions["verdict"].to_numpy(dtype=object)[stances.question]
    sources = pd.factorize(claims["source"])[1]
    several = questions["sources"].to_numpy()[stances.question] > 1
    turned = several & (verdict != without)
    turns = questions[list(FACETS)].iloc[stances.question[turned]].reset_index(drop=True)
    turns["verdict"], turns["without"] = verdict[turned], without[turned]
    turns["source"] = np.asarray(sources, dtype=object)[stances.source[turned]]
    texts = dict.fromkeys(TURN_COLUMNS, "str")
    table: pd.DataFrame = turns.astype(texts)[list(TURN_COLUMNS)]
    return table


def _judge_without(stances: _Stances, number: int) -> _Array:
    """Name the verdict on the question of each row without the source of that row."""
    question = stances.question

    def count_others(part: _Array) -> _Array:
        totals = np.bincount(question, weights=part, minlength=number)
        others: _Array = totals[question] - part
        return others

    pro, con = count_others(stances.pro), count_others(stances.con)
    sided = count_others(stances.pro + stances.con > 0)
    others = count_others(np.ones(len(question)))
    highest = -_find_most_of_others(question, -stances.highest)
    differ = highest != _find_most_of_others(question, stances.lowest)
    conflict, contradiction, qualify, agree, single = VERDICTS
    both = (pro > 0) & (con > 0)
    tests = [both & (sided > 1), both, others == 1, differ]
    return np.select(tests, [conflict, contradiction, single, qualify], default=agree)


def _find_most_of_others(question: _Array, value: _Array) -> _Array:
    """Find the greatest value among the other rows of a question; own where there is none."""
    order = np.lexsort((value, question))
    last = np.flatnonzero(np.diff(question[order], append=-1))
    most = order[last]
    second = order[np.maximum(last - 1, 0)]
    second = np.where(question[second] == question[most], second, most)
    found: _Array = value[most][question]
    found[most] = value[second]
    return found


def count_recodings(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Count the fewest claims that would have to be coded otherwise to turn each verdict.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `find_turning_sources`.
    vocabulary : Vocabulary
        Likewise; claims are recoded to any of its levels.

    Returns
    -------
    recodings : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, ``verdict``; ``recodings``: how many, NaN
        where no recoding turns it, such as the only claim on a question; ``one_code``: True
        where a single code decides. Questions as the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Notes
    -----
    Only levels are recoded: question and source stay. ``agree`` always turns with one code, and
    so does ``qualify`` where any source takes a side: it takes one to differ. For a conflict the
    number says how many codes it hangs on: those of the weaker side, or those by which all
    sources but one take sides.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": list("abcd"), "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against", "against"]})
    >>> count_recodings(claims, Vocabulary())[["verdict", "recodings", "one_code"]].values
    array([['conflict', 2.0, False]], dtype=object)
    """
    questions = count_questions(claims, vocabulary)
    levels, _ = score_claims(claims, vocabulary)
    stances = _gather_stances(claims, vocabulary)
    of_claim, width = find_questions(claims).of_claim, max(len(vocabulary.levels), 1)
    spread = np.bincount(of_claim * width + levels, minlength=len(questions) * width)
    commonest = spread.reshape(-1, width).max(axis=1, initial=0)
    widest = np.zeros(len(questions), dtype=np.int64)
    np.maximum.at(widest, stances.question, stances.pro + stances.con)
    fewest = _count_fewest(questions, commonest, widest, vocabulary)
    recodings = questions[[*FACETS, "verdict"]].assign(recodings=fewest)
    return recodings.assign(one_code=recodings["recodings"] == 1)


def _count_fewest(
    questions: pd.DataFrame, commonest: _Array, widest: _Array, vocabulary: Vocabulary
) -> _Array:
    """Count from how many claims stand on the commonest level and are sided in one source."""
    pro, con, claims, sources = (
        questions[name].to_numpy(dtype=float) for name in ("for", "against", "claims", "sources")
    )
    signs = set(np.sign(list(vocabulary.scores.values())))
    two_sided, never = {-1, 1} <= signs, np.nan
    sided, weaker = pro + con, np.minimum(pro, con)
    oppose = np.where(sided > 0, 1, 2) if two_sided else np.full(len(pro), never)
    conflict = np.minimum(weaker, sided - widest) if 0 in signs else weaker
    fewest = {
        "conflict": conflict,
        "self-contradiction": np.where(sources > 1, 1, weaker),
        "qualify": np.fmin(claims - commonest, oppose),
        "agree": np.full(len(pro), 1 if len(vocabulary.levels) > 1 else never),
        "single source": np.where(claims > 1, oppose, never),
    }
    verdict = questions["verdict"].to_numpy(dtype=object)
    return np.select([verdict == name for name in fewest], list(fewest.values()), never)


def fold_levels(claims: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, Vocabulary]:
    """
    Fold the levels of recommendation to three: for, uncertain, against.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``recommendation``.
    vocabulary : Vocabulary
        Its levels; the sign of the score tells the side.

    Returns
    -------
    claims : DataFrame, one row per claim
        A copy with the folded levels.
    vocabulary : Vocabulary
        The same but for the levels, which score 1, 0 and -1.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"recommendation": ["for", "conditional for", "against"]})
    >>> fold_levels(claims, Vocabulary())[0]["recommendation"].tolist()
    ['for', 'for', 'against']
    """
    _, scores = score_claims(claims, vocabulary)
    folded = pd.Series(np.sign(scores), index=claims.index).map(
        {score: level for level, score in FOLDED.items()}
    )
    levels = pd.DataFrame({"scheme": "recommendation", "term": FOLDED.keys()})
    levels["score"] = [str(score) for score in FOLDED.values()]
    levels = levels.reindex(columns=vocabulary.table.columns, fill_value="")
    others = vocabulary.table[vocabulary.table["scheme"] != "recommendation"]
    table = pd.concat([others, levels], ignore_index=True)
    return claims.assign(recommendation=folded.astype("str")), Vocabulary(table)


def measure_robustness(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Say of each verdict what it hangs on: sources, codes and the number of levels.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `find_turning_sources`.
    vocabulary : Vocabulary
        Likewise.

    Returns
    -------
    robustness : DataFrame, one row per question
        ``condition``, ``intervention``, ``aspect``, ``verdict``; ``recodings`` and ``one_code``
        of `count_recodings`; ``turning_sources``, a tuple of those of `find_turning_sources`;
        ``folded``, the verdict on three levels. Questions as the claims raise them.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": list("abc"), "condition": "back pain",
    ...     "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "conditional for", "for"]})
    >>> robustness = measure_robustness(claims, Vocabulary())
    >>> robustness.loc[0, ["verdict", "turning_sources", "folded"]].tolist()
    ['qualify', ('b',), 'agree']
    """
    robustness = count_recodings(claims, vocabulary)
    turns = find_turning_sources(claims, vocabulary)
    turning: dict[tuple[str, ...], list[str]] = {}
    for *question, source in turns[[*FACETS, "source"]].itertuples(index=False, name=None):
        turning.setdefault(tuple(question), []).append(source)
    robustness["turning_sources"] = [
        tuple(turning.get(question, ()))
        for question in robustness[list(FACETS)].itertuples(index=False, name=None)
    ]
    robustness["folded"] = count_questions(*fold_levels(claims, vocabulary))["verdict"]
    return robustness[list(ROBUSTNESS_COLUMNS)]


def order_verdicts(
    claims: pd.DataFrame, vocabulary: Vocabulary, *, least: int = 2
) -> tuple[pd.DataFrame, int]:
    """
    Choose the questions whose verdict could turn, and put them in order.

    Left out are the questions that fewer than `least` sources answer, but no conflict and no
    self-contradiction. The others stand by verdict, as `VERDICTS` lists them; within a verdict
    first those that fewest recoded claims turn, then those that most sources answer, then as the
    claims raise them.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        As for `find_turning_sources`, with ``claim_id``.
    vocabulary : Vocabulary
        Its levels and their scores.
    least : int
        From how many sources on a question is shown where no sides clash; 1 shows all.

    Returns
    -------
    verdicts : DataFrame, one row per question
        As `measure_robustness` returns them; then ``sources`` and ``claims`` (how many);
        ``turns``, a tuple of pairs: a source, and the verdict without it; ``for``, ``uncertain``
        and ``against``, tuples of the ids of the claims on each side; ``decisive``, a tuple of
        the ids of the claims among which the fewest are: where two sides clash those of the
        weaker one, of both where they are equal; else all.
    left_out : int
        How many questions are left out.

    Raises
    ------
    ValueError
        If a recommendation is no level of the vocabulary.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": list("abc"), "source": list("abc"),
    ...     "condition": "back pain", "intervention": "massage", "aspect": "use",
    ...     "recommendation": ["for", "for", "against"]})
    >>> verdicts, left_out = order_verdicts(claims, Vocabulary())
    >>> verdicts.loc[0, ["verdict", "turns", "decisive"]].tolist()
    ['conflict', (('c', 'agree'),), ('c',)]
    """
    verdicts = measure_robustness(claims, vocabulary)
    verdicts[["sources", "claims"]] = count_questions(claims, vocabulary)[["sources", "claims"]]
    turns = find_turning_sources(claims, vocabulary)
    verdicts["turns"] = _gather_turns(verdicts, turns)
    _, scores = score_claims(claims, vocabulary)
    question = find_questions(claims).of_claim
    ids = claims["claim_id"].to_numpy(dtype=object)
    for side, sign in FOLDED.items():
        chosen = np.sign(scores) == sign
        parts = pd.Series(ids[chosen]).groupby(question[chosen]).agg(tuple)
        verdicts[side] = [parts.get(number, ()) for number in range(len(verdicts))]
    verdicts["decisive"] = [_choose_decisive(row) for row in verdicts.to_dict("records")]
    clash = verdicts["verdict"].isin(VERDICTS[:2])
    shown = verdicts[(verdicts["sources"] >= least) | clash]
    rank = shown["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS)})
    order = np.lexsort((-shown["sources"], shown["recodings"].fillna(np.inf), rank))
    return shown.iloc[order].reset_index(drop=True), len(verdicts) - len(shown)


def _gather_turns(verdicts: pd.DataFrame, turns: pd.DataFrame) -> list[tuple]:
    """Gather for each question the sources that turn its verdict, each with what it turns to."""
    gathered: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for *terms, source, without in turns[[*FACETS, "source", "without"]].itertuples(
        index=False, name=None
    ):
        gathered.setdefault(tuple(terms), []).append((source, without))
    questions = verdicts[list(FACETS)].itertuples(index=False, name=None)
    return [tuple(gathered.get(question, ())) for question in questions]


def _choose_decisive(verdict: dict) -> tuple[str, ...]:
    """Choose the weaker side of two that clash, both where they are equal; else all claims."""
    weaker, stronger = sorted((verdict["for"], verdict["against"]), key=len)
    if verdict["verdict"] in VERDICTS[:2] and len(weaker) == verdict["recodings"]:
        return (*weaker, *stronger) if len(weaker) == len(stronger) else (*weaker,)
    return (*verdict["for"], *verdict["uncertain"], *verdict["against"])
