// What keeping fingerprints of uploads costs: kept_uploads_bench FILE...

#include <algorithm>
#include <cstdio>
#include <vector>

#include "fingerprint/derive_dihedral.h"
#include "index/clip_set.h"
#include "media/byte_source.h"
#include "services/fingerprint_video.h"

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

int Run(int argc, char** argv) {
  const std::vector<UploadFingerprint> uploads = ReadUploads(argc, argv);
  MeasureDerived(uploads);
  return 0;
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) { return lenscap::Run(argc, argv); }
