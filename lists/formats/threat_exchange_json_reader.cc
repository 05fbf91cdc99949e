// ThreatExchange's answers {"data": [...]}, each element one signal in the form
// of /threat_updates or of /threat_descriptors.

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/threat_exchange_severity.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using nlohmann::json;

constexpr char kReason[] = "deleted in ThreatExchange";

// These tell what kind of media a digest is of, nothing about it.
bool IsMediaTag(absl::string_view tag) {
  return tag == "media_type_photo" || tag == "media_type_video";
}

// What one element says.
struct Element {
  std::string id;
  std::string type;
  std::string indicator;
  bool deleted = false;
};

absl::StatusOr<Element> ReadElement(const json& value) {
  if (!value.is_object()) {
    return absl::InvalidArgumentError("expected an object");
  }
  Element element;
  const auto id = value.find("id");
  if (id != value.end() && id->is_number_unsigned()) {
    element.id = absl::StrCat(id->get<uint64_t>());
  } else {
    ASSIGN_OR_RETURN(element.id, JsonString(value, "id"));
  }
  RETURN_IF_ERROR(CheckEntryId(element.id));
  if (const auto deleted = value.find("should_delete");
      deleted != value.end()) {
    element.deleted = *deleted == true;
  }
  if (element.deleted) return element;
  // A descriptor has the indicator as "raw_indicator", or as an object with
  // text and type.
  const json* at = &value;
  if (const auto nested = value.find("indicator");
      nested != value.end() && nested->is_object()) {
    at = &*nested;
  }
  const bool raw = value.contains("raw_indicator");
  ASSIGN_OR_RETURN(element.indicator, raw ? JsonString(value, "raw_indicator")
                                          : JsonString(*at, "indicator"));
  ASSIGN_OR_RETURN(element.type, at->contains("type")
                                     ? JsonString(*at, "type")
                                     : JsonString(value, "type"));
  return element;
}

std::vector<std::string> TagsOf(const json& descriptor) {
  std::vector<std::string> tags;
  auto list = descriptor.find("tags");
  if (list == descriptor.end()) return tags;
  const json* array = &*list;
  if (array->is_object() && array->contains("data")) array = &(*array)["data"];
  if (!array->is_array()) return tags;
  for (const json& tag : *array) {
    const json* text = &tag;
    if (tag.is_object() && tag.contains("text")) text = &tag["text"];
    if (text->is_string()) tags.push_back(text->get<std::string>());
  }
  return tags;
}

absl::StatusOr<bool> AddIndicator(const Element& element, Clip* clip) {
  const std::string& type = element.type;
  absl::Status added;
  if (type == "HASH_PDQ") {
    added = AddPicture(element.indicator, 100, clip);
  } else if (type == "HASH_VIDEO_VPDQ") {
    added = SetVpdqJson(element.indicator, clip);
  } else if (type == "HASH_MD5" || type == "HASH_VIDEO_MD5") {
    added = AddMd5(element.indicator, clip);
  } else if (type == "HASH_SHA1") {
    added = AddSha1(element.indicator, clip);
  } else if (type == "HASH_SHA256") {
    added = AddSha256(element.indicator, clip);
  } else {
    return false;
  }
  if (!added.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("indicator: ", added.message()));
  }
  return true;
}

class ThreatExchangeJsonSource final : public RowSource {
 public:
  ThreatExchangeJsonSource(std::istream& input, const ReadOptions& options,
                           LossReport* losses)
      : input_(input), options_(options), losses_(losses) {}

