"""Run the command as ``python -m claimbook``."""

from claimbook.cli import run

run()
