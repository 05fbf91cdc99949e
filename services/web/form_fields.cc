#include "services/web/form_fields.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

using google::protobuf::FieldDescriptor;

constexpr size_t kMaxFields = 256;
constexpr size_t kMaxFieldBytes = 16 << 10;
constexpr size_t kMaxBytes = 512 << 10;

absl::Status Bad(absl::string_view name, absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat(name.substr(0, 64), ": ", problem));
}

bool IsUtf8(const std::string& text) {
  using Handler = nlohmann::json::error_handler_t;
  const nlohmann::json json = text;
  return json.dump(-1, ' ', false, Handler::ignore) ==
         json.dump(-1, ' ', false, Handler::replace);
}

}  // namespace

absl::Status FormFields::Begin(const HttpPart& part) {
  RETURN_IF_ERROR(End());
  if (++fields_ > kMaxFields) return Bad(part.name, "too many fields");
  if (part.name.empty() ||
      message_->GetDescriptor()->FindFieldByName(part.name) == nullptr) {
    return Bad(part.name, "there is no such field");
  }
  name_ = part.name;
  return absl::OkStatus();
}

absl::Status FormFields::Take(absl::string_view piece) {
  bytes_ += piece.size();
  if (value_.size() + piece.size() > kMaxFieldBytes || bytes_ > kMaxBytes) {
    return Bad(name_, "too long");
  }
  absl::StrAppend(&value_, piece);
  return absl::OkStatus();
}

absl::Status FormFields::End() {
  if (name_.empty()) return absl::OkStatus();
  absl::Status put;
  if (!value_.empty()) {
    put = Put(*message_->GetDescriptor()->FindFieldByName(name_));
  }
  name_.clear();
  value_.clear();
  return put;
}

absl::Status FormFields::Put(const FieldDescriptor& field) {
  const auto& reflection = *message_->GetReflection();
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    // Nothing else can be in a string of proto3.
    if (!IsUtf8(value_)) return Bad(name_, "expected UTF-8");
    if (field.is_repeated()) {
      reflection.AddString(message_, &field, value_);
    } else {
      reflection.SetString(message_, &field, value_);
    }
    return absl::OkStatus();
  }
  if (field.is_repeated()) return Bad(name_, "there is no such field");
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const auto* const value = field.enum_type()->FindValueByName(value_);
    if (value == nullptr) return Bad(name_, "there is no such value");
    reflection.SetEnum(message_, &field, value);
    return absl::OkStatus();
  }
  if (int64_t number = 0; field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 &&
                          absl::SimpleAtoi(value_, &number)) {
    reflection.SetInt64(message_, &field, number);
    return absl::OkStatus();
  }
  return Bad(name_, "expected a whole number");
}

}  // namespace lenscap
