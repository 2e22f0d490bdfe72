"""The words, links and tables by which a report names things: every text escaped."""

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Any, Final
from urllib.parse import quote as percent_encode

import pandas as pd

from claimbook.collection.codebook import USE
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.quotes import make_text_fragment
from claimbook.collection.record import read_proofs
from claimbook.figures.style import choose_ink, find_colours, find_signs, link_claim

_MOST_LINKS: Final = 200
_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Labels:
    """
    The names of a collection's terms, sources and levels, as HTML and as plain text.

    Parameters
    ----------
    collection : Collection
        Its vocabulary gives the labels of terms; a column ``label`` of its sources gives theirs.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> Labels(read_collection("data")).name_source("nice_ng59")
    'NICE NG59'
    """

    def __init__(self, collection: Collection) -> None:
        self._vocabulary = collection.vocabulary
        self._sources = {row.source: row for row in iter_rows(collection.sources)}
        claims = collection.claims
        self._sources_of = dict(zip(claims["claim_id"], claims["source"], strict=True))
        self._colours, self._signs = find_colours(self._vocabulary), find_signs(self._vocabulary)
        self._verified = set(read_proofs(collection)["claim_id"])

    def name_term(self, scheme: str, term: str) -> str:
        """Name a term by its label."""
        return self._vocabulary.describe(scheme, term)[0]

    def name_topic(self, condition: str, intervention: str, aspect: str) -> str:
        """Name a question in a few words."""
        return (
            f"{self.name_term('intervention', intervention)} for "
            f"{self.name_term('condition', condition)}: {self.name_term('aspect', aspect)}"
        )

    def name_case(self, condition: str, intervention: str, aspect: str) -> str:
        """Name a question in still fewer words: that it is on use need not be said."""
        topic = self.name_topic(condition, intervention, aspect)
        return topic.rpartition(": ")[0] if aspect == USE else topic

    def ask_topic(self, condition: str, intervention: str, aspect: str) -> str:
        """Ask a question as a person would, where the vocabulary words the aspect's question."""
        asks = self._vocabulary.describe("aspect", aspect)[1]
        if not asks.endswith("?"):
            return self.name_topic(condition, intervention, aspect)
        return (
            f"{self.name_term('intervention', intervention)} for "
            f"{self.name_term('condition', condition)}: {asks[0].lower()}{asks[1:]}"
        )

    def name_source(self, key: str) -> str:
        """Name a source by its label, or by its key where it has none."""
        return getattr(self._sources.get(key), "label", "") or key.replace("_", " ")

    def link_source(self, key: str) -> str:
        """Link the name of a source to its row."""
        return f'<a href="#{escape(find_source_id(key))}">{escape(self.name_source(key))}</a>'

    def link_point(self, point: Any) -> str:
        """Link the name of a point of conflict to its section."""
        topic = self.ask_topic(point.condition, point.intervention, point.aspect)
        return f'<a href="#{find_point_id(point)}">{escape(topic)}</a>'

    def link_claim(self, claim_id: str) -> str:
        """Link a claim to its row."""
        return f'<a href="{escape(link_claim(claim_id))}">{escape(claim_id)}</a>'

    def link_claims(self, groups: Iterable[tuple[str, ...]]) -> str:
        """Link claims to their rows, source by source, each claim once."""
        found: dict[str, list[str]] = {}
        for claim_id in dict.fromkeys(claim_id for group in groups for claim_id in group):
            found.setdefault(self._sources_of[claim_id], []).append(self.link_claim(claim_id))
        return "; ".join(
            f"{escape(self.name_source(source))} ({', '.join(links)})"
            for source, links in found.items()
        )

    def count_claims(self, groups: Iterable[tuple[str, ...]]) -> str:
        """Link the sources of claims, with the number of claims of each."""
        ids = dict.fromkeys(claim_id for group in groups for claim_id in group)
        counts = Counter(self._sources_of[claim_id] for claim_id in ids)
        return ", ".join(f"{self.link_source(source)} ({n})" for source, n in counts.items())

    def open_claims(self, claim_ids: Iterable[str]) -> str:
        """Write how many claims there are; the number opens, and leads to each of them."""
        ids = list(claim_ids)
        if not ids:
            return "0"
        links = ", ".join(map(self.link_claim, ids[:_MOST_LINKS]))
        links += f" and {len(ids) - _MOST_LINKS:,} more" if len(ids) > _MOST_LINKS else ""
        return f'<details class="ids"><summary>{len(ids):,}</summary>{links}</details>'

    def mark_level(self, level: str) -> str:
        """Write a level with its colour and its sign."""
        label = self.name_term("recommendation", level)
        return write_level(label, colour=self._colours[level], sign=self._signs[level])

    def quote(self, claim: Any) -> str:
        """Quote a claim's words: whether they were found, and a link to where they stand."""
        if not claim.quote:
            return ""
        url = str(getattr(self._sources.get(claim.source), "url", ""))
        where = link_page(find_words(url, claim.quote), "see it there") if url else ""
        found = claim.claim_id in self._verified
        mark = '<span class="found">✓ verified</span>' if found else "<span>not verified</span>"
        return " ".join(filter(None, (f"<q>{escape(claim.quote)}</q>", mark, where)))

    def credit(self, claim: Any) -> str:
        """Say whom a claim credits and which study it leans on."""
        credited = f"<q>{escape(claim.attribution)}</q>" if claim.attribution else ""
        study = self.link_source(claim.cited_study) if claim.cited_study else ""
        return " ".join(filter(None, (credited, study)))


