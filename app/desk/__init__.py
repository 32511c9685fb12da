"""The desk: what its forms need below their pages. Fields become commands, findings stand by field, drafts are kept."""
