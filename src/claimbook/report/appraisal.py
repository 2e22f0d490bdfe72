"""What a report says of agreement, of evidence and of how firm both are."""

from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import FACETS, FIDELITIES, USE, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_questions
from claimbook.compare.relations import find_questions
from claimbook.figures.figure import figure
from claimbook.measures import (
    count_citations,
    count_directions,
    count_support,
    find_citations,
    measure_overlap,
    order_questions,
    order_verdicts,
)
from claimbook.report.findings import find_appraised, list_rows, list_voices
from claimbook.report.html import Section, render
from claimbook.report.pictures import show_figure
from claimbook.report.wording import find_names

_DIFFER: Final = FIDELITIES[1:7]  # a finding is known, and the claim says otherwise
# the claim says more than was found: of more cases, or more surely
_BEYOND: Final = ("overgeneralised", "overstated")
_OPPOSED: Final = VERDICTS[:2]
_MOST_DIRECTIONS: Final = 8
_LINES: Final = 12


@of_collection
def show_numbers(collection: Collection) -> Section:
    """
    Show the few numbers that tell how far the sources can be relied on.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        How many claims name no source, how many go beyond the one that they cite, on how many
        questions sources agree, how many conflicts hang on one claim; each with a bar. Those of
        nothing are left out.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "name no source" in show_numbers(read_collection("data"))
    True
    """
    verdicts = count_questions(collection).loc[lambda counts: counts["sources"] > 1, "verdict"]
    firm, _ = order_verdicts(collection.gather_use())
    conflicts = firm[firm["verdict"] == VERDICTS[0]]
    section = render(
        "numbers",
        names=find_names(collection),
        trust=count_trust(collection),
        beyond=_BEYOND,
        verdicts={name: int((verdicts == name).sum()) for name in VERDICTS[:4]},
        shared=len(verdicts),
        conflicts=len(conflicts),
        single=int(conflicts["one_code"].sum()),
    )
    return section if "<div" in section else Section("")


@of_collection
def count_trust(collection: Collection) -> dict[str, Any]:
    """Count how many claims name a source, and how many say what it found."""
    claims, traces = collection.claims, trace_claims(collection)
    spoken = claims["source"].isin(find_appraised(collection))
    found = traces[traces["claim_id"].isin(claims.loc[spoken, "claim_id"])]
    cited = found[~found["fidelity"].isin(FIDELITIES[-2:])]
    counts = cited["fidelity"].value_counts()
    return {
        "claims": int(spoken.sum()),
        "uncredited": int(spoken.sum()) - len(found),
        "untraceable": len(found) - len(cited),
        "cited": len(cited),
        "fidelities": {name: int(counts[name]) for name in FIDELITIES if name in counts},
    }


@of_collection
def show_matrix(collection: Collection) -> Section:
    """
    Show who says what: questions by sources, as a figure.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        How many questions there are, how many are answered by more than one source; the figure on
        demand. Empty where no question is shared.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "<svg" in show_matrix(read_collection("data"))
    True
    """
    gathered = collection.gather_use()
    shown, left_out = order_questions(gathered)
    if shown.empty:
        return Section("")
    under = collection.terms.find_narrower("aspect", USE)
    used = [aspect for aspect in collection.claims["aspect"].unique() if aspect in under]
    return render(
        "matrix",
        names=find_names(collection),
        questions=len(shown) + left_out,
        several=(several := int((shown["sources"] > 1).sum())),
        own=len(shown) - several,
        gathered=[name for name in used if name != USE],
        picture=show_figure(figure(gathered, "matrix")),
    )


@of_collection
def show_agreements(collection: Collection) -> Section:
    """
    Show where sources agree, on how many voices, and on whose evidence.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A sentence and a table, one row per question that more than one source answers and all on
        the same level; those on most voices first, then those that most sources answer. Sources
        of one publisher are one voice, and who repeats the page that it cites is named. Then how
        sources are spread over the sides of the questions that most of them answer. Empty where
        no question is shared.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "nobody is credited" in show_agreements(read_collection("data"))
    True
    """
    questions = count_questions(collection)
    shared = int((questions["sources"] > 1).sum())
    if not shared:
        return Section("")
    ids = collection.claims["claim_id"].groupby(find_questions(collection).of_claim).agg(list)
    agreed = questions.assign(claim_ids=ids)[questions["verdict"] == "agree"]
    agreed = agreed.drop(columns="sources").merge(count_support(collection), on=list(FACETS))
    agreed = agreed.sort_values(["voices", "sources"], ascending=False, kind="stable")
    return render(
        "agreements",
        names=find_names(collection),
        shared=shared,
        agreed=list_rows(agreed),
        rests_on=agreed["rests_on"].value_counts().to_dict(),
        single=int((agreed["voices"] < 2).sum()),
        directions=_list_directions(collection),
        voices=list_voices(collection),
        picture=show_figure(figure(collection, "harvest")),
    )


