#include "lists/issuer_store.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kFormat[] = "lenscap-issuer/1";
constexpr char kExtension[] = ".json";
// Key sets leave room in the file, for an operator revokes keys at any time.
constexpr size_t kMaxKeySets = 500;
constexpr size_t kMaxKeySetsBytes = 16 << 20;
constexpr size_t kMaxFileBytes = 64 << 20;
constexpr size_t kMaxValues = 200'000;  // Three a key set, four a revocation.

absl::Status NotFound(absl::string_view issuer) {
  return absl::NotFoundError(
      absl::StrCat("issuer ", QuotedField(issuer), " is not known here"));
}

absl::StatusOr<IssuerStore::KeySet> ParseKeySet(const Json& json) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json, "key_sets."));
  ASSIGN_OR_RETURN(const absl::string_view document, fields.Text("document"));
  ASSIGN_OR_RETURN(const absl::string_view jws, fields.Text("jws"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  return IssuerStore::KeySet{std::string(document), std::string(jws)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<IssuerStore>> IssuerStore::Open(
    std::string directory, const Clock* clock) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return absl::ErrnoToStatus(error.value(), directory);
  std::unique_ptr<IssuerStore> store(
      new IssuerStore(std::move(directory), clock));
  RETURN_IF_ERROR(store->Load());
  return store;
}

absl::Status IssuerStore::Load() {
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; it != end;
       it.increment(error)) {
    if (error) break;
    const std::string path = it->path().string();
    if (absl::EndsWith(path, kUnfinished)) {
      fs::remove(it->path(), error);  // Of a crash.
      continue;
    }
    if (it->path().extension() != kExtension) continue;
    ASSIGN_OR_RETURN(const std::string text,
                     ReadSmallFile(path, kMaxFileBytes));
    auto record = Parse(text);
    if (record.ok() && path != PathOf(record->versions.back().issuer)) {
      record = InvalidField("issuer: it belongs into another file");
    }
    if (!record.ok()) {
      return absl::DataLossError(
          absl::StrCat(path, ": ", record.status().message()));
    }
    const std::string issuer = record->versions.back().issuer;
    records_.emplace(issuer, *std::move(record));
  }
  return error ? absl::ErrnoToStatus(error.value(), directory_)
               : absl::OkStatus();
}

std::string IssuerStore::PathOf(absl::string_view issuer) const {
  return (fs::path(directory_) /
          absl::StrCat(ToHex(Sha256Of(issuer)), kExtension))
      .string();
}

absl::StatusOr<std::string> IssuerStore::Format(const Record& record) {
  Json json = {{"format", kFormat},
               {"issuer", record.versions.back().issuer},
               {"key_sets", Json::array()},
               {"revoked", Json::array()}};
  for (const KeySet& key_set : record.key_sets) {
    json["key_sets"].push_back(
        {{"document", key_set.document}, {"jws", key_set.jws}});
  }
  for (const Revocation& revocation : record.revoked) {
    json["revoked"].push_back({{"kid", revocation.key_id},
                               {"revoked", FormatListTime(revocation.revoked)},
                               {"reason", revocation.reason}});
  }
  ASSIGN_OR_RETURN(std::string text, CanonicalJson(json));
  return text += "\n";
}

absl::StatusOr<IssuerStore::Record> IssuerStore::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(const Json json, ParseStrictJson(text, kMaxValues));
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  ASSIGN_OR_RETURN(const absl::string_view format, fields.Text("format"));
  if (format != kFormat) return InvalidField("format: not known");
  ASSIGN_OR_RETURN(const absl::string_view issuer, fields.Text("issuer"));
  ASSIGN_OR_RETURN(const Json* const key_sets, fields.Array("key_sets"));
  ASSIGN_OR_RETURN(const Json* const revoked, fields.Array("revoked"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  Record record;
  for (const Json& item : *key_sets) {
    ASSIGN_OR_RETURN(KeySet key_set, ParseKeySet(item));
    ASSIGN_OR_RETURN(IssuerKeys keys, ParseIssuerKeys(key_set.document));
    if (keys.issuer != issuer) return InvalidField("issuer: they differ");
    record.key_sets.push_back(std::move(key_set));
    record.versions.push_back(std::move(keys));
  }
  if (record.versions.empty()) return InvalidField("key_sets: there are none");
  for (const Json& item : *revoked) {
    ASSIGN_OR_RETURN(JsonFields of, JsonFields::Of(item, "revoked."));
    Revocation revocation;
    ASSIGN_OR_RETURN(const absl::string_view key_id, of.Text("kid"));
    ASSIGN_OR_RETURN(revocation.revoked, of.Time("revoked"));
    ASSIGN_OR_RETURN(const absl::string_view reason, of.Text("reason"));
    RETURN_IF_ERROR(of.CheckNoneLeft());
    revocation.key_id = std::string(key_id);
    revocation.reason = std::string(reason);
    record.revoked.push_back(std::move(revocation));
  }
  return record;
}

IssuerKeys IssuerStore::InForce(const Record& record) {
  IssuerKeys keys = record.versions.back();
  std::set<std::string> gone;
  std::vector<RevokedKey> revoked;
  const auto revoke = [&](const RevokedKey& key) {
    if (gone.insert(KeyId(key.key)).second) revoked.push_back(key);
  };
  for (const IssuerKeys& version : record.versions) {
    for (const RevokedKey& key : version.revoked) revoke(key);
    for (const Revocation& by_hand : record.revoked) {
      for (const IssuerKey& key : version.keys) {
        if (KeyId(key.key) != by_hand.key_id) continue;
        revoke({key.key, by_hand.revoked, by_hand.reason});
      }
    }
  }
  std::erase_if(keys.keys, [&](const IssuerKey& key) {
    return gone.count(KeyId(key.key)) > 0;
  });
  keys.revoked = std::move(revoked);
  return keys;
}

absl::StatusOr<IssuerKeys> IssuerStore::Get(absl::string_view issuer) const {
  std::lock_guard lock(mutex_);
  const auto it = records_.find(issuer);
  if (it == records_.end()) return NotFound(issuer);
  return InForce(it->second);
}

std::vector<IssuerKeys> IssuerStore::List() const {
  std::lock_guard lock(mutex_);
  std::vector<IssuerKeys> all;
  for (const auto& [issuer, record] : records_) all.push_back(InForce(record));
  return all;
}

absl::StatusOr<std::vector<IssuerStore::KeySet>> IssuerStore::History(
    absl::string_view issuer) const {
  std::lock_guard lock(mutex_);
  const auto it = records_.find(issuer);
  if (it == records_.end()) return NotFound(issuer);
  return it->second.key_sets;
}

absl::StatusOr<IssuerKeys> IssuerStore::Install(const KeySet& key_set) {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const IssuerKeys keys,
                   CheckKeySet(key_set.document, key_set.jws, clock_->Now()));
  Record record;
  if (const auto it = records_.find(keys.issuer); it != records_.end()) {
    record = it->second;
    if (const int64_t there = record.versions.back().version;
        keys.version <= there) {
      return absl::AlreadyExistsError(
          absl::StrCat("version ", there, " of the keys of ",
                       QuotedField(keys.issuer), " is here already"));
    }
  }
  return Add(std::move(record), key_set, keys);
}

absl::StatusOr<IssuerKeys> IssuerStore::Rotate(const KeySet& key_set) {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const IssuerKeys announced,
                   ParseIssuerKeys(key_set.document));
  const auto it = records_.find(announced.issuer);
  if (it == records_.end()) return NotFound(announced.issuer);
  Record record = it->second;
  ASSIGN_OR_RETURN(IssuerKeys keys,
                   CheckNextKeySet(InForce(record), key_set.document,
                                   key_set.jws, clock_->Now()));
  return Add(std::move(record), key_set, std::move(keys));
}

