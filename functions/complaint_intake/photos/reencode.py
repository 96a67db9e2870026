"""Makes a photo safe to show: drawn anew as a JPEG of bounded size, with nothing of the file left.

What comes out was encoded here from pixels alone, so whatever else the file carried (place, time,
owner, a second file behind the first) is gone. Colours are read as sRGB: a profile is dropped with
the rest, and not applied, since its parser would be one more to trust.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from functions.complaint_intake.photos.kinds import Rejected, check_is_as_claimed
from shared.text import Text

#: The longest side of what is kept, in pixels.
LONGEST_SIDE: Final = 1600
THUMBNAIL_SIDE: Final = 320
#: The most pixels that are decoded: of what phones call 50 megapixels. It takes about 0.9 GB.
MOST_PIXELS: Final = 8192 * 6144
#: A camera's progressive JPEG has about ten scans; each one costs a pass over the whole picture.
MOST_SCANS: Final = 100

_QUALITY: Final = 82
#: Each EXIF orientation but the upright one, and what turns it upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION: Final = 0x0112
_START_OF_SCAN: Final = b"\xff\xda"

_TOO_LARGE: Final = Rejected(
    "too_many_pixels",
    Text(
        f"Foto terlalu besar: paling banyak {MOST_PIXELS // 1_000_000} megapiksel.",
        f"The picture is too large: at most {MOST_PIXELS // 1_000_000} megapixels.",
    ),
)
_UNREADABLE: Final = Rejected(
    "unreadable",
    Text(
        "Foto tidak terbaca: berkasnya rusak atau terpotong. Kirim ulang foto itu.",
        "The picture cannot be read: the file is damaged or cut short. Send it again.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """A photo that may be shown: two JPEG files without metadata, and the larger one's pixels."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int


def reencode(content: bytes, claimed: str) -> Safe | Rejected:
    """Return a file as a safe photo, or why it is none.

    It must be a JPEG, PNG or WebP and be what `claimed`, its declared media type, says; a media
    type that claims nothing (`kinds.UNCLAIMED`) leaves it to the file. Of several frames the first
    is taken; transparent parts become white; it is turned upright as its EXIF orientation says.

    Raises:
        MemoryError: the machine is too small, which is no fault of the file.
    """
    if fault := check_is_as_claimed(content, claimed):
        return fault
    if content.count(_START_OF_SCAN) > MOST_SCANS and content.startswith(b"\xff\xd8"):
        return _TOO_LARGE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged metadata is no matter, as all of it goes
        try:
            drawn = _drawn(content)
        except Image.DecompressionBombError:
            return _TOO_LARGE
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 (a decoder may say anything of a hostile file)
            return _UNREADABLE
    if drawn is None:
        return _TOO_LARGE
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=3.0)
    return Safe(photo=_jpeg(drawn), thumbnail=_jpeg(small), width=drawn.width, height=drawn.height)


def _drawn(content: bytes) -> Image.Image | None:
    """Return the picture upright, on white, of bounded size; None if it has too many pixels."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        if image.width * image.height > MOST_PIXELS:
            return None
        orientation = _orientation(image)
        shrunk = _shrunk(image)
    flat = Image.new("RGB", shrunk.size, "white")
    flat.paste(shrunk, mask=shrunk.getchannel("A") if shrunk.mode == "RGBA" else None)
    turn = _UPRIGHT.get(orientation)
    return flat if turn is None else flat.transpose(turn)


def _shrunk(image: Image.Image) -> Image.Image:
    """Return the picture within the longest side, as RGB or RGBA; it is never enlarged."""
    scale = min(1.0, LONGEST_SIDE / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    image.draft(None, (2 * width, 2 * height))  # a JPEG may be decoded at a half or less
    colours = _in_colour(image)
    return colours.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, of which a conversion would keep the lower 8
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (damaged metadata must not cost a good picture)
        return 1


def _jpeg(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
