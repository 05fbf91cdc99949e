#include "services/web/openapi.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "nlohmann/json.hpp"
#include "services/web/api_services.h"
#include "services/web/door.h"
#include "services/web/openapi_schema.h"

namespace lenscap {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using nlohmann::json;

json Content(const char* type, json schema) {
  return {{type, {{"schema", std::move(schema)}}}};
}

json Response(const char* description, json content) {
  return {{"description", description}, {"content", std::move(content)}};
}

json ErrorReference() { return {{"$ref", "#/components/schemas/Error"}}; }

json DefaultResponse() { return {{"$ref", "#/components/responses/Error"}}; }

bool CarriesFile(const google::protobuf::Descriptor& message) {
  return message.FindFieldByName("header") != nullptr &&
         message.FindFieldByName("chunk") != nullptr;
}

json RequestBody(const MethodDescriptor& method, SchemaSet& schemas) {
  json schema = schemas.Refer(*method.input_type());
  if (!method.client_streaming()) {
    return {{"required", true},
            {"content", Content("application/json", std::move(schema))}};
  }
  json content = Content("application/x-ndjson", std::move(schema));
  if (CarriesFile(*method.input_type())) {
    content["application/octet-stream"] = {
        {"schema", {{"type", "string"}, {"contentEncoding", "binary"}}}};
  }
  return {{"required", true},
          {"description", "A line for each message, or the file as it is"},
          {"content", std::move(content)}};
}

json Reply(const MethodDescriptor& method, SchemaSet& schemas) {
  json schema = schemas.Refer(*method.output_type());
  if (!method.server_streaming()) {
    return Response("The reply", Content("application/json", schema));
  }
  const json line = {{"oneOf",
                      {{{"type", "object"},
                        {"properties", {{"result", std::move(schema)}}},
                        {"required", {"result"}}},
                       ErrorReference()}}};
  return Response(
      "A line for each message as it comes; where the call fails, the last "
      "line is an error",
      Content("application/x-ndjson", line));
}

json Parameters(const MethodDescriptor& method, SchemaSet& schemas) {
  json parameters = {{{"$ref", "#/components/parameters/Timeout"}}};
  if (method.client_streaming() && CarriesFile(*method.input_type())) {
    const auto* const header =
        method.input_type()->FindFieldByName("header")->message_type();
    parameters.push_back(
        {{"name", "Lenscap-Header"},
         {"in", "header"},
         {"description", "With application/octet-stream: what goes first"},
         {"content", Content("application/json", schemas.Refer(*header))}});
  }
  return parameters;
}

json Operation(const MethodDescriptor& method, SchemaSet& schemas) {
  const bool streams = method.client_streaming() || method.server_streaming();
  json operation = {
      {"operationId",
       absl::StrCat(method.service()->name(), "_", method.name())},
      {"tags", {method.service()->name()}},
      {"description", CommentOf(method)},
      {"parameters", Parameters(method, schemas)},
      {"requestBody", RequestBody(method, schemas)},
      {"responses",
       {{"200", Reply(method, schemas)}, {"default", DefaultResponse()}}}};
  if (streams) operation["x-streams"] = true;
  return operation;
}

json SessionPath() {
  const json standing = Response(
      "Who the caller is taken for",
      Content("application/json", {{"$ref", "#/components/schemas/Session"}}));
  const json sign_in = {{"type", "object"},
                        {"properties", {{"token", {{"type", "string"}}}}},
                        {"required", {"token"}},
                        {"additionalProperties", false}};
  const auto operation = [&](const char* id, const char* description) {
    return json{
        {"operationId", id},
        {"tags", {"Session"}},
        {"description", description},
        {"responses", {{"200", standing}, {"default", DefaultResponse()}}}};
  };
  json path = {
      {"get", operation("Session_Get", "Who the caller is taken for.")},
      {"post", operation("Session_Open", "Signs a browser in by a token.")},
      {"delete", operation("Session_Close", "Signs it out.")}};
  path["get"]["security"] = json::array({json::object()});
  path["post"]["security"] = json::array({json::object()});
  path["post"]["requestBody"] = {
      {"required", true}, {"content", Content("application/json", sign_in)}};
  path["delete"]["responses"]["200"] = {{"description", "Signed out"}};
  return path;
}

void AddOwnSchemas(json& schemas) {
  schemas["Error"] = {
      {"type", "object"},
      {"properties",
       {{"error",
         {{"type", "object"},
          {"properties",
           {{"code",
             {{"type", "string"},
              {"description", "A code of gRPC, such as ABORTED"}}},
            {"status", {{"type", "integer"}}},
            {"message", {{"type", "string"}}}}},
          {"required", {"code", "status", "message"}}}}}},
      {"required", {"error"}}};
  schemas["Session"] = {
      {"type", "object"},
      {"properties",
       {{"signedIn", {{"type", "boolean"}}},
        {"signInRequired", {{"type", "boolean"}}},
        {"local", {{"type", "boolean"}}},
        {"identity", {{"$ref", "#/components/schemas/Identity"}}},
        {"csrfToken", {{"type", "string"}}}}},
      {"required", {"signedIn", "signInRequired", "local"}}};
}

json SecuritySchemes() {
  return {
      {"bearer",
       {{"type", "http"},
        {"scheme", "bearer"},
        {"description", "A token: lc_ and 43 characters"}}},
      {"session",
       {{"type", "apiKey"},
        {"in", "cookie"},
        {"name", "__Host-lenscap-session"},
        {"description", "Of POST /session; lenscap-session in plain text"}}},
      {"csrf",
       {{"type", "apiKey"},
        {"in", "header"},
        {"name", kCsrfHeader},
        {"description",
         "The csrfToken of GET /session; also without a session, where "
         "nobody has to sign in"}}}};
}

json Components(json schemas) {
  AddOwnSchemas(schemas);
  return {
      {"schemas", std::move(schemas)},
      {"responses",
       {{"Error",
         Response("What went wrong; with Retry-After in seconds where it may "
                  "be tried again",
                  Content("application/json", ErrorReference()))}}},
      {"parameters",
       {{"Timeout",
         {{"name", "Grpc-Timeout"},
          {"in", "header"},
          {"description", "As gRPC has it, such as 5S or 200m"},
          {"schema",
           {{"type", "string"}, {"pattern", "^[0-9]{1,8}[HMSmun]$"}}}}}}},
      {"securitySchemes", SecuritySchemes()}};
}

}  // namespace

