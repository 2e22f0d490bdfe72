import pandas as pd
import pytest
from builders import build_claims, build_terms

from claimbook import Vocabulary
from claimbook.measures.stances import (
    count_levels,
    count_stances,
    find_differences,
    find_levels,
    order_questions,
    order_sources,
)

CODEBOOK = Vocabulary()
STARS = Vocabulary(
    build_terms(*[("recommendation", f"{stars} stars", "", str(stars)) for stars in range(1, 6)])
)


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
        counts = count_levels(claims, CODEBOOK, by="source")
        assert list(counts) == list(CODEBOOK.levels)
        assert counts.index.tolist() == ["spa", "clinic"]
        assert counts.to_numpy().tolist() == [[2, 0, 0, 0, 1], [1, 0, 0, 0, 0]]

    def test_no_claims_give_no_groups(self):
        counts = count_levels(build_claims(), CODEBOOK, by="source")
        assert counts.shape == (0, 5)

    def test_a_declared_scale_replaces_the_five_levels(self):
        counts = count_levels(stand("2 stars", "5 stars"), STARS, by="aspect")
        assert list(counts) == [f"{stars} stars" for stars in (5, 4, 3, 2, 1)]
        assert counts.to_numpy().tolist() == [[1, 0, 0, 1, 0]]

    def test_a_word_that_is_no_level_is_named(self):
        with pytest.raises(ValueError, match="recommendation is 'yes', expected one of: for"):
            count_levels(stand("yes"), CODEBOOK, by="source")

    def test_the_claims_themselves_are_left_as_they_are(self):
        claims = stand("for", "against")
        before = claims.copy()
        count_levels(claims, CODEBOOK, by="source")
        find_levels(claims, CODEBOOK, by="source")
        pd.testing.assert_frame_equal(claims, before)


class TestFindLevels:
    def test_each_count_is_the_number_of_the_ids(self):
        claims = build_claims({}, {"source": "clinic"}, {"recommendation": "against"}, {})
        found = find_levels(claims, CODEBOOK, by="source")
        assert found.loc["spa", "for"] == ("a", "d")
        assert found.loc["spa", "against"] == ("c",)
        assert found.loc["clinic", "against"] == ()
        counts = count_levels(claims, CODEBOOK, by="source")
        pd.testing.assert_frame_equal(found.map(len), counts)


class TestCountStances:
    def test_a_source_has_one_row_on_a_question(self):
        claims = build_claims({}, {"source": "clinic"}, {"recommendation": "uncertain"})
        stances = count_stances(claims, CODEBOOK)
        assert stances["source"].tolist() == ["spa", "clinic"]
        assert stances["claims"].tolist() == [2, 1]
        assert stances["claim_ids"].tolist() == [("a", "c"), ("b",)]

    @pytest.mark.parametrize(
        ("levels", "highest", "lowest", "level"),
        [
            (["for"], "for", "for", "for"),
            (["conditional for", "for"], "for", "conditional for", "conditional for"),
            (["against", "uncertain"], "uncertain", "against", "uncertain"),
            (
                ["against", "conditional against"],
                "conditional against",
                "against",
                "conditional against",
            ),
        ],
    )
    def test_a_source_counts_with_its_level_nearest_the_middle(
        self, levels, highest, lowest, level
    ):
        (stance,) = count_stances(stand(*levels), CODEBOOK).itertuples()
        assert (stance.highest, stance.lowest, stance.level) == (highest, lowest, level)
        assert not stance.contradicts

    def test_a_source_on_both_sides_contradicts_itself_and_has_no_level(self):
        claims = stand("against", "uncertain", "conditional for")
        (stance,) = count_stances(claims, CODEBOOK).itertuples()
        assert stance.contradicts
        assert (stance.highest, stance.lowest, stance.level) == ("conditional for", "against", "")

    def test_no_source_contradicts_itself_on_a_one_sided_scale(self):
        (stance,) = count_stances(stand("5 stars", "1 stars"), STARS).itertuples()
        assert not stance.contradicts
        assert stance.level == "1 stars"

    def test_no_claims_give_no_stances(self):
        assert len(count_stances(build_claims(), CODEBOOK)) == 0


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
        questions, left_out = order_questions(claims, CODEBOOK)
        assert questions["aspect"].tolist() == ["dose", "cause", "mood", "sleep"]
        assert left_out == 0

    def test_what_ties_stays_in_the_order_of_the_claims(self):
        claims = ask(*(("spa", "pain", aspect, "for") for aspect in ("sleep", "mood", "cause")))
        questions, _ = order_questions(claims, CODEBOOK, least=1)
        assert questions["aspect"].tolist() == ["sleep", "mood", "cause"]

    def test_a_condition_stands_together_where_its_first_question_stands(self):
        claims = ask(
            ("spa", "pain", "sleep", "for"),
            ("spa", "sciatica", "sleep", "for"),
            ("spa", "sciatica", "cause", "for"),
            ("gym", "sciatica", "cause", "against"),
        )
        questions, _ = order_questions(claims, CODEBOOK, least=1)
        assert questions["condition"].tolist() == ["sciatica", "sciatica", "pain"]
        assert questions["aspect"].tolist() == ["cause", "sleep", "sleep"]

    def test_what_too_few_answer_is_left_out_and_counted(self):
        claims = ask(
            ("spa", "pain", "sleep", "for"),
            ("gym", "pain", "sleep", "for"),
            ("spa", "pain", "mood", "for"),
            ("spa", "pain", "mood", "uncertain"),
        )
        questions, left_out = order_questions(claims, CODEBOOK)
        assert questions["aspect"].tolist() == ["sleep"]
        assert left_out == 1

    def test_no_claims_raise_no_questions(self):
        questions, left_out = order_questions(build_claims(), CODEBOOK)
        assert (len(questions), left_out) == (0, 0)


