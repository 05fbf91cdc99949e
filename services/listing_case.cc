#include "services/listing_case.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/convert.h"
#include "services/listing_request.h"

namespace lenscap {
namespace {

// Looked at for one that is open; sellers may have thousands.
constexpr size_t kMaxCandidates = 20;

// An appeal is about one upload, and a victim's report about one person.
bool MayTakeAListing(const v1::Case& opened) {
  const bool open = opened.state() == v1::Case::STATE_WAITING ||
                    opened.state() == v1::Case::STATE_LEASED;
  return open && (opened.queue() == v1::CASE_QUEUE_KNOWN_CLIP ||
                  opened.queue() == v1::CASE_QUEUE_SUSPECTED ||
                  opened.queue() == v1::CASE_QUEUE_LISTING);
}

// "" where none is open. The queue asks again when it takes the listing.
absl::StatusOr<std::string> OpenCaseAmong(
    const TakedownQueue& cases, const std::vector<std::string>& candidates) {
  for (const std::string& id : candidates) {
    const absl::StatusOr<v1::Case> opened = cases.Get(id);
    if (absl::IsNotFound(opened.status())) continue;  // Purged.
    RETURN_IF_ERROR(opened.status());
    if (MayTakeAListing(*opened)) return id;
  }
  return "";
}

// What advice, basis and withdrawals are told by, as for every upload.
v1::ScanReport ScanOf(const ListingCase& listing,
                      const v1::ListingReport& report) {
  v1::ScanReport scan;
  scan.set_content_id(report.listing_id());
  for (const ClipMatch& clip : listing.clips) {
    *scan.add_matches() = ToProto(clip);
  }
  if (listing.video != nullptr) {
    scan.mutable_matches()->MergeFrom(listing.video->matches());
  }
  *scan.mutable_verdict() = report.verdict();
  *scan.mutable_scanned() = report.reviewed();
  return scan;
}

void DropStills(v1::ScanReport& scan) {
  if (scan.has_cues()) scan.mutable_cues()->clear_stills();
  scan.clear_shadow_cues();
}

}  // namespace

absl::StatusOr<std::optional<v1::CaseUpload>> FindListing(
    const TakedownQueue& cases, const v1::ReviewListingRequest& request) {
  absl::StatusOr<v1::CaseUpload> known = cases.Upload(request.listing_id());
  if (absl::IsNotFound(known.status())) return std::nullopt;
  RETURN_IF_ERROR(known.status());
  return *std::move(known);
}

bool IsThis(const v1::CaseUpload& known,
            const v1::ReviewListingRequest& request) {
  return known.kind() == v1::Case::KIND_LISTING &&
         known.tenant() == request.tenant();
}

absl::StatusOr<SellerCases> FindSeller(
    const TakedownQueue& cases, const v1::ReviewListingRequest& request) {
  SellerCases seller;
  if (request.seller().empty()) return seller;
  const absl::StatusOr<v1::History> history =
      cases.Account(request.tenant(), request.seller());
  if (absl::IsNotFound(history.status())) return seller;
  RETURN_IF_ERROR(history.status());
  seller.history.set_known(history->uploads());
  seller.history.set_removed(history->removed());
  seller.history.set_kept(history->kept());
  seller.case_ids = {history->case_ids().begin(), history->case_ids().end()};
  return seller;
}

std::vector<std::string> CandidatesOf(
    absl::Span<const v1::PhotoMatch> photos,
    const std::optional<v1::ScanReport>& video, const SellerCases& seller) {
  std::vector<std::string> candidates;
  const auto add = [&](const std::string& id) {
    if (id.empty() || candidates.size() >= kMaxCandidates) return;
    if (std::find(candidates.begin(), candidates.end(), id) ==
        candidates.end()) {
      candidates.push_back(id);
    }
  };
  if (video) add(video->case_id());
  for (const v1::PhotoMatch& photo : photos) add(photo.case_id());
  for (const std::string& id : seller.case_ids) add(id);
  return candidates;
}

absl::Status OpenListingCase(TakedownQueue& cases, const ListingCase& listing,
                             v1::ListingReport& report) {
  const v1::ReviewListingRequest& request = listing.request;
  if (listing.known != nullptr && !IsThis(*listing.known, request)) {
    return absl::AlreadyExistsError(
        "listing_id: something else has it, an upload or a listing of another "
        "tenant; ids are shared, so put a name of your own before them");
  }
  v1::Case opened;
  ASSIGN_OR_RETURN(*opened.mutable_case_id(),
                   OpenCaseAmong(cases, listing.candidates));
  opened.set_content_id(request.listing_id());
  opened.set_account(request.seller());
  opened.set_group(request.group());
  opened.set_tenant(request.tenant());
  opened.set_platform_class(request.platform_class());
  opened.set_language(request.locale());
  opened.set_kind(v1::Case::KIND_LISTING);
  opened.set_priority(listing.priority);
  if (request.has_reported()) *opened.mutable_reported() = request.reported();
  *opened.mutable_report() = ScanOf(listing, report);
  *opened.mutable_listing() = report;
  *opened.mutable_listing()->mutable_item() = WithoutMedia(request);
  if (opened.listing().has_video()) {
    DropStills(*opened.mutable_listing()->mutable_video());
  }
  ASSIGN_OR_RETURN(*report.mutable_case_id(), cases.Submit(opened));
  return absl::OkStatus();
}

}  // namespace lenscap
