"""The rules: tables in, tables and verdicts out. No I/O, no clock, no chance."""
