#include "services/cli/listing_client.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/lenscap/v1/listing.grpc.pb.h"

namespace lenscap::cli {
namespace {

using NextListing =
    std::function<absl::StatusOr<std::optional<PreparedListing>>()>;
using Stream =
    grpc::ClientReaderWriter<v1::ReviewListingRequest, v1::ReviewResult>;

// What is kept of a listing until it is answered.
struct UnderWay {
  int64_t line = 0;
  std::string listing_id;
  absl::Status status;  // Why it was not sent.
  PhotoNames photos;
  size_t bytes = 0;
};

// Between the thread that sends and the one that hears the answers.
class Window {
 public:
  // Waits for room; false once the run is over.
  bool Add(UnderWay listing) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return stopped_ || listings_.empty() ||
             (listings_.size() < kMaxListingsUnderWay &&
              bytes_ + listing.bytes <= kMaxBytesUnderWay);
    });
    if (stopped_) return false;
    bytes_ += listing.bytes;
    listings_.push_back(std::move(listing));
    changed_.notify_all();
    return true;
  }
  void End() {
    std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  void Stop() {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  // The first that is not answered, which stays; waits for one. Null at the
  // end.
  const UnderWay* First() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !listings_.empty(); });
    return listings_.empty() ? nullptr : &listings_.front();
  }
  UnderWay TakeFirst() {
    std::lock_guard lock(mutex_);
    UnderWay first = std::move(listings_.front());
    listings_.pop_front();
    bytes_ -= first.bytes;
    changed_.notify_all();
    return first;
  }
  // Once nothing is added any more.
  int64_t CountSent() const {
    int64_t sent = 0;
    for (const UnderWay& listing : listings_) sent += listing.status.ok();
    return sent;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  // References to what is in it stay good while more is added.
  std::deque<UnderWay> listings_;
  size_t bytes_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
};

// An error is the input's. That the server hung up is for its answer to say.
absl::Status SendListings(const NextListing& next, Window& window,
                          Stream& stream) {
  while (true) {
    absl::StatusOr<std::optional<PreparedListing>> listing = next();
    if (!listing.ok()) return listing.status();
    if (!*listing) return absl::OkStatus();
    const v1::ReviewListingRequest request = std::move((*listing)->request);
    UnderWay kept;
    kept.line = (*listing)->line;
    kept.listing_id = request.listing_id();
    kept.status = (*listing)->status;
    kept.photos = std::move((*listing)->photos);
    kept.bytes = request.ByteSizeLong();
    const bool send = kept.status.ok();
    if (!window.Add(std::move(kept))) return absl::OkStatus();
    if (send && !stream.Write(request)) return absl::OkStatus();
  }
}

v1::ReviewResult NotSent(const UnderWay& listing) {
  v1::ReviewResult result;
  result.set_listing_id(listing.listing_id);
  result.mutable_error()->set_code(static_cast<int>(listing.status.code()));
  result.mutable_error()->set_message(std::string(listing.status.message()));
  return result;
}

// Until the end, or a failure that is noted in `outcome`.
void HearAnswers(const std::function<absl::Status(ReviewedListing)>& done,
                 Window& window, Stream& stream, ReviewOutcome& outcome) {
  v1::ReviewResult result;
  while (const UnderWay* first = window.First()) {
    if (!first->status.ok()) {
      result = NotSent(*first);
    } else if (!stream.Read(&result)) {
      return;
    } else if (result.listing_id() != first->listing_id) {
      outcome.server = absl::InternalError(absl::StrCat(
          "the server answers for listing \"", result.listing_id(),
          "\" where it was asked about \"", first->listing_id, "\""));
      return;
    }
    UnderWay answered = window.TakeFirst();
    outcome.output =
        done({answered.line, std::move(result), std::move(answered.photos)});
    if (!outcome.output.ok()) return;
  }
  if (stream.Read(&result)) {
    outcome.server =
        absl::InternalError("the server answers more than it was asked");
  }
}

}  // namespace

ReviewOutcome ReviewListings(
    const Connection& connection, const NextListing& next,
    const std::function<absl::Status(ReviewedListing)>& done) {
  const auto stub = v1::ListingService::NewStub(connection.channel());
  grpc::ClientContext context;
  const auto stream = stub->ReviewStream(&context);
  Window window;
  ReviewOutcome outcome;
  std::thread sender([&] {
    outcome.input = SendListings(next, window, *stream);
    stream->WritesDone();
    window.End();
  });
  HearAnswers(done, window, *stream, outcome);
  window.Stop();
  // Of a stream that ended well it changes nothing.
  const bool given_up = !outcome.server.ok() || !outcome.output.ok();
  if (given_up) context.TryCancel();
  sender.join();
  const grpc::Status status = stream->Finish();
  outcome.unanswered = window.CountSent();
  if (given_up) return outcome;
  outcome.server = connection.ToStatus(status);
  if (outcome.server.ok() && outcome.unanswered > 0) {
    outcome.server = absl::InternalError(
        "the server ended the review before it had answered");
  }
  return outcome;
}

}  // namespace lenscap::cli
