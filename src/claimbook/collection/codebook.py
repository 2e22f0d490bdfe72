"""
The codebook's words: columns, schemes, levels, aspects, kinds and relations.

Every other module takes its words from here, so that a term is spelled in one place.
"""

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
KINDS: Final = {
    "article": ARTICLE,
    "guideline": STUDY,
    "review": STUDY,
    "trial": STUDY,
    "other study": STUDY,
    "page": OTHER,
}

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

SCORES: Final = {
    "for": 2,
    "conditional for": 1,
    "uncertain": 0,
    "conditional against": -1,
    "against": -2,
}
LEVELS: Final = tuple(SCORES)
CERTAINTIES: Final = ("high", "moderate", "low", "very low")
YES: Final = "yes"

USE: Final = "use"
ASPECTS: Final = (
    ("use", "", "Should {intervention} be used for {condition}?"),
    ("effect", "use", "Does {intervention} help with {condition}?"),
    ("pain", "effect", "Does {intervention} lessen pain in {condition}?"),
    ("function", "effect", "Does {intervention} help people with {condition} in daily life?"),
    ("range of motion", "effect", "Does {intervention} help people with {condition} move further?"),
    ("mood", "effect", "Does {intervention} help mood or stress in {condition}?"),
    ("sleep", "effect", "Does {intervention} help sleep in {condition}?"),
    ("quality of life", "effect", "Does {intervention} better the quality of life in {condition}?"),
    ("prevention", "effect", "Does {intervention} keep {condition} from coming or coming back?"),
    ("immune function", "effect", "Does {intervention} help the body's defences in {condition}?"),
    ("healing", "effect", "Does {intervention} help {condition} to heal?"),
    ("adjunct", "use", "Does {intervention} belong beside other treatments of {condition}?"),
    ("contraindication", "use", "Is {intervention} fit for {condition}?"),
    (
        "standalone",
        "",
        "Is {intervention} enough alone for {condition}, "
        "or can it take the place of conventional care?",
    ),
    (
        "cause",
        "",
        "Does {intervention} treat the cause of {condition}, not only the symptom?",
    ),
    ("mechanism", "", "Does {intervention} work this way in {condition}?"),
    ("blood flow", "mechanism", "Does {intervention} work by moving blood in {condition}?"),
    ("muscle tension", "mechanism", "Does {intervention} work by loosening muscle in {condition}?"),
    ("endorphins", "mechanism", "Does {intervention} work by endorphins in {condition}?"),
    ("scar tissue", "mechanism", "Does {intervention} work on scar tissue in {condition}?"),
    ("toxins", "mechanism", "Does {intervention} work by clearing waste in {condition}?"),
    ("pain signals", "mechanism", "Does {intervention} work on pain signals in {condition}?"),
    ("energy flow", "mechanism", "Does {intervention} work by a flow of energy in {condition}?"),
    (
        "neurotransmitters",
        "mechanism",
        "Does {intervention} work by serotonin, dopamine and their like in {condition}?",
    ),
    ("safety", "", "Is {intervention} safe in {condition}?"),
    ("side effects", "safety", "Is {intervention} free of side effects in {condition}?"),
    (
        "clearance",
        "safety",
        "May one go ahead with {intervention} for {condition} without asking a professional first?",
    ),
    ("provider", "safety", "May this provider give {intervention} for {condition}?"),
    ("dose", "", "This often, this long, this hard: {intervention} for {condition}?"),
    ("timing", "dose", "At this point of the schedule: {intervention} for {condition}?"),
    ("frequency", "dose", "This often: {intervention} for {condition}?"),
    ("pressure", "dose", "This hard: {intervention} for {condition}?"),
    ("duration of effect", "dose", "Does the effect of {intervention} on {condition} last?"),
    ("evidence", "", "Does the evidence as a whole support {intervention} for {condition}?"),
)

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
