"""What the citations must show, read from their artists."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from builders import build_claims, build_collection
from canvas import SCRIPTS, find_gids, list_faults, list_overlaps, list_texts, read_words
from matplotlib.colors import to_hex

from claimbook import Vocabulary, figure, plot_citations
from claimbook.collection.codebook import FIDELITIES
from claimbook.figures.layout import SIZE
from claimbook.figures.style import FIDELITY_COLOURS, FIDELITY_SIGNS

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


class TestChips:
    CITATIONS = credit(
        ("spa", "trial", "for"),
        ("spa", "trial", "for"),
        ("spa", "trial", "uncertain"),
        ("gym", "trial", "against"),
        ("gym", "review", "for"),
    )

    def test_there_is_one_for_each_source_study_and_fidelity(self):
        chips = {gid for gid in find_gids(draw(self.CITATIONS)) if not gid.endswith("-label")}
        assert chips == {f"citations-c{number}" for number in (0, 2, 3, 4)}

    def test_colour_and_sign_tell_the_fidelity(self):
        ax = draw(self.CITATIONS)
        chips = find_gids(ax)
        assert to_hex(chips["citations-c2"].get_facecolor()) == FIDELITY_COLOURS["faithful"]
        assert to_hex(chips["citations-c0"].get_facecolor()) == FIDELITY_COLOURS["overstated"]
        assert {"=", "↑"} <= set(read_words(ax))

    def test_fidelity_and_number_stand_beside_it(self):
        gids = find_gids(draw(self.CITATIONS))
        chip, label = gids["citations-c0"], gids["citations-c0-label"]
        assert label.get_text() == "overstated 2"
        assert label.get_position()[0] > chip.get_x() + chip.get_width()
        middle = chip.get_y() + chip.get_height() / 2
        assert label.get_position()[1] == pytest.approx(middle)

    def test_a_study_stands_under_the_source_that_cites_it(self):
        texts = {text.get_text(): text.get_position()[1] for text in draw(self.CITATIONS).texts}
        assert texts["gym"] < texts["review"]
        assert not texts["gym"] < texts["spa"] < texts["review"]

    def test_no_chip_covers_another(self):
        gids = find_gids(draw(build_many()))
        chips = [chip for gid, chip in gids.items() if not gid.endswith("-label")]
        assert len(chips) > 20
        assert list_overlaps(chips) == []

    def test_chips_and_their_words_link_to_their_first_claim(self):
        gids = find_gids(draw(self.CITATIONS))
        assert gids["citations-c0"].get_url() == "#claim-c0"
        assert gids["citations-c0-label"].get_url() == "#claim-c0"

    def test_every_fidelity_with_a_chip_has_its_own_colour_and_sign(self):
        for looks in (FIDELITY_COLOURS, FIDELITY_SIGNS):
            assert list(looks) == list(FIDELITIES[:-2])
            assert len(set(looks.values())) == len(looks)

    def test_the_key_explains_the_fidelities_there_are(self):
        words = read_words(draw(self.CITATIONS))
        assert {"as the study found", "more certain than the study"} <= set(words)
        assert "less certain than the study" not in words


class TestNames:
    def test_of_a_study_cited_by_several_sources_that_is_said(self):
        words = read_words(draw(credit(("spa", "trial"), ("gym", "trial"), ("gym", "review"))))
        assert words.count("other study · cited by 2 sources") == 2
        assert words.count("other study") == 1

    def test_the_kind_of_a_study_is_written(self):
        assert "guideline" in read_words(draw(credit(("spa", "nice"), nice="guideline")))
        assert "other study" in read_words(draw(credit(("spa", "nice"))))
        assert "second-hand" not in " ".join(read_words(draw(credit(("spa", "nice")))))

    @pytest.mark.parametrize("kind", ["article", "page"])
    def test_what_is_cited_second_hand_is_shown_as_no_evidence(self, kind):
        ax = draw(credit(("spa", "press"), ("spa", "trial"), ("spa", ""), press=kind))
        assert {f"{kind} · second-hand, no evidence itself", "other study"} <= set(read_words(ax))
        assert "Second-hand: 1 claim." in describe(credit(("spa", "press"), press=kind))

    def test_sources_and_studies_are_named_by_their_labels(self):
        collection = credit(("spa", "trial"))
        sources = collection.sources.assign(label=["The Spa", "Smith 2020"])
        named = build_collection(collection.claims, sources=sources)
        assert {"The Spa", "Smith 2020"} <= set(read_words(draw(named)))

    def test_a_source_says_how_much_of_it_leans_on_what_is_known(self):
        rows = [("spa", "trial"), ("spa", "", "for", "research"), ("spa", ""), ("spa", "")]
        told = "1 of 4 claims cites something known, 1 untraceable"
        assert told in read_words(draw(credit(*rows)))

    def test_a_source_that_credits_nobody_stays_and_says_so(self):
        words = read_words(draw(credit(("spa", "trial"), ("gym", ""))))
        assert "Credit nobody: gym." in words

    def test_a_source_whose_credits_lead_nowhere_stays_and_says_so(self):
        words = read_words(draw(credit(("gym", "", "for", "research"), ("gym", ""))))
        assert "Credit somebody, but no study is known: gym (1 of 2 claims)." in words


class TestWhole:
    def test_pages_hold_every_study_that_a_source_cites_once(self):
        rows = [(f"s{n}", "trial") for n in range(4)] + [("s0", "a"), ("s0", "b")]
        pages = figure(credit(*rows), "citations", most=4).axes
        labels = [gid for ax in pages for gid in find_gids(ax) if gid.endswith("-label")]
        assert len(pages) == 2
        assert len(labels) == len(set(labels)) == 6
        assert "Page 2 of 2: rows 5 to 6 of 6." in " ".join(read_words(pages[1]))

    def test_without_a_citation_that_is_said(self):
        ax = draw(credit(("spa", "")))
        assert ax.get_title(loc="left") == "No source cites a study that is known"

    def test_without_a_claim_that_is_said(self):
        assert read_words(draw(credit())) == ["No source to show"]

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name):
        assert list_faults(draw(build_many(name=name, sources=6, studies=5))) == []

    def test_a_crowd_is_legible(self):
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
        assert {"spa", "trial"} <= set(read_words(ax))

    def test_all_is_drawn_larger_with_larger_words(self):
        rows = credit(("spa", "trial"), ("gym", ""))
        small, large = draw(rows), draw(rows, fontsize=16)
        assert list_faults(large) == []
        sizes = [find_gids(ax)["citations-c0-label"].get_fontsize() for ax in (small, large)]
        assert sizes[1] == pytest.approx(16 / SIZE * sizes[0])

    def test_its_table_is_for_readers(self):
        table = figure(credit(("spa", "trial", "uncertain")), "citations").table
        assert table.values.tolist() == [["spa", "trial", "study", "faithful", 1, 1]]

    def test_the_description_counts_what_is_shown(self):
        citations = credit(
            ("spa", "trial", "for"), ("gym", "trial", "uncertain"), ("gp", "", "for", "research")
        )
        expected = (
            "1 of 2 claims that cite a study is faithful to it. "
            "2 of 3 sources cite 1 study: faithful 1, overstated 1, untraceable 1. "
            "Cited by several: trial by 2. "
            "Credit somebody, but no study is known: gp (1 of 1 claim)."
        )
        assert describe(citations) == expected
