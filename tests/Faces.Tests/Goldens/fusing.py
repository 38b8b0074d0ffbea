"""Golden values of the swap stages (alignment, crop, masks, pixel boost, paste-back), made with OpenCV and numpy.

    python3 tests/Faces.Tests/Goldens/fusing.py

writes fusing.json and fusing-*.bin beside itself. The committed files were made with OpenCV 4.6.0 and numpy 1.24.2. No random source of
the platform is used: the same versions give the same bytes.
"""
import json
import pathlib

import cv2
import numpy

HERE = pathlib.Path(__file__).parent
FRAME_WIDTH, FRAME_HEIGHT = 160, 128
CROP = 64

ARCFACE_128 = [
    [0.36167656, 0.40387734], [0.63696719, 0.40235469], [0.50019687, 0.56044219],
    [0.38710391, 0.72160547], [0.61507734, 0.72034453],
]
FFHQ_512 = [
    [0.37691676, 0.46864664], [0.62285697, 0.46912813], [0.50123859, 0.61331904],
    [0.39308822, 0.72541100], [0.61150205, 0.72490465],
]


def save(name, array):
    (HERE / f"fusing-{name}.bin").write_bytes(numpy.ascontiguousarray(array).tobytes())


def yuv_frame():
    """Waves and a fine chequer in full-range BT.601 4:4:4, everywhere a colour of RGB, and the same picture as BGR bytes."""
    y, x = numpy.mgrid[0:FRAME_HEIGHT, 0:FRAME_WIDTH].astype(numpy.float64)
    luma = 128 + 35 * numpy.sin(x / 7 + y / 11) + 15 * numpy.cos(x / 13 - y / 5) + 6 * ((x + y) % 2)
    cb = 128 + 20 * numpy.sin(x / 23 - y / 17)
    cr = 128 + 20 * numpy.cos(x / 19 + y / 29)
    planes = numpy.stack([luma, cb, cr]).round().clip(0, 255).astype(numpy.uint8)
    return planes, to_bgr(planes)


def to_bgr(planes):
    luma, cb, cr = planes[0].astype(float), planes[1] - 128.0, planes[2] - 128.0
    red, blue = luma + 1.402 * cr, luma + 1.772 * cb
    green = (luma - 0.299 * red - 0.114 * blue) / 0.587
    return numpy.stack([blue, green, red], axis=2).round().clip(0, 255).astype(numpy.uint8)


def estimate(points, template, size):
    return cv2.estimateAffinePartial2D(
        numpy.array(points, dtype=numpy.float32), numpy.array(template, dtype=numpy.float32) * size,
        method=cv2.RANSAC, ransacReprojThreshold=100)[0]


def warp(frame, matrix, size):
    crop = cv2.warpAffine(frame, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_AREA)
    same = cv2.warpAffine(frame, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_LINEAR)
    assert (crop == same).all(), "INTER_AREA is INTER_LINEAR here"
    return crop


