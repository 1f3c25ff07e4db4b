"""Units that people write in headers, and how exactly one turns into another."""

import unicodedata
from fractions import Fraction

_SIZES: dict[str, dict[str, Fraction]] = {
    "money": {
        **dict.fromkeys(("元", "圆", "人民币", "人民币元", "rmb", "cny"), Fraction(1)),
        "百元": Fraction(100),
        "千元": Fraction(1_000),
        **dict.fromkeys(("万元", "万"), Fraction(10_000)),
        "百万元": Fraction(1_000_000),
        "亿元": Fraction(100_000_000),
    },
    "area": {
        **dict.fromkeys(("m2", "平方米", "平米", "平方", "㎡"), Fraction(1)),
        "亩": Fraction(2_000, 3),
        "公顷": Fraction(10_000),
        **dict.fromkeys(("km2", "平方公里"), Fraction(1_000_000)),
    },
    "count": {
        **dict.fromkeys("人名位个间台套册本份张项所班次级", Fraction(1)),
        **dict.fromkeys(("年级", "人次"), Fraction(1)),
        **dict.fromkeys(("千人", "千册"), Fraction(1_000)),
        **dict.fromkeys(("万人", "万册", "万台", "万份", "万"), Fraction(10_000)),
    },
    "time": {**dict.fromkeys(("小时", "时", "学时"), Fraction(1)), "分钟": Fraction(1, 60)},
    "share": {"%": Fraction(1), "百分比": Fraction(1), "‰": Fraction(1, 10)},
    "points": {"分": Fraction(1)},
}


def normal_unit(text: str) -> str:
    """A unit as it is compared: NFKC, no blanks, lower case, without a leading “单位:”."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return plain.removeprefix("计量").removeprefix("单位").lstrip(":")


def is_known_unit(text: str) -> bool:
    """True when the text names a unit of any kind."""
    unit = normal_unit(text)
    return any(unit in sizes for sizes in _SIZES.values())


def conversion_factor(stated: str, expected: str) -> Fraction | None:
    """How many `expected` units one `stated` unit is, exactly; None when the two do not measure the same thing.

    元 → 万元 is 1/10000; 亩 → ㎡ is 2000/3, which no decimal unit takes exactly, so the caller refuses it.
    """
    given, wanted = normal_unit(stated), normal_unit(expected)
    if given == wanted:
        return Fraction(1)
    for sizes in _SIZES.values():
        if given in sizes and wanted in sizes:
            return sizes[given] / sizes[wanted]
    return None
