import hashlib
import io
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from digitize.scan.codes import (
    BAD_PDF,
    EMPTY,
    ENCRYPTED,
    MIRRORED,
    MISNAMED,
    MORE_PICTURES,
    OWNER_PASSWORD,
    REDUCED_SKIPPED,
    TOO_LARGE,
    TRUNCATED,
    UNKNOWN_TYPE,
)
from digitize.scan.inspect import inspect, task
from digitize.scan.inspection import Inspection
from digitize.work.limits import Limits
from olketanu.errors import BadFileError
from tests.unit.made_files import SIZE, add_page, page_image, scan_pdf

LIMITS = Limits()
SAVED: dict[str, dict[str, Any]] = {
    "a.jpg": {"quality": 85, "dpi": (300, 300)},
    "a.png": {"dpi": (300, 300)},
    "raw.tif": {"dpi": (300, 300)},
    "lzw.tif": {"compression": "tiff_lzw", "dpi": (300, 300)},
    "a.jp2": {},
}


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(BadFileError) as caught:
        inspect(path, limits)
    return caught.value.code


def noisy() -> Image.Image:
    noise = random.Random(5).randbytes(SIZE[0] * SIZE[1] * 3)
    return Image.frombytes("RGB", SIZE, noise)


@pytest.mark.parametrize("name", SAVED)
def test_an_image_is_known_by_its_content_hash_and_frames(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    page_image().save(path, **SAVED[name])
    seen = inspect(path, LIMITS)
    assert seen.type == {"jpg": "jpeg", "png": "png", "tif": "tiff", "jp2": "jp2"}[name[-3:]]
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (seen.size, seen.warnings) == (path.stat().st_size, ())
    (frame,) = seen.frames
    assert (frame.width, frame.height, frame.dpi, frame.source) == (*SIZE, 300, "image")
    assert frame.dpi_known == (name != "a.jp2")


def test_the_worker_task_gives_json_that_becomes_the_same_inspection(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    page_image().save(path, save_all=True, append_images=[page_image(mark=9)])
    given = task({"path": str(path), "max_megapixels": 300})
    assert Inspection.from_dict(given) == inspect(path, LIMITS)
    assert len(given["frames"]) == 2


@pytest.mark.parametrize("name", SAVED)
def test_an_image_cut_anywhere_is_truncated_or_not_even_known(tmp_path: Path, name: str) -> None:
    whole = tmp_path / name
    noisy().save(whole, **SAVED[name])
    data = whole.read_bytes()
    codes = set()
    for part in range(1, 24):
        cut = tmp_path / f"cut-{name}"
        cut.write_bytes(data[: max(3, len(data) * part // 24)])
        codes.add(refusal(cut))
    assert codes == {TRUNCATED}


def test_a_fax_cut_short_is_truncated(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    noisy().convert("1").save(path, compression="group4")
    path.write_bytes(path.read_bytes()[:900])
    assert refusal(path) == TRUNCATED


def test_a_file_without_bytes_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.touch()
    assert refusal(path) == EMPTY


@pytest.mark.parametrize(
    "content",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
        b"\xc5\xd0\xd3\xc6" + bytes(40),
        b"<!DOCTYPE html><html><body>scan</body></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(60),
        b"GIF89a" + bytes(40),
        b"BM" + bytes(60),
        b"junk %PDF-1.7",
        b"%PDF",
    ],
)
def test_any_other_content_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(content)
    assert refusal(path) == UNKNOWN_TYPE


def test_an_eps_named_tif_starts_no_other_program(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    Image.new("RGB", (20, 20)).save(path, format="EPS")
    program = (
        "import sys, digitize.scan.inspect as i, digitize.work.limits as l, pathlib\n"
        "def told(event, args):\n"
        "    if event in ('subprocess.Popen', 'os.exec', 'os.posix_spawn', 'os.system'):\n"
        "        print('STARTED', args)\n"
        "sys.addaudithook(told)\n"
        "try: i.inspect(pathlib.Path(sys.argv[1]), l.Limits())\n"
        "except Exception as e: print(getattr(e, 'code', e))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [UNKNOWN_TYPE]


def test_a_jpeg_named_tif_is_taken_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    page_image().save(path, format="JPEG")
    seen = inspect(path, LIMITS)
    assert (seen.type, seen.warnings) == ("jpeg", (MISNAMED,))


def test_a_name_without_extension_is_no_misnaming(tmp_path: Path) -> None:
    for name in ("3f2a", "№ 5.1985"):
        path = tmp_path / name
        page_image().save(path, format="JPEG")
        assert inspect(path, LIMITS).warnings == ()
    assert inspect(path, LIMITS, "scan.png").warnings == (MISNAMED,)


def test_a_small_file_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tif"
    Image.new("1", (14000, 14000)).save(path, compression="group4")
    assert path.stat().st_size < 10_000
    assert refusal(path, Limits(megapixels=100)) == TOO_LARGE
    assert inspect(path, Limits(megapixels=200)).frames[0].width == 14000


@pytest.mark.parametrize(
    ("orientation", "turn", "mirrored"),
    [(1, 0, False), (2, 0, True), (3, 2, False), (4, 2, True),
     (5, 3, True), (6, 1, False), (7, 1, True), (8, 3, False)],
)  # fmt: skip
def test_exif_orientation_becomes_a_quarter_turn(
    tmp_path: Path, orientation: int, turn: int, mirrored: bool
) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    page_image().save(path, exif=exif)
    seen = inspect(path, LIMITS)
    frame = seen.frames[0]
    assert frame.quarter_turn == turn
    assert (frame.width, frame.height) == (SIZE if turn % 2 == 0 else SIZE[::-1])
    assert seen.warnings == ((MIRRORED,) if mirrored else ())


def test_small_copies_inside_a_tiff_are_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "pyramid.tif"
    small = page_image().resize((50, 70))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    page_image().save(path, save_all=True, append_images=[small, page_image(mark=5)])
    seen = inspect(path, LIMITS)
    assert [frame.frame for frame in seen.frames] == [0, 2]
    assert seen.warnings == (REDUCED_SKIPPED,)


def test_of_a_jpeg_with_several_pictures_only_the_first_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "camera.jpg"
    page_image().save(path, format="MPO", save_all=True, append_images=[page_image(mark=3)])
    seen = inspect(path, LIMITS)
    assert (len(seen.frames), seen.warnings) == (1, (MORE_PICTURES,))


@pytest.mark.parametrize(
    ("written", "size", "expected"),
    [
        ((400, 400), SIZE, (400, True)),
        (None, SIZE, (300, False)),
        ((72, 72), (2480, 3508), (300, False)),
        ((72, 72), SIZE, (72, True)),
        ((1, 1), SIZE, (300, False)),
    ],
)
def test_resolution_comes_from_the_file_or_is_said_to_be_a_guess(
    tmp_path: Path,
    written: tuple[int, int] | None,
    size: tuple[int, int],
    expected: tuple[int, bool],
) -> None:
    path = tmp_path / "a.png"
    how: dict[str, Any] = {"dpi": written} if written else {}
    Image.new("L", size, 255).save(path, **how)
    frame = inspect(path, LIMITS).frames[0]
    assert (frame.dpi, frame.dpi_known) == expected


def jpeg_bytes() -> bytes:
    stream = io.BytesIO()
    page_image().save(stream, "JPEG")
    return stream.getvalue()


def test_a_scan_in_a_pdf_keeps_its_pixels_and_gets_its_resolution_from_the_page(
    tmp_path: Path,
) -> None:
    path = scan_pdf(tmp_path / "a.pdf", jpeg_bytes(), filter_name="/DCTDecode", rotate=90)
    frame = inspect(path, LIMITS).frames[0]
    assert (frame.source, frame.quarter_turn, frame.dpi) == ("pdf-image", 1, 150)
    assert (frame.width, frame.height) == SIZE[::-1]


def test_a_pdf_page_with_marks_of_its_own_is_rendered(tmp_path: Path) -> None:
    mark = b"0 0 20 20 re f"
    path = scan_pdf(tmp_path / "a.pdf", jpeg_bytes(), filter_name="/DCTDecode", after=mark)
    frame = inspect(path, LIMITS).frames[0]
    assert (frame.source, frame.dpi, frame.quarter_turn) == ("pdf-render", 300, 0)
    assert abs(frame.width - 2 * SIZE[0]) <= 1


def protected(tmp_path: Path, user: str) -> Path:
    scan_pdf(tmp_path / "plain.pdf", jpeg_bytes(), filter_name="/DCTDecode")
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        encryption = pikepdf.Encryption(owner="owner", user=user, R=6)
        pdf.save(tmp_path / "locked.pdf", encryption=encryption)
    return tmp_path / "locked.pdf"


def test_a_pdf_with_a_user_password_is_refused(tmp_path: Path) -> None:
    assert refusal(protected(tmp_path, "secret")) == ENCRYPTED


def test_a_pdf_with_an_owner_password_is_taken_with_a_warning(tmp_path: Path) -> None:
    seen = inspect(protected(tmp_path, ""), LIMITS)
    assert seen.warnings == (OWNER_PASSWORD,)
    assert seen.frames[0].source == "pdf-image"


def test_a_pdf_without_pages_is_bad(tmp_path: Path) -> None:
    pikepdf.new().save(tmp_path / "a.pdf")
    assert refusal(tmp_path / "a.pdf") == BAD_PDF


def test_a_pdf_cut_anywhere_is_bad(tmp_path: Path) -> None:
    data = scan_pdf(tmp_path / "a.pdf", jpeg_bytes(), filter_name="/DCTDecode").read_bytes()
    path = tmp_path / "cut.pdf"
    for part in range(1, 24):
        path.write_bytes(data[: len(data) * part // 24])
        assert refusal(path) == BAD_PDF


def test_a_damaged_scan_inside_a_pdf_is_bad(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", jpeg_bytes()[:-400], filter_name="/DCTDecode")
    assert refusal(path) == BAD_PDF


def test_a_pdf_that_says_more_pages_than_it_has_is_bad(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    for _ in range(2):
        add_page(pdf, b"", [0, 0, 100, 100])
    pdf.save(tmp_path / "a.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.count(b"/Count 2") == 1
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Count 2", b"/Count 3"))
    assert refusal(tmp_path / "a.pdf") == BAD_PDF


def test_a_scan_of_too_many_pixels_inside_a_pdf_is_refused(tmp_path: Path) -> None:
    data = bytes(2000 * 2000 // 8)
    path = scan_pdf(
        tmp_path / "a.pdf", data, size=(2000, 2000), bits=1, space="/DeviceGray", dpi=600
    )
    assert refusal(path, Limits(megapixels=3)) == TOO_LARGE


def test_a_huge_drawn_sheet_is_rendered_at_a_lower_resolution(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    add_page(pdf, b"0 0 10 10 re f", [0, 0, 7200, 7200])
    pdf.save(tmp_path / "map.pdf")
    frame = inspect(tmp_path / "map.pdf", LIMITS).frames[0]
    assert frame.dpi == 100
    assert frame.width * frame.height <= 100_000_000


def test_inspecting_leaves_the_file_and_pillow_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    page_image().save(path)
    before, guard = path.read_bytes(), Image.MAX_IMAGE_PIXELS
    inspect(path, LIMITS)
    assert (path.read_bytes(), Image.MAX_IMAGE_PIXELS) == (before, guard)
