"""Draws text as cameras, broadcasters and people burn it into pictures.

There is little footage with known clocks, so both text networks learn from text
drawn here over real pictures: every line comes with its box and its string.
Pictures are uint8 luma and are drawn on in place.
"""

import dataclasses
import functools

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import common

MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "MON TUE WED THU FRI SAT SUN".split()
CHINESE_DAYS = "一二三四五六日"
CLOCKS = (
    ["{Y}-{m}-{d} {H}:{M}:{S}"] * 6 + ["{m}/{d}/{Y} {h}:{M}:{S} {p}"] * 2 +
    ["{d}-{m}-{Y} {H}:{M}:{S}"] * 3 + ["{Y}/{m}/{d} {H}:{M}:{S}"] * 3 +
    ["{m}-{d}-{Y} {H}:{M}:{S}"] * 2 + ["{m}-{d}-{Y} {a} {H}:{M}:{S}"] * 2 +
    ["{d}.{m}.{Y} {H}:{M}:{S}", "{d}-{m}-{Y} {H}:{M}", "{d}/{m}/{Y} {H}:{M}:{S}",
     "{d}/{m}/{y} {H}:{M}:{S}", "{m}/{d}/{Y} {H}:{M}:{S}", "{a} {d} {b} {Y} {H}:{M}:{S}",
     "{b}-{d}-{Y} {h}:{M}:{S}{p}", "{b} {d} {Y} {h}:{M} {p}", "{d} {b} {Y} {H}:{M}:{S}",
     "{Y}年{m}月{d}日 {w} {H}:{M}:{S}", "{Y}年{m}月{d}日 {H}:{M}:{S}",
     "{Y}-{m}-{d} {w} {H}:{M}:{S}", "{Y}-{m}-{d} {a} {H}:{M}:{S}", "{Y}.{m}.{d} {H}:{M}:{S}",
     "{Y}-{m}-{d}T{H}:{M}:{S}", "{Y}-{m}-{d} {H}:{M}:{S}.{f}", "{Y}/{m}/{d} {H}:{M}:{S}.{f}",
     "{H}:{M}:{S} {d}/{m}/{Y}", "{h}:{M}{p} {m}/{d}/{Y}", "{h}:{M}:{S}{p} {m}/{d}/{y}",
     "{H}:{M}:{S}", "{H}:{M}:{S}", "{h}:{M}:{S} {p}", "{H}:{M}", "{h}:{M} {p}",
     "{Y}-{m}-{d}", "{Y}-{m}-{d}", "{m}/{d}/{Y}", "{d}.{m}.{Y}"])
TWO_LINES = ["{Y}-{m}-{d}\n{H}:{M}:{S}", "{m}/{d}/{Y}\n{h}:{M}:{S} {p}",
             "{d}.{m}.{Y}\n{H}:{M}", "{H}:{M}:{S}\n{d}-{m}-{Y}"]
WORDS = """CAM CAMERA FRONT BACK REAR SIDE DOOR GATE YARD LOBBY HALL ENTRANCE EXIT PARKING LOT
STREET ROAD AVE ROOM KITCHEN BEDROOM OFFICE SHOP STORE CASHIER GARAGE STAIRS LIFT ELEVATOR FLOOR
NORTH SOUTH EAST WEST MAIN POOL BATH HOTEL SUITE CORRIDOR WAREHOUSE DOCK GARDEN BALCONY CHANNEL
IPC IPCAM DVR NVR LIVE HD INDOOR OUTDOOR NIGHT MOTION ALARM REC ZONE UNIT SCHOOL GYM BRIDGE MILE
THE AND OF TO IN WITH YOUR NEWS TODAY BREAKING WORLD FOR FROM THIS THAT WHAT PEOPLE TIME YEAR
WATER CITY GAME TEAM MUSIC SUBSCRIBE FOLLOW CHAPTER PART EPISODE STORY GOOD MORNING POLICE""".split()
CHINESE_NAMES = "客厅 卧室 门口 大厅 走廊 车库 办公室 前台 一楼 摄像头 通道 厨房".split()
BRANDS = "BUSHNELL RECONYX MOULTRIE BROWNING STEALTH CUDDEBACK HCO SPYPOINT".split()
HERSHEY = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX,
           cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL]


# --- what is written ---------------------------------------------------------