def _list_directions(collection: Collection) -> list[Any]:
    """List the questions that most sources answer, with how many take which side."""
    directions = count_directions(collection)
    answered = directions[["for", "against", "uncertain", "both", "off_scale"]].sum(axis=1)
    order = answered[answered > 1].sort_values(ascending=False, kind="stable")
    return list_rows(directions.loc[order.index[:_MOST_DIRECTIONS]].rename(
        columns={"for": "pro", "against": "con"}
    ))  # fmt: skip


@of_collection
def show_credits(collection: Collection) -> Section:
    """
    Show whom each source credits, and whether the studies say so.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        How far the sources share studies; a table, one row per article (per source where none is
        an article), the claims by fidelity and those that lean on an article or a page, at second
        hand; a table of the claims that say other than what they cite. Empty where nobody credits
        anybody.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "overstated" in show_credits(read_collection("data"))
    True
    """
    appraised, traces = find_appraised(collection), trace_claims(collection)
    if traces.empty:
        return Section("")
    citing = find_citations(collection.filter(source=appraised))
    differing = traces[traces["fidelity"].isin(_DIFFER)]
    ranked = differing.sort_values(
        "fidelity", key=lambda names: names.map(FIDELITIES.index), kind="stable"
    )
    lines = count_citations(collection)
    counts = {source: _list_credits(lines, source) for source in appraised}
    return render(
        "credits",
        names=find_names(collection),
        overlap=measure_overlap(collection.filter(source=appraised)),
        twice=int((citing.sum(axis=0) > 1).sum()),
        columns=[
            name
            for name in (*FIDELITIES, "second-hand")
            if any(name in of for of in counts.values())
        ],
        counts={source: of for source, of in counts.items() if of},
        differing=list_rows(ranked),
        picture=show_figure(figure(collection, "citations")) if citing.size else "",
    )


def _list_credits(lines: pd.DataFrame, source: str) -> dict[str, list[str]]:
    """List the claims of a source by fidelity, and those that lean on no study at first hand."""
    found: dict[str, list[str]] = {}
    for row in iter_rows(lines[lines["source"] == source]):
        found.setdefault(row.fidelity, []).extend(row.claim_ids)
        if row.cited_part in ("article", "other"):
            found.setdefault("second-hand", []).extend(row.claim_ids)
    return found


@of_collection
def show_robustness(collection: Collection) -> Section:
    """
    Show how firm the verdicts are: without a source, with a claim coded otherwise, on three levels.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        What bears on ``use`` is gathered, as in the matrix.

    Returns
    -------
    section : Section
        Sentences, and a table of the conflicts and of the questions that three sources or more
        answer; empty where there is neither.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "read differently" in show_robustness(read_collection("data"))
    True
    """
    gathered = collection.gather_use()
    firm, _ = order_verdicts(gathered)
    opposed = firm["verdict"].isin(_OPPOSED)
    larger = firm[(firm["sources"] > 2) & ~opposed]
    if not opposed.any() and larger.empty:
        return Section("")
    claims = gathered.asked.join(gathered.claims[["source", "claim_id"]])
    return render(
        "robustness",
        names=find_names(collection),
        ids=claims.groupby([*FACETS, "source"])["claim_id"].agg(list).to_dict(),
        shown=list_rows(firm[opposed | (firm["sources"] > 2)]),
        opposed={
            str(verdict): (len(rows), int(rows["one_code"].sum()))
            for verdict, rows in firm[opposed].groupby("verdict", sort=False)
        },
        larger=(len(larger), int((larger["turning_sources"].map(len) > 0).sum())),
        folded=int((firm["folded"] != firm["verdict"]).sum()),
        picture=show_figure(figure(gathered, "robustness")),
    )


@of_collection
def show_levels(collection: Collection) -> Section:
    """
    Show how each source leans: the levels of its claims on the topic, as a figure.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        Empty where fewer than two sources speak on it.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "<svg" in show_levels(read_collection("data"))
    True
    """
    topic = collection.on_topic()
    if topic.claims["source"].nunique() < 2:
        return Section("")
    return render(
        "levels",
        names=find_names(collection),
        topic=collection.topic,
        picture=show_figure(figure(topic, "levels")),
    )
