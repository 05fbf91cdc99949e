#ifndef LENSCAP_SERVICES_TAKE_TENANT_H_
#define LENSCAP_SERVICES_TAKE_TENANT_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/caller.h"

namespace lenscap {

// Fills in what a platform signed in as: its tenant and its kind. `Message` has
// both. PERMISSION_DENIED, naming `field`, for another's tenant.
template <typename Message>
absl::Status TakeTenant(const Caller& caller, absl::string_view field,
                        Message& message) {
  if (!caller.platform_class.empty()) {
    message.set_platform_class(caller.platform_class);
  }
  if (message.tenant().empty()) message.set_tenant(caller.tenant);
  if (SeesUploadsOf(caller, message.tenant())) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(field, ": ", ActorOf(caller),
                                                  " sends for \"",
                                                  caller.tenant, "\" alone"));
}

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TAKE_TENANT_H_
