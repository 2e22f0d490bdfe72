"""How a report names things: terms, questions, sources, levels, numbers and addresses."""

from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from claimbook.collection.codebook import (
    ARTICLE,
    CONTRADICTION,
    FACETS,
    REPORTED,
    STUDY,
    USE,
)
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.quotes import make_text_fragment
from claimbook.collection.vocabulary import Vocabulary
from claimbook.collection.words import pluralise
from claimbook.figures.style import choose_ink, choose_palette, divide, link_claim

# what the codebook's levels answer to a question, and in what case
GUIDELINE: Final = "guideline"
ANSWERS: Final = {
    "for": ("yes", ""),
    "conditional for": ("yes, if", "under a condition"),
    "uncertain": ("unclear", "not known"),
    "conditional against": ("mostly no", ""),
    "against": ("no", ""),
}
_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_Question = tuple[str, str, str]


class Look(NamedTuple):
    """How a level is shown: its answer is a plain word for it, and says when it is given."""

    colour: str
    ink: str
    sign: str
    label: str
    answer: str
    when: str


class Names:
    """
    What the templates of the report look up of a collection; `find_names` gives it.

    Attributes
    ----------
    claims, sources : dict of named tuple
        Rows by their keys.
    looks : dict of Look
        By level.
    nouns : Words
        What the collection calls its things.
    found : set of str
        Ids of the claims whose quotes are on record as found.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._terms, self._labels = collection.terms, collection.labels
        self.parts, self.voices, self.nouns = (
            collection.parts, collection.voices, collection.words,
        )  # fmt: skip
        self._articles = collection.articles
        self.claims = {row.claim_id: row for row in iter_rows(collection.whole.claims)}
        self.sources = {row.source: row for row in iter_rows(collection.sources)}
        self.found = set(collection.whole.verified["claim_id"])

    @cached_property
    def looks(self) -> dict[str, Look]:
        """Say how each level is shown, as in the figures."""
        palette = choose_palette(self._collection)
        answers = self._answers if self.plain else {}
        return {
            level: Look(
                colour, choose_ink(colour), palette.signs[level], palette.labels[level],
                *answers.get(level, (palette.labels[level], "")),
            )
            for level, colour in palette.colours.items()
        }  # fmt: skip

    @cached_property
    def _answers(self) -> dict[str, tuple[str, str]]:
        """Give the plain answers, in the collection's own words for the sides where it has some."""
        pro, con, neither = (self.side(side) for side in ("for", "against", "uncertain"))
        own = {"for": pro, "conditional for": f"{pro}, if", "uncertain": neither}
        own |= {"conditional against": f"mostly {con}", "against": con}
        return {level: (own[level], when) for level, (_, when) in ANSWERS.items()}

    @cached_property
    def plain(self) -> bool:
        """Whether the levels are the codebook's own, so that each is an answer in plain words."""
        own = {level: self.term("recommendation", level) for level in self._terms.levels}
        return self._terms.scores == Vocabulary().scores and all(k == v for k, v in own.items())

    def side(self, side: str) -> str:
        """Name a side, as an answer in plain words where the levels are."""
        if self.nouns[side] == side and self.plain:
            return ANSWERS[side][0]
        return self.nouns[side]

    @cached_property
    def article(self) -> tuple[str, str]:
        """
        Name what is compared, in the singular and the plural.

        Its kind, if it is of one and is not all that the collection calls its sources.
        """
        kinds = {self.sources[key].kind for key in self._articles}
        alike = len(kinds) == 1 and all(kinds)
        others = any(part != ARTICLE for part in self.parts.values())
        if kinds and (others or (alike and self.nouns["source"] == "source")):
            kind = self.term("kind", *kinds if alike else (ARTICLE,))
            return kind, pluralise(kind)
        return self.nouns["source"], self.nouns.many("source")

    @cached_property
    def guidelines(self) -> set[str]:
        """The kinds of source that are guidelines."""
        return {GUIDELINE, *self._terms.find_narrower("kind", GUIDELINE)}

    @cached_property
    def study(self) -> tuple[str, str]:
        """Name what may be cited as evidence here: studies, guidelines, or sources of any kind."""
        cited = {claim.cited_study for claim in self.claims.values()} - {""}
        keys = {key for key in {*self.sources, *cited} if self.parts.get(key, STUDY) == STUDY}
        if not keys:
            return "source", "sources"
        advised = any(
            key in self.sources and self.sources[key].kind in self.guidelines for key in keys
        )
        return ("study or guideline", "studies or guidelines") if advised else ("study", "studies")

    def verdict(self, verdict: str) -> str:
        """Say a verdict in plain words."""
        return {
            "conflict": "opposite answers",
            "self-contradiction": f"one {self.nouns['source']} contradicts itself",
            "qualify": "not the same answer",
            "agree": "the same answer",
            "single source": f"one {self.nouns['source']} only",
        }[verdict]

    def count(self, number: int, word: str) -> str:
        """Count things, small numbers in words."""
        forms = self.article if word == "article" else (self.nouns[word], self.nouns.many(word))
        return count_noun(number, *forms)

    def divide(self, stance: Any) -> list[tuple[str, str]]:
        """Say how a cell is divided among the levels of a stance, as in the figures."""
        return divide(stance.levels, stance.contradicts, self._terms)

    def term(self, scheme: str, term: str) -> str:
        """Name a term by its label."""
        return self._terms.describe(scheme, term)[0]

    def define(self, scheme: str, term: str) -> str:
        """Say what a term means."""
        return self._terms.describe(scheme, term)[1]

    def topic(self, condition: str, intervention: str, aspect: str) -> str:
        """Name a question in a few words."""
        return f"{self.case(condition, intervention, USE)}: {self.term('aspect', aspect)}"

    def case(self, condition: str, intervention: str, aspect: str) -> str:
        """Name a question in still fewer words: that it is on use need not be said."""
        if aspect != USE:
            return self.topic(condition, intervention, aspect)
        return f"{self.term('intervention', intervention)} for {self.term('condition', condition)}"

    def differ(self, claim: Any, question: _Question) -> str:
        """Name the terms in which a claim speaks of another case than a question does."""
        return ", ".join(
            self.term(facet, getattr(claim, facet))
            for facet, asked in zip(FACETS[:2], question, strict=False)
            if self._terms.canon(facet, getattr(claim, facet)) != self._terms.canon(facet, asked)
        )

    def ask(self, condition: str, intervention: str, aspect: str) -> str:
        """Ask a question in full."""
        return self._collection.ask(condition, intervention, aspect)

    def source(self, key: str) -> str:
        """Name a source; a study that is cited and no source here goes by its key."""
        return self._labels.get(key, key)

    def is_second_hand(self, key: str) -> bool:
        """Say whether what is cited is no study itself."""
        return self.parts.get(key, STUDY) != STUDY

    def is_untraced(self, claim: Any) -> bool:
        """Say whether a claim credits somebody, but no study is known that it could mean."""
        return bool(claim.attribution) and not claim.cited_study

    def page(self, key: str) -> str:
        """Give the address of a source: its own, or where it is on record."""
        source = self.sources.get(key)
        return next(filter(None, (source.url, *find_records(source))), "") if source else ""

    def words(self, claim: Any) -> str:
        """Give the address of the words that a claim stands on."""
        return find_words(self.page(claim.source), claim.quote)

    def take(self, claim_ids: Any) -> list[Any]:
        """Look claims up by their ids."""
        return [self.claims[claim_id] for claim_id in claim_ids]

    def by_source(self, claim_ids: Any) -> dict[str, list[str]]:
        """Sort claims by their sources, each claim once."""
        found: dict[str, list[str]] = {}
        for claim_id in dict.fromkeys(claim_ids):
            found.setdefault(self.claims[claim_id].source, []).append(claim_id)
        return found


