"""The QR of a charge, as an acquirer makes it (EMVCo MPM, QRIS); apart from our own reader of QRs."""


def qr_of(order_id: str, amount: int) -> str:
    """Return the text of a dynamic QRIS code over an amount in rupiah."""
    fields = [
        ("00", "01"),
        ("01", "12"),
        ("26", _joined([("00", "COM.GO-JEK.WWW"), ("01", "936009143" + "0" * 9), ("03", "UBE")])),
        ("51", _joined([("00", "ID.CO.QRIS.WWW"), ("02", "ID1026000000001"), ("03", "UBE")])),
        ("52", "9399"),
        ("53", "360"),
        ("54", str(amount)),
        ("58", "ID"),
        ("59", "SIMPUL"),
        ("60", "SEMARANG"),
        ("61", "50132"),
        ("62", _joined([("01", order_id)])),
    ]
    text = _joined(fields) + "6304"
    return f"{text}{_crc(text.encode()):04X}"


def _joined(fields: list[tuple[str, str]]) -> str:
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in fields)


def _crc(data: bytes) -> int:
    """Return CRC-16 with the polynomial 0x1021, beginning with FFFF."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
        register &= 0xFFFF
    return register
