"""What a report finds: the answer in short, conflicts, exceptions, as HTML."""

from html import escape
from itertools import islice
from typing import Any, Final

import pandas as pd
from IPython.display import HTML

from claimbook.collection.codebook import ARTICLE
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.record import read_proofs
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import (
    choose_headline,
    count_questions,
    find_answers,
    find_conflicts,
)
from claimbook.report.cards import SIDES, write_sides
from claimbook.report.method import compare_readers
from claimbook.report.register import find_articles
from claimbook.report.wording import (
    Labels,
    capitalise,
    count_noun,
    find_point_id,
    write_table,
)

_CASE: Final = ["narrower_intervention", "narrower_condition", "narrower_aspect", "narrower_side"]
_MOST_CASES: Final = 8
_MOST_LISTED: Final = 100
_MOST_NAMED: Final = 12
_MOST_POINTS: Final = 60


def show_title(collection: Collection) -> HTML:
    """
    Show what the collection is on, and how large it is.

    Parameters
    ----------
    collection : Collection
        Its metadata give title and description.

    Returns
    -------
    html : HTML
        A heading of the first level and a paragraph.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "<h1>" in show_title(read_collection("data")).data
    True
    """
    claims, sources, _, metadata, _ = collection
    title = str(metadata.get("title") or "What the sources claim")
    kinds = sources["kind"].where(sources["source"].isin(claims["source"]))
    articles = int((kinds == ARTICLE).sum())
    others = claims["source"].nunique() - articles
    parts = [count_noun(articles, "article")] if articles else []
    if others:
        parts.append(count_noun(others, "other source" if articles else "source"))
    size = count_noun(len(claims), "claim") + (f" from {' and '.join(parts)}" if parts else "")
    return HTML(
        f"<h1>{escape(title)}</h1>\n<p>{escape(str(metadata.get('description', '')))}</p>\n"
        f'<p class="size">{escape(capitalise(size))}.</p>'
    )


def show_summary(collection: Collection) -> HTML:
    """
    Answer in a few sentences where the sources conflict.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        A list; every number is counted from the claims.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "opposite sides" in show_summary(read_collection("data")).data
    True
    """
    claims, _, vocabulary, _, _ = collection
    points = find_conflicts(claims, vocabulary)
    counts = count_questions(claims, vocabulary)
    shared = counts[counts["sources"] > 1]
    labels = Labels(collection)
    items = [
        *_summarise_headline(collection, labels),
        *_summarise_conflicts(points, labels),
        *_summarise_exceptions(points, labels),
    ]
    agreeing = int((shared["verdict"] == "agree").sum())
    items.append(
        f"Questions, point by point: {len(counts)}. {len(shared)} "
        f"{'is' if len(shared) == 1 else 'are'} answered by more than one source, and "
        f"on {agreeing} of these all give the same level."
    )
    items += _summarise_trust(collection)
    return HTML("<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>")


def _summarise_trust(collection: Collection) -> list[str]:
    """Say how many claims can be checked, against words and against studies."""
    claims, traces = collection.claims, trace_claims(collection.claims, collection.vocabulary)
    articles = claims["source"].isin(find_articles(collection))
    found = traces.loc[traces["claim_id"].isin(claims.loc[articles, "claim_id"]), "fidelity"]
    citing = int((found != "untraceable").sum())
    quoted, verified = int((claims["quote"] != "").sum()), len(read_proofs(collection))
    words = f"{verified} of {quoted} quotes are verified. " if quoted else ""
    return [
        f"Can it be checked? {words}Of {count_noun(int(articles.sum()), 'claim')} that could lean "
        f"on a study {int(articles.sum()) - len(found)} credit nobody and {len(found) - citing} "
        f"somebody who cannot be traced; of the {citing} that cite one "
        f"{int((found == 'faithful').sum())} say what it found.{_say_reliability(collection)}"
    ]


def _say_reliability(collection: Collection) -> str:
    compared = compare_readers(collection)
    if compared is None:
        return ""
    alike = compared.measures.set_index("column")["agreement"].dropna()
    parts = {"recommendation": "the level", "overall": "the whole code"}
    said = [
        f"{words} of {100 * alike[name]:.0f}%" for name, words in parts.items() if name in alike
    ]
    return f" Two codings of the same passages agree on {' and '.join(said)}." if said else ""