def number(rng, digits):
    return "".join(rng.choice(list("0123456789"), digits))


def moment(rng, wild):
    """Fields of a date and time; `wild`: any digits, so that none is guessed."""
    def field(low, high):
        return number(rng, 2) if wild else f"{rng.integers(low, high + 1):02d}"
    year = number(rng, 4) if wild else str(rng.integers(2005, 2030))
    hour = field(1, 12)
    if rng.random() < 0.3:
        hour = hour.lstrip("0") or "0"
    return dict(Y=year, y=year[2:], m=field(1, 12), d=field(1, 31), H=field(0, 23), h=hour,
                M=field(0, 59), S=field(0, 59), f=number(rng, rng.integers(1, 4)),
                p=rng.choice(["AM", "PM"]), a=rng.choice(DAYS), b=rng.choice(MONTHS),
                w=("星期" if rng.random() < 0.8 else "周") + rng.choice(list(CHINESE_DAYS)))


def clock(rng, wild=0.5, two_lines=0.0):
    """A clock's text; its lines are separated by line feeds."""
    forms = TWO_LINES if rng.random() < two_lines else CLOCKS
    text = forms[rng.integers(len(forms))].format(**moment(rng, rng.random() < wild))
    if rng.random() < 0.15:
        text = text.replace(" ", "  ")
    return text


def words(rng, count):
    return " ".join(rng.choice(WORDS, count))


def name(rng):
    """A camera's name, a counter, a bit rate: what stands beside a clock."""
    kind = rng.integers(8)
    if kind == 0:
        return f"CAM {rng.integers(1, 65)}"
    if kind == 1:
        return f"{rng.choice(['Camera', 'CH', 'IPCAM', 'D', 'Channel '])}{rng.integers(1, 33):02d}"
    if kind == 2:
        return f"{words(rng, rng.integers(1, 3))} {rng.integers(1, 10)}F"
    if kind == 3:
        return f"{rng.choice(list('NSEW'))} {rng.integers(1, 300)}TH {rng.choice(['ST', 'AVE'])}"
    if kind == 4:
        return f"{rng.integers(100, 9000)}{rng.choice(['Kbps', ' kb/s', ' fps', '#', ''])}"
    if kind == 5:
        return f"{rng.integers(-9, 45)}°C {rng.integers(10, 110)}°F"
    if kind == 6:
        return "".join(rng.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), rng.integers(3, 12)))
    return words(rng, rng.integers(1, 4))


# --- how it is written -------------------------------------------------------

@functools.cache
def faces():
    """Fonts for plain text, and those that have Chinese characters too."""
    files = [file for file in common.fonts()
             if not any(part in file for part in ("Math", "Hairline", "Thin", "japanese", "Droid"))]
    chinese = [file for file in files if "wqy" in file or "uming" in file]
    return files, chinese


@functools.lru_cache(512)
def scalable(file, size):
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def points_per_pixel(file):
    """Font size over the height of its digits."""
    box = scalable(file, 64).getbbox("0")
    return 64 / max(1, box[3] - box[1])


@dataclasses.dataclass
class Style:
    """A face and colours; one picture's camera text shares one."""
    face: object        # a font's file, or the number of a Hershey font
    coarse: int         # digits drawn this high without smoothing, then enlarged; 0: not
    weight: float       # a Hershey stroke's width over the digits' height
    spacing: float      # between characters, over the digits' height
    stretch: float      # of the width
    ink: int            # luma, or -1: black or white, whichever differs from below
    opacity: float
    outline: float      # width over the digits' height; 0: none
    shadow: float       # offset over the digits' height; 0: none
    edge: int           # luma of outline and shadow
    bar: float          # opacity of a bar behind the text; 0: none
    bar_luma: int
    lower: bool         # keep lower-case letters


