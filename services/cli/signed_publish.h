#ifndef LENSCAP_SERVICES_CLI_SIGNED_PUBLISH_H_
#define LENSCAP_SERVICES_CLI_SIGNED_PUBLISH_H_

#include <string>

#include "absl/status/statusor.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/cli/connection.h"
#include "services/cli/upload_file.h"

namespace lenscap::cli {

struct SignedPublish {
  std::string signatures;  // The detached JWS.
  bool dry_run = false;
};

// Sends one version of a signed list; on a terminal, a line on standard error
// says how far it is. An error of the file leaves through `file_error`, the
// server's is returned.
absl::StatusOr<v1::PublishSignedReply> PublishSigned(
    const Connection& connection, const SignedPublish& publish,
    UploadFile& file, absl::Status& file_error);

// What came of it, as lines for people.
std::string DescribeSigned(const v1::PublishSignedReply& reply, bool dry_run);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SIGNED_PUBLISH_H_
