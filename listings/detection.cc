#include "listings/detection.h"

#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace lenscap {
namespace {

constexpr int kHanThatSound = 4;

}  // namespace

size_t Detection::keys() const {
  size_t keys = 0;
  for (const DetectionSelection& selection : selections_) {
    for (const DetectionEntry& entry : selection.entries) {
      keys += entry.keys.size();
    }
  }
  return keys;
}

ViewMask ViewsOf(const DetectionEntry& entry, absl::string_view key) {
  if (entry.views != 0) return entry.views;
  if (entry.expressions) return MaskOf(TextView::kWords);
  ViewMask views = MaskOf(TextView::kWords) | MaskOf(TextView::kTight);
  if (!entry.no_sound && CountHan(key) >= kHanThatSound) {
    views |= MaskOf(TextView::kSound);
  }
  return views;
}

int CountHan(absl::string_view text) {
  int count = 0;
  const int32_t size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    count += c > 0 && u_hasBinaryProperty(c, UCHAR_UNIFIED_IDEOGRAPH);
  }
  return count;
}

bool KeepsBound(const DetectionEntry& entry, double value) {
  using Bound = DetectionEntry::Bound;
  if (!entry.bound) return false;
  switch (*entry.bound) {
    case Bound::kLess:
      return value < entry.number;
    case Bound::kAtMost:
      return value <= entry.number;
    case Bound::kGreater:
      return value > entry.number;
    case Bound::kAtLeast:
      return value >= entry.number;
  }
  return false;
}

}  // namespace lenscap
