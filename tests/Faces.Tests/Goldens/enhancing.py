#!/usr/bin/env python3
"""Golden files of enhancers, upscalers and the expression restorer, by OpenCV and numpy.

    python3 tests/Faces.Tests/Goldens/enhancing.py

writes enhancing-*.json and enhancing-*.bin beside this script. Each .bin is float32, uint8 or uint16,
little-endian, row by row.
Made with OpenCV 4.6.0 and numpy 1.24.2; run again, it gives the same bytes.
"""

import json
import os

import cv2
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))

KR, KB = 0.299, 0.114  # ITU-R BT.601
KG = 1 - KR - KB


def write(name, array):
    array.tofile(os.path.join(HERE, "enhancing-" + name))


def to_rgb(yuv):
    """Full-range Y, U, V of 0..255 (three planes) as R, G, B."""
    y, cb, cr = yuv[0], yuv[1] - 128.0, yuv[2] - 128.0
    r = y + (2 - 2 * KR) * cr
    b = y + (2 - 2 * KB) * cb
    return numpy.stack([r, (y - KR * r - KB * b) / KG, b])


def to_yuv(rgb):
    """Full-range Y, U, V of 0..255 in steps of 1/256, not rounded to samples."""
    y = KR * rgb[0] + KG * rgb[1] + KB * rgb[2]
    yuv = numpy.stack([y, (rgb[2] - y) / (2 - 2 * KB) + 128, (rgb[0] - y) / (2 - 2 * KR) + 128])
    return numpy.floor(yuv * 256 + 0.5).astype("<u2")


def picture(width, height, seed):
    """Smooth, in the middle of the range: no conversion leaves it."""
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    planes = []
    for plane in range(3):
        wave = numpy.sin(x / (7.0 + plane) + seed) + numpy.cos(y / (9.0 - plane) - x / 23.0 + plane)
        planes.append(128 + wave * (38 if plane == 0 else 14))
    return numpy.floor(numpy.stack(planes) + 0.5).astype(numpy.uint8)


# -- tiles ------------------------------------------------------------------------------------------------------------


def upscale(rgb, size, pad, overlap, scale, net, blend):
    """Tiling, merging and blending of a picture (3, height, width) of 0..1."""
    height, width = rgb.shape[1:]
    inner = size - 2 * overlap
    before = pad + overlap
    below = before + inner - (height + 2 * pad) % inner
    right = before + inner - (width + 2 * pad) % inner
    padded = numpy.pad(rgb, ((0, 0), (before, below), (before, right)))
    rows = (padded.shape[1] - 2 * overlap) // inner
    columns = (padded.shape[2] - 2 * overlap) // inner
    merged = numpy.zeros((3, rows * inner * scale, columns * inner * scale))
    for row in range(rows):
        for column in range(columns):
            top, left = row * inner, column * inner
            out = net(padded[:, top : top + size, left : left + size])
            cut = overlap * scale
            merged[
                :, top * scale : (top + inner) * scale, left * scale : (left + inner) * scale
            ] = out[:, cut : cut + inner * scale, cut : cut + inner * scale]
    start = pad * scale
    made = merged[:, start : start + height * scale, start : start + width * scale]
    made = numpy.clip(made * 255, 0, 255)
    enlarged = cv2.resize(
        numpy.ascontiguousarray((rgb * 255).transpose(1, 2, 0).astype(numpy.float32)),
        (width * scale, height * scale),
        interpolation=cv2.INTER_LINEAR,
    ).transpose(2, 0, 1)
    return enlarged * (1 - blend) + made * blend


def ramp(scale, slope):
    def net(tile):
        larger = tile.shape[1] * scale
        x, y = numpy.meshgrid(numpy.arange(larger), numpy.arange(larger))
        near = tile.repeat(scale, axis=1).repeat(scale, axis=2)
        return 0.75 * near + slope * (x + y) / (2.0 * (larger - 1))

    return net


def tiles():
    width, height = 29, 23
    source = picture(width, height, 1)
    write("tiles-source.bin", source)
    rgb = to_rgb(source.astype(numpy.float64)) / 255
    for scale, percent in ((2, 0), (2, 50), (4, 80)):
        result = upscale(rgb, 16, 3, 2, scale, ramp(scale, 0.2), percent / 100)
        write("tiles-x%d-%d.bin" % (scale, percent), to_yuv(result))


# -- face enhancer ----------------------------------------------------------------------------------------------------

FFHQ = [
    [0.37691676, 0.46864664],
    [0.62285697, 0.46912813],
    [0.50123859, 0.61331904],
    [0.39308822, 0.72541100],
    [0.61150205, 0.72490465],
]

