#ifndef LENSCAP_LISTS_FORMATS_TOLD_H_
#define LENSCAP_LISTS_FORMATS_TOLD_H_

#include "index/clip.h"
#include "index/list_update.h"
#include "lists/formats/format.h"
#include "lists/formats/loss_report.h"

namespace lenscap {

// What a format can carry of an entry; FORMATS.md has the same as a table.
struct Carries {
  enum class Frames {
    kNone,
    kOnePicture,  // The hash of a single picture, without its quality.
    kSeconds,     // One frame a second, with its quality.
    kTimes,       // Every frame with its time, as vPDQ has them.
    // kTimes, but of a single picture at 0 s the hash alone.
    kTimesOrPicture,
    kMicroseconds,
    kAll,
  };
  enum class Texts { kNone, kWithoutSpaces, kTrimmed, kAll };
  Frames frames = Frames::kNone;
  bool md5 = false;
  bool sha1 = false;
  bool sha256 = false;
  bool entry_id = true;
  bool withdrawals = false;
  bool reason = false;  // Of a withdrawal.
  // The gravest that there is a word for; kSuspected: none at all.
  Severity severity = Severity::kSuspected;
  Texts category = Texts::kNone;  // And assessors, where there are some.
  bool expires = false;           // To the second.
  size_t assessors = 0;           // At most.
  bool everything_else = false;   // Advice, greatest distance, duration.
  bool detail = false;
};

const Carries& WhatCarries(ListFormat format);

// The clip as it is once written and read again: without what the format does
// not carry. Without any signal, if none of them is carried.
Clip AsTold(ListFormat format, const Clip& clip);

// Adds whatever differs between both. `told` is AsTold(format, clip).
void ReportDifferences(ListFormat format, const Clip& clip, const Clip& told,
                       LossReport* losses);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_TOLD_H_
