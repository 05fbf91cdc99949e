#include "listings/normalized_text.h"

#include <algorithm>
#include <iterator>

#include "listings/homophones.h"
#include "listings/leet.h"
#include "listings/look_alikes.h"
#include "listings/picture_words.h"
#include "listings/polyphones.h"
#include "listings/split_characters.h"
#include "listings/text_units.h"
#include "listings/view_writer.h"

namespace lenscap {
namespace {

// Of a byte of UTF-8.
bool GoesOn(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

void Fill(absl::string_view original, bool is_key, NormalizedText* text) {
  std::vector<TextUnit> units = ReadUnits(original);
  ReadLookAlikes(!is_key, &units);
  JoinSplitCharacters(SplitParts::kSure, &units);
  ViewWriter writer(text);
  // A key is not written in pictures.
  const std::vector<TextUnit> pictured =
      is_key ? std::vector<TextUnit>() : WithPictureWords(original, units);
  writer.WriteWords(pictured.empty() ? units : pictured);
  JoinSplitCharacters(SplitParts::kDoubtful, &units);
  ReadHomophones(&units);
  ReadLeet(&units);
  writer.WriteTight(units);
  ReadPolyphones(&units);
  writer.WriteSound(units);
}

}  // namespace

ByteSpan NormalizedText::Original(TextView view, size_t start,
                                  size_t end) const {
  const View& of = views_[static_cast<int>(view)];
  const auto run_of = [&](size_t at) {
    const auto after = std::upper_bound(
        of.runs.begin(), of.runs.end(), at,
        [](size_t value, const Run& run) { return value < run.at; });
    return std::prev(after);
  };
  while (start > 0 && GoesOn(of.text[start])) --start;
  while (end < of.text.size() && GoesOn(of.text[end])) ++end;
  const auto first = run_of(start);
  const auto last = run_of(end - 1);
  return {first->even ? first->start + (start - first->at) : first->start,
          last->even ? last->start + (end - last->at) : last->end};
}

bool NormalizedText::IsBoundary(TextView view, size_t offset) const {
  return views_[static_cast<int>(view)].boundaries[offset] != 0;
}

const Normalizer& Normalizer::Get() {
  static const Normalizer* const normalizer = new Normalizer;
  return *normalizer;
}

void Normalizer::Normalize(absl::string_view original,
                           NormalizedText* text) const {
  Fill(original, /*is_key=*/false, text);
}

std::string Normalizer::NormalizeKey(absl::string_view key,
                                     TextView view) const {
  NormalizedText text;
  Fill(key, /*is_key=*/true, &text);
  return std::string(text.view(view));
}

}  // namespace lenscap
