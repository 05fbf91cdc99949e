// Publishes clips and searches videos in them, as lenscapd would, and writes
// what was found; tests/bench/copies/run says what for.
//
// The plan has a line for each video, of four fields with tabs between them:
// "publish" or "search", the set of published clips, a name, a path. Sets do
// not see each other. Each line gives one JSON object in the output, and so
// does each set, once all of it is published.

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "fingerprint/hash256.h"
#include "fingerprint/keypoints.h"
#include "index/clip.h"
#include "index/clip_match.h"
#include "index/known_clips.h"
#include "services/fingerprint_video.h"
#include "services/picture_search.h"
#include "services/stopwatch.h"
#include "tests/bench/copies/measured.h"

ABSL_FLAG(std::string, plan, "", "What to publish and to search.");
ABSL_FLAG(std::string, out, "", "The file to write.");
ABSL_FLAG(std::string, filter, "",
          "A regular expression; only videos in whose name it is found are "
          "searched.");

ABSL_FLAG(std::vector<std::string>, without, {},
          "What uploads are not searched by: parts, keypoints, lookalikes, "
          "scenes.");
ABSL_FLAG(bool, dense, false,
          "Whether uploads are sampled densely, not as a server does it.");
ABSL_FLAG(int, rounds, 0,
          "If not 0, each video is decoded alone and searched so many times by "
          "everything, without each of these, and without them all.");

namespace lenscap {
namespace {

// What scoring counts for each in memory (costs.py).
static_assert(sizeof(Keypoint) == 56);
static_assert(sizeof(ReferenceScene) == 72);

const char* KindName(ClipMatch::Kind kind) {
  switch (kind) {
    case ClipMatch::Kind::kExactFile:
      return "exact_file";
    case ClipMatch::Kind::kFrames:
      return "frames";
    case ClipMatch::Kind::kSameScene:
      return "same_scene";
  }
  return "unknown";
}

struct Reference {
  std::string name;
  std::vector<Hash256> hashes;  // Of the quality that vPDQ asks for.
};

// One set of published clips.
struct Shelf {
  std::filesystem::path directory;
  std::unique_ptr<KnownClips> clips;
  std::vector<Reference> references;
  absl::Duration duration;
};

struct Line {
  bool publish = false;
  std::string set;
  std::string name;
  std::string path;
};

absl::StatusOr<std::vector<Line>> ReadPlan(const std::string& path) {
  std::ifstream file(path);
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    const std::vector<std::string> fields = absl::StrSplit(text, '\t');
    if (fields.size() != 4 ||
        (fields[0] != "publish" && fields[0] != "search")) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ", line ", lines.size() + 1, ": ", text));
    }
    lines.push_back({fields[0] == "publish", fields[1], fields[2], fields[3]});
  }
  if (lines.empty()) return absl::NotFoundError(path + " has no lines");
  return lines;
}

std::string Quoted(const std::string& text) {
  return absl::StrCat(
      "\"",
      absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", " "}}),
      "\"");
}

std::string Seconds(absl::Duration time) {
  return absl::StrFormat("%.4f", absl::ToDoubleSeconds(time));
}

// vPDQ's convention: frames of a quality below this are left out.
constexpr int kMinQuality = 50;
constexpr int kMaxDistance = 31;

std::vector<Hash256> GoodHashes(const UploadFingerprint& upload) {
  std::vector<Hash256> hashes;
  for (const FrameFingerprint& frame : upload.frames) {
    if (frame.quality() >= kMinQuality) hashes.push_back(frame.hash());
  }
  return hashes;
}

std::vector<Hash256> GoodHashes(const std::vector<ReferenceFrame>& frames) {
  std::vector<Hash256> hashes;
  for (const ReferenceFrame& frame : frames) {
    if (frame.quality >= kMinQuality) hashes.push_back(frame.hash);
  }
  return hashes;
}

// The share of the query's frames that any of the reference's is near.
double VpdqShare(const std::vector<Hash256>& query,
                 const std::vector<Hash256>& reference) {
  if (query.empty()) return 0;
  const auto matched =
      std::count_if(query.begin(), query.end(), [&](const Hash256& hash) {
        return std::any_of(
            reference.begin(), reference.end(), [&](const Hash256& known) {
              return HammingDistance(hash, known) <= kMaxDistance;
            });
      });
  return static_cast<double>(matched) / query.size();
}

