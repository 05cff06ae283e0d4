"""Makes architectures.h5: what PyTorch computes for VGG-19-BN, for DenseNet-161, and for the layers and
optimisers that they and other new networks need, for NetworksTests.

    python3 make_architectures.py                      (needs torch, torchvision, numpy and h5py)
    python3 make_architectures.py --published FILE     (the published widths; takes 8 GB of memory)
    python3 make_architectures.py --search 1000        (looks for the constants of `NETWORKS`)

Everything is computed in float64 from float32 values, and stored as float32, tensors in PyTorch's axis
order. Weights, images and labels of the networks lie in no file: `hashed` makes them, and whoever
compares does the same. Of each parameter and each running statistic the file has the L2 norm
(`..._norms`) and up to 48 elements (`..._samples`): those of parameter p lie at `..._offsets[p]` to
`..._offsets[p + 1]`, and the k-th is at the flat position floor(k * count / 48), or k where there are
no more than 48.

  network/NAME            attributes: width, classes, side, batch, first_image_stream, rate, momentum,
                          weight_decay
    parameter_{names, counts, offsets}, statistic_{names, counts, offsets}
    logits, losses        the logits of the first step, the losses of all three, in training mode
    gradient_{norms, samples}                  of the first step
    final_{norms, samples}, change_norms       parameters after the three steps; how far they went
    statistic_{norms, samples}, batches_tracked      running means and variances after the three steps
    evaluated_logits, evaluated_features       of the first step's images, in evaluation mode, after
                                               the three steps
    input_gradient, input_gradient_norms       of the sum of the cross-entropies of these images with
                                               respect to the first of them; the norm for each
  layer/NAME              inputs, parameters, output, and gradients for a given gradient of the output
  optimizer/NAME          values after each step along given gradients
"""
import argparse
import math
import os
import sys

import h5py
import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../../../Sources/Benchmarks/Peers"))
from networks import DenseNet161, VGG19BN  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--published", metavar="FILE")
parser.add_argument("--search", type=int, metavar="DRAWS")
options = parser.parse_args()
torch.set_default_dtype(torch.float64)
MOST, MOMENTUM, DECAY, STEPS = 48, 0.9, 5e-3, 3


class Setting:
    """A network and what it is trained on.

    Where an input of a rectifier is nearly zero, or two of a max-pool are nearly equal, rounding alone
    decides where a gradient goes, and no two programs agree on it. `first`, the first stream of the
    images, was searched for images that keep away from such places (`--search`), and on which an error
    of 5e-7 in every convolution changes nothing by more than about 1e-5.
    """

    def __init__(self, make, width, batch, side, first, rate=0.01, classes=7):
        self.make, self.width, self.batch, self.side = make, width, batch, side
        self.first, self.rate, self.classes = first, rate, classes

    def data(self, step):
        """Images and labels."""
        labels = hash32((5000 + step) << 20, self.batch) % self.classes
        images = hashed(self.first + step, (self.batch, 3, self.side, self.side), 1.7)
        return images, torch.from_numpy(labels.astype(np.int64))


NETWORKS = {
    "vgg19-bn": Setting(lambda: VGG19BN(4, 7, dropout=0), 4, 12, 32, 3364),
    "vgg19-bn-compact": Setting(lambda: VGG19BN(4, 7, dropout=0, stem="plain"), 4, 12, 32, 3403),
    "densenet161": Setting(lambda: DenseNet161(4, 7), 4, 4, 64, 1278),
    "densenet161-plain": Setting(lambda: DenseNet161(4, 7, "plain"), 4, 4, 16, 3310),
}
# Among so many activations some are always at a turn: only logits and losses can be compared closely,
# gradients to about 1%.
PUBLISHED = {
    "vgg19-bn": Setting(lambda: VGG19BN(dropout=0), 64, 8, 32, 1000, 1e-4, 10),
    "densenet161": Setting(DenseNet161, 96, 4, 64, 1000, 1e-3, 10),
}


