#ifndef LENSCAP_SERVICES_CALLER_H_
#define LENSCAP_SERVICES_CALLER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// What a caller may do (services/permissions.h). Values are frozen: on disk
// and in the API (v1::CallerRole).
enum class CallerRole {
  kNobody = 0,     // May do nothing.
  kPlatform = 1,   // A platform's own systems: sends uploads, hears decisions.
  kRegulator = 2,  // Issues lists, and reads back what was done with them.
  kReviewer = 3,   // Decides cases.
  kAdmin = 4,      // Runs the installation.
  kAuditor = 5,    // Reads what was done, and changes nothing.
};
inline constexpr CallerRole kCallerRoles[] = {
    CallerRole::kPlatform, CallerRole::kRegulator, CallerRole::kReviewer,
    CallerRole::kAdmin, CallerRole::kAuditor};

// Who makes a call, as the certificate or the token says. Only Admit
// (services/admit.h) makes one for a handler.
struct Caller {
  // 1 to 64 characters of A-Z, a-z, 0-9, '-', '_', '.' and '@'; unique with
  // its role.
  std::string name;
  CallerRole role = CallerRole::kNobody;
  // Of a regulator: the issuer whose lists it sees and writes. Never empty.
  std::string issuer;
  // Of a platform: the only tenant that it sends and asks for; empty for any.
  std::string tenant;
  // Of a platform: what kind it is, for reports: "social", "marketplace", ...
  std::string platform_class;
  // Plain text on loopback without a credential: the machine's own user, who
  // acts as an admin and whose word on names is taken.
  bool local = false;
  // Of a reviewer: what cases may ask for, the languages that they read (BCP
  // 47; none means any), and the only tenants whose cases they see (none means
  // all). At most 16 each.
  std::vector<std::string> skills = {};
  std::vector<std::string> languages = {};
  std::vector<std::string> tenants = {};
};

// The machine's own user.
Caller LocalCaller();

// "platform", "regulator", ...; "nobody" for what is no role.
absl::string_view RoleName(CallerRole role);
std::optional<CallerRole> ParseRole(absl::string_view name);

// As lists and the audit log name the caller: "reviewer:ann", or "local" for
// the machine's own user.
std::string ActorOf(const Caller& caller);

// INVALID_ARGUMENT, naming the field, for a caller that breaks the rules above.
absl::Status CheckCaller(const Caller& caller);

// Whether the caller may know of the lists of this issuer: a regulator of its
// own alone, others of all.
bool SeesListsOf(const Caller& caller, absl::string_view issuer);
// Whether the caller may know of the uploads of this tenant.
bool SeesUploadsOf(const Caller& caller, absl::string_view tenant);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CALLER_H_
