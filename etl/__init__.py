"""The write side: from submitted workbooks to a published snapshot. It knows nothing of the dashboard."""

__version__ = "0.1.0"
