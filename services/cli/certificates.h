#ifndef LENSCAP_SERVICES_CLI_CERTIFICATES_H_
#define LENSCAP_SERVICES_CLI_CERTIFICATES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace lenscap::cli {

struct DevelopmentCertificates {
  std::string directory;  // Made if absent.
  // Names and addresses of the server, beside localhost, 127.0.0.1 and ::1.
  std::vector<std::string> hosts;
  // Whose lists the regulator's certificate is for.
  std::string issuer = "development";
  absl::Time now;
};

// Makes an authority and what it certifies for a year, each as NAME.crt and
// NAME.key, PEM with P-256 keys that this user alone may read: "ca", "server",
// and a client named "development" for each role ("platform", "regulator",
// ...), as services/certificate_caller.h reads them. ALREADY_EXISTS, and
// nothing is made, where the directory has an authority.
absl::Status MakeDevelopmentCertificates(const DevelopmentCertificates& wanted);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CERTIFICATES_H_
