"""A part of a table: how its keys are told."""

from junheng.readers.dictionary import load_dictionary
from junheng.readers.table_part import key_words


def test_key_words_when_a_part_is_a_choice_then_its_label_is_told() -> None:
    stages = load_dictionary().tables["stages"]

    assert key_words(stages, ("9900000001", "primary")) == "9900000001、小学"
