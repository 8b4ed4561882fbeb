#!/usr/bin/python3
"""Reads exports of one dataset with readers that are not ours, and holds them against what the dataset says.

    check-exports.py FOLDER [FORMAT...]      FOLDER holds truth.json and an export by the name of each format

Needs Debian's python3-numpy, python3-pil and python3-yaml; 'torchvision' and 'opencv' as formats need python3-torchvision
and python3-opencv. Ends with 1 and says what differs where something does. Masks are decoded here from the formats'
descriptions: COCO's strings of run lengths (maskApi.c), CVAT's run lengths in a box, VOC's palettes, polygons by pixel centres.
"""

import csv
import hashlib
import io
import json
import math
import os
import sys
import tarfile
import xml.etree.ElementTree as xml

import numpy
import yaml
from PIL import Image

root = sys.argv[1]
truth = json.load(open(os.path.join(root, "truth.json"), encoding="utf-8"))
frames = {f["sha256"]: f for f in truth["frames"]}
parts = truth["parts"]
roles = {"train": "train", "val": "val", "validation": "val", "test": "test", "training": "train", "testing": "test"}


def fail(where, what):
    sys.exit(f"{where}: {what}")


def check(holds, where, what):
    if not holds:
        fail(where, what)


def fields(value, where, required, optional=()):
    """An object has these members, each of its type, and no others."""
    check(isinstance(value, dict), where, f"expected an object, found {value!r}")
    for key, kind in required.items():
        check(key in value, where, f"{key} is missing")
        check(isinstance(value[key], kind) and not (kind is int and isinstance(value[key], bool)), where, f"{key} is {value[key]!r}, expected {kind}")
    rest = set(value) - set(required) - set(optional)
    check(not rest, where, f"what are {sorted(rest)}?")
    return value


number = (int, float)


def counts_to_mask(counts, width, height):
    """Run lengths down the columns, zeros first."""
    flat = numpy.zeros(width * height, dtype=bool)
    at = 0
    for i, run in enumerate(counts):
        flat[at:at + run] = i % 2 == 1
        at += run
    check(at == width * height, "mask", f"{at} pixels of {width}x{height}")
    return flat.reshape((width, height)).T


def string_to_counts(text):
    counts, at = [], 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            c = ord(text[at]) - 48
            value |= (c & 0x1F) << (5 * shift)
            more = bool(c & 0x20)
            at += 1
            shift += 1
            if not more and c & 0x10:
                value |= -1 << (5 * shift)
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
    return counts


def polygons_to_mask(polygons, width, height):
    """A pixel is in where a line from its centre to the left crosses an odd number of edges."""
    mask = numpy.zeros((height, width), dtype=int)
    xs = numpy.arange(width) + 0.5
    for polygon in polygons:
        points = list(zip(polygon[0::2], polygon[1::2]))
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
            for y in range(height):
                centre = y + 0.5
                if (y1 <= centre) != (y2 <= centre):
                    crossing = x1 + (centre - y1) * (x2 - x1) / (y2 - y1)
                    mask[y] += xs > crossing
    return mask % 2 == 1


def outwards(box):
    x, y = math.floor(box[0]), math.floor(box[1])
    return [x, y, math.ceil(box[0] + box[2]) - x, math.ceil(box[1] + box[3]) - y]


def near(a, b, within=1e-6):
    return len(a) == len(b) and all(abs(p - q) <= within for p, q in zip(a, b))


