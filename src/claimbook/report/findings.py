"""What a report finds: the answer in short, and each point of conflict with both sides' words."""

from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    CONTRADICTION,
    DIRECT,
    EXCEPTION,
    FACETS,
    OVERLAP,
    REPORTED,
)
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import describe_problems, iter_rows
from claimbook.compare.conflicts import choose_headline, find_conflicts
from claimbook.compare.questions import find_answers
from claimbook.figures.figure import figure
from claimbook.measures import SIDES
from claimbook.report.answers import Clash, gather_clashes, name_groups
from claimbook.report.html import Section, render
from claimbook.report.pictures import show_figure
from claimbook.report.wording import capitalise, count_noun, find_names, join, spell

_CASE: Final = ["narrower_condition", "narrower_intervention", "narrower_aspect", "narrower_side"]
_MOST_OPEN: Final = {DIRECT: 8, CONTRADICTION: 4, REPORTED: 0}
_MOST_POINTS: Final = 60
_MOST_TOLD: Final = 20
_MOST_NAMED: Final = 2
_KINDS: Final = (DIRECT, CONTRADICTION, REPORTED)
_Question = tuple[str, str, str]


@of_collection
def show_title(collection: Collection) -> Section:
    """
    Show the title, what the sources do in one sentence, and what limits it.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Its metadata give the title and, as ``notice``, a sentence for its readers.

    Returns
    -------
    section : Section
        A heading of the first level; how many of the sources that are appraised say more for the
        topic than against it, and on how many questions they contradict one another, others and
        themselves, as `gather_clashes` has it; in small print how many have no address, which
        have one publisher, and the rows set aside with their problems.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "contradict one another" in show_title(read_collection("data"))
    True
    """
    appraised, names = find_appraised(collection), find_names(collection)
    clashes, aside = gather_clashes(collection), collection.set_aside
    worst = aside.groupby(["file", "record"], sort=False)["severity"].transform("max")
    told = {
        severity: (len(problems.drop_duplicates(["file", "record"])), describe_problems(problems))
        for severity, problems in aside.groupby(worst)
    }
    return render(
        "title",
        names=names,
        title=str(collection.metadata.get("title") or "What the sources claim"),
        answer=[_say_leaning(collection, appraised), _say_clashes(collection, appraised, clashes)],
        number=len(appraised),
        silent=sum(not names.page(key) for key in appraised),
        voices=list_voices(collection),
        notice=str(collection.metadata.get("notice") or ""),
        aside=told,
        most=_MOST_TOLD,
    )


def _say_leaning(collection: Collection, appraised: list[str]) -> str:
    """Say how many sources have more claims on the topic on one side than on the other."""
    names, topic = find_names(collection), collection.on_topic()
    sides = pd.Series(topic.sides).groupby(topic.claims["source"].to_numpy()).sum()
    balance = np.sign(sides.reindex(appraised, fill_value=0))
    leaning = [(int((balance == sign).sum()), side) for sign, side in ((1, "for"), (-1, "against"))]
    (most, side), (fewer, other) = sorted(leaning, reverse=True)
    if not most:
        return ""
    number, (one, many) = len(appraised), names.article
    if len(collection.claims) == 1:
        return f"One {names.nouns['claim']} by one {one}."
    who = f"{spell(most)} of {count_noun(number, one, many)}"
    if most == number:
        who = {1: f"the one {one}", 2: f"both {many}"}.get(number, f"all {spell(number)} {many}")
    it = join([names.term("intervention", term) for term in collection.topic])
    if it and (names.nouns["for"], names.nouns["against"]) == (SIDES[0], SIDES[-1]):
        them = " it" if len(collection.topic) == 1 else " them"
        verb, more, also = "speak", f"mostly {side} {it}", f"mostly {other}{them}"
    else:
        side, other, verb = names.side(side), names.side(other), "say"
        more = f"“{side}” more often than “{other}”{' of ' * bool(it)}{it}"
        also = f"“{other}” more often"
    rest = f", {spell(fewer)} {also}" if fewer else ""
    return f"{capitalise(who)} {verb}{'s' * (most == 1)} {more}{rest}."


