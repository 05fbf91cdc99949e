#include "services/token_store.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "services/token_record.pb.h"

namespace lenscap {
namespace {

constexpr size_t kMaxTokens = 10'000;
constexpr size_t kMaxFileBytes = 64 << 20;
constexpr absl::Duration kRemembered = absl::Hours(24 * 90);

template <size_t n>
absl::StatusOr<std::string> RandomBytes() {
  std::array<uint8_t, n> bytes;
  if (RAND_bytes(bytes.data(), n) != 1) {
    return absl::InternalError("no random numbers can be had");
  }
  return ToBytes(bytes);
}

services::TokenRecord ToRecord(const TokenStore::Token& token,
                               const Sha256& secret) {
  services::TokenRecord record;
  record.set_token_id(token.id);
  record.set_secret_sha256(ToBytes(secret));
  record.set_role(static_cast<int>(token.caller.role));
  record.set_name(token.caller.name);
  record.set_issuer(token.caller.issuer);
  record.set_tenant(token.caller.tenant);
  record.set_platform_class(token.caller.platform_class);
  const Caller& caller = token.caller;
  record.mutable_skills()->Assign(caller.skills.begin(), caller.skills.end());
  record.mutable_languages()->Assign(caller.languages.begin(),
                                     caller.languages.end());
  record.mutable_tenants()->Assign(caller.tenants.begin(),
                                   caller.tenants.end());
  record.set_created_ns(absl::ToUnixNanos(token.created));
  record.set_expires_ns(absl::ToUnixNanos(token.expires));
  if (token.revoked) record.set_revoked_ns(absl::ToUnixNanos(*token.revoked));
  return record;
}

TokenStore::Token FromRecord(const services::TokenRecord& record) {
  TokenStore::Token token = {
      .id = record.token_id(),
      .caller = {.name = record.name(),
                 .role = static_cast<CallerRole>(record.role()),
                 .issuer = record.issuer(),
                 .tenant = record.tenant(),
                 .platform_class = record.platform_class(),
                 .local = false,
                 .skills = {record.skills().begin(), record.skills().end()},
                 .languages = {record.languages().begin(),
                               record.languages().end()},
                 .tenants = {record.tenants().begin(), record.tenants().end()}},
      .created = absl::FromUnixNanos(record.created_ns()),
      .expires = absl::FromUnixNanos(record.expires_ns()),
      .revoked = std::nullopt};
  if (record.revoked_ns() != 0) {
    token.revoked = absl::FromUnixNanos(record.revoked_ns());
  }
  return token;
}

// When it stopped, or will stop, to count.
absl::Time EndOf(const TokenStore::Token& token) {
  return token.revoked ? std::min(*token.revoked, token.expires)
                       : token.expires;
}

}  // namespace

std::string TokenStore::Path() const {
  return absl::StrCat(options_.directory, "/tokens");
}

absl::StatusOr<std::unique_ptr<TokenStore>> TokenStore::Open(Options options) {
  std::error_code error;
  if (std::filesystem::create_directories(options.directory, error)) {
    std::filesystem::permissions(options.directory,
                                 std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return absl::ErrnoToStatus(error.value(), options.directory);
  }
  std::unique_ptr<TokenStore> store(new TokenStore(std::move(options)));
  RETURN_IF_ERROR(store->Load());
  return store;
}

absl::Status TokenStore::Load() {
  const absl::StatusOr<std::string> bytes =
      ReadSmallFile(Path(), kMaxFileBytes);
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  RETURN_IF_ERROR(bytes.status());
  services::TokenFile file;
  bool good = file.ParseFromString(*bytes);
  for (const services::TokenRecord& record : file.tokens()) {
    Kept kept = {FromRecord(record), {}};
    good = good && record.secret_sha256().size() == kept.secret.size() &&
           CheckCaller(kept.token.caller).ok();
    if (!good) break;
    std::copy_n(record.secret_sha256().begin(), kept.secret.size(),
                kept.secret.begin());
    tokens_.push_back(std::move(kept));
  }
  if (good) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(Path(),
                   ": damaged; without it no token is known, and new ones are "
                   "needed"));
}

// With writing_ held.
absl::Status TokenStore::Replace(std::vector<Kept> tokens) {
  services::TokenFile file;
  for (const Kept& kept : tokens) {
    *file.add_tokens() = ToRecord(kept.token, kept.secret);
  }
  RETURN_IF_ERROR(WriteSmallFile(Path(), file.SerializeAsString(), 0600));
  std::lock_guard lock(mutex_);
  tokens_ = std::move(tokens);
  return absl::OkStatus();
}

absl::StatusOr<TokenStore::Created> TokenStore::Create(
    const Caller& caller, absl::Duration valid_for) {
  RETURN_IF_ERROR(CheckCaller(caller));
  ASSIGN_OR_RETURN(const std::string secret, RandomBytes<32>());
  ASSIGN_OR_RETURN(const std::string id, RandomBytes<8>());
  const absl::Time now = options_.clock->Now();
  Created created = {
      .token = {.id = absl::StrCat("token-", absl::BytesToHexString(id)),
                .caller = caller,
                .created = now,
                .expires = now + valid_for,
                .revoked = std::nullopt},
      .secret = absl::StrCat("lc_", absl::WebSafeBase64Escape(secret))};
  std::lock_guard writing(writing_);
  std::vector<Kept> tokens = tokens_;
  std::erase_if(tokens, [now](const Kept& kept) {
    return EndOf(kept.token) < now - kRemembered;
  });
  if (tokens.size() >= kMaxTokens) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", kMaxTokens, " tokens, as many as may be"));
  }
  tokens.push_back({created.token, Sha256Of(created.secret)});
  RETURN_IF_ERROR(Replace(std::move(tokens)));
  return created;
}

absl::StatusOr<TokenStore::Token> TokenStore::Revoke(absl::string_view id) {
  std::lock_guard writing(writing_);
  std::vector<Kept> tokens = tokens_;
  for (Kept& kept : tokens) {
    if (kept.token.id != id) continue;
    if (kept.token.revoked) return kept.token;
    kept.token.revoked = options_.clock->Now();
    const Token revoked = kept.token;
    RETURN_IF_ERROR(Replace(std::move(tokens)));
    return revoked;
  }
  return absl::NotFoundError("token_id: there is no such token");
}

std::vector<TokenStore::Token> TokenStore::List() const {
  std::lock_guard lock(mutex_);
  std::vector<Token> listed;
  for (const Kept& kept : tokens_) listed.push_back(kept.token);
  return listed;
}

absl::StatusOr<Caller> TokenStore::Find(absl::string_view secret) const {
  const Sha256 hash = Sha256Of(secret);
  const absl::Time now = options_.clock->Now();
  std::lock_guard lock(mutex_);
  const Kept* found = nullptr;
  for (const Kept& kept : tokens_) {  // All of them, whichever it is.
    if (CRYPTO_memcmp(kept.secret.data(), hash.data(), hash.size()) == 0) {
      found = &kept;
    }
  }
  if (found != nullptr && now < EndOf(found->token)) {
    return found->token.caller;
  }
  return absl::UnauthenticatedError(
      "the token is unknown, has expired or was revoked");
}

}  // namespace lenscap
