"""Photos are drawn anew: safe, upright, bounded and without metadata; or refused with a reason."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.complaint_intake.photos.kinds import UNCLAIMED, Rejected, kind_of
from functions.complaint_intake.photos.reencode import MOST_PIXELS, MOST_SCANS, Safe, reencode
from tests.photo_files import (
    CAMERA,
    RED,
    WHITE,
    a_bomb,
    a_photo,
    a_scene,
    a_zip,
    read,
    segments,
    written,
)
from tests.pure_coverage import ROOT

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
#: JFIF, tables, the frame's size: what a decoder needs and nothing else.
_NEEDED = {0xE0, 0xDB, 0xC0, 0xC4}


def safe(content: bytes, claimed: str = UNCLAIMED) -> Safe:
    found = reencode(content, claimed)
    assert isinstance(found, Safe), found
    return found


def refused(content: bytes, claimed: str = UNCLAIMED) -> Rejected:
    found = reencode(content, claimed)
    assert isinstance(found, Rejected)
    return found


def alike(found: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_of_a_files_metadata_is_left(kind: str) -> None:
    content = a_photo(kind)
    assert read(content).getexif().get_ifd(0x8825)
    assert CAMERA.encode() in content
    found = safe(content, TYPES[kind])
    for jpeg in (found.photo, found.thumbnail):
        assert set(segments(jpeg)) == _NEEDED
        assert CAMERA.encode() not in jpeg
        image = read(jpeg)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(kind: str, orientation: int) -> None:
    found = safe(a_photo(kind, orientation=orientation), TYPES[kind])
    assert (found.width, found.height) == (400, 200)
    image = read(found.photo)
    assert alike(image.getpixel((40, 40)), RED)
    for x, y in ((360, 40), (40, 160), (360, 160)):
        assert not alike(image.getpixel((x, y)), RED)


@pytest.mark.parametrize(
    ("size", "photo", "thumbnail"),
    [
        ((4000, 3000), (1600, 1200), (320, 240)),
        ((3000, 4000), (1200, 1600), (240, 320)),
        ((1600, 1600), (1600, 1600), (320, 320)),
        ((300, 200), (300, 200), (300, 200)),
        ((6000, 2), (1600, 1), (320, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_a_photo_is_scaled_down_in_proportion_and_never_up(
    size: tuple[int, int], photo: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    found = safe(written(a_scene(size), "JPEG"))
    assert (found.width, found.height) == read(found.photo).size == photo
    assert read(found.thumbnail).size == thumbnail


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_keeps_its_brightness(mode: str) -> None:
    if mode == "I;16":
        image = Image.new(mode, (8, 8), 40_000)
        wanted = 40_000 // 256
    else:
        image = Image.new("L", (8, 8), 255 if mode == "1" else 150).convert(mode)
        wanted = 255 if mode == "1" else 150
    assert alike(read(safe(written(image, "PNG")).photo).getpixel((4, 4)), (wanted,) * 3)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA")])
def test_transparent_parts_become_white(kind: str, mode: str) -> None:
    image = Image.new(mode, (8, 8))
    assert alike(read(safe(written(image, kind)).photo).getpixel((4, 4)), WHITE)


def test_a_transparent_colour_of_a_palette_or_of_a_png_becomes_white() -> None:
    palette = Image.new("P", (8, 8), 0)
    for content in (
        written(palette, "PNG", transparency=0),
        written(Image.new("RGB", (8, 8), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
    ):
        assert alike(read(safe(content).photo).getpixel((4, 4)), WHITE)


def test_a_printers_jpeg_is_read() -> None:
    found = safe(written(a_scene(mode="CMYK"), "JPEG"), "image/jpeg")
    assert alike(read(found.photo).getpixel((40, 40)), RED)


@pytest.mark.parametrize(("kind", "claimed"), [("MPO", "image/jpeg"), ("WEBP", "image/webp")])
def test_of_several_frames_the_first_is_taken(kind: str, claimed: str) -> None:
    more = [Image.new("RGB", (400, 200), "black")]
    content = written(a_scene(), kind, save_all=True, append_images=more)
    assert read(content).n_frames == 2  # type: ignore[attr-defined]
    assert alike(read(safe(content, claimed).photo).getpixel((40, 40)), RED)


@pytest.mark.parametrize("real", TYPES)
@pytest.mark.parametrize("said", TYPES)
def test_a_photo_is_what_it_was_said_to_be_or_is_refused(real: str, said: str) -> None:
    found = reencode(a_photo(real), TYPES[said])
    if real == said:
        assert isinstance(found, Safe)
        return
    assert isinstance(found, Rejected)
    assert found.code == "not_as_claimed"
    names = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
    for reason in (found.reason.id, found.reason.en):
        assert names[real] in reason
        assert names[said] in reason
    assert isinstance(reencode(a_photo(real), UNCLAIMED), Safe)


def test_a_photo_that_was_said_to_be_something_else_again_is_refused_by_both_names() -> None:
    found = refused(a_photo("PNG"), "image/heic")
    assert found.code == "not_as_claimed"
    for reason in (found.reason.id, found.reason.en):
        assert "PNG" in reason
        assert "image/heic" in reason


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (a_zip(), "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "MP4"),
        (b"<html><script>alert(1)</script>", "HTML"),
        (b"MZ\x90\0", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"\xff", None),
    ],
)
def test_what_is_no_photo_is_refused_by_its_name(content: bytes, named: str | None) -> None:
    for claimed in (*TYPES.values(), UNCLAIMED):
        found = refused(content, claimed)
        assert found.code == "not_a_photo"
        assert (named or "kenal") in found.reason.id
        assert (named or "unknown") in found.reason.en
        assert found.reason.en.endswith("Send the photo as JPEG, PNG or WebP.")
        assert found.reason.id.endswith("Kirim foto sebagai JPEG, PNG, atau WebP.")
    assert kind_of(content) == named


def test_an_empty_file_is_refused() -> None:
    assert refused(b"", "image/jpeg").code == "empty"


@pytest.mark.parametrize("kind", TYPES)
def test_a_file_that_is_cut_short_is_refused(kind: str) -> None:
    whole = a_photo(kind, size=(900, 700))
    for length in (16, len(whole) // 3, len(whole) * 9 // 10):
        assert refused(whole[:length]).code == "unreadable", length


@pytest.mark.parametrize("size", [(8192, 6144), (8160, 6120)])
def test_what_phones_call_50_megapixels_is_taken(size: tuple[int, int]) -> None:
    assert safe(written(a_scene(size), "JPEG"), "image/jpeg").width == 1600


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (8193, 6144)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    bomb = a_bomb(width, height)
    assert len(bomb) < 60_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(bomb, "image/png").code == "too_many_pixels"
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 60


def test_a_jpeg_of_endless_passes_is_refused_before_it_is_decoded() -> None:
    content = written(a_scene(), "JPEG", progressive=True)
    start = content.rindex(b"\xff\xda")
    endless = content[:start] + content[start:-2] * (MOST_SCANS + 1) + b"\xff\xd9"
    assert refused(endless, "image/jpeg").code == "too_many_pixels"
    assert isinstance(reencode(content, "image/jpeg"), Safe)


@pytest.mark.parametrize(
    "tags",
    [
        b"\xff\xff\xff\xff nonsense",
        # One tag, the orientation, as the text "abc".
        b"\x08\0\0\0" + b"\x01\0" + b"\x12\x01" + b"\x02\0" + b"\x04\0\0\0" + b"abc\0" + bytes(4),
    ],
)
def test_damaged_metadata_does_not_cost_a_good_photo(tags: bytes) -> None:
    found = safe(written(a_scene(), "JPEG", exif=b"Exif\0\0II*\0" + tags))
    assert alike(read(found.photo).getpixel((40, 40)), RED)


def test_too_small_a_machine_is_no_fault_of_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    content = a_photo()
    monkeypatch.setattr(Image.Image, "resize", full)
    with pytest.raises(MemoryError):
        reencode(content, "image/jpeg")


@given(st.sampled_from(list(TYPES)), st.data())
def test_a_damaged_file_is_drawn_or_refused_and_never_breaks_the_function(
    kind: str, data: st.DataObject
) -> None:
    content = bytearray(SMALL[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = reencode(bytes(content), TYPES[kind])
    if isinstance(found, Safe):
        assert read(found.photo).format == read(found.thumbnail).format == "JPEG"
    else:
        assert found.reason.id


SMALL = {kind: a_photo(kind, size=(40, 30)) for kind in TYPES}

_PROGRAM = """
import sys
from functions.complaint_intake.photos.reencode import Safe, reencode
content = open(sys.argv[1], "rb").read()
assert isinstance(reencode(content, "application/octet-stream"), Safe)
status = open("/proc/self/status").read()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a process's own peak is told by Linux")
@pytest.mark.parametrize(("kind", "most_mb"), [("WEBP", 1100), ("PNG", 700), ("JPEG", 250)])
def test_the_largest_photo_fits_the_functions_memory(
    kind: str, most_mb: int, tmp_path: Path
) -> None:
    side = int(MOST_PIXELS**0.5)
    mode = "RGB" if kind == "JPEG" else "RGBA"
    file = tmp_path / "largest"
    Image.new(mode, (side, side)).save(file, kind, **({"lossless": True} if kind == "WEBP" else {}))
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(file)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < most_mb
