"""Tables drawn for people at a terminal."""

import pandas as pd
import pytest

from claimbook.collection.words import Words
from claimbook.display import draw_table

TABLE = pd.DataFrame(
    {
        "condition": ["osteoporosis of the spine", "pain"],
        "aspect": ["contraindication", "use"],
        "sources_for": [("harvard-2016", "article_004"), ()],
    }
)


@pytest.mark.parametrize("width", [34, 40, 60, 80, 200])
def test_no_word_is_broken_and_no_line_wider_than_the_terminal(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = draw_table(TABLE)
    assert max(map(len, lines)) <= width
    found = " ".join(lines).replace("-" * 4, "").split()
    assert {"osteoporosis", "contraindication", "harvard-2016,", "article_004"} <= {*found}


def test_columns_without_room_beside_one_another_become_a_block_for_each_row(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    assert draw_table(TABLE)[-3:] == ["", "condition    pain", "aspect       use"]


def test_columns_are_called_as_the_collection_calls_things():
    words = Words({"condition": "habit", "source": "book", "for": "praised"})
    assert draw_table(TABLE, words)[0].split("  ")[0] == "habit"
    assert draw_table(TABLE, words)[0].endswith("books praised")


def test_a_table_of_no_rows_has_its_head():
    assert draw_table(TABLE[:0]) == [
        "condition  aspect  sources for",
        "---------  ------  -----------",
    ]
