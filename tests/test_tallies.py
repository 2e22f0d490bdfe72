"""Bars, cells and shared questions: who is counted where, and with which claims."""

import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import given, settings

from claimbook.measures import count_cells, count_pairs, find_bars, find_shared
from claimbook.measures.directions import SHARED_COLUMNS
from claimbook.measures.tallies import BAR_COLUMNS

FACETS = ["condition", "intervention", "aspect"]
KINDS = {
    "spa": "article", "blog": "blog", "page": "page", "study": "other study", "trial": "trial",
    "review": "review", "nice": "guideline", "gym": "",
}  # fmt: skip
RATED = build_terms(
    ("recommendation", "good", "", "1"),
    ("recommendation", "bad", "", "-1"),
    ("recommendation", "not rated"),
)


def say(*pairs, **common):
    rows = ({"source": source, "recommendation": level} for source, level in pairs)
    return build_claims(*rows, **common)


def side_of(levels, rules):
    """The side a source takes with some levels, read from the codebook's rule."""
    sides = {rules.side(level) for level in levels}
    if {-1, 1} <= sides:
        return "both"
    return "uncertain" if 0 in sides else "for" if 1 in sides else "against"


class TestBars:
    def test_each_source_stands_once_on_a_question_with_all_its_claims(self):
        bars, _ = find_bars(say(("spa", "for"), ("spa", "conditional for"), ("gym", "for")))
        assert bars[["source", "levels", "claims", "claim_ids"]].to_numpy().tolist() == [
            ["spa", ("for", "conditional for"), 2, ("a", "b")],
            ["gym", ("for",), 1, ("c",)],
        ]

    def test_sides_stand_from_against_over_uncertain_and_both_to_for(self):
        claims = say(
            ("a", "for"),
            ("b", "for"),
            ("b", "against"),
            ("c", "uncertain"),
            ("d", "conditional against"),
        )
        bars, _ = find_bars(claims)
        assert bars["side"].tolist() == ["against", "uncertain", "both", "for"]
        assert bars["source"].tolist() == list("dcba")

    def test_bars_are_higher_from_articles_to_guidelines_and_lowest_for_pages(self):
        claims = say(*((source, "for") for source in KINDS))
        terms = build_terms(("kind", "blog", "article"))
        bars, _ = find_bars(build_collection(claims, vocabulary=terms, kinds=KINDS))
        heights = dict(zip(bars["source"], bars["height"], strict=True))
        assert sorted(heights, key=heights.get)[4:] == ["study", "trial", "review", "nice"]
        assert heights["page"] < heights["blog"] == heights["gym"] == heights["spa"]
        assert bars["number"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]

    def test_sources_of_a_kind_are_numbered_as_the_table_lists_them(self):
        sources = pd.DataFrame({"source": ["b", "a"], "kind": "trial"})
        claims = say(("a", "for"), ("b", "for"))
        bars, _ = find_bars(build_collection(claims, sources=sources))
        assert bars[["source", "number"]].to_numpy().tolist() == [["b", 1], ["a", 2]]

    def test_a_source_off_the_scale_has_a_bar_of_its_own(self):
        claims = say(("a", "good"), ("b", "not rated"), ("c", "bad"))
        collection = build_collection(claims, vocabulary=RATED)
        bars, _ = find_bars(collection)
        assert bars["side"].tolist() == ["against", "off scale", "for"]
        cells = count_cells(collection)
        assert cells[["sources", "off_scale", "claims_off_scale"]].values.tolist() == [
            [3, 1, ("b",)]
        ]

    def test_only_sources_that_are_shown_are_numbered(self):
        claims = build_claims({"source": "z", "aspect": "sleep"}, {"source": "a"}, {"source": "b"})
        bars, left_out = find_bars(claims)
        assert bars["number"].tolist() == [1, 2]
        assert left_out == 1

    def test_questions_that_few_sources_answer_are_left_out_and_counted(self):
        claims = build_claims({}, {"source": "gym"}, {"aspect": "sleep"})
        assert find_bars(claims)[1] == 1
        assert find_bars(claims, least=1)[1] == 0

    def test_rows_by_aspect_hold_all_conditions_and_treatments(self):
        claims = build_claims(
            {"condition": "sprain"}, {"intervention": "heat", "recommendation": "against"}
        )
        bars, _ = find_bars(claims, by=["aspect"], least=1)
        assert bars[[*FACETS, "side"]].to_numpy().tolist() == [["", "", "pain", "both"]]
        assert not bars["contradicts"].any()

    @pytest.mark.parametrize("by", [[], ["source"], ["condition", "colour"]])
    def test_a_row_is_made_of_facets(self, by):
        with pytest.raises(ValueError, match="expected one or more of: condition, intervention"):
            find_bars(say(("spa", "for")), by=by)

    def test_no_claim_gives_no_bar(self):
        bars, left_out = find_bars(build_claims())
        assert (list(bars), len(bars), left_out) == (list(BAR_COLUMNS), 0, 0)

    @given(rules_and_claims())
    @settings(deadline=None, max_examples=50)
    def test_sides_are_those_of_the_codebook(self, case):
        rules, claims = case
        bars, _ = find_bars(build_collection(claims, vocabulary=rules.table()), least=1)
        groups = claims.groupby([*FACETS, "source"])["recommendation"]
        expected = {key: side_of(levels, rules) for key, levels in groups}
        found = bars.set_index([*FACETS, "source"])["side"].to_dict()
        assert found == expected

    def test_the_claims_are_left_as_they_are(self):
        claims = say(("spa", "for"), ("gym", "against"))
        before = claims.copy()
        find_bars(claims, by=["aspect"])
        count_cells(claims)
        find_shared(claims)
        pd.testing.assert_frame_equal(claims, before)


