"""What the figures must show, read from their artists."""

import io
import re
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_terms
from canvas import (
    LONG,
    SCRIPTS,
    declare,
    find_gids,
    list_faults,
    list_texts,
    open_axes,
    read_words,
)
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb

from claimbook import Vocabulary, find_answers, read_collection
from claimbook.figures import (
    describe_levels,
    describe_matrix,
    describe_question,
    find_colours,
    find_signs,
    plot_levels,
    plot_matrix,
    plot_question,
    size_levels,
    size_matrix,
    size_question,
)
from claimbook.figures.lettering import LINE, find_font, measure_width, wrap_text
from claimbook.figures.style import (
    FIDELITY_COLOURS,
    MIDDLE,
    choose_ink,
    choose_levels,
    link_claim,
    name_sides,
)
from claimbook.measures.paging import find_pages
from claimbook.measures.stances import count_levels, count_stances, find_levels, order_questions

CODEBOOK = Vocabulary()
COLOURS = find_colours(CODEBOOK)
SOURCES = pd.DataFrame(
    {
        "source": ["trial", "spa", "nice", "clinic"],
        "kind": ["trial", "article", "guideline", "article"],
    }
)
QUESTION = ("back pain", "massage", "pain")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def say(*pairs, **common):
    """Claims of a source at a level each."""
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def draw_matrix(claims, vocabulary=CODEBOOK, sources=None, least=1):
    tables = count_stances(claims, vocabulary), order_questions(claims, vocabulary, least=least)[0]
    size = size_matrix(*tables, vocabulary, sources=sources)
    return plot_matrix(*tables, vocabulary, sources=sources, ax=open_axes(size))


def draw_question(claims, vocabulary=CODEBOOK, sources=None, question=QUESTION):
    answers = find_answers(claims, vocabulary, question)
    size = size_question(answers, vocabulary, question=question, sources=sources)
    return plot_question(
        answers, vocabulary, question=question, sources=sources, ax=open_axes(size)
    )


def draw_levels(claims, vocabulary=CODEBOOK, by="source"):
    counts = count_levels(claims, vocabulary, by=by)
    claim_ids = find_levels(claims, vocabulary, by=by)
    ax = open_axes(size_levels(counts, vocabulary))
    return plot_levels(counts, vocabulary, claim_ids=claim_ids, ax=ax)


def build_many(levels, *, name="", seed=0, claims=60):
    """Claims at random, by sources and on terms with a name in front."""
    draw = np.random.default_rng(seed)
    rows = [
        {
            "source": f"{name} source {draw.integers(5)}".strip(),
            "condition": f"{name} condition {draw.integers(3)}".strip(),
            "intervention": f"{name} massage {draw.integers(2)}".strip(),
            "aspect": str(draw.choice(["effect", "adjunct"])),
            "recommendation": str(draw.choice(levels)),
            "claim": f"{name} It helps some people, so they say. " * int(draw.integers(1, 4)),
            "attribution": str(draw.choice(["", "Annals of Internal Medicine"])),
            "cited_study": str(draw.choice(["", "source 1"])),
            "claim_id": f"c{row}",
        }
        for row in range(claims)
    ]
    return build_claims(*rows, attribution="", cited_study="")


def simulate(colour, sight):
    """Give a colour as the colour-blind see it (Machado 2009), in CIE Lab."""
    matrices = {
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "full": np.eye(3),
    }
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(matrices[sight]) @ linear, 0, 1)
    xyz = [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8729]] @ seen
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


