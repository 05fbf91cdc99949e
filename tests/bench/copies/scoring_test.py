#!/usr/bin/env python3
"""The scores of hand-made results whose answers are known."""

import unittest
import xml.etree.ElementTree

import costs
import report as reports
import scoring
from scoring import Pair


def pairs(text):
    """'0.9+ 0.8-': a right pair of confidence 0.9, a wrong one of 0.8."""
    return [Pair(f"query-{i}", "clip", float(word[:-1]), word[-1] == "+")
            for i, word in enumerate(text.split())]


def segment(query, reference, name="clip", speed=1.0):
    return {"reference": name, "query_start": query[0], "query_end": query[1],
            "reference_start": reference[0], "reference_end": reference[1],
            "speed": speed}


def match(query, reference=(0, 1), score=0.9, name="clip", kind="frames"):
    return {"kind": kind, "score": score, **segment(query, reference, name)}


def query(name, truth=(), kind="copy", group="crop-5", camera=None):
    return {"name": name, "kind": kind, "group": group, "truth": list(truth),
            "camera": camera}


class ThresholdTest(unittest.TestCase):
    def test_it_is_the_greatest_confidence_of_a_false_accusation(self):
        self.assertEqual(scoring.threshold(pairs("0.9+ 0.7- 0.8- 0.6+")), 0.8)

    def test_without_false_accusations_anything_found_counts(self):
        found = pairs("0.9+ 0.1+")
        self.assertEqual(scoring.threshold(found), 0)
        self.assertEqual(scoring.recall(found, 4, scoring.threshold(found)), 0.5)

    def test_a_copy_no_surer_than_a_false_accusation_is_not_found(self):
        found = pairs("0.9+ 0.8+ 0.8- 0.5+")
        self.assertEqual(scoring.recall(found, 4, scoring.threshold(found)), 0.25)
        self.assertEqual(scoring.recall(found, 4), 0.75)

    def test_false_accusations_are_listed_surest_first(self):
        listed = scoring.false_accusations(pairs("0.2- 0.9+ 0.7- 0.4-"))
        self.assertEqual([pair.confidence for pair in listed], [0.7, 0.4, 0.2])


class AveragePrecisionTest(unittest.TestCase):
    def test_of_a_list_with_a_mistake_in_the_middle(self):
        # Right at ranks 1, 3 and 4 of 4: (1/1 + 2/3 + 3/4) / 3.
        self.assertAlmostEqual(
            scoring.average_precision(pairs("0.9+ 0.8- 0.7+ 0.6+"), 3),
            (1 + 2 / 3 + 3 / 4) / 3)

    def test_what_is_missed_counts(self):
        self.assertAlmostEqual(
            scoring.average_precision(pairs("0.9+ 0.8+"), 8), 2 / 8)

    def test_all_right_is_one_and_nothing_found_is_none(self):
        self.assertEqual(scoring.average_precision(pairs("0.9+ 0.8+ 0.1-"), 2), 1)
        self.assertEqual(scoring.average_precision([], 2), 0)
        self.assertEqual(scoring.average_precision(pairs("0.9- 0.8-"), 2), 0)

    def test_the_order_within_one_confidence_does_not_help(self):
        # Two right and two wrong, all alike: precision 1/2 wherever recall is.
        for text in ("0.5+ 0.5+ 0.5- 0.5-", "0.5- 0.5- 0.5+ 0.5+"):
            self.assertAlmostEqual(scoring.average_precision(pairs(text), 2), 0.5)

    def test_the_curve_has_a_point_for_each_confidence(self):
        self.assertEqual(
            scoring.precision_recall(pairs("0.9+ 0.5+ 0.5- 0.2-"), 2),
            [(0.5, 1.0), (1.0, 2 / 3), (1.0, 0.5)])


class PairsTest(unittest.TestCase):
    def test_the_best_place_of_each_clip_counts_and_scenes_do_not(self):
        found = scoring.our_pairs(
            [query("a", [segment((0, 1), (0, 1))])],
            {"a": {"matches": [match((0, 1), score=0.4), match((1, 2), score=0.6),
                               match((0, 1), score=0.3, name="other"),
                               match((0, 1), score=0.9, name="room", kind="same_scene")]}})
        self.assertEqual(set(found), {Pair("a", "clip", 0.6, True),
                                      Pair("a", "other", 0.3, False)})

    def test_an_unreadable_query_has_none(self):
        results = {"a": {"error": "no video"}}
        self.assertEqual(scoring.our_pairs([query("a")], results), [])
        self.assertEqual(scoring.vpdq_pairs([query("a")], results), [])

    def test_each_clip_of_a_query_is_one_to_find(self):
        truth = [segment((0, 1), (0, 1)), segment((1, 2), (0, 1)),
                 segment((2, 3), (0, 1), "other")]
        self.assertEqual(scoring.right_pairs([query("a", truth), query("b")]), 2)


