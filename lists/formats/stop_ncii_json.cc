// The answers of StopNCII's FetchHashes: {"hashRecords": [...]}, each record
// one hash. A hash has no id of its own, so it is its own id, and an entry with
// two becomes two.

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

using nlohmann::json;

constexpr char kReason[] = "withdrawn in StopNCII";

class StopNciiJsonSource final : public EntryChangeSource {
 public:
  StopNciiJsonSource(std::istream& input, const ReadOptions& options,
                     LossReport* losses)
      : input_(input), options_(options), losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (!read_) RETURN_IF_ERROR(Read());
    const json& records = document_["hashRecords"];
    while (next_ < records.size()) {
      auto change = ReadRecord(records[next_]);
      if (!change.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(
            "hashRecords[", next_, "].", change.status().message()));
      }
      ++next_;
      if (*change) return change;
    }
    return std::nullopt;
  }

 private:
  absl::Status Read() {
    ASSIGN_OR_RETURN(const std::string text, ReadDocument(input_));
    ASSIGN_OR_RETURN(document_, ParseJson(text));
    if (!document_.is_object() || !document_.contains("hashRecords") ||
        !document_["hashRecords"].is_array()) {
      return absl::InvalidArgumentError("hashRecords: expected an array");
    }
    if (const auto more = document_.find("hasMoreRecords");
        more != document_.end() && *more == true) {
      losses_->Add("further pages: the document is one of several", "");
    }
    read_ = true;
    return absl::OkStatus();
  }

  // Nothing for what is left out.
  absl::StatusOr<std::optional<EntryChange>> ReadRecord(const json& record) {
    if (!record.is_object()) {
      return absl::InvalidArgumentError("expected an object");
    }
    ASSIGN_OR_RETURN(const std::string type, JsonString(record, "signalType"));
    ASSIGN_OR_RETURN(const std::string value, JsonString(record, "hashValue"));
    ASSIGN_OR_RETURN(const std::string status,
                     OptionalJsonString(record, "hashStatus"));
    EntryChange change;
    change.clip = NewClip(options_);
    absl::Status added;
    if (type == "ImagePDQ") {
      added = AddPicture(value, 100, &change.clip);
    } else if (type == "VideoMD5") {
      added = AddMd5(value, &change.clip);
    } else {
      losses_->Add(absl::StrCat("whole entry: nothing is known of signal type ",
                                QuotedField(type)),
                   "");
      return std::nullopt;
    }
    if (!added.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("hashValue: ", added.message()));
    }
    change.clip.entry_id = IdOfSignals(change.clip);
    if (status == "Withdrawn" || status == "Deleted") {
      return Withdrawal(options_, change.clip.entry_id, kReason);
    }
    ReportRest(record, change.clip.entry_id);
    return change;
  }

  void ReportRest(const json& record, const std::string& id) {
    for (const char* name : {"caseNumbers", "CSPFeedbacks", "hashRegions"}) {
      const auto member = record.find(name);
      if (member != record.end() && !member->empty()) {
        losses_->Add(absl::StrCat(name, ": an entry has no place for them"),
                     id);
      }
    }
  }

  std::istream& input_;
  const ReadOptions options_;
  LossReport* const losses_;
  bool read_ = false;
  json document_;
  size_t next_ = 0;
};

class StopNciiJsonSink final : public FormatWriter {
 public:
  StopNciiJsonSink(std::ostream& output, const WriteOptions& options,
                   LossReport* losses)
      : FormatWriter(ListFormat::kStopNciiJson, output, losses),
        seconds_(absl::ToUnixSeconds(options.issued)) {
    output_ << "{\"hashRecords\": [";
  }

  absl::Status Finish() override {
    output_ << "\n], \"count\": " << count_
            << ", \"nextSetTimestamp\": " << seconds_
            << ", \"nextPageToken\": \"\", \"hasMoreRecords\": false}\n";
    return FormatWriter::Finish();
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    const bool both = !told.frames.empty() && told.md5;
    if (both || told.entry_id != IdOfSignals(told)) {
      losses()->Add("id: stopncii-json has none", told.entry_id);
    }
    if (!told.frames.empty()) {
      WriteRecord("ImagePDQ", ToHex(told.frames[0].hash), "Active");
    }
    if (told.md5) WriteRecord("VideoMD5", ToHex(*told.md5), "Active");
    return absl::OkStatus();
  }

  // Of a withdrawn entry there is only the id, which may say the hash.
  absl::Status WriteWithdrawal(const EntryChange& change) override {
    absl::string_view hex = change.clip.entry_id;
    Clip checked;
    if (absl::ConsumePrefix(&hex, "pdq:") &&
        AddPicture(hex, 100, &checked).ok()) {
      WriteRecord("ImagePDQ", hex, "Withdrawn");
    } else if (absl::ConsumePrefix(&hex, "md5:") &&
               AddMd5(hex, &checked).ok()) {
      WriteRecord("VideoMD5", hex, "Withdrawn");
    } else {
      losses()->Add(
          "withdrawal: stopncii-json tells it by the hash, which is not known",
          change.clip.entry_id);
    }
    return OutputStatus();
  }

 private:
  void WriteRecord(const char* type, absl::string_view value,
                   const char* status) {
    const json record = {{"lastModtimestamp", seconds_},
                         {"signalType", type},
                         {"hashValue", std::string(value)},
                         {"hashStatus", status},
                         {"caseNumbers", json::object()}};
    output_ << (count_++ == 0 ? "\n" : ",\n") << record.dump();
  }

  const int64_t seconds_;
  int64_t count_ = 0;
};

}  // namespace

Source ReadStopNciiJson(std::istream& input, const ReadOptions& options,
                        LossReport* losses) {
  return std::make_unique<StopNciiJsonSource>(input, options, losses);
}

Sink WriteStopNciiJson(std::ostream& output, const WriteOptions& options,
                       LossReport* losses) {
  return std::make_unique<StopNciiJsonSink>(output, options, losses);
}

}  // namespace lenscap
