"""What the grid of pairs must show, read from its artists."""

import io
import re
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from builders import build_claims
from canvas import (
    SCRIPTS,
    build_many,
    find_gids,
    list_faults,
    list_overlaps,
    list_texts,
    open_axes,
    read_words,
)
from matplotlib.colors import to_hex, to_rgb

from claimbook import Vocabulary, read_collection
from claimbook.figures import describe_pairs, plot_pairs, size_pairs
from claimbook.figures.stairs import SHARES
from claimbook.measures.directions import PAIR_COLUMNS, count_pairs, find_ratings
from claimbook.measures.tallies import find_shared

CODEBOOK = Vocabulary()
COLOURS = list(SHARES.values())


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def count(*rows):
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))


def draw(pairs, **options):
    sized = {name: options[name] for name in ("sources", "most") if name in options}
    ax = open_axes(size_pairs(pairs, **sized))
    plot_pairs(pairs, ax=ax, **options)
    ax.figure.draw_without_rendering()
    return ax


def draw_claims(claims, vocabulary=CODEBOOK, **options):
    return draw(count_pairs(find_ratings(claims, vocabulary)), **options)


def find_place(ax, words):
    (text,) = (text for text in list_texts(ax) if text.get_text().replace("\n", " ") == words)
    return text.get_position()


class TestCells:
    PAIRS = count(("a", "b", 8, 6, 1), ("a", "c", 1, 0, 0), ("b", "c", 2, 2, 0))

    def test_a_cell_says_how_many_are_equal_of_those_shared(self):
        artists = find_gids(draw(self.PAIRS))
        texts = {gid: artists[f"pairs-{gid}-count"].get_text() for gid in ("a+b", "a+c", "b+c")}
        assert texts == {"a+b": "6/8", "a+c": "0/1", "b+c": "2/2"}

    def test_opposite_sides_are_counted_on_a_strip_and_only_there(self):
        artists = find_gids(draw(self.PAIRS))
        assert artists["pairs-a+b-opposite"].get_text() == "≠1"
        assert "pairs-a+c-opposite" not in artists
        assert not any("≠" in word for word in read_words(draw(self.PAIRS[1:])))

    @pytest.mark.parametrize(
        ("equal", "shared", "place"), [(0, 5, 0), (1, 5, 1), (2, 4, 1), (3, 5, 2), (5, 5, 3)]
    )
    def test_the_colour_tells_the_share(self, equal, shared, place):
        box = find_gids(draw(count(("a", "b", shared, equal, 0))))["pairs-a+b"]
        assert to_hex(box.get_facecolor()) == COLOURS[place]

    def test_the_shares_grow_darker_so_that_grey_tells_them(self):
        greys = [sum(to_rgb(colour)) for colour in COLOURS]
        assert all(one - two > 0.3 for one, two in pairwise(greys))

    def test_a_box_is_larger_the_more_is_shared(self):
        boxes = find_gids(
            draw(count(("a", "b", 1, 1, 0), ("a", "c", 9, 9, 0), ("b", "c", 4, 4, 0)))
        )
        sizes = [boxes[f"pairs-{gid}"].get_height() for gid in ("a+b", "b+c", "a+c")]
        assert sizes == sorted(sizes)
        assert len(set(sizes)) == len(sizes)

    def test_a_cell_stands_in_the_column_of_one_and_the_row_of_the_other(self):
        ax = draw(self.PAIRS)
        for gid, above, beside in (("a+b", "a", "b"), ("a+c", "a", "c"), ("b+c", "b", "c")):
            box = find_gids(ax)[f"pairs-{gid}"]
            (left, _), (right, row) = find_place(ax, above), find_place(ax, beside)
            assert abs(box.get_x() - left) < 10
            assert box.get_x() + box.get_width() < right
            assert abs(box.get_y() + box.get_height() / 2 - row) < 10

    def test_pairs_that_share_nothing_are_blank(self):
        ax = draw(count(("a", "b", 1, 1, 0), ("c", "d", 1, 1, 0)))
        assert sum("count" in gid for gid in find_gids(ax)) == 2

    def test_boxes_and_strips_do_not_cover_one_another(self):
        ax = draw_claims(build_many(CODEBOOK.levels, claims=300, sources=12))
        boxes = [
            artist
            for gid, artist in find_gids(ax).items()
            if not gid.endswith(("-count", "-opposite"))
        ]
        strips = [patch for patch in ax.patches if patch.get_zorder() == 1.5]
        assert strips
        assert list_overlaps([*boxes, *strips]) == []

    def test_wide_numbers_fit_their_boxes(self):
        artists = find_gids(draw(count(("a", "b", 12345, 10000, 0), ("a", "c", 1, 1, 0))))
        for gid in ("a+b", "a+c"):
            box = artists[f"pairs-{gid}"].get_window_extent()
            number = artists[f"pairs-{gid}-count"].get_window_extent()
            assert box.x0 <= number.x0
            assert number.x1 <= box.x1

    def test_the_gid_names_both_sources_whatever_they_are_called(self):
        gids = set(find_gids(draw(count(("a+b", "c d", 1, 1, 0), ("a", "b+c d", 1, 1, 0)))))
        assert {"pairs-a%2Bb+c%20d", "pairs-a+b%2Bc%20d"} <= gids


