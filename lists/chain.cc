#include "lists/chain.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

template <typename... What>
absl::Status Refused(const What&... what) {
  return absl::FailedPreconditionError(absl::StrCat(what...));
}

std::string Text(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

absl::Status CheckSameList(const ListEnvelope& envelope, const ListHead& head) {
  if (envelope.list_id != head.list_id) {
    return Refused("list_id: expected ", head.list_id, ", got ",
                   envelope.list_id);
  }
  if (envelope.issuer != head.issuer) {
    return Refused("issuer: the list is ", head.issuer, "'s, and this is of ",
                   envelope.issuer);
  }
  return absl::OkStatus();
}

absl::Status CheckFollows(const ListEnvelope& envelope, const ListHead& head) {
  const int64_t next = head.version + 1;
  if (envelope.version > next) {
    return Refused("version: gap: version ", next, " comes next, got ",
                   envelope.version);
  }
  if (head.version > 0 && envelope.previous_sha256 != head.sha256) {
    return Refused(
        "previous_sha256: fork: version ", head.version, " here is the file ",
        ToHex(head.sha256), ", and this one follows on ",
        envelope.previous_sha256 ? ToHex(*envelope.previous_sha256) : "none");
  }
  return absl::OkStatus();
}

absl::Status CheckTimes(const ListEnvelope& envelope, const ListHead& head,
                        absl::Time now) {
  if (envelope.issued > now + kMaxClockSkew) {
    return absl::InvalidArgumentError(
        absl::StrCat("issued: ", Text(envelope.issued),
                     " is in the future; it is ", Text(now), " here"));
  }
  if (head.issued && envelope.issued < *head.issued) {
    return absl::InvalidArgumentError(absl::StrCat(
        "issued: ", Text(envelope.issued), " is before version ", head.version,
        ", which was issued on ", Text(*head.issued)));
  }
  if (envelope.terms.expires <= now) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expires: the list expired on ", Text(envelope.terms.expires)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ChainStep> CheckChain(const ListEnvelope& envelope,
                                     const Sha256& file_sha256,
                                     const ListHead& head, absl::Time now) {
  if (head.version > 0) RETURN_IF_ERROR(CheckSameList(envelope, head));
  if (envelope.version == head.version) {
    if (file_sha256 == head.sha256) return ChainStep::kAlreadyThere;
    return Refused("version: fork: version ", head.version,
                   " is here already and is the file ", ToHex(head.sha256),
                   ", got ", ToHex(file_sha256));
  }
  if (envelope.version < head.version) {
    return Refused("version: replay: version ", head.version,
                   " is here already, got ", envelope.version);
  }
  RETURN_IF_ERROR(CheckFollows(envelope, head));
  RETURN_IF_ERROR(CheckTimes(envelope, head, now));
  return ChainStep::kNext;
}

}  // namespace lenscap
