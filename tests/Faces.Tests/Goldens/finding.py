"""What OpenCV 4 does where faces are found: the numbers that FindingGoldens.cs compares with.

    python3 tests/Faces.Tests/Goldens/finding.py     # python3-opencv and numpy of Debian 12 or Ubuntu 24.04

Writes finding.json, letterbox.bin and dark.bin beside itself. Inputs are made by formulas that the tests repeat.
"""

import hashlib
import json
import pathlib

import cv2
import numpy

HERE = pathlib.Path(__file__).parent


def noise(count, seed):
    """Numbers 0..65535: the upper half of a linear congruential generator (Numerical Recipes)."""
    out = numpy.empty(count, numpy.uint32)
    state = seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = state >> 16
    return out


def picture(width, height):
    """A gray picture with slopes and edges."""
    y, x = numpy.mgrid[0:height, 0:width]
    return ((x * 3 + y * 5 + (x // 7) * (y // 5) * 11) % 256).astype(numpy.uint8)


def suppression():
    cases = []
    for seed, threshold in ((1, 0.4), (2, 0.3), (3, 0.2), (4, 0.1)):
        n = noise(60 * 5, seed).reshape(60, 5).astype(numpy.float32)
        left, top = n[:, 0] / 256, n[:, 1] / 256
        right, bottom = left + 10 + n[:, 2] / 512, top + 10 + n[:, 3] / 512
        # Scores in steps, so that some are equal and some lie at the limit.
        score = numpy.floor(n[:, 4] / 4096) / 16
        boxes = [
            [float(a), float(b), float(c) - float(a), float(d) - float(b)]
            for a, b, c, d in zip(left, top, right, bottom)
        ]
        kept = cv2.dnn.NMSBoxes(boxes, score.tolist(), 0.5, threshold)
        cases.append({"seed": seed, "threshold": threshold, "kept": numpy.array(kept).ravel().tolist()})
    # Boxes that overlap by exactly the threshold.
    edge = [[0, 0, 10, 10], [0, 5, 10, 10], [0, 40, 10, 10], [0, 44, 10, 10]]
    third = numpy.float32(1) - numpy.float32(1 - 50 / 150)
    kept = cv2.dnn.NMSBoxes(edge, [0.9, 0.8, 0.7, 0.6], 0.5, float(third))
    return cases, {"threshold": float(third), "kept": numpy.array(kept).ravel().tolist()}


def similarity():
    """Estimated with RANSAC at 100 pixels: for crops of up to 512 no point is left out."""
    template = numpy.array(
        [
            [0.34191607, 0.46157411],
            [0.65653393, 0.45983393],
            [0.500225, 0.64050536],
            [0.37097589, 0.82469196],
            [0.63151696, 0.82325089],
        ]
    )
    cases = []
    for seed in range(40):
        n = noise(14, 100 + seed).astype(numpy.float64) / 65536
        size = (112, 128, 224, 256, 512)[seed % 5]
        angle, scale = n[0] * 2 * numpy.pi, 40 + n[1] * 900
        turn = numpy.array([[numpy.cos(angle), -numpy.sin(angle)], [numpy.sin(angle), numpy.cos(angle)]])
        points = (template - 0.5) @ turn.T * scale + (n[2] * 1900, n[3] * 1000)
        points = (points + (n[4:14].reshape(5, 2) - 0.5) * 0.08 * scale).astype(numpy.float32)
        matrix, inliers = cv2.estimateAffinePartial2D(
            points, (template * size).astype(numpy.float32), method=cv2.RANSAC, ransacReprojThreshold=100
        )
        assert inliers.all()
        cases.append({"size": size, "points": points.ravel().tolist(), "matrix": matrix.ravel().tolist()})
    return cases


def letterbox(gray, angle, margins, size):
    """Top, right, bottom and left in percent of half of the length."""
    gray = numpy.rot90(gray, angle // 90)
    height, width = gray.shape
    top, right, bottom, left = (
        int(length * numpy.interp(percent, (0, 100), (0, 0.5)))
        for percent, length in zip(margins, (height, width, height, width))
    )
    gray = cv2.copyMakeBorder(gray, top, bottom, left, right, cv2.BORDER_CONSTANT, value=0)
    height, width = gray.shape
    if height > size or width > size:
        scale = min(size / height, size / width)
        gray = cv2.resize(gray, (int(width * scale), int(height * scale)))
    canvas = numpy.zeros((size, size), numpy.uint8)
    canvas[: gray.shape[0], : gray.shape[1]] = gray
    return canvas


def letterboxes():
    cases = [
        {"width": w, "height": h, "angle": a, "margins": m, "size": 96}
        for w, h, a, m in (
            (257, 143, 0, (0, 0, 0, 0)),
            (143, 257, 0, (0, 0, 0, 0)),
            (80, 61, 0, (0, 0, 0, 0)),
            (257, 143, 90, (0, 0, 0, 0)),
            (257, 143, 180, (0, 0, 0, 0)),
            (257, 143, 270, (0, 0, 0, 0)),
            (257, 143, 0, (20, 35, 7, 90)),
            (80, 61, 90, (10, 0, 0, 3)),
        )
    ]
    pixels = [letterbox(picture(c["width"], c["height"]), c["angle"], c["margins"], c["size"]) for c in cases]
    (HERE / "letterbox.bin").write_bytes(b"".join(p.tobytes() for p in pixels))
    return cases


def dark():
    """A dark crop and a bright one of 256x256 through the contrast step, planes R, G, B as RGB2Lab names them."""
    out = b""
    lit = []
    for divisor in (5, 1):
        planes = [picture(256, 256) // divisor, picture(256, 256).T // divisor, picture(256, 256)[::-1] // divisor]
        lab = cv2.cvtColor(cv2.merge(planes), cv2.COLOR_RGB2Lab)
        is_dark = bool(numpy.mean(lab[:, :, 0]) < 30)
        if is_dark:
            lab[:, :, 0] = cv2.createCLAHE(clipLimit=2, tileGridSize=(8, 8)).apply(lab[:, :, 0])
            out += lab[:, :, 0].tobytes()
        rgb = cv2.cvtColor(lab, cv2.COLOR_Lab2RGB)
        lit.append({"divisor": divisor, "dark": is_dark, "sha256": hashlib.sha256(rgb.tobytes()).hexdigest()})
    (HERE / "dark.bin").write_bytes(out)
    return lit


def lab():
    """All bytes of three channels to L*a*b*, and the same numbers taken as L*a*b* to sRGB, level by level of the first."""
    full = numpy.arange(256, dtype=numpy.uint8)
    hashes = [hashlib.sha256(), hashlib.sha256()]
    g, b = numpy.meshgrid(full, full, indexing="ij")
    for level in range(256):
        plane = numpy.stack((numpy.full_like(g, level), g, b), -1)
        hashes[0].update(cv2.cvtColor(plane, cv2.COLOR_RGB2Lab).tobytes())
        hashes[1].update(cv2.cvtColor(plane, cv2.COLOR_Lab2RGB).tobytes())
    return [h.hexdigest() for h in hashes]


def anchors():
    """Corners of cells, row by row, once for each anchor."""
    out = []
    for size, stride, each in ((160, 32, 2), (640, 32, 1)):
        y, x = numpy.mgrid[: size // stride, : size // stride]
        points = numpy.stack((x, y), axis=-1).reshape(-1, 2) * stride
        points = numpy.stack([points] * each, axis=1).reshape(-1, 2)
        out.append({"size": size, "stride": stride, "each": each, "points": points.ravel().tolist()})
    return out


def main():
    cases, edge = suppression()
    golden = {
        "opencv": cv2.__version__,
        "suppression": cases,
        "suppressionEdge": edge,
        "similarity": similarity(),
        "letterboxes": letterboxes(),
        "dark": dark(),
        "lab": lab(),
        "anchors": anchors(),
    }
    (HERE / "finding.json").write_text(json.dumps(golden, separators=(",", ":")).replace('],"', '],\n"') + "\n")


main()
