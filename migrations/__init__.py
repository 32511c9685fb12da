"""The database's schema, one dated step after the other; Alembic runs them."""
