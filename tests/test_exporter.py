import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from claimbook.cli import main
from claimbook.collection.starter import write_starter
from claimbook.report.exporter import ReportExporter, read_notebook, run_notebook, write_report
from claimbook.report.page import hash_part


def build_notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def export(*cells):
    return ReportExporter().from_notebook_node(build_notebook(*cells))[0]


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


def test_a_page_allows_no_script_and_asks_nothing_of_the_network():
    page = export(nbformat.v4.new_markdown_cell("# Massage"))
    meta = re.search(r'content="(default-src[^"]*)"', page)
    policy = meta[1]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not re.search(r"<script|<link|@import|src=\"http", page)


def test_code_is_there_on_demand_and_escaped():
    page = export(nbformat.v4.new_code_cell("print('<b>')"))
    assert "<summary>Code</summary><pre><code>print(&#39;&lt;b&gt;&#39;)" in page


def test_all_that_a_cell_may_print_is_shown():
    cell = nbformat.v4.new_code_cell("x")
    output = nbformat.v4.new_output
    cell.outputs = [
        output("stream", text="a stream"),
        output("execute_result", data={"text/plain": "a result"}),
        output("display_data", data={"text/html": "<p>a display</p>"}),
        output(
            "display_data",
            data={"image/png": "AAAA"},
            metadata={"image/png": {"alt": 'a "bar"'}},
        ),
    ]
    page = export(cell)
    for text in ("a stream", "a result", "<p>a display</p>", 'alt="a &#34;bar&#34;"'):
        assert text in page


def test_what_a_cell_says_aside_is_told_and_not_shown():
    notebook = build_notebook(nbformat.v4.new_code_cell("import sys; sys.stderr.write('a font')"))
    told = []
    run_notebook(notebook, folder=Path("."), tell=told.append)
    assert told[-1] == "cell 1 says: a font"
    page, _ = ReportExporter().from_notebook_node(notebook)
    assert "<pre>a font" not in page


def test_any_notebook_gets_contents_and_no_script():
    page = export(nbformat.v4.new_markdown_cell("# Mine\n\n## One\n\n## Two\n\n$x$ <b>b</b>"))
    assert '<li><a href="#two">Two</a></li>' in page
    assert '<h2 id="two">Two</h2>' in page
    assert "$x$ <b>b</b>" in page
    assert "<script" not in page


def test_a_picture_without_words_is_said_to_be_so():
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("display_data", data={"image/png": "AAAA"})]
    assert 'alt="A picture that nobody has described"' in export(cell)
    cell.metadata["alt"] = ""
    assert 'alt=""' in export(cell)


def test_a_widget_leaves_no_trace_of_its_code():
    cell, view = nbformat.v4.new_code_cell("x"), "application/vnd.jupyter.widget-view+json"
    data = {view: {}, "text/plain": "interactive(children=())"}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    assert "interactive(" not in export(cell)


def test_a_cell_tagged_parameters_is_followed_by_the_collection_given(tmp_path):
    cell = nbformat.v4.new_code_cell('COLLECTION = "../data"', metadata={"tags": ["parameters"]})
    nbformat.write(build_notebook(cell), tmp_path / "own.ipynb")
    notebook = read_notebook(tmp_path / "own.ipynb", collection='a "b"')
    assert notebook.cells[1].source == r'COLLECTION = "a \"b\""'


@pytest.mark.parametrize("text", ["[]", '"x"', "7", "{}"])
def test_json_that_is_no_notebook_is_told(tmp_path, text):
    (tmp_path / "own.ipynb").write_text(text)
    with pytest.raises(ValueError, match=r"own\.ipynb: (not a notebook|tag the cell)"):
        read_notebook(tmp_path / "own.ipynb", collection=".")


def test_a_python_that_dies_is_told():
    cell = nbformat.v4.new_code_cell("import os; os._exit(1)")
    with pytest.raises(ValueError, match="the notebook's Python died"):
        run_notebook(build_notebook(cell), folder=Path("."))