class Found:
    """What a reader found of each frame, held against the truth at the end."""

    def __init__(self, name, whole=False, masks=True, boxes=True, item=True, within=1e-6, uncovered=False):
        self.name, self.whole, self.masks, self.boxes, self.item, self.within, self.uncovered = name, whole, masks, boxes, item, within, uncovered
        self.seen, self.count, self.mask_count = {}, 0, 0

    def add(self, picture, role, part=None, item=None, size=None, marks=()):
        """picture: a file's path or its bytes; marks: (part, box, mask or None)."""
        data = picture if isinstance(picture, bytes) else open(os.path.join(root, self.name, picture), "rb").read()
        sha = hashlib.sha256(data).hexdigest()
        where = f"{self.name}: {picture if isinstance(picture, str) else sha}"
        check(sha in frames, where, "no frame has this picture")
        check(sha not in self.seen, where, "the picture is there twice")
        frame = self.seen[sha] = frames[sha]
        image = Image.open(io.BytesIO(data))
        image.load()
        check(image.size == (frame["width"], frame["height"]), where, f"the picture is {image.size}")
        for x, y, *rgb in frame["pixels"]:
            check(near(image.convert("RGB").getpixel((x, y)), rgb, 4), where, f"the pixel ({x}, {y}) is {image.getpixel((x, y))}, expected {rgb}")
        check(role == frame["role"], where, f"it is for {role}, expected {frame['role']}")
        check(part is None or part == frame["part"], where, f"the part is {part}, expected {frame['part']}")
        check(not self.item or item == frame["item"], where, f"the item is {item}, expected {frame['item']}")
        check(size is None or tuple(size) == image.size, where, f"the size is {size}, expected {image.size}")
        if self.boxes:
            self.marks(where, frame, list(marks))

    def marks(self, where, frame, marks):
        check(len(marks) == len(frame["marks"]), where, f"{len(marks)} boxes, expected {len(frame['marks'])}")
        later = numpy.zeros((frame["height"], frame["width"]), dtype=bool)
        for (part, box, mask), expected in reversed(list(zip(marks, frame["marks"]))):
            self.count += 1
            wanted = outwards(expected["box"]) if self.whole else expected["box"]
            check(part == expected["part"], where, f"a box is of {part}, expected {expected['part']}")
            check(near(box, wanted, self.within), where, f"a box is {box}, expected {wanted}")
            if not self.masks:
                continue
            if expected["mask"] is None:
                check(mask is None, where, "there is a mask where none was")
                continue
            full = counts_to_mask(expected["mask"], frame["width"], frame["height"])
            left = full & ~later if self.uncovered else full
            check(mask is not None and numpy.array_equal(mask, left), where, f"the mask of {part} has {0 if mask is None else mask.sum()} pixels, expected {left.sum()}, or others")
            later |= full
            self.mask_count += 1

    def done(self):
        check(len(self.seen) == len(frames), self.name, f"{len(self.seen)} frames, expected {len(frames)}")
        print(f"{self.name}: {len(self.seen)} frames" + (f", {self.count} boxes" if self.boxes else "") + (f", {self.mask_count} masks" if self.boxes and self.masks else ""))


def path(*names):
    return os.path.join(root, *names)


def walk(name):
    for folder, _, files in os.walk(path(name)):
        for file in sorted(files):
            yield os.path.relpath(os.path.join(folder, file), path(name))


def pictures(name):
    return [f for f in walk(name) if f.endswith((".jpg", ".png")) and not f.startswith("Segmentation")]


def text(*names):
    return open(path(*names), encoding="utf-8").read()


def folders():
    found = Found("folders", boxes=False)
    for file in walk("folders"):
        role, part, item, _ = file.split("/")
        found.add(file, roles[role], part, item)
    found.done()


