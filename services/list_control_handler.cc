#include "services/list_control_handler.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/convert.h"
#include "services/validate.h"
#include "services/visible_list.h"

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

}  // namespace

absl::StatusOr<v1::HashList> HoldEntries(
    KnownClips& clips, const Caller& caller,
    const v1::HoldEntriesRequest& request) {
  RETURN_IF_ERROR(CheckEntries(request));
  RETURN_IF_ERROR(
      FindVisibleList(clips, caller, "list_id", request.list_id()).status());
  ASSIGN_OR_RETURN(const ListInfo list,
                   clips.HoldEntries(request.list_id(), EntriesOf(request),
                                     request.reason(), ActorOf(caller)));
  return ToProto(list);
}

absl::StatusOr<v1::HashList> ReleaseEntries(
    KnownClips& clips, const Caller& caller,
    const v1::HoldEntriesRequest& request) {
  RETURN_IF_ERROR(CheckEntries(request));
  RETURN_IF_ERROR(
      FindVisibleList(clips, caller, "list_id", request.list_id()).status());
  ASSIGN_OR_RETURN(const ListInfo list,
                   clips.ReleaseEntries(request.list_id(), EntriesOf(request),
                                        request.reason(), ActorOf(caller)));
  return ToProto(list);
}

absl::StatusOr<v1::HashList> SetListMode(
    KnownClips& clips, const Caller& caller,
    const v1::SetListModeRequest& request) {
  RETURN_IF_ERROR(CheckEnum("mode", request.mode(), v1::ListMode_IsValid));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  RETURN_IF_ERROR(
      FindVisibleList(clips, caller, "list_id", request.list_id()).status());
  ASSIGN_OR_RETURN(
      const ListInfo list,
      clips.SetMode(request.list_id(), static_cast<ListMode>(request.mode()),
                    request.reason(), ActorOf(caller)));
  return ToProto(list);
}

}  // namespace lenscap
