"""The reports as text tables and as a plot."""

import costs

# Recall that is asked for, by the start of the disguise's name; the longest
# that fits counts.
AIMS = {
    "reencode": 1.0, "scale": 1.0, "brighter": 1.0, "darker": 1.0, "contrast": 1.0,
    "gamma": 1.0, "grey": 1.0, "sepia": 1.0, "hue": 1.0, "invert": 1.0, "blur": 1.0,
    "sharpen": 1.0, "noise": 1.0, "grain": 1.0, "overlay": 1.0, "border": 1.0,
    "letterbox": 1.0, "pillarbox": 1.0, "mirrored": 1.0, "rate": 1.0, "speed": 1.0,
    "crop": 0.95, "rotate-90": 0.95, "rotate-180": 0.95, "pip-50": 0.95,
    "pip-70": 0.95, "grid-2x2": 0.95, "grid-3x3": 0.95, "excerpt-5": 0.95,
    "excerpt-10": 0.95, "crop-30": 0.85, "rotate-5": 0.85, "grid-4x6": 0.85,
    "excerpt-3": 0.85, "off-a-screen": 0.85, "triple": 0.85,
}


def aim(disguise):
    fitting = [start for start in AIMS if disguise.startswith(start)]
    return AIMS[max(fitting, key=len)] if fitting else None


def _number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


COLUMNS = ("copies", "aim", "recall", "any", "frames", "off p50", "off p95", "in 1 s",
           "vPDQ 0.8", "vPDQ zero")


def _row(name, row, wanted):
    errors = row["errors"]
    missed = wanted is not None and row["recall"] is not None and row["recall"] < wanted
    return (name, str(row["copies"]), _number(wanted),
            _number(row["recall"]) + ("*" if missed else " "), _number(row["recall_any"]),
            _number(row["frame_recall"]), _number(errors["median"]), _number(errors["p95"]),
            _number(errors["within_1s"]), _number(row["vpdq_recall"]),
            _number(row["vpdq_recall_zero"]))


def _table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


def _places(title, errors):
    return (f"{title}: median {_number(errors['median'])} s, 95 % within "
            f"{_number(errors['p95'])} s, within 1 s {_number(errors['within_1s'], 3)} "
            f"of {errors['segments']} segments")


def text(report, most_accusations=40):
    overall, limits = report["overall"], report["thresholds"]
    without = report["thresholds_without_cameras"]
    cameras, cost = report["cameras"], report["cost"]
    lines = [
        f"Footage: {report['footage']}. Queries: " + ", ".join(
            f"{count} {kind}" for kind, count in sorted(report["queries"].items())),
        "",
        _table([("disguise", *COLUMNS),
                *(_row(name, row, aim(name)) for name, row in report["disguises"].items()),
                _row("ALL", overall, None)]),
        "",
        "recall: found with a score above that of every false accusation; * short of the aim.",
        "any: found at any score. frames: share of the copied seconds that is found. off:",
        "the worst of start and end, of query and clip, in seconds. vPDQ 0.8: at least 80 %",
        "of the query's frames within 31 bits of the clip's; zero: above its own false ones.",
        "",
        f"micro-AP: {_number(report['micro_ap']['ours'], 4)}, "
        f"vPDQ's {_number(report['micro_ap']['vpdq'], 4)}",
        f"Highest false score: {limits['ours']:.4f}, vPDQ's {limits['vpdq']:.4f}; without the "
        f"same cameras {without['ours']:.4f}, vPDQ's {without['vpdq']:.4f}",
        f"Recall above that: {_number(overall['recall'], 4)}, vPDQ's "
        f"{_number(overall['vpdq_recall_zero'], 4)}; without the same cameras "
        f"{_number(report['without_cameras']['recall'], 4)}, vPDQ's "
        f"{_number(report['without_cameras']['vpdq_recall_zero'], 4)}",
        _places("Place in the query", overall["query_errors"]),
        _places("Place in the clip", overall["reference_errors"]),
        _places("Both", overall["errors"]),
        _places("Both, of all found at any score", report["at_any_score"]["errors"]),
        "",
        f"Same camera at another time, {cameras['queries']} queries: as footage "
        f"{_number(cameras['footage'])} (surer than any other false accusation: "
        f"{_number(cameras['footage_sure'])}), as the same scene "
        f"{_number(cameras['same_scene'])}, another camera as the same scene "
        f"{len(cameras['same_scene_elsewhere'])}",
        *(f"  another: {query}  {reference}"
          for query, reference in cameras["same_scene_elsewhere"]),
        "",
        f"Cost of a minute: {_number(cost['bytes_per_published_minute'], 0)} bytes and "
        f"{_number(cost['publish_seconds_per_minute'])} s to publish; to search " +
        ", ".join(f"{stage} {_number(seconds, 3)} s" for stage, seconds
                  in cost["search_seconds_per_minute"].items()) +
        f". Memory after publishing: {_number((cost['peak_kb_after_publishing'] or 0) / 1024, 0)}"
        " MB at most",
        *(f"Not published: {name}: {why}" for name, why in cost["refused"].items()),
        *(f"Could not be read: {name}" for name in report["unreadable"]),
    ]
    for finder, title in (("ours", "False accusations"), ("vpdq", "vPDQ's from 0.8")):
        found = report["false_accusations"][finder]
        if finder == "vpdq":
            found = [one for one in found if one["confidence"] >= 0.8]
        lines += ["", f"{title}: {len(found)}"]
        lines += [f"  {one['confidence']:.4f}  {one['query']}  {one['reference']}  "
                  f"({one['group']})" for one in found[:most_accusations]]
        if len(found) > most_accusations:
            lines.append(f"  and {len(found) - most_accusations} more in report.json")
    return "\n".join(lines) + "\n"


