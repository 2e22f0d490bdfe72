"""What the robustness figure must show, read from its artists."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms
from canvas import (
    SCALES,
    SCRIPTS,
    build_many,
    draw_figure,
    find_gids,
    list_faults,
    list_scale,
    list_texts,
    read_words,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from claimbook import Vocabulary, count_questions, figure, plot_robustness

CODEBOOK = Vocabulary()


def say(*levels, **common):
    """Claims of as many sources, each at a level."""
    return build_claims(
        *({"source": f"s{n}", "recommendation": level} for n, level in enumerate(levels)), **common
    )


def draw(claims, vocabulary=None, **options):
    return draw_figure("robustness", claims, vocabulary=vocabulary, **options)


def describe(claims, *, page=1, **options):
    return figure(build_collection(claims), "robustness", **options).describe(page)


class TestMarks:
    def test_a_verdict_that_one_code_decides_has_a_full_circle(self):
        marks = find_gids(draw(say("for", "for", "against")))
        full, number = marks["robustness-a-recodings-mark"], marks["robustness-a-recodings"]
        assert to_hex(full.get_markerfacecolor()) == to_hex(full.get_markeredgecolor())
        assert (number.get_text(), number.get_color()) == ("1", "white")

    def test_a_firmer_verdict_has_an_open_circle_with_its_number(self):
        marks = find_gids(draw(say("for", "for", "against", "against")))
        assert to_hex(marks["robustness-a-recodings-mark"].get_markerfacecolor()) == "#ffffff"
        assert marks["robustness-a-recodings"].get_text() == "2"

    def test_a_verdict_that_nothing_turns_has_no_circle(self):
        claims = say("same", "same")
        marks = find_gids(draw(claims, list_scale(same=0)))
        assert "robustness-a-recodings-mark" not in marks
        assert marks["robustness-a-recodings"].get_text() == "–"

    def test_claims_are_counted_by_side_from_against_to_for(self):
        marks = find_gids(draw(say("for", "conditional for", "against", "uncertain")))
        counts = [marks[f"robustness-{gid}-count"] for gid in "cda"]
        assert [count.get_text() for count in counts] == ["1", "1", "2"]
        places = [count.get_position()[0] for count in counts]
        assert places == sorted(places)

    def test_the_weaker_side_of_a_conflict_is_framed(self):
        marks = find_gids(draw(say("for", "for", "against", "uncertain")))
        framed = {gid for gid in "acd" if marks[f"robustness-{gid}"].get_linewidth()}
        assert framed == {"c"}

    def test_of_an_agreement_nothing_is_framed(self):
        assert find_gids(draw(say("for", "for")))["robustness-a"].get_linewidth() == 0

    def test_marks_link_to_the_claims_that_decide(self):
        marks = find_gids(draw(say("for", "for", "against")))
        assert marks["robustness-a-recodings"].get_url() == "#claim-c"
        assert marks["robustness-a"].get_url() == "#claim-a"


class TestWords:
    def test_a_source_that_turns_the_verdict_is_named_with_what_it_turns_to(self):
        assert "s2: = agree" in read_words(draw(say("for", "for", "against")))

    def test_of_two_sources_either_leaves_one(self):
        assert "either: single source" in read_words(draw(say("for", "against")))

    def test_many_turning_sources_are_counted(self):
        robustness = figure(build_collection(say("for")), "robustness")
        turns = tuple((f"s{n}", "agree") for n in range(5))
        robustness.collection = build_collection(say(*["for"] * 5))
        told = robustness._write_loss({"turns": turns, "sources": 5})
        assert told == "s0, s1, s2 or 2 more: = agree"

    def test_a_verdict_that_three_levels_turn_is_told_in_bold(self):
        texts = list_texts(draw(say("for", "conditional for", "for")))
        (fold,) = [text for text in texts if text.get_text() == "= agree"]
        assert fold.get_weight() == "bold"

    def test_a_verdict_that_nothing_else_turns_says_the_same_twice(self):
        words = read_words(draw(say("for", "for", "for")))
        assert words.count("the same") == 2

    def test_each_verdict_has_a_heading_that_counts_what_one_code_decides(self):
        even = say("for", "for", "against", "against", aspect="even")
        frail = say("for", "for", "against", aspect="frail")
        claims = pd.concat([even, frail], ignore_index=True)
        claims["claim_id"] = [f"c{n}" for n in range(len(claims))]
        words = read_words(draw(claims))
        assert "≠ conflict" in words
        assert "One code decides 1 of 2." in " ".join(words)

    @settings(max_examples=60)
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(CODEBOOK.levels)), min_size=1))
    def test_the_ends_that_the_headings_name_are_those_of_the_verdicts(self, pairs):
        claims = build_claims(*({"source": s, "recommendation": level} for s, level in pairs))
        sides = {source: set() for source in "ab"}
        for source, level in pairs:
            sides[source].add(int(np.sign(CODEBOOK.scores[level])))
        both = sides["a"] | sides["b"]
        takers = [source for source in "ab" if sides[source] & {-1, 1}]
        expected = {
            "conflict": {-1, 1} <= both and len(takers) > 1,
            "self-contradiction": {-1, 1} <= both and len(takers) == 1,
            "qualify": len({level for _, level in pairs}) > 1 and not {-1, 1} <= both,
            "agree": len({level for _, level in pairs}) == 1,
            "single source": not {-1, 1} <= both,
        }
        verdict = count_questions(claims)["verdict"][0]
        assert expected[verdict]

    def test_only_the_sides_of_the_scale_have_a_column(self):
        words = read_words(draw(say("good", "same"), list_scale(good=1, same=0)))
        assert {"neither", "for"} <= set(words)
        assert "against" not in words


class TestWhole:
    def test_pages_say_which_they_are_and_miss_no_question(self):
        claims = build_many(CODEBOOK.levels, claims=80)
        first, second = draw(claims, most=4), draw(claims, most=4, page=2)
        assert "Page 1 of 2: rows 1 to 4 of 6." in " ".join(read_words(first))
        shown = [
            gid for ax in (first, second) for gid in find_gids(ax) if gid.endswith("recodings")
        ]
        assert len(shown) == len(set(shown)) == 6

    def test_a_page_is_described_by_itself(self):
        claims = pd.concat(
            [say("for", "against", aspect="torn"), say("for", "for", aspect="agreed")],
            ignore_index=True,
        ).assign(claim_id=list("abcd"))
        text = describe(claims, most=1, page=2)
        assert text.startswith("1 verdict. One code decides: agree 1 of 1.")
        assert text.endswith("Page 2 of 2: rows 2 to 2 of 2.")

    def test_a_page_that_is_not_there_is_refused(self):
        with pytest.raises(ValueError, match="no page 3"):
            draw(say("for", "for"), page=3)

    def test_questions_that_one_source_answers_are_counted(self):
        words = read_words(draw(build_claims({"aspect": "use"}, {}, {"source": "gym"})))
        assert "Not shown: 1 question that 1 source answers." in " ".join(words)

    def test_what_is_off_the_scale_has_a_column_of_its_own(self):
        levels = [("recommendation", "yes", "", "1"), ("recommendation", "no", "", "-1")]
        terms = build_terms(*levels, ("recommendation", "not rated"))
        ax = draw(say("yes", "not rated"), terms)
        assert find_gids(ax)["robustness-b-count"].get_text() == "1"
        assert "off the scale" in read_words(ax)
        assert "off the scale" not in read_words(draw(say("yes", "no"), terms))

    def test_sources_are_named_by_their_labels(self):
        claims = say("for", "for", "against")
        labels = ["One", "Two", "The last"]
        sources = pd.DataFrame({"source": claims["source"], "label": labels})
        assert "The last: = agree" in read_words(draw(claims, sources=sources))

    def test_nothing_to_show_is_said(self):
        assert read_words(draw(build_claims())) == ["No verdict to show"]

    def test_headings_beside_long_questions_are_whole(self):
        torn = say("for", "uncertain", "against", aspect="torn").assign(source=["a", "b", "a"])
        mixed = say("for", "uncertain", aspect="mixed")
        claims = pd.concat([torn, mixed], ignore_index=True).assign(claim_id=list("abcde"))
        assert list_faults(draw(claims.assign(condition="a long complaint " * 5))) == []

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        assert list_faults(draw(build_many(CODEBOOK.levels, name=name, claims=25))) == []

    @pytest.mark.parametrize("scores", SCALES)
    def test_any_declared_scale_is_drawn(self, scores):
        scale = list_scale(**scores)
        assert list_faults(draw(build_many(scale["term"], claims=25), scale)) == []

    def test_a_crowd_is_legible(self):
        claims = build_many(CODEBOOK.levels, claims=1500, sources=200, questions=300)
        ax = draw(claims)
        assert list_faults(ax) == []
        assert ax.figure.get_size_inches()[1] < 20

    def test_user_text_is_never_mathematics(self):
        texts = list_texts(draw(build_many(CODEBOOK.levels, name="$a_b$", claims=25)))
        assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())

    def test_names_of_marks_are_unique(self):
        ax = draw(build_many(CODEBOOK.levels, claims=60))
        names = [artist.get_gid() for artist in ax.get_children() if artist.get_gid()]
        assert len(names) == len(set(names))

    def test_it_draws_where_it_is_told_and_opens_nothing(self):
        ax = mpl.figure.Figure(figsize=(9, 4), layout="constrained").subplots()
        before, opened = dict(mpl.rcParams), plt.get_fignums()
        assert plot_robustness(say("for", "against"), ax=ax) is ax
        assert plt.get_fignums() == opened
        assert dict(mpl.rcParams) == before
        assert ax.get_title() == ""
        assert {"question", "without one source"} <= set(read_words(ax))

    def test_all_is_drawn_larger_with_larger_words(self):
        claims = say("for", "for", "against")
        small, large = draw(claims), draw(claims, fontsize=16)
        assert list_faults(large) == []
        marks = [find_gids(ax)["robustness-a-recodings-mark"] for ax in (small, large)]
        assert marks[1].get_markersize() == pytest.approx(2 * marks[0].get_markersize())

    def test_its_table_is_for_readers(self):
        table = figure(build_collection(say("for", "against")), "robustness").table
        assert table[["verdict", "recodings", "sources"]].values.tolist() == [["conflict", 1, 2]]
        assert not {"for", "decisive", "turns"} & set(table)

    def test_rows_run_from_top_to_bottom(self):
        ax = draw(build_many(CODEBOOK.levels, claims=80))
        marks = [a for gid, a in find_gids(ax).items() if gid.endswith("recodings")]
        heights = [mark.get_position()[1] for mark in marks]
        assert min(np.diff(heights)) > 8
        assert ax.get_ylim()[0] > heights[-1]

    def test_the_description_counts_what_is_shown(self):
        assert describe(say("for", "for", "against")) == (
            "1 verdict. One code decides: conflict 1 of 1. One source fewer turns 1; three levels "
            "in place of all turn 0. Conflicts that one code decides: back pain, massage, pain."
        )
