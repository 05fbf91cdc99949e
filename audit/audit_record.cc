#include "audit/audit_record.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "audit/sealed_line.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSeal[] = "sha256";

Sha256 ToDigest(absl::string_view bytes) {
  Sha256 digest = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()),
              digest.begin());
  return digest;
}

// Each member that is added to an ordered object is compared with all of them,
// so what has more than any record is given up: the answer is no object.
Json ParseMembers(absl::string_view line) {
  constexpr size_t kMaxMembers = kMaxAuditDetails + 20;
  size_t members = 0;
  const auto keep = [&](int, Json::parse_event_t event, const Json&) {
    members += event == Json::parse_event_t::key;
    return members <= kMaxMembers;
  };
  Json object = Json::parse(line.begin(), line.end(), keep, false);
  return members <= kMaxMembers ? object : Json();
}

// Reads the members of an object; `ok` turns false, for good, where one is
// missing or of another kind.
struct Members {
  const Json& object;
  bool ok = true;

  const Json* Find(const char* name, bool (Json::*is)() const noexcept) {
    const auto it = object.find(name);
    ok = ok && it != object.end() && ((*it).*is)();
    return ok ? &*it : nullptr;
  }
  std::string String(const char* name) {
    const Json* found = Find(name, &Json::is_string);
    return found == nullptr ? "" : found->get<std::string>();
  }
  uint64_t Number(const char* name) {
    const Json* found = Find(name, &Json::is_number_unsigned);
    return found == nullptr ? 0 : found->get<uint64_t>();
  }
  absl::Time Time(const char* name) {
    const std::optional<absl::Time> time = ParseAuditTime(String(name));
    ok = ok && time.has_value();
    return time.value_or(absl::UnixEpoch());
  }
  Sha256 Digest(const char* name) {
    const std::string hex = String(name);
    const std::string bytes = absl::HexStringToBytes(hex);
    ok = ok && bytes.size() == sizeof(Sha256) &&
         absl::BytesToHexString(bytes) == hex;
    return ToDigest(bytes);
  }
  std::vector<std::pair<std::string, std::string>> Strings(const char* name) {
    std::vector<std::pair<std::string, std::string>> strings;
    const Json* found = Find(name, &Json::is_object);
    if (found == nullptr) return strings;
    for (const auto& [key, value] : found->items()) {
      ok = ok && value.is_string();
      if (ok) strings.emplace_back(key, value.get<std::string>());
    }
    return strings;
  }
};

}  // namespace

std::string EncodeAuditLine(AuditRecord& record) {
  const AuditEntry& entry = record.entry;
  Json details = Json::object();
  for (const auto& [name, value] : entry.details) details[name] = value;
  Json object;
  object["sequence"] = record.sequence;
  object["time"] = FormatAuditTime(record.time);
  object["actor"] = entry.actor;
  object["action"] = entry.action;
  object["subject"] = entry.subject;
  object["reason"] = entry.reason;
  object["details"] = std::move(details);
  object["source"] = entry.source;
  object["source_sequence"] = entry.source_sequence;
  object["previous"] = ToHex(record.previous);
  std::string body =
      object.dump(-1, ' ', false, Json::error_handler_t::replace);
  body.pop_back();
  record.sha256 = Sha256Of(body);
  return SealLine(std::move(body), kSeal, ToBytes(record.sha256));
}

absl::StatusOr<AuditRecord> DecodeAuditLine(absl::string_view line) {
  if (line.size() > kMaxAuditLineBytes) {
    return absl::InvalidArgumentError("it is longer than any record");
  }
  const auto sealed = SplitSealedLine(line, kSeal, sizeof(Sha256));
  if (!sealed) {
    return absl::InvalidArgumentError("it does not end with its hash");
  }
  AuditRecord record;
  record.sha256 = ToDigest(sealed->seal);
  if (Sha256Of(sealed->body) != record.sha256) {
    return absl::InvalidArgumentError("its hash is not that of its bytes");
  }
  const Json object = ParseMembers(line);
  if (!object.is_object()) {
    return absl::InvalidArgumentError("it is not a JSON object");
  }
  Members members{object};
  record.sequence = members.Number("sequence");
  record.time = members.Time("time");
  record.entry.actor = members.String("actor");
  record.entry.action = members.String("action");
  record.entry.subject = members.String("subject");
  record.entry.reason = members.String("reason");
  record.entry.details = members.Strings("details");
  record.entry.source = members.String("source");
  record.entry.source_sequence = members.Number("source_sequence");
  record.previous = members.Digest("previous");
  if (!members.ok || record.sequence == 0) {
    return absl::InvalidArgumentError("it lacks what every record has");
  }
  return record;
}

}  // namespace lenscap
