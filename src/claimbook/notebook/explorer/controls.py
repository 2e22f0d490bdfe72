"""The explorer's controls: lists to choose from, made of what a collection holds."""

from html import escape
from importlib import import_module
from typing import Any, Final

from claimbook.collection.codebook import FACETS, USE
from claimbook.collection.collection import Collection
from claimbook.figures.style import find_signs
from claimbook.measures.stances import order_sources
from claimbook.notebook.explorer.selection import Choice, count_terms
from claimbook.report.wording import Labels

REMEDY: Final = "pip install 'claimbook[lab]'"
LISTS: Final = {
    "conditions": "Condition",
    "interventions": "Intervention",
    "aspects": "Aspect",
    "sources": "Source",
    "kinds": "Kind of source",
    "levels": "Level",
    "together": "Take together",
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
_HINT: Final = "Ctrl+click chooses several"
_INDENT: Final = "\u2003"
_Options = list[tuple[str, Any]]


def load_widgets() -> Any:
    """
    Load the library of widgets.

    Returns
    -------
    ipywidgets : module
        Loaded when first asked for: nothing but the explorer needs it.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed; the message names the remedy.

    Examples
    --------
    >>> load_widgets().__name__
    'ipywidgets'
    """
    try:
        return import_module("ipywidgets")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"the explorer needs ipywidgets: {REMEDY}") from error


def build_controls(collection: Collection, labels: Labels) -> dict[str, Any]:
    """
    Build the controls, set to what is shown first.

    Parameters
    ----------
    collection : Collection
        Gives what can be chosen.
    labels : Labels
        Name terms and sources.

    Returns
    -------
    controls : dict of widgets
        A list each for ``conditions``, ``interventions``, ``aspects``, ``sources``, ``kinds``,
        ``levels`` and ``together``; ``words``, to be typed; ``clear``, a button; ``question`` and
        ``source``, which have no options yet; ``cell``, out of sight, told of clicks.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> collection = read_collection("data")
    >>> controls = build_controls(collection, Labels(collection))
    >>> controls["levels"].options[1][1]
    'for'
    """
    widgets, options = load_widgets(), _list_options(collection, labels)
    controls = {
        name: widgets.SelectMultiple(
            description=title, options=options[name], rows=5, layout=_free(widgets)
        )
        for name, title in LISTS.items()
    }
    controls |= {
        "words": widgets.Text(
            description="Words",
            placeholder="in claim, quote, credit or notes",
            layout=_free(widgets),
        ),
        "clear": widgets.Button(
            description="Start again", tooltip="Take every choice back", layout=_free(widgets)
        ),
        "question": widgets.Select(description="Question", rows=5, layout=_free(widgets)),
        "source": widgets.Dropdown(description="Source", layout=_free(widgets)),
        "cell": widgets.Text(layout=widgets.Layout(display="none")),
    }
    for name, control in controls.items():
        control.add_class(f"claimbook-{name}")
    reset_controls(controls)
    return controls


def _free(widgets: Any) -> Any:
    """Leave the width of a widget to the page."""
    return widgets.Layout(width="auto")


def reset_controls(controls: dict[str, Any]) -> None:
    """
    Take every choice back.

    Parameters
    ----------
    controls : dict of widgets
        As `build_controls` makes them; aspects that bear on use are taken together.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> collection = read_collection("data")
    >>> controls = build_controls(collection, Labels(collection))
    >>> controls["levels"].value = ("for",)
    >>> reset_controls(controls)
    >>> read_choice(controls)
    Choice(conditions=(), interventions=(), aspects=(), sources=(), kinds=(), levels=(), \
words='', together=(('aspect', 'use'),))
    """
    for name in LISTS:
        everything = controls[name].options[0][1]
        controls[name].value = (everything,)
    use = ("aspect", USE)
    if use in [value for _, value in controls["together"].options]:
        controls["together"].value = (use,)
    controls["words"].value = ""


def read_choice(controls: dict[str, Any]) -> Choice:
    """
    Read off the controls what is chosen.

    Parameters
    ----------
    controls : dict of widgets
        As `build_controls` makes them.

    Returns
    -------
    choice : Choice
        The first option of a list, or none, stands for everything.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> collection = read_collection("data")
    >>> controls = build_controls(collection, Labels(collection))
    >>> controls["kinds"].value = ("", "trial")
    >>> read_choice(controls).kinds
    ('trial',)
    """
    chosen = {
        name: tuple(
            value for value in controls[name].value if value != controls[name].options[0][1]
        )
        for name in LISTS
    }
    return Choice(words=controls["words"].value, **chosen)


def _list_options(collection: Collection, labels: Labels) -> dict[str, _Options]:
    """List what can be chosen; the first of each list leaves it open."""
    return {
        **{f"{facet}s": _list_terms(collection, labels, facet) for facet in FACETS},
        "sources": _list_sources(collection, labels),
        "kinds": _list_kinds(collection),
        "levels": _list_levels(collection, labels),
        "together": _list_groups(collection, labels),
    }


