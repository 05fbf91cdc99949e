#include "tests/lists/formats/conversion.h"

#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

template <size_t n>
std::array<uint8_t, n> RandomBytes(Random& random) {
  std::array<uint8_t, n> bytes;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

std::vector<ReferenceFrame> RandomFrames(Random& random) {
  std::vector<ReferenceFrame> frames;
  const int count = Below(4, random) == 0 ? 1 : Below(6, random);
  const bool on_seconds = Below(2, random) == 0;
  const bool stay = Below(2, random) == 0;
  absl::Duration time;
  if (Below(4, random) == 0) time = absl::Milliseconds(Below(3000, random));
  for (int i = 0; i < count; ++i) {
    const int quality = Below(2, random) == 0 ? 100 : Below(101, random);
    frames.push_back({RandomHash(random), quality, time});
    frames.back().until =
        stay ? time + absl::Milliseconds(Below(3000, random)) : time;
    time = frames.back().until +
           (on_seconds ? absl::Seconds(1)
                       : absl::Nanoseconds(random() % 5'000'000'000));
  }
  return frames;
}

EntryTerms RandomTerms(Random& random) {
  static const auto* const categories =
      new std::vector<std::string>{"",
                                   "voyeurism",
                                   "hidden camera",
                                   " around ",
                                   "a,\"b\"<&>'",
                                   "\xE8\xBF\xB7",
                                   "tab\tline\nend"};
  EntryTerms terms;
  terms.category = (*categories)[Below(7, random)];
  if (Below(2, random) == 0) {
    terms.expires =
        absl::FromUnixMillis(1'800'000'000'000 + Below(2, random) * 500);
  }
  terms.max_distance = Below(2, random) == 0 ? 31 : Below(32, random);
  terms.advice = static_cast<Advice>(Below(3, random));
  for (int i = Below(4, random); i > 0; --i) {
    terms.assessors.push_back(absl::StrCat("Assessor <", i, ">"));
  }
  return terms;
}

}  // namespace

absl::StatusOr<std::vector<EntryChange>> ReadAll(ListFormat format,
                                                 const std::string& text,
                                                 LossReport* losses) {
  std::istringstream input(text);
  ASSIGN_OR_RETURN(
      const auto source,
      ReadEntries(format, input, {.list_id = "list", .entry_id = "entry"},
                  losses));
  std::vector<EntryChange> entries;
  while (true) {
    ASSIGN_OR_RETURN(std::optional<EntryChange> entry, source->Next());
    if (!entry) return entries;
    entries.push_back(*std::move(entry));
  }
}

std::string WriteAll(ListFormat format, const std::vector<EntryChange>& entries,
                     LossReport* losses) {
  std::ostringstream output;
  const auto sink =
      WriteEntries(format, output,
                   {.list_id = "list",
                    .issuer = "The issuer",
                    .issued = absl::FromUnixSeconds(1'750'000'000)},
                   losses);
  for (const EntryChange& entry : entries) {
    const absl::Status written = sink->Write(entry);
    EXPECT_TRUE(written.ok()) << written;
  }
  const absl::Status finished = sink->Finish();
  EXPECT_TRUE(finished.ok()) << finished;
  return output.str();
}

EntryChange Added(Clip clip) {
  EntryChange change;
  change.clip = std::move(clip);
  return change;
}

Clip RandomEntry(const std::string& entry_id, Random& random) {
  Clip clip;
  clip.list_id = "list";
  clip.entry_id = entry_id;
  clip.severity = static_cast<Severity>(1 + Below(3, random));
  clip.frames = RandomFrames(random);
  if (!clip.frames.empty()) clip.duration = clip.frames.back().until;
  if (Below(3, random) == 0) clip.duration += absl::Seconds(1);
  if (Below(2, random) == 0) clip.md5 = RandomBytes<16>(random);
  if (Below(2, random) == 0) clip.sha1 = RandomBytes<20>(random);
  if (Below(2, random) == 0) clip.sha256 = RandomBytes<32>(random);
  clip.terms = RandomTerms(random);
  if (Below(4, random) == 0) clip.detail.keypoints.emplace_back();
  return clip;
}

std::vector<std::string> Lines(const LossReport& losses) {
  std::vector<std::string> lines;
  for (const LossReport::Loss& loss : losses.losses()) {
    lines.push_back(absl::StrCat(loss.what, " (", loss.count, ")"));
  }
  return lines;
}

}  // namespace lenscap
