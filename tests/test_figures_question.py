"""What the figure of one question must show, read from its artists."""

import pytest
from builders import build_claims, build_collection, build_terms
from canvas import draw_figure, find_gids, list_faults, list_scale, read_words
from matplotlib.colors import to_hex

from claimbook import Vocabulary, choose_headline, figure
from claimbook.figures.layout import LINE, SIZE
from claimbook.figures.style import PAPER, find_colours, name_sides

COLOURS = find_colours(Vocabulary())
KINDS = {"trial": "trial", "nice": "guideline"}
ASKED = ("back pain", "massage", "pain")
PAINS = build_terms(
    ("condition", "back pain"), ("condition", "sciatica", "back pain"), ("intervention", "massage")
)
CLAIMS = build_claims(
    {"source": "spa", "claim": "It is as good as any."},
    {"source": "clinic", "recommendation": "against", "claim": "Never alone."},
    {"source": "nice", "recommendation": "uncertain"},
    {"source": "trial", "recommendation": "conditional for", "condition": "sciatica"},
)


def draw(claims, **options):
    return draw_figure("question", claims, **{"question": ASKED} | options)


def find_marks(ax):
    """Where the mark of each claim stands, by its id."""
    return {
        gid.removeprefix("question-"): (artist.get_xdata()[0], artist.get_ydata()[0])
        for gid, artist in find_gids(ax).items()
        if hasattr(artist, "get_xdata")
    }


def number(levels):
    """A claim at each level, numbered."""
    return build_claims(
        *({"claim_id": f"c{n}", "recommendation": level} for n, level in enumerate(levels))
    )


class TestMarks:
    def test_they_stand_at_the_scores_of_their_claims(self):
        marks = find_marks(draw(CLAIMS, vocabulary=PAINS))
        x = {gid: place for gid, (place, _) in marks.items()}
        assert x["b"] < x["c"] < x["d"] < x["a"]
        assert (x["a"] - x["c"]) == pytest.approx(2 * (x["d"] - x["c"]))
        assert (x["a"] - x["c"]) == pytest.approx(x["c"] - x["b"])

    def test_the_marker_and_a_word_tell_the_kind_of_source(self):
        ax = draw(CLAIMS, vocabulary=PAINS, kinds=KINDS)
        marks = find_gids(ax)
        shapes = [marks[f"question-{gid}"].get_marker() for gid in "abcd"]
        assert shapes[0] == shapes[1]
        assert len(set(shapes)) == 3
        assert marks["question-c-name"].get_text() == "nice, guideline"
        assert {"article", "guideline", "trial"} <= set(read_words(ax))

    def test_without_kinds_all_are_alike_and_none_is_explained(self):
        ax = figure(CLAIMS, "question", question=ASKED).axes[0]
        assert {find_gids(ax)[f"question-{gid}"].get_marker() for gid in "abc"} == {"o"}
        assert "kind not given" not in read_words(ax)

    def test_a_source_of_unknown_kind_is_no_article(self):
        ax = draw(CLAIMS, vocabulary=PAINS, kinds=KINDS | {"spa": ""})
        marks = find_gids(ax)
        assert marks["question-a"].get_marker() != marks["question-b"].get_marker()
        assert "kind not given" in read_words(ax)

    def test_a_narrower_claim_has_an_open_mark_and_its_term(self):
        marks = find_gids(draw(CLAIMS, vocabulary=PAINS))
        assert marks["question-d"].get_markerfacecolor() == PAPER
        assert marks["question-d-foot"].get_text() == "narrower: sciatica"
        assert to_hex(marks["question-a"].get_markerfacecolor()) == COLOURS["for"]
        assert "question-a-foot" not in marks

    def test_strongest_claims_come_first_and_articles_before_studies(self):
        claims = build_claims(
            {"source": "trial"}, {"recommendation": "conditional for"}, {"source": "clinic"}
        )
        heights = {gid: y for gid, (_, y) in find_marks(draw(claims, kinds=KINDS)).items()}
        assert heights["c"] < heights["a"] < heights["b"]

    def test_marks_and_words_link_to_their_claim(self):
        named = find_gids(draw(CLAIMS, vocabulary=PAINS))
        assert len(named) == 4 * len(("mark", "name", "claim")) + len(["foot"])
        assert all(artist.get_url() == f"#claim-{gid[9]}" for gid, artist in named.items())