class TestOrderSources:
    SOURCES = pd.DataFrame(
        {
            "source": ["trial_b", "trial_a", "cast", "spa"],
            "kind": ["trial", "trial", "podcast", "article"],
        }
    )

    def test_articles_come_first_then_the_kinds_of_the_codebook_then_others(self):
        names = pd.Series(["unlisted", "cast", "trial_a", "trial_b", "spa", "spa"])
        ordered = order_sources(names, self.SOURCES)
        assert ordered["source"].tolist() == ["spa", "trial_b", "trial_a", "cast", "unlisted"]
        assert ordered["kind"].tolist() == ["article", "trial", "trial", "podcast", ""]

    @pytest.mark.parametrize("sources", [None, pd.DataFrame({"source": ["clinic", "spa"]})])
    def test_without_kinds_they_stay_as_they_are_named(self, sources):
        ordered = order_sources(pd.Series(["spa", "clinic"]), sources)
        assert ordered.to_numpy().tolist() == [["spa", ""], ["clinic", ""]]

    def test_only_sources_that_are_named_are_listed(self):
        assert len(order_sources(pd.Series([], dtype="str"), self.SOURCES)) == 0


class TestFindDifferences:
    def test_the_narrower_term_is_named_by_its_label(self):
        terms = build_terms(("condition", "pain"), ("condition", "sciatica", "pain"))
        terms.loc[1, "label"] = "Sciatica (leg pain)"
        answers = build_claims({"condition": "pain"}, {"condition": "sciatica"}, stands="at")
        answers["stands"] = ["at", "under"]
        differences = find_differences(answers, Vocabulary(terms))
        assert differences.tolist() == ["", "Sciatica (leg pain)"]

    def test_sibling_aspects_at_the_question_are_named_where_they_differ(self):
        answers = build_claims({"aspect": "adjunct"}, {"aspect": "effect"}, stands="at")
        assert find_differences(answers, CODEBOOK).tolist() == ["adjunct", "effect"]

    def test_the_question_asked_decides_where_it_is_given(self):
        answers = build_claims({"aspect": "adjunct"}, {"aspect": "effect"}, stands="at")
        asked = ("pain", "massage", "effect")
        differences = find_differences(answers, CODEBOOK, question=asked)
        assert differences.tolist() == ["back pain, adjunct", "back pain"]

    def test_the_index_of_the_answers_is_kept(self):
        answers = build_claims({}, {}, stands="at").set_axis([7, 3])
        assert find_differences(answers, CODEBOOK).index.tolist() == [7, 3]


def test_a_source_that_contradicts_itself_is_shown_though_no_other_answers():
    claims = pd.DataFrame(
        {
            "claim_id": ["a", "b", "c"],
            "source": "spa",
            "condition": "back pain",
            "intervention": "massage",
            "aspect": ["cause", "cause", "sleep"],
            "recommendation": ["for", "against", "for"],
        }
    )
    questions, left_out = order_questions(claims, CODEBOOK)
    assert (questions["aspect"].tolist(), left_out) == (["cause"], 1)


def test_questions_can_stand_together_by_aspect():
    claims = build_claims(
        {"aspect": "sleep"},
        {"aspect": "cause", "condition": "sciatica"},
        {"aspect": "sleep", "condition": "sciatica"},
    )
    questions, _ = order_questions(claims, CODEBOOK, least=1, by="aspect")
    assert questions["aspect"].tolist() == ["sleep", "sleep", "cause"]
    assert questions.columns[0] == "aspect"


def test_questions_stand_together_by_no_other_column():
    with pytest.raises(ValueError, match="by is 'source', expected one of: condition"):
        order_questions(build_claims({}), CODEBOOK, by="source")
