"""What several test modules share, and a word on what was not tested."""

import json
import os
from pathlib import Path

import pytest
from builders import write_files
from hypothesis import HealthCheck, settings

from claimbook.collection.codebook import FACETS, SOURCE_COLUMNS
from claimbook.collection.metadata import SWIM
from claimbook.collection.starter import write_starter
from claimbook.report.exporter import write_report

# no test is judged by its speed; where many wait for the outcome, all run the same examples
settings.register_profile(
    "claimbook",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("claimbook")

EVIL = '<img src=x onerror="alert(1)"></textarea><script>alert(1)</script>$x$'


@pytest.fixture(scope="session")
def report_path(tmp_path_factory):
    """Run the report on the claims of this project, once."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    told = []
    write_report(Path(__file__).parents[1] / "data", path, tell=told.append)
    assert told
    return path


@pytest.fixture(scope="session")
def evil_path(tmp_path_factory):
    """Run the report on claims of which each cell that may hold anything tries to come alive."""
    folder = tmp_path_factory.mktemp("evil")
    write_starter(folder)
    write_files(folder, build_evil_tables())
    swim = dict.fromkeys(SWIM, EVIL)
    headline = {facet: f"{facet} {EVIL}" for facet in FACETS}
    metadata = {"title": EVIL, "description": EVIL, "headline": headline, "swim": swim}
    (folder / "datapackage.json").write_text(json.dumps(metadata | {"yardstick": f"b {EVIL}"}))
    write_report(folder, folder / "report.html")
    return folder / "report.html"


def build_evil_tables():
    """Build claims of three sources, two of them articles, that answer one question."""
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
