"""Pictures of every kind that a scanner may send: each must be taken and look as it should."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from digitize.scan.codes import MIRRORED, MORE_PICTURES, REDUCED_SKIPPED
from tests.badfiles.case import Case, taken
from tests.badfiles.scene import SIZE, bitonal_scene, grey_scene, scene
from tests.badfiles.tiff_bytes import grey, tiff

Paint = Callable[[str], Image.Image]
_ORIENTATION = 0x0112
_UNDO = {  # what makes the stored picture of an upright one, by EXIF Orientation
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}
_MIRRORING = (2, 4, 5, 7)


def _saved(paint: Paint, **options: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        paint(path.name).save(path, **options)

    return make


def _to(mode: str) -> Paint:
    return lambda name: scene(name).convert(mode)


def _turned(value: int, kind: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        image = scene(path.name)
        for step in _UNDO[value]:
            image = image.transpose(step)
        exif = Image.Exif()
        exif[_ORIENTATION] = value
        image.save(path, kind, exif=exif)

    return make


def _grey16(name: str) -> np.ndarray[Any, Any]:
    return np.asarray(grey_scene(name), dtype=np.uint16) * 257


def _ycck(path: Path) -> None:
    """A JPEG as print shops make it: CMYK kept as YCC and K, inverted (Adobe, transform 2)."""
    cmyk = np.asarray(_cmyk(path.name))
    luma = np.asarray(Image.fromarray(cmyk[..., :3], "RGB").convert("YCbCr"))
    planes = np.dstack([luma, 255 - cmyk[..., 3]])
    buffer = io.BytesIO()
    Image.fromarray(255 - planes, "CMYK").save(buffer, "JPEG", quality=95)
    data = bytearray(buffer.getvalue())
    marker = data.index(b"Adobe")
    assert data[marker + 11] == 0
    data[marker + 11] = 2
    path.write_bytes(data)


def _cmyk(name: str) -> Image.Image:
    rgb = np.asarray(scene(name), dtype=np.int16)
    black = 255 - rgb.max(axis=2, keepdims=True)
    colours = 255 - rgb - black
    return Image.fromarray(np.dstack([colours, black]).astype(np.uint8), "CMYK")


def _with_alpha(name: str) -> Image.Image:
    """The paper is transparent, what is printed is not."""
    image = scene(name).convert("RGBA")
    shape = image.convert("L").point(lambda value: 255 * (value < 200))
    image.putalpha(shape)
    return image


def _on_white(name: str) -> Image.Image:
    image = _with_alpha(name)
    white = Image.new("RGB", SIZE, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _palette_alpha(path: Path) -> None:
    image = _on_white(path.name).quantize(64)
    white = image.getpixel((1, 1))
    image.save(path, transparency=white)


def _png16_rgb(path: Path) -> None:
    rgb = (np.asarray(scene(path.name), dtype=">u2") * 257).astype(">u2")
    path.write_bytes(png(SIZE, (16, 2), [b"\0" + row.tobytes() for row in rgb]))


def png(size: tuple[int, int], kind: tuple[int, int], rows: list[bytes]) -> bytes:
    """A PNG of (bit depth, colour type) from filtered rows (ISO 15948)."""
    header = struct.pack(">IIBBBBB", *size, *kind, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(name: str) -> bytes:
    return grey_scene(name).tobytes()


def _bits(name: str) -> bytes:
    return bitonal_scene(name).tobytes()


def _packed(photometric: int, paint: Callable[[str], bytes], **options: Any) -> Any:
    def make(path: Path) -> None:
        data = paint(path.name)
        if photometric == 0:
            data = bytes(255 - byte for byte in data)
        path.write_bytes(tiff([grey(SIZE, [data], photometric=photometric, **options)]))

    return make


def _grey16_white_is_zero(path: Path) -> None:
    data = (65535 - _grey16(path.name)).astype("<u2").tobytes()
    path.write_bytes(tiff([grey(SIZE, [data], bits=(16,), photometric=0)]))


def _rgb16(path: Path) -> None:
    data = (np.asarray(scene(path.name), dtype="<u2") * 257).astype("<u2").tobytes()
    path.write_bytes(tiff([grey(SIZE, [data], bits=(16, 16, 16), photometric=2)]))


def _big_endian(path: Path) -> None:
    data = _grey16(path.name).astype(">u2").tobytes()
    path.write_bytes(tiff([grey(SIZE, [data], bits=(16,))], order=">"))


def _tiled(path: Path) -> None:
    pixels = np.asarray(grey_scene(path.name))
    padded = np.full((384, 256), 255, dtype=np.uint8)
    padded[: SIZE[1], : SIZE[0]] = pixels
    tiles = [
        padded[top : top + 128, left : left + 128].tobytes()
        for top in range(0, 384, 128)
        for left in range(0, 256, 128)
    ]
    path.write_bytes(tiff([grey(SIZE, tiles, tile=(128, 128))]))


def _many_strips(path: Path) -> None:
    data = _rows(path.name)
    step = 16 * SIZE[0]
    strips = [data[at : at + step] for at in range(0, len(data), step)]
    path.write_bytes(tiff([grey(SIZE, strips, rows=16)], big=True))


def _float(path: Path) -> None:
    values = np.asarray(grey_scene(path.name), dtype=np.float32) / 255
    Image.fromarray(values).save(path)


def _lab(path: Path) -> None:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    made = ImageCms.applyTransform(scene(path.name), transform)
    assert made is not None
    made.save(path)


def _frames(path: Path) -> None:
    image = scene(path.name)
    image.save(path, save_all=True, append_images=[image.convert("L"), image.convert("1")])


def _with_reduced(path: Path) -> None:
    data = _rows(path.name)
    small = grey_scene(path.name).resize((24, 34)).tobytes()
    pages = [grey(SIZE, [data]), grey((24, 34), [small], t254=1)]
    path.write_bytes(tiff(pages))


def _mpo(path: Path) -> None:
    image = scene(path.name)
    image.save(path, "MPO", save_all=True, append_images=[image.resize((24, 34))], quality=90)


def _jp2_grey16(path: Path) -> None:
    Image.fromarray(_grey16(path.name)).save(path)


def _jpeg_with_zip(path: Path) -> None:
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "JPEG", quality=90)
    path.write_bytes(buffer.getvalue() + b"PK\x03\x04" + bytes(200) + b"PK\x05\x06" + bytes(18))


def _text_chunk(path: Path) -> None:
    """A PNG with a note of a megabyte, which is odd but harmless."""
    buffer = io.BytesIO()
    scene(path.name).save(buffer, "PNG")
    data = buffer.getvalue()
    note = chunk(b"tEXt", b"Comment\0" + b"a" * 900_000)
    path.write_bytes(data[:33] + note + data[33:])


def _exif_turns() -> list[Case]:
    cases = []
    for value in _UNDO:
        warning = [MIRRORED] if value in _MIRRORING else []
        cases.append(taken(f"exif-{value}.jpg", _turned(value, "JPEG"), *warning))
    cases += [
        taken("exif-6.tif", _turned(6, "TIFF")),
        taken("exif-5.tif", _turned(5, "TIFF")),
        taken("exif-3.png", _turned(3, "PNG")),
        taken("exif-9.jpg", _exif_nine),
    ]
    return cases


def _exif_nine(path: Path) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 9
    scene(path.name).save(path, exif=exif)


CASES = (
    taken("good-neighbour-1.jpg", _saved(scene, quality=90, dpi=(300, 300))),
    taken("good-neighbour-2.tif", _saved(scene, dpi=(300, 300))),
    taken("good-neighbour-3.png", _saved(scene, dpi=(300, 300))),
    taken("grey.jpg", _saved(grey_scene, quality=90)),
    taken("progressive.jpg", _saved(scene, quality=90, progressive=True)),
    taken("cmyk-adobe.jpg", _saved(_cmyk, quality=95)),
    taken("ycck-adobe.jpg", _ycck),
    taken("several-pictures.jpg", _mpo, MORE_PICTURES),
    taken("zip-behind.jpg", _jpeg_with_zip),
    taken("grey.png", _saved(grey_scene)),
    taken("grey-16.png", lambda path: Image.fromarray(_grey16(path.name)).save(path)),
    taken("rgb-16.png", _png16_rgb),
    taken("palette.png", _saved(lambda name: scene(name).quantize(64))),
    taken("palette-alpha.png", _palette_alpha, truth=_on_white),
    taken("grey-alpha.png", _saved(lambda name: _with_alpha(name).convert("LA")), truth=_on_white),
    taken("rgb-alpha.png", _saved(_with_alpha), truth=_on_white),
    taken("one-bit.png", _saved(bitonal_scene), truth=bitonal_scene),
    taken("long-note.png", _text_chunk),
    taken("raw.tif", _saved(scene)),
    taken("lzw.tif", _saved(scene, compression="tiff_lzw")),
    taken("deflate.tif", _saved(scene, compression="tiff_adobe_deflate")),
    taken("packbits.tif", _saved(scene, compression="packbits")),
    taken("jpeg-inside.tif", _saved(scene, compression="jpeg", quality=90)),
    taken("fax-g4.tif", _saved(bitonal_scene, compression="group4"), truth=bitonal_scene),
    taken("fax-g3.tif", _saved(bitonal_scene, compression="group3"), truth=bitonal_scene),
    taken("black-is-zero.tif", _packed(1, _bits, bits=(1,)), truth=bitonal_scene),
    taken("white-is-zero.tif", _packed(0, _bits, bits=(1,)), truth=bitonal_scene),
    taken("grey-white-is-zero.tif", _packed(0, _rows)),
    taken("grey-16.tif", lambda path: Image.fromarray(_grey16(path.name)).save(path)),
    taken("grey-16-white-is-zero.tif", _grey16_white_is_zero),
    taken("grey-16-big-endian.tif", _big_endian),
    taken("rgb-16.tif", _rgb16),
    taken("palette.tif", _saved(lambda name: scene(name).quantize(64))),
    taken("cmyk.tif", _saved(_cmyk)),
    taken("lab.tif", _lab),
    taken("float.tif", _float),
    taken("rgb-alpha.tif", _saved(_with_alpha), truth=_on_white),
    taken("grey-alpha.tif", _saved(lambda name: _with_alpha(name).convert("LA")), truth=_on_white),
    taken("tiles.tif", _tiled),
    taken("big-tiff-strips.tif", _many_strips),
    taken("three-frames.tif", _frames, pages=3, truth=None),
    taken("reduced-copy.tif", _with_reduced, REDUCED_SKIPPED),
    taken("rgb.jp2", _saved(scene)),
    taken("grey.jp2", _saved(grey_scene)),
    taken("grey-16.jp2", _jp2_grey16),
    taken("rgb-alpha.jp2", _saved(_with_alpha), truth=_on_white),
    taken("codestream.j2k", _saved(scene)),
    *_exif_turns(),
)
"""Every picture that is taken."""
