import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import given, settings

from claimbook import Collection, Vocabulary
from claimbook.measures import (
    count_levels,
    count_stances,
    find_differences,
    find_levels,
    order_questions,
    order_sources,
)
from claimbook.measures.stances import find_rivals

CODEBOOK = Vocabulary()
STARS = build_terms(*[("recommendation", f"{n} stars", "", str(n)) for n in range(1, 6)])
RATED = build_terms(
    ("recommendation", "good", "", "1"),
    ("recommendation", "bad", "", "-1"),
    ("recommendation", "not rated"),
)


def rate(claims, scale):
    return build_collection(claims, vocabulary=scale)


def stand(*levels, **common):
    return build_claims(*({"recommendation": level} for level in levels), **common)


def ask(*questions):
    """Claims on aspects, each given as a source, an aspect and a level."""
    names = ("source", "condition", "aspect", "recommendation")
    return build_claims(*(dict(zip(names, question, strict=True)) for question in questions))


class TestCountLevels:
    def test_each_group_has_every_level_from_highest_to_lowest(self):
        claims = build_claims(
            {"source": "spa", "recommendation": "against"},
            {"source": "clinic"},
            {"source": "spa"},
            {"source": "spa"},
        )
        counts = count_levels(claims, by="source")
        assert list(counts) == list(CODEBOOK.levels)
        assert counts.index.tolist() == ["spa", "clinic"]
        assert counts.to_numpy().tolist() == [[2, 0, 0, 0, 1], [1, 0, 0, 0, 0]]

    def test_no_claims_give_no_groups(self):
        counts = count_levels(build_claims(), by="source")
        assert counts.shape == (0, 5)

    def test_a_declared_scale_replaces_the_five_levels(self):
        counts = count_levels(rate(stand("2 stars", "5 stars"), STARS), by="aspect")
        assert list(counts) == [f"{stars} stars" for stars in (5, 4, 3, 2, 1)]
        assert counts.to_numpy().tolist() == [[1, 0, 0, 1, 0]]

    def test_claims_are_grouped_by_a_column_of_their_sources_too(self):
        claims = build_claims({"source": "trial"}, {}, {"recommendation": "against"})
        collection = build_collection(claims, kinds={"trial": "trial"})
        counts = count_levels(collection, by="kind")
        assert counts.index.tolist() == ["trial", "article"]
        assert counts["for"].tolist() == [1, 1]
        with pytest.raises(ValueError, match="no column 'kynd' to group by: did you mean 'kind'"):
            count_levels(collection, by="kynd")

    def test_levels_off_the_scale_come_last(self):
        counts = count_levels(rate(stand("not rated", "bad"), RATED))
        assert list(counts) == ["good", "bad", "not rated"]
        assert counts.to_numpy().tolist() == [[0, 1, 1]]

    def test_the_claims_themselves_are_left_as_they_are(self):
        claims = stand("for", "against")
        before = claims.copy()
        count_levels(claims, by="source")
        find_levels(claims, by="source")
        pd.testing.assert_frame_equal(claims, before)


class TestFindLevels:
    def test_each_count_is_the_number_of_the_ids(self):
        claims = build_claims({}, {"source": "clinic"}, {"recommendation": "against"}, {})
        found = find_levels(claims, by="source")
        assert found.loc["spa", "for"] == ("a", "d")
        assert found.loc["spa", "against"] == ("c",)
        assert found.loc["clinic", "against"] == ()
        counts = count_levels(claims, by="source")
        pd.testing.assert_frame_equal(found.map(len), counts)


