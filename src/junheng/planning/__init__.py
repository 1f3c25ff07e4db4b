"""Decisions about the years to come: forecast and least-cost plan."""
