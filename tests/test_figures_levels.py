"""What the levels by group must show, read from their artists."""

import pandas as pd
import pytest
from builders import build_claims
from canvas import draw_figure, find_gids, list_faults, list_scale, read_words
from matplotlib.colors import to_hex

from claimbook import Vocabulary, figure
from claimbook.figures.style import find_colours

COLOURS = find_colours(Vocabulary())


def say(*pairs):
    """Claims of a source at a level each."""
    return build_claims(
        *(
            {"claim_id": f"c{place}", "source": source, "recommendation": level}
            for place, (source, level) in enumerate(pairs)
        )
    )


def count(source="spa", **numbers):
    """So many claims of a source at each level."""
    return [
        (source, level.replace("_", " "))
        for level, number in numbers.items()
        for _ in range(number)
    ]


SPA = say(*count(**{"for": 3, "conditional_for": 1, "uncertain": 2, "against": 4}))


def draw(claims, **options):
    return draw_figure("levels", claims, **options)


def find_bars(ax):
    """The parts of bars with something in them, by the end of their gids."""
    return {
        gid.removeprefix("levels-"): artist
        for gid, artist in find_gids(ax).items()
        if artist.get_width()
    }


def find_word(ax, word):
    (text,) = (text for text in ax.texts if text.get_text() == word)
    return text.get_position()


class TestBars:
    def test_they_are_as_long_as_their_shares(self):
        bars = {gid: bar.get_width() for gid, bar in find_bars(draw(SPA)).items()}
        bars = {gid: wide + 0.8 for gid, wide in bars.items()}  # with the gaps beside them
        unit = bars["spa-conditional for"]
        assert bars["spa-for"] == pytest.approx(3 * unit)
        assert bars["spa-uncertain"] == pytest.approx(2 * unit)
        assert bars["spa-against"] == pytest.approx(4 * unit)
        assert len(bars) == 4

    def test_levels_run_from_against_to_for(self):
        claims = say(
            *count(against=1, conditional_against=1, conditional_for=1, uncertain=1), ("spa", "for")
        )
        bars = find_bars(draw(claims))
        places = [
            bars[f"spa-{level}"].get_x()
            for level in ("against", "conditional against", "uncertain", "conditional for", "for")
        ]
        assert places == sorted(places)

    def test_they_have_the_colours_of_their_levels(self):
        for gid, bar in find_bars(draw(SPA)).items():
            assert to_hex(bar.get_facecolor()) == COLOURS[gid.removeprefix("spa-")]

    def test_they_link_to_their_first_claim(self):
        bars = find_gids(draw(say(("spa", "for"), ("gym", "against"), ("gym", "against"))))
        assert bars["levels-gym-against"].get_url() == "#claim-c1"
        assert "levels-gym-for" not in bars

    def test_what_is_off_the_scale_stands_in_the_middle(self):
        ax = draw(
            say(("spa", "unproven"), ("spa", "good"), ("spa", "bad")),
            vocabulary=list_scale(good=1, bad=-1, unproven=""),
        )
        bars = find_bars(ax)
        places = [bars[f"spa-{level}"].get_x() for level in ("bad", "unproven", "good")]
        assert places == sorted(places)
        assert "unproven" in read_words(ax)


class TestWords:
    def test_shares_and_the_number_of_claims_can_be_read(self):
        assert {"30%", "10%", "20%", "40%", "10"} <= set(read_words(draw(SPA)))

    def test_groups_run_from_the_largest_share_for_to_the_smallest(self):
        ax = draw(say(("gym", "for"), ("gym", "against"), ("spa", "for")))
        assert find_word(ax, "spa")[1] < find_word(ax, "gym")[1]

    def test_the_heads_of_the_sides_do_not_touch(self):
        ax = draw(say(("spa", "against"), *count(**{"for": 90})))
        assert list_faults(ax) == []
        heads = [next(text for text in ax.texts if word in text.get_text()) for word in ("←", "→")]
        against, for_ = (head.get_window_extent() for head in heads)
        assert for_.x0 - against.x1 > 5

    def test_the_groups_are_named(self):
        assert "back pain" in read_words(draw(say(("spa", "for")), by="condition"))

    def test_sources_go_by_their_labels_and_other_groups_by_their_names(self):
        sources = pd.DataFrame({"source": ["spa"], "label": ["The Spa"], "kind": ["article"]})
        assert "The Spa" in read_words(draw(SPA, sources=sources))
        assert "articles" in read_words(draw(SPA, sources=sources, by="kind"))

    def test_the_description_counts_the_levels(self):
        assert figure(SPA, "levels").alt == (
            "10 claims: 40% “for”, 40% “against”, 20% “uncertain”. "
            "10 claims: for 3, conditional for 1, uncertain 2, against 4."
        )
        assert figure(build_claims(), "levels").alt == "No claim to show."


class TestCrowd:
    def test_many_groups_stand_on_pages(self):
        claims = say(("spa", "for"), ("spa", "for"), ("gym", "for"), ("blog", "against"))
        first, second = figure(claims, "levels", most=2).axes
        assert {"spa", "gym"} <= set(read_words(first))
        assert "blog" not in read_words(first)
        assert find_gids(second)["levels-blog-against"].get_url() == "#claim-c3"
        assert "Page 2 of 2: rows 3 to 3 of 3." in " ".join(read_words(second))
        assert list_faults(first) == list_faults(second) == []

    def test_it_is_no_higher_than_its_rows_allow(self):
        claims = say(*((f"s{n}", level) for n in range(300) for level in COLOURS))
        assert figure(claims, "levels").size()[1] < 20

    def test_no_row_at_all_is_refused(self):
        with pytest.raises(ValueError, match="most is 0, expected 1 or more"):
            figure(SPA, "levels", most=0).draw()


def test_the_table_counts_levels_by_group():
    assert figure(SPA, "levels").table.loc["spa"].tolist() == [3, 1, 2, 0, 4]
