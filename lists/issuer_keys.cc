#include "lists/issuer_keys.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "base/base64url.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/list_signature.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;

constexpr char kFormat[] = "lenscap-keys/1";
constexpr size_t kMaxRevoked = 256;
constexpr int64_t kMaxVersion = 1'000'000;

// "kid" and "public_key", which must belong together.
absl::StatusOr<Ed25519PublicKey> ParseKey(JsonFields& fields,
                                          const std::string& path) {
  ASSIGN_OR_RETURN(const absl::string_view text, fields.Text("public_key"));
  Ed25519PublicKey key;
  const auto bytes = FromBase64Url(text);
  if (!bytes.ok() || bytes->size() != key.bytes.size()) {
    return InvalidField(path, "public_key: expected 32 bytes in base64url");
  }
  std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
  ASSIGN_OR_RETURN(const absl::string_view key_id, fields.Text("kid"));
  if (key_id == KeyId(key)) return key;
  return InvalidField(path, "kid: expected that of public_key, ", KeyId(key),
                      ", got ", QuotedField(key_id));
}

absl::StatusOr<IssuerKey> ParseIssuerKey(const Json& json,
                                         const std::string& path) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json, path));
  IssuerKey key;
  ASSIGN_OR_RETURN(key.key, ParseKey(fields, path));
  ASSIGN_OR_RETURN(key.added, fields.Time("added"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  return key;
}

absl::StatusOr<RevokedKey> ParseRevokedKey(const Json& json,
                                           const std::string& path) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json, path));
  RevokedKey key;
  ASSIGN_OR_RETURN(key.key, ParseKey(fields, path));
  ASSIGN_OR_RETURN(key.revoked, fields.Time("revoked"));
  ASSIGN_OR_RETURN(const absl::string_view reason,
                   fields.Text("reason", kMaxReasonBytes));
  key.reason = std::string(reason);
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  return key;
}

