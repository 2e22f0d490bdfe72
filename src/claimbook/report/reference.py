"""What a report says of its sources, held against one of them as the yardstick, as HTML."""

from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML

from claimbook.collection.codebook import RELATIONS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.measures.yardstick import find_coverage, measure_sources, relate_to_yardstick
from claimbook.report.register import find_articles
from claimbook.report.wording import Labels, count_noun, write_table

GUIDELINE: Final = "guideline"
_MOST_SOURCES: Final = 8
_SAID: Final = {
    "agree": "same level",
    "qualify": "other level",
    "conflict": "opposite side",
    "": "not addressed",
}


def choose_yardstick(collection: Collection) -> str:
    """
    Choose the source against which the others are held.

    Parameters
    ----------
    collection : Collection
        ``yardstick`` in its metadata names a source; else it is the guideline that most claims
        of other sources meet.

    Returns
    -------
    yardstick : str
        Its key; empty where no source that makes a claim is named or is a guideline.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> choose_yardstick(read_collection("data"))
    'nice_ng59'
    """
    claims, _, vocabulary, metadata, _ = collection
    named = metadata.get("yardstick")
    if named in set(claims["source"]):
        return str(named)
    guidelines = _find_guidelines(collection)
    met = {
        key: (relate_to_yardstick(claims, vocabulary, yardstick=key)["relation"] != "").sum()
        for key in guidelines
    }
    return max(guidelines, key=lambda key: met[key], default="")


def _find_guidelines(collection: Collection) -> list[str]:
    kinds = collection.sources.set_index("source")["kind"]
    named = collection.claims["source"].drop_duplicates()
    return list(named[named.map(kinds) == GUIDELINE])


def show_yardstick(collection: Collection, yardstick: str = "") -> HTML:
    """
    Show how the sources stand to one of them: how accurate they are, what they leave out.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.
    yardstick : str
        Key of a source; without it that of `choose_yardstick`.

    Returns
    -------
    html : HTML
        A table, one row per article, of its claims that meet the yardstick; one row per thing the
        yardstick says, with what each article says of it; and, where there are several
        guidelines, how many claims are on the same level by each.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "not addressed" in show_yardstick(read_collection("data")).data
    True
    """
    yardstick = yardstick or choose_yardstick(collection)
    if not yardstick or yardstick not in set(collection.claims["source"]):
        return HTML(
            "<p>No source that makes a claim is a guideline: name one as <code>yardstick</code> in "
            "<code>datapackage.json</code> to hold the others against it.</p>"
        )
    articles = [key for key in find_articles(collection) if key != yardstick]
    parts = [_introduce(collection, yardstick), _show_accuracy(collection, yardstick, articles)]
    if 0 < len(articles) <= _MOST_SOURCES:
        parts.append(_show_coverage(collection, yardstick, articles))
    guidelines = _find_guidelines(collection)
    if len(guidelines) > 1:
        parts.append(_show_guidelines(collection, guidelines, articles))
    return HTML("\n".join(parts))


def _introduce(collection: Collection, yardstick: str) -> str:
    number, labels = int((collection.claims["source"] == yardstick).sum()), Labels(collection)
    named = collection.metadata.get("yardstick") or yardstick
    silent = "" if named in set(collection.claims["source"]) else f"{named} makes no claim here. "
    return (
        f"<p>{escape(silent)}The yardstick is {labels.link_source(yardstick)}, which makes "
        f"{count_noun(number, 'claim')} here. A claim meets it where both speak of the same "
        "treatment, complaint and point, or of broader or narrower ones. Where the yardstick is "
        "silent a claim is neither right nor wrong.</p>"
    )


def _show_accuracy(collection: Collection, yardstick: str, articles: list[str]) -> str:
    references = relate_to_yardstick(collection.claims, collection.vocabulary, yardstick=yardstick)
    found = references.groupby(["source", "relation"])["claim_id"].agg(list).to_dict()
    measures = measure_sources(collection.claims, collection.vocabulary, yardstick=yardstick)
    measures = measures.set_index("source", drop=False)
    labels, rows = Labels(collection), []
    for row in iter_rows(measures.loc[articles]):
        cells = (labels.open_claims(found.get((row.source, name), [])) for name in RELATIONS)
        rows.append(
            (
                labels.link_source(row.source),
                *cells,
                _write_share(row.agree, row.met),
                _write_share(row.addressed, row.recommendations),
                _write_share(row.rightly, row.recommendations),
            )
        )
    said = [name.capitalize() for name in _SAID.values()][:3]
    heads = ("Source", *said, "Accuracy", "Coverage", "Rightly covered")
    name = labels.name_source(yardstick)
    return write_table(heads, rows, caption=f"Claims that meet what {name} says")


def _write_share(number: int, total: int) -> str:
    return f"{number} of {total} ({100 * number / total:.0f}%)" if total else "none meets it"


def _show_coverage(collection: Collection, yardstick: str, articles: list[str]) -> str:
    """Set what each article says beside each thing that the yardstick says."""
    claims = collection.claims.set_index("claim_id", drop=False)
    coverage = find_coverage(collection.claims, collection.vocabulary, yardstick=yardstick)
    answers = coverage.set_index(["reference", "source"])
    labels, rows = Labels(collection), []
    for said in iter_rows(claims[claims["source"] == yardstick]):
        cells = (_write_answer(answers.loc[(said.claim_id, key)], labels) for key in articles)
        rows.append((_write_claim(said, labels), *cells))
    name = labels.name_source(yardstick)
    heads = (f"{name} says", *map(labels.name_source, articles))
    return write_table(heads, rows, caption=f"Each thing that {name} says, source by source")


def _write_claim(claim: Any, labels: Labels) -> str:
    return (
        f"{labels.mark_level(claim.recommendation)}<br>{escape(claim.claim)} "
        f"{labels.link_claim(claim.claim_id)}"
    )


def _write_answer(answer: Any, labels: Labels) -> str:
    link = f"<br>{labels.link_claim(answer.claim_id)}" if answer.claim_id else ""
    return f"{_SAID[answer.relation]}{link}"


def _show_guidelines(collection: Collection, guidelines: list[str], articles: list[str]) -> str:
    """Count, by each guideline, how many of a source's claims that meet it are on its level."""
    tables: dict[str, pd.DataFrame] = {
        key: measure_sources(collection.claims, collection.vocabulary, yardstick=key).set_index(
            "source"
        )
        for key in guidelines
    }
    labels = Labels(collection)
    rows = [
        (
            labels.link_source(source),
            *(_count_right(tables[key], source) for key in guidelines),
        )
        for source in articles
    ]
    heads = ("Source", *map(labels.name_source, guidelines))
    return write_table(heads, rows, caption="By each guideline: claims on the same level")


def _count_right(measures: pd.DataFrame, source: str) -> str:
    if source not in measures.index:
        return ""
    agree, met, conflict = map(int, measures.loc[source, ["agree", "met", "conflict"]])
    against = f"; {conflict} on the opposite side" if conflict else ""
    return f"{agree} of {met}{against}"
