#ifndef LENSCAP_SERVICES_WEB_SESSION_STORE_H_
#define LENSCAP_SERVICES_WEB_SESSION_STORE_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/digest.h"

namespace lenscap {

// 256 random bits in base64url.
std::string NewWebSecret();

// Equal or not, in a time that says nothing of where they differ.
bool SameSecret(absl::string_view one, absl::string_view other);

// Who has signed in with a browser, in memory alone: a restart ends every
// session. Of a session's id it has the SHA-256. A session says whose token it
// rides on and decides nothing: that is done with the token, at each call.
// Thread-safe.
class SessionStore {
 public:
  struct Options {
    absl::Duration longest = absl::Hours(12);  // However busy it is.
    absl::Duration idle = absl::Minutes(60);   // Without a call.
    size_t per_token = 8;                      // The oldest ends for a new one.
    size_t sessions = 10'000;                  // The same, of all.
    const Clock* clock = Clock::Real();        // Must outlive this.
  };
  struct Session {
    std::string token;
    std::string csrf;  // What requests that change something have to bring.
  };

  explicit SessionStore(Options options) : options_(options) {}

  // The secret id of a new session.
  std::string Open(absl::string_view token);
  // Marks it as used now; none for one that has ended or never was.
  std::optional<Session> Use(absl::string_view id);
  void Close(absl::string_view id);
  size_t size() const;

 private:
  struct Kept {
    Session session;
    absl::Time opened;
    absl::Time used;
  };
  using Sessions = std::map<Sha256, Kept>;

  bool Ended(const Kept& kept, absl::Time now) const;
  void MakeRoomLocked(absl::string_view token, absl::Time now);

  const Options options_;
  mutable std::mutex mutex_;
  Sessions sessions_;  // By the SHA-256 of the id; guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_SESSION_STORE_H_
