#ifndef LENSCAP_SERVICES_LISTEN_ADDRESS_H_
#define LENSCAP_SERVICES_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Judges "HOST:PORT" for a server that speaks in plain text: HOST must be
// "localhost" or a loopback address, or any other where `insecure_public` says
// so. INVALID_ARGUMENT begins with `flag`.
absl::Status CheckListenAddress(absl::string_view flag,
                                absl::string_view address,
                                bool insecure_public);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTEN_ADDRESS_H_
