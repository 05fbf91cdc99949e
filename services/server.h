#ifndef LENSCAP_SERVICES_SERVER_H_
#define LENSCAP_SERVICES_SERVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "media/video_reader.h"
#include "models/cue_scorer.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/review_policy.pb.h"
#include "services/caller.h"
#include "services/tenants.h"
#include "services/transport.h"

namespace grpc {
class Channel;
}

namespace lenscap {

class Metrics;

// Which services a process offers.
enum class Role { kScan, kLists, kReview, kListings };

struct ServerOptions {
  // Holds everything that must last; made if absent. One process at a time.
  std::string data_directory;
  // "host:port", port 0 for any; empty for no port at all: the server is then
  // reached by InProcessChannel alone.
  std::string listen_address;
  // Without it the port speaks in plain text.
  std::optional<TlsOptions> tls;
  // Callers on the port must sign in, by token or certificate; always so with
  // TLS. Otherwise whoever reaches the port and has no token is the machine's
  // own user, who may do everything.
  bool require_sign_in = false;
  std::set<Role> roles = {Role::kScan, Role::kLists, Role::kReview,
                          Role::kListings};
  // Without a version: the one built in (services/default_policy.h).
  v1::Policy policy;
  // How cases are reviewed, with every figure in it (takedown/review_policy.h).
  // Without a version: the one built in (services/default_review_policy.h).
  v1::ReviewPolicy review_policy;
  // Null: reports come without cues, for the reason `cues_unavailable`.
  std::shared_ptr<const CueScorer> cues;
  std::string cues_unavailable = "no cue model was opened";
  // A second model, reported for comparison and never acted on; may be null.
  std::shared_ptr<const CueScorer> shadow_cues;
  // Scans at a time; 0 means one per core.
  int scan_workers = 0;
  // A scan, from its first byte or from a worker's start on it to its end.
  absl::Duration scan_deadline = absl::Minutes(30);
  // A submitted scan that was cut short by so many crashes is given up.
  int scan_attempts = 3;
  // Uploads that may be open at a time; more are refused.
  int max_uploads = 256;
  // What each tenant may use, beside the bounds for all.
  TenantLimits tenant_limits;
  // Tenants told apart at a time; new names beyond share one account.
  int max_tenants = 10'000;
  // Submitted scans that may wait; more are refused. 0 is without a bound.
  int max_waiting_scans = 100'000;
  // Bytes of the files that are received, wait or are scanned; more are
  // refused. 0 is without a bound.
  int64_t max_spool_bytes = int64_t{256} << 30;
  MediaLimits limits;
  // How files are decoded: in this process by default, which a server that
  // strangers upload to must not do (media/decoder_pool.h).
  OpenVideo open_video = VideoReader::Open;
  // Where "file:" URIs may point; empty refuses all.
  std::vector<std::string> media_roots;
  // A list is put into shadow where its new entries would match more than this
  // share of the latest uploads in which nothing was found; of so many at most.
  double flood_share = 0.01;
  int flood_uploads = 2'000;
  // Of the file of a signed list.
  int64_t max_list_bytes = int64_t{16} << 30;
  // How long finished scans can be asked for, and decided cases are kept.
  absl::Duration keep_scans = absl::Hours(24 * 7);
  absl::Duration keep_cases = absl::Hours(24 * 365 * 3);
  // By when a person who reports that something shows them has an answer.
  absl::Duration answer_reports_within = absl::Hours(48);
  // How long the fingerprints of scanned uploads are kept, to find clips that
  // are published later, and of how many uploads at most. 0 keeps none, and
  // forgets those that were kept.
  absl::Duration keep_fingerprints = absl::Hours(24 * 30);
  int64_t max_kept_uploads = 1'000'000;
  // The packs of rules that listings are reviewed by until others are
  // published, in YAML. Absent: those built in (listings/starter_packs.h).
  std::optional<std::vector<std::string>> rule_packs;
  // How long the hashes of listings' photos are kept after the last review, and
  // of how many photos at most.
  absl::Duration keep_photos = absl::Hours(24 * 180);
  int64_t max_kept_photos = 1'000'000;
  // Authorities in PEM that receivers of webhooks are verified by; "" for the
  // system's.
  std::string webhook_ca;
  // Counts into it, where it is given (services/metrics.h).
  std::shared_ptr<Metrics> metrics;
  const Clock* clock = Clock::Real();  // Must outlive the server.
};

// How many scans a server with these options runs at a time.
int ScanWorkers(const ServerOptions& options);

// Every service over one data directory: the clip index, the takedown queue,
// the scans that were accepted and the workers that do them. Thread-safe.
class Server {
 public:
  // Opens the directory, takes up the scans that an earlier process accepted,
  // and serves. FAILED_PRECONDITION where the directory is in use or the
  // address cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);
  virtual ~Server() = default;  // Shuts down first, without grace.

  // The port listened on; 0 if none.
  virtual int port() const = 0;
  // A new channel that reaches the services without a port, over a pair of
  // sockets within this process. Null where the system has no more of them.
  virtual std::shared_ptr<grpc::Channel> InProcessChannel() = 0;

  // Whether the holder of a token ("" for none) may read a route over HTTP,
  // such as kMetricsRoute. UNAUTHENTICATED and PERMISSION_DENIED as for a call.
  virtual absl::StatusOr<Caller> AuthorizeRoute(
      absl::string_view route, absl::string_view token) const = 0;

  // Takes no new work, gives running work until `grace` has passed, then puts
  // the rest back for the next start. Returns when everything has stopped.
  virtual void Shutdown(absl::Duration grace) = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SERVER_H_
