"""The pages: what the ledger knows, to look at and to take away, made on the server and whole without a script."""
