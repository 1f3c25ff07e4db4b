"""Pages of forecasts, scenarios and plans."""
