"""Who acts, in which role, and what a role may do: what every app asks before it shows or writes anything. No models."""
