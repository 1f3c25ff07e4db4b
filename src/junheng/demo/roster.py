"""The schools of the fictional county: who they are and how big they are meant to be. All names are invented."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from junheng.demo.draws import Draws

COUNTY_CODE = "999901"
COUNTY_NAME = "示例县（虚构）"
SUBDISTRICTS = ("示例街道", "样本街道", "演示街道")
TOWNS = ("样例镇", "例题镇", "算例镇", "子虚镇", "乌有镇", "镜中镇", "水月镇", "云栖镇")
RURAL_TOWNSHIPS = ("亡是乡", "虚谷乡", "无何乡", "南柯乡", "黄粱乡", "空言乡")
_VILLAGES = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Site:
    """One school and its meant size: pupils of each stage in the data year, before cohorts and migration are played through.

    `last_primary_grade` is 6, or less for a teaching point whose pupils move on to the township's central school (`feeds`).
    `crowding` is the class size the school fills up to.
    """

    school_id: str
    school_name: str
    school_type: str
    area_type: str
    township: str
    built_year: int
    primary: int = 0
    junior: int = 0
    senior: int = 0
    is_private: bool = False
    is_boarding: bool = False
    is_dense: bool = False
    last_primary_grade: int = 6
    feeds: str | None = None
    crowding: tuple[int, int] = (45, 50)

    @property
    def is_simulated(self) -> bool:
        """False for the special school and the vocational school's attached class, which keep their size."""
        return self.school_type not in ("special_school", "vocational_attached_class")

    def growth(self) -> float:
        """The yearly growth of the first grade: the county seat grows, villages shrink."""
        return {"urban": 0.015, "town": -0.005, "rural": -0.05}[self.area_type]


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    type: str
    area: str
    township: str
    primary: int = 0
    junior: int = 0
    senior: int = 0
    private: bool = False
    boarding: bool = False
    dense: bool = False
    last_grade: int = 6
    crowding: tuple[int, int] = (45, 50)
    feeds: str | None = None


_GIANT = (50, 54)
_FULL = (47, 51)


def _urban() -> Iterator[_Plan]:
    sizes = (2360, 2120, 1480, 1390, 1260, 1180, 1040, 930, 860, 620)
    ordinals = "一二三四五六七八九十"
    for index, size in enumerate(sizes):
        crowding = _GIANT if size > 2000 else (45, 50)
        yield _Plan(
            f"示例县第{ordinals[index]}小学", "primary_school", "urban", SUBDISTRICTS[index % 3], size,
            dense=index in (2, 4), crowding=crowding,
        )  # fmt: skip
    for index, size in enumerate((1840, 1520, 1100, 820)):
        name = f"示例县第{ordinals[index]}初级中学"
        crowding = _GIANT if size > 1800 else (45, 50)
        yield _Plan(name, "junior_school", "urban", SUBDISTRICTS[index % 3], junior=size, crowding=crowding)
    yield _Plan("示例县实验学校", "nine_year_school", "urban", "示例街道", 1680, 960, crowding=_FULL)
    yield _Plan("示例县城南学校", "nine_year_school", "urban", "样本街道", 690, 340)
    yield _Plan("示例县第一中学", "full_secondary_school", "urban", "演示街道", junior=830, senior=1620)
    yield _Plan("示例县第二中学", "full_secondary_school", "urban", "样本街道", junior=560, senior=1240, boarding=True)
    yield _Plan("示例县未来学校", "twelve_year_school", "urban", "演示街道", 760, 460, 620)
    yield _Plan("假想民办小学", "primary_school", "urban", "示例街道", 560, private=True)
    yield _Plan("例证民办小学", "primary_school", "urban", "样本街道", 470, private=True)
    yield _Plan("设例民办学校", "nine_year_school", "urban", "样本街道", 520, 330, private=True, boarding=True)
    yield _Plan("拟制民办学校", "twelve_year_school", "urban", "演示街道", 610, 420, 540, private=True, boarding=True)
    yield _Plan("示例县特殊教育学校", "special_school", "urban", "样本街道", 92, 41, boarding=True)
    yield _Plan("示例县职业学校附设初中班", "vocational_attached_class", "urban", "演示街道", junior=78, boarding=True)


