"""
The codebook's words: columns, schemes, levels, aspects, kinds and relations.

Every other module takes its words from here, so that a term is spelled in one place.
"""

import csv
from pathlib import Path
from typing import Final

CLAIM_COLUMNS: Final = (
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
    "universal",
    "speaker",
    "certainty",
    "coder",
    "notes",
)
REQUIRED_CLAIM_COLUMNS: Final = CLAIM_COLUMNS[:7]
DRAFT_COLUMNS: Final = CLAIM_COLUMNS[2:7]  # a row that lacks one of them is unfinished

SOURCE_COLUMNS: Final = (
    "source",
    "kind",
    "label",
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
)
REQUIRED_SOURCE_COLUMNS: Final = ("source",)

ARTICLE: Final = "article"
STUDY: Final = "study"
OTHER: Final = "other"
PARTS: Final = (ARTICLE, STUDY, OTHER)
PROOF_COLUMNS: Final = ("claim_id", "source", "quote", "sha256", "line")

VOCABULARY_COLUMNS: Final = (
    "scheme",
    "term",
    "broader",
    "same_as",
    "score",
    "label",
    "definition",
    "question",
)
REQUIRED_VOCABULARY_COLUMNS: Final = ("scheme", "term")
FACETS: Final = ("condition", "intervention", "aspect")
CODED: Final = (*FACETS, "recommendation", "certainty")
SCHEMES: Final = (*CODED, "kind")

# The codebook's own terms, as a collection would declare them in its vocabulary.csv.
with open(Path(__file__).with_suffix(".csv"), encoding="utf-8", newline="") as _file:
    TERMS: Final = tuple(csv.DictReader(_file))
KINDS: Final = tuple(
    row["term"] for row in TERMS if row["scheme"] == "kind" and row["term"] not in PARTS[1:]
)
YES: Final = "yes"
USE: Final = "use"

RELATIONS: Final = ("agree", "qualify", "conflict")
SCOPES: Final = ("same", "nested", "crossed")
ASPECT_MEETINGS: Final = ("same", "nested", "sibling")
DIRECT, CONTRADICTION, EXCEPTION, OVERLAP, REPORTED, CARE = CONFLICT_KINDS = (
    "direct",
    "self-contradiction",
    "exception",
    "overlap",
    "reported",
    "care",
)
VERDICTS: Final = ("conflict", "self-contradiction", "qualify", "agree", "single source")
FIDELITIES: Final = (
    "faithful",
    "overgeneralised",
    "overstated",
    "understated",
    "contradicted",
    "mixed",
    "off topic",
    "not coded",
    "untraceable",
    "uncredited",
)

SEVERITIES: Final = ("fatal", "error", "draft", "warning")