def _summarise_headline(collection: Collection, labels: Labels) -> list[str]:
    """Ask the question to see first, and name who stands on either side of it."""
    if collection.claims.empty:
        return []
    question = choose_headline(collection)
    sides = _split_sides(collection, question)
    said = [
        f"{side.capitalize()}: {'; '.join(_name_stances(answers, labels))}."
        for side, answers in sides.items()
        if len(answers)
    ]
    if not said:
        return []
    asked = f"<strong>{escape(capitalise(labels.ask_topic(*question)))}</strong>"
    return ["<br>".join([asked, *said])]


def _name_stances(answers: pd.DataFrame, labels: Labels) -> list[str]:
    """Link each source, with whom it credits, and say where it speaks of a narrower case only."""
    names = []
    for source, own in answers.groupby("source", sort=False):
        narrower = ["of a narrower case"] if (own["stands"] == "under").all() else []
        credited = [f"credits <q>{escape(name)}</q>" for name in own["attribution"] if name]
        said = "; ".join(narrower + credited[:1])
        names.append(labels.link_source(str(source)) + (f" ({said})" if said else ""))
    return names


def _summarise_conflicts(points: pd.DataFrame, labels: Labels) -> list[str]:
    found = points[points["kind"] == "conflict"]
    own = points[points["kind"] == "self-contradiction"]
    if found.empty:
        first = "On no question do two sources stand on opposite sides."
    else:
        number = count_noun(len(found), "point")
        first = f"Sources stand on opposite sides on {number}: {_name_points(found, labels)}"
    texts = [
        f"{labels.link_source(source)} contradicts itself on {_name_points(own, labels)}"
        for source, own in own.groupby(own["sources_for"].str[0], sort=False)
    ]
    return [first, *texts]


def _name_points(points: pd.DataFrame, labels: Labels) -> str:
    named = "; ".join(map(labels.link_point, iter_rows(points.head(_MOST_NAMED))))
    rest = len(points) - _MOST_NAMED
    text = f"{named}; and {rest} more" if rest > 0 else named
    return text if text.endswith("?</a>") else f"{text}."


def _summarise_exceptions(points: pd.DataFrame, labels: Labels) -> list[str]:
    cases = points[points["kind"] == "exception"].drop_duplicates(_CASE)
    if cases.empty:
        return []
    said = [
        f"{capitalise(str(side))}: {_name_cases(own, labels)}."
        for side, own in cases.groupby("narrower_side")
    ]
    number = count_noun(len(cases), "narrower case")
    return [
        f"In {number} a source stands on the other side than is said of the broader case; that is "
        f"an exception and no contradiction.<br>{'<br>'.join(said)}"
    ]


def _name_cases(cases: pd.DataFrame, labels: Labels) -> str:
    names = [
        labels.name_case(row.narrower_condition, row.narrower_intervention, row.narrower_aspect)
        for row in iter_rows(cases.head(_MOST_CASES))
    ]
    rest = len(cases) - _MOST_CASES
    return escape("; ".join(names)) + (f"; and {rest} more" if rest > 0 else "")


def show_question(collection: Collection, question: tuple[str, str, str], *, most: int = 3) -> HTML:
    """
    Show one question's two sides face to face, in claims and quoted words.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.
    question : (condition, intervention, aspect)
        Narrower claims are shown with it, and said to be so.
    most : int
        Show no more claims on a side than this: articles first, then those on just this question,
        then the furthest from the middle.

    Returns
    -------
    html : HTML
        Two columns of claims, and the number of those not shown.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> page = show_question(read_collection("data"), ("back pain", "massage", "standalone"))
    >>> "passive" in page.data
    True
    """
    sides = _split_sides(collection, question)
    shown = {name: list(iter_rows(side.head(most))) for name, side in sides.items()}
    labels = Labels(collection)
    heading = f"<h3>{escape(capitalise(labels.ask_topic(*question)))}</h3>"
    return HTML(heading + write_sides(shown, labels) + _say_rest(sides, most))


def _split_sides(collection: Collection, question: tuple[str, str, str]) -> dict[str, pd.DataFrame]:
    """Find what is said on either side: articles first, just this question, the furthest out."""
    answers = find_answers(collection.claims, collection.vocabulary, question)
    answers = answers[answers["stands"].isin(["at", "under"])]
    scores = answers["recommendation"].map(collection.vocabulary.scores)
    kinds = collection.sources.set_index("source")["kind"]
    order = pd.DataFrame(
        {
            "article": answers["source"].map(kinds) != ARTICLE,
            "narrower": answers["stands"] == "under",
            "score": -scores.abs(),
        }
    ).sort_values(["article", "narrower", "score"], kind="stable")
    answers, scores = answers.loc[order.index], scores.loc[order.index]
    return {"for": answers[scores > 0], "against": answers[scores < 0]}


