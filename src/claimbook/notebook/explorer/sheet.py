"""The matrix of stances as a table of a page, as much of it as a person can take in."""

from html import escape
from typing import Any, Final, NamedTuple

import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.problems import iter_rows
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.grid import KIND_NAMES
from claimbook.figures.style import VERDICT_SIGNS, choose_ink, find_colours, find_signs
from claimbook.measures.stances import order_sources
from claimbook.notebook.explorer.selection import View
from claimbook.report.wording import Labels, count_noun

MOST_QUESTIONS: Final = 60
MOST_SOURCES: Final = 40
_FRAMED: Final = "outline: 3px solid var(--jp-brand-color1, #1565c0); outline-offset: -2px;"
_MARKED: Final = f"{_FRAMED} font-weight: 700 !important;"


class Sheet(NamedTuple):
    """
    As much of a view as is drawn.

    Attributes
    ----------
    questions : DataFrame, one row per question
        The first of the view's, no more than `MOST_QUESTIONS`; of more, only those that two
        sources answer.
    sources : DataFrame, one row per source
        ``source`` and ``kind``, by kind, no more than `MOST_SOURCES`: those that answer most.
    stances : DataFrame, one row per question and source
        Of these only.
    left_out : (questions, sources)
        How many of each are not drawn.
    """

    questions: pd.DataFrame
    sources: pd.DataFrame
    stances: pd.DataFrame
    left_out: tuple[int, int]


def trim_view(view: View, sources: pd.DataFrame) -> Sheet:
    """
    Leave of a view what a person can take in.

    Parameters
    ----------
    view : View
        As `build_view` makes it.
    sources : DataFrame, one row per source
        Needs ``source``; takes ``kind``.

    Returns
    -------
    sheet : Sheet
        What is to be drawn.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> from claimbook.notebook.explorer.selection import Choice, build_view
    >>> collection = read_collection("data")
    >>> view = build_view(collection, Choice(words="disc"))
    >>> trim_view(view, collection.sources).left_out
    (0, 0)
    """
    questions = view.questions
    if len(questions) > MOST_QUESTIONS:
        shared = questions[(questions["sources"] > 1) | (questions["verdict"] == VERDICTS[1])]
        questions = (shared if len(shared) else questions).head(MOST_QUESTIONS)
    numbered = questions[list(FACETS)].assign(row=range(len(questions)))
    stances = view.stances.merge(numbered, on=list(FACETS))
    ordered = order_sources(stances["source"], sources)
    busiest = stances["source"].value_counts().index[:MOST_SOURCES]
    drawn = ordered[ordered["source"].isin(busiest)].reset_index(drop=True)
    stances = stances[stances["source"].isin(busiest)]
    column = pd.Index(drawn["source"]).get_indexer(pd.Index(stances["source"]))
    left_out = len(view.questions) - len(questions), view.claims["source"].nunique() - len(drawn)
    return Sheet(questions, drawn, stances.assign(column=column), left_out)


