"""Schools and departments report, levels approve: rounds, returns, versions, remarks, uploads."""
