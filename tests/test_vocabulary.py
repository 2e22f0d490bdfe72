import pytest
from builders import CODEBOOK_ASPECTS, CODEBOOK_SCORES, build_terms
from small import collect

from claimbook import Vocabulary, count_questions
from claimbook.collection.vocabulary import split_terms

COFFEE = build_terms(
    ("condition", "sleep"),
    ("condition", "light sleep", "sleep"),
    ("condition", "jet lag", "light sleep;travel"),
    ("condition", "travel"),
)


@pytest.mark.parametrize("table", [None, COFFEE])
def test_aspects_not_declared_are_the_codebooks(table):
    vocabulary = Vocabulary(table)
    assert set(vocabulary.find_terms("aspect")) == set(CODEBOOK_ASPECTS)
    for aspect, above in CODEBOOK_ASPECTS.items():
        assert vocabulary.find_broader("aspect", aspect) == {
            *above,
            *(two for one in above for two in CODEBOOK_ASPECTS[one]),
        }


@pytest.mark.parametrize("table", [None, COFFEE])
def test_levels_and_certainties_not_declared_are_the_codebooks(table):
    vocabulary = Vocabulary(table)
    assert vocabulary.scores == CODEBOOK_SCORES
    assert vocabulary.levels == tuple(CODEBOOK_SCORES)
    assert vocabulary.find_terms("certainty") == ("high", "moderate", "low", "very low")


def test_broader_and_narrower_terms_are_found_any_number_of_steps_away():
    vocabulary = Vocabulary(COFFEE)
    assert vocabulary.find_broader("condition", "jet lag") == {"light sleep", "sleep", "travel"}
    assert vocabulary.find_narrower("condition", "sleep") == {"light sleep", "jet lag"}
    assert vocabulary.find_broader("condition", "no such term") == set()


def test_the_same_term_in_two_schemes_is_two_terms():
    vocabulary = Vocabulary(
        build_terms(("aspect", "sleep", "use"), ("aspect", "use"), ("condition", "sleep"))
    )
    assert vocabulary.find_broader("condition", "sleep") == set()
    assert vocabulary.find_broader("aspect", "sleep") == {"use"}


def test_declared_levels_replace_the_five_and_go_from_high_to_low():
    vocabulary = Vocabulary(
        build_terms(("recommendation", "no", "", "-0.5"), ("recommendation", "yes", "", "3"))
    )
    assert vocabulary.scores == {"yes": 3, "no": -0.5}


def test_labels_without_scores_leave_the_five_levels_their_scores():
    rows = [("recommendation", level) for level in reversed(CODEBOOK_SCORES)]
    vocabulary = Vocabulary(build_terms(*rows).assign(label="L"))
    assert vocabulary.scores == CODEBOOK_SCORES
    assert vocabulary.describe("recommendation", "for") == ("L", "")


def test_only_rows_with_a_score_replace_the_five_levels():
    vocabulary = Vocabulary(build_terms(("recommendation", "for")).assign(label="Pro"))
    assert vocabulary.scores == CODEBOOK_SCORES


@pytest.mark.parametrize(
    "columns",
    [
        ["scheme", "term"],
        ["scheme", "term", "broader"],
        ["scheme", "term", "label"],
        ["term", "definition", "scheme", "score"],
    ],
)
def test_optional_columns_may_be_missing_and_no_warning_comes(columns):
    table = build_terms(("condition", "pain"), ("intervention", "massage"))
    vocabulary = Vocabulary(table[columns])
    assert vocabulary.find_terms("condition") == ("pain",)
    assert vocabulary.scores == CODEBOOK_SCORES


@pytest.mark.parametrize(
    ("table", "scheme", "open_"),
    [
        (None, "condition", True),
        (None, "aspect", True),
        (None, "recommendation", False),
        (None, "certainty", False),
        (COFFEE, "condition", False),
        (COFFEE, "intervention", True),
        (COFFEE, "aspect", False),
        (COFFEE, "certainty", False),
    ],
)
def test_a_scheme_is_open_where_nothing_is_said_about_it(table, scheme, open_):
    assert Vocabulary(table).is_open(scheme) is open_


def test_terms_in_a_circle_are_found_and_hang_nothing():
    vocabulary = Vocabulary(build_terms(("condition", "a", "b"), ("condition", "b", "a")))
    assert [set(path) for path in vocabulary.find_circles("condition")] == [{"a", "b"}]
    assert vocabulary.find_broader("condition", "a") == {"b"}
    assert list(Vocabulary(COFFEE).find_circles("condition")) == []
    own = Vocabulary(build_terms(("condition", "a", "a")))
    assert list(own.find_circles("condition")) == [["a", "a"]]


def test_a_term_is_described_by_its_label_or_itself():
    vocabulary = Vocabulary(COFFEE.assign(definition="D"))
    assert vocabulary.describe("condition", "sleep") == ("sleep", "D")
    assert vocabulary.describe("condition", "unknown") == ("unknown", "")


