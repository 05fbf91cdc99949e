// "hash", "hash,quality" or "hash,quality,file" a line, perhaps under a header;
// the last is what the reference's pdq-photo-hasher prints.

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "fingerprint/hash256.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/text_lines.h"
#include "lists/strict_json.h"

namespace lenscap {
namespace {

struct PdqLine {
  std::string hash;
  int quality = 100;
  std::string file;
};

bool IsHeader(absl::string_view line) {
  return absl::StartsWithIgnoreCase(line, "hash,") ||
         absl::EqualsIgnoreCase(line, "hash");
}

class PdqTextSource final : public EntryChangeSource {
 public:
  PdqTextSource(std::istream& input, const ReadOptions& options,
                LossReport* losses)
      : lines_(input, 64 * 1024), options_(options), losses_(losses) {}

  // Lines of the same file that follow each other are one entry.
  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (!ahead_) {
      ASSIGN_OR_RETURN(ahead_, NextLine());
    }
    if (!ahead_) return std::nullopt;
    EntryChange entry;
    entry.clip = NewClip(options_);
    const std::string file = ahead_->file;
    do {
      const absl::Status added =
          AddPicture(ahead_->hash, ahead_->quality, &entry.clip);
      if (!added.ok()) return lines_.Invalid(added.message());
      ASSIGN_OR_RETURN(ahead_, NextLine());
    } while (ahead_ && !file.empty() && ahead_->file == file);
    entry.clip.entry_id = IdOrName(file, entry.clip, losses_);
    return entry;
  }

 private:
  absl::StatusOr<std::optional<PdqLine>> NextLine() {
    ASSIGN_OR_RETURN(std::optional<std::string> text, lines_.Next());
    if (text && lines_.number() == 1 && IsHeader(*text)) {
      ASSIGN_OR_RETURN(text, lines_.Next());
    }
    if (!text) return std::nullopt;
    // A file's name may have commas of its own.
    const std::vector<std::string> fields =
        absl::StrSplit(*text, absl::MaxSplits(',', 2));
    PdqLine line = {.hash = fields[0], .quality = 100, .file = {}};
    if (const auto hash = HashFromHex(line.hash); !hash.ok()) {
      return lines_.Invalid(hash.status().message());
    }
    if (fields.size() > 1 && (!absl::SimpleAtoi(fields[1], &line.quality) ||
                              line.quality < 0 || line.quality > 100)) {
      return lines_.Invalid("expected a quality from 0 to 100, got ",
                            QuotedField(fields[1]));
    }
    if (fields.size() > 2) line.file = fields[2];
    return line;
  }

  TextLines lines_;
  const ReadOptions options_;
  LossReport* const losses_;
  std::optional<PdqLine> ahead_;
};

class PdqTextSink final : public FormatWriter {
 public:
  PdqTextSink(std::ostream& output, LossReport* losses)
      : FormatWriter(ListFormat::kPdqText, output, losses) {}

 protected:
  absl::Status WriteClip(const Clip& told) override {
    for (const ReferenceFrame& frame : told.frames) {
      output_ << ToHex(frame.hash) << ',' << frame.quality << ','
              << told.entry_id << '\n';
    }
    return absl::OkStatus();
  }
};

}  // namespace

Source ReadPdqText(std::istream& input, const ReadOptions& options,
                   LossReport* losses) {
  return std::make_unique<PdqTextSource>(input, options, losses);
}

Sink WritePdqText(std::ostream& output, LossReport* losses) {
  return std::make_unique<PdqTextSink>(output, losses);
}

}  // namespace lenscap
