"""Sheets that workbooks are put together from: each turns one kind of figures into a page."""
