// "frame number,quality,hash,seconds" a line, as index/hash_text.h has it: one
// video a file, which does not say which.

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/hash_text.h"
#include "lists/formats/document.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/text_lines.h"

namespace lenscap {
namespace {

class VpdqTextSource final : public EntryChangeSource {
 public:
  VpdqTextSource(std::istream& input, const ReadOptions& options)
      : input_(input), options_(options) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (std::exchange(done_, true)) return std::nullopt;
    RETURN_IF_ERROR(CheckEntryId(options_.entry_id));
    ASSIGN_OR_RETURN(const std::string text,
                     ReadDocument(input_, kMaxLineBytes));
    EntryChange entry;
    entry.clip = NewClip(options_);
    entry.clip.entry_id = options_.entry_id;
    ASSIGN_OR_RETURN(entry.clip.frames, ParseVpdqText(text));
    if (entry.clip.frames.empty()) {
      return absl::InvalidArgumentError("line 1: no frames");
    }
    entry.clip.duration = entry.clip.frames.back().time;
    return entry;
  }

 private:
  std::istream& input_;
  const ReadOptions options_;
  bool done_ = false;
};

class VpdqTextSink final : public FormatWriter {
 public:
  VpdqTextSink(std::ostream& output, LossReport* losses)
      : FormatWriter(ListFormat::kVpdqText, output, losses) {}

 protected:
  absl::Status WriteClip(const Clip& told) override {
    if (std::exchange(written_, true)) {
      return absl::FailedPreconditionError(
          absl::StrCat("vPDQ text has one entry a file, and ", told.entry_id,
                       " is a second one"));
    }
    output_ << FormatVpdqText(told.frames);
    return absl::OkStatus();
  }

 private:
  bool written_ = false;
};

}  // namespace

Source ReadVpdqText(std::istream& input, const ReadOptions& options) {
  return std::make_unique<VpdqTextSource>(input, options);
}

Sink WriteVpdqText(std::ostream& output, LossReport* losses) {
  return std::make_unique<VpdqTextSink>(output, losses);
}

}  // namespace lenscap
