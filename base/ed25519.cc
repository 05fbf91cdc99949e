#include "base/ed25519.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/base64url.h"
#include "base/digest.h"
#include "base/small_file.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr size_t kMaxPemBytes = 16'384;

struct Deleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter>;
using Context = std::unique_ptr<EVP_MD_CTX, Deleter>;
using Bio = std::unique_ptr<BIO, Deleter>;

// OpenSSL fails here only when it is out of memory or was built without the
// algorithm.
void Require(bool ok) {
  if (!ok) std::abort();
}

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

Key PrivateKey(const std::array<uint8_t, 32>& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(),
                                       seed.size()));
  Require(key != nullptr);
  return key;
}

Key PublicKey(const Ed25519PublicKey& key) {
  Key made(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                       key.bytes.data(), key.bytes.size()));
  Require(made != nullptr);
  return made;
}

std::string Written(const Bio& bio) {
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(bytes));
}

// Without it OpenSSL asks the terminal for a password.
int NoPassword(char*, int, int, void*) { return -1; }

template <typename Read>
absl::StatusOr<Key> ReadPem(absl::string_view pem, absl::string_view what,
                            const Read& read) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Require(bio != nullptr);
  Key key(read(bio.get(), nullptr, NoPassword, nullptr));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected an Ed25519 ", what, " in PEM"));
  }
  return key;
}

absl::Status Named(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::Status CheckMode(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return absl::ErrnoToStatus(errno, path);
  if ((facts.st_mode & 077) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path, ": others than its owner can use this private key; chmod 600 it"));
}

}  // namespace

std::string KeyId(const Ed25519PublicKey& key) {
  return ToBase64Url(ToBytes(Sha256Of(ToBytes(key.bytes))));
}

bool Verify(const Ed25519PublicKey& key, absl::string_view message,
            const Ed25519Signature& signature) {
  const Key public_key = PublicKey(key);
  const Context context(EVP_MD_CTX_new());
  Require(context != nullptr &&
          EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                               public_key.get()) == 1);
  const bool holds =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                       Bytes(message), message.size()) == 1;
  ERR_clear_error();
  return holds;
}

Ed25519PrivateKey Ed25519PrivateKey::Generate() {
  std::array<uint8_t, 32> seed;
  Require(RAND_priv_bytes(seed.data(), seed.size()) == 1);
  Ed25519PrivateKey key(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return key;
}

Ed25519PrivateKey::Ed25519PrivateKey(const std::array<uint8_t, 32>& seed)
    : seed_(seed) {
  size_t bytes = public_key_.bytes.size();
  Require(EVP_PKEY_get_raw_public_key(PrivateKey(seed).get(),
                                      public_key_.bytes.data(), &bytes) == 1);
}

Ed25519PrivateKey::~Ed25519PrivateKey() {
  OPENSSL_cleanse(seed_.data(), seed_.size());
}

Ed25519Signature Ed25519PrivateKey::Sign(absl::string_view message) const {
  const Key key = PrivateKey(seed_);
  const Context context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  size_t bytes = signature.size();
  Require(context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                             key.get()) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &bytes,
                         Bytes(message), message.size()) == 1);
  return signature;
}

absl::StatusOr<Ed25519PrivateKey> Ed25519PrivateKey::FromPem(
    absl::string_view pem) {
  ASSIGN_OR_RETURN(const Key key,
                   ReadPem(pem, "private key", PEM_read_bio_PrivateKey));
  std::array<uint8_t, 32> seed;
  size_t bytes = seed.size();
  Require(EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &bytes) == 1);
  Ed25519PrivateKey made(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return made;
}

std::string Ed25519PrivateKey::ToPem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  Require(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(
                                bio.get(), PrivateKey(seed_).get(), nullptr,
                                nullptr, 0, nullptr, nullptr) == 1);
  return Written(bio);
}

absl::StatusOr<Ed25519PublicKey> PublicKeyFromPem(absl::string_view pem) {
  ASSIGN_OR_RETURN(const Key key,
                   ReadPem(pem, "public key", PEM_read_bio_PUBKEY));
  Ed25519PublicKey made;
  size_t bytes = made.bytes.size();
  Require(EVP_PKEY_get_raw_public_key(key.get(), made.bytes.data(), &bytes) ==
          1);
  return made;
}

std::string ToPem(const Ed25519PublicKey& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Require(bio != nullptr &&
          PEM_write_bio_PUBKEY(bio.get(), PublicKey(key).get()) == 1);
  return Written(bio);
}

absl::StatusOr<Ed25519PrivateKey> ReadPrivateKey(const std::string& path) {
  RETURN_IF_ERROR(CheckMode(path));
  ASSIGN_OR_RETURN(std::string pem, ReadSmallFile(path, kMaxPemBytes));
  auto key = Ed25519PrivateKey::FromPem(pem);
  OPENSSL_cleanse(pem.data(), pem.size());
  if (!key.ok()) return Named(path, key.status());
  return key;
}

absl::Status WritePrivateKey(const std::string& path,
                             const Ed25519PrivateKey& key) {
  return WriteSmallFile(path, key.ToPem(), 0600);
}

absl::StatusOr<Ed25519PublicKey> ReadPublicKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadSmallFile(path, kMaxPemBytes));
  auto key = PublicKeyFromPem(pem);
  if (!key.ok()) return Named(path, key.status());
  return key;
}

absl::Status WritePublicKey(const std::string& path,
                            const Ed25519PublicKey& key) {
  return WriteSmallFile(path, ToPem(key));
}

}  // namespace lenscap
