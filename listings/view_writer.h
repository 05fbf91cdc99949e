#ifndef LENSCAP_LISTINGS_VIEW_WRITER_H_
#define LENSCAP_LISTINGS_VIEW_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/normalized_text.h"
#include "listings/text_units.h"

namespace lenscap {

// Writes the views of a text from its units, over what they were. `text` must
// outlive it.
class ViewWriter {
 public:
  explicit ViewWriter(NormalizedText* text) : text_(*text) {}

  // Symbols count as gaps.
  void WriteWords(const std::vector<TextUnit>& units);
  // Units without symbols.
  void WriteTight(const std::vector<TextUnit>& units);
  void WriteSound(const std::vector<TextUnit>& units);

 private:
  void Begin(TextView view, size_t bytes);
  // `same_size`: each byte is one of the original's. `boundary`: whether a word
  // may begin here.
  void Add(absl::string_view written, uint32_t start, uint32_t end,
           bool same_size, bool boundary);
  void AddUnit(const TextUnit& unit, bool boundary);
  void AddLatinSounds(const std::vector<TextUnit>& units, size_t begin,
                      size_t end);
  void End();

  NormalizedText& text_;
  NormalizedText::View* view_ = nullptr;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_VIEW_WRITER_H_
