"""Masks what finds a person in a text: for readers who are neither its writer nor its agency.

What goes: telephone numbers, e-mail addresses, numbers of identity cards, accounts and customers,
house addresses, vehicle plates. What stays: years, dates, times, amounts, distances, coordinates,
the names of roads and districts, complaint numbers. In doubt it goes: a hidden figure costs a
reader little, a shown number cannot be taken back. Names of people are not found.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared import ids
from shared.house_addresses import without_house

NUMBER = "[nomor disamarkan]"
EMAIL = "[surel disamarkan]"
PLATE = "[pelat nomor disamarkan]"

_PROVIDER = r"(?:gmail|yahoo|ymail|outlook|hotmail|icloud)\b"
_SUSPICIOUS = re.compile(
    rf"[\d@＠﹫]|[(\[]at[)\]]|\b(?:nol|kosong|(?:de)?lapan|wolu)\b|\bat {_PROVIDER}", re.IGNORECASE
)

#: A complaint number; one in ten thousand has nine digits in a row, and is then read as those.
_COMPLAINT = re.compile(r"(?<![\w-])[A-Za-z]{3}-?(?!\w{0,4}\d{9})[0-9A-Za-z]{13}(?![\w-])")

_AT = "[@＠﹫]"
_EMAIL = re.compile(
    rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,6}}"
    rf"|[\w.+-]{{1,64}}(?:{_AT}| at ){_PROVIDER}(?: ?(?:\.|dot|titik) ?com?\b)?"
    rf"|[\w.+-]{{1,64}} ?(?:{_AT}|[(\[]at[)\]]) ?[\w-]{{1,63}} ?(?:\.|[(\[](?:dot|titik)[)\]]) ?"
    r"(?:com?|id|net|org)\b(?:\.id\b)?",
    re.IGNORECASE,
)

#: Plates by their region's letters; in capitals, or run together, or where one is announced.
_REGION = r"(?:A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[AB]?|R|S|T|W|Z)"
_PLATE = re.compile(
    rf"\b{_REGION}[ -]?(?:\d{{2,4}}[ -]?[A-Z]{{2,3}}|\d{{3,4}}[ -]?[A-Z])\b"
    rf"|(?i:\b{_REGION}\d{{3,4}}[A-Z]{{2,3}}\b)"
    rf"|(?i:(?:(?<=plat )|(?<=nopol )|(?<=polisi )){_REGION}[ -]?\d{{1,4}}[ -]?[A-Z]{{1,3}}\b)"
)

#: Digits with nothing between but what people write between them; a full stop ends a sentence.
_CHAIN = re.compile(r"[+(]{0,2}\d(?:(?:(?!\.[ \t\xa0])[ \t\xa0.:()/_–—~*|'’-]{0,4}|,)\d)*")
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
#: What stays of a chain is one of these with no more digits on either side of it, or else a group.
_TOKEN = re.compile(
    r"(?P<kept>(?<!\d)(?:"
    r"(?<!\d[.:])(?:[01]?\d|2[0-4])[.:][0-5]\d(?::[0-5]\d)?(?![.:]\d)"  # a time
    rf"|(?<!\d[./-])(?:{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)|{_YEAR}[./-]{_MONTH}[./-]{_DAY})"
    r"(?![./-]\d)"
    r"|(?<!\d\.)(?!0|62\.8\d\d\.\d{3}\.\d)\d{1,3}(?:\.\d{3})+(?!\.\d)"  # an amount
    r"|(?<!\d\.)(?:1[0-4]\d|9[5-9]|1[01]|[1-9])\.\d{4,}(?!\.\d)"  # a coordinate
    r")(?!\d))"
    r"|(?P<sign>[+(]{0,2})(?P<group>\d+)"
)
_ZERO, _EIGHT = r"(?:nol|kosong)", r"(?:delapan|lapan|wolu)"
_DIGIT = (
    rf"(?:{_ZERO}|{_EIGHT}|satu|siji|dua|loro|tig[ao]|telu|empat|papat|lim[ao]|e?nem|enam|tujuh|pitu"
    r"|sembilan|s[ao]ng[ao])"
)
#: Digits as words, with figures among them; begun like a telephone number, or it is none.
_SPELLED = re.compile(
    rf"\b(?:{_ZERO}|{_EIGHT}|0\d{{0,4}})(?:[ ,.-]{{1,3}}(?:\d{{1,4}}|{_DIGIT})\b)+",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\b{_DIGIT}\b", re.IGNORECASE)
#: Words after which even a short number is a telephone's, a customer's, an account's, a passport's.
_ANNOUNCED = re.compile(
    r"(?<![^\W\d_])(?:"
    r"(?:telp|telpo?n|telepo?n|tlpn?|hp|wa|whats?app?|sms|hub|hubungi|kontak|cp)\b[\s.:;,=-]{0,4}"
    r"(?:(?:ke|di|no|nomor|rumah|wa|saya|sy)\b[\s.:]{0,3}){0,2}"
    r"|(?:pelanggan|id ?pel|rek|rekening)\b[\s.:;,=-]{0,4}"
    r"(?:(?:no|nomor|pdam|pln|listrik|air|bank|bri|bca|bni|mandiri|saya|sy)\b[\s.:]{0,3}){0,2}"
    r"|pass?port?\b[\s.:;,=-]{0,4}(?:(?:no|nomor|saya|sy)\b[\s.:]{0,3}){0,2}(?:[A-Z] ?)?"
    r")$",
    re.IGNORECASE,
)
_ANNOUNCED_REACH = 40
_RUPIAH_BEFORE = re.compile(r"\brp\.? ?$", re.IGNORECASE)
_RUPIAH_AFTER = re.compile(r"\s?(?:rupiah|rb|ribu|jt|juta|mil[iy]ar)\b", re.IGNORECASE)

#: The fewest digits of a number that is a telephone's by how it begins, of one that a word
#: calling, and of any other that is somebody's: accounts, identity cards, meters.
_FEWEST = {"+": 9, "(0": 8, "0": 9, "62": 10, "8": 9}
_FEWEST_ANNOUNCED = 6
_FEWEST_WRITTEN = 8
#: Of words alone, where no zero begins it.
_FEWEST_SPELLED = 6
_FEWEST_ANY = 10
#: So many digits make a telephone number whole.
_WHOLE_PHONE = 10
#: NIK and KK.
_IDENTITY = 16


def masked(text: str, *, is_address: bool = False) -> str:
    """Return a text with markers in the place of what finds a person.

    Of a house address the numbers go and the road stays: "Jl. Merpati [alamat disamarkan]". In
    a text that `is_address`, a number needs no word for a road before it. Masking twice changes
    nothing more. Time is linear in the text.
    """
    if not _SUSPICIOUS.search(text):
        return text
    text = _EMAIL.sub(EMAIL, text)  # whole: a name in one may look like a complaint number
    parts: list[str] = []
    at = 0
    for number in _COMPLAINT.finditer(text):
        if ids.read_complaint_number(number[0]):
            parts += [_masked(text[at : number.start()], is_address=is_address), number[0]]
            at = number.end()
    return "".join([*parts, _masked(text[at:], is_address=is_address)])


def _masked(text: str, *, is_address: bool) -> str:
    text = _SPELLED.sub(_without_words, text)
    text = _CHAIN.sub(_without_numbers, text)
    return _PLATE.sub(PLATE, without_house(text, is_address=is_address))


def _without_words(found: re.Match[str]) -> str:
    words = len(_WORD.findall(found[0]))
    count = words + sum(sign.isdecimal() for sign in found[0])
    begun = re.match(rf"{_EIGHT}\b", found[0], re.IGNORECASE)
    fewest_words = _FEWEST_SPELLED if begun else 1
    return NUMBER if words >= fewest_words and count >= _FEWEST_WRITTEN else found[0]


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together in a chain, from `start` (its sign included) to `end`."""

    start: int
    end: int
    sign: str
    digits: str


