"""What the results of a search are worth, against the ground truth.

Two finders are scored alike, ours and vPDQ's rule: each gives pairs of a query
and a published clip a confidence. A pair is right if the query's truth has the
clip; every other pair is a false accusation.
"""

import collections
import dataclasses

# Kinds of match that accuse: the clip's footage itself is there.
FOOTAGE = ("exact_file", "frames")
SCENE = "same_scene"

VPDQ_SHARE = 0.8  # vPDQ's rule: of the query's frames.


@dataclasses.dataclass(frozen=True)
class Pair:
    query: str
    reference: str
    confidence: float
    right: bool


def footage_matches(result):
    return [one for one in result.get("matches", ()) if one["kind"] in FOOTAGE]


def our_pairs(queries, results):
    """The best place of each clip is what counts."""
    pairs = []
    for query in queries:
        best = collections.defaultdict(float)
        for match in footage_matches(results[query["name"]]):
            best[match["reference"]] = max(best[match["reference"]], match["score"])
        pairs += _pairs(query, best)
    return pairs


def vpdq_pairs(queries, results):
    return [pair for query in queries for pair in _pairs(query, {
        one["reference"]: one["share"] for one in results[query["name"]].get("vpdq", ())})]


def _pairs(query, confidences):
    truth = {segment["reference"] for segment in query["truth"]}
    return [Pair(query["name"], reference, confidence, reference in truth)
            for reference, confidence in confidences.items()]


def right_pairs(queries):
    """How many there are to find."""
    return sum(len({segment["reference"] for segment in query["truth"]})
               for query in queries)


def false_accusations(pairs):
    """The surest first."""
    return sorted((pair for pair in pairs if not pair.right),
                  key=lambda pair: (-pair.confidence, pair.query, pair.reference))


def threshold(pairs):
    """A confidence strictly above it never accuses wrongly; 0 if none does."""
    return max((pair.confidence for pair in pairs if not pair.right), default=0.0)


def recall(pairs, total, above=0.0):
    """The share of `total` pairs found with a confidence strictly above."""
    found = sum(1 for pair in pairs if pair.right and pair.confidence > above)
    return found / total if total else None


def precision_recall(pairs, total):
    """[(recall, precision)], one for each confidence, from the greatest on.

    Pairs of one confidence are accepted together: there is no telling them
    apart.
    """
    by_confidence = collections.Counter()
    right = collections.Counter()
    for pair in pairs:
        by_confidence[pair.confidence] += 1
        right[pair.confidence] += pair.right
    curve, accepted, accepted_right = [], 0, 0
    for confidence in sorted(by_confidence, reverse=True):
        accepted += by_confidence[confidence]
        accepted_right += right[confidence]
        curve.append((accepted_right / total, accepted_right / accepted))
    return curve


def average_precision(pairs, total):
    """Micro-AP: the pairs of all queries in one list; what is missed counts."""
    area, before = 0.0, 0.0
    for found, precision in precision_recall(pairs, total):
        area += (found - before) * precision
        before = found
    return area


# Where in the video.


def _union(spans):
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def _overlap(spans, others):
    return sum(max(0.0, min(end, last) - max(start, first))
               for start, end in _union(spans) for first, last in _union(others))


def covered(query, matches):
    """(seconds of the query that are a copy, seconds of those that are found)."""
    all_of_it = found = 0.0
    for reference in sorted({one["reference"] for one in query["truth"]}):
        true = [(one["query_start"], one["query_end"]) for one in query["truth"]
                if one["reference"] == reference]
        claimed = [(one["query_start"], one["query_end"]) for one in matches
                   if one["reference"] == reference]
        all_of_it += _overlap(true, true)
        found += _overlap(true, claimed)
    return all_of_it, found


SIDES = ("query_start", "query_end", "reference_start", "reference_end")


def span_errors(query, matches):
    """For each true segment that is found, {side: seconds it is off}.

    A segment is found by the matches of its clip whose middle is in it; from the
    start of the first to the end of the last of them is where it was seen.
    """
    errors = []
    for segment in query["truth"]:
        mine = [one for one in matches if one["reference"] == segment["reference"]
                and segment["query_start"] <= (one["query_start"] + one["query_end"]) / 2
                < segment["query_end"]]
        if not mine:
            continue
        errors.append({side: abs((min if side.endswith("start") else max)(
            one[side] for one in mine) - segment[side]) for side in SIDES})
    return errors


