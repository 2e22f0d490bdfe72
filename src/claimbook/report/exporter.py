"""A notebook made into one HTML file that asks nothing of the network."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import pass_context
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import TemplateExporter
from nbconvert.filters import get_metadata
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets import default
from traitlets.config import Config

from claimbook.collection.files import find_title, open_output
from claimbook.collection.starter import find_notebook
from claimbook.report.page import hash_part, name_headings

_PARAMETERS = "parameters"


class ReportExporter(TemplateExporter):
    """
    Export a notebook as a report: one file, no code in sight, no request to anywhere.

    Registered with nbconvert, so that ``jupyter nbconvert --to claimbook any.ipynb`` works. A page
    with more than one heading of level two gets a table of contents, and what was run stands at its
    foot on demand; only a page with a table of claims holds a script, and only that script may
    run. What cells say to standard error is left out.

    Examples
    --------
    >>> notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Massage")])
    >>> page, _ = ReportExporter().from_notebook_node(notebook)
    >>> "Content-Security-Policy" in page
    True
    """

    export_from_notebook = "claimbook report"
    output_mimetype = "text/html"

    @default("file_extension")
    def _choose_extension(self) -> str:
        return ".html"

    @default("template_name")
    def _choose_template(self) -> str:
        return "claimbook"

    @default("extra_template_basedirs")
    def _find_templates(self) -> list[str]:
        return [str(Path(__file__).parent / "templates")]

    @property
    def default_config(self) -> Config:
        """What is shown of an output that comes in several forms: the first of these."""
        priority = {"NbConvertBase": {"display_data_priority": list(_FORMS)}}
        merged = super().default_config.copy()
        merged.merge(Config(priority))
        return Config(merged)

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Name what the template calls."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "markdown2html", _write_markdown
        yield "hash_part", hash_part
        yield "name_headings", name_headings
        yield "find_alt", self._find_alt
        yield "shown_code", _find_code

    def _create_environment(self) -> Any:
        environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        return environment

    def _find_alt(self, output: Any, cell: Any, form: str) -> str:
        """Find what a picture shows in words; tell of one for which nobody has said it."""
        alt = get_metadata(output, "alt", form) or cell.metadata.get("alt")
        if alt is None:
            self.log.warning("A picture has no words for those who do not see it: %s", _SAY_ALT)
        return str("A picture that nobody has described" if alt is None else alt)


def _find_code(cell: Any) -> str:
    """Find the code of a cell that its tags do not hide."""
    hidden = {"remove_cell", "remove_input"} & set(cell.metadata.get("tags") or [])
    return "" if hidden else str(cell.source).strip()


_SAY_ALT = "display(figure, metadata={'image/png': {'alt': 'what it shows'}})"
_FORMS: Final = (
    "application/vnd.jupyter.widget-view+json",
    "application/javascript",
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/plain",
)


class _Renderer(IPythonRenderer):
    """Writes tags within a line as they stand: nbconvert closes each where it opens."""

    def inline_html(self, html: str) -> str:
        return str(super().inline_html(html)) if html.startswith("<img") else html


@pass_context
def _write_markdown(context: Any, source: str) -> str:
    """Write Markdown as HTML, pictures from beside the notebook within it."""
    cell, resources = context.get("cell", {}), context.get("resources", {})
    renderer = _Renderer(
        escape=False,
        attachments=cell.get("attachments", {}),
        embed_images=True,
        path=resources.get("metadata", {}).get("path", ""),
        exclude_anchor_links=True,
    )
    return MarkdownWithMath(renderer=renderer).render(source)


class _Client(NotebookClient):
    """A notebook client that tells of each cell before it runs, and knows which one it was."""

    tell: Callable[[str], None] = staticmethod(lambda _: None)
    place: int = 0

    async def async_execute_cell(  # type: ignore[override]
        self, cell: Any, cell_index: int, **options: Any
    ) -> Any:
        self.place = cell_index
        if cell.cell_type == "code":
            self.tell(f"cell {cell_index + 1} of {len(self.nb.cells)}: {_name_cell(cell)}")
        return await super().async_execute_cell(cell, cell_index, **options)


def write_report(
    collection: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    notebook: str | os.PathLike[str] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Run the report notebook on a collection and write what it shows as one HTML file.

    Parameters
    ----------
    collection : path
        A folder that holds ``claims.csv``, or a CSV file taken as it. The notebook runs there.
    output : path
        Written whole, or not at all.
    notebook : path, optional
        A notebook of one's own, with a cell tagged ``parameters``; else the one that comes with
        claimbook.
    tell : callable
        Is told of each cell as it runs.

    Raises
    ------
    ValueError
        If a cell of the notebook fails; it names the cell. If it is no notebook, or has no cell
        tagged ``parameters``.
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> write_report("nowhere", "report.html")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    FileNotFoundError: no collection at 'nowhere': name the folder ...
    """
    path = Path(collection)
    folder = path if path.is_dir() else path.parent
    own = find_notebook() if notebook is None else Path(notebook)
    run = read_notebook(own, collection="." if path.is_dir() else path.name)
    run.metadata["title"] = find_title(collection)
    run_notebook(run, folder=folder, tell=tell)
    page, _ = ReportExporter().from_notebook_node(run)  # type: ignore[no-untyped-call]
    with open_output(output) as file:
        file.write(page)


