"""What each way of finding copies costs, and what it alone finds.

From match_copies' records: of each published clip, and of each query as it was
searched by everything, without each way, and by the hashes of frames alone.
"""

import collections
import statistics

import scoring

WAYS = ("parts", "keypoints", "lookalikes", "scenes")
EVERYTHING = ""             # As match_copies names what is left out:
NOTHING = ",".join(WAYS)    # all of it.

# Of what is kept of a published clip, bytes on disk (index/FORMAT.md) and at
# most in memory: with its place in the search index, 128 bytes a hash and 8 a
# frame, and what SearchedClip keeps of it.
WINDOWS = 9
BYTES = {
    "frames": (32 + 1 + 2 * 8, 136 + 32 + 2 * 8),
    "pictures": (2 * 8 + WINDOWS * (32 + 1), WINDOWS * 32 + 2 * 8),
    "keypoints": (32 + 4 * 4, 136 + 56),
    "scenes": (32 + 1 + 2 * 8, 136 + 72),
}


# Publishing.


def published(manifest, records):
    """{kind of camera: what a minute of its clips comes to}."""
    cameras = {(one["set"], one["name"]): one.get("camera")
               for one in manifest["published"]}
    by_camera = collections.defaultdict(list)
    for one in records:
        if "published" in one and not one["refused"]:
            camera = cameras.get((one["set"], one["published"]))
            if camera:
                by_camera[camera].append(one)
    return {camera: _per_minute(clips) for camera, clips in sorted(by_camera.items())}


def _per_minute(clips):
    minutes = sum(one["duration"] for one in clips) / 60
    kept = {kind: sum(one["kept"][kind] for one in clips) / minutes for kind in BYTES}
    return {"clips": len(clips), "minutes": minutes, "kept": kept,
            "disk": {kind: count * BYTES[kind][0] for kind, count in kept.items()},
            "memory": {kind: count * BYTES[kind][1] for kind, count in kept.items()},
            "cpu_seconds": sum(one["cpu"] for one in clips) / minutes}


# Searching.


def results_by_way(records):
    """{what is left out: {query: result}}; every round finds the same."""
    results = collections.defaultdict(dict)
    for one in records:
        if "query" in one:
            results[one["without"]].setdefault(one["query"], one)
    return dict(results)


def milliseconds(records):
    """CPU time of a second of video: {"decode": ms, what is left out: {"fingerprint":
    ms, "match": ms}}.

    The median of each query's rounds, of the queries that could be read in every
    way. Fingerprinting is what reading takes beyond decoding.
    """
    decoded, read, matched = (collections.defaultdict(list) for _ in range(3))
    durations = {}
    for one in records:
        if "decoded" in one:
            decoded[one["decoded"]].append(one["cpu"])
        elif "query" in one and "cpu" in one:
            read[one["without"], one["query"]].append(one["cpu"]["read"])
            matched[one["without"], one["query"]].append(one["cpu"]["match"])
            durations[one["query"]] = one["duration"]
    ways = sorted({without for without, _ in read})
    names = [name for name in sorted(durations)
             if name in decoded and all((way, name) in read for way in ways)]
    seconds = sum(durations[name] for name in names)
    if not seconds:
        raise ValueError("no video could be read in every way")

    def per_second(rounds_of):
        return 1000 * sum(statistics.median(rounds_of(name)) for name in names) / seconds

    decode = per_second(lambda name: decoded[name])
    return {"decode": decode, **{way: {
        "fingerprint": per_second(lambda name: read[way, name]) - decode,
        "match": per_second(lambda name: matched[way, name])} for way in ways}}


def _found(copies, results):
    """The right pairs that are found at any score."""
    return {(pair.query, pair.reference)
            for pair in scoring.our_pairs(copies, results) if pair.right}


def found_alone(manifest, everything, without):
    """{disguise: [found by everything but not without, all there is to find]}, and
    the queries of which it is the other way about."""
    copies = [query for query in manifest["queries"]
              if query["kind"] == "copy" and query["name"] in everything]
    groups = {query["name"]: query["group"] for query in copies}
    with_it, without_it = _found(copies, everything), _found(copies, without)
    lost = collections.Counter(groups[query] for query, _ in with_it - without_it)
    there = collections.Counter()
    for query in copies:
        there[query["group"]] += scoring.right_pairs([query])
    return ({group: [count, there[group]] for group, count in sorted(lost.items())},
            sorted(query for query, _ in without_it - with_it))


def searched(manifest, records):
    """{what is left out: what is found then, what it costs}, and the rest."""
    results = results_by_way(records)
    times = milliseconds(records)
    rows = {}
    for way, mine in results.items():
        report = scoring.score(manifest, mine)
        alone, hindered = found_alone(manifest, results[EVERYTHING], mine)
        rows[way] = {
            "milliseconds": times[way],
            "recall_any": report["overall"]["recall_any"],
            "recall": report["overall"]["recall"],
            "micro_ap": report["micro_ap"]["ours"],
            "same_scene": report["cameras"]["same_scene"],
            "found_alone": alone, "found_only_without": hindered}
    queries = collections.Counter(
        query["kind"] for query in manifest["queries"] if query["name"] in results[EVERYTHING])
    return {"decode_milliseconds": times["decode"], "queries": dict(queries),
            "rounds": _rounds(records), "ways": rows}


def _rounds(records):
    counts = collections.Counter(one["decoded"] for one in records if "decoded" in one)
    return min(counts.values(), default=0)


def compare(manifest, records):
    return {"footage": manifest["footage"], "searched": searched(manifest, records),
            "published": published(manifest, records)}
