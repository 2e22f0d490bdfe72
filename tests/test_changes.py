from builders import build_claims, build_collection, sound_files, sound_tables, write_files

from claimbook.cli import main
from claimbook.compare.changes import CHANGE_COLUMNS, find_changes


def list_changes(old, new):
    changes = find_changes(build_collection(old), build_collection(new))
    assert changes.columns.tolist() == list(CHANGE_COLUMNS)
    return [
        (row.change, row.claim_id, row.column, row.old, row.new) for row in changes.itertuples()
    ]


def test_the_same_claims_in_another_order_are_no_change():
    claims = build_claims({"source": "spa"}, {"source": "gp"})
    assert list_changes(claims, claims.iloc[::-1]) == []


def test_a_level_coded_otherwise_turns_the_verdict():
    old = build_claims({"source": "spa"}, {"source": "gp"})
    new = old.assign(recommendation=["for", "against"])
    assert list_changes(old, new) == [
        ("verdict", "", "verdict", "agree", "conflict"),
        ("recoded", "b", "recommendation", "for", "against"),
    ]


def test_claims_that_come_and_go_are_told_with_what_they_say():
    old = build_claims({"claim": "It helps."})
    new = build_claims({"claim_id": "z", "aspect": "cause", "claim": "It cures."})
    assert list_changes(old, new) == [
        ("verdict", "", "verdict", "", "single source"),
        ("verdict", "", "verdict", "single source", ""),
        ("removed", "a", "claim", "It helps.", ""),
        ("added", "z", "claim", "", "It cures."),
    ]


def test_a_column_of_ones_own_that_comes_is_a_change():
    old = build_collection(build_claims({}))
    new = old._replace(claims=old.claims.assign(page="3"))
    changes = find_changes(old, new)
    assert set(changes["change"]) == {"recoded"}
    assert changes[["column", "old", "new"]].values.tolist() == [["page", "", "3"]]


def test_the_command_tells_verdicts_first(tmp_path, capsys):
    tables = sound_tables()
    tables["claims.csv"][3][5] = "against"
    old = write_files(tmp_path / "old", sound_files())
    new = write_files(tmp_path / "new", sound_files() | tables)
    assert main(["diff", str(old), str(new)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "verdict on massage / back pain / pain: qualify -> conflict"
    assert out[-1] == "1 verdicts turned, 1 cells changed"
    assert main(["diff", str(old), str(old)]) == 0
    assert "No claim and no verdict changed." in capsys.readouterr().out
    assert main(["diff", str(old), "nowhere"]) == 2
