#include "services/cli/fingerprint_command.h"

#include <unistd.h>

#include <functional>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "index/clip_set.h"
#include "index/hash_text.h"
#include "media/byte_source.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                       int64_t max_bytes) {
  if (path != "-") return OpenFileSource(path);
  // The source closes what it is given; standard input stays ours.
  const int descriptor = dup(STDIN_FILENO);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "standard input");
  return OpenDescriptorSource(descriptor, max_bytes);
}

// How a file is to be fingerprinted.
using Fingerprinter = std::function<absl::StatusOr<VideoFingerprint>(
    std::unique_ptr<ByteSource>, const FileDigests&)>;

Fingerprinter AsReference() {
  return [](std::unique_ptr<ByteSource> source, const FileDigests& digests) {
    FingerprintOptions options;
    options.reader.sample_interval = kReferenceInterval;
    return FingerprintReference(std::move(source), digests, options);
  };
}

Fingerprinter AsUpload(const ClipSighter& clips) {
  return
      [&clips](std::unique_ptr<ByteSource> source, const FileDigests& digests) {
        FingerprintOptions options;
        options.reader.sample_interval = kUploadInterval;
        return FingerprintUpload(std::move(source), digests, options, clips);
      };
}

absl::StatusOr<VideoFingerprint> FingerprintSource(
    std::unique_ptr<ByteSource> source, const Fingerprinter& fingerprint) {
  ASSIGN_OR_RETURN(const FileDigests digests,
                   DigestsOf(*source, MediaLimits().max_bytes,
                             /*cancelled=*/nullptr));
  return fingerprint(std::move(source), digests);
}

// Errors begin with the path.
absl::StatusOr<VideoFingerprint> FingerprintFile(
    const std::string& path, const Fingerprinter& fingerprint) {
  const auto named = [&](const absl::Status& error) {
    return absl::Status(error.code(),
                        absl::StrCat(path, ": ", error.message()));
  };
  auto source = OpenSource(path, MediaLimits().max_bytes);
  if (!source.ok()) return named(source.status());
  auto video = FingerprintSource(*std::move(source), fingerprint);
  if (!video.ok()) return named(video.status());
  if (!video->ended.ok()) {
    std::cerr << "lenscap: warning: "
              << Printable(named(video->ended).message())
              << "; what came before it counts\n";
  }
  return video;
}

absl::StatusOr<std::string> EntryJson(const Clip& clip) {
  v1::ExportedEntry entry;
  entry.mutable_entry()->set_entry_id(clip.entry_id);
  *entry.mutable_entry()->mutable_duration() = ToProto(clip.duration);
  entry.mutable_entry()->set_frames(static_cast<int64_t>(clip.frames.size()));
  for (const ReferenceFrame& frame : clip.frames) {
    *entry.add_frames() = ToProto(frame);
  }
  entry.set_sha256(ToBytes(*clip.sha256));
  entry.set_md5(ToBytes(*clip.md5));
  return ToJsonLine(entry);
}

std::vector<std::string> MatchRow(const v1::ClipMatch& match) {
  return {FormatSpan(match.query()),
          absl::StrFormat("%.0f%%", match.query_coverage() * 100),
          FormatSpan(match.reference()),
          absl::StrFormat("%.0f%%", match.reference_coverage() * 100),
          absl::StrFormat("%d of %d", match.frames_matched(),
                          match.frames_sampled()),
          DescribeDistance(match)};
}

absl::Status PrintMatches(const CompareOptions& options,
                          const std::vector<ClipMatch>& matches) {
  std::vector<std::vector<std::string>> rows = {
      {"IN UPLOAD", "SHARE", "IN CLIP", "SHARE", "FRAMES", "DISTANCE"}};
  for (const ClipMatch& match : matches) {
    const v1::ClipMatch proto = ToProto(match);
    rows.push_back(MatchRow(proto));
    if (options.json) {
      ASSIGN_OR_RETURN(const std::string json, ToJsonLine(proto));
      std::cout << json;
    }
  }
  if (!options.json) {
    std::cout << (matches.empty() ? "nothing in common\n" : FormatTable(rows));
  }
  std::cout << std::flush;
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const FingerprintFileOptions& options) {
  const auto video = FingerprintFile(options.path, AsReference());
  if (!video.ok()) return Fail(video.status(), ExitCode::kUnreadable);
  const std::string entry_id =
      absl::StrCat("sha256:", ToHex(video->upload.digests.sha256));
  const Clip clip =
      ClipFromVideo(*video, /*list_id=*/"", entry_id, Severity::kSuspected);
  const auto text =
      options.json ? EntryJson(clip)
                   : absl::StatusOr<std::string>(FormatVpdqText(clip.frames));
  if (!text.ok()) return Fail(text.status());
  std::cout << *text << std::flush;
  return ExitCode::kOk;
}

ExitCode Run(const CompareOptions& options) {
  const auto video = FingerprintFile(options.clip, AsReference());
  if (!video.ok()) return Fail(video.status(), ExitCode::kUnreadable);
  const ClipSet clip(ClipFromVideo(*video, "", "", Severity::kSuspected));
  const auto upload = FingerprintFile(options.upload, AsUpload(clip));
  if (!upload.ok()) return Fail(upload.status(), ExitCode::kUnreadable);
  const std::vector<ClipMatch> matches = clip.Match(upload->upload);
  const absl::Status status = PrintMatches(options, matches);
  if (!status.ok()) return Fail(status);
  return matches.empty() ? ExitCode::kOk : ExitCode::kFound;
}

}  // namespace lenscap::cli
