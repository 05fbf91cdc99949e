#include "lists/formats/told.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "index/hash_text.h"
#include "lists/formats/signals.h"

namespace lenscap {
namespace {

using Frames = std::vector<ReferenceFrame>;

ReferenceFrame At(const ReferenceFrame& frame, absl::Duration time) {
  return {.hash = frame.hash,
          .quality = frame.quality,
          .time = time,
          .until = time};
}

// What is seen at each whole second.
Frames EverySecond(const Frames& frames) {
  Frames seconds;
  size_t seen = 0;
  for (absl::Duration time; !frames.empty() && time <= frames.back().until;
       time += absl::Seconds(1)) {
    while (seen + 1 < frames.size() && frames[seen + 1].time <= time) ++seen;
    if (seconds.size() == size_t{kMaxClipFrames}) break;
    seconds.push_back(At(frames[seen], time));
  }
  return seconds;
}

Frames OnePicture(const Frames& frames) {
  if (frames.size() != 1) return {};
  ReferenceFrame picture = At(frames[0], absl::ZeroDuration());
  picture.quality = 100;
  return {picture};
}

// One parser and one printer of vPDQ text say what it holds.
Frames VpdqFrames(const Frames& frames) {
  return ParseVpdqText(FormatVpdqText(frames)).value_or(Frames());
}

Frames ToMicroseconds(Frames frames) {
  for (ReferenceFrame& frame : frames) {
    frame.time = absl::Trunc(frame.time, absl::Microseconds(1));
    frame.until = absl::Trunc(frame.until, absl::Microseconds(1));
  }
  return frames;
}

Frames ToldFrames(Carries::Frames carried, const Clip& clip) {
  switch (carried) {
    case Carries::Frames::kNone:
      return {};
    case Carries::Frames::kOnePicture:
      return OnePicture(clip.frames);
    case Carries::Frames::kSeconds:
      return EverySecond(clip.frames);
    case Carries::Frames::kTimes:
      return VpdqFrames(clip.frames);
    case Carries::Frames::kTimesOrPicture:
      return IsPicture(clip) ? OnePicture(clip.frames)
                             : VpdqFrames(clip.frames);
    case Carries::Frames::kMicroseconds:
      return ToMicroseconds(clip.frames);
    case Carries::Frames::kAll:
      return clip.frames;
  }
  return {};
}

bool HasSpace(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), absl::ascii_isspace);
}

std::string ToldText(Carries::Texts carried, const std::string& text) {
  switch (carried) {
    case Carries::Texts::kNone:
      return "";
    case Carries::Texts::kWithoutSpaces:
      return HasSpace(text) ? "" : text;
    case Carries::Texts::kTrimmed:
      return std::string(absl::StripAsciiWhitespace(text));
    case Carries::Texts::kAll:
      return text;
  }
  return "";
}

absl::string_view WhyText(Carries::Texts carried) {
  if (carried == Carries::Texts::kWithoutSpaces) return "has none with spaces";
  return carried == Carries::Texts::kNone ? "has none"
                                          : "has none with spaces around";
}

EntryTerms ToldTerms(const Carries& carries, const EntryTerms& terms) {
  EntryTerms told;
  if (carries.everything_else) told = terms;
  told.category = ToldText(carries.category, terms.category);
  told.expires = absl::InfiniteFuture();
  if (carries.expires && terms.expires != absl::InfiniteFuture()) {
    told.expires = absl::FromUnixSeconds(absl::ToUnixSeconds(terms.expires));
  }
  told.assessors.clear();
  for (const std::string& assessor : terms.assessors) {
    if (told.assessors.size() == carries.assessors) break;
    std::string text = ToldText(carries.category, assessor);
    if (!text.empty()) told.assessors.push_back(std::move(text));
  }
  return told;
}

absl::string_view WhyFrames(Carries::Frames carried) {
  switch (carried) {
    case Carries::Frames::kNone:
      return "has none";
    case Carries::Frames::kOnePicture:
      return "has the hash of one picture, without quality and time";
    case Carries::Frames::kSeconds:
      return "has one a second";
    case Carries::Frames::kTimes:
      return "has no stretches of time";
    case Carries::Frames::kTimesOrPicture:
      return "has no stretches of time, and no quality of a single picture";
    case Carries::Frames::kMicroseconds:
      return "has times to the microsecond";
    case Carries::Frames::kAll:
      break;
  }
  return "";
}

}  // namespace

