"""Forecasts, scenarios and plans of a county: made in the background, kept as they were, adopted, compared with what came."""
