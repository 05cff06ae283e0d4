"""The same step in PyTorch, timed on request: the peer of `Benchmarks step --against`.

    python3 pytorch_step.py --width 64 --batch 128 --threads 2 --dtype fp32 --stem plain
    python3 pytorch_step.py --architecture densenet161 --side 64 --stem imagenet

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

from networks import DenseNet161, ResNet18, VGG19BN


class ContrastiveNetwork(nn.Module):
    """A ResNet-18 without its linear layer, and a head whose results have length one."""

    def __init__(self, width, stem):
        super().__init__()
        self.encoder = ResNet18(width, stem=stem)
        self.encoder.fc = nn.Identity()
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


# With the published width and the stems that there are.
architectures = {
    "resnet18": (64, ["plain", "max-pool", "stride-2", "imagenet"]),
    "vgg19-bn": (64, ["plain", "imagenet"]),
    "densenet161": (96, ["plain", "imagenet"]),
}
parser = argparse.ArgumentParser()
parser.add_argument("--architecture", choices=architectures, default="resnet18")
parser.add_argument("--width", type=int, help="default: as published")
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--side", type=int, default=32, help="of the images")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
parser.add_argument("--stem", choices=architectures["resnet18"][1], default="plain")
parser.add_argument("--objective", choices=["supervised", "contrastive"], default="supervised")
parser.add_argument("--infer", action="store_true")
options = parser.parse_args()
published_width, stems = architectures[options.architecture]
width = options.width or published_width
is_contrastive = options.objective == "contrastive"
if options.stem not in stems:
    parser.error(f"{options.architecture} has these stems: " + ", ".join(stems))
if is_contrastive and options.architecture != "resnet18":
    parser.error("--objective contrastive is there for resnet18 alone")

torch.set_num_threads(options.threads)
torch.manual_seed(0)
views = 2 if is_contrastive else 1
if is_contrastive:
    model = ContrastiveNetwork(width, options.stem)
elif options.architecture == "resnet18":
    model = ResNet18(width, stem=options.stem)
elif options.architecture == "vgg19-bn":
    model = VGG19BN(width, stem=options.stem)
else:
    model = DenseNet161(width, stem=options.stem)
model = model.to(memory_format=torch.channels_last)
model.train(not options.infer)
images = torch.randn(views * options.batch, 3, options.side, options.side)
images = images.to(memory_format=torch.channels_last)
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
