"""JupyterLab, started on a notebook and ended with the command that started it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import IO, Final, NamedTuple
from urllib.parse import quote

_PATIENCE: Final = 180.0
_LAST_WORDS: Final = 30.0


class Lab(NamedTuple):
    """
    A JupyterLab that runs.

    Attributes
    ----------
    address : str
        Opens the notebook; it holds the key to it.
    server : Popen
        Its process: ``wait`` for it to end.
    """

    address: str
    server: subprocess.Popen


@contextmanager
def open_lab(notebook: Path, *, browser: bool = True) -> Iterator[Lab]:
    """
    Run JupyterLab on a notebook, for this machine only.

    Parameters
    ----------
    notebook : Path
        What it opens. It shows the working folder where the notebook lies in it, else the
        notebook's own.
    browser : bool
        Whether to open a browser.

    Yields
    ------
    lab : Lab
        Ready to be opened. It ends where the block ends, however that comes about.

    Raises
    ------
    ModuleNotFoundError
        If JupyterLab or ipywidgets is not installed; the message names the remedy.
    OSError
        If JupyterLab does not start; the message is its own.

    Examples
    --------
    >>> with open_lab(Path("data/explore.ipynb"), browser=False) as lab:  # doctest: +SKIP
    ...     print(lab.address)
    http://127.0.0.1:8888/lab/tree/data/explore.ipynb?token=...
    """
    check_lab()
    notebook, token = notebook.resolve(), token_hex(16)
    root = Path.cwd()
    if not notebook.is_relative_to(root) or _is_hidden(notebook.relative_to(root)):
        root = notebook.parent
    tree = quote(notebook.relative_to(root).as_posix())
    with (
        # where JupyterLab says on which port it listens: it alone knows which one it got
        tempfile.TemporaryDirectory(prefix="claimbook-", ignore_cleanup_errors=True) as told,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
    ):
        environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
        server = subprocess.Popen(
            _write_command(notebook, root, browser=browser),
            env=environment | {"JUPYTER_TOKEN": token, "JUPYTER_RUNTIME_DIR": told},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            address = _wait_for(server, Path(told), log)
            yield Lab(f"{address}lab/tree/{tree}?token={token}", server)
        finally:
            _end(server)


def check_lab() -> None:
    """
    Check that what the explorer needs is installed.

    Raises
    ------
    ModuleNotFoundError
        If JupyterLab or ipywidgets is not; the message names the remedy.

    Examples
    --------
    >>> check_lab()
    """
    for module, name in (("jupyterlab", "JupyterLab"), ("ipywidgets", "ipywidgets")):
        if find_spec(module) is None:
            raise ModuleNotFoundError(
                f"the explorer needs {name}: pip install 'claimbook[lab]'", name=module
            )


def _is_hidden(path: Path) -> bool:
    """JupyterLab serves no file of whose path a part begins with a dot."""
    return any(part.startswith(".") for part in path.parts)


def _write_command(notebook: Path, root: Path, *, browser: bool) -> list[str]:
    settings = {
        "ServerApp.root_dir": root,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.base_url": "/",
        "ServerApp.answer_yes": True,
        "ServerApp.open_browser": browser,
        "ServerApp.allow_root": True,
        "Application.log_level": "ERROR",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "jupyterlab", str(notebook), *options]


def _wait_for(server: subprocess.Popen, told: Path, log: IO[str]) -> str:
    """Wait until JupyterLab says at what address it listens."""
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        for file in told.glob("jpserver-*.json"):
            with suppress(OSError, ValueError):  # not yet written to its end
                return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        time.sleep(0.1)
    log.seek(0)
    lines = [line.strip() for line in log if line.strip()] or ["it said nothing"]
    raise OSError(f"JupyterLab did not start: {lines[-1]}")


def _end(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(_LAST_WORDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
