#include "services/listing_handler.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/case_evidence.h"
#include "services/convert.h"
#include "services/listing_case.h"
#include "services/listing_report.h"
#include "services/listing_request.h"
#include "services/open_case.h"
#include "services/proto_time.h"
#include "services/stopwatch.h"
#include "services/take_tenant.h"
#include "verdict/listing_verdict.h"

namespace lenscap {
namespace {

TextReview ReviewText(const ListingRooms& rooms,
                      const v1::ReviewListingRequest& request) {
  return rooms.packs->engine()->Review(TextOf(request), rooms.clock->Now());
}

v1::ListingReport EmptyReport(const ListingRooms& rooms,
                              const v1::ReviewListingRequest& request) {
  v1::ListingReport report;
  report.set_listing_id(request.listing_id());
  *report.mutable_reviewed() = ToProto(rooms.clock->Now());
  report.set_review_score(rooms.policy.listings().review_score());
  return report;
}

}  // namespace

absl::Status ListingReview::Begin(const v1::ReviewListingRequest& request) {
  RETURN_IF_ERROR(ValidateListing(request));
  request_ = request;
  RETURN_IF_ERROR(TakeTenant(caller_, "tenant", request_));
  decodes_ = NeedsDecoding(request_);
  tenant_ = rooms_->tenants->Get(request_.tenant());
  if (!decodes_) return absl::OkStatus();
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  ASSIGN_OR_RETURN(place_, tenant_->EnterUpload());
  RETURN_IF_ERROR(tenant_->CheckDecode());
  return tenant_->TakeBytes(MediaBytes(request_));
}

absl::StatusOr<v1::ListingReport> ListingReview::Review(
    const Cancellation& cancellation) {
  absl::Duration seconds;
  Stopwatch stopwatch(&seconds);
  // Others may have used it up since.
  if (decodes_) RETURN_IF_ERROR(tenant_->CheckDecode());
  RETURN_IF_ERROR(cancellation.status());
  ASSIGN_OR_RETURN(const std::optional<v1::CaseUpload> known,
                   FindListing(*rooms_->cases, request_));
  v1::ListingReport report = EmptyReport(*rooms_, request_);

  // The text.
  const TextReview text = ReviewText(*rooms_, request_);
  AddText(text, request_, report);

  // The photos, on lists and in other listings.
  ASSIGN_OR_RETURN(
      ListingPhotos photos,
      ReviewPhotos(rooms_->photos, *rooms_->cases, request_, cancellation));
  report.mutable_image_matches()->Assign(photos.matches.begin(),
                                         photos.matches.end());
  report.mutable_unreadable_images()->Assign(photos.unreadable.begin(),
                                             photos.unreadable.end());

  // The video, as every upload is screened.
  ASSIGN_OR_RETURN(
      std::optional<v1::ScanReport> video,
      ReviewVideo(rooms_->videos, *rooms_->cases, request_, cancellation));
  tenant_->ChargeDecode(photos.decoding + DecodingOf(request_, video));
  if (video) *report.mutable_video() = *video;

  // The seller.
  ASSIGN_OR_RETURN(const SellerCases seller,
                   FindSeller(*rooms_->cases, request_));
  *report.mutable_seller() = seller.history;

  // Decide.
  const ListingEvidence evidence = {
      .text = text,
      .clips = photos.clips,
      .photos = photos.others,
      .video = video ? &video->verdict() : nullptr,
      .seller = report.seller()};
  *report.mutable_verdict() = DecideListing(evidence, rooms_->policy);

  // Open a case where a person has to look, and keep the photos for them.
  RETURN_IF_ERROR(cancellation.status());
  if (known && IsThis(*known, request_)) report.set_case_id(known->case_id());
  if (NeedsCase(report.verdict())) {
    const ListingCase opened = {
        .request = request_,
        .priority = ListingPriority(evidence, report.verdict()),
        .clips = photos.clips,
        .video = video ? &*video : nullptr,
        .known = known ? &*known : nullptr,
        .candidates = CandidatesOf(photos.others, video, seller)};
    RETURN_IF_ERROR(OpenListingCase(*rooms_->cases, opened, report));
    if (rooms_->evidence != nullptr && !request_.images().empty()) {
      KeepEvidence(*rooms_->evidence, *rooms_->cases, request_.listing_id(),
                   PhotoStills(rooms_->photos, request_, cancellation));
    }
    rooms_->news->Notify(kCaseNews);
  }
  RETURN_IF_ERROR(KeepPhotos(rooms_->photos, request_,
                             /*in_case=*/!report.case_id().empty(), photos));
  rooms_->packs->Count(text);
  rooms_->metrics->CountListing(report, stopwatch.Elapsed());
  return report;
}

v1::ReviewResult ResultOf(const v1::ReviewListingRequest& request,
                          absl::StatusOr<v1::ListingReport> report) {
  v1::ReviewResult result;
  result.set_listing_id(request.listing_id());
  if (report.ok()) {
    *result.mutable_report() = *std::move(report);
  } else {
    result.mutable_error()->set_code(static_cast<int>(report.status().code()));
    result.mutable_error()->set_message(std::string(report.status().message()));
  }
  return result;
}

absl::StatusOr<v1::ListingReport> ExplainListing(
    const ListingRooms& rooms, const v1::ReviewListingRequest& request) {
  RETURN_IF_ERROR(ValidateListing(request));
  v1::ListingReport report = EmptyReport(rooms, request);
  const TextReview text = ReviewText(rooms, request);
  AddText(text, request, report);
  const v1::SellerHistory nobody;
  *report.mutable_verdict() = DecideListing({.text = text,
                                             .clips = {},
                                             .photos = {},
                                             .video = nullptr,
                                             .seller = nobody},
                                            rooms.policy);
  return report;
}

}  // namespace lenscap
