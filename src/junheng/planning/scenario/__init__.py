"""A scenario: everything a person decides when asking for a plan, as one dictionary of entries that people can read and write.

`fields` is the dictionary of the entries, from which forms, templates and documentation are made; `scenario` holds the typed
scenario; `reading` and `writing` go between it and plain data in human units; `asking` puts a scenario and facts to the planner.
"""
