"""Forms, their fields and their drafts as values. Pure."""

from app.desk.domain.drafts import KEPT, MAX_DRAFTS, Draft
from app.desk.domain.fields import Places, flatten, name_of, nest
from app.desk.domain.forms import (
    About,
    Command,
    FieldFindings,
    Form,
    FormKind,
    FormSent,
    OnRecord,
    ReadForm,
    StageChange,
    by_field,
)

__all__ = [
    "KEPT",
    "MAX_DRAFTS",
    "About",
    "Command",
    "Draft",
    "FieldFindings",
    "Form",
    "FormKind",
    "FormSent",
    "OnRecord",
    "Places",
    "ReadForm",
    "StageChange",
    "by_field",
    "flatten",
    "name_of",
    "nest",
]
