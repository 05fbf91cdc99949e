#ifndef LENSCAP_SERVICES_SIGN_IN_H_
#define LENSCAP_SERVICES_SIGN_IN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/caller.h"
#include "services/token_store.h"

namespace lenscap {

// What a call brings that says who makes it.
struct Credentials {
  std::vector<std::string> authorization;  // The values of that header.
  // Of a client whose certificate TLS has verified, in PEM; else empty.
  std::string certificate;
  bool in_process = false;  // From InProcessChannel, not over the network.
};

// Says who a caller is, and whether that one may. A token counts alone,
// whatever certificate comes with it; a bad one is refused, and nothing else is
// tried. Without either the caller is the machine's own user where that is
// enough, and nobody elsewhere. Thread-safe.
class SignIn {
 public:
  // `tokens` must outlive this. Where `required`, only callers in this process
  // are the machine's own user.
  SignIn(const TokenStore* tokens, bool required)
      : tokens_(tokens), required_(required) {}

  bool required() const { return required_; }

  // UNAUTHENTICATED for nobody.
  absl::StatusOr<Caller> Identify(const Credentials& credentials) const;

  // The same, where the caller may use what `guarded` names
  // (services/permissions.h); else PERMISSION_DENIED.
  absl::StatusOr<Caller> Authorize(const Credentials& credentials,
                                   absl::string_view guarded) const;

 private:
  const TokenStore* const tokens_;
  const bool required_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SIGN_IN_H_
