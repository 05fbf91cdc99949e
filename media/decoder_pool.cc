#include "media/decoder_pool.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/decoder_process.h"
#include "media/decoder_protocol.h"
#include "media/plane_buffer.h"

namespace lenscap {
namespace {

// A picture larger than this leaves a mark that is worth removing.
constexpr int64_t kLargePicture = 4 << 20;

// Takes a process back, or lets it go.
using ReturnProcess = std::function<void(std::unique_ptr<DecoderProcess>)>;

// What the decoder calls something: it may say anything.
std::string NameOf(const char* text, size_t size) {
  std::string name(text, strnlen(text, size));
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return !absl::ascii_isprint(c) && c != ' '; }, '?');
  return name;
}

// A descriptor of the whole source.
absl::StatusOr<int> DescriptorOf(ByteSource& source, int64_t max_bytes,
                                 int64_t* bytes) {
  if (source.descriptor() >= 0) {
    *bytes = source.size();
    return fcntl(source.descriptor(), F_DUPFD_CLOEXEC, 0);
  }
  const int copy = memfd_create("lenscap-media", MFD_CLOEXEC);
  std::vector<uint8_t> buffer(1 << 20);
  for (*bytes = 0; copy >= 0;) {
    absl::StatusOr<size_t> read = source.ReadAt(*bytes, absl::MakeSpan(buffer));
    if (read.ok() && *bytes + static_cast<int64_t>(*read) > max_bytes) {
      read = absl::ResourceExhaustedError(
          absl::StrCat("the media is longer than max_bytes, ", max_bytes));
    }
    if (read.ok() && *read == 0) return copy;
    if (read.ok() && pwrite(copy, buffer.data(), *read, *bytes) !=
                         static_cast<ssize_t>(*read)) {
      read = absl::ResourceExhaustedError("no memory for a copy of the media");
    }
    if (!read.ok()) {
      close(copy);
      return read.status();
    }
    *bytes += static_cast<int64_t>(*read);
  }
  return absl::ResourceExhaustedError("no memory for a copy of the media");
}

class JailedReader final : public VideoReader {
 public:
  JailedReader(std::unique_ptr<DecoderProcess> process, ReturnProcess give_back,
               ReaderOptions options)
      : process_(std::move(process)),
        give_back_(std::move(give_back)),
        options_(std::move(options)) {}
  ~JailedReader() override {
    DecoderRequest request = {};
    request.kind = DecoderRequest::kClose;
    process_->Tell(request);
    if (had_large_picture_) process_->slots()->Trim();
    give_back_(std::move(process_));
  }

  absl::Status Open(ByteSource& source) {
    DecoderRequest request = {};
    ASSIGN_OR_RETURN(
        const int descriptor,
        DescriptorOf(source, options_.limits.max_bytes, &request.file_bytes));
    request.kind = DecoderRequest::kOpen;
    request.sampling = static_cast<int32_t>(options_.sampling);
    request.sample_interval =
        absl::ToInt64Nanoseconds(options_.sample_interval);
    request.max_gap = absl::ToInt64Nanoseconds(options_.max_gap);
    request.max_bytes = options_.limits.max_bytes;
    request.max_pixels = options_.limits.max_pixels;
    request.max_duration =
        absl::ToInt64Nanoseconds(options_.limits.max_duration);
    request.probe_bytes = options_.limits.probe_bytes;
    request.max_streams = options_.limits.max_streams;
    process_->BeginFile();
    const absl::StatusOr<DecoderReply> reply =
        process_->Ask(request, options_.cancelled, descriptor);
    close(descriptor);
    RETURN_IF_ERROR(reply.status());
    RETURN_IF_ERROR(Check(*reply));
    if (reply->kind == DecoderReply::kOpened) return absl::OkStatus();
    return process_->Break("another reply than to open");
  }

  absl::StatusOr<std::optional<Frame>> Next() override {
    RETURN_IF_ERROR(failure_);
    absl::StatusOr<std::optional<Frame>> frame = AskForNext();
    failure_ = frame.status();
    return frame;
  }

  void SetDense(bool dense) override { dense_ = dense; }
  void Forget() override { forget_ = true; }

  absl::StatusOr<std::vector<TimeSpan>> ReadAgain(
      absl::Span<const TimeSpan> spans,
      const std::function<void(const Frame&)>& on_frame) override {
    std::vector<TimeSpan> read;
    for (; !spans.empty();
         spans.remove_prefix(std::min(spans.size(), kMaxSpansPerMessage))) {
      RETURN_IF_ERROR(ReadSomeAgain(spans.subspan(0, kMaxSpansPerMessage),
                                    on_frame, &read));
    }
    return read;
  }

  const MediaFacts& facts() const override { return facts_; }

