"""Alerts: what somebody should look at in the requests that are pending, each once for each cause."""

from app.legislation.domain.alerts.model import (
    CLAIM_TOLERANCE,
    LEAD,
    SEVERITY,
    Alert,
    Rule,
    Severity,
)
from app.legislation.domain.alerts.query import AlertQuery, Ceased, page
from app.legislation.domain.alerts.rules import alerts

__all__ = [
    "CLAIM_TOLERANCE",
    "LEAD",
    "SEVERITY",
    "Alert",
    "AlertQuery",
    "Ceased",
    "Rule",
    "Severity",
    "alerts",
    "page",
]
