#include "lists/envelope_line.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;

constexpr char kFormat[] = "lenscap-list/1";
constexpr char kKnownClips[] = "known_clips";
constexpr char kNeverMatch[] = "never_match";
constexpr char kSnapshot[] = "snapshot";
constexpr char kDelta[] = "delta";
constexpr size_t kMaxLegalBasisBytes = 1024;
constexpr int64_t kMaxVersion = int64_t{1} << 53;  // Exact in every JSON.

absl::StatusOr<Sha256> ParseSha256(JsonFields& fields, absl::string_view name) {
  ASSIGN_OR_RETURN(const absl::string_view hex, fields.Text(name));
  if (!IsLowerHex(hex, 64)) {
    return InvalidField(name,
                        ": expected 64 lower-case hexadecimal digits, got ",
                        QuotedField(hex));
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  Sha256 digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

// Which of two words it is: true for the second.
absl::StatusOr<bool> ParseWord(JsonFields& fields, absl::string_view name,
                               absl::string_view first,
                               absl::string_view second) {
  ASSIGN_OR_RETURN(const absl::string_view word, fields.Text(name));
  if (word == first || word == second) return word == second;
  return InvalidField(name, ": expected ", first, " or ", second, ", got ",
                      QuotedField(word));
}

absl::StatusOr<std::vector<std::string>> ParseJurisdictions(
    JsonFields& fields) {
  constexpr char kName[] = "jurisdictions";
  if (!fields.Has(kName)) return std::vector<std::string>();
  ASSIGN_OR_RETURN(auto jurisdictions,
                   fields.Texts(kName, kMaxJurisdictions, 2));
  for (const std::string& one : jurisdictions) {
    if (one.size() != 2 || !absl::ascii_isupper(one[0]) ||
        !absl::ascii_isupper(one[1])) {
      return InvalidField(kName, ": expected two letters A to Z, got ",
                          QuotedField(one));
    }
  }
  return jurisdictions;
}

absl::StatusOr<ListTerms> ParseTerms(JsonFields& fields) {
  ListTerms terms;
  ASSIGN_OR_RETURN(const bool never,
                   ParseWord(fields, "purpose", kKnownClips, kNeverMatch));
  terms.purpose = never ? ListPurpose::kNeverMatch : ListPurpose::kKnownClips;
  if (fields.Has("legal_basis")) {
    ASSIGN_OR_RETURN(const absl::string_view legal_basis,
                     fields.Text("legal_basis", kMaxLegalBasisBytes));
    terms.legal_basis = std::string(legal_basis);
  }
  ASSIGN_OR_RETURN(terms.jurisdictions, ParseJurisdictions(fields));
  ASSIGN_OR_RETURN(terms.expires, fields.Time("expires"));
  return terms;
}

absl::Status CheckOrder(const ListEnvelope& envelope) {
  if (envelope.terms.expires <= envelope.issued) {
    return InvalidField("expires: it is not after issued");
  }
  if ((envelope.version == 1) == !envelope.previous_sha256.has_value()) {
    return absl::OkStatus();
  }
  return InvalidField("previous_sha256: ", envelope.version == 1
                                               ? "version 1 has none before it"
                                               : "missing");
}

absl::StatusOr<ListEnvelope> ParseFields(JsonFields fields) {
  ASSIGN_OR_RETURN(const absl::string_view format, fields.Text("format"));
  if (format != kFormat) {
    return InvalidField("format: expected ", kFormat, ", got ",
                        QuotedField(format));
  }
  ListEnvelope envelope;
  ASSIGN_OR_RETURN(const absl::string_view list_id, fields.Text("list_id"));
  RETURN_IF_ERROR(CheckListId(list_id));
  envelope.list_id = std::string(list_id);
  ASSIGN_OR_RETURN(const absl::string_view issuer, fields.Text("issuer"));
  RETURN_IF_ERROR(CheckIssuer(issuer));
  envelope.issuer = std::string(issuer);
  ASSIGN_OR_RETURN(envelope.terms, ParseTerms(fields));
  ASSIGN_OR_RETURN(envelope.version, fields.Integer("version", 1, kMaxVersion));
  if (fields.Has("previous_sha256")) {
    ASSIGN_OR_RETURN(envelope.previous_sha256,
                     ParseSha256(fields, "previous_sha256"));
  }
  ASSIGN_OR_RETURN(envelope.issued, fields.Time("issued"));
  ASSIGN_OR_RETURN(const bool delta,
                   ParseWord(fields, "kind", kSnapshot, kDelta));
  if (delta) envelope.kind = ListEnvelope::Kind::kDelta;
  ASSIGN_OR_RETURN(envelope.entries,
                   fields.Integer("entries", 0, kMaxListEntries));
  ASSIGN_OR_RETURN(envelope.content, ParseSha256(fields, "content_sha256"));
  RETURN_IF_ERROR(fields.CheckNoneLeft());
  RETURN_IF_ERROR(CheckOrder(envelope));
  return envelope;
}

}  // namespace

absl::StatusOr<ListEnvelope> ParseEnvelope(absl::string_view line) {
  ASSIGN_OR_RETURN(const Json json, ParseStrictJson(line));
  ASSIGN_OR_RETURN(JsonFields fields, JsonFields::Of(json));
  return ParseFields(std::move(fields));
}

absl::StatusOr<std::string> FormatEnvelope(const ListEnvelope& envelope) {
  const ListTerms& terms = envelope.terms;
  Json json = {
      {"format", kFormat},
      {"list_id", envelope.list_id},
      {"issuer", envelope.issuer},
      {"purpose",
       terms.purpose == ListPurpose::kNeverMatch ? kNeverMatch : kKnownClips},
      {"version", envelope.version},
      {"issued", FormatListTime(envelope.issued)},
      {"expires", FormatListTime(terms.expires)},
      {"kind",
       envelope.kind == ListEnvelope::Kind::kDelta ? kDelta : kSnapshot},
      {"entries", envelope.entries},
      {"content_sha256", ToHex(envelope.content)}};
  if (!terms.legal_basis.empty()) json["legal_basis"] = terms.legal_basis;
  if (!terms.jurisdictions.empty()) {
    json["jurisdictions"] = terms.jurisdictions;
  }
  if (envelope.previous_sha256) {
    json["previous_sha256"] = ToHex(*envelope.previous_sha256);
  }
  ASSIGN_OR_RETURN(std::string line, CanonicalJson(json));
  RETURN_IF_ERROR(ParseEnvelope(line).status());
  return line;
}

}  // namespace lenscap