class PlaceTest(unittest.TestCase):
    def test_errors_are_those_of_start_and_end_on_both_sides(self):
        errors = scoring.span_errors(
            query("a", [segment((2, 7), (10, 15))]),
            [match((2.5, 6.75), (10.25, 15))])
        self.assertEqual(errors, [{"query_start": 0.5, "query_end": 0.25,
                                   "reference_start": 0.25, "reference_end": 0}])

    def test_pieces_of_one_segment_are_taken_together(self):
        errors = scoring.span_errors(
            query("a", [segment((0, 6), (0, 6))]),
            [match((3.5, 6), (3.5, 6)), match((0, 2), (0, 2))])
        self.assertEqual([max(error.values()) for error in errors], [0])

    def test_a_match_belongs_to_the_segment_its_middle_is_in(self):
        truth = [segment((0, 4), (2, 6)), segment((4, 8), (2, 6))]
        errors = scoring.span_errors(query("a", truth), [match((4.5, 8), (2, 6))])
        self.assertEqual([error["query_start"] for error in errors], [0.5])
        self.assertEqual(scoring.span_errors(query("a", truth), []), [])

    def test_another_clips_match_is_no_place(self):
        self.assertEqual(scoring.span_errors(
            query("a", [segment((0, 4), (0, 4))]), [match((0, 4), name="other")]), [])

    def test_covered_seconds_are_counted_once(self):
        truth = [segment((1, 5), (0, 4)), segment((4, 8), (3, 7))]
        self.assertEqual(scoring.covered(query("a", truth), []), (7, 0))
        self.assertEqual(
            scoring.covered(query("a", truth),
                            [match((0, 3)), match((2, 4)), match((6, 7)),
                             match((7, 8), name="other")]), (7, 4))

    def test_quantiles_are_values_of_the_list(self):
        values = [float(value) for value in range(1, 21)]
        self.assertEqual(scoring.quantile(values, 0.5), 10)
        self.assertEqual(scoring.quantile(values, 0.95), 19)
        self.assertEqual(scoring.quantile([3.0], 0.95), 3)
        self.assertIsNone(scoring.quantile([], 0.5))

    def test_a_summary_takes_the_worst_side_of_each(self):
        side = dict.fromkeys(scoring.SIDES, 0.0)
        summary = scoring.error_summary(
            [{**side, "query_end": 0.5}, {**side, "reference_start": 1.5}])
        self.assertEqual(summary, {"segments": 2, "median": 0.5, "p95": 1.5,
                                   "within_1s": 0.5})


