import pandas as pd
import pytest
from builders import CODEBOOK_ASPECTS, CODEBOOK_SCORES, build_claims, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary, roll_up
from claimbook.collection.vocabulary import split_broader

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
    assert split_broader(cell) == terms


@settings(deadline=None, max_examples=30)
@given(rules_and_claims())
def test_terms_compare_as_the_codebook_says(drawn):
    rules, claims = drawn
    names = {"equal": 0, "broader": 1, "narrower": 2, "sibling": 3}
    for facet in ("condition", "intervention", "aspect"):
        terms = list(claims[facet].unique())
        expected = [
            (i, j, names[found])
            for i, one in enumerate(terms)
            for j, two in enumerate(terms)
            if (found := rules.compare(facet, one, two)) != "apart"
        ]
        found = zip(*rules.vocabulary().compare_terms(facet, terms), strict=True)
        assert [tuple(map(int, row)) for row in found] == expected


@settings(deadline=None, max_examples=30)
@given(rules_and_claims(), st.data())
def test_rolling_up_replaces_just_the_terms_under_the_one_given(drawn, data):
    rules, claims = drawn
    before = claims.copy(deep=True)
    for facet in ("condition", "intervention", "aspect"):
        known = [*rules.broader.get(facet, {}), *claims[facet].unique()]
        if known:
            term = data.draw(st.sampled_from(known))
            rolled = roll_up(claims, rules.vocabulary(), facet=facet, term=term)
            expected = [term if rules.is_broader(facet, term, t) else t for t in claims[facet]]
            assert rolled[facet].tolist() == expected
            pd.testing.assert_frame_equal(rolled.assign(**{facet: claims[facet]}), claims)
    pd.testing.assert_frame_equal(claims, before)


def test_rolling_up_an_unknown_facet_or_term_is_refused_with_a_remedy():
    claims = build_claims({"condition": "sleep"})
    with pytest.raises(ValueError, match=r"'aspects'.*did you mean 'aspect'"):
        roll_up(claims, Vocabulary(COFFEE), facet="aspects", term="use")
    with pytest.raises(ValueError, match=r"condition 'sleeep'.*did you mean 'sleep'"):
        roll_up(claims, Vocabulary(COFFEE), facet="condition", term="sleeep")


def test_a_term_used_but_not_declared_may_be_rolled_up_to_where_a_scheme_is_open():
    claims = build_claims({"intervention": "tea"})
    rolled = roll_up(claims, Vocabulary(COFFEE), facet="intervention", term="tea")
    assert rolled["intervention"].tolist() == ["tea"]
