// Plain lists of digests: bare ones, and as md5sum, sha1sum and sha256sum print
// them, "digest  name" or "digest *name". Lines that begin with '#' are
// comments.

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "lists/formats/parts.h"
#include "lists/formats/signals.h"
#include "lists/formats/text_lines.h"

namespace lenscap {
namespace {

absl::Status AddDigest(ListFormat format, absl::string_view hex, Clip* clip) {
  switch (format) {
    case ListFormat::kMd5Text:
      return AddMd5(hex, clip);
    case ListFormat::kSha1Text:
      return AddSha1(hex, clip);
    default:
      return AddSha256(hex, clip);
  }
}

std::string DigestOf(ListFormat format, const Clip& clip) {
  switch (format) {
    case ListFormat::kMd5Text:
      return ToHex(*clip.md5);
    case ListFormat::kSha1Text:
      return ToHex(*clip.sha1);
    default:
      return ToHex(*clip.sha256);
  }
}

class DigestTextSource final : public EntryChangeSource {
 public:
  DigestTextSource(ListFormat format, std::istream& input,
                   const ReadOptions& options, LossReport* losses)
      : format_(format),
        lines_(input, 64 * 1024),
        options_(options),
        losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    std::optional<std::string> line;
    do {
      ASSIGN_OR_RETURN(line, lines_.Next());
    } while (line && (*line)[0] == '#');
    if (!line) return std::nullopt;
    absl::string_view rest = *line;
    // The tools begin a line with it where they had to escape the name.
    absl::ConsumePrefix(&rest, "\\");
    const absl::string_view hex = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(hex.size());
    rest = absl::StripAsciiWhitespace(rest);
    absl::ConsumePrefix(&rest, "*");
    EntryChange entry;
    entry.clip = NewClip(options_);
    const absl::Status added = AddDigest(format_, hex, &entry.clip);
    if (!added.ok()) return lines_.Invalid(added.message());
    entry.clip.entry_id = IdOrName(rest, entry.clip, losses_);
    return entry;
  }

 private:
  const ListFormat format_;
  TextLines lines_;
  const ReadOptions options_;
  LossReport* const losses_;
};

class DigestTextSink final : public FormatWriter {
 public:
  using FormatWriter::FormatWriter;

 protected:
  absl::Status WriteClip(const Clip& told) override {
    output_ << DigestOf(format(), told) << "  " << told.entry_id << '\n';
    return absl::OkStatus();
  }
};

}  // namespace

Source ReadDigestText(ListFormat format, std::istream& input,
                      const ReadOptions& options, LossReport* losses) {
  return std::make_unique<DigestTextSource>(format, input, options, losses);
}

Sink WriteDigestText(ListFormat format, std::ostream& output,
                     LossReport* losses) {
  return std::make_unique<DigestTextSink>(format, output, losses);
}

}  // namespace lenscap
