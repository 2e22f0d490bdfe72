"""The register of a report: every claim and every source, each at an address of its own."""

from html import escape
from typing import Any

from IPython.display import HTML

from claimbook.collection import Collection
from claimbook.plots.palette import link_claim
from claimbook.problems import iter_rows
from claimbook.wording import Labels, find_source_id, link_page, write_table


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
        A table, one row per claim, in the order of the file; ``#claim-ID`` leads to a row.

    Examples
    --------
    >>> from claimbook.collection import read_collection
    >>> 'id="claim-000-001"' in show_claims(read_collection("data")).data
    True
    """
    labels, rows = Labels(collection), []
    for claim in iter_rows(collection.claims):
        rows.append(
            (
                _write_anchor(link_claim(claim.claim_id)[1:], claim.claim_id),
                labels.link_source(claim.source),
                escape(labels.name_topic(claim.condition, claim.intervention, claim.aspect)),
                labels.mark_level(claim.recommendation),
                escape(claim.claim),
                labels.quote(claim.source, claim.quote),
                labels.credit(claim),
                escape(claim.notes),
            )
        )
    heads = ("Claim", "Source", "On", "Level", "In our words", "Its words", "Leans on", "Notes")
    return HTML(write_table(heads, rows, caption="Every claim", kind="claims"))


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
    >>> from claimbook.collection import read_collection
    >>> 'id="source-cherkin_2011"' in show_sources(read_collection("data")).data
    True
    """
    counts = collection.claims["source"].value_counts()
    labels = Labels(collection)
    rows = []
    for source in iter_rows(collection.sources):
        where = ", ".join(filter(None, (source.publisher, source.published)))
        rows.append(
            (
                _write_anchor(find_source_id(source.source), labels.name_source(source.source)),
                escape(source.kind),
                link_page(source.url, source.title or source.source),
                escape(", ".join(filter(None, (source.author, where)))),
                _write_record(source),
                str(counts.get(source.source, 0)),
                escape(source.notes),
            )
        )
    heads = ("Source", "Kind", "Title", "By", "Design and record", "Claims", "Notes")
    return HTML(write_table(heads, rows, caption="Every source"))


def _write_anchor(address: str, text: str) -> str:
    return f'<span id="{escape(address)}">{escape(text)}</span>'


def _write_record(source: Any) -> str:
    """Write how a source was made, and where it is on record."""
    size = f"n {source.n}" if source.n else ""
    doi = link_page(f"https://doi.org/{source.doi}", f"doi {source.doi}") if source.doi else ""
    pubmed = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    pmid = link_page(pubmed, f"PMID {source.pmid}") if source.pmid else ""
    return ", ".join(filter(None, (escape(source.design), escape(size), doi, pmid)))
