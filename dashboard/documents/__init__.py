"""Documents to print and hand out (.docx), made from a snapshot alone: the same snapshot gives the same bytes."""

from dashboard.documents.bundles import LIST_NAME, NoOfficeError, Progress, letters_zip, profiles_zip, units_of
from dashboard.documents.handout import handout
from dashboard.documents.report import report_section
from dashboard.documents.unit_profile import UnknownUnitError, profile

__all__ = [
    "LIST_NAME",
    "NoOfficeError",
    "Progress",
    "UnknownUnitError",
    "handout",
    "letters_zip",
    "profile",
    "profiles_zip",
    "report_section",
    "units_of",
]
