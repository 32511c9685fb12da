"""One reader per layout: a file becomes rows, and nothing else happens."""
