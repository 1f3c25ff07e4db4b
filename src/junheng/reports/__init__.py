"""Core objects as files people get: workbooks, Word and PDF documents, charts.

Reports ask and never judge: every number comes from the verdict, the facts or the standard, and the same content gives the
same bytes. `bundle` writes all documents of an evaluation; `document` says what a paper holds, `docx_document` and
`pdf_document` print it; `template` is the workbook that facts are collected with.
"""
