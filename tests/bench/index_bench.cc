// What exact Hamming search costs, beside a plain scan and FAISS over the same
// hashes in the same run: compare those, for machines and days differ.
//
//   bazel run //tests/bench:index_bench -- --hashes=1000000
//
// Each query is timed by itself, in several rounds over all of them, with
// caches swept in between; its time is the median of its rounds, and the
// quantiles are over the queries. The slower ones get fewer queries; "x" is how
// many times as long as lenscap takes for the same ones. "Recall" is the share
// of the hits of the plain scan that are found, for some of the queries. One
// thread, but for what an index does on its own account. At 10 million hashes,
// FAISS takes up to 8 GB. Fails if lenscap's hits differ from the plain scan's.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "index/hamming_index.h"
#include "tests/bench/hash_kinds.h"
#include "tests/bench/search_peers.h"
#include "tests/bench/search_timing.h"
#include "tests/index/hashes.h"

ABSL_FLAG(size_t, hashes, 10'000'000, "How many hashes are searched.");
ABSL_FLAG(std::vector<std::string>, kinds,
          std::vector<std::string>({"random", "scenes", "footage",
                                    "correlated"}),
          "Which kinds of hashes, of random, scenes, footage and correlated.");
ABSL_FLAG(std::vector<std::string>, sizes,
          std::vector<std::string>({"1000000", "10000000"}),
          "The sizes to compare, up to --hashes, of the first kind.");
ABSL_FLAG(size_t, queries, 2000, "How many queries.");
ABSL_FLAG(int, rounds, 5, "How often each query is timed.");
ABSL_FLAG(bool, faiss, true, "Whether to measure FAISS as well.");
ABSL_FLAG(std::string, footage, "", "A folder of videos, for that kind.");

