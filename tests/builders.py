"""Small tables and collections for the tests, and the codebook's rules read a second time."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path

import pandas as pd
from hypothesis import strategies as st

from claimbook import Collection, Vocabulary

CLAIM = {
    "claim_id": "c1",
    "source": "spa",
    "condition": "back pain",
    "intervention": "massage",
    "aspect": "pain",
    "recommendation": "for",
    "claim": "It helps.",
}
FACETS = ("condition", "intervention", "aspect")

# A sound collection that uses every column. Records 1 to 4 of each table start at lines 2 to 5.
CLAIM_HEADER = [
    "claim_id",
    "source",
    "condition",
    "intervention",
    "aspect",
    "recommendation",
    "claim",
    "quote",
    "attribution",
    "cited_study",
    "certainty",
    "coder",
    "notes",
]
SOURCE_HEADER = [
    "source",
    "kind",
    "title",
    "author",
    "publisher",
    "published",
    "accessed",
    "url",
    "doi",
    "pmid",
    "design",
    "n",
    "text",
    "sha256",
    "notes",
]
TERM_HEADER = ["scheme", "term", "broader", "score", "label", "definition"]
SOUND_CLAIMS = [
    [
        "c1",
        "spa",
        "back pain",
        "massage",
        "pain",
        "for",
        "It eases pain.",
        "Massage … pain.",
        "studies have shown",
        "cochrane",
        "",
        "ab",
        "one, two",
    ],
    [
        "c2",
        "clinic",
        "sciatica",
        "massage",
        "effect",
        "against",
        "It does nothing.",
        "It does nothing.",
        "",
        "",
        "low",
        "ab",
        'a "word"',
    ],
    [
        "c3",
        "cochrane",
        "back pain",
        "massage",
        "pain",
        "uncertain",
        "Not known.",
        "",
        "",
        "",
        "very low",
        "",
        "ä, ü, 痛",
    ],
    [
        "c4",
        "clinic",
        "pain",
        "thai massage",
        "safety",
        "conditional for",
        "Ask first.",
        "Ask … first.",
        "",
        "",
        "",
        "",
        "",
    ],
]
SOUND_SOURCES = [
    [
        "spa",
        "article",
        "Why",
        "A. B.",
        "Spa",
        "2020",
        "2021",
        "https://spa.example/",
        "",
        "",
        "",
        "",
        "spa.txt",
        "0123456789abcdef" * 4,
        "",
    ],
    [
        "clinic",
        "article",
        "When",
        "",
        "",
        "",
        "",
        "http://clinic.example/",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "cochrane",
        "review",
        "Massage",
        "",
        "",
        "2015",
        "",
        "",
        "10.1000/x",
        "1",
        "review",
        "25",
        "",
        "",
        "",
    ],
]
SOUND_TERMS = [
    ["condition", "pain", "", "", "Pain", "What hurts."],
    ["condition", "back pain", "pain", "", "", ""],
    ["condition", "nerve pain", "pain", "", "", ""],
    ["condition", "sciatica", "back pain; nerve pain", "", "", ""],
    ["intervention", "massage", "", "", "", ""],
    ["intervention", "thai massage", "massage", "", "", ""],
    ["intervention", "heat", "", "", "", ""],
]


def build_claims(*rows: Mapping[str, str], **common: str) -> pd.DataFrame:
    """Claims that differ from `CLAIM` only in what is said; ids follow the alphabet."""
    defaults = CLAIM | common
    full = [defaults | {"claim_id": chr(ord("a") + n)} | dict(row) for n, row in enumerate(rows)]
    return pd.DataFrame(full, columns=list(defaults), dtype="str")


def build_terms(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Rows of scheme, term and, where given, broader and score."""
    full = [(*row, *[""] * (6 - len(row))) for row in rows]
    return pd.DataFrame(full, columns=TERM_HEADER, dtype="str")


def build_collection(
    claims: pd.DataFrame,
    *,
    sources: pd.DataFrame | None = None,
    vocabulary: pd.DataFrame | None = None,
    kinds: Mapping[str, str] | None = None,
    **metadata: object,
) -> Collection:
    """A collection in memory; without `sources`, `kinds` says what each source is."""
    if sources is None:
        keys = list(dict.fromkeys([*claims["source"], *(kinds or {})]))
        kind = [(kinds or {}).get(key, "article") for key in keys]
        sources = pd.DataFrame({"source": keys, "kind": kind}, dtype="str")
    return Collection.from_frame(claims, sources, vocabulary, metadata)


def read_html(page: object) -> str:
    """The words of a piece of HTML, marks left out, blanks made one."""
    text = unescape(re.sub(r"<[^>]+>", " ", str(page)))
    return " ".join(text.split())


def write_csv(header: Iterable[str], rows: Iterable[Iterable[str]], *, end: str = "\n") -> str:
    """RFC 4180 by hand: quotation marks only where they must be."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text

    return "".join(",".join(map(cell, row)) + end for row in (header, *rows))


def sound_tables() -> dict[str, list[list[str]]]:
    """The sound collection, header first, free to be spoiled."""
    return {
        "claims.csv": [[*row] for row in (CLAIM_HEADER, *SOUND_CLAIMS)],
        "sources.csv": [[*row] for row in (SOURCE_HEADER, *SOUND_SOURCES)],
        "vocabulary.csv": [[*row] for row in (TERM_HEADER, *SOUND_TERMS)],
    }


def sound_files() -> dict[str, bytes]:
    files = {name: write_csv(*_split(rows)).encode() for name, rows in sound_tables().items()}
    return files | {"datapackage.json": b'{"title": "Massage"}'}


def _split(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    return rows[0], rows[1:]


def write_files(folder: Path, files: Mapping[str, bytes | str | list[list[str]]]) -> Path:
    """Write files as bytes, as text or as rows with the header first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if isinstance(content, list):
            content = write_csv(*_split(content))
        content = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(content)
    return folder


