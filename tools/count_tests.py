#!/usr/bin/env python3
"""Counts the test cases that a `bazel test` executed.

Usage: tools/count_tests.py EVENTS

EVENTS is what --build_event_json_file wrote. Names what failed or was skipped,
then prints "N passed, N failed, N skipped" as the last line. A test that ended
badly without a failed case (a crash, a leak, a time-out) and a test that could
not be built count as one failure each. Exits with 1 if anything failed or no
case passed.
"""

import json
import re
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree


def cases(path):
    """(name, outcome, message) of every executed case in a test.xml."""
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        if bad is not None:
            yield name, "failed", ""
        elif skipped is not None:
            yield name, "skipped", skipped.get("message") or ""
        elif case.get("status", "run") == "run":
            yield name, "passed", ""


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def fail(self, what):
        self.failed += 1
        print(f"FAILED {what}")

    def add_result(self, label, result):
        """One run of one test: one shard of one attempt."""
        failed_before = self.failed
        for output in result.get("testActionOutput", []):
            if output["name"] != "test.xml":
                continue
            path = urllib.request.url2pathname(urllib.parse.urlparse(output["uri"]).path)
            for name, outcome, message in cases(path):
                if outcome == "failed":
                    self.fail(f"{label} {name}")
                elif outcome == "skipped":
                    self.skipped += 1
                    reason = re.sub(r"\s+", " ", message).strip()
                    print(f"skipped {label} {name}: {reason}")
                else:
                    self.passed += 1
        status = result.get("status")
        if status != "PASSED" and self.failed == failed_before:
            self.fail(f"{label}: {status}")


def count_events(lines):
    count = Count()
    results, tests, broken = {}, set(), []
    for line in lines:
        event = json.loads(line)
        key = event["id"]
        if "testResult" in key:
            key = key["testResult"]
            # Only the last attempt at a shard counts.
            results[key["label"], key.get("run"), key.get("shard")] = event["testResult"]
        elif "targetConfigured" in key and "configured" in event:
            if "test" in event["configured"].get("targetKind", "").split()[0]:
                tests.add(key["targetConfigured"]["label"])
        elif "targetCompleted" in key and not event.get("completed", {}).get("success"):
            broken.append(key["targetCompleted"]["label"])
    for (label, _, _), result in sorted(results.items(), key=lambda item: item[0][0]):
        count.add_result(label, result)
    tested = {label for label, _, _ in results}
    for label in sorted(set(broken) - tested):
        if label in tests:
            count.fail(f"{label}: not built")
        else:
            print(f"not built: {label}")
    return count


def main():
    with open(sys.argv[1], encoding="utf-8") as events:
        count = count_events(events)
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped", flush=True)
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
