"""The least-cost plan: what to do, where and when, so that a county reaches a standard by a year, with proof.

`problem` states the question and finds what is missing; `county` turns it into numbers; `sketch` and `solver` hold linear models
and the one door to the solver; `end_state`, `tangents` and `schedule` are the models; `apply` and `proof` put a plan into the
facts and have core judge it; `planner` puts all together. `relaxations`, `clashes`, `frontier`, `explain` and `robustness`
answer what is asked next.
"""
