"""Forms, their fields and their drafts as values. Pure."""

from app.desk.domain.drafts import KEPT, MAX_DRAFTS, Draft
from app.desk.domain.fields import Places, flatten, name_of, nest
from app.desk.domain.forms import (
    Command,
    FieldFindings,
    Form,
    FormKind,
    FormSent,
    ReadForm,
    StageChange,
    by_field,
)

__all__ = [
    "KEPT",
    "MAX_DRAFTS",
    "Command",
    "Draft",
    "FieldFindings",
    "Form",
    "FormKind",
    "FormSent",
    "Places",
    "ReadForm",
    "StageChange",
    "by_field",
    "flatten",
    "name_of",
    "nest",
]
