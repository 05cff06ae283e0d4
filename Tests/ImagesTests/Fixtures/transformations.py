#!/usr/bin/env python3
"""Writes transformations.txt: what Pillow and torchvision make of test images.

    python3 transformations.py > transformations.txt

Needs numpy, pillow, torch and torchvision. A line is a case: the operation, the image as
HEIGHTxWIDTHxCHANNELS, the operation's parameters, `=`, and the result, either its bytes in base64 or
`crc32:` and their checksum. The images are not stored; `test_image` says what is in them.
"""

import base64
import random
import zlib

import numpy as np
import PIL
import PIL.Image
import torch
import torchvision
import torchvision.transforms.functional as F
from torchvision.transforms import InterpolationMode


def test_image(shape):
    height, width, channels = map(int, shape.split("x"))
    index = np.arange(height * width * channels, dtype=np.uint64)
    word = (index * 2654435761) % 2**32
    word ^= word >> np.uint64(15)
    word = (word * 2246822519) % 2**32
    pixels = (word >> np.uint64(24)).astype(np.uint8).reshape(height, width, channels)
    return PIL.Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


def show(operation, shape, parameters, result, as_checksum=False):
    data = np.ascontiguousarray(result).tobytes()
    text = f"crc32:{zlib.crc32(data):08x}" if as_checksum else base64.b64encode(data).decode()
    print(operation, shape, *parameters, "=", text)


def rotate(shape, degrees, as_checksum=False):
    result = F.rotate(test_image(shape), degrees, InterpolationMode.NEAREST)
    show("rotate", shape, [repr(degrees)], result, as_checksum)


def translate(shape, x, y):
    result = F.affine(test_image(shape), 0, [x, y], 1, [0, 0], InterpolationMode.NEAREST)
    show("translate", shape, [x, y], result, as_checksum=True)


def main():
    random.seed(20221022)
    versions = f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}, torch {torch.__version__}"
    print("# Made by transformations.py with", versions)

    for degrees in [0.0, 90.0, -90.0, 180.0, 270.0, 45.0, 13.5, -77.25, 359.999, -1e-20]:
        rotate("32x32x3", degrees)
    for degrees in [0.0, 90.0, 180.0, -45.0, 30.0]:
        rotate("20x33x3", degrees)
        rotate("28x28x1", degrees)
        rotate("1x7x1", degrees)
    counts = {"32x32x3": 600, "28x28x1": 100, "20x33x3": 100, "224x224x3": 40, "5x5x1": 60}
    for shape, count in counts.items():
        for _ in range(count):
            rotate(shape, random.uniform(-180, 180), as_checksum=True)
    for degrees in range(-180, 181, 5):
        rotate("32x32x3", float(degrees), as_checksum=True)

    for shape in ["32x32x3", "28x28x1", "20x33x3"]:
        for _ in range(20):
            translate(shape, random.randint(-8, 8), random.randint(-8, 8))
        translate(shape, 40, 0)
        show("flip", shape, [], F.hflip(test_image(shape)), as_checksum=True)
        height, width, _ = map(int, shape.split("x"))
        for _ in range(10):
            top, left = random.randint(0, 8), random.randint(0, 8)
            result = F.crop(F.pad(test_image(shape), 4), top, left, height, width)
            show("crop", shape, [top, left, 4], result, as_checksum=True)

    for shape in ["32x32x3", "28x28x1", "20x33x3"]:
        for sigma in [0.1, 0.35, 0.8, 1.37, 2.0]:
            show("blur", shape, [sigma], F.gaussian_blur(test_image(shape), [15, 15], [sigma, sigma]))

    torch.manual_seed(1)
    for shape, top, left, height, width in [("20x33x3", 3, 5, 7, 4), ("9x8x1", 0, 0, 8, 7)]:
        image = F.to_tensor(test_image(shape))
        noise = torch.randn(image.shape[0], height, width)
        result = F.erase(image, top, left, height, width, noise).permute(1, 2, 0)
        noise = base64.b64encode(noise.permute(1, 2, 0).contiguous().numpy().tobytes()).decode()
        show("erase", shape, [top, left, height, width, noise], result.numpy())

    result = F.normalize(
        F.to_tensor(test_image("32x32x3")), [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])
    show("normalize", "32x32x3", [], result.permute(1, 2, 0).numpy(), as_checksum=True)


main()