 protected:
  absl::StatusOr<std::optional<SignalRow>> NextRow() override {
    if (!read_) RETURN_IF_ERROR(Read());
    const json& data = document_["data"];
    while (next_ < data.size()) {
      at_ = next_++;
      auto row = ReadRow(data[at_]);
      if (!row.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(Where(), ": ", row.status().message()));
      }
      if (*row) return SignalRow{.change = **std::move(row), .named = true};
    }
    return std::nullopt;
  }
  std::string Where() const override { return absl::StrCat("data[", at_, "]"); }

 private:
  absl::Status Read() {
    ASSIGN_OR_RETURN(const std::string text, ReadDocument(input_));
    ASSIGN_OR_RETURN(document_, ParseJson(text));
    if (!document_.is_object() || !document_.contains("data") ||
        !document_["data"].is_array()) {
      return absl::InvalidArgumentError("data: expected an array");
    }
    if (const auto paging = document_.find("paging");
        paging != document_.end() && paging->is_object() &&
        paging->contains("next")) {
      losses_->Add("further pages: the document is one of several", "");
    }
    read_ = true;
    return absl::OkStatus();
  }

  // Nothing for what is left out.
  absl::StatusOr<std::optional<EntryChange>> ReadRow(const json& value) {
    ASSIGN_OR_RETURN(const Element element, ReadElement(value));
    if (element.deleted) return Withdrawal(options_, element.id, kReason);
    EntryChange row;
    row.clip = NewClip(options_);
    row.clip.entry_id = element.id;
    ASSIGN_OR_RETURN(const bool known, AddIndicator(element, &row.clip));
    if (!known) {
      losses_->Add(absl::StrCat("whole signal: nothing is known of type ",
                                QuotedField(element.type)),
                   element.id);
      return std::nullopt;
    }
    ASSIGN_OR_RETURN(const bool harmful, ReadOpinions(value, &row.clip));
    if (harmful) return row;
    losses_->Add("whole signal: somebody says NON_MALICIOUS", element.id);
    return std::nullopt;
  }

  // What descriptors say of the indicator. False where one of them says that
  // it is harmless.
  absl::StatusOr<bool> ReadOpinions(const json& value, Clip* clip) {
    const auto rollup = value.find("descriptors");
    if (rollup == value.end()) return ReadOpinion(value, clip);
    if (!rollup->is_object() || !rollup->contains("data") ||
        !(*rollup)["data"].is_array()) {
      return absl::InvalidArgumentError("descriptors.data: expected an array");
    }
    for (const json& descriptor : (*rollup)["data"]) {
      if (!descriptor.is_object()) {
        return absl::InvalidArgumentError("descriptors.data: expected objects");
      }
      ASSIGN_OR_RETURN(const bool harmful, ReadOpinion(descriptor, clip));
      if (!harmful) return false;
    }
    return true;
  }

  absl::StatusOr<bool> ReadOpinion(const json& descriptor, Clip* clip) {
    ASSIGN_OR_RETURN(const std::string status,
                     OptionalJsonString(descriptor, "status"));
    if (status == "NON_MALICIOUS") return false;
    ASSIGN_OR_RETURN(const std::string severity,
                     OptionalJsonString(descriptor, "severity"));
    for (const auto& [word, meaning] : kThreatExchangeSeverities) {
      if (severity == word) clip->severity = meaning;
    }
    if (const auto time = descriptor.find("expire_time");
        time != descriptor.end() && time->is_number_unsigned()) {
      const uint64_t seconds = time->get<uint64_t>();
      // Until the year 9999, as RFC 3339 has it; 0 is never.
      if (seconds > 253'402'300'799) {
        return absl::InvalidArgumentError("expire_time: too far away");
      }
      if (seconds > 0) {
        clip->terms.expires =
            absl::FromUnixSeconds(static_cast<int64_t>(seconds));
      }
    }
    ReadTags(descriptor, clip);
    return true;
  }

  void ReadTags(const json& descriptor, Clip* clip) {
    for (std::string& tag : TagsOf(descriptor)) {
      std::string& category = clip->terms.category;
      if (IsMediaTag(tag) || tag == category) continue;
      if (category.empty() && tag.size() <= 64) {
        category = std::move(tag);
      } else {
        losses_->Add("tags: an entry has one category, of at most 64 bytes",
                     clip->entry_id);
      }
    }
  }

  std::istream& input_;
  const ReadOptions options_;
  LossReport* const losses_;
  bool read_ = false;
  json document_;
  size_t next_ = 0;
  size_t at_ = 0;  // The element that was read last.
};

}  // namespace

Source ReadThreatExchangeJson(std::istream& input, const ReadOptions& options,
                              LossReport* losses) {
  return std::make_unique<ThreatExchangeJsonSource>(input, options, losses);
}

}  // namespace lenscap
