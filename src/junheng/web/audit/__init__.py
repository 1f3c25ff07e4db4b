"""Who did what: one row for every write, chained by hashes within each organisation."""
