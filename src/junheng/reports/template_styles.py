"""How a collection workbook looks: colours, number formats, widths. Colour never says anything alone."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from junheng.core.fields import Field, FieldType

FONT = "微软雅黑"
REQUIRED_COLOUR = "#B4490F"
OPTIONAL_COLOUR = "#1F4E79"
EXAMPLE_COLOUR = "#EDEDED"
LOCKED_COLOUR = "#F3F5F8"
MISSING_COLOUR = "#FBE3D6"
LINE_COLOUR = "#BFC7D1"
_NOTE_COLOUR = "#595959"

_LINES_IN_HEADER = 3
_NARROWEST, _WIDEST = 9.0, 24.0


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._inputs: dict[tuple[str, str, bool], Format] = {}
        self.title = self._add(font_size=16, bold=True, font_color=OPTIONAL_COLOUR, valign="vcenter")
        self.note = self._add(font_size=9, font_color=_NOTE_COLOUR, valign="vcenter")
        self.body = self._add(text_wrap=True, valign="top")
        self.link = self._add(font_color="#0B5CAD", underline=1, valign="vcenter", border=1, border_color=LINE_COLOUR)
        self.required_header = self._header(REQUIRED_COLOUR)
        self.optional_header = self._header(OPTIONAL_COLOUR)
        self.cell = self._boxed(text_wrap=True, valign="vcenter")
        self.fixed = self._boxed(text_wrap=True, valign="vcenter", bg_color=LOCKED_COLOUR)
        self.fixed_ordinal = self._boxed(
            align="center", valign="vcenter", bg_color=LOCKED_COLOUR, font_color=_NOTE_COLOUR
        )
        self.fixed_required = self._boxed(
            text_wrap=True, valign="vcenter", bg_color=LOCKED_COLOUR, bold=True, font_color=REQUIRED_COLOUR
        )
        self.fixed_note = self._boxed(
            text_wrap=True, valign="vcenter", bg_color=LOCKED_COLOUR, font_size=9, font_color=_NOTE_COLOUR
        )
        self.ordinal = self._boxed(align="center", font_color=_NOTE_COLOUR, locked=False, num_format="0")
        self.missing = workbook.add_format({"bg_color": MISSING_COLOUR})
        self.repeated = workbook.add_format({"font_color": "#9C0006", "bold": True, "underline": 1})

    def input(self, entry: Field, *, boxed: bool = True) -> Format:
        """The unlocked format of a field's cells; without a box for the rows below the prepared ones."""
        number_format, align = number_format_of(entry), alignment_of(entry)
        key = (number_format, align, boxed)
        if key not in self._inputs:
            options: dict[str, Any] = {
                "num_format": number_format,
                "locked": False,
                "align": align,
                "valign": "vcenter",
            }
            self._inputs[key] = self._boxed(**options) if boxed else self._add(**options)
        return self._inputs[key]

    def example(self, entry: Field | None) -> Format:
        """The grey, locked format of the example row."""
        shown: dict[str, Any] = {
            "bg_color": EXAMPLE_COLOUR,
            "font_color": _NOTE_COLOUR,
            "valign": "vcenter",
        }
        if entry is None:
            return self._boxed(**shown, align="center", bold=True)
        align = alignment_of(entry)
        return self._boxed(**shown, num_format=number_format_of(entry), align=align)

    def header(self, entry: Field) -> Format:
        """The header format: orange-brown when the field must be filled in (the text also carries `*`), else blue."""
        return self.required_header if entry.required else self.optional_header

    def _header(self, colour: str) -> Format:
        return self._boxed(
            bold=True,
            font_color="#FFFFFF",
            bg_color=colour,
            text_wrap=True,
            align="center",
            valign="vcenter",
            font_size=10,
        )

    def _boxed(self, **options: Any) -> Format:
        return self._add(border=1, border_color=LINE_COLOUR, **options)

    def _add(self, **options: Any) -> Format:
        return self._workbook.add_format({"font_name": FONT, "font_size": 10, **options})


def number_format_of(entry: Field) -> str:
    """The number format of a field's cells: text for ids and lists, as many decimals as the canonical unit holds."""
    if entry.choices or entry.type in (FieldType.TEXT, FieldType.CHOICE, FieldType.BOOLEAN):
        return "@"
    if entry.type is FieldType.RATIO:
        return "0.00%"
    if entry.type is FieldType.DATE:
        return "yyyy-mm-dd"
    if entry.type is FieldType.DECIMAL:
        places = len(str(entry.scale)) - 1
        return "0." + "0" * min(places, 2) + "#" * max(places - 2, 0) if places else "0"
    return "0"


def alignment_of(entry: Field) -> str:
    """Numbers to the right, lists and yes/no in the middle, text to the left."""
    if entry.choices or entry.type in (FieldType.BOOLEAN, FieldType.YEAR, FieldType.DATE):
        return "center"
    return "right" if entry.type.is_number else "left"


def display_width(text: str) -> int:
    """How many half-width columns a text takes: a Chinese character counts twice."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def column_width(entry: Field) -> float:
    """A width in which the header fits in four lines, the unit on the last, and a usual value in one."""
    wanted = display_width(entry.label) / _LINES_IN_HEADER + 3.0
    if entry.choices:
        wanted = max(wanted, max(display_width(label) for label in entry.choices.values()) + 3.0)
    elif entry.type is FieldType.TEXT:
        wanted = max(wanted, 26.0 if entry.id.endswith("_name") and entry.id.startswith("school") else 14.0)
    elif entry.type in (FieldType.DATE, FieldType.DECIMAL):
        wanted = max(wanted, 11.0)
    return min(max(wanted, _NARROWEST), max(_WIDEST, 26.0 if entry.type is FieldType.TEXT else _WIDEST))