# What each way of looking costs.


def _cost_row(name, fingerprint, match, decode, row=None):
    recalls = [_number(row[key]) if row else "" for key in
               ("recall_any", "recall", "micro_ap", "same_scene")]
    return (name, _number(fingerprint), _number(fingerprint / decode), _number(match, 3)
            if match is not None else "", *recalls)


def _searching_table(searched):
    ways, decode = searched["ways"], searched["decode_milliseconds"]
    everything, nothing = ways[costs.EVERYTHING], ways[costs.NOTHING]

    def stages(row):
        return row["milliseconds"]["fingerprint"], row["milliseconds"]["match"]

    rows = [("", "ms a second", "of decoding", "to match", "any", "zero", "micro-AP",
             "same scene"),
            _cost_row("decoding", decode, None, decode),
            _cost_row("frame hashes alone", *stages(nothing), decode, nothing)]
    for way in costs.WAYS:
        added = (all_of_it - rest for all_of_it, rest
                 in zip(stages(everything), stages(ways[way])))
        rows.append(_cost_row(f"+ {way}", *added, decode, ways[way]))
    return _table([*rows, _cost_row("everything", *stages(everything), decode, everything)])


def _alone(way, row):
    found = ", ".join(f"{group} {count} of {there}"
                      for group, (count, there) in row["found_alone"].items())
    text = f"Only with {way}: {found or 'nothing'}"
    if row["found_only_without"]:
        text += f"; only without: {', '.join(row['found_only_without'])}"
    return text


NAMES = {"frames": "frame hashes", "pictures": "window hashes", "keypoints": "keypoints",
         "scenes": "scenes"}


def _publishing_table(camera, minute):
    rows = [(f"{camera} camera", "kept", "bytes on disk", "in memory")]
    rows += [(NAMES[kind], _number(count, 1), _number(minute["disk"][kind], 0),
              _number(minute["memory"][kind], 0)) for kind, count in minute["kept"].items()]
    return _table([*rows, ("all", "", _number(sum(minute["disk"].values()), 0),
                           _number(sum(minute["memory"].values()), 0))])


def cost_text(cost):
    searched = cost["searched"]
    lines = [
        f"Footage: {cost['footage']}. Queries: " + ", ".join(
            f"{count} {kind}" for kind, count in sorted(searched["queries"].items()))
        + f". CPU time: median of {searched['rounds']}",
        "",
        _searching_table(searched),
        "",
        "ms a second: CPU time to fingerprint a second of video, beyond decoding it; of a",
        "way, what it adds to the rest. to match: the same of the search. any, zero: recall",
        "at any score and above every false accusation, of a way without it.",
        "",
        *(_alone(way, searched["ways"][way]) for way in costs.WAYS),
        _alone("any of them", searched["ways"][costs.NOTHING]),
        "",
        "A published minute:"]
    for camera, minute in cost["published"].items():
        lines += ["", _publishing_table(camera, minute),
                  f"{minute['clips']} clips, {_number(minute['minutes'], 1)} minutes; "
                  f"{_number(minute['cpu_seconds'])} s of CPU time"]
    return "\n".join(lines) + "\n"


def plot(report):
    """Precision over recall, as SVG."""
    left, top, size = 60, 30, 400

    def point(recall, precision):
        return f"{left + size * recall:.1f},{top + size * (1 - precision):.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + size + 30}" '
             f'height="{top + size + 60}" font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="white"/>']
    for i in range(6):
        at = i / 5
        x, y = left + size * at, top + size * (1 - at)
        parts += [f'<path d="M{x},{top}V{top + size}M{left},{y}H{left + size}" '
                  'stroke="#ddd"/>',
                  f'<text x="{x}" y="{top + size + 18}" text-anchor="middle">{at:.1f}</text>',
                  f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{at:.1f}</text>']
    parts += [f'<text x="{left + size / 2}" y="{top + size + 40}" text-anchor="middle">'
              'recall</text>',
              f'<text x="16" y="{top + size / 2}" text-anchor="middle" '
              f'transform="rotate(-90 16 {top + size / 2})">precision</text>']
    for i, (finder, name, colour) in enumerate(
            (("ours", "lenscap", "#0060c0"), ("vpdq", "vPDQ", "#d06000"))):
        curve = report["curves"][finder]
        if not curve:
            continue
        points = " ".join(point(*one) for one in [(0.0, curve[0][1]), *curve])
        parts += [f'<polyline points="{points}" fill="none" stroke="{colour}" '
                  'stroke-width="2"/>',
                  f'<text x="{left + 12}" y="{top + size - 34 + 18 * i}" fill="{colour}">'
                  f"{name}, micro-AP {report['micro_ap'][finder]:.3f}</text>"]
    return "\n".join([*parts, "</svg>"]) + "\n"
