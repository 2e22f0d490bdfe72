"""What several test modules share, and a word on what was not tested."""

import fcntl
import json
import os
import signal
import tempfile
from pathlib import Path

import pytest
from builders import write_files
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

DATA = Path(__file__).parents[1] / "data"
EVIL = '<img src=x onerror="alert(1)"></textarea><script>alert(1)</script>$x$'
# the files that take longest, in that order: they begin, so that none is waited for in the end
LONGEST = (
    *("test_lab", "test_figures_figure", "test_notebooks", "test_report_run", "test_browser"),
    *("test_oracle", "test_cli", "test_tallies", "test_robustness", "test_counts"),
)

# Settings and caches of the tests' own, so that the user's count for nothing and stay as they are.
# One folder for all that one run starts: what pytest starts finds its name in the environment.
_HOME = "CLAIMBOOK_TESTS_HOME"
_OWN = None
if _HOME not in os.environ:
    _OWN = tempfile.TemporaryDirectory(prefix="claimbook-tests-", ignore_cleanup_errors=True)
    os.environ[_HOME] = _OWN.name
_HOMES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
for _name in ("MPLCONFIGDIR", *_HOMES):
    os.environ[_name] = str(Path(os.environ[_HOME], _name.lower()))
    Path(os.environ[_name]).mkdir(mode=0o700, exist_ok=True)
os.environ |= {"MPLBACKEND": "agg", "COLUMNS": "100", "NO_COLOR": "1"}
os.environ.pop("FORCE_COLOR", None)
set_hypothesis_home_dir(os.environ[_HOME])

# a shell that runs the tests in the background has them ignore interrupts, and all they start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# no test is judged by its speed; where many wait for the outcome, all run the same examples
settings.register_profile(
    "claimbook",
    database=None,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("claimbook")


def pytest_unconfigure():
    """Leave nothing behind."""
    if _OWN is not None:
        _OWN.cleanup()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what waits for a report or a browser as slow; begin with the files that take long."""
    for item in items:
        if {"report_path", "evil_path", "chromium"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
        if config.option.markexpr == "not slow":  # make test-fast
            _draw_fewer(item)
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def _draw_fewer(item):
    """Let a test of drawn examples do with a quarter of them, however many it names."""
    test = getattr(item, "function", None)
    if own := getattr(test, "_hypothesis_internal_use_settings", None):
        fewer = settings(own, max_examples=max(5, own.max_examples // 4))
        test._hypothesis_internal_use_settings = fewer


@pytest.fixture(scope="session")
def report_path(make_once):
    """Run the report on the claims of this project, once."""

    def make(folder):
        from claimbook.report.exporter import write_report

        told = []
        write_report(DATA, folder / "report.html", tell=told.append)
        assert told

    return make_once("report", make) / "report.html"


@pytest.fixture(scope="session")
def evil_path(make_once):
    """Run the report on claims of which each cell that may hold anything tries to come alive."""
    return make_once("evil", _make_evil) / "report.html"


@pytest.fixture(scope="session")
def make_once(tmp_path_factory):
    """Make a folder once, however many processes run tests that need it."""

    def make_once(name, make):
        shared = tmp_path_factory.getbasetemp()
        shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
        with open(shared / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder, done = shared / name, shared / name / ".done"
            if not done.exists():
                folder.mkdir(exist_ok=True)
                make(folder)
                done.touch()
        return folder

    return make_once


def _make_evil(folder):
    from claimbook.collection.codebook import FACETS
    from claimbook.collection.metadata import SWIM
    from claimbook.collection.starter import write_starter
    from claimbook.report.exporter import write_report

    write_starter(folder)
    write_files(folder, build_evil_tables())
    swim = dict.fromkeys(SWIM, EVIL)
    headline = {facet: f"{facet} {EVIL}" for facet in FACETS}
    metadata = {"title": EVIL, "description": EVIL, "headline": headline, "swim": swim}
    (folder / "datapackage.json").write_text(json.dumps(metadata | {"yardstick": f"b {EVIL}"}))
    write_report(folder, folder / "report.html")


def build_evil_tables():
    """Build claims of three sources, two of them articles, that answer one question."""
    from claimbook.collection.codebook import FACETS, SOURCE_COLUMNS

    terms = {facet: f"{facet} {EVIL}" for facet in FACETS}
    words = dict.fromkeys(("claim", "quote", "attribution", "coder", "notes"), EVIL)
    claims = [
        {"claim_id": f"{key} {EVIL}", "source": f"{key} {EVIL}", "recommendation": level}
        | {"cited_study": cited}
        | terms
        | words
        for key, level, cited in (("a", "for", f"c {EVIL}"), ("b", "against", ""), ("c", "for", ""))
    ]
    free = sorted(set(SOURCE_COLUMNS) - {"source", "kind", "url", "text", "sha256"})
    sources = [
        {"source": f"{key} {EVIL}", "kind": kind, "url": f"https://{EVIL}"}
        | dict.fromkeys(free, f"{key} {EVIL}")
        | {"doi": f"10.1000/{EVIL}", "pmid": "1"}
        for key, kind in (("a", "article"), ("b", "article"), ("c", "trial"))
    ]
    vocabulary = [
        {"scheme": scheme, "term": term, "label": EVIL, "definition": EVIL}
        for scheme, term in terms.items()
    ]
    tables = {"claims.csv": claims, "sources.csv": sources, "vocabulary.csv": vocabulary}
    return {name: [[*rows[0]], *([*row.values()] for row in rows)] for name, rows in tables.items()}


def pytest_terminal_summary(terminalreporter):
    """Say aloud what was skipped, and why."""
    reasons = {}
    for skipped in terminalreporter.stats.get("skipped", []):
        reason = skipped.longrepr[2] if isinstance(skipped.longrepr, tuple) else "no reason given"
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in reasons.items():
        terminalreporter.write_line(f"NOT TESTED ({count}): {reason.removeprefix('Skipped: ')}")