@pytest.mark.parametrize(
    ("cell", "terms"),
    [
        ("", ()),
        (" ; ;", ()),
        ("a", ("a",)),
        (" a b ;c; ", ("a b", "c")),
    ],
)
def test_blanks_around_a_broader_term_do_not_count(cell, terms):
    assert split_terms(cell) == terms


def test_the_collections_own_aspects_and_kinds_are_added_to_the_codebooks():
    own = build_terms(("aspect", "falls", "effect"), ("kind", "newspaper", "article"))
    vocabulary = Vocabulary(own)
    assert "use" in vocabulary.find_broader("aspect", "falls")
    assert {"use", "cause", "falls"} <= set(vocabulary.find_terms("aspect"))
    assert vocabulary.part("newspaper") == vocabulary.part("article") == "article"
    assert [vocabulary.part(kind) for kind in ("trial", "guideline", "page")] == [
        "study",
        "study",
        "other",
    ]


def test_a_term_of_the_codebook_may_be_replaced():
    vocabulary = Vocabulary(build_terms(("aspect", "adjunct")))
    assert vocabulary.find_broader("aspect", "adjunct") == set()
    assert vocabulary.find_terms("aspect").count("adjunct") == 1


def test_terms_that_are_the_same_go_by_the_name_of_the_first_declared():
    rows = [("condition", "ache"), ("condition", "pain"), ("condition", "back pain", "pain")]
    table = build_terms(*rows).assign(same_as=["pain", "", ""])
    vocabulary = Vocabulary(table)
    assert [vocabulary.canon("condition", term) for term in ("ache", "pain", "tea")] == [
        "ache",
        "ache",
        "tea",
    ]
    assert vocabulary.find_broader("condition", "back pain") == {"ache"}
    assert vocabulary.find_narrower("condition", "pain") == {"back pain"}
    assert vocabulary.count_steps("condition", "back pain", "pain") == 1


def test_a_term_broader_than_what_is_the_same_goes_round_in_a_circle():
    table = build_terms(("condition", "a", "b"), ("condition", "b")).assign(same_as=["b", ""])
    assert list(Vocabulary(table).find_circles("condition")) == [["a", "a"]]


def test_levels_off_the_scale_come_last_and_have_no_score():
    rows = [("recommendation", "unproven"), ("recommendation", "no", "", "-1")]
    vocabulary = Vocabulary(build_terms(*rows, ("recommendation", "yes", "", "1")))
    assert vocabulary.levels == ("yes", "no", "unproven")
    assert list(vocabulary.scores) == ["yes", "no"]


def test_a_question_is_asked_in_full():
    table = build_terms(("condition", "sciatica"), ("aspect", "cost")).assign(
        label=["Sciatica", "Cost"]
    )
    ask = Vocabulary(table).ask
    assert ask("sciatica", "massage", "effect") == "Does massage help with Sciatica?"
    assert ask("sciatica", "massage", "cost") == "Cost: massage for Sciatica?"


def test_gathering_replaces_just_the_terms_under_the_one_given():
    terms = [(scheme, term, {"broader": up}) for scheme, term, up, *_ in COFFEE.to_numpy()]
    rows = [{"condition": term} for term in ("jet lag", "travel", "sleep", "light sleep")]
    collection = collect(*rows, terms=terms)
    assert collection.gather(condition="sleep").asked["condition"].tolist() == [
        "sleep",
        "travel",
        "sleep",
        "sleep",
    ]
    merged = collection.gather(condition="", aspect="use")
    assert count_questions(merged)[["condition", "aspect"]].values.tolist() == [["", "use"]]
    assert merged.claims["condition"].tolist() == collection.claims["condition"].tolist()
    with pytest.raises(ValueError, match=r"condition 'sleeep'.*did you mean 'sleep'"):
        collection.gather(condition="sleeep")


def test_a_kind_that_is_the_same_as_a_part_plays_it():
    terms = [("kind", "RCT", {"same_as": "study"})]
    said = collect({}, terms=terms, sources=[{"source": "s1", "kind": "trial"}])
    assert said.terms.part("RCT") == said.parts["s1"] == "study"


SCALE = [
    ("recommendation", level, {"score": score}) for level, score in (("yes", "1"), ("no", "-"))
]


def test_a_claim_on_a_level_whose_row_is_set_aside_is_set_aside_too():
    said = collect({"recommendation": "yes"}, {"recommendation": "no"}, terms=SCALE)
    assert said.claims["claim_id"].tolist() == ["a"]
    told = said.set_aside.set_index("file")["problem"]
    assert told["claims.csv"] == "its row in vocabulary.csv is set aside"
    assert "expected a number" in told["vocabulary.csv"]


def test_a_score_that_counts_for_nothing_costs_no_term():
    terms = [("condition", "back pain", {"score": "3"}), ("condition", "sciatica")]
    assert "back pain" in collect({}, terms=terms).terms.find_terms("condition")
