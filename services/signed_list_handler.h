#ifndef LENSCAP_SERVICES_SIGNED_LIST_HANDLER_H_
#define LENSCAP_SERVICES_SIGNED_LIST_HANDLER_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "lists/issuer_store.h"
#include "lists/list_archive.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "services/admission.h"
#include "services/auditor.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/flood_check.h"
#include "services/retro_match.h"
#include "services/spool.h"
#include "services/upload_parts.h"

namespace lenscap {

// What signed lists are taken in with; all must outlive it.
struct SignedListRooms {
  KnownClips* clips = nullptr;
  const Spool* spool = nullptr;
  Admission* admission = nullptr;
  const ListArchive* archive = nullptr;
  const IssuerStore* issuers = nullptr;
  const UploadStore* uploads = nullptr;  // Null: no flood is looked for.
  FloodOptions flood = {};
  RetroMatch* retro = nullptr;  // May be null.
  Auditor* auditor = nullptr;
  int64_t max_bytes = int64_t{16} << 30;  // Of a list's file.
  const Clock* clock = Clock::Real();
  // From the check of a version against the head until it is applied.
  std::mutex* applying = nullptr;
};

using SignedProgress = std::function<void(const v1::PublishSignedProgress&)>;

// One PublishSigned call. Blocks on the disk; not thread-safe. See
// hash_list.proto for what it promises.
class SignedListUpload {
 public:
  SignedListUpload(const SignedListRooms* rooms, Caller caller)
      : rooms_(rooms), caller_(std::move(caller)) {}

  absl::Status Take(const v1::PublishSignedRequest& request);
  int64_t bytes_received() const { return parts_.bytes(); }
  // Once the stream has ended.
  absl::StatusOr<v1::PublishSignedReply> Publish(
      const SignedProgress& progress, const Cancellation& cancellation);

 private:
  absl::StatusOr<std::optional<Upload>> Begin(
      const v1::PublishSignedHeader& header);

  const SignedListRooms* const rooms_;
  const Caller caller_;
  Admission::Ticket ticket_;
  UploadParts<v1::PublishSignedRequest> parts_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SIGNED_LIST_HANDLER_H_
