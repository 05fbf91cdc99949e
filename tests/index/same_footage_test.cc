// The same footage or the same scene at another time, on real fixed cameras:
// the first part of each is published; what comes a second or more later is
// never to be called the same footage. Excerpts of five seconds, re-encoded,
// half the size and with a logo, are, wherever enough moves to tell.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fingerprint/fingerprint.h"
#include "gtest/gtest.h"
#include "index/matcher.h"
#include "tests/index/read_video.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr absl::Duration kReferenceInterval = absl::Milliseconds(250);
constexpr absl::Duration kUploadInterval = absl::Milliseconds(500);
constexpr absl::Duration kShortest = absl::Seconds(8);

// [start, end) of the video, by itself.
UploadFingerprint Cut(const UploadFingerprint& video, absl::Duration start,
                      absl::Duration end) {
  UploadFingerprint cut;
  cut.digests = {};
  cut.duration = end - start;
  for (const FrameFingerprint& frame : video.frames) {
    if (frame.time < start || frame.time >= end) continue;
    cut.frames.push_back(frame);
    cut.frames.back().time -= start;
  }
  return cut;
}

SearchState Published(const UploadFingerprint& video) {
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = "entry";
  clip.duration = video.duration;
  for (const FrameFingerprint& frame : video.frames) {
    clip.frames.push_back({frame.hash(), frame.quality(), frame.time});
  }
  SearchChange change;
  change.added.push_back(MakeSearchedClip(clip, 1, 50));
  return SearchState().With(change);
}

// Cameras that stand still, and see people, animals, cars or rooms.
std::vector<std::string> FixedCameras(const std::string& data) {
  std::vector<std::string> cameras;
  for (const char* kind : {"cctv_osd", "cctv_plain", "fisheye", "ir_night",
                           "neg_static_other", "neg_talking"}) {
    const std::filesystem::path folder = data + "/footage/" + kind;
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      cameras.push_back(file.path());
    }
  }
  std::sort(cameras.begin(), cameras.end());
  return cameras;
}

// How many pairs were found to be what, with what score.
struct Outcome {
  int pairs = 0, footage = 0, scenes = 0;
  std::vector<double> scores;

  void Add(const std::vector<ClipMatch>& matches) {
    ++pairs;
    const auto is = [&](ClipMatch::Kind kind) {
      return std::any_of(matches.begin(), matches.end(),
                         [&](const auto& m) { return m.kind == kind; });
    };
    if (is(ClipMatch::Kind::kFrames)) {
      ++footage;
    } else if (is(ClipMatch::Kind::kSameScene)) {
      ++scenes;
    }
    scores.push_back(matches.empty() ? 0 : matches[0].score);
  }
  void Print(const std::string& name) {
    std::sort(scores.begin(), scores.end());
    std::printf("%-9s %3d pairs: %3d same footage, %3d same scene, %3d none;",
                name.c_str(), pairs, footage, scenes, pairs - footage - scenes);
    std::printf(" scores");
    for (const double share : {0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0}) {
      std::printf(" %.2f", scores[share * (scores.size() - 1)]);
    }
    std::printf("\n");
  }
};

TEST(SameFootageTest, AnotherTimeOfAFixedCameraIsNeverTheSameFootage) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  Outcome later;
  for (const std::string& camera : FixedCameras(data)) {
    const UploadFingerprint dense = ReadVideo(camera, kReferenceInterval);
    if (dense.duration < kShortest) continue;
    UploadFingerprint sparse = dense;
    sparse.frames.clear();
    for (size_t i = 0; i < dense.frames.size(); i += 2) {
      sparse.frames.push_back(dense.frames[i]);
    }
    for (const double share : {0.35, 0.5, 0.65}) {
      const absl::Duration cut = share * dense.duration;
      const absl::Duration gap = absl::Seconds(1);
      const struct {
        UploadFingerprint published, uploaded;
      } pairs[] = {
          {Cut(dense, absl::ZeroDuration(), cut),
           Cut(sparse, cut + gap, dense.duration)},
          {Cut(dense, cut + gap, dense.duration),
           Cut(sparse, absl::ZeroDuration(), cut)},
      };
      for (const auto& [published, uploaded] : pairs) {
        const auto matches = FindMatches(Published(published), uploaded, {});
        for (const ClipMatch& match : matches) {
          EXPECT_EQ(match.kind, ClipMatch::Kind::kSameScene)
              << camera << " cut at " << cut << ", from " << match.query.start
              << " to " << match.query.end << " at " << match.reference.start
              << ", orientation " << static_cast<int>(match.orientation)
              << ", speed " << match.speed;
          EXPECT_LE(match.score, 0.3);
        }
        later.Add(matches);
      }
    }
  }
  if (later.pairs == 0) GTEST_SKIP() << "SKIPPED: there are no fixed cameras";
  later.Print("later");
}

TEST(SameFootageTest, ExcerptsOfFixedCamerasAre) {
  LENSCAP_DEV_DATA_OR_SKIP(data);
  const std::map<std::string, std::vector<std::string>> disguises = {
      {"half size", {"-vf", "scale=trunc(iw/4)*2:trunc(ih/4)*2"}},
      {"crf 35", {"-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-crf", "35"}},
      {"logo",
       {"-vf",
        "scale=trunc(iw/2)*2:trunc(ih/2)*2,drawbox=x=iw*0.05:y=ih*0.05:"
        "w=iw*0.2:h=ih*0.12:color=yellow:t=fill"}},
  };
  std::map<std::string, Outcome> outcomes;
  for (const std::string& camera : FixedCameras(data)) {
    const UploadFingerprint whole = ReadVideo(camera, kReferenceInterval);
    if (whole.duration < kShortest) continue;
    const SearchState known = Published(whole);
    const double start = 0.3 * absl::ToDoubleSeconds(whole.duration) + 0.137;
    for (const auto& [name, filter] : disguises) {
      std::vector<std::string> arguments = {
          "-ss", absl::StrCat(start), "-t", "5", "-i", camera, "-an"};
      arguments.insert(arguments.end(), filter.begin(), filter.end());
      for (const char* more :
           {"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast"}) {
        arguments.push_back(more);
      }
      const auto matches = FindMatches(
          known,
          ReadVideo(MakeMedia("excerpt.mp4", arguments), kUploadInterval), {});
      outcomes[name].Add(matches);
    }
  }
  if (outcomes.empty()) GTEST_SKIP() << "SKIPPED: there are no fixed cameras";
  for (auto& [name, outcome] : outcomes) {
    outcome.Print(name);
    // The others hardly change, or are so small that noise is all that does;
    // under the logo most are no longer within 31 bits.
    EXPECT_GE(outcome.footage, (name == "logo" ? 0.15 : 0.5) * outcome.pairs)
        << name;
  }
}

}  // namespace
}  // namespace lenscap
