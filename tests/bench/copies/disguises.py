"""What is done to a copy so that it is not found.

A disguise is a function of (edit, kit, random) that changes the edit; `random`
is seeded by the copy's name. TABLE has them all by name, in the order of the
report; its second column says how the copy is encoded.
"""

import math

from edit import even

H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23")


def x264(crf):
    return ("-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf))


X265 = ("-c:v", "libx265", "-preset", "veryfast", "-crf", "30",
        "-x265-params", "log-level=error:pools=none:frame-threads=1")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8",
       "-b:v", "0", "-crf", "40")
MPEG4 = ("-c:v", "mpeg4", "-q:v", "8")
MJPEG = ("-c:v", "mjpeg", "-q:v", "12", "-color_range", "pc")


def suffix(encoder):
    if "libvpx-vp9" in encoder:
        return ".webm"
    return ".avi" if "mpeg4" in encoder or "mjpeg" in encoder else ".mp4"


def nothing(edit, kit, random):
    del edit, kit, random


def step(text):
    """A disguise that is one filter and leaves size and time as they are."""
    return lambda edit, kit, random: edit.filter(text)


# Size and shape.


def scale_to(height):
    return lambda edit, kit, random: edit.resize(edit.width * height / edit.height, height)


def crop(share, centred):
    """Takes `share` off the width and the height."""
    def apply(edit, kit, random):
        width, height = edit.width * (1 - share), edit.height * (1 - share)
        across, down = (0.5, 0.5) if centred else random.choice(
            [(0, 0), (0, 1), (1, 0), (1, 1), (0.2, 0.9), (0.9, 0.3)])
        edit.crop(width, height, across * (edit.width - width),
                  down * (edit.height - height))
    return apply


def border(across, down, colours):
    """Adds `across` of the width and `down` of the height in all."""
    def apply(edit, kit, random):
        width, height = edit.width * (1 + across), edit.height * (1 + down)
        edit.pad(width, height, (width - edit.width) / 2, (height - edit.height) / 2,
                 random.choice(colours))
    return apply


def blurred_border(width, height):
    """Over its own blurred enlargement, in a canvas of that size."""
    def apply(edit, kit, random):
        scale = min(width / edit.width, height / edit.height)
        inner = (even(edit.width * scale), even(edit.height * scale))
        other, = edit.split()
        inside = edit.side(other, f"scale={inner[0]}:{inner[1]}")
        edit.filter(f"scale={width}:{height}:force_original_aspect_ratio=increase,"
                    f"crop={width}:{height},boxblur=12:2")
        edit.filter("overlay=(W-w)/2:(H-h)/2,setsar=1", inside)
        edit.width, edit.height = width, height
    return apply


def quarter_turn(edit, kit, random):
    edit.filter(f"transpose={random.choice(('clock', 'cclock'))}")
    edit.width, edit.height = edit.height, edit.width


def rotate(degrees, cropped):
    """Leaves black corners, or the largest part of the same shape without."""
    def apply(edit, kit, random):
        angle = math.radians(degrees) * random.choice((-1, 1))
        edit.filter(f"rotate={angle:.5f}:fillcolor=black")
        if not cropped:
            return
        shape = max(edit.width / edit.height, edit.height / edit.width)
        share = 1 / (math.cos(angle) + shape * math.sin(abs(angle)))
        width, height = edit.width * share, edit.height * share
        edit.crop(width, height, (edit.width - width) / 2, (edit.height - height) / 2)
    return apply


# Time.


def speed(factor):
    return lambda edit, kit, random: edit.speed_up(factor)


def frame_rate(rate):
    def apply(edit, kit, random):
        edit.rate = rate
        edit.filter(f"fps={rate}")
    return apply


def excerpt(seconds):
    def apply(edit, kit, random):
        length = min(seconds, edit.duration)
        start = random.uniform(0, edit.duration - length)
        edit.trim(start, start + length)
    return apply


def inside(seconds):
    """An excerpt between stretches of other videos."""
    def apply(edit, kit, random):
        excerpt(seconds)(edit, kit, random)
        before, after = kit.others(random, 2)
        edit.put_between((before, random.uniform(3, 7)), (after, random.uniform(2, 5)))
    return apply


def thirds(edit, kit, random):
    third = edit.duration / 3
    edit.reorder([(2 * third, 3 * third), (0, third), (third, 2 * third)])


def looped(edit, kit, random):
    start = random.uniform(0, edit.duration - 4)
    edit.reorder([(start, start + 4)] * 3)


def backwards(edit, kit, random):
    edit.reverse()


# Overlays.


def text(edit, kit, random):
    size = edit.height // 9
    edit.filter(kit.caption("WATCH TILL THE END", size,
                            f"(w-text_w)*{random.uniform(0.1, 0.9):.2f}",
                            f"h*{random.uniform(0.1, 0.7):.2f}", "yellow"))


