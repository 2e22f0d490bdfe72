"""The explorer's controls: lists to choose from, made of what a collection holds."""

from importlib import import_module
from typing import Any, Final

from markupsafe import Markup

from claimbook.collection.codebook import FACETS, USE
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.collection.quotes import fold_text
from claimbook.figures.style import VERDICT_SIGNS, find_signs
from claimbook.measures import order_sources
from claimbook.notebook.explorer.selection import Choice, count_terms, name_column, name_value
from claimbook.report.wording import capitalise

# each list: what of `Choice.filters` it sets (nothing: it gathers)
LISTS: Final = {
    "conditions": "condition",
    "interventions": "intervention",
    "aspects": "aspect",
    "sources": "source",
    "kinds": "kind",
    "levels": "recommendation",
    "verdicts": "verdict",
    "together": "",
}
PAGES: Final = ("rows", "columns")  # of the matrix
# JupyterLab takes keys for its own, arrows and letters too, unless the element that has the focus
# forbids it. Keys with Ctrl or Cmd are left to it, so that the notebook can still be saved. An
# image that cannot be loaded is how HTML runs a line of script.
_KEYS: Final = (
    "let tries = 100; const find = () => { const root = this.closest('.claimbook-explorer');"
    "if (!root) { if (tries--) setTimeout(find, 50); return; }"
    "window.addEventListener('keydown', (event) => { if (root.contains(event.target))"
    "event.target.toggleAttribute('data-lm-suppress-shortcuts',"
    "!(event.ctrlKey || event.metaKey)); }, true); }; find();"
)
_HINT: Final = '<div class="claimbook-view"><p>Ctrl+click chooses several</p></div>'
_EVERYTHING: Final = ("", "")
_INDENT: Final = "\u2003"
_Options = list[tuple[str, Any]]


def load_widgets() -> Any:
    """Load the library of widgets, when first asked for: nothing but the explorer needs it."""
    try:
        return import_module("ipywidgets")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the explorer needs ipywidgets: pip install 'claimbook[lab]'"
        ) from error


def build_controls(collection: Collection) -> dict[str, Any]:
    """
    Build the controls, set to what is shown first.

    A list each of `LISTS`; ``words`` and ``find``, to be typed; ``clear``, a button; ``question``,
    ``source`` and the pages of the matrix, which have no options yet; ``cell``, out of sight, told
    of clicks.
    """
    widgets, free = load_widgets(), {"width": "auto"}  # the page gives the width
    words = collection.words
    controls = {
        name: widgets.SelectMultiple(
            description=_name_list(collection, column), rows=5, layout=free
        )
        for name, column in LISTS.items()
    }
    controls |= {
        "words": widgets.Text(
            description="Words", placeholder=f"in {words['claim']}, quote, credit or notes",
            layout=free,
        ),
        "find": widgets.Text(
            description="Find in the lists", placeholder="part of a name", layout=free
        ),
        "clear": widgets.Button(
            description="Start again", tooltip="Take every choice back", layout=free
        ),
        "question": widgets.Select(description="Question", rows=5, layout=free),
        "source": widgets.Dropdown(description=capitalise(words["source"]), layout=free),
        "rows": widgets.Dropdown(description="Questions", layout=free),
        "columns": widgets.Dropdown(description=capitalise(words.many("source")), layout=free),
        "cell": widgets.Text(layout={"display": "none"}),
    }  # fmt: skip
    for name, control in controls.items():
        control.add_class(f"claimbook-{name}")
    fill_lists(controls, collection)
    reset_controls(controls)
    return controls


def _name_list(collection: Collection, column: str) -> str:
    if not column:
        return "Take together"
    name = capitalise(name_column(collection, column))
    return f"{name} of {collection.words['source']}" if column == "kind" else name


def reset_controls(controls: dict[str, Any]) -> None:
    """Take every choice back: all claims, and the aspects of use taken together."""
    for name in ("words", "find"):
        controls[name].value = ""
    for name in LISTS:
        values = [value for _, value in controls[name].options]
        controls[name].value = (("aspect", USE) if ("aspect", USE) in values else values[0],)


def read_choice(controls: dict[str, Any]) -> Choice:
    """Read off the controls what is chosen; the first option of a list leaves it open."""
    chosen = {
        column: [value for value in controls[name].value if value not in ("", _EVERYTHING)]
        for name, column in LISTS.items()
    }
    together = tuple(chosen.pop(""))
    words = {"words": controls["words"].value} if controls["words"].value.strip() else {}
    return Choice({column: values for column, values in chosen.items() if values} | words, together)


