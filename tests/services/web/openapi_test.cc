#include "services/web/openapi.h"

#include <functional>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/web/api_services.h"
#include "services/web/embedded_file.h"
#include "services/web/json_message.h"

namespace lenscap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using nlohmann::json;
using ::testing::HasSubstr;

const json& Document() {
  static const auto* const document = [] {
    const auto text = MakeOpenApi(ApiDescriptors());
    EXPECT_TRUE(text.ok()) << text.status();
    return new json(json::parse(*text));
  }();
  return *document;
}

// What a reference in the document points to.
const json& Resolve(const json& schema) {
  if (!schema.contains("$ref")) return schema;
  const std::string reference = schema["$ref"];
  EXPECT_TRUE(absl::StartsWith(reference, "#/")) << reference;
  return Document().at(json::json_pointer(reference.substr(1)));
}

void ForEachObject(const json& value,
                   const std::function<void(const json&)>& visit) {
  if (value.is_object()) visit(value);
  if (!value.is_structured()) return;
  for (const json& part : value) ForEachObject(part, visit);
}

// Says why `value` is not what the schema allows; "" where it is. Knows the
// keywords that the document uses.
std::string Mismatch(const json& value, const json& reference) {
  const json& schema = Resolve(reference);
  const json types = schema["type"].is_array() ? schema["type"]
                                               : json::array({schema["type"]});
  const auto allows = [&types](const char* type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  if (value.is_object()) {
    if (!allows("object")) return "an object";
    for (const auto& [name, part] : value.items()) {
      if (!schema["properties"].contains(name)) return "has " + name;
      const std::string why = Mismatch(part, schema["properties"][name]);
      if (!why.empty()) return name + ": " + why;
    }
    return "";
  }
  if (value.is_array()) {
    if (!allows("array")) return "an array";
    for (const json& part : value) {
      const std::string why = Mismatch(part, schema["items"]);
      if (!why.empty()) return "[]: " + why;
    }
    return "";
  }
  if (value.is_boolean()) return allows("boolean") ? "" : "a boolean";
  if (value.is_number_integer() && allows("integer")) return "";
  if (value.is_number()) return allows("number") ? "" : "a number";
  if (!allows("string")) return "a string";
  if (schema.contains("pattern") &&
      !std::regex_match(value.get<std::string>(),
                        std::regex(schema["pattern"].get<std::string>()))) {
    return "breaks the pattern";
  }
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) ==
          schema["enum"].end()) {
    return "is none of the values";
  }
  return "";
}

void FillField(Message& message, const FieldDescriptor& field, int depth);

// Something in every field, down to some depth.
void Fill(Message& message, int depth) {
  const auto& type = *message.GetDescriptor();
  if (type.full_name() == "google.protobuf.Timestamp" ||
      type.full_name() == "google.protobuf.Duration") {
    message.GetReflection()->SetInt64(&message, type.FindFieldByName("seconds"),
                                      1'700'000'000);
    message.GetReflection()->SetInt32(&message, type.FindFieldByName("nanos"),
                                      500'000'000);
    return;
  }
  for (int i = 0; depth > 0 && i < type.field_count(); ++i) {
    FillField(message, *type.field(i), depth);
  }
}

void FillField(Message& message, const FieldDescriptor& field, int depth) {
  const auto& to = *message.GetReflection();
  const bool many = field.is_repeated();
  if (field.is_map()) return;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(*(many ? to.AddMessage(&message, &field)
                         : to.MutableMessage(&message, &field)),
                  depth - 1);
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? to.AddString(&message, &field, "<b>\"\xe6\x9d\x8e")
                  : to.SetString(&message, &field, "<b>\"\xe6\x9d\x8e");
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? to.AddInt32(&message, &field, -7)
                  : to.SetInt32(&message, &field, -7);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? to.AddUInt32(&message, &field, 7)
                  : to.SetUInt32(&message, &field, 7);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? to.AddInt64(&message, &field, -(int64_t{1} << 60))
                  : to.SetInt64(&message, &field, -(int64_t{1} << 60));
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? to.AddUInt64(&message, &field, uint64_t{1} << 63)
                  : to.SetUInt64(&message, &field, uint64_t{1} << 63);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? to.AddDouble(&message, &field, 0.5)
                  : to.SetDouble(&message, &field, 0.5);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? to.AddFloat(&message, &field, 0.5)
                  : to.SetFloat(&message, &field, 0.5);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? to.AddBool(&message, &field, true)
                  : to.SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* const value =
          field.enum_type()->value(field.enum_type()->value_count() - 1);
      return many ? to.AddEnum(&message, &field, value)
                  : to.SetEnum(&message, &field, value);
    }
  }
}

