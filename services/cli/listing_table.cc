#include "services/cli/listing_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/cli/csv_text.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

constexpr char kSeparator[] = "; ";

// Without what is there twice.
void AddOnce(std::string text, std::vector<std::string>& list) {
  if (std::find(list.begin(), list.end(), text) != list.end()) return;
  list.push_back(std::move(text));
}

std::string RulesOf(const v1::ListingReport& report) {
  std::vector<std::string> rules;
  for (const v1::RuleHit& hit : report.rule_hits()) {
    AddOnce(absl::StrCat(hit.pack_id(), "/", hit.rule_id(),
                         hit.shadow() ? " (shadow)" : ""),
            rules);
  }
  return absl::StrJoin(rules, kSeparator);
}

std::string MatchedTextOf(const v1::ListingReport& report) {
  std::vector<std::string> texts;
  for (const v1::RuleHit& hit : report.rule_hits()) {
    for (const v1::TextSpan& span : hit.spans()) AddOnce(span.text(), texts);
  }
  return absl::StrJoin(texts, kSeparator);
}

// "a.jpg is list/entry".
std::string ImageMatchesOf(const ReviewedListing& listing) {
  std::vector<std::string> matches;
  for (const v1::ImageMatch& match : listing.result.report().image_matches()) {
    const auto image = static_cast<size_t>(match.image());
    const std::string name = image < listing.photos.names.size()
                                 ? listing.photos.names[image]
                                 : absl::StrCat("image ", match.image());
    AddOnce(absl::StrCat(name, " is ", DescribeImageMatch(match)), matches);
  }
  return absl::StrJoin(matches, kSeparator);
}

std::string ErrorOf(const ReviewedListing& listing) {
  if (listing.result.has_error()) return listing.result.error().message();
  return absl::StrJoin(listing.result.report().unreadable_images(), kSeparator);
}

std::string ScoreOf(const v1::ListingReport& report) {
  return absl::StrFormat("%.1f", report.score());
}

// As wide as `columns`, or wider.
std::string Padded(std::string cell, size_t columns) {
  const size_t width = DisplayWidth(cell);
  if (width < columns) cell.append(columns - width, ' ');
  return cell;
}

std::string TableLine(const std::string& verdict, const std::string& score,
                      const std::string& id, const std::string& why) {
  std::string line =
      absl::StrCat(Padded(verdict, 10), "  ",
                   std::string(score.size() < 6 ? 6 - score.size() : 0, ' '),
                   score, "  ", Padded(id, 24), "  ", why);
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// What the score is made of, and what photos are known as.
std::string Why(const ReviewedListing& listing) {
  const v1::ListingReport& report = listing.result.report();
  std::vector<std::string> parts;
  for (const v1::RuleHit& hit : report.rule_hits()) {
    if (hit.shadow()) continue;
    std::vector<std::string> texts;
    for (const v1::TextSpan& span : hit.spans()) {
      AddOnce(absl::StrCat("\"", span.text(), "\""), texts);
    }
    // The rest is in the other formats.
    if (texts.size() > 2) texts.resize(2);
    parts.push_back(absl::StrCat(hit.rule_id(), texts.empty() ? "" : " ",
                                 absl::StrJoin(texts, " ")));
  }
  if (const std::string images = ImageMatchesOf(listing); !images.empty()) {
    parts.push_back(images);
  }
  if (parts.empty() && !report.verdict().reasons().empty()) {
    parts.push_back(report.verdict().reasons(0));
  }
  return Printable(absl::StrJoin(parts, ", "));
}

}  // namespace

std::string ListingCsvHeader() {
  return FormatCsvRecord({"listing_id", "action", "score", "rules",
                          "matched_text", "image_matches", "case_id", "error"});
}

std::string ListingCsvRecord(const ReviewedListing& listing) {
  const v1::ListingReport& report = listing.result.report();
  const bool failed = listing.result.has_error();
  return FormatCsvRecord(
      {listing.result.listing_id(),
       failed ? "ERROR" : ActionName(report.verdict().action()),
       failed ? "" : ScoreOf(report), RulesOf(report), MatchedTextOf(report),
       ImageMatchesOf(listing), report.case_id(), ErrorOf(listing)});
}

std::string ListingTableHeader() {
  return TableLine("VERDICT", "SCORE", "LISTING", "WHY");
}

std::string ListingTableRow(const ReviewedListing& listing) {
  const std::string id = Printable(listing.result.listing_id());
  if (listing.result.has_error()) {
    return TableLine(
        "ERROR", "-", id,
        Printable(absl::StrCat("line ", listing.line, ": ", ErrorOf(listing))));
  }
  const v1::ListingReport& report = listing.result.report();
  return TableLine(ActionName(report.verdict().action()), ScoreOf(report), id,
                   Why(listing));
}

std::string DescribeImageMatch(const v1::ImageMatch& match) {
  if (match.has_clip()) {
    return absl::StrCat(ClipName(match.clip()), ", ",
                        DescribeDistance(match.clip()));
  }
  const v1::PhotoMatch& photo = match.photo();
  std::string text =
      absl::StrFormat("a photo of listing %s at %d",
                      Printable(photo.listing_id()), photo.distance());
  if (photo.standing() != v1::PhotoMatch::STANDING_UNSPECIFIED) {
    absl::StrAppend(&text, ", which was ",
                    ValueName(v1::PhotoMatch::Standing_Name(photo.standing()),
                              "STANDING_"));
  }
  return text;
}

void ListingTotals::Add(const ReviewedListing& listing) {
  const v1::ReviewResult& result = listing.result;
  photos_unread += result.report().unreadable_images_size();
  if (result.has_error()) {
    ++failed;
    return;
  }
  switch (result.report().verdict().action()) {
    case v1::ACTION_BLOCK:
      ++blocked;
      break;
    case v1::ACTION_REVIEW:
      ++to_review;
      break;
    case v1::ACTION_ALLOW:
      ++allowed;
      break;
    default:
      ++unreadable;
  }
}

std::string SummarizeListings(const ListingTotals& totals,
                              absl::Duration elapsed) {
  const int64_t listings = totals.listings();
  std::string text =
      absl::StrFormat("%d listing%s: %d blocked, %d to review, %d allowed",
                      listings, listings == 1 ? "" : "s", totals.blocked,
                      totals.to_review, totals.allowed);
  if (totals.unreadable > 0) {
    absl::StrAppend(&text, ", ", totals.unreadable, " unreadable");
  }
  if (totals.failed > 0) {
    absl::StrAppend(&text, ", ", totals.failed, " not reviewed");
  }
  if (totals.photos_unread > 0) {
    absl::StrAppend(&text, "; ", totals.photos_unread, " photo",
                    totals.photos_unread == 1 ? "" : "s", " not read");
  }
  const double seconds = absl::ToDoubleSeconds(elapsed);
  absl::StrAppendFormat(&text, ". %.1f s", seconds);
  if (seconds > 0) {
    absl::StrAppendFormat(&text, ", %.0f a second",
                          static_cast<double>(listings) / seconds);
  }
  return text + "\n";
}

}  // namespace lenscap::cli
