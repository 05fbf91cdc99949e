#!/usr/bin/env python3
"""The ground truth of cuts whose answers are known, and what is kept of a file."""

import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import disguises
from cache import Cache, probe
from edit import Edit, Video
from kit import Kit

CLIP = Video("clip", "clip.mp4", 640, 360, 12.0, 10)
OTHER = Video("other", "other.mp4", 320, 240, 5.0, 15)


def truth(edit):
    return [(one.query_start, one.query_end, one.reference_start, one.reference_end,
             one.speed) for one in edit.truth]


class TruthTest(unittest.TestCase):
    def test_at_first_all_of_it_is_seen(self):
        self.assertEqual(truth(Edit(CLIP)), [(0, 12, 0, 12, 1)])
        self.assertEqual(truth(Edit(CLIP, is_copy=False)), [])

    def test_a_stretch_of_a_faster_copy(self):
        edit = Edit(CLIP).speed_up(2).trim(1, 3)
        self.assertEqual(truth(edit), [(0, 2, 2, 6, 2)])
        self.assertEqual(edit.duration, 2)

    def test_a_faster_copy_of_a_stretch(self):
        edit = Edit(CLIP).trim(4, 8).speed_up(0.5)
        self.assertEqual(truth(edit), [(0, 8, 4, 8, 0.5)])
        self.assertEqual(edit.duration, 8)

    def test_what_runs_backwards_loses_its_end_at_the_start(self):
        edit = Edit(CLIP).reverse()
        self.assertEqual(truth(edit), [(0, 12, 0, 12, -1)])
        self.assertEqual(truth(edit.trim(0, 3)), [(0, 3, 9, 12, -1)])

    def test_between_other_videos(self):
        edit = Edit(CLIP).trim(5, 8).put_between((OTHER, 4), (OTHER, 2))
        self.assertEqual(truth(edit), [(4, 7, 5, 8, 1)])
        self.assertEqual(edit.duration, 9)
        self.assertEqual(truth(edit.trim(0, 4)), [])

    def test_pieces_in_another_order(self):
        edit = Edit(CLIP)
        disguises.thirds(edit, None, None)
        # The first and the second third still follow each other.
        self.assertEqual(truth(edit), [(0, 4, 8, 12, 1), (4, 12, 0, 8, 1)])

    def test_pieces_that_follow_each_other_are_one(self):
        self.assertEqual(truth(Edit(CLIP).reorder([(1, 3), (3, 6)])), [(0, 5, 1, 6, 1)])
        self.assertEqual(truth(Edit(CLIP).reverse().reorder([(0, 4), (4, 7)])),
                         [(0, 7, 5, 12, -1)])

    def test_pieces_that_do_not_are_several(self):
        self.assertEqual(truth(Edit(CLIP).reorder([(1, 3), (4, 6)])),
                         [(0, 2, 1, 3, 1), (2, 4, 4, 6, 1)])
        self.assertEqual(truth(Edit(CLIP).reverse().reorder([(4, 8), (0, 4)])),
                         [(0, 4, 4, 8, -1), (4, 8, 8, 12, -1)])

    def test_a_piece_three_times(self):
        edit = Edit(CLIP)
        disguises.looped(edit, None, random.Random(1))
        start = edit.truth[0].reference_start
        self.assertEqual(truth(edit), [(0, 4, start, start + 4, 1),
                                       (4, 8, start, start + 4, 1),
                                       (8, 12, start, start + 4, 1)])

    def test_every_disguise_keeps_the_clip_in_sight_and_sizes_even(self):
        with tempfile.TemporaryDirectory() as folder:
            kit = Kit(Cache(folder), [OTHER, CLIP])
            for name, (apply, encoder) in disguises.TABLE.items():
                edit = Edit(CLIP)
                apply(edit, kit, random.Random(name))
                edit.arguments(encoder)
                self.assertTrue(edit.truth, name)
                self.assertLessEqual(edit.truth[-1].query_end, edit.duration + 1e-9, name)
                self.assertEqual((edit.width % 2, edit.height % 2), (0, 0), name)

    def test_the_same_name_gives_the_same_disguise(self):
        def arguments(seed):
            edit = Edit(CLIP)
            disguises.TABLE["triple-1"][0](edit, kit, random.Random(seed))
            return edit.arguments(disguises.H264)
        with tempfile.TemporaryDirectory() as folder:
            kit = Kit(Cache(folder), [OTHER])
            self.assertEqual(arguments("a"), arguments("a"))
            self.assertNotEqual(arguments("a"), arguments("b"))


class CacheTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def plan(self, crop, key=""):
        """A cache with a clip and a crop of it, and their paths."""
        cache = Cache(self.folder.name)
        clip = cache.add("clips/clip", ".mp4",
                         ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=5", "-t", "2"], 1, key)
        copy = cache.add("copies/copy", ".mp4",
                         ["-i", clip, "-vf", f"crop={crop}:48"], 2)
        return cache, clip, copy

    def make(self, *recipe):
        """The names of what was made."""
        cache, _, copy = self.plan(*recipe)
        made = []
        cache.make([copy], 2, lambda done, total, path: made.append(path))
        return [pathlib.Path(path).name.split(".")[0] for path in made]

    def test_what_changed_is_made_again_and_nothing_else(self):
        self.assertEqual(self.make(32), ["clip", "copy"])
        self.assertEqual(self.make(32), [])
        self.assertEqual(self.make(40), ["copy"])
        self.assertEqual(self.make(40, "another file"), ["clip", "copy"])
        self.assertEqual(self.make(32), [])

    def test_what_could_not_be_made_leaves_nothing(self):
        cache = Cache(self.folder.name)
        path = cache.add("clips/none", ".mp4", ["-i", "/nonexistent"], 1)
        with self.assertRaisesRegex(RuntimeError, "nonexistent"):
            cache.make([path], 1, lambda *progress: None)
        self.assertEqual(os.listdir(pathlib.Path(self.folder.name) / "clips"), [])

    def test_size_and_length_are_those_of_the_packets(self):
        cache, clip, _ = self.plan(32)
        cache.make([clip], 1, lambda *progress: None)
        self.assertEqual(probe(clip), (64, 48, 2.0))

    def test_what_is_known_of_a_file_is_kept_until_it_changes(self):
        cache, clip, _ = self.plan(32)
        cache.make([clip], 1, lambda *progress: None)
        self.assertEqual(tuple(cache.probe(clip)), (64, 48, 2.0))
        again = Cache(self.folder.name)
        self.assertEqual(tuple(again.probe(clip)), (64, 48, 2.0))
        pathlib.Path(clip).write_bytes(b"no video")
        with self.assertRaises(subprocess.CalledProcessError):
            again.probe(clip)


if __name__ == "__main__":
    unittest.main()