class TestPalette:
    @pytest.mark.parametrize("sight", ["protan", "deutan", "full"])
    def test_no_two_levels_look_alike_to_the_colour_blind(self, sight):
        seen = [simulate(colour, sight) for colour in COLOURS.values()]
        assert min(np.linalg.norm(one - two) for one, two in combinations(seen, 2)) > 25

    @pytest.mark.parametrize("sight", ["protan", "deutan", "full"])
    def test_no_two_fidelities_look_alike_to_the_colour_blind(self, sight):
        seen = [simulate(colour, sight) for colour in FIDELITY_COLOURS.values()]
        assert min(np.linalg.norm(one - two) for one, two in combinations(seen, 2)) > 20

    def test_the_sides_have_their_own_hue_and_the_middle_none(self):
        red, _, blue = to_rgb(COLOURS["for"])
        assert blue > red
        red, _, blue = to_rgb(COLOURS["against"])
        assert red > blue
        assert COLOURS["uncertain"] == MIDDLE

    def test_a_one_sided_scale_has_one_hue_growing_darker(self):
        colours = find_colours(declare(low=1, middling=2, high=3))
        rgb = [to_rgb(colours[level]) for level in ("low", "middling", "high")]
        assert sum(rgb[0]) > sum(rgb[1]) > sum(rgb[2])
        assert all(blue > red for red, _, blue in rgb)

    def test_every_level_of_the_codebook_has_a_sign_of_its_own(self):
        assert list(find_signs(CODEBOOK).values()) == ["++", "+", "?", "−", "−−"]

    def test_a_middle_that_is_not_uncertainty_is_a_nought(self):
        assert find_signs(declare(good=1, same=0, bad=-1)) == {"good": "+", "same": "0", "bad": "−"}

    def test_a_long_scale_is_signed_by_its_scores(self):
        signs = find_signs(declare(a=3, b=2, c=0.5, d=-1.5))
        assert list(signs.values()) == ["+3", "+2", "+0.5", "−1.5"]

    def test_signs_need_no_font_but_the_one_that_comes_with_matplotlib(self):
        signs = "".join(find_signs(CODEBOOK).values())
        assert find_font([signs], size=8).get_family() == mpl.rcParams["font.family"]

    def test_only_the_sides_of_the_scale_are_named(self):
        assert name_sides(declare(good=1, same=0)) == {0: "neither", 1: "for"}

    def test_the_key_of_a_long_scale_names_its_ends_and_its_middle(self):
        scale = declare(**{f"level_{n}": n for n in range(-5, 6)})
        assert choose_levels(scale) == ["level 5", "level 0", "level -5"]

    def test_ink_is_legible_on_every_level(self):
        assert choose_ink(COLOURS["for"]) == "#ffffff"
        assert choose_ink(COLOURS["uncertain"]) != "#ffffff"

    def test_a_link_holds_any_id(self):
        assert link_claim("a b#c") == "#claim-a%20b%23c"


class TestLettering:
    FONT = find_font([], size=8)

    def test_lines_are_no_wider_than_asked(self):
        lines = wrap_text(LONG, self.FONT, width=100)
        assert " ".join(lines) == LONG
        assert all(measure_width(line, self.FONT) <= 100 for line in lines)

    def test_a_word_wider_than_a_line_is_broken(self):
        lines = wrap_text("m" * 80, self.FONT, width=100)
        assert "".join(lines) == "m" * 80
        assert all(measure_width(line, self.FONT) <= 101 for line in lines)

    def test_scripts_without_blanks_are_broken(self):
        text = "按摩对背痛有效果吗" * 4
        font = find_font([text], size=8)
        lines = wrap_text(text, font, width=100)
        assert len(lines) > 1
        assert "".join(lines) == text

    def test_white_space_is_one_blank_and_nothing_is_one_empty_line(self):
        assert wrap_text(" a\n\tb ", self.FONT, width=100) == ["a b"]
        assert wrap_text(" \n", self.FONT, width=100) == [""]

    def test_a_dollar_is_a_dollar(self):
        assert measure_width("$x$", self.FONT) > measure_width("x", self.FONT)