 private:
  absl::StatusOr<std::optional<Frame>> AskForNext() {
    DecoderRequest request = {};
    request.kind = DecoderRequest::kNext;
    request.slot = process_->slots()->Take();
    request.dense = dense_;
    request.forget = std::exchange(forget_, false);
    if (request.slot < 0) return NoSlot();
    absl::StatusOr<DecoderReply> reply =
        process_->Ask(request, options_.cancelled);
    absl::Status status = reply.status();
    if (status.ok()) status = Check(*reply);
    if (status.ok() && reply->kind == DecoderReply::kFrame) {
      const absl::Duration time = absl::Nanoseconds(reply->frame.time);
      if (time >= last_time_) {
        last_time_ = time;
        return FrameOf(reply->frame, request.slot);
      }
      status = process_->Break("a frame out of order");
    }
    process_->slots()->Release(request.slot);
    RETURN_IF_ERROR(status);
    if (reply->kind == DecoderReply::kEnd) return std::nullopt;
    return process_->Break("another reply than a frame");
  }

  absl::Status ReadSomeAgain(absl::Span<const TimeSpan> spans,
                             const std::function<void(const Frame&)>& on_frame,
                             std::vector<TimeSpan>* read) {
    DecoderRequest request = {};
    request.kind = DecoderRequest::kAgain;
    request.span_count = static_cast<int32_t>(spans.size());
    for (size_t i = 0; i < spans.size(); ++i) {
      request.spans[i] = {absl::ToInt64Nanoseconds(spans[i].start),
                          absl::ToInt64Nanoseconds(spans[i].end)};
    }
    absl::StatusOr<DecoderReply> reply;
    bool awaits = false;
    while (true) {
      request.slot = process_->slots()->Take();
      if (request.slot < 0) return NoSlot();
      reply = awaits ? process_->Await(options_.cancelled)
                     : process_->Ask(request, options_.cancelled);
      absl::Status status = reply.status();
      if (status.ok()) status = Check(*reply);
      if (status.ok() && reply->kind == DecoderReply::kFrame && !awaits) {
        on_frame(FrameOf(reply->frame, request.slot));
        request.kind = DecoderRequest::kContinue;
        continue;
      }
      process_->slots()->Release(request.slot);
      RETURN_IF_ERROR(status);
      if (reply->kind == DecoderReply::kEnd) return absl::OkStatus();
      if (reply->kind != DecoderReply::kSpans || reply->span_count < 1 ||
          reply->span_count > static_cast<int>(kMaxSpansPerMessage) ||
          read->size() > kMaxSpans) {
        return process_->Break("another reply than a frame again");
      }
      for (int i = 0; i < reply->span_count; ++i) {
        read->push_back({absl::Nanoseconds(reply->spans[i].start),
                         absl::Nanoseconds(reply->spans[i].end)});
      }
      awaits = true;
    }
  }

  absl::Status NoSlot() {
    return absl::InternalError("too many frames of a jailed reader are kept");
  }

  // Takes the facts, and the error if the reply is one.
  absl::Status Check(const DecoderReply& reply) {
    const FactsRecord& facts = reply.facts;
    const auto is_duration = [](int64_t value) {
      return 0 <= value && value <= absl::ToInt64Nanoseconds(kMaxDuration);
    };
    if (facts.width < 0 || facts.height < 0 || facts.frames_decoded < 0 ||
        facts.frames_sampled < 0 || facts.bytes < 0 || facts.kept_bytes < 0 ||
        !is_duration(facts.decoded_duration) || facts.declared_duration < 0) {
      return process_->Break("facts that cannot be");
    }
    if (reply.kind == DecoderReply::kFrame) {
      RETURN_IF_ERROR(CheckFrame(reply.frame));
    }
    if (facts.container[0] != 0) facts_ = FactsOf(facts);
    if (reply.kind != DecoderReply::kFailed) return absl::OkStatus();
    const std::string text = NameOf(reply.text, sizeof(reply.text));
    switch (static_cast<absl::StatusCode>(reply.code)) {
      case absl::StatusCode::kInvalidArgument:
        return absl::InvalidArgumentError(text);
      case absl::StatusCode::kResourceExhausted:
        return absl::ResourceExhaustedError(text);
      default:
        return absl::DataLossError(absl::StrCat("cannot decode: ", text));
    }
  }

  absl::Status CheckFrame(const FrameRecord& frame) {
    const auto is_level = [](float value) {
      return std::isfinite(value) && 0 <= value && value <= 255;
    };
    if (frame.width < 1 || frame.height < 1 ||
        int64_t{frame.width} * frame.height > options_.limits.max_pixels ||
        frame.stride < frame.width || frame.stride > (int64_t{1} << 31) ||
        frame.stride * frame.height > process_->slots()->slot_bytes() ||
        frame.time < 0 ||
        absl::Nanoseconds(frame.time) > options_.limits.max_duration ||
        !is_level(frame.saturation) || !is_level(frame.variety)) {
      return process_->Break("a frame that cannot be");
    }
    return absl::OkStatus();
  }