def style(rng, chinese=False):
    """A random look."""
    files, with_chinese = faces()
    face = rng.choice(with_chinese if chinese else files)
    while ("Italic" in face or "Oblique" in face) and rng.random() < 0.8:
        face = rng.choice(files)
    if not chinese and rng.random() < 0.15:
        face = int(rng.choice(HERSHEY))
    coarse = int(rng.integers(7, 17)) if rng.random() < 0.3 else 0
    ink = int(rng.choice([255, 235, 225, 200, 0, 16, -1], p=[.3, .17, .08, .07, .1, .08, .2]))
    dark = 0 <= ink < 100
    edge = int(rng.integers(180, 256)) if dark else int(rng.integers(0, 60))
    look = rng.choice(["plain", "outline", "shadow", "bar", "glass"], p=[.32, .26, .12, .15, .15])
    if ink < 0:
        look = "plain"
    return Style(
        face=face, coarse=coarse, weight=rng.uniform(0.05, 0.16),
        spacing=rng.uniform(0, 0.35) if rng.random() < 0.35 else 0.0,
        stretch=rng.uniform(0.75, 1.4) if rng.random() < 0.35 else 1.0,
        ink=ink, opacity=rng.uniform(0.65, 1.0) if rng.random() < 0.25 else 1.0,
        outline=rng.uniform(0.04, 0.14) if look == "outline" else 0.0,
        shadow=rng.uniform(0.05, 0.16) if look == "shadow" else 0.0, edge=edge,
        bar={"bar": 1.0, "glass": rng.uniform(0.25, 0.8)}.get(look, 0.0), bar_luma=edge,
        lower=rng.random() < 0.5)


def strip(text, height, look):
    """Coverage 0..255 of one line whose digits are `height` pixels high, cut to its ink."""
    drawn = look.coarse if 0 < look.coarse < height * 1.5 else height
    if isinstance(look.face, int):
        text = text.replace("°", "")
        base = cv2.getTextSize("0", look.face, 1, 1)[0][1]
        scale, thick = drawn / base, max(1, round(drawn * look.weight))
        (width, high), below = cv2.getTextSize(text, look.face, scale, thick)
        mask = np.zeros((high + below + 2 * thick + 4, width + 2 * thick + 4), np.uint8)
        cv2.putText(mask, text, (thick, high + thick + 1), look.face, scale, 255, thick,
                    cv2.LINE_8 if look.coarse else cv2.LINE_AA)
    else:
        font = scalable(look.face, max(4, round(drawn * points_per_pixel(look.face))))
        gap = look.spacing * drawn
        width = font.getlength(text) + gap * len(text)
        page = Image.new("L", (int(width) + drawn + 4, 3 * drawn + 8))
        pen = ImageDraw.Draw(page)
        pen.fontmode = "1" if look.coarse else "L"
        if gap:
            x = 2.0
            for character in text:
                pen.text((round(x), 2), character, 255, font)
                x += font.getlength(character) + gap
        else:
            pen.text((2, 2), text, 255, font)
        mask = np.asarray(page)
    rows, columns = np.flatnonzero(mask.max(1)), np.flatnonzero(mask.max(0))
    if not len(rows):
        return np.zeros((height, 1), np.uint8)
    mask = mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    zoom = height / drawn
    size = (max(1, round(mask.shape[1] * zoom * look.stretch)), max(1, round(mask.shape[0] * zoom)))
    if size == mask.shape[::-1]:
        return mask
    return cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST if look.coarse else cv2.INTER_LINEAR)


