"""What the exporter makes of a notebook that has run."""

import re

import nbformat
import pytest

from claimbook.report.exporter import ReportExporter, read_notebook


def build_notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def export(*cells):
    return ReportExporter().from_notebook_node(build_notebook(*cells))[0]


def test_a_page_allows_no_script_and_asks_nothing_of_the_network():
    page = export(nbformat.v4.new_markdown_cell("# Massage"))
    meta = re.search(r'content="(default-src[^"]*)"', page)
    policy = meta[1]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not re.search(r"<script|<link|@import|src=\"http", page)


def test_code_is_there_on_demand_and_escaped():
    page = export(nbformat.v4.new_code_cell("print('<b>')"))
    foot = page.split("<summary>The code behind this page</summary>")[1]
    assert "<pre><code>print(&#39;&lt;b&gt;&#39;)" in foot
    hidden = nbformat.v4.new_code_cell("1", metadata={"tags": ["remove_input"]})
    assert "The code behind" not in export(hidden)


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


def test_any_notebook_gets_contents_and_no_script():
    page = export(nbformat.v4.new_markdown_cell("# Mine\n\n## One\n\n## Two\n\n$x$ <b>b</b>"))
    assert '<li><a href="#two">Two</a></li>' in page
    assert '<h2 id="two">Two <a class="here"' in page
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
    for name in ('a "b"', "𠮷野.csv", "caf\udce9.csv"):  # the last is no UTF-8 in the file system
        notebook = read_notebook(tmp_path / "own.ipynb", collection=name)
        place = {}
        exec(notebook.cells[1].source.encode(), place)
        assert place["COLLECTION"] == name


_CELL = '{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null'
_NOTEBOOK = '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CELL]}'


@pytest.mark.parametrize(
    "text",
    [
        *("[]", '"x"', "7", "{}", "[" * 100_000),
        _NOTEBOOK.replace("CELL", _CELL + "}"),
        _NOTEBOOK.replace(
            "CELL", _CELL.replace("{}", '{"tags": "parameters"}') + ', "source": ""}'
        ),
    ],
)
def test_json_that_is_no_notebook_is_told(tmp_path, text):
    (tmp_path / "own.ipynb").write_text(text)
    with pytest.raises(ValueError, match=r"own\.ipynb: (not a notebook|tag the cell)"):
        read_notebook(tmp_path / "own.ipynb", collection=".")


def test_a_notebook_without_such_a_cell_is_told_what_to_tag(tmp_path):
    nbformat.write(build_notebook(nbformat.v4.new_code_cell("1")), tmp_path / "own.ipynb")
    with pytest.raises(ValueError, match=r"own\.ipynb: tag the cell .* with 'parameters'"):
        read_notebook(tmp_path / "own.ipynb", collection=".")


def test_what_is_no_notebook_is_told(tmp_path):
    (tmp_path / "own.ipynb").write_text("claim_id,source\n")
    with pytest.raises(ValueError, match=r"own\.ipynb: not a notebook"):
        read_notebook(tmp_path / "own.ipynb", collection=".")
