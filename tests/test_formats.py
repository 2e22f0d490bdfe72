"""Tables written for a spreadsheet and for a paper."""

import io
import zipfile

import pandas as pd
import pytest

from claimbook.formats.markup import write_latex, write_markdown
from claimbook.formats.workbook import write_workbook


def read_parts(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


def test_a_text_that_looks_like_a_formula_stays_a_text_and_a_number_a_number():
    table = pd.DataFrame(
        {"claim": ["=1+1", "@SUM(1)", "https://a.example/", "007"], "n": [1, 2, 3, 4]}
    )
    parts = read_parts(write_workbook({"claims": table}))
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<t>=1+1</t>" in parts["xl/sharedStrings.xml"]
    assert "<t>007</t>" in parts["xl/sharedStrings.xml"]
    assert '<c r="B2" s="3"><v>1</v></c>' in sheet
    assert 'state="frozen"' in sheet
    assert 'name="claims"' in parts["xl/workbook.xml"]


def test_a_workbook_opens_as_what_was_written():
    calamine = pytest.importorskip("python_calamine", reason="reading a workbook back")
    table = pd.DataFrame(
        {"a": ["=x", "two\nlines", ""], "b": [("p", "q"), (), ("r",)], "c": [1, 2.5, None]}
    )
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(write_workbook({"one": table})))
    assert book.get_sheet_by_name("one").to_python() == [
        ["a", "b", "c"], ["=x", "p;q", 1.0], ["two\nlines", "", 2.5], ["", "r", ""]
    ]  # fmt: skip


def test_a_number_that_is_missing_is_an_empty_cell_and_no_page_fits_a_control():
    table = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "t": ["a\x01b", "\uffff"]})
    parts = read_parts(write_workbook({"x": table}))
    assert "nan" not in parts["xl/worksheets/sheet1.xml"].lower()
    assert "a\ufffdb" in parts["xl/sharedStrings.xml"]


def test_a_cell_longer_than_a_spreadsheet_takes_is_told_with_what_to_do():
    table = pd.DataFrame({"claims": [("c" * 20_000, "d" * 20_000)]})
    with pytest.raises(ValueError, match=r"row 2 .* 40,001 characters.*\.csv"):
        write_workbook({"x": table})


def test_nothing_in_a_cell_is_taken_for_a_mark_of_markdown():
    text = write_markdown(
        {"x": pd.DataFrame({"a_b": ["*x* | <b> [y](z) `c` $1$", "two\n\nlines"]})}
    )
    head, rule, first, second = text.splitlines()
    assert (head, rule) == ("| a\\_b |", "| --- |")
    assert first == "| \\*x\\* \\| &lt;b> \\[y\\](z) \\`c\\` \\$1\\$ |"
    assert second == "| two lines |"


def test_nothing_in_a_cell_is_taken_for_a_command_of_latex():
    text = write_latex({"x": pd.DataFrame({"a": ["[1] 5 % & #x_y {z} \\input ~^", "*"]})})
    rows = text.splitlines()[5:7]
    assert rows[0] == (
        "{[}1{]} 5 \\% \\& \\#x\\_y \\{z\\} \\textbackslash{}input "
        "\\textasciitilde{}\\textasciicircum{} \\\\"
    )
    assert rows[1] == "{*} \\\\"


def test_several_tables_stand_each_under_its_name_and_an_empty_one_has_its_head():
    tables = {"one": pd.DataFrame({"a": ["x"]}), "two": pd.DataFrame({"b": []}, dtype="str")}
    assert "## one\n\n| a |" in write_markdown(tables)
    assert write_markdown(tables).endswith("## two\n\n| b |\n| --- |\n")
    assert "\\paragraph{two}" in write_latex(tables)
