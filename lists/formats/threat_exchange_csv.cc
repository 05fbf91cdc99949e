// What python-threatexchange's command line prints and reads: CSV under the
// header "signal_type,signal_str,collab,category,tags", or lines of
// "signal_type signal_str". Written as CSV, with a tag "entry:ID" that keeps
// the signals of an entry together.

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/text_lines.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

constexpr absl::string_view kEntryTag = "entry:";

// One signal; fields that a line does not have are empty.
struct Row {
  std::string type;
  std::string signal;
  std::string category;
  std::string tags;
};

absl::StatusOr<bool> AddSignal(const Row& row, Clip* clip) {
  absl::Status added;
  if (row.type == "pdq") {
    added = AddPicture(row.signal, 100, clip);
  } else if (row.type == "vpdq") {
    added = SetVpdqJson(row.signal, clip);
  } else if (row.type == "video_md5" || row.type == "photo_md5") {
    added = AddMd5(row.signal, clip);
  } else {
    return false;
  }
  RETURN_IF_ERROR(added);
  return true;
}

class ThreatExchangeCsvSource final : public RowSource {
 public:
  ThreatExchangeCsvSource(std::istream& input, const ReadOptions& options,
                          LossReport* losses)
      : lines_(input), options_(options), losses_(losses) {}

 protected:
  absl::StatusOr<std::optional<SignalRow>> NextRow() override {
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Row> row, ReadRow());
      if (!row) return std::nullopt;
      SignalRow found;
      EntryChange& change = found.change;
      change.clip = NewClip(options_);
      const absl::StatusOr<bool> known = AddSignal(*row, &change.clip);
      if (!known.ok()) {
        return lines_.Invalid(row->type, ": ", known.status().message());
      }
      if (!*known) {
        losses_->Add(absl::StrCat("whole signal: nothing is known of type ",
                                  QuotedField(row->type)),
                     "");
        continue;
      }
      if (!IsUtf8(row->tags)) return lines_.Invalid("tags: no UTF-8");
      change.clip.entry_id = IdOfSignals(change.clip);
      found.named = ReadTags(row->tags, &change.clip);
      if (row->category == "NEGATIVE_CLASS") {
        losses_->Add("whole signal: of the negative class",
                     change.clip.entry_id);
        continue;
      }
      if (row->category == "POSITIVE_CLASS") {
        change.clip.severity = Severity::kConfirmed;
      } else if (row->category == "INVESTIGATION_SEED") {
        change.clip.severity = Severity::kSuspected;
      }
      return found;
    }
  }
  std::string Where() const override {
    return absl::StrCat("line ", lines_.number());
  }

 private:
  absl::StatusOr<std::optional<Row>> ReadRow() {
    if (columns_.empty()) {
      ASSIGN_OR_RETURN(const auto line, lines_.Next());
      if (!line) return std::nullopt;
      const bool header =
          lines_.number() == 1 && absl::StrContains(*line, "signal_str");
      if (!header) return SplitLine(*line);
      columns_ = absl::StrSplit(*line, ',');
      if (std::count(columns_.begin(), columns_.end(), "signal_type") != 1 ||
          std::count(columns_.begin(), columns_.end(), "signal_str") != 1) {
        return lines_.Invalid("expected columns signal_type and signal_str");
      }
    }
    ASSIGN_OR_RETURN(const auto fields, NextCsvRecord(lines_));
    if (!fields) return std::nullopt;
    if (fields->size() != columns_.size()) {
      return lines_.Invalid("expected ", columns_.size(), " fields, got ",
                            fields->size());
    }
    Row row;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string& value = (*fields)[i];
      if (columns_[i] == "signal_type") row.type = value;
      if (columns_[i] == "signal_str") row.signal = value;
      if (columns_[i] == "category") row.category = value;
      if (columns_[i] == "tags") row.tags = value;
    }
    return row;
  }

  absl::StatusOr<std::optional<Row>> SplitLine(absl::string_view line) {
    const size_t space = line.find(' ');
    if (space == absl::string_view::npos) {
      return lines_.Invalid("expected a signal's type, a space and the signal");
    }
    Row row;
    row.type = std::string(line.substr(0, space));
    row.signal = std::string(line.substr(space + 1));
    return row;
  }

  // Whether they name the entry.
  bool ReadTags(absl::string_view tags, Clip* clip) {
    bool named = false;
    for (absl::string_view tag : absl::StrSplit(tags, ' ', absl::SkipEmpty())) {
      absl::string_view id = tag;
      if (!named && absl::ConsumePrefix(&id, kEntryTag) &&
          CheckEntryId(id).ok()) {
        clip->entry_id = std::string(id);
        named = true;
      } else if (clip->terms.category.empty() && tag.size() <= 64) {
        clip->terms.category = std::string(tag);
      } else {
        losses_->Add("tags: an entry has one category, of at most 64 bytes",
                     clip->entry_id);
      }
    }
    return named;
  }

  TextLines lines_;
  const ReadOptions options_;
  LossReport* const losses_;
  std::vector<std::string> columns_;  // Empty: lines without a header.
};

class ThreatExchangeCsvSink final : public FormatWriter {
 public:
  ThreatExchangeCsvSink(std::ostream& output, const WriteOptions& options,
                        LossReport* losses)
      : FormatWriter(ListFormat::kThreatExchangeCsv, output, losses),
        collab_(CsvField(options.list_id)) {
    output_ << "signal_type,signal_str,collab,category,tags\r\n";
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    const bool picture = IsPicture(told);
    if (picture) {
      WriteRow(told, "pdq", ToHex(told.frames[0].hash));
    } else if (!told.frames.empty()) {
      WriteRow(told, "vpdq", FormatVpdqJson(told.frames));
    }
    if (told.md5) {
      WriteRow(told, picture ? "photo_md5" : "video_md5", ToHex(*told.md5));
    }
    return absl::OkStatus();
  }

 private:
  void WriteRow(const Clip& told, absl::string_view type,
                absl::string_view signal) {
    std::string tags = absl::StrCat(kEntryTag, told.entry_id);
    if (!told.terms.category.empty()) {
      absl::StrAppend(&tags, " ", told.terms.category);
    }
    output_ << type << ',' << CsvField(signal) << ',' << collab_ << ','
            << (told.severity == Severity::kSuspected ? "INVESTIGATION_SEED"
                                                      : "POSITIVE_CLASS")
            << ',' << CsvField(tags) << "\r\n";
  }

  const std::string collab_;
};

}  // namespace

Source ReadThreatExchangeCsv(std::istream& input, const ReadOptions& options,
                             LossReport* losses) {
  return std::make_unique<ThreatExchangeCsvSource>(input, options, losses);
}

Sink WriteThreatExchangeCsv(std::ostream& output, const WriteOptions& options,
                            LossReport* losses) {
  return std::make_unique<ThreatExchangeCsvSink>(output, options, losses);
}

}  // namespace lenscap