TEST(OpenApiTest, EveryMethodIsAPathAndNoOtherIs) {
  std::set<std::string> expected = {"/session"};
  for (const auto* service : ApiServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      expected.insert(PathOf(*service->method(i)));
    }
  }
  std::set<std::string> paths;
  for (const auto& [path, item] : Document()["paths"].items()) {
    paths.insert(path);
  }
  EXPECT_GT(paths.size(), 60u);
  EXPECT_EQ(paths, expected);
}

TEST(OpenApiTest, EveryServiceOfTheProtosIsThere) {
  google::protobuf::FileDescriptorSet files;
  ASSERT_TRUE(files.ParseFromArray(ApiDescriptors().data(),
                                   static_cast<int>(ApiDescriptors().size())));
  std::set<std::string> described;
  for (const auto& file : files.file()) {
    for (const auto& service : file.service()) {
      described.insert(file.package() + "." + service.name());
    }
  }
  std::set<std::string> linked;
  for (const auto* service : ApiServices()) linked.insert(service->full_name());
  EXPECT_EQ(linked, described);
}

TEST(OpenApiTest, EveryReferenceLeadsSomewhere) {
  int references = 0;
  ForEachObject(Document(), [&references](const json& object) {
    if (!object.contains("$ref")) return;
    ++references;
    EXPECT_FALSE(Resolve(object).is_null()) << object;
  });
  EXPECT_GT(references, 200);
}

TEST(OpenApiTest, OperationsHaveNamesOfTheirOwnAnswersAndDescriptions) {
  std::set<std::string> ids;
  int described = 0;
  for (const auto& [path, item] : Document()["paths"].items()) {
    for (const auto& [verb, operation] : item.items()) {
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path;
      EXPECT_TRUE(operation["responses"].contains("200")) << path;
      EXPECT_TRUE(operation["responses"].contains("default")) << path;
      if (operation["description"] != "") ++described;
    }
  }
  EXPECT_GT(described, 40);
  EXPECT_THAT(std::string(Document()["paths"]["/v1/TakedownService/Undo"]
                                    ["post"]["description"]),
              HasSubstr("Takes the last decision under this lease back"));
}

TEST(OpenApiTest, StreamsAndUploadsAreTold) {
  const json& scan = Document()["paths"]["/v1/ScanService/Scan"]["post"];
  const json& body = scan["requestBody"]["content"];
  EXPECT_TRUE(body.contains("application/x-ndjson"));
  EXPECT_TRUE(body.contains("application/octet-stream"));
  EXPECT_TRUE(
      scan["responses"]["200"]["content"].contains("application/x-ndjson"));
  EXPECT_EQ(scan["x-streams"], true);
  const json& lease = Document()["paths"]["/v1/TakedownService/Lease"]["post"];
  EXPECT_TRUE(lease["requestBody"]["content"].contains("application/json"));
  EXPECT_FALSE(lease.contains("x-streams"));
}

TEST(OpenApiTest, WhatTheGatewayWritesIsWhatTheSchemasAllow) {
  const json& schemas = Document()["components"]["schemas"];
  int checked = 0;
  for (const auto* service : ApiServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      for (const auto* type : {service->method(i)->input_type(),
                               service->method(i)->output_type()}) {
        const auto message = NewMessage(*type);
        Fill(*message, 4);
        const std::string text = WriteJson(*message);
        EXPECT_EQ(Mismatch(json::parse(text), schemas[type->name()]), "")
            << type->name();
        // And it is read as it was written.
        const auto again = NewMessage(*type);
        const absl::Status read = ReadJson(text, *again);
        EXPECT_TRUE(read.ok()) << read;
        EXPECT_EQ(again->SerializeAsString(), message->SerializeAsString())
            << type->name();
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 120);
}

TEST(OpenApiTest, TheCheckAboveFindsWhatIsWrong) {
  const json& schema = Document()["components"]["schemas"]["Case"];
  EXPECT_NE(Mismatch({{"caseID", "x"}}, schema), "");
  EXPECT_NE(Mismatch({{"caseId", 1}}, schema), "");
  EXPECT_NE(Mismatch({{"state", "LEASED"}}, schema), "");
  EXPECT_NE(Mismatch({{"priority", "1"}}, schema), "");
  EXPECT_EQ(Mismatch({{"state", "STATE_LEASED"}}, schema), "");
}

TEST(OpenApiTest, WhatIsNoDescriptorIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(MakeOpenApi("\xff").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeOpenApi("").status()));
}

}  // namespace
}  // namespace lenscap
