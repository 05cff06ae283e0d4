"""Makes contrastive.h5: what PyTorch computes for contrastive learning, for NetworksTests.

    python3 make_contrastive.py        (needs torch, numpy and h5py; writes beside itself)

Everything is computed in float64 and stored as float32, tensors in PyTorch's axis order. The tensors
of a network lie one after the other in a single dataset, in the order of its `names`.
"""
import math
import os

import h5py
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20220202)
torch.set_default_dtype(torch.float64)
out = h5py.File(os.path.join(os.path.dirname(os.path.abspath(__file__)), "contrastive.h5"), "w",
                libver="v110")


def save(group, **tensors):
    for name, tensor in tensors.items():
        array = np.atleast_1d(tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor))
        kind = np.int32 if array.dtype.kind == "i" else np.float32
        out.create_dataset(f"{group}/{name}", data=array.astype(kind), compression="gzip", shuffle=True)


def together(tensors):
    return torch.cat([tensor.detach().double().flatten() for tensor in tensors])


def contrastive(z, relation, temperature=0.1, base=0.07):
    """z: first views, then second ones; relation[i, j]: whether sample i is drawn to sample j."""
    views = len(z)
    logits = z @ z.T / temperature
    logits = logits.masked_fill(torch.eye(views, dtype=torch.bool), -math.inf)
    positive = relation.repeat(2, 2) & ~torch.eye(views, dtype=torch.bool)
    log_probability = logits - torch.logsumexp(logits, 1, keepdim=True)
    mean = torch.where(positive, log_probability, 0.0).sum(1) / positive.sum(1)
    return (-(temperature / base) * mean).mean()


def relations(labels, clean):
    own = torch.eye(len(labels), dtype=torch.bool)
    same = labels[:, None] == labels[None, :]
    return {"ctl": own, "s-ctl": own | same, "paper": own | (same & clean[:, None] & clean[None, :]),
            "code": own | (same & clean[:, None])}


# The loss alone, over unit vectors; 70 samples, so that views make more than one block.
for samples in [1, 5, 70]:
    z = F.normalize(torch.randn(2 * samples, 12) + 0.4, dim=1)
    # Exactly what the file holds, so that the loss is that of the stored vectors.
    z = z.float().double()
    labels = torch.randint(0, 4, (samples,))
    clean = torch.rand(samples) < 0.6
    save(f"loss/{samples}", embeddings=z, labels=labels, clean=clean.int())
    for name, relation in relations(labels, clean).items():
        leaf = z.clone().requires_grad_()
        loss = contrastive(leaf, relation)
        loss.backward()
        save(f"loss/{samples}/{name}", loss=loss, gradient=leaf.grad)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Encoder(nn.Module):
    def __init__(self, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        channels = width
        for stage, (factor, step) in enumerate([(1, 1), (2, 2), (4, 2), (8, 2)], start=1):
            setattr(self, f"layer{stage}", nn.Sequential(
                Block(channels, width * factor, step), Block(width * factor, width * factor, 1)))
            channels = width * factor

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))


class ContrastiveNetwork(nn.Module):
    def __init__(self, width, stride):
        super().__init__()
        self.encoder = Encoder(width, stride)
        self.head = nn.Sequential(
            nn.Linear(8 * width, 8 * width), nn.ReLU(), nn.Linear(8 * width, 2 * width))

    def forward(self, x):
        return F.normalize(self.head(self.encoder(x)), dim=1)


# Whole networks: initial weights, one pass with all gradients, two steps of SGD.
for stem, stride, width, size in [("plain", 1, 2, 16), ("stride-2", 2, 3, 16)]:
    model = ContrastiveNetwork(width, stride)
    group = f"network/{stem}"
    samples = 4
    images = torch.randint(-8, 9, (2, 2 * samples, 3, size, size)) / 4.0
    labels = torch.tensor([0, 1, 0, 1])
    clean = torch.tensor([True, True, True, False])
    relation = relations(labels, clean)["paper"]
    save(group, images=images, labels=labels, clean=clean.int(), width=width,
         initial=together(model.parameters()))
    out[group].attrs["names"] = [name for name, _ in model.named_parameters()]
    optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, weight_decay=1e-3)
    for step in range(2):
        optimizer.zero_grad()
        z = model(images[step])
        loss = contrastive(z, relation)
        loss.backward()
        if step == 0:
            save(group, embeddings=z, loss=loss,
                 gradient=together(tensor.grad for tensor in model.parameters()))
        optimizer.step()
    save(group, final=together(model.parameters()))

# The mixed cross-entropy: a batch of both kinds, one of each kind alone.
logits = (torch.randn(7, 5) * 3).requires_grad_()
labels = torch.randint(0, 5, (7,))
poisoned = torch.tensor([0, 1, 0, 0, 1, 0, 1]).bool()
loss = F.cross_entropy(logits[~poisoned], labels[~poisoned]) \
    - 0.3 * F.cross_entropy(logits[poisoned], labels[poisoned])
loss.backward()
save("mixed", logits=logits, labels=labels, poisoned=poisoned.int(), gradient=logits.grad,
     clean_loss=F.cross_entropy(logits[~poisoned], labels[~poisoned]),
     poisoned_loss=F.cross_entropy(logits[poisoned], labels[poisoned]))
out.close()
