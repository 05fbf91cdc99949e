#ifndef LENSCAP_SERVICES_TOKEN_STORE_H_
#define LENSCAP_SERVICES_TOKEN_STORE_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/digest.h"
#include "services/caller.h"

namespace lenscap {

// The tokens by which callers sign in: one file (services/token_record.proto),
// readable for this user alone, replaced as a whole and synced before a call
// returns. Of a secret, 256 random bits, it has the SHA-256 alone: nobody can
// guess so many bits, so a slow hash would protect nothing. Thread-safe; one
// process at a time.
class TokenStore {
 public:
  struct Options {
    std::string directory;               // Made if absent.
    const Clock* clock = Clock::Real();  // Must outlive this.
  };

  struct Token {
    std::string id;  // No secret.
    Caller caller;
    absl::Time created;
    absl::Time expires;
    std::optional<absl::Time> revoked;
  };
  struct Created {
    Token token;
    std::string secret;
  };

  // DATA_LOSS where the file is damaged.
  static absl::StatusOr<std::unique_ptr<TokenStore>> Open(Options options);

  // INVALID_ARGUMENT for a caller that cannot be (CheckCaller),
  // RESOURCE_EXHAUSTED where there are 10,000 tokens. Forgets tokens that
  // ended more than 90 days ago.
  absl::StatusOr<Created> Create(const Caller& caller,
                                 absl::Duration valid_for);

  // NOT_FOUND for an unknown token; one that was revoked stays as it is.
  absl::StatusOr<Token> Revoke(absl::string_view id);

  // Oldest first.
  std::vector<Token> List() const;

  // Whose secret it is. The same UNAUTHENTICATED for one that is unknown,
  // expired or revoked; how long it takes says nothing about the secrets.
  absl::StatusOr<Caller> Find(absl::string_view secret) const;

 private:
  struct Kept {
    Token token;
    Sha256 secret;
  };

  explicit TokenStore(Options options) : options_(std::move(options)) {}
  std::string Path() const;
  absl::Status Load();
  absl::Status Replace(std::vector<Kept> tokens);

  const Options options_;
  std::mutex writing_;  // Held from reading tokens_ until they are replaced.
  mutable std::mutex mutex_;
  std::vector<Kept> tokens_;  // Guarded by mutex_; changed with writing_ too.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TOKEN_STORE_H_