# A face that leans, near the right edge of the frame: a part of its crop lies outside.
POINTS = [[50.2, 31.1], [73.4, 36.8], [58.9, 47.3], [45.8, 55.2], [65.3, 60.4]]


def box_mask(size, blur):
    amount = int(size * 0.5 * blur)
    area = max(amount // 2, 1)
    mask = numpy.ones((size, size), numpy.float32)
    mask[:area] = 0
    mask[-area:] = 0
    mask[:, :area] = 0
    mask[:, -area:] = 0
    return cv2.GaussianBlur(mask, (0, 0), amount * 0.25) if amount > 0 else mask


def enhance(rgb, size, blend):
    """The face of a picture (height, width, 3) of 0..255 through 0.9·x + (0.1, 0, −0.1), pasted back."""
    height, width = rgb.shape[:2]
    points = numpy.array(POINTS)
    target = numpy.array(FFHQ) * size
    # RANSAC with this threshold keeps all five points of a crop of this size.
    matrix, inliers = cv2.estimateAffinePartial2D(points, target, method=cv2.RANSAC, ransacReprojThreshold=100)
    assert inliers.all()
    crop = cv2.warpAffine(rgb, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    value = (crop / 255.0 - 0.5) / 0.5
    value = 0.9 * value + numpy.array([0.1, 0, -0.1])
    face = numpy.round((numpy.clip(value, -1, 1) + 1) / 2 * 255).astype(numpy.float32)
    inverse = cv2.invertAffineTransform(matrix)
    mask = cv2.warpAffine(box_mask(size, 0.3), inverse, (width, height)).clip(0, 1)[..., None]
    pasted = cv2.warpAffine(face, inverse, (width, height), borderMode=cv2.BORDER_REPLICATE)
    pasted = rgb * (1 - mask) + pasted * mask
    return rgb * (1 - blend) + pasted * blend


def enhancer():
    width, height = 84, 76
    source = picture(width, height, 2)
    write("face-source.bin", source)
    rgb = numpy.ascontiguousarray(to_rgb(source.astype(numpy.float64)).clip(0, 255).transpose(1, 2, 0))
    result = enhance(rgb.astype(numpy.float32), 64, 0.8)
    write("face-result.bin", to_yuv(result.transpose(2, 0, 1)))


# -- expression -------------------------------------------------------------------------------------------------------

UPPER_FACE = [1, 2, 6, 10, 11, 12, 13, 15, 16]
LOWER_FACE = [3, 7, 14, 17, 18, 19, 20]


def rotation(pitch, yaw, roll):
    """Turns about the fixed axes x, then y, then z, in degrees."""
    x, y, z = numpy.radians([pitch, yaw, roll])
    about_x = [[1, 0, 0], [0, numpy.cos(x), -numpy.sin(x)], [0, numpy.sin(x), numpy.cos(x)]]
    about_y = [[numpy.cos(y), 0, numpy.sin(y)], [0, 1, 0], [-numpy.sin(y), 0, numpy.cos(y)]]
    about_z = [[numpy.cos(z), -numpy.sin(z), 0], [numpy.sin(z), numpy.cos(z), 0], [0, 0, 1]]
    return numpy.array(about_z) @ numpy.array(about_y) @ numpy.array(about_x)


def expression():
    random = numpy.random.RandomState(4)
    motion = {
        "pitch": 21.5,
        "yaw": -33.25,
        "roll": 12.75,
        "scale": 1.375,
        "translation": [0.125, -0.25, 0.0625],
        "calm": random.uniform(-0.5, 0.5, (21, 3)).round(4).tolist(),
        "own": random.uniform(-0.1, 0.1, (21, 3)).round(4).tolist(),
        "wanted": random.uniform(-0.1, 0.1, (21, 3)).round(4).tolist(),
        "cases": [],
    }
    own, wanted = numpy.array(motion["own"]), numpy.array(motion["wanted"])
    turn = rotation(motion["pitch"], motion["yaw"], motion["roll"])
    for factor in (0, 50, 80, 100):
        for areas, points in (
            (["upper-face", "lower-face"], UPPER_FACE + LOWER_FACE),
            (["upper-face"], UPPER_FACE),
            (["lower-face"], LOWER_FACE),
        ):
            share = numpy.interp(factor, [0, 100], [0, 1.2])
            mixed = own.copy()
            mixed[points] = own[points] * (1 - share) + wanted[points] * share
            placed = motion["scale"] * (numpy.array(motion["calm"]) @ turn.T + mixed) + motion["translation"]
            motion["cases"].append({"factor": factor, "areas": areas, "points": placed.round(6).tolist()})
    with open(os.path.join(HERE, "enhancing-expression.json"), "w") as file:
        json.dump(motion, file)


if __name__ == "__main__":
    tiles()
    enhancer()
    expression()
