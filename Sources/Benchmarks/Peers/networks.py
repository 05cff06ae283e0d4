"""The networks of the peers and of the reference tensors: torchvision's names and order, any width.

`make_architectures.py` in Tests/NetworksTests/Fixtures checks VGG-19-BN and DenseNet-161 against
torchvision at their published widths. `penultimate` gives what enters a network's last linear layer.
"""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


def convolution(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = convolution(inputs, outputs, 3, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = convolution(outputs, outputs, 3)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Identity() if inputs == outputs else nn.Sequential(
            convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x), inplace=True)


class ResNet18(nn.Module):
    """Published width: 64. Stems: imagenet, plain (3x3), max-pool (3x3, then a max-pool), stride-2."""

    def __init__(self, width=64, classes=10, stem="imagenet"):
        super().__init__()
        kernel, stride = {"imagenet": (7, 2), "stride-2": (3, 2)}.get(stem, (3, 1))
        self.conv1 = convolution(3, width, kernel, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem in ("imagenet", "max-pool") else nn.Identity()
        channels = width
        for stage in range(4):
            outputs = width << stage
            setattr(self, f"layer{stage + 1}", nn.Sequential(
                ResidualBlock(channels, outputs, 1 if stage == 0 else 2),
                ResidualBlock(outputs, outputs, 1)))
            channels = outputs
        self.fc = nn.Linear(channels, classes)

    def penultimate(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x)), inplace=True))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return F.adaptive_avg_pool2d(x, 1).flatten(1)

    def forward(self, x):
        return self.fc(self.penultimate(x))


class VGG19BN(nn.Module):
    """Published width: 64. Stems: imagenet (a 7x7 pool at the end), plain (none: the first linear layer is
    49 times smaller)."""

    def __init__(self, width=64, classes=10, dropout=0.5, stem="imagenet"):
        super().__init__()
        pool = 7 if stem == "imagenet" else 1
        layers, channels = [], 3
        for factor, count in [(1, 2), (2, 2), (4, 4), (8, 4), (8, 4)]:
            for _ in range(count):
                layers += [nn.Conv2d(channels, factor * width, 3, padding=1),
                           nn.BatchNorm2d(factor * width), nn.ReLU(inplace=True)]
                channels = factor * width
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(pool)
        hidden = 64 * width
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool * pool, hidden), nn.ReLU(inplace=True), nn.Dropout(dropout),
            nn.Linear(hidden, hidden), nn.ReLU(inplace=True), nn.Dropout(dropout),
            nn.Linear(hidden, classes))

    def penultimate(self, x):
        return self.classifier[:-1](self.avgpool(self.features(x)).flatten(1))

    def forward(self, x):
        return self.classifier[-1](self.penultimate(x))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = convolution(inputs, 4 * growth, 1)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = convolution(4 * growth, growth, 3)

    def forward(self, parts):
        x = self.conv1(F.relu(self.norm1(torch.cat(parts, 1)), inplace=True))
        return self.conv2(F.relu(self.norm2(x), inplace=True))


class DenseBlock(nn.Module):
    def __init__(self, inputs, growth, count):
        super().__init__()
        for layer in range(count):
            self.add_module(f"denselayer{layer + 1}", DenseLayer(inputs + layer * growth, growth))

    def forward(self, x):
        parts = [x]
        for layer in self.children():
            parts.append(layer(parts))
        return torch.cat(parts, 1)


class DenseNet161(nn.Module):
    """Published width: 96, with a growth of 48. Stems: imagenet, plain (3x3 and no pool)."""

    def __init__(self, width=96, classes=10, stem="imagenet"):
        super().__init__()
        growth, channels = width // 2, width
        large = stem == "imagenet"
        layers = OrderedDict(
            conv0=convolution(3, width, 7, 2) if large else convolution(3, width, 3),
            norm0=nn.BatchNorm2d(width), relu0=nn.ReLU(inplace=True),
            pool0=nn.MaxPool2d(3, 2, 1) if large else nn.Identity())
        for block, count in enumerate([6, 12, 36, 24], start=1):
            layers[f"denseblock{block}"] = DenseBlock(channels, growth, count)
            channels += count * growth
            if block < 4:
                layers[f"transition{block}"] = nn.Sequential(OrderedDict(
                    norm=nn.BatchNorm2d(channels), relu=nn.ReLU(inplace=True),
                    conv=convolution(channels, channels // 2, 1), pool=nn.AvgPool2d(2, 2)))
                channels //= 2
        layers["norm5"] = nn.BatchNorm2d(channels)
        self.features = nn.Sequential(layers)
        self.classifier = nn.Linear(channels, classes)

    def penultimate(self, x):
        x = F.relu(self.features(x), inplace=True)
        return F.adaptive_avg_pool2d(x, 1).flatten(1)

    def forward(self, x):
        return self.classifier(self.penultimate(x))
