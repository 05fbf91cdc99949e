#include "services/web/openapi_schema.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace lenscap {
namespace {

using google::protobuf::FieldDescriptor;
using nlohmann::json;

constexpr char kPackage[] = "lenscap.v1.";

template <typename Descriptor>
std::string NameOf(const Descriptor& descriptor) {
  return std::string(absl::StripPrefix(descriptor.full_name(), kPackage));
}

json Reference(const std::string& name) {
  return {{"$ref", absl::StrCat("#/components/schemas/", name)}};
}

// Whole numbers of 64 bits are written as strings, and read as either.
json Int64(bool is_signed) {
  return {{"type", {"string", "integer"}},
          {"format", is_signed ? "int64" : "uint64"},
          {"pattern", is_signed ? "^-?[0-9]+$" : "^[0-9]+$"}};
}

// The messages that have a form of their own in JSON; null for others.
json WellKnown(const google::protobuf::Descriptor& message) {
  if (message.full_name() == "google.protobuf.Timestamp") {
    return {{"type", "string"}, {"format", "date-time"}};
  }
  if (message.full_name() == "google.protobuf.Duration") {
    return {{"type", "string"},
            {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"},
            {"examples", {"1.5s"}}};
  }
  return nullptr;
}

json Oneofs(const google::protobuf::Descriptor& message) {
  json alternatives = json::array();
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
    json names = json::array();
    const auto* const oneof = message.oneof_decl(i);
    for (int j = 0; j < oneof->field_count(); ++j) {
      names.push_back(oneof->field(j)->json_name());
    }
    alternatives.push_back(std::move(names));
  }
  return alternatives;
}

}  // namespace

json SchemaSet::Refer(const google::protobuf::Descriptor& message) {
  if (json known = WellKnown(message); !known.is_null()) return known;
  const std::string name = NameOf(message);
  if (!schemas_.contains(name)) {
    schemas_[name] = nullptr;  // Messages may contain themselves.
    schemas_[name] = SchemaOfMessage(message);
  }
  return Reference(name);
}

json SchemaSet::ReferEnum(const google::protobuf::EnumDescriptor& type) {
  const std::string name = NameOf(type);
  if (!schemas_.contains(name)) {
    json values = json::array();
    for (int i = 0; i < type.value_count(); ++i) {
      values.push_back(type.value(i)->name());
    }
    schemas_[name] = {{"type", "string"}, {"enum", std::move(values)}};
    if (std::string comment = CommentOf(type); !comment.empty()) {
      schemas_[name]["description"] = std::move(comment);
    }
  }
  return Reference(name);
}

json SchemaSet::SchemaOfMessage(const google::protobuf::Descriptor& message) {
  json properties = json::object();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    json schema = SchemaOfField(field);
    if (std::string comment = CommentOf(field); !comment.empty()) {
      schema["description"] = std::move(comment);
    }
    properties[field.json_name()] = std::move(schema);
  }
  json schema = {{"type", "object"},
                 {"properties", std::move(properties)},
                 {"additionalProperties", false}};
  if (std::string comment = CommentOf(message); !comment.empty()) {
    schema["description"] = std::move(comment);
  }
  // Of each of these lists at most one is there.
  if (json alternatives = Oneofs(message); !alternatives.empty()) {
    schema["x-at-most-one-of"] = std::move(alternatives);
  }
  return schema;
}

json SchemaSet::SchemaOfField(const FieldDescriptor& field) {
  if (field.is_map()) {
    return {{"type", "object"},
            {"additionalProperties",
             SchemaOfValue(*field.message_type()->map_value())}};
  }
  json value = SchemaOfValue(field);
  if (!field.is_repeated()) return value;
  return {{"type", "array"}, {"items", std::move(value)}};
}

json SchemaSet::SchemaOfValue(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"minimum", 0}, {"maximum", 4294967295u}};
    case FieldDescriptor::CPPTYPE_INT64:
      return Int64(true);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Int64(false);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {{"type", "number"}, {"format", "double"}};
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}, {"format", "float"}};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return ReferEnum(*field.enum_type());
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      }
      return {{"type", "string"}};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Refer(*field.message_type());
  }
  return json::object();
}

}  // namespace lenscap