const Carries& WhatCarries(ListFormat format) {
  using F = Carries::Frames;
  static const auto* const table = new std::map<ListFormat, Carries>{
      {ListFormat::kLenscap,
       {.frames = F::kMicroseconds,
        .md5 = true,
        .sha1 = true,
        .sha256 = true,
        .withdrawals = true,
        .reason = true,
        .severity = Severity::kCritical,
        .category = Carries::Texts::kAll,
        .expires = true,
        .assessors = 16,
        .everything_else = true,
        .detail = true}},
      {ListFormat::kPdqText, {.frames = F::kSeconds}},
      {ListFormat::kVpdqText, {.frames = F::kTimes, .entry_id = false}},
      {ListFormat::kThreatExchangeJson,
       {.frames = F::kTimesOrPicture,
        .md5 = true,
        .sha1 = true,
        .sha256 = true,
        .withdrawals = true,
        .severity = Severity::kCritical,
        .category = Carries::Texts::kAll,
        .expires = true}},
      {ListFormat::kThreatExchangeCsv,
       {.frames = F::kTimesOrPicture,
        .md5 = true,
        .severity = Severity::kConfirmed,
        .category = Carries::Texts::kWithoutSpaces}},
      {ListFormat::kNcmecXml,
       {.frames = F::kOnePicture,
        .md5 = true,
        .sha1 = true,
        .withdrawals = true,
        .category = Carries::Texts::kTrimmed,
        .assessors = 1}},
      {ListFormat::kStopNciiJson,
       {.frames = F::kOnePicture,
        .md5 = true,
        .entry_id = false,
        .withdrawals = true}},
      {ListFormat::kMd5Text, {.md5 = true}},
      {ListFormat::kSha1Text, {.sha1 = true}},
      {ListFormat::kSha256Text, {.sha256 = true}},
      {ListFormat::kDigestCsv, {.md5 = true, .sha1 = true, .sha256 = true}},
      {ListFormat::kStixJson,
       {.frames = F::kAll,
        .md5 = true,
        .sha1 = true,
        .sha256 = true,
        .withdrawals = true,
        .reason = true,
        .severity = Severity::kCritical,
        .category = Carries::Texts::kAll,
        .expires = true,
        .assessors = 16,
        .everything_else = true}},
  };
  return table->at(format);
}

Clip AsTold(ListFormat format, const Clip& clip) {
  const Carries& carries = WhatCarries(format);
  Clip told;
  told.list_id = clip.list_id;
  told.entry_id = clip.entry_id;
  told.severity = std::min(clip.severity, carries.severity);
  told.frames = ToldFrames(carries.frames, clip);
  if (!told.frames.empty()) told.duration = told.frames.back().time;
  if (carries.everything_else) {
    told.duration = carries.frames == Carries::Frames::kMicroseconds
                        ? absl::Trunc(clip.duration, absl::Microseconds(1))
                        : clip.duration;
  }
  if (carries.detail) told.detail = clip.detail;
  if (carries.md5) told.md5 = clip.md5;
  if (carries.sha1) told.sha1 = clip.sha1;
  if (carries.sha256) told.sha256 = clip.sha256;
  told.terms = ToldTerms(carries, clip.terms);
  return told;
}

void ReportDifferences(ListFormat format, const Clip& clip, const Clip& told,
                       LossReport* losses) {
  const Carries& carries = WhatCarries(format);
  const absl::string_view name = ListFormatName(format);
  const auto differs = [&](bool lost, absl::string_view field,
                           absl::string_view why = "has none") {
    if (lost) {
      losses->Add(absl::StrCat(field, ": ", name, " ", why), clip.entry_id);
    }
  };
  differs(clip.frames != told.frames, "frames", WhyFrames(carries.frames));
  differs(clip.md5 != told.md5, "MD5");
  differs(clip.sha1 != told.sha1, "SHA-1");
  differs(clip.sha256 != told.sha256, "SHA-256");
  differs(!clip.detail.empty() && !carries.detail, "detail");
  differs(clip.duration != told.duration, "duration",
          carries.everything_else ? "has it to the microsecond"
                                  : "has at most the time of the last frame");
  differs(clip.severity != told.severity, "severity",
          "has no word for such a grave one");
  differs(clip.terms.category != told.terms.category, "category",
          WhyText(carries.category));
  differs(clip.terms.expires != told.terms.expires, "expiry",
          carries.expires ? "has it to the second" : "has none");
  differs(clip.terms.assessors != told.terms.assessors, "assessors",
          carries.assessors == 0 ? "has none"
                                 : "has one at most, without spaces around");
  differs(clip.terms.advice != told.terms.advice, "recommended action");
  differs(clip.terms.max_distance != told.terms.max_distance,
          "greatest distance");
}

}  // namespace lenscap