def _say_clashes(collection: Collection, appraised: list[str], clashes: list[Clash]) -> str:
    """Say on how many questions the sources contradict one another, others and themselves."""
    names, several = find_names(collection), len(appraised) > 1
    among, others, apart = (
        sum(clash.among == kind for clash in clashes) for kind in ("articles", "others", "apart")
    )
    beside = " or ".join(_list_beside(collection, clashes))
    said = []
    if among:
        said.append(f"they contradict one another on {count_noun(among, 'question')}")
    if others:
        they = f"contradict{'s' * (not several)} {beside}"
        said.append(
            f"{beside} contradict them on {spell(others)} more" if among
            else f"{'they' if several else 'it'} {they} on {count_noun(others, 'question')}"
        )  # fmt: skip
    if apart and not among and not others:
        said.append(f"others beside them contradict each other on {count_noun(apart, 'question')}")
    if not clashes and several:
        said.append("no two of them give opposite answers to one question")
    own = [source for clash in clashes for source in sorted(clash.contradicts)]
    twice = [
        f"{names.source(key)} contradicts itself on {count_noun(own.count(key), 'question')}"
        for key in dict.fromkeys(own)
    ]
    if clashes and several and not own:
        twice = ["none contradicts itself"]
    if len(twice) > _MOST_NAMED:
        twice = [f"{spell(len(twice))} contradict themselves"]
    text = "; ".join(filter(None, [capitalise(", and ".join(said)), join(twice)]))
    return f"{text}." if text else ""


def _list_beside(collection: Collection, clashes: list[Clash]) -> list[str]:
    """List the groups of sources that an article clashes with where it clashes with no other."""
    groups, claims = name_groups(collection), find_names(collection).claims
    keys = (key for clash in clashes if clash.among == "others" for key in clash.claim_ids)
    return list(dict.fromkeys(groups[one] for key in keys if (one := claims[key].source) in groups))


@of_collection
def list_voices(collection: Collection) -> dict[str, list[str]]:
    """List the articles of each publisher that has several, by their names."""
    said_by: dict[str, list[str]] = {}
    for source in collection.articles:
        said_by.setdefault(collection.voices[source], []).append(collection.labels[source])
    return {voice: sources for voice, sources in said_by.items() if len(sources) > 1}


@of_collection
def find_appraised(collection: Collection) -> list[str]:
    """Find the sources whose claims are appraised: the articles, or all where there is none."""
    return collection.articles or collection.claims["source"].unique().tolist()


def list_rows(table: pd.DataFrame) -> list[Any]:
    """List the rows of a table as named tuples."""
    return list(iter_rows(table))


@of_collection
def show_question(
    collection: Collection, question: _Question | None = None, *, most: int = 3
) -> Section:
    """
    Show one question's two sides face to face, in claims and quoted words.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    question : (condition, intervention, aspect), optional
        Narrower claims are shown with it, and said to be so; without it that of
        `choose_headline`.
    most : int
        Show no more claims on a side than this: those on just this question first, then the
        furthest from the middle.

    Returns
    -------
    section : Section
        Two columns of claims of the articles, or of all where there is none, with what is known
        of whom they credit; what guidelines and others say; every source on it as a figure.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> page = show_question(read_collection("data"), ("back pain", "massage", "standalone"))
    >>> "passive" in page
    True
    """
    question = question or choose_headline(collection)
    sides = split_sides(collection, question)
    articles = set(find_appraised(collection))
    groups = name_groups(collection) if collection.articles else {}
    own = {side: answers[answers["source"].isin(articles)] for side, answers in sides.items()}
    beside: dict[str, list[Any]] = {}
    for answers in sides.values():
        for claim in iter_rows(answers[~answers["source"].isin(articles)]):
            beside.setdefault(groups[claim.source], []).append(claim)
    if not any(map(len, sides.values())):
        return Section("")
    return render(
        "question",
        names=find_names(collection),
        question=question,
        sides={side: list_rows(answers.head(most)) for side, answers in own.items()},
        rest=sum(max(len(answers) - most, 0) for answers in own.values()),
        beside=beside,
        most=most,
        picture=show_figure(figure(collection, "question", question=question)),
    )


