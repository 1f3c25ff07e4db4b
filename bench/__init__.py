"""Benchmarks: `python -m bench`. Every figure is a ratio of things measured in the same run, because machines differ."""
