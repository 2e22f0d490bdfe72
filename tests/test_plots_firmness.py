"""What the figure of firmness must show, read from its artists."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from builders import build_claims
from canvas import (
    SCALES,
    SCRIPTS,
    build_many,
    declare,
    find_gids,
    list_faults,
    list_texts,
    open_axes,
    read_words,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from claimbook import Vocabulary, count_questions
from claimbook.figures.robustness import describe_firmness, plot_firmness, size_firmness
from claimbook.measures.robustness import order_verdicts

CODEBOOK = Vocabulary()


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def say(*levels, **common):
    """Claims of as many sources, each at a level."""
    return build_claims(
        *({"source": f"s{n}", "recommendation": level} for n, level in enumerate(levels)), **common
    )


def draw(claims, vocabulary=CODEBOOK, **page):
    verdicts, _ = order_verdicts(claims, vocabulary)
    size = size_firmness(verdicts, vocabulary, **page)
    return plot_firmness(verdicts, vocabulary, ax=open_axes(size), **page)


class TestMarks:
    def test_a_verdict_that_one_code_decides_has_a_full_circle(self):
        marks = find_gids(draw(say("for", "for", "against")))
        full, number = marks["firmness-a-recodings-mark"], marks["firmness-a-recodings"]
        assert to_hex(full.get_markerfacecolor()) == to_hex(full.get_markeredgecolor())
        assert (number.get_text(), number.get_color()) == ("1", "white")

    def test_a_firmer_verdict_has_an_open_circle_with_its_number(self):
        marks = find_gids(draw(say("for", "for", "against", "against")))
        assert to_hex(marks["firmness-a-recodings-mark"].get_markerfacecolor()) == "#ffffff"
        assert marks["firmness-a-recodings"].get_text() == "2"

    def test_a_verdict_that_nothing_turns_has_no_circle(self):
        claims = say("same", "same")
        marks = find_gids(draw(claims, declare(same=0)))
        assert "firmness-a-recodings-mark" not in marks
        assert marks["firmness-a-recodings"].get_text() == "–"

    def test_claims_are_counted_by_side_from_against_to_for(self):
        marks = find_gids(draw(say("for", "conditional for", "against", "uncertain")))
        counts = [marks[f"firmness-{gid}-count"] for gid in "cda"]
        assert [count.get_text() for count in counts] == ["1", "1", "2"]
        places = [count.get_position()[0] for count in counts]
        assert places == sorted(places)

    def test_the_weaker_side_of_a_conflict_is_framed(self):
        marks = find_gids(draw(say("for", "for", "against", "uncertain")))
        framed = {gid for gid in "acd" if marks[f"firmness-{gid}"].get_linewidth()}
        assert framed == {"c"}

    def test_of_an_agreement_nothing_is_framed(self):
        assert find_gids(draw(say("for", "for")))["firmness-a"].get_linewidth() == 0

    def test_marks_link_to_the_claims_that_decide(self):
        marks = find_gids(draw(say("for", "for", "against")))
        assert marks["firmness-a-recodings"].get_url() == "#claim-c"
        assert marks["firmness-a"].get_url() == "#claim-a"


class TestWords:
    def test_a_source_that_turns_the_verdict_is_named_with_what_it_turns_to(self):
        assert "s2: = agree" in read_words(draw(say("for", "for", "against")))

    def test_of_two_sources_either_leaves_one(self):
        assert "either: single source" in read_words(draw(say("for", "against")))

    def test_many_turning_sources_are_counted(self):
        claims = build_claims(
            *({"source": name, "recommendation": "for"} for name in "abcde"),
            *({"source": name, "recommendation": "against"} for name in "abcd"),
        )
        verdicts, _ = order_verdicts(claims, CODEBOOK)
        turns = tuple((name, "agree") for name in "abcde")
        many = verdicts.assign(turns=[turns])
        ax = plot_firmness(many, CODEBOOK, ax=open_axes(size_firmness(many, CODEBOOK)))
        assert "a, b, c or 2 more: = agree" in read_words(ax)

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
        assert any(text.startswith("One code decides 1 of 2.") for text in words)

    @settings(max_examples=60, deadline=None)
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
        verdict = count_questions(claims, CODEBOOK)["verdict"][0]
        assert expected[verdict]

    def test_only_the_sides_of_the_scale_have_a_column(self):
        words = read_words(draw(say("good", "same"), declare(good=1, same=0)))
        assert {"neither", "for"} <= set(words)
        assert "against" not in words


class TestWhole:
    def test_pages_say_which_they_are_and_miss_no_question(self):
        claims = build_many(CODEBOOK.levels, claims=80)
        verdicts, _ = order_verdicts(claims, CODEBOOK)
        first = draw(claims, most=4)
        second = draw(claims, most=4, page=2)
        assert f"Page 1 of 2. Questions: 1 to 4 of {len(verdicts)}." in first.get_xlabel()
        shown = [
            gid for ax in (first, second) for gid in find_gids(ax) if gid.endswith("recodings")
        ]
        assert len(shown) == len(verdicts) == 6

    def test_a_page_is_described_by_itself(self):
        claims = pd.concat(
            [say("for", "against", aspect="torn"), say("for", "for", aspect="agreed")],
            ignore_index=True,
        ).assign(claim_id=list("abcd"))
        verdicts, _ = order_verdicts(claims, CODEBOOK)
        text = describe_firmness(verdicts, most=1, page=2)
        assert text.startswith("1 verdict. One code decides: agree 1 of 1.")
        assert text.endswith("Page 2 of 2. Questions: 2 to 2 of 2.")

    def test_a_page_that_is_not_there_is_refused(self):
        with pytest.raises(ValueError, match="no page 3 with at most 40 rows: there are 1 pages"):
            draw(say("for", "for"), page=3)

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
        scale = declare(**scores)
        assert list_faults(draw(build_many(scale.levels, claims=25), scale)) == []

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

    def test_it_draws_on_the_current_axes_and_opens_nothing(self):
        figure, (_, current) = plt.subplots(1, 2, figsize=(20, 4))
        plt.sca(current)
        before = dict(mpl.rcParams)
        verdicts, _ = order_verdicts(say("for", "against"), CODEBOOK)
        assert plot_firmness(verdicts, CODEBOOK) is current
        assert plt.get_fignums() == [figure.number]
        assert dict(mpl.rcParams) == before
        assert current.get_title() == ""
        assert current.get_xlabel()

    def test_the_table_is_left_as_it_is(self):
        verdicts, _ = order_verdicts(say("for", "against"), CODEBOOK)
        before = verdicts.copy()
        plot_firmness(verdicts, CODEBOOK, ax=open_axes(size_firmness(verdicts, CODEBOOK)))
        pd.testing.assert_frame_equal(verdicts, before)

    def test_rows_run_from_top_to_bottom(self):
        ax = draw(build_many(CODEBOOK.levels, claims=80))
        marks = [a for gid, a in find_gids(ax).items() if gid.endswith("recodings")]
        heights = [mark.get_position()[1] for mark in marks]
        assert min(np.diff(heights)) > 8
        assert ax.get_ylim()[0] > heights[-1]

    def test_the_description_counts_what_is_shown(self):
        verdicts, _ = order_verdicts(say("for", "for", "against"), CODEBOOK)
        assert describe_firmness(verdicts) == (
            "1 verdict. One code decides: conflict 1 of 1. One source fewer turns 1; three levels "
            "in place of all turn 0. Conflicts that one code decides: back pain, massage, pain."
        )
