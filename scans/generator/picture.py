"""Photographs made by chance, as a newspaper prints them."""

import random

import cv2
import numpy as np
from PIL import Image

_SCREEN = 3.53  # pixels between the dots of an 85 lpi screen at 300 dpi


def photograph(dice: random.Random, width: int, height: int) -> Image.Image:
    """Grey clouds with some hard edges; half of them screened into dots."""
    maker = np.random.default_rng(dice.randrange(1 << 30))
    tone = np.zeros((height, width), np.float32)
    for cells, weight in ((3, 0.6), (9, 0.3), (40, 0.1)):
        small = maker.random((cells, cells)).astype(np.float32)
        tone += weight * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(6):
        x, y = maker.integers(0, width), maker.integers(0, height)
        size = int(maker.integers(10, max(11, min(width, height) // 4)))
        cv2.circle(tone, (int(x), int(y)), size, float(maker.random()), -1)
    tone = np.clip(tone * 1.3 - 0.15, 0.05, 0.92)
    if dice.random() < 0.5:
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        turn = 2 * np.pi / _SCREEN / np.sqrt(2)
        screen = np.cos((columns + rows) * turn) + np.cos((columns - rows) * turn)
        tone = np.where(tone > 0.5 + screen / 4.2, 0.92, 0.1)
    return Image.fromarray((tone * 255).astype(np.uint8))
