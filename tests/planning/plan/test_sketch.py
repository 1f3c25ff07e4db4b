"""Models on paper."""

import numpy as np

from junheng.planning.plan.sketch import Sketch


def test_sketch_when_empty_then_everything_is_empty():
    sketch = Sketch()
    assert [len(part) for part in (*sketch.column_bounds, sketch.costs, sketch.is_integer, sketch.row_clauses)] == [
        0
    ] * 5
    assert [len(part) for part in sketch.row_major()] == [0, 0, 0]


def test_row_major_when_cells_are_put_twice_then_they_add_up():
    sketch = Sketch()
    columns = sketch.add_columns(3, lower=-1, upper=[1, 2, 3], cost=5, is_integer=False)
    rows = sketch.add_rows(2, lower=0, clause="a")
    sketch.add_rows(1, upper=[7], clause="b")
    sketch.put(rows[:, None], columns[None, 1:], 1.0)
    sketch.put(0, 2, 2.0)
    starts, places, values = sketch.row_major()
    assert starts.tolist() == [0, 2, 4]
    assert places.tolist() == [1, 2, 1, 2]
    assert values.tolist() == [1, 3, 1, 1]
    assert sketch.rows_of(["b"]).tolist() == [2]
    assert sketch.row_bounds[1].tolist() == [np.inf, np.inf, 7]


def test_copy_when_it_grows_then_the_first_stays():
    sketch = Sketch()
    sketch.add_columns(2, upper=1)
    other = sketch.copy()
    other.add_columns(1, upper=1)
    other.add_rows(1, clause="a")
    assert (sketch.width, sketch.height, sketch.clauses) == (2, 0, [])
    assert (other.width, other.height) == (3, 1)
