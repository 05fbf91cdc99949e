#include "services/caller.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip.h"
#include "services/tenants.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxWords = 16;
constexpr size_t kMaxWordBytes = 32;

absl::Status CheckName(absl::string_view name) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("-_.@", c);
  };
  if (!name.empty() && name.size() <= kMaxNameBytes &&
      std::all_of(name.begin(), name.end(), allowed)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "name: expected 1 to 64 characters of A-Z, a-z, 0-9, '-', '_', '.' and "
      "'@'");
}

absl::Status CheckWords(const Caller& caller, absl::string_view field,
                        const std::vector<std::string>& words) {
  if (words.empty()) return absl::OkStatus();
  if (caller.role != CallerRole::kReviewer) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": only a reviewer has some"));
  }
  if (words.size() > kMaxWords) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": expected at most ", kMaxWords));
  }
  for (const std::string& word : words) {
    RETURN_IF_ERROR(CheckLength(field, word, 1, kMaxWordBytes));
    if (!std::all_of(word.begin(), word.end(), [](char c) {
          return absl::ascii_isalnum(c) || c == '-';
        })) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": expected A-Z, a-z, 0-9 and '-'"));
    }
  }
  return absl::OkStatus();
}

absl::Status OnlyOf(CallerRole role, const Caller& caller,
                    absl::string_view field, absl::string_view value) {
  if (caller.role == role || value.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": only a ", RoleName(role), " has one"));
}

}  // namespace

Caller LocalCaller() {
  return {.name = "local",
          .role = CallerRole::kAdmin,
          .issuer = {},
          .tenant = {},
          .platform_class = {},
          .local = true};
}

absl::string_view RoleName(CallerRole role) {
  switch (role) {
    case CallerRole::kNobody:
      break;
    case CallerRole::kPlatform:
      return "platform";
    case CallerRole::kRegulator:
      return "regulator";
    case CallerRole::kReviewer:
      return "reviewer";
    case CallerRole::kAdmin:
      return "admin";
    case CallerRole::kAuditor:
      return "auditor";
  }
  return "nobody";
}

std::optional<CallerRole> ParseRole(absl::string_view name) {
  for (const CallerRole role : kCallerRoles) {
    if (RoleName(role) == name) return role;
  }
  return std::nullopt;
}

std::string ActorOf(const Caller& caller) {
  if (caller.local) return caller.name;
  return absl::StrCat(RoleName(caller.role), ":", caller.name);
}

absl::Status CheckCaller(const Caller& caller) {
  if (RoleName(caller.role) == "nobody") {
    return absl::InvalidArgumentError(
        "role: expected platform, regulator, reviewer, admin or auditor");
  }
  RETURN_IF_ERROR(CheckName(caller.name));
  RETURN_IF_ERROR(
      OnlyOf(CallerRole::kRegulator, caller, "issuer", caller.issuer));
  RETURN_IF_ERROR(
      OnlyOf(CallerRole::kPlatform, caller, "tenant", caller.tenant));
  RETURN_IF_ERROR(OnlyOf(CallerRole::kPlatform, caller, "platform_class",
                         caller.platform_class));
  RETURN_IF_ERROR(CheckLength("issuer", caller.issuer,
                              caller.role == CallerRole::kRegulator ? 1 : 0,
                              kMaxIssuerBytes));
  RETURN_IF_ERROR(ValidateTenant("tenant", caller.tenant));
  RETURN_IF_ERROR(CheckWords(caller, "skills", caller.skills));
  RETURN_IF_ERROR(CheckWords(caller, "languages", caller.languages));
  if (!caller.tenants.empty() && caller.role != CallerRole::kReviewer) {
    return absl::InvalidArgumentError("tenants: only a reviewer has some");
  }
  if (caller.tenants.size() > kMaxWords) {
    return absl::InvalidArgumentError(
        absl::StrCat("tenants: expected at most ", kMaxWords));
  }
  for (const std::string& tenant : caller.tenants) {
    RETURN_IF_ERROR(CheckLength("tenants", tenant, 1, kMaxNameBytes));
    RETURN_IF_ERROR(ValidateTenant("tenants", tenant));
  }
  return ValidateTenant("platform_class", caller.platform_class);
}

bool SeesListsOf(const Caller& caller, absl::string_view issuer) {
  return caller.role != CallerRole::kRegulator || caller.issuer == issuer;
}

bool SeesUploadsOf(const Caller& caller, absl::string_view tenant) {
  if (!caller.tenants.empty() &&
      std::find(caller.tenants.begin(), caller.tenants.end(), tenant) ==
          caller.tenants.end()) {
    return false;
  }
  return caller.tenant.empty() || caller.tenant == tenant;
}

}  // namespace lenscap
