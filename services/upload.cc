#include "services/upload.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/validate.h"

namespace lenscap {

absl::Status ExpectedFile::Validate(int64_t max_bytes) const {
  RETURN_IF_ERROR(CheckRange("header.total_bytes", total_bytes, 0, max_bytes));
  if (!sha256.empty() && sha256.size() != Sha256().size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "header.sha256: expected 32 bytes or none, got ", sha256.size()));
  }
  return absl::OkStatus();
}

absl::Status ExpectedFile::Check(int64_t bytes,
                                 const Sha256& sha256_of_file) const {
  if (total_bytes != 0 && bytes != total_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("header.total_bytes: ", total_bytes,
                     " bytes were promised, got ", bytes));
  }
  if (!sha256.empty() && sha256 != ToBytes(sha256_of_file)) {
    return absl::DataLossError(
        absl::StrCat("header.sha256: ", absl::BytesToHexString(sha256),
                     " was promised, the file has ", ToHex(sha256_of_file)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Upload> Upload::Begin(const Spool& spool, ExpectedFile expected,
                                     int64_t max_bytes) {
  ASSIGN_OR_RETURN(SpoolFile file, spool.Create(expected.total_bytes));
  return Upload(std::move(file), std::move(expected), max_bytes);
}

absl::Status Upload::Append(const v1::Chunk& chunk) {
  const absl::string_view data = chunk.data();
  if (chunk.offset() != bytes_) {
    return absl::InvalidArgumentError(absl::StrCat(
        "chunk.offset: expected ", bytes_, ", got ", chunk.offset()));
  }
  if (data.empty() || data.size() > kMaxChunkBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("chunk.data: expected 1 to ", kMaxChunkBytes,
                     " bytes, got ", data.size()));
  }
  const int64_t end = bytes_ + static_cast<int64_t>(data.size());
  if (end > max_bytes_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "chunk.data: the file is longer than ", max_bytes_, " bytes"));
  }
  if (expected_.total_bytes != 0 && end > expected_.total_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("header.total_bytes: ", expected_.total_bytes,
                     " bytes were promised, got at least ", end));
  }
  if (chunk.has_crc32() && chunk.crc32() != Crc32(data)) {
    return absl::DataLossError(absl::StrFormat(
        "chunk.crc32: %08x was promised, the bytes at offset %d have %08x",
        chunk.crc32(), bytes_, Crc32(data)));
  }
  RETURN_IF_ERROR(file_.Append(data));
  digester_.Update(data);
  bytes_ = end;
  return absl::OkStatus();
}

absl::StatusOr<UploadedFile> Upload::Finish() && {
  const FileDigests digests = digester_.Finish();
  RETURN_IF_ERROR(expected_.Check(bytes_, digests.sha256));
  return UploadedFile{std::move(file_), digests, bytes_};
}

}  // namespace lenscap
