#include "services/visible_list.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/validate.h"

namespace lenscap {

absl::Status UnknownList(absl::string_view field, absl::string_view list_id) {
  return absl::NotFoundError(
      absl::StrCat(field, ": there is no list \"", list_id,
                   "\"; publish to it with create_list and issuer to make it"));
}

absl::StatusOr<ListInfo> FindVisibleList(const KnownClips& clips,
                                         const Caller& caller,
                                         absl::string_view field,
                                         absl::string_view list_id) {
  RETURN_IF_ERROR(CheckListId(field, list_id));
  absl::StatusOr<ListInfo> list = clips.GetList(list_id);
  if (absl::IsNotFound(list.status()) ||
      (list.ok() && !SeesListsOf(caller, list->issuer))) {
    return UnknownList(field, list_id);
  }
  return list;
}

}  // namespace lenscap