def _without_numbers(found: re.Match[str]) -> str:
    chain, text = found[0], found.string
    before = text[max(0, found.start() - _ANNOUNCED_REACH) : found.start()]
    stretches = list(_stretches(chain))
    if _RUPIAH_BEFORE.search(before) and _is_amount(stretches[0][:1]):
        del stretches[0][0]
    if _RUPIAH_AFTER.match(text, found.end()) and _is_amount(stretches[-1][-1:]):
        del stretches[-1][-1]
    announced = _ANNOUNCED.search(before) is not None
    for index in reversed(range(len(stretches))):
        for first, last in _to_mask(stretches[index], announced=announced and index == 0):
            opened = "(" if first.sign.startswith("(") and ")" not in chain[: last.end] else ""
            chain = chain[: first.start] + opened + NUMBER + chain[last.end :]
    return chain


def _stretches(chain: str) -> Iterator[list[_Group]]:
    """Yield the groups of a chain between its times, dates and amounts."""
    stretch: list[_Group] = []
    for token in _TOKEN.finditer(chain):
        if token["kept"] and not _is_open_phone(stretch):
            yield stretch
            stretch = []
        else:
            digits = "".join(str(int(sign)) for sign in token[0] if sign.isdecimal())
            stretch.append(_Group(token.start(), token.end(), token["sign"] or "", digits))
    yield stretch


