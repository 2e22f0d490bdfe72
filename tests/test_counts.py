"""Every number is the number that the rules give, wherever it stands."""

import io
import json
from contextlib import redirect_stdout

import pandas as pd
from builders import read_html
from hypothesis import given, settings
from oracle import Rules
from test_oracle import SOURCES, build, draw_collections

from claimbook import figure
from claimbook.cli import main
from claimbook.collection.codebook import FACETS
from claimbook.measures import count_stances, find_shared, measure_robustness
from claimbook.report.answers import gather_clashes
from claimbook.report.findings import show_exceptions


def count_verdicts(rules, claims, **gather):
    told = list(rules.verdicts(claims, **gather).values())
    return {verdict: told.count(verdict) for verdict in set(told)}


def list_pairs(rules, claims, kind):
    return [row for row in rules.relations(claims) if row[-1] == kind]


@settings(max_examples=25)
@given(draw_collections())
def test_figures_and_measures_give_the_verdicts_of_the_rules(drawn):
    claims, vocabulary, _ = drawn
    rules, collection = Rules(vocabulary), build(claims, vocabulary)
    gathered = collection.gather_use()
    wanted = count_verdicts(rules, claims, aspect="use")
    assert measure_robustness(gathered)["verdict"].value_counts().to_dict() == wanted
    matrix = figure(gathered, "matrix", least=1).table
    shown = matrix.drop_duplicates(list(FACETS))["verdict"].value_counts().to_dict()
    assert shown == wanted
    cells = figure(gathered, "map").table
    assert cells["conflicts"].sum() == wanted.get("conflict", 0)
    assert cells["contradictions"].sum() == wanted.get("self-contradiction", 0)


@settings(max_examples=25)
@given(draw_collections())
def test_who_contradicts_itself_or_another_on_a_question_is_told_by_the_rules(drawn):
    claims, vocabulary, _ = drawn
    rules, gathered = Rules(vocabulary), build(claims, vocabulary).gather_use()
    by_id = {claim["claim_id"]: claim for claim in claims}
    own, direct = set(), set()
    for one, other, *_, kind in rules.relations(claims):
        pair = by_id[one], by_id[other]
        question = {rules.question(claim, {"aspect": "use"}) for claim in pair}
        if len(question) == 1 and kind == "self-contradiction":
            own.add((*question, pair[0]["source"]))
        if len(question) == 1 and kind == "direct":
            direct.add((*question, frozenset(claim["source"] for claim in pair)))
    told = set()
    for row in count_stances(gathered).to_dict("records"):
        if row["contradicts"]:
            told.add((tuple(rules.same(facet, row[facet]) for facet in FACETS), row["source"]))
    assert told == own
    told = set()
    for row in find_shared(gathered).to_dict("records"):
        if row["conflict"]:
            question = tuple(rules.same(facet, row[facet]) for facet in FACETS)
            told.add((question, frozenset((row["source_a"], row["source_b"]))))
    assert told == direct


@settings(max_examples=25)
@given(draw_collections())
def test_the_report_tells_a_conflict_and_an_exception_where_the_rules_do(drawn):
    claims, vocabulary, _ = drawn
    rules, collection = Rules(vocabulary), build(claims, vocabulary)
    clashes = gather_clashes(collection)
    assert any(clash.among != "own" for clash in clashes) == bool(
        list_pairs(rules, claims, "direct")
    )
    assert any(clash.contradicts for clash in clashes) == bool(
        list_pairs(rules, claims, "self-contradiction")
    )
    assert ("an exception, and no contradiction" in read_html(show_exceptions(collection))) == bool(
        list_pairs(rules, claims, "exception")
    )


def run(*words):
    out = io.StringIO()
    with redirect_stdout(out):
        main([*map(str, words), "--format", "json"])
    return json.loads(out.getvalue())


@settings(max_examples=15)
@given(draw_collections())
def test_every_command_gives_the_counts_of_the_rules(tmp_path_factory, drawn):
    claims, vocabulary, _ = drawn
    rules = Rules(vocabulary)
    folder = tmp_path_factory.mktemp("drawn")
    pd.DataFrame(claims).to_csv(folder / "claims.csv", index=False)
    pd.DataFrame(vocabulary).to_csv(folder / "vocabulary.csv", index=False)
    pd.DataFrame({"source": SOURCES, "kind": "article"}).to_csv(folder / "sources.csv", index=False)
    pairs = [(row["claim_a"], row["claim_b"], row["kind"]) for row in run("relate", folder)]
    assert pairs == [(row[0], row[1], row[-1]) for row in rules.relations(claims)]
    for words, gather in (((), {}), (("--roll-up", "aspect=use"), {"aspect": "use"})):
        told = [row["verdict"] for row in run("questions", folder, *words)]
        wanted = count_verdicts(rules, claims, **gather)
        assert {verdict: told.count(verdict) for verdict in set(told)} == wanted
    kinds = {row["kind"] for row in run("conflicts", folder)}
    assert kinds == {row[-1] for row in rules.relations(claims)} - {"", "care"}
    told = {row["claim_id"]: row["fidelity"] for row in run("trace", folder)}
    wanted = {claim["claim_id"]: rules.fidelity(claim, claims)[0] for claim in claims}
    assert told == {key: name for key, name in wanted.items() if name != "uncredited"}