# The codebook's section "Where two claims meet", pair by pair and without any cleverness.

_ASPECTS = {
    "": "use standalone cause mechanism safety dose evidence",
    "use": "effect adjunct contraindication",
    "effect": "pain function range_of_motion mood sleep quality_of_life prevention "
    "immune_function healing",
    "mechanism": "blood_flow muscle_tension endorphins scar_tissue toxins pain_signals "
    "energy_flow neurotransmitters",
    "safety": "side_effects clearance provider",
    "dose": "timing frequency pressure duration_of_effect",
}
CODEBOOK_ASPECTS = {
    aspect.replace("_", " "): [broader] if broader else []
    for broader, aspects in _ASPECTS.items()
    for aspect in aspects.split()
}
CODEBOOK_SCORES = {
    "for": 2,
    "conditional for": 1,
    "uncertain": 0,
    "conditional against": -1,
    "against": -2,
}


class Rules:
    """Terms and scores as plain dicts: scheme -> term -> broader terms, level -> score."""

    def __init__(self, broader=None, scores=None):
        self.broader = {"aspect": CODEBOOK_ASPECTS} | (broader or {})
        self.scores = scores or CODEBOOK_SCORES

    def table(self) -> pd.DataFrame:
        rows = [
            (scheme, term, ";".join(above))
            for scheme, terms in self.broader.items()
            if terms is not CODEBOOK_ASPECTS
            for term, above in terms.items()
        ]
        if self.scores is not CODEBOOK_SCORES:
            rows += [("recommendation", level, "", repr(s)) for level, s in self.scores.items()]
        return build_terms(*rows)

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.table())

    def is_broader(self, facet: str, term: str, other: str) -> bool:
        above = self.broader.get(facet, {}).get(other, [])
        return any(term == one or self.is_broader(facet, term, one) for one in above)

    def compare(self, facet: str, term: str, other: str) -> str:
        if term == other:
            return "equal"
        if self.is_broader(facet, term, other):
            return "broader"
        if self.is_broader(facet, other, term):
            return "narrower"
        branches = [self.find_branches(aspect) for aspect in (term, other)]
        apart = all(branches) and not branches[0] & branches[1]
        return "sibling" if facet == "aspect" and apart else "apart"

    def find_branches(self, aspect: str) -> set[str]:
        """The aspects right under ``use`` that an aspect is, or lies under."""
        right_under = [one for one, above in self.broader["aspect"].items() if "use" in above]
        return {
            one for one in right_under if one == aspect or self.is_broader("aspect", one, aspect)
        }

    def meet(self, first: Iterable[str], second: Iterable[str]) -> tuple[str, str, str] | None:
        """Scope, how the aspects meet, and which of the two questions is the broader one."""
        found = [self.compare(*terms) for terms in zip(FACETS, first, second, strict=True)]
        if "apart" in found:
            return None
        aspects = {"equal": "same", "sibling": "sibling"}.get(found[2], "nested")
        if "broader" in found and "narrower" in found:
            return "crossed", aspects, ""
        if "broader" in found:
            return "nested", aspects, "first"
        if "narrower" in found:
            return "nested", aspects, "second"
        return "same", aspects, ""

    def side(self, level: str) -> int:
        return (self.scores[level] > 0) - (self.scores[level] < 0)


@st.composite
def _trees(draw, names: list[str]) -> dict[str, list[str]]:
    """Terms, each under any of those before it, then in any order."""
    terms = {}
    for place, name in enumerate(names):
        above = st.lists(st.sampled_from(names[:place]), max_size=2, unique=True)
        terms[name] = draw(above) if place else []
    order = draw(st.permutations(names))
    return {name: terms[name] for name in order}


_SCORES = st.one_of(
    st.sampled_from([-2, -1, 0, 1, 2, 0.5, -0.1, 0.30000000000000004]),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: number or 0.0),
)


@st.composite
def rules_and_claims(draw, *, most: int = 9) -> tuple[Rules, pd.DataFrame]:
    """A vocabulary of any shape and claims in its terms."""
    broader = {
        scheme: draw(_trees([f"{scheme[0]}{n}" for n in range(draw(st.integers(1, 5)))]))
        for scheme in draw(st.sets(st.sampled_from(FACETS[:2])))
    }
    aspects = draw(st.sampled_from(["codebook", "use", "no use"]))
    if aspects != "codebook":
        names = ["a0", "use", "a1", "a2", "a3", "a4"]
        broader["aspect"] = draw(_trees([n for n in names if n != "use" or aspects == "use"]))
    scores = draw(
        st.none() | st.dictionaries(st.sampled_from("pqrstu"), _SCORES, min_size=1, max_size=5)
    )
    rules = Rules(broader, scores)
    terms = {facet: list(rules.broader.get(facet, ["x", "y"])) for facet in FACETS}
    if aspects == "codebook":
        terms["aspect"] = ["use", "effect", "pain", "sleep", "adjunct", "cause", "safety"]
    columns = {facet: st.sampled_from(terms[facet]) for facet in FACETS}
    columns |= {"source": st.sampled_from(["s1", "s2", "s3"])}
    columns |= {"recommendation": st.sampled_from(list(rules.scores))}
    rows = draw(st.lists(st.fixed_dictionaries(columns), max_size=most))
    return rules, build_claims(*rows)
