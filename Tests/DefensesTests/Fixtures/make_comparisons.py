"""Makes comparisons.h5: what PyTorch computes for the steps of ANP, NAD and MCR, and the losses of ABL and DBD.

    python3 make_comparisons.py        (needs torch, numpy and h5py; writes beside itself)

Everything is computed in float64 and stored as float32, tensors in PyTorch's axis order; the tensors of a
network lie one after the other. Every step sees all images, so that their order does not matter. Random
numbers are those of Philox4x32-10 for (seed, purpose, epoch, sample), written anew from its paper.
"""
import os

import h5py
import numpy as np
import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

torch.manual_seed(20221114)
torch.set_default_dtype(torch.float64)
out = h5py.File(os.path.join(os.path.dirname(os.path.abspath(__file__)), "comparisons.h5"), "w",
                libver="v110")
CLASSES, WIDTH, SIZE, COUNT = 4, 3, 16, 10
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.2023, 0.1994, 0.2010]).view(1, 3, 1, 1)


def save(group, **tensors):
    for name, tensor in tensors.items():
        array = np.atleast_1d(tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor))
        kind = np.int32 if array.dtype.kind in "iu" else np.float32
        out.create_dataset(f"{group}/{name}", data=array.astype(kind), compression="gzip", shuffle=True)


def together(tensors):
    return torch.cat([tensor.detach().double().flatten() for tensor in tensors])


# Random numbers.

def philox(counter, key):
    counter, key = list(counter), list(key)
    for round in range(10):
        if round:
            key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
        a, b = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
        counter = [(b >> 32) ^ counter[1] ^ key[0], b & 0xFFFFFFFF,
                   (a >> 32) ^ counter[3] ^ key[1], a & 0xFFFFFFFF]
    return counter


def uniforms(seed, purpose, epoch, sample):
    code = 2166136261
    for byte in purpose.encode():
        code = ((code ^ byte) * 16777619) & 0xFFFFFFFF
    block = 0
    while True:
        words = philox([block, sample, epoch, code], [seed & 0xFFFFFFFF, seed >> 32])
        for low, high in [words[:2], words[2:]]:
            yield ((high << 32 | low) >> 11) * 2.0 ** -53
        block += 1


# The network.

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
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        channels = WIDTH
        for stage, (factor, stride) in enumerate([(1, 1), (2, 2), (4, 2), (8, 2)], start=1):
            setattr(self, f"layer{stage}", nn.Sequential(
                Block(channels, WIDTH * factor, stride), Block(WIDTH * factor, WIDTH * factor, 1)))
            channels = WIDTH * factor
        self.fc = nn.Linear(channels, CLASSES)

    def maps(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        result = {}
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
            result[f"layer{stage}"] = x
        return result

    def forward(self, x):
        return self.fc(self.maps(x)["layer4"].mean((2, 3)))


def network():
    model = ResNet18()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.3, 0.3)
        # Exactly what the file holds.
        for parameter in model.parameters():
            parameter.copy_(parameter.float().double())
    return model


pixels = torch.randint(0, 256, (COUNT, 3, SIZE, SIZE))
labels = torch.tensor([k % CLASSES for k in range(COUNT)])
images = (pixels / 255 - MEAN) / DEVIATION
save("images", pixels=pixels.permute(0, 2, 3, 1).contiguous(), labels=labels)


# Adversarial neuron pruning: three steps of the masks.
SEED, STEPS, EPSILON, ALPHA, RATE, MOMENTUM = 7, 3, 0.4, 0.2, 0.2, 0.9
model = network().train()
names = [name for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)]
fixed = {name: value.detach().clone() for name, value in model.named_parameters()}
masks = [torch.ones_like(fixed[name + ".weight"]).requires_grad_() for name in names]
optimizer = torch.optim.SGD(masks, lr=RATE, momentum=MOMENTUM)