class TestSides:
    def test_against_is_on_the_left_and_for_on_the_right_the_middle_below(self):
        ax = draw(CLAIMS, vocabulary=PAINS)
        texts, marks = find_gids(ax), find_marks(ax)
        places = {gid: texts[f"question-{gid}-claim"].get_position() for gid in "abcd"}
        assert places["b"][0] < min(x for x, _ in marks.values())
        assert places["a"][0] > max(x for x, _ in marks.values())
        assert places["d"][0] == places["a"][0]
        assert places["c"][1] > max(places[gid][1] for gid in "abd")

    def test_they_are_named_with_their_counts(self):
        words = read_words(draw(CLAIMS, vocabulary=PAINS))
        assert {"← against: 1", "uncertain: 1", "for: 2 →"} <= set(words)

    def test_each_has_its_own_tint(self):
        ax = draw(CLAIMS, vocabulary=PAINS)
        against, middle, for_ = ax.patches[:3]
        zero = find_marks(ax)["c"][0]
        assert against.get_x() + against.get_width() == pytest.approx(zero)
        assert for_.get_x() == pytest.approx(zero)
        assert len({to_hex(patch.get_facecolor()) for patch in (against, middle, for_)}) == 3

    @pytest.mark.parametrize("scores", [{"a": 1, "b": 5}, {"a": -1, "b": -5}, {"a": 0, "b": 0}])
    def test_a_one_sided_scale_has_but_its_own_side(self, scores):
        scale = list_scale(**scores)
        ax = draw(number("ab"), vocabulary=scale)
        assert list_faults(ax) == []
        (side,) = name_sides(build_collection(build_claims(), vocabulary=scale)).values()
        assert sum(f"{side}: 2" in words for words in read_words(ax)) == 1

    def test_what_is_off_the_scale_stands_below_all_at_no_score(self):
        levels = ["good", "unproven", "bad"]
        ax = draw(number(levels), vocabulary=list_scale(good=1, bad=-1, unproven=""))
        heights = {gid: y for gid, (_, y) in find_marks(ax).items()}
        assert heights["c1"] > max(heights["c0"], heights["c2"])
        assert "unproven: 1" in read_words(ax)
        assert list_faults(ax) == []


class TestWords:
    @pytest.mark.parametrize(
        ("cells", "foot"),
        [
            ({"attribution": "Annals"}, "credits “Annals”"),
            ({"attribution": "Annals", "cited_study": "trial"}, "credits “Annals” → trial"),
            ({"cited_study": "trial"}, "cites trial"),
            ({"universal": "yes"}, "of every case"),
            ({"speaker": "a professor"}, "said by a professor"),
            ({}, ""),
        ],
    )
    def test_what_a_claim_leans_on_stands_beside_it(self, cells, foot):
        columns = {"attribution": "", "cited_study": "", "universal": "", "speaker": ""}
        claims = build_claims(cells, **columns)
        words = find_gids(draw(claims, kinds=KINDS))
        assert [words[gid].get_text() for gid in words if gid.endswith("-foot")] == [foot][
            : len(foot)
        ]

    def test_the_claims_are_whole(self):
        text = "It helps some people, so they say, if they are patient enough to wait for it. "
        claims = build_claims(
            *({"claim": text * (n % 3 + 1), "source": f"s{n}"} for n in range(12))
        )
        pages = figure(claims, "question", question=ASKED).axes
        texts = {gid: text for ax in pages for gid, text in find_gids(ax).items()}
        for claim in claims.itertuples():
            words = texts[f"question-{claim.claim_id}-claim"].get_text()
            assert " ".join(words.split()) == claim.claim.strip()

    def test_pages_of_a_crowd_hold_every_claim_once(self):
        claims = number(["for", *["conditional for"] * 58, "for", "against"])
        pages = figure(claims, "question").axes
        drawn = [gid for ax in pages for gid in find_gids(ax) if gid.endswith("-name")]
        assert sorted(drawn) == sorted(f"question-{claim}-name" for claim in claims["claim_id"])
        assert {"← against: 1", "for: 60 →"} <= set(read_words(pages[0]))
        assert [list_faults(ax) for ax in pages] == [[]] * len(pages)

    def test_the_description_asks_and_names_who_stands_where(self):
        found = "Of 3 sources, 1 says “for”, 1 “against”, 1 “uncertain”."
        said = "3 claims. “against”: 1 (clinic). “uncertain”: 1 (nice). “for”: 1 (spa)."
        asked = Vocabulary().ask(*ASKED)
        assert figure(CLAIMS, "question", question=ASKED).alt == f"{found} {asked} {said}"

    def test_no_answer_is_said(self):
        ax = draw(build_claims({}), question=("back pain", "massage", "cause"))
        assert "No claim answers this question" in read_words(ax)
        assert list_faults(ax) == []


def test_without_a_question_it_shows_the_headline():
    assert figure(CLAIMS, "question").question == choose_headline(CLAIMS)


def test_what_is_no_question_is_refused():
    with pytest.raises(ValueError, match="question is 'pain', expected"):
        figure(CLAIMS, "question", question="pain")


def test_a_term_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="condition 'bak pain' is neither declared nor used"):
        figure(CLAIMS, "question", question=("bak pain", "massage", "pain"))


def test_what_it_finds_is_its_title_unless_another_is_given():
    found, other, none = (
        figure(CLAIMS, "question", question=ASKED, title=title).draw().axes[0].get_title(loc="left")
        for title in (None, "Massage", "")
    )
    assert found == "Of 3 sources, 1 says “for”, 1 “against”, 1 “uncertain”"
    assert (other, none) == ("Massage", "")


def test_the_size_follows_the_claims():
    small, large = (figure(number(["for"] * n), "question").size() for n in (1, 8))
    assert small[0] == large[0]
    assert large[1] > small[1] + 7 * 2 * LINE * SIZE / 72


def test_the_table_holds_the_answers_the_farthest_from_the_middle_first():
    table = figure(CLAIMS, "question", question=ASKED).table
    assert table["claim_id"].tolist() == ["a", "b", "c"]
    assert "foot" not in table
