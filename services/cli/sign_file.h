#ifndef LENSCAP_SERVICES_CLI_SIGN_FILE_H_
#define LENSCAP_SERVICES_CLI_SIGN_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace lenscap::cli {

// Where a file's detached signatures lie: FILE.jws.
std::string SignaturePath(const std::string& file);

// Adds the signature by the private key in the file `key` to FILE.jws, or puts
// it in the place of an earlier one by the same key. Returns a line that says
// so. Whether the file is worth a signature is for the caller to check.
absl::StatusOr<std::string> SignFile(const std::string& file,
                                     const std::string& key);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SIGN_FILE_H_
