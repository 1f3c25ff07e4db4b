"""Runs of the judging, kept as snapshots, and the pages that say the verdict and why."""
