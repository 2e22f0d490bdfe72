"""The register of a report: every claim and every source, each at an address of its own."""

from typing import Final

import numpy as np

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.report.html import Section, render
from claimbook.report.wording import Names, capitalise, find_names, find_records

# what claims can be filtered by; a row's codes stand in this order
_FACETS: Final = ("source", *FACETS, "recommendation", "kind")
_OPEN: Final = 25


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
        A table, one row per claim, in the order of the file; ``#claim-ID`` leads to a row. Of more
        than 25 rows the others are shown on demand. Before several stand fields to search and
        filter them, hidden until the script of the report's page brings them to life. What a row
        can be filtered by is its attribute ``data-f``: a code of source, condition, intervention,
        aspect, level and kind of source; the values of a field are such codes; ``data-w`` holds
        other names of its terms. A link anywhere in the page with an attribute ``data-claims``,
        ids of rows without ``claim-`` and with blanks between, shows these rows only.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> 'id="claim-000-001"' in show_claims(read_collection("data"))
    True
    """
    names, claims = find_names(collection), collection.claims
    kinds = {key: source.kind for key, source in names.sources.items()}
    keys = claims.assign(kind=claims["source"].map(kinds))[[*_FACETS]]
    fields, codes = [], []
    for facet in _FACETS:
        order = _order_keys(collection, facet, keys[facet].unique().tolist())
        codes.append(keys[facet].map({key: place for place, key in enumerate(order)}))
        counts = np.bincount(codes[-1], minlength=len(order))
        fields.append(
            (_name_facet(names, facet), facet, _list_choices(collection, facet, order, counts))
        )
    others = {facet: _find_other_names(collection, facet) for facet in FACETS}
    rows = [
        (
            claim,
            of,
            " ".join(others[facet].get(getattr(claim, facet), "") for facet in FACETS).strip(),
        )
        for claim, of in zip(iter_rows(claims), zip(*codes, strict=True), strict=True)
    ]
    return render(
        "claims",
        names=names,
        facets=FACETS,
        fields=fields if len(claims) > 1 else [],
        heads=[_name_facet(names, facet) for facet in _FACETS[:-1]],
        rows=rows,
        open=_OPEN,
    )


def _name_facet(names: Names, facet: str) -> str:
    plain = {"recommendation": "answer", "kind": f"kind of {names.nouns['source']}"}
    return capitalise(plain[facet] if facet in plain else names.nouns[facet])


def _find_other_names(collection: Collection, facet: str) -> dict[str, str]:
    """Find other names of the terms of a facet: their keys, and the terms that equal them."""
    terms, names = collection.terms, find_names(collection)
    used = [*collection.claims[facet].unique()]
    alike: dict[str, list[str]] = {}
    for term in dict.fromkeys([*used, *terms.find_terms(facet)]):
        alike.setdefault(terms.canon(facet, term), []).extend({term, names.term(facet, term)})
    return {
        term: " ".join(sorted({*alike[terms.canon(facet, term)]} - {names.term(facet, term)}))
        for term in used
    }


def _name_key(names: Names, facet: str, key: str) -> str:
    if facet == "source":
        return names.source(key)
    if facet == "recommendation":
        return names.looks[key].answer
    return names.term(facet, key) if key else "not known"


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
