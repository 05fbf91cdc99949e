// Saving and loading segments.

#include "absl/strings/str_cat.h"
#include "base/sealed_file.h"
#include "base/status_macros.h"
#include "index/hamming_segment.h"

namespace lenscap {
namespace {

constexpr FileKind kSegmentFile = {"lcapsegm", 1};

absl::Status Check(const SegmentCounts& counts, uint64_t bytes) {
  if (counts.hashes > counts.frames || counts.frames > kMaxSegmentFrames ||
      counts.runs > counts.frames || counts.shared > 2 * counts.frames ||
      counts.last_clip > UINT32_MAX ||
      SegmentArrays::BytesFor(counts) != bytes) {
    return absl::DataLossError("its counts do not fit its size");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status HammingSegment::Save(const std::string& path) const {
  const SegmentCounts& counts = arrays_.counts;
  return WriteSealedFile(
      path, kSegmentFile,
      {reinterpret_cast<const char*>(&counts), sizeof(counts)},
      {absl::string_view(memory_.data(), memory_.size())});
}

absl::StatusOr<std::shared_ptr<const HammingSegment>> HammingSegment::Load(
    const std::string& path) {
  ASSIGN_OR_RETURN(const SealedFile file, SealedFile::Open(path, kSegmentFile));
  SegmentCounts counts;
  if (file.header().size() != sizeof(counts)) {
    return absl::DataLossError(absl::StrCat(path, ": its header is none"));
  }
  std::memcpy(&counts, file.header().data(), sizeof(counts));
  if (absl::Status status = Check(counts, file.body_bytes()); !status.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", status.message()));
  }
  PageBuffer memory(file.body_bytes());
  RETURN_IF_ERROR(file.ReadBody(memory.data()));
  return std::shared_ptr<const HammingSegment>(
      new HammingSegment(std::move(memory), counts));
}

}  // namespace lenscap