def test_nbconvert_runs_and_exports_a_notebook_by_itself(tmp_path):
    notebook = Path(__file__).parents[1] / "notebooks" / "report.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "claimbook", "--execute"]
    done = subprocess.run(
        [*command, "--output-dir", tmp_path, notebook], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "root causes of back pain" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_notebook_without_such_a_cell_is_told_what_to_tag(tmp_path):
    nbformat.write(build_notebook(nbformat.v4.new_code_cell("1")), tmp_path / "own.ipynb")
    with pytest.raises(ValueError, match=r"own\.ipynb: tag the cell .* with 'parameters'"):
        read_notebook(tmp_path / "own.ipynb", collection=".")


def test_what_is_no_notebook_is_told(tmp_path):
    (tmp_path / "own.ipynb").write_text("claim_id,source\n")
    with pytest.raises(ValueError, match=r"own\.ipynb: not a notebook"):
        read_notebook(tmp_path / "own.ipynb", collection=".")


def test_a_cell_that_fails_is_named_with_what_it_said():
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell("# why\n1 / 0")]
    told = []
    with pytest.raises(ValueError, match=r"cell 2 \(# why\) failed: ZeroDivisionError"):
        run_notebook(build_notebook(*cells), folder=Path("."), tell=told.append)
    assert told == ["cell 1 of 2: 1", "cell 2 of 2: # why"]


def test_a_report_that_fails_leaves_the_old_one(collection, tmp_path, capsys):
    old = tmp_path / "report.html"
    old.write_text("old")
    notebook = nbformat.read(collection / "report.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0", id="wrong"))
    nbformat.write(notebook, collection / "report.ipynb")
    assert main(["report", str(collection), "--output", str(old)]) == 2
    assert old.read_text() == "old"
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "topic"]


def test_a_report_on_unsound_claims_is_not_begun(collection, tmp_path, capsys):
    path = collection / "claims.csv"
    path.write_text(path.read_text().replace("conditional against", "no", 1))
    assert main(["report", str(collection), "--output", str(tmp_path / "report.html")]) == 1
    error = capsys.readouterr().err
    assert "claims.csv, line 2: recommendation is 'no'" in error
    assert "cell 1" not in error


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
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", report))
    for words in (
        "The Annals of Internal Medicine has … people with chronic back pain.",
        "this passive treatment option shouldn’t be … attempting to control symptoms.",
        "Massage therapy aims to offer more … root causes of back pain.",
        "it typically can’t … underlying issue.",
        "if your spine pain can be … of a total treatment plan.",
        "For instance, if you have an … potentially worsen the condition.",
    ):
        assert words in text


def test_every_claim_is_in_the_report_at_its_address(report):
    page = Page(report)
    claims = [name for name in page.ids if name.startswith("claim-")]
    assert len(claims) == len(set(claims)) == 454


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
    write_report(Path(__file__).parents[1] / "data", tmp_path / "again.html")
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
    assert len(script.encode()) < 4_500
    assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|document\.write", script)


def test_headings_go_down_one_step_at_a_time(report):
    steps = [int(tag[1]) for tag in Page(report).tags if re.fullmatch("h[1-6]", tag)]
    assert steps[0] == 1
    assert steps.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(steps))


def test_a_collection_of_one_claim_has_a_report_and_so_has_an_empty_one(collection, tmp_path):
    write_report(collection, tmp_path / "one.html")
    assert "One claim from one article." in (tmp_path / "one.html").read_text(encoding="utf-8")
    path = collection / "claims.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    write_report(collection, tmp_path / "none.html")
    assert "No claims." in (tmp_path / "none.html").read_text(encoding="utf-8")


def test_a_csv_file_is_taken_as_a_collection(collection, tmp_path, capsys):
    output = tmp_path / "report.html"
    assert main(["report", str(collection / "claims.csv"), "--output", str(output)]) == 0
    assert "report.html" in capsys.readouterr().out
    assert output.stat().st_size > 5_000
