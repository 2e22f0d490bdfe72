"""The explorer follows what is chosen, tells what was picked, and leaves a page behind."""

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from builders import build_claims, build_terms, sound_files, write_files

from claimbook import Collection, count_questions, explore, figure, read_collection
from claimbook.collection.starter import write_explorer
from claimbook.notebook.explorer.controls import load_widgets
from claimbook.notebook.explorer.page import MOST_QUESTIONS
from claimbook.notebook.explorer.widget import MOST_OPTIONS
from claimbook.report.exporter import ReportExporter, read_notebook, run_notebook

DATA = Path(__file__).parents[1] / "data"
AT_FIRST = ({}, (("aspect", "use"),))
QUESTION = ("back pain", "massage", "use")
ROWS = (
    {"source": "spa", "aspect": "pain"},
    {"source": "clinic", "aspect": "contraindication", "recommendation": "against"},
    {"source": "spa", "condition": "sciatica", "claim": "No word."},
)


def collect(*rows, kinds=("article", "trial")):
    claims = build_claims(*rows)
    keys = list(dict.fromkeys(claims["source"]))
    sources = pd.DataFrame({"source": keys, "kind": [*kinds, *[""] * len(keys)][: len(keys)]})
    terms = build_terms(("condition", "back pain"), ("condition", "sciatica", "back pain"))
    return Collection.from_frame(claims, sources, terms)


@pytest.fixture
def explorer():
    return explore(collect(*ROWS))


def ids(claims):
    return claims["claim_id"].tolist()


def see(explorer):
    """What the panes show."""
    return {name: pane.value for name, pane in explorer._panes.items()}


def test_at_first_it_shows_every_claim_and_takes_together_what_bears_on_use(explorer):
    assert explorer.choice == AT_FIRST
    assert ids(explorer.claims) == ids(explorer.selection) == ["a", "b", "c"]
    assert explorer.questions["verdict"].tolist() == ["conflict", "single source"]


def test_each_list_narrows_the_claims(explorer):
    for name, value, left in (
        ("conditions", "sciatica", ["c"]),
        ("conditions", "back pain", ["a", "b", "c"]),
        ("aspects", "effect", ["a", "c"]),
        ("aspects", "use", ["a", "b", "c"]),
        ("sources", "clinic", ["b"]),
        ("kinds", "article", ["a", "c"]),
        ("levels", "against", ["b"]),
    ):
        explorer.controls[name].value = (value,)
        assert ids(explorer.claims) == left
        explorer.controls[name].value = ("",)
    explorer.controls["words"].value = "NO WORD"
    assert ids(explorer.claims) == ["c"]


def options(explorer, name):
    return [label for label, _ in explorer.controls[name].options]


def test_the_numbers_in_a_list_follow_what_is_chosen_in_the_others(explorer):
    assert options(explorer, "levels") == ["all levels", "++ for (2)", "−− against (1)"]
    explorer.controls["sources"].value = ("spa",)
    assert options(explorer, "levels") == ["all levels", "++ for (2)"]
    assert options(explorer, "sources") == ["all sources", "spa (2)", "clinic (1)"]


def test_what_is_chosen_stays_in_its_list_though_it_shows_nothing(explorer):
    explorer.controls["levels"].value = ("against",)
    explorer.controls["words"].value = "no word"
    assert options(explorer, "levels") == ["all levels", "++ for (1)", "−− against (0)"]
    assert explorer.controls["levels"].value == ("against",)
    assert explorer.claims.empty


def test_a_verdict_is_chosen_and_kept_under_a_level(explorer):
    explorer.controls["verdicts"].value = ("conflict",)
    assert ids(explorer.claims) == ["a", "b"]
    explorer.controls["levels"].value = ("against",)
    assert ids(explorer.claims) == ["b"]
    assert explorer.questions["verdict"].tolist() == ["conflict"]
    assert "≠" in see(explorer)["matrix"]


