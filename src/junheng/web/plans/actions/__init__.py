"""Everything that is written about forecasts, scenarios and plans."""
