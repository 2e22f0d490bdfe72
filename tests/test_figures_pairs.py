"""What the grid of pairs must show, read from its artists."""

from itertools import pairwise

import pytest
from builders import build_claims
from canvas import build_many, draw_figure, find_gids, list_faults, list_overlaps, read_words
from matplotlib.colors import to_hex, to_rgb

from claimbook import Collection, Vocabulary, figure
from claimbook.figures.pairs import SHARES

COLOURS = list(SHARES.values())


def share(*pairs):
    """Claims of pairs of sources that share so many questions, so many alike, so many opposed."""
    rows = []
    for one, two, shared, equal, opposite in pairs:
        for place in range(shared):
            level = (
                "for" if place < equal else "against" if place < equal + opposite else "uncertain"
            )
            question = {"condition": f"{one} {two} {place}"}
            rows += [
                question | {"source": one},
                question | {"source": two, "recommendation": level},
            ]
    return build_claims(*(row | {"claim_id": f"c{n}"} for n, row in enumerate(rows)))


THREE = share(("a", "b", 8, 6, 1), ("a", "c", 1, 0, 0), ("b", "c", 2, 2, 0))


def draw(claims, **options):
    return draw_figure("pairs", claims, **options)


def find_place(ax, words):
    (text,) = (text for text in ax.texts if text.get_text().replace("\n", " ") == words)
    return text.get_position()


class TestCells:
    def test_a_cell_says_how_many_are_equal_of_those_shared(self):
        artists = find_gids(draw(THREE))
        texts = {gid: artists[f"pairs-{gid}-count"].get_text() for gid in ("a+b", "a+c", "b+c")}
        assert texts == {"a+b": "6/8", "a+c": "0/1", "b+c": "2/2"}

    def test_conflicts_are_counted_on_a_strip_and_only_there(self):
        artists = find_gids(draw(THREE))
        assert artists["pairs-a+b-conflicts"].get_text() == "≠1"
        assert "pairs-a+c-conflicts" not in artists
        assert not any("≠" in word for word in read_words(draw(share(("a", "b", 2, 1, 0)))))

    def test_opposite_outcomes_gathered_under_use_are_no_conflict(self):
        claims = build_claims(
            {"aspect": "sleep"},
            {"aspect": "function", "source": "gym", "recommendation": "against"},
        )
        pairs = figure(Collection.from_frame(claims).gather_use(), "pairs").table
        assert pairs[["opposite", "conflicts"]].to_numpy().tolist() == [[1, 0]]

    def test_a_conflict_with_one_that_stands_on_both_sides_is_counted(self):
        claims = build_claims({}, {"recommendation": "against"}, {"source": "gym"})
        artists = find_gids(draw(claims))
        assert artists["pairs-spa+gym-count"].get_text() == "0/0"
        assert artists["pairs-spa+gym-conflicts"].get_text() == "≠1"

    @pytest.mark.parametrize(
        ("equal", "shared", "place"), [(0, 5, 0), (1, 5, 1), (2, 4, 1), (3, 5, 2), (5, 5, 3)]
    )
    def test_the_colour_tells_the_share(self, equal, shared, place):
        box = find_gids(draw(share(("a", "b", shared, equal, 0))))["pairs-a+b"]
        assert to_hex(box.get_facecolor()) == COLOURS[place]

    def test_the_shares_grow_darker_so_that_grey_tells_them(self):
        greys = [sum(to_rgb(colour)) for colour in COLOURS]
        assert all(one - two > 0.3 for one, two in pairwise(greys))

    def test_a_box_is_larger_the_more_is_shared(self):
        claims = share(("a", "b", 1, 1, 0), ("a", "c", 9, 9, 0), ("b", "c", 4, 4, 0))
        boxes = find_gids(draw(claims))
        sizes = [boxes[f"pairs-{gid}"].get_height() for gid in ("a+b", "b+c", "a+c")]
        assert sizes == sorted(sizes)
        assert len(set(sizes)) == len(sizes)

    def test_a_cell_stands_in_the_column_of_one_and_the_row_of_the_other(self):
        ax = draw(THREE)
        for gid, above, beside in (("a+b", "a", "b"), ("a+c", "a", "c"), ("b+c", "b", "c")):
            box = find_gids(ax)[f"pairs-{gid}"]
            (left, _), (right, row) = find_place(ax, above), find_place(ax, beside)
            assert abs(box.get_x() - left) < 10
            assert box.get_x() + box.get_width() < right
            assert abs(box.get_y() + box.get_height() / 2 - row) < 10

    def test_pairs_that_share_nothing_are_blank(self):
        ax = draw(share(("a", "b", 1, 1, 0), ("c", "d", 1, 1, 0)))
        assert sum("count" in gid for gid in find_gids(ax)) == 2

    def test_boxes_and_strips_do_not_cover_one_another(self):
        ax = draw(build_many(Vocabulary().levels, claims=300, sources=12))
        boxes = [
            artist
            for gid, artist in find_gids(ax).items()
            if not gid.endswith(("-count", "-conflicts"))
        ]
        strips = [patch for patch in ax.patches if patch.get_zorder() == 1.5]
        assert strips
        assert list_overlaps([*boxes, *strips]) == []

    def test_the_gid_names_both_sources_whatever_they_are_called(self):
        gids = set(find_gids(draw(share(("a+b", "c d", 1, 1, 0), ("a", "b+c d", 1, 1, 0)))))
        assert {"pairs-a%2Bb+c%20d", "pairs-a+b%2Bc%20d"} <= gids

    def test_it_links_to_a_claim_on_which_they_conflict_where_there_is_one(self):
        claims = build_claims(
            {}, {"source": "gym"}, {"aspect": "cause"},
            {"aspect": "cause", "source": "gym", "recommendation": "against"},
        )  # fmt: skip
        assert {artist.get_url() for artist in find_gids(draw(claims)).values()} == {"#claim-c"}


