"""The same ResNet-18 step in PyTorch, timed on request: the peer of `Benchmarks step --against`.

    python3 pytorch_step.py --width 64 --batch 128 --threads 2 --dtype fp32 --stem plain

With `--objective contrastive` there are two views of each sample, a projection head and the supervised
contrastive loss. Prints a line of JSON when it is ready. Then, for every line on standard input, it
takes one step and prints a line with the seconds that the step took; it leaves when the input ends.
Tensors are channels last, which is what PyTorch is fastest with on a CPU.
"""
import argparse
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def convolution(inputs, outputs, kernel, stride):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = convolution(inputs, outputs, 3, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = convolution(outputs, outputs, 3, 1)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity() if inputs == outputs else nn.Sequential(
            convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x), inplace=True)


def network(width, classes, stem):
    stride = 2 if stem == "stride-2" else 1
    layers = [convolution(3, width, 3, stride), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
    if stem == "max-pool":
        layers.append(nn.MaxPool2d(3, 2, 1))
    channels = width
    for stage in range(4):
        outputs = width << stage
        layers += [Block(channels, outputs, 1 if stage == 0 else 2), Block(outputs, outputs, 1)]
        channels = outputs
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers)


class ContrastiveNetwork(nn.Module):
    """An encoder without its linear layer, and a head whose results have length one."""

    def __init__(self, width, stem):
        super().__init__()
        self.encoder = network(width, 10, stem)[:-1]
        self.head = nn.Sequential(
            nn.Linear(8 * width, 8 * width), nn.ReLU(inplace=True), nn.Linear(8 * width, 2 * width))

    def forward(self, x):
        return F.normalize(self.head(self.encoder(x)))


def contrastive_loss(embeddings, labels, temperature=0.1, base_temperature=0.07):
    """Draws each view to all others of its label; `labels` has one for each view."""
    embeddings = embeddings.float()
    itself = torch.eye(len(labels), dtype=torch.bool)
    similarities = (embeddings @ embeddings.T / temperature).masked_fill(itself, float("-inf"))
    shares = similarities - similarities.logsumexp(1, keepdim=True)
    attracts = (labels[:, None] == labels[None, :]) & ~itself
    means = shares.masked_fill(~attracts, 0).sum(1) / attracts.sum(1)
    return -temperature / base_temperature * means.mean()


parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=64)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
parser.add_argument("--stem", choices=["plain", "max-pool", "stride-2"], default="plain")
parser.add_argument("--objective", choices=["supervised", "contrastive"], default="supervised")
parser.add_argument("--infer", action="store_true")
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(0)
is_contrastive = options.objective == "contrastive"
views = 2 if is_contrastive else 1
if is_contrastive:
    model = ContrastiveNetwork(options.width, options.stem)
else:
    model = network(options.width, 10, options.stem)
model = model.to(memory_format=torch.channels_last)
model.train(not options.infer)
images = torch.randn(views * options.batch, 3, 32, 32).to(memory_format=torch.channels_last)
labels = torch.randint(10, (options.batch,)).repeat(views)
loss_function = contrastive_loss if is_contrastive else F.cross_entropy
descent = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, weight_decay=5e-4, foreach=True)


def step():
    with torch.autocast("cpu", torch.bfloat16, enabled=options.dtype == "bf16"):
        if options.infer:
            with torch.no_grad():
                model(images)
            return
        loss = loss_function(model(images), labels)
    descent.zero_grad()
    loss.backward()
    descent.step()


step()
print(json.dumps({"peer": "PyTorch " + torch.__version__}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    step()
    print(time.perf_counter() - start, flush=True)
