"""The sheets of the application forms, one module for each kind.

`sheet_kit` is how a sheet looks and what stands on every one of them; the other modules fill the sheets in.
"""
