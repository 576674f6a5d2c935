"""Strings of a workbook: the shared table, and escapes of characters that XML can't carry."""

import re
from typing import IO

from services.kernel.tables.xml_events import feed, local, new_parser
from services.kernel.text import is_blank

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """`_x0041_` is the character of that number (ECMA-376 part 1, 22.9.2.19); blank text becomes empty."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
    return "" if is_blank(text) else text


class _SharedStrings:
    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._in_phonetic = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        element = local(name)
        if element == "si":
            self._pieces = []
        elif element == "rPh":
            self._in_phonetic = True
        elif element == "t":
            self._in_text = not self._in_phonetic

    def end(self, name: str) -> None:
        element = local(name)
        if element == "si":
            self.strings.append(unescape("".join(self._pieces)))
        elif element == "rPh":
            self._in_phonetic = False
        elif element == "t":
            self._in_text = False

    def text(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)


def read_shared_strings(part: IO[bytes]) -> list[str]:
    """The texts in order, runs joined, reading aids (rPh) left out."""
    reader = _SharedStrings()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    feed(parser, part)
    return reader.strings