absl::StatusOr<std::string> MakeOpenApi(absl::string_view descriptors) {
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromArray(descriptors.data(),
                            static_cast<int>(descriptors.size()))) {
    return absl::InvalidArgumentError("these are no descriptors");
  }
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("no descriptor of ", file.name()));
    }
  }
  SchemaSet schemas;
  json paths = {{"/session", SessionPath()}};
  json tags = {{{"name", "Session"}}};
  for (const ServiceDescriptor* linked : ApiServices()) {
    // The one that is linked in has no comments.
    const auto* const service = pool.FindServiceByName(linked->full_name());
    if (service == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("no descriptor of ", linked->full_name()));
    }
    tags.push_back(
        {{"name", service->name()}, {"description", CommentOf(*service)}});
    for (int i = 0; i < service->method_count(); ++i) {
      paths[PathOf(*service->method(i))] = {
          {"post", Operation(*service->method(i), schemas)}};
    }
  }
  const json document = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "lenscap"},
        {"version", "v1"},
        {"description",
         "Every RPC of lenscap.v1 as POST /v1/SERVICE/METHOD with proto3 "
         "JSON."}}},
      {"security",
       {{{"bearer", json::array()}},
        {{"session", json::array()}, {"csrf", json::array()}},
        {{"csrf", json::array()}}}},
      {"tags", std::move(tags)},
      {"paths", std::move(paths)},
      {"components", Components(schemas.schemas())}};
  return document.dump();
}

}  // namespace lenscap
