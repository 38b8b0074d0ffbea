"""OpenCV's side of the kernel comparison, on one thread.

Reads the name of a kernel a line and answers with microseconds a call, or 0 where OpenCV has nothing of the kind. Pictures are of the
types that make OpenCV fastest, frames are RGB already, and outputs are allocated once.
"""
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
random = np.random.default_rng(1)
frame_yuv = random.integers(0, 256, (1080 * 3 // 2, 1920), dtype=np.uint8)
frame = cv2.cvtColor(frame_yuv, cv2.COLOR_YUV2RGB_I420)
whole = np.empty_like(frame)
crop = random.integers(0, 256, (256, 256, 3), dtype=np.uint8)
crop_float = crop.astype(np.float32)
mask = random.random((256, 256), dtype=np.float32)
mask_bytes = (mask * 255).astype(np.uint8)
plane = random.random((1024, 1024), dtype=np.float32)
small = random.random((256, 256), dtype=np.float32)
region = np.ascontiguousarray(frame[240:840, 660:1260])
other = random.integers(0, 256, region.shape, dtype=np.uint8)
region_mask = random.random(region.shape[:2], dtype=np.float32)
region_rest = 1 - region_mask
region_float = region.astype(np.float32)
turn = cv2.getRotationMatrix2D((128, 128), 17, 600 / 256)
turn[:, 2] += (960 - 128, 540 - 128)
turn_in_region = turn.copy()
turn_in_region[:, 2] -= (660 - 90, 240 - 90)
small_turn = cv2.getRotationMatrix2D((95.5, 95.5), 2.86, 1)
small_turn[:, 2] += 109 - 95.5
corners = np.array(
    [(128 + 90 * np.cos(a), 128 + 110 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 36, endpoint=False)]
).astype(np.int32)
filled = np.zeros((256, 256), np.uint8)
blurred = np.empty_like(mask)


def crop_from_frame():
    cut = cv2.warpAffine(frame, turn, (256, 256), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return cv2.dnn.blobFromImage(cut)


def minified_crop():
    # OpenCV's warps read one place a pixel, whatever the scale; like for like is to shrink by areas first and to turn what is left.
    part = frame[140:940, 560:1360]
    less = cv2.resize(part, (219, 219), interpolation=cv2.INTER_AREA)
    cut = cv2.warpAffine(less, small_turn, (192, 192), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT)
    return cv2.dnn.blobFromImage(cut, 1 / 255)


def paste_crop():
    # The box around a crop of 600 x 600 that is turned by 17 degrees has 750 pixels in each direction.
    warped = cv2.warpAffine(crop, turn_in_region, (750, 750), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    weight = cv2.warpAffine(mask, turn_in_region, (750, 750), flags=cv2.INTER_LINEAR)
    place = frame[165:915, 585:1335]
    place[:] = cv2.blendLinear(warped, np.ascontiguousarray(place), weight, 1 - weight)


def box_blur():
    cv2.blur(mask, (17, 17), dst=blurred, borderType=cv2.BORDER_REPLICATE)
    cv2.blur(blurred, (17, 17), dst=blurred, borderType=cv2.BORDER_REPLICATE)
    cv2.blur(blurred, (17, 17), dst=blurred, borderType=cv2.BORDER_REPLICATE)


kernels = {
    "frame to RGB": lambda: cv2.cvtColor(frame_yuv, cv2.COLOR_YUV2RGB_I420, dst=whole),
    "crop from YUV": crop_from_frame,
    "crop from YUV, turned and scaled down": minified_crop,
    "paste a crop": paste_crop,
    "blend a region": lambda: cv2.blendLinear(other, region, region_mask, region_rest),
    "RGB to YUV": lambda: cv2.cvtColor(region_float, cv2.COLOR_RGB2YUV),
    "box blur": box_blur,
    "Gaussian blur": lambda: cv2.GaussianBlur(mask, (0, 0), 5, dst=blurred, borderType=cv2.BORDER_REFLECT_101),
    "scale down": lambda: cv2.resize(plane, (256, 256), interpolation=cv2.INTER_AREA),
    "scale up": lambda: cv2.resize(small, (1024, 1024), interpolation=cv2.INTER_LINEAR),
    "polygon mask": lambda: cv2.fillPoly(filled, [corners], 255, cv2.LINE_AA),
    "colour statistics": lambda: cv2.meanStdDev(crop_float, mask=mask_bytes),
    "tensor packing": lambda: cv2.dnn.blobFromImage(crop, 1 / 127.5, mean=(127.5, 127.5, 127.5)),
}

print(cv2.__version__, flush=True)
for line in sys.stdin:
    run = kernels.get(line.strip())
    if run is None:
        print(0, flush=True)
        continue
    run()
    count = 0
    start = time.perf_counter()
    while time.perf_counter() - start < 0.06:
        run()
        count += 1
    print(1e6 * (time.perf_counter() - start) / count, flush=True)