def read_notebook(path: Path, *, collection: str) -> Any:
    """
    Read a notebook and set its parameter ``COLLECTION``.

    Parameters
    ----------
    path : Path
        Where the notebook is; a cell of it is tagged ``parameters``.
    collection : str
        Path of the collection, seen from the folder in which the notebook will run.

    Returns
    -------
    notebook : NotebookNode
        With a cell behind the tagged one that sets the parameter.

    Raises
    ------
    ValueError
        If no cell is tagged ``parameters``, or the file is no notebook.

    Examples
    --------
    >>> notebook = read_notebook(find_notebook(), collection=".")
    >>> [cell.source for cell in notebook.cells if "injected" in cell.metadata.get("tags", [])]
    ["COLLECTION = '.'"]
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except RecursionError:
        raise ValueError(f"{path}: not a notebook: it is nested too deep") from None
    except (AttributeError, LookupError, TypeError, ValueError, nbformat.ValidationError) as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(f"{path}: not a notebook: {cause}") from error
    tagged = [_PARAMETERS in (cell.metadata.get("tags") or []) for cell in notebook.cells]
    if True not in tagged:
        raise ValueError(f"{path}: tag the cell that sets COLLECTION with '{_PARAMETERS}'")
    setting = nbformat.v4.new_code_cell(f"COLLECTION = {collection!a}", id="injected")
    setting.metadata["tags"] = ["injected", "remove_cell"]
    notebook.cells.insert(tagged.index(True) + 1, setting)
    return notebook


def run_notebook(
    notebook: Any, *, folder: Path, tell: Callable[[str], None] = lambda _: None
) -> None:
    """
    Run a notebook, cell by cell, in a kernel of this Python.

    Parameters
    ----------
    notebook : NotebookNode
        Its outputs are filled in.
    folder : Path
        Where it runs.
    tell : callable
        Is told of each cell as it runs, and in the end of what cells said to standard error, which
        the page does not show.

    Raises
    ------
    ValueError
        If a cell fails; it names the cell and what it said.

    Examples
    --------
    >>> notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    >>> run_notebook(notebook, folder=Path("."))
    >>> notebook.cells[0].outputs[0].data["text/plain"]
    '2'
    """
    kernel = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = _Client(
        notebook,
        km=kernel,
        timeout=None,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=40", f"--IPKernelApp.exec_lines={_PLAIN}", *_BARE],
        shutdown_kernel="immediate",
    )
    client.tell = tell
    with tempfile.TemporaryDirectory(prefix="claimbook-") as settings:
        env = {**os.environ, "MPLBACKEND": _INLINE, "IPYTHONDIR": settings}
        try:
            _wait_for(client, kernel, env)
        except CellExecutionError as error:
            raise ValueError(
                f"cell {client.place + 1} ({_name_cell(notebook.cells[client.place])}) failed: "
                f"{error.ename}: {error.evalue}"
            ) from None
        except RuntimeError as error:  # a kernel that does not start, or died
            raise ValueError(
                f"the notebook's Python ended before the notebook did ({error}): it may be short "
                "of memory; run the notebook in JupyterLab to see where"
            ) from None
    for aside in _find_asides(notebook):
        tell(aside)


def _wait_for(client: _Client, kernel: AsyncKernelManager, env: dict[str, str]) -> None:
    """
    Run a notebook in a thread of its own, and end its kernel if somebody interrupts.

    In the main thread the client would take the signals for itself, and end in a traceback.
    """
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(client.execute, env=env)
        try:
            running.result()
        except KeyboardInterrupt:
            while not running.done():
                if process := getattr(kernel.provisioner, "process", None):
                    process.kill()
                wait([running], timeout=0.1)
            raise


def _find_asides(notebook: Any) -> Iterator[str]:
    """Find what cells said to standard error: it is for whoever runs them, not for readers."""
    for place, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {place} says: {output.text.strip()}"


# figures are alike whatever matplotlibrc, kernels and IPython profile the machine or folder has
_BARE = ("--IPKernelApp.exec_PYTHONSTARTUP=False", "--HistoryManager.enabled=False")
_PLAIN = "import matplotlib; matplotlib.rcdefaults()"
_INLINE = "module://matplotlib_inline.backend_inline"


def _name_cell(cell: Any) -> str:
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return lines[0][:60] if lines else "empty"
