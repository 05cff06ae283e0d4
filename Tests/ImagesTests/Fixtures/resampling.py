#!/usr/bin/env python3
"""Writes resampling.txt: what Pillow makes of images at another size.

    python3 resampling.py > resampling.txt

Needs numpy and pillow. A line is a case: the image as HEIGHTxWIDTHxCHANNELS; the size as HEIGHTxWIDTH;
`stretch`, `crop` or `pad`; `=`; the bytes in base64.
"""

import base64

import numpy as np
import PIL.Image


def test_image(shape):
    height, width, channels = shape
    index = np.arange(height * width * channels, dtype=np.uint64)
    word = (index * 2654435761) % 2**32
    word ^= word >> np.uint64(15)
    word = (word * 2246822519) % 2**32
    pixels = (word >> np.uint64(24)).astype(np.uint8).reshape(height, width, channels)
    return PIL.Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


def rounded(length, numerator, denominator):
    return max(1, round(length * numerator / denominator))


def case(shape, size, fit="stretch"):
    image = test_image(shape)
    (height, width, channels), (to_height, to_width) = shape, size
    if fit == "crop":
        part_height = min(height, rounded(width, to_height, to_width))
        part_width = min(width, rounded(height, to_width, to_height))
        top, left = (height - part_height) // 2, (width - part_width) // 2
        image = image.crop((left, top, left + part_width, top + part_height))
    if fit == "pad":
        new_height = min(to_height, rounded(height, to_width, width))
        new_width = min(to_width, rounded(width, to_height, height))
        small = image.resize((new_width, new_height), PIL.Image.BILINEAR)
        image = PIL.Image.new(image.mode, (to_width, to_height))
        image.paste(small, ((to_width - new_width) // 2, (to_height - new_height) // 2))
    else:
        image = image.resize((to_width, to_height), PIL.Image.BILINEAR)
    print("x".join(map(str, shape)), f"{to_height}x{to_width}", fit, "=",
          base64.b64encode(np.ascontiguousarray(image).tobytes()).decode())


def main():
    print(f"# Made by resampling.py with Pillow {PIL.__version__}")
    for shape, size in [
        ((64, 64, 3), (32, 32)), ((28, 28, 1), (32, 32)), ((32, 32, 3), (64, 64)), ((50, 37, 3), (16, 24)),
        ((50, 37, 1), (49, 38)), ((13, 200, 3), (13, 17)), ((200, 13, 3), (17, 13)), ((1, 1, 3), (5, 4)),
        ((3, 2, 3), (1, 1)), ((333, 257, 3), (8, 9)), ((7, 5, 1), (7, 5)), ((31, 47, 3), (33, 21)),
        ((1000, 3, 1), (2, 3)), ((2, 1500, 1), (3, 7)),
        # Which axis comes first depends on how many rows and columns are lost.
        ((50, 24, 3), (32, 15)), ((50, 24, 3), (31, 15)), ((24, 50, 3), (15, 15)), ((20, 20, 3), (10, 25)),
        ((20, 20, 1), (25, 10)), ((20, 20, 3), (40, 21)),
    ]:
        case(shape, size)
    for shape, size in [
        ((40, 60, 3), (16, 16)), ((60, 40, 3), (16, 16)), ((41, 59, 1), (12, 20)), ((59, 41, 3), (12, 20)),
        ((10, 10, 3), (16, 24)), ((3, 100, 3), (8, 8)), ((20, 30, 1), (20, 30)), ((16, 32, 3), (7, 14)),
    ]:
        case(shape, size, "crop")
        case(shape, size, "pad")


main()
