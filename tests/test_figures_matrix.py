"""What the matrix must show, read from its artists."""

import pandas as pd
import pytest
from builders import build_claims, build_terms
from canvas import draw_figure, find_gids, list_faults, list_scale, read_words
from matplotlib.colors import to_hex

from claimbook import Collection, Vocabulary, figure
from claimbook.figures.style import find_colours

COLOURS = find_colours(Vocabulary())
KINDS = {"trial": "trial", "nice": "guideline"}
CLAIMS = build_claims(
    {"source": "trial"},
    {"source": "spa", "recommendation": "against"},
    {"source": "nice", "recommendation": "uncertain"},
    {"source": "spa", "recommendation": "for"},
    {"source": "clinic", "condition": "sciatica", "recommendation": "conditional against"},
)


def say(*pairs, **common):
    """Claims of a source at a level each."""
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def draw(claims, **options):
    return draw_figure("matrix", claims, **{"least": 1} | options)


def find_word(ax, word):
    """The place of a word, which stands once."""
    (text,) = (text for text in ax.texts if text.get_text().replace("\n", " ") == word)
    return text.get_position()


class TestCells:
    def test_a_cell_has_the_colour_and_the_sign_of_its_level(self):
        cells = find_gids(draw(say(("spa", "conditional against"))))
        assert to_hex(cells["matrix-a"].get_facecolor()) == COLOURS["conditional against"]
        assert cells["matrix-a-sign"].get_text() == "−"

    def test_a_source_that_contradicts_itself_is_split_by_the_diagonal(self):
        cells = find_gids(draw(CLAIMS))
        assert to_hex(cells["matrix-b"].get_facecolor()) == COLOURS["for"]
        assert to_hex(cells["matrix-b-2"].get_facecolor()) == COLOURS["against"]
        assert cells["matrix-b-sign"].get_text() == "++"
        assert cells["matrix-b-2-sign"].get_text() == "−−"
        assert len(cells["matrix-b"].get_xy()) == len("abc") + 1

    def test_several_levels_that_are_no_contradiction_are_stripes_the_commonest_on_top(self):
        ax = draw(say(("spa", "for"), ("spa", "uncertain"), ("spa", "uncertain")))
        top, below = (find_gids(ax)[gid] for gid in ("matrix-a", "matrix-a-2"))
        assert to_hex(top.get_facecolor()) == COLOURS["uncertain"]
        assert to_hex(below.get_facecolor()) == COLOURS["for"]
        assert top.get_xy()[:, 1].max() == pytest.approx(below.get_xy()[:, 1].min())
        assert "several levels, the commonest on top" in read_words(ax)

    def test_two_speakers_are_no_contradiction(self):
        claims = say(("spa", "for"), ("spa", "against")).assign(speaker=["", "a professor"])
        cells = find_gids(draw(claims))
        assert {len(cells[gid].get_xy()) for gid in ("matrix-a", "matrix-a-2")} == {4 + 1}

    def test_all_of_many_levels_have_room(self):
        claims = say(*(("spa", level) for level in COLOURS), ("gym", "for"))
        ax = draw(claims)
        cells = find_gids(ax)
        signs = [cells[f"matrix-a{part}-sign"] for part in ("", "-2", "-3", "-4", "-5")]
        assert {sign.get_text() for sign in signs} == {"++", "+", "?", "−", "−−"}
        assert list_faults(ax) == []

    def test_a_level_off_the_scale_is_drawn_and_explained(self):
        ax = draw(say(("spa", "unproven")), vocabulary=list_scale(good=1, bad=-1, unproven=""))
        assert find_gids(ax)["matrix-a-sign"].get_text() == "○"
        assert "unproven" in read_words(ax)

    def test_what_is_not_addressed_has_neither_colour_nor_sign(self):
        ax = draw(CLAIMS)
        assert sum(gid.endswith("-sign") for gid in find_gids(ax)) == 5

    def test_every_cell_links_to_its_first_claim(self):
        cells = find_gids(draw(CLAIMS))
        assert cells["matrix-b-2"].get_url() == "#claim-b"
        assert {artist.get_url() for artist in cells.values()} == {
            f"#claim-{claim}" for claim in "abce"
        }

    def test_a_cell_stands_where_its_row_and_column_meet(self):
        ax = draw(CLAIMS, kinds=KINDS)
        x, y = find_gids(ax)["matrix-e"].get_xy()[:4].mean(axis=0)
        assert x == pytest.approx(find_word(ax, "clinic")[0])
        assert y == pytest.approx(find_word(ax, "sciatica · massage · pain")[1])


