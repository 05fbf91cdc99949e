#include "base/digest.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <cstdlib>

namespace lenscap {
namespace {

struct EvpDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using EvpContext = std::unique_ptr<EVP_MD_CTX, EvpDeleter>;

// OpenSSL fails here only when it is out of memory or was built without the
// algorithm; there is no going on without digests.
void Require(bool ok) {
  if (!ok) std::abort();
}

EvpContext Start(const EVP_MD* algorithm) {
  EvpContext context(EVP_MD_CTX_new());
  Require(context != nullptr &&
          EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1);
  return context;
}

template <typename Digest>
Digest FinishCopy(const EvpContext& context) {
  EvpContext copy(EVP_MD_CTX_new());
  Require(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context.get()));
  Digest digest;
  Require(EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace

struct Digester::State {
  EvpContext sha256 = Start(EVP_sha256());
  EvpContext md5 = Start(EVP_md5());
  EvpContext sha1 = Start(EVP_sha1());
};

Digester::Digester() : state_(std::make_unique<State>()) {}
Digester::~Digester() = default;
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;

void Digester::Update(absl::string_view bytes) {
  Require(EVP_DigestUpdate(state_->sha256.get(), bytes.data(), bytes.size()));
  Require(EVP_DigestUpdate(state_->md5.get(), bytes.data(), bytes.size()));
  Require(EVP_DigestUpdate(state_->sha1.get(), bytes.data(), bytes.size()));
}

FileDigests Digester::Finish() const {
  return {.sha256 = FinishCopy<Sha256>(state_->sha256),
          .md5 = FinishCopy<Md5>(state_->md5),
          .sha1 = FinishCopy<Sha1>(state_->sha1)};
}

Sha256 Sha256Of(absl::string_view bytes) {
  Sha256 digest;
  Require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr,
                     EVP_sha256(), nullptr) == 1);
  return digest;
}

uint32_t Crc32(absl::string_view bytes) {
  return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

}  // namespace lenscap
