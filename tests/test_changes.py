"""What changed between two versions, and what turned with it."""

from small import collect, tree

from claimbook.compare.changes import CHANGE_COLUMNS, find_changes

AGAINST = {"recommendation": "against"}
SPA, GP = {"source": "spa"}, {"source": "gp"}


def list_changes(old, new, *kinds):
    changes = find_changes(old, new)
    assert changes.columns.tolist() == list(CHANGE_COLUMNS)
    rows = changes[["change", "claim_id", "column", "old", "new"]].values.tolist()
    return [tuple(row) for row in rows if not kinds or row[0] in kinds]


def test_the_same_claims_in_another_order_are_no_change():
    old = collect(SPA, GP)
    new = collect(
        GP | {"claim_id": "b", "claim": "Claim 1."}, SPA | {"claim_id": "a", "claim": "Claim 0."}
    )
    assert list_changes(old, new) == []


def test_a_level_coded_otherwise_turns_the_verdict_and_makes_a_point():
    assert list_changes(collect(SPA, GP), collect(SPA, GP | AGAINST)) == [
        ("verdict", "", "verdict", "agree", "conflict"),
        ("point", "", "direct", "", "spa ≠ gp"),
        ("recoded", "b", "recommendation", "for", "against"),
    ]


def test_claims_that_come_and_go_are_told_with_what_they_say():
    old = collect({"claim": "It helps."})
    new = collect({"claim_id": "z", "aspect": "cause", "claim": "It cures."})
    assert list_changes(old, new, "removed", "added") == [
        ("removed", "a", "claim", "It helps.", ""),
        ("added", "z", "claim", "", "It cures."),
    ]


def test_a_fidelity_that_turns_is_told():
    rows = SPA | {"cited_study": "trial"}, {"source": "trial"}
    turned = rows[0], rows[1] | {"recommendation": "uncertain"}
    assert list_changes(collect(*rows), collect(*turned), "fidelity") == [
        ("fidelity", "a", "fidelity", "faithful", "overstated")
    ]


def test_terms_and_kinds_that_change_are_told():
    terms = tree("condition", ("back pain", "")), tree("condition", ("back pain", ""), ("pain", ""))
    kinds = [[{"source": "spa", "kind": kind}] for kind in ("article", "trial")]
    old, new = (collect(SPA, terms=terms[place], sources=kinds[place]) for place in (0, 1))
    changes = find_changes(old, new)
    assert changes[["change", "name", "column", "old", "new"]].values.tolist() == [
        ["source", "spa", "kind", "article", "trial"],
        ["term", "condition pain", "term", "", "condition pain"],
    ]


def test_who_coded_is_no_news_and_a_column_of_ones_own_is():
    old = collect(SPA | {"coder": "ab"})
    new = collect(SPA | {"coder": "cd", "page": "3"})
    assert list_changes(old, new) == [("recoded", "a", "page", "", "3")]
