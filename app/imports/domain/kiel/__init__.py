"""The Ukraine Support Tracker of the Kiel Institute: its workbooks, and the flat files of its later releases."""
