#ifndef LENSCAP_MEDIA_DECODER_PROTOCOL_H_
#define LENSCAP_MEDIA_DECODER_PROTOCOL_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace lenscap {

// What a server and a decoder process say to each other: one record a message,
// over a pair of SOCK_SEQPACKET sockets, and pictures in a piece of memory that
// both map. The server asks, and the decoder answers each request with any
// number of kAlive and kSpans, and one other reply. Both are built from one
// source, so the records have no version. Durations are in nanoseconds.

// The descriptors that a decoder process begins with.
inline constexpr int kDecoderSocket = 3;
inline constexpr int kDecoderMemory = 4;

inline constexpr size_t kMaxSpansPerMessage = 64;

struct SpanRecord {
  int64_t start;
  int64_t end;
};

struct DecoderRequest {
  enum Kind : int32_t {
    kEnter,     // Says how large the memory is, and to enter the jail.
    kOpen,      // Comes with the file's descriptor.
    kNext,      // The next frame, into `slot`.
    kAgain,     // ReadAgain of `spans`; its first frame goes into `slot`.
    kContinue,  // The next frame of those, into `slot`.
    kClose,     // Forget the file.
  } kind;
  int32_t slot;
  // For kNext.
  int32_t dense;   // Whether SetDense was called with true.
  int32_t forget;  // Whether Forget was called.
  // For kEnter.
  int64_t address_space;
  int64_t slots;
  int64_t slot_bytes;
  int32_t may_be_free;  // Whether to go on where there is no jail.
  // For kOpen.
  int32_t sampling;
  int64_t file_bytes;
  int64_t sample_interval;
  int64_t max_gap;
  int64_t max_bytes;
  int64_t max_pixels;
  int64_t max_duration;
  int64_t probe_bytes;
  int32_t max_streams;
  // For kAgain.
  int32_t span_count;
  SpanRecord spans[kMaxSpansPerMessage];
};

struct FactsRecord {
  char container[64];  // Ends with a zero.
  char codec[32];
  int32_t width;
  int32_t height;
  int32_t has_declared_duration;
  int32_t truncated;
  int64_t declared_duration;
  int64_t decoded_duration;
  int64_t frames_decoded;
  int64_t frames_sampled;
  int64_t bytes;
  int64_t kept_bytes;
};

struct FrameRecord {
  int32_t width;
  int32_t height;
  int64_t stride;
  int64_t time;
  int32_t is_limited;
  float saturation;
  float variety;
};

struct DecoderReply {
  enum Kind : int32_t {
    kEntered,  // `code` is that of EnterJail.
    kOpened,
    kFrame,   // In the slot that was asked for.
    kEnd,     // No more frames, of Next or of ReadAgain.
    kFailed,  // `code` and `text` say why.
    kAlive,   // Still at work.
    kSpans,   // Some of what ReadAgain returns.
  } kind;
  int32_t code;
  char text[512];
  FactsRecord facts;
  FrameRecord frame;
  int32_t span_count;
  SpanRecord spans[kMaxSpansPerMessage];
};

static_assert(std::is_trivially_copyable_v<DecoderRequest>);
static_assert(std::is_trivially_copyable_v<DecoderReply>);

// Sends `size` bytes as one message, with a descriptor unless that is -1.
// False where nobody is there to read.
bool SendRecord(int socket, const void* record, size_t size,
                int descriptor = -1);

// What came of waiting for a message.
enum class Received {
  kRecord,
  kEnd,    // The other side has closed its socket.
  kOther,  // A message of another size.
};

// Receives a message of exactly `size` bytes, waiting for it. If `descriptor`
// is given, it is set to the one that came along with a record, or -1.
Received ReceiveRecord(int socket, void* record, size_t size,
                       int* descriptor = nullptr);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DECODER_PROTOCOL_H_