class TestRows:
    def test_they_name_the_question(self):
        ax = draw(
            build_claims({}, {"aspect": "sleep"}, {"condition": "sciatica", "aspect": "sleep"})
        )
        words = read_words(ax)
        assert words.count("back pain · massage · sleep") == 1
        first, last = (
            find_word(ax, f"{name} · massage · sleep") for name in ("back pain", "sciatica")
        )
        assert first[1] < last[1]

    def test_labels_of_terms_are_written(self):
        terms = build_terms(("condition", "back pain"), ("intervention", "massage"))
        terms["label"] = ["Pain in the back", "Rubbing"]
        assert "Pain in the back · Rubbing · pain" in read_words(
            draw(build_claims({}), vocabulary=terms)
        )

    def test_they_stand_under_their_verdicts_conflicts_first(self):
        ax = draw(CLAIMS)
        conflict, single = (
            find_word(ax, f"{word}: 1") for word in ("≠ conflict", "· single source")
        )
        assert conflict[1] < find_gids(ax)["matrix-a"].get_xy()[:, 1].min() < single[1]
        assert single[1] < find_gids(ax)["matrix-e"].get_xy()[:, 1].min()

    def test_where_claims_clash_a_tint_stands_behind_the_row(self):
        claims = build_claims(
            {"source": "spa"}, {"source": "gym", "recommendation": "against"}, {"aspect": "sleep"}
        )
        ax = draw(claims)
        (tint,) = (patch for patch in ax.patches if patch.get_zorder() == 0.2)
        cells = [find_gids(ax)[f"matrix-{gid}"].get_xy() for gid in "ab"]
        assert tint.get_y() + tint.get_height() / 2 == pytest.approx(cells[0][:4, 1].mean())

    @pytest.mark.parametrize(
        ("by", "label"),
        [("aspect", "pain · back pain · massage"), ("condition", "back pain · massage · pain")],
    )
    def test_any_facet_comes_first(self, by, label):
        assert label in read_words(draw(build_claims({}), by=by))

    def test_a_facet_that_is_gathered_whole_is_not_named(self):
        collection = Collection.from_frame(build_claims({}, {"intervention": "heat"}))
        ax = figure(collection.gather(intervention=""), "matrix", least=1).axes[0]
        assert "back pain · pain" in read_words(ax)


class TestColumns:
    def test_they_stand_by_kind_articles_first_each_under_its_name(self):
        ax = draw(CLAIMS, kinds=KINDS)
        names = ("articles", "spa", "clinic", "guidelines", "nice", "trials", "trial")
        places = [find_word(ax, name)[0] for name in names]
        assert places == sorted(places)

    def test_without_kinds_there_is_no_heading(self):
        ax = figure(CLAIMS, "matrix", least=1).axes[0]
        assert not any("kind" in word or word == "articles" for word in read_words(ax))

    def test_sources_with_no_cell_are_not_drawn(self):
        claims = build_claims({}, {"source": "gym"}, {"source": "clinic", "aspect": "sleep"})
        words = read_words(draw(claims, least=2))
        assert {"spa", "gym"} <= set(words)
        assert "clinic" not in words

    def test_sources_are_named_by_their_labels_and_never_mistaken_for_one_another(self):
        sources = pd.DataFrame({"source": ["spa", "gym"], "label": "The Same"})
        words = read_words(draw(build_claims({}, {"source": "gym"}), sources=sources))
        assert {"The Same (spa)", "The Same (gym)"} <= set(words)


class TestPages:
    def test_each_says_which_part_it_is(self):
        for page in (1, 2):
            ax = draw(CLAIMS, rows=1, page=page)
            text = f"Page {page} of 2: rows {page} to {page} of 2."
            assert any(words.startswith(text) for words in read_words(ax))
            assert list_faults(ax) == []
        matrix = figure(CLAIMS, "matrix", least=1, rows=1)
        assert matrix.pages == len(matrix.axes) == 2
        assert "Page 2 of 2: rows 2 to 2 of 2." in matrix.describe(2)

    def test_those_of_a_crowd_are_legible(self):
        claims = build_claims(
            *(
                {"source": f"s{n % 200}", "condition": f"c{n % 97}", "aspect": f"a{n % 3}"}
                for n in range(1500)
            )
        ).assign(claim_id=[f"c{n}" for n in range(1500)])
        matrix = figure(claims, "matrix")
        assert max(matrix.size()) < 20
        ax = matrix.draw().axes[0]
        assert list_faults(ax) == []


class TestTable:
    def test_it_has_a_row_for_each_cell_in_the_order_drawn(self):
        table = figure(CLAIMS, "matrix", least=1).table
        assert table[["condition", "verdict", "source", "claims"]].to_numpy().tolist() == [
            ["back pain", "conflict", "trial", 1],
            ["back pain", "conflict", "spa", 2],
            ["back pain", "conflict", "nice", 1],
            ["sciatica", "single source", "clinic", 1],
        ]


class TestWords:
    def test_nothing_to_show_is_said(self):
        assert read_words(draw(build_claims())) == ["No question that several answer"]

    def test_the_description_counts_what_is_shown_and_what_is_not(self):
        collection = Collection.from_frame(
            CLAIMS,
            pd.DataFrame(
                {
                    "source": ["spa", "clinic", "nice", "trial"],
                    "kind": ["article", "article", "guideline", "trial"],
                }
            ),
        )
        assert figure(collection, "matrix").alt == (
            "Sources conflict on 1 of 1 question that several answer. By verdict: conflict 1; "
            "3 sources. Contradictions of one source: 1. In conflict: back pain, massage, pain. "
            "Not shown: 1 question that only 1 source answers."
        )

    def test_the_key_tells_levels_and_empty_cells_apart(self):
        words = read_words(draw(CLAIMS))
        assert {*COLOURS, "contradicts itself", "not addressed"} <= set(words)

    def test_the_size_grows_with_rows_and_columns(self):
        def measure(claims):
            return figure(claims, "matrix", least=1).size()

        small = measure(say(("spa", "for")))
        wide = measure(
            say(*((f"s{n}", "for") for n in range(30))).assign(claim_id=[*map(str, range(30))])
        )
        high = measure(
            build_claims(*({"condition": f"c{n}", "claim_id": str(n)} for n in range(30)))
        )
        assert wide[0] > small[0] + 3
        assert high[1] > small[1] + 30 * 0.2