std::string MatchJson(const ClipMatch& match) {
  return absl::StrCat("{\"reference\":", Quoted(match.entry_id),
                      ",\"kind\":", Quoted(KindName(match.kind)),
                      absl::StrFormat(",\"score\":%.6f", match.score),
                      ",\"query_start\":", Seconds(match.query.start),
                      ",\"query_end\":", Seconds(match.query.end),
                      ",\"reference_start\":", Seconds(match.reference.start),
                      ",\"reference_end\":", Seconds(match.reference.end),
                      ",\"frames_matched\":", match.frames_matched,
                      ",\"frames_sampled\":", match.frames_sampled,
                      ",\"median_distance\":", match.median_distance,
                      ",\"orientation\":", static_cast<int>(match.orientation),
                      absl::StrFormat(",\"speed\":%.4f}", match.speed));
}

std::string KeptJson(const VideoFingerprint& video) {
  return absl::StrCat("{\"frames\":", video.frames.size(),
                      ",\"pictures\":", video.detail.windows.size(),
                      ",\"keypoints\":", video.detail.keypoints.size(),
                      ",\"scenes\":", video.detail.scenes.size(), "}");
}

class Evaluation {
 public:
  Evaluation(std::filesystem::path directory, std::ofstream out)
      : directory_(std::move(directory)), out_(std::move(out)) {}

  absl::Status Publish(const Line& line) {
    ASSIGN_OR_RETURN(Shelf * shelf, ShelfOf(line.set));
    absl::Duration time, cpu;
    ASSIGN_OR_RETURN(const VideoFingerprint video, Timed(&time, [&] {
                       return ReadReference(line.path, &cpu);
                     }));
    const auto result = shelf->clips->Publish(
        ClipFromVideo(video, line.set, line.name, Severity::kConfirmed));
    std::string refused = "null";
    if (absl::IsInvalidArgument(result.status())) {
      refused = Quoted(std::string(result.status().message()));  // A blank.
    } else if (!result.ok()) {
      return result.status();
    }
    shelf->references.push_back({line.name, GoodHashes(video.frames)});
    shelf->duration += video.upload.duration;
    Write(absl::StrCat(
        "{\"published\":", Quoted(line.name), ",\"set\":", Quoted(line.set),
        ",\"seconds\":", Seconds(time), ",\"cpu\":", Seconds(cpu),
        ",\"duration\":", Seconds(video.upload.duration),
        ",\"frames\":", video.frames.size(), ",\"refused\":", refused,
        ",\"kept\":", KeptJson(video), "}"));
    return absl::OkStatus();
  }

  // By everything but `without`.
  absl::Status Search(const Line& line,
                      const std::vector<std::string>& without) {
    ASSIGN_OR_RETURN(const PictureSearch::Options looking,
                     LookingWithout(without));
    ASSIGN_OR_RETURN(Shelf * shelf, ShelfOf(line.set));
    const std::string head = absl::StrCat(
        "{\"query\":", Quoted(line.name), ",\"set\":", Quoted(line.set),
        ",\"without\":", Quoted(absl::StrJoin(without, ",")));
    absl::Duration read_cpu;
    const auto video = ReadUpload(
        line.path, *shelf->clips, looking,
        absl::GetFlag(FLAGS_dense) ? Sampling::kDense : Sampling::kSparse,
        &read_cpu);
    if (!video.ok()) {  // Then nothing is found in it.
      Write(absl::StrCat(head, ",\"error\":",
                         Quoted(std::string(video.status().message())), "}"));
      return absl::OkStatus();
    }
    absl::Duration match_time, match_cpu;
    const std::vector<ClipMatch> matches = Timed(
        &match_time, [&] { return Find(*shelf->clips, *video, &match_cpu); });
    Write(absl::StrCat(
        head, ",\"seconds\":{\"decode\":", Seconds(video->decode_time),
        ",\"fingerprint\":", Seconds(video->fingerprint_time), ",\"match\":",
        Seconds(match_time), "},\"cpu\":{\"read\":", Seconds(read_cpu),
        ",\"match\":", Seconds(match_cpu),
        "},\"pictures\":{\"decoded\":", video->facts.frames_decoded,
        ",\"sampled\":", video->facts.frames_sampled,
        "},\"duration\":", Seconds(video->upload.duration),
        ",\"frames\":", video->upload.frames.size(), ",\"matches\":[",
        absl::StrJoin(matches, ",",
                      [](std::string* out, const ClipMatch& match) {
                        out->append(MatchJson(match));
                      }),
        "],\"vpdq\":[", VpdqJson(*shelf, *video), "]}"));
    return absl::OkStatus();
  }

