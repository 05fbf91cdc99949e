"""What is published and what is searched: plans the evaluation's videos.

A query has the set of published clips that it is searched in: "copies" has the
ten references and clips that are there to be accused wrongly, "cameras" the
first part of each fixed camera's recording.
"""

import os
import random as randoms

import disguises
import footage
from cache import Cache
from edit import Edit, Video
from kit import Kit

FINE = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18")

# Disguises of unrelated videos.
CASUAL = ("letterbox", "mirrored", "crop-10", "border-blurred-9x16", "overlay-text",
          "scale-240", "excerpt-5", "rotate-180", "pillarbox", "overlay-timestamp",
          "reencode-crf40", "grey", "rotate-5", "pip-50")

# Nothing to see: name, what is published, what is searched.
BLANKS = (
    ("black", "color=black", "color=black"),
    ("grey", "color=gray", "color=gray"),
    ("white", "color=white", "color=white"),
    ("bars", "smptebars", "smptebars"),
    ("bars-hd", "smptehdbars", "smptehdbars"),
    ("testsrc", "testsrc,trim=start=100,setpts=PTS-STARTPTS",
     "testsrc,trim=start=200,setpts=PTS-STARTPTS"),
    ("testsrc2", "testsrc2,trim=start=100,setpts=PTS-STARTPTS",
     "testsrc2,trim=start=200,setpts=PTS-STARTPTS"),
    ("noise", "color=gray,noise=alls=80:allf=t:all_seed=1",
     "color=gray,noise=alls=80:allf=t:all_seed=2"),
    ("gradient", "gradients=n=3:seed=1:speed=0.01", "gradients=n=3:seed=2:speed=0.01"),
    ("ramp", "color=black,geq=lum='255*X/W':cb=128:cr=128",
     "color=black,geq=lum='255*X/W':cb=128:cr=128"),
)


