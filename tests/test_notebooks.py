"""Every notebook runs from top to bottom on any collection, and is stored clean."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from kernels import fork_kernels

import claimbook as cb
from claimbook.report.exporter import read_notebook, run_notebook

FOLDER = Path(__file__).parents[1] / "notebooks"
DATA = FOLDER.parent / "data"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
# these speak of published cases, and not of a collection
WITHOUT_COLLECTION = {"7-validation.ipynb"}
ONE_CLAIM = (
    "claim_id,source,condition,intervention,aspect,recommendation,claim\n"
    "c1,blog,poor sleep,coffee,effect,against,Coffee ruins sleep.\n"
)
# these compare sources, and must not stumble where there are none
WITHOUT_CLAIMS = ("4-who-agrees-with-whom.ipynb", "report.ipynb")
RUNS = [
    pytest.param((size, name), id=f"{name}-{size}")
    for size in ("real", "tiny", "empty")
    for name in (NOTEBOOKS if size != "empty" else WITHOUT_CLAIMS)
    if size == "real" or name not in WITHOUT_COLLECTION
]


@pytest.fixture(scope="module")
def runs(request, tmp_path_factory):
    """Run the notebooks that are asked for, two at a time and the longest first."""
    folders = {size: tmp_path_factory.mktemp(size) for size in ("tiny", "empty")}
    (folders["tiny"] / "claims.csv").write_text(ONE_CLAIM, encoding="utf-8")
    head = ONE_CLAIM.splitlines(keepends=True)[0]
    (folders["empty"] / "claims.csv").write_text(head, encoding="utf-8")
    params = (getattr(item, "callspec", None) for item in request.session.items)
    wanted = {spec.params["run"] for spec in params if spec and "run" in spec.params}
    wanted = sorted(wanted, key=lambda run: (-(FOLDER / run[1]).stat().st_size, run))
    with fork_kernels(), ThreadPoolExecutor(2) as pool:
        yield {run: pool.submit(execute, *run, folders.get(run[0])) for run in wanted}
        pool.shutdown(cancel_futures=True)


def execute(size, name, folder):
    path = FOLDER / name
    collection = "../data" if size == "real" else str(folder)
    if name in WITHOUT_COLLECTION:
        notebook = nbformat.read(path, as_version=4)
    else:
        notebook = read_notebook(path, collection=collection)
    if size == "tiny":  # what is made up is the same beside any collection
        notebook.cells = [cell for cell in notebook.cells if "crowd" not in cell.source]
    run_notebook(notebook, folder=folder or FOLDER)
    return notebook


class Pictures(HTMLParser):
    """The pictures of a page, the texts of what has an id, and what each picture is called."""

    def __init__(self, page):
        super().__init__()
        self.pictures, self.texts, self.ids, self._ids = [], {}, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("svg", "img") and attrs.get("aria-hidden") != "true":
            self.pictures.append(attrs)
        if "id" in attrs:
            self._ids = [attrs["id"]]
            self.ids += self._ids

    def handle_data(self, data):
        for key in self._ids:
            self.texts[key] = self.texts.get(key, "") + data

    def describe(self):
        for attrs in self.pictures:
            named = self.texts.get(attrs.get("aria-labelledby"), "")
            yield named or attrs.get("aria-label") or attrs.get("alt") or ""


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_a_notebook_runs_without_a_warning_and_describes_its_figures(runs, run):
    notebook = runs[run].result()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    for output in outputs:
        data, metadata = output.get("data", {}), output.get("metadata", {})
        for kind in (kind for kind in data if kind.startswith("image/")):
            assert len(metadata.get(kind, {}).get("alt", "").split()) > 1
    page = Pictures("\n".join(output.get("data", {}).get("text/html", "") for output in outputs))
    assert len(set(page.ids)) == len(page.ids)
    for description in page.describe():
        assert len(description.split()) > 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_stored_without_outputs_and_without_traces_of_a_machine(name):
    notebook = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert set(cell["metadata"]) <= {"tags"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert notebook["metadata"] == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_leads_only_to_files_that_are_there(name):
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for link in re.findall(r"\]\(([^)#]+)", prose):
        assert link.startswith("https://") or (FOLDER / link).exists()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_code_of_a_notebook_names_no_term_source_or_claim_of_the_first_collection(name):
    collection = cb.read_collection(DATA)
    words = {*collection.claims["claim_id"], *collection.sources["source"]}
    words |= {*collection.terms.find_terms("condition")}
    words |= {*collection.terms.find_terms("intervention")}
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert words.isdisjoint(re.findall(r"[\"']([^\"'\n]+)[\"']", code))


def test_what_is_told_of_the_first_collection_is_so():
    collection = cb.read_collection(DATA)
    prose = (FOLDER / "2-where-they-conflict.ipynb").read_text(encoding="utf-8")
    assert "credits *Annals of Internal Medicine*" in prose
    answers = cb.find_answers(collection, cb.choose_headline(collection)).set_index("claim_id")
    told, every, passive = (answers.loc[key] for key in ("002-066", "000-003", "001-001"))
    assert "Annals of Internal Medicine" in told["attribution"]
    assert (told["intervention"], told["stands"]) == ("deep tissue massage", "under")
    assert told["recommendation"] == "conditional for"
    assert (every["universal"], every["stands"]) == ("yes", "at")
    assert "passive" in passive["claim"]
    assert (passive["recommendation"], passive["stands"]) == ("against", "at")
    kinds = cb.relate_claims(collection).set_index(["claim_a", "claim_b"])["kind"]
    assert kinds["000-003", "002-066"] == "direct"
    assert kinds["001-001", "002-066"] == "exception"
    traces = cb.trace_claims(collection).set_index("claim_id")
    assert traces.loc["002-066", "fidelity"] == "untraceable"
    answers = answers[answers["stands"].isin(["at", "under"])]
    kind = answers["source"].map(collection.sources.set_index("source")["kind"])
    assert answers.loc[kind == "trial", "recommendation"].tolist() == ["uncertain"]
    assert answers.loc[kind == "guideline", "recommendation"].tolist() == ["against", "against"]


@pytest.mark.slow
def test_no_notebook_sees_what_another_has_left():
    left = "import builtins, matplotlib as m; builtins.left = m.rcParams['font.size'] = 20"
    asked = "import builtins, matplotlib as m; hasattr(builtins, 'left'), m.rcParams['font.size']"
    shown = []
    with fork_kernels():
        for source in (left, asked):
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
            run_notebook(notebook, folder=FOLDER)
            shown += notebook.cells[0].outputs
    assert [output.data["text/plain"] for output in shown] == ["(False, 10.0)"]


@pytest.mark.slow
@pytest.mark.parametrize("run", [("real", "2-where-they-conflict.ipynb")])
def test_the_pairs_told_of_are_shown(runs, run):
    (cell,) = (cell for cell in runs[run].result().cells if "relate_claims(asked" in cell.source)
    shown = cell.outputs[0].data["text/html"]
    assert all(word in shown for word in ("000-003", "001-001", "002-066", "direct", "exception"))


def test_the_notebooks_count_the_same_conflicts():
    collection = cb.read_collection(DATA)
    questions = cb.count_questions(collection.gather_use())
    points = cb.find_conflicts(collection)
    direct = points[(points["kind"] == "direct") & (points["narrower_condition"] == "")]
    assert len(direct) == (questions["verdict"] == "conflict").sum()
