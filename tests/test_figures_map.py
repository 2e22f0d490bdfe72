"""What the map must show, read from its artists."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from builders import build_claims, build_collection, build_terms
from canvas import (
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

from claimbook import Vocabulary, figure, plot_map, read_collection
from claimbook.figures.style import find_colours

CODEBOOK = Vocabulary()
COLOURS = find_colours(CODEBOOK)


def say(*pairs, **common):
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def draw(claims, vocabulary=None, **options):
    return draw_figure("map", claims, vocabulary=vocabulary, **options)


def describe(claims, **options):
    return figure(build_collection(claims), "map", **options).alt


def is_label(text):
    """Whether a text stands in the middle of a row, as its label does."""
    return text.get_va() in ("center", "center_baseline")


def find_rows(ax):
    """What names the rows, from top to bottom."""
    left = min(text.get_position()[0] for text in ax.texts)
    named = [text for text in ax.texts if text.get_position()[0] == left and is_label(text)]
    return [text.get_text() for text in sorted(named, key=lambda text: text.get_position()[1])]


def find_boxes(ax):
    return {gid: box for gid, box in find_gids(ax).items() if not gid.endswith("-count")}


def find_tints(ax):
    """What lies behind cells with a conflict."""
    return [patch for patch in ax.patches if patch.get_zorder() < 0.5]


class TestBoxes:
    CLAIMS = say(("a", "for"), ("b", "conditional for"), ("c", "against"), ("d", "uncertain"))

    def test_each_side_has_a_box_with_the_number_of_its_sources(self):
        artists = find_gids(draw(self.CLAIMS))
        counts = {gid: artist.get_text() for gid, artist in artists.items() if "count" in gid}
        assert counts == {
            "map-a-for-count": "+2",
            "map-c-against-count": "−1",
            "map-d-uncertain-count": "?1",
        }

    def test_against_is_read_before_uncertain_and_that_before_for(self):
        boxes = find_boxes(draw(self.CLAIMS))
        read = [boxes[f"map-{gid}"] for gid in ("c-against", "d-uncertain", "a-for")]
        places = [(box.get_y(), box.get_x()) for box in read]
        assert places == sorted(places)
        assert list_overlaps(boxes.values()) == []

    def test_boxes_have_the_colours_of_the_ends_of_the_scale(self):
        boxes = find_boxes(draw(self.CLAIMS))
        assert to_hex(boxes["map-a-for"].get_facecolor()) == COLOURS["for"]
        assert to_hex(boxes["map-c-against"].get_facecolor()) == COLOURS["against"]

    def test_sources_on_both_sides_have_a_box_of_their_own(self):
        ax = draw(say(("a", "for"), ("a", "against"), ("b", "uncertain"), ("b", "for")))
        boxes = find_boxes(ax)
        assert set(boxes) == {"map-a-both", "map-c-uncertain"}
        assert {"±", "on both sides"} <= set(read_words(ax))
        assert not {"±", "on both sides"} & set(read_words(draw(self.CLAIMS)))

    def test_what_no_source_speaks_of_is_empty(self):
        claims = build_claims({}, {"condition": "sprain", "aspect": "sleep"})
        assert len(find_boxes(draw(claims))) == 2

    def test_a_box_and_its_number_link_to_the_first_claim(self):
        artists = find_gids(draw(self.CLAIMS))
        assert all(artist.get_url() == f"#claim-{gid[4]}" for gid, artist in artists.items())

    def test_wide_numbers_fit_their_boxes(self):
        claims = say(*((f"s{n}", "for") for n in range(1200)))
        ax = draw(claims.assign(claim_id=[f"c{n}" for n in range(1200)]))
        artists = find_gids(ax)
        box, number = (artists[f"map-c0-for{end}"].get_window_extent() for end in ("", "-count"))
        assert artists["map-c0-for-count"].get_text() == "+1200"
        assert box.x0 <= number.x0
        assert number.x1 <= box.x1


class TestConflicts:
    def test_a_cell_with_a_conflict_is_tinted_and_signed(self):
        ax = draw(say(("a", "for"), ("b", "against")))
        (tint,) = find_tints(ax)
        box = find_boxes(ax)["map-a-for"]
        assert tint.get_x() < box.get_x()
        assert box.get_x() + box.get_width() < tint.get_x() + tint.get_width()
        assert read_words(ax).count("≠") == len(["cell", "key"])

    def test_both_sides_on_different_questions_are_no_conflict(self):
        claims = build_claims({}, {"intervention": "heat", "source": "gym"})
        claims["recommendation"] = ["for", "against"]
        ax = draw(claims)
        assert find_tints(ax) == []
        assert "≠" not in read_words(ax)
        assert len(find_boxes(ax)) == 2

    def test_the_sign_covers_no_number(self):
        claims = say(*((f"s{n}", level) for n, level in enumerate(["for"] * 30 + ["against"])))
        assert list_faults(draw(claims)) == []


class TestTerms:
    CLAIMS = build_claims(
        {"condition": "c1"},
        {"condition": "c2"},
        {"condition": "c2", "source": "gym"},
        {"condition": "c3", "aspect": "sleep"},
        {"condition": "c3", "aspect": "sleep", "source": "gym", "recommendation": "against"},
    )

    def test_terms_stand_in_the_order_of_the_vocabulary(self):
        claims = build_claims({"aspect": "cause"}, {"aspect": "use"}, {"aspect": "pain"})
        words = read_words(draw(claims))
        assert words.index("use") < words.index("pain") < words.index("cause")

    def test_rows_run_from_top_to_bottom_and_have_their_labels(self):
        terms = build_terms(("condition", "c1"), ("condition", "c2"), ("condition", "c3"))
        terms["label"] = ["One", "Two", "Three"]
        ax = draw(self.CLAIMS, terms)
        assert find_rows(ax) == ["One", "Two", "Three"]

    def test_of_too_many_terms_conflicts_stay_and_then_those_with_most_sources(self):
        ax = draw(self.CLAIMS, most=(2, 2))
        assert find_rows(ax) == ["c2", "c3"]
        assert "Not drawn: 1 of 3 conditions" in " ".join(read_words(ax))

    def test_columns_are_chosen_first(self):
        ax = draw(self.CLAIMS, most=(9, 1))
        assert find_rows(ax) == ["c3"]
        words = " ".join(read_words(ax))
        assert "Not drawn: 2 of 3 conditions and 1 of 2 aspects" in words

    def test_where_all_is_shown_nothing_is_said_to_be_hidden(self):
        assert "Not drawn" not in " ".join(read_words(draw(self.CLAIMS)))

    @pytest.mark.parametrize("most", [(0, 3), (3, 0)])
    def test_at_least_one_term_is_asked_for(self, most):
        with pytest.raises(ValueError, match="expected two numbers from 1"):
            draw(self.CLAIMS, most=most)

    def test_axes_are_named_for_the_facets(self):
        ax = draw(self.CLAIMS, rows="intervention", columns="condition")
        assert {"intervention", "condition"} <= set(read_words(ax))
        assert find_rows(ax) == ["massage"]


class TestDescription:
    def test_it_tells_of_what_most_is_said_and_where_sources_conflict(self):
        assert describe(TestTerms.CLAIMS) == (
            "Most is said of c2 · pain, by 2 sources; a conflict in 1 of 3 cells. 3 conditions by "
            "2 aspects, 3 cells with a source. In conflict: c3, sleep (for 1, against 1)."
        )

    def test_it_describes_what_is_shown(self):
        text = describe(TestTerms.CLAIMS, most=(1, 1))
        assert text.endswith(
            "Not drawn: 2 of 3 conditions and 1 of 2 aspects, of which less is said."
        )

    def test_nothing_is_described_as_nothing(self):
        assert describe(build_claims()) == "No claim to show."


class TestEveryCase:
    def test_it_draws_where_it_is_told_and_opens_nothing(self):
        ax = mpl.figure.Figure(figsize=(9, 4), layout="constrained").subplots()
        before, opened = dict(mpl.rcParams), plt.get_fignums()
        assert plot_map(say(("spa", "for")), ax=ax) is ax
        assert plt.get_fignums() == opened
        assert dict(mpl.rcParams) == before

    def test_all_is_drawn_larger_with_larger_words(self):
        claims = say(("spa", "for"), ("gym", "against"))
        small, large = draw(claims), draw(claims, fontsize=16)
        assert list_faults(large) == []
        assert large.figure.get_figheight() > 1.7 * small.figure.get_figheight()

    def test_its_table_is_for_readers(self):
        table = figure(build_collection(say(("spa", "for"))), "map").table
        assert table[["sources", "for", "against"]].values.tolist() == [[1, 1, 0]]
        assert not any(column.startswith("claims") for column in table)

    def test_what_is_off_the_scale_has_a_box_of_its_own(self):
        levels = [("recommendation", "yes", "", "1"), ("recommendation", "no", "", "-1")]
        terms = build_terms(*levels, ("recommendation", "not rated"))
        ax = draw(say(("a", "yes"), ("b", "not rated")), terms)
        assert set(find_boxes(ax)) == {"map-a-for", "map-b-off_scale"}
        assert {"○1", "not rated"} <= set(read_words(ax))
        assert "0" not in read_words(ax)

    def test_nothing_to_show_is_said(self):
        assert read_words(draw(build_claims())) == ["No claim to show"]

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        assert list_faults(draw(build_many(CODEBOOK.levels, name=name, claims=40))) == []

    @pytest.mark.parametrize("scores", SCALES)
    def test_any_declared_scale_is_drawn(self, scores):
        scale = list_scale(**scores)
        assert list_faults(draw(build_many(scale["term"], claims=40), scale)) == []

    def test_too_much_is_cut_to_what_can_be_read(self):
        claims = build_many(CODEBOOK.levels, claims=3000, sources=200, questions=300)
        ax = draw(claims, most=(9, 12))
        assert len(find_rows(ax)) == 9
        assert list_faults(ax) == []

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
        names = re.findall(r'id="(map-[^"]+)"', file.getvalue())
        assert len(names) == len(set(names)) == 4

    def test_the_collection_is_legible(self):
        collection = read_collection(Path(__file__).parents[1] / "data").gather_use()
        assert list_faults(figure(collection, "map").draw().axes[0]) == []