@of_collection
def split_sides(collection: Collection, question: _Question) -> dict[str, pd.DataFrame]:
    """Find what is said on either side: articles first, just this question, the furthest out."""
    answers = find_answers(collection, question)
    answers = answers[answers["stands"].isin(["at", "under"])]
    scores = answers["recommendation"].map(collection.terms.scores).astype(float)
    order = pd.DataFrame(
        {
            "article": answers["source"].map(collection.parts) != ARTICLE,
            "narrower": answers["stands"] == "under",
            "score": -scores.abs(),
        }
    ).sort_values(["article", "narrower", "score"], kind="stable")
    answers, scores = answers.loc[order.index], scores.loc[order.index]
    return {"for": answers[scores > 0], "against": answers[scores < 0]}


@of_collection
def show_conflicts(collection: Collection, *, kind: str = DIRECT) -> Section:
    """
    Show points of conflict, each with both sides' claims and words.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    kind : {"direct", "self-contradiction", "reported"}
        Which points, as `find_conflicts` names them; of those reported the ones on one question.

    Returns
    -------
    section : Section
        A part a point; empty where there is none.

    Raises
    ------
    ValueError
        If there is no such kind.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "address the root causes" in show_conflicts(read_collection("data"))
    True
    """
    if kind not in _KINDS:
        raise ValueError(f"kind is {kind!r}, expected one of: {', '.join(_KINDS)}")
    points = find_conflicts(collection)
    points = _order_points(collection, points[points["kind"] == kind])
    if kind == REPORTED:
        points = points[points["narrower_condition"] == ""]
    if points.empty:
        return Section("")
    return render(
        "conflicts",
        names=find_names(collection),
        kind=kind,
        points=list_rows(points.head(_MOST_POINTS)),
        open=_MOST_OPEN[kind],
        rest=list_rows(points.iloc[_MOST_POINTS:]),
    )


def _order_points(collection: Collection, points: pd.DataFrame) -> pd.DataFrame:
    """Put points on which articles clash first, and the question that stands first last."""
    articles, headline = set(collection.articles), choose_headline(collection)
    sides = [
        [set(one) & articles for one in points[f"sources_{side}"]] for side in ("for", "against")
    ]
    taking = [bool(pro) + bool(con) for pro, con in zip(*sides, strict=True)]
    asked = points[list(FACETS)].itertuples(index=False, name=None)
    keys = pd.DataFrame(
        {"shown": [question == headline for question in asked], "taking": taking},
        index=points.index,
    )
    order = keys.sort_values(["shown", "taking"], ascending=[True, False], kind="stable").index
    return points.loc[order]


@of_collection
def show_exceptions(collection: Collection) -> Section:
    """
    Show the exceptions: narrower cases of which something else is said than of the broader.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A table, one row per narrower case and side; how many questions overlap with opposite
        answers. Empty where there is neither.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "herniated disc" in show_exceptions(read_collection("data"))
    True
    """
    points = find_conflicts(collection)
    cases = points[points["kind"] == EXCEPTION].groupby(_CASE, sort=False)
    overlaps = int((points["kind"] == OVERLAP).sum())
    if not len(cases) and not overlaps:
        return Section("")
    return render(
        "exceptions",
        names=find_names(collection),
        cases=[_describe_case(of) for _, of in cases],
        overlaps=overlaps,
    )


def _describe_case(points: pd.DataFrame) -> dict[str, Any]:
    """Describe one narrower case, with all the broader ones."""
    side = points["narrower_side"].iloc[0]
    other = "for" if side == "against" else "against"
    columns = ["condition", "intervention", "aspect"]
    return {
        "side": side,
        "narrower": tuple(points[[f"narrower_{name}" for name in columns]].iloc[0]),
        "broader": list(dict.fromkeys(points[columns].itertuples(index=False, name=None))),
        "said": [claim for ids in points[f"claims_{side}"] for claim in ids],
        "otherwise": [claim for ids in points[f"claims_{other}"] for claim in ids],
    }