namespace lenscap {
namespace {

constexpr int kRadius = 31;
constexpr size_t kAllHits = 1'000'000;
// As many as a frame of an upload is given.
constexpr size_t kMostHits = 4096;
// How many queries are held against the plain scan.
constexpr size_t kChecked = 50;
// How many the slower ones are timed with.
constexpr size_t kScanQueries = 20;
constexpr size_t kMultiHashQueries = 200;
// It takes hundreds of bytes a hash.
constexpr size_t kMostInMultiHash = 12'000'000;
// The usual cut, with the least memory, and the quickest of the exact ones.
constexpr MultiHashShape kMultiHashShapes[] = {
    {.tables = 16, .bits = 16, .flips = 1},
    {.tables = 11, .bits = 23, .flips = 2},
};
static_assert(kMultiHashShapes[0].exact_radius() >= kRadius);
static_assert(kMultiHashShapes[1].exact_radius() >= kRadius);

using Hits = std::vector<NumberedHit>;

Built<HammingIndex> BuildOurs(absl::Span<const Hash256> hashes) {
  const std::vector<IndexedFrame> frames = FramesOf(hashes);
  auto built = Build([&] { return HammingIndex().Added(frames); });
  built.bytes = static_cast<double>(built.index.bytes());
  return built;
}

SearchTimes TimeOurs(const HammingIndex& index,
                     absl::Span<const Hash256> queries, int radius = kRadius,
                     size_t max_hits = kAllHits) {
  std::vector<HammingHit> hits;
  return TimeEach(queries, absl::GetFlag(FLAGS_rounds), [&](const Hash256& q) {
    index.Search(q, radius, max_hits, &hits);
    return hits.size();
  });
}

// Which of `all`, at most `count`: of those that have a hit as many as of the
// others.
std::vector<size_t> Some(size_t all, size_t count) {
  const size_t step = (all / count) | 1;
  std::vector<size_t> some;
  for (size_t i = 0; i < all && some.size() < count; i += step) {
    some.push_back(i);
  }
  return some;
}

template <typename Value>
std::vector<Value> Picked(absl::Span<const Value> values,
                          absl::Span<const size_t> which) {
  std::vector<Value> picked;
  for (const size_t i : which) picked.push_back(values[i]);
  return picked;
}

Hits Sorted(Hits hits) {
  std::sort(hits.begin(), hits.end());
  return hits;
}

Hits HitsOf(const SearchPeer& peer, const Hash256& query) {
  Hits hits;
  peer.Search(query, kRadius, &hits);
  return Sorted(std::move(hits));
}

Hits HitsOf(const HammingIndex& index, const Hash256& query) {
  std::vector<HammingHit> found;
  index.Search(query, kRadius, kAllHits, &found);
  Hits hits;
  for (const HammingHit& hit : found) {
    hits.push_back({NumberOf(hit.ref), hit.distance});
  }
  return Sorted(std::move(hits));
}

// What the plain scan finds for some of the queries, in order.
struct Truth {
  std::vector<Hash256> queries;
  std::vector<Hits> hits;
};

// Which share of the true hits is found; nullopt if there is a false one.
template <typename Index>
std::optional<double> Recall(const Index& index, const Truth& truth) {
  size_t found = 0, all = 0;
  for (size_t i = 0; i < truth.queries.size(); ++i) {
    const Hits hits = HitsOf(index, truth.queries[i]);
    if (!std::includes(truth.hits[i].begin(), truth.hits[i].end(), hits.begin(),
                       hits.end())) {
      return std::nullopt;
    }
    found += hits.size();
    all += truth.hits[i].size();
  }
  return all == 0 ? 1.0 : static_cast<double>(found) / all;
}

void PrintTitle(const std::string& title) { absl::PrintF("\n%s\n", title); }

void PrintHead(const std::string& what, const std::string& more = "") {
  absl::PrintF("  %-26s %7s %8s %8s %10s %10s %10s %10s %9s%s\n", what,
               "B/hash", "build s", "CPU s", "median us", "mean us", "p99 us",
               "max us", "hits", more);
}

template <typename Index>
void PrintRow(const std::string& name, const Built<Index>& built, size_t hashes,
              const SearchTimes& times, const std::string& more = "") {
  absl::PrintF(
      "  %-26s %7.1f %8.2f %8.2f %10.1f %10.1f %10.1f %10.1f %9.1f%s\n", name,
      built.bytes / hashes, built.seconds, built.cpu_seconds,
      Quantile(0.5, times.us), Mean(times.us), Quantile(0.99, times.us),
      Quantile(1, times.us), times.hits, more);
  std::fflush(stdout);
}

// What all ways to search are compared on.
struct Contest {
  absl::Span<const Hash256> hashes;
  std::vector<Hash256> queries;
  Truth truth;
  SearchTimes ours;
};

template <typename Make>
void ComparePeer(const std::string& name, size_t most_queries,
                 const Contest& contest, const Make& make) {
  const auto built = Build(make);
  const std::vector<size_t> which = Some(contest.queries.size(), most_queries);
  Hits hits;
  const SearchTimes times =
      TimeEach(Picked<Hash256>(contest.queries, which),
               absl::GetFlag(FLAGS_rounds), [&](const Hash256& query) {
                 built.index->Search(query, kRadius, &hits);
                 return hits.size();
               });
  const std::vector<double> ours = Picked<double>(contest.ours.us, which);
  const auto recall = Recall(*built.index, contest.truth);
  PrintRow(name, built, contest.hashes.size(), times,
           absl::StrFormat(
               " %7s %8d %8.1f %8.1f",
               recall.has_value() ? absl::StrFormat("%.4f", *recall) : "wrong",
               which.size(), Quantile(0.5, times.us) / Quantile(0.5, ours),
               Mean(times.us) / Mean(ours)));
}

void CompareFaiss(const Contest& contest) {
  const size_t count = contest.hashes.size();
  ComparePeer("FAISS IndexBinaryFlat", kScanQueries, contest,
              [&] { return MakeFaissFlat(contest.hashes); });
  if (count > kMostInMultiHash) {
    absl::PrintF("  FAISS IndexBinaryMultiHash: left out above %d hashes\n",
                 kMostInMultiHash);
    return;
  }
  for (const MultiHashShape& shape : kMultiHashShapes) {
    ComparePeer(absl::StrFormat("FAISS MultiHash %dx%d, %d", shape.tables,
                                shape.bits, shape.flips),
                kMultiHashQueries, contest,
                [&] { return MakeFaissMultiHash(contest.hashes, shape); });
  }
}

Truth TruthOf(absl::Span<const Hash256> hashes,
              absl::Span<const Hash256> queries) {
  const auto scan = MakePlainScan(hashes);
  Truth truth{
      .queries = Picked<Hash256>(queries, Some(queries.size(), kChecked)),
      .hits = {}};
  for (const Hash256& query : truth.queries) {
    truth.hits.push_back(HitsOf(*scan, query));
  }
  return truth;
}

// Whether ours finds what the plain scan does.
bool Compare(const std::string& kind, const HashSample& sample) {
  Contest contest{.hashes = sample.stored,
                  .queries = MakeQueries(sample.stored, sample.apart,
                                         absl::GetFlag(FLAGS_queries)),
                  .truth = {},
                  .ours = {}};
  contest.truth = TruthOf(contest.hashes, contest.queries);
  std::string title = absl::StrCat(kind, ": ", sample.stored.size(), " hashes");
  if (sample.originals < sample.stored.size()) {
    absl::StrAppend(&title, ", ", sample.originals,
                    " as made and altered copies of those");
  }
  PrintTitle(title);
  PrintHead("", "  recall  queries x median   x mean");
  bool exact = false;
  {
    const auto built = BuildOurs(contest.hashes);
    exact = Recall(built.index, contest.truth) == 1.0;
    contest.ours = TimeOurs(built.index, contest.queries);
    PrintRow("lenscap", built, contest.hashes.size(), contest.ours,
             absl::StrFormat(" %7s %8d %8.1f %8.1f", exact ? "1.0000" : "WRONG",
                             contest.queries.size(), 1.0, 1.0));
  }
  ComparePeer("plain scan", kScanQueries, contest,
              [&] { return MakePlainScan(contest.hashes); });
  if (absl::GetFlag(FLAGS_faiss)) CompareFaiss(contest);
  return exact;
}

void ByRadius(const Built<HammingIndex>& built, size_t hashes,
              absl::Span<const Hash256> queries) {
  PrintTitle("By radius");
  PrintHead("radius");
  for (const int radius : {7, 15, 23, 31, 39, 47}) {
    PrintRow(absl::StrCat(radius), built, hashes,
             TimeOurs(built.index, queries, radius));
  }
}

// How many queries a second, each way to give all of them; of rounds, the
// median.
void ByBatch(const HammingIndex& index, absl::Span<const Hash256> queries) {
  PrintTitle("By batch, all queries back to back");
  absl::PrintF("  %-26s %14s %14s\n", "", "us a query", "queries a s");
  const auto print = [&](const std::string& name, const auto& search_all) {
    std::vector<double> times;
    for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
      SweepCaches();
      const double start = ReadMeters().seconds;
      search_all();
      times.push_back(ReadMeters().seconds - start);
    }
    const double each = Quantile(0.5, std::move(times)) / queries.size();
    absl::PrintF("  %-26s %14.1f %14.0f\n", name, 1e6 * each, 1 / each);
  };
  std::vector<HammingHit> hits;
  print("one by one", [&] {
    for (const Hash256& q : queries) index.Search(q, kRadius, kAllHits, &hits);
  });
  std::vector<std::vector<HammingHit>> hits_of;
  for (const size_t size : {8, 64, 512}) {
    print(absl::StrCat("batches of ", size), [&] {
      for (size_t i = 0; i < queries.size(); i += size) {
        index.SearchAll(queries.subspan(i, size), kRadius, kAllHits, &hits_of);
      }
    });
  }
}

void ByDuplicates(const HashSample& sample) {
  PrintTitle("By share of frames that share a hash with three others");
  PrintHead("share");
  for (const double share : {0.0, 0.1, 0.5}) {
    std::vector<Hash256> hashes = sample.stored;
    ShareHashes(share, &hashes);
    const auto built = BuildOurs(hashes);
    PrintRow(absl::StrFormat("%.0f %%", 100 * share), built, hashes.size(),
             TimeOurs(built.index, MakeQueries(hashes, sample.apart,
                                               absl::GetFlag(FLAGS_queries))));
  }
}

std::shared_ptr<const HammingSegment> SegmentOf(
    absl::Span<const Hash256> hashes, size_t begin, size_t end) {
  std::vector<SpreadFrame> frames;
  frames.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) {
    const auto number = static_cast<uint32_t>(i);
    frames.push_back({SpreadOverSlots(hashes[i]),
                      {number / kFramesOfClip + 1, number % kFramesOfClip}});
  }
  return HammingSegment::Of(frames);
}