class TestMatrix:
    CLAIMS = build_claims(
        {"source": "trial"},
        {"source": "spa", "recommendation": "against"},
        {"source": "nice", "recommendation": "uncertain"},
        {"source": "spa", "recommendation": "for"},
        {"source": "clinic", "condition": "sciatica", "recommendation": "conditional against"},
    )

    def test_a_cell_has_the_colour_and_the_sign_of_its_level(self):
        cells = find_gids(draw_matrix(say(("spa", "conditional against"))))
        assert to_hex(cells["matrix-a"].get_facecolor()) == COLOURS["conditional against"]
        assert cells["matrix-a-sign"].get_text() == "−"

    def test_a_source_that_contradicts_itself_has_both_colours_and_signs(self):
        cells = find_gids(draw_matrix(self.CLAIMS))
        assert to_hex(cells["matrix-b-highest"].get_facecolor()) == COLOURS["for"]
        assert to_hex(cells["matrix-b-lowest"].get_facecolor()) == COLOURS["against"]
        assert cells["matrix-b-highest-sign"].get_text() == "++"
        assert cells["matrix-b-lowest-sign"].get_text() == "−−"
        assert len(cells["matrix-b-highest"].get_xy()) == len("abc") + 1

    def test_what_is_not_addressed_has_neither_colour_nor_sign(self):
        ax = draw_matrix(self.CLAIMS)
        assert len(ax.patches) == 5
        assert sum(text in {"++", "+", "?", "−", "−−"} for text in read_words(ax)) == 5

    def test_rows_name_the_question_and_its_condition_once(self):
        ax = draw_matrix(
            build_claims({}, {"aspect": "sleep"}, {"condition": "sciatica", "aspect": "sleep"})
        )
        labels = [label.get_text() for label in ax.get_yticklabels()]
        assert labels == ["massage · pain", "massage · sleep", "massage · sleep"]
        groups = [label.get_text() for label in ax.get_yticklabels(minor=True)]
        assert groups == ["back pain", "sciatica"]

    def test_rows_run_from_top_to_bottom(self):
        ax = draw_matrix(build_claims({}, {"aspect": "sleep"}))
        bottom, top = ax.get_ylim()
        first, second = ax.get_yticks()
        assert top < first < second < bottom

    def test_labels_of_terms_are_written(self):
        terms = build_terms(("condition", "back pain"), ("intervention", "massage"))
        terms["label"] = ["Pain in the back", "Rubbing"]
        ax = draw_matrix(build_claims({}), Vocabulary(terms))
        assert "Pain in the back" in read_words(ax)
        assert "Rubbing · pain" in read_words(ax)

    def test_columns_stand_by_kind_articles_first_each_under_its_name(self):
        ax = draw_matrix(self.CLAIMS, sources=SOURCES)
        labels = [label.get_text() for label in ax.get_xticklabels()]
        assert labels == ["spa", "clinic", "nice", "trial"]
        kinds = dict(
            zip(
                [label.get_text() for label in ax.get_xticklabels(minor=True)],
                ax.get_xticks(minor=True),
                strict=True,
            )
        )
        spa, clinic, nice, trial = ax.get_xticks()
        assert kinds["articles"] < spa < clinic < kinds["guidelines"] < nice
        assert nice < kinds["trials"] < trial

    def test_without_kinds_there_is_no_heading(self):
        assert len(draw_matrix(self.CLAIMS).get_xticks(minor=True)) == 0

    def test_a_cell_stands_where_its_row_and_column_meet(self):
        ax = draw_matrix(self.CLAIMS, sources=SOURCES)
        corners = find_gids(ax)["matrix-e"].get_xy()
        x, y = corners[:4].mean(axis=0)
        assert x == pytest.approx(ax.get_xticks()[1])
        assert y == pytest.approx(ax.get_yticks()[1])

    def test_the_verdict_stands_beside_the_row(self):
        words = read_words(draw_matrix(self.CLAIMS))
        assert {"≠ conflict", "· single source", "verdict"} <= set(words)

    def test_every_cell_links_to_its_first_claim(self):
        cells = find_gids(draw_matrix(self.CLAIMS))
        assert cells["matrix-b-lowest"].get_url() == "#claim-b"
        assert {artist.get_url() for artist in cells.values()} == {
            "#claim-a",
            "#claim-b",
            "#claim-c",
            "#claim-e",
        }

    def test_sources_with_no_cell_are_not_drawn(self):
        claims = build_claims({}, {"source": "gym"}, {"source": "clinic", "aspect": "sleep"})
        ax = draw_matrix(claims, least=2)
        assert [label.get_text() for label in ax.get_xticklabels()] == ["spa", "gym"]

    def test_the_key_tells_levels_and_empty_cells_apart(self):
        legend = draw_matrix(self.CLAIMS).get_legend()
        texts = [text.get_text() for text in legend.get_texts()]
        assert texts[:2] == ["++  for", "+  conditional for"]
        assert texts[-2:] == ["contradicts itself", "not addressed"]

    def test_questions_on_which_claims_clash_stand_on_a_tint_that_covers_no_cell(self):
        claims = build_claims(
            {"source": "spa"}, {"source": "gym", "recommendation": "against"}, {"aspect": "sleep"}
        )
        ax = draw_matrix(claims)
        ax.figure.draw_without_rendering()
        tints = [part for part in ax.collections if isinstance(part, PolyCollection)]
        boxes = [part.get_window_extent() for part in tints]
        frame = ax.get_window_extent()
        assert [len(part.get_paths()) for part in tints] == [1, 1]
        assert boxes[0].x1 <= frame.x0
        assert boxes[1].x0 >= frame.x1
        assert ax.get_yticks()[0] == pytest.approx(tints[0].get_paths()[0].vertices[:4, 1].mean())

    @pytest.mark.parametrize(
        ("by", "label"), [("aspect", "back pain · massage"), ("condition", "massage · pain")]
    )
    def test_rows_are_grouped_by_the_facet_that_comes_first(self, by, label):
        claims = build_claims({})
        questions, _ = order_questions(claims, CODEBOOK, least=1, by=by)
        tables = count_stances(claims, CODEBOOK), questions
        ax = plot_matrix(*tables, CODEBOOK, ax=open_axes(size_matrix(*tables, CODEBOOK)))
        assert [text.get_text() for text in ax.get_yticklabels()] == [label]
        assert [text.get_text() for text in ax.get_yticklabels(minor=True)] == [claims[by][0]]
        assert by in read_words(ax)

    def test_a_page_says_which_part_it_is(self):
        questions, _ = order_questions(self.CLAIMS, CODEBOOK, least=1)
        pages = find_pages(count_stances(self.CLAIMS, CODEBOOK), questions, rows=1)
        for place, (stances, asked) in enumerate(pages):
            size = size_matrix(stances, asked, CODEBOOK)
            ax = plot_matrix(stances, asked, CODEBOOK, ax=open_axes(size))
            text = f"Page {place + 1} of 2. Questions: {place + 1} to {place + 1} of 2."
            assert any(words.startswith(text) for words in read_words(ax))
            assert list_faults(ax) == []
            assert text in describe_matrix(stances, asked)

    def test_the_pages_of_a_crowd_are_legible(self):
        claims = build_claims(
            *(
                {"source": f"s{n % 200}", "condition": f"c{n % 97}", "aspect": f"a{n % 3}"}
                for n in range(1500)
            )
        ).assign(claim_id=[f"c{n}" for n in range(1500)])
        pages = find_pages(count_stances(claims, CODEBOOK), order_questions(claims, CODEBOOK)[0])
        size = size_matrix(*pages[0], CODEBOOK)
        assert max(size) < 20
        assert list_faults(plot_matrix(*pages[0], CODEBOOK, ax=open_axes(size))) == []

    def test_nothing_to_show_is_said(self):
        assert read_words(draw_matrix(build_claims())) == ["No question to show"]

    def test_the_size_grows_with_rows_and_columns(self):
        def measure(claims):
            questions, _ = order_questions(claims, CODEBOOK, least=1)
            return size_matrix(count_stances(claims, CODEBOOK), questions, CODEBOOK)

        small = measure(say(("spa", "for")))
        wide = measure(say(*((f"s{n}", "for") for n in range(30))))
        high = measure(build_claims(*({"condition": f"c{n}"} for n in range(30))))
        assert wide[0] > small[0] + 30 * 0.2
        assert high[1] > small[1] + 30 * 0.2

    def test_the_description_counts_what_is_shown(self):
        stances = count_stances(self.CLAIMS, CODEBOOK)
        questions, _ = order_questions(self.CLAIMS, CODEBOOK)
        assert describe_matrix(stances, questions, sources=SOURCES) == (
            "Matrix of 1 question by 3 sources (articles 1, guidelines 1, trials 1): conflict 1. "
            "Cells in which a source contradicts itself: 1. In conflict: back pain, massage, pain."
        )


