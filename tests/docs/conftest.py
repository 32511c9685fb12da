"""The pages are tried on the ledger of the bad inputs, too."""

from tests.inputs.conftest import database_url, ledger

__all__ = ["database_url", "ledger"]
