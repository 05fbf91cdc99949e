#include "takedown/grouping.h"

#include <algorithm>
#include <bit>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "takedown/basis.h"

namespace lenscap {
namespace {

constexpr int kRaisedByDoubling = 10;
constexpr int kMostRaised = 150;

const v1::ClipMatch* BestBasis(const v1::Case& upload) {
  const auto& matches = upload.report().matches();
  const auto found = std::find_if(matches.begin(), matches.end(), IsBasis);
  return found == matches.end() ? nullptr : &*found;
}

std::string EntryName(const v1::ClipMatch& match) {
  return absl::StrCat(match.list_id(), "/", match.entry_id());
}

int Doublings(int64_t count) {
  return count <= 0 ? 0 : std::bit_width(static_cast<uint64_t>(count)) - 1;
}

}  // namespace

CaseGroup GroupOf(const v1::Case& upload) {
  if (const auto* match = BestBasis(upload); match != nullptr) {
    return {v1::Case::GROUPED_BY_LIST_ENTRY, EntryName(*match)};
  }
  // Who sells it says more than where: a market's channel is everybody's.
  if (upload.kind() == v1::Case::KIND_LISTING && !upload.account().empty()) {
    return {v1::Case::GROUPED_BY_ACCOUNT, upload.account()};
  }
  if (upload.grouped_by() == v1::Case::GROUPED_BY_CAMERA &&
      !upload.shared().empty()) {
    return {v1::Case::GROUPED_BY_CAMERA, upload.shared()};
  }
  if (!upload.group().empty()) {
    return {v1::Case::GROUPED_BY_GROUP, upload.group()};
  }
  if (!upload.account().empty()) {
    return {v1::Case::GROUPED_BY_ACCOUNT, upload.account()};
  }
  if (!upload.report().sha256().empty()) {
    return {v1::Case::GROUPED_BY_FILE,
            absl::BytesToHexString(upload.report().sha256())};
  }
  return {v1::Case::GROUPED_BY_UPLOAD, upload.content_id()};
}

v1::CaseQueue QueueOf(const v1::Case& upload) {
  if (upload.queue() == v1::CASE_QUEUE_VICTIM_REPORT) return upload.queue();
  if (upload.kind() == v1::Case::KIND_LISTING) return v1::CASE_QUEUE_LISTING;
  return BestBasis(upload) != nullptr ? v1::CASE_QUEUE_KNOWN_CLIP
                                      : v1::CASE_QUEUE_SUSPECTED;
}

bool IsSure(const v1::Case& upload, const v1::Case& opened) {
  if (opened.grouped_by() != v1::Case::GROUPED_BY_LIST_ENTRY ||
      upload.report().matches().empty()) {
    return false;
  }
  const v1::ClipMatch& best = upload.report().matches(0);
  if (!IsBasis(best) || EntryName(best) != opened.shared()) return false;
  if (best.kind() == v1::ClipMatch::KIND_EXACT_FILE) return true;
  // A listing may be blocked for its text, whatever its photo shows.
  return upload.kind() != v1::Case::KIND_LISTING &&
         upload.report().verdict().action() == v1::ACTION_BLOCK;
}

bool Inherits(const v1::Case& upload, const v1::Case& opened,
              const v1::Decision& decision) {
  if (!decision.standing() || !IsSure(upload, opened)) return false;
  if (decision.outcome() == v1::Decision::OUTCOME_REMOVE) return true;
  // That one offer with a picture was kept says nothing of another's text.
  return upload.kind() != v1::Case::KIND_LISTING &&
         upload.report().matches(0).kind() == v1::ClipMatch::KIND_EXACT_FILE;
}

int ReachRaises(const v1::Reach& reach) {
  return std::min(kMostRaised,
                  kRaisedByDoubling * (Doublings(reach.uploads()) +
                                       Doublings(reach.accounts())));
}

}  // namespace lenscap
