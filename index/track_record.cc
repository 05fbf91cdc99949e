#include "index/track_record.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "fingerprint/derive_dihedral.h"
#include "fingerprint/hash256.h"
#include "fingerprint/pdq.h"
#include "index/clip.h"
#include "index/frame_runs.h"

namespace lenscap {
namespace {

using Frames = std::vector<FrameFingerprint>;

constexpr size_t kHashBytes = 32;
constexpr uint8_t kWholeHash = 255;
// A track of more frames than any upload has is damaged.
constexpr uint64_t kMaxFrames = 10'000'000;
// Those whose hashes are not derived exactly; the others are their transposes.
constexpr Orientation kCorrected[] = {
    Orientation::kFlipped, Orientation::kMirrored, Orientation::kRotated180};
constexpr Orientation kTransposes[] = {Orientation::kRotated270,
                                       Orientation::kRotated90,
                                       Orientation::kTransversed};

template <typename... What>
absl::Status Damaged(const What&... what) {
  return absl::DataLossError(absl::StrCat(what...));
}

void AppendCorrection(const Hash256& hash, const Hash256& derived,
                      std::string* bytes) {
  std::string wrong;
  for (int k = 0; k < 256; ++k) {
    if ((hash.words[k / 64] ^ derived.words[k / 64]) >> (k % 64) & 1) {
      wrong.push_back(static_cast<char>(k));
    }
  }
  if (wrong.size() < kHashBytes) {
    absl::StrAppend(bytes, std::string(1, static_cast<char>(wrong.size())),
                    wrong);
  } else {
    absl::StrAppend(bytes, std::string(1, static_cast<char>(kWholeHash)),
                    ToBytes(hash));
  }
}

void AppendCorrections(const DihedralPdq& pdq, std::string* bytes) {
  const DihedralPdq derived =
      DeriveDihedral({.hash = pdq.hashes[0], .quality = pdq.quality});
  for (const Orientation orientation : kCorrected) {
    const int o = static_cast<int>(orientation);
    AppendCorrection(pdq.hashes[o], derived.hashes[o], bytes);
  }
}

// Takes what AppendCorrection appended off the front of `bytes`.
absl::StatusOr<Hash256> TakeCorrected(Hash256 derived,
                                      absl::string_view* bytes) {
  if (bytes->empty()) return Damaged("corrections are missing");
  const auto count = static_cast<uint8_t>(bytes->front());
  bytes->remove_prefix(1);
  const size_t size = count == kWholeHash ? kHashBytes : count;
  if (size > kHashBytes || size > bytes->size()) {
    return Damaged("a hash has ", count, " corrections");
  }
  const absl::string_view taken = bytes->substr(0, size);
  bytes->remove_prefix(size);
  if (count == kWholeHash) return HashFromBytes(taken);
  for (const char c : taken) {
    const auto k = static_cast<uint8_t>(c);
    derived.words[k / 64] ^= uint64_t{1} << (k % 64);
  }
  return derived;
}

absl::StatusOr<DihedralPdq> TakeDihedral(const Pdq& upright,
                                         absl::string_view* corrections) {
  DihedralPdq pdq = DeriveDihedral(upright);
  for (size_t i = 0; i < std::size(kCorrected); ++i) {
    Hash256& hash = pdq.hashes[static_cast<int>(kCorrected[i])];
    ASSIGN_OR_RETURN(hash, TakeCorrected(hash, corrections));
    // Its own transpose is exact.
    const auto transpose = static_cast<int>(kTransposes[i]);
    pdq.hashes[transpose] =
        DeriveDihedral({.hash = hash, .quality = upright.quality})
            .hashes[static_cast<int>(Orientation::kTransposed)];
  }
  return pdq;
}

// A frame, and those after it that show the same.
struct Run {
  const FrameFingerprint* first = nullptr;
  uint32_t count = 0;
  int64_t start = 0;  // Microseconds.
  int64_t end = 0;
};

bool ShowTheSame(const FrameFingerprint& a, const FrameFingerprint& b) {
  return ShowTheSame(
      ReferenceFrame{.hash = a.hash(), .quality = a.quality(), .time = {}},
      ReferenceFrame{.hash = b.hash(), .quality = b.quality(), .time = {}});
}

std::vector<Run> RunsOf(const Frames& frames) {
  std::vector<Run> runs;
  for (const FrameFingerprint& frame : frames) {
    const int64_t end = runs.empty() ? 0 : runs.back().end;
    const int64_t time = std::max(end, TrackMicros(frame.time));
    if (!runs.empty() &&
        time - end <= absl::ToInt64Microseconds(kMaxRunPause) &&
        ShowTheSame(*runs.back().first, frame)) {
      ++runs.back().count;
      runs.back().end = time;
    } else {
      runs.push_back({.first = &frame, .count = 1, .start = time, .end = time});
    }
  }
  return runs;
}

// The frames that a run stands for, evenly spaced.
void AppendRun(const Run& run, const DihedralPdq& pdq, Frames* frames) {
  const int64_t steps = std::max<int64_t>(1, int64_t{run.count} - 1);
  for (int64_t k = 0; k < run.count; ++k) {
    const int64_t length = run.end - run.start;
    frames->push_back(
        {.time = absl::Microseconds(run.start + length / steps * k +
                                    length % steps * k / steps),
         .pdq = pdq});
  }
}

}  // namespace

int64_t TrackMicros(absl::Duration time) {
  return absl::ToInt64Microseconds(
      std::clamp(time, absl::ZeroDuration(), 10 * kMaxClipDuration));
}

void EncodeTrack(const std::vector<FrameFingerprint>& frames,
                 index::TrackRecord* record) {
  int64_t before = 0;
  for (const Run& run : RunsOf(frames)) {
    record->mutable_hashes()->append(ToBytes(run.first->hash()));
    record->mutable_qualities()->push_back(
        static_cast<char>(run.first->quality()));
    AppendCorrections(run.first->pdq, record->mutable_corrections());
    record->add_gaps(run.start - before);
    record->add_counts(run.count);
    record->add_lengths(run.end - run.start);
    before = run.end;
  }
}

absl::StatusOr<std::vector<FrameFingerprint>> DecodeTrack(
    const index::TrackRecord& record) {
  const size_t runs = record.qualities().size();
  if (record.hashes().size() != runs * kHashBytes ||
      static_cast<size_t>(record.gaps_size()) != runs ||
      static_cast<size_t>(record.counts_size()) != runs ||
      static_cast<size_t>(record.lengths_size()) != runs) {
    return Damaged("its frames have unequal numbers of hashes and times");
  }
  const auto latest =
      static_cast<uint64_t>(TrackMicros(absl::InfiniteDuration()));
  absl::string_view hashes = record.hashes();
  absl::string_view corrections = record.corrections();
  uint64_t time = 0;
  Frames frames;
  for (size_t r = 0; r < runs; ++r, hashes.remove_prefix(kHashBytes)) {
    const uint64_t gap = record.gaps(r), length = record.lengths(r);
    const uint32_t count = record.counts(r);
    if (gap > latest - time || length > latest - time - gap) {
      return Damaged("a frame is too late");
    }
    if (count == 0 || count > kMaxFrames - frames.size()) {
      return Damaged("a frame counts ", count, " times");
    }
    Pdq upright;
    ASSIGN_OR_RETURN(upright.hash, HashFromBytes(hashes.substr(0, kHashBytes)));
    upright.quality = static_cast<uint8_t>(record.qualities()[r]);
    if (upright.quality > 100) return Damaged("a quality is ", upright.quality);
    ASSIGN_OR_RETURN(const DihedralPdq pdq,
                     TakeDihedral(upright, &corrections));
    const auto start = static_cast<int64_t>(time + gap);
    AppendRun({.count = count,
               .start = start,
               .end = start + static_cast<int64_t>(length)},
              pdq, &frames);
    time += gap + length;
  }
  if (!corrections.empty()) return Damaged("there are too many corrections");
  return frames;
}

}  // namespace lenscap