def paint(picture, mask, x, y, look, height):
    """Puts a strip's top left corner at (x, y), which may lie outside; its visible box."""
    margin = int(np.ceil(height * 0.35))
    mask = cv2.copyMakeBorder(mask, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    left, top = x - margin, y - margin
    x0, y0 = max(0, left), max(0, top)
    x1 = min(picture.shape[1], left + mask.shape[1])
    y1 = min(picture.shape[0], top + mask.shape[0])
    if x1 <= x0 or y1 <= y0:
        return None
    window = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    below = picture[y0:y1, x0:x1].astype(np.float32)
    if look.bar:
        below += (look.bar_luma - below) * look.bar
    if look.outline or look.shadow:
        if look.outline:
            size = 2 * max(1, round(look.outline * height)) + 1
            around = cv2.dilate(mask, np.ones((size, size), np.uint8))
        else:
            step = max(1, round(look.shadow * height))
            around = np.zeros_like(mask)
            around[step:, step:] = mask[:-step, :-step]
        below += (look.edge - below) * (around[window] / np.float32(255))
    ink = look.ink
    if ink < 0:
        # Character by character, as some cameras do to stay legible.
        cells = (max(1, round(below.shape[1] / (0.75 * height))), 1)
        ink = np.where(cv2.resize(cv2.resize(below, cells, interpolation=cv2.INTER_AREA), below.shape[::-1],
                                  interpolation=cv2.INTER_NEAREST) > 120, 16, 235)
    below += (ink - below) * (mask[window] * np.float32(look.opacity / 255))
    picture[y0:y1, x0:x1] = below
    box = (max(0, x), max(0, y), min(picture.shape[1], x + mask.shape[1] - 2 * margin),
           min(picture.shape[0], y + mask.shape[0] - 2 * margin))
    return box if box[2] - box[0] >= 2 and box[3] - box[1] >= 2 else None


def write(picture, text, x, y, height, look, align=0.0):
    """One line at (x, y); `align` is the share of its width that lies left of x."""
    mask = strip(text if look.lower else text.upper(), height, look)
    return paint(picture, mask, int(x - align * mask.shape[1]), int(y), look, height)


# --- what cameras burn in ----------------------------------------------------

def block(rng, picture, lines, height, look, corner):
    """Lines one above the other in a corner (0 left, 1 right; 0 top, 1 bottom)."""
    high, wide = picture.shape
    across, down = corner
    masks = [strip(line if look.lower else line.upper(), height, look) for line in lines]
    widest = max(mask.shape[1] for mask in masks)
    if widest > 0.98 * wide:
        height = max(6, int(height * 0.95 * wide / widest))
        masks = [strip(line if look.lower else line.upper(), height, look) for line in lines]
    step = int(height * rng.uniform(1.2, 1.9))
    tight = rng.random() < 0.3
    inset_x = int(rng.uniform(-0.2, 0.4) * height) if tight else int(rng.uniform(0.2, 4) * height)
    inset_y = int(rng.uniform(-0.3, 0.3) * height) if tight else int(rng.uniform(0.2, 2) * height)
    tall = step * (len(masks) - 1) + height
    y = inset_y if down == 0 else high - inset_y - tall if down == 1 else int(down * (high - tall))
    boxes = []
    for mask in masks:
        x = int(across * (wide - mask.shape[1])) + int((1 - 2 * across) * inset_x)
        boxes.append(paint(picture, mask, x, y, look, height))
        y += step
    return boxes


def camera(rng, picture):
    """A surveillance camera's text: [(box, is clock)]."""
    high = picture.shape[0]
    height = max(6, int(high * np.exp(rng.uniform(np.log(0.022), np.log(0.09)))))
    found = []
    corners = [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0), (0.5, 1)]
    order = [corners[i] for i in rng.choice(6, 3, replace=False, p=[.22, .22, .22, .22, .06, .06])]
    if rng.random() < 0.08:
        order[0] = (rng.random(), rng.uniform(0.1, 0.9))
    if rng.random() < 0.8:
        text = clock(rng, wild=0.2, two_lines=0.18)
        lines = [(line, True) for line in text.split("\n")]
        if rng.random() < 0.15:
            lines.insert(rng.integers(2) * len(lines), (name(rng), False))
        chinese = any(ord(character) > 0x2000 for character in text)
        look = style(rng, chinese)
        boxes = block(rng, picture, [line for line, _ in lines], height, look, order[0])
        found += [(box, timed) for box, (_, timed) in zip(boxes, lines)]
    else:
        look = style(rng)
    for corner in order[1:]:
        if rng.random() < 0.45:
            chinese = rng.random() < 0.15
            text = str(rng.choice(CHINESE_NAMES)) if chinese else name(rng)
            own = style(rng, chinese) if chinese or rng.random() < 0.3 else look
            found += [(box, False) for box in block(rng, picture, [text], height, own, corner)]
    return [(box, timed) for box, timed in found if box]


