"""Reports: the scorecard and its findings as a value, and that value as a PDF, a workbook and a page."""