class TestSources:
    def test_they_stand_by_kind_from_top_to_bottom(self):
        ax = draw(THREE, kinds={"a": "trial"})
        heights = [find_place(ax, name)[1] for name in ("articles", "b", "c", "trials", "a")]
        assert heights == sorted(heights)

    def test_a_pair_is_drawn_whichever_of_the_two_stands_first(self):
        ax = draw(THREE, kinds={"a": "trial"})
        box = find_gids(ax)["pairs-a+b"]
        assert abs(box.get_x() - find_place(ax, "b")[0]) < 10
        assert box.get_x() + box.get_width() < find_place(ax, "a")[0]

    def test_without_kinds_there_is_no_heading(self):
        words = read_words(figure(THREE, "pairs").axes[0])
        assert not {"kind not given", "articles"} & set(words)

    def test_of_too_many_those_that_share_most_are_shown(self):
        ax = draw(THREE, most=2)
        assert {gid for gid in find_gids(ax) if "count" in gid} == {"pairs-a+b-count"}
        assert any("Not drawn: 1 of 3 sources" in text for text in read_words(ax))

    def test_where_all_are_shown_nothing_is_said_to_be_hidden(self):
        assert "Not drawn" not in " ".join(read_words(draw(THREE)))

    def test_one_source_is_no_pair(self):
        with pytest.raises(ValueError, match="expected at least 2 sources"):
            figure(THREE, "pairs", most=1)

    def test_it_says_that_to_agree_is_not_to_be_right(self):
        assert "to agree does not make them right" in " ".join(read_words(draw(THREE)))


class TestDescription:
    def test_it_counts_pairs_and_names_those_in_conflict(self):
        assert figure(THREE, "pairs").alt == (
            "Two by two, sources stand at the same level on 8 of 11 shared questions and conflict "
            "on 1. 3 sources; 3 pairs of 3 share a question. In conflict: a and b on 1. Most "
            "shared: a and b (8, same level on 6)."
        )

    def test_it_describes_what_is_shown(self):
        assert figure(THREE, "pairs", most=2).alt.endswith(
            "Not drawn: 1 of 3 sources, which share fewer questions."
        )

    @pytest.mark.parametrize("claims", [build_claims(), build_claims({})])
    def test_nothing_is_said_to_be_nothing(self, claims):
        assert figure(claims, "pairs").alt == "No two sources answer the same question."
        assert read_words(draw(claims)) == ["No two sources answer the same question"]


def test_too_much_is_cut_to_what_can_be_read():
    claims = build_many(Vocabulary().levels, claims=2000, sources=200, questions=60)
    ax = draw(claims, most=12)
    assert sum("count" in gid for gid in find_gids(ax)) <= 12 * 11 / 2
    assert list_faults(ax) == []
