#ifndef LENSCAP_SERVICES_CERTIFICATE_CALLER_H_
#define LENSCAP_SERVICES_CERTIFICATE_CALLER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/caller.h"

namespace lenscap {

// Who a client certificate, in PEM, is made out to. Of its subject, OU is the
// role ("platform", "regulator", ...), CN the name, and O the issuer of a
// regulator or the tenant of a platform; each at most once, and whatever else
// it has does not count. That the certificate is good was checked before, by
// TLS; whoever signs for that authority says who has which role, so it must
// sign for lenscap alone. UNAUTHENTICATED for a subject that names no caller.
absl::StatusOr<Caller> CallerOfCertificate(absl::string_view pem);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CERTIFICATE_CALLER_H_
