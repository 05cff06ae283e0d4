"""Makes networks.h5: what PyTorch computes for the layers, losses and steps that NetworksTests check.

    python3 make_networks.py        (needs torch, numpy and h5py; writes beside itself)

Everything is computed in float64 and stored as float32, tensors in PyTorch's axis order. The tensors
of a network lie one after the other in a single dataset, in the order of its `names`.
"""
import os

import h5py
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20220101)
torch.set_default_dtype(torch.float64)
out = h5py.File(os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.h5"), "w",
                libver="v110")


def save(group, **tensors):
    for name, tensor in tensors.items():
        array = np.atleast_1d(tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor))
        kind = np.int32 if array.dtype.kind == "i" else np.float32
        out.create_dataset(f"{group}/{name}", data=array.astype(kind), compression="gzip", shuffle=True)


def together(tensors):
    return torch.cat([tensor.detach().double().flatten() for tensor in tensors])


# Convolutions: batch, height, width, inputs, outputs, kernel, stride, padding.
for case in [(2, 8, 8, 16, 16, 3, 1, 1), (3, 7, 5, 3, 17, 3, 1, 1), (2, 9, 9, 5, 4, 3, 2, 1),
             (2, 8, 8, 16, 32, 1, 2, 0), (1, 11, 13, 3, 8, 7, 2, 3), (2, 6, 6, 1, 1, 5, 1, 2),
             (4, 2, 2, 32, 16, 3, 1, 1), (2, 1, 1, 16, 16, 3, 2, 1), (2, 6, 7, 16, 16, 1, 1, 0),
             (1, 3, 4, 130, 18, 3, 1, 1)]:
    batch, height, width, inputs, outputs, kernel, stride, padding = case
    x = torch.randn(batch, inputs, height, width, requires_grad=True)
    w = torch.randn(outputs, inputs, kernel, kernel, requires_grad=True)
    y = F.conv2d(x, w, None, stride, padding)
    gy = torch.randn_like(y)
    y.backward(gy)
    save("convolution/" + "_".join(map(str, case)), shape=np.array(case), input=x, weight=w,
         output=y, output_gradient=gy, input_gradient=x.grad, weight_gradient=w.grad)

# Batch normalisation with residual sum and rectifier: rows of 5 images of 3x3 pixels, 19 channels.
for rectifies in [0, 1]:
    x = (torch.randn(5, 19, 3, 3) * 2 + 3).requires_grad_()
    residual = torch.randn(5, 19, 3, 3, requires_grad=True)
    layer = nn.BatchNorm2d(19)
    with torch.no_grad():
        layer.weight.uniform_(-2, 2)
        layer.bias.uniform_(-1, 1)
    y = layer(x) + residual
    y = F.relu(y) if rectifies else y
    gy = torch.randn_like(y)
    y.backward(gy)
    layer.eval()
    evaluated = layer(x) + residual
    evaluated = F.relu(evaluated) if rectifies else evaluated
    save(f"normalization/{rectifies}", input=x, residual=residual, scale=layer.weight,
         shift=layer.bias, output=y, output_gradient=gy, input_gradient=x.grad,
         residual_gradient=residual.grad, scale_gradient=layer.weight.grad,
         shift_gradient=layer.bias.grad, running_mean=layer.running_mean,
         running_variance=layer.running_var, evaluated=evaluated)

# Max-pooling, with ties.
x = torch.randint(0, 4, (3, 17, 7, 8)).double().requires_grad_()
y = F.max_pool2d(x, 3, 2, 1)
gy = torch.randn_like(y)
y.backward(gy)
save("max_pooling", input=x, output=y, output_gradient=gy, input_gradient=x.grad)

# Cross-entropy and the intra-class loss.
logits = (torch.randn(6, 10) * 4).requires_grad_()
labels = torch.randint(0, 10, (6,))
loss = F.cross_entropy(logits, labels)
loss.backward()
save("cross_entropy", logits=logits, labels=labels, loss=loss, gradient=logits.grad)


def intra_class(features, labels):
    centres = torch.stack([features[labels == k].mean(0) for k in labels.unique()])
    centres = F.normalize(centres, dim=1)
    products = centres @ centres.T
    return (products - torch.diag(torch.diag(products))).mean()


features = F.relu(torch.randn(24, 20)).requires_grad_()
labels = torch.randint(0, 5, (24,)) * 2
loss = intra_class(features, labels)
loss.backward()
save("intra_class", features=features, labels=labels, loss=loss, gradient=features.grad)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self, width, stem, classes):
        super().__init__()
        large = stem == "imagenet"
        self.conv1 = nn.Conv2d(3, width, 7 if large else 3, 2 if large else 1, 3 if large else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.Identity() if stem == "plain" else nn.MaxPool2d(3, 2, 1)
        channels = width
        for stage, (factor, stride) in enumerate([(1, 1), (2, 2), (4, 2), (8, 2)], start=1):
            setattr(self, f"layer{stage}", nn.Sequential(
                Block(channels, width * factor, stride), Block(width * factor, width * factor, 1)))
            channels = width * factor
        self.fc = nn.Linear(channels, classes)

    def features(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


# Whole networks: initial weights, one pass with all gradients, three steps of SGD (the third with the
# intra-class loss, so that the linear layer rests), then an evaluation.
for stem, width, size, batch in [("max-pool", 3, 32, 5), ("plain", 2, 16, 5), ("imagenet", 2, 48, 4)]:
    model = ResNet18(width, stem, 7)
    group = f"network/{stem}"
    images = torch.randint(-8, 9, (3, batch, 3, size, size)) / 4.0
    labels = torch.randint(0, 7, (3, batch))
    labels[:, 0], labels[:, 1] = 0, 1
    save(group, images=images, labels=labels, width=width, initial=together(model.parameters()))
    out[group].attrs["names"] = [name for name, _ in model.named_parameters()]
    out[group].attrs["statistics"] = [name for name, _ in model.named_buffers()]
    optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, weight_decay=5e-3)
    for step in range(3):
        optimizer.zero_grad()
        if step < 2:
            logits = model(images[step])
            loss = F.cross_entropy(logits, labels[step])
        else:
            loss = intra_class(model.features(images[step]), labels[step])
        loss.backward()
        if step == 0:
            save(group, logits=logits, loss=loss,
                 gradient=together(tensor.grad for tensor in model.parameters()))
        optimizer.step()
    save(group, final=together(model.parameters()), final_statistics=together(model.buffers()))
    model.eval()
    save(group, evaluated_features=model.features(images[0]), evaluated_logits=model(images[0]))

# Learning rates.
def rates(make, epochs, steps, per_step):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.01)
    scheduler = make(optimizer)
    found = []
    for _ in range(epochs):
        for _ in range(steps):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if per_step:
                scheduler.step()
        if not per_step:
            scheduler.step()
    return np.array(found, dtype=np.float64)


save("schedule",
     cosine=rates(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 100), 12, 2, False),
     steps=rates(lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [3, 5], 0.1), 8, 2, False),
     one_cycle=rates(lambda o: torch.optim.lr_scheduler.OneCycleLR(
         o, 0.05, total_steps=30, cycle_momentum=False), 5, 6, True))
out.close()
