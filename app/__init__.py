"""Aid Ledger: who promised what, when, in which currency, how far it has got, and how we know."""
