"""The job of pipelines/quickstart.pipeline in PyTorch, from files to figures, with the time of each part.

    python3 pytorch_quickstart.py --threads 2 [--dtype bf16] [--json FILE]

The settings are those of the manifest; random numbers are PyTorch's, so the figures agree with those of
winnow only as those of another seed would. All images are in memory, batches are cut and varied as whole
tensors, and tensors are channels last: what PyTorch is fastest with on a CPU. Nothing is written and no
state is saved on the way, which winnow does.
"""
import time

start = time.perf_counter()

import argparse  # noqa: E402
import copy  # noqa: E402
import gzip  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
from pathlib import Path  # noqa: E402

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from networks import ResNet18  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, default="/usr/share/datasets/fashion-mnist")
parser.add_argument("--count", type=int, default=10_000, help="training images")
parser.add_argument("--side", type=int, default=28, help="28, or 32 with a black border")
parser.add_argument("--channels", type=int, default=1, help="1, or 3 equal ones")
parser.add_argument("--width", type=int, default=16)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
parser.add_argument("--json", type=Path, help="where to write times and figures, too")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
CLASSES, TARGET = 10, 0
times, figures = {}, {}


def phase(name):
    """Says how long what came before this call took."""
    global start
    now = time.perf_counter()
    times[name], start = now - start, now
    print(f"{name:22} {times[name]:7.2f} s", flush=True)


# --------------------------------------------------------------------------------------------- images

def idx(name):
    for path, opener in [(options.data / name, open), (options.data / f"{name}.gz", gzip.open)]:
        if path.exists():
            with opener(path, "rb") as file:
                bytes_ = bytearray(file.read())
            shape = [int.from_bytes(bytes_[4 + 4 * i:8 + 4 * i], "big") for i in range(bytes_[3])]
            return torch.frombuffer(bytes_, dtype=torch.uint8, offset=4 + 4 * len(shape)).reshape(shape)
    parser.error(f"there is no {name} in {options.data}")