def test_a_name_is_found_in_the_lists_and_what_is_chosen_stays(explorer):
    explorer.controls["sources"].value = ("spa",)
    explorer.controls["find"].value = "SCIAT"
    assert options(explorer, "conditions") == ["all conditions", "\u2003sciatica (1)"]
    assert options(explorer, "sources") == ["all sources", "spa (2)"]
    assert ids(explorer.claims) == ["a", "c"]
    explorer.controls["find"].value = ""
    assert len(options(explorer, "conditions")) == 3


def test_a_matrix_of_many_questions_is_paged():
    rows = [{"claim_id": str(n), "intervention": f"a{n}"} for n in range(MOST_QUESTIONS + 7)]
    explorer = explore(collect(*rows))
    assert explorer.controls["columns"].layout.display == "none"
    assert options(explorer, "rows") == ["1 to 60 of 67", "61 to 67 of 67"]
    explorer.controls["rows"].value = MOST_QUESTIONS
    assert see(explorer)["matrix"].count('scope="row"') == 7
    explorer.controls["cell"].value = "6,0"
    assert ids(explorer.selection) == [str(MOST_QUESTIONS + 6)]
    explorer.controls["words"].value = "no such word"
    assert explorer.controls["rows"].layout.display == "none"


def test_the_collections_own_words_stand_in_the_lists():
    words = {"words": {"condition": "case", "source": ["witness", "witnesses"]}}
    explorer = explore(Collection.from_frame(build_claims({}), metadata=words))
    assert explorer.controls["conditions"].description == "Case"
    assert options(explorer, "sources")[0] == "all witnesses"
    assert "1 claim by 1 witness on 1 question" in explorer.describe()


def test_everything_beside_a_choice_does_not_widen_it(explorer):
    explorer.controls["levels"].value = ("", "against")
    assert ids(explorer.claims) == ["b"]
    explorer.controls["levels"].value = ()
    assert len(explorer.claims) == 3


def test_matrix_claims_and_words_follow_a_choice(explorer):
    before = see(explorer)
    explorer.controls["conditions"].value = ("sciatica",)
    after = see(explorer)
    assert "1 question" not in after["matrix"]
    assert after["matrix"] != before["matrix"]
    assert after["matrix"].count('scope="row"') == 1
    assert after["claims"].count('class="card"') == 1
    assert "condition sciatica" in after["chosen"]


def test_terms_can_stand_for_themselves(explorer):
    explorer.controls["together"].value = (("", ""),)
    assert explorer.questions["aspect"].tolist() == ["pain", "contraindication", "pain"]


def test_a_question_and_then_a_source_are_picked_from_lists(explorer):
    explorer.controls["question"].value = QUESTION
    assert ids(explorer.selection) == ["a", "b"]
    assert [value for _, value in explorer.controls["source"].options] == ["", "spa", "clinic"]
    explorer.controls["source"].value = "clinic"
    assert ids(explorer.selection) == ["b"]
    assert ids(explorer.claims) == ["a", "b", "c"]
    assert "by clinic" in see(explorer)["chosen"]


def test_a_source_without_a_question_is_picked_too(explorer):
    explorer.controls["source"].value = "spa"
    assert ids(explorer.selection) == ["a", "c"]


def test_a_pick_outlives_a_choice_that_leaves_it_and_no_other(explorer):
    explorer.controls["question"].value = QUESTION
    explorer.controls["source"].value = "clinic"
    explorer.controls["levels"].value = ("against",)
    assert ids(explorer.selection) == ["b"]
    explorer.controls["levels"].value = ("for",)
    assert explorer.controls["question"].value == QUESTION
    assert explorer.controls["source"].value == ""
    explorer.controls["conditions"].value = ("sciatica",)
    assert explorer.controls["question"].value is None
    assert ids(explorer.selection) == ["c"]


def test_a_click_on_a_cell_picks_it_and_another_lets_go(explorer):
    for _ in range(2):
        explorer.controls["cell"].value = "0,1"
        assert explorer.controls["question"].value == QUESTION
        assert ids(explorer.selection) == ["b"]
        assert see(explorer)["mark"].count("0,1") == 1
        explorer.controls["cell"].value = "0,1"
        assert ids(explorer.selection) == ["a", "b", "c"]
        assert see(explorer)["mark"] == ""