def coco():
    found = Found("coco")
    for role in ("train", "val", "test"):
        where = f"coco/annotations/instances_{role}.json"
        data = fields(json.loads(text(where)), where, {"info": dict, "licenses": list, "categories": list, "images": list, "annotations": list})
        fields(data["info"], where, {"year": int, "version": str, "description": str, "contributor": str, "url": str, "date_created": str})
        names = {fields(c, where, {"id": int, "name": str, "supercategory": str})["id"]: c["name"] for c in data["categories"]}
        check(list(names.values()) == parts and list(names) == list(range(1, len(parts) + 1)), where, f"the categories are {names}")
        marks, ids = {}, set()
        images = {fields(i, where, {"id": int, "width": int, "height": int, "file_name": str}, ["datarig"])["id"]: i for i in data["images"]}
        for a in data["annotations"]:
            fields(a, where, {"id": int, "image_id": int, "category_id": int, "bbox": list, "area": number, "iscrowd": int, "segmentation": (list, dict)}, ["datarig"])
            check(a["id"] not in ids, where, f"two annotations of id {a['id']}")
            ids.add(a["id"])
            image, mask = images[a["image_id"]], None
            if isinstance(a["segmentation"], dict):
                fields(a["segmentation"], where, {"size": list, "counts": str})
                check(a["segmentation"]["size"] == [image["height"], image["width"]], where, "a mask has another size")
                mask = counts_to_mask(string_to_counts(a["segmentation"]["counts"]), image["width"], image["height"])
            check(near([a["area"]], [a["bbox"][2] * a["bbox"][3] if mask is None else mask.sum()]), where, f"the area is {a['area']}")
            marks.setdefault(a["image_id"], []).append((names[a["category_id"]], a["bbox"], mask))
        for id, i in images.items():
            found.add(f"images/{role}/{i['file_name']}", role, i["datarig"]["part"], i["datarig"]["item"], (i["width"], i["height"]), marks.get(id, []))
    found.done()


def coco_polygons():
    for role in ("train", "val", "test"):
        data = json.loads(text(f"coco-polygons/annotations/instances_{role}.json"))
        sizes = {i["id"]: (i["width"], i["height"], i["file_name"]) for i in data["images"]}
        masks = {}
        for a in data["annotations"]:
            width, height, file = sizes[a["image_id"]]
            masks.setdefault((file, width, height), []).append(polygons_to_mask(a["segmentation"], width, height) if a["segmentation"] else None)
        for (file, width, height), found in masks.items():
            frame = frames[hashlib.sha256(open(path("coco-polygons", "images", role, file), "rb").read()).hexdigest()]
            for mask, expected in zip(found, frame["marks"]):
                wanted = None if expected["mask"] is None else counts_to_mask(expected["mask"], width, height)
                check((mask is None) == (wanted is None) and (mask is None or numpy.array_equal(mask, wanted)), f"coco-polygons/{file}", "the polygons are not the mask")
    print("coco-polygons: the masks again")


def yolo(name="yolo", polygons=False):
    found = Found(name, masks=polygons, within=1e-4)
    card = fields(yaml.safe_load(text(name, "data.yaml")), name, {"path": str, "train": str, "val": str, "test": str, "nc": int, "names": list})
    check(card["names"] == parts and card["nc"] == len(parts), name, f"the names are {card['names']}")
    for role in ("train", "val", "test"):
        check(os.path.isdir(path(name, card[role])), name, f"{card[role]} is not there")
    for file in pictures(name):
        _, role, part, item, _ = file.split("/")
        width, height = Image.open(path(name, file)).size
        labels, marks = path(name, os.path.splitext("labels" + file[len("images"):])[0] + ".txt"), []
        expected = frames[hashlib.sha256(open(path(name, file), "rb").read()).hexdigest()]["marks"]
        check(os.path.exists(labels) == bool(expected), file, "labels and objects do not go together")
        for i, line in enumerate(open(labels) if expected else []):
            index, *shape = line.split()
            shape = [float(s) for s in shape]
            check(all(0 <= s <= 1 for s in shape), labels, f"{shape} is not within 0 and 1")
            if polygons:
                points = [s * (width if k % 2 == 0 else height) for k, s in enumerate(shape)]
                left, top = min(points[0::2]), min(points[1::2])
                box = [left, top, max(points[0::2]) - left, max(points[1::2]) - top]
                mask = None if expected[i]["mask"] is None else polygons_to_mask([[round(p) for p in points]], width, height)
                check(mask is None or near(points, [round(p) for p in points], 1e-6), labels, "a polygon does not run along the edges of pixels")
            else:
                check(len(shape) == 4, labels, f"a line has {len(shape) + 1} fields")
                box, mask = [(shape[0] - shape[2] / 2) * width, (shape[1] - shape[3] / 2) * height, shape[2] * width, shape[3] * height], None
            marks.append((parts[int(index)], box, mask))
        found.add(file, role, part, item, (width, height), marks)
    found.done()


