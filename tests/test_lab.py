"""The explorer in JupyterLab, driven in a real browser; skipped where there is none."""

import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import nbformat
import pytest
from builders import sound_files, write_files

from claimbook.cli import main
from claimbook.collection.starter import write_explorer
from claimbook.notebook.lab import open_lab
from claimbook.report.pdf import find_browser

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[1] / "data"
WAIT = 120_000
QUIET = '{"fetchNews": "false", "checkForUpdates": false}'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where JupyterLab keeps what it remembers, so that it does not touch the user's."""
    pytest.importorskip("jupyterlab", reason="the explorer in JupyterLab: it is not installed")
    home = tmp_path_factory.mktemp("home")
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(QUIET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(home / "settings"))
        patch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(home / "workspaces"))
        yield home


@pytest.fixture(scope="module")
def notebook(home):
    """The explorer's notebook on the claims of this project."""
    return write_explorer(shutil.copytree(DATA, home / "project" / "data"))


@pytest.fixture(scope="module")
def lab(notebook):
    """JupyterLab on the explorer's notebook."""
    with open_lab(notebook, browser=False) as lab:
        yield lab


@pytest.fixture(scope="module")
def see(lab):
    """
    Do something with the page of the explorer.

    In a thread of its own, since another module may have a browser open in this one.
    """
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the explorer in JupyterLab: playwright is not installed"
    )
    try:
        path = find_browser()
    except ValueError as error:
        pytest.skip(f"the explorer in JupyterLab: {error}")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
    with ExitStack() as ends:
        thread = ends.enter_context(ThreadPoolExecutor(1))

        def run(do, *given, **options):
            return thread.submit(do, *given, **options).result()

        started = run(playwright.sync_playwright().start)
        ends.callback(run, started.stop)
        browser = run(started.chromium.launch, executable_path=path, args=arguments)
        ends.callback(run, browser.close)
        page = run(open_explorer, browser, lab.address)
        yield lambda do: run(do, page)