class TestCountStances:
    def test_a_source_has_one_row_on_a_question(self):
        claims = build_claims({}, {"source": "clinic"}, {"recommendation": "uncertain"})
        stances = count_stances(claims)
        assert stances["source"].tolist() == ["spa", "clinic"]
        assert stances["claims"].tolist() == [2, 1]
        assert stances["claim_ids"].tolist() == [("a", "c"), ("b",)]

    @pytest.mark.parametrize(
        ("levels", "listed", "level", "side"),
        [
            (["for"], ("for",), "for", "for"),
            (["conditional for", "for"], ("for", "conditional for"), "conditional for", "for"),
            (["against", "uncertain"], ("uncertain", "against"), "uncertain", "uncertain"),
            (
                ["against", "conditional against", "against"],
                ("against", "conditional against"),
                "conditional against",
                "against",
            ),
        ],
    )
    def test_a_source_has_all_its_levels_and_counts_with_the_one_nearest_the_middle(
        self, levels, listed, level, side
    ):
        (stance,) = count_stances(stand(*levels)).itertuples()
        assert (stance.levels, stance.level, stance.side) == (listed, level, side)
        assert not stance.contradicts

    def test_the_commonest_level_stands_first(self):
        (stance,) = count_stances(stand("for", "uncertain", "uncertain")).itertuples()
        assert stance.levels == ("uncertain", "for")

    def test_a_source_on_both_sides_contradicts_itself_and_has_no_level(self):
        claims = stand("against", "uncertain", "conditional for")
        (stance,) = count_stances(claims).itertuples()
        assert stance.contradicts
        assert (stance.side, stance.level) == ("both", "")

    def test_one_that_reports_two_speakers_does_not_contradict_itself(self):
        claims = stand("for", "against", speaker="").assign(speaker=["a therapist", "a surgeon"])
        (stance,) = count_stances(claims).itertuples()
        assert (stance.side, stance.contradicts) == ("both", False)

    def test_two_outcomes_gathered_are_no_self_contradiction_but_beside_care_is(self):
        claims = build_claims(
            {"aspect": "sleep"}, {"aspect": "function", "recommendation": "against"}
        )
        (stance,) = count_stances(build_collection(claims).gather_use()).itertuples()
        assert (stance.aspect, stance.side, stance.contradicts) == ("use", "both", False)
        claims["aspect"] = ["sleep", "adjunct"]
        (stance,) = count_stances(build_collection(claims).gather_use()).itertuples()
        assert stance.contradicts

    def test_terms_that_are_the_same_are_one_question(self):
        terms = build_terms(("condition", "back pain"), ("condition", "backache"))
        terms["same_as"] = ["", "back pain"]
        claims = build_claims({}, {"condition": "backache", "recommendation": "against"})
        (stance,) = count_stances(build_collection(claims, vocabulary=terms)).itertuples()
        assert (stance.condition, stance.contradicts) == ("back pain", True)

    def test_a_source_off_the_scale_takes_no_side(self):
        claims = build_claims(
            {"recommendation": "not rated"},
            {"source": "gp", "recommendation": "not rated"},
            {"source": "gp", "recommendation": "bad"},
        )
        off, both = count_stances(rate(claims, RATED)).itertuples()
        assert (off.levels, off.side, off.level) == (("not rated",), "off scale", "")
        assert (both.levels, both.side, both.level) == (("bad", "not rated"), "against", "bad")

    def test_no_source_contradicts_itself_on_a_one_sided_scale(self):
        (stance,) = count_stances(rate(stand("5 stars", "1 stars"), STARS)).itertuples()
        assert not stance.contradicts
        assert stance.level == "1 stars"

    def test_no_claims_give_no_stances(self):
        assert len(count_stances(build_claims())) == 0


class TestOrderQuestions:
    def test_conflicts_come_first_then_self_contradictions_then_the_most_answered(self):
        claims = ask(
            ("spa", "pain", "sleep", "for"),
            ("gym", "pain", "sleep", "for"),
            ("spa", "pain", "mood", "for"),
            ("gym", "pain", "mood", "for"),
            ("clinic", "pain", "mood", "for"),
            ("spa", "pain", "cause", "for"),
            ("spa", "pain", "cause", "against"),
            ("gym", "pain", "cause", "uncertain"),
            ("spa", "pain", "dose", "for"),
            ("gym", "pain", "dose", "against"),
        )
        questions, left_out = order_questions(claims)
        assert questions["aspect"].tolist() == ["dose", "cause", "mood", "sleep"]
        assert left_out == 0

    def test_what_ties_stays_in_the_order_of_the_claims(self):
        claims = ask(*(("spa", "pain", aspect, "for") for aspect in ("sleep", "mood", "cause")))
        questions, _ = order_questions(claims, least=1)
        assert questions["aspect"].tolist() == ["sleep", "mood", "cause"]

    def test_a_condition_stands_together_where_its_first_question_stands(self):
        claims = ask(
            ("spa", "pain", "sleep", "for"),
            ("spa", "sciatica", "sleep", "for"),
            ("spa", "sciatica", "cause", "for"),
            ("gym", "sciatica", "cause", "against"),
        )
        questions, _ = order_questions(claims, least=1)
        assert questions["condition"].tolist() == ["sciatica", "sciatica", "pain"]
        assert questions["aspect"].tolist() == ["cause", "sleep", "sleep"]

    def test_what_too_few_answer_is_left_out_and_counted(self):
        claims = ask(
            ("spa", "pain", "sleep", "for"),
            ("gym", "pain", "sleep", "for"),
            ("spa", "pain", "mood", "for"),
            ("spa", "pain", "mood", "uncertain"),
        )
        questions, left_out = order_questions(claims)
        assert questions["aspect"].tolist() == ["sleep"]
        assert left_out == 1

    def test_no_claims_raise_no_questions(self):
        questions, left_out = order_questions(build_claims())
        assert (len(questions), left_out) == (0, 0)


