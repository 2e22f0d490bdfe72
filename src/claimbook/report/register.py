"""The register of a report: every claim and every source, each at an address of its own."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML

from claimbook.collection.codebook import ARTICLE
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.style import link_claim
from claimbook.report.wording import Labels, find_source_id, link_page, write_table

# what claims can be filtered by, with the word for it; a row's codes stand in this order
_FACETS: Final = {
    "source": "Source",
    "condition": "Condition",
    "intervention": "Intervention",
    "aspect": "Aspect",
    "recommendation": "Level",
    "kind": "Kind of source",
}
_NESTED: Final = ("condition", "intervention", "aspect")
_HEADS: Final = ("Claim", "Source", "Condition", "Intervention", "Aspect", "Level", "What it says")


def show_claims(collection: Collection) -> HTML:
    """
    Show every claim, each at an address of its own.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        A table, one row per claim, in the order of the file; ``#claim-ID`` leads to a row. Before
        it stand fields to search and filter it, hidden until the script of the report's page
        brings them to life. What a row can be filtered by is its attribute ``data-f``: a code of
        source, condition, intervention, aspect, level and kind of source; the values of a field
        are such codes. A link anywhere in the page with an attribute ``data-claims``, ids of rows
        without ``claim-`` and with blanks between, shows these rows only.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> 'id="claim-000-001"' in show_claims(read_collection("data")).data
    True
    """
    labels, keys = Labels(collection), _find_keys(collection)
    vocabulary = collection.vocabulary
    orders = {facet: _order_keys(facet, keys[facet], vocabulary, labels) for facet in _FACETS}
    codes = pd.DataFrame(
        {
            facet: keys[facet].map({key: n for n, key in enumerate(orders[facet])})
            for facet in _FACETS
        }
    )
    kinds = keys["kind"].tolist()
    rows = [
        _write_claim(claim, labels, kind=kind, codes=" ".join(map(str, code)))
        for claim, kind, code in zip(
            iter_rows(collection.claims), kinds, codes.to_numpy().tolist(), strict=True
        )
    ]
    fields = _write_fields(keys, orders, vocabulary, labels) if rows else ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    return HTML(
        f'<div id="register">{fields}<table class="claims"><caption>Every claim: in'
        " the curators’ words, then in the words of the source</caption>"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>"
    )


def _find_keys(collection: Collection) -> pd.DataFrame:
    """Find what each claim is filtered by, a column for each facet."""
    claims = collection.claims
    kinds = collection.sources.set_index("source")["kind"]
    return claims.assign(kind=claims["source"].map(kinds).fillna(""))[[*_FACETS]]


def _order_keys(facet: str, keys: pd.Series, vocabulary: Vocabulary, labels: Labels) -> list[str]:
    """Put keys in the order in which a person looks for them: levels by score, words by letter."""
    used = list(dict.fromkeys(keys))
    if facet == "recommendation":
        return [level for level in vocabulary.levels if level in used]
    return sorted(used, key=lambda key: _name_key(facet, key, labels).casefold())


def _name_key(facet: str, key: str, labels: Labels) -> str:
    if facet == "source":
        return labels.name_source(key)
    if facet == "kind":
        return key or "not known"
    return labels.name_term(facet, key)


def _write_fields(
    keys: pd.DataFrame, orders: dict[str, list[str]], vocabulary: Vocabulary, labels: Labels
) -> str:
    """Write the fields by which claims are searched and filtered."""
    fields = "".join(
        f'<label>{word} <select><option value="">all</option>'
        f"{_write_choices(facet, keys[facet], orders[facet], vocabulary, labels)}</select></label>"
        for facet, word in _FACETS.items()
    )
    return (
        '<div class="fields" role="search" aria-label="Claims" hidden>'
        f'<label>Search <input type="search"></label>{fields}'
        '<p class="shown"><span role="status"></span> <button type="button">Show all</button></p>'
        '<p class="on">All words must be found. A condition, an intervention and an aspect take '
        "in what is narrower.</p></div>"
    )


def _write_choices(
    facet: str, keys: pd.Series, order: list[str], vocabulary: Vocabulary, labels: Labels
) -> str:
    """Write what can be chosen of a facet: the codes that a choice takes in, and their claims."""
    above = {key: {key} for key in order}
    if facet in _NESTED:
        above = {term: {term} | vocabulary.find_broader(facet, term) for term in order}
    names = {key: _name_key(facet, key, labels) for key in set(order).union(*above.values())}
    ranked = sorted(names, key=lambda key: names[key].casefold()) if facet in _NESTED else order
    counts, choices = keys.value_counts(), []
    for key in ranked:
        within = [place for place, term in enumerate(order) if key in above[term]]
        size = sum(counts[order[place]] for place in within)
        values = " ".join(map(str, within))
        choices.append(f'<option value="{values}">{escape(names[key])} ({size})</option>')
    return "".join(choices)


def _write_claim(claim: Any, labels: Labels, *, kind: str, codes: str) -> str:
    address = escape(link_claim(claim.claim_id))
    terms = (labels.name_term(facet, getattr(claim, facet)) for facet in _NESTED)
    cells = [
        f"{labels.link_source(claim.source)}{_write_note('', kind)}",
        *map(escape, terms),
        labels.mark_level(claim.recommendation),
        f"{escape(claim.claim)}{_write_words(claim, labels)}",
    ]
    return (
        f'<tr id="{address[1:]}" data-f="{codes}"><th scope="row"><a href="{address}">'
        f"{escape(claim.claim_id)}</a></th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _write_words(claim: Any, labels: Labels) -> str:
    """Write what a claim stands on: its words, whom it credits, and what the curator noted."""
    quote = labels.quote(claim)
    words = f'<p class="words">{quote}</p>' if quote else ""
    credit = labels.credit(claim)
    leans = f'<p class="on">Leans on: {credit}</p>' if credit else ""
    certainty = _write_note("Certainty of evidence, as it says: ", claim.certainty)
    return words + leans + certainty + _write_note("Note: ", claim.notes)


def _write_note(word: str, text: str) -> str:
    return f'<p class="on">{word}{escape(text)}</p>' if text else ""


def link_register(claim_ids: Iterable[str], text: str) -> str:
    """
    Link a text to the claims behind it.

    Parameters
    ----------
    claim_ids : iterable of str
        The keys of the claims.
    text : str
        Plain text, such as their number.

    Returns
    -------
    html : str
        Leads to the first of them; where the page's script runs, to a table of just these.

    Examples
    --------
    >>> link_register(["a", "b"], "2")
    '<a href="#claim-a" data-claims="a b">2</a>'
    """
    ids = [escape(link_claim(claim_id)).removeprefix("#claim-") for claim_id in claim_ids]
    if not ids:
        return escape(text)
    return f'<a href="#claim-{ids[0]}" data-claims="{" ".join(ids)}">{escape(text)}</a>'


def show_sources(collection: Collection) -> HTML:
    """
    Show the sources, each at an address of its own.

    Parameters
    ----------
    collection : Collection
        Claims and sources.

    Returns
    -------
    html : HTML
        A table, one row per source; ``#source-KEY`` leads to a row.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> 'id="source-cherkin_2011"' in show_sources(read_collection("data")).data
    True
    """
    claims = collection.claims
    said = claims.groupby("source", sort=False)["claim_id"].agg(list).to_dict()
    labels = Labels(collection)
    rows = []
    for source in iter_rows(collection.sources):
        ids = said.get(source.source, [])
        rows.append(
            (
                _write_anchor(find_source_id(source.source), labels.name_source(source.source)),
                escape(source.kind),
                _write_record(source),
                link_register(ids, f"{len(ids):,}"),
                escape(source.notes),
            )
        )
    heads = ("Source", "Kind", "On record", "Claims", "Notes")
    return HTML(write_table(heads, rows, caption="Every source", kind="sources"))


def _write_anchor(address: str, text: str) -> str:
    return f'<span id="{escape(address)}">{escape(text)}</span>'


def _write_record(source: Any) -> str:
    """Write what a source is called, who made it and how, and where it is on record."""
    maker = ", ".join(filter(None, (source.author, source.publisher, source.published)))
    size = f"n {source.n}" if source.n else ""
    at_doi, at_pubmed = find_records(source)
    doi = link_page(at_doi, f"doi {source.doi}") if at_doi else ""
    pmid = link_page(at_pubmed, f"PMID {source.pmid}") if at_pubmed else ""
    made = ", ".join(filter(None, (escape(source.design), escape(size), doi, pmid)))
    lines = "".join(f'<p class="on">{line}</p>' for line in (escape(maker), made) if line)
    return link_page(source.url, source.title or source.source) + lines


def find_records(source: Any) -> tuple[str, str]:
    """
    Find where a source is on record.

    Parameters
    ----------
    source : named tuple
        A row of a table of sources; its ``doi`` and ``pmid`` may be missing.

    Returns
    -------
    doi, pubmed : str
        Addresses, empty where not known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> find_records(SimpleNamespace(doi="10.2196/13357", pmid=""))
    ('https://doi.org/10.2196/13357', '')
    """
    doi, pmid = getattr(source, "doi", ""), getattr(source, "pmid", "")
    pubmed = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""
    return f"https://doi.org/{doi}" if doi else "", pubmed


def find_articles(collection: Collection) -> list[str]:
    """
    Find the sources whose claims are appraised: the articles, or all where none is known as one.

    Parameters
    ----------
    collection : Collection
        Claims and sources.

    Returns
    -------
    articles : list of str
        Keys, in the order in which the claims name them.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> len(find_articles(read_collection("data")))
    5
    """
    kinds = collection.sources.set_index("source")["kind"]
    named = collection.claims["source"].drop_duplicates()
    articles = named[named.map(kinds) == ARTICLE]
    return list(articles if len(articles) else named)