class TestCells:
    def test_a_source_counts_once_in_a_cell_however_many_claims_it_makes(self):
        cells = count_cells(say(("spa", "for"), ("spa", "for"), ("gym", "against")))
        columns = ["sources", "for", "uncertain", "against", "both"]
        assert cells[columns].to_numpy().tolist() == [[2, 1, 0, 1, 0]]
        assert cells["claims_for"][0] == ("a", "b")

    def test_sources_that_meet_on_no_question_share_a_cell_but_do_not_conflict(self):
        claims = build_claims({}, {"intervention": "heat", "source": "gym"})
        claims["recommendation"] = ["for", "against"]
        cells = count_cells(claims)
        assert cells[["for", "against", "conflicts"]].to_numpy().tolist() == [[1, 1, 0]]
        claims["intervention"] = "massage"
        assert count_cells(claims)["conflicts"].tolist() == [1]

    def test_a_source_on_both_sides_is_told_from_one_that_contradicts_itself(self):
        claims = build_claims({}, {"intervention": "heat"})
        claims["recommendation"] = ["for", "against"]
        cells = count_cells(claims)
        assert cells[["both", "contradictions"]].to_numpy().tolist() == [[1, 0]]
        assert cells["claims_both"][0] == ("a", "b")
        claims["intervention"] = "massage"
        assert count_cells(claims)["contradictions"].tolist() == [1]

    def test_terms_stand_in_the_order_of_the_vocabulary(self):
        terms = build_terms(
            *(("condition", name) for name in ("sprain", "back pain", "zoster", "cramp"))
        )
        claims = build_claims(
            *({"condition": name} for name in ("cramp", "zoster", "back pain", "sprain")),
            {"condition": "sprain", "aspect": "use"},
        )
        cells = count_cells(build_collection(claims, vocabulary=terms))
        assert cells["condition"].drop_duplicates().tolist() == [
            "sprain",
            "back pain",
            "zoster",
            "cramp",
        ]
        assert cells["aspect"].tolist()[:2] == ["use", "pain"]

    def test_terms_gathered_before_share_a_cell(self):
        claims = build_claims({}, {"aspect": "adjunct", "source": "gym"})
        gathered = build_collection(claims).gather_use()
        assert count_cells(gathered)["sources"].tolist() == [2]

    def test_any_two_facets_make_a_map(self):
        cells = count_cells(build_claims({}), rows="intervention", columns="condition")
        assert list(cells)[:2] == ["intervention", "condition"]

    @pytest.mark.parametrize("pair", [("aspect", "aspect"), ("source", "aspect")])
    def test_rows_and_columns_are_two_facets(self, pair):
        with pytest.raises(ValueError, match="expected two of: condition, intervention, aspect"):
            count_cells(build_claims({}), rows=pair[0], columns=pair[1])

    def test_no_claim_gives_no_cell(self):
        assert len(count_cells(build_claims())) == 0

    @given(rules_and_claims())
    @settings(deadline=None, max_examples=50)
    def test_every_source_and_claim_is_counted_in_its_cell(self, case):
        rules, claims = case
        cells = count_cells(build_collection(claims, vocabulary=rules.table()))
        expected = {}
        for (*cell, _), group in claims.groupby(["condition", "aspect", "source"]):
            side = side_of(group["recommendation"], rules)
            counts = expected.setdefault(tuple(cell), {})
            counts[side] = counts.get(side, 0) + 1
            counts[f"claims_{side}"] = counts.get(f"claims_{side}", set()) | set(group["claim_id"])
        assert len(cells) == len(expected)
        for row in cells.to_dict("records"):
            counts = expected[row["condition"], row["aspect"]]
            for side in ("for", "uncertain", "against", "both"):
                assert row[side] == counts.get(side, 0)
                ids = row[f"claims_{side}"]
                assert set(ids) == counts.get(f"claims_{side}", set())
                assert list(ids) == [key for key in claims["claim_id"] if key in ids]

    @given(rules_and_claims())
    @settings(deadline=None, max_examples=50)
    def test_conflicts_are_those_of_two_sources_on_one_question(self, case):
        rules, claims = case
        cells = count_cells(build_collection(claims, vocabulary=rules.table()))
        conflicts = 0
        for _, group in claims.groupby(FACETS):
            sides = [(rules.side(level), source) for level, source in
                     zip(group["recommendation"], group["source"], strict=True)]  # fmt: skip
            taken = {side for side, _ in sides if side}
            conflicts += len(taken) == 2 and len({source for side, source in sides if side}) > 1
        assert cells["conflicts"].sum() == conflicts