def voc():
    found = Found("voc", whole=True, uncovered=True)
    palette = [sum(((n >> (3 * bit + channel)) & 1) << (7 - bit) for bit in range(3)) for n in range(256) for channel in range(3)]
    lists = {role: text("voc", "ImageSets", "Main", f"{role}.txt").split("\n")[:-1] for role in ("train", "val", "test")}
    masked = {role: text("voc", "ImageSets", "Segmentation", f"{role}.txt").split("\n")[:-1] for role in ("train", "val", "test")}
    for role, stems in lists.items():
        for stem in stems:
            a = xml.parse(path("voc", "Annotations", f"{stem}.xml")).getroot()
            check([e.tag for e in a if e.tag != "object"] == ["folder", "filename", "path", "source", "size", "segmented", "datarig"], stem, f"the elements are {[e.tag for e in a]}")
            size = [int(a.find("size/" + k).text) for k in ("width", "height", "depth")]
            check(size[2] == 3 and a.find("source/database").text == "DataRig", stem, "depth or source")
            masks = None
            check((a.find("segmented").text == "1") == (stem in masked[role]), stem, "segmented")
            if stem in masked[role]:
                both = [Image.open(path("voc", f"Segmentation{kind}", f"{stem}.png")) for kind in ("Object", "Class")]
                check(all(m.mode == "P" and m.size == tuple(size[:2]) and m.getpalette() == palette for m in both), stem, "the masks' mode, size or palette")
                masks, classes = (numpy.array(m) for m in both)
            marks = []
            for i, o in enumerate(a.findall("object")):
                check([e.tag for e in o] == ["name", "pose", "truncated", "difficult", "bndbox", "datarig"], stem, f"the object's elements are {[e.tag for e in o]}")
                check(o.find("truncated").text in "01" and o.find("difficult").text == "0", stem, "flags")
                left, top, right, bottom = (int(o.find("bndbox/" + k).text) for k in ("xmin", "ymin", "xmax", "ymax"))
                check(1 <= left <= right <= size[0] and 1 <= top <= bottom <= size[1], stem, "a box leaves the picture")
                name = o.find("name").text
                mask = None if masks is None else masks == i + 1
                expected = frames[hashlib.sha256(open(path("voc", "JPEGImages", a.find("filename").text), "rb").read()).hexdigest()]["marks"][i]
                if expected["mask"] is None:
                    check(mask is None or not mask.any(), stem, "pixels where no mask was")
                    mask = None
                else:
                    check((classes[mask] == parts.index(name) + 1).all(), stem, "the classes' mask")
                marks.append((name, [left - 1, top - 1, right - left + 1, bottom - top + 1], mask))
            found.add("JPEGImages/" + a.find("filename").text, role, a.find("datarig").get("part"), a.find("datarig").get("item"), size[:2], marks)
    found.done()


def groundtruth():
    found = Found("groundtruth", whole=True, masks=False)
    job = {"type": str, "job-name": str, "human-annotated": str, "creation-date": str}
    for role in ("train", "val", "test"):
        for line in text("groundtruth", f"{role}.manifest").splitlines():
            row = json.loads(line)
            where = row["source-ref"]
            fields(row, where, {"source-ref": str, "part": int, "part-metadata": dict}, ["boxes", "boxes-metadata", "datarig"])
            about = fields(row["part-metadata"], where, {"class-name": str, "confidence": number, **job})
            check(about["type"] == "groundtruth/image-classification" and parts[row["part"]] == about["class-name"], where, "the class")
            size, marks = None, []
            if "boxes" in row:
                fields(row["boxes"], where, {"image_size": list, "annotations": list})
                image = fields(row["boxes"]["image_size"][0], where, {"width": int, "height": int, "depth": int})
                size = (image["width"], image["height"])
                more = fields(row["boxes-metadata"], where, {"objects": list, "class-map": dict, **job})
                check(more["type"] == "groundtruth/object-detection" and len(more["objects"]) == len(row["boxes"]["annotations"]), where, "the objects")
                for a in row["boxes"]["annotations"]:
                    fields(a, where, {"class_id": int, "left": number, "top": number, "width": number, "height": number})
                    marks.append((more["class-map"][str(a["class_id"])], [a["left"], a["top"], a["width"], a["height"]], None))
            found.add(where, role, about["class-name"], row["datarig"]["item"], size, marks)
    found.done()