  // In each way after the other, so that what else the machine does is shared.
  absl::Status SearchInEachWay(const Line& line, int rounds) {
    const absl::Span<const std::string> ways = WaysOfLooking();
    for (int round = 0; round < rounds; ++round) {
      absl::Duration cpu;
      if (Decode(line.path, &cpu).ok()) {
        Write(absl::StrCat("{\"decoded\":", Quoted(line.name),
                           ",\"cpu\":", Seconds(cpu), "}"));
      }
      RETURN_IF_ERROR(Search(line, {}));
      for (const std::string& way : ways) {
        RETURN_IF_ERROR(Search(line, {way}));
      }
      RETURN_IF_ERROR(Search(line, {ways.begin(), ways.end()}));
    }
    return absl::OkStatus();
  }

  // What the sets cost.
  void WriteSets() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    for (const auto& [name, shelf] : shelves_) {
      int64_t bytes = 0;
      for (const auto& file :
           std::filesystem::recursive_directory_iterator(shelf.directory)) {
        if (file.is_regular_file()) bytes += file.file_size();
      }
      Write(absl::StrCat("{\"shelf\":", Quoted(name), ",\"duration\":",
                         Seconds(shelf.duration), ",\"bytes\":", bytes,
                         ",\"peak_kb\":", usage.ru_maxrss, "}"));
    }
  }

 private:
  static std::string VpdqJson(const Shelf& shelf,
                              const VideoFingerprint& video) {
    const std::vector<Hash256> hashes = GoodHashes(video.upload);
    std::vector<std::string> shares;
    for (const Reference& reference : shelf.references) {
      const double share = VpdqShare(hashes, reference.hashes);
      if (share == 0) continue;
      shares.push_back(
          absl::StrCat("{\"reference\":", Quoted(reference.name),
                       absl::StrFormat(",\"share\":%.6f}", share)));
    }
    return absl::StrJoin(shares, ",");
  }

  absl::StatusOr<Shelf*> ShelfOf(const std::string& set) {
    const auto found = shelves_.find(set);
    if (found != shelves_.end()) return &found->second;
    Shelf shelf{.directory = directory_ / set,
                .clips = nullptr,
                .references = {},
                .duration = {}};
    ASSIGN_OR_RETURN(shelf.clips,
                     KnownClips::Open({.directory = shelf.directory}));
    RETURN_IF_ERROR(shelf.clips->CreateList(set, "evaluation"));
    return &shelves_.emplace(set, std::move(shelf)).first->second;
  }

  void Write(const std::string& json) { out_ << json << std::endl; }

  const std::filesystem::path directory_;
  std::ofstream out_;
  std::map<std::string, Shelf> shelves_;
};

absl::Status Run(const std::filesystem::path& directory) {
  ASSIGN_OR_RETURN(const std::vector<Line> plan,
                   ReadPlan(absl::GetFlag(FLAGS_plan)));
  std::ofstream out(absl::GetFlag(FLAGS_out));
  if (!out) return absl::NotFoundError(absl::GetFlag(FLAGS_out));
  const std::regex filter(absl::GetFlag(FLAGS_filter));
  const std::vector<std::string> without = absl::GetFlag(FLAGS_without);
  const int rounds = absl::GetFlag(FLAGS_rounds);
  RETURN_IF_ERROR(LookingWithout(without).status());
  Evaluation evaluation(directory, std::move(out));
  for (const Line& line : plan) {
    if (line.publish) RETURN_IF_ERROR(evaluation.Publish(line));
  }
  evaluation.WriteSets();
  size_t searched = 0;
  for (const Line& line : plan) {
    if (line.publish || !std::regex_search(line.name, filter)) continue;
    RETURN_IF_ERROR(rounds > 0 ? evaluation.SearchInEachWay(line, rounds)
                               : evaluation.Search(line, without));
    if (++searched % 50 == 0) {
      std::fprintf(stderr, "%zu searched, up to %s\n", searched,
                   line.name.c_str());
    }
  }
  return absl::OkStatus();
}

absl::Status RunInTempDirectory() {
  std::string directory =
      std::filesystem::temp_directory_path() / "match_copies.XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, directory);
  }
  const absl::Status status = Run(directory);
  std::filesystem::remove_all(directory);
  return status;
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Publishes clips and searches videos in them.");
  absl::ParseCommandLine(argc, argv);
  if (const absl::Status status = lenscap::RunInTempDirectory(); !status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return 1;
  }
}
