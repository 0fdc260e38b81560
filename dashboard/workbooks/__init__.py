"""The figures as a workbook (.xlsx): a sheet for every exhibit, numbers as numbers, charts that can be edited."""

from dashboard.workbooks.book import workbook

__all__ = ["workbook"]
