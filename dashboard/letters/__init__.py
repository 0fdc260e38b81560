"""Reminding a unit: a letter in the Party's layout (.docx) and the same in a short message."""

from dashboard.letters.facts import (
    Doubt,
    FailingCell,
    Missing,
    NothingToRemind,
    Office,
    Reminder,
    reminder_for,
)
from dashboard.letters.layout import reminder
from dashboard.letters.message import message

__all__ = [
    "Doubt",
    "FailingCell",
    "Missing",
    "NothingToRemind",
    "Office",
    "Reminder",
    "message",
    "reminder",
    "reminder_for",
]
