"""Builders of files that real desks and real attackers hand in: each returns the bytes of one file."""

import io
import zipfile

import xlsxwriter
import xlwt

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FILEPASS = 0x2F


def worksheet(cells="", before="", after=""):
    """The XML of a worksheet whose sheet data is `cells` (rows already in markup)."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'


def row(number, *cells):
    """One row of (column letters, inner markup, attributes) cells."""
    body = "".join(f'<c r="{column}{number}"{attributes}>{inner}</c>' for column, inner, attributes in cells)
    return f'<row r="{number}">{body}</row>'


def number(column, value):
    return column, f"<v>{value}</v>", ""


def package(sheets, *, calculation="", extra=None, relation_type="worksheet", target="worksheets/sheet{}.xml"):
    """An .xlsx of hand-written worksheets: name → XML. `extra` adds or replaces parts of the zip."""
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/{relation_type}" Target="{target.format(i)}"/>'
        for i in range(1, len(sheets) + 1)
    )
    if extra and "xl/sharedStrings.xml" in extra:
        related += f'<Relationship Id="rId0" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    root = f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    relation_list = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{relation_list}">{root}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>{calculation}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relation_list}">{related}</Relationships>',
        **{f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), 1)},
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts):
    """A zip of the given parts; a part of None is left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return buffer.getvalue()


def one_sheet(cells="", before="", after="", **options):
    """An .xlsx with the single sheet 学校."""
    return package({"学校": worksheet(cells, before, after)}, **options)


def written(fill):
    """An .xlsx that xlsxwriter writes; `fill(workbook)` puts the sheets in."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        fill(workbook)
    return buffer.getvalue()


def table(rows, name="学校"):
    """An .xlsx with one plain sheet of the given rows."""

    def fill(workbook):
        sheet = workbook.add_worksheet(name)
        for index, values in enumerate(rows):
            sheet.write_row(index, 0, values)

    return written(fill)


def old_workbook(fill):
    """An .xls (BIFF 8) that xlwt writes."""
    workbook = xlwt.Workbook(encoding="utf-8")
    fill(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def encrypted_package():
    """The outer shape of a password-protected .xlsx: a compound file with an EncryptedPackage stream."""
    return OLE_MAGIC + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512


def password_protected_old_workbook():
    """An .xls whose second record is FILEPASS with XOR obfuscation, as Excel writes it for a password."""
    content = bytearray(old_workbook(lambda workbook: workbook.add_sheet("学校").write(0, 0, "甲")))
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    second = start + 4 + int.from_bytes(content[start + 2 : start + 4], "little")
    content[second : second + 2] = FILEPASS.to_bytes(2, "little")
    return bytes(content)


def with_password_flag(content):
    """A zip whose members claim to be encrypted (bit 0 of the flags, in local and central headers)."""
    data = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)