def subtitle(edit, kit, random):
    lines = ["I told you so.", "You never listen, do you?", "Wait - who is that?",
             "No one will ever know."]
    random.shuffle(lines)
    edit.filter(",".join(
        kit.caption(line, edit.height // 14, "(w-text_w)/2", "h*0.86", "white",
                    f"between(t,{3 * i},{3 * i + 2.5})")
        for i, line in enumerate(lines * 2)))


def timestamp(edit, kit, random):
    edit.filter(kit.clock(random.randrange(10**9, 17 * 10**8), edit.height // 15))


def stamp(picture, share, places):
    """A picture of `share` of the height at one of the places (x, y)."""
    def apply(edit, kit, random):
        size = even(edit.height * share)
        x, y = random.choice(places)
        mark = edit.side(edit.add_picture(kit.pictures[picture]), f"scale={size}:{size}")
        edit.filter(f"overlay=(W-w)*{x}:(H-h)*{y}:shortest=1", mark)
    return apply


CORNERS = ((0.04, 0.05), (0.96, 0.05), (0.04, 0.95), (0.96, 0.95))
ANYWHERE = ((0.2, 0.3), (0.5, 0.5), (0.75, 0.35), (0.4, 0.7))


# In company.


def fill(width, height):
    return (f"scale={width}:{height}:force_original_aspect_ratio=increase,"
            f"crop={width}:{height},setsar=1")


def picture_in_picture(share):
    def apply(edit, kit, random):
        inner = edit.side(edit.now, f"scale={even(edit.width * share)}:"
                                     f"{even(edit.height * share)},setsar=1")
        back, = kit.others(random, 1)
        edit.take(edit.side(edit.add_input(back), f"{fill(edit.width, edit.height)},"
                                                  f"fps={edit.rate}"))
        x, y = random.choice((*CORNERS, (0.5, 0.5)))
        edit.filter(f"overlay=(W-w)*{x}:(H-h)*{y}:shortest=1", inner)
    return apply


def side_by_side(edit, kit, random):
    width, height = 480, even(480 * edit.height / edit.width)
    edit.resize(width, height).filter(f"fps={edit.rate}")
    other, = kit.others(random, 1)
    beside = edit.side(edit.add_input(other), f"{fill(width, height)},fps={edit.rate}")
    if random.random() < 0.5:
        beside = edit.take(beside)
    edit.filter("hstack=shortest=1", beside)
    edit.width = 2 * width


def wall(edit, kit, random, rows, columns, others, cell, gap):
    """`edit` in the given cell of a wall of 1280x720, the others around it."""
    width = even((1280 - (columns - 1) * gap) / columns - 1)
    height = even((720 - (rows - 1) * gap) / rows - 1)
    edit.resize(width, height).filter(f"fps={edit.rate}")
    cells = [edit.side(edit.add_input(other),
                       f"scale={width}:{height},setsar=1,fps={edit.rate}")
             for other in others]
    cells.insert(cell, edit.now)
    layout = "|".join(f"{column * (width + gap)}_{row * (height + gap)}"
                      for row in range(rows) for column in range(columns))
    edit.take(cells[0])
    edit.filter(f"xstack=inputs={len(cells)}:layout={layout}:fill=black:shortest=1",
                *cells[1:])
    edit.width = columns * (width + gap) - gap
    edit.height = rows * (height + gap) - gap


def grid(rows, columns):
    def apply(edit, kit, random):
        others = kit.others(random, rows * columns - 1)
        wall(edit, kit, random, rows, columns, others,
             random.randrange(rows * columns), random.choice((0, 4)))
    return apply


def off_a_screen(edit, kit, random):
    """Seen askew on a flickering screen by an unsteady hand."""
    width, height = edit.width, edit.height
    border(0.3, 0.3, ("0x101418",))(edit, kit, random)
    pattern = edit.add_picture(kit.pictures["moire"])
    edit.filter(f"fps={edit.rate},eq=eval=frame:contrast=0.9:saturation=1.2:"
                "brightness='0.05*sin(2*PI*7.3*t)'")
    edit.filter("overlay=x='-40+30*sin(1.1*t)':y='-40+30*cos(0.7*t)':shortest=1", pattern)
    # The corners of what the camera sees: the screen and some of the room.
    near = [random.uniform(0.02, 0.11) for _ in range(8)]
    x = (near[0], 1 - near[1], near[2], 1 - near[3])
    y = (near[4], near[5], 1 - near[6], 1 - near[7])
    edit.filter("perspective=sense=source:" + ":".join(
        f"x{i}={x[i]:.3f}*W:y{i}={y[i]:.3f}*H" for i in range(4)))
    edit.filter(f"crop=iw-16:ih-16:8+4*sin(5*t)+3*sin(13*t):8+5*cos(4*t)+2*sin(11*t),"
                f"scale={width}:{height},setsar=1,gblur=sigma=0.9,"
                "noise=alls=9:allf=t")
    edit.width, edit.height = width, height


# Combinations: families in the order in which they are applied.
FAMILIES = (
    ("time", (excerpt(5), speed(0.8), speed(1.25), frame_rate(12))),
    ("colour", (step("eq=brightness=0.12"), step("eq=contrast=1.4"), step("hue=s=0"),
                step("eq=gamma=0.7"), step("hue=h=40"))),
    ("quality", (step("gblur=sigma=1.5"), step("noise=alls=18:allf=t"), scale_to(240))),
    ("geometry", (crop(0.1, True), crop(0.1, False), crop(0.2, True), step("hflip"),
                  rotate(5, True), step("hflip,vflip"))),
    ("overlay", (text, subtitle, timestamp, stamp("logo", 0.16, CORNERS))),
    ("company", (border(0, 0.33, ("black",)), border(0.4, 0, ("black",)),
                 blurred_border(512, 512), picture_in_picture(0.7),
                 picture_in_picture(0.5), grid(2, 2))),
)


def triple(edit, kit, random):
    """One of each of three families."""
    for i in sorted(random.sample(range(len(FAMILIES)), 3)):
        random.choice(FAMILIES[i][1])(edit, kit, random)


TABLE = {
    "reencode-crf28": (nothing, x264(28)),
    "reencode-crf35": (nothing, x264(35)),
    "reencode-crf40": (nothing, x264(40)),
    "reencode-x265": (nothing, X265),
    "reencode-vp9": (nothing, VP9),
    "reencode-mpeg4": (nothing, MPEG4),
    "reencode-mjpeg": (nothing, MJPEG),
    "scale-480": (scale_to(480), H264),
    "scale-360": (scale_to(360), H264),
    "scale-240": (scale_to(240), H264),
    "crop-5": (crop(0.05, True), H264),
    "crop-5-off": (crop(0.05, False), H264),
    "crop-10": (crop(0.1, True), H264),
    "crop-10-off": (crop(0.1, False), H264),
    "crop-20": (crop(0.2, True), H264),
    "crop-20-off": (crop(0.2, False), H264),
    "crop-30": (crop(0.3, True), H264),
    "crop-30-off": (crop(0.3, False), H264),
    "letterbox": (border(0, 0.33, ("black",)), H264),
    "pillarbox": (border(0.4, 0, ("black",)), H264),
    "border-coloured": (border(0.16, 0.16, ("white", "red", "0x2050a0", "0xf0d020")), H264),
    "border-blurred-9x16": (blurred_border(360, 640), H264),
    "border-blurred-1x1": (blurred_border(512, 512), H264),
    "mirrored": (step("hflip"), H264),
    "rotate-90": (quarter_turn, H264),
    "rotate-180": (step("hflip,vflip"), H264),
    "rotate-5": (rotate(5, False), H264),
    "rotate-5-cropped": (rotate(5, True), H264),
    "rotate-10": (rotate(10, False), H264),
    "rotate-10-cropped": (rotate(10, True), H264),
    "speed-0.5": (speed(0.5), H264),
    "speed-0.8": (speed(0.8), H264),
    "speed-1.25": (speed(1.25), H264),
    "speed-2": (speed(2), H264),
    "rate-10": (frame_rate(10), H264),
    "rate-15": (frame_rate(15), H264),
    "rate-60": (frame_rate(60), H264),
    "overlay-text": (text, H264),
    "overlay-logo": (stamp("logo", 0.2, CORNERS), H264),
    "overlay-sticker": (stamp("sticker", 0.35, ANYWHERE), H264),
    "overlay-subtitle": (subtitle, H264),
    "overlay-timestamp": (timestamp, H264),
    "pip-70": (picture_in_picture(0.7), H264),
    "pip-50": (picture_in_picture(0.5), H264),
    "pip-30": (picture_in_picture(0.3), H264),
    "side-by-side": (side_by_side, H264),
    "grid-2x2": (grid(2, 2), H264),
    "grid-3x3": (grid(3, 3), H264),
    "grid-4x6": (grid(4, 6), H264),
    "off-a-screen": (off_a_screen, H264),
    "brighter": (step("eq=brightness=0.2"), H264),
    "darker": (step("eq=brightness=-0.2"), H264),
    "contrast": (step("eq=contrast=1.6"), H264),
    "gamma": (step("eq=gamma=0.6"), H264),
    "grey": (step("hue=s=0"), H264),
    "sepia": (step("colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131"), H264),
    "hue": (step("hue=h=90"), H264),
    "invert": (step("negate"), H264),
    "blur": (step("gblur=sigma=3"), H264),
    "sharpen": (step("unsharp=7:7:2.0"), H264),
    "noise": (step("noise=alls=30:allf=t"), x264(30)),
    "grain": (step("noise=c0s=45:c0f=t,gblur=sigma=0.6"), x264(30)),
    "excerpt-3": (excerpt(3), H264),
    "excerpt-5": (excerpt(5), H264),
    "excerpt-10": (excerpt(10), H264),
    "inside-3": (inside(3), H264),
    "inside-5": (inside(5), H264),
    "inside-10": (inside(10), H264),
    "reordered": (thirds, H264),
    "looped": (looped, H264),
    "reversed": (backwards, H264),
    **{f"triple-{i}": (triple, H264) for i in range(1, 6)},
}
