"""What several test modules share, and a word on what was not tested."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from claimbook.exporter import write_report
from claimbook.starter import write_starter

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
    """Run the report on claims whose cells try to come alive."""
    folder = tmp_path_factory.mktemp("evil")
    write_starter(folder)
    path, quoted = folder / "claims.csv", EVIL.replace('"', '""')
    text = path.read_text(encoding="utf-8")
    for words in (
        "Coffee late in the day costs light sleepers some of their sleep.",
        "a Dutch trial",
    ):
        assert words in text
        text = text.replace(words, f'"{quoted}"')
    path.write_text(text, encoding="utf-8")
    (folder / "datapackage.json").write_text('{"title": "<script>alert(1)</script>"}')
    write_report(folder, folder / "report.html")
    return folder / "report.html"


def pytest_terminal_summary(terminalreporter):
    """Say aloud what was skipped, and why."""
    reasons = {}
    for skipped in terminalreporter.stats.get("skipped", []):
        reason = skipped.longrepr[2] if isinstance(skipped.longrepr, tuple) else "no reason given"
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in reasons.items():
        terminalreporter.write_line(f"NOT TESTED ({count}): {reason.removeprefix('Skipped: ')}")