def webdataset():
    found = Found("webdataset")
    for file in sorted(os.listdir(path("webdataset"))):
        check(file.split("-")[0] in ("train", "val", "test") and file.endswith("-000000.tar"), file, "the shard's name")
        with tarfile.open(path("webdataset", file)) as tar:
            samples = {}
            for member in tar:
                key, extension = member.name.split(".", 1)
                check(member.isfile() and member.mtime == 0, member.name, "the member")
                samples.setdefault(key, {})[extension] = tar.extractfile(member).read()
        for key, sample in samples.items():
            picture = sample.pop("jpg", None) or sample.pop("png")
            check(set(sample) == {"cls", "json"}, key, f"the sample's members are {sorted(sample)}")
            about = json.loads(sample["json"])
            check(parts[int(sample["cls"])] == about["part"] and about["class"] == int(sample["cls"]), key, "the class")
            marks = [(a["part"], a["bbox"], counts_to_mask(string_to_counts(a["mask"]), about["width"], about["height"]) if a.get("mask") else None) for a in about["annotations"]]
            found.add(picture, file.split("-")[0], about["part"], about["item"], (about["width"], about["height"]), marks)
    found.done()


def huggingface():
    found = Found("huggingface")
    _, head, _ = text("huggingface", "README.md").split("---\n", 2)
    card = fields(yaml.safe_load(head), "the card", {"license": str, "pretty_name": str, "tags": list, "size_categories": list, "task_categories": list, "configs": list}, ["dataset_info"])
    splits = {f["split"]: f["path"] for f in card["configs"][0]["data_files"]}
    check(set(splits) == {"train", "validation", "test"} and card["configs"][0]["config_name"] == "default", "the card", f"the splits are {splits}")
    for split, pattern in splits.items():
        folder, columns = pattern.split("/")[0], None
        for line in text("huggingface", folder, "metadata.jsonl").splitlines():
            row = json.loads(line)
            check(columns in (None, list(row)), row["file_name"], "another row has other columns")
            columns = list(row)
            objects = row["objects"]
            check(len({len(v) for v in objects.values()}) == 1, row["file_name"], "the objects' columns have different lengths")
            marks = [(c, b, counts_to_mask(string_to_counts(m), row["width"], row["height"]) if m else None) for c, b, m in zip(objects["categories"], objects["bbox"], objects["mask"])]
            found.add(f"{folder}/{row['file_name']}", roles[split], row["label"], row["item"], (row["width"], row["height"]), marks)
    found.done()


