#ifndef LENSCAP_SERVICES_WEB_FORM_FIELDS_H_
#define LENSCAP_SERVICES_WEB_FORM_FIELDS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/web/http.h"

namespace lenscap {

// Puts the fields of a form into a message whose fields have their names:
// strings, whole numbers and enums, each as often as it is repeated. Fields
// that were left empty are skipped.
class FormFields {
 public:
  explicit FormFields(google::protobuf::Message* message)  // Must outlive this.
      : message_(message) {}

  // INVALID_ARGUMENT, naming the field, for one that there is not, and for
  // values that are none or too long: 16 KiB each, 256 of them, 512 KiB.
  absl::Status Begin(const HttpPart& part);
  absl::Status Take(absl::string_view piece);
  // Ends the field that has begun, if one has.
  absl::Status End();

 private:
  absl::Status Put(const google::protobuf::FieldDescriptor& field);

  google::protobuf::Message* const message_;
  std::string name_;  // Of the field that has begun; "" where none has.
  std::string value_;
  size_t fields_ = 0;
  size_t bytes_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_FORM_FIELDS_H_
