// Digests as CSV under a header that names the columns "md5", "sha1" and
// "sha256" (with or without '-' or '_', in any case and order), and perhaps
// "id", "name" or "file".

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/text_lines.h"

namespace lenscap {
namespace {

class DigestCsvSource final : public EntryChangeSource {
 public:
  DigestCsvSource(std::istream& input, const ReadOptions& options,
                  LossReport* losses)
      : lines_(input, 64 * 1024), options_(options), losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (columns_.empty()) RETURN_IF_ERROR(ReadHeader());
    ASSIGN_OR_RETURN(const auto fields, NextCsvRecord(lines_));
    if (!fields) return std::nullopt;
    if (fields->size() != columns_.size()) {
      return lines_.Invalid("expected ", columns_.size(), " fields, got ",
                            fields->size());
    }
    EntryChange entry;
    entry.clip = NewClip(options_);
    std::string name;
    bool has_more = false;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string& value = (*fields)[i];
      if (value.empty()) continue;
      const absl::Status added = Add(columns_[i], value, &entry.clip);
      if (!added.ok())
        return lines_.Invalid(columns_[i], ": ", added.message());
      if (columns_[i] == "id") name = value;
      has_more |= columns_[i] == "other";
    }
    if (HasNoSignals(entry.clip)) return lines_.Invalid("no digest");
    entry.clip.entry_id = IdOrName(name, entry.clip, losses_);
    if (has_more) {
      losses_->Add("other columns: an entry has no place for them",
                   entry.clip.entry_id);
    }
    return entry;
  }

 private:
  static absl::Status Add(absl::string_view column, absl::string_view value,
                          Clip* clip) {
    if (column == "md5") return AddMd5(value, clip);
    if (column == "sha1") return AddSha1(value, clip);
    if (column == "sha256") return AddSha256(value, clip);
    return absl::OkStatus();
  }

  absl::Status ReadHeader() {
    ASSIGN_OR_RETURN(const auto header, NextCsvRecord(lines_));
    bool has_digest = false;
    for (const std::string& field :
         header.value_or(std::vector<std::string>())) {
      std::string name = absl::StrReplaceAll(absl::AsciiStrToLower(field),
                                             {{"-", ""}, {"_", ""}});
      const bool digest = name == "md5" || name == "sha1" || name == "sha256";
      has_digest |= digest;
      const bool id = name == "id" || name == "name" || name == "file";
      columns_.push_back(digest ? name : id ? "id" : "other");
    }
    if (has_digest) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "line 1: expected a header that names a column md5, sha1 or sha256");
  }

  TextLines lines_;
  const ReadOptions options_;
  LossReport* const losses_;
  std::vector<std::string> columns_;
};

class DigestCsvSink final : public FormatWriter {
 public:
  DigestCsvSink(std::ostream& output, LossReport* losses)
      : FormatWriter(ListFormat::kDigestCsv, output, losses) {
    output_ << "id,md5,sha1,sha256\n";
  }

 protected:
  absl::Status WriteClip(const Clip& told) override {
    output_ << told.entry_id << ',' << (told.md5 ? ToHex(*told.md5) : "") << ','
            << (told.sha1 ? ToHex(*told.sha1) : "") << ','
            << (told.sha256 ? ToHex(*told.sha256) : "") << '\n';
    return absl::OkStatus();
  }
};

}  // namespace

Source ReadDigestCsv(std::istream& input, const ReadOptions& options,
                     LossReport* losses) {
  return std::make_unique<DigestCsvSource>(input, options, losses);
}

Sink WriteDigestCsv(std::ostream& output, LossReport* losses) {
  return std::make_unique<DigestCsvSink>(output, losses);
}

}  // namespace lenscap
