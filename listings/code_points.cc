#include "listings/code_points.h"

#include <algorithm>
#include <iterator>

namespace lenscap {
namespace {

template <typename Value>
struct Pair {
  char32_t key;
  Value value;
};

template <typename Value, size_t n>
Value Find(const Pair<Value> (&table)[n], char32_t key) {
  const auto* const found =
      std::find_if(std::begin(table), std::end(table),
                   [&](const auto& pair) { return pair.key == key; });
  return found == std::end(table) ? Value{} : found->value;
}

constexpr Pair<char32_t> kRadicals[] = {
    {U'⺅', U'亻'}, {U'⺉', U'刂'}, {U'⺖', U'忄'}, {U'⺘', U'扌'},
    {U'⺡', U'氵'}, {U'⺣', U'灬'}, {U'⺨', U'犭'}, {U'⺩', U'王'},
    {U'⺬', U'礻'}, {U'⺭', U'礻'}, {U'⺮', U'竹'}, {U'⺰', U'纟'},
    {U'⺾', U'艹'}, {U'⺿', U'艹'}, {U'⻀', U'艹'}, {U'⻂', U'衤'},
    {U'⻈', U'讠'}, {U'⻉', U'贝'}, {U'⻋', U'车'}, {U'⻌', U'辶'},
    {U'⻍', U'辶'}, {U'⻏', U'阝'}, {U'⻖', U'阝'}, {U'⻐', U'钅'},
    {U'⻓', U'长'}, {U'⻔', U'门'}, {U'⻙', U'韦'}, {U'⻚', U'页'},
    {U'⻛', U'风'}, {U'⻜', U'飞'}, {U'⻠', U'饣'}, {U'⻢', U'马'},
    {U'⻥', U'鱼'}, {U'⻦', U'鸟'}, {U'⻪', U'黾'},
};

constexpr Pair<char> kSymbols[] = {
    {U'@', 'a'}, {U'$', 's'}, {U'!', 'i'}, {U'¡', 'i'}, {U'|', 'l'},
    {U'€', 'e'}, {U'¢', 'c'}, {U'¥', 'y'}, {U'£', 'l'}, {U'§', 's'},
    {U'©', 'c'}, {U'®', 'r'}, {U'†', 't'}, {U'∂', 'd'}, {U'∅', 'o'},
};

constexpr Pair<char> kFaux[] = {
    // Greek.
    {U'β', 'b'},
    {U'ε', 'e'},
    {U'η', 'n'},
    {U'θ', 'o'},
    {U'κ', 'k'},
    {U'μ', 'u'},
    {U'π', 'n'},
    {U'τ', 't'},
    {U'ω', 'w'},
    {U'ς', 'c'},
    {U'χ', 'x'},
    // Cyrillic.
    {U'б', 'b'},
    {U'в', 'b'},
    {U'г', 'r'},
    {U'д', 'd'},
    {U'и', 'n'},
    {U'к', 'k'},
    {U'м', 'm'},
    {U'н', 'h'},
    {U'п', 'n'},
    {U'т', 't'},
    {U'ц', 'u'},
    {U'ш', 'w'},
    {U'щ', 'w'},
    {U'ь', 'b'},
    {U'э', 'e'},
    {U'я', 'r'},
    {U'є', 'e'},
};

constexpr Pair<const char*> kReadings[] = {
    {U'地', "di"}, {U'长', "chang"}, {U'的', "de"},
    {U'嗯', "en"}, {U'藏', "cang"},  {U'壳', "ke"},
};

}  // namespace

bool IsVoiceMark(char32_t c) { return c == 0x3099 || c == 0x309a; }
char32_t RadicalForm(char32_t c) { return Find(kRadicals, c); }
bool IsLoneRadical(char32_t c) { return c >= 0x2e80 && c < 0x2fe0; }
char SymbolLetter(char32_t c) { return Find(kSymbols, c); }
char FauxLetter(char32_t c) { return Find(kFaux, c); }
const char* FieldReading(char32_t c) { return Find(kReadings, c); }

}  // namespace lenscap
