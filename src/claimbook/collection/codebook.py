"""
The codebook's words: columns, schemes, levels, aspects and relations.

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
    "certainty",
    "coder",
    "notes",
)
REQUIRED_CLAIM_COLUMNS: Final = CLAIM_COLUMNS[:7]

SOURCE_COLUMNS: Final = (
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
)
REQUIRED_SOURCE_COLUMNS: Final = ("source",)
ARTICLE: Final = "article"
KINDS: Final = (ARTICLE, "guideline", "review", "trial", "other study")

PROOF_COLUMNS: Final = ("claim_id", "source", "quote", "sha256", "line")

VOCABULARY_COLUMNS: Final = ("scheme", "term", "broader", "score", "label", "definition")
REQUIRED_VOCABULARY_COLUMNS: Final = ("scheme", "term")
SCHEMES: Final = ("condition", "intervention", "aspect", "recommendation", "certainty")
FACETS: Final = SCHEMES[:3]

SCORES: Final = {
    "for": 2,
    "conditional for": 1,
    "uncertain": 0,
    "conditional against": -1,
    "against": -2,
}
LEVELS: Final = tuple(SCORES)
CERTAINTIES: Final = ("high", "moderate", "low", "very low")

USE: Final = "use"
ASPECTS: Final = (
    ("use", "", "Should it be used here?"),
    ("effect", "use", "Does it help?"),
    ("pain", "effect", "Does it lessen pain?"),
    ("function", "effect", "Does it help people do what they do in daily life?"),
    ("range of motion", "effect", "Does it help people move further?"),
    ("mood", "effect", "Does it help mood, stress, anxiety or depression?"),
    ("sleep", "effect", "Does it help sleep?"),
    ("quality of life", "effect", "Does it help quality of life?"),
    ("prevention", "effect", "Does it keep the problem from coming or coming back?"),
    ("immune function", "effect", "Does it help the body's defences?"),
    ("healing", "effect", "Does it help tissue to heal?"),
    ("adjunct", "use", "Does it belong in a plan beside other treatments?"),
    ("contraindication", "use", "Is it fit for this state of the body?"),
    ("standalone", "", "Is it enough alone, or can it take the place of conventional care?"),
    ("cause", "", "Does it treat the underlying cause, not only the symptom?"),
    ("mechanism", "", "Does it work this way?"),
    ("blood flow", "mechanism", "Does it work by moving blood?"),
    ("muscle tension", "mechanism", "Does it work by loosening muscle?"),
    ("endorphins", "mechanism", "Does it work by endorphins?"),
    ("scar tissue", "mechanism", "Does it work on scar tissue?"),
    ("toxins", "mechanism", "Does it work by clearing waste from tissue?"),
    ("pain signals", "mechanism", "Does it work by getting in the way of pain signals?"),
    ("energy flow", "mechanism", "Does it work by a flow of energy?"),
    ("neurotransmitters", "mechanism", "Does it work by serotonin, dopamine and their like?"),
    ("safety", "", "Is it safe in general?"),
    ("side effects", "safety", "Is it free of side effects?"),
    ("clearance", "safety", "May one go ahead without seeing a professional first?"),
    ("provider", "safety", "Who may give it?"),
    ("dose", "", "This often, this long, this hard?"),
    ("timing", "dose", "At this point of the course?"),
    ("frequency", "dose", "This often?"),
    ("pressure", "dose", "This hard?"),
    ("duration of effect", "dose", "Does the effect last?"),
    ("evidence", "", "Does the evidence as a whole support it?"),
)

RELATIONS: Final = ("agree", "qualify", "conflict")
SCOPES: Final = ("same", "nested", "crossed")
ASPECT_MEETINGS: Final = ("same", "nested", "sibling")
VERDICTS: Final = ("conflict", "self-contradiction", "qualify", "agree", "single source")

MOST_QUOTE_WORDS: Final = 6
