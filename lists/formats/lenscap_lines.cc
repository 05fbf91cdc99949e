// The entries of lists/LISTS.md, one a line; an envelope in front of them is
// passed over, for who has the whole of a signed list.

#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "lists/entry_line.h"
#include "lists/envelope_line.h"
#include "lists/formats/parts.h"
#include "lists/formats/text_lines.h"

namespace lenscap {
namespace {

class LenscapSource final : public EntryChangeSource {
 public:
  LenscapSource(std::istream& input, const ReadOptions& options)
      : lines_(input, kMaxEntryBytes), options_(options) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    ASSIGN_OR_RETURN(std::optional<std::string> line, lines_.Next());
    if (line && lines_.number() == 1 && line->size() <= kMaxEnvelopeBytes &&
        ParseEnvelope(*line).ok()) {
      ASSIGN_OR_RETURN(line, lines_.Next());
    }
    if (!line) return std::nullopt;
    absl::StatusOr<EntryChange> change = ParseEntry(*line, options_.list_id);
    if (!change.ok()) return lines_.Invalid(change.status().message());
    return *std::move(change);
  }

 private:
  TextLines lines_;
  const ReadOptions options_;
};

class LenscapSink final : public FormatWriter {
 public:
  LenscapSink(std::ostream& output, LossReport* losses)
      : FormatWriter(ListFormat::kLenscap, output, losses) {}

 protected:
  absl::Status WriteClip(const Clip& told) override {
    EntryChange change;
    change.clip = told;
    return WriteLine(change);
  }
  absl::Status WriteWithdrawal(const EntryChange& change) override {
    return WriteLine(change);
  }

 private:
  absl::Status WriteLine(const EntryChange& change) {
    ASSIGN_OR_RETURN(const EntryLine line, FormatEntry(change));
    output_ << line.text << '\n';
    return OutputStatus();
  }
};

}  // namespace

Source ReadLenscapLines(std::istream& input, const ReadOptions& options) {
  return std::make_unique<LenscapSource>(input, options);
}

Sink WriteLenscapLines(std::ostream& output, LossReport* losses) {
  return std::make_unique<LenscapSink>(output, losses);
}

}  // namespace lenscap
