#include "services/cli/listing_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

constexpr size_t kContextColumns = 36;

// The longest head of `text` that fits into `columns`, and "..." where
// something was cut off.
std::string FitHead(absl::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  size_t end = 0;
  for (size_t next = 1; next <= text.size(); ++next) {
    const bool whole = next == text.size() || (text[next] & 0xc0) != 0x80;
    if (!whole) continue;
    if (DisplayWidth(text.substr(0, next)) + 3 > columns) break;
    end = next;
  }
  return absl::StrCat(text.substr(0, end), "...");
}

std::string NameOf(const v1::TextSpan& span) {
  return span.field() == "attributes"
             ? absl::StrCat("attributes.", span.attribute())
             : span.field();
}

std::string ExplainHit(const v1::RuleHit& hit,
                       const std::vector<ListingField>& fields) {
  std::string text = absl::StrFormat(
      "%s of %s: %s\n  %s, %+g, %s%s%s\n", Printable(hit.rule_id()),
      Printable(hit.pack_id()), Printable(hit.title()), Printable(hit.group()),
      hit.score(), Printable(hit.level()),
      hit.action() == v1::ACTION_UNSPECIFIED
          ? ""
          : absl::StrCat(", asks for ", ActionName(hit.action())),
      hit.shadow() ? ", in shadow: counted, never acted on" : "");
  for (const v1::TextSpan& span : hit.spans()) {
    const std::string name = NameOf(span);
    absl::StrAppendFormat(&text, "  %s, bytes [%d, %d), for \"%s\"\n",
                          Printable(name), span.start(), span.end(),
                          Printable(span.key()));
    const auto field =
        std::find_if(fields.begin(), fields.end(),
                     [&](const ListingField& f) { return f.name == name; });
    if (field == fields.end() || span.start() < 0 ||
        span.end() < span.start()) {
      continue;
    }
    absl::StrAppend(
        &text, UnderlineSpan(field->text, static_cast<size_t>(span.start()),
                             static_cast<size_t>(span.end()), kContextColumns,
                             "    "));
  }
  return text + "\n";
}

}  // namespace

std::vector<ListingField> FieldsOf(const v1::ReviewListingRequest& listing) {
  std::vector<ListingField> fields = {{"title", listing.title()},
                                      {"description", listing.description()},
                                      {"category", listing.category()}};
  std::vector<ListingField> attributes;
  for (const auto& [name, value] : listing.attributes()) {
    attributes.push_back({absl::StrCat("attributes.", name), value});
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  fields.insert(fields.end(), attributes.begin(), attributes.end());
  std::erase_if(fields,
                [](const ListingField& field) { return field.text.empty(); });
  return fields;
}

std::string UnderlineSpan(absl::string_view text, size_t start, size_t end,
                          size_t columns, absl::string_view indent) {
  start = std::min(start, text.size());
  end = std::clamp(end, start, text.size());
  const std::string before = FitTail(Printable(text.substr(0, start)), columns);
  const std::string inside = Printable(text.substr(start, end - start));
  const std::string behind = FitHead(Printable(text.substr(end)), columns);
  return absl::StrCat(indent, before, inside, behind, "\n", indent,
                      std::string(DisplayWidth(before), ' '),
                      std::string(DisplayWidth(inside), '^'), "\n");
}

std::string ExplainListing(const v1::ReviewListingRequest& listing,
                           const v1::ListingReport& report) {
  const std::vector<ListingField> fields = FieldsOf(listing);
  std::string text;
  for (const v1::RuleHit& hit : report.rule_hits()) {
    absl::StrAppend(&text, ExplainHit(hit, fields));
  }
  if (report.rule_hits().empty()) absl::StrAppend(&text, "no rule fits\n\n");
  std::vector<std::vector<std::string>> rows;
  for (const v1::GroupScore& group : report.groups()) {
    rows.push_back({absl::StrCat("  ", Printable(group.group())),
                    absl::StrFormat("%g", group.score()),
                    group.capped() ? "its cap; it would be more" : ""});
  }
  absl::StrAppendFormat(&text, "score %g", report.score());
  if (report.shadow_score() != report.score()) {
    absl::StrAppendFormat(&text, ", with the rules in shadow %g",
                          report.shadow_score());
  }
  absl::StrAppend(&text, "\n", FormatTable(rows));
  const v1::Verdict& verdict = report.verdict();
  absl::StrAppend(&text, ActionName(verdict.action()), " by policy ",
                  Printable(verdict.policy_version()), "\n");
  for (const std::string& reason : verdict.reasons()) {
    absl::StrAppend(&text, "  ", Printable(reason), "\n");
  }
  for (const std::string& reason : verdict.shadow_reasons()) {
    absl::StrAppend(&text, "  in shadow, ", ActionName(verdict.shadow_action()),
                    ": ", Printable(reason), "\n");
  }
  return text;
}

}  // namespace lenscap::cli
