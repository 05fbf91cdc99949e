#include "lists/strict_json.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDepth = 8;
constexpr size_t kTimeBytes = 20;
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";

// Builds the value out of what nlohmann's parser reports. A function answers
// false to end the parse.
class Builder {
 public:
  explicit Builder(size_t max_values) : max_values_(max_values) {}

  bool null() { return Put(nullptr) != nullptr; }
  bool boolean(bool value) { return Put(value) != nullptr; }
  bool number_integer(int64_t value) { return Put(value) != nullptr; }
  bool number_unsigned(uint64_t value) { return Put(value) != nullptr; }
  bool number_float(double, const std::string& text) {
    return Fail("expected a whole number, got ", QuotedField(text));
  }
  bool string(std::string& value) { return Put(std::move(value)) != nullptr; }
  bool binary(Json::binary_t&) { return Fail("binary"); }
  bool start_object(size_t) { return Open(Json::object()); }
  bool start_array(size_t) { return Open(Json::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    auto* const members = open_.back()->get_ptr<Json::object_t*>();
    const auto [it, added] = members->emplace(name, nullptr);
    if (!added) return Fail(QuotedField(name), ": it is there twice");
    slot_ = &it->second;
    return true;
  }

  bool parse_error(size_t at, const std::string& token,
                   const Json::exception&) {
    return Fail("it is not JSON at byte ", at, ", near ", QuotedField(token));
  }

  absl::StatusOr<Json> Finish() && {
    if (!status_.ok()) return status_;
    return std::move(root_);
  }

 private:
  template <typename... What>
  bool Fail(const What&... what) {
    status_ = InvalidField(what...);
    return false;
  }

  template <typename Value>
  Json* Put(Value&& value) {
    if (++values_ > max_values_) {
      Fail("it has more than ", max_values_, " values");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::forward<Value>(value);
      return &root_;
    }
    if (auto* const array = open_.back()->get_ptr<Json::array_t*>()) {
      array->emplace_back(std::forward<Value>(value));
      return &array->back();
    }
    *slot_ = std::forward<Value>(value);
    return slot_;
  }

  bool Open(Json value) {
    if (open_.size() == kMaxDepth) {
      return Fail("it nests deeper than ", kMaxDepth);
    }
    Json* const opened = Put(std::move(value));
    if (opened != nullptr) open_.push_back(opened);
    return opened != nullptr;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  const size_t max_values_;
  size_t values_ = 0;
  Json root_;
  std::vector<Json*> open_;  // From the root in.
  Json* slot_ = nullptr;     // Of the member that was named last.
  absl::Status status_;
};

}  // namespace

std::string QuotedField(absl::string_view text) {
  const absl::string_view start = text.substr(0, 60);
  return absl::StrCat("\"", absl::CHexEscape(start),
                      start.size() < text.size() ? "\"..." : "\"");
}

absl::StatusOr<Json> ParseStrictJson(absl::string_view text,
                                     size_t max_values) {
  Builder builder(max_values);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).Finish();
}

absl::StatusOr<std::string> CanonicalJson(const Json& value) {
  try {
    return value.dump();
  } catch (const Json::type_error&) {
    return InvalidField("it has text that is not UTF-8");
  }
}

absl::StatusOr<JsonFields> JsonFields::Of(const Json& value, std::string path) {
  if (value.is_object()) return JsonFields(&value, std::move(path));
  if (!path.empty() && path.back() == '.') path.pop_back();
  return InvalidField(path, path.empty() ? "" : ": ",
                      "expected an object, got ", value.type_name());
}

const Json* JsonFields::Find(absl::string_view name) {
  const auto& members = *value_->get_ptr<const Json::object_t*>();
  const auto it = members.find(std::string(name));
  if (it == members.end()) return nullptr;
  if (std::find(found_.begin(), found_.end(), name) == found_.end()) {
    found_.push_back(it->first);
  }
  return &it->second;
}

