#!/usr/bin/env python3
"""What pydicom makes of the shared third-party files: the expectations that PydicomAgreementTest holds us to.

    python3 dicom-io/src/test/python/pydicom_expectations.py ../shared      (needs pydicom; from the repository's root)

Writes two tables beside the test, and no third-party file:

    pydicom-text.tsv       file, path of the element, its decoded text: the character set files and the odd ones
    pydicom-structure.tsv  file, number of elements, SHA-256 over a line for each element: path, length, value bytes

A path is tags from the outside in, an item's number from 0 between them: 00081140[0].00081150. Pixel fragments count as
one value without the offset table. Left out of the structure: group lengths; SpecificCharacterSet, whose bytes pydicom
does not keep; the file Tag-0040-A170-VR-CS.dcm, where pydicom makes an empty item of text that has the tag of a sequence.
"""
import hashlib
import pathlib
import sys
import warnings

import pydicom
from pydicom import config
from pydicom.encaps import generate_fragments
from pydicom.errors import InvalidDicomError

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE

SHARED = pathlib.Path(sys.argv[1]).resolve()
TARGET = pathlib.Path(__file__).resolve().parents[1] / "resources/walnut/dicom/part10"
TEXT_VRS = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}


def read(path):
    with path.open("rb") as file:
        if file.read(6) == b"\x08\x00\x05\x00CS":
            # A data set without preamble, in which "DICM" at byte 128 by chance misleads dcmread.
            file.seek(0)
            data = pydicom.filereader.read_dataset(file, is_implicit_VR=False, is_little_endian=True)
            data.file_meta = pydicom.dataset.FileMetaDataset()
            return data
    try:
        return pydicom.dcmread(path)
    except InvalidDicomError:
        try:
            data = pydicom.dcmread(path, force=True)
        except Exception:
            return None
        return data if "SOPClassUID" in data else None


def escaped(text):
    return text.replace("%", "%25").replace("\t", "%09").replace("\n", "%0A").replace("\r", "%0D").replace("\f", "%0C")


def texts(data, prefix=""):
    for element in data:
        path = f"{prefix}{element.tag:08X}"
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from texts(item, f"{path}[{number}].")
        elif element.VR in TEXT_VRS and not element.tag.is_private and element.tag.element != 0:
            values = element.value if element.VM > 1 else [element.value]
            values = [] if element.VM == 0 else values
            yield path, "\\".join(text(value).rstrip(" \0") for value in values)


def text(value):
    # DS and IS are shown as they stand in the file, person names decoded.
    return value.original_string if is_number_text(value) else str(value)


def is_number_text(value):
    return isinstance(value, (pydicom.valuerep.DSfloat, pydicom.valuerep.IS)) and hasattr(value, "original_string")


def raw_lines(data, compressed, prefix=""):
    for tag in sorted(data.keys()):
        path = f"{prefix}{tag:08X}"
        if tag.element == 0 or tag == 0x00080005:
            continue
        raw = data.get_item(tag)
        value = raw.value
        if isinstance(value, (bytes, type(None))) and raw.VR != "SQ":
            element = data[tag]  # UN that the dictionary knows may turn out to be a sequence
            if element.VR == "SQ":
                value = element.value
        if isinstance(value, pydicom.Sequence) or raw.VR == "SQ":
            items = data[tag].value
            yield f"{path} SQ {len(items)}"
            for number, item in enumerate(items):
                yield from raw_lines(item, compressed, f"{path}[{number}].")
            continue
        if tag == 0x7FE00010 and compressed:
            value = b"".join(generate_fragments(value))
        if isinstance(value, int):  # PixelRepresentation, which pydicom has looked up by now
            value = value.to_bytes(2, "little")
        value = value or b""
        if not isinstance(value, bytes):
            raise TypeError(f"{path} {type(value)}")
        yield f"{path} {len(value)} {hashlib.sha256(value).hexdigest()}"


def main():
    text_rows, structure_rows = [], []
    for path in sorted(p for p in (SHARED / "data").rglob("*") if p.is_file()):
        data = read(path)
        if data is None:
            continue
        name = path.relative_to(SHARED).as_posix()
        syntax = getattr(data.file_meta, "TransferSyntaxUID", None)
        lines = list(raw_lines(data, bool(syntax and syntax.is_encapsulated)))
        digest = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
        if path.name != "Tag-0040-A170-VR-CS.dcm":
            structure_rows.append(f"{name}\t{len(lines)}\t{digest}\n")
        if "/odd/" in f"/{name}":
            fresh = read(path)
            fresh.decode()
            text_rows.extend(f"{name}\t{where}\t{escaped(text)}\n" for where, text in texts(fresh))
    header = f"# Generated by src/test/python/pydicom_expectations.py with pydicom {pydicom.__version__}. Do not edit.\n"
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "pydicom-text.tsv").write_text(header + "".join(text_rows), encoding="utf-8")
    (TARGET / "pydicom-structure.tsv").write_text(header + "".join(structure_rows), encoding="utf-8")


main()
