#include "services/transport.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace lenscap {
namespace {

constexpr unsigned kLookAgainSeconds = 10;
constexpr size_t kMaxFileBytes = 1 << 20;

using Bytes = std::unique_ptr<BIO, int (*)(BIO*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

absl::Status Bad(const std::string& path, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", problem));
}

absl::StatusOr<Bytes> Read(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadSmallFile(path, kMaxFileBytes);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  Bytes bytes(BIO_new(BIO_s_mem()), BIO_free);
  BIO_write(bytes.get(), text->data(), static_cast<int>(text->size()));
  return bytes;
}

absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  ASSIGN_OR_RETURN(const Bytes bytes, Read(path));
  Certificate certificate(
      PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), X509_free);
  if (certificate == nullptr) return Bad(path, "there is no certificate in it");
  return certificate;
}

// gRPC would only say later, and to each caller, that it has nothing to show.
absl::Status Check(const TlsOptions& options) {
  ASSIGN_OR_RETURN(const Certificate certificate,
                   ReadCertificate(options.certificate));
  ASSIGN_OR_RETURN(const Bytes bytes, Read(options.key));
  const Key key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, nullptr, nullptr),
                EVP_PKEY_free);
  if (key == nullptr) return Bad(options.key, "there is no private key in it");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Bad(options.key,
               absl::StrCat("is not the key of ", options.certificate));
  }
  if (!options.client_ca.empty()) {
    return ReadCertificate(options.client_ca).status();
  }
  if (options.require_client_certificate) {
    return absl::InvalidArgumentError(
        "client certificates are required, and no authority is named");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(
    const TlsOptions& options) {
  RETURN_IF_ERROR(Check(options));
  grpc::experimental::TlsServerCredentialsOptions tls(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          options.key, options.certificate, options.client_ca,
          kLookAgainSeconds));
  tls.watch_identity_key_cert_pairs();
  if (options.client_ca.empty()) {
    tls.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  } else {
    tls.watch_root_certs();
    tls.set_cert_request_type(
        options.require_client_certificate
            ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
            : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(tls);
}

}  // namespace lenscap