def hash32(start, count):
    """Of `start` to `start + count - 1`, modulo 2^32."""
    x = (np.arange(count, dtype=np.uint64) + np.uint64(start)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def hashed(stream, shape, bound, shift=0.0):
    """Float32 values, evenly spread from `shift - bound` to `shift + bound`, in the order of memory."""
    values = (hash32(stream << 20, math.prod(shape)) / 2.0 ** 32 - 0.5) * 2 * bound + shift
    return torch.from_numpy(values.astype(np.float32)).double().reshape(shape)


def initialize(model):
    """Each parameter from the stream of its position among `named_parameters()`.

    Shifts of 0.5 keep most rectifiers open: without them a DenseNet of random weights magnifies
    rounding a hundred times. The first normalisation has -0.5, so that the max-pool that may follow
    meets zeros; otherwise its scale and shift would be without effect.
    """
    normalizations = [path for path, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(model.named_parameters()):
            path, _, kind = name.rpartition(".")
            if path in normalizations:
                if kind == "weight":
                    bound, shift = 0.5, 1.0
                else:
                    bound, shift = 0.3, -0.5 if path == normalizations[0] else 0.5
            else:
                bound = math.sqrt(6 / math.prod(parameter.shape[1:])) if kind == "weight" else 0.1
                shift = 0.0
            parameter.copy_(hashed(stream, parameter.shape, bound, shift))


def sampled(tensor):
    flat = tensor.detach().flatten()
    return flat if len(flat) <= MOST else flat[torch.arange(MOST) * len(flat) // MOST]


def described(prefix, tensors):
    return {f"{prefix}_norms": torch.stack([tensor.detach().norm() for tensor in tensors]),
            f"{prefix}_samples": torch.cat([sampled(tensor) for tensor in tensors])}


def laid_out(prefix, named):
    return {f"{prefix}_names": np.array([name for name, _ in named], dtype="S"),
            f"{prefix}_counts": np.array([tensor.numel() for _, tensor in named]),
            f"{prefix}_offsets": np.cumsum([0] + [min(MOST, tensor.numel()) for _, tensor in named])}


def descent_of(model, setting):
    return torch.optim.SGD(model.parameters(), setting.rate, momentum=MOMENTUM, weight_decay=DECAY)


def biases_before_normalization(model):
    modules = list(model.modules())
    return [module.bias for module, following in zip(modules, modules[1:])
            if isinstance(module, nn.Conv2d) and isinstance(following, nn.BatchNorm2d)
            and module.bias is not None]


def reference(setting, kind=torch.float64, is_exact=True):
    """All that is stored of a network, by name; with another kind or noise, how far that is from it."""
    model = setting.make()
    initialize(model)
    model = model.to(kind)
    initial = [parameter.detach().clone() for parameter in model.parameters()]
    descent, found, losses = descent_of(model, setting), {}, []
    for step in range(STEPS):
        images, labels = setting.data(step)
        descent.zero_grad()
        logits = model(images.to(kind))
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        losses.append(loss.item())
        for bias in biases_before_normalization(model):
            # In truth exactly zero: what is there is rounding, or noise.
            assert not is_exact or bias.grad.abs().max() < 1e-13
            bias.grad.zero_()
        if step == 0:
            found |= {"logits": logits}
            found |= described("gradient", [parameter.grad for parameter in model.parameters()])
        descent.step()
    found |= {"losses": np.array(losses)} | described("final", list(model.parameters()))
    found["change_norms"] = torch.stack(
        [(now - before).detach().norm() for now, before in zip(model.parameters(), initial)])
    statistics = [(name, tensor) for name, tensor in model.named_buffers() if "running" in name]
    found |= described("statistic", [tensor for _, tensor in statistics])
    tracked = {int(tensor) for name, tensor in model.named_buffers() if "tracked" in name}
    assert tracked == {STEPS}
    found["batches_tracked"] = STEPS

    model.eval()
    images, labels = setting.data(0)
    images = images.to(kind).requires_grad_()
    logits = model(images)
    gradient, = torch.autograd.grad(F.cross_entropy(logits, labels, reduction="sum"), images)
    with torch.no_grad():
        features = model.penultimate(images)
    return found | {
        "evaluated_logits": logits, "evaluated_features": features, "input_gradient": gradient[:1],
        "input_gradient_norms": gradient.flatten(1).norm(dim=1),
    } | laid_out("parameter", list(model.named_parameters())) | laid_out("statistic", statistics)


# --------------------------------------------------------- how far from the places where gradients turn

class Margins(TorchFunctionMode):
    """The smallest distance from a turn, over the root mean square of the tensor."""

    def __init__(self):
        super().__init__()
        self.least = math.inf

    def __torch_function__(self, function, types, arguments=(), named=None):
        named, name = named or {}, getattr(function, "__name__", "")
        if name in ("relu", "relu_"):
            x = arguments[0].detach()
            self.note(x.abs().min(), x)
        elif "max_pool2d" in name:
            x = arguments[0].detach()
            size = named.get("kernel_size", arguments[1] if len(arguments) > 1 else None)
            step = named.get("stride", arguments[2] if len(arguments) > 2 else size)
            border = named.get("padding", arguments[3] if len(arguments) > 3 else 0)
            padded = F.pad(x, (border,) * 4, value=-math.inf)
            windows = padded.unfold(2, size, step).unfold(3, size, step).flatten(4)
            best = windows.topk(2).values
            gaps = (best[..., 0] - best[..., 1])[best[..., 0] > 0]
            self.note(gaps.min(), x)
        return function(*arguments, **named)

    def note(self, distance, tensor):
        self.least = min(self.least, (distance / tensor.square().mean().sqrt()).item())


class Noise(TorchFunctionMode):
    """Errors of convolutions, of the given size over the root mean square of their output."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def __torch_function__(self, function, types, arguments=(), named=None):
        output = function(*arguments, **(named or {}))
        if getattr(function, "__name__", "") == "conv2d":
            output = output + self.size * output.detach().square().mean().sqrt() * torch.randn_like(output)
        return output


def margin(setting, give_up_below=0.0):
    model = setting.make()
    initialize(model)
    descent = descent_of(model, setting)
    with Margins() as margins:
        for step in range(STEPS):
            images, labels = setting.data(step)
            loss = F.cross_entropy(model(images), labels)
            if margins.least < give_up_below:
                return margins.least
            descent.zero_grad()
            loss.backward()
            descent.step()
        model.eval()
        with torch.no_grad():
            model(setting.data(0)[0])
    return margins.least


if options.search:
    for name, setting in NETWORKS.items():
        found = []
        for first in range(1000, min(1000 + options.search, 4096 - STEPS)):
            setting.first = first
            found.append((margin(setting, give_up_below=found[4][0] if len(found) > 4 else 0), first))
            found = sorted(found, reverse=True)[:5]
        print(name, ", ".join(f"{first} ({value:.1e})" for value, first in found), flush=True)
    sys.exit()

# --------------------------------------------------------------------------------------------- checks

# At the published widths names, order and shapes are torchvision's.
with torch.device("meta"):
    for own, theirs, count in [
            (VGG19BN(), torchvision.models.vgg19_bn(num_classes=10), 139_622_218),
            (DenseNet161(), torchvision.models.densenet161(num_classes=10), 26_494_090)]:
        own_state, their_state = own.state_dict(), theirs.state_dict()
        assert list(own_state) == list(their_state)
        assert all(own_state[name].shape == their_state[name].shape for name in own_state)
        assert [name for name, _ in own.named_parameters()] == [name for name, _ in theirs.named_parameters()]
        assert sum(parameter.numel() for parameter in own.parameters()) == count

# So is what they compute, at small widths.
for own, theirs, part in [
        (DenseNet161(8, 7), torchvision.models.DenseNet(4, (6, 12, 36, 24), 8, num_classes=7), "."),
        (VGG19BN(4), torchvision.models.vgg.VGG(torchvision.models.vgg.make_layers(
            [4, 4, "M", 8, 8, "M"] + 4 * [16] + ["M"] + 2 * (4 * [32] + ["M"]), batch_norm=True)),
         "features")]:
    initialize(own)
    own, theirs = (model.get_submodule(part.strip(".")) for model in (own, theirs))
    theirs.load_state_dict(own.state_dict())
    images = hashed(1000, (4, 3, 64, 64), 1.7)
    assert torch.equal(own(images), theirs(images))

# ------------------------------------------------------------------------------------------- networks

out = h5py.File(options.published or os.path.join(HERE, "architectures.h5"), "w", libver="v110")


def save(group, **tensors):
    for name, tensor in tensors.items():
        array = np.atleast_1d(tensor.detach().numpy() if torch.is_tensor(tensor) else np.asarray(tensor))
        if array.dtype.kind == "i":
            array = array.astype(np.int32)
        elif array.dtype.kind == "f":
            array = array.astype(np.float32)
        packed = dict(compression="gzip", compression_opts=9, shuffle=True) if array.nbytes > 2048 else {}
        out.create_dataset(f"{group}/{name}", data=array, **packed)


def distance(found, expected):
    found, expected = (torch.as_tensor(tensor).detach().double() for tensor in (found, expected))
    return ((found - expected).norm() / expected.norm().clamp_min(1e-30)).item()


def store(name, setting):
    expected = reference(setting)
    group = out.create_group(f"network/{name}")
    save(group.name, **expected)
    group.attrs.update(
        width=setting.width, classes=setting.classes, side=setting.side, batch=setting.batch,
        first_image_stream=setting.first, rate=setting.rate, momentum=MOMENTUM, weight_decay=DECAY)
    print(f"{name}: losses {np.round(expected['losses'], 4)}, margin {margin(setting):.1e}; off by")
    # No comparison with the file can ask others to come closer than PyTorch's own float32 does.
    tell("float32", reference(setting, torch.float32, is_exact=False), expected)
    with Noise(5e-7):
        tell("noise", reference(setting, is_exact=False), expected)
    moved = (expected["change_norms"] / expected["final_norms"]).detach()
    print(f"    parameters changed by {moved.min():.1e} to {moved.max():.1e}, {moved.median():.1e} at the "
          "median", flush=True)


def tell(title, found, expected):
    off = {key: distance(found[key], expected[key])
           for key in ["logits", "losses", "evaluated_logits", "evaluated_features", "input_gradient"]}
    for kind, table in [("gradient", "parameter"), ("final", "parameter"), ("statistic", "statistic")]:
        offsets = expected[f"{table}_offsets"]
        off[kind] = max(distance(found[f"{kind}_samples"][start:end], expected[f"{kind}_samples"][start:end])
                        for start, end in zip(offsets, offsets[1:]))
    print(f"    {title}: " + ", ".join(f"{key} {value:.0e}" for key, value in off.items()))


for name, setting in (PUBLISHED if options.published else NETWORKS).items():
    store(name, setting)
if options.published:
    sys.exit()

# --------------------------------------------------------------------------------------------- layers

torch.manual_seed(20220303)


def values(*shape, scale=1.0):
    """Normal, and exactly what float32 holds."""
    return (torch.randn(*shape) * scale).float().double()


def layer(name, compute, **tensors):
    """Stores tensors, the output, and all gradients for a random gradient of the output."""
    for tensor in tensors.values():
        tensor.requires_grad_()
    output = compute(**tensors)
    output_gradient = values(*output.shape)
    output.backward(output_gradient)
    gradients = {f"{key}_gradient": tensor.grad for key, tensor in tensors.items()}
    save(f"layer/{name}", output=output, output_gradient=output_gradient, **tensors, **gradients)


def ties(*shape):
    """Small integers, so that windows have several maxima: the first one counts."""
    return torch.randint(-2, 3, shape).double()


for kernel, stride, padding in [(2, 2, 0), (3, 2, 1), (3, 1, 1)]:
    for kind, input in [("", values(2, 5, 7, 8)), ("_ties", ties(2, 5, 7, 8))]:
        layer(f"max_pool_{kernel}_{stride}_{padding}{kind}",
              lambda input: F.max_pool2d(input, kernel, stride, padding), input=input)
for kernel, stride, padding in [(2, 2, 0), (3, 2, 1)]:
    layer(f"average_pool_{kernel}_{stride}_{padding}",
          lambda input: F.avg_pool2d(input, kernel, stride, padding, count_include_pad=True),
          input=values(2, 5, 7, 8))
for height, width, side in [(5, 7, 7), (8, 8, 3), (1, 1, 7), (6, 5, 1)]:
    layer(f"adaptive_average_pool_{height}x{width}_{side}",
          lambda input: F.adaptive_avg_pool2d(input, side), input=values(2, 5, height, width))
layer("upsampling", lambda input: F.interpolate(input, scale_factor=2, mode="nearest"),
      input=values(2, 5, 3, 4))
layer("sigmoid", lambda input: torch.sigmoid(input),
      input=torch.cat([values(20, scale=3), torch.tensor([0.0, -30.0, 30.0, -104.0, 104.0])])[:, None])
layer("relu", lambda input: F.relu(input), input=ties(3, 8))

# What a dense block does: concatenate, normalise, rectify, convolve.
normalization = nn.BatchNorm2d(24)


def dense(first, second, third, scale, shift, weight):
    x = torch.cat([first, second, third], 1)
    x = F.batch_norm(x, normalization.running_mean, normalization.running_var, scale, shift,
                     training=normalization.training, momentum=0.1)
    return F.conv2d(F.relu(x), weight)


parts = {"first": values(4, 3, 3, 5), "second": values(4, 16, 3, 5) + 2, "third": values(4, 5, 3, 5, scale=3)}
parameters = {"scale": values(24), "shift": values(24), "weight": values(7, 24, 1, 1)}
layer("concatenation", dense, **parts, **parameters)
normalization.eval()
save("layer/concatenation", running_mean=normalization.running_mean,
     running_variance=normalization.running_var, evaluated=dense(**parts, **parameters))

# Convolutions with a bias: batch, height, width, inputs, outputs, kernel, stride, padding before and after.
for case in [(2, 9, 8, 5, 4, 3, 2, 1, 1), (2, 8, 8, 16, 16, 3, 1, 1, 1), (3, 6, 5, 3, 8, 2, 1, 0, 1),
             (2, 5, 4, 16, 16, 2, 1, 0, 1), (2, 8, 8, 6, 32, 3, 2, 0, 1), (3, 4, 4, 16, 24, 1, 1, 0, 0)]:
    batch, height, width, inputs, outputs, kernel, stride, before, after = case
    layer("convolution_" + "_".join(map(str, case)),
          lambda input, weight, bias: F.conv2d(
              F.pad(input, (before, after, before, after)), weight, bias, stride),
          input=values(batch, inputs, height, width), weight=values(outputs, inputs, kernel, kernel),
          bias=values(outputs))
layer("linear_relu", lambda input, weight, bias: F.relu(F.linear(input, weight, bias)),
      input=values(6, 19), weight=values(11, 19), bias=values(11))

# ----------------------------------------------------------------------------------------- optimisers

def optimizer(name, make, steps, groups):
    """Steps along given gradients `[steps, count]`; `values[0]` is where they begin."""
    start, gradients = values(30), values(steps, 30)
    gradients[:, :3] = 0  # Such as an input that is always zero has.
    parameters = [start[:12].clone().requires_grad_(), start[12:].clone().requires_grad_()]
    descent = make([{"params": [parameter], **group} for parameter, group in zip(parameters, groups)])
    found = [start]
    for gradient in gradients:
        parameters[0].grad, parameters[1].grad = gradient[:12].clone(), gradient[12:].clone()
        descent.step()
        found.append(torch.cat([parameter.detach() for parameter in parameters]))
    save(f"optimizer/{name}", gradients=gradients, values=torch.stack(found), first_group=12)
    for key, attribute in [("lr", "rate"), ("weight_decay", "weight_decay")]:
        out[f"optimizer/{name}"].attrs[attribute] = [float(group[key]) for group in descent.param_groups]


def sgd(nesterov):
    return lambda groups: torch.optim.SGD(groups, 0.1, momentum=0.9, nesterov=nesterov)


decays = [{"weight_decay": 5e-2}, {"weight_decay": 0.0}]
optimizer("nesterov", sgd(True), 3, decays)
optimizer("momentum", sgd(False), 3, decays)
optimizer("momentum_rates", sgd(False), 3, [{"lr": 0.1}, {"lr": 0.02}])
for decay in [0, 1e-2]:
    optimizer(f"adam_{decay:g}", lambda groups: torch.optim.Adam(groups, 0.01, weight_decay=decay), 5,
              [{}, {}])
out.close()