@pytest.mark.parametrize(
    ("place", "left"),
    [("0,", ["a", "b"]), (",0", ["a", "c"]), (",", ["a", "b", "c"]), ("1,1", ["a", "b", "c"])],
)
def test_a_click_on_a_head_picks_a_row_or_a_column_and_one_on_nothing_nothing(
    explorer, place, left
):
    explorer.controls["cell"].value = place
    assert ids(explorer.selection) == left


def test_to_start_again_takes_everything_back(explorer):
    before = see(explorer)
    explorer.controls["conditions"].value = ("sciatica",)
    explorer.controls["words"].value = "word"
    explorer.controls["together"].value = (("", ""),)
    explorer.controls["source"].value = "spa"
    explorer.controls["clear"].click()
    assert see(explorer) == before
    assert explorer.choice == AT_FIRST


def test_what_is_handed_out_is_the_users_own(explorer):
    for table in (explorer.claims, explorer.selection, explorer.questions):
        table[table.columns[-1]] = table["condition"] = "spoiled"
    assert set(explorer.claims["condition"]) == {"back pain", "sciatica"}
    assert set(explorer.selection["condition"]) == {"back pain", "sciatica"}
    assert explorer.questions["verdict"].tolist() == ["conflict", "single source"]


def test_a_choice_that_fits_nothing_shows_so_and_is_taken_back(explorer):
    explorer.controls["words"].value = "no such word"
    assert explorer.claims.empty
    assert explorer.selection.empty
    assert "No claim fits" in see(explorer)["matrix"]
    explorer.controls["words"].value = ""
    assert len(explorer.selection) == 3


def test_a_list_of_very_many_questions_ends_somewhere():
    rows = [{"claim_id": str(n), "intervention": f"a{n}"} for n in range(MOST_OPTIONS + 7)]
    explorer = explore(collect(*rows))
    assert len(explorer.controls["question"].options) == MOST_OPTIONS + 1
    assert f"({MOST_OPTIONS + 7})" in explorer.controls["question"].options[0][0]
    assert len(explorer.questions) == MOST_OPTIONS + 7


def test_a_collection_of_claims_alone_can_be_explored(tmp_path):
    files = {"claims.csv": sound_files()["claims.csv"]}
    explorer = explore(read_collection(write_files(tmp_path / "data", files)))
    assert len(explorer.claims) == 4
    assert explore(build_claims({}).head(0)).claims.empty
    assert ids(explore(build_claims({})).claims) == ["a"]


def test_labels_stand_where_people_read_and_keys_where_programs_do(explorer):
    real = explore(read_collection(DATA))
    assert "NICE NG59" in see(real)["matrix"]
    real.controls["sources"].value = ("nice_ng59",)
    assert set(real.claims["source"]) == {"nice_ng59"}
    assert "source NICE NG59" in real.describe()


def test_every_control_says_what_it_is_for(explorer):
    named = {name: control.description for name, control in explorer.controls.items()}
    assert all(named[name] for name in named if name != "cell")
    assert explorer.controls["cell"].layout.display == "none"


def test_what_is_chosen_and_picked_can_be_drawn_and_counted(explorer):
    explorer.controls["aspects"].value = ("use",)
    explorer.controls["question"].value = QUESTION
    assert ids(explorer.picked.claims) == ids(explorer.selection) == ["a", "b"]
    assert count_questions(explorer.picked)["claims"].tolist() == [2]
    alt = figure(explorer.chosen, "matrix").alt
    assert "By verdict: conflict 1; 2 sources." in alt


def test_a_missing_library_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr("claimbook.notebook.explorer.controls.import_module", _fail)
    with pytest.raises(ModuleNotFoundError, match=r"ipywidgets: pip install 'claimbook\[lab\]'"):
        load_widgets()


