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


if __name__ == "__main__":
    tiles()