def _say_rest(sides: dict[str, pd.DataFrame], most: int) -> str:
    rest = sum(max(len(side) - most, 0) for side in sides.values())
    if not rest:
        return ""
    return (
        f"<p>{capitalise(count_noun(rest, 'more claim'))} on it: see the figure and the table.</p>"
    )


def show_conflicts(collection: Collection, *, kind: str = "conflict") -> HTML:
    """
    Show points of conflict, each with both sides' claims and words.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.
    kind : {"conflict", "self-contradiction", "exception", "overlap"}
        Which points, as `find_conflicts` names them.

    Returns
    -------
    html : HTML
        A section a point, or a sentence that says there is none.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "root causes of back pain" in show_conflicts(read_collection("data")).data
    True
    """
    points = find_conflicts(collection.claims, collection.vocabulary)
    points = points[points["kind"] == kind]
    if points.empty:
        return HTML("<p>None.</p>")
    claims = {claim.claim_id: claim for claim in iter_rows(collection.claims)}
    labels, parts = Labels(collection), []
    for point in iter_rows(points.head(_MOST_POINTS)):
        sides = {
            side: [claims[key] for key in getattr(point, f"claims_{side}")] for side, _ in SIDES
        }
        heading = escape(capitalise(_name_point(point, labels)))
        parts.append(
            f'<section id="{find_point_id(point)}"><h3>{heading}</h3>\n'
            f"{write_sides(sides, labels)}</section>"
        )
    return HTML("\n".join(parts) + _list_points(points.iloc[_MOST_POINTS:], labels))


def _name_point(point: Any, labels: Labels) -> str:
    topic = labels.ask_topic(point.condition, point.intervention, point.aspect)
    if point.kind != "self-contradiction":
        return topic
    return f"{labels.name_source(point.sources_for[0])} on {topic}"


def _list_points(points: pd.DataFrame, labels: Labels) -> str:
    """List the points beyond those that are shown whole, each still at its address."""
    if points.empty:
        return ""
    rows = [
        (
            f'<span id="{find_point_id(point)}">{escape(_name_point(point, labels))}</span>',
            labels.link_claims([point.claims_for]),
            labels.link_claims([point.claims_against]),
        )
        for point in iter_rows(points)
    ]
    return write_table(("Point", "For", "Against"), rows, caption="More of them, in short")


def show_exceptions(collection: Collection) -> HTML:
    """
    Show the exceptions: narrower cases of which something else is said than of the broader.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Returns
    -------
    html : HTML
        A table, one row per narrower case and side.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> "herniated disc" in show_exceptions(read_collection("data")).data
    True
    """
    points = find_conflicts(collection.claims, collection.vocabulary)
    overlaps = int((points["kind"] == "overlap").sum())
    points = points[points["kind"] == "exception"]
    if points.empty:
        return HTML(f"<p>None.{_say_overlaps(overlaps)}</p>")
    labels, cases = Labels(collection), points.groupby(_CASE, sort=False)
    rows = [_write_case(group, labels) for _, group in islice(cases, _MOST_LISTED)]
    heads = ("Narrower case", "Stands", "Said by", "Broader case", "Said otherwise by")
    table = write_table(heads, rows, caption="Exceptions: not contradictions")
    rest = cases.ngroups - len(rows)
    more = f" {capitalise(count_noun(rest, 'more case'))} not shown." if rest else ""
    return HTML(f"{table}<p>{_say_overlaps(overlaps)}{more}</p>")


def _write_case(points: pd.DataFrame, labels: Labels) -> tuple[str, ...]:
    """Write one narrower case, all the broader ones in one cell."""
    case = next(iter_rows(points))
    side = case.narrower_side
    other = "for" if side == "against" else "against"
    broader = (
        labels.name_topic(point.condition, point.intervention, point.aspect)
        for point in iter_rows(points)
    )
    return (
        escape(
            labels.name_topic(
                case.narrower_condition, case.narrower_intervention, case.narrower_aspect
            )
        ),
        side,
        labels.link_claims(points[f"claims_{side}"]),
        escape("; ".join(dict.fromkeys(broader))),
        labels.count_claims(points[f"claims_{other}"]),
    )


def _say_overlaps(number: int) -> str:
    """Say how many opposite answers are to questions of which neither is the broader."""
    if not number:
        return ""
    pairs = count_noun(number, "pair of questions overlaps", "pairs of questions overlap")
    return (
        f" Besides, {pairs}: the answers are opposite, but neither question is the broader one. "
        "<code>claimbook relate --format csv</code> lists them as crossed."
    )
