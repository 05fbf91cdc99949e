#include "listings/text_units.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "listings/code_points.h"

namespace lenscap {
namespace {

// UAX #15 has 30 for text that is safe to be streamed.
constexpr size_t kLongestSegment = 32;

const icu::Normalizer2& Composer() {
  static const icu::Normalizer2* const composer = [] {
    UErrorCode code = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(code);
  }();
  return *composer;
}

TextUnit UnitOf(const TextEntry& entry, char32_t code_point, uint32_t start,
                uint32_t end) {
  return {.code_point = code_point + entry.change,
          .start = start,
          .end = end,
          .sound = entry.sound,
          .latin = entry.latin,
          .kind = entry.kind,
          .script = entry.script,
          .twin = (entry.flags & TextEntry::kTwin) != 0,
          .umlaut = (entry.flags & TextEntry::kUmlaut) != 0,
          .gap = false};
}

class Reader {
 public:
  explicit Reader(absl::string_view original) : original_(original) {
    units_.reserve(original.size());
  }

  std::vector<TextUnit> Read() {
    const char* const bytes = original_.data();
    const int64_t size = static_cast<int64_t>(original_.size());
    for (int64_t i = 0; i < size;) {
      const int64_t start = i;
      UChar32 c;
      U8_NEXT(bytes, i, size, c);
      Take(c < 0 ? 0xfffd : static_cast<char32_t>(c),
           static_cast<uint32_t>(start), static_cast<uint32_t>(i));
    }
    EndSegment();
    return std::move(units_);
  }

 private:
  void Take(char32_t c, uint32_t start, uint32_t end) {
    const TextEntry& entry = EntryOf(c);
    if ((entry.flags & TextEntry::kIsSequence) == 0) {
      return Take(entry, c, start, end);
    }
    const char32_t* const parts = SequenceOf(entry);
    for (int i = 0; i < SequenceLength(entry); ++i) {
      Take(EntryOf(parts[i]), parts[i], start, end);
    }
  }

  void Take(const TextEntry& entry, char32_t c, uint32_t start, uint32_t end) {
    const bool joins =
        (entry.flags & TextEntry::kJoins) != 0 && !units_.empty() && !gap_;
    if (joins) {
      if (units_.size() - segment_ >= kLongestSegment) EndSegment();
      joined_ = true;
      units_.push_back(UnitOf(entry, c, start, end));
      return;
    }
    switch (entry.kind) {
      case TextKind::kDropped:
        return;
      case TextKind::kMark:
        return TakeMark(c, end);
      case TextKind::kSeparator:
        gap_ = true;
        return;
      default:
        EndSegment();
        units_.push_back(UnitOf(entry, c, start, end));
        units_.back().gap = gap_;
        gap_ = false;
    }
  }

  // The character before is with its accents.
  void TakeMark(char32_t c, uint32_t end) {
    if (units_.empty() || gap_) return;
    TextUnit& last = units_.back();
    last.end = end;
    if (c == 0x308 && last.code_point == 'u') last.umlaut = true;
  }

  // Composes what stands since the last character that begins anew.
  void EndSegment() {
    if (joined_) Compose();
    joined_ = false;
    segment_ = units_.size();
  }

  void Compose() {
    icu::UnicodeString text;
    for (size_t i = segment_; i < units_.size(); ++i) {
      text.append(static_cast<UChar32>(units_[i].code_point));
    }
    UErrorCode code = U_ZERO_ERROR;
    const icu::UnicodeString composed = Composer().normalize(text, code);
    if (U_FAILURE(code)) return;  // Out of memory: as they were typed.
    const TextUnit first = units_[segment_];
    const uint32_t end = units_.back().end;
    units_.resize(segment_);
    for (int32_t i = 0; i < composed.length(); i = composed.moveIndex32(i, 1)) {
      const char32_t c = static_cast<char32_t>(composed.char32At(i));
      // A voice mark that has nothing to voice.
      if (IsVoiceMark(c)) continue;
      // What it was typed as says more of the first one than what it is now.
      const bool same = units_.size() == segment_ && c == first.code_point;
      units_.push_back(same ? first : MakeUnit(c, first.start, end));
      units_.back().end = end;
      units_.back().gap = first.gap && units_.size() == segment_ + 1;
    }
  }

  const absl::string_view original_;
  std::vector<TextUnit> units_;
  size_t segment_ = 0;   // Where the last segment starts, in units.
  bool joined_ = false;  // It has more than one unit.
  bool gap_ = false;     // Since the last unit.
};

}  // namespace

TextUnit MakeUnit(char32_t code_point, uint32_t start, uint32_t end) {
  return UnitOf(EntryOf(code_point), code_point, start, end);
}

void Become(char32_t code_point, TextUnit* unit) {
  const bool gap = unit->gap;
  *unit = MakeUnit(code_point, unit->start, unit->end);
  unit->gap = gap;
}

std::vector<TextUnit> ReadUnits(absl::string_view original) {
  return Reader(original).Read();
}

}  // namespace lenscap
