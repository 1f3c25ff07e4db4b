"""Standards by name: which packs there are, and one of them (or a file of one's own) as a frozen Standard."""

from functools import lru_cache
from pathlib import Path

import junheng
from junheng.core.errors import StandardError
from junheng.core.standard import Standard
from junheng.readers.standard_build import Layer, build, lay
from junheng.readers.standard_pack import Pack, parse_pack
from junheng.readers.standard_yaml import Node, read_yaml

PACKS = Path(junheng.__file__).parent / "standards"
_FILE = "standard.yaml"
_CASES = "cases.yaml"


def list_standards(packs: Path = PACKS) -> tuple[str, ...]:
    """The ids of all packs, sorted."""
    return tuple(sorted(path.parent.name for path in packs.glob(f"*/{_FILE}")))


def load_standard(standard: str | Path, packs: Path = PACKS) -> Standard:
    """A standard, complete: by the id of a pack, or by the path of a standard file (or of a folder with `standard.yaml`).

    What it `extends` is resolved. Loads are cached as long as the files do not change. StandardError in Chinese names the
    file, the key path and what to do.
    """
    path = standard_path(standard, packs)
    return _load(path, packs, _stamp(path, packs))


def standard_path(standard: str | Path, packs: Path = PACKS) -> Path:
    """The file of a pack id or of a path. StandardError when there is none."""
    if str(standard) in list_standards(packs):
        return packs / str(standard) / _FILE
    path = Path(standard)
    if path.is_dir():
        path /= _FILE
    if not path.is_file():
        known = "、".join(list_standards(packs))
        raise StandardError(f"没有标准“{standard}”。现有标准：{known}；也可以写一个标准文件（.yaml）的路径。")
    return path


def read_cases(path: Path, packs: Path = PACKS) -> Node | None:
    """The worked cases of a standard file: its own key `cases`, or `cases.yaml` beside it; None when there are none.

    Either is a mapping of `on`, `defaults` and `cases`.
    """
    inline = parse_pack(read_yaml(path, _called(path, packs))).inline_cases
    beside = path.with_name(_CASES)
    if inline is not None or not beside.is_file():
        return inline
    return read_yaml(beside, _called(beside, packs))


def _called(path: Path, packs: Path) -> str:
    """How messages call a file: packs from the folder of packs on, other files as they were given."""
    return path.relative_to(packs.parent).as_posix() if path.is_relative_to(packs) else path.as_posix()


def _stamp(path: Path, packs: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file that may take part has changed."""
    files = sorted({path, path.with_name(_CASES), *packs.glob(f"*/{_FILE}"), *packs.glob(f"*/{_CASES}")})
    stats = [(str(file), file.stat()) for file in files if file.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=64)
def _load(path: Path, packs: Path, _stamp: tuple[tuple[str, int, int], ...]) -> Standard:
    chain = _chain(path, packs)
    layer: Layer | None = None
    for pack in reversed(chain):
        layer = lay(pack, layer)
    assert layer is not None  # a chain holds at least the file itself
    own = chain[0]
    standard = build(layer, own)
    _require_cases(own, layer.cases_needed, read_cases(path, packs))
    return standard


def _chain(path: Path, packs: Path) -> list[Pack]:
    """The file and everything it extends, topmost first."""
    chain = [_pack(path, packs)]
    seen = [chain[0].head["id"]]
    while chain[-1].extends is not None:
        above, parent = chain[-1], str(chain[-1].extends)
        if parent in seen:
            raise above.node.child("extends").refuse(
                f"{' → '.join([*seen, parent])} 互相继承，成了环。请去掉其中一个 extends。"
            )
        if parent not in list_standards(packs):
            known = "、".join(list_standards(packs))
            raise above.node.child("extends").refuse(f"没有标准“{parent}”。现有标准：{known}。")
        seen.append(parent)
        chain.append(_pack(packs / parent / _FILE, packs))
    return chain


def _pack(path: Path, packs: Path) -> Pack:
    pack = parse_pack(read_yaml(path, _called(path, packs)))
    identifier = pack.head["id"]
    is_pack = path.is_relative_to(packs)
    if is_pack and identifier != path.parent.name:
        raise pack.node.child("id").refuse(f"编号“{identifier}”与文件夹名“{path.parent.name}”不一致，请改成一样。")
    if not is_pack and identifier in list_standards(packs):
        raise pack.node.child("id").refuse(f"编号“{identifier}”已是现有标准，请另起一个编号。")
    return pack


def _require_cases(pack: Pack, needed: tuple[str, ...], cases: Node | None) -> None:
    """Refuses a file whose own entries lack worked cases; their content is read by `junheng.readers.standard_cases`."""
    listed = cases.child("cases").entries() if cases is not None else ()
    have = {subject for entry in listed for subject in _subjects_of(entry)}
    missing = [name for name in needed if name not in have]
    if missing:
        raise pack.node.refuse(f"{'、'.join(missing)} 没有算例。请在 cases.yaml 或本文件的 cases 里各写至少一条。")


def _subjects_of(case: Node) -> list[str]:
    several = case.get("subjects")
    return [case.child("subject").text()] if several is None else [entry.text() for entry in several.entries()]
