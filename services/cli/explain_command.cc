#include "services/cli/explain_command.h"

#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "listings/normalized_text.h"
#include "listings/rule_engine.h"
#include "listings/rule_pack.h"
#include "listings/starter_packs.h"
#include "nlohmann/json.hpp"
#include "services/cli/input.h"
#include "services/cli/listing_text.h"
#include "services/cli/rules_file.h"
#include "services/cli/text.h"
#include "services/default_policy.h"
#include "services/listing_report.h"
#include "services/listing_request.h"
#include "verdict/listing_verdict.h"

namespace lenscap::cli {
namespace {

// Of a title; more is refused by ValidateListing, with the field's name.
constexpr size_t kMaxInputBytes = size_t{1} << 20;

constexpr std::pair<const char*, TextView> kViews[] = {
    {"words", TextView::kWords},
    {"tight", TextView::kTight},
    {"sound", TextView::kSound}};

using Packs = std::vector<std::shared_ptr<const RulePack>>;

absl::StatusOr<Packs> ReadPacks(const std::vector<std::string>& files) {
  Packs packs;
  if (files.empty()) {
    for (const StarterPack& starter : StarterPacks()) {
      packs.push_back(starter.pack);
    }
  }
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(packs.emplace_back(), ReadRulesFile(file));
  }
  return packs;
}

absl::StatusOr<v1::ListingReport> Review(
    const v1::ReviewListingRequest& listing, Packs packs) {
  ASSIGN_OR_RETURN(const auto engine,
                   RuleEngine::Compile(std::move(packs), /*modes=*/nullptr));
  const TextReview review =
      engine->Review(TextOf(listing), Clock::Real()->Now());
  v1::ListingReport report;
  AddText(review, listing, report);
  *report.mutable_verdict() =
      DecideListing({.text = review, .clips = {}, .photos = {}, .seller = {}},
                    DefaultPolicy());
  return report;
}

std::string DescribeViews(const v1::ReviewListingRequest& listing) {
  std::string text;
  NormalizedText normalized;
  for (const ListingField& field : FieldsOf(listing)) {
    Normalizer::Get().Normalize(field.text, &normalized);
    absl::StrAppend(&text, Printable(field.name), ": ", Printable(field.text),
                    "\n");
    for (const auto& [name, view] : kViews) {
      absl::StrAppend(&text, "  ", name, "  ", Printable(normalized.view(view)),
                      "\n");
    }
  }
  return text + "\n";
}

nlohmann::json ViewsJson(const v1::ReviewListingRequest& listing) {
  auto fields = nlohmann::json::array();
  NormalizedText normalized;
  for (const ListingField& field : FieldsOf(listing)) {
    Normalizer::Get().Normalize(field.text, &normalized);
    nlohmann::json views = {{"field", field.name}};
    for (const auto& [name, view] : kViews) {
      views[name] = std::string(normalized.view(view));
    }
    fields.push_back(std::move(views));
  }
  return fields;
}

absl::StatusOr<std::string> ToJson(const v1::ReviewListingRequest& listing,
                                   const v1::ListingReport& report) {
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(report));
  const nlohmann::json json = {{"report", nlohmann::json::parse(line)},
                               {"views", ViewsJson(listing)}};
  return json.dump() + "\n";
}

// The listing of the command line.
absl::StatusOr<v1::ReviewListingRequest> ListingOf(
    const ExplainTextOptions& options) {
  v1::ReviewListingRequest listing = options.listing;
  listing.set_listing_id("text");
  if (options.text == "-") {
    ASSIGN_OR_RETURN(std::string text, ReadInput("-", kMaxInputBytes));
    listing.set_title(std::string(absl::StripSuffix(text, "\n")));
  } else if (!options.text.empty()) {
    listing.set_title(options.text);
  }
  for (const ListingField& field : FieldsOf(listing)) {
    if (IsUtf8(field.name) && IsUtf8(field.text)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(field.name, ": it is no UTF-8"));
  }
  RETURN_IF_ERROR(ValidateListing(listing));
  return listing;
}

}  // namespace

absl::Status SetTextField(absl::string_view assignment,
                          v1::ReviewListingRequest& listing) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(assignment, absl::MaxSplits('=', 1));
  absl::string_view name = parts.first;
  const std::string value(parts.second);
  if (name.size() == assignment.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", assignment, "' is not NAME=TEXT"));
  }
  if (name == "title") {
    listing.set_title(value);
  } else if (name == "description") {
    listing.set_description(value);
  } else if (name == "category") {
    listing.set_category(value);
  } else if (absl::ConsumePrefix(&name, "attributes.") && !name.empty()) {
    (*listing.mutable_attributes())[std::string(name)] = value;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("'", name, "' is none of title, description, category, ",
                     "attributes.NAME"));
  }
  return absl::OkStatus();
}

ExitCode Run(const ExplainTextOptions& options) {
  const auto listing = ListingOf(options);
  if (!listing.ok()) return Fail(listing.status(), ExitCode::kUnreadable);
  auto packs = ReadPacks(options.packs);
  if (!packs.ok()) return FailByLine(packs.status(), ExitCode::kUnreadable);
  const auto report = Review(*listing, *std::move(packs));
  if (!report.ok()) return FailByLine(report.status(), ExitCode::kUnreadable);
  const auto text =
      options.json
          ? ToJson(*listing, *report)
          : absl::StatusOr<std::string>(absl::StrCat(
                DescribeViews(*listing), ExplainListing(*listing, *report)));
  if (!text.ok()) return Fail(text.status());
  std::cout << *text << std::flush;
  return report->verdict().action() == v1::ACTION_ALLOW ? ExitCode::kOk
                                                        : ExitCode::kFound;
}

}  // namespace lenscap::cli
