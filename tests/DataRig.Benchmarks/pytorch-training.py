#!/usr/bin/python3
"""Trains the network of src/DataRig.Learning/Models/ResidualNetwork.cs with PyTorch, for training-speed to compare with.

Usage: pytorch-training.py SETTINGS, a JSON file that training-speed writes. Needs Debian's python3-torch and python3-torchvision.
Prints how many parameters the network has, and then, for each line of input, the pictures a second of one round:
'constant' is one batch again and again; 'memory N' and 'files N' a DataLoader with N workers, over pictures that were cropped
and resized once, or over the files. Crops, batches, optimizer and loss are DataRig's; variations are torchvision's of the same kinds.
"""
import json
import random
import sys
import time

import torch
from PIL import Image
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride, ceil_mode=True), nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, pictures):
        shortcut = pictures if self.shortcut is None else self.shortcut(pictures)
        return functional.relu(self.body(pictures).add_(shortcut), inplace=True)


class Residual(nn.Module):
    def __init__(self, classes):
        super().__init__()
        stages, width = [], 16
        for wide in (24, 48, 96):
            stages += [Block(width, wide, 2), Block(wide, wide, 1)]
            width = wide
        self.maps = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True), *stages)
        self.dropout = nn.Dropout(0.2)
        self.output = nn.Linear(2 * width, classes)

    def forward(self, pictures):
        maps = self.maps(pictures)
        return self.output(self.dropout(torch.cat([maps.mean([2, 3]), maps.amax([2, 3])], dim=1)))


class Tone:
    """A gamma drawn as its logarithm."""

    def __init__(self, strength):
        self.strength = strength

    def __call__(self, picture):
        return transforms.functional.adjust_gamma(picture, 2.718281828 ** random.uniform(-self.strength, self.strength))


class Noise:
    """Normal noise of a deviation up to a strength, on a tensor from 0 to 1."""

    def __init__(self, strength):
        self.strength = strength

    def __call__(self, tensor):
        return tensor.add_(torch.randn_like(tensor), alpha=random.uniform(0, self.strength)).clamp_(0, 1)


class Pictures(Dataset):
    def __init__(self, settings, kept):
        self.samples, self.pixels = settings["samples"], settings["pixels"]
        a = settings["augmentation"]
        # A turned hue and another saturation stand for DataRig's mixed channels.
        self.vary = transforms.Compose([
            transforms.RandomHorizontalFlip(),
            transforms.RandomAffine(a["rotationDegrees"], (a["shift"], a["shift"]), (1 - a["zoom"], 1 + a["zoom"]), interpolation=transforms.InterpolationMode.BILINEAR),
            transforms.RandomApply([transforms.ColorJitter(saturation=0.5, hue=0.5)], a["colorMixing"]),
            transforms.RandomGrayscale(a["grey"]),
            Tone(a["tone"]),
            transforms.ColorJitter(brightness=a["brightness"]),
            transforms.RandomApply([transforms.GaussianBlur(3, 0.85)], a["blur"]),
            transforms.ToTensor(),
            Noise(a["noise"]),
            transforms.RandomErasing(1, (1e-4, a["cutOut"] ** 2), (1, 1)),
            transforms.Normalize(0.5, 0.25, inplace=True),
        ])
        self.kept = [self.prepare(s) for s in self.samples] if kept else None

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        sample = self.samples[index]
        picture = self.prepare(sample) if self.kept is None else self.kept[index]
        return self.vary(picture), sample["label"]

    def prepare(self, sample):
        left, top, width, height = sample["window"]
        with Image.open(sample["file"]) as file:
            cut = file.convert("RGB").crop((left, top, left + width, top + height))
        return cut.resize((self.pixels, self.pixels), Image.BILINEAR)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(1)
    network = Residual(settings["classes"]).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings["learningRate"], weight_decay=settings["weightDecay"])
    loss = nn.CrossEntropyLoss(label_smoothing=settings["labelSmoothing"])
    memory, files = Pictures(settings, True), Pictures(settings, False)
    loaders = {
        f"{name} {workers}": DataLoader(data, settings["batchSize"], shuffle=True, num_workers=workers, persistent_workers=workers > 0)
        for name, data in (("memory", memory), ("files", files)) for workers in range(settings["threads"] + 1)}
    one = next(iter(loaders["memory 0"]))
    print(sum(p.numel() for p in network.parameters()), flush=True)
    for line in sys.stdin:
        what = line.strip()
        batches = [one] * (len(memory) // settings["batchSize"]) if what == "constant" else loaders[what]
        start, shown = time.perf_counter(), 0
        for pictures, labels in batches:
            optimizer.zero_grad(set_to_none=True)
            logits = network(pictures)
            error = loss(logits, labels)
            error.backward()
            optimizer.step()
            error.item(), logits.argmax(1).eq(labels).sum().item()
            shown += len(labels)
        print(shown / (time.perf_counter() - start), flush=True)


main()
