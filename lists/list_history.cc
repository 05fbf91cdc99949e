#include "lists/list_history.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/byte_reader.h"
#include "base/prefixed_file.h"
#include "base/status_macros.h"
#include "lists/list_content.h"
#include "lists/list_reader.h"

namespace lenscap {
namespace {

template <typename... What>
absl::Status Refused(const What&... what) {
  return absl::FailedPreconditionError(absl::StrCat(what...));
}

// What a list of which only this file is known has for its head.
ListHead HeadBefore(const ListEnvelope& envelope) {
  return {.list_id = envelope.list_id,
          .issuer = envelope.issuer,
          .version = envelope.version - 1,
          .sha256 = envelope.previous_sha256.value_or(Sha256()),
          .issued = {}};
}

}  // namespace

absl::Status ListHistory::Append(const std::string& path,
                                 std::optional<absl::Time> now) {
  const absl::Status status = Read(path, now);
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::Status ListHistory::Read(const std::string& path,
                               std::optional<absl::Time> now) {
  ASSIGN_OR_RETURN(auto file, OpenByteReader(path));
  ASSIGN_OR_RETURN(const auto reader, ListReader::Open(std::move(file)));
  envelope_ = reader->envelope();
  Sha256 sha256;
  {
    ASSIGN_OR_RETURN(const PrefixedFile mapped, PrefixedFile::Map("", path));
    sha256 = Sha256Of(mapped.bytes());
  }
  ASSIGN_OR_RETURN(
      const ChainStep step,
      CheckChain(envelope_, sha256,
                 head_.version == 0 ? HeadBefore(envelope_) : head_,
                 now.value_or(envelope_.issued)));
  if (step == ChainStep::kAlreadyThere) {
    return Refused("version: version ", envelope_.version, " is there twice");
  }
  if (envelope_.kind == ListEnvelope::Kind::kSnapshot) {
    entries_.clear();
    content_ = {};
    knows_content_ = true;
  }
  while (true) {
    ASSIGN_OR_RETURN(const auto change, reader->Next());
    if (!change) break;
    if (knows_content_) RETURN_IF_ERROR(Apply(*change));
  }
  if (knows_content_ && content_ != envelope_.content) {
    return Refused("content_sha256: the list becomes ", ToHex(content_),
                   ", not ", ToHex(envelope_.content));
  }
  head_ = {.list_id = envelope_.list_id,
           .issuer = envelope_.issuer,
           .version = envelope_.version,
           .sha256 = sha256,
           .issued = envelope_.issued};
  return absl::OkStatus();
}

absl::Status ListHistory::Add(const EntryChange& change) {
  if (!entries_.emplace(change.clip.entry_id, change.digest).second) {
    return Refused("id: ", change.clip.entry_id, " is in the list already");
  }
  ToggleEntry(change.digest, &content_);
  return absl::OkStatus();
}

absl::Status ListHistory::Apply(const EntryChange& change) {
  if (change.op == EntryChange::Op::kAdd) return Add(change);
  const auto it = entries_.find(change.clip.entry_id);
  if (it == entries_.end()) {
    return Refused("id: ", change.clip.entry_id, " is not in the list");
  }
  ToggleEntry(it->second, &content_);
  entries_.erase(it);
  return change.op == EntryChange::Op::kUpdate ? Add(change) : absl::OkStatus();
}

}  // namespace lenscap
