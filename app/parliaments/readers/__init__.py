"""One reader per layout: bytes become the facts and actions of one vehicle, and nothing else happens."""
