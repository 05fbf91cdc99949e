"""A video under the scissors: an ffmpeg filter graph and what it shows of what.

Every step changes the picture, the time or both, and keeps account of the size
and of which stretch of which clip is seen when: the ground truth.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Video:
    """A file whose size, length and rate are known."""
    name: str
    path: str
    width: int
    height: int
    duration: float  # Seconds.
    rate: float      # Frames a second.


@dataclasses.dataclass(frozen=True)
class Segment:
    """A stretch of the query that shows a stretch of a reference, half-open.

    `speed` is reference seconds per query second, negative where it runs
    backwards; the reference's stretch has its start before its end all the same.
    """
    reference: str
    query_start: float
    query_end: float
    reference_start: float
    reference_end: float
    speed: float

    def within(self, start, end):
        """What is left of it in [start, end) of the query, or None."""
        first, last = max(self.query_start, start), min(self.query_end, end)
        if first >= last:
            return None
        head, tail = first - self.query_start, self.query_end - last
        if self.speed < 0:
            head, tail = tail, head
        pace = abs(self.speed)
        return dataclasses.replace(
            self, query_start=first, query_end=last,
            reference_start=self.reference_start + head * pace,
            reference_end=self.reference_end - tail * pace)

    def moved(self, by):
        return dataclasses.replace(
            self, query_start=self.query_start + by, query_end=self.query_end + by)


def cut(truth, start, end):
    parts = (segment.within(start, end) for segment in truth)
    return [part.moved(-start) for part in parts if part]


def joined(truth):
    """With segments that go on where the one before ends, on both sides, as one."""
    whole = []
    for segment in truth:
        before = whole[-1] if whole else None
        if before and _goes_on(before, segment):
            whole[-1] = dataclasses.replace(
                before, query_end=segment.query_end,
                reference_start=min(before.reference_start, segment.reference_start),
                reference_end=max(before.reference_end, segment.reference_end))
        else:
            whole.append(segment)
    return whole


def _goes_on(before, after):
    first, then = (before, after) if before.speed > 0 else (after, before)
    return (before.reference == after.reference and before.speed == after.speed
            and abs(before.query_end - after.query_start) < 1e-6
            and abs(first.reference_end - then.reference_start) < 1e-6)


def even(value):
    return max(2, 2 * round(value / 2))


class Edit:
    """Starts with all of one video; `truth` is what `name` is a copy of."""

    def __init__(self, video, is_copy=True):
        self.video = video
        self.width, self.height = video.width, video.height
        self.duration, self.rate = video.duration, video.rate
        self.truth = [Segment(video.name, 0.0, video.duration, 0.0, video.duration,
                              1.0)] if is_copy else []
        self._inputs = []
        self._lines = []
        self._labels = 0
        self.now = self.add_input(video, loop=False)

    # The graph.

    def add_input(self, video, loop=True):
        """The label of another video; it goes on for ever if it is looped."""
        count = sum(1 for argument in self._inputs if argument == "-i")
        options = ("-stream_loop", "-1") if loop else ()
        self._inputs += ["-threads", "1", *options, "-i", video.path]
        return f"{count}:v"

    def add_picture(self, path):
        count = sum(1 for argument in self._inputs if argument == "-i")
        self._inputs += ["-loop", "1", "-i", path]
        return f"{count}:v"

    def label(self):
        self._labels += 1
        return f"l{self._labels}"

    def filter(self, text, *others):
        """Puts the video, and others after it, through a filter."""
        result = self.label()
        inputs = "".join(f"[{one}]" for one in (self.now, *others))
        self._lines.append(f"{inputs}{text}[{result}]")
        self.now = result
        return self

    def side(self, label, text):
        """Puts another video through a filter; returns the new label."""
        result = self.label()
        self._lines.append(f"[{label}]{text}[{result}]")
        return result

    def split(self, count=2):
        """Goes on with one copy of the video; returns the labels of the rest."""
        labels = [self.label() for _ in range(count)]
        self._lines.append(f"[{self.now}]split={count}" + "".join(
            f"[{label}]" for label in labels))
        self.now = labels[0]
        return labels[1:]

    def take(self, label):
        """Goes on with another video; returns the label of the one so far."""
        before, self.now = self.now, label
        return before

    # Steps that keep account of size and time.

    def resize(self, width, height):
        self.width, self.height = even(width), even(height)
        return self.filter(f"scale={self.width}:{self.height},setsar=1")

    def crop(self, width, height, x, y):
        self.width, self.height = even(width), even(height)
        return self.filter(f"crop={self.width}:{self.height}:{round(x)}:{round(y)}")

    def pad(self, width, height, x, y, colour):
        self.width, self.height = even(width), even(height)
        return self.filter(f"pad={self.width}:{self.height}:{round(x)}:{round(y)}:{colour}")

    def trim(self, start, end):
        self.truth = cut(self.truth, start, end)
        self.duration = end - start
        return self.filter(f"trim={start:.4f}:{end:.4f},setpts=PTS-STARTPTS")

    def speed_up(self, factor):
        self.truth = [dataclasses.replace(
            one, query_start=one.query_start / factor, query_end=one.query_end / factor,
            speed=one.speed * factor) for one in self.truth]
        self.duration /= factor
        return self.filter(f"setpts=PTS/{factor},fps={self.rate}")

    def reverse(self):
        self.truth = [dataclasses.replace(
            one, query_start=self.duration - one.query_end,
            query_end=self.duration - one.query_start, speed=-one.speed)
            for one in reversed(self.truth)]
        return self.filter("reverse,setpts=PTS-STARTPTS")

    def reorder(self, pieces):
        """The stretches [(start, end)] of the video, one after the other."""
        truth, at = [], 0.0
        others = self.split(len(pieces))
        labels = [self.now, *others]
        for i, (start, end) in enumerate(pieces):
            truth += [part.moved(at) for part in cut(self.truth, start, end)]
            at += end - start
            labels[i] = self.side(
                labels[i], f"trim={start:.4f}:{end:.4f},setpts=PTS-STARTPTS")
        self.truth, self.duration, self.now = joined(truth), at, labels[0]
        return self.filter(f"concat=n={len(pieces)}", *labels[1:])

    def put_between(self, before, after):
        """Between stretches of other videos: two (video, seconds)."""
        shape = f"scale={self.width}:{self.height},setsar=1,fps={self.rate}"
        sides = []
        for video, seconds in (before, after):
            sides.append(self.side(
                self.add_input(video),
                f"{shape},trim=0:{seconds:.4f},setpts=PTS-STARTPTS"))
        self.filter(f"setsar=1,fps={self.rate}")
        middle = self.take(sides[0])
        self.filter("concat=n=3", middle, sides[1])
        self.truth = [one.moved(before[1]) for one in self.truth]
        self.duration += before[1] + after[1]
        return self

    def arguments(self, encoder):
        """For ffmpeg, without the output."""
        self.filter("format=yuvj420p" if "mjpeg" in encoder else "format=yuv420p")
        return [*self._inputs, "-filter_complex_threads", "1", "-filter_complex",
                ";".join(self._lines), "-map", f"[{self.now}]",
                "-t", f"{self.duration:.4f}", "-an", "-map_metadata", "-1",
                "-threads", "1", *encoder]