class ReportTest(unittest.TestCase):
    MANIFEST = {"footage": "development", "queries": [
        query("found", [segment((0, 4), (0, 4))]),
        query("weak", [segment((0, 4), (0, 4))]),
        query("missed", [segment((0, 4), (0, 4))], group="crop-30"),
        query("unrelated", kind="negative", group="unrelated"),
        query("later", kind="camera", group="later", camera="room"),
        query("not searched", [segment((0, 4), (0, 4))])]}
    RESULTS = {
        "found": {"matches": [match((0, 4), (0, 4), 0.9)],
                  "vpdq": [{"reference": "clip", "share": 0.85}]},
        "weak": {"matches": [match((0, 4), (0, 4), 0.3)],
                 "vpdq": [{"reference": "clip", "share": 0.2}]},
        "missed": {"matches": []},
        "unrelated": {"matches": [match((0, 1), score=0.4)],
                      "vpdq": [{"reference": "clip", "share": 0.1}]},
        "later": {"matches": [match((0, 1), score=0.6, name="room"),
                              match((0, 1), score=0.6, name="room", kind="same_scene"),
                              match((0, 1), score=0.2, name="hall", kind="same_scene")],
                  "vpdq": [{"reference": "room", "share": 1.0}]}}

    def setUp(self):
        self.report = scoring.score(self.MANIFEST, self.RESULTS)

    def test_the_threshold_is_over_all_that_is_searched(self):
        self.assertEqual(self.report["thresholds"], {"ours": 0.6, "vpdq": 1.0})
        self.assertEqual(self.report["thresholds_without_cameras"],
                         {"ours": 0.4, "vpdq": 0.1})

    def test_a_row_has_the_copies_of_its_disguise(self):
        row = self.report["disguises"]["crop-5"]
        self.assertEqual((row["copies"], row["recall"], row["recall_any"],
                          row["frame_recall"], row["vpdq_recall"],
                          row["vpdq_recall_zero"]), (2, 0.5, 1.0, 0.5, 0.5, 0.0))
        self.assertEqual(self.report["disguises"]["crop-30"]["recall"], 0)
        self.assertAlmostEqual(self.report["overall"]["recall"], 1 / 3)

    def test_the_same_camera_is_counted_by_itself(self):
        self.assertEqual(self.report["cameras"], {
            "queries": 1, "footage": 1.0, "footage_sure": 1.0, "same_scene": 1.0,
            "same_scene_elsewhere": [("later", "hall")]})

    def test_false_accusations_have_names(self):
        self.assertEqual(
            [(one["query"], one["reference"], one["confidence"])
             for one in self.report["false_accusations"]["ours"]],
            [("later", "room", 0.6), ("unrelated", "clip", 0.4)])

    def test_it_can_be_read_and_drawn(self):
        self.report["cost"] = scoring.cost([
            {"published": "clip", "set": "copies", "seconds": 1.0, "duration": 30.0,
             "refused": None},
            {"shelf": "copies", "duration": 30.0, "bytes": 500, "peak_kb": 2048},
            {"query": "found", "duration": 60.0,
             "seconds": {"decode": 0.5, "fingerprint": 0.25, "match": 0.125}}])
        text = reports.text(self.report)
        self.assertRegex(text, r"crop-30 +1 +0\.85 +0\.00\*")
        self.assertIn("0.6000  later  room  (later)", text)
        self.assertIn("1000 bytes and 2.00 s to publish", text)
        xml.etree.ElementTree.fromstring(reports.plot(self.report))

    def test_the_aim_is_that_of_the_longest_name(self):
        self.assertEqual(reports.aim("crop-30-off"), 0.85)
        self.assertEqual(reports.aim("crop-20-off"), 0.95)
        self.assertIsNone(reports.aim("pip-30"))


def searched(name, without, read, match_cpu=0.0, matches=()):
    return {"query": name, "without": without, "duration": 10.0, "matches": list(matches),
            "cpu": {"read": read, "match": match_cpu}}


