#include "base/aead.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <memory>

#include "absl/status/status.h"

namespace lenscap {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr int kTagBytes = 16;
static_assert(kNonceBytes + kTagBytes == AeadKey::kOverheadBytes);

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

// OpenSSL fails here only when it is out of memory or was built without the
// algorithm.
void Insist(bool ok) {
  if (!ok) std::abort();
}

const uint8_t* BytesOf(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace

AeadKey AeadKey::Generate() {
  std::array<uint8_t, kKeyBytes> bytes;
  Insist(RAND_priv_bytes(bytes.data(), bytes.size()) == 1);
  const AeadKey key(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

AeadKey::~AeadKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::string AeadKey::Seal(absl::string_view text,
                          absl::string_view context) const {
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  auto* const nonce = reinterpret_cast<uint8_t*>(sealed.data());
  uint8_t* const body = nonce + kNonceBytes;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  Insist(cipher != nullptr && RAND_bytes(nonce, kNonceBytes) == 1 &&
         EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                            bytes_.data(), nonce) == 1 &&
         EVP_EncryptUpdate(cipher.get(), nullptr, &written, BytesOf(context),
                           static_cast<int>(context.size())) == 1 &&
         EVP_EncryptUpdate(cipher.get(), body, &written, BytesOf(text),
                           static_cast<int>(text.size())) == 1 &&
         EVP_EncryptFinal_ex(cipher.get(), body + written, &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                             body + text.size()) == 1);
  return sealed;
}

absl::StatusOr<std::string> AeadKey::Open(absl::string_view sealed,
                                          absl::string_view context) const {
  if (sealed.size() < kOverheadBytes) {
    return absl::DataLossError("a sealed text is cut short");
  }
  const absl::string_view nonce = sealed.substr(0, kNonceBytes);
  const absl::string_view body =
      sealed.substr(kNonceBytes, sealed.size() - kOverheadBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string text(body.size(), '\0');
  auto* const out = reinterpret_cast<uint8_t*>(text.data());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  Insist(cipher != nullptr &&
         EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                            bytes_.data(), BytesOf(nonce)) == 1 &&
         EVP_DecryptUpdate(cipher.get(), nullptr, &written, BytesOf(context),
                           static_cast<int>(context.size())) == 1 &&
         EVP_DecryptUpdate(cipher.get(), out, &written, BytesOf(body),
                           static_cast<int>(body.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes,
                             tag.data()) == 1);
  const bool whole =
      EVP_DecryptFinal_ex(cipher.get(), out + written, &written) == 1;
  ERR_clear_error();
  if (whole) return text;
  OPENSSL_cleanse(text.data(), text.size());
  return absl::DataLossError(
      "a sealed text was changed, or is of another key or place");
}

}  // namespace lenscap