class TestOrderSources:
    KINDS = {"trial_b": "trial", "vlog": "podcast", "trial_a": "trial", "spa": "article"}  # noqa: RUF012

    def test_articles_come_first_then_studies_by_kind_then_others(self):
        kinds = self.KINDS | {"nice": "guideline", "bare": "", "page": "page", "silent": "article"}
        claims = build_claims(*({"source": name} for name in kinds if name != "silent"))
        terms = build_terms(("kind", "podcast", "article"))
        ordered = order_sources(build_collection(claims, vocabulary=terms, kinds=kinds))
        assert ordered["source"].tolist() == [
            "spa", "vlog", "bare", "nice", "trial_b", "trial_a", "page",
        ]  # fmt: skip
        assert ordered["part"].tolist() == ["article"] * 3 + ["study"] * 3 + ["other"]
        assert ordered["label"].tolist() == ordered["source"].tolist()

    def test_without_kinds_they_stay_as_they_are_named(self):
        ordered = order_sources(build_claims({"source": "spa"}, {"source": "clinic"}))
        assert ordered[["source", "kind"]].values.tolist() == [["spa", ""], ["clinic", ""]]

    def test_only_sources_that_make_claims_are_listed(self):
        assert len(order_sources(build_collection(build_claims(), kinds=self.KINDS))) == 0


class TestFindDifferences:
    def test_the_narrower_term_is_named_by_its_label(self):
        terms = build_terms(("condition", "pain"), ("condition", "sciatica", "pain"))
        terms.loc[1, "label"] = "Sciatica (leg pain)"
        claims = build_claims({"condition": "pain"}, {"condition": "sciatica"})
        collection = build_collection(claims, vocabulary=terms)
        differences = find_differences(collection, ("pain", "massage", "pain"))
        assert differences.tolist() == ["", "Sciatica (leg pain)"]

    def test_each_answer_keeps_its_index_and_names_all_that_differs(self):
        terms = build_terms(("condition", "pain"), ("condition", "back pain", "pain"))
        claims = build_claims({"aspect": "cause"}, {"aspect": "adjunct"}, {"aspect": "effect"})
        collection = build_collection(claims, vocabulary=terms)
        differences = find_differences(collection, ("pain", "massage", "effect"))
        assert differences.to_dict() == {1: "back pain, adjunct", 2: "back pain"}

    def test_terms_that_are_the_same_do_not_differ(self):
        terms = build_terms(("condition", "back pain"), ("condition", "backache"))
        terms["same_as"] = ["", "back pain"]
        collection = build_collection(build_claims({"condition": "backache"}), vocabulary=terms)
        assert find_differences(collection, ("back pain", "massage", "pain")).tolist() == [""]


@settings(max_examples=40, deadline=None)
@given(rules_and_claims())
def test_rivals_are_the_pairs_on_one_question_that_could_contradict_each_other(drawn):
    rules, claims = drawn
    collection = build_collection(claims, vocabulary=rules.table())
    rivals = find_rivals(collection)
    terms, sides = claims[["condition", "intervention", "aspect"]], collection.sides
    pairs = {
        (one, two)
        for two in range(len(claims))
        for one in range(two)
        if (terms.iloc[one] == terms.iloc[two]).all()
    }
    assert set(zip(rivals["first"], rivals["second"], strict=True)) == pairs
    opposed = sides[rivals["first"]] * sides[rivals["second"]] < 0
    np.testing.assert_array_equal(rivals["opposed"], opposed)


@settings(max_examples=40, deadline=None)
@given(rules_and_claims())
def test_nothing_hangs_on_the_order_of_the_rows(drawn):
    rules, claims = drawn
    found = []
    for rows in (claims, claims.iloc[::-1]):
        collection = Collection.from_frame(rows, vocabulary=rules.table())
        stances = count_stances(collection)
        keys = ["condition", "intervention", "aspect", "source"]
        found.append(stances.set_index(keys)[["levels", "side", "contradicts", "level"]])
    pd.testing.assert_frame_equal(found[0].sort_index(), found[1].sort_index())


def test_a_source_that_contradicts_itself_is_shown_though_no_other_answers():
    claims = pd.DataFrame(
        {
            "claim_id": ["a", "b", "c"],
            "source": "spa",
            "condition": "back pain",
            "intervention": "massage",
            "aspect": ["cause", "cause", "sleep"],
            "recommendation": ["for", "against", "for"],
            "claim": "It is said.",
        }
    )
    questions, left_out = order_questions(claims)
    assert (questions["aspect"].tolist(), left_out) == (["cause"], 1)


def test_questions_can_stand_together_by_aspect():
    claims = build_claims(
        {"aspect": "sleep"},
        {"aspect": "cause", "condition": "sciatica"},
        {"aspect": "sleep", "condition": "sciatica"},
    )
    questions, _ = order_questions(claims, least=1, by="aspect")
    assert questions["aspect"].tolist() == ["sleep", "sleep", "cause"]
    assert questions.columns[0] == "aspect"


def test_questions_stand_together_by_no_other_column():
    with pytest.raises(ValueError, match="by is 'source', expected one of: condition"):
        order_questions(build_claims({}), by="source")
