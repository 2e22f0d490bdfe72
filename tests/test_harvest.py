"""What the harvest plot must show, read from its artists."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from builders import build_claims, build_terms
from canvas import (
    LONG,
    SCALES,
    SCRIPTS,
    build_many,
    declare,
    find_gids,
    list_faults,
    list_overlaps,
    list_texts,
    open_axes,
    read_words,
)
from matplotlib.colors import to_hex

from claimbook import Vocabulary, read_collection, roll_up
from claimbook.figures import describe_harvest, find_colours, plot_harvest, size_harvest
from claimbook.measures.tallies import find_bars

CODEBOOK = Vocabulary()
COLOURS = find_colours(CODEBOOK)
KINDS = ["guideline", "review", "trial", "other study", "article"]
SOURCES = pd.DataFrame({"source": KINDS, "kind": KINDS})


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def say(*pairs, **common):
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def draw(claims, vocabulary=CODEBOOK, *, sources=None, by=("condition", "intervention", "aspect"),
         **page):  # fmt: skip
    bars, _ = find_bars(claims, vocabulary, by=by, least=1, sources=sources)
    ax = open_axes(size_harvest(bars, vocabulary, **page))
    plot_harvest(bars, vocabulary, ax=ax, **page)
    ax.figure.draw_without_rendering()
    return ax


def find_compartments(ax):
    """Left and right edge of each compartment, by the first word of its title."""
    titles = [text for text in ax.texts if text.get_position()[1] < 0]
    places = {}
    for text in titles:
        (patch,) = (
            patch
            for patch in ax.patches
            if patch.get_gid() is None
            and hasattr(patch, "get_x")
            and patch.get_x() <= text.get_position()[0] <= patch.get_x() + patch.get_width()
        )
        name = text.get_text().strip("←→ ").split()[0]
        places[name] = (patch.get_x(), patch.get_x() + patch.get_width())
    return places


class TestBars:
    def test_bars_stand_in_the_compartment_of_their_side(self):
        ax = draw(say(("a", "for"), ("b", "against"), ("c", "uncertain")))
        bars, places = find_gids(ax), find_compartments(ax)
        assert list(places) == ["against", "uncertain", "for"]
        for gid, side in (("a", "for"), ("b", "against"), ("c", "uncertain")):
            bar = bars[f"harvest-{gid}"]
            assert places[side][0] < bar.get_x()
            assert bar.get_x() + bar.get_width() < places[side][1]

    def test_bars_have_the_colour_and_the_sign_of_their_level(self):
        artists = find_gids(draw(say(("a", "conditional for"), ("b", "against"))))
        assert to_hex(artists["harvest-a"].get_facecolor()) == COLOURS["conditional for"]
        assert artists["harvest-a-sign"].get_text() == "+"
        assert artists["harvest-b-sign"].get_text() == "−−"

    def test_bars_grow_from_articles_to_guidelines_on_one_base(self):
        bars = find_gids(draw(say(*((kind, "for") for kind in KINDS)), sources=SOURCES))
        heights = [bars[f"harvest-{gid}"].get_height() for gid in "abcde"]
        assert heights == sorted(heights, reverse=True)
        assert len(set(heights)) == len(KINDS)
        bases = {bars[f"harvest-{gid}"].get_y() + bars[f"harvest-{gid}"].get_height()
                 for gid in "abcde"}  # fmt: skip
        assert len(bases) == 1

    def test_a_source_on_both_sides_stands_in_the_middle_with_both_colours(self):
        ax = draw(say(("a", "for"), ("a", "conditional against"), ("b", "for")))
        artists, places = find_gids(ax), find_compartments(ax)
        assert to_hex(artists["harvest-a-lowest"].get_facecolor()) == COLOURS["conditional against"]
        assert to_hex(artists["harvest-a-highest"].get_facecolor()) == COLOURS["for"]
        assert artists["harvest-a-sign"].get_text() == "±"
        left, right = places["uncertain"]
        assert left < artists["harvest-a"].get_xy()[0][0] < right
        assert {"uncertain or on both sides", "on both sides"} <= set(read_words(ax))

    def test_the_middle_is_called_uncertain_where_no_source_is_on_both_sides(self):
        words = read_words(draw(say(("a", "for"))))
        assert {"← against", "uncertain", "for →"} <= set(words)
        assert "on both sides" not in words

    def test_bars_link_to_their_first_claim(self):
        artists = find_gids(draw(say(("a", "for"), ("a", "for"), ("b", "for"), ("b", "against"))))
        named = {gid: artist for gid, artist in artists.items() if gid.startswith("harvest-")}
        assert {artist.get_url() for artist in named.values()} == {"#claim-a", "#claim-c"}
        assert all(artist.get_url()[7] == gid[8] for gid, artist in named.items())

    def test_many_bars_stand_in_lines_none_over_another(self):
        claims = build_many(CODEBOOK.levels, claims=700, sources=200, questions=2)
        ax = draw(claims)
        bars = [
            artist for gid, artist in find_gids(ax).items() if re.fullmatch(r"harvest-c\d+", gid)
        ]
        assert len({bar.get_window_extent().y0 for bar in bars}) > 4
        assert list_overlaps(bars) == []
        assert list_faults(ax) == []


class TestNames:
    def test_a_number_under_the_bar_names_the_source_in_the_key(self):
        claims = say(("a long enough name", "for"), ("guideline", "for"))
        ax = draw(claims, sources=SOURCES)
        artists = find_gids(ax)
        assert artists["harvest-b-source"].get_text() == "1"
        assert artists["harvest-a-source"].get_text() == "2"
        words = read_words(ax)
        assert words.index("1") < words.index("guideline")
        assert {"guidelines", "kind not given", "a long enough name"} <= set(words)

    def test_a_short_name_stands_under_the_bar_itself(self):
        ax = draw(say(("A1", "for"), ("B2", "for")))
        assert find_gids(ax)["harvest-a-source"].get_text() == "A1"
        assert read_words(ax).count("A1") == 1

    def test_the_key_shows_the_height_of_each_kind_there_is(self):
        ax = draw(say(("trial", "for"), ("article", "against")), sources=SOURCES)
        words = read_words(ax)
        assert words.index("trial") < words.index("article")
        assert "review" not in words
        assert any("height tells the kind" in text for text in words)

    def test_without_kinds_nothing_is_said_of_heights(self):
        words = read_words(draw(say(("spa", "for"), ("gym", "for"))))
        assert not any("height" in text for text in words)
        assert "kind not given" not in words

    def test_rows_name_their_question_and_its_condition_once(self):
        ax = draw(build_claims({}, {"aspect": "sleep"}, {"condition": "sprain"}))
        assert [label.get_text() for label in ax.get_yticklabels()] == [
            "massage · pain",
            "massage · sleep",
            "massage · pain",
        ]
        groups = [label.get_text() for label in ax.get_yticklabels(minor=True)]
        assert groups == ["back pain", "sprain"]

    @pytest.mark.parametrize(
        ("by", "label", "axis"),
        [
            (["aspect"], "pain", "aspect"),
            (["intervention"], "massage", "intervention"),
            (["condition", "aspect"], "pain", "condition, aspect"),
            (["condition", "intervention", "aspect"], "massage · pain", "question"),
        ],
    )
    def test_rows_are_named_by_what_makes_them(self, by, label, axis):
        ax = draw(build_claims({}), by=by)
        assert [tick.get_text() for tick in ax.get_yticklabels()] == [label]
        assert ax.get_ylabel() == axis

    def test_rows_by_condition_are_named_by_it(self):
        ax = draw(build_claims({}), by=["condition"])
        assert [tick.get_text() for tick in ax.get_yticklabels(minor=True)] == ["back pain"]
        assert [tick.get_text() for tick in ax.get_yticklabels()] == [""]

    def test_labels_of_terms_are_written(self):
        terms = build_terms(("condition", "back pain"), ("intervention", "massage"))
        terms["label"] = ["Pain in the back", "Rubbing"]
        words = read_words(draw(build_claims({}), Vocabulary(terms)))
        assert {"Pain in the back", "Rubbing · pain"} <= set(words)


class TestPages:
    CLAIMS = build_claims(*({"condition": f"c{n}"} for n in range(5)))

    def test_a_page_holds_the_rows_that_follow_and_says_which(self):
        ax = draw(self.CLAIMS, most=2, page=2)
        assert [tick.get_text() for tick in ax.get_yticklabels(minor=True)] == ["c2", "c3"]
        assert any(text.endswith("Rows 3 to 4 of 5.") for text in read_words(ax))

    def test_all_rows_on_one_page_need_no_number(self):
        assert not any("Rows" in text for text in read_words(draw(self.CLAIMS)))

    def test_pages_together_hold_every_bar_once(self):
        bars = [
            gid
            for page in (1, 2, 3)
            for gid in find_gids(draw(self.CLAIMS, most=2, page=page))
            if re.fullmatch(r"harvest-\w", gid)
        ]
        assert sorted(bars) == [f"harvest-{gid}" for gid in "abcde"]

    def test_numbers_of_sources_are_the_same_on_every_page(self):
        claims = build_claims(
            {"source": "first name"}, {"source": "second name", "condition": "sprain"}
        )
        assert find_gids(draw(claims, most=1, page=2))["harvest-b-source"].get_text() == "2"

    @pytest.mark.parametrize("page", [{"page": 0}, {"page": 6, "most": 1}, {"most": 0}])
    def test_a_page_that_there_is_not_is_refused(self, page):
        bars, _ = find_bars(self.CLAIMS, CODEBOOK, least=1)
        for function in (plot_harvest, size_harvest):
            with pytest.raises(ValueError, match="no page"):
                function(bars, CODEBOOK, **page)


class TestDescription:
    def test_it_counts_bars_and_names_who_is_opposed(self):
        claims = say(("spa", "for"), ("gym", "against"), ("gp", "uncertain"))
        bars, _ = find_bars(claims, CODEBOOK)
        assert describe_harvest(bars) == (
            "Harvest plot of 1 row and 3 sources. Bars against: 1, uncertain: 1, on both sides: 0, "
            "for: 1. On opposite sides: back pain, massage, pain (against: gym; for: spa)."
        )

    def test_it_says_which_rows_are_shown_and_that_none_is_opposed(self):
        bars, _ = find_bars(TestPages.CLAIMS, CODEBOOK, least=1)
        text = describe_harvest(bars, most=2, page=3)
        assert text.startswith("Harvest plot of 1 row (5 to 5 of 5) and 1 source.")
        assert text.endswith("No sources on opposite sides.")

    def test_nothing_is_described_as_nothing(self):
        assert describe_harvest(find_bars(build_claims(), CODEBOOK)[0]) == (
            "Harvest plot of 0 rows and 0 sources."
        )


class TestEveryCase:
    def test_it_draws_on_the_current_axes_and_opens_nothing(self):
        figure, (_, current) = plt.subplots(1, 2, figsize=(20, 4))
        plt.sca(current)
        before = dict(mpl.rcParams)
        bars, _ = find_bars(say(("spa", "for"), ("gym", "against")), CODEBOOK)
        assert plot_harvest(bars, CODEBOOK) is current
        assert plt.get_fignums() == [figure.number]
        assert dict(mpl.rcParams) == before
        assert current.get_xlabel()
        assert current.get_title() == ""

    def test_nothing_to_show_is_said(self):
        (word,) = read_words(draw(build_claims()))
        assert word.startswith("No source")

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        claims = build_many(CODEBOOK.levels, name=name, claims=40)
        named = claims["source"].unique()
        sources = pd.DataFrame({"source": named, "kind": ["trial", f"{name} kind", "", "", ""]})
        assert list_faults(draw(claims, sources=sources)) == []

    def test_a_label_of_a_level_may_be_long(self):
        terms = build_terms(*(("recommendation", level) for level in CODEBOOK.levels))
        terms["label"] = [f"{LONG} {level}" for level in CODEBOOK.levels]
        assert list_faults(draw(say(("spa", "for")), Vocabulary(terms))) == []

    @pytest.mark.parametrize("scores", SCALES)
    def test_any_declared_scale_is_drawn(self, scores):
        scale = declare(**scores)
        assert list_faults(draw(build_many(scale.levels, claims=40), scale)) == []

    def test_user_text_is_never_mathematics(self):
        ax = draw(build_many(CODEBOOK.levels, name="$a_b$", claims=9))
        dollars = [text for text in list_texts(ax) if "$" in text.get_text()]
        assert dollars
        assert not any(text.get_parse_math() for text in dollars)

    def test_names_are_unique_and_links_reach_the_svg(self):
        ax = draw(say(("spa", "for"), ("gym", "against"), ("gym", "for")))
        file = io.StringIO()
        ax.figure.savefig(file, format="svg", metadata={"Date": None})
        assert {"#claim-a", "#claim-b"} <= set(re.findall(r'href="(#claim-\w)"', file.getvalue()))
        names = re.findall(r'id="(harvest-[^"]+)"', file.getvalue())
        assert len(names) == len(set(names)) > 4

    def test_the_collection_is_legible(self):
        collection = read_collection(Path(__file__).parents[1] / "data")
        claims = roll_up(collection.claims, collection.vocabulary, facet="aspect", term="use")
        bars, _ = find_bars(claims, collection.vocabulary, sources=collection.sources)
        for page in (1, 2, 3):
            ax = open_axes(size_harvest(bars, collection.vocabulary, page=page))
            plot_harvest(bars, collection.vocabulary, page=page, ax=ax)
            assert list_faults(ax) == []