def load(part, count=None):
    """Images `[count, channels, side, side]`, the first ones of each class, and their labels."""
    images, labels = idx(f"{part}-images-idx3-ubyte"), idx(f"{part}-labels-idx1-ubyte").long()
    if count is not None:
        chosen = [(labels == k).nonzero()[:count // CLASSES, 0] for k in range(CLASSES)]
        chosen = torch.cat(chosen).sort().values
        images, labels = images[chosen], labels[chosen]
    border = (options.side - images.shape[-1]) // 2
    images = F.pad(images[:, None], (border,) * 4).expand(-1, options.channels, -1, -1)
    return images.contiguous(memory_format=torch.channels_last), labels


def with_trigger(images):
    """BadNets: a checkerboard of 3x3 pixels in the corner."""
    images = images.clone()
    images[:, :, -3:, -3:] = torch.tensor(
        [[0, 0, 255], [0, 255, 0], [255, 0, 255]], dtype=torch.uint8)
    return images


class Normalization:
    def __init__(self, images):
        values = images.double() / 255
        self.mean = values.mean((0, 2, 3), keepdim=True).float()
        self.deviation = values.std((0, 2, 3), keepdim=True, correction=0).float()

    def __call__(self, images):
        return (images.float() / 255 - self.mean) / self.deviation


def crop_and_flip(images):
    """A random crop after a black border of 4 pixels was added, then half of them swapped."""
    count, _, height, width = images.shape
    padded = F.pad(images, (4,) * 4)
    rows = torch.randint(9, (count, 1)) + torch.arange(height)
    columns = torch.randint(9, (count, 1)) + torch.arange(width)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    # Indices apart from each other put the channels last: [count, height, width, channels].
    varied = padded[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return varied.permute(0, 3, 1, 2)


def rotate_and_shift(images):
    """Any angle, then up to a fifth of the side in whole pixels; nearest neighbour, black outside."""
    count, _, height, width = images.shape
    angles = (torch.rand(count) * 2 - 1) * math.pi
    turns = torch.zeros(count, 2, 3)
    turns[:, 0, 0], turns[:, 0, 1] = angles.cos(), -angles.sin()
    turns[:, 1, 0], turns[:, 1, 1] = angles.sin(), angles.cos()
    grid = F.affine_grid(turns, list(images.shape), align_corners=False)
    rotated = F.grid_sample(images.float(), grid, "nearest", "zeros", align_corners=False)
    shifts = ((torch.rand(2, count) * 2 - 1) * 0.2 * torch.tensor([[height], [width]])).round().long()
    border = int(0.2 * max(height, width)) + 1
    rows = border - shifts[0][:, None] + torch.arange(height)
    columns = border - shifts[1][:, None] + torch.arange(width)
    padded = F.pad(rotated, (border,) * 4)
    return padded[torch.arange(count)[:, None, None], :, rows[:, :, None],
                  columns[:, None, :]].permute(0, 3, 1, 2)


# ------------------------------------------------------------------------------------------- training

def network():
    model = ResNet18(options.width, CLASSES, "max-pool")
    model.conv1 = nn.Conv2d(options.channels, options.width, 3, 1, 1, bias=False)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model.to(memory_format=torch.channels_last)


def descent_of(model, rate, decay=5e-4, nesterov=False):
    return torch.optim.SGD(
        model.parameters(), rate, momentum=0.9, weight_decay=decay, nesterov=nesterov, foreach=True)


def one_cycle(descent, peak, steps):
    return torch.optim.lr_scheduler.OneCycleLR(descent, peak, total_steps=steps, cycle_momentum=False)


def autocast():
    return torch.autocast("cpu", torch.bfloat16, enabled=options.dtype == "bf16")


def take_step(descent, loss):
    descent.zero_grad()
    loss.backward()
    descent.step()


def intra_class(features, labels):
    """The mean cosine of the class centres of a batch."""
    members = F.one_hot(labels, CLASSES).to(features.dtype)
    members = members[:, members.sum(0) > 0]
    centres = F.normalize(members.T @ features / members.sum(0)[:, None], dim=1)
    products = centres @ centres.T
    return (products.sum() - products.diagonal().sum()) / products.numel()


def bounded_ascent(logits, labels):
    """Samples whose cross-entropy has reached 0.4 times that of guessing are left alone."""
    losses = F.cross_entropy(logits, labels, reduction="none")
    return -(losses * (losses.detach() < 0.4 * math.log(CLASSES))).mean()


class Cycle:
    """Some samples over and over, shuffled anew each time."""

    def __init__(self, indices):
        self.indices, self.rest = indices, indices[:0]

    def take(self, count):
        while len(self.rest) < count:
            self.rest = torch.cat([self.rest, self.indices[torch.randperm(len(self.indices))]])
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken


def inference(model, images, function, batch=128):
    """What `function` gives for all images, in float32."""
    model.eval()
    with torch.no_grad(), autocast():
        return torch.cat([function(part).float() for part in images.split(batch)])


# -------------------------------------------------------------------------------------------- verdict

def shift(images, reach, mirrored):
    """Up to `reach` pixels in both axes, around the edges; with `mirrored` half of them swapped as well."""
    count, _, height, width = images.shape
    offsets = torch.randint(-reach, reach + 1, (2, count, 1))
    rows = (torch.arange(height) + offsets[0]) % height
    columns = (torch.arange(width) + offsets[1]) % width
    if mirrored:
        columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    return images[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def log_odds(p):
    return (p + 1e-6).log() - (1 - p + 1e-6).log()


def surprise(values):
    """-ln of the share of the values above each."""
    places = torch.empty(len(values), dtype=torch.double)
    places[values.argsort(stable=True)] = torch.arange(len(values), dtype=torch.double)
    return -torch.log(1 - (places + 0.5) / len(values))


def of_labels(model, batches):
    """The probability of the given labels."""
    return torch.cat([
        torch.softmax(logits, 1)[torch.arange(len(part)), part]
        for logits, part in zip(inference(model, batches, model).split(128), labels.split(128))])


def label_fit(model, draws):
    """The probability of the given labels, and a score of how much of it is kept.

    That is of it, of its mean when another image is added, of so many, and of the largest one of nine windows of
    the image over other images; over the root of what a tenth of the class is below.
    """
    count, _, height, width = images.shape

    def others():
        return (torch.arange(count) + torch.randint(1, count, (count,))) % count

    def added():
        return normalize((images.int() + images[others()].int()).clamp(max=255).to(images.dtype))

    def window(row, column):
        below = others()
        for _ in range(15):
            below = torch.where(labels[below] == labels, others(), below)
        top, left = row * (height - height // 2) // 2, column * (width - width // 2) // 2
        composed = images[below]
        place = (slice(None), slice(None), slice(top, top + height // 2), slice(left, left + width // 2))
        composed[place] = images[place]
        return normalize(composed)

    plain = of_labels(model, normalized)
    sums = torch.stack([of_labels(model, added()) for _ in range(draws)]).mean(0)
    windows = torch.stack([of_labels(model, window(k // 3, k % 3)) for k in range(9)]).max(0).values
    score = (surprise(plain) + 3 * surprise(sums) + 2 * surprise(windows)) / 6
    for k in range(CLASSES):
        members = labels == k
        low = score[members].sort().values[int(members.sum()) // 10]
        score[members] /= low.clamp(min=1e-3).sqrt()
    return plain, score


def confuse(first, base, weight, shifted, steps, rise):
    """The first network again, trained on: 64 samples with their labels, 64 of the base with random ones."""
    model = copy.deepcopy(first)
    descent = descent_of(model, 0.05, decay=1e-4)
    everything, confused = Cycle(torch.arange(len(labels))), Cycle(base)
    model.train()
    for step in range(steps):
        rate = 0.05 * (min(1, (step + 1) / rise) if step < 0.6 * steps
                       else 1 - 0.98 * (step - 0.6 * steps) / (0.4 * steps))
        for group in descent.param_groups:
            group["lr"] = rate
        kept, drawn = everything.take(64), confused.take(64)
        varied = images[drawn]
        if shifted:
            varied = torch.cat([shift(varied[:32], 6, True), varied[32:]])
        with autocast():
            logits = model(normalize(torch.cat([images[kept], varied]))).float()
            loss = (F.cross_entropy(logits[:64], labels[kept])
                    + weight * F.cross_entropy(logits[64:], torch.randint(CLASSES, (64,)))) / (1 + weight)
        take_step(descent, loss)
    return model


def verdict():
    """The samples named poisoned and those not suspect, by the first look, which is enough where it finds any.

    Without the questions about easy images and poison in one class, which take no time to speak of, and without the
    networks that recognise suspects by what the surest have in common, which winnow takes a sixth of its verdict for.
    """
    scale = max(1, len(labels) / 5_000) ** 0.5
    first = network()
    epochs = max(8, math.ceil(1_875 / math.ceil(len(labels) / 64)))
    descent = descent_of(first, 0.05)
    schedule = one_cycle(descent, 0.05, epochs * math.ceil(len(labels) / 64))
    first.train()
    for epoch in range(epochs):
        for batch in torch.randperm(len(labels)).split(64):
            with autocast():
                loss = F.cross_entropy(first(normalized[batch]), labels[batch])
            take_step(descent, loss)
            schedule.step()
    phase("first network")
    (_, score), found = label_fit(first, 16), []
    steps = round(350 * scale)
    for share, keep, weight, shifted, rise in [
            (0.45, 0.3, 3, True, 20), (0.7, 1, 4, False, 60), (0.85, 1, 5, False, 60)]:
        base = score.argsort(stable=True)[:int(share * len(labels))]
        p, kept = label_fit(confuse(first, base, weight, shifted, steps, rise), 4)
        score = keep * score + kept
        found.append(p)
    earlier = torch.sigmoid((log_odds(found[1]) + log_odds(found[2])) / 2)
    base = (earlier < 0.4).nonzero()[:, 0]
    p = of_labels(confuse(first, base, 5, False, steps, 60), normalized)
    phase("confusion")

    check = network()
    steps = round(450 * scale)
    descent = descent_of(check, 0.1, nesterov=True)
    schedule = one_cycle(descent, 0.1, steps)
    cycle = Cycle((torch.stack([*found[1:], p]).max(0).values < 0.3).nonzero()[:, 0])
    check.train()
    for _ in range(steps):
        batch = cycle.take(64)
        with autocast():
            loss = F.cross_entropy(check(normalize(shift(images[batch], 4, False))), labels[batch])
        take_step(descent, loss)
        schedule.step()
    agrees = inference(check, normalized, check).argmax(1) == labels
    named = torch.zeros(len(labels), dtype=torch.bool)
    confidence = torch.maximum(p, torch.sigmoid((log_odds(p) + log_odds(earlier)) / 2))
    suspect = torch.zeros(len(labels), dtype=torch.bool)
    for k in range(CLASSES):
        group = (labels == k) & (p > 0.4)
        if (group & (p > 0.5)).sum() < max(10, 0.002 * len(labels)) or agrees[group].double().mean() >= 0.45:
            continue
        named |= group | (labels == k) & (confidence > 0.4) & ~agrees
        suspect |= (labels == k) & (confidence > 0.2)
    phase("check")
    return named.nonzero()[:, 0], (~named & ~suspect).nonzero()[:, 0]


# --------------------------------------------------------------------------------------------- the job

phase("import")
images, true_labels = load("train", options.count)
test_images, test_labels = load("t10k")
candidates = (true_labels != TARGET).nonzero()[:, 0]
poisoned = candidates[torch.randperm(len(candidates))[:len(candidates) // 10]]
images[poisoned] = with_trigger(images[poisoned])
labels = true_labels.clone()
labels[poisoned] = TARGET
is_poisoned = torch.zeros(len(labels), dtype=torch.bool)
is_poisoned[poisoned] = True
victims = test_labels != TARGET
triggered_images, triggered_labels = with_trigger(test_images[victims]), test_labels[victims]
normalize = Normalization(images)
phase("load and poison")

model = network()
descent = descent_of(model, 0.01)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(descent, 100)
normalized = normalize(images)
for epoch in range(4 + 3):
    model.train()
    if epoch == 4:
        phase("warm-up")
    for batch in torch.randperm(len(labels)).split(32):
        with autocast():
            if epoch < 4:
                loss = F.cross_entropy(model(normalized[batch]), labels[batch])
            else:
                features = model.penultimate(normalized[batch])
                loss = intra_class(features.float(), labels[batch])
        take_step(descent, loss)
    schedule.step()
phase("intra-class")

before = inference(model, normalized, model.penultimate)
moved = torch.cat([rotate_and_shift(part) for part in images.split(128)])
scores = (before - inference(model, normalize(moved), model.penultimate)).square().sum(1)
phase("scores")

ranking = scores.argsort(stable=True)
suspects = ranking[-len(labels) // 20:]
rest = ranking[:-len(labels) // 20]
clean = torch.cat([rest[labels[rest] == k][:len(labels) // 2 // CLASSES] for k in range(CLASSES)])
order = scores.double().sort()
mean_ranks = torch.empty(len(scores), dtype=torch.double)
_, group, sizes = order.values.unique_consecutive(return_inverse=True, return_counts=True)
mean_ranks[order.indices] = (sizes.cumsum(0) - (sizes - 1).double() / 2)[group]
hits = int(is_poisoned.sum())
figures["auroc"] = ((mean_ranks[is_poisoned].sum() - hits * (hits + 1) / 2)
                    / (hits * (len(scores) - hits))).item()
figures["clean_precision"] = (~is_poisoned[clean]).double().mean().item()
figures["poisoned_precision"] = is_poisoned[suspects].double().mean().item()
phase("split")

suspects, clean = verdict()
figures["named"], figures["rightly"] = len(suspects), int(is_poisoned[suspects].sum())

model = network()
descent = descent_of(model, 0.05)
schedule = one_cycle(descent, 0.05, 8 * math.ceil(len(labels) / 64))
model.train()
for epoch in range(8):
    for batch in torch.randperm(len(labels)).split(64):
        with autocast():
            loss = F.cross_entropy(model(normalize(crop_and_flip(images[batch]))), labels[batch])
        take_step(descent, loss)
        schedule.step()
phase("backdoored model")


def evaluate(name):
    predictions = inference(model, test_images, lambda part: model(normalize(part))).argmax(1)
    triggered = inference(model, triggered_images, lambda part: model(normalize(part))).argmax(1)
    figures[name] = {
        "ACC": (predictions == test_labels).double().mean().item(),
        "ACC w/o target": (predictions == test_labels)[victims].double().mean().item(),
        "target class": (predictions == test_labels)[~victims].double().mean().item(),
        "ASR": (triggered == TARGET).double().mean().item(),
        "ASR floor": (predictions == TARGET)[victims].double().mean().item(),
        "R-ACC": (triggered == triggered_labels).double().mean().item(),
    }


evaluate("before")
phase("evaluation before")

descent = descent_of(model, 0.02)
schedule = one_cycle(descent, 0.02, 10 * math.ceil(len(clean) / 64))
classes = [Cycle(members) for k in range(CLASSES) if len(members := clean[labels[clean] == k])]
unlearned = Cycle(suspects)
model.train()
for epoch in range(10):
    # Equally many of each class, in all as many as there are.
    quotas = [len(clean) // len(classes) + (k < len(clean) % len(classes)) for k in range(len(classes))]
    drawn = torch.cat([cycle.take(quota) for cycle, quota in zip(classes, quotas)])
    for batch in drawn[torch.randperm(len(drawn))].split(64):
        ascending = unlearned.take(16)
        both = torch.cat([crop_and_flip(images[batch]), images[ascending]])
        with autocast():
            logits = model(normalize(both)).float()
            loss = (F.cross_entropy(logits[:len(batch)], labels[batch])
                    + bounded_ascent(logits[len(batch):], labels[ascending]))
        take_step(descent, loss)
        schedule.step()
phase("repair")
evaluate("after")
phase("evaluation after")
print(f"{'in all':22} {sum(times.values()):7.2f} s\n")

print(f"the verdict names {figures['named']} of {hits} poisoned samples, {figures['rightly']} rightly")
print(f"AUROC {figures['auroc']:.2%}, precision of the clean set {figures['clean_precision']:.2%}, of the "
      f"suspects {figures['poisoned_precision']:.2%}")
for name in ["before", "after"]:
    print(f"{name:7}" + ", ".join(f"{key} {value:.2%}" for key, value in figures[name].items()))
if options.json:
    options.json.write_text(json.dumps({"peer": "PyTorch " + torch.__version__, "threads": options.threads,
                                        "dtype": options.dtype, "seconds": times, "figures": figures}))
