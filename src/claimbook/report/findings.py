"""What a report finds: the answer in short, and each point of conflict with both sides' words."""

from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    CONTRADICTION,
    DIRECT,
    EXCEPTION,
    FIDELITIES,
    OVERLAP,
    REPORTED,
)
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import describe_problems, iter_rows
from claimbook.compare.conflicts import choose_headline, find_conflicts
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_questions, find_answers
from claimbook.report.html import Section, render
from claimbook.report.method import compare_readers
from claimbook.report.wording import find_names

_CASE: Final = ["narrower_condition", "narrower_intervention", "narrower_aspect", "narrower_side"]
_MOST_POINTS: Final = 60
_MOST_TOLD: Final = 20


@of_collection
def show_title(collection: Collection) -> Section:
    """
    Show what the collection is on, how large it is, and what of it is left out.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Its metadata give title and description.

    Returns
    -------
    section : Section
        A heading of the first level, its description, and how much it holds: sources of one
        publisher are named as one voice, rows set aside are told with their problems.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "<h1>" in show_title(read_collection("data"))
    True
    """
    articles, speaking = len(collection.articles), collection.claims["source"].nunique()
    aside = collection.set_aside
    rows = aside.assign(told=describe_problems(aside)).groupby(["file", "record"], sort=False)
    told = rows.agg({"severity": "max", "told": "; ".join}).groupby("severity")["told"].agg(list)
    return render(
        "title",
        title=str(collection.metadata.get("title") or "What the sources claim"),
        description=str(collection.metadata.get("description", "")),
        claims=len(collection.claims),
        articles=articles,
        others=speaking - articles,
        voices=list_voices(collection),
        aside=told.to_dict(),
        most=_MOST_TOLD,
    )


@of_collection
def list_voices(collection: Collection) -> dict[str, list[str]]:
    """List the articles of each publisher that has several, by their names."""
    said_by: dict[str, list[str]] = {}
    for source in collection.articles:
        said_by.setdefault(collection.voices[source], []).append(collection.labels[source])
    return {voice: sources for voice, sources in said_by.items() if len(sources) > 1}


@of_collection
def show_summary(collection: Collection) -> Section:
    """
    Answer in a few sentences where the sources conflict, and what can be checked.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A list. Conflicts are counted as `find_conflicts` gives them, kind by kind; those in which
        no article takes part stand apart.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "opposite sides" in show_summary(read_collection("data"))
    True
    """
    points = find_conflicts(collection)
    direct = points[points["kind"] == DIRECT]
    sources = direct["sources_for"] + direct["sources_against"]
    apart = sources.map(set(collection.articles).isdisjoint).astype(bool)
    own = points[points["kind"] == CONTRADICTION]
    cases = points[points["kind"] == EXCEPTION].drop_duplicates(_CASE)
    question = choose_headline(collection)
    verdicts = count_questions(collection).loc[lambda counts: counts["sources"] > 1, "verdict"]
    return render(
        "summary",
        names=find_names(collection),
        question=question,
        stances=_list_stances(collection, question),
        direct=_list(direct[~apart]),
        apart=_list(direct[apart]),
        own={
            source: _list(of) for source, of in own.groupby(own["sources_for"].str[0], sort=False)
        },
        between=_count_between(collection, direct),
        reported=_list(_choose_points(points, REPORTED)),
        overlaps=int((points["kind"] == OVERLAP).sum()),
        cases={side: _list(of) for side, of in cases.groupby("narrower_side")},
        questions=len(count_questions(collection)),
        shared=len(verdicts),
        agreeing=int((verdicts == "agree").sum()),
        trust=_count_trust(collection),
    )


