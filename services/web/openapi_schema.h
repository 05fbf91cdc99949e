#ifndef LENSCAP_SERVICES_WEB_OPENAPI_SCHEMA_H_
#define LENSCAP_SERVICES_WEB_OPENAPI_SCHEMA_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"

namespace lenscap {

// The comment before a declaration, as one text; "" without one.
template <typename Descriptor>
std::string CommentOf(const Descriptor& descriptor) {
  google::protobuf::SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return "";
  std::string text;
  for (const char c : location.leading_comments) {
    const bool joins = c == '\n' || c == ' ';
    if (!joins) {
      text.push_back(c);
    } else if (!text.empty() && text.back() != ' ') {
      text.push_back(' ');
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// JSON Schemas of messages and enums as proto3 JSON has them, by name, each
// once: "TakedownQueue", "Case.State".
class SchemaSet {
 public:
  // {"$ref": "#/components/schemas/..."}; adds it, and whatever it is made of.
  nlohmann::json Refer(const google::protobuf::Descriptor& message);

  const nlohmann::json& schemas() const { return schemas_; }

 private:
  nlohmann::json ReferEnum(const google::protobuf::EnumDescriptor& type);
  nlohmann::json SchemaOfMessage(const google::protobuf::Descriptor& message);
  nlohmann::json SchemaOfField(const google::protobuf::FieldDescriptor& field);
  nlohmann::json SchemaOfValue(const google::protobuf::FieldDescriptor& field);

  nlohmann::json schemas_ = nlohmann::json::object();
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_OPENAPI_SCHEMA_H_