def open_explorer(browser, address):
    """Open the notebook and run all of it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(WAIT)
    page.asked_for = []
    page.on("request", lambda request: page.asked_for.append(request.url))
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    wait_for_kernel(page)  # what is asked before is lost
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".claimbook-explorer .matrix")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-InputArea-prompt')]"
        ".every(prompt => !prompt.textContent.includes('*'))"
    )
    page.evaluate("document.querySelector('.claimbook-explorer').scrollIntoView()")
    return page


def wait_for_kernel(page):
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


@pytest.fixture(autouse=True)
def start_again(request):
    """Take every choice back before a test that sees the page."""
    if "see" in request.fixturenames:
        request.getfixturevalue("see")(_start_again)


def _start_again(page):
    page.get_by_role("button", name="Start again").click()
    wait_until(page, r"Every claim\. Taken together: aspects under use\. \d")


def wait_until(page, pattern):
    """Wait until the words that tell what is chosen hold these, and all else has followed."""
    told = "document.querySelector('.claimbook-explorer .chosen').textContent"
    page.wait_for_function(f"pattern => new RegExp(pattern).test({told})", arg=pattern)
    wait_for_kernel(page)
    seen, same = "", 0
    while same < 3:  # the parts of the explorer are renewed one after the other
        page.wait_for_timeout(150)
        shown = page.locator(".claimbook-explorer").first.inner_html()
        seen, same = shown, same + 1 if shown == seen else 0


def told(page):
    return page.locator(".claimbook-explorer .chosen").inner_text()


def choose(page, label, text):
    options = page.get_by_label(label, exact=True)
    names = options.locator("option").all_text_contents()
    number = next(n for n, name in enumerate(names) if text in name.replace("\xa0", " "))
    options.select_option(index=number)


def read_matrix(page):
    return page.locator(".claimbook-explorer .matrix").inner_text()


def test_the_matrix_and_the_claims_follow_a_condition(see):
    def act(page):
        before = read_matrix(page)
        choose(page, "Complaint", "herniated disc")
        wait_until(page, "Chosen: complaint herniated disc")
        after = read_matrix(page)
        assert "sciatica" in before
        assert "sciatica" not in after
        assert "herniated disc" in after
        cards = page.locator(".claimbook-explorer .card").count()
        assert 0 < cards < 40

    see(act)


def test_words_are_searched_as_they_are_typed(see):
    def act(page):
        page.get_by_label("Words").press_sequentially("PASSIVE")
        wait_until(page, "Chosen: with “PASSIVE”.")
        claims = page.locator(".claimbook-explorer .card").all_inner_texts()
        assert claims
        assert all("passive" in claim.lower() for claim in claims)

    see(act)


def test_a_cell_is_picked_and_read_back_in_the_next_cell(see):
    def act(page):
        cell = page.locator(".claimbook-explorer td[data-cell]").first
        source = cell.get_attribute("title").split(":")[0]
        cell.click()
        wait_until(page, "Picked: claims on")
        ids = page.locator(".claimbook-explorer .card > :last-child").all_inner_texts()
        shown = [text.removeprefix("Claim ") for text in ids]
        assert shown
        assert source in page.locator(".claimbook-explorer .card").first.inner_text()
        code = page.locator(".jp-CodeCell").filter(has_text="explorer.selection[[").first
        code.locator(".jp-InputArea-editor").click()
        page.keyboard.press("Shift+Enter")
        rows = code.locator(".jp-OutputArea-output tbody tr")
        page.wait_for_function(
            "([before, now]) => [...document.querySelectorAll('.jp-CodeCell')].some(cell => "
            "cell.textContent.includes('explorer.selection[[') && "
            "cell.querySelectorAll('.jp-OutputArea-output tbody tr').length === now)",
            arg=[0, len(shown)],
        )
        read = [row.split()[0] for row in rows.all_inner_texts()]
        assert sorted(read) == sorted(shown)

    see(act)


def test_lists_are_worked_by_keyboard_and_no_key_reaches_the_notebook(see):
    def act(page):
        cells = page.locator(".jp-Cell").count()
        page.get_by_label("Question", exact=True).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        wait_until(page, "Picked: claims on")
        picked = page.get_by_label("Question", exact=True).evaluate("list => list.value")
        aspect = picked.replace("\xa0", " ").split(" · ")[-1].split(" (")[0]
        wait_until(page, re.escape(f": {aspect}."))
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        wait_until(page, " by ")
        for key in ("d", "d", "b", "x"):
            page.keyboard.press(key)
        page.keyboard.press("Shift+Tab")
        for key in ("d", "d", "b", "x"):
            page.keyboard.press(key)
        assert page.locator(".jp-Cell").count() == cells
        assert "Picked" in told(page)

    see(act)


def test_every_control_is_found_by_its_label(see):
    labels = (
        *("Complaint", "Treatment", "Aspect", "Source", "Kind of source", "Level", "Verdict"),
        *("Take together", "Words", "Find in the lists", "Question", "Questions"),
    )
    see(lambda page: [page.get_by_label(label, exact=True).first.wait_for() for label in labels])


@pytest.mark.parametrize("spacing", ["normal", "0.2em"])  # stands for fonts of other widths
def test_nothing_is_wider_than_its_place(see, spacing):
    wide = """() => [...document.querySelectorAll('.claimbook-explorer, .claimbook-lists > *,'
        + '.claimbook-search > *, .claimbook-again > *, .claimbook-views > *,'
        + '.claimbook-picked > *')]
        .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className)"""
    width = "document.querySelector('.claimbook-explorer').clientWidth"

    def act(page):
        style = f".claimbook-explorer * {{ letter-spacing: {spacing} }}"
        added = page.add_style_tag(content=style)
        for size in (1600, 900, 1280):
            before = page.evaluate(width)
            page.set_viewport_size({"width": size, "height": 900})
            page.wait_for_function(f"before => {width} !== before", arg=before)
            for _ in range(20):  # JupyterLab lays itself out in several steps
                if not (found := page.evaluate(wide)):
                    break
                page.wait_for_timeout(250)
            assert found == []
        added.evaluate("style => style.remove()")

    see(act)


def test_the_notebook_is_saved_with_the_view_as_it_is(see, notebook):
    def act(page):
        choose(page, "Level", "uncertain")
        wait_until(page, "Chosen: level uncertain.")
        kept = page.locator(".claimbook-snapshot", has_text="Chosen: level uncertain.")
        kept.wait_for(state="attached")
        assert kept.is_hidden()
        page.get_by_label("Level", exact=True).focus()
        page.keyboard.press("Control+s")
        page.get_by_text("Saving completed").wait_for()

    see(act)
    cells = nbformat.read(notebook, as_version=4).cells
    pages = [
        output.data["text/html"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "claimbook-snapshot" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pages) == 1
    assert "Chosen: level uncertain." in pages[0]


def test_nothing_is_asked_of_another_machine(see):
    asked = see(lambda page: page.asked_for)
    near = ("http://127.0.0.1:", "data:", "blob:")
    assert [url for url in asked if not url.startswith(near)] == []


# --- the command -------------------------------------------------------------


@pytest.fixture
def start():
    """Start commands that take an interrupt, and end all that still run, however the test ends."""
    started = []

    def run(*command, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, start_new_session=True, **pipes, **options))
        return started[-1]

    yield run
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # close its pipes, and wait
            pass


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_command_names_its_address_and_ends_quietly_with_jupyterlab(home, tmp_path, start, end):
    folder = write_files(tmp_path / "data", sound_files())
    command = [sys.executable, "-m", "claimbook", "explore", "data", "--no-browser"]
    run = start(*command, cwd=tmp_path)
    address = run.stdout.readline()
    assert address.startswith("http://127.0.0.1:")
    assert "/lab/tree/data/explore.ipynb?token=" in address
    assert (folder / "explore.ipynb").is_file()
    server = _find_children(run.pid)
    run.send_signal(end)
    _, errors = run.communicate(timeout=WAIT / 1000)
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert "Run All Cells" in errors
    assert not [child for child in server if Path(f"/proc/{child}").exists()]


def _find_children(number):
    """Find the processes that one has started, where the system tells."""
    path = Path(f"/proc/{number}/task/{number}/children")
    return path.read_text().split() if path.exists() else []


def test_without_jupyterlab_the_remedy_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("claimbook.notebook.lab.find_spec", lambda name: None)
    write_files(tmp_path, sound_files())
    assert main(["explore", str(tmp_path)]) == 2
    assert "pip install 'claimbook[lab]'" in capsys.readouterr().err
    assert not (tmp_path / "explore.ipynb").exists()


def test_what_cannot_be_compared_is_not_opened(tmp_path, capsys):
    pytest.importorskip("jupyterlab", reason="the explorer in JupyterLab: it is not installed")
    assert main(["explore", str(tmp_path / "nowhere")]) == 2
    write_files(tmp_path, {"claims.csv": "claim_id\n1\n"})
    assert main(["explore", str(tmp_path)]) == 2
    assert "nothing was done" in capsys.readouterr().err
    assert not (tmp_path / "explore.ipynb").exists()


def test_a_jupyterlab_that_does_not_start_is_told_in_its_own_words(home, tmp_path, monkeypatch):
    broken = [sys.executable, "-c", "raise SystemExit('no room left')"]
    monkeypatch.setattr("claimbook.notebook.lab._write_command", lambda *_, **__: broken)
    with (
        pytest.raises(OSError, match="did not start: no room left"),
        open_lab(tmp_path / "x.ipynb"),
    ):
        pass


def test_two_jupyterlabs_run_at_once(lab, notebook):
    with open_lab(notebook, browser=False) as other:
        assert lab.address.partition("/lab")[0] != other.address.partition("/lab")[0]
        assert lab.server.poll() is None
    assert other.server.poll() is not None
    assert lab.server.poll() is None
