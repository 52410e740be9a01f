"""A workbook given back with its bad cells marked, in a process of its own that may die without harm.

Started by `marked.py` as `python -I marking_child.py REQUEST`. The workbook was looked into and read before, by the
reader's own child; this one only paints cells and pins notes to them. It imports nothing of the product.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEGABYTE = 1_048_576
BAD, NOTE = "FFF9D6D2", "FF7A1B14"


def main() -> int:
    """Write the marked workbook to the request's target; the exit code says whether there is one."""
    request: dict[str, Any] = json.loads(sys.stdin.read())
    limit = request["megabytes"] * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from openpyxl import load_workbook
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    with Path(request["workbook"]).open("rb") as stream:  # a path would have to end in .xlsx
        book = load_workbook(stream)
    fill = PatternFill("solid", start_color=BAD, end_color=BAD)
    for mark in request["marks"]:
        sheet = book[mark["sheet"]] if mark["sheet"] in book.sheetnames else book.worksheets[0]
        cell = sheet.cell(row=mark["row"], column=mark["column"])
        if isinstance(cell, MergedCell):
            joined = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
            cell = sheet.cell(row=joined.min_row, column=joined.min_col)
        cell.fill = fill
        text = f"{cell.comment.text}\n{mark['text']}" if cell.comment else mark["text"]
        cell.comment = Comment(text, request["author"], height=120, width=320)
    book.save(request["target"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