def _list_terms(collection: Collection, labels: Labels, facet: str) -> _Options:
    terms = count_terms(collection.claims, collection.vocabulary, facet=facet)
    options: _Options = [(f"all {facet}s", "")]
    for term, depth, _, claims in terms.itertuples(index=False):
        options.append((f"{_INDENT * depth}{labels.name_term(facet, term)} ({claims})", term))
    return options


def _list_sources(collection: Collection, labels: Labels) -> _Options:
    claims = collection.claims["source"]
    counts = claims.value_counts()
    ordered = order_sources(claims, collection.sources)["source"]
    named = [(f"{labels.name_source(source)} ({counts[source]})", source) for source in ordered]
    return [("all sources", ""), *named]


def _list_kinds(collection: Collection) -> _Options:
    ordered = order_sources(collection.claims["source"], collection.sources)
    counts = ordered["kind"].value_counts()
    kinds = [kind for kind in ordered["kind"].unique() if kind]
    return [("all kinds", ""), *((f"{kind} ({counts[kind]})", kind) for kind in kinds)]


def _list_levels(collection: Collection, labels: Labels) -> _Options:
    counts = collection.claims["recommendation"].value_counts()
    named = [
        (f"{sign} {labels.name_term('recommendation', level)} ({counts.get(level, 0)})", level)
        for level, sign in find_signs(collection.vocabulary).items()
    ]
    return [("all levels", ""), *named]


def _list_groups(collection: Collection, labels: Labels) -> _Options:
    """List the terms that can stand for those under them, aspects first."""
    options: _Options = [("nothing", ("", ""))]
    for facet in reversed(FACETS):
        terms = count_terms(collection.claims, collection.vocabulary, facet=facet)
        for term, _, under, _ in terms.itertuples(index=False):
            if under:
                name = labels.name_term(facet, term)
                options.append((f"{facet}s under {name} ({under})", (facet, term)))
    return options


def set_options(control: Any, options: _Options) -> None:
    """
    Give a list other options, and keep what is picked where it is still among them.

    Parameters
    ----------
    control : widget
        Of which one option is picked.
    options : list of (label, value)
        The first is picked where what was picked is gone.

    Examples
    --------
    >>> control = load_widgets().Select(options=["all", "a", "b"], value="b")
    >>> set_options(control, [("all", "all"), ("only b", "b")])
    >>> control.label
    'only b'
    """
    before = control.value
    if [*control.options] == options:
        return
    with control.hold_sync():
        control.options = options
        values = [value for _, value in options]
        control.index = values.index(before) if before in values else 0


def build_panes(looks: str) -> dict[str, Any]:
    """
    Build what the controls act on.

    Parameters
    ----------
    looks : str
        CSS for all of it.

    Returns
    -------
    panes : dict of widgets
        ``chosen`` (what is chosen, in words), ``matrix``, ``claims``, ``mark`` (of what is
        picked) and ``looks``; each takes HTML.

    Examples
    --------
    >>> sorted(build_panes(""))
    ['chosen', 'claims', 'looks', 'mark', 'matrix']
    """
    widgets = load_widgets()
    panes = {name: widgets.HTML(layout=_free(widgets)) for name in ("chosen", "matrix", "claims")}
    hidden = {
        name: widgets.HTML(layout=widgets.Layout(display="none")) for name in ("mark", "looks")
    }
    keys = f'<img src="data:," alt="" onerror="{escape(_KEYS)}">'
    hidden["looks"].value = f"<style>{looks}</style>{keys}"
    return panes | hidden


def lay_out(controls: dict[str, Any], panes: dict[str, Any]) -> Any:
    """
    Lay controls and panes out: the lists above, the matrix beside the claims below.

    Parameters
    ----------
    controls, panes : dict of widgets
        As `build_controls` and `build_panes` make them.

    Returns
    -------
    widget : widget
        All of it.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> collection = read_collection("data")
    >>> controls = build_controls(collection, Labels(collection))
    >>> len(lay_out(controls, build_panes("")).children)
    4
    """
    widgets = load_widgets()

    def group(name: str, *members: Any) -> Any:
        box = widgets.Box(members)
        box.add_class(f"claimbook-{name}")
        return box

    lists = [controls[name] for name in LISTS]
    hint = widgets.HTML(f'<div class="claimbook-view"><p>{_HINT}</p></div>', layout=_free(widgets))
    search = group("search", controls["words"], group("again", controls["clear"], hint))
    picked = group("picked", controls["question"], controls["source"], panes["claims"])
    hidden = group("hidden", controls["cell"], panes["mark"], panes["looks"])
    return group(
        "explorer",
        group("lists", *lists, search),
        panes["chosen"],
        group("views", panes["matrix"], picked),
        hidden,
    )