class TestLinks:
    def test_a_cell_links_to_a_claim_on_which_they_are_opposed_where_there_is_one(self):
        claims = build_claims({}, {"source": "gym"}, {"aspect": "use"})
        claims.loc[3] = ["d", "gym", "back pain", "massage", "use", "against", ""]
        ax = draw_claims(claims, shared=find_shared(claims, CODEBOOK))
        assert {artist.get_url() for artist in find_gids(ax).values()} == {"#claim-c"}

    def test_without_the_claims_there_is_no_link(self):
        assert {artist.get_url() for artist in find_gids(draw(TestCells.PAIRS)).values()} == {None}

    def test_every_pair_of_the_collection_has_a_link(self):
        claims = read_collection(Path(__file__).parents[1] / "data").claims
        ax = draw_claims(claims, shared=find_shared(claims, CODEBOOK))
        urls = {artist.get_url() for artist in find_gids(ax).values()}
        assert urls <= {f"#claim-{claim_id}" for claim_id in claims["claim_id"]}


class TestSources:
    SOURCES = pd.DataFrame({"source": ["c", "b", "a"], "kind": ["trial", "article", "article"]})

    def test_sources_stand_by_kind_from_top_to_bottom(self):
        ax = draw(TestCells.PAIRS, sources=self.SOURCES)
        heights = [find_place(ax, name)[1] for name in ("articles", "b", "a", "trials", "c")]
        assert heights == sorted(heights)

    def test_a_pair_is_drawn_whichever_of_the_two_stands_first(self):
        ax = draw(TestCells.PAIRS, sources=self.SOURCES)
        box = find_gids(ax)["pairs-a+b"]
        assert abs(box.get_x() - find_place(ax, "b")[0]) < 10
        assert box.get_x() + box.get_width() < find_place(ax, "a")[0]

    def test_without_kinds_there_is_no_heading(self):
        assert "kind not given" not in read_words(draw(TestCells.PAIRS))

    def test_of_too_many_sources_those_that_share_most_are_shown(self):
        ax = draw(TestCells.PAIRS, most=2)
        assert {gid for gid in find_gids(ax) if "count" in gid} == {"pairs-a+b-count"}
        assert any("Not shown: 1 of 3 sources" in text for text in read_words(ax))

    def test_where_all_are_shown_nothing_is_said_to_be_hidden(self):
        assert "Not shown" not in " ".join(read_words(draw(TestCells.PAIRS)))

    def test_one_source_is_no_pair(self):
        with pytest.raises(ValueError, match="expected at least 2 sources"):
            size_pairs(TestCells.PAIRS, most=1)

    def test_it_says_that_sources_are_no_coders(self):
        assert "Sources are no coders" in " ".join(read_words(draw(TestCells.PAIRS)))


class TestDescription:
    def test_it_counts_pairs_and_names_those_opposed(self):
        assert describe_pairs(TestCells.PAIRS) == (
            "3 sources by pair: 3 pairs of 3 share a question. Pair by pair, same level on 8 of 11 "
            "shared questions, opposite sides on 1. On opposite sides: a and b (1 of 8). Most "
            "shared: a and b (8, same level on 6)."
        )

    def test_it_describes_what_is_shown(self):
        assert describe_pairs(TestCells.PAIRS, most=2).startswith("2 sources by pair: 1 pair of 1")

    def test_nothing_is_described_as_nothing(self):
        assert describe_pairs(count()) == "No two sources answer the same question."


class TestEveryCase:
    def test_it_draws_on_the_current_axes_and_opens_nothing(self):
        figure, (_, current) = plt.subplots(1, 2, figsize=(20, 4))
        plt.sca(current)
        before = dict(mpl.rcParams)
        assert plot_pairs(TestCells.PAIRS) is current
        assert plt.get_fignums() == [figure.number]
        assert dict(mpl.rcParams) == before
        assert current.get_xlabel()
        assert current.get_title() == ""

    @pytest.mark.parametrize("claims", [build_claims(), build_claims({})])
    def test_nothing_to_show_is_said(self, claims):
        assert read_words(draw_claims(claims)) == ["No two sources answer the same question"]

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        claims = build_many(CODEBOOK.levels, name=name, claims=40)
        named = claims["source"].unique()
        sources = pd.DataFrame({"source": named, "kind": ["trial", f"{name} kind", "", "", ""]})
        assert list_faults(draw_claims(claims, sources=sources)) == []

    def test_too_much_is_cut_to_what_can_be_read(self):
        claims = build_many(CODEBOOK.levels, claims=2000, sources=200, questions=60)
        ax = draw_claims(claims, most=12)
        assert sum("count" in gid for gid in find_gids(ax)) <= 12 * 11 / 2
        assert list_faults(ax) == []

    def test_user_text_is_never_mathematics(self):
        ax = draw_claims(build_many(CODEBOOK.levels, name="$a_b$", claims=30))
        dollars = [text for text in list_texts(ax) if "$" in text.get_text()]
        assert dollars
        assert not any(text.get_parse_math() for text in dollars)

    def test_names_are_unique_and_links_reach_the_svg(self):
        claims = build_claims({"source": "spa one"}, {"source": "gym", "recommendation": "against"})
        ax = draw_claims(claims, shared=find_shared(claims, CODEBOOK))
        file = io.StringIO()
        ax.figure.savefig(file, format="svg", metadata={"Date": None})
        assert "#claim-a" in set(re.findall(r'href="(#claim-\w)"', file.getvalue()))
        names = re.findall(r'id="(pairs-[^"]+)"', file.getvalue())
        assert len(names) == len(set(names)) == 3
        assert not any(" " in name for name in names)

    def test_the_collection_is_legible(self):
        collection = read_collection(Path(__file__).parents[1] / "data")
        ax = draw_claims(collection.claims, collection.vocabulary, sources=collection.sources)
        assert list_faults(ax) == []
