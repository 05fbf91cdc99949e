#include "services/list_control_handler.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/convert.h"
#include "services/validate.h"
#include "services/visible_list.h"
#include "takedown/feedback.h"

namespace lenscap {
namespace {

constexpr int kMaxEntries = 10'000;

absl::Status CheckEntries(const v1::HoldEntriesRequest& request) {
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  RETURN_IF_ERROR(
      CheckRange("entry_ids", request.entry_ids_size(), 1, kMaxEntries));
  for (int i = 0; i < request.entry_ids_size(); ++i) {
    RETURN_IF_ERROR(
        CheckEntryId(absl::StrCat("entry_ids[", i, "]"), request.entry_ids(i)));
  }
  return absl::OkStatus();
}

std::vector<std::string> EntriesOf(const v1::HoldEntriesRequest& request) {
  return {request.entry_ids().begin(), request.entry_ids().end()};
}

// A change that was recorded, as it is answered.
absl::StatusOr<v1::HashList> Answer(const ListControlRooms& rooms,
                                    const ListInfo& list) {
  RETURN_IF_ERROR(rooms.auditor->CatchUpList(list.list_id));
  return ToProto(list);
}

// The list is searched, or acts, more than before.
absl::Status MatchAgain(const ListControlRooms& rooms,
                        absl::string_view list_id) {
  return rooms.retro == nullptr ? absl::OkStatus()
                                : rooms.retro->MatchListAgain(list_id);
}

}  // namespace

absl::StatusOr<v1::HashList> HoldEntries(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::HoldEntriesRequest& request) {
  RETURN_IF_ERROR(CheckEntries(request));
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  ASSIGN_OR_RETURN(
      const ListInfo list,
      rooms.clips->HoldEntries(request.list_id(), EntriesOf(request),
                               request.reason(), ActorOf(caller)));
  return Answer(rooms, list);
}

absl::StatusOr<v1::HashList> ReleaseEntries(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::HoldEntriesRequest& request) {
  RETURN_IF_ERROR(CheckEntries(request));
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  ASSIGN_OR_RETURN(
      const ListInfo list,
      rooms.clips->ReleaseEntries(request.list_id(), EntriesOf(request),
                                  request.reason(), ActorOf(caller)));
  RETURN_IF_ERROR(MatchAgain(rooms, list.list_id));
  return Answer(rooms, list);
}

absl::StatusOr<v1::HashList> SetListMode(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::SetListModeRequest& request) {
  RETURN_IF_ERROR(CheckEnum("mode", request.mode(), v1::ListMode_IsValid));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  const auto mode = static_cast<ListMode>(request.mode());
  ASSIGN_OR_RETURN(const ListInfo list,
                   rooms.clips->SetMode(request.list_id(), mode,
                                        request.reason(), ActorOf(caller)));
  if (mode == ListMode::kActive) {
    RETURN_IF_ERROR(MatchAgain(rooms, list.list_id));
  }
  return Answer(rooms, list);
}

absl::StatusOr<v1::FeedbackReply> ListFeedback(
    const ListControlRooms& rooms, const Caller& caller,
    const v1::FeedbackRequest& request) {
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  ASSIGN_OR_RETURN(const int limit,
                   CheckPageSize("page_size", request.page_size()));
  uint64_t after = 0;
  if (!request.page_token().empty() &&
      !absl::SimpleAtoi(request.page_token(), &after)) {
    return absl::InvalidArgumentError(
        "page_token: expected one of an earlier page");
  }
  ASSIGN_OR_RETURN(const FeedbackPage page,
                   FeedbackOn(*rooms.cases, request.list_id(), after, limit));
  v1::FeedbackReply reply;
  for (const Feedback& entry : page.feedback) {
    v1::EntryFeedback& told = *reply.add_feedback();
    told.set_entry_id(entry.entry_id);
    told.set_signed_version(entry.signed_version);
    told.set_upheld(entry.upheld);
    told.set_reason(entry.reason);
    *told.mutable_decided() = ToProto(entry.decided);
  }
  reply.set_next_page_token(absl::StrCat(page.next));
  reply.set_more(page.more);
  return reply;
}

}  // namespace lenscap