def masked(noise=None, shift_noise=None):
    weights = dict(fixed)
    for index, name in enumerate(names):
        factor = masks[index] if noise is None else masks[index] + noise[index]
        weights[name + ".weight"] = factor * fixed[name + ".weight"]
        if shift_noise is not None:
            weights[name + ".bias"] = (1 + shift_noise[index]) * fixed[name + ".bias"]
    return F.cross_entropy(functional_call(model, weights, (images,)), labels)


clean_losses, perturbed_losses = [], []
for step in range(STEPS):
    noise, shift_noise = [], []
    for index, mask in enumerate(masks):
        draws = uniforms(SEED, "neuron noise", step, index)
        values = [(2 * next(draws) - 1) * EPSILON for _ in range(2 * len(mask))]
        noise.append(torch.tensor(values[0::2]).requires_grad_())
        shift_noise.append(torch.tensor(values[1::2]).requires_grad_())
    slopes = torch.autograd.grad(masked(noise, shift_noise), noise + shift_noise)
    moved = [(a + EPSILON * slope.sign()).detach() for a, slope in zip(noise + shift_noise, slopes)]
    optimizer.zero_grad()
    perturbed = masked(moved[:len(names)], moved[len(names):])
    clean = masked()
    (ALPHA * clean + (1 - ALPHA) * perturbed).backward()
    if step == 0:
        save("anp", first_gradient=together(mask.grad for mask in masks))
    optimizer.step()
    with torch.no_grad():
        for mask in masks:
            mask.clamp_(0, 1)
    clean_losses.append(clean.item())
    perturbed_losses.append(perturbed.item())
save("anp", initial=together(fixed.values()), masks=together(masks), clean_losses=np.array(clean_losses),
     perturbed_losses=np.array(perturbed_losses))
out["anp"].attrs["names"] = names


# Neural attention distillation: the loss of a pair of maps, and two steps.
def attention(maps):
    power = (maps ** 2).sum(1, keepdim=True)
    return power / (torch.linalg.vector_norm(power, dim=(2, 3), keepdim=True) + 1e-6)


student_maps = F.relu(torch.randn(3, 7, 4, 5)).float().double().requires_grad_()
teacher_maps = F.relu(torch.randn(3, 7, 4, 5)).float().double()
loss = F.mse_loss(attention(student_maps), attention(teacher_maps))
(2.5 * loss).backward()
save("attention", student=student_maps, teacher=teacher_maps, loss=loss, gradient=student_maps.grad)

student, teacher = network().train(), network().eval()
WEIGHTS = {"layer2": 20.0, "layer3": 50.0, "layer4": 100.0}
save("nad", initial=together(student.parameters()), teacher=together(teacher.parameters()))
optimizer = torch.optim.SGD(student.parameters(), 0.01, momentum=0.9, weight_decay=1e-3, nesterov=True)
losses, attention_losses = [], []
for step in range(2):
    optimizer.zero_grad()
    own = student.maps(images)
    with torch.no_grad():
        other = teacher.maps(images)
    plain = F.cross_entropy(student.fc(own["layer4"].mean((2, 3))), labels)
    distance = sum(weight * F.mse_loss(attention(own[tap]), attention(other[tap]))
                   for tap, weight in WEIGHTS.items())
    (plain + distance).backward()
    if step == 0:
        save("nad", first_gradient=together(value.grad for value in student.parameters()))
    optimizer.step()
    losses.append(plain.item())
    attention_losses.append(distance.item())
save("nad", final=together(student.parameters()), losses=np.array(losses),
     attention_losses=np.array(attention_losses))


# Mode connectivity repair: three steps of the middle point, and a point of the curve.
first, last = network(), network()
ends = [dict(model.named_parameters()) for model in (first, last)]
model = network().train()
middle = {name: ((ends[0][name] + ends[1][name]) / 2).detach().requires_grad_() for name in ends[0]}
optimizer = torch.optim.SGD(middle.values(), 0.05, momentum=0.9)
DECAY = 1e-2


def point(u):
    return {name: (1 - u) ** 2 * ends[0][name].detach() + 2 * u * (1 - u) * middle[name]
            + u ** 2 * ends[1][name].detach() for name in middle}


