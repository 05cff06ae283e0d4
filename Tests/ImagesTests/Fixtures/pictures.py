#!/usr/bin/env python3
"""Writes pictures.txt: image files, and what Pillow makes of them.

    python3 pictures.py > pictures.txt

Needs numpy and pillow. A line is a file: its name; what is to be noted of it, or `-`; the result as
HEIGHTxWIDTHxCHANNELS; `=`; the file and the result's bytes in base64. Pillow writes neither interlaced PNG
nor colours of 16 bits, and reads grey of 16 bits as numbers: these are made by hand here, and of 16 bits the
upper eight are expected.
"""

import base64
import io
import struct
import zlib

import numpy as np
import PIL.Image
import PIL.ImageOps


def pixels(height, width, channels, mask=255):
    """Smooth in one channel, rough in the others, so that nothing is lost on a codec unseen."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(7 * x + 3 * y) % 256, (x * y * 5 + 31) % 256, (255 - 9 * y + x * x) % 256, (x * 40) % 256]
    return (np.stack(planes[:channels], axis=2) & mask).astype(np.uint8)


def image(mode, height=13, width=17, mask=255):
    channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    data = pixels(height, width, channels, mask)
    return PIL.Image.fromarray(data[:, :, 0] if channels == 1 else data, mode)


def line(name, file, notes="-", expected=None):
    if expected is None:
        picture = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(file)))
        mode = "L" if picture.mode in ("1", "L", "LA") else "RGB"
        expected = np.asarray(picture.convert(mode))
    if expected.ndim == 2:
        expected = expected[:, :, None]
    print(name, notes, "x".join(map(str, expected.shape)), "=", base64.b64encode(file).decode(),
          base64.b64encode(np.ascontiguousarray(expected).tobytes()).decode())


def saved(picture, format, **options):
    target = io.BytesIO()
    picture.save(target, format, **options)
    return target.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(height, width, depth, colours, rows, interlace=0):
    """A PNG file of filtered rows."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows)))
            + chunk(b"IEND", b""))


def interlaced(data):
    rows = []
    for top, left, down, right in [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2),
                                   (0, 1, 2, 2), (1, 0, 2, 1)]:
        part = data[top::down, left::right]
        if part.size:
            rows += [b"\0" + row.tobytes() for row in part]
    return rows


def exif(orientation):
    tags = PIL.Image.Exif()
    tags[0x0112] = orientation
    return tags


def main():
    print(f"# Made by pictures.py with Pillow {PIL.__version__}")
    grey, colour = image("L"), image("RGB")
    line("grey.png", saved(grey, "PNG"))
    line("colour.png", saved(colour, "PNG"))
    line("one-bit.png", saved(grey.convert("1"), "PNG"))
    for depth in (2, 4):
        data = pixels(13, 17, 1)[:, :, 0] >> (8 - depth)
        rows = []
        for row in data:
            packed, bits = bytearray((17 * depth + 7) // 8), 0
            for value in row:
                packed[bits // 8] |= int(value) << (8 - depth - bits % 8)
                bits += depth
            rows.append(b"\0" + bytes(packed))
        line(f"grey-{depth}-bits.png", png(13, 17, depth, 0, rows),
             expected=(data * (255 // ((1 << depth) - 1))).astype(np.uint8))
    line("grey-alpha.png", saved(image("LA"), "PNG"), "alpha")
    line("alpha.png", saved(image("RGBA"), "PNG"), "alpha")
    palette = colour.quantize(20)
    line("palette.png", saved(palette, "PNG"))
    line("palette-transparent.png", saved(palette, "PNG", transparency=3), "alpha")
    line("grey-transparent.png", saved(grey, "PNG", transparency=40), "alpha")
    wide = (pixels(13, 17, 3).astype(np.uint16) * 251 + 77)
    line("colour-16-bits.png", png(13, 17, 16, 2, [b"\0" + row.astype(">u2").tobytes() for row in wide]), "bits",
         (wide >> 8).astype(np.uint8))
    line("grey-16-bits.png",
         png(13, 17, 16, 0, [b"\0" + row[:, 0].astype(">u2").tobytes() for row in wide]), "bits",
         (wide[:, :, 0] >> 8).astype(np.uint8))
    line("alpha-16-bits.png",
         png(13, 17, 16, 6,
             [b"\0" + np.concatenate([row, row[:, :1]], axis=1).astype(">u2").tobytes() for row in wide]),
         "bits,alpha", (wide >> 8).astype(np.uint8))
    data = pixels(13, 17, 3)
    line("interlaced.png", png(13, 17, 8, 2, interlaced(data), 1), expected=data)
    line("one-pixel.png", saved(image("RGB", 1, 1), "PNG"))
    line("grey.jpg", saved(grey, "JPEG", quality=90))
    for name, options in {
        "444": dict(subsampling=0, quality=95), "420": dict(subsampling=2, quality=75),
        "422": dict(subsampling=1, quality=60), "progressive": dict(progressive=True, quality=80),
        "optimized": dict(optimize=True, quality=30),
    }.items():
        line(f"{name}.jpg", saved(image("RGB", 19, 21), "JPEG", **options))
    line("restarts.jpg", saved(image("RGB", 33, 40), "JPEG", restart_marker_blocks=2))
    line("inks.jpg", saved(image("CMYK"), "JPEG", quality=90), "inks")
    for orientation in range(1, 9):
        notes = "-" if orientation == 1 else "turned"
        line(f"orientation-{orientation}.jpg", saved(image("RGB", 8, 16), "JPEG", exif=exif(orientation)), notes)
    line("orientation-6.png", saved(colour, "PNG", exif=exif(6)), "turned")
    line("orientation-9.jpg", saved(colour, "JPEG", exif=exif(9)))
    line("lossless.webp", saved(colour, "WEBP", lossless=True))
    line("lossy.webp", saved(image("RGB", 33, 41), "WEBP", quality=70))
    line("alpha.webp", saved(image("RGBA"), "WEBP", lossless=True, exact=True), "alpha")
    line("orientation-8.webp", saved(colour, "WEBP", lossless=True, exif=exif(8)), "turned")


main()
