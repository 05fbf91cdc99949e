#include "listings/view_writer.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "listings/pinyin.h"
#include "listings/word_runs.h"

namespace lenscap {
namespace {

// A character in UTF-8.
class Utf8 {
 public:
  explicit Utf8(char32_t c) {
    if (c < 0x80) {
      Put(c);
    } else if (c < 0x800) {
      Put(0xc0 | c >> 6);
      Put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      Put(0xe0 | c >> 12);
      Put(0x80 | (c >> 6 & 0x3f));
      Put(0x80 | (c & 0x3f));
    } else {
      Put(0xf0 | c >> 18);
      Put(0x80 | (c >> 12 & 0x3f));
      Put(0x80 | (c >> 6 & 0x3f));
      Put(0x80 | (c & 0x3f));
    }
  }
  absl::string_view text() const { return {bytes_, size_}; }

 private:
  void Put(char32_t byte) { bytes_[size_++] = static_cast<char>(byte); }

  char bytes_[4];
  size_t size_ = 0;
};

bool IsUnspaced(const TextUnit& unit) {
  return unit.kind == TextKind::kHan || unit.kind == TextKind::kUnspaced;
}

// Of two units side by side.
bool IsBorder(const TextUnit& before, const TextUnit& after) {
  return after.gap || before.kind != after.kind || IsUnspaced(after) ||
         (after.kind == TextKind::kAlphabet && before.script != after.script);
}

bool IsInLatinWord(const TextUnit& unit) {
  return unit.kind == TextKind::kLatin || unit.kind == TextKind::kDigit;
}

}  // namespace

void ViewWriter::Begin(TextView view, size_t bytes) {
  view_ = &text_.views_[static_cast<int>(view)];
  view_->text.clear();
  view_->runs.clear();
  view_->boundaries.clear();
  view_->text.reserve(bytes);
  view_->boundaries.reserve(bytes + 1);
}

void ViewWriter::Add(absl::string_view written, uint32_t start, uint32_t end,
                     bool same_size, bool boundary) {
  std::vector<NormalizedText::Run>& runs = view_->runs;
  const size_t at = view_->text.size();
  const bool same_kind = !runs.empty() && runs.back().even == same_size;
  if (same_kind && same_size && runs.back().end == start) {
    runs.back().end = end;
  } else if (!same_kind || same_size || runs.back().start != start ||
             runs.back().end != end) {
    runs.push_back({static_cast<uint32_t>(at), start, end, same_size});
  }
  view_->text.append(written.data(), written.size());
  view_->boundaries.resize(at + written.size());
  view_->boundaries[at] = boundary;
}

void ViewWriter::AddUnit(const TextUnit& unit, bool boundary) {
  const Utf8 utf8(unit.code_point);
  const absl::string_view text = utf8.text();
  Add(text, unit.start, unit.end, unit.end - unit.start == text.size(),
      boundary);
}

void ViewWriter::End() {
  view_->boundaries.push_back(true);
  view_->boundaries.front() = true;
}

void ViewWriter::WriteWords(const std::vector<TextUnit>& units) {
  Begin(TextView::kWords, units.size() * 3);
  const TextUnit* before = nullptr;
  bool gap = false;
  for (const TextUnit& unit : units) {
    gap |= unit.gap;
    if (unit.kind == TextKind::kSymbol) {
      gap = true;
      continue;
    }
    if (gap && before != nullptr) {
      // The gap may lie within one character: "(株)".
      const bool inside = before->end >= unit.start;
      const uint32_t start = inside ? unit.start : before->end;
      const uint32_t end = inside ? unit.end : unit.start;
      Add(" ", start, end, end - start == 1, true);
    }
    AddUnit(unit, before == nullptr || gap || IsBorder(*before, unit));
    before = &unit;
    gap = false;
  }
  End();
}

void ViewWriter::WriteTight(const std::vector<TextUnit>& units) {
  Begin(TextView::kTight, units.size() * 3);
  for (size_t i = 0; i < units.size(); ++i) {
    AddUnit(units[i], i == 0 || IsBorder(units[i - 1], units[i]));
  }
  End();
}

void ViewWriter::WriteSound(const std::vector<TextUnit>& units) {
  Begin(TextView::kSound, units.size() * 3);
  for (size_t i = 0; i < units.size();) {
    const TextUnit& unit = units[i];
    if (IsInLatinWord(unit)) {
      const size_t end = EndOfRun(units, i, IsInLatinWord);
      AddLatinSounds(units, i, end);
      i = end;
      continue;
    }
    if (unit.kind == TextKind::kHan && unit.sound != 0) {
      Add(SyllableText(unit.sound), unit.start, unit.end, false, true);
    } else {
      AddUnit(unit, i == 0 || IsBorder(units[i - 1], unit));
    }
    ++i;
  }
  End();
}

// A word of Latin letters and digits.
void ViewWriter::AddLatinSounds(const std::vector<TextUnit>& units,
                                size_t begin, size_t end) {
  const bool tones = HasTones(units, begin, end);
  const std::vector<bool> starts =
      tones ? std::vector<bool>() : SyllableStarts(units, begin, end);
  for (size_t i = begin; i < end; ++i) {
    const TextUnit& unit = units[i];
    if (tones && unit.kind == TextKind::kDigit) continue;
    const bool boundary = i == begin || IsBorder(units[i - 1], unit) ||
                          (!starts.empty() && starts[i - begin]);
    const bool v =
        unit.umlaut && i > begin &&
        (units[i - 1].code_point == 'n' || units[i - 1].code_point == 'l');
    if (v) {
      Add("v", unit.start, unit.end, false, boundary);
    } else {
      AddUnit(unit, boundary);
    }
  }
}

}  // namespace lenscap
