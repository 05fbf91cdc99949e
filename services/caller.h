#ifndef LENSCAP_SERVICES_CALLER_H_
#define LENSCAP_SERVICES_CALLER_H_

#include <string>

namespace lenscap {

// What a caller may do (services/permissions.h). Values are frozen: on disk
// and in the API.
enum class CallerRole {
  kPlatform = 1,   // A platform's own systems: sends uploads, hears decisions.
  kRegulator = 2,  // Issues lists, and reads back what was done with them.
  kReviewer = 3,   // Decides cases.
  kAdmin = 4,      // Runs the installation.
  kAuditor = 5,    // Reads what was done, and changes nothing.
};

// Who makes a call, as the certificate or the token says.
struct Caller {
  std::string name;  // 1 to 64 bytes; unique with its role.
  CallerRole role = CallerRole::kAdmin;
  // Of a regulator: the issuer whose lists it sees and writes. Never empty.
  std::string issuer;
  // Of a platform: the only tenant that it sends and asks for; empty for any.
  std::string tenant;
  // Of a platform: what kind it is, for reports: "social", "marketplace", ...
  std::string platform_class;
  // Plain text on loopback without a credential: the machine's own user, who
  // acts as an admin and whose word on names is taken.
  bool local = false;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CALLER_H_
