#include "lists/formats/parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "lists/formats/signals.h"
#include "lists/formats/told.h"

namespace lenscap {
namespace {

using Key = std::array<uint8_t, 16>;

// The first half of a SHA-256: nobody makes two texts with the same.
Key KeyOf(absl::string_view text) {
  const Sha256 digest = Sha256Of(text);
  Key key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

// Everything that readers fill in.
Key ContentOf(const EntryChange& change) {
  const Clip& clip = change.clip;
  std::string text = absl::StrCat(
      static_cast<int>(change.op), " ", static_cast<int>(clip.severity), " ",
      absl::ToUnixSeconds(clip.terms.expires), " ", clip.terms.category, " ",
      clip.md5 ? ToHex(*clip.md5) : "", " ", clip.sha1 ? ToHex(*clip.sha1) : "",
      " ", clip.sha256 ? ToHex(*clip.sha256) : "", " ", change.reason);
  for (const std::string& assessor : clip.terms.assessors) {
    absl::StrAppend(&text, " ", assessor);
  }
  for (const ReferenceFrame& frame : clip.frames) {
    absl::StrAppend(&text, " ", ToHex(frame.hash), ",", frame.quality, ",",
                    absl::ToInt64Nanoseconds(frame.time));
  }
  return KeyOf(text);
}

class OnlyOnceSource final : public EntryChangeSource {
 public:
  OnlyOnceSource(std::unique_ptr<EntryChangeSource> source, LossReport* losses)
      : source_(std::move(source)), losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(std::optional<EntryChange> change, source_->Next());
      if (!change) return std::nullopt;
      const std::string& id = change->clip.entry_id;
      const Key content = ContentOf(*change);
      const auto [seen, is_new] = seen_.try_emplace(KeyOf(id), content);
      if (is_new) return change;
      if (seen->second != content) {
        return absl::InvalidArgumentError(absl::StrCat(
            "entry ", id, ": is there twice, with different contents"));
      }
      losses_->Add("repetition: an entry is there again with the same content",
                   id);
    }
  }

 private:
  const std::unique_ptr<EntryChangeSource> source_;
  LossReport* const losses_;
  absl::flat_hash_map<Key, Key> seen_;  // By id.
};

// Whether `b` has further signals of the same entry.
bool AreParts(const EntryChange& a, const EntryChange& b) {
  return a.clip.entry_id == b.clip.entry_id &&
         a.op != EntryChange::Op::kWithdraw &&
         b.op != EntryChange::Op::kWithdraw;
}

// Adds the signals of `more` to `clip`.
absl::Status Merge(const Clip& more, Clip* clip) {
  if (more.md5) RETURN_IF_ERROR(AddMd5(ToHex(*more.md5), clip));
  if (more.sha1) RETURN_IF_ERROR(AddSha1(ToHex(*more.sha1), clip));
  if (more.sha256) RETURN_IF_ERROR(AddSha256(ToHex(*more.sha256), clip));
  if (more.frames.empty() || more.frames == clip->frames) {
    return absl::OkStatus();
  }
  if (!clip->frames.empty()) {
    return absl::InvalidArgumentError("the entry has frames already");
  }
  clip->frames = more.frames;
  clip->duration = more.duration;
  return absl::OkStatus();
}

}  // namespace

Clip NewClip(const ReadOptions& options) {
  Clip clip;
  clip.list_id = options.list_id;
  clip.severity = options.severity;
  return clip;
}

EntryChange Withdrawal(const ReadOptions& options, absl::string_view entry_id,
                       absl::string_view reason) {
  EntryChange change;
  change.op = EntryChange::Op::kWithdraw;
  change.clip.list_id = options.list_id;
  change.clip.entry_id = std::string(entry_id);
  change.reason = std::string(reason);
  return change;
}

std::string IdOrName(absl::string_view name, const Clip& clip,
                     LossReport* losses) {
  if (CheckEntryId(name).ok()) return std::string(name);
  const std::string id = IdOfSignals(clip);
  if (!name.empty()) losses->Add("name: it cannot be an entry's id", id);
  return id;
}

absl::StatusOr<std::optional<EntryChange>> RowSource::Next() {
  if (!ahead_) {
    ASSIGN_OR_RETURN(ahead_, NextRow());
  }
  if (!ahead_) return std::nullopt;
  const SignalRow first = *std::move(ahead_);
  EntryChange entry = first.change;
  while (true) {
    ASSIGN_OR_RETURN(ahead_, NextRow());
    if (!ahead_ || !first.named || !ahead_->named ||
        !AreParts(entry, ahead_->change)) {
      return entry;
    }
    const absl::Status merged = Merge(ahead_->change.clip, &entry.clip);
    if (!merged.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Where(), ": ", merged.message()));
    }
  }
}

std::unique_ptr<EntryChangeSource> OnlyOnce(
    std::unique_ptr<EntryChangeSource> source, LossReport* losses) {
  return std::make_unique<OnlyOnceSource>(std::move(source), losses);
}

absl::Status FormatWriter::Write(const EntryChange& change) {
  const absl::string_view name = ListFormatName(format_);
  const std::string& id = change.clip.entry_id;
  const Carries& carries = WhatCarries(format_);
  if (change.op == EntryChange::Op::kWithdraw) {
    if (!carries.withdrawals) {
      losses_->Add(absl::StrCat("withdrawal: ", name, " has none"), id);
      return absl::OkStatus();
    }
    if (!carries.reason) {
      losses_->Add(absl::StrCat("reason of a withdrawal: ", name, " has none"),
                   id);
    }
    return WriteWithdrawal(change);
  }
  const Clip told = AsTold(format_, change.clip);
  if (HasNoSignals(told)) {
    losses_->Add(absl::StrCat("whole entry: ", name, " has none of its hashes"),
                 id);
    return absl::OkStatus();
  }
  ReportDifferences(format_, change.clip, told, losses_);
  RETURN_IF_ERROR(WriteClip(told));
  return OutputStatus();
}

absl::Status FormatWriter::WriteWithdrawal(const EntryChange& change) {
  return absl::InternalError(
      absl::StrCat("no withdrawals: ", change.clip.entry_id));
}

absl::Status FormatWriter::Finish() {
  output_.flush();
  return OutputStatus();
}

absl::Status FormatWriter::OutputStatus() const {
  if (output_) return absl::OkStatus();
  return absl::DataLossError("the output cannot be written");
}

}  // namespace lenscap