class Plan:
    """Everything of the evaluation, as `manifest` and as recipes in `cache`."""

    def __init__(self, cache, material, gop):
        self.cache, self.gop = cache, gop
        self.published, self.queries = [], []
        self.videos = [footage.prepare(self.cache, source, "references", 640, 15,
                                       encoder=FINE) for source in material.references]
        spare = sorted(material.spare, key=lambda source: source.name)
        randoms.Random("aside").shuffle(spare)
        # Four carry a logo and the like on the published side; nothing of the
        # same camera is searched.
        aside = [source for source in spare if source.duration >= 5][:4]
        groups = {source.group for source in aside}
        spare = [source for source in spare if source.group not in groups]
        self.backgrounds = [
            footage.prepare(self.cache, source, "spare", 480, 10, 15)
            for source in spare if source.duration >= 2]
        self.kit = Kit(self.cache, self.backgrounds)
        for source, video in zip(material.references, self.videos):
            self._publish("copies", video.name, video.path, video.duration,
                          "fixed" if source.fixed else "moving")
        self._add_copies()
        self._add_unrelated(spare, material.walls)
        self._add_common(
            [footage.prepare(self.cache, one, "spare", 480, 10, 15) for one in aside])
        self._add_blanks()
        self._add_cameras(material.cameras)
        self.manifest = {"footage": material.kind, "font": bool(self.kit.bold),
                         "published": self.published, "queries": self.queries}

    def _publish(self, where, name, path, duration, camera=None):
        """`camera`: "fixed", "moving", or None for what is there to be accused."""
        self.published.append({"set": where, "name": name, "path": path,
                               "duration": duration, "camera": camera})

    def _search(self, name, path, kind, group, duration, where="copies", truth=(),
                camera=None):
        self.queries.append({
            "name": name, "path": path, "kind": kind, "group": group, "set": where,
            "duration": round(duration, 4), "camera": camera,
            "truth": [vars(segment) for segment in truth]})

    def _finish(self, edit, folder, name, encoder=disguises.H264, step=3):
        if self.gop and "libx264" in encoder:
            encoder = (*encoder, "-g", str(self.gop), "-keyint_min", str(self.gop),
                       "-sc_threshold", "0")
            folder = f"{folder}-gop-{self.gop}"
        return self.cache.add(f"{folder}/{name}", disguises.suffix(encoder),
                              edit.arguments(encoder), step)

    def _disguised(self, video, disguise, folder, is_copy):
        """(name, edit, path) of the video in that disguise."""
        name = f"{video.name}.{disguise}"
        apply, encoder = disguises.TABLE[disguise]
        edit = Edit(video, is_copy)
        apply(edit, self.kit, randoms.Random(name))
        return name, edit, self._finish(edit, folder, name, encoder)

    def _add_copies(self):
        for disguise in disguises.TABLE:
            for video in self.videos:
                name, edit, path = self._disguised(video, disguise, "copies", True)
                self._search(name, path, "copy", disguise, edit.duration,
                             truth=edit.truth)

    def _add_unrelated(self, spare, walls):
        for source in spare:
            if not source.generated:
                self._search(f"{source.name}.plain", source.path, "negative",
                             "unrelated", source.duration)
        for name, path in walls:
            self._search(f"{name}.plain", path, "negative", "wall", 6)
        for video in self.backgrounds:
            choice = randoms.Random(f"casual {video.name}")
            for disguise in choice.sample(CASUAL, 2):
                name, edit, path = self._disguised(video, disguise, "negatives", False)
                self._search(name, path, "negative", "unrelated, disguised",
                             edit.duration)
        for number in range(1, 4):
            choice = randoms.Random(f"wall {number}")
            others = self.kit.others(choice, 24)
            edit = Edit(others[0], is_copy=False)
            disguises.wall(edit, self.kit, choice, 4, 6, others[1:], 0, 2)
            path = self._finish(edit, "negatives", f"wall-{number}")
            self._search(f"wall-{number}", path, "negative", "wall", edit.duration)

    def _add_common(self, aside):
        """The same logo, intro, watermark or clock on unrelated videos."""
        intro = Video("intro", self.cache.add(
            "pictures/intro", ".mp4",
            ["-f", "lavfi", "-i", "mandelbrot=s=480x270:r=15:start_scale=1:end_pts=40,"
             + self.kit.caption("GREAT VIDEOS DAILY", 36, "(w-text_w)/2", "h*0.4", "white"),
             "-t", "3", "-pix_fmt", "yuv420p", "-threads", "1", *disguises.H264],
            step=0), 480, 270, 3.0, 15)

        def with_intro(edit, kit, random):
            del kit, random
            edit.put_between((intro, 3.0), (edit.video, 0.5))

        def watermark(edit, kit, random):
            del random
            for x, y in ((0.05, 0.2), (0.5, 0.35), (0.1, 0.55), (0.45, 0.75)):
                edit.filter(kit.caption("watermark.example", edit.height // 12,
                                        f"w*{x}", f"h*{y}", "white@0.5"))

        marks = (("logo", disguises.stamp("logo", 0.2, ((0.95, 0.06),)), aside[:2]),
                 ("clock", disguises.timestamp, aside[:2]),
                 ("intro", with_intro, aside[2:]),
                 ("watermark", watermark, aside[2:]))
        searched = [video for video in self.backgrounds if video.duration >= 5][:6]
        for mark, apply, published in marks:
            for video in (*published, *searched):
                edit = Edit(video, is_copy=False)
                apply(edit, self.kit, randoms.Random(f"{video.name} {mark}"))
                name = f"{mark}.{video.name}"
                path = self._finish(edit, "negatives", name)
                if video in published:
                    self._publish("copies", name, path, edit.duration)
                else:
                    self._search(name, path, "negative", f"same {mark}", edit.duration)

    def _add_blanks(self):
        for name, published, searched in BLANKS:
            for what, graph, size, rate, seconds in (
                    ("published", published, "640x360", 25, 10),
                    ("searched", searched, "480x270", 15, 8)):
                first, _, rest = graph.partition(",")
                joint = ":" if "=" in first else "="
                path = self.cache.add(
                    f"negatives/blank-{name}-{what}", ".mp4",
                    ["-f", "lavfi", "-i", f"{first}{joint}s={size}:r={rate}"
                     + (f",{rest}" if rest else ""), "-t", str(seconds),
                     "-pix_fmt", "yuv420p", "-threads", "1", *disguises.H264], step=1)
                if what == "published":
                    self._publish("copies", f"blank-{name}", path, seconds)
                else:
                    self._search(f"blank-{name}", path, "negative", "blank or test card",
                                 seconds)

    def _add_cameras(self, cameras):
        """The first part is published; what comes a second later is searched."""
        for source in cameras:
            length = min(15.0, source.duration * 0.45)
            gap = max(1.0, source.duration * 0.1)
            first = footage.prepare(self.cache, source, "cameras", 640, length,
                                    encoder=FINE)
            self._publish("cameras", source.name, first.path, first.duration, "fixed")
            later = footage.prepare(self.cache, source, "cameras", 640, 15,
                                    start=length + gap, encoder=FINE)
            for how, change, encoder in (
                    ("later", None, None),
                    ("later-reencoded", disguises.scale_to(240), disguises.x264(33)),
                    ("later-cropped", disguises.crop(0.1, True), disguises.H264)):
                name, path, seconds = f"{source.name}.{how}", later.path, later.duration
                if change:
                    edit = Edit(later, is_copy=False)
                    change(edit, self.kit, randoms.Random(name))
                    path = self._finish(edit, "cameras", name, encoder)
                self._search(name, path, "camera", how, seconds, where="cameras",
                             camera=source.name)


def plan(root, data, gop=None):
    """From the development data in `data`, or from what stands in for it. With
    `gop`, what is made with x264 has a keyframe each so many pictures."""
    cache = Cache(root)
    material = (footage.development(cache, data) if data
                else footage.stand_in(cache, os.path.join(root, "stand-in")))
    return Plan(cache, material, gop)
