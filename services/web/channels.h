#ifndef LENSCAP_SERVICES_WEB_CHANNELS_H_
#define LENSCAP_SERVICES_WEB_CHANNELS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"

namespace lenscap {

// The connections over which calls are passed on, in turn: each carries a
// bounded number of calls at a time, and none comes back once it broke.
// Thread-safe.
class Channels {
 public:
  using Make = std::function<std::shared_ptr<grpc::Channel>()>;

  // `make` may return null where there is none to be had.
  Channels(size_t count, Make make) : make_(std::move(make)), open_(count) {}

  std::shared_ptr<grpc::Channel> Next() {
    std::lock_guard lock(mutex_);
    auto& channel = open_[turn_++ % open_.size()];
    if (channel == nullptr) channel = make_();
    return channel;
  }
  // A call over it found nobody at the other end: it is not used again.
  void Drop(const std::shared_ptr<grpc::Channel>& broken) {
    std::lock_guard lock(mutex_);
    for (auto& channel : open_) {
      if (channel == broken) channel = nullptr;
    }
  }

 private:
  const Make make_;
  std::mutex mutex_;
  size_t turn_ = 0;                                   // Guarded by mutex_.
  std::vector<std::shared_ptr<grpc::Channel>> open_;  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_CHANNELS_H_