def labelstudio():
    found = Found("labelstudio")
    view = xml.fromstring(text("labelstudio", "label-config.xml"))
    controls = {e.get("name"): (e.tag, [c.get("value") for c in e]) for e in view if e.tag != "Image"}
    check(view.find("Image").get("value") == "$image" and set(controls) == {"part", "box", "mask"} and all(labels == parts for _, labels in controls.values()), "label-config.xml", f"{controls}")
    for task in json.loads(text("labelstudio", "tasks.json")):
        fields(task, "a task", {"id": int, "data": dict, "annotations": list, "predictions": list})
        data = fields(task["data"], "data", {"image": str, "width": int, "height": int, "datarig": dict})
        prediction = fields(task["predictions"][0], "a prediction", {"model_version": str, "score": number, "result": list})
        file, part, boxes, polygons = data["image"].split("?d=")[1], None, {}, {}
        for r in prediction["result"]:
            fields(r, file, {"id": str, "type": str, "from_name": str, "to_name": str, "original_width": int, "original_height": int, "image_rotation": int, "value": dict}, ["meta"])
            check(controls[r["from_name"]][0].lower() == r["type"] and r["to_name"] == "image", file, f"{r['from_name']} is no {r['type']}")
            check((r["original_width"], r["original_height"]) == (data["width"], data["height"]), file, "the size")
            value, across, down = r["value"], data["width"] / 100, data["height"] / 100
            if r["type"] == "choices":
                part = value["choices"][0]
            elif r["type"] == "rectanglelabels":
                fields(value, file, {"x": number, "y": number, "width": number, "height": number, "rotation": number, "rectanglelabels": list})
                boxes[r["id"]] = (value["rectanglelabels"][0], [value["x"] * across, value["y"] * down, value["width"] * across, value["height"] * down])
            else:
                fields(value, file, {"points": list, "polygonlabels": list})
                polygons.setdefault(r["id"].split(".")[0], []).append([round(c * s) for p in value["points"] for c, s in zip(p, (across, down))])
        marks = [(label, box, polygons_to_mask(polygons[id], data["width"], data["height"]) if id in polygons else None) for id, (label, box) in boxes.items()]
        found.add(file, data["datarig"]["split"], part, data["datarig"]["item"], (data["width"], data["height"]), marks)
    found.done()


def cvat():
    found = Found("cvat")
    annotations = xml.parse(path("cvat", "annotations.xml")).getroot()
    check(annotations.tag == "annotations" and annotations.find("version").text == "1.1", "cvat", "the version")
    check([l.find("name").text for l in annotations.find("meta/task/labels")] == parts, "cvat", "the labels")
    labels = json.loads(text("cvat", "cvat-labels.json"))
    check([l["name"] for l in labels] == parts and all([a["name"] for a in l["attributes"]] == [a.find("name").text for a in annotations.find("meta/task/labels/label/attributes")] for l in labels), "cvat-labels.json", "the labels")
    for i, image in enumerate(annotations.findall("image")):
        name, width, height = image.get("name"), int(image.get("width")), int(image.get("height"))
        check(set(image.attrib) == {"id", "name", "subset", "width", "height"} and image.get("id") == str(i), name, f"{image.attrib}")
        boxes, masks = {}, {}
        for shape in image:
            if shape.tag == "box":
                left, top, right, bottom = (float(shape.get(k)) for k in ("xtl", "ytl", "xbr", "ybr"))
                boxes[shape.get("group_id")] = (shape.get("label"), [left, top, right - left, bottom - top])
            elif shape.tag == "mask":
                x, y, w, h = (int(float(shape.get(k))) for k in ("left", "top", "width", "height"))
                runs = [int(r) for r in shape.get("rle").split(",")]
                flat = numpy.repeat(numpy.arange(len(runs)) % 2 == 1, runs)
                mask = numpy.zeros((height, width), dtype=bool)
                mask[y:y + h, x:x + w] = flat.reshape(h, w)
                masks[shape.get("group_id")] = mask
            else:
                check(shape.tag == "tag", name, f"what is a {shape.tag}?")
        tag = image.find("tag")
        attributes = {a.get("name"): a.text for a in tag.findall("attribute")}
        found.add(name, image.get("subset"), tag.get("label"), attributes["item"], (width, height), [(label, box, masks.get(g)) for g, (label, box) in boxes.items()])
    found.done()


def fiftyone():
    found = Found("fiftyone", boxes=False, item=False)
    for role in ("train", "val", "test"):
        data = fields(json.loads(text("fiftyone", role, "labels.json")), role, {"classes": list, "labels": dict})
        check(data["classes"] == parts, role, "the classes")
        for file in os.listdir(path("fiftyone", role, "data")):
            found.add(f"{role}/data/{file}", role, parts[data["labels"].pop(os.path.splitext(file)[0])])
        check(not data["labels"], role, "labels without a picture")
    found.done()


