"""What a report says of its sources, held against one of them as the yardstick."""

from typing import Any, Final

from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.measures import ANSWERS, find_coverage, measure_sources, relate_to_yardstick
from claimbook.report.findings import find_appraised, list_rows
from claimbook.report.html import Section, render
from claimbook.report.wording import GUIDELINE, find_names

_MOST_SOURCES: Final = 8


@of_collection
def choose_yardstick(collection: Collection) -> str:
    """
    Choose the source against which the others are held.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        ``yardstick`` in its metadata names a source; else it is the guideline that most claims
        of other sources meet.

    Returns
    -------
    yardstick : str
        Its key; empty where no source that makes a claim is named or is a guideline.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> choose_yardstick(read_collection("data"))
    'nice_ng59'
    """
    named, guidelines = collection.metadata.get("yardstick"), find_guidelines(collection)
    if named in set(collection.claims["source"]):
        return str(named)

    def count_met(key: str) -> int:
        return int((relate_to_yardstick(collection, yardstick=key)["answer"] != ANSWERS[-1]).sum())

    return max(guidelines, key=count_met, default="")


@of_collection
def find_guidelines(collection: Collection) -> list[str]:
    """Find the guidelines that make a claim, in the order of the claims."""
    kinds = collection.sources.set_index("source")["kind"]
    named = collection.claims["source"].drop_duplicates()
    return named[named.map(kinds) == GUIDELINE].tolist()


@of_collection
def show_yardstick(collection: Collection, yardstick: str = "") -> Section:
    """
    Show how the sources stand to one of them: on its level or side, opposite, or silent.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    yardstick : str
        Key of a source; without it that of `choose_yardstick`.

    Returns
    -------
    section : Section
        A table, one row per article, of what it answers to each thing that the yardstick says;
        one row per such thing, article by article; and, where there are several guidelines, the
        same counts by each. Empty where no guideline makes a claim and none is named.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "NICE NG59" in show_yardstick(read_collection("data"))
    True
    """
    yardstick = yardstick or choose_yardstick(collection)
    claims, articles = collection.claims, find_appraised(collection)
    articles = [key for key in articles if key != yardstick]
    said = claims[claims["source"] == yardstick] if yardstick else claims.head(0)
    if said.empty or not articles:
        return Section("")
    named = collection.metadata.get("yardstick") or yardstick
    coverage = find_coverage(collection, yardstick=yardstick)
    guidelines = find_guidelines(collection)
    return render(
        "yardstick",
        names=find_names(collection),
        yardstick=yardstick,
        silent=named if named not in set(claims["source"]) else "",
        said=list_rows(said),
        articles=articles,
        measures=_measure(collection, yardstick),
        coverage={(row.source, row.reference): row for row in iter_rows(coverage)},
        side_by_side=0 < len(articles) <= _MOST_SOURCES,
        guidelines={key: _measure(collection, key) for key in guidelines[:_MOST_SOURCES]},
    )


def _measure(collection: Collection, yardstick: str) -> dict[str, Any]:
    return {row.source: row for row in iter_rows(measure_sources(collection, yardstick=yardstick))}
