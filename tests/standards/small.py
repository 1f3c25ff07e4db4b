"""A small valid standard with its cases in the same file, to be broken one place at a time."""

from pathlib import Path

SMALL = """\
id: small-books
version: "1"
title: 图书小标准
place: 示例县
kind: basic_balance
since: 2020-01-01
document: {title: 图书办法, number: "", issuer: 示例县, issued_on: "2020"}
author: 甲
checker: 乙
review_by: 2030-01-01
scope:
  school_types: [primary_school]
  ownerships: [public]
  organiser_types: ["7"]
  teaching_point_minimum: 50
  clauses: {school_type: 第1条, ownership: 第1条, organiser_type: 第1条, teaching_point_minimum: 第1条, no_students: 第1条}
sharing:
  clause: 第2条
  weights: {nine_year_school: {primary: 1, junior: 1.1}}
indicators:
  - id: books_per_student
    number: "1"
    name: 生均图书
    short_name: 图书
    formula: books
    per_students: 1
    unit: 册
    thresholds: {primary: 4.2, junior: 0.1}
    clause: 第3条
school_rule: {required_met: 1, floor: 0.85, clause: 第4条}
dispersion:
  mode: each
  limits: {primary: 0.65, junior: 0.55}
  clause: 第5条
items:
  - id: class_size
    number: "1"
    part: guarantee
    name: 班额
    clause: 第6条
    formula: class_size
    params:
      primary_limit: 45
      junior_limit:
        - {value: 50, until: 2021-12-31}
        - {value: 48, since: 2022-01-01, clause: 第6条之二, note: 收紧}
  - id: charter
    number: "10"
    part: guarantee
    name: 章程
    clause: 第7条
    needs_judgement: true
  - id: layout
    number: "2"
    part: scored
    name: 布局
    clause: 第8条
    sub_items:
      - {id: layout_plan, name: 规划, points: 2.5}
scoring:
  item_share: 0.8
  pass_total: 2
  bands: [{from: 2, name: 合格}, {from: 2.5, name: 优秀}]
  clause: 第9条
vetoes:
  - {id: falsification, number: "1", name: 弄虚作假, clause: 第10条}
exceptions:
  - id: larger_schools
    name: 旧校
    effect: smaller_rooms_for_old_schools
    applies_to: [class_size]
    params: {built_until: 2016, music_area: 73, fine_art_area: 67}
    since: 2020-01-01
    until: 2022-12-31
    clause: 第11条
notes:
  - {id: a_note, text: 说明, decided: true}
cases:
  on: 2021-06-30
  defaults:
    county: {county_code: "000001", county_name: 示例县, year: 2021}
    schools: {school_id: "1", school_type: primary_school, built_year: 2000}
    stages: {school_id: "1", stage: primary}
  cases:
    - subjects: [books_per_student, class_size, charter, layout_plan, falsification, larger_schools]
      kind: missing
      name: 什么都没有填
      expect: cannot_tell
    - subject: books_per_student
      kind: at
      stage: primary
      name: 100人420册
      facts:
        schools: [{book_count: 420, equipment_value: 1.5}]
        stages: [{student_count: 100}]
      exceptions: [larger_schools]
      expect: met
      value: 4.2
"""

CHILD = """\
id: small-child
version: "1"
title: 子标准
place: 示例县
extends: PARENT
since: 2023-01-01
document: {title: 子办法, number: "1号", issuer: 示例县, issued_on: "2023"}
author: 甲
checker: 乙
review_by: 2030-01-01
"""


def write(folder: Path, text: str = SMALL) -> Path:
    """The text as `own.yaml` in the folder."""
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str) -> str:
    """The small standard with one place changed (AssertionError when the place is not there exactly once)."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def packs(folder: Path, **texts: str) -> Path:
    """A folder of packs; keys with `_` for `-`."""
    for name, text in texts.items():
        pack = folder / "packs" / name.replace("_", "-")
        pack.mkdir(parents=True)
        (pack / "standard.yaml").write_text(text, encoding="utf-8")
    return folder / "packs"
