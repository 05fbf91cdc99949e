// The messages of an upload, against a model that keeps them in a string. The
// input is messages of UploadRequest, each after its length in two bytes.

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/spool.h"
#include "services/upload.h"
#include "services/upload_parts.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int64_t kMaxBytes = 10'000;

// What the upload has to do, written down as plainly as can be.
class Model {
 public:
  bool Accepts(const v1::UploadRequest& message) {
    if (message.has_header()) return AcceptsHeader(message.header());
    return message.has_chunk() && header_ && AcceptsChunk(message.chunk());
  }
  bool IsWhole() const {
    return header_ && (header_->total_bytes() == 0 || size() == total()) &&
           (header_->sha256().empty() ||
            header_->sha256() == ToBytes(Sha256Of(file_)));
  }
  const std::string& file() const { return file_; }

 private:
  int64_t size() const { return static_cast<int64_t>(file_.size()); }
  int64_t total() const { return header_->total_bytes(); }

  bool AcceptsHeader(const v1::UploadHeader& header) {
    if (header_ || header.total_bytes() < 0 ||
        header.total_bytes() > kMaxBytes ||
        (!header.sha256().empty() && header.sha256().size() != 32)) {
      return false;
    }
    header_ = header;
    return true;
  }
  bool AcceptsChunk(const v1::Chunk& chunk) {
    if (chunk.offset() != size() || chunk.data().empty() ||
        (chunk.has_crc32() && chunk.crc32() != Crc32(chunk.data()))) {
      return false;
    }
    file_ += chunk.data();
    return size() <= (total() == 0 ? kMaxBytes : total());
  }

  std::optional<v1::UploadHeader> header_;
  std::string file_;
};

const Spool& TestSpool() {
  static const Spool* const spool =
      new Spool(*Spool::Open(MakeTempDirectory() + "/spool"));
  return *spool;
}

// The next message, taken off the front; none where it is damaged or missing.
std::optional<v1::UploadRequest> NextMessage(absl::string_view& input) {
  if (input.size() < 2) return std::nullopt;
  const size_t length =
      static_cast<uint8_t>(input[0]) << 8 | static_cast<uint8_t>(input[1]);
  const absl::string_view bytes = input.substr(2, length);
  input.remove_prefix(2 + bytes.size());
  v1::UploadRequest message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  return message;
}

absl::StatusOr<std::optional<Upload>> Begin(const v1::UploadHeader& header) {
  ASSIGN_OR_RETURN(ExpectedFile expected,
                   ExpectedFile::From(header, kMaxBytes));
  return Upload::Begin(TestSpool(), std::move(expected), kMaxBytes);
}

void CheckUpload(absl::string_view input) {
  Model model;
  UploadParts<v1::UploadRequest> parts;
  while (const auto message = NextMessage(input)) {
    const bool accepted = parts.Take(*message, Begin).ok();
    FUZZ_EXPECT(accepted == model.Accepts(*message));
    if (!accepted) return;
    FUZZ_EXPECT(parts.bytes() == static_cast<int64_t>(model.file().size()));
  }
  if (!parts.TakeHeader().ok()) return;
  const auto file = parts.TakeFile();
  FUZZ_EXPECT(file.ok() == model.IsWhole());
  if (!file.ok()) return;
  FUZZ_EXPECT(ReadFileBytes(file->file.path()) == model.file());
  FUZZ_EXPECT(file->digests.sha256 == Sha256Of(model.file()));
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lenscap;
  CheckUpload(absl::string_view(reinterpret_cast<const char*>(data), size));
  // Nothing is left behind, whatever became of it.
  static const std::string directory =
      std::filesystem::path(TestSpool().PathOf("x")).parent_path();
  FUZZ_EXPECT(std::filesystem::is_empty(directory));
  return 0;
}
