#include "media/decoder_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "media/byte_source.h"
#include "media/decoder_protocol.h"
#include "media/ffmpeg_log.h"
#include "media/jail.h"
#include "media/video_reader.h"

namespace lenscap {
namespace {

constexpr std::chrono::milliseconds kAliveInterval(500);

template <size_t size>
void Copy(absl::string_view text, char (&to)[size]) {
  const size_t length = std::min(text.size(), size - 1);
  std::memcpy(to, text.data(), length);
  to[length] = 0;
}

FactsRecord ToRecord(const MediaFacts& facts) {
  FactsRecord record = {};
  Copy(facts.container, record.container);
  Copy(facts.codec, record.codec);
  record.width = facts.width;
  record.height = facts.height;
  record.has_declared_duration = facts.declared_duration.has_value();
  record.declared_duration = absl::ToInt64Nanoseconds(
      facts.declared_duration.value_or(absl::ZeroDuration()));
  record.decoded_duration = absl::ToInt64Nanoseconds(facts.decoded_duration);
  record.frames_decoded = facts.frames_decoded;
  record.frames_sampled = facts.frames_sampled;
  record.bytes = facts.bytes;
  record.truncated = facts.truncated;
  record.kept_bytes = facts.kept_bytes;
  return record;
}

ReaderOptions OptionsOf(const DecoderRequest& request) {
  ReaderOptions options;
  options.sampling = static_cast<Sampling>(request.sampling);
  options.sample_interval = absl::Nanoseconds(request.sample_interval);
  options.max_gap = absl::Nanoseconds(request.max_gap);
  options.limits.max_bytes = request.max_bytes;
  options.limits.max_pixels = request.max_pixels;
  options.limits.max_duration = absl::Nanoseconds(request.max_duration);
  options.limits.probe_bytes = request.probe_bytes;
  options.limits.max_streams = request.max_streams;
  return options;
}

// Leaves at once where the server is gone: there is nothing to tidy up.
class Worker {
 public:
  int Run() {
    // The server says when to stop, not whoever stops the server.
    for (int number : {SIGTERM, SIGINT, SIGHUP}) signal(number, SIG_IGN);
    // Whatever else the server had open.
    close_range(kDecoderMemory + 1, ~0U, 0);
    Enter(Receive());
    while (true) {
      const DecoderRequest request = Receive();
      switch (request.kind) {
        case DecoderRequest::kOpen:
          Open(request);
          break;
        case DecoderRequest::kNext:
          Next(request);
          break;
        case DecoderRequest::kAgain:
          Again(request);
          break;
        case DecoderRequest::kClose:
          reader_ = nullptr;
          break;
        default:
          return EXIT_FAILURE;
      }
    }
  }

 private:
  DecoderRequest Receive() {
    DecoderRequest request;
    int descriptor;
    if (ReceiveRecord(kDecoderSocket, &request, sizeof(request), &descriptor) !=
        Received::kRecord) {
      _exit(EXIT_SUCCESS);
    }
    if (descriptor >= 0) file_ = descriptor;
    return request;
  }

  void Send(DecoderReply& reply) {
    if (reader_ != nullptr) reply.facts = ToRecord(reader_->facts());
    if (!SendRecord(kDecoderSocket, &reply, sizeof(reply))) {
      _exit(EXIT_SUCCESS);
    }
    last_sent_ = std::chrono::steady_clock::now();
  }
  void Send(DecoderReply::Kind kind) {
    DecoderReply reply = {};
    reply.kind = kind;
    Send(reply);
  }
  void Fail(const absl::Status& status) {
    DecoderReply reply = {};
    reply.kind = DecoderReply::kFailed;
    reply.code = static_cast<int32_t>(status.code());
    Copy(status.message(), reply.text);
    Send(reply);
  }
  void SendAlive() {
    if (std::chrono::steady_clock::now() - last_sent_ >= kAliveInterval) {
      Send(DecoderReply::kAlive);
    }
  }

