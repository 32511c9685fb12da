"""What one can do at the desk: keep a draft, see what a form would do, record it."""

from app.desk.service.drafts import drop_draft, get_draft, list_drafts, save_draft
from app.desk.service.naming import find_pledges
from app.desk.service.recording import FormPreview, explain_refusal, preview, record

__all__ = [
    "FormPreview",
    "drop_draft",
    "explain_refusal",
    "find_pledges",
    "get_draft",
    "list_drafts",
    "preview",
    "record",
    "save_draft",
]