def trail_bar(rng, picture):
    """A wildlife camera's information bar."""
    high, wide = picture.shape
    height = max(6, int(high * rng.uniform(0.022, 0.055)))
    tall = int(height * rng.uniform(1.3, 2.4))
    top = high - tall if rng.random() < 0.8 else 0
    look = style(rng)
    look.bar, look.outline, look.shadow = 0.0, 0.0, 0.0
    if rng.random() < 0.85:
        look.ink = int(rng.choice([255, 230]))
        luma = int(rng.integers(0, 60))
        if rng.random() < 0.25:
            look.ink, luma = int(rng.integers(0, 40)), int(rng.integers(170, 256))
        picture[top:top + tall] = luma
    fields = moment(rng, False)
    date, time = rng.choice(["{m}/{d}/{Y}", "{Y}-{m}-{d}", "{d}.{m}.{Y}", "{m}-{d}-{Y}"]), \
        rng.choice(["{h}:{M} {p}", "{H}:{M}:{S}", "{h}:{M}{p}", "{H}:{M}"])
    pieces = [(f"{date} {time}".format(**fields), True)] if rng.random() < 0.6 else \
        [(date.format(**fields), True), (time.format(**fields), True)]
    for text in (rng.choice(BRANDS), f"{rng.integers(-9, 40)}°C {rng.integers(10, 100)}°F",
                 f"{rng.integers(10, 99)}°F", f"{rng.uniform(28, 31):.2f} inHg", words(rng, 1),
                 number(rng, 4)):
        if rng.random() < 0.4:
            pieces.insert(rng.integers(len(pieces) + 1), (text, False))
    y = top + (tall - height) // 2
    while True:
        masks = [strip(text, height, look) for text, _ in pieces]
        free = wide - sum(mask.shape[1] for mask in masks)
        if free > height * len(masks) or height <= 6:
            break
        height = max(6, int(height * 0.85))
    gap = max(height // 2, int(free / (len(masks) + 1) * rng.uniform(0.3, 1.0)))
    x, found = gap // 2, []
    for mask, (_, timed) in zip(masks, pieces):
        found.append((paint(picture, mask, x, y, look, height), timed))
        x += mask.shape[1] + gap
    return [(box, timed) for box, timed in found if box]


# --- what others burn in, and text that is part of the scene -----------------

def caption(rng, picture):
    """Subtitles, titles, a news ticker, a watermark or a channel's logo."""
    high, wide = picture.shape
    kind = rng.integers(5)
    look = style(rng)
    if kind == 0:
        lines = [words(rng, rng.integers(2, 7)).lower() for _ in range(rng.integers(1, 3))]
        boxes = block(rng, picture, lines, max(7, int(high * rng.uniform(0.03, 0.07))), look,
                      (0.5, rng.uniform(0.75, 0.97)))
    elif kind == 1:
        boxes = block(rng, picture, [words(rng, rng.integers(1, 4))],
                      int(high * rng.uniform(0.06, 0.16)), look, (rng.random(), rng.random()))
    elif kind == 2:
        top, tall = int(high * rng.uniform(0.8, 0.92)), int(high * rng.uniform(0.05, 0.1))
        picture[top:top + tall] = rng.integers(0, 256)
        boxes = [write(picture, words(rng, 14), -rng.integers(200), top + tall // 4, max(6, tall // 2),
                       look)]
    elif kind == 3:
        text = rng.choice(["@", "www.", "", "TikTok @"]) + words(rng, 1).lower() + number(rng, 2)
        boxes = block(rng, picture, [text], max(7, int(high * rng.uniform(0.025, 0.06))), look,
                      (rng.random(), rng.random()))
    else:
        boxes = block(rng, picture, [str(rng.choice(["NBC", "BBC", "CNN", "ARTE", "TV5", "LIVE", "HBO"]))],
                      int(high * rng.uniform(0.03, 0.09)), look,
                      (int(rng.integers(2)), int(rng.integers(2))))
    return [(box, False) for box in boxes if box]


def score(rng, picture):
    """A score box with its clock, or a running time code."""
    high, wide = picture.shape
    height = max(7, int(high * rng.uniform(0.025, 0.06)))
    look = style(rng)
    running = f"{rng.integers(0, 95):02d}:{rng.integers(60):02d}"
    if rng.random() < 0.3:
        text = f"{number(rng, 2)}:{running}:{number(rng, 2)}"
    else:
        text = rng.choice([f"{running} {words(rng, 1)[:3]} {rng.integers(9)}-{rng.integers(9)} "
                           f"{words(rng, 1)[:3]}", running, f"Q{rng.integers(1, 5)} {running}",
                           f"{rng.integers(130)}-{rng.integers(130)}"])
        look.bar, look.bar_luma = 1.0, 255 - look.ink if look.ink >= 0 else 0
    boxes = block(rng, picture, [str(text)], height, look, (rng.choice([0, 0.5, 1]), int(rng.integers(2))))
    return [(box, False) for box in boxes if box]


def screen(rng, picture):
    """Windows full of text, as of a computer; the area they cover."""
    high, wide = picture.shape
    x0, y0 = int(wide * rng.uniform(0, 0.4)), int(high * rng.uniform(0, 0.4))
    x1, y1 = int(wide * rng.uniform(0.6, 1)), int(high * rng.uniform(0.6, 1))
    dark = rng.random() < 0.4
    picture[y0:y1, x0:x1] = rng.integers(0, 60) if dark else rng.integers(200, 256)
    look = style(rng)
    look.ink, look.bar, look.outline, look.shadow, look.coarse = 230 if dark else 20, 0, 0, 0, 0
    height = max(6, int(high * rng.uniform(0.018, 0.04)))
    page = picture[y0:y1, x0:x1]
    log = rng.random() < 0.2         # every line starts with the time
    for y in range(height, y1 - y0 - height, int(height * rng.uniform(1.5, 2.5))):
        text = words(rng, rng.integers(1, 12)).lower()
        if rng.random() < 0.3:
            text = f"{number(rng, 3)} {text[:30]} {number(rng, 2)}:{number(rng, 2)}"
        if log:
            text = "{Y}-{m}-{d} {H}:{M}:{S} ".format(**moment(rng, False)) + text
        write(page, text, rng.integers(1, 6) * height, y, height, look)
    return (x0, y0, x1, y1)


def scene_text(rng, picture):
    """A sign, number plate or jersey: text on a surface seen at a slant."""
    high, wide = picture.shape
    look = style(rng)
    height = 24
    text = rng.choice([words(rng, rng.integers(1, 3)), number(rng, 2), name(rng)])
    mask = strip(text, height, look)
    sign = np.full((mask.shape[0] + 24, mask.shape[1] + 24), rng.integers(0, 256), np.uint8)
    look.bar, look.outline, look.shadow = 0, 0, 0
    paint(sign, mask, 12, 12, look, height)
    tall, broad = sign.shape
    zoom = high * rng.uniform(0.04, 0.3) / tall
    centre = rng.uniform(0.1, 0.9, 2) * (wide, high)
    corners = np.float32([(-broad, -tall), (broad, -tall), (broad, tall), (-broad, tall)]) / 2 * zoom
    corners += rng.normal(0, 0.12, (4, 2)) * tall * zoom * 2
    angle = rng.normal(0, 0.35)
    turn = np.float32([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (corners @ turn.T + centre).astype(np.float32)
    source = np.float32([(0, 0), (broad, 0), (broad, tall), (0, tall)])
    warp = cv2.getPerspectiveTransform(source, corners)
    coverage = cv2.warpPerspective(np.full_like(sign, 255), warp, (wide, high)) / np.float32(255)
    shown = cv2.warpPerspective(cv2.GaussianBlur(sign, (0, 0), rng.uniform(0.3, 1.5)), warp, (wide, high))
    picture[:] = picture + (shown - picture.astype(np.float32)) * coverage * rng.uniform(0.6, 1)


def degrade(rng, picture, narrowest, worst=10):
    """`picture` as a cheap camera and a low bit rate leave it, in its own size.

    Its width shrinks to `narrowest` at least, its JPEG quality to `worst`.
    """
    high, wide = picture.shape
    gain, lift = rng.uniform(0.7, 1.15), rng.uniform(-15, 25)
    picture = cv2.convertScaleAbs(picture, alpha=gain, beta=max(0.0, lift))
    size = None
    if rng.random() < 0.6 and wide > narrowest:
        shrunk = int(np.exp(rng.uniform(np.log(narrowest), np.log(wide))))
        size = (shrunk, max(4, round(high * shrunk / wide)))
        how = cv2.INTER_AREA if rng.random() < 0.7 else cv2.INTER_LINEAR
        picture = cv2.resize(picture, size, interpolation=how)
    if rng.random() < 0.3:
        noise = np.empty(picture.shape, np.int16)
        cv2.setRNGSeed(int(rng.integers(1 << 30)))
        cv2.randn(noise, 0, rng.uniform(1, 14))
        picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
    if rng.random() < 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 0.9))
    if rng.random() < 0.8:
        picture = common.jpeg(picture, rng.integers(worst, 96))
    if size:
        picture = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_LINEAR)
    return picture