def _towns() -> Iterator[_Plan]:
    sizes = (1180, 980, 760, 720, 640, 590, 520, 470)
    for index, town in enumerate(TOWNS):
        yield _Plan(f"{town}中心小学", "primary_school", "town", town, sizes[index])
        boarding = index % 2 == 1
        junior = (820, 700, 560, 510, 450, 400, 360, 310)[index]
        yield _Plan(f"{town}初级中学", "junior_school", "town", town, junior=junior, boarding=boarding)
    for index, size in enumerate((690, 560, 480, 410)):
        yield _Plan(f"{TOWNS[index]}第二小学", "primary_school", "town", TOWNS[index], size)
    for index, (primary, junior) in enumerate(((430, 240), (360, 210), (310, 170))):
        yield _Plan(f"{TOWNS[index + 5]}九年制学校", "nine_year_school", "town", TOWNS[index + 5], primary, junior)
    yield _Plan("算例民办初级中学", "junior_school", "town", "算例镇", junior=340, private=True, boarding=True)


def _rural() -> Iterator[_Plan]:
    for index, township in enumerate(RURAL_TOWNSHIPS):
        yield _Plan(f"{township}中心小学", "primary_school", "rural", township, (270, 240, 230, 210, 190, 170)[index])
    for index, township in enumerate(RURAL_TOWNSHIPS[:3]):
        yield _Plan(
            f"{township}初级中学", "junior_school", "rural", township, junior=(210, 180, 150)[index], boarding=True
        )
    for index, township in enumerate(RURAL_TOWNSHIPS[2:]):
        sizes = ((170, 110), (160, 100), (150, 90), (130, 80))[index]
        yield _Plan(f"{township}九年制学校", "nine_year_school", "rural", township, *sizes, boarding=True)
    homes = (*RURAL_TOWNSHIPS, *TOWNS)
    for index in range(28):
        township = homes[index % len(homes)]
        size = 62 + (index * 37) % 106
        yield _Plan(f"{township}{_VILLAGES[index // len(homes)]}村小学", "primary_school", "rural", township, size)
    for index in range(30):
        township = homes[index % len(homes)]
        size = 54 + (index * 7) % 27 if index < 12 else 12 + (index * 5) % 33
        last_grade = 4 if index < 12 else 3
        name = f"{township}{_VILLAGES[3 + index // len(homes)]}村教学点"
        yield _Plan(
            name, "teaching_point", "rural", township, size, last_grade=last_grade, feeds=f"{township}中心小学"
        )  # fmt: skip


def build_roster(seed: int) -> tuple[Site, ...]:
    """The sites of the county, in the order of their ids; the same seed gives the same roster."""
    return tuple(_sites(seed, [*_urban(), *_towns(), *_rural()]))


def _sites(seed: int, plans: Iterable[_Plan]) -> Iterator[Site]:
    listed = list(plans)
    ids = {plan.name: f"9999{number:06d}" for number, plan in enumerate(listed, start=10001)}
    for plan in listed:
        draws = Draws(seed, "site", plan.name)
        feeds = ids[plan.feeds] if plan.feeds else None
        built = draws.whole(2012, 2021) if plan.private else draws.whole(1958, 2019)
        yield Site(
            school_id=ids[plan.name], school_name=plan.name, school_type=plan.type, area_type=plan.area,
            township=plan.township, built_year=built, primary=plan.primary, junior=plan.junior, senior=plan.senior,
            is_private=plan.private, is_boarding=plan.boarding, is_dense=plan.dense,
            last_primary_grade=plan.last_grade, feeds=feeds, crowding=plan.crowding,
        )  # fmt: skip
