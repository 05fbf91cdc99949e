#ifndef LENSCAP_SERVICES_LISTEN_ADDRESS_H_
#define LENSCAP_SERVICES_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Judges "HOST:PORT": HOST must be "localhost" or a loopback address, or any
// other where it `may_be_public`, because callers sign in over TLS or whoever
// runs the server says so. INVALID_ARGUMENT begins with `flag`.
absl::Status CheckListenAddress(absl::string_view flag,
                                absl::string_view address, bool may_be_public);

// Whether "HOST:PORT" is one of this machine's own, as above.
bool IsLoopbackAddress(absl::string_view address);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTEN_ADDRESS_H_