def box_mask(size, blur, padding):
    amount = int(size * 0.5 * blur)
    border = max(amount // 2, 1)
    mask = numpy.ones((size, size), dtype=numpy.float32)
    mask[:max(border, int(size * padding[0] / 100)), :] = 0
    mask[-max(border, int(size * padding[2] / 100)):, :] = 0
    mask[:, :max(border, int(size * padding[3] / 100))] = 0
    mask[:, -max(border, int(size * padding[1] / 100)):] = 0
    measured = int(numpy.argmax(mask[size // 2] > 0)) if padding[3] == 0 else None
    if amount > 0:
        mask = cv2.GaussianBlur(mask, (0, 0), amount * 0.25)
    return mask, measured, amount * 0.25


def taps_of(sigma):
    impulse = numpy.zeros((1, 401), dtype=numpy.float32)
    impulse[0, 200] = 1
    return int((cv2.GaussianBlur(impulse, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT) > 0).sum())


def soft_edge(mask):
    return (cv2.GaussianBlur(mask.clip(0, 1).astype(numpy.float32), (0, 0), 5).clip(0.5, 1) - 0.5) * 2


def outline(size):
    """68 whole-numbered points in the order of the 300-W markup: an ellipse for the jaw, arcs and rows for the rest."""
    points = []
    for i in range(17):
        angle = numpy.pi * (1 - i / 16)
        points.append([0.5 + 0.36 * numpy.cos(angle), 0.42 + 0.48 * numpy.sin(angle)])
    points += [[0.2 + 0.055 * i, 0.26 - 0.03 * (2 - abs(i - 2))] for i in range(5)]
    points += [[0.58 + 0.055 * i, 0.26 - 0.03 * (2 - abs(i - 2))] for i in range(5)]
    points += [[0.5, 0.36 + 0.07 * i] for i in range(4)]
    points += [[0.42 + 0.04 * i, 0.61 + 0.01 * (2 - abs(i - 2))] for i in range(5)]
    for left in (0.28, 0.6):
        points += [[left + 0.06 + 0.06 * numpy.cos(t), 0.37 + 0.03 * numpy.sin(t)] for t in numpy.arange(6) * numpy.pi / 3]
    points += [[0.5 - 0.15 * numpy.cos(t), 0.74 - 0.07 * numpy.sin(t)] for t in numpy.arange(12) * numpy.pi / 6]
    points += [[0.5 - 0.1 * numpy.cos(t), 0.74 - 0.03 * numpy.sin(t)] for t in numpy.arange(8) * numpy.pi / 4]
    return (numpy.array(points) * size).astype(numpy.int32)


AREAS = {
    "upper-face": [0, 1, 2, 31, 32, 33, 34, 35, 14, 15, 16, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17],
    "lower-face": [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 35, 34, 33, 32, 31],
    "mouth": list(range(48, 68)),
}


def area_mask(points, areas, size):
    mask = numpy.zeros((size, size), dtype=numpy.float32)
    hull = cv2.convexHull(points[[i for area in areas for i in AREAS[area]]].astype(numpy.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    return soft_edge(mask)


def occlusion_mask(crop, channels):
    """The net of the tests: seen = 1.5 - 2 * channel of a BGR picture with channels last."""
    picture = cv2.resize(crop, (256, 256))[None].astype(numpy.float32) / 255
    masks = []
    for channel in channels:
        seen = (1.5 - 2 * picture[0, :, :, channel]).clip(0, 1).astype(numpy.float32)
        masks.append(cv2.resize(seen, crop.shape[:2][::-1]))
    return soft_edge(numpy.minimum.reduce(masks))


def region_mask(crop, ids):
    """The net of the tests: bands of rows, class 0 where red is more than 0.3 above blue."""
    picture = cv2.resize(crop, (512, 512))[:, :, ::-1].astype(numpy.float32) / 255
    rows = (numpy.arange(512) + 0.5) * 19 / 512
    scores = -abs(rows[None, :, None] - (numpy.arange(19) + 0.5)[:, None, None]) * numpy.ones((1, 1, 512))
    scores[0] += 1000 * (picture[:, :, 0] - picture[:, :, 2] - 0.3).clip(0, None)
    chosen = numpy.isin(scores.argmax(0), ids).astype(numpy.float32)
    return soft_edge(cv2.resize(chosen, crop.shape[:2][::-1]))


def paste(frame, crop, mask, matrix):
    """crop and mask of floats into bytes: bilinear, then a truncating cast."""
    height, width = frame.shape[:2]
    inverse = cv2.invertAffineTransform(matrix)
    size = crop.shape[0]
    corners = numpy.array([[0, 0], [size, 0], [size, size], [0, size]], dtype=numpy.float32)
    corners = cv2.transform(corners[None], inverse)[0]
    x1, y1 = numpy.floor(corners.min(0)).astype(int).clip(0, [width, height])
    x2, y2 = numpy.ceil(corners.max(0)).astype(int).clip(0, [width, height])
    moved = inverse.copy()
    moved[:, 2] -= [x1, y1]
    area = (x2 - x1, y2 - y1)
    weight = cv2.warpAffine(mask.astype(numpy.float32), moved, area).clip(0, 1)[:, :, None]
    face = cv2.warpAffine(crop.astype(numpy.float32), moved, area, borderMode=cv2.BORDER_REPLICATE)
    result = frame.copy()
    part = frame[y1:y2, x1:x2]
    result[y1:y2, x1:x2] = (part * (1 - weight) + face * weight).astype(frame.dtype)
    return result


def quantised(mask):
    return (mask * 255).round().astype(numpy.uint8)


def main():
    planes, frame = yuv_frame()
    save("frame", planes)
    values = {"width": FRAME_WIDTH, "height": FRAME_HEIGHT, "crop": CROP, "poses": [], "boxes": []}

    # Alignment and crops: inside, turned and across a corner, and large enough that a crop pixel spans 2.4 of the frame's.
    poses = {
        "inside": [[66, 52], [91, 54], [78, 68], [67, 82], [89, 83]],
        "corner": [[18, 14], [40, 26], [22, 33], [10, 42], [30, 51]],
        "coarse": [[58, 44], [101, 46], [79, 70], [61, 97], [99, 98]],
    }
    for name, points in poses.items():
        matrix = estimate(points, ARCFACE_128, CROP)
        save(f"warp-{name}", warp(frame, matrix, CROP))
        values["poses"].append({"name": name, "template": "arcface_128", "points": points, "size": CROP, "matrix": matrix.ravel().tolist()})
    for size in (256, 512):
        points = [[310.5, 240.25], [372.0, 251.5], [338.0, 281.0], [301.25, 322.75], [353.5, 333.0]]
        values["poses"].append({"name": None, "template": "ffhq_512", "points": points, "size": size, "matrix": estimate(points, FFHQ_512, size).ravel().tolist()})

    lines = []
    for size, blur, padding in [
        (128, 0.3, [0, 0, 0, 0]), (256, 0.3, [0, 0, 0, 0]), (512, 0.3, [0, 0, 0, 0]),
        (128, 0.0, [0, 0, 0, 0]), (128, 1.0, [0, 0, 0, 0]), (256, 0.7, [5, 10, 20, 33]), (400, 0.7, [0, 0, 0, 0]),
    ]:
        mask, border, sigma = box_mask(size, blur, padding)
        values["boxes"].append({
            "size": size, "blur": blur, "padding": padding, "border": border, "sigma": sigma,
            "taps": taps_of(sigma) if sigma > 0 else 0,
        })
        lines += [mask[size // 2], mask[:, size // 2], numpy.diagonal(mask)]
    save("boxes", numpy.concatenate(lines).astype(numpy.float32))

    size = 96
    points = outline(size)
    values["outline"] = {"size": size, "points": points.ravel().tolist()}
    sets = [["upper-face"], ["lower-face"], ["mouth"], ["upper-face", "lower-face", "mouth"], ["lower-face", "mouth"]]
    values["areas"] = sets
    save("areas", numpy.stack([quantised(area_mask(points, areas, size)) for areas in sets]))

    crop = warp(frame, estimate(poses["inside"], ARCFACE_128, size), size)
    y, x = numpy.mgrid[0:size, 0:size]
    crop[:, :, 0] = (20 + 215 / (1 + numpy.exp((40 - x - y / 4) / 6))).astype(numpy.uint8)
    crop[:, :, 1] //= 4
    crop[:, :, 2] = (230 - 215 / (1 + numpy.exp((70 - y + x / 5) / 6))).astype(numpy.uint8)
    save("masked-crop", crop)
    save("occlusion", numpy.stack([quantised(occlusion_mask(crop, [0])), quantised(occlusion_mask(crop, [0, 1, 2]))]))
    values["regions"] = {"names": ["skin", "left-eyebrow", "right-eyebrow", "left-eye", "right-eye", "nose", "mouth", "upper-lip"], "ids": [1, 2, 3, 4, 5, 10, 11, 12]}
    save("regions", quantised(region_mask(crop, values["regions"]["ids"])))

    # Pixel boost: tile a * k + b is every k-th pixel of every k-th row from row a, column b.
    k, tile = 3, 4
    big = numpy.arange(3 * (k * tile) ** 2).reshape(3, k * tile, k * tile)
    tiles = [big[:, a::k, b::k] for a in range(k) for b in range(k)]
    values["boost"] = {"k": k, "tile": tile, "tiles": [t.ravel().tolist() for t in tiles]}

    # Paste-back of a crop of floats, and a whole swap: the crop in bytes, a tint of R + 0.1 and B - 0.05, a box, the paste.
    for name in ("inside", "corner"):
        matrix = estimate(poses[name], ARCFACE_128, CROP)
        y, x = numpy.mgrid[0:CROP, 0:CROP].astype(numpy.float32)
        crop = numpy.stack([128 + 90 * numpy.sin(x / 9), 120 + 90 * numpy.cos(y / 8), 100 + 60 * numpy.sin((x + y) / 10)], axis=2)
        mask, _, _ = box_mask(CROP, 0.5, [0, 0, 0, 0])
        if name == "corner":
            save("paste-corner", paste(frame, crop, mask, matrix))
        face = warp(frame, matrix, CROP)[:, :, ::-1].astype(numpy.float32) / 255
        face = (face + numpy.array([0.1, 0, -0.05], dtype=numpy.float32)).clip(0, 1)[:, :, ::-1] * 255
        save(f"swap-{name}", paste(frame, face, box_mask(CROP, 0.3, [0, 0, 0, 0])[0], matrix))

    (HERE / "fusing.json").write_text(json.dumps(values, indent=1) + "\n")


main()
