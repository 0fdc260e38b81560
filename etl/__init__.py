"""The write side: from submitted workbooks to a published snapshot. It knows nothing of the dashboard."""

__version__ = "1.0.0"
