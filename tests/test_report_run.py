"""The report run on collections, and what its page holds."""

import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from claimbook import find_conflicts, read_collection
from claimbook.cli import main
from claimbook.collection.starter import find_notebook, write_starter
from claimbook.report.exporter import ReportExporter, run_notebook, write_report
from claimbook.report.page import hash_part

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[1] / "data"


def build_notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "topic"
    write_starter(folder)
    return folder


class Page(HTMLParser):
    """What a page is made of: tags, attributes, ids, links."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.attributes = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "xlink:href")]


def test_what_a_cell_says_aside_is_told_and_not_shown():
    notebook = build_notebook(nbformat.v4.new_code_cell("import sys; sys.stderr.write('a font')"))
    told = []
    run_notebook(notebook, folder=Path("."), tell=told.append)
    assert told[-1] == "cell 1 says: a font"
    page, _ = ReportExporter().from_notebook_node(notebook)
    assert "<pre>a font" not in page


def test_a_python_that_dies_is_told():
    cell = nbformat.v4.new_code_cell("import os; os._exit(1)")
    with pytest.raises(ValueError, match="the notebook's Python ended before"):
        run_notebook(build_notebook(cell), folder=Path("."))


def test_nbconvert_runs_and_exports_a_notebook_by_itself(tmp_path):
    notebook = Path(__file__).parents[1] / "notebooks" / "report.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "claimbook", "--execute"]
    done = subprocess.run(
        [*command, "--output-dir", tmp_path, notebook], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "seeks to address the root causes" in (tmp_path / "report.html").read_text(
        encoding="utf-8"
    )


def test_a_cell_that_fails_is_named_with_what_it_said():
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell("# why\n1 / 0")]
    told = []
    with pytest.raises(ValueError, match=r"cell 2 \(# why\) failed: ZeroDivisionError"):
        run_notebook(build_notebook(*cells), folder=Path("."), tell=told.append)
    assert told == ["cell 1 of 2: 1", "cell 2 of 2: # why"]


def test_a_report_that_fails_leaves_the_old_one(collection, tmp_path, capsys):
    old, own = tmp_path / "report.html", tmp_path / "own.ipynb"
    old.write_text("old")
    notebook = nbformat.read(find_notebook(), as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("1 / 0", id="wrong"))
    nbformat.write(notebook, own)
    arguments = ["report", str(collection), "--output", str(old), "--notebook", str(own)]
    assert main(arguments) == 2
    assert old.read_text() == "old"
    assert "ZeroDivisionError" in capsys.readouterr().err
    names = ["own.ipynb", "report.html", "topic"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_another_notebook_runs_beside_the_collection_wherever_it_lies(collection, tmp_path):
    cells = [
        nbformat.v4.new_code_cell("COLLECTION = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import os; sorted(os.listdir(COLLECTION))"),
    ]
    nbformat.write(build_notebook(*cells), tmp_path / "own.ipynb")
    write_report(collection, tmp_path / "own.html", notebook=tmp_path / "own.ipynb")
    assert "&#39;claims.csv&#39;" in (tmp_path / "own.html").read_text(encoding="utf-8")


def test_a_report_tells_at_its_head_what_is_set_aside(collection, tmp_path, capsys):
    path = collection / "claims.csv"
    path.write_text(path.read_text().replace("conditional against", "no", 1))
    output = tmp_path / "report.html"
    assert main(["report", str(collection), "--output", str(output)]) == 1
    assert "claims.csv, line 2: recommendation 'no' is no known" in capsys.readouterr().err
    page = output.read_text(encoding="utf-8")
    assert "set aside as wrong" in page.split("<h2")[0]
    assert "recommendation &#39;no&#39; is no known" in page


def test_nothing_in_a_cell_of_the_table_becomes_live(evil_path):
    page = Page(evil_path.read_text(encoding="utf-8"))
    assert page.tags.count("script") == 1
    assert page.tags.count("svg") > 1
    assert not {"img", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(not link.lower().startswith("javascript:") for link in page.links)


@pytest.fixture(scope="module")
def report(report_path):
    return report_path.read_text(encoding="utf-8")


def test_the_report_shows_the_conflicts_with_both_sides_words(report):
    shown = report.partition('<h2 id="conflicts"')[2].partition('<h2 id="exceptions"')[0]
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", shown)))
    collection = read_collection(DATA)
    points = find_conflicts(collection)
    points = points[points["kind"].isin(["direct", "self-contradiction"])]
    ids = {claim for side in ("claims_for", "claims_against") for claim in points[side].explode()}
    words = collection.claims.set_index("claim_id").loc[list(ids), ["claim", "quote"]]
    assert len(words) > 10
    assert all(word in text for word in words.to_numpy().ravel())


def test_where_the_claim_on_annals_is_shown_so_is_what_is_known_of_it(report):
    parts = re.findall(r'<tr id=.*?</tr>|<div class="card">.*?</div>', report, re.DOTALL)
    shown = [part for part in parts if "<q>Annals of Internal Medicine has reported</q>" in part]
    assert len(shown) > 3  # table of answers, question, conflict, row
    assert all("no such study or guideline is known" in part for part in shown)
    known = [part for part in shown if "No paper in Annals is known" in part]
    assert len(known) > 2
    assert all("<details" in part.split("No paper in Annals")[0] for part in known)


def test_the_published_text_names_no_file_command_or_setting(report):
    text = re.sub(r"<footer>.*?</footer>|<script>.*?</script>|<style>.*?</style>", "", report,
                  flags=re.DOTALL)  # fmt: skip
    text = unescape(re.sub(r"<[^>]+>", " ", text))
    assert not re.findall(r"\w+\.csv|\w+\.json|claimbook \w+ |--\w+", text)


def test_every_claim_is_in_the_report_at_its_address(report):
    page = Page(report)
    claims = [name for name in page.ids if name.startswith("claim-")]
    assert len(claims) == len(set(claims)) == len(read_collection(DATA).claims)


def test_no_id_stands_twice_and_every_link_within_leads_somewhere(report):
    page = Page(report)
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert all(link.startswith(("#", "https://", "data:")) for link in page.links)


def test_the_report_names_no_folder_of_the_machine(report):
    assert str(Path(__file__).parents[1]) not in report
    assert Path.home().as_posix() + "/" not in report


def test_the_same_collection_gives_the_same_bytes(report, tmp_path):
    write_report(DATA, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == report


@pytest.mark.parametrize("place", ["folder", "machine"])
def test_no_setting_of_the_machine_or_the_folder_changes_a_figure(tmp_path, monkeypatch, place):
    (tmp_path / "matplotlibrc").write_text("font.size: 20\nfigure.dpi: 50\nsvg.fonttype: path\n")
    if place == "machine":
        monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    asked = "import matplotlib; matplotlib.get_backend(), dict(matplotlib.rcParams)"
    shown = []
    for folder in (tmp_path, Path(__file__).parent):
        notebook = build_notebook(nbformat.v4.new_code_cell(asked))
        run_notebook(notebook, folder=folder)
        shown.append(notebook.cells[0].outputs[0].data["text/plain"])
        monkeypatch.delenv("MATPLOTLIBRC", raising=False)
    assert "'font.size': 10.0" in shown[0]
    assert shown[0] == shown[1]


def test_figures_have_descriptions_and_numbers(report):
    said = re.findall(r'<svg role="group" aria-labelledby="([^"]*)"', report)
    assert len(said) == len(set(said)) == report.count("<svg")
    assert report.count("The numbers behind the figure") >= 3
    for name in said:
        assert re.search(rf'<figcaption id="{name}">[^<]{{60,}}', report)


def test_the_report_stays_under_a_megabyte(report):
    assert len(report.encode()) < 1_000_000


def test_the_one_script_is_the_one_that_the_policy_allows(report):
    (script,) = re.findall(r"<script>(.*?)</script>", report, re.DOTALL)
    assert f"script-src '{hash_part(script)}';" in report
    assert len(script.encode()) < 12_000
    assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|document\.write", script)


def test_headings_go_down_one_step_at_a_time(report):
    steps = [int(tag[1]) for tag in Page(report).tags if re.fullmatch("h[1-6]", tag)]
    assert steps[0] == 1
    assert steps.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(steps))


def test_a_collection_of_one_claim_has_a_report_and_so_has_an_empty_one(collection, tmp_path):
    write_report(collection, tmp_path / "one.html")
    one = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "The one article says “no” more often than “yes”." in one
    path = collection / "claims.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    write_report(collection, tmp_path / "none.html")
    assert "No claims." in (tmp_path / "none.html").read_text(encoding="utf-8")


def test_a_csv_file_is_taken_as_a_collection(collection, tmp_path, capsys):
    output = tmp_path / "report.html"
    assert main(["report", str(collection / "claims.csv"), "--output", str(output)]) == 0
    assert "report.html" in capsys.readouterr().out
    assert output.stat().st_size > 5_000
