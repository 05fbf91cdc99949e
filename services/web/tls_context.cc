#include "services/web/tls_context.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr absl::Duration kLookAgain = absl::Seconds(10);

absl::Status Bad(const std::string& path, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", problem));
}

absl::Status AskForCertificates(SSL_CTX* context, const TlsOptions& options) {
  if (!options.require_client_certificate) return absl::OkStatus();
  if (SSL_CTX_load_verify_locations(context, options.client_ca.c_str(),
                                    nullptr) != 1) {
    return Bad(options.client_ca, "there is no certificate in it");
  }
  SSL_CTX_set_client_CA_list(
      context, SSL_load_client_CA_file(options.client_ca.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  return absl::OkStatus();
}

absl::StatusOr<SslContextPtr> MakeContext(const TlsOptions& options) {
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return absl::InternalError("no TLS context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(context.get(),
                                         options.certificate.c_str()) != 1) {
    return Bad(options.certificate, "there is no certificate in it");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.key.c_str(),
                                  SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Bad(options.key,
               absl::StrCat("is not the key of ", options.certificate));
  }
  RETURN_IF_ERROR(AskForCertificates(context.get(), options));
  return context;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Open(
    TlsOptions options) {
  ASSIGN_OR_RETURN(SslContextPtr context, MakeContext(options));
  std::unique_ptr<TlsContext> opened(
      new TlsContext(std::move(options), std::move(context), ""));
  opened->seen_ = opened->LookAtFiles();
  return opened;
}

// When each file was last changed, and how long it is.
std::string TlsContext::LookAtFiles() const {
  std::string looks;
  for (const std::string& path :
       {options_.certificate, options_.key, options_.client_ca}) {
    struct stat file = {};
    if (stat(path.c_str(), &file) != 0) continue;
    absl::StrAppend(&looks, file.st_mtim.tv_sec, ".", file.st_mtim.tv_nsec, "/",
                    file.st_ino, "/", file.st_size, " ");
  }
  return looks;
}

SslPtr TlsContext::NewSession() {
  std::lock_guard lock(mutex_);
  if (const absl::Time now = absl::Now(); now >= next_look_) {
    next_look_ = now + kLookAgain;
    if (std::string looks = LookAtFiles(); looks != seen_) {
      if (auto renewed = MakeContext(options_); renewed.ok()) {
        context_ = *std::move(renewed);
        seen_ = std::move(looks);
      }
    }
  }
  return SslPtr(SSL_new(context_.get()));
}

}  // namespace lenscap
