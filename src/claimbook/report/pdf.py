"""A page printed as PDF by the Chromium of the machine, with no way to the network."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from claimbook.collection.files import open_output

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_OPTIONS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
)
_LONGEST: Final = 600  # seconds


def find_browser() -> str:
    """
    Find a Chromium on this machine.

    Returns
    -------
    path : str
        What the environment variable ``CHROMIUM`` names, else the first of `BROWSERS` that is
        there.

    Raises
    ------
    ValueError
        If there is none; it says what to do.

    Examples
    --------
    >>> os.environ["CHROMIUM"] = "no such browser"
    >>> find_browser()
    Traceback (most recent call last):
        ...
    ValueError: CHROMIUM is 'no such browser', which is no program: name Chromium or Chrome by ...
    >>> del os.environ["CHROMIUM"]
    """
    named = os.environ.get("CHROMIUM", "")
    if named:
        found = shutil.which(named)
        if not found:
            raise ValueError(
                f"CHROMIUM is {named!r}, which is no program: name Chromium or Chrome by its path"
            )
        return found
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise ValueError(
        "a PDF needs Chromium or Chrome, and none is on PATH: install one (on Debian: apt install "
        "chromium), or name it in the environment variable CHROMIUM"
    )


def write_pdf(page: str | os.PathLike[str], output: str | os.PathLike[str], browser: str) -> None:
    """
    Print a page as PDF, on A4 as its style for paper says.

    Parameters
    ----------
    page : path
        An HTML file.
    output : path
        Written whole, or not at all.
    browser : str
        Chromium, as `find_browser` finds it. It gets a profile of its own, and no network.

    Raises
    ------
    ValueError
        If Chromium fails, or takes more than ten minutes; it tells what Chromium said.

    Examples
    --------
    >>> write_pdf("report.html", "report.pdf", "false")
    Traceback (most recent call last):
        ...
    ValueError: false wrote no PDF: it ended with status 1
    """
    # beside the output, for a browser that is packed in a sandbox sees no other folder
    with tempfile.TemporaryDirectory(
        prefix="claimbook-", dir=Path(output).resolve().parent, ignore_cleanup_errors=True
    ) as folder:
        printed = Path(folder) / "page.pdf"
        command = [
            browser,
            *_OPTIONS,
            *(["--no-sandbox"] if _is_root() else []),
            f"--user-data-dir={folder}",
            f"--print-to-pdf={printed}",
            Path(page).resolve().as_uri(),
        ]
        said = _run(command)
        if not printed.is_file() or not printed.stat().st_size:
            raise ValueError(f"{Path(browser).name} wrote no PDF: {said}")
        with open_output(output) as file:
            file.buffer.write(printed.read_bytes())  # type: ignore[attr-defined]


def _is_root() -> bool:
    """Chromium's own sandbox does not start for root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str]) -> str:
    """Run a browser to its end and give its last word."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, errors="replace", start_new_session=True,
    ) as browser:  # fmt: skip
        try:
            _, said = browser.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            return f"it was stopped after {_LONGEST // 60} minutes"
        finally:
            _end(browser)
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with status {browser.returncode}"


def _end(browser: subprocess.Popen) -> None:
    """End a browser with all the processes that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(browser.pid, signal.SIGKILL)
        else:
            browser.kill()
