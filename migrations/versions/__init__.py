"""The steps: a file name begins with the date and time at which the step was written."""
