"""What the harvest plot must show, read from its artists."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms
from canvas import (
    LONG,
    SCALES,
    SCRIPTS,
    build_many,
    draw_figure,
    find_gids,
    list_faults,
    list_overlaps,
    list_scale,
    list_texts,
    read_words,
)
from matplotlib.colors import to_hex

from claimbook import Vocabulary, figure, plot_harvest, read_collection
from claimbook.figures.layout import SIZE
from claimbook.figures.style import find_colours

CODEBOOK = Vocabulary()
COLOURS = find_colours(CODEBOOK)
KINDS = ["guideline", "review", "trial", "other study", "article", "page"]


def zip_kinds(kinds):
    return dict(zip(kinds, kinds, strict=True))


def say(*pairs, **common):
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def draw(claims, vocabulary=None, **options):
    return draw_figure("harvest", claims, vocabulary=vocabulary, **{"least": 1} | options)


def describe(claims, *, page=1, **options):
    return figure(build_collection(claims), "harvest", **options).describe(page)


def find_compartments(ax):
    """Left and right edge of each compartment, by the first word of its title."""
    titles = [text for text in ax.texts if text.get_weight() == "bold"]
    titles = [text for text in titles if text.get_position()[1] < 0]
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


def find_rows(ax):
    """What names the rows, from top to bottom."""
    left = min(text.get_position()[0] for text in list_texts(ax))
    rows = [text for text in list_texts(ax) if text.get_position()[0] == left]
    rows = [text for text in rows if text.get_position()[1] > 0]
    labels = [text for text in rows if text.get_va() in ("center", "center_baseline")]
    return [text.get_text().replace("\n", " ") for text in labels]


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
        bars = find_gids(draw(say(*((kind, "for") for kind in KINDS)), kinds=zip_kinds(KINDS)))
        heights = [bars[f"harvest-{gid}"].get_height() for gid in "abcdef"]
        assert heights == sorted(heights, reverse=True)
        assert len(set(heights)) == len(KINDS)
        bases = [bars[f"harvest-{gid}"].get_y() for gid in "abcdef"]
        assert [base + high for base, high in zip(bases, heights, strict=True)] == pytest.approx(
            [bases[0] + heights[0]] * len(KINDS)
        )

    def test_a_source_on_both_sides_stands_in_the_middle_with_both_colours(self):
        ax = draw(say(("a", "for"), ("a", "conditional against"), ("b", "for")))
        artists, places = find_gids(ax), find_compartments(ax)
        stripes = [to_hex(artists[f"harvest-a-stripe-{n}"].get_facecolor()) for n in (1, 2)]
        assert stripes == [COLOURS["conditional against"], COLOURS["for"]]
        assert list_overlaps([artists[f"harvest-a-stripe-{n}"] for n in (1, 2)]) == []
        assert artists["harvest-a-sign"].get_text() == "±"
        left, right = places["uncertain"]
        assert left < artists["harvest-a"].get_x() < right
        assert {"uncertain or on both sides", "on both sides"} <= set(read_words(ax))

    def test_every_level_of_a_source_is_seen_the_commonest_first(self):
        claims = say(("a", "conditional for"), ("a", "for"), ("a", "for"), ("b", "for"))
        artists = find_gids(draw(claims))
        assert to_hex(artists["harvest-a"].get_facecolor()) == COLOURS["for"]
        assert artists["harvest-a-sign"].get_text() == "++"
        stripe = artists["harvest-a-stripe-1"]
        assert to_hex(stripe.get_facecolor()) == COLOURS["conditional for"]
        assert "harvest-d-stripe-1" not in artists
        sign = artists["harvest-a-sign"].get_window_extent()
        assert sign.x1 <= stripe.get_window_extent().x0 + 1

    def test_a_bar_has_the_sign_of_the_side_where_it_stands(self):
        ax = draw(say(("a", "for"), ("a", "for"), ("a", "uncertain"), ("b", "for")))
        artists, places = find_gids(ax), find_compartments(ax)
        assert places["uncertain"][0] < artists["harvest-a"].get_x() < places["uncertain"][1]
        assert artists["harvest-a-sign"].get_text() == "?"

    def test_what_is_off_the_scale_stands_in_the_middle_and_says_so(self):
        levels = [("recommendation", "yes", "", "1"), ("recommendation", "no", "", "-1")]
        terms = build_terms(*levels, ("recommendation", "not rated"))
        ax = draw(say(("a", "yes"), ("b", "not rated")), terms)
        artists, places = find_gids(ax), find_compartments(ax)
        assert places["not"][0] < artists["harvest-b"].get_x() < places["not"][1]
        assert artists["harvest-b-sign"].get_text() == "○"
        assert "not rated" in read_words(ax)

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
        named = claims["source"]
        sources = pd.DataFrame({"source": named, "kind": ["", "guideline"]})
        ax = draw(claims, sources=sources)
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

    def test_sources_are_named_by_their_labels(self):
        claims = say(("k1", "for"), ("k2", "against"))
        sources = pd.DataFrame({"source": claims["source"], "label": ["A long label", "Another"]})
        words = read_words(draw(claims, sources=sources))
        assert {"A long label", "Another"} <= set(words)
        collection = build_collection(claims, sources=sources)
        assert "(for: A long label; against: Another)" in figure(collection, "harvest").alt

    def test_the_key_shows_the_height_of_each_kind_there_is(self):
        ax = draw(say(("trial", "for"), ("article", "against")), kinds=zip_kinds(KINDS))
        words = read_words(ax)
        assert words.index("trial") < words.index("article")
        assert "review" not in words
        assert "height tells the kind" in " ".join(words)

    def test_without_kinds_nothing_is_said_of_heights(self):
        claims = say(("spa", "for"), ("gym", "for"))
        sources = pd.DataFrame({"source": claims["source"], "kind": ""})
        words = read_words(draw(claims, sources=sources))
        assert not any("height" in text for text in words)
        assert "kind not given" not in words

    def test_rows_name_their_question(self):
        ax = draw(build_claims({}, {"aspect": "sleep"}, {"condition": "sprain"}))
        assert find_rows(ax) == [
            f"{name} · massage · {aspect}"
            for name, aspect in (("back pain", "pain"), ("back pain", "sleep"), ("sprain", "pain"))
        ]

    @pytest.mark.parametrize(
        ("by", "label", "axis"),
        [
            (["aspect"], "pain", "aspect"),
            (["intervention"], "massage", "intervention"),
            (["condition", "aspect"], "back pain · pain", "condition, aspect"),
            (["condition", "intervention", "aspect"], "back pain · massage · pain", "question"),
        ],
    )
    def test_rows_are_named_by_what_makes_them(self, by, label, axis):
        ax = draw(build_claims({}), by=by)
        assert find_rows(ax) == [label]
        assert axis in read_words(ax)

    def test_labels_of_terms_are_written(self):
        terms = build_terms(("condition", "back pain"), ("intervention", "massage"))
        terms["label"] = ["Pain in the back", "Rubbing"]
        words = read_words(draw(build_claims({}), terms))
        assert "Pain in the back · Rubbing · pain" in words


class TestPages:
    CLAIMS = build_claims(*({"condition": f"c{n}"} for n in range(5)))

    def test_a_page_holds_the_rows_that_follow_and_says_which(self):
        ax = draw(self.CLAIMS, most=2, page=2)
        assert find_rows(ax) == ["c2 · massage · pain", "c3 · massage · pain"]
        assert "Page 2 of 3: rows 3 to 4 of 5." in " ".join(read_words(ax))

    def test_all_rows_on_one_page_need_no_number(self):
        assert not any("Page" in text for text in read_words(draw(self.CLAIMS)))

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

    def test_rows_that_one_source_answers_are_counted(self):
        claims = self.CLAIMS.assign(condition=["c0", "c0", *"abc"], source=list("vwxyz"))
        words = read_words(draw(claims, least=2))
        assert "Not shown: 3 rows that only 1 source answers." in " ".join(words)

    @pytest.mark.parametrize("page", [0, 6])
    def test_a_page_that_there_is_not_is_refused(self, page):
        harvest = figure(build_collection(self.CLAIMS), "harvest", least=1, most=1)
        assert harvest.pages == 5
        for asked in (harvest.draw, harvest.size, harvest.describe):
            with pytest.raises(ValueError, match="no page"):
                asked(page)

    def test_a_page_holds_a_row_at_least(self):
        with pytest.raises(ValueError, match="most is 0, expected 1 or more"):
            draw(self.CLAIMS, most=0)


class TestDescription:
    def test_it_counts_bars_and_names_who_is_opposed(self):
        claims = say(("spa", "for"), ("gym", "against"), ("gp", "uncertain"))
        assert describe(claims) == (
            "1 row, 3 sources. Bars by side: for 1, uncertain 1, against 1. On opposite sides: "
            "back pain, massage, pain (for: spa; against: gym)."
        )

    def test_it_says_which_rows_are_shown_and_that_none_is_opposed(self):
        text = describe(TestPages.CLAIMS, least=1, most=2, page=3)
        assert text == "1 row, 1 source. Bars by side: for 1. Page 3 of 3: rows 5 to 5 of 5."

    def test_nothing_is_described_as_nothing(self):
        assert describe(build_claims()) == ""


class TestEveryCase:
    def test_it_draws_where_it_is_told_and_opens_nothing(self):
        ax = mpl.figure.Figure(figsize=(9, 4), layout="constrained").subplots()
        before, opened = dict(mpl.rcParams), plt.get_fignums()
        claims = say(("spa", "for"), ("gym", "against"))
        assert plot_harvest(claims, ax=ax) is ax
        assert plt.get_fignums() == opened
        assert dict(mpl.rcParams) == before
        assert {"← against", "for →"} <= set(read_words(ax))

    def test_all_is_drawn_larger_with_larger_words(self):
        claims = say(("spa", "for"), ("gym", "against"))
        small, large = draw(claims), draw(claims, fontsize=16)
        assert list_faults(large) == []
        widths = [find_gids(ax)["harvest-a-sign"].get_fontsize() for ax in (small, large)]
        assert widths[1] == pytest.approx(16 / SIZE * widths[0])
        assert large.figure.get_figheight() > 1.7 * small.figure.get_figheight()

    def test_its_table_is_for_readers(self):
        table = figure(build_collection(say(("spa", "for"))), "harvest", least=1).table
        assert table[["source", "side", "claims"]].values.tolist() == [["spa", "for", 1]]
        assert "claim_ids" not in table

    def test_nothing_to_show_is_said(self):
        (word,) = read_words(draw(build_claims()))
        assert word.startswith("No source")

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        claims = build_many(CODEBOOK.levels, name=name, claims=40)
        kinds = ["trial", "guideline", "", "", ""]
        sources = pd.DataFrame({"source": claims["source"].unique(), "kind": kinds})
        assert list_faults(draw(claims, sources=sources)) == []

    def test_a_label_of_a_level_may_be_long(self):
        terms = build_terms(*(("recommendation", level) for level in CODEBOOK.levels))
        terms["label"] = [f"{LONG} {level}" for level in CODEBOOK.levels]
        assert list_faults(draw(say(("spa", "for")), terms)) == []

    @pytest.mark.parametrize("scores", SCALES)
    def test_any_declared_scale_is_drawn(self, scores):
        scale = list_scale(**scores)
        assert list_faults(draw(build_many(scale["term"], claims=40), scale)) == []

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
        collection = read_collection(Path(__file__).parents[1] / "data").gather_use()
        harvest = figure(collection, "harvest")
        for page in range(1, harvest.pages + 1):
            assert list_faults(harvest.draw(page).axes[0]) == []
