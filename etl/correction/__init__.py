"""The correction of a report: the sender's own file with the cells to correct marked, and a sheet that lists them.

what.py    what there is to correct: a file on disk, a return in the store, a file in quarantine
write.py   the marked file, made in a guarded child: a file that cannot be opened gets a list only
book.py    the sender's workbook, opened for marking, and saved with the results of its formulas
dropdowns.py what openpyxl drops of a sheet and can be said otherwise
marks.py   cells coloured and commented, and what an earlier correction had marked
listing.py the first sheet: every issue with a link to its cell
"""

from etl.correction.listing import counted
from etl.correction.write import write_correction

__all__ = ["counted", "write_correction"]
