#include "index/upload_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "index/track_record.h"
#include "index/upload_record.pb.h"

namespace lenscap {
namespace {

static_assert(static_cast<int>(LayoutPart::Kind::kContent) ==
              index::PartRecord::CONTENT);
static_assert(static_cast<int>(LayoutPart::Kind::kTile) ==
              index::PartRecord::TILE);
static_assert(static_cast<int>(LayoutPart::Kind::kInner) ==
              index::PartRecord::INNER);

template <typename... What>
absl::Status Damaged(const What&... what) {
  return absl::DataLossError(absl::StrCat(what...));
}

template <typename Record>
absl::StatusOr<Record> Parse(absl::string_view bytes) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), bytes.size())) {
    return Damaged("it is no ", Record::descriptor()->name());
  }
  return record;
}

void EncodePart(const PartFingerprint& part, index::PartRecord* record) {
  const LayoutPart& layout = part.part;
  record->set_kind(static_cast<index::PartRecord::Kind>(layout.kind));
  for (const double side : {layout.region.left, layout.region.top,
                            layout.region.right, layout.region.bottom}) {
    record->add_region(side);
  }
  record->set_row(layout.row);
  record->set_column(layout.column);
  record->set_rows(layout.rows);
  record->set_columns(layout.columns);
  EncodeTrack(part.frames, record->mutable_track());
}

absl::StatusOr<PartFingerprint> DecodePart(const index::PartRecord& record) {
  if (!index::PartRecord::Kind_IsValid(record.kind())) {
    return Damaged("the kind of a part is ", record.kind());
  }
  if (record.region_size() != 4) {
    return Damaged("a region has ", record.region_size(), " sides");
  }
  PartFingerprint part;
  part.part = {.kind = static_cast<LayoutPart::Kind>(record.kind()),
               .region = {record.region(0), record.region(1), record.region(2),
                          record.region(3)},
               .row = record.row(),
               .column = record.column(),
               .rows = record.rows(),
               .columns = record.columns()};
  ASSIGN_OR_RETURN(part.frames, DecodeTrack(record.track()));
  return part;
}

template <size_t n>
absl::Status ReadDigest(absl::string_view field, absl::string_view bytes,
                        std::array<uint8_t, n>* digest) {
  if (bytes.size() != n) {
    return Damaged(field, " has ", bytes.size(), " bytes, not ", n);
  }
  std::copy(bytes.begin(), bytes.end(), digest->begin());
  return absl::OkStatus();
}

}  // namespace

std::string EncodeKeptUpload(const KeptUpload& upload) {
  index::KeptUploadRecord record;
  record.set_kept_unix_micros(absl::ToUnixMicros(upload.kept));
  record.set_content_id(upload.content_id);
  record.set_account(upload.account);
  record.set_group(upload.group);
  record.set_tenant(upload.tenant);
  record.set_platform_class(upload.platform_class);
  record.set_action(upload.action);
  record.set_case_id(upload.case_id);
  record.set_clips_below(upload.clips_below);
  record.set_report(upload.report);
  record.set_fingerprint_bytes(upload.fingerprint_bytes);
  return record.SerializeAsString();
}

absl::StatusOr<KeptUpload> DecodeKeptUpload(uint64_t sequence,
                                            absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record, Parse<index::KeptUploadRecord>(bytes));
  if (!v1::Action_IsValid(record.action())) {
    return Damaged("action is ", record.action());
  }
  if (record.fingerprint_bytes() < 0) {
    return Damaged("fingerprint_bytes is ", record.fingerprint_bytes());
  }
  return KeptUpload{.sequence = sequence,
                    .kept = absl::FromUnixMicros(record.kept_unix_micros()),
                    .content_id = record.content_id(),
                    .account = record.account(),
                    .group = record.group(),
                    .tenant = record.tenant(),
                    .platform_class = record.platform_class(),
                    .action = record.action(),
                    .case_id = record.case_id(),
                    .clips_below = record.clips_below(),
                    .report = record.report(),
                    .fingerprint_bytes = record.fingerprint_bytes()};
}

std::string EncodeFingerprint(const UploadFingerprint& upload) {
  index::FingerprintRecord record;
  record.set_sha256(ToBytes(upload.digests.sha256));
  record.set_md5(ToBytes(upload.digests.md5));
  record.set_sha1(ToBytes(upload.digests.sha1));
  record.set_duration_micros(TrackMicros(upload.duration));
  EncodeTrack(upload.frames, record.mutable_whole());
  for (const PartFingerprint& part : upload.parts) {
    EncodePart(part, record.add_parts());
  }
  return record.SerializeAsString();
}

absl::StatusOr<UploadFingerprint> DecodeFingerprint(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record, Parse<index::FingerprintRecord>(bytes));
  UploadFingerprint upload;
  FileDigests& digests = upload.digests;
  RETURN_IF_ERROR(ReadDigest("sha256", record.sha256(), &digests.sha256));
  RETURN_IF_ERROR(ReadDigest("md5", record.md5(), &digests.md5));
  RETURN_IF_ERROR(ReadDigest("sha1", record.sha1(), &digests.sha1));
  upload.duration = absl::Microseconds(record.duration_micros());
  if (upload.duration < absl::ZeroDuration()) {
    return Damaged("duration_micros is ", record.duration_micros());
  }
  ASSIGN_OR_RETURN(upload.frames, DecodeTrack(record.whole()));
  for (const index::PartRecord& part : record.parts()) {
    ASSIGN_OR_RETURN(PartFingerprint decoded, DecodePart(part));
    upload.parts.push_back(std::move(decoded));
  }
  return upload;
}

}  // namespace lenscap
