#include "services/certificate_caller.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

absl::Status NoCaller(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat(
      "the client certificate names no caller (OU=role, CN=name, O=issuer or "
      "tenant): ",
      why));
}

// The one value of a part of a name, in UTF-8; "" where it has none.
absl::StatusOr<std::string> PartOf(X509_NAME* subject, int part,
                                   absl::string_view part_name) {
  const int at = X509_NAME_get_index_by_NID(subject, part, -1);
  if (at < 0) return "";
  if (X509_NAME_get_index_by_NID(subject, part, at) >= 0) {
    return NoCaller(absl::StrCat("it has several ", part_name));
  }
  unsigned char* text = nullptr;
  const int bytes = ASN1_STRING_to_UTF8(
      &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (bytes < 0) return NoCaller(absl::StrCat(part_name, " is no text"));
  std::string value(reinterpret_cast<const char*>(text), bytes);
  OPENSSL_free(text);
  return value;
}

}  // namespace

absl::StatusOr<Caller> CallerOfCertificate(absl::string_view pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), X509_free);
  if (certificate == nullptr) return NoCaller("it cannot be read");
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  ASSIGN_OR_RETURN(const std::string role,
                   PartOf(subject, NID_organizationalUnitName, "OU"));
  ASSIGN_OR_RETURN(const std::string name,
                   PartOf(subject, NID_commonName, "CN"));
  ASSIGN_OR_RETURN(const std::string organization,
                   PartOf(subject, NID_organizationName, "O"));
  Caller caller;
  caller.name = name;
  caller.role = ParseRole(role).value_or(CallerRole::kNobody);
  if (caller.role == CallerRole::kRegulator) caller.issuer = organization;
  if (caller.role == CallerRole::kPlatform) caller.tenant = organization;
  if (const absl::Status good = CheckCaller(caller); !good.ok()) {
    return NoCaller(good.message());
  }
  return caller;
}

}  // namespace lenscap