def write_table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], *, caption: str, kind: str = ""
) -> str:
    """
    Write a table.

    Parameters
    ----------
    heads : iterable of str
        Plain text.
    rows : iterable of iterables of str
        HTML, the first cell of a row its head.
    caption : str
        Plain text.
    kind : str
        Class of the table, for its looks.

    Returns
    -------
    html : str
        In a frame that scrolls sideways where the table is wider than the page.

    Examples
    --------
    >>> "&lt;b&gt;" in write_table(["<b>"], [], caption="None")
    True
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "\n".join(_write_row(list(row)) for row in rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _write_row(cells: list[str]) -> str:
    rest = "".join(f"<td>{cell}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>'


def link_page(url: str, text: str) -> str:
    """
    Link a text to a page of the web.

    Parameters
    ----------
    url : str
        Anything but an address of the web is left out.
    text : str
        Plain text.

    Returns
    -------
    html : str
        The text, linked where it can be.

    Examples
    --------
    >>> link_page("javascript:alert(1)", "a < b")
    'a &lt; b'
    """
    if not url.startswith(("http://", "https://")):
        return escape(text)
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def find_words(url: str, quote: str) -> str:
    """
    Find the address of words in a page.

    Parameters
    ----------
    url : str
        Of the page.
    quote : str
        The words.

    Returns
    -------
    address : str
        Leads to the words where a browser finds them; empty where the page's is.

    Examples
    --------
    >>> find_words("https://example.org/spa", "it helps")
    'https://example.org/spa#:~:text=it%20helps'
    """
    fragment = make_text_fragment(quote) if url else ""
    return url + (fragment.removeprefix("#") if "#" in url else fragment)


def write_level(label: str, *, colour: str, sign: str) -> str:
    """
    Write a level with its colour and its sign.

    Parameters
    ----------
    label : str
        Its name; plain text.
    colour : str
        As ``#rrggbb``.
    sign : str
        Plain text.

    Returns
    -------
    html : str
        The sign on the colour, then the name.

    Examples
    --------
    >>> write_level("for", colour="#ffffff", sign="++").endswith(">++</span> for")
    True
    """
    look = f"background:{colour};color:{choose_ink(colour)}"
    return f'<span class="level" style="{look}">{escape(sign)}</span> {escape(label)}'


def find_source_id(key: str) -> str:
    """
    Find the address of a source within a report.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    address : str
        What an element's ``id`` can hold.

    Examples
    --------
    >>> find_source_id("nice_ng59")
    'source-nice_ng59'
    """
    return link_claim(key).replace("#claim-", "source-", 1)


def find_point_id(point: Any) -> str:
    """
    Find the address of a point of conflict within a report.

    Parameters
    ----------
    point : named tuple
        A row of `find_conflicts`.

    Returns
    -------
    address : str
        What an element's ``id`` can hold.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> find_point_id(SimpleNamespace(kind="conflict", condition="back pain", aspect="use",
    ...                               intervention="massage"))
    'conflict/back%20pain/massage/use'
    """
    words = [point.kind, point.condition, point.intervention, point.aspect]
    if point.kind == "self-contradiction":
        words.append(point.sources_for[0])
    if point.kind in ("exception", "overlap"):
        words += [point.narrower_condition, point.narrower_intervention, point.narrower_aspect]
        words.append(point.narrower_side)
    return "/".join(percent_encode(word, safe="") for word in words)


def label_sources(collection: Collection) -> Collection:
    """
    Call sources by their labels, for figures that people read.

    Parameters
    ----------
    collection : Collection
        A column ``label`` of its sources gives the labels; a source without one is called by its
        key, blanks for underscores; sources that would be called alike keep their keys.

    Returns
    -------
    collection : Collection
        With the labels in place of the keys, in claims and in sources.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "NICE NG59" in set(label_sources(read_collection("data")).claims["source"])
    True
    """
    labels, keys = Labels(collection), collection.sources["source"]
    names = pd.Series([labels.name_source(key) for key in keys], index=keys, dtype="str")
    names = names.where(~names.duplicated(keep=False), names.index.to_series())
    columns = ["source", "cited_study"]
    claims = collection.claims.assign(
        **{
            name: collection.claims[name].map(names).fillna(collection.claims[name])
            for name in columns
        }
    )
    return collection._replace(
        claims=claims, sources=collection.sources.assign(source=names.to_numpy())
    )


def count_noun(number: int, one: str, many: str = "") -> str:
    """
    Count things in words.

    Parameters
    ----------
    number : int
        How many.
    one : str
        What one of them is called.
    many : str
        What several are called, where it is not `one` and an s.

    Returns
    -------
    text : str
        Small numbers as words.

    Examples
    --------
    >>> count_noun(3, "study", "studies"), count_noun(12, "claim")
    ('three studies', '12 claims')
    """
    if number == 1:
        return f"one {one}"
    word = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    return f"{word} {many or one + 's'}"


def capitalise(text: str) -> str:
    """
    Begin a text with a capital letter.

    Parameters
    ----------
    text : str
        The rest of it stays as it is.

    Returns
    -------
    text : str

    Examples
    --------
    >>> capitalise("the NICE guideline")
    'The NICE guideline'
    """
    return text[:1].upper() + text[1:]
