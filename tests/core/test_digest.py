"""The same content has the same hash, in whatever order it came."""

import random
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

import pytest

from junheng.core.digest import canonical_json, facts_digest, plain, sha256_of
from junheng.core.facts import Facts, in_key_order
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from tests.core.resource_counties import county, junior, primary, resources


@dataclass(frozen=True)
class Pair:
    """Something to encode."""

    left: Fraction
    right: date


def test_plain_when_given_rich_values_then_they_become_plain_data():
    value = {
        Stage.PRIMARY: Pair(Fraction(1, 3), date(2025, 1, 2)),
        "set": {"b", "a"},
        "whole": Fraction(4),
        "o": Outcome.MET,
    }

    assert plain(value) == {
        "primary": {"left": "1/3", "right": "2025-01-02"},
        "set": ["a", "b"],
        "whole": 4,
        "o": "met",
    }


def test_plain_when_a_mapping_cannot_be_written_to_then_it_is_an_object_all_the_same():
    assert plain(MappingProxyType({"b": Fraction(1, 2)})) == {"b": "1/2"}


def test_plain_when_a_value_has_no_plain_form_then_type_error():
    with pytest.raises(TypeError) as caught:
        plain({"x": object()})

    assert "object has no plain form" in str(caught.value.__cause__)


def test_canonical_json_when_keys_come_in_another_order_then_bytes_are_the_same():
    assert canonical_json({"b": 1, "a": [Fraction(1, 2)]}) == canonical_json({"a": [Fraction(1, 2)], "b": 1})
    assert canonical_json({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def digest_of(facts: Facts) -> str:
    return facts_digest(in_key_order(facts, load_dictionary()))


def shuffled(facts: Facts, seed: int) -> Facts:
    """The same facts with the rows of every table in another order."""
    order = random.Random(seed)
    tables = {}
    for name, table in facts.tables.items():
        index = list(range(len(table)))
        order.shuffle(index)
        tables[name] = table[index]
    return Facts(facts.county_code, facts.county_name, facts.year, tables, facts.sources)


@pytest.fixture(scope="module")
def facts():
    return county(
        *(primary(f"990000000{index}", 300 + 70 * index, book_count=5000 + index) for index in range(5)),
        *(junior(f"990000001{index}", 400 + 70 * index, equipment_value=10**8 + index) for index in range(4)),
    )


@pytest.mark.parametrize("seed", range(4))
def test_digest_when_rows_are_permuted_then_facts_and_results_hash_the_same(facts, seed):
    other = shuffled(facts, seed)

    assert digest_of(other) == digest_of(facts)
    assert sha256_of(resources(other)) == sha256_of(resources(facts))


def test_digest_when_one_number_changes_then_the_hash_changes(facts):
    other = county(primary("9900000000", 301), primary("9900000001", 300))

    assert digest_of(other) != digest_of(county(primary("9900000000", 300), primary("9900000001", 300)))
    assert sha256_of(resources(other)) != sha256_of(resources(facts))


def test_digest_when_rows_share_a_key_then_their_order_does_not_matter():
    twins = county(primary("9900000000", 300), primary("9900000000", 301), primary("9900000000", None))
    turned = Facts(
        twins.county_code, twins.county_name, twins.year, {name: table[::-1] for name, table in twins.tables.items()}
    )

    assert turned.table("stages")["student_count"].to_list() == [None, 301, 300]
    assert digest_of(turned) == digest_of(twins)