class TestQuestion:
    CLAIMS = build_claims(
        {"source": "spa", "claim": "It is as good as any."},
        {"source": "clinic", "recommendation": "against", "claim": "Never alone."},
        {"source": "nice", "recommendation": "uncertain"},
        {"source": "trial", "recommendation": "conditional for", "condition": "sciatica"},
    )
    PAINS = Vocabulary(
        build_terms(
            ("condition", "back pain"),
            ("condition", "sciatica", "back pain"),
            ("intervention", "massage"),
        )
    )

    def test_a_mark_stands_at_the_score_of_its_claim(self):
        marks = find_gids(draw_question(self.CLAIMS, self.PAINS))
        scores = {gid: marks[f"question-{gid}"].get_xdata()[0] for gid in "abcd"}
        assert scores == {"a": 2, "b": -2, "c": 0, "d": 1}

    def test_against_is_on_the_left_and_for_on_the_right_the_middle_below(self):
        texts = find_gids(draw_question(self.CLAIMS, self.PAINS))
        places = {gid: texts[f"question-{gid}-claim"].get_position() for gid in "abcd"}
        assert places["b"][0] < -2
        assert places["a"][0] > 2
        assert places["d"][0] == places["a"][0]
        assert places["c"][1] > max(places[gid][1] for gid in "abd")

    def test_the_sides_are_named_with_their_counts(self):
        words = read_words(draw_question(self.CLAIMS, self.PAINS))
        assert {"← AGAINST 1", "UNCERTAIN 1", "FOR 2 →"} <= set(words)

    def test_the_halves_are_tinted_each_on_its_own_side(self):
        ax = draw_question(self.CLAIMS, self.PAINS)
        against, middle, for_ = ax.patches
        assert against.get_x() + against.get_width() == pytest.approx(0)
        assert for_.get_x() == 0
        tints = {to_hex(patch.get_facecolor()) for patch in (against, middle, for_)}
        assert len(tints) == 3

    def test_the_marker_and_a_word_tell_the_kind_of_source(self):
        ax = draw_question(self.CLAIMS, self.PAINS, SOURCES)
        marks = find_gids(ax)
        shapes = [marks[f"question-{gid}"].get_marker() for gid in "abcd"]
        assert shapes == ["o", "o", "s", "^"]
        assert marks["question-c-name"].get_text() == "nice, guideline"
        legend = [text.get_text() for text in ax.get_legend().get_texts()]
        assert legend[:3] == ["article", "guideline", "trial"]

    def test_a_source_of_unknown_kind_is_no_article(self):
        marks = find_gids(draw_question(self.CLAIMS, self.PAINS, SOURCES.iloc[1:]))
        assert marks["question-d"].get_marker() != marks["question-a"].get_marker()

    def test_a_narrower_claim_has_an_open_mark_and_its_term(self):
        marks = find_gids(draw_question(self.CLAIMS, self.PAINS))
        assert to_hex(marks["question-d"].get_markerfacecolor()) == "#ffffff"
        assert marks["question-d-foot"].get_text() == "narrower: sciatica"
        assert to_hex(marks["question-a"].get_markerfacecolor()) == COLOURS["for"]
        assert marks["question-a-foot"].get_text() == ""

    @pytest.mark.parametrize(
        ("credited", "cited", "foot"),
        [
            ("Annals", "", "credits “Annals”"),
            ("Annals", "cherkin_2011", "credits “Annals” → cherkin_2011"),
            ("", "cherkin_2011", "cites cherkin_2011"),
            ("", "", ""),
        ],
    )
    def test_what_a_claim_credits_stands_beside_it(self, credited, cited, foot):
        claims = build_claims({}, attribution=credited, cited_study=cited)
        assert find_gids(draw_question(claims))["question-a-foot"].get_text() == foot

    def test_the_words_of_every_claim_are_whole(self):
        claims = build_many(CODEBOOK.levels, claims=20)
        asked = ("condition 1", "massage 1", "effect")
        texts = find_gids(draw_question(claims, question=asked))
        answers = find_answers(claims, CODEBOOK, asked)
        for claim in answers.itertuples():
            words = texts[f"question-{claim.claim_id}-claim"].get_text()
            assert " ".join(words.split()) == " ".join(claim.claim.split())

    def test_strongest_claims_come_first_and_articles_before_studies(self):
        claims = say(("trial", "for"), ("spa", "conditional for"), ("clinic", "for"))
        marks = find_gids(draw_question(claims, sources=SOURCES))
        heights = {gid: marks[f"question-{gid}"].get_ydata()[0] for gid in "abc"}
        assert heights["c"] < heights["a"] < heights["b"]

    def test_marks_and_words_link_to_their_claim(self):
        named = find_gids(draw_question(self.CLAIMS, self.PAINS))
        assert len(named) == 4 * len(("mark", "name", "claim", "foot"))
        assert all(artist.get_url() == f"#claim-{gid[9]}" for gid, artist in named.items())

    @pytest.mark.parametrize("scores", [{"a": 1, "b": 5}, {"a": -1, "b": -5}, {"a": 0, "b": 0}])
    def test_a_one_sided_scale_has_but_its_own_side(self, scores):
        vocabulary = declare(**scores)
        ax = draw_question(say(("spa", "a"), ("gym", "b")), vocabulary)
        assert list_faults(ax) == []
        assert len(ax.patches) == len(name_sides(vocabulary)) == 1

    def test_no_answer_leaves_the_sides_empty(self):
        words = read_words(draw_question(build_claims()))
        assert {"← AGAINST 0", "UNCERTAIN 0", "FOR 0 →"} <= set(words)

    def test_the_size_follows_the_claims(self):
        sizes = []
        for number in (1, 20):
            claims = build_claims(*({"claim_id": f"c{n}"} for n in range(number)), stands="at")
            sizes.append(size_question(claims, CODEBOOK))
        assert sizes[0][0] == sizes[1][0]
        assert sizes[1][1] > 20 * 2 * LINE * 8 / 72

    def test_of_a_crowd_each_side_is_drawn_in_part_and_the_rest_is_counted(self):
        levels = ["for", *["conditional for"] * 98, "for", "against"]
        claims = build_claims(
            *({"claim_id": f"c{n}", "recommendation": level} for n, level in enumerate(levels))
        )
        ax = draw_question(claims)
        rest = "Not drawn, for want of room: 80 claims for."
        drawn = [gid for gid in find_gids(ax) if gid.endswith("-name")]
        assert len(drawn) == 21
        assert {"question-c0-name", "question-c99-name", "question-c100-name"} <= set(drawn)
        assert {"← AGAINST 1", "FOR 100 →"} <= set(read_words(ax))
        assert ax.get_xlabel().endswith(rest)
        assert describe_question(claims, CODEBOOK).endswith(rest)
        assert list_faults(ax) == []

    def test_claims_at_the_question_are_drawn_before_narrower_ones(self):
        narrower = [{"claim_id": f"n{n}", "condition": "neck pain"} for n in range(30)]
        at = {"claim_id": "at", "recommendation": "conditional for"}
        pains = Vocabulary(build_terms(("condition", "neck pain", "back pain")))
        marks = find_gids(draw_question(build_claims(*narrower, at), pains))
        assert "question-at" in marks

    def test_the_description_names_who_stands_where(self):
        answers = find_answers(self.CLAIMS, self.PAINS, QUESTION)
        assert describe_question(answers, self.PAINS, sources=SOURCES) == (
            "4 claims by 4 sources. Against: 1 (clinic). Uncertain: 1 (nice). For: 2 (spa, trial)."
        )