class TestShared:
    def test_the_claims_behind_a_pair_are_named(self):
        claims = say(("spa", "for"), ("gym", "against"), ("spa", "conditional for"))
        shared = find_shared(claims)
        assert shared[["source_a", "source_b", "claims_a", "claims_b"]].to_numpy().tolist() == [
            ["spa", "gym", ("a", "c"), ("b",)]
        ]
        assert shared[["level_a", "level_b"]].to_numpy().tolist() == [
            ["conditional for", "against"]
        ]

    def test_opposite_questions_come_first_then_those_that_differ(self):
        rows = [
            (aspect, source) for aspect in ("use", "pain", "cause") for source in ("spa", "gym")
        ]
        claims = build_claims(*({"aspect": aspect, "source": source} for aspect, source in rows))
        claims["recommendation"] = ["for", "for", "for", "uncertain", "for", "against"]
        shared = find_shared(claims)
        assert shared["aspect"].tolist() == ["cause", "pain", "use"]
        assert shared["opposite"].tolist() == [True, False, False]
        assert shared["equal"].tolist() == [False, False, True]

    def test_a_source_on_both_sides_has_no_level_but_is_in_conflict(self):
        shared = find_shared(say(("spa", "for"), ("spa", "against"), ("gym", "for")))
        assert list(shared) == list(SHARED_COLUMNS)
        columns = ["level_a", "level_b", "equal", "opposite", "conflict"]
        assert shared[columns].values.tolist() == [["", "for", False, False, True]]

    def test_sources_opposed_on_two_outcomes_are_not_in_conflict(self):
        claims = build_claims({"aspect": "sleep"}, {"aspect": "function", "source": "gym"})
        claims["recommendation"] = ["for", "against"]
        shared = find_shared(build_collection(claims).gather_use())
        assert shared[["opposite", "conflict"]].values.tolist() == [[True, False]]

    @pytest.mark.parametrize("claims", [build_claims(), build_claims({})])
    def test_fewer_than_two_sources_share_nothing(self, claims):
        assert len(find_shared(claims)) == 0

    @given(rules_and_claims(most=20))
    @settings(deadline=None, max_examples=50)
    def test_they_add_up_to_the_pairs(self, case):
        rules, claims = case
        shared = find_shared(build_collection(claims, vocabulary=rules.table()))
        rated = shared[(shared["level_a"] != "") & (shared["level_b"] != "")]
        sums = rated.groupby(["source_a", "source_b"], sort=False).agg(
            shared=("equal", "size"), equal=("equal", "sum"), opposite=("opposite", "sum")
        )
        pairs = count_pairs(build_collection(claims, vocabulary=rules.table()))
        assert sums.reset_index().to_numpy().tolist() == pairs.to_numpy().tolist()
        assert not (shared["opposite"] & ~shared["conflict"]).any()
