"""How the reading process and its parent talk: messages of plain values in length-prefixed fields, cells as they lie in memory.

Nothing is evaluated and nothing is imported on the way in, so that a process gone wrong can at worst send nonsense, which
raises ValueError. Unlike JSON it costs the child no start-up time, and numbers travel as they are, NaN included.
Only the bare standard library is imported: the child must start within a hundredth of a second.
"""

from __future__ import annotations

from array import array
from itertools import chain, compress, repeat

TYPE_CHECKING = False  # typing would make up a fifth of the child's start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

LENGTH_BYTES = 8
"""Every field, and every message on its pipe, is led by its length as a big-endian integer of so many bytes."""

_EMPTY, _NUMBER, _TEXT, _OTHER = range(4)
_ONLY = [bytes(number == kind for number in range(256)) for kind in range(4)]


class _Kinds(dict[type, int]):
    def __missing__(self, kind: type) -> int:
        return _OTHER


_KINDS = _Kinds({float: _NUMBER, str: _TEXT, type(None): _EMPTY})
_DOUBLES, _PLACES = "d", "q"
_GAP = "\x00"


def framed(data: bytes) -> bytes:
    """The data led by its length."""
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def encode(message: dict[str, Any]) -> bytes:
    """A message as bytes. Values: text, whole numbers and truth values, decimals, lists of texts, `merges`, `rows`."""
    return b"".join(framed(part) for name, value in message.items() for part in (name.encode(), *_field(name, value)))


def decode(data: bytes) -> dict[str, Any]:
    """The message that `encode` was given; truth values come back as 0 and 1. ValueError for anything else."""
    parts = _unframed(data)
    if len(parts) % 3:
        raise ValueError("a message is made of names, kinds and values")
    try:
        triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        return {name.decode(): _DECODERS[kind](value) for name, kind, value in triples}
    except (KeyError, StopIteration, IndexError, OverflowError) as error:
        raise ValueError("a field that no process of ours sends") from error


def _field(name: str, value: Any) -> tuple[bytes, bytes]:
    """The kind of a value, and the value, as bytes."""
    if name == "rows":
        return b"rows", _pack_rows(value)
    if name == "merges":
        return b"merges", array(_PLACES, chain.from_iterable(value)).tobytes()
    if isinstance(value, list):
        return b"list", b"".join(framed(text.encode()) for text in value)
    if isinstance(value, str):
        return b"text", value.encode("utf-8", "replace")
    return (b"decimal", repr(value).encode()) if isinstance(value, float) else (b"whole", str(int(value)).encode())


def _unframed(data: bytes) -> list[bytes]:
    parts = []
    at, end = 0, len(data)
    while at < end:
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        parts.append(data[start:at])
    if at != end:
        raise ValueError("a field is cut off")
    return parts


def _unpack_merges(data: bytes) -> list[list[int]]:
    places = _numbers(_PLACES, data)
    return [places[at : at + 4] for at in range(0, len(places), 4)]


def _numbers(kind: str, data: bytes) -> list[Any]:
    numbers = array(kind)
    numbers.frombytes(data)
    return numbers.tolist()


# ---------------------------------------------------------------------------------------------------------------- cells


def _pack_rows(rows: Sequence[Sequence[Any]]) -> bytes:
    """The cells of a batch of rows of equal length: what kind each is of, then all numbers, all texts, and all others."""
    cells = list(chain.from_iterable(rows))
    kinds = bytes(map(_KINDS.__getitem__, map(type, cells)))
    numbers, texts, others = (compress(cells, kinds.translate(_ONLY[kind])) for kind in (_NUMBER, _TEXT, _OTHER))
    width = str(len(rows[0]) if rows else 0).encode()
    parts = (width, kinds, array(_DOUBLES, numbers).tobytes(), _joined([*texts]), _joined([*map(_tagged, others)]))
    return b"".join(map(framed, parts))


def _unpack_rows(data: bytes) -> list[list[Any]]:
    """The rows; an empty text is an empty cell."""
    width, kinds, doubles, texts, others = _unframed(data)
    sources = (
        repeat(None),
        iter(_numbers(_DOUBLES, doubles)),
        iter([text or None for text in _split(texts)]),
        map(_untagged, _split(others)),
    )
    cells = list(map(next, map(sources.__getitem__, kinds)))
    step = int(width)
    if len(cells) != len(kinds) or (cells and (step < 1 or len(cells) % step)):
        raise ValueError("fewer values than cells, or a row cut short")
    return [cells[at : at + step] for at in range(0, len(cells), step or 1)]


def _joined(texts: Sequence[str]) -> bytes:
    """Texts with a gap after each; a gap inside a text, which no spreadsheet shows, becomes U+FFFD."""
    joined = _GAP.join((*texts, ""))
    if joined.count(_GAP) > len(texts):
        joined = _GAP.join((*(text.replace(_GAP, "\ufffd") for text in texts), ""))
    return joined.encode("utf-8", "replace")


def _split(data: bytes) -> list[str]:
    return data.decode().split(_GAP)[:-1]


def _tagged(value: object) -> str:
    """A cell that is neither number nor text as text led by its type; a time or a span becomes its text."""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"{type(value).__name__}:{text}"


def _untagged(text: str) -> Any:
    tag, _, value = text.partition(":")
    return _CELL_DECODERS.get(tag, str)(value)


def _day(text: str) -> Any:
    from datetime import date  # not above: the child has no use for it, and it takes time to load

    return date.fromisoformat(text)


def _instant(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


_CELL_DECODERS: dict[str, Callable[[str], Any]] = {
    "bool": lambda text: text == "True",
    "int": int,
    "date": _day,
    "datetime": _instant,
}
_DECODERS: dict[bytes, Callable[[bytes], Any]] = {
    b"rows": _unpack_rows,
    b"merges": _unpack_merges,
    b"list": lambda data: [text.decode() for text in _unframed(data)],
    b"text": bytes.decode,
    b"decimal": float,
    b"whole": int,
}
