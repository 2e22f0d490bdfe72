"""What a report says of agreement, of evidence and of how firm both are, as HTML."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML

from claimbook.collection.codebook import ARTICLE, FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.vocabulary import gather_use
from claimbook.compare.fidelity import FIDELITIES, trace_claims
from claimbook.compare.questions import count_questions
from claimbook.measures.citations import count_citations
from claimbook.measures.directions import count_directions, describe_directions
from claimbook.measures.evidence import SUPPORTS, count_support, find_citations, measure_overlap
from claimbook.measures.robustness import order_verdicts
from claimbook.report.register import find_articles
from claimbook.report.wording import Labels, capitalise, count_noun, write_table

_RESTS_ON: Final = dict(
    zip(SUPPORTS, ("nobody is credited", "no study can be found", "", ""), strict=True)
)
_DIFFER: Final = ("overstated", "understated", "contradicted", "off topic")
_OPPOSED: Final = VERDICTS[:2]
_MOST_ROWS: Final = 100


def show_agreements(collection: Collection) -> HTML:
    """
    Show where sources agree, and on whose evidence.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        A sentence and a table, one row per question that more than one source answers and all on
        the same level; those that most sources answer first.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "nobody is credited" in show_agreements(read_collection("data")).data
    True
    """
    claims, sources, vocabulary, *_ = collection
    questions = count_questions(claims, vocabulary)
    shared = int((questions["sources"] > 1).sum())
    agreed = questions[questions["verdict"] == "agree"].drop(columns="sources")
    support = count_support(claims, vocabulary, sources=sources)
    agreed = agreed.merge(support, on=list(FACETS)).sort_values(
        "sources", ascending=False, kind="stable"
    )
    if agreed.empty:
        return HTML("<p>On no question do several sources all give the same level.</p>")
    labels, ids = Labels(collection), claims.groupby(list(FACETS))["claim_id"].agg(tuple)
    rows = [
        (
            escape(labels.name_topic(row.condition, row.intervention, row.aspect)),
            labels.mark_level(row.lowest),
            labels.link_claims([ids[row.condition, row.intervention, row.aspect]]),
            _name_support(row, labels),
        )
        for row in iter_rows(agreed)
    ]
    heads = ("Question", "Level", "Said by", "Rests on")
    table = _cap(heads, rows, caption="Where all sources give the same level")
    return HTML(f"<p>{_count_supports(agreed['rests_on'], shared)}</p>{table}")


def _cap(heads: tuple[str, ...], rows: list[Any], *, caption: str) -> str:
    """Write the first rows of a table, and say how many are not shown."""
    rest = len(rows) - _MOST_ROWS
    more = f"<p>{count_noun(rest, 'more row')} not shown.</p>" if rest > 0 else ""
    return write_table(heads, rows[:_MOST_ROWS], caption=caption) + more


def _count_supports(rests_on: pd.Series, shared: int) -> str:
    counts = rests_on.value_counts()
    said = {
        "none": "nobody is credited",
        "untraceable": "somebody is credited, but no study can be found",
        "one study": "all lean on one study or other source, or but one names any",
        "several studies": "they lean on several",
    }
    parts = "; ".join(
        f"on {counts[name]} {words}" for name, words in said.items() if name in counts
    )
    return (
        f"Of {count_noun(shared, 'question')} that more than one source answers, "
        f"{len(rests_on)} {'is' if len(rests_on) == 1 else 'are'} answered alike. "
        f"Agreement is no evidence by itself: {parts}."
    )


def _name_support(row: Any, labels: Labels) -> str:
    if row.study:
        return f"one source: {labels.link_source(row.study)}"
    return _RESTS_ON[row.rests_on] or f"{row.studies} sources that are cited or no articles"


def show_directions(collection: Collection, *, most: int = 8) -> HTML:
    """
    Show how sources are spread over the sides of the questions that most of them answer.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.
    most : int
        How many questions.

    Returns
    -------
    html : HTML
        A list, one sentence per question; empty where no question is shared.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "that take a side" in show_directions(read_collection("data")).data
    True
    """
    directions = count_directions(collection.claims, collection.vocabulary)
    answered = directions[["for", "against", "uncertain", "both"]].sum(axis=1)
    order = answered[answered > 1].sort_values(ascending=False, kind="stable").index[:most]
    labels, shown = Labels(collection), directions.loc[order]
    items = [
        f"<li><strong>{escape(labels.name_topic(row.condition, row.intervention, row.aspect))}"
        f"</strong>: {escape(sentence)}.</li>"
        for row, sentence in zip(iter_rows(shown), describe_directions(shown), strict=True)
    ]
    return HTML(f"<ul>{''.join(items)}</ul>" if items else "<p>No question is shared.</p>")


def show_credits(collection: Collection) -> HTML:
    """
    Show what each source leans on, and whether the studies say so.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        How far the sources share studies; a table, one row per article (per source where none is
        known to be an article), the claims by fidelity; a table of the claims that say other than
        what they cite.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "overstated" in show_credits(read_collection("data")).data
    True
    """
    claims, sources, vocabulary, *_ = collection
    traces = trace_claims(claims, vocabulary)
    citations = count_citations(claims, traces, sources=sources)
    ids = citations.groupby(["source", "fidelity"])["claim_ids"].sum().to_dict()
    labels = Labels(collection)
    rows = [
        (
            labels.link_source(source),
            *(labels.open_claims(ids.get((source, name), ())) for name in FIDELITIES),
        )
        for source in find_articles(collection)
    ]
    heads = ("Source", *(name.capitalize() for name in FIDELITIES))
    table = _cap(heads, rows, caption="Claims of each source, by what the study it cites says")
    return HTML(_describe_overlap(collection) + table + _show_differences(traces, collection))


def _describe_overlap(collection: Collection) -> str:
    """Say how many studies the sources cite, and how far they share them."""
    claims = collection.claims
    citations = find_citations(claims[claims["source"].isin(find_articles(collection))])
    overlap = measure_overlap(citations)
    number, share = int(overlap["studies"]), overlap["overlap"]
    if not number:
        return f"<p>No {_name_kind(collection)} cites a study.</p>"
    citing, noun = int(overlap["sources"]), _name_kind(collection)
    sources = count_noun(citing, f"{noun} cites", f"{noun}s cite")
    text = f"{sources} {count_noun(number, 'study', 'studies')}."
    if share == share:
        twice = int((citations.sum(axis=0) > 1).sum())
        text += (
            f" {count_noun(twice, 'of these is', 'of these are') if twice else 'none of these is'} "
            f"cited by more than one; the corrected covered area is {100 * share:.0f}% "
            "(0 where no two share a study, 100 where all cite the same)."
        )
    return f"<p>{'. '.join(map(capitalise, text.split('. ')))}</p>"


def _name_kind(collection: Collection) -> str:
    """Name what `find_articles` finds: articles, or sources where none is known to be one."""
    kinds = collection.sources.loc[
        collection.sources["source"].isin(find_articles(collection)), "kind"
    ]
    return "article" if (kinds == ARTICLE).any() else "source"


def _show_differences(traces: pd.DataFrame, collection: Collection) -> str:
    """List the claims that say other than the study that they cite found."""
    claims = collection.claims.set_index("claim_id", drop=False)
    labels, rows = Labels(collection), []
    differing = traces[traces["fidelity"].isin(_DIFFER)]
    for row in iter_rows(differing.sort_values("fidelity", key=_rank, kind="stable")):
        claim = claims.loc[row.claim_id]
        found = claims.loc[row.finding] if row.finding else None
        rows.append(
            (
                labels.link_claims([(row.claim_id,)]),
                f"{labels.mark_level(claim.recommendation)}<br>{escape(claim.claim)}",
                labels.link_source(claim.cited_study),
                "nothing on the point" if found is None else _write_finding(found, labels),
                row.fidelity,
            )
        )
    heads = ("Claim", "Says", "Cites", "Which found", "So it is")
    return _cap(heads, rows, caption="Claims that say other than what they cite") if rows else ""


def _rank(fidelities: pd.Series) -> pd.Series:
    return fidelities.map(_DIFFER.index)


def _write_finding(found: Any, labels: Labels) -> str:
    link = labels.link_claims([(found.claim_id,)])
    return f"{labels.mark_level(found.recommendation)}<br>{escape(found.claim)} {link}"


def show_robustness(collection: Collection) -> HTML:
    """
    Show how firm the verdicts are: without a source, with a claim coded otherwise, on three levels.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        A list of sentences, and a table of the conflicts and of the questions that three sources
        or more answer.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "coded otherwise" in show_robustness(read_collection("data")).data
    True
    """
    claims = gather_use(collection.claims, collection.vocabulary)
    firm, _ = order_verdicts(claims, collection.vocabulary)
    shown = firm[firm["verdict"].isin(_OPPOSED) | (firm["sources"] > 2)]
    if shown.empty:
        return HTML("<p>No verdict rests on more than two sources, and none is a conflict.</p>")
    labels, ids = Labels(collection), claims.groupby([*FACETS, "source"])["claim_id"].agg(tuple)
    rows = [_write_firmness(row, labels, ids) for row in iter_rows(shown)]
    heads = ("Question", "Sources", "Verdict", "Claims to turn it", "Without", "On three levels")
    caption = "What the verdicts hang on: conflicts, and questions with three sources or more"
    items = "".join(f"<li>{item}</li>" for item in _describe_firmness(firm))
    return HTML(f"<ul>{items}</ul>{_cap(heads, rows, caption=caption)}")


def _describe_firmness(firm: pd.DataFrame) -> Iterable[str]:
    """Count what would turn verdicts, kind by kind; what there is none of is not counted."""
    opposed, number = firm["verdict"].isin(_OPPOSED), firm["sources"]
    for verdict, rows in firm[opposed].groupby("verdict", sort=False):
        turning = int(rows["one_code"].sum())
        yield (
            f"Of {count_noun(len(rows), str(verdict))}, {turning} would no longer be judged so "
            "with one claim coded otherwise: read the words before relying on it."
        )
    larger = firm[(number > 2) & ~opposed]
    if len(larger):
        turning = int((larger["turning_sources"].map(len) > 0).sum())
        yield (
            f"Of {count_noun(len(larger), 'other question')} with three sources or more, the "
            f"verdict on {turning} is another without one of them."
        )
    if pairs := int((number == 2).sum()):
        yield (
            f"{capitalise(count_noun(pairs, 'verdict rests', 'verdicts rest'))} on two sources: "
            "without either there is nothing to compare."
        )
    folded = int((firm["folded"] != firm["verdict"]).sum())
    yield (
        "With the levels folded to three (for, uncertain, against) "
        f"{count_noun(folded, 'verdict changes', 'verdicts change')}."
    )


def _write_firmness(row: Any, labels: Labels, ids: pd.Series) -> tuple[str, ...]:
    question = (row.condition, row.intervention, row.aspect)
    without = "; ".join(
        f"{labels.link_claims([ids[(*question, source)]])}: {verdict}"
        for source, verdict in row.turns
    )
    codes = "none would" if row.recodings != row.recodings else f"{row.recodings:.0f}"
    return (
        escape(labels.name_topic(*question)),
        str(row.sources),
        row.verdict,
        f"<strong>{codes}</strong>" if row.one_code else codes,
        without or "no source turns it",
        "the same" if row.folded == row.verdict else row.folded,
    )