def _is_open_phone(stretch: Sequence[_Group]) -> bool:
    """Tell whether a telephone number has begun that is not whole yet."""
    begun = _phone_in(stretch, fewest=0)
    return begun is not None and _count(stretch[begun:]) < _WHOLE_PHONE


def _to_mask(stretch: Sequence[_Group], *, announced: bool) -> Iterator[tuple[_Group, _Group]]:
    """Yield the first and last group of each number to mask, from the last to the first."""
    if not stretch:
        return
    phone = _phone_in(stretch)
    if phone is not None and _count(stretch) != _IDENTITY and _is_sure(stretch[phone]):
        yield stretch[phone], stretch[-1]
        stretch, phone = stretch[:phone], None
    count = _count(stretch)
    longest = max((len(group.digits) for group in stretch), default=0)
    if (
        phone is not None
        or (count >= _FEWEST_ANY and longest > len("12") and not _are_years(stretch))
        or (announced and count >= _FEWEST_ANNOUNCED and not _are_years(stretch))
    ):
        yield stretch[0], stretch[-1]


def _phone_in(stretch: Sequence[_Group], fewest: int | None = None) -> int | None:
    """Return the group that begins a telephone number of at least `fewest` digits, or None."""
    for index, group in enumerate(stretch):
        beginning = _beginning(group)
        if beginning and _count(stretch[index:]) >= (
            _FEWEST[beginning] if fewest is None else fewest
        ):
            return index
    return None


def _beginning(group: _Group) -> str | None:
    """Return the key of `_FEWEST` by which a group may begin a telephone number."""
    if "+" in group.sign:
        return "+"
    if group.digits.startswith("0"):
        return "(0" if group.sign else "0"
    if group.digits.startswith("62"):
        return "62"
    return "8" if re.match("8[1-9]", group.digits) else None


def _is_sure(group: _Group) -> bool:
    """Tell whether nothing before a group can belong to the telephone number that it begins."""
    return _beginning(group) in {"+", "0", "(0"}


def _is_amount(stretch: Sequence[_Group]) -> bool:
    """Tell whether a group by a word for money is one: round, and not begun as a telephone's."""
    return any(
        group.digits.endswith("00") and not group.sign and not group.digits.startswith(("0", "628"))
        for group in stretch
    )


def _count(stretch: Sequence[_Group]) -> int:
    return sum(len(group.digits) for group in stretch)


def _are_years(stretch: Sequence[_Group]) -> bool:
    return all(re.fullmatch(_YEAR, group.digits) for group in stretch)
