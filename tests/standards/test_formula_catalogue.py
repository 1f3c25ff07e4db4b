"""The catalogue names exactly the formulas that exist, and packs use facts that can be collected."""

import pytest

from junheng.core.exceptions import EFFECT_PARAMETERS
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.indicators import FORMULAS as RESOURCES
from junheng.core.items import FORMULAS as ITEMS
from junheng.core.items import SUB_ITEM_FORMULAS, needed_item_fields
from junheng.core.stages import needed_fields
from junheng.core.vetoes import FORMULAS as VETOES
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import list_standards, load_standard


@pytest.mark.parametrize(
    ("kind", "registry"),
    [
        (FormulaKind.RESOURCE, RESOURCES),
        (FormulaKind.ITEM, ITEMS),
        (FormulaKind.SUB_ITEM, SUB_ITEM_FORMULAS),
        (FormulaKind.VETO, VETOES),
    ],
)
def test_catalogue_when_it_is_held_against_the_formulas_then_both_name_the_same(kind, registry):
    assert set(CATALOGUE[kind]) == set(registry)


def test_catalogue_when_effects_read_numbers_then_it_lists_exactly_these():
    listed = {name: set(spec.params) for name, spec in CATALOGUE[FormulaKind.EFFECT].items()}
    assert {name: listed[name] for name in EFFECT_PARAMETERS} == {
        name: set(keys) for name, keys in EFFECT_PARAMETERS.items()
    }
    resource_effects = {"count_visiting_teachers", "count_converted_and_leased_sports_area"}
    assert set(listed) == set(EFFECT_PARAMETERS) | resource_effects


@pytest.mark.parametrize("kind", FormulaKind)
def test_catalogue_when_its_formulas_are_counted_then_some_pack_uses_each(kind):
    used: set[str | None] = set()
    for name in list_standards():
        standard = load_standard(name)
        formulas: dict[FormulaKind, set[str | None]] = {
            FormulaKind.RESOURCE: {str(entry.formula) for entry in standard.indicators},
            FormulaKind.ITEM: {entry.formula for entry in standard.items},
            FormulaKind.SUB_ITEM: {sub_item.formula for item in standard.items for sub_item in item.sub_items},
            FormulaKind.VETO: {entry.formula for entry in standard.vetoes},
            FormulaKind.EFFECT: {str(entry.effect) for entry in standard.exceptions},
        }
        used |= formulas[kind]
    assert set(CATALOGUE[kind]) <= used


@pytest.mark.parametrize("name", list_standards())
def test_standard_when_its_formulas_need_facts_then_the_dictionary_holds_them(name):
    standard = load_standard(name)
    needed = {*needed_fields(standard), *needed_item_fields(standard)}
    assert needed <= load_dictionary().ids