class CostTest(unittest.TestCase):
    MANIFEST = {
        "footage": "development",
        "published": [{"set": "copies", "name": "hall", "camera": "fixed"},
                      {"set": "cameras", "name": "hall", "camera": "fixed"},
                      {"set": "copies", "name": "walk", "camera": "moving"},
                      {"set": "copies", "name": "blank", "camera": None}],
        "queries": [query("grid", [segment((0, 4), (0, 4))], group="grid-2x2"),
                    query("crop", [segment((0, 4), (0, 4))]),
                    query("later", kind="camera", group="later", camera="clip")]}
    FOUND = match((0, 4), (0, 4))

    @staticmethod
    def publish(name, where="copies", refused=None, **kept):
        return {"published": name, "set": where, "duration": 30.0, "cpu": 2.0,
                "refused": refused,
                "kept": {"frames": 0, "pictures": 0, "keypoints": 0, "scenes": 0, **kept}}

    def records(self):
        """Two rounds: everything finds all, without parts the grid is missed."""
        scene = match((0, 4), (0, 4), kind="same_scene")
        records = []
        for slower in (0.0, 0.2):
            for name in ("grid", "crop", "later"):
                records.append({"decoded": name, "cpu": 0.5 + slower})
                for without in ("", *costs.WAYS, costs.NOTHING):
                    left_out = without.split(",")
                    missed = (name == "grid" and "parts" in left_out
                              or name == "later" and "scenes" in left_out)
                    what = scene if name == "later" else self.FOUND
                    read = 2.0 - 0.25 * len(without and left_out)
                    records.append(searched(name, without, read + slower, 0.1,
                                            [] if missed else [what]))
        return records

    def test_bytes_are_those_of_the_formats(self):
        self.assertEqual(costs.BYTES, {"frames": (49, 184), "pictures": (313, 304),
                                       "keypoints": (48, 192), "scenes": (49, 208)})

    def test_a_published_minute_is_that_of_its_kind_of_camera(self):
        minutes = costs.published(self.MANIFEST, [
            self.publish("hall", frames=100, pictures=10, keypoints=5, scenes=1),
            self.publish("hall", "cameras", frames=20),
            self.publish("walk", keypoints=40),
            self.publish("blank", frames=1000)])
        self.assertEqual(sorted(minutes), ["fixed", "moving"])
        fixed = minutes["fixed"]
        self.assertEqual((fixed["clips"], fixed["minutes"], fixed["cpu_seconds"]),
                         (2, 1, 4))
        self.assertEqual(fixed["kept"],
                         {"frames": 120, "pictures": 10, "keypoints": 5, "scenes": 1})
        self.assertEqual(fixed["disk"], {"frames": 5880, "pictures": 3130,
                                         "keypoints": 240, "scenes": 49})
        self.assertEqual(fixed["memory"], {"frames": 22080, "pictures": 3040,
                                           "keypoints": 960, "scenes": 208})
        self.assertEqual(minutes["moving"]["kept"]["keypoints"], 80)

    def test_what_was_refused_takes_nothing(self):
        self.assertEqual(costs.published(self.MANIFEST, [
            self.publish("hall", refused="nothing could match it", frames=100)]), {})

    def test_time_is_the_median_of_rounds_in_milliseconds_of_a_second(self):
        records = [{"decoded": "a", "cpu": cpu} for cpu in (0.9, 0.1, 0.2)]
        records += [searched("a", "", *times)
                    for times in ((0.5, 0.01), (0.7, 0.03), (2.5, 0.02))]
        times = costs.milliseconds(records)
        self.assertAlmostEqual(times["decode"], 20)
        self.assertAlmostEqual(times[""]["fingerprint"], 50)
        self.assertAlmostEqual(times[""]["match"], 2)

    def test_only_what_was_read_in_every_way_is_timed(self):
        records = self.records() + [{"decoded": "broken", "cpu": 100.0},
                                    searched("broken", "", 100.0)]
        self.assertEqual(costs.milliseconds(records), costs.milliseconds(self.records()))
        with self.assertRaisesRegex(ValueError, "no video"):
            costs.milliseconds([searched("broken", "", 100.0)])

    def test_a_way_alone_finds_what_is_not_found_without_it(self):
        ways = costs.searched(self.MANIFEST, self.records())["ways"]
        self.assertEqual(ways["parts"]["found_alone"], {"grid-2x2": [1, 1]})
        self.assertEqual(ways["keypoints"]["found_alone"], {})
        self.assertEqual([ways[way]["recall_any"] for way in ("", "parts", "scenes")],
                         [1, 0.5, 1])
        self.assertEqual([ways[way]["same_scene"] for way in ("", "parts", "scenes")],
                         [1, 1, 0])

    def test_what_a_way_hinders_is_said_too(self):
        alone, hindered = costs.found_alone(
            self.MANIFEST, {"grid": {}, "crop": {"matches": [self.FOUND]}},
            {"grid": {"matches": [self.FOUND]}, "crop": {"matches": [self.FOUND]}})
        self.assertEqual((alone, hindered), ({}, ["grid"]))

    def test_the_table_has_what_each_way_adds(self):
        text = reports.cost_text(costs.compare(
            self.MANIFEST, self.records() + [self.publish("walk", keypoints=40)]))
        self.assertIn("median of 2", text)
        # 10 s: 0.6 s to decode, 1.1 s with nothing, 0.25 s more for each way.
        self.assertRegex(text, r"decoding +60\.00 +1\.00")
        self.assertRegex(text, r"frame hashes alone +50\.00 +0\.83 +10\.000 +0\.50")
        self.assertRegex(text, r"\+ parts +25\.00 +0\.42 +0\.000 +0\.50 +0\.50")
        self.assertRegex(text, r"everything +150\.00 +2\.50 +10\.000 +1\.00 +1\.00")
        self.assertIn("Only with parts: grid-2x2 1 of 1", text)
        self.assertIn("Only with scenes: nothing", text)
        self.assertRegex(text, r"keypoints +80\.0 +3840 +15360")


if __name__ == "__main__":
    unittest.main()
