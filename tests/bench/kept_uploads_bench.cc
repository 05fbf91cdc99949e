// What keeping fingerprints of uploads costs: kept_uploads_bench FILE...

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fingerprint/derive_dihedral.h"
#include "index/clip_set.h"
#include "index/upload_record.h"
#include "index/upload_store.h"
#include "media/byte_source.h"
#include "services/fingerprint_video.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

// How many bits the derived hashes of turned frames have wrong.
void MeasureDerived(const std::vector<UploadFingerprint>& uploads) {
  std::vector<int> wrong;
  for (const UploadFingerprint& upload : uploads) {
    for (const FrameFingerprint& frame : upload.frames) {
      if (frame.quality() < 50) continue;
      const DihedralPdq derived =
          DeriveDihedral({.hash = frame.hash(), .quality = frame.quality()});
      for (const Orientation o : {Orientation::kFlipped, Orientation::kMirrored,
                                  Orientation::kRotated180}) {
        const int k = static_cast<int>(o);
        wrong.push_back(
            HammingDistance(frame.pdq.hashes[k], derived.hashes[k]));
      }
    }
  }
  if (wrong.empty()) return;
  std::sort(wrong.begin(), wrong.end());
  double sum = 0;
  for (const int bits : wrong) sum += bits;
  std::printf(
      "derived: %zu hashes, wrong bits mean %.2f p50 %d p95 %d p99 %d "
      "most %d\n",
      wrong.size(), sum / wrong.size(), wrong[wrong.size() / 2],
      wrong[wrong.size() * 95 / 100], wrong[wrong.size() * 99 / 100],
      wrong.back());
}

// As a server reads them by default.
std::vector<UploadFingerprint> ReadUploads(int argc, char** argv) {
  const ClipSet nothing{absl::Span<const Clip>()};
  std::vector<UploadFingerprint> uploads;
  for (int i = 1; i < argc; ++i) {
    auto source = OpenFileSource(argv[i]);
    if (!source.ok()) continue;
    auto video =
        FingerprintUpload(*std::move(source), FileDigests(),
                          {.reader = {.sample_interval = kUploadInterval,
                                      .sampling = Sampling::kSparse}},
                          nothing);
    if (video.ok()) uploads.push_back(std::move(video->upload));
  }
  return uploads;
}

void MeasureSize(const std::vector<UploadFingerprint>& uploads) {
  double minutes = 0, whole = 0, all = 0;
  size_t frames = 0, parts = 0;
  for (const UploadFingerprint& upload : uploads) {
    UploadFingerprint without = upload;
    without.parts.clear();
    minutes += absl::ToDoubleMinutes(upload.duration);
    whole += EncodeFingerprint(without).size();
    all += EncodeFingerprint(upload).size();
    frames += upload.frames.size();
    parts += upload.parts.size();
  }
  std::printf(
      "size: %zu uploads, %.1f min, %zu frames, %zu parts; bytes a minute "
      "%.0f, of the whole picture %.0f, a frame of it %.0f\n",
      uploads.size(), minutes, frames, parts, all / minutes, whole / minutes,
      whole / frames);
}

std::vector<Clip> RandomClips(int count, Random& random) {
  std::vector<Clip> clips;
  for (int c = 0; c < count; ++c) {
    clips.push_back(
        MakeClip("list", absl::StrCat(c), MovingHashes(240, 20, random)));
  }
  return clips;
}

// Read from the store, and compared on one thread.
void MeasureSpeed(const std::vector<UploadFingerprint>& uploads) {
  const auto store = UploadStore::Open({.directory = MakeTempDirectory()});
  if (!store.ok()) return;
  KeptUpload kept;
  for (const UploadFingerprint& upload : uploads) {
    absl::StrAppend(&kept.content_id, "+");
    (*store)->Keep(kept, upload).IgnoreError();
  }
  Random random(1);
  for (const int count : {1, 100, 10'000}) {
    const ClipSet clips(RandomClips(count, random));
    const absl::Time start = absl::Now();
    int64_t compared = 0;
    while (absl::Now() - start < absl::Seconds(5)) {
      const uint64_t sequence = 1 + compared++ % uploads.size();
      const auto upload = (*store)->Fingerprint(sequence);
      if (upload.ok()) clips.Match(*upload);
    }
    std::printf("speed: with %d clips of a minute, %.0f uploads a second\n",
                count, compared / absl::ToDoubleSeconds(absl::Now() - start));
  }
}

int Run(int argc, char** argv) {
  const std::vector<UploadFingerprint> uploads = ReadUploads(argc, argv);
  if (uploads.empty()) return 1;
  MeasureDerived(uploads);
  MeasureSize(uploads);
  MeasureSpeed(uploads);
  return 0;
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) { return lenscap::Run(argc, argv); }
