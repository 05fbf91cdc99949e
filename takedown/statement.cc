#include "takedown/statement.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "takedown/basis.h"

namespace lenscap {
namespace {

// The database's bounds, in characters; cut in bytes, which are no fewer.
constexpr size_t kMaxGroundBytes = 500;
constexpr size_t kMaxExplanationBytes = 2000;
constexpr size_t kMaxFactsBytes = 5000;

constexpr std::array<const char*, 27> kUnion = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

// Its first bytes, up to the end of a character.
std::string Cut(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  size_t end = most;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

std::string Date(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

// What the lists that knew the footage say, all together.
struct Grounds {
  std::set<std::string> lists;
  std::set<std::string> laws;
  std::set<std::string> countries;  // Of the European Union.
};

void AddCountries(const std::vector<std::string>& jurisdictions,
                  std::set<std::string>& countries) {
  for (const std::string& jurisdiction : jurisdictions) {
    for (const char* country : kUnion) {
      if (jurisdiction == "EU" || jurisdiction == country) {
        countries.insert(country);
      }
    }
  }
}

Grounds GroundsOf(const v1::Case& opened, const ListBasisOf& list_basis_of) {
  Grounds grounds;
  for (const v1::ClipMatch& match : opened.report().matches()) {
    if (!IsBasis(match)) continue;
    grounds.lists.insert(absl::StrCat(match.list_id(), " of ", match.issuer()));
    const ListBasis basis = list_basis_of(match.list_id());
    if (!basis.legal_basis.empty()) grounds.laws.insert(basis.legal_basis);
    AddCountries(basis.jurisdictions, grounds.countries);
  }
  return grounds;
}

void SetGround(const Grounds& grounds, v1::StatementOfReasons& statement) {
  constexpr char kWhy[] =
      "It shows people who were filmed, or whose footage was published, "
      "without "
      "their consent.";
  if (!grounds.laws.empty()) {
    statement.set_decision_ground("DECISION_GROUND_ILLEGAL_CONTENT");
    statement.set_illegal_content_legal_ground(
        Cut(absl::StrJoin(grounds.laws, "; "), kMaxGroundBytes));
    statement.set_illegal_content_explanation(kWhy);
    return;
  }
  statement.set_decision_ground("DECISION_GROUND_INCOMPATIBLE_CONTENT");
  statement.set_incompatible_content_ground(
      "The platform's terms on private footage and hidden cameras");
  statement.set_incompatible_content_explanation(
      Cut(kWhy, kMaxExplanationBytes));
}

std::string Facts(const v1::Case& opened, const Grounds& grounds) {
  std::string facts;
  if (!grounds.lists.empty()) {
    absl::StrAppend(&facts, "The footage is known from ",
                    absl::StrJoin(grounds.lists, ", "), ". ");
  }
  if (opened.kind() == v1::Case::KIND_LISTING) {
    const bool by_photo = opened.listing().rule_hits().empty() &&
                          !opened.listing().image_matches().empty();
    absl::StrAppend(&facts, by_photo
                                ? "An offer was found by its photos. "
                                : "An offer was found by rules on its text. ");
  }
  absl::StrAppend(&facts,
                  grounds.lists.empty() ? "Automated means pointed it out; "
                                        : "Automated means compared it; ",
                  "a reviewer decided.");
  return Cut(facts, kMaxFactsBytes);
}

bool IsImage(const v1::Case& opened) {
  const auto& media = opened.report().media();
  return media.frames_decoded() == 1;
}

void SetContent(const v1::Case& opened, v1::StatementOfReasons& statement) {
  if (opened.kind() == v1::Case::KIND_LISTING) {
    statement.set_category("STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS");
    statement.add_category_specification("KEYWORD_PROHIBITED_PRODUCTS");
    const auto kind = opened.listing().item().kind();
    const bool product = kind == v1::ReviewListingRequest::KIND_LISTING ||
                         kind == v1::ReviewListingRequest::KIND_UNSPECIFIED;
    statement.add_content_type(product ? "CONTENT_TYPE_PRODUCT"
                                       : "CONTENT_TYPE_TEXT");
    return;
  }
  statement.set_category("STATEMENT_CATEGORY_CYBER_VIOLENCE");
  statement.add_category_specification("KEYWORD_NON_CONSENSUAL_IMAGE_SHARING");
  statement.add_content_type(IsImage(opened) ? "CONTENT_TYPE_IMAGE"
                                             : "CONTENT_TYPE_VIDEO");
}

}  // namespace

v1::StatementOfReasons StatementOf(const v1::Case& opened, int index,
                                   const ListBasisOf& list_basis_of) {
  const Grounds grounds = GroundsOf(opened, list_basis_of);
  v1::StatementOfReasons statement;
  statement.add_decision_visibility("DECISION_VISIBILITY_CONTENT_REMOVED");
  SetGround(grounds, statement);
  SetContent(opened, statement);
  // The upload is not dated; this is when it came to notice.
  statement.set_content_date(Date(TimeOf(opened.opened())));
  statement.set_application_date(Date(TimeOf(opened.decisions(index).time())));
  for (const std::string& country : grounds.countries) {
    statement.add_territorial_scope(country);
  }
  statement.set_decision_facts(Facts(opened, grounds));
  statement.set_source_type("SOURCE_VOLUNTARY");
  statement.set_automated_detection("Yes");
  statement.set_automated_decision(opened.report().verdict().action() ==
                                           v1::ACTION_BLOCK
                                       ? "AUTOMATED_DECISION_PARTIALLY"
                                       : "AUTOMATED_DECISION_NOT_AUTOMATED");
  statement.set_puid(absl::StrCat(opened.case_id(), "-", index + 1));
  return statement;
}

}  // namespace lenscap
