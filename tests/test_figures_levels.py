"""What the levels by group must show, read from their artists."""

import pandas as pd
import pytest
from builders import build_claims
from canvas import draw_figure, find_gids, list_faults, list_scale, read_words
from matplotlib.colors import to_hex

from claimbook import Collection, Vocabulary, figure
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
    def test_they_are_as_long_as_the_counts(self):
        bars = {gid: bar.get_width() for gid, bar in find_bars(draw(SPA)).items()}
        unit = bars["spa-conditional for"]
        assert bars["spa-for"] == pytest.approx(3 * unit)
        assert bars["spa-uncertain"] == pytest.approx(2 * unit)
        assert bars["spa-against"] == pytest.approx(4 * unit)
        assert len(bars) == 4

    def test_against_reaches_left_and_for_right_the_weakest_next_to_0(self):
        claims = say(
            *count(against=1, conditional_against=1, conditional_for=1, uncertain=1), ("spa", "for")
        )
        bars = find_bars(draw(claims))
        places = [
            bars[f"spa-{level}"].get_x()
            for level in ("against", "conditional against", "conditional for", "for", "uncertain")
        ]
        assert places == sorted(places)
        assert bars["spa-conditional for"].get_x() == 0

    def test_the_middle_has_one_start_for_all_groups(self):
        bars = find_bars(draw(say(("spa", "uncertain"), ("gym", "for"), ("gym", "uncertain"))))
        assert bars["spa-uncertain"].get_x() == bars["gym-uncertain"].get_x() > 0

    def test_they_have_the_colours_of_their_levels(self):
        for gid, bar in find_bars(draw(SPA)).items():
            assert to_hex(bar.get_facecolor()) == COLOURS[gid.removeprefix("spa-")]

    def test_they_link_to_their_first_claim(self):
        bars = find_gids(draw(say(("spa", "for"), ("gym", "against"), ("gym", "against"))))
        assert bars["levels-gym-against"].get_url() == "#claim-c1"
        assert bars["levels-gym-for"].get_url() is None

    def test_what_is_off_the_scale_stands_beside_the_middle_and_on_no_side(self):
        ax = draw(
            say(("spa", "unproven"), ("spa", "good")),
            vocabulary=list_scale(good=1, bad=-1, unproven=""),
        )
        bars = find_bars(ax)
        assert (
            bars["spa-unproven"].get_x() > bars["spa-good"].get_x() + bars["spa-good"].get_width()
        )
        assert "off the scale" in read_words(ax)


class TestWords:
    def test_every_count_can_be_read(self):
        claims = say(*count(**{"for": 300, "conditional_for": 1, "uncertain": 2, "against": 4}))
        assert {"300", "+ 1", "? 2", "−− 4"} <= set(read_words(draw(claims)))

    def test_groups_run_from_top_to_bottom_as_they_appear(self):
        ax = draw(say(("spa", "for"), ("gym", "for")))
        assert find_word(ax, "spa")[1] < find_word(ax, "gym")[1]

    def test_the_heads_of_the_sides_do_not_touch(self):
        ax = draw(say(("spa", "against"), *count(**{"for": 90})))
        assert list_faults(ax) == []
        heads = [next(text for text in ax.texts if word in text.get_text()) for word in ("←", "→")]
        against, for_ = (head.get_window_extent() for head in heads)
        assert for_.x0 - against.x1 > 5

    def test_the_groups_are_named(self):
        assert "claims by condition." in read_words(draw(say(("spa", "for")), by="condition"))

    def test_sources_go_by_their_labels_and_other_groups_by_their_names(self):
        sources = pd.DataFrame({"source": ["spa"], "label": ["The Spa"], "kind": ["article"]})
        assert "The Spa" in read_words(draw(SPA, sources=sources))
        assert "article" in read_words(draw(SPA, sources=sources, by="kind"))

    def test_a_long_scale_is_summed_by_side(self):
        scale = list_scale(**{f"level_{n}": n for n in range(-5, 6)})
        claims = say(("spa", "level 5"), ("spa", "level 1"), ("spa", "level -1"))
        collection = Collection.from_frame(claims, None, scale)
        assert {"2", "1"} <= set(read_words(draw(claims, vocabulary=scale)))
        assert figure(collection, "levels").alt == (
            "3 claims in 1 group: for 2, against 1. Most claims: spa 3."
        )

    def test_the_description_counts_the_levels(self):
        assert figure(SPA, "levels").alt == (
            "10 claims in 1 group: for 3, conditional for 1, uncertain 2, against 4. "
            "Most claims: spa 10."
        )
        assert figure(build_claims(), "levels").alt == "0 claims in 0 groups."


class TestCrowd:
    def test_of_many_groups_those_with_most_claims_are_drawn_in_their_order(self):
        names = ["spa", "gym", "blog", "spa", "blog"]
        claims = say(*((name, "for") for name in names))
        ax = draw(claims, most=2)
        rest = "Drawn: the 2 of 3 with most claims."
        assert find_word(ax, "spa")[1] < find_word(ax, "blog")[1]
        assert "gym" not in read_words(ax)
        assert find_gids(ax)["levels-blog-for"].get_url() == "#claim-c2"
        assert f"claims by source. {rest}" in read_words(ax)
        alt = figure(claims, "levels", most=2).alt
        assert alt.startswith("5 claims in 3 groups")
        assert alt.endswith(rest)
        assert list_faults(ax) == []

    def test_it_is_no_higher_than_its_rows_allow(self):
        claims = say(*((f"s{n}", level) for n in range(300) for level in COLOURS))
        assert figure(claims, "levels").size()[1] < 20

    def test_no_row_at_all_is_refused(self):
        with pytest.raises(ValueError, match="most is 0, expected 1 or more"):
            figure(SPA, "levels", most=0)


def test_the_table_counts_levels_by_group():
    assert figure(SPA, "levels").table.loc["spa"].tolist() == [3, 1, 2, 0, 4]
