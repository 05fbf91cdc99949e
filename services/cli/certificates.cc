#include "services/cli/certificates.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "services/caller.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kValid = absl::Hours(24 * 365);
// Clocks of other machines may be behind.
constexpr absl::Duration kBackdated = absl::Minutes(5);

using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

struct Certified {
  Certificate certificate{nullptr, X509_free};
  Key key{nullptr, EVP_PKEY_free};
};

// What a certificate says: parts of its subject and X.509 extensions, in the
// words of OpenSSL's configuration files.
struct Contents {
  std::vector<std::pair<int, std::string>> subject;
  std::vector<std::pair<int, std::string>> extensions;
};

absl::Status Failed() {
  return absl::InternalError("OpenSSL could not make a certificate");
}

bool SetSerial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1) return false;
  bytes[0] &= 0x7f;  // A serial number is positive.
  const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> number(
      BN_bin2bn(bytes, sizeof(bytes), nullptr), BN_free);
  return number != nullptr &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) !=
             nullptr;
}

bool SetContents(X509* certificate, X509* issuer, const Contents& contents) {
  X509_NAME* const name = X509_get_subject_name(certificate);
  for (const auto& [part, value] : contents.subject) {
    if (X509_NAME_add_entry_by_NID(
            name, part, MBSTRING_UTF8,
            reinterpret_cast<const unsigned char*>(value.data()),
            static_cast<int>(value.size()), -1, 0) != 1) {
      return false;
    }
  }
  if (X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) != 1) {
    return false;
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const auto& [kind, value] : contents.extensions) {
    const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()),
        X509_EXTENSION_free);
    if (extension == nullptr ||
        X509_add_ext(certificate, extension.get(), -1) != 1) {
      return false;
    }
  }
  return true;
}

// Signed by `authority`, or by itself where that is null.
absl::StatusOr<Certified> Certify(const Contents& contents,
                                  const Certified* authority, absl::Time now) {
  Certified made;
  made.key = Key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  made.certificate = Certificate(X509_new(), X509_free);
  if (made.key == nullptr || made.certificate == nullptr) return Failed();
  X509* const certificate = made.certificate.get();
  const Certified& signer = authority == nullptr ? made : *authority;
  if (X509_set_version(certificate, X509_VERSION_3) != 1 ||
      !SetSerial(certificate) ||
      ASN1_TIME_set(X509_getm_notBefore(certificate),
                    absl::ToTimeT(now - kBackdated)) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate),
                    absl::ToTimeT(now + kValid)) == nullptr ||
      X509_set_pubkey(certificate, made.key.get()) != 1 ||
      !SetContents(certificate, signer.certificate.get(), contents) ||
      X509_sign(certificate, signer.key.get(), EVP_sha256()) == 0) {
    return Failed();
  }
  return made;
}

std::string Text(BIO* bytes) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bytes, &data);  // NOLINT: OpenSSL's type.
  return {data, static_cast<size_t>(size)};
}

absl::Status Write(const std::string& directory, absl::string_view name,
                   const Certified& made) {
  const std::unique_ptr<BIO, int (*)(BIO*)> key(BIO_new(BIO_s_mem()), BIO_free);
  const std::unique_ptr<BIO, int (*)(BIO*)> certificate(BIO_new(BIO_s_mem()),
                                                        BIO_free);
  if (PEM_write_bio_PKCS8PrivateKey(key.get(), made.key.get(), nullptr, nullptr,
                                    0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate.get(), made.certificate.get()) != 1) {
    return Failed();
  }
  const std::string path = absl::StrCat(directory, "/", name);
  RETURN_IF_ERROR(WriteSmallFile(path + ".key", Text(key.get()), 0600));
  return WriteSmallFile(path + ".crt", Text(certificate.get()), 0644);
}

// "DNS:localhost,IP:127.0.0.1,..."
absl::StatusOr<std::string> AlternativeNames(
    const std::vector<std::string>& hosts) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const std::string& host : hosts) {
    unsigned char address[sizeof(in6_addr)];
    const bool numeric = inet_pton(AF_INET, host.c_str(), address) == 1 ||
                         inet_pton(AF_INET6, host.c_str(), address) == 1;
    const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
      return absl::ascii_isalnum(c) || absl::StrContains("-._*", c);
    });
    if (host.empty() || (!numeric && !plain)) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", host, "' is no name and no address of a host"));
    }
    absl::StrAppend(&names, numeric ? ",IP:" : ",DNS:", host);
  }
  return names;
}

Contents OfAuthority() {
  return {.subject = {{NID_commonName, "lenscap development authority"}},
          .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}}};
}

Contents OfEnd(std::vector<std::pair<int, std::string>> subject,
               const char* usage) {
  return {.subject = std::move(subject),
          .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                         {NID_key_usage, "critical,digitalSignature"},
                         {NID_ext_key_usage, usage},
                         {NID_subject_key_identifier, "hash"},
                         {NID_authority_key_identifier, "keyid:always"}}};
}

Contents OfServer(const std::string& names) {
  Contents contents = OfEnd({{NID_commonName, "lenscapd"}}, "serverAuth");
  contents.extensions.emplace_back(NID_subject_alt_name, names);
  return contents;
}

Contents OfClient(CallerRole role, const std::string& issuer) {
  std::vector<std::pair<int, std::string>> subject = {
      {NID_organizationalUnitName, std::string(RoleName(role))},
      {NID_commonName, "development"}};
  if (role == CallerRole::kRegulator) {
    subject.emplace_back(NID_organizationName, issuer);
  }
  return OfEnd(std::move(subject), "clientAuth");
}

absl::Status MakeDirectory(const std::string& directory) {
  std::error_code error;
  if (fs::create_directories(directory, error)) {
    fs::permissions(directory, fs::perms::owner_all, error);
  }
  if (error) return absl::ErrnoToStatus(error.value(), directory);
  if (fs::exists(directory + "/ca.key", error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        directory, "/ca.key: there is an authority; name another directory"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MakeDevelopmentCertificates(
    const DevelopmentCertificates& wanted) {
  constexpr size_t kMaxOrganization = 64;  // Of X.509.
  if (wanted.issuer.empty() || wanted.issuer.size() > kMaxOrganization) {
    return absl::InvalidArgumentError(
        "the issuer: expected 1 to 64 bytes, as certificates can say");
  }
  ASSIGN_OR_RETURN(const std::string names, AlternativeNames(wanted.hosts));
  RETURN_IF_ERROR(MakeDirectory(wanted.directory));
  ASSIGN_OR_RETURN(const Certified authority,
                   Certify(OfAuthority(), nullptr, wanted.now));
  ASSIGN_OR_RETURN(const Certified server,
                   Certify(OfServer(names), &authority, wanted.now));
  RETURN_IF_ERROR(Write(wanted.directory, "server", server));
  for (const CallerRole role : kCallerRoles) {
    ASSIGN_OR_RETURN(
        const Certified client,
        Certify(OfClient(role, wanted.issuer), &authority, wanted.now));
    RETURN_IF_ERROR(Write(wanted.directory, RoleName(role), client));
  }
  return Write(wanted.directory, "ca", authority);
}

}  // namespace lenscap::cli