def fill_lists(controls: dict[str, Any], collection: Collection) -> None:
    """
    Fill the lists with what can be chosen, and with how many claims each choice would show.

    Each number follows what is chosen in the other lists. What would show none is left out, and
    so is what does not hold the words looked for; what is chosen stays.
    """
    choice, sought = read_choice(controls), fold_text(controls["find"].value).split()
    for name, column in LISTS.items():
        first, *options = _list_options(collection, column, choice)
        chosen = controls[name].value
        kept = [
            (label, value)
            for label, value in options
            if value in chosen or all(word in fold_text(label) for word in sought)
        ]
        set_options(controls[name], [first, *kept])


def _list_options(collection: Collection, column: str, choice: Choice) -> _Options:
    """List what can be chosen, with the number of claims; the first option leaves it open."""
    if not column:
        return _list_groups(collection)
    chosen, questions = choice.without(column).apply(collection)
    keep = choice.filters.get(column, ())
    if column in FACETS:
        terms = count_terms(collection, facet=column)
        before = {row.term: _INDENT * row.depth for row in iter_rows(terms)}
        numbers = dict(count_terms(chosen, facet=column)[["term", "claims"]].to_numpy())
    else:
        kinds = chosen.sources.set_index("source")["kind"]
        claims, sources = chosen.claims, order_sources(collection)
        values, before = {
            "source": (claims["source"], dict.fromkeys(sources["source"], "")),
            "kind": (claims["source"].map(kinds), dict.fromkeys(filter(None, sources["kind"]), "")),
            "recommendation": (claims["recommendation"], _space(find_signs(collection.terms))),
            "verdict": (questions["verdict"], _space(VERDICT_SIGNS)),
        }[column]
        numbers = values.value_counts().to_dict()
    named = [
        (f"{sign}{name_value(collection, column, value)} ({numbers.get(value, 0)})", value)
        for value, sign in before.items()
        if value in numbers or value in keep
    ]
    return [(f"all {name_column(collection, column, several=True)}", ""), *named]


def _space(signs: dict[str, str]) -> dict[str, str]:
    return {name: f"{sign} " for name, sign in signs.items()}


def _list_groups(collection: Collection) -> _Options:
    """List the terms that can stand for those under them, aspects first."""
    options: _Options = [("nothing", _EVERYTHING)]
    for facet in reversed(FACETS):
        terms = count_terms(collection, facet=facet)
        for term, under in zip(terms["term"], terms["terms"], strict=True):
            if under:
                name = name_value(collection, facet, term)
                many = collection.words.many(facet)
                options.append((f"{many} under {name} ({under})", (facet, term)))
    return options


def set_options(control: Any, options: _Options) -> None:
    """Give a list other options, and keep what is picked where it is still among them."""
    before = control.value
    if [*control.options] == options:
        return
    values = [value for _, value in options]
    with control.hold_sync():
        control.options = options
        if isinstance(control.index, tuple):
            control.index = [values.index(value) for value in before if value in values]
        else:
            control.index = values.index(before) if before in values else 0


def build_panes(looks: str) -> dict[str, Any]:
    """
    Build what the controls act on; each takes HTML.

    ``chosen`` (what is chosen, in words), ``matrix``, ``claims``, and out of sight ``mark`` (of
    what is picked) and ``looks``.
    """
    widgets = load_widgets()
    panes = {
        name: widgets.HTML(layout={"width": "auto"}) for name in ("chosen", "matrix", "claims")
    }
    panes |= {name: widgets.HTML(layout={"display": "none"}) for name in ("mark", "looks")}
    keys = Markup('<img src="data:," alt="" onerror="{}">').format(_KEYS)
    panes["looks"].value = f"<style>{looks}</style>{keys}"
    return panes


def lay_out(controls: dict[str, Any], panes: dict[str, Any]) -> Any:
    """Lay controls and panes out: the lists above, the matrix beside the claims below."""
    widgets = load_widgets()

    def group(name: str, *members: Any) -> Any:
        box = widgets.Box(members)
        box.add_class(f"claimbook-{name}")
        return box

    hint = widgets.HTML(_HINT, layout={"width": "auto"})
    again = group("again", controls["clear"], hint)
    picked = group("picked", controls["question"], controls["source"], panes["claims"])
    pages = group("pages", *(controls[name] for name in PAGES))
    return group(
        "explorer",
        group("search", controls["words"], controls["find"], again),
        group("lists", *(controls[name] for name in LISTS)),
        panes["chosen"],
        group("views", group("sheet", pages, panes["matrix"]), picked),
        group("hidden", controls["cell"], panes["mark"], panes["looks"]),
    )
