#!/usr/bin/env python3
"""Writes views.txt: what torchvision makes of Pillow images on the way to a contrastive view.

    python3 views.py > views.txt

Needs numpy, pillow, torch and torchvision. A line is a case: the image as HEIGHTxWIDTHxCHANNELS and the
mask that its bytes were cut with (coarse images have many equal channels); the crop as TOP,LEFT,HEIGHT,WIDTH;
`flip` or `-`; the colour changes in their order, or `-`; `grey` or `-`; `=`; the bytes in base64.
"""

import base64
import random

import numpy as np
import PIL.Image
import torchvision
import torchvision.transforms.functional as F
from torchvision.transforms import InterpolationMode
import torch


def test_image(shape, mask):
    height, width, channels = map(int, shape.split("x"))
    index = np.arange(height * width * channels, dtype=np.uint64)
    word = (index * 2654435761) % 2**32
    word ^= word >> np.uint64(15)
    word = (word * 2246822519) % 2**32
    pixels = ((word >> np.uint64(24)).astype(np.uint8) & np.uint8(mask)).reshape(height, width, channels)
    return PIL.Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


OPERATIONS = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast,
              "saturation": F.adjust_saturation, "hue": F.adjust_hue}


def case(shape, mask, crop, flip=False, changes=(), grey=False):
    image = test_image(shape, mask)
    top, left, height, width = crop
    image = F.resized_crop(image, top, left, height, width, [image.height, image.width],
                           InterpolationMode.BILINEAR)
    if flip:
        image = F.hflip(image)
    for name, value in changes:
        image = OPERATIONS[name](image, value)
    if grey:
        image = F.rgb_to_grayscale(image, num_output_channels=3)
    data = np.ascontiguousarray(image).tobytes()
    print(shape, mask, ",".join(map(str, crop)), "flip" if flip else "-",
          ",".join(f"{name}:{value!r}" for name, value in changes) or "-", "grey" if grey else "-", "=",
          base64.b64encode(data).decode())


def main():
    random.seed(20220707)
    print(f"# Made by views.py with Pillow {PIL.__version__}, torchvision {torchvision.__version__}, "
          f"torch {torch.__version__}")
    for crop in [(0, 0, 32, 32), (3, 5, 17, 20), (0, 31, 1, 1), (0, 0, 32, 9), (7, 0, 14, 32), (2, 1, 30, 31)]:
        case("32x32x3", 255, crop)
    case("12x33x1", 255, (2, 3, 7, 21), flip=True)
    for mask in [255, 192]:
        for value in [0.6, 1.0, 0.8371, 1.4]:
            for name in ["brightness", "contrast", "saturation"]:
                case("20x33x3", mask, (0, 0, 20, 33), changes=[(name, value)])
        for value in [-0.1, -0.0123, 0.0, 0.05, 0.1, 0.5, -0.5]:
            case("20x33x3", mask, (0, 0, 20, 33), changes=[("hue", value)])
    case("20x33x3", 255, (0, 0, 20, 33), grey=True)
    for _ in range(24):
        height, width = random.randint(8, 32), random.randint(8, 32)
        changes = [(name, random.uniform(0.6, 1.4)) for name in ["brightness", "contrast", "saturation"]]
        changes.append(("hue", random.uniform(-0.1, 0.1)))
        random.shuffle(changes)
        case("32x32x3", random.choice([255, 192]),
             (random.randint(0, 32 - height), random.randint(0, 32 - width), height, width),
             random.random() < 0.5, changes, random.random() < 0.2)
    # Grey images have neither saturation nor hue.
    for mask in [255, 192]:
        for value in [0.6, 1.0, 0.8371, 1.4]:
            for name in ["brightness", "contrast", "saturation"]:
                case("28x28x1", mask, (0, 0, 28, 28), changes=[(name, value)])
        case("28x28x1", mask, (0, 0, 28, 28), changes=[("hue", 0.1)])
    for _ in range(8):
        height, width = random.randint(8, 28), random.randint(8, 28)
        changes = [(name, random.uniform(0.6, 1.4)) for name in ["brightness", "contrast", "saturation"]]
        changes.append(("hue", random.uniform(-0.1, 0.1)))
        random.shuffle(changes)
        case("28x28x1", 255, (random.randint(0, 28 - height), random.randint(0, 28 - width), height, width),
             random.random() < 0.5, changes)


main()
