"""The register of a report: every claim and every source, each at an address of its own."""

from typing import Final

import numpy as np

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.report.html import Section, render
from claimbook.report.wording import Names, find_names, find_records

# what claims can be filtered by, with the word for it; a row's codes stand in this order
_FACETS: Final = {
    "source": "Source",
    "condition": "Condition",
    "intervention": "Intervention",
    "aspect": "Aspect",
    "recommendation": "Level",
    "kind": "Kind of source",
}


@of_collection
def show_claims(collection: Collection) -> Section:
    """
    Show every claim, each at an address of its own.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A table, one row per claim, in the order of the file; ``#claim-ID`` leads to a row. Before
        it stand fields to search and filter it, hidden until the script of the report's page
        brings them to life. What a row can be filtered by is its attribute ``data-f``: a code of
        source, condition, intervention, aspect, level and kind of source; the values of a field
        are such codes. A link anywhere in the page with an attribute ``data-claims``, ids of rows
        without ``claim-`` and with blanks between, shows these rows only.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> 'id="claim-000-001"' in show_claims(read_collection("data"))
    True
    """
    names = find_names(collection)
    kinds = {key: source.kind for key, source in names.sources.items()}
    claims = collection.claims
    keys = claims.assign(kind=claims["source"].map(kinds))[[*_FACETS]]
    fields, codes = [], []
    for facet, word in _FACETS.items():
        order = _order_keys(collection, facet, keys[facet].unique().tolist())
        codes.append(keys[facet].map({key: place for place, key in enumerate(order)}))
        counts = np.bincount(codes[-1], minlength=len(order))
        fields.append((word, _list_choices(collection, facet, order, counts)))
    return render(
        "claims",
        names=names,
        facets=FACETS,
        fields=fields if len(claims) else [],
        rows=list(zip(iter_rows(claims), zip(*codes, strict=True), strict=True)),
    )


def _name_key(names: Names, facet: str, key: str) -> str:
    if facet == "source":
        return names.source(key)
    return (key or "not known") if facet == "kind" else names.term(facet, key)


def _order_keys(collection: Collection, facet: str, keys: list[str]) -> list[str]:
    """Put keys in the order in which a person looks for them: levels by score, words by letter."""
    if facet == "recommendation":
        return [level for level in collection.terms.levels if level in keys]
    names = find_names(collection)
    return sorted(keys, key=lambda key: _name_key(names, facet, key).casefold())


def _list_choices(
    collection: Collection, facet: str, order: list[str], counts: np.ndarray
) -> list[tuple[str, list[int], int]]:
    """List what can be chosen of a facet: its name, the codes that it takes in, their claims."""
    takes_in: dict[str, list[int]] = {}
    for place, term in enumerate(order):
        above = collection.terms.find_broader(facet, term) if facet in FACETS else ()
        for key in {term, *above}:
            takes_in.setdefault(key, []).append(place)
    ranked = _order_keys(collection, facet, list(takes_in)) if facet in FACETS else order
    names = find_names(collection)
    return [
        (_name_key(names, facet, key), takes_in[key], int(counts[takes_in[key]].sum()))
        for key in ranked
    ]


@of_collection
def show_sources(collection: Collection) -> Section:
    """
    Show the sources, each at an address of its own.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    section : Section
        A table, one row per source; ``#source-KEY`` leads to a row.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> 'id="source-cherkin_2011"' in show_sources(read_collection("data"))
    True
    """
    said = collection.claims.groupby("source", sort=False)["claim_id"].agg(list).to_dict()
    return render(
        "sources",
        names=find_names(collection),
        rows=[
            (source, find_records(source), said.get(source.source, []))
            for source in iter_rows(collection.sources)
        ],
    )