def _choose_points(points: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Choose the points of a kind; both sides are reported only where they answer one question."""
    chosen = points[points["kind"] == kind]
    return chosen[chosen["narrower_condition"] == ""] if kind == REPORTED else chosen


def _list(table: pd.DataFrame) -> list[Any]:
    return list(iter_rows(table))


def _count_between(collection: Collection, points: pd.DataFrame) -> int:
    """Count the points whose two sides answer no question in common, also where use is gathered."""
    asked = collection.gather_use().asked.itertuples(index=False, name=None)
    of_claim = dict(zip(collection.claims["claim_id"], asked, strict=True))
    sides = zip(points["claims_for"], points["claims_against"], strict=True)
    return sum(not {of_claim[key] for key in pro} & {of_claim[key] for key in con}
               for pro, con in sides)  # fmt: skip


def _list_stances(
    collection: Collection, question: tuple[str, str, str]
) -> dict[str, list[tuple[str, bool, Any]]]:
    """List who stands on either side, whether of narrower cases only, and a claim that credits."""
    stances: dict[str, list[tuple[str, bool, Any]]] = {}
    for side, answers in split_sides(collection, question).items():
        stances[side] = [
            (
                str(source),
                bool((own["stands"] == "under").all()),
                next((claim for claim in iter_rows(own) if claim.attribution), None),
            )
            for source, own in answers.groupby("source", sort=False)
        ]
    return stances


def _count_trust(collection: Collection) -> dict[str, Any]:
    """Count how many claims can be checked, against words and against studies."""
    claims, traces = collection.claims, trace_claims(collection)
    spoken = claims["source"].isin(find_appraised(collection))
    found = traces[traces["claim_id"].isin(claims.loc[spoken, "claim_id"])]
    cited = found[~found["fidelity"].isin(FIDELITIES[-2:])]
    counts = cited["fidelity"].value_counts()
    compared = compare_readers(collection)
    measures = pd.DataFrame() if compared is None else compared.measures.dropna(subset="agreement")
    return {
        "claims": int(spoken.sum()),
        "uncredited": int(spoken.sum()) - len(found),
        "untraceable": len(found) - len(cited),
        "cited": len(cited),
        "second_hand": int(cited["cited_part"].isin(["article", "other"]).sum()),
        "fidelities": {name: int(counts[name]) for name in FIDELITIES if name in counts},
        "quoted": int((claims["quote"] != "").sum()),
        "found": len(collection.verified),
        "alike": {row.column: row.agreement for row in iter_rows(measures)},
    }


@of_collection
def find_appraised(collection: Collection) -> list[str]:
    """Find the sources whose claims are appraised: the articles, or all where there is none."""
    return collection.articles or collection.claims["source"].unique().tolist()


@of_collection
def show_question(
    collection: Collection, question: tuple[str, str, str] | None = None, *, most: int = 3
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
        Show no more claims on a side than this: articles first, then those on just this question,
        then the furthest from the middle.

    Returns
    -------
    section : Section
        Two columns of claims, and the number of those not shown.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> page = show_question(read_collection("data"), ("back pain", "massage", "standalone"))
    >>> "passive" in page
    True
    """
    question = question or choose_headline(collection)
    sides = split_sides(collection, question)
    return render(
        "question",
        names=find_names(collection),
        question=question,
        sides={side: _list(answers.head(most)) for side, answers in sides.items()},
        rest=sum(max(len(answers) - most, 0) for answers in sides.values()),
    )


@of_collection
def split_sides(collection: Collection, question: tuple[str, str, str]) -> dict[str, pd.DataFrame]:
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
    kind : {"direct", "self-contradiction", "exception", "overlap", "reported"}
        Which points, as `find_conflicts` names them; of those reported the ones on one question.

    Returns
    -------
    section : Section
        A part a point, or a sentence that says there is none.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "address the root causes" in show_conflicts(read_collection("data"))
    True
    """
    points = _choose_points(find_conflicts(collection), kind)
    return render(
        "conflicts",
        names=find_names(collection),
        points=_list(points.head(_MOST_POINTS)),
        rest=_list(points.iloc[_MOST_POINTS:]),
    )


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
        A table, one row per narrower case and side.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "herniated disc" in show_exceptions(read_collection("data"))
    True
    """
    points = find_conflicts(collection)
    cases = points[points["kind"] == EXCEPTION].groupby(_CASE, sort=False)
    return render(
        "exceptions",
        names=find_names(collection),
        cases=[_describe_case(of) for _, of in cases],
        overlaps=int((points["kind"] == OVERLAP).sum()),
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
