"""What a report says of agreement, of evidence and of how firm both are."""

from typing import Final

from claimbook.collection.codebook import FACETS, FIDELITIES, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_questions
from claimbook.compare.relations import find_questions
from claimbook.measures import (
    count_citations,
    count_directions,
    count_support,
    describe_directions,
    find_citations,
    measure_overlap,
    order_verdicts,
)
from claimbook.report.findings import find_appraised, list_voices
from claimbook.report.html import Section, render
from claimbook.report.wording import find_names

_DIFFER: Final = FIDELITIES[1:7]  # a finding is known, and the claim says otherwise
_OPPOSED: Final = VERDICTS[:2]


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
        of one publisher are one voice, and who repeats the page that it cites is named.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "nobody is credited" in show_agreements(read_collection("data"))
    True
    """
    questions = count_questions(collection)
    ids = collection.claims["claim_id"].groupby(find_questions(collection).of_claim).agg(list)
    agreed = questions.assign(claim_ids=ids)[questions["verdict"] == "agree"]
    agreed = agreed.drop(columns="sources").merge(count_support(collection), on=list(FACETS))
    agreed = agreed.sort_values(["voices", "sources"], ascending=False, kind="stable")
    return render(
        "agreements",
        names=find_names(collection),
        shared=int((questions["sources"] > 1).sum()),
        agreed=list(iter_rows(agreed)),
        rests_on=agreed["rests_on"].value_counts().to_dict(),
        single=int((agreed["voices"] < 2).sum()),
    )


@of_collection
def show_directions(collection: Collection, *, most: int = 8) -> Section:
    """
    Show how sources are spread over the sides of the questions that most of them answer.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    most : int
        How many questions.

    Returns
    -------
    section : Section
        A list, one sentence per question; a sentence where no question is shared.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "that take a side" in show_directions(read_collection("data"))
    True
    """
    directions = count_directions(collection).assign(said=describe_directions(collection))
    answered = directions[["for", "against", "uncertain", "both", "off_scale"]].sum(axis=1)
    order = answered[answered > 1].sort_values(ascending=False, kind="stable").index[:most]
    return render(
        "directions",
        names=find_names(collection),
        directions=list(iter_rows(directions.loc[order])),
        voices=list_voices(collection),
    )


@of_collection
def show_credits(collection: Collection) -> Section:
    """
    Show what each source leans on, and whether the studies say so.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        How far the sources share studies; a table, one row per article (per source where none is
        an article), the claims by fidelity and those that lean on an article or a page, at second
        hand; a table of the claims that say other than what they cite.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "overstated" in show_credits(read_collection("data"))
    True
    """
    appraised, traces = find_appraised(collection), trace_claims(collection)
    citing = find_citations(collection.filter(source=appraised))
    differing = traces[traces["fidelity"].isin(_DIFFER)]
    ranked = differing.sort_values(
        "fidelity", key=lambda names: names.map(FIDELITIES.index), kind="stable"
    )
    counts = {source: _list_credits(collection, source) for source in appraised}
    return render(
        "credits",
        names=find_names(collection),
        noun="article" if collection.articles else "source",
        overlap=measure_overlap(collection.filter(source=appraised)),
        twice=int((citing.sum(axis=0) > 1).sum()),
        columns=[
            name
            for name in (*FIDELITIES, "second-hand")
            if any(name in of for of in counts.values())
        ],
        counts=counts,
        differing=list(iter_rows(ranked)),
    )


def _list_credits(collection: Collection, source: str) -> dict[str, list[str]]:
    """List the claims of a source by fidelity, and those that lean on no study at first hand."""
    lines = count_citations(collection)
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
        A list of sentences, and a table of the conflicts and of the questions that three sources
        or more answer.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "coded otherwise" in show_robustness(read_collection("data"))
    True
    """
    gathered = collection.gather_use()
    firm, _ = order_verdicts(gathered)
    opposed = firm["verdict"].isin(_OPPOSED)
    larger = firm[(firm["sources"] > 2) & ~opposed]
    claims = gathered.asked.join(gathered.claims[["source", "claim_id"]])
    return render(
        "robustness",
        names=find_names(collection),
        ids=claims.groupby([*FACETS, "source"])["claim_id"].agg(list).to_dict(),
        shown=list(iter_rows(firm[opposed | (firm["sources"] > 2)])),
        opposed={
            str(verdict): (len(rows), int(rows["one_code"].sum()))
            for verdict, rows in firm[opposed].groupby("verdict", sort=False)
        },
        larger=(len(larger), int((larger["turning_sources"].map(len) > 0).sum())),
        pairs=int((firm["sources"] == 2).sum()),
        folded=int((firm["folded"] != firm["verdict"]).sum()),
    )
