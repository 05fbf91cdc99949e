#include "lists/list_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "lists/entry_line.h"
#include "lists/envelope_line.h"
#include "lists/list_content.h"

namespace lenscap {
namespace {

absl::Status AtLine(int64_t number, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", number, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ListReader>> ListReader::Open(
    std::unique_ptr<ByteReader> file, const ZstdLimits& limits) {
  std::unique_ptr<ListReader> reader(
      new ListReader(MakeInflatingReader(std::move(file), limits)));
  ASSIGN_OR_RETURN(const auto line, reader->lines_.Next(kMaxEnvelopeBytes));
  if (!line) return absl::InvalidArgumentError("line 1: the file is empty");
  auto envelope = ParseEnvelope(*line);
  if (!envelope.ok()) return AtLine(1, envelope.status());
  reader->envelope_ = *std::move(envelope);
  return reader;
}

absl::StatusOr<std::optional<EntryChange>> ListReader::Next() {
  if (!status_.ok()) return status_;
  auto change = Read();
  status_ = change.status();
  return change;
}

absl::StatusOr<std::optional<EntryChange>> ListReader::Read() {
  ASSIGN_OR_RETURN(const auto line, lines_.Next(kMaxEntryBytes));
  if (!line) {
    RETURN_IF_ERROR(CheckEnd());
    return std::nullopt;
  }
  if (entries_ == envelope_.entries) {
    return AtLine(lines_.number(), absl::InvalidArgumentError(absl::StrCat(
                                       "entries: line 1 announces ", entries_,
                                       ", and here is one more")));
  }
  ++entries_;
  auto change = ParseEntry(*line, envelope_.list_id);
  if (!change.ok()) return AtLine(lines_.number(), change.status());
  if (absl::Status status = CheckOp(*change); !status.ok()) {
    return AtLine(lines_.number(), status);
  }
  ToggleEntry(change->digest, &content_);
  return *std::move(change);
}

absl::Status ListReader::CheckOp(const EntryChange& change) const {
  if (envelope_.kind == ListEnvelope::Kind::kDelta ||
      change.op == EntryChange::Op::kAdd) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("op: a snapshot has nothing but add");
}

absl::Status ListReader::CheckEnd() const {
  if (entries_ != envelope_.entries) {
    return AtLine(1, absl::InvalidArgumentError(absl::StrCat(
                         "entries: ", envelope_.entries, " are announced, but ",
                         entries_, " follow")));
  }
  if (envelope_.kind == ListEnvelope::Kind::kSnapshot &&
      content_ != envelope_.content) {
    return AtLine(1, absl::InvalidArgumentError(absl::StrCat(
                         "content_sha256: the entries make ", ToHex(content_),
                         ", not ", ToHex(envelope_.content))));
  }
  return absl::OkStatus();
}

}  // namespace lenscap
