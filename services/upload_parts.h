#ifndef LENSCAP_SERVICES_UPLOAD_PARTS_H_
#define LENSCAP_SERVICES_UPLOAD_PARTS_H_

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/upload.h"

namespace lenscap {

// The messages of one uploading call: a header, then the chunks of its file.
// `Request` has them as a oneof. Not thread-safe.
template <typename Request>
class UploadParts {
 public:
  using Header = std::decay_t<decltype(std::declval<Request>().header())>;

  // Takes the next message. `begin(header)` judges the header, may fill in what
  // it lacks, and returns StatusOr<optional<Upload>>, without one where no
  // chunks may follow.
  template <typename Begin>
  absl::Status Take(const Request& request, const Begin& begin) {
    switch (request.part_case()) {
      case Request::kHeader: {
        if (header_) return absl::InvalidArgumentError("header: sent twice");
        Header header = request.header();
        ASSIGN_OR_RETURN(upload_, begin(header));
        header_ = std::move(header);
        return absl::OkStatus();
      }
      case Request::kChunk:
        if (!header_) return NoHeader();
        if (!upload_) {
          return absl::InvalidArgumentError(
              "chunk: none may follow header.uri");
        }
        return upload_->Append(request.chunk());
      case Request::PART_NOT_SET:
        break;
    }
    return absl::InvalidArgumentError("part: expected a header or a chunk");
  }

  // The header, once all messages are taken.
  absl::StatusOr<Header> TakeHeader() {
    if (!header_) return NoHeader();
    return *std::move(header_);
  }
  // The whole file; not where `begin` returned none.
  absl::StatusOr<UploadedFile> TakeFile() {
    return (*std::move(upload_)).Finish();
  }

  int64_t bytes() const { return upload_ ? upload_->bytes() : 0; }

 private:
  static absl::Status NoHeader() {
    return absl::InvalidArgumentError(
        "header: expected as the first message, got none");
  }
  std::optional<Header> header_;
  std::optional<Upload> upload_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_UPLOAD_PARTS_H_