class TestLevels:
    COUNTS = pd.DataFrame([[3, 1, 2, 0, 4]], index=["spa"], columns=list(CODEBOOK.levels))

    def test_bars_are_as_wide_as_the_counts(self):
        ax = plot_levels(self.COUNTS, CODEBOOK, ax=open_axes((7, 2)))
        assert [bar.get_width() for bar in ax.patches] == [4, 0, 2, 1, 3]  # against ... for

    def test_against_reaches_left_of_0_and_for_right_the_weakest_next_to_it(self):
        ax = plot_levels(self.COUNTS, CODEBOOK, ax=open_axes((7, 2)))
        against, weakly_against, middle, weakly_for, for_ = ax.patches
        assert (against.get_x(), weakly_against.get_x()) == (-4, 0)
        assert (weakly_for.get_x(), for_.get_x()) == (0, 1)
        assert middle.get_x() > for_.get_x() + for_.get_width()

    def test_the_middle_has_one_start_for_all_groups(self):
        ax = draw_levels(say(("spa", "uncertain"), ("gym", "for"), ("gym", "uncertain")))
        starts = {bar.get_x() for bar in ax.patches if bar.get_gid().endswith("uncertain")}
        assert len(starts) == 1

    def test_every_count_can_be_read(self):
        counts = pd.DataFrame([[300, 1, 2, 0, 4]], index=["spa"], columns=list(CODEBOOK.levels))
        words = read_words(plot_levels(counts, CODEBOOK, ax=open_axes((7, 2))))
        assert {"300", "+ 1", "2", "−− 4"} <= set(words)

    def test_groups_run_from_top_to_bottom(self):
        ax = draw_levels(say(("spa", "for"), ("gym", "for")))
        assert [label.get_text() for label in ax.get_yticklabels()] == ["spa", "gym"]
        bottom, top = ax.get_ylim()
        assert top < ax.get_yticks()[0] < ax.get_yticks()[1] < bottom

    def test_bars_have_the_colours_of_their_levels(self):
        ax = plot_levels(self.COUNTS, CODEBOOK, ax=open_axes((7, 2)))
        colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        assert colours == list(COLOURS.values())[::-1]

    def test_bars_are_named_and_link_to_their_first_claim(self):
        ax = draw_levels(say(("spa", "for"), ("gym", "against"), ("gym", "against")))
        bars = find_gids(ax)
        assert bars["levels-gym-against"].get_url() == "#claim-b"
        assert bars["levels-gym-for"].get_url() is None

    def test_the_axis_is_named_for_the_groups(self):
        assert draw_levels(say(("spa", "for")), by="condition").get_ylabel() == "condition"

    def test_a_long_scale_is_summed_by_side(self):
        scale = declare(**{f"level_{n}": n for n in range(-5, 6)})
        claims = say(("spa", "level 5"), ("spa", "level 1"), ("spa", "level -1"))
        ax = draw_levels(claims, scale)
        assert {"2", "1"} <= set(read_words(ax))
        assert describe_levels(count_levels(claims, scale, by="source"), scale) == (
            "3 claims in 1 group: for 2, against 1. Most claims: spa 3."
        )

    def test_a_column_that_is_no_level_is_named(self):
        counts = self.COUNTS.rename(columns={"for": "yes"})
        with pytest.raises(ValueError, match="column 'yes' of the counts is no level"):
            plot_levels(counts, CODEBOOK, ax=open_axes((7, 2)))

    def test_the_description_counts_the_levels(self):
        assert describe_levels(self.COUNTS, CODEBOOK) == (
            "10 claims in 1 group: for 3, conditional for 1, uncertain 2, against 4. "
            "Most claims: spa 10."
        )
        assert describe_levels(self.COUNTS[:0], CODEBOOK) == "0 claims in 0 groups."

    def test_of_many_groups_those_with_most_claims_are_drawn_in_their_order(self):
        pairs = [("spa", "for"), ("gym", "for"), ("blog", "for"), ("spa", "for"), ("blog", "for")]
        claims = say(*pairs)
        counts = count_levels(claims, CODEBOOK, by="source")
        claim_ids = find_levels(claims, CODEBOOK, by="source")
        ax = open_axes(size_levels(counts, CODEBOOK, most=2))
        plot_levels(counts, CODEBOOK, claim_ids=claim_ids, most=2, ax=ax)
        rest = "Drawn: the 2 of 3 with most claims."
        assert [label.get_text() for label in ax.get_yticklabels()] == ["spa", "blog"]
        assert find_gids(ax)["levels-blog-for"].get_url() == "#claim-c"
        assert ax.get_xlabel().endswith(rest)
        assert describe_levels(counts, CODEBOOK, most=2).endswith(rest)
        assert describe_levels(counts, CODEBOOK, most=2).startswith("5 claims in 3 groups")
        assert list_faults(ax) == []

    def test_a_crowd_is_no_higher_than_its_rows_allow(self):
        counts = pd.DataFrame(1, index=range(1500), columns=list(CODEBOOK.levels))
        assert size_levels(counts, CODEBOOK)[1] < 20

    def test_no_row_at_all_is_refused(self):
        with pytest.raises(ValueError, match="most is 0, expected 1 or more"):
            plot_levels(self.COUNTS, CODEBOOK, most=0, ax=open_axes((7, 2)))


