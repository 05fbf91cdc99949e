"""Files that are made once by the ffmpeg command and kept by their recipe.

A file's name ends in a digest of the whole command that makes it. The names of
its inputs are part of the command, so a changed recipe remakes the file and all
that is made from it, and nothing else.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess

FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y")


class Cache:
    """The files below one folder. Paths given and returned are strings."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self._recipes = {}  # Path -> (step, arguments).
        self._probes = None

    def add(self, name, suffix, arguments, step, key=""):
        """Plans `name` in the folder of that path and returns its path.

        `arguments` are ffmpeg's, without the output; `key` is what else the file
        depends on. What has a lower `step` is made before, so an input needs one
        lower than its output's.
        """
        recipe = json.dumps([*arguments, suffix, key])
        digest = hashlib.sha256(recipe.encode()).hexdigest()[:10]
        path = str(self.root / f"{name}.{digest}{suffix}")
        self._recipes[path] = (step, arguments)
        return path

    def probe(self, path):
        """As probe() below, kept until the file changes."""
        found = os.stat(path)
        key = f"{path} {found.st_size} {found.st_mtime_ns}"
        book = self.root / "probes.json"
        if self._probes is None:
            self._probes = json.loads(book.read_text()) if book.exists() else {}
        if key not in self._probes:
            self._probes[key] = probe(path)
            self.root.mkdir(parents=True, exist_ok=True)
            part = book.with_name(f"unfinished-{os.getpid()}-probes.json")
            part.write_text(json.dumps(self._probes))
            part.rename(book)
        return self._probes[key]

    def missing(self, wanted):
        """The planned files that `wanted` paths need and that are not there."""
        needed, left = set(), list(wanted)
        while left:
            path = left.pop()
            if path in needed or path not in self._recipes or os.path.exists(path):
                continue
            needed.add(path)
            left += [a for a in self._recipes[path][1] if a in self._recipes]
        return needed

    def make(self, wanted, jobs, progress):
        """Makes what `wanted` paths need. Raises on the first failure."""
        needed = self.missing(wanted)
        done = 0
        for step in sorted({self._recipes[path][0] for path in needed}):
            now = sorted(path for path in needed if self._recipes[path][0] == step)
            with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
                for path in pool.map(self._make_one, now):
                    done += 1
                    progress(done, len(needed), path)

    def _make_one(self, path):
        if os.path.exists(path):  # Another process was quicker.
            return path
        part = pathlib.Path(path)
        part.parent.mkdir(parents=True, exist_ok=True)
        # ffmpeg knows the format by the suffix, so that stays the last.
        part = part.with_name(f"unfinished-{os.getpid()}-{part.name}")
        command = ["nice", *FFMPEG, *self._recipes[path][1], str(part)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            part.unlink(missing_ok=True)
            raise RuntimeError(f"{path}:\n{' '.join(command)}\n{result.stderr}")
        part.rename(path)
        return path


def probe(path):
    """(width, height, seconds) of a video, with square pixels.

    The time is that of its packets: containers say what they like.
    """
    output = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json",
         "-show_entries", "stream=width,height,sample_aspect_ratio:"
         "packet=pts_time,duration_time", path],
        capture_output=True, text=True, check=True).stdout
    found = json.loads(output)
    stream = found["streams"][0]
    across, down = stream.get("sample_aspect_ratio", "1:1").split(":")
    ratio = int(across) / int(down) if int(across) and int(down) else 1
    packets = [(float(packet["pts_time"]), float(packet.get("duration_time", 0)))
               for packet in found["packets"] if "pts_time" in packet]
    if not packets:
        raise RuntimeError(f"{path} has no video packets with a time")
    end = max(time + length for time, length in packets)
    return stream["width"] * ratio, stream["height"], end - min(packets)[0]