// The member `name`, an array of at most `max`, each item by `parse`.
template <typename Key>
absl::StatusOr<std::vector<Key>> ParseArray(
    JsonFields& fields, const std::string& name, size_t max,
    absl::StatusOr<Key> (*parse)(const Json&, const std::string&)) {
  ASSIGN_OR_RETURN(const Json* const array, fields.Array(name));
  if (array->size() > max) {
    return InvalidField(name, ": expected at most ", max, ", got ",
                        array->size());
  }
  std::vector<Key> keys;
  for (const Json& json : *array) {
    ASSIGN_OR_RETURN(Key key,
                     parse(json, absl::StrCat(name, "[", keys.size(), "].")));
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::Status CheckEachOnce(const IssuerKeys& keys) {
  std::set<Ed25519PublicKey> seen;
  for (const IssuerKey& key : keys.keys) {
    if (!seen.insert(key.key).second) {
      return InvalidField("keys: ", KeyId(key.key), " is there twice");
    }
  }
  for (const RevokedKey& key : keys.revoked) {
    if (!seen.insert(key.key).second) {
      return InvalidField("revoked: ", KeyId(key.key), " is there twice");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<IssuerKeys> ParseDocument(absl::string_view text) {
  if (text.size() > kMaxKeySetBytes) {
    return InvalidField("expected at most ", kMaxKeySetBytes, " bytes, got ",
                        text.size());
  }
  ASSIGN_OR_RETURN(const Json json, ParseStrictJson(text));
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  ASSIGN_OR_RETURN(const absl::string_view format, fields.Text("format"));
  if (format != kFormat) {
    return InvalidField("format: expected ", kFormat, ", got ",
                        QuotedField(format));
  }
  IssuerKeys keys;
  ASSIGN_OR_RETURN(const absl::string_view issuer, fields.Text("issuer"));
  RETURN_IF_ERROR(CheckIssuer(issuer));
  keys.issuer = std::string(issuer);
  ASSIGN_OR_RETURN(keys.version, fields.Integer("version", 1, kMaxVersion));
  ASSIGN_OR_RETURN(
      keys.keys,
      ParseArray<IssuerKey>(fields, "keys", kMaxIssuerKeys, ParseIssuerKey));
  ASSIGN_OR_RETURN(
      keys.revoked,
      ParseArray<RevokedKey>(fields, "revoked", kMaxRevoked, ParseRevokedKey));
  const auto count = static_cast<int64_t>(keys.keys.size());
  ASSIGN_OR_RETURN(const int64_t threshold,
                   fields.Integer("threshold", 1, count));
  keys.threshold = static_cast<int>(threshold);
  ASSIGN_OR_RETURN(keys.expires, fields.Time("expires"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  RETURN_IF_ERROR(CheckEachOnce(keys));
  return keys;
}

template <typename Key>
const Key* FindKey(const std::vector<Key>& keys, absl::string_view key_id) {
  for (const Key& key : keys) {
    if (KeyId(key.key) == key_id) return &key;
  }
  return nullptr;
}

// Why the signature does not count; "" where it does.
absl::StatusOr<std::string> Objection(const IssuerKeys& keys,
                                      const ListSignature& signature,
                                      const SignedPayload& payload) {
  const std::string& id = signature.key_id;
  if (const RevokedKey* revoked = FindKey(keys.revoked, id)) {
    return absl::StrCat("key ", id, " was revoked on ",
                        FormatListTime(revoked->revoked), ": ",
                        revoked->reason);
  }
  const IssuerKey* const key = FindKey(keys.keys, id);
  if (key == nullptr) {
    return absl::StrCat("key ", QuotedField(id), " is not known");
  }
  ASSIGN_OR_RETURN(const bool holds, Holds(signature, key->key, payload));
  if (holds) return std::string();
  return absl::PermissionDeniedError(absl::StrCat(
      "wrong signature: that of key ", id, " does not hold for these bytes"));
}

absl::Status CheckThreshold(const IssuerKeys& keys, absl::string_view jws,
                            const SignedPayload& payload) {
  ASSIGN_OR_RETURN(const auto signatures, ParseSignatures(jws));
  int good = 0;
  std::vector<std::string> objections;
  for (const ListSignature& signature : signatures) {
    ASSIGN_OR_RETURN(std::string objection,
                     Objection(keys, signature, payload));
    if (objection.empty()) {
      ++good;
    } else {
      objections.push_back(std::move(objection));
    }
  }
  if (good >= keys.threshold) return absl::OkStatus();
  objections.insert(
      objections.begin(),
      absl::StrCat(good, " of ", keys.threshold, " signatures that version ",
                   keys.version, " of the keys of ", QuotedField(keys.issuer),
                   " asks for"));
  return absl::PermissionDeniedError(absl::StrJoin(objections, "; "));
}

absl::Status CheckNotExpired(const IssuerKeys& keys, absl::Time now) {
  if (now < keys.expires) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "version ", keys.version, " of the keys of ", QuotedField(keys.issuer),
      " expired on ", FormatListTime(keys.expires)));
}

absl::Status CheckFollows(const IssuerKeys& current, const IssuerKeys& next) {
  if (next.issuer != current.issuer) {
    return InvalidField("key set: issuer: expected ",
                        QuotedField(current.issuer), ", got ",
                        QuotedField(next.issuer));
  }
  if (next.version != current.version + 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("key set: version: expected ", current.version + 1,
                     ", got ", next.version));
  }
  for (const RevokedKey& revoked : current.revoked) {
    if (FindKey(next.keys, KeyId(revoked.key)) != nullptr) {
      return absl::PermissionDeniedError(absl::StrCat(
          "key set: keys: ", KeyId(revoked.key), " was revoked before"));
    }
  }
  return absl::OkStatus();
}

Json FormatKey(const Ed25519PublicKey& key) {
  return {{"kid", KeyId(key)}, {"public_key", ToBase64Url(ToBytes(key.bytes))}};
}

}  // namespace

absl::StatusOr<IssuerKeys> ParseIssuerKeys(absl::string_view json) {
  auto keys = ParseDocument(json);
  if (keys.ok()) return keys;
  return InvalidField("key set: ", keys.status().message());
}

absl::StatusOr<std::string> FormatIssuerKeys(const IssuerKeys& keys) {
  Json json = {{"format", kFormat},
               {"issuer", keys.issuer},
               {"version", keys.version},
               {"threshold", keys.threshold},
               {"keys", Json::array()},
               {"revoked", Json::array()},
               {"expires", FormatListTime(keys.expires)}};
  for (const IssuerKey& key : keys.keys) {
    Json item = FormatKey(key.key);
    item["added"] = FormatListTime(key.added);
    json["keys"].push_back(std::move(item));
  }
  for (const RevokedKey& key : keys.revoked) {
    Json item = FormatKey(key.key);
    item["revoked"] = FormatListTime(key.revoked);
    item["reason"] = key.reason;
    json["revoked"].push_back(std::move(item));
  }
  ASSIGN_OR_RETURN(std::string text, CanonicalJson(json));
  RETURN_IF_ERROR(ParseIssuerKeys(text).status());
  return text += "\n";
}

absl::Status CheckSignatures(const IssuerKeys& keys, absl::string_view jws,
                             const SignedPayload& payload, absl::Time now) {
  RETURN_IF_ERROR(CheckNotExpired(keys, now));
  return CheckThreshold(keys, jws, payload);
}

absl::StatusOr<IssuerKeys> CheckKeySet(absl::string_view document,
                                       absl::string_view jws, absl::Time now) {
  ASSIGN_OR_RETURN(IssuerKeys keys, ParseIssuerKeys(document));
  RETURN_IF_ERROR(CheckSignatures(
      keys, jws, SignedPayload::Bytes(std::string(document)), now));
  return keys;
}

absl::StatusOr<IssuerKeys> CheckNextKeySet(const IssuerKeys& current,
                                           absl::string_view document,
                                           absl::string_view jws,
                                           absl::Time now) {
  ASSIGN_OR_RETURN(IssuerKeys next, ParseIssuerKeys(document));
  RETURN_IF_ERROR(CheckFollows(current, next));
  const auto payload = SignedPayload::Bytes(std::string(document));
  RETURN_IF_ERROR(CheckThreshold(current, jws, payload));
  RETURN_IF_ERROR(CheckSignatures(next, jws, payload, now));
  return next;
}

}  // namespace lenscap