FIGURES = {
    "matrix": draw_matrix,
    "question": lambda claims, vocabulary=CODEBOOK: draw_question(
        claims, vocabulary, question=tuple(claims[["condition", "intervention", "aspect"]].iloc[0])
    ),
    "levels": draw_levels,
}
figures = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


class TestEveryFigure:
    @figures
    def test_it_draws_on_the_current_axes_and_opens_nothing(self, draw, monkeypatch):
        figure, (_, current) = plt.subplots(1, 2, figsize=(20, 4))
        plt.sca(current)
        monkeypatch.setitem(globals(), "open_axes", lambda size: None)
        before = dict(mpl.rcParams)
        assert draw(say(("spa", "for"), ("gym", "against"))) is current
        assert plt.get_fignums() == [figure.number]
        assert dict(mpl.rcParams) == before
        assert current.get_title() == ""

    @figures
    def test_axes_are_labelled(self, draw):
        ax = draw(say(("spa", "for")))
        assert ax.get_xlabel()

    @figures
    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, draw, name):
        assert list_faults(draw(build_many(CODEBOOK.levels, name=name, claims=25))) == []

    @figures
    @pytest.mark.parametrize(
        "scores",
        [
            {"works": 3, "helps": 2, "may_help": 1, "no_use": 0, "harms": -1, "kills": -2.5},
            {"one_star": 1, "two_stars": 2, "three_stars": 3, "five_stars": 5},
            {"harms": -1, "kills": -20},
            {"same": 0},
            {f"level_{n}": n for n in range(-20, 21)},
        ],
    )
    def test_any_declared_scale_is_drawn(self, draw, scores):
        scale = declare(**scores)
        assert list_faults(draw(build_many(scale.levels, claims=25), scale)) == []

    @figures
    @pytest.mark.parametrize("claims", [say(("spa", "for")), say(("a", "for"), ("b", "for"))])
    def test_one_source_or_no_conflict_is_drawn(self, draw, claims):
        assert list_faults(draw(claims)) == []

    @figures
    def test_user_text_is_never_mathematics(self, draw):
        ax = draw(build_many(CODEBOOK.levels, name="$a_b$", claims=5))
        dollars = [text for text in list_texts(ax) if "$" in text.get_text()]
        assert dollars
        assert not any(text.get_parse_math() for text in dollars)

    @figures
    def test_names_are_unique_and_links_reach_the_svg(self, draw):
        ax = draw(say(("spa", "for"), ("gym", "against"), ("gym", "for")))
        file = io.StringIO()
        ax.figure.savefig(file, format="svg", metadata={"Date": None})
        svg = file.getvalue()
        assert {"#claim-a", "#claim-b"} <= set(re.findall(r'xlink:href="(#claim-\w)"', svg))
        names = re.findall(r'id="((?:matrix|question|levels)-[^"]+)"', svg)
        assert names
        assert len(names) == len(set(names))

    @figures
    def test_the_tables_are_left_as_they_are(self, draw):
        claims = build_many(CODEBOOK.levels, claims=10)
        before = claims.copy()
        draw(claims)
        pd.testing.assert_frame_equal(claims, before)


@pytest.fixture(scope="module")
def collection():
    return read_collection(Path(__file__).parents[1] / "data")


class TestCollection:
    def test_the_matrix_of_the_collection_is_legible(self, collection):
        ax = draw_matrix(collection.claims, collection.vocabulary, collection.sources, least=2)
        assert list_faults(ax) == []

    def test_a_question_of_the_collection_is_legible(self, collection):
        question = ("back pain", "massage", "standalone")
        ax = draw_question(collection.claims, collection.vocabulary, collection.sources, question)
        assert list_faults(ax) == []

    def test_the_levels_of_the_collection_are_legible(self, collection):
        assert list_faults(draw_levels(collection.claims, collection.vocabulary)) == []
