// Writes text_table.inc: for every code point what the normaliser makes of it,
// with blocks of code points that are alike written once.

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "listings/code_point_facts.h"
#include "listings/text_entry.h"

namespace lenscap {
namespace {

constexpr int kBlockBits = 7;
constexpr int kBlockSize = 1 << kBlockBits;
constexpr char32_t kEnd = 0x110000;

// The fields of a TextEntry, in order.
using Row = std::tuple<uint32_t, uint16_t, uint8_t, int, int, int>;

class TextTable {
 public:
  explicit TextTable(const std::vector<CodePointFacts>& all) {
    for (const CodePointFacts& facts : all) syllables_[facts.syllable] = 0;
    int number = 0;  // Of "", which comes first.
    for (auto& [syllable, its_number] : syllables_) its_number = number++;
    for (size_t first = 0; first < all.size(); first += kBlockSize) {
      std::vector<Row> rows;
      for (size_t c = first; c < first + kBlockSize; ++c) {
        rows.push_back(RowOf(static_cast<uint32_t>(c), all[c]));
      }
      AddBlock(rows);
    }
  }

  void Print() const {
    std::printf("constexpr int kBlockBits = %d;\n", kBlockBits);
    std::printf("constexpr uint16_t kTextBlocks[] = {");
    for (size_t block : block_of_) std::printf("%zu,", block);
    std::printf("};\nconstexpr TextEntry kTextEntries[][%d] = {\n", kBlockSize);
    for (const std::vector<Row>& block : blocks_) PrintBlock(block);
    std::printf("};\nconstexpr char32_t kTextSequences[] = {");
    for (char32_t c : sequences_) std::printf("%u,", uint32_t{c});
    std::printf("};\nconstexpr absl::string_view kSyllables[] = {");
    for (const auto& [syllable, number] : syllables_) {
      std::printf("\"%s\",", syllable.c_str());
    }
    std::printf("};\n");
  }

 private:
  Row RowOf(uint32_t c, const CodePointFacts& facts) {
    const int length = static_cast<int>(facts.text.size());
    uint32_t change = 0;
    int flags = facts.flags;
    if (length == 1) {
      change = uint32_t{facts.text[0]} - c;
    } else if (length > 1) {
      change = PlaceOf(facts.text);
      flags |= TextEntry::kIsSequence | length << TextEntry::kLengthShift;
    }
    return {change,
            static_cast<uint16_t>(syllables_.at(facts.syllable)),
            static_cast<uint8_t>(facts.latin),
            static_cast<int>(facts.kind),
            facts.script,
            flags};
  }

  uint32_t PlaceOf(const std::u32string& sequence) {
    size_t at = sequences_.find(sequence);
    if (at == std::u32string::npos) {
      at = sequences_.size();
      sequences_ += sequence;
    }
    return static_cast<uint32_t>(at);
  }

  void AddBlock(const std::vector<Row>& rows) {
    const auto [known, added] = numbers_.emplace(rows, blocks_.size());
    if (added) blocks_.push_back(rows);
    block_of_.push_back(known->second);
  }

  static void PrintBlock(const std::vector<Row>& block) {
    std::printf("{");
    for (const auto& [change, sound, latin, kind, script, flags] : block) {
      std::printf("{%uu,%d,%d,TextKind{%d},%d,%d},", change, sound, latin, kind,
                  script, flags);
    }
    std::printf("},\n");
  }

  std::map<std::string, int> syllables_;  // And their numbers.
  std::u32string sequences_;
  std::vector<std::vector<Row>> blocks_;
  std::map<std::vector<Row>, size_t> numbers_;  // Of blocks.
  std::vector<size_t> block_of_;
};

void Write() {
  std::vector<CodePointFacts> all;
  for (char32_t c = 0; c < kEnd; ++c) all.push_back(FindCodePointFacts(c));
  TextTable(all).Print();
}

}  // namespace
}  // namespace lenscap

int main() {
  lenscap::Write();
  return std::ferror(stdout) != 0 || std::fflush(stdout) != 0;
}