def write_matrix(sheet: Sheet, vocabulary: Vocabulary, labels: Labels) -> str:
    """
    Write the matrix of stances as a table: a row per question, a column per source.

    Parameters
    ----------
    sheet : Sheet
        What is drawn.
    vocabulary : Vocabulary
        Its levels, for their colours and signs.
    labels : Labels
        Name terms and sources.

    Returns
    -------
    html : str
        In a frame that scrolls, with a key and with what is not drawn. Cells, heads of rows and
        heads of columns say in ``data-cell`` for which row and which column of `sheet` they
        stand, with a comma between.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> from claimbook.notebook.explorer.selection import Choice, build_view
    >>> collection = read_collection("data")
    >>> sheet = trim_view(build_view(collection, Choice(words="disc")), collection.sources)
    >>> 'scope="row"' in write_matrix(sheet, collection.vocabulary, Labels(collection))
    True
    """
    if sheet.questions.empty:
        return '<p class="nothing">No claim fits. Take one of the choices back.</p>'
    cells = _write_cells(sheet, vocabulary, labels)
    empty, rows, last = "<td></td>", [], ""
    for number, question in enumerate(iter_rows(sheet.questions)):
        if question.condition != last or not number:
            last = question.condition
            name = escape(labels.name_term("condition", last))
            rows.append(
                f'<tr class="group"><th scope="rowgroup" colspan="{len(sheet.sources) + 1}">'
                f"<span>{name}</span></th></tr>"
            )
        drawn = (cells.get((number, place), empty) for place in range(len(sheet.sources)))
        rows.append(f"<tr>{_write_question(number, question, labels)}{''.join(drawn)}</tr>")
    return (
        '<div class="frame" tabindex="0" role="region" aria-label="Matrix of stances">'
        '<table class="matrix"><caption>Where each source stands on each question</caption>'
        f"<thead>{_write_heads(sheet, labels)}</thead><tbody>{''.join(rows)}</tbody></table>"
        f"</div>{_write_key(vocabulary, labels)}{_write_rest(sheet)}"
    )


def _write_key(vocabulary: Vocabulary, labels: Labels) -> str:
    levels = (f"<span>{labels.mark_level(level)}</span>" for level in vocabulary.levels)
    return f'<p class="key">{" ".join(levels)} <span>empty: not addressed</span></p>'


def _write_rest(sheet: Sheet) -> str:
    """Say what is not drawn."""
    single = (sheet.questions["sources"] > 1).any() and len(sheet.questions) < MOST_QUESTIONS
    questions, sources = sheet.left_out
    why = " that only one source answers" if single else ""
    parts = [count_noun(questions, "question") + why] if questions else []
    parts += [count_noun(sources, "source")] if sources else []
    return f'<p class="rest">Not drawn: {", ".join(parts)}.</p>' if parts else ""


def _write_question(number: int, question: Any, labels: Labels) -> str:
    topic = " · ".join(
        labels.name_term(facet, getattr(question, facet)) for facet in FACETS[1:]
    )  # the condition stands above
    return (
        f'<th scope="row" data-cell="{number},"><span class="topic">{escape(topic)}</span> '
        f"{write_verdict(question.verdict)}</th>"
    )


def _write_heads(sheet: Sheet, labels: Labels) -> str:
    kinds = sheet.sources.groupby("kind", sort=False).size()
    groups = ""
    if list(kinds.index) != [""]:
        named = ((KIND_NAMES.get(str(kind), kind), size) for kind, size in kinds.items())
        groups = "".join(
            f'<th scope="colgroup" colspan="{size}">{escape(str(kind))}</th>'
            for kind, size in named
        )
        groups = f'<tr class="kinds"><td></td>{groups}</tr>'
    names = [escape(labels.name_source(source)) for source in sheet.sources["source"]]
    heads = "".join(
        f'<th scope="col" data-cell=",{place}" title="{name}"><span>{name}</span></th>'
        for place, name in enumerate(names)
    )
    return f'{groups}<tr class="names"><th scope="col" data-cell=",">Question</th>{heads}</tr>'


def _write_cells(
    sheet: Sheet, vocabulary: Vocabulary, labels: Labels
) -> dict[tuple[int, int], str]:
    colours, signs = find_colours(vocabulary), find_signs(vocabulary)
    style = {level: f"background:{c};color:{choose_ink(c)}" for level, c in colours.items()}
    names = [escape(labels.name_source(source)) for source in sheet.sources["source"]]
    called = {level: escape(labels.name_term("recommendation", level)) for level in colours}
    cells = {}
    for stance in iter_rows(sheet.stances):
        place, number = (stance.row, stance.column), count_noun(stance.claims, "claim")
        if stance.contradicts:
            ends = (stance.highest, stance.lowest)
            said = " and ".join(called[level] for level in ends)
            looks, kind = "background:linear-gradient(135deg,{} 50%,{} 50%)", ' class="both"'
            looks = looks.format(*(colours[level] for level in ends))
            sign = "".join(
                f'<span style="color:{choose_ink(colours[level])}">{signs[level]}</span>'
                for level in ends
            )
        else:
            said, looks, kind = called[stance.level], style[stance.level], ""
            sign = signs[stance.level]
        title = f"{names[stance.column]}: {said} ({number})"
        cells[place] = (
            f'<td{kind} data-cell="{stance.row},{stance.column}" style="{looks}" title="{title}">'
            f"{sign}</td>"
        )
    return cells


