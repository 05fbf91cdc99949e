#!/usr/bin/env python3
"""Reads what lenscap printed for deploy/quickstart.

  quickstart_report.py token LEASE          prints the token of the one lease
  quickstart_report.py check REPORTS STATS  prints what was expected and what
                                            was found; exits with 1 if they differ

LEASE, REPORTS and STATS are files of --json output.
"""

import json
import sys

TOLERANCE = 1.0  # Seconds.


def messages(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def seconds(duration):
    """Protobuf writes a duration as "12.500s"."""
    return float(duration.rstrip("s"))


def token(path):
    leases = messages(path)
    if len(leases) != 1:
        sys.exit(f"expected one case in the queue, found {len(leases)}")
    return leases[0]["lease_token"]


class Table:
    def __init__(self):
        self.good = True
        self.rows = [("", "EXPECTED", "FOUND", "")]

    def add(self, what, expected, found, good=None):
        good = expected == found if good is None else good
        self.good &= good
        self.rows.append((what, expected, found, "ok" if good else "WRONG"))

    def add_span(self, what, expected, span):
        found = (seconds(span["start"]), seconds(span["end"]))
        near = all(abs(a - b) <= TOLERANCE for a, b in zip(expected, found))
        self.add(what, "%.1f s to %.1f s" % expected, "%.1f s to %.1f s" % found, near)

    def print(self):
        widths = [max(map(len, column)) for column in zip(*self.rows)]
        for row in self.rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def action(report):
    return report["verdict"]["action"].removeprefix("ACTION_")


def took(report):
    return "%s of video scanned in %.2f s: decode %.2f, fingerprint %.2f, match %.3f, cues %.2f" % (
        report["media"]["duration"],
        *(
            seconds(report["timings"].get(stage, "0s"))
            for stage in ("total", "decode", "fingerprint", "match", "cues")
        ),
    )


def check(reports_path, stats_path):
    disguise, film = messages(reports_path)
    (stats,) = messages(stats_path)
    table = Table()
    table.add("disguised copy", "BLOCK", action(disguise))
    matches = disguise["matches"]
    table.add("  matches", "1", str(len(matches)))
    if matches:
        best = matches[0]
        table.add("  known clip", "demo/street-camera", f"{best['list_id']}/{best['entry_id']}")
        table.add_span("  in the upload", (5.0, 15.0), best["query"])
        table.add_span("  in the clip", (30.0, 40.0), best["reference"])
    table.add("unrelated film", "ALLOW", action(film))
    table.add("  matches", "0", str(len(film["matches"])))
    table.add("cases decided", "1", stats["decided"])
    table.print()
    if matches:
        print(
            f"\n{best['frames_matched']} of {best['frames_sampled']} frames agree, "
            f"median distance {best['median_distance']} of 256 bits"
        )
    print(f"disguised copy: {took(disguise)}\nunrelated film: {took(film)}")
    return table.good


def main():
    command, *paths = sys.argv[1:]
    if command == "token":
        print(token(*paths))
    elif not check(*paths):
        sys.exit(1)


if __name__ == "__main__":
    main()
