"""The explorer's controls: lists to choose from, made of what a collection holds."""

from importlib import import_module
from typing import Any, Final

from markupsafe import Markup

from claimbook.collection.codebook import FACETS, USE
from claimbook.collection.collection import Collection
from claimbook.figures.style import find_signs
from claimbook.measures import order_sources
from claimbook.notebook.explorer.selection import Choice, count_terms, name_value

# each list: its name, what of `Collection.filter` it sets (nothing: it gathers), its title
LISTS: Final = {
    "conditions": ("condition", "Condition"),
    "interventions": ("intervention", "Intervention"),
    "aspects": ("aspect", "Aspect"),
    "sources": ("source", "Source"),
    "kinds": ("kind", "Kind of source"),
    "levels": ("recommendation", "Level"),
    "together": ("", "Take together"),
}
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

    A list each of `LISTS`; ``words``, to be typed; ``clear``, a button; ``question`` and
    ``source``, which have no options yet; ``cell``, out of sight, told of clicks.
    """
    widgets, free = load_widgets(), {"width": "auto"}  # the page gives the width
    controls = {
        name: widgets.SelectMultiple(
            description=title, options=_list_options(collection, column), rows=5, layout=free
        )
        for name, (column, title) in LISTS.items()
    }
    controls |= {
        "words": widgets.Text(
            description="Words", placeholder="in claim, quote, credit or notes", layout=free
        ),
        "clear": widgets.Button(
            description="Start again", tooltip="Take every choice back", layout=free
        ),
        "question": widgets.Select(description="Question", rows=5, layout=free),
        "source": widgets.Dropdown(description="Source", layout=free),
        "cell": widgets.Text(layout={"display": "none"}),
    }
    for name, control in controls.items():
        control.add_class(f"claimbook-{name}")
    reset_controls(controls)
    return controls


def reset_controls(controls: dict[str, Any]) -> None:
    """Take every choice back: all claims, and the aspects of use taken together."""
    for name in LISTS:
        values = [value for _, value in controls[name].options]
        controls[name].value = (("aspect", USE) if ("aspect", USE) in values else values[0],)
    controls["words"].value = ""


def read_choice(controls: dict[str, Any]) -> Choice:
    """Read off the controls what is chosen; the first option of a list leaves it open."""
    chosen = {
        column: [value for value in controls[name].value if value not in ("", _EVERYTHING)]
        for name, (column, _) in LISTS.items()
    }
    together = tuple(chosen.pop(""))
    words = {"words": controls["words"].value} if controls["words"].value.strip() else {}
    return Choice({column: values for column, values in chosen.items() if values} | words, together)


def _list_options(collection: Collection, column: str) -> _Options:
    """List what can be chosen, with the number of claims; the first option leaves it open."""
    if not column:
        return _list_groups(collection)
    if column in FACETS:
        terms = count_terms(collection, facet=column)[["term", "depth", "claims"]]
        rows = terms.itertuples(index=False, name=None)
        named = [
            (f"{_INDENT * depth}{name_value(collection, column, term)} ({claims})", term)
            for term, depth, claims in rows
        ]
        return [(f"all {column}s", ""), *named]
    sources = order_sources(collection)
    if column == "source":
        counts = collection.claims["source"].value_counts().reindex(sources["source"])
    elif column == "kind":
        counts = sources["kind"].value_counts(sort=False).drop("", errors="ignore")
    else:
        signs = find_signs(collection.terms)
        counts = collection.claims[column].value_counts().reindex([*signs], fill_value=0)
    named = [
        (f"{name_value(collection, column, value)} ({number})", value)
        for value, number in zip(counts.index, counts, strict=True)
    ]
    if column == "recommendation":
        named = [(f"{signs[value]} {label}", value) for label, value in named]
    return [(f"all {'level' if column == 'recommendation' else column}s", ""), *named]


def _list_groups(collection: Collection) -> _Options:
    """List the terms that can stand for those under them, aspects first."""
    options: _Options = [("nothing", _EVERYTHING)]
    for facet in reversed(FACETS):
        terms = count_terms(collection, facet=facet)
        for term, under in zip(terms["term"], terms["terms"], strict=True):
            if under:
                name = name_value(collection, facet, term)
                options.append((f"{facet}s under {name} ({under})", (facet, term)))
    return options


def set_options(control: Any, options: _Options) -> None:
    """Give a list other options, and keep what is picked where it is still among them."""
    before = control.value
    if [*control.options] == options:
        return
    with control.hold_sync():
        control.options = options
        values = [value for _, value in options]
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
    search = group("search", controls["words"], group("again", controls["clear"], hint))
    picked = group("picked", controls["question"], controls["source"], panes["claims"])
    return group(
        "explorer",
        group("lists", *(controls[name] for name in LISTS), search),
        panes["chosen"],
        group("views", panes["matrix"], picked),
        group("hidden", controls["cell"], panes["mark"], panes["looks"]),
    )