def fiftyone_detection():
    found = Found("fiftyone-detection", masks=False, item=False)
    for role in ("train", "val", "test"):
        data = fields(json.loads(text("fiftyone-detection", role, "labels.json")), role, {"classes": list, "labels": dict})
        check(data["classes"] == parts, role, "the classes")
        for file in os.listdir(path("fiftyone-detection", role, "data")):
            width, height = Image.open(path("fiftyone-detection", role, "data", file)).size
            marks = []
            for d in data["labels"].pop(os.path.splitext(file)[0]) or []:
                label, box = d["label"], d["bounding_box"]
                marks.append((label if isinstance(label, str) else parts[label], [box[0] * width, box[1] * height, box[2] * width, box[3] * height], None))
            found.add(f"{role}/data/{file}", role, None, None, None, marks)
        check(not data["labels"], role, "labels without a picture")
    found.done()


def edgeimpulse():
    found = Found("edgeimpulse", whole=True, masks=False)
    info = fields(json.loads(text("edgeimpulse", "info.labels")), "info.labels", {"version": int, "files": list})
    boxes = {}
    for category in ("training", "testing"):
        data = fields(json.loads(text("edgeimpulse", category, "bounding_boxes.labels")), category, {"version": int, "type": str, "boundingBoxes": dict})
        check(data["type"] == "bounding-box-labels", category, "the type")
        boxes.update({f"{category}/{file}": marks for file, marks in data["boundingBoxes"].items()})
    for file in info["files"]:
        marks = [(b["label"], [fields(b, file["path"], {"label": str, "x": int, "y": int, "width": int, "height": int})[k] for k in ("x", "y", "width", "height")], None) for b in boxes.pop(file["path"])]
        found.add(file["path"], file["metadata"]["split"], file["label"]["label"], file["metadata"]["item"], None, marks)
    check(not boxes, "edgeimpulse", "boxes without a picture")
    found.done()


def kitti():
    found = Found("kitti", masks=False, item=False)
    for file in pictures("kitti"):
        role, _, name = file.split("/")
        marks = []
        for line in open(path("kitti", role, "label_2", os.path.splitext(name)[0] + ".txt"), encoding="utf-8"):
            cells = line.split(" ")
            check(len(cells) == 15 and 0 <= float(cells[1]) <= 1 and cells[2] in "0123", file, f"{line!r}")
            left, top, right, bottom = (float(c) for c in cells[4:8])
            marks.append((cells[0].replace("%20", " ").replace("%25", "%"), [left, top, right - left, bottom - top], None))
        found.add(file, role, None, None, None, marks)
    found.done()


def table():
    found = Found("csv")
    rows = list(csv.DictReader(open(path("csv", "frames.csv"), encoding="utf-8", newline="")))
    marks = {}
    for row in csv.DictReader(open(path("csv", "annotations.csv"), encoding="utf-8", newline="")):
        marks.setdefault(row["file"], []).append(row)
    for row in rows:
        width, height = int(row["width"]), int(row["height"])
        boxes = [(m["part"], [float(m[k]) for k in ("x", "y", "boxWidth", "boxHeight")], counts_to_mask(string_to_counts(m["mask"]), width, height) if m["mask"] else None) for m in marks.pop(row["file"], [])]
        found.add(row["file"], row["split"], row["part"], row["item"], (width, height), boxes)
        azimuth = frames[hashlib.sha256(open(path("csv", row["file"]), "rb").read()).hexdigest()]["azimuth"]
        check((float(row["azimuthDegrees"]) if row["azimuthDegrees"] else None) == azimuth, row["file"], "the azimuth")
    check(not marks, "csv", "boxes without a frame")
    found.done()


