#ifndef LENSCAP_SERVICES_WEB_TLS_CONTEXT_H_
#define LENSCAP_SERVICES_WEB_TLS_CONTEXT_H_

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/transport.h"

namespace lenscap {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;
using SslContextPtr = std::unique_ptr<SSL_CTX, FreeSsl>;

// A certificate and its key for connections over TLS 1.2 or later, read again
// where the files have changed, looked at every 10 s. Thread-safe.
class TlsContext {
 public:
  // INVALID_ARGUMENT, naming the file, for what cannot be read or used.
  static absl::StatusOr<std::unique_ptr<TlsContext>> Open(TlsOptions options);

  // For one connection. Files that have become unreadable, or no longer fit
  // together, are left until they do. Null where memory ran out.
  SslPtr NewSession();

 private:
  TlsContext(TlsOptions options, SslContextPtr context, std::string seen)
      : options_(std::move(options)),
        context_(std::move(context)),
        seen_(std::move(seen)) {}
  std::string LookAtFiles() const;

  const TlsOptions options_;
  std::mutex mutex_;
  SslContextPtr context_;  // Guarded by mutex_.
  std::string seen_;       // Of the files, guarded by mutex_.
  absl::Time next_look_ = absl::InfinitePast();  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_TLS_CONTEXT_H_