find_names = of_collection(Names)


def find_host(url: str) -> str:
    """
    Find the name under which people know an address of the web.

    Examples
    --------
    >>> find_host("https://www.example.org/spa?page=2")
    'example.org'
    """
    return urlsplit(url).netloc.removeprefix("www.") or url


def keep_web(url: str) -> str:
    """Keep an address of the web, and none that could run something."""
    return url if url.startswith(("http://", "https://")) else ""


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


def find_source_id(key: str) -> str:
    """
    Find the address of a source within a report.

    Examples
    --------
    >>> find_source_id("nice_ng59")
    'source-nice_ng59'
    """
    return link_claim(key).replace("#claim-", "source-", 1)


def find_point_id(point: Any) -> str:
    """
    Find the address of a point of conflict, a row of `find_conflicts`, within a report.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> find_point_id(SimpleNamespace(kind="exception", condition="back pain", aspect="use",
    ...     intervention="massage", narrower_condition="sprain", narrower_intervention="massage",
    ...     narrower_aspect="use", narrower_side="for"))
    'exception/back%20pain/massage/use/sprain/massage/use/for'
    """
    words = [point.kind, point.condition, point.intervention, point.aspect]
    words += [point.narrower_condition, point.narrower_intervention, point.narrower_aspect]
    words.append(point.narrower_side)
    if point.kind in (CONTRADICTION, REPORTED):
        words.append(point.sources_for[0])
    return "/".join(percent_encode(word, safe="") for word in words if word)


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
    return f"{spell(number)} {one if number == 1 else many or one + 's'}"


def spell(number: int) -> str:
    """
    Write a number, a small one as a word.

    Examples
    --------
    >>> spell(3), spell(1200)
    ('three', '1,200')
    """
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def join(names: Any) -> str:
    """
    Join names as a sentence does.

    Examples
    --------
    >>> join(["a", "b", "c"])
    'a, b and c'
    """
    *rest, last = list(names) or [""]
    return f"{', '.join(rest)} and {last}" if rest else str(last)


def capitalise(text: str) -> str:
    """
    Begin a text with a capital letter.

    Examples
    --------
    >>> capitalise("the NICE guideline")
    'The NICE guideline'
    """
    return text[:1].upper() + text[1:]