absl::Status IssuerStore::Revoke(absl::string_view issuer,
                                 absl::string_view key_id,
                                 absl::string_view reason) {
  RETURN_IF_ERROR(CheckReason(reason));
  std::lock_guard lock(mutex_);
  const auto it = records_.find(issuer);
  if (it == records_.end()) return NotFound(issuer);
  const IssuerKeys keys = InForce(it->second);
  if (std::none_of(
          keys.keys.begin(), keys.keys.end(),
          [&](const IssuerKey& key) { return KeyId(key.key) == key_id; })) {
    return absl::NotFoundError(
        absl::StrCat("key ", QuotedField(key_id), " is not one of ",
                     QuotedField(issuer), " that may sign"));
  }
  Record record = it->second;
  record.revoked.push_back(
      {std::string(key_id), clock_->Now(), std::string(reason)});
  return Replace(it->first, std::move(record));
}

absl::StatusOr<IssuerKeys> IssuerStore::Add(Record record,
                                            const KeySet& key_set,
                                            IssuerKeys keys) {
  const std::string issuer = keys.issuer;
  record.key_sets.push_back(key_set);
  record.versions.push_back(std::move(keys));
  size_t bytes = 0;
  for (const KeySet& kept : record.key_sets) {
    bytes += kept.document.size() + kept.jws.size();
  }
  if (record.key_sets.size() > kMaxKeySets || bytes > kMaxKeySetsBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("issuer ", QuotedField(issuer),
                     ": there is no room for more key sets"));
  }
  RETURN_IF_ERROR(Replace(issuer, record));
  return InForce(record);
}

absl::Status IssuerStore::Replace(const std::string& issuer, Record record) {
  ASSIGN_OR_RETURN(const std::string text, Format(record));
  RETURN_IF_ERROR(WriteSmallFile(PathOf(issuer), text));
  records_.insert_or_assign(issuer, std::move(record));
  return absl::OkStatus();
}

}  // namespace lenscap
