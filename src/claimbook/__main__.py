"""Run the command as ``python -m claimbook``."""

import sys

from claimbook.cli import main

sys.exit(main())