// Seconds to merge two halves, and to save a segment and load it again.
std::string SegmentPrices(absl::Span<const Hash256> hashes) {
  // Where a clip ends: each half has later clips than the one before.
  const size_t middle = hashes.size() / 2 / kFramesOfClip * kFramesOfClip;
  HammingIndex::Segments halves = {SegmentOf(hashes, 0, middle),
                                   SegmentOf(hashes, middle, hashes.size())};
  auto merged = Build([&] { return HammingSegment::Merged(halves, {}); });
  halves.clear();
  const std::string path =
      std::filesystem::temp_directory_path() / "index_bench.segment";
  const auto saved = Build([&] { return merged.index->Save(path); });
  const size_t bytes = merged.index->bytes();
  merged.index.reset();
  const auto loaded = Build([&] { return HammingSegment::Load(path); });
  std::filesystem::remove(path);
  const bool sound = saved.index.ok() && loaded.index.ok() &&
                     (*loaded.index)->bytes() == bytes;
  return absl::StrFormat(" %8.2f %8.2f %8.2f%s", merged.seconds, saved.seconds,
                         loaded.seconds, sound ? "" : " FAILED");
}

void BySize(const HashSample& sample) {
  PrintTitle("By size");
  PrintHead("hashes", "  merge s   save s   load s");
  for (const std::string& text : absl::GetFlag(FLAGS_sizes)) {
    size_t size = 0;
    if (!absl::SimpleAtoi(text, &size) || size == 0 ||
        size > sample.stored.size()) {
      absl::PrintF("  %s: left out, of 1 to %d\n", text, sample.stored.size());
      continue;
    }
    const auto hashes = absl::MakeConstSpan(sample.stored).first(size);
    const std::string prices = SegmentPrices(hashes);
    const auto built = BuildOurs(hashes);
    PrintRow(text, built, size,
             TimeOurs(built.index, MakeQueries(hashes, sample.apart,
                                               absl::GetFlag(FLAGS_queries))),
             prices);
  }
}

