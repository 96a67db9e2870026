"""Real files to send as photos, made here: good ones, and everything else that people send."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

#: A place in Semarang, as a phone writes it into its pictures (degrees, minutes, seconds).
GPS = {1: "S", 2: (6.0, 59.0, 24.0), 3: "E", 4: (110.0, 25.0, 12.0)}
CAMERA = "Kamera Saya"
ORIENTATION, MAKE, GPS_BLOCK = 0x0112, 0x010F, 0x8825
RED, WHITE = (220, 30, 30), (255, 255, 255)

#: What turns an upright picture into one that its EXIF orientation makes upright again.
_AS_TAKEN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def a_scene(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    """Return a picture whose top left quarter is red and whose rest is blue-green."""
    scene = Image.new("RGB", size, (20, 120, 130))
    scene.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    return scene.convert(mode)


def a_photo(
    kind: str = "JPEG", *, size: tuple[int, int] = (400, 200), orientation: int = 1, **more: Any
) -> bytes:
    """Return the scene as a phone stores it: turned, with place, camera and all other metadata."""
    scene = a_scene(size)
    if (turn := _AS_TAKEN[orientation]) is not None:
        scene = scene.transpose(turn)
    exif = scene.getexif()
    exif[ORIENTATION], exif[MAKE] = orientation, CAMERA
    exif.get_ifd(GPS_BLOCK).update(GPS)
    metadata: dict[str, Any] = {"exif": exif, "icc_profile": b"a profile of colours"}
    if kind == "JPEG":
        metadata |= {"comment": CAMERA.encode(), "xmp": b"<x:xmpmeta>Kamera Saya</x:xmpmeta>"}
    return written(scene, kind, **(metadata | more))


def written(image: Image.Image, kind: str, **more: Any) -> bytes:
    """Return an image as a file."""
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def read(content: bytes) -> Image.Image:
    """Return a file as an image, read whole."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def a_zip() -> bytes:
    """Return an archive that holds a text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("surat.txt", "bukan foto")
    return file.getvalue()


def a_bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """Return a valid PNG of a few kilobytes that takes a gigabyte or more when decoded."""
    row = bytes(1 + (width + 7) // 8)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(row * height))
        + _chunk(b"IEND", b"")
    )


def segments(content: bytes) -> list[int]:
    """Return the markers of a JPEG's segments before its pixels: 0xE0 is JFIF, 0xE1 EXIF or XMP."""
    found, at = [], 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        found.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