losses = []
for step in range(3):
    u = next(uniforms(SEED, "point of the curve", step, 0))
    weights = point(u)
    loss = F.cross_entropy(functional_call(model, weights, (images,)), labels)
    # The published decay: of the weights on the curve.
    decay = DECAY / 2 * sum((weight ** 2).sum() for weight in weights.values())
    optimizer.zero_grad()
    (loss + decay).backward()
    if step == 0:
        save("mcr", first_gradient=together(value.grad for value in middle.values()))
    optimizer.step()
    losses.append(loss.item())
weights = point(0.1)
evaluated = network()
with torch.no_grad():
    for name, value in evaluated.named_parameters():
        value.copy_(weights[name])
for module in evaluated.modules():
    if isinstance(module, nn.BatchNorm2d):
        module.reset_running_stats()
        module.momentum = None      # the plain mean over all batches
evaluated.train()
with torch.no_grad():
    evaluated(images[:5])
    evaluated(images[5:])
evaluated.eval()
save("mcr", start=together(ends[0].values()), end=together(ends[1].values()),
     middle=together(middle.values()), losses=np.array(losses), point=together(weights.values()),
     statistics=together(value for name, value in evaluated.named_buffers() if "running" in name),
     logits=evaluated(images))


# Anti-backdoor learning: both published losses, on either side of the threshold.
for name, size in [("above", 3.0), ("below", 0.05)]:
    logits = torch.randn(6, CLASSES) * size
    targets = torch.randint(0, CLASSES, (6,))
    if name == "below":
        logits[torch.arange(6), targets] += 3
    logits = logits.float().double().requires_grad_()
    loss = F.cross_entropy(logits, targets)
    ascent, = torch.autograd.grad(torch.sign(loss - 0.5) * loss, logits, retain_graph=True)
    flooding, = torch.autograd.grad((loss - 0.5).abs() + 0.5, logits)
    assert (loss > 0.5) == (name == "above")
    save(f"abl/{name}", logits=logits, labels=targets, loss=loss, ascent=ascent, flooding=flooding)


# Symmetric cross-entropy, with probabilities below its bound.
logits = (torch.randn(8, 5) * 2).float().double()
logits[0, 1] = -30.0
logits[3, :] = torch.tensor([40.0, -5, 3, 0, 1])
logits = logits.requires_grad_()
targets = torch.tensor([0, 1, 2, 3, 4, 0, 1, 2])
probabilities = F.softmax(logits, 1).clamp(min=1e-7, max=1)
one_hot = F.one_hot(targets, 5).double().clamp(min=1e-4, max=1)
values = 0.1 * F.cross_entropy(logits, targets, reduction="none") \
    - (probabilities * one_hot.log()).sum(1)
values.mean().backward()
save("sce", logits=logits, labels=targets, values=values, gradient=logits.grad)


# MixMatch: sharpening, mixing, and both losses, for a given share and given partners.
first, second = (torch.randn(4, 5) * 2).float().double(), (torch.randn(4, 5) * 2).float().double()
mean = (F.softmax(first, 1) + F.softmax(second, 1)) / 2
sharpened = mean ** (1 / 0.5) / (mean ** (1 / 0.5)).sum(1, keepdim=True)
rows = torch.randn(6, 7).float().double()
partners = torch.tensor([3, 0, 5, 1, 2, 4])
share = torch.tensor(0.75)
mixed = share * rows + (1 - share) * rows[partners]
logits = (torch.randn(6, 5) * 2).float().double().requires_grad_()
targets = F.softmax(torch.randn(6, 5) * 3, 1).float().double()
soft = -(targets[:2] * F.log_softmax(logits[:2], 1)).sum(1).mean()
difference = ((F.softmax(logits[2:], 1) - targets[2:]) ** 2).mean()
(soft + 7.5 * difference).backward()
save("mixmatch", first=first, second=second, sharpened=sharpened, rows=rows, partners=partners, mixed=mixed,
     logits=logits, targets=targets, soft=soft, difference=difference, gradient=logits.grad)
out.close()
