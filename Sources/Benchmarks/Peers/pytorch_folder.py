"""A folder of pictures through torchvision's ImageFolder and Pillow: the peer of `Benchmarks folder --against`.

    python3 pytorch_folder.py FOLDER --threads 2 [--side 64]

Prints a line when it is ready. Then, for every line on standard input, it lists the folder, decodes every
picture to bytes `[count, height, width, 3]`, and prints a line with the seconds that this took. With more than
one thread, PyTorch's data loader decodes in as many processes. When the input ends it says on standard error how
much memory it had at most: its own, and that of the largest process of the data loader.
"""
import argparse
import resource
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--side", type=int)
options = parser.parse_args()


def load(path):
    with Image.open(path) as image:
        image = image.convert("RGB")
    if options.side is not None:
        image = image.resize((options.side, options.side), Image.BILINEAR)
    return torch.from_numpy(np.array(image))


def read():
    images = ImageFolder(options.folder, loader=load)
    loader = DataLoader(images, batch_size=256, num_workers=0 if options.threads == 1 else options.threads)
    pixels = None
    done = 0
    for batch, _ in loader:
        if pixels is None:
            pixels = torch.empty((len(images), *batch.shape[1:]), dtype=torch.uint8)
        pixels[done:done + len(batch)] = batch
        done += len(batch)
    return pixels


torch.set_num_threads(1)
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    read()
    print(time.perf_counter() - start, flush=True)
own, largest = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(f"  torchvision: peak memory {own} MiB, and {largest} MiB of the largest other process", file=sys.stderr)