  static MediaFacts FactsOf(const FactsRecord& record) {
    MediaFacts facts;
    facts.container = NameOf(record.container, sizeof(record.container));
    facts.codec = NameOf(record.codec, sizeof(record.codec));
    facts.width = record.width;
    facts.height = record.height;
    if (record.has_declared_duration != 0) {
      facts.declared_duration = absl::Nanoseconds(record.declared_duration);
    }
    facts.decoded_duration = absl::Nanoseconds(record.decoded_duration);
    facts.frames_decoded = record.frames_decoded;
    facts.frames_sampled = record.frames_sampled;
    facts.bytes = record.bytes;
    facts.truncated = record.truncated != 0;
    facts.kept_bytes = record.kept_bytes;
    return facts;
  }

  // A frame in a slot, which is free again when nobody has the frame; out of
  // the last one it is copied, so that there is always one for the next.
  Frame FrameOf(const FrameRecord& record, int slot) {
    const std::shared_ptr<SharedSlots>& slots = process_->slots();
    had_large_picture_ |= record.stride * record.height > kLargePicture;
    Frame frame;
    frame.time = absl::Nanoseconds(record.time);
    frame.range =
        record.is_limited != 0 ? LumaRange::kLimited : LumaRange::kFull;
    frame.colour = {record.saturation, record.variety};
    frame.luma = {slots->slot(slot), record.width, record.height,
                  static_cast<ptrdiff_t>(record.stride)};
    if (slot < SharedSlots::kSlots - 1) {
      frame.pixels = std::shared_ptr<const void>(
          frame.luma.data,
          [slots, slot](const void*) { slots->Release(slot); });
      return frame;
    }
    PlaneBuffer copy(record.width, record.height);
    for (int y = 0; y < record.height; ++y) {
      std::memcpy(copy.row(y), frame.luma.data + y * frame.luma.stride,
                  record.width);
    }
    slots->Release(slot);
    frame.luma = copy.plane();
    frame.pixels = copy.pixels();
    return frame;
  }

  static constexpr size_t kMaxSpans = 100'000;
  static constexpr absl::Duration kMaxDuration = absl::Hours(24 * 365);

  std::unique_ptr<DecoderProcess> process_;
  const ReturnProcess give_back_;
  const ReaderOptions options_;
  MediaFacts facts_;
  absl::Status failure_;
  absl::Duration last_time_;
  bool dense_ = false;
  bool forget_ = false;
  bool had_large_picture_ = false;
};

class ProcessPool final : public DecoderPool {
 public:
  explicit ProcessPool(Options options) : options_(std::move(options)) {}

  absl::Status StartFirst() {
    for (int i = 0; i < std::max(1, options_.idle); ++i) {
      ASSIGN_OR_RETURN(auto process, DecoderProcess::Start(options_));
      jailed_ = process->jailed();
      idle_.push_back(std::move(process));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<VideoReader>> Open(
      std::unique_ptr<ByteSource> source,
      const ReaderOptions& options) override {
    ReaderOptions bounded = options;
    bounded.limits.max_pixels =
        std::min(options.limits.max_pixels, options_.max_pixels);
    ASSIGN_OR_RETURN(std::unique_ptr<DecoderProcess> process, Lease());
    auto reader = std::make_unique<JailedReader>(
        std::move(process),
        [this](std::unique_ptr<DecoderProcess> used) {
          TakeBack(std::move(used));
        },
        bounded);
    RETURN_IF_ERROR(reader->Open(*source));
    return reader;
  }

  absl::Status jailed() const override { return jailed_; }

 private:
  absl::StatusOr<std::unique_ptr<DecoderProcess>> Lease() {
    {
      std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto process = std::move(idle_.back());
        idle_.pop_back();
        return process;
      }
    }
    absl::StatusOr<std::unique_ptr<DecoderProcess>> started =
        DecoderProcess::Start(options_);
    if (started.ok()) return started;
    // It did start once: this is the machine's fault, not the file's.
    return absl::UnavailableError(started.status().message());
  }

  void TakeBack(std::unique_ptr<DecoderProcess> process) {
    if (!process->alive() || process->files() >= options_.max_files) return;
    std::lock_guard lock(mutex_);
    if (static_cast<int>(idle_.size()) < options_.idle) {
      idle_.push_back(std::move(process));
    }
  }

  const Options options_;
  absl::Status jailed_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<DecoderProcess>> idle_;  // Guarded by mutex_.
};

}  // namespace

absl::StatusOr<std::unique_ptr<DecoderPool>> DecoderPool::Start(
    Options options) {
  auto pool = std::make_unique<ProcessPool>(std::move(options));
  RETURN_IF_ERROR(pool->StartFirst());
  return pool;
}

}  // namespace lenscap
