"""The named formulas that standards select for their items, by subject.

`inquiry` is what a formula is given and gives back, `roll` the schools it looks at; the other modules hold the formulas.
`junheng.core.items.FORMULAS` is the list of all.
"""