def write_verdict(verdict: str) -> str:
    """
    Write a verdict with its sign, the grave ones heavier.

    Parameters
    ----------
    verdict : str
        As `count_questions` names it.

    Returns
    -------
    html : str

    Examples
    --------
    >>> write_verdict("agree")
    '<span class="verdict"><span class="sign">=</span> agree</span>'
    """
    grave = " grave" if verdict in VERDICTS[:2] else ""
    sign = f'<span class="sign">{VERDICT_SIGNS[verdict]}</span>'
    return f'<span class="verdict{grave}">{sign} {verdict}</span>'


def mark_cell(sheet: Sheet, question: tuple[str, str, str] | None, source: str) -> str:
    """
    Mark what is picked in the matrix: a row, a column, or the cell where they meet.

    Parameters
    ----------
    sheet : Sheet
        What is drawn.
    question : (condition, intervention, aspect) or None
        None stands for all.
    source : str
        Key of the source; empty stands for all.

    Returns
    -------
    html : str
        Rules of style; empty where nothing that is drawn is picked.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> from claimbook.notebook.explorer.selection import Choice, build_view
    >>> collection = read_collection("data")
    >>> sheet = trim_view(build_view(collection, Choice()), collection.sources)
    >>> mark_cell(sheet, None, "article_001").count("[data-cell")
    1
    """
    rows = list(sheet.questions[list(FACETS)].itertuples(index=False, name=None))
    columns = sheet.sources["source"].tolist()
    row = str(rows.index(question)) if question in rows else ""
    column = str(columns.index(source)) if source in columns else ""
    heads = [f'[data-cell="{row},"]'] if row else []
    heads += [f'[data-cell=",{column}"]'] if column else []
    rules = f".claimbook-explorer .matrix :is({', '.join(heads)}) {{ {_MARKED} }}" if heads else ""
    if row and column:
        cell = f'[data-cell="{row},{column}"]'
        rules += f" .claimbook-explorer .matrix {cell} {{ {_FRAMED} }}"
    return f"<style>{rules}</style>" if rules else ""


def find_place(sheet: Sheet, row: str, column: str) -> tuple[tuple[str, str, str] | None, str]:
    """
    Find what stands at a place of the matrix.

    Parameters
    ----------
    sheet : Sheet
        What is drawn.
    row, column : str
        Numbers, as `write_matrix` gives them in ``data-cell``; empty stands for all.

    Returns
    -------
    question : (condition, intervention, aspect) or None
        None stands for all.
    source : str
        Key of the source; empty stands for all.

    Examples
    --------
    >>> question = {"condition": "pain", "intervention": "massage", "aspect": "sleep"}
    >>> sheet = Sheet(pd.DataFrame([question]), pd.DataFrame({"source": ["spa"]}),
    ...               pd.DataFrame(), (0, 0))
    >>> find_place(sheet, "0", "")
    (('pain', 'massage', 'sleep'), '')
    """
    rows: list[tuple[str, str, str]] = [*map(tuple, sheet.questions[list(FACETS)].to_numpy())]
    columns = sheet.sources["source"].tolist()
    question = rows[int(row)] if row and int(row) < len(rows) else None
    return question, columns[int(column)] if column and int(column) < len(columns) else ""