def _fail(name):
    raise ModuleNotFoundError(name=name)


def test_a_path_is_told_how_it_is_read():
    with pytest.raises(TypeError, match="read_collection"):
        explore("data")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("explored") / "data", sound_files())


@pytest.fixture(scope="module")
def notebook(folder):
    """The explorer's notebook, run, and in its next cells used."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(source)
        for source in (
            "import claimbook as cb\nexplorer = cb.explore(cb.read_collection())\nexplorer",
            "explorer.controls['conditions'].value = ('sciatica',)",
            "explorer.controls['cell'].value = '0,0'",
            "explorer.selection['source'].unique().tolist()",
        )
    ]
    run_notebook(notebook, folder=folder.parent)
    return notebook


@pytest.mark.slow
def test_the_saved_notebook_holds_widgets_and_the_view_as_it_was_last(notebook):
    widgets, page = (output.data for output in notebook.cells[0].outputs)
    assert "application/vnd.jupyter.widget-view+json" in widgets
    assert "text/html" not in widgets
    assert page["text/html"].startswith('<div class="claimbook-view claimbook-snapshot')
    assert "condition sciatica" in page["text/plain"]
    assert "Picked: claims on massage for sciatica: use by clinic" in page["text/plain"]
    assert notebook.cells[3].outputs[0].data["text/plain"] == "['clinic']"


@pytest.mark.slow
def test_an_exported_page_shows_the_view_and_no_dead_widget(notebook):
    page, _ = ReportExporter().from_notebook_node(notebook)
    assert page.count('class="claimbook-view claimbook-snapshot') == 1
    assert "condition sciatica" in page
    for dead in ("widget-view", "run this cell", "onclick", "onerror"):
        assert dead not in page


@pytest.mark.slow
def test_two_runs_leave_the_same_page(notebook, folder):
    explorer = explore(read_collection(folder))
    explorer.controls["conditions"].value = ("sciatica",)
    explorer.controls["cell"].value = "0,0"
    kept = notebook.cells[0].outputs[1]["data"]["text/html"]
    assert explorer._write_snapshot()["text/html"] == kept


@pytest.mark.parametrize("name", ["claims.csv", "second.csv", 'one "two" \\.csv'])
def test_the_notebook_beside_a_collection_reads_it(tmp_path, name):
    folder = write_files(tmp_path / "data", sound_files())
    if name != "claims.csv":
        (folder / "claims.csv").rename(folder / name)
    for path in (folder / name, folder)[: 1 + (name == "claims.csv")]:
        notebook = nbformat.read(write_explorer(path), as_version=4)
        place = {}
        exec(notebook.cells[1].source, place)
        assert len(read_collection(folder / place["COLLECTION"]).claims) == 4


def test_a_notebook_that_is_there_is_opened_as_it_is(tmp_path):
    own = tmp_path / "explore.ipynb"
    own.write_text("mine")
    assert write_explorer(tmp_path) == own
    assert own.read_text() == "mine"


def test_a_csv_of_another_name_gets_a_notebook_of_its_own(tmp_path):
    assert write_explorer(tmp_path / "first.csv") == tmp_path / "explore-first.ipynb"


def test_where_nothing_can_be_written_the_notebook_lies_elsewhere_and_names_the_collection(
    tmp_path,
):
    path = tmp_path / "no such folder" / "claims.csv"
    notebook = write_explorer(path)
    assert not notebook.is_relative_to(tmp_path)
    source = nbformat.read(notebook, as_version=4).cells[1].source
    assert source.startswith(f"COLLECTION = {json.dumps(str(path))}")


@pytest.mark.slow
def test_the_notebook_takes_a_collection_as_its_parameter(tmp_path):
    folder = write_files(tmp_path / "data", sound_files())
    notebook = read_notebook(write_explorer(folder), collection=".")
    run_notebook(notebook, folder=folder)
    kept = [o for cell in notebook.cells for o in cell.get("outputs", []) if "data" in o]
    assert "4 claims by 3 sources" in kept[1].data["text/plain"]
