"""What the citation map must show, read from its artists."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from builders import build_claims, build_collection
from canvas import SCRIPTS, find_gids, list_faults, list_texts, read_words
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle

from claimbook import Vocabulary, figure, plot_citations
from claimbook.collection.codebook import FIDELITIES
from claimbook.figures.style import FIDELITY_COLOURS, FIDELITY_DASHES, FIDELITY_SIGNS, TINT

CODEBOOK = Vocabulary()


def credit(*rows, **kinds):
    """Claims of a source, each citing a study, at a level, crediting; studies find uncertain."""
    columns = ("source", "cited_study", "recommendation", "attribution")
    named = [dict(zip(columns, row, strict=False)) for row in rows]
    studies = dict.fromkeys(row["cited_study"] for row in named if row.get("cited_study"))
    found = [{"source": study, "recommendation": "uncertain"} for study in studies]
    every = [row | {"claim_id": f"c{n}"} for n, row in enumerate(named + found)]
    claims = build_claims(*every, attribution="", cited_study="")
    return build_collection(claims, kinds=dict.fromkeys(studies, "other study") | kinds)


def draw(collection, **options):
    ax = figure(collection, "citations", **options).draw().axes[0]
    ax.figure.draw_without_rendering()
    return ax


def describe(collection, **options):
    return figure(collection, "citations", **options).alt


def find_lines(ax):
    return {line.get_gid(): line for line in ax.patches if isinstance(line, PathPatch)}


def build_many(*, name="", sources=60, seed=0, studies=40):
    draws = np.random.default_rng(seed)
    rows = [
        (
            f"{name} source {draws.integers(sources)}".strip(),
            f"{name} study {draws.integers(studies)}".strip() if draws.random() < 0.6 else "",
            str(draws.choice(CODEBOOK.levels)),
            str(draws.choice(["", "research"])),
        )
        for _ in range(5 * sources)
    ]
    return credit(*rows)


class TestLines:
    CITATIONS = credit(
        ("spa", "trial", "for"),
        ("spa", "trial", "for"),
        ("spa", "trial", "uncertain"),
        ("gym", "trial", "against"),
        ("gym", "review", "for"),
    )

    def test_there_is_a_line_for_each_source_study_and_fidelity(self):
        assert set(find_lines(draw(self.CITATIONS))) == {
            "citations-c2",
            "citations-c0",
            "citations-c3",
            "citations-c4",
        }

    def test_colour_and_dashes_tell_the_fidelity(self):
        lines = find_lines(draw(self.CITATIONS))
        assert to_hex(lines["citations-c2"].get_edgecolor()) == FIDELITY_COLOURS["faithful"]
        assert to_hex(lines["citations-c0"].get_edgecolor()) == FIDELITY_COLOURS["overstated"]
        assert lines["citations-c2"].get_linestyle() in ("solid", "-")
        assert lines["citations-c0"].get_linestyle() not in ("solid", "-")

    def test_a_line_is_the_wider_the_more_claims_it_stands_for(self):
        lines = find_lines(draw(self.CITATIONS))
        widths = {gid: line.get_linewidth() for gid, line in lines.items()}
        assert widths["citations-c0"] > widths["citations-c2"] == widths["citations-c4"]

    def test_fidelity_and_number_stand_at_the_end_of_the_line(self):
        ax = draw(self.CITATIONS)
        label = find_gids(ax)["citations-c0-label"]
        assert label.get_text() == "↑ overstated 2"
        end = find_lines(ax)["citations-c0"].get_path().vertices[-1]
        assert label.get_position()[1] == pytest.approx(end[1])
        assert label.get_position()[0] > end[0]

    def test_a_line_starts_at_its_source_and_ends_at_its_study(self):
        ax = draw(self.CITATIONS)
        vertices = find_lines(ax)["citations-c4"].get_path().vertices
        texts = {text.get_text(): text.get_position()[1] for text in ax.texts}
        assert abs(vertices[0][1] - texts["gym"]) < abs(vertices[0][1] - texts["spa"])
        assert abs(vertices[-1][1] - texts["review"]) < abs(vertices[-1][1] - texts["trial"])

    def test_no_two_lines_share_a_place_at_either_end(self):
        paths = [line.get_path().vertices for line in find_lines(draw(build_many())).values()]
        for end in (0, -1):
            heights = sorted(path[end][1] for path in paths)
            assert min(np.diff(heights)) > 8

    def test_lines_and_labels_link_to_their_first_claim(self):
        gids = find_gids(draw(self.CITATIONS))
        assert gids["citations-c0"].get_url() == "#claim-c0"
        assert gids["citations-c0-label"].get_url() == "#claim-c0"

    def test_every_fidelity_with_a_line_has_its_own_colour_dashes_and_sign(self):
        for looks in (FIDELITY_COLOURS, FIDELITY_DASHES, FIDELITY_SIGNS):
            assert list(looks) == list(FIDELITIES[:-2])
            assert len(set(looks.values())) == len(looks)

    def test_the_key_names_the_fidelities_there_are(self):
        words = read_words(draw(self.CITATIONS))
        assert {"= faithful", "↑ overstated"} <= set(words)
        assert "↓ understated" not in words


class TestNames:
    def test_a_study_cited_by_two_sources_stands_out(self):
        ax = draw(credit(("spa", "trial"), ("gym", "trial"), ("gym", "review")))
        assert "other study · shared: cited by 2 sources" in read_words(ax)
        tints = [box for box in ax.patches if isinstance(box, Rectangle)]
        assert sum(to_hex(box.get_facecolor()) == TINT for box in tints) == 1
        bold = {text.get_text() for text in ax.texts if text.get_weight() == "bold"}
        assert "trial" in bold
        assert "review" not in bold

    def test_the_kind_of_a_study_is_written(self):
        assert "guideline" in read_words(draw(credit(("spa", "nice"), nice="guideline")))
        assert "other study" in read_words(draw(credit(("spa", "nice"))))
        assert "second-hand" not in " ".join(read_words(draw(credit(("spa", "nice")))))

    @pytest.mark.parametrize("kind", ["article", "page"])
    def test_what_is_cited_second_hand_is_shown_as_no_evidence(self, kind):
        ax = draw(credit(("spa", "press"), ("spa", "trial"), ("spa", ""), press=kind))
        words = read_words(ax)
        assert {f"{kind} · second-hand", "other study", "study or page that it cites"} <= set(words)
        assert "1 of 3 claims cite a study 1 second-hand" in words
        assert "second-hand: what is cited is" in " ".join(words)
        bars = [box for box in ax.patches if isinstance(box, Rectangle)]
        hollow = [box for box in bars if to_hex(box.get_facecolor()) == "#ffffff"]
        assert len(hollow) == 1
        assert len(bars) == 3
        assert "Second-hand: 1 claim." in describe(credit(("spa", "press"), press=kind))

    def test_sources_and_studies_are_named_by_their_labels(self):
        collection = credit(("spa", "trial"))
        sources = collection.sources.assign(label=["The Spa", "Smith 2020"])
        named = build_collection(collection.claims, sources=sources)
        assert {"The Spa", "Smith 2020"} <= set(read_words(draw(named)))

    def test_a_source_says_how_much_of_it_leans_on_studies(self):
        rows = [("spa", "trial"), ("spa", "", "for", "research"), ("spa", ""), ("spa", "")]
        assert "1 of 4 claims cite a study 1 untraceable" in read_words(draw(credit(*rows)))

    def test_a_source_that_credits_nobody_stays_and_says_so(self):
        words = read_words(draw(credit(("spa", "trial"), ("gym", ""))))
        assert {"gym", "credits nobody (1 claim)"} <= set(words)

    def test_a_source_whose_credits_lead_nowhere_stays_and_says_so(self):
        words = read_words(draw(credit(("gym", "", "for", "research"), ("gym", ""))))
        assert "credits somebody, no study found: 1 of 2 claims untraceable" in words

    def test_names_link_to_a_claim(self):
        gids = find_gids(draw(credit(("spa", "trial"))))
        assert gids["citations-c0-source"].get_url() == "#claim-c0"
        assert gids["citations-c0-study"].get_text() == "trial"


class TestWhole:
    def test_what_is_gathered_is_counted_in_words_and_has_no_line(self):
        rows = [(f"s{n}", "trial") for n in range(4)] + [("s0", "trial"), ("s0", "a"), ("s0", "b")]
        ax = draw(credit(*rows), most=1)
        words = read_words(ax)
        assert {"3 other sources", "2 other studies"} <= set(words)
        assert "other study · shared: cited by 4 sources 3 of them not drawn" in words
        assert "4 of 4 claims cite a study 2 not drawn" in words
        assert len(find_lines(ax)) == 1

    def test_without_a_citation_that_is_said(self):
        assert "No source cites a study that is known." in read_words(draw(credit(("spa", ""))))

    def test_without_a_claim_that_is_said(self):
        assert read_words(draw(credit())) == ["No source to show"]

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        assert list_faults(draw(build_many(name=name, sources=6, studies=5))) == []

    def test_a_crowd_is_legible_when_gathered(self):
        ax = draw(build_many(sources=200, studies=120))
        assert list_faults(ax) == []
        assert ax.figure.get_size_inches()[1] < 20

    def test_user_text_is_never_mathematics(self):
        texts = list_texts(draw(credit(("$a_b$", "$c_d$"))))
        assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())

    def test_it_draws_where_it_is_told_and_opens_nothing(self):
        ax = mpl.figure.Figure(figsize=(9, 4), layout="constrained").subplots()
        before, opened = dict(mpl.rcParams), plt.get_fignums()
        assert plot_citations(credit(("spa", "trial")), ax=ax) is ax
        assert plt.get_fignums() == opened
        assert dict(mpl.rcParams) == before
        assert ax.get_title() == ""
        assert {"source", "study that it cites"} <= set(read_words(ax))

    def test_all_is_drawn_larger_with_larger_words(self):
        rows = credit(("spa", "trial"), ("gym", ""))
        small, large = draw(rows), draw(rows, fontsize=16)
        assert list_faults(large) == []
        widths = [find_lines(ax)["citations-c0"].get_linewidth() for ax in (small, large)]
        assert widths[1] == pytest.approx(2 * widths[0])

    def test_its_table_is_for_readers(self):
        table = figure(credit(("spa", "trial", "uncertain")), "citations").table
        assert table.values.tolist() == [["spa", "trial", "study", "faithful", 1, 1]]

    def test_the_description_counts_what_is_shown(self):
        citations = credit(
            ("spa", "trial", "for"), ("gym", "trial", "uncertain"), ("gp", "", "for", "research")
        )
        expected = (
            "2 of 3 sources cite 1 study: faithful 1, overstated 1, untraceable 1. "
            "Cited by several sources: trial by 2. Cites none: gp."
        )
        assert describe(citations) == expected

    def test_the_description_of_what_is_gathered_counts_all(self):
        whole = build_many(sources=30, studies=20)
        assert describe(whole, most=2) == describe(whole, most=99)
