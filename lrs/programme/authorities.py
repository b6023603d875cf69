"""The 22 principal councils of Wales: their codes, their names, and finding one however it is written."""

import difflib
import re
import unicodedata
from functools import cache
from typing import NamedTuple


class Authority(NamedTuple):
    """A council's area: its GSS code and its name in both languages."""

    gss: str
    en: str
    cy: str

    def name(self, language: str) -> str:
        """The area's name in ``en`` or ``cy``."""
        return self.cy if language == "cy" else self.en


# The codes are a list, never a range: Powys and Merthyr Tydfil were given new ones in 2009.
AUTHORITIES = {
    one.gss: one
    for one in (
        Authority("W06000001", "Isle of Anglesey", "Ynys Môn"),
        Authority("W06000002", "Gwynedd", "Gwynedd"),
        Authority("W06000003", "Conwy", "Conwy"),
        Authority("W06000004", "Denbighshire", "Sir Ddinbych"),
        Authority("W06000005", "Flintshire", "Sir y Fflint"),
        Authority("W06000006", "Wrexham", "Wrecsam"),
        Authority("W06000008", "Ceredigion", "Ceredigion"),
        Authority("W06000009", "Pembrokeshire", "Sir Benfro"),
        Authority("W06000010", "Carmarthenshire", "Sir Gaerfyrddin"),
        Authority("W06000011", "Swansea", "Abertawe"),
        Authority("W06000012", "Neath Port Talbot", "Castell-nedd Port Talbot"),
        Authority("W06000013", "Bridgend", "Pen-y-bont ar Ogwr"),
        Authority("W06000014", "Vale of Glamorgan", "Bro Morgannwg"),
        Authority("W06000015", "Cardiff", "Caerdydd"),
        Authority("W06000016", "Rhondda Cynon Taf", "Rhondda Cynon Taf"),
        Authority("W06000018", "Caerphilly", "Caerffili"),
        Authority("W06000019", "Blaenau Gwent", "Blaenau Gwent"),
        Authority("W06000020", "Torfaen", "Torfaen"),
        Authority("W06000021", "Monmouthshire", "Sir Fynwy"),
        Authority("W06000022", "Newport", "Casnewydd"),
        Authority("W06000023", "Powys", "Powys"),
        Authority("W06000024", "Merthyr Tydfil", "Merthyr Tudful"),
    )
}
# Codes that were given up, with the one that took their place and the year: old lists still come with them. Where
# councils merge or change their name, theirs are added here, and what was recorded stays as it was recorded.
RECODED = {"W06000007": ("W06000023", 2009), "W06000017": ("W06000024", 2009)}
OTHER_SPELLINGS = {
    "anglesey": "W06000001",
    "mon": "W06000001",
    "penfro": "W06000009",
    "sir penfro": "W06000009",
    "sir gar": "W06000010",
    "sir caerfyrddin": "W06000010",
    "gaerfyrddin": "W06000010",
    "glamorgan": "W06000014",
    "rhondda cynon taff": "W06000016",
    "rct": "W06000016",
    "tor faen": "W06000020",
    "mynwy": "W06000021",
}
# What stands around the name in a council's title, in either language; taken off word by word.
TITLES = frozenset(
    "the of and city county borough council cbc mbc cc cyngor bwrdeistref sirol dinas a r y".split()  # noqa: SIM905
)


def fold(text: str) -> str:
    """The text without accents, capitals and marks between words: what two spellings of a name are compared by."""
    bare = text
    if not text.isascii():
        bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare.casefold().replace("’", "").replace("'", "")))


def _bare(folded: str) -> str:
    words = [word for word in folded.split() if word not in TITLES]
    return " ".join(word for index, word in enumerate(words) if not (word == "sir" and index == 0 and len(words) > 1))


@cache
def _spellings() -> dict[str, str]:
    spellings = OTHER_SPELLINGS | {_bare(text): gss for text, gss in OTHER_SPELLINGS.items()}
    for authority in AUTHORITIES.values():
        for name in authority:
            spellings[fold(name)] = spellings[_bare(fold(name))] = authority.gss
    return spellings | {fold(old): new for old, (new, _) in RECODED.items()}


def authority_named(text: str) -> Authority | None:
    """The council meant by a GSS code, an area or a council's title, in either language, however it is written."""
    folded = fold(text)
    gss = _spellings().get(folded) or _spellings().get(_bare(folded))
    return AUTHORITIES[gss] if gss else None


def nearest_authority(text: str) -> Authority | None:
    """The council whose name looks most like the text, where one does."""
    close = difflib.get_close_matches(_bare(fold(text)), list(_spellings()), 1, 0.75)
    return AUTHORITIES[_spellings()[close[0]]] if close else None


def authority_name(gss: str, language: str) -> str:
    """The area’s name in ``en`` or ``cy``, also by a code given up, or the code itself where it is nobody’s."""
    gss = RECODED.get(gss, (gss,))[0]
    return AUTHORITIES[gss].name(language) if gss in AUTHORITIES else gss
