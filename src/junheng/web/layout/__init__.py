"""What every page shares: the frame, the look, charts, security headers, error pages. No models."""
