#include "base/text_proto.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lenscap {
namespace {

constexpr size_t kMaxErrors = 10;

// Keeps what the parser complains of, with lines and columns from 1.
class Complaints final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (errors_.size() == kMaxErrors) return;
    errors_.push_back(line < 0 ? message
                               : absl::StrCat("line ", line + 1, ", column ",
                                              column + 1, ": ", message));
  }
  std::string text() const { return absl::StrJoin(errors_, "; "); }

 private:
  std::vector<std::string> errors_;
};

}  // namespace

absl::Status ParseTextProto(absl::string_view text,
                            google::protobuf::Message& message) {
  if (text.size() > kMaxTextProtoBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the text has ", text.size(), " bytes; it may have ",
                     kMaxTextProtoBytes));
  }
  Complaints complaints;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&complaints);
  if (parser.ParseFromString(std::string(text), &message)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(complaints.text());
}

absl::StatusOr<std::string> ReadTextProto(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat(path, ": there is no such file, or it cannot be read"));
  }
  // One byte more than is parsed, whatever the file is.
  std::string text(kMaxTextProtoBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) {
    return absl::InternalError(absl::StrCat(path, ": cannot be read"));
  }
  text.resize(file.gcount());
  return text;
}

}  // namespace lenscap
