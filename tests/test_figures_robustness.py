"""What the robustness figure must show, read from its artists."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection
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
from claimbook.figures.layout import SIZE
from claimbook.figures.style import PAPER

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
        full, number = marks["robustness-c-mark"], marks["robustness-c-recodings"]
        assert to_hex(full.get_markerfacecolor()) == to_hex(full.get_markeredgecolor())
        assert (number.get_text(), number.get_color()) == ("1", PAPER)

    def test_a_firmer_verdict_has_an_open_circle_with_its_number(self):
        marks = find_gids(draw(say("for", "for", "against", "against")))
        assert marks["robustness-a-mark"].get_markerfacecolor() == PAPER
        assert marks["robustness-a-recodings"].get_text() == "2"

    def test_a_verdict_that_nothing_turns_has_no_circle(self):
        claims = say("same", "same")
        marks = find_gids(draw(claims, list_scale(same=0)))
        assert "robustness-a-mark" not in marks
        assert marks["robustness-a-recodings"].get_text() == "–"

    def test_marks_link_to_the_claims_that_decide(self):
        marks = find_gids(draw(say("for", "for", "against")))
        assert marks["robustness-c-recodings"].get_url() == "#claim-c"
        assert marks["robustness-c-questions"].get_url() == "#claim-c"

    def test_verdicts_that_read_the_same_share_a_line_that_counts_them(self):
        claims = pd.concat([say("for", "against", aspect=aspect) for aspect in ("pain", "sleep")])
        marks = find_gids(draw(claims.assign(claim_id=list("abcd")).reset_index(drop=True)))
        numbers = [mark for gid, mark in marks.items() if gid.endswith("-questions")]
        assert [number.get_text() for number in numbers] == ["2"]


class TestWords:
    @pytest.mark.parametrize(
        ("levels", "told"),
        [
            (("for", "for", "against"), "one of them: = agree"),
            (("for", "against"), "any of them: single source"),
            (("for", "for", "for"), "the same"),
        ],
    )
    def test_it_says_what_becomes_of_a_verdict_without_one_of_its_sources(self, levels, told):
        assert told in read_words(draw(say(*levels)))

    def test_it_says_what_becomes_of_a_verdict_on_three_levels(self):
        assert "= agree" in read_words(draw(say("for", "conditional for", "for")))

    def test_each_verdict_has_a_heading_that_counts_it(self):
        even = say("for", "for", "against", "against", aspect="even")
        frail = say("for", "for", "against", aspect="frail")
        claims = pd.concat([even, frail], ignore_index=True)
        claims["claim_id"] = [f"c{n}" for n in range(len(claims))]
        ax = draw(claims)
        assert "≠ conflict: 2" in read_words(ax)
        title = ax.get_title(loc="left").replace("\n", " ")
        assert title == "One claim coded otherwise turns 1 of 2 conflicts, one source fewer 1"

    def test_a_verdict_that_nothing_else_turns_says_the_same_twice(self):
        words = read_words(draw(say("for", "for", "for")))
        assert words.count("the same") == 2

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


class TestWhole:
    def test_pages_say_which_they_are_and_miss_no_line(self):
        claims = pd.concat(
            [say("for", "against", aspect="torn"), say("for", "for", aspect="agreed")],
            ignore_index=True,
        ).assign(claim_id=list("abcd"))
        first, second = draw(claims, most=1), draw(claims, most=1, page=2)
        assert "Page 1 of 2: rows 1 to 1 of 2." in " ".join(read_words(first))
        headings = ["≠ conflict: 1" in read_words(ax) for ax in (first, second)]
        assert headings == [True, False]
        assert "= agree: 1" in read_words(second)

    def test_a_page_is_described_by_itself(self):
        claims = pd.concat(
            [say("for", "against", aspect="torn"), say("for", "for", aspect="agreed")],
            ignore_index=True,
        ).assign(claim_id=list("abcd"))
        text = describe(claims, most=1, page=2)
        assert text.startswith("2 verdicts. Turned by one claim: conflict 1 of 1, agree 1 of 1;")
        assert text.endswith("Page 2 of 2: rows 2 to 2 of 2.")

    def test_a_page_that_is_not_there_is_refused(self):
        with pytest.raises(ValueError, match="no page 3"):
            draw(say("for", "for"), page=3)

    def test_questions_that_one_source_answers_are_counted(self):
        words = read_words(draw(build_claims({"aspect": "use"}, {}, {"source": "gym"})))
        assert "Not shown: 1 question that only 1 source answers." in " ".join(words)

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
        assert {"questions", "one source left out"} <= set(read_words(ax))

    def test_all_is_drawn_larger_with_larger_words(self):
        claims = say("for", "for", "against")
        small, large = draw(claims), draw(claims, fontsize=16)
        assert list_faults(large) == []
        marks = [find_gids(ax)["robustness-c-mark"] for ax in (small, large)]
        assert marks[1].get_markersize() == pytest.approx(16 / SIZE * marks[0].get_markersize())

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
            "1 verdict. Turned by one claim: conflict 1 of 1; by one source fewer: 1; by three "
            "levels: 0. Conflicts that one claim ends: back pain · massage · pain."
        )
