"""Every write on rounds and returns: keyword-only, atomic, with the actor and one audit row."""