  void Enter(const DecoderRequest& request) {
    slots_ = request.slots;
    slot_bytes_ = request.slot_bytes;
    void* const memory =
        mmap(nullptr, slots_ * slot_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED,
             kDecoderMemory, 0);
    if (memory == MAP_FAILED) _exit(EXIT_FAILURE);
    memory_ = static_cast<uint8_t*>(memory);
    close(kDecoderMemory);
    SetUpFfmpeg();
    absl::Status entered =
        LimitResources({.address_space = request.address_space});
    if (entered.ok()) entered = EnterJail();
    DecoderReply reply = {};
    reply.kind = DecoderReply::kEntered;
    reply.code = static_cast<int32_t>(entered.code());
    Copy(entered.message(), reply.text);
    Send(reply);
    if (!entered.ok() && !request.may_be_free) _exit(EXIT_FAILURE);
  }

  void Open(const DecoderRequest& request) {
    reader_ = nullptr;
    ReaderOptions options = OptionsOf(request);
    options.alive = [this] { SendAlive(); };
    auto reader = VideoReader::Open(
        MakeFileSource(std::exchange(file_, -1), request.file_bytes), options);
    if (!reader.ok()) return Fail(reader.status());
    reader_ = *std::move(reader);
    Send(DecoderReply::kOpened);
  }

  void Next(const DecoderRequest& request) {
    if (reader_ == nullptr) _exit(EXIT_FAILURE);
    reader_->SetDense(request.dense != 0);
    if (request.forget != 0) reader_->Forget();
    const absl::StatusOr<std::optional<Frame>> frame = reader_->Next();
    if (!frame.ok()) return Fail(frame.status());
    if (!frame->has_value()) return Send(DecoderReply::kEnd);
    SendFrame(**frame, request.slot);
  }

  void Again(const DecoderRequest& request) {
    if (reader_ == nullptr) _exit(EXIT_FAILURE);
    std::vector<TimeSpan> spans;
    for (int i = 0; i < request.span_count; ++i) {
      spans.push_back({absl::Nanoseconds(request.spans[i].start),
                       absl::Nanoseconds(request.spans[i].end)});
    }
    int slot = request.slot;
    const auto read = reader_->ReadAgain(spans, [&](const Frame& frame) {
      SendFrame(frame, slot);
      const DecoderRequest next = Receive();
      if (next.kind != DecoderRequest::kContinue) _exit(EXIT_FAILURE);
      slot = next.slot;
    });
    if (!read.ok()) return Fail(read.status());
    SendSpans(*read);
    Send(DecoderReply::kEnd);
  }

  void SendSpans(absl::Span<const TimeSpan> spans) {
    while (!spans.empty()) {
      DecoderReply reply = {};
      reply.kind = DecoderReply::kSpans;
      reply.span_count = std::min(spans.size(), kMaxSpansPerMessage);
      for (int i = 0; i < reply.span_count; ++i) {
        reply.spans[i] = {absl::ToInt64Nanoseconds(spans[i].start),
                          absl::ToInt64Nanoseconds(spans[i].end)};
      }
      spans.remove_prefix(reply.span_count);
      Send(reply);
    }
  }

  void SendFrame(const Frame& frame, int slot) {
    const Plane& luma = frame.luma;
    // Rows apart as SIMD likes them, if there is room.
    int64_t stride = (int64_t{luma.width} + 63) / 64 * 64;
    if (stride * luma.height > slot_bytes_) stride = luma.width;
    if (slot < 0 || slot >= slots_ || stride * luma.height > slot_bytes_) {
      _exit(EXIT_FAILURE);
    }
    uint8_t* const to = memory_ + slot * slot_bytes_;
    for (int y = 0; y < luma.height; ++y) {
      std::memcpy(to + y * stride, luma.data + y * luma.stride, luma.width);
    }
    DecoderReply reply = {};
    reply.kind = DecoderReply::kFrame;
    reply.frame = {.width = luma.width,
                   .height = luma.height,
                   .stride = stride,
                   .time = absl::ToInt64Nanoseconds(frame.time),
                   .is_limited = frame.range == LumaRange::kLimited,
                   .saturation = frame.colour.saturation,
                   .variety = frame.colour.variety};
    Send(reply);
  }

  uint8_t* memory_ = nullptr;
  int64_t slots_ = 0;
  int64_t slot_bytes_ = 0;
  int file_ = -1;  // That came with the last request.
  std::unique_ptr<VideoReader> reader_;
  std::chrono::steady_clock::time_point last_sent_;
};

}  // namespace

int RunDecoderWorker() { return Worker().Run(); }

}  // namespace lenscap