def quantile(values, share):
    """The least value that at least that share of the values do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return None
    count = -(-share * len(ordered) // 1)  # Rounded up.
    return ordered[min(len(ordered), max(1, int(count))) - 1]


def error_summary(errors, sides=SIDES):
    """The worst of the sides of each segment: median, 95th percentile, and the
    share within a second."""
    worst = [max(error[side] for side in sides) for error in errors]
    return {"segments": len(worst), "median": quantile(worst, 0.5),
            "p95": quantile(worst, 0.95),
            "within_1s": sum(one <= 1 for one in worst) / len(worst) if worst else None}


# All of it.


def _score_copies(queries, results, ours, vpdq, limits):
    """One row: these queries, at the confidences that accuse no one wrongly."""
    names = {query["name"] for query in queries}
    ours = [pair for pair in ours if pair.query in names]
    vpdq = [pair for pair in vpdq if pair.query in names]
    total = right_pairs(queries)
    errors, seconds, found = [], 0.0, 0.0
    for query in queries:
        sure = [one for one in footage_matches(results[query["name"]])
                if one["score"] > limits["ours"]]
        errors += span_errors(query, sure)
        all_of_it, seen = covered(query, sure)
        seconds += all_of_it
        found += seen
    return {
        "copies": len(queries),
        "recall": recall(ours, total, limits["ours"]),
        "recall_any": recall(ours, total),
        "frame_recall": found / seconds if seconds else None,
        "errors": error_summary(errors),
        "query_errors": error_summary(errors, SIDES[:2]),
        "reference_errors": error_summary(errors, SIDES[2:]),
        "vpdq_recall": sum(pair.right and pair.confidence >= VPDQ_SHARE
                           for pair in vpdq) / total if total else None,
        "vpdq_recall_zero": recall(vpdq, total, limits["vpdq"]),
    }


def _score_cameras(queries, results, limit):
    """The same camera at another time, which is not the same footage."""
    footage = sure = scene = 0
    elsewhere = []
    for query in queries:
        matches = results[query["name"]].get("matches", ())
        mine = [one for one in matches if one["reference"] == query["camera"]]
        scores = [one["score"] for one in mine if one["kind"] in FOOTAGE]
        footage += bool(scores)
        sure += any(score > limit for score in scores)
        scene += any(one["kind"] == SCENE for one in mine)
        elsewhere += [(query["name"], one["reference"]) for one in matches
                      if one["kind"] == SCENE and one["reference"] != query["camera"]]
    count = len(queries)
    return {"queries": count,
            "footage": footage / count if count else None,
            # With a confidence above that of any other wrong pair.
            "footage_sure": sure / count if count else None,
            "same_scene": scene / count if count else None,
            "same_scene_elsewhere": sorted(set(elsewhere))}


def score(manifest, results):
    """The report, of the queries in `results`, {name: result}, alone."""
    queries = [query for query in manifest["queries"] if query["name"] in results]
    kinds = {query["name"]: query["kind"] for query in queries}
    groups = {query["name"]: query["group"] for query in queries}
    copies = [query for query in queries if query["kind"] == "copy"]
    cameras = [query for query in queries if query["kind"] == "camera"]
    pairs = {"ours": our_pairs(queries, results), "vpdq": vpdq_pairs(queries, results)}
    limits = {finder: threshold(found) for finder, found in pairs.items()}
    others = {finder: threshold([pair for pair in found if kinds[pair.query] != "camera"])
              for finder, found in pairs.items()}
    total = right_pairs(queries)
    rows = {}
    for query in copies:
        rows.setdefault(query["group"], []).append(query)

    def score_at(limits):
        return {"overall": _score_copies(copies, results, *pairs.values(), limits),
                "disguises": {name: _score_copies(mine, results, *pairs.values(), limits)
                              for name, mine in rows.items()}}

    return {
        "footage": manifest["footage"],
        "queries": dict(collections.Counter(kinds.values())),
        "thresholds": limits,
        "thresholds_without_cameras": others,
        **score_at(limits),
        "without_cameras": score_at(others)["overall"],
        "at_any_score": score_at(dict.fromkeys(limits, 0.0))["overall"],
        "micro_ap": {finder: average_precision(found, total) if total else None
                     for finder, found in pairs.items()},
        "curves": {finder: precision_recall(found, total) if total else []
                   for finder, found in pairs.items()},
        "cameras": _score_cameras(cameras, results, others["ours"]),
        "false_accusations": {
            finder: [{"query": pair.query, "reference": pair.reference,
                      "group": groups[pair.query], "confidence": pair.confidence}
                     for pair in false_accusations(found)]
            for finder, found in pairs.items()},
        "unreadable": sorted(name for name in kinds if "error" in results[name]),
    }


def cost(records):
    """What publishing and searching took, from all of match_copies' records."""
    shelves = [one for one in records if "shelf" in one]
    searched = [one for one in records if "seconds" in one and "query" in one]
    minutes = sum(one["duration"] for one in searched) / 60
    published = [one for one in records if "published" in one]
    published_minutes = sum(one["duration"] for one in published) / 60
    per_minute = {stage: sum(one["seconds"][stage] for one in searched) / minutes
                  for stage in ("decode", "fingerprint", "match")} if minutes else {}
    return {
        "published_minutes": published_minutes,
        "publish_seconds_per_minute": sum(one["seconds"] for one in published)
                                      / published_minutes if published_minutes else None,
        "bytes_per_published_minute": sum(one["bytes"] for one in shelves)
                                      / published_minutes if published_minutes else None,
        "searched_minutes": minutes,
        "search_seconds_per_minute": per_minute,
        "peak_kb_after_publishing": max((one["peak_kb"] for one in shelves), default=None),
        "refused": {one["published"]: one["refused"] for one in published
                    if one["refused"]},
    }
