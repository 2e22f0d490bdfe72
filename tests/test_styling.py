"""Tables in notebooks: what is marked, linked, left out, and what stays as pandas shows it."""

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_terms, sound_files, write_files
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import claimbook
from claimbook import Collection, read_collection, style_table
from claimbook.notebook.styling import load_ipython_extension, unload_ipython_extension
from claimbook.report import show_claims


class Table(HTMLParser):
    """The texts of heads and cells row by row, the caption, and where the links lead."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.links, self.scopes, self.tags = [], [], [], []
        self.caption = self.rest = ""
        self._at = None
        self.feed(page.data if hasattr(page, "data") else page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.scopes += [attrs["scope"]] if tag == "th" else []
        self.links += [attrs["href"]] if tag == "a" else []
        self._at = "cell" if tag in ("th", "td") else tag if tag in ("caption", "p") else self._at

    def handle_endtag(self, tag):
        self._at = None if tag in ("th", "td", "caption", "p", "style") else self._at

    def handle_data(self, data):
        if self._at == "cell":
            self.rows[-1][-1] += data
        elif self._at == "caption":
            self.caption += data
        elif self._at == "p":
            self.rest += data


@pytest.fixture
def shell():
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    yield shell
    unload_ipython_extension(shell)


@pytest.fixture
def collection(tmp_path):
    return read_collection(write_files(tmp_path / "sound", sound_files()))


def show(shell, table):
    return shell.display_formatter.format(table)[0]["text/html"]


def test_a_table_says_what_its_columns_hold_row_by_row():
    claims = pd.DataFrame({"claim_id": ["a", "b"], "claim": ["It helps.", "It does not."]})
    table = Table(style_table(claims))
    assert table.rows == [["claim_id", "claim"], ["a", "It helps."], ["b", "It does not."]]
    assert table.scopes == ["col", "col"]


def test_a_level_has_its_sign_its_colour_and_its_label():
    claims = build_claims({"recommendation": "for"}, {"recommendation": "conditional against"})
    page = style_table(claims[["recommendation"]])
    assert Table(page).rows[1:] == [["++ for"], ["− conditional against"]]
    looks = [attrs["style"] for tag, attrs in Table(page).tags if "style" in attrs]
    assert len(set(looks)) == 2


def test_the_levels_of_a_collections_own_scale_are_marked():
    scale = build_terms(("recommendation", "yes", "", "1"), ("recommendation", "no", "", "-1"))
    own = Collection.from_frame(build_claims({"recommendation": "yes"}), vocabulary=scale)
    claims = pd.DataFrame({"recommendation": ["yes", "no", "for"]})
    assert Table(style_table(claims, collection=own)).rows[1:] == [["+ yes"], ["− no"], ["for"]]


@pytest.mark.parametrize(
    ("column", "word", "shown"),
    [
        ("verdict", "conflict", "≠ conflict"),
        ("relation", "qualify", "≈ qualify"),
        ("fidelity", "overstated", "↑ overstated"),
        ("fidelity", "untraceable", "untraceable"),
    ],
)
def test_verdicts_relations_and_fidelities_have_signs(column, word, shown):
    assert Table(style_table(pd.DataFrame({column: [word]}))).rows[1] == [shown]


def test_a_claim_leads_to_its_words_and_a_source_to_its_page(collection):
    table = Table(style_table(collection.claims[["claim_id", "source"]], collection=collection))
    assert table.links == [
        "https://spa.example/#:~:text=Massage,pain.",
        "https://spa.example/",
        "http://clinic.example/#:~:text=It%20does%20nothing.",
        "http://clinic.example/",
        "https://doi.org/10.1000/x",
        "https://doi.org/10.1000/x",
        "http://clinic.example/#:~:text=Ask,first.",
        "http://clinic.example/",
    ]


def test_a_fragment_is_added_to_an_address_that_has_one(collection):
    sources = collection.sources.assign(url="https://spa.example/#top")
    other = Collection.from_frame(collection.claims, sources)
    table = style_table(other.claims[["claim_id"]].head(1), collection=other)
    assert Table(table).links == ["https://spa.example/#top:~:text=Massage,pain."]


def test_only_addresses_of_the_web_become_links(collection):
    sources = collection.sources.assign(url="javascript:alert(1)")
    table = style_table(sources[["url"]], collection=collection)
    assert Table(table).links == []


def test_a_source_is_called_by_its_label_and_stays_a_key(collection):
    labelled = collection.sources.assign(label=["The spa", "", ""])
    table = pd.DataFrame({"source": ["spa", "clinic", "nobody"], "coverage": [1.0, 0.0, 0.0]})
    other = Collection.from_frame(collection.claims, labelled)
    page = Table(style_table(table, collection=other))
    assert [row[0] for row in page.rows[1:]] == ["The spa", "clinic", "nobody"]
    assert page.links == ["https://spa.example/", "http://clinic.example/"]
    assert table["source"].tolist() == ["spa", "clinic", "nobody"]


def test_ids_in_a_list_are_joined_and_each_is_linked(collection):
    points = pd.DataFrame({"claims_for": [("c1", "c2")], "sources_for": [["spa"]], "fidelity": ""})
    table = Table(style_table(points, collection=collection))
    assert table.rows[1] == ["c1, c2", "spa", ""]
    assert len(table.links) == 3


def test_findings_in_one_cell_are_told_apart(collection):
    traces = pd.DataFrame({"finding": ["c1;c3"], "found_recommendation": ["for;for"]})
    table = Table(style_table(traces, collection=collection))
    assert table.rows[1] == ["c1, c3", "++ for"]
    assert len(table.links) == 2


def test_a_column_keeps_its_meaning_under_the_ending_that_a_merge_gives_it(collection):
    both = collection.claims[["claim_id", "recommendation"]].head(1)
    both = both.join(both.add_suffix("_found"))
    table = Table(style_table(both, collection=collection))
    assert table.rows[1] == ["c1", "++ for"] * 2
    assert len(table.links) == 2


def test_without_a_collection_nothing_is_linked(collection):
    assert Table(style_table(collection.claims)).links == []


def test_what_is_missing_is_blank_and_yes_is_yes():
    table = pd.DataFrame(
        {
            "claim_id": ["a", None],
            "recodings": [2.0, np.nan],
            "share": [0.5, np.nan],
            "contradicts": [True, False],
            "claims": [1200, 3],
            "mixed": [1.5, None],
            "none": [(), frozenset({"b", "a"})],
        }
    ).astype({"mixed": object})
    assert Table(style_table(table)).rows[1:] == [
        ["a", "2", "0.500", "yes", "1,200", "1.5", ""],
        ["", "", "", "no", "3", "", "a, b"],
    ]


def test_an_index_is_shown_where_it_has_a_name_and_heads_its_row():
    claims = build_claims({"aspect": "sleep"}, {}).set_index(["claim_id", "source"])
    table = Table(style_table(claims[["aspect"]]))
    assert table.rows[:2] == [["claim_id", "source", "aspect"], ["a", "spa", "sleep"]]
    assert table.scopes == ["col"] * 3 + ["row"] * 4
    kept = build_claims({}).set_index("claim_id", drop=False)[["claim_id", "claim"]]
    assert Table(style_table(kept)).rows[0] == ["claim_id", "claim"]


def test_rows_beyond_the_limit_are_counted_and_not_shown():
    claims = pd.DataFrame({"claim_id": [f"c{number}" for number in range(25)]})
    table = Table(style_table(claims))
    assert len(table.rows) == 21
    assert table.rest == "5 more rows are not shown, of 25."
    assert Table(style_table(claims, most=24)).rest == "1 more row is not shown, of 25."
    assert len(Table(style_table(claims, most=None)).rows) == 26
    assert Table(style_table(claims.head(20))).rest == ""
    assert Table(style_table(claims.head(0))).rest == "No rows."


def test_of_a_long_list_the_rest_is_counted():
    points = pd.DataFrame({"claims_for": [tuple("abcdefghijklmno")], "claims_against": [("p",)]})
    said = Table(style_table(points)).rows[1]
    assert said == ["a, b, c, d, e, f, g, h, i, j, k, l, and 3 more", "p"]


def test_long_text_is_wrapped_and_numbers_stand_to_the_right():
    claims = build_claims({"claim": "word " * 20}).assign(distance=4)
    claims = claims[["recommendation", "claim", "distance"]]
    kinds = {tag["class"] for name, tag in Table(style_table(claims)).tags if name == "td"}
    assert kinds == {"short", "long", "number"}


def test_every_text_is_escaped():
    evil = '<img src=x onerror="alert(1)">'
    table = pd.DataFrame({name: [evil] for name in ("claim_id", "recommendation", "verdict", evil)})
    table = table.assign(source=[(evil,)], url=evil).rename_axis(index=evil)
    page = style_table(table, caption=evil)
    assert "img" not in {tag for tag, _ in Table(page).tags}
    assert Table(page).caption == evil
    assert not [name for _, attrs in Table(page).tags for name in attrs if name.startswith("on")]


def test_prices_are_not_taken_for_formulas():
    page = style_table(pd.DataFrame({"claim_id": ["a"], "claim": ["from $5 to $10"]}))
    classes = Table(page).tags[1][1]["class"].split()
    assert {"mathjax_ignore", "tex2jax_ignore"} <= set(classes)


def test_a_table_can_be_reached_by_keyboard_and_has_a_name():
    claims = pd.DataFrame({"claim_id": ["a"]})
    for caption, name in (("Claims", "Claims"), ("", "Table of one row")):
        frame = Table(style_table(claims, caption=caption)).tags[1][1]
        assert (frame["tabindex"], frame["role"], frame["aria-label"]) == ("0", "group", name)


def test_the_same_table_gives_the_same_bytes_and_stays_as_it_was(collection):
    claims = collection.claims.copy()
    pages = {style_table(claims, collection=collection).data for _ in range(2)}
    assert len(pages) == 1
    pd.testing.assert_frame_equal(claims, collection.claims)


def test_a_table_without_rows_or_columns_is_still_a_table():
    assert Table(style_table(pd.DataFrame())).rows == [[]]
    none = build_claims({}).head(0)[["claim_id", "recommendation"]]
    assert Table(style_table(none)).rows == [["claim_id", "recommendation"]]


def test_colours_of_text_and_paper_come_from_the_theme():
    page = style_table(pd.DataFrame()).data
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL)[1]
    assert not re.search(r"[^-]color:", style)
    assert "var(--jp-border-color2, var(--rule, #8888))" in style


def test_a_notebook_shows_tables_of_claims_by_itself_and_others_as_before(shell):
    claims, others = build_claims({}), pd.DataFrame({"price": [1.0]})
    before = show(shell, others)
    plain = show(shell, claims)
    load_ipython_extension(shell)
    assert "++" in show(shell, claims)
    assert show(shell, others) == before
    unload_ipython_extension(shell)
    assert show(shell, claims) == plain


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"condition": [], "intervention": [], "aspect": []}),
        pd.DataFrame({"source": ["spa"], "kind": ["article"]}),
        build_claims({}).groupby("aspect")["source"].agg(claims="size", sources="nunique"),
        pd.crosstab(pd.Series(["spa"], name="source"), pd.Series(["faithful"], name="fidelity")),
        pd.DataFrame({"n": [1]}, index=pd.Index(["a"], name="claim_id")),
    ],
)
def test_what_is_counted_from_claims_is_shown_so_too(shell, table):
    load_ipython_extension(shell)
    assert 'class="claimbook ' in show(shell, table)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"source": ["a"], "n": [1]}),
        pd.DataFrame({"condition": ["new"], "price": [1]}),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("claim_id", "a")])),
        pd.DataFrame([[1, 2]]),
    ],
)
def test_other_peoples_tables_stay_as_pandas_shows_them(shell, table):
    load_ipython_extension(shell)
    assert show(shell, table) == table._repr_html_()


def test_a_notebook_takes_levels_and_addresses_from_the_collection_that_it_read(shell, collection):
    other = Collection.from_frame(build_claims({}))
    shell.user_ns |= {"other": other, "collection": collection}
    load_ipython_extension(shell)
    assert Table(show(shell, collection.claims[["claim_id"]])).links


def test_a_formatter_that_was_there_is_asked_for_other_tables_and_comes_back(shell):
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type(pd.DataFrame, lambda table: "own")
    for _ in range(2):
        load_ipython_extension(shell)
    assert show(shell, pd.DataFrame({"price": [1]})) == "own"
    assert show(shell, build_claims({})) != "own"
    unload_ipython_extension(shell)
    unload_ipython_extension(shell)
    assert show(shell, build_claims({})) == "own"


def test_the_extension_is_loaded_by_its_name(shell):
    assert claimbook.load_ipython_extension is load_ipython_extension
    shell.run_line_magic("load_ext", "claimbook")
    assert 'class="claimbook ' in show(shell, build_claims({}))
    shell.run_line_magic("unload_ext", "claimbook")
    assert 'class="claimbook ' not in show(shell, build_claims({}))


def test_a_part_of_a_report_has_its_dress_and_no_formula_while_the_extension_is_loaded(shell):
    load_ipython_extension(shell)
    section = show_claims(build_claims({"claim": "It costs $60 to $90."}))
    page = shell.display_formatter.format(section)[0]["text/html"]
    style, _, dressed = page.partition("</style>")
    assert style.startswith("<style>.claimbook-section {")
    assert style.count("{") == style.count("}")
    assert ":root" not in style
    assert "\nbody {" not in style
    assert "mathjax_ignore" in dressed.partition(">")[0]
    assert dressed.endswith(f"{section}</div>")
    unload_ipython_extension(shell)
    assert shell.display_formatter.format(section)[0]["text/html"] == str(section)