// A tenth of the hashes is one crowd.
void Crowded(HashSample sample) {
  const size_t crowd = sample.stored.size() / 10;
  const Hash256 centre = sample.stored[0];
  const auto ordinary =
      MakeQueries(absl::MakeConstSpan(sample.stored).subspan(crowd),
                  sample.apart, absl::GetFlag(FLAGS_queries));
  const std::vector<Hash256> hashes = CrowdAround(centre, crowd);
  std::copy(hashes.begin(), hashes.end(), sample.stored.begin());
  std::vector<Hash256> near;
  Random random(7);
  for (size_t i = 0; i < ordinary.size(); ++i) {
    near.push_back(AtDistance(centre, Below(kRadius + 1, random), random));
  }

  PrintTitle("A tenth within 8 bits of one another, at most 4096 hits");
  PrintHead("queries");
  const auto built = BuildOurs(sample.stored);
  PrintRow("ordinary", built, sample.stored.size(),
           TimeOurs(built.index, ordinary, kRadius, kMostHits));
  PrintRow("near the crowd", built, sample.stored.size(),
           TimeOurs(built.index, near, kRadius, kMostHits));
}

void MeasureAlone(const std::string& kind, HashSample sample) {
  absl::PrintF("\nlenscap alone, on %s hashes, %d unless said otherwise\n",
               kind, sample.stored.size());
  {
    const auto queries =
        MakeQueries(sample.stored, sample.apart, absl::GetFlag(FLAGS_queries));
    const auto built = BuildOurs(sample.stored);
    ByRadius(built, sample.stored.size(), queries);
    ByBatch(built.index, queries);
  }
  ByDuplicates(sample);
  BySize(sample);
  Crowded(std::move(sample));
}

int Run() {
  const std::string footage = absl::GetFlag(FLAGS_footage);
  std::string first_kind;
  HashSample first;
  bool exact = true;
  for (const std::string& kind : absl::GetFlag(FLAGS_kinds)) {
    if (kind == "footage" && footage.empty()) {
      absl::PrintF("\nfootage: skipped, for want of --footage\n");
      continue;
    }
    auto sample = MakeHashes(kind, absl::GetFlag(FLAGS_hashes),
                             absl::GetFlag(FLAGS_queries), footage);
    if (!sample.ok()) {
      absl::FPrintF(stderr, "%s\n", sample.status().ToString());
      return 2;
    }
    exact = Compare(kind, *sample) && exact;
    if (first_kind.empty()) {
      first_kind = kind;
      first = *std::move(sample);
    }
  }
  if (!first_kind.empty()) MeasureAlone(first_kind, std::move(first));
  if (!exact) absl::FPrintF(stderr, "Hits differ from the plain scan's.\n");
  return exact ? 0 : 1;
}

bool FlagsAreGood() {
  const std::vector<std::string> kinds = absl::GetFlag(FLAGS_kinds);
  return std::all_of(kinds.begin(), kinds.end(), IsHashKind) &&
         absl::GetFlag(FLAGS_hashes) >= 100 &&
         absl::GetFlag(FLAGS_queries) >= 4 && absl::GetFlag(FLAGS_rounds) >= 1;
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Measures exact Hamming search.");
  absl::ParseCommandLine(argc, argv);
  if (!lenscap::FlagsAreGood()) {
    absl::FPrintF(stderr,
                  "Expected known --kinds, --hashes of 100 or more, --queries "
                  "of 4 or more and --rounds of 1 or more.\n");
    return 2;
  }
  return lenscap::Run();
}
