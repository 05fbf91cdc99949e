#include "base/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr absl::string_view kMagic("\x28\xb5\x2f\xfd", 4);
constexpr int64_t kFreeBytes = 16 << 20;
constexpr int kLevel = 9;

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat("zstd: ", what...));
}

// Zstandard fails here only when it is out of memory.
size_t Require(size_t result) {
  if (ZSTD_isError(result)) std::abort();
  return result;
}

// Reads ahead in `file`, so that its start can be looked at.
class InputBuffer {
 public:
  explicit InputBuffer(std::unique_ptr<ByteReader> file)
      : file_(std::move(file)), bytes_(ZSTD_DStreamInSize(), '\0') {}

  // What was read and is not used up; "" at the end.
  absl::StatusOr<absl::string_view> Peek(size_t at_least) {
    while (!ended_ && size_ - at_ < at_least) {
      std::copy(bytes_.begin() + at_, bytes_.begin() + size_, bytes_.begin());
      size_ -= std::exchange(at_, 0);
      ASSIGN_OR_RETURN(const size_t count,
                       file_->Read({&bytes_[size_], bytes_.size() - size_}));
      size_ += count;
      ended_ = count == 0;
    }
    return absl::string_view(bytes_).substr(at_, size_ - at_);
  }
  void Use(size_t bytes) { at_ += bytes; }

 private:
  const std::unique_ptr<ByteReader> file_;
  std::string bytes_;
  size_t at_ = 0, size_ = 0;
  bool ended_ = false;
};

class InflatingReader final : public ByteReader {
 public:
  InflatingReader(std::unique_ptr<ByteReader> file, const ZstdLimits& limits)
      : input_(std::move(file)), limits_(limits) {}

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    if (!began_) RETURN_IF_ERROR(Begin());
    ASSIGN_OR_RETURN(const size_t count,
                     stream_ == nullptr ? Copy(buffer) : Inflate(buffer));
    out_ += static_cast<int64_t>(count);
    if (out_ > limits_.max_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "it holds more than the ", limits_.max_bytes, " bytes allowed"));
    }
    if (stream_ != nullptr && out_ > kFreeBytes + in_ * limits_.max_ratio) {
      return Invalid(in_, " bytes became ", out_, ", more than ",
                     limits_.max_ratio, " times as much");
    }
    return count;
  }

 private:
  absl::Status Begin() {
    began_ = true;
    ASSIGN_OR_RETURN(const absl::string_view start, input_.Peek(kMagic.size()));
    if (!absl::StartsWith(start, kMagic)) return absl::OkStatus();
    stream_.reset(ZSTD_createDCtx());
    if (stream_ == nullptr) std::abort();
    Require(ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax,
                                   limits_.window_log));
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Copy(absl::Span<char> buffer) {
    ASSIGN_OR_RETURN(const absl::string_view bytes, input_.Peek(1));
    const size_t count = bytes.copy(buffer.data(), buffer.size());
    input_.Use(count);
    return count;
  }

  absl::StatusOr<size_t> Inflate(absl::Span<char> buffer) {
    ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
    while (out.pos == 0) {
      ASSIGN_OR_RETURN(const absl::string_view bytes, input_.Peek(1));
      if (frame_ended_) {
        if (bytes.empty()) return 0;
        return Invalid("something stands behind the end of the frame");
      }
      ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
      const size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(left)) return Invalid(ZSTD_getErrorName(left));
      frame_ended_ = left == 0;
      input_.Use(in.pos);
      in_ += static_cast<int64_t>(in.pos);
      if (bytes.empty() && out.pos == 0 && !frame_ended_) {
        return Invalid("the frame is cut off");
      }
    }
    return out.pos;
  }

  struct StreamDeleter {
    void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
  };

  InputBuffer input_;
  const ZstdLimits limits_;
  bool began_ = false;
  bool frame_ended_ = false;
  std::unique_ptr<ZSTD_DCtx, StreamDeleter> stream_;  // Absent: not compressed.
  int64_t in_ = 0, out_ = 0;
};

}  // namespace

std::unique_ptr<ByteReader> MakeInflatingReader(
    std::unique_ptr<ByteReader> file, const ZstdLimits& limits) {
  return std::make_unique<InflatingReader>(std::move(file), limits);
}

struct ZstdWriter::State {
  State() {
    if (stream == nullptr) std::abort();
    Require(ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, kLevel));
    Require(ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1));
  }
  ~State() { ZSTD_freeCCtx(stream); }
  ZSTD_CCtx* stream = ZSTD_createCCtx();
};

ZstdWriter::ZstdWriter() : state_(std::make_unique<State>()) {}
ZstdWriter::ZstdWriter(ZstdWriter&&) noexcept = default;
ZstdWriter::~ZstdWriter() = default;

std::string ZstdWriter::Add(absl::string_view bytes) {
  return Push(bytes, false);
}

std::string ZstdWriter::Finish() { return Push("", true); }

std::string ZstdWriter::Push(absl::string_view bytes, bool end) {
  std::string written;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  size_t left = 0;
  do {
    const size_t before = written.size();
    written.resize(before + ZSTD_CStreamOutSize());
    ZSTD_outBuffer out{&written[before], written.size() - before, 0};
    left = Require(ZSTD_compressStream2(state_->stream, &out, &in,
                                        end ? ZSTD_e_end : ZSTD_e_continue));
    written.resize(before + out.pos);
  } while (in.pos < in.size || (end && left > 0));
  return written;
}

std::string ZstdCompress(absl::string_view bytes) {
  ZstdWriter writer;
  std::string compressed = writer.Add(bytes);
  return compressed += writer.Finish();
}

absl::StatusOr<std::string> ZstdDecompress(absl::string_view bytes,
                                           const ZstdLimits& limits) {
  if (!absl::StartsWith(bytes, kMagic)) return Invalid("it does not begin so");
  InflatingReader reader(MakeByteReader(std::string(bytes)), limits);
  std::string inflated;
  while (true) {
    const size_t before = inflated.size();
    inflated.resize(before + ZSTD_DStreamOutSize());
    ASSIGN_OR_RETURN(
        const size_t count,
        reader.Read({&inflated[before], inflated.size() - before}));
    inflated.resize(before + count);
    if (count == 0) return inflated;
  }
}

}  // namespace lenscap