absl::StatusOr<const Json*> JsonFields::Array(absl::string_view name) {
  const Json* const value = Find(name);
  if (value == nullptr) return InvalidField(path_, name, ": missing");
  if (value->is_array()) return value;
  return InvalidField(path_, name, ": expected an array, got ",
                      value->type_name());
}

absl::StatusOr<absl::string_view> JsonFields::Text(absl::string_view name) {
  const Json* const value = Find(name);
  if (value == nullptr) return InvalidField(path_, name, ": missing");
  if (const auto* text = value->get_ptr<const std::string*>()) return *text;
  return InvalidField(path_, name, ": expected text, got ", value->type_name());
}

absl::StatusOr<absl::string_view> JsonFields::Text(absl::string_view name,
                                                   size_t max_bytes) {
  ASSIGN_OR_RETURN(const absl::string_view text, Text(name));
  if (!text.empty() && text.size() <= max_bytes) return text;
  return InvalidField(path_, name, ": expected 1 to ", max_bytes,
                      " bytes, got ", text.size());
}

absl::StatusOr<int64_t> JsonFields::Integer(absl::string_view name, int64_t min,
                                            int64_t max) {
  const Json* const value = Find(name);
  if (value == nullptr) return InvalidField(path_, name, ": missing");
  if (!value->is_number_integer()) {
    return InvalidField(path_, name, ": expected a whole number, got ",
                        value->type_name());
  }
  // What is beyond int64_t becomes -1 or so, which the text shows as it was.
  const int64_t number = value->get<int64_t>();
  const bool wraps = value->is_number_unsigned() && number < 0;
  if (!wraps && number >= min && number <= max) return number;
  return InvalidField(path_, name, ": expected ", min, " to ", max, ", got ",
                      value->dump());
}

absl::StatusOr<absl::Time> JsonFields::Time(absl::string_view name) {
  ASSIGN_OR_RETURN(const absl::string_view text, Text(name));
  const auto time = ParseListTime(text);
  if (time.ok()) return time;
  return InvalidField(path_, name, ": ", time.status().message());
}

absl::StatusOr<std::vector<std::string>> JsonFields::Texts(
    absl::string_view name, size_t max_count, size_t max_bytes) {
  ASSIGN_OR_RETURN(const Json* const array, Array(name));
  if (array->size() > max_count) {
    return InvalidField(path_, name, ": expected at most ", max_count, ", got ",
                        array->size());
  }
  std::vector<std::string> texts;
  for (const Json& value : *array) {
    const auto* const text = value.get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->size() > max_bytes) {
      return InvalidField(path_, name, "[", texts.size(),
                          "]: expected text of ", "1 to ", max_bytes, " bytes");
    }
    texts.push_back(*text);
  }
  return texts;
}

absl::Status JsonFields::CheckNoneLeft() const {
  if (found_.size() == value_->size()) return absl::OkStatus();
  for (const auto& [name, member] : value_->items()) {
    if (std::find(found_.begin(), found_.end(), name) == found_.end()) {
      return InvalidField(path_, QuotedField(name), ": not known here");
    }
  }
  return absl::OkStatus();
}

std::string FormatListTime(absl::Time time) {
  return absl::FormatTime(kTimeFormat, time, absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> ParseListTime(absl::string_view text) {
  absl::Time time;
  std::string error;
  // Abseil's parser is lenient about digits and white space, and knows
  // "infinite-future".
  if (text.size() == kTimeBytes &&
      absl::ParseTime(kTimeFormat, text, absl::UTCTimeZone(), &time, &error) &&
      time >= absl::UnixEpoch() && FormatListTime(time) == text) {
    return time;
  }
  return InvalidField("expected a time such as 2026-01-31T23:59:59Z, got ",
                      QuotedField(text));
}

bool IsLowerHex(absl::string_view text, size_t digits) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace lenscap
