"""Takes house addresses out of a text: the numbers, RT and RW; the names of roads stay.

A road's name is needed to find a pothole and tells of nobody; a number on it is a home. What is
counted on a road ("Jl. Pemuda 3 lubang") is no house.
"""

import re

ADDRESS = "[alamat disamarkan]"

#: Words that announce a place where a number is a house's.
_PLACE = re.compile(
    r"\b(?:jln?|jalan|dalan|gang|gg|lorong|perum|perumahan|komplek?s?|griya|rumah|rmh|kost?|kosan|kontrakan"
    r"|ruko|blok|dusun|dukuh|kampung|kp|alamat|asrama|rusun|rusunawa|kavling|rt|rw)\b",
    re.IGNORECASE,
)
_PLACE_REACH = 60
#: What else has numbers.
_NUMBERED = re.compile(
    r"\b(?:tiang|trayek|halte|rute|koridor|bus|bis|angkot|antri(?:an)?|antrean|perda|perwali?|pergub|uu"
    r"|pasal|lampu|loket|pos|ruang|kelas|lapak|kios|los|jalur|urut|juara|pintu|gerbang|shelter)\W{1,3}$",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?!\s?(?:%|(?:m|mtr|meter|meteran|km|kilo|kilometer|cm|mm|ha|hektar|lt|lantai|lampu|lapis|lajur"
    r"|jalur|titik|lubang|tiang|pohon|unit|buah|bh|biji|orang|org|wong|anak|warga|kk|kali|x|hari|hr|dina"
    r"|pagi|siang|sore|malam|minggu|mgg|bulan|bln|sasi|tahun|thn|th|taun|jam|menit|mnt|detik|rb|ribu|jt|juta|rupiah|persen"
    r"|mobil|motor|truk|bus|rumah|omah|arah|sisi|sekolah|toko|ton|kg|liter|ltr|kecelakaan|korban|ekor"
    r"|potong|petugas|gang|tikungan|simpang|watt|volt|derajat)\b))"
)
#: The end of a house's number: perhaps a letter, and no further digits ("no 1.500.000" is none).
_END = r"(?:[A-Za-z](?![A-Za-z]))?(?![.,:]?\d)"
_RT_RW = re.compile(
    r"(?<![A-Za-z])R\.?[TW]\.?(?:\s?/\s?R\.?W\.?)?[\s.:]{0,3}\d{1,3}"
    r"(?:\s?[/-]\s?\d{1,3}(?!\d)|[\s,/.-]{0,3}(?:dan\s)?R\.?W[\s.:]{0,3}\d{1,3})?(?![.,:]?\d)",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"(?<![A-Za-z])(?:blok|blk|kav|kavling|kaveling)[\s.]{0,2}(?:[A-Za-z]{1,3}[\s./-]{0,2})?"
    rf"\d{{1,4}}(?:[/-]\d{{1,4}})?{_END}{_COUNTED}",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?<![A-Za-z])(?:no|nomor|nomer|nmr)\.?\s?(?:rumah|rmh)?[\s.:]{0,3}\d{1,4}(?:\s?[/-]\s?\d{1,4})?"
    rf"(?:\s(?=[A-Za-z]\b))?{_END}",
    re.IGNORECASE,
)
#: Words that end a road's name, so that what is told after it is not read as one.
_NO_NAME = (
    r"(?!(?:rusak|berlubang|depan|dpn|dekat|deket|sekitar|sudah|sdh|udah|dari|(?-i:dr)(?!\.)|km|gang|gg"
    r"|no|rt|rw|lantai|lt|blok|antara|sampai|sejak|tahun|thn|tgl|tanggal|jam|pukul|koridor|kelas|sman?|smpn?|smkn?|sdn?|tps"
    r"|pos|halte|ada|yang|yg|di|ke|itu|ini|jln?|jalan|sepanjang|selama|kurang|lebih|hampir)\b)"
)
_ON_ROAD = re.compile(
    r"(?P<road>(?<![A-Za-z])(?:(?i:jln?|gg)\b\.?\s{0,2}|(?:Jalan|JALAN|Gang|GANG)\s"
    r"|(?i:alamat(?:nya)?)(?:\s?:)?\s)"
    rf"(?i:{_NO_NAME})[^\W\d_][\w.'’]{{1,20}}(?:\s(?i:{_NO_NAME})[^\W\d_][\w.'’]{{0,20}}){{0,3}}(?:\s|/))"
    rf"(?!(?:19|20)\d\d(?!\d))\d{{1,4}}{_END}(?i:{_COUNTED})"
)
#: What small letters tell of a road, and none is called: "jalan rusak 2", "lampu jalan mati 3".
_TOLD_OF_ROADS = (
    r"(?!(?:utama|tol|desa|kampung|kabupaten|provinsi|propinsi|nasional|negara"
    r"|umum|alternatif|pintas|tembus|tembusan|masuk|keluar|menuju|arah|pulang|kaki|terus|lurus|buntu|sempit"
    r"|lebar|macet|padat|gelap|mati|padam|rusak|hancur|jelek|parah|becek|licin|basah|banjir|tergenang|retak"
    r"|bolong|ambles|amblas|longsor|tumbang|diaspal|aspal|beton|paving|tanah|setapak|layang|total|tidak|gak"
    r"|nggak|ga|belum|masih|lagi|juga|saja|aja|cuma|hanya|cukup|sekali|paling|bisa|mau|kena|pakai|naik"
    r"|turun|dengan|dan|atau|untuk|buat|karena|kalau|jika|saat|waktu|setiap|tiap|per|sehari|semua|banyak"
    r"|dua|tiga|satu|pada|oleh|tanpa|lewat|melalui|samping|sebelah|belakang|seberang|pinggir|tepi|ujung"
    r"|perempatan|pertigaan|bundaran|lampu|lubang|air|orang|mobil|motor|truk|bus|berbatu|berlumpur"
    r"|bergelombang|berair|bertahun|terendam|tertutup|terputus|ditutup|dibongkar|digali|dibeton|diperbaiki"
    r"|dibangun|dilewati|dipakai|menurun|menanjak|menyempit|mengalami|memutar|melewati|menjadi)\b)"
)
#: … nor begins any road's name, though it may end it: "jalan kartini raya".
_BEGINS_NO_NAME = r"(?!(?:raya|besar|kecil|baru|lama|kota|tengah)\b)"
_ON_SMALL_ROAD = re.compile(
    rf"(?P<road>(?<![A-Za-z])(?:jalan|gang|lorong)\s{_BEGINS_NO_NAME}"
    rf"{_NO_NAME}{_TOLD_OF_ROADS}[^\W\d_][\w.'’]{{2,20}}"
    rf"(?:\s{_NO_NAME}{_TOLD_OF_ROADS}[^\W\d_][\w.'’]{{0,20}}){{0,3}}(?:\s|/))"
    rf"(?!(?:19|20)\d\d(?!\d))\d{{1,4}}{_END}{_COUNTED}"
)
#: A house in a housing estate: "B3/12".
_UNIT = re.compile(r"(?<![\w/])[A-Z]\s?\d{1,3}\s?/\s?\d{1,3}(?![\w/])")
_REPEATED = re.compile(rf"{re.escape(ADDRESS)}(?:[\s,;/-]{{0,3}}{re.escape(ADDRESS)})+")


def without_house(text: str, *, is_address: bool) -> str:
    """Return a text without the numbers of houses, blocks, RT and RW.

    "no 12" counts where a place is named shortly before, or anywhere in a text that `is_address`.
    """

    def house(found: re.Match[str]) -> str:
        before = text[max(0, found.start() - _PLACE_REACH) : found.start()]
        line = before.rpartition("\n")[2].rpartition(ADDRESS)[2]
        at_a_place = is_address or _PLACE.search(line + found[0])
        return ADDRESS if at_a_place and not _NUMBERED.search(line) else found[0]

    for pattern in (_HOUSE, _UNIT):
        text = pattern.sub(house, text)
    for pattern in (_RT_RW, _BLOCK):
        text = pattern.sub(ADDRESS, text)
    for pattern in (_ON_ROAD, _ON_SMALL_ROAD):
        text = pattern.sub(rf"\g<road>{ADDRESS}", text)
    return _REPEATED.sub(ADDRESS, text)
