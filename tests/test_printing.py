import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claimbook.cli import main
from claimbook.report.pdf import BROWSERS, find_browser, write_pdf


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page of mine.html"
    path.write_text('<!DOCTYPE html><html lang="en"><title>Massage</title><p>It helps.</p></html>')
    return path


def write_program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_page_is_printed(page, tmp_path):
    try:
        browser = find_browser()
    except ValueError as error:
        pytest.skip(f"printing a PDF: {error}")
    write_pdf(page, tmp_path / "report.pdf", browser)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page of mine.html", "report.pdf"]


def test_a_browser_that_fails_is_quoted_and_leaves_the_old_pdf(page, tmp_path):
    old = tmp_path / "report.pdf"
    old.write_text("old")
    browser = write_program(tmp_path / "broken", "echo first >&2; echo 'no room left' >&2; exit 3")
    with pytest.raises(ValueError, match="broken wrote no PDF: no room left"):
        write_pdf(page, old, browser)
    assert old.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 3


def test_an_interrupt_ends_the_browser_and_leaves_nothing(page, tmp_path):
    seen = tmp_path / "seen"
    text = f"sleep 60 &\necho $! > {seen}.new\nmv {seen}.new {seen}\nwait"
    browser = write_program(tmp_path / "slow", text)
    code = (
        "import signal, sys; from claimbook.report.pdf import write_pdf\n"
        "signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
        "write_pdf(*sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, str(page), str(tmp_path / "report.pdf"), browser]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while not seen.exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait()
    finally:
        process.kill()
    sleeper = int(seen.read_text())
    while _runs(sleeper):  # what is killed takes a moment to go
        time.sleep(0.05)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page of mine.html", "seen", "slow"]


def _runs(number):
    try:
        os.kill(number, 0)
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # it has ended, though nobody has asked


def test_the_browser_gets_no_network_and_a_profile_of_its_own(page, tmp_path):
    seen = tmp_path / "seen"
    browser = write_program(tmp_path / "fake", f'printf "%s\\n" "$@" > "{seen}"')
    with pytest.raises(ValueError, match="fake wrote no PDF: it ended with status 0"):
        write_pdf(page, tmp_path / "report.pdf", browser)
    options = seen.read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in options
    assert any(option.startswith(f"--user-data-dir={tmp_path}") for option in options)
    assert options[-1] == page.as_uri()


def test_a_browser_is_found_by_its_name_or_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    found = write_program(tmp_path / BROWSERS[1], "")
    assert find_browser() == found
    monkeypatch.setenv("CHROMIUM", write_program(tmp_path / "mine", ""))
    assert find_browser().endswith("mine")


def test_no_browser_is_told_with_a_remedy_before_anything_is_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("claimbook.report.pdf.BROWSERS", ())
    monkeypatch.delenv("CHROMIUM", raising=False)
    output = tmp_path / "report.html"
    assert main(["report", "data", "--pdf", "--output", str(output)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "none is on PATH: install one" in error
    assert not output.exists()


def test_the_pdf_cannot_take_the_place_of_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", write_program(tmp_path / "mine", ""))
    output = tmp_path / "report.PDF"
    assert main(["report", "data", "--pdf", "--output", str(output)]) == 2
    assert "--pdf writes a PDF beside it" in capsys.readouterr().err


def test_the_pdf_is_written_beside_the_page(tmp_path, monkeypatch, capsys):
    def write_page(collection, output, *, notebook, tell):
        output.write_text("page")

    script = 'for a in "$@"; do case $a in --print-to-pdf=*) echo %PDF > "${a#*=}";; esac; done'
    monkeypatch.setenv("CHROMIUM", write_program(tmp_path / "mine", script))
    monkeypatch.setattr("claimbook.report.exporter.write_report", write_page)
    assert main(["report", "data", "--pdf", "--output", str(tmp_path / "a.b.html")]) == 0
    assert (tmp_path / "a.b.pdf").read_text() == "%PDF\n"
    assert capsys.readouterr().out.splitlines() == [
        f"report written: {tmp_path / 'a.b.html'}",
        f"report written: {tmp_path / 'a.b.pdf'}",
    ]
