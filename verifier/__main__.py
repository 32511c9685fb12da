"""``python -m verifier``: the check by itself, without the ledger's own program."""

import sys

from verifier.command import main

sys.exit(main())
