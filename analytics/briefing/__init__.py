"""The briefing: slides declared in a file, their content composed once from one release, and what draws that content.

`declared` reads the file, `compose` makes the content, `pptx`, `pdf`, `workbook` and the projection draw it.
"""
