"""What the project promises of itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import LONGEST

import claimbook

FOLDER = Path(__file__).parents[1]


def test_pins_hold_names_and_versions_and_no_address():
    lines = (FOLDER / "constraints.txt").read_text().splitlines()
    assert all(re.match(r"[a-z0-9._-]+==[^/\s]+( ;.*)?$", line) for line in lines)


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {*project["dependencies"], *extras["lab"], *extras["dev"]} - {"claimbook[lab]"}
    pinned = {line.split("==")[0] for line in (FOLDER / "constraints.txt").read_text().splitlines()}
    assert {re.split("[>=<]", name)[0] for name in wanted} <= pinned


def test_the_readme_names_both_commands():
    readme = (FOLDER / "README.md").read_text()
    assert "make report" in readme
    assert "make test" in readme


def test_every_public_name_is_there_and_described():
    for name in claimbook.__all__:
        assert getattr(claimbook, name).__doc__
    assert set(claimbook.__all__) <= set(dir(claimbook))
    with pytest.raises(AttributeError, match="read_colection"):
        claimbook.read_colection  # noqa: B018


def test_help_does_not_wait_for_pandas():
    code = (
        "import sys, claimbook.cli\n"
        "try: claimbook.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_the_files_of_tests_that_begin_are_there():
    folder = Path(__file__).parent
    assert [name for name in LONGEST if not (folder / f"{name}.py").exists()] == []
