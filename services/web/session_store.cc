#include "services/web/session_store.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

#include "base/base64url.h"

namespace lenscap {

std::string NewWebSecret() {
  std::string bytes(32, '\0');
  // Without randomness nothing here is safe.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size())) != 1) {
    std::abort();
  }
  return ToBase64Url(bytes);
}

bool SameSecret(absl::string_view one, absl::string_view other) {
  return !one.empty() && one.size() == other.size() &&
         CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool SessionStore::Ended(const Kept& kept, absl::Time now) const {
  return now >= kept.opened + options_.longest ||
         now >= kept.used + options_.idle;
}

std::string SessionStore::Open(absl::string_view token) {
  const absl::Time now = options_.clock->Now();
  std::string id = NewWebSecret();
  std::lock_guard lock(mutex_);
  MakeRoomLocked(token, now);
  sessions_.emplace(Sha256Of(id), Kept{.session = {.token = std::string(token),
                                                   .csrf = NewWebSecret()},
                                       .opened = now,
                                       .used = now});
  return id;
}

void SessionStore::MakeRoomLocked(absl::string_view token, absl::Time now) {
  std::erase_if(sessions_,
                [&](const auto& entry) { return Ended(entry.second, now); });
  const auto of_token = [token](const Sessions::value_type& entry) {
    return entry.second.session.token == token;
  };
  const auto older = [](const Sessions::value_type& one,
                        const Sessions::value_type& other) {
    return one.second.used < other.second.used;
  };
  const auto count =
      std::count_if(sessions_.begin(), sessions_.end(), of_token);
  if (static_cast<size_t>(count) >= options_.per_token) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [&](const auto& one, const auto& other) {
                                       if (of_token(one) != of_token(other))
                                         return of_token(one);
                                       return older(one, other);
                                     }));
  } else if (sessions_.size() >= options_.sessions) {
    sessions_.erase(
        std::min_element(sessions_.begin(), sessions_.end(), older));
  }
}

std::optional<SessionStore::Session> SessionStore::Use(absl::string_view id) {
  const absl::Time now = options_.clock->Now();
  const Sha256 key = Sha256Of(id);
  std::lock_guard lock(mutex_);
  const auto it = sessions_.find(key);
  if (it == sessions_.end()) return std::nullopt;
  if (Ended(it->second, now)) {
    sessions_.erase(it);
    return std::nullopt;
  }
  it->second.used = std::max(it->second.used, now);
  return it->second.session;
}

void SessionStore::Close(absl::string_view id) {
  const Sha256 key = Sha256Of(id);
  std::lock_guard lock(mutex_);
  sessions_.erase(key);
}

size_t SessionStore::size() const {
  std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace lenscap
