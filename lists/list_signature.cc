#include "lists/list_signature.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/base64url.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;

constexpr size_t kKeyIdCharacters = 43;

absl::StatusOr<std::string> ParseProtected(absl::string_view encoded) {
  ASSIGN_OR_RETURN(const std::string text, FromBase64Url(encoded));
  ASSIGN_OR_RETURN(const Json json, ParseStrictJson(text));
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  ASSIGN_OR_RETURN(const absl::string_view algorithm, fields.Text("alg"));
  if (algorithm != "EdDSA") {
    return InvalidField("alg: expected EdDSA, got ", QuotedField(algorithm));
  }
  const Json* const b64 = fields.Find("b64");
  if (b64 == nullptr || *b64 != false) {
    return InvalidField("b64: expected false");
  }
  const Json* const critical = fields.Find("crit");
  if (critical == nullptr || *critical != Json::array({"b64"})) {
    return InvalidField("crit: expected [\"b64\"]");
  }
  ASSIGN_OR_RETURN(const absl::string_view key_id, fields.Text("kid"));
  if (key_id.size() != kKeyIdCharacters) {
    return InvalidField("kid: expected ", kKeyIdCharacters, " characters, got ",
                        key_id.size());
  }
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  return std::string(key_id);
}

absl::StatusOr<ListSignature> ParseSignature(const Json& json,
                                             const std::string& path) {
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json, path));
  ListSignature signature;
  ASSIGN_OR_RETURN(const absl::string_view header, fields.Text("protected"));
  signature.protected_header = std::string(header);
  auto key_id = ParseProtected(header);
  if (!key_id.ok()) {
    return InvalidField(path, "protected: ", key_id.status().message());
  }
  signature.key_id = *std::move(key_id);
  ASSIGN_OR_RETURN(const absl::string_view encoded, fields.Text("signature"));
  const auto bytes = FromBase64Url(encoded);
  if (!bytes.ok() || bytes->size() != signature.signature.size()) {
    return InvalidField(path, "signature: expected 64 bytes in base64url");
  }
  std::copy(bytes->begin(), bytes->end(), signature.signature.begin());
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  return signature;
}

absl::StatusOr<std::vector<ListSignature>> ParseArray(const Json& array) {
  std::vector<ListSignature> signatures;
  std::set<std::string> signers;
  for (const Json& json : array) {
    const std::string path =
        absl::StrCat("signatures[", signatures.size(), "].");
    ASSIGN_OR_RETURN(ListSignature signature, ParseSignature(json, path));
    if (!signers.insert(signature.key_id).second) {
      return InvalidField(path, "protected: kid: this key signed already");
    }
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

absl::StatusOr<std::vector<ListSignature>> ParseJws(absl::string_view jws) {
  if (jws.size() > kMaxSignatureBytes) {
    return InvalidField("expected at most ", kMaxSignatureBytes, " bytes, got ",
                        jws.size());
  }
  ASSIGN_OR_RETURN(const Json json, ParseStrictJson(jws));
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  ASSIGN_OR_RETURN(const Json* const array, fields.Array("signatures"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  if (array->empty() || array->size() > kMaxSignatures) {
    return InvalidField("signatures: expected 1 to ", kMaxSignatures, ", got ",
                        array->size());
  }
  ASSIGN_OR_RETURN(auto signatures, ParseArray(*array));
  const std::string canonical = FormatSignatures(signatures);
  if (jws != canonical && jws != absl::StripSuffix(canonical, "\n")) {
    return InvalidField("expected sorted members and no white space");
  }
  return signatures;
}

// What is signed stands behind it (RFC 7797, section 5.2).
std::string SigningPrefix(const ListSignature& signature) {
  return absl::StrCat(signature.protected_header, ".");
}

}  // namespace

absl::StatusOr<std::vector<ListSignature>> ParseSignatures(
    absl::string_view jws) {
  auto signatures = ParseJws(jws);
  if (signatures.ok()) return signatures;
  return InvalidField("signature file: ", signatures.status().message());
}

std::string FormatSignatures(const std::vector<ListSignature>& signatures) {
  std::string jws = "{\"signatures\":[";
  for (const ListSignature& signature : signatures) {
    absl::StrAppend(&jws, jws.back() == '[' ? "" : ",", "{\"protected\":\"",
                    signature.protected_header, "\",\"signature\":\"",
                    ToBase64Url(ToBytes(signature.signature)), "\"}");
  }
  return jws += "]}\n";
}

absl::StatusOr<ListSignature> Sign(const SignedPayload& payload,
                                   const Ed25519PrivateKey& key) {
  ListSignature signature;
  signature.key_id = KeyId(key.public_key());
  signature.protected_header = ToBase64Url(
      absl::StrCat("{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"],"
                   "\"kid\":\"",
                   signature.key_id, "\"}"));
  RETURN_IF_ERROR(payload.With(
      SigningPrefix(signature),
      [&](absl::string_view bytes) { signature.signature = key.Sign(bytes); }));
  return signature;
}

absl::StatusOr<bool> Holds(const ListSignature& signature,
                           const Ed25519PublicKey& key,
                           const SignedPayload& payload) {
  bool holds = false;
  RETURN_IF_ERROR(
      payload.With(SigningPrefix(signature), [&](absl::string_view bytes) {
        holds = Verify(key, bytes, signature.signature);
      }));
  return holds;
}

}  // namespace lenscap
