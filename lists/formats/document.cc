#include "lists/formats/document.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "lists/formats/signals.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using nlohmann::json;

constexpr size_t kMaxLevels = 16;
constexpr int kMaxValues = 2'000'000;

// Sees a document go by before it is built, and stops at what is out of
// bounds.
class JsonCheck : public json::json_sax_t {
 public:
  std::string problem;

  bool null() override { return Count(); }
  bool boolean(bool) override { return Count(); }
  bool number_integer(number_integer_t) override { return Count(); }
  bool number_unsigned(number_unsigned_t) override { return Count(); }
  bool number_float(number_float_t, const string_t&) override {
    return Count();
  }
  bool string(string_t&) override { return Count(); }
  bool binary(binary_t&) override { return Count(); }
  bool start_object(size_t) override {
    names_.emplace_back();
    return Enter();
  }
  bool end_object() override {
    names_.pop_back();
    return true;
  }
  bool start_array(size_t) override {
    names_.emplace_back();
    return Enter();
  }
  bool end_array() override { return end_object(); }
  bool key(string_t& name) override {
    if (names_.back().insert(name).second) return true;
    return Stop("a member is there twice: ", QuotedField(name));
  }
  bool parse_error(size_t position, const std::string&,
                   const json::exception&) override {
    return Stop("byte ", position, ": no JSON");
  }

 private:
  template <typename... What>
  bool Stop(const What&... what) {
    problem = absl::StrCat(what...);
    return false;
  }
  bool Count() {
    if (++values_ <= kMaxValues) return true;
    return Stop("more than ", kMaxValues, " values");
  }
  bool Enter() {
    if (names_.size() <= kMaxLevels) return Count();
    return Stop("nested deeper than ", kMaxLevels, " levels");
  }

  std::vector<std::set<std::string>> names_;  // Of every open level.
  int values_ = 0;
};

}  // namespace

absl::StatusOr<std::string> ReadDocument(std::istream& input,
                                         size_t max_bytes) {
  std::string text;
  std::vector<char> buffer(64 * 1024);
  while (input) {
    input.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<size_t>(input.gcount()));
    if (text.size() > max_bytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("the document has more than ", max_bytes, " bytes"));
    }
  }
  if (input.bad()) return absl::DataLossError("the input cannot be read");
  return text;
}

absl::StatusOr<json> ParseJson(absl::string_view text) {
  JsonCheck check;
  if (!json::sax_parse(text.begin(), text.end(), &check)) {
    return absl::InvalidArgumentError(check.problem);
  }
  return json::parse(text.begin(), text.end(), nullptr, false);
}

absl::StatusOr<std::string> JsonString(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": is missing"));
  }
  if (!member->is_string()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": expected a string, got ", member->type_name()));
  }
  return member->get<std::string>();
}

absl::StatusOr<std::string> OptionalJsonString(const json& object,
                                               const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || member->is_null()) return std::string();
  return JsonString(object, name);
}

bool IsUtf8(absl::string_view text) {
  // A string in JSON is valid where its text is; what JSON would escape plays
  // no part.
  std::string quoted = "\"";
  for (const char c : text) {
    const bool plain =
        static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    quoted += plain ? c : ' ';
  }
  return json::accept(quoted + '"');
}

}  // namespace lenscap