def torchvision():
    from torchvision.datasets import ImageFolder, VOCDetection, VOCSegmentation
    count = {role: sum(f["role"] == role for f in frames.values()) for role in ("train", "val", "test")}
    for role, wanted in count.items():
        data = ImageFolder(path("folders", role))
        expected = sorted({f["part"] for f in frames.values() if f["role"] == role})
        check(data.classes == expected and len(data) == wanted, role, f"ImageFolder has {len(data)} pictures of {data.classes}, expected {wanted} of {expected}")
        for (file, index), (image, target) in zip(data.samples, data):
            frame = frames[hashlib.sha256(open(file, "rb").read()).hexdigest()]
            check(frame["part"] == data.classes[target] and image.size == (frame["width"], frame["height"]), file, "ImageFolder's class or size")
    print(f"torchvision's ImageFolder: {sum(count.values())} pictures")
    # VOC's pictures are JPEG files for torchvision whatever the XML files say; all of these are, encoded anew where they were not.
    kit = path("VOCdevkit")
    os.makedirs(kit, exist_ok=True)
    if not os.path.exists(os.path.join(kit, "VOC2012")):
        os.symlink(os.path.abspath(path("voc-jpeg")), os.path.join(kit, "VOC2012"))
    by_name = {sha[:16]: frame for sha, frame in frames.items()}
    boxes = masks = 0
    for role in ("train", "val"):
        data = VOCDetection(root, year="2012", image_set=role, download=False)
        check(len(data) == count[role], role, f"VOCDetection has {len(data)} pictures")
        for i, (image, target) in enumerate(data):
            frame = by_name[os.path.splitext(data.images[i])[0][-16:]]
            check(image.size == (frame["width"], frame["height"]), data.images[i], "VOCDetection's size")
            objects = target["annotation"].get("object", [])
            check(len(objects) == len(frame["marks"]), data.images[i], f"VOCDetection has {len(objects)} objects")
            for o, mark in zip(objects, frame["marks"]):
                left, top, right, bottom = (int(o["bndbox"][k]) for k in ("xmin", "ymin", "xmax", "ymax"))
                check(o["name"] == mark["part"] and [left - 1, top - 1, right - left + 1, bottom - top + 1] == outwards(mark["box"]), data.images[i], "VOCDetection's object")
                boxes += 1
        for i, (image, target) in enumerate(VOCSegmentation(root, year="2012", image_set=role, download=False)):
            check(target.size == image.size and numpy.array(target).max() <= len(parts), role, "VOCSegmentation's mask")
            masks += 1
    print(f"torchvision's VOCDetection and VOCSegmentation: {count['train'] + count['val']} pictures, {boxes} boxes, {masks} masks")


def opencv():
    import cv2
    done = 0
    for file in pictures("coco"):
        image = cv2.imread(path("coco", file))
        frame = frames[hashlib.sha256(open(path("coco", file), "rb").read()).hexdigest()]
        check(image is not None and image.shape[:2] == (frame["height"], frame["width"]), file, "OpenCV cannot read it")
        for x, y, *rgb in frame["pixels"]:
            check(near([int(v) for v in image[y, x][::-1]], rgb, 4), file, f"OpenCV's pixel ({x}, {y}) is {image[y, x][::-1]}, expected {rgb}")
        done += 1
    masks = 0
    for file in walk("voc"):
        if file.startswith("Segmentation"):
            # OpenCV gives the palette's colours; they must be those of the numbers that PIL reads.
            colours, numbers = cv2.imread(path("voc", file)), numpy.array(Image.open(path("voc", file)))
            palette = numpy.array(Image.open(path("voc", file)).getpalette()).reshape(-1, 3)
            check(numpy.array_equal(colours[:, :, ::-1], palette[numbers]), file, "OpenCV sees other colours")
            masks += 1
    print(f"OpenCV: {done} pictures, {masks} masks")


readers = {
    "folders": folders, "coco": coco, "coco-polygons": coco_polygons, "yolo": yolo, "yolo-seg": lambda: yolo("yolo-seg", polygons=True), "voc": voc, "groundtruth": groundtruth,
    "webdataset": webdataset, "huggingface": huggingface, "labelstudio": labelstudio, "cvat": cvat, "fiftyone": fiftyone, "fiftyone-detection": fiftyone_detection,
    "edgeimpulse": edgeimpulse, "kitti": kitti, "csv": table, "torchvision": torchvision, "opencv": opencv,
}
for name in sys.argv[2:] or [n for n in readers if n not in ("torchvision", "opencv")]:
    readers[name]()
