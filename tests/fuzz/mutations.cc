#include "tests/fuzz/mutations.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tests/fuzz/dice.h"
#include "tests/fuzz/pieces.h"

namespace lenscap {
namespace {

using Coding = Piece::Coding;

// Where a format keeps a number: so many bytes after the start of `after`.
struct Field {
  absl::string_view after;
  size_t offset;
  size_t bytes;
};

constexpr Field kDimensions[] = {
    {"avc1", 28, 2},        {"avc1", 30, 2},        {"hev1", 28, 2},
    {"hev1", 30, 2},        {"vp09", 28, 2},        {"vp09", 30, 2},
    {"av01", 28, 2},        {"av01", 30, 2},        {"mp4v", 28, 2},
    {"mp4v", 30, 2},        {"s263", 28, 2},        {"s263", 30, 2},
    {"jpeg", 28, 2},        {"jpeg", 30, 2},        {"tkhd", 80, 4},
    {"tkhd", 84, 4},        {"\xB0\x81", 2, 1},     {"\xB0\x82", 2, 2},
    {"\xBA\x81", 2, 1},     {"\xBA\x82", 2, 2},     {"strf", 12, 4},
    {"strf", 16, 4},        {"avih", 40, 4},        {"avih", 44, 4},
    {"IHDR", 4, 4},         {"IHDR", 8, 4},         {"fcTL", 8, 4},
    {"fcTL", 12, 4},        {"fcTL", 16, 4},        {"fcTL", 20, 4},
    {"GIF89a", 6, 2},       {"GIF89a", 8, 2},       {"\xFF\xC0", 5, 2},
    {"\xFF\xC0", 7, 2},     {"VP8X", 12, 3},        {"VP8X", 15, 3},
    {"\x9D\x01\x2A", 3, 2}, {"\x9D\x01\x2A", 5, 2}, {"\x01\xB3", 2, 3},
};

constexpr Field kTimes[] = {
    {"mvhd", 16, 4},     {"mvhd", 20, 4},        {"mdhd", 16, 4},
    {"mdhd", 20, 4},     {"stts", 12, 4},        {"stts", 16, 4},
    {"ctts", 12, 4},     {"ctts", 16, 4},        {"ctts", 24, 4},
    {"elst", 12, 4},     {"elst", 16, 4},        {"elst", 20, 4},
    {"tfdt", 8, 4},      {"trun", 12, 4},        {"\xE7\x81", 2, 1},
    {"\xE7\x82", 2, 2},  {"\x2A\xD7\xB1", 4, 3}, {"\x44\x89\x88", 3, 8},
    {"avih", 8, 4},      {"strh", 28, 4},        {"strh", 32, 4},
    {"fcTL", 24, 2},     {"fcTL", 26, 2},        {"\x01\xE0", 8, 5},
    {"\x01\xE0", 13, 5}, {"\x01\xBA", 2, 6},     {"\x21\xF9\x04", 4, 2},
};

constexpr Field kCounts[] = {
    {"stsd", 8, 4},  {"stts", 8, 4}, {"ctts", 8, 4},  {"elst", 8, 4},
    {"stss", 8, 4},  {"stsc", 8, 4}, {"stsc", 16, 4}, {"stsz", 8, 4},
    {"stsz", 12, 4}, {"stco", 8, 4}, {"stco", 12, 4}, {"dref", 8, 4},
    {"trun", 8, 4},  {"acTL", 4, 4}, {"acTL", 8, 4},  {"avih", 24, 4},
    {"strh", 40, 4}, {"idx1", 4, 4}, {"avcC", 9, 1},  {"hvcC", 26, 1},
};

// Numbers near which programs go wrong.
uint64_t AwkwardNumber(Dice& dice) {
  constexpr uint64_t kNumbers[] = {
      0,          1,          2,          7,          8,       16,
      0x7F,       0x80,       0xFF,       0x7FFF,     0x8000,  0xFFFF,
      0x10000,    0xFFFFFF,   0x7FFFFFFF, 0x80000000, 30000,   0xFFFFFFF8,
      0xFFFFFFFE, 0xFFFFFFFF, 0x3FFFFFFF, 0x40000000, 1 << 20, ~uint64_t{0}};
  return dice.OneIn(4) ? dice.Bits()
                       : kNumbers[dice.Below(std::size(kNumbers))];
}

// Half of the time in the head of the file, where it matters most.
size_t Place(const std::string& file, Dice& dice) {
  return dice.OneIn(2) ? dice.Below(file.size())
                       : dice.Below(std::min(file.size(), size_t{512}));
}

void FlipBits(std::string& file, absl::string_view, Dice& dice) {
  if (file.empty()) return;
  for (size_t flips = dice.Scale(8); flips > 0; --flips) {
    file[Place(file, dice)] ^= static_cast<char>(1 << dice.Below(8));
  }
}

void OverwriteRun(std::string& file, absl::string_view, Dice& dice) {
  const size_t start = Place(file, dice);
  const size_t end = std::min(file.size(), start + dice.Scale(12));
  const size_t kind = dice.Below(3);
  for (size_t i = start; i < end; ++i) {
    file[i] = static_cast<char>(kind == 0 ? 0 : kind == 1 ? 0xFF : dice.Bits());
  }
}

void DropRun(std::string& file, absl::string_view, Dice& dice) {
  if (!file.empty()) file.erase(Place(file, dice), dice.Scale(10));
}

void InsertRun(std::string& file, absl::string_view other, Dice& dice) {
  const absl::string_view run =
      other.substr(dice.Below(other.size()), dice.Scale(10));
  file.insert(Place(file, dice), run.data(), run.size());
}

void CutShort(std::string& file, absl::string_view, Dice& dice) {
  file.resize(dice.Below(file.size()));
}

void SpliceHeads(std::string& file, absl::string_view other, Dice& dice) {
  file.resize(Place(file, dice));
  const absl::string_view tail = other.substr(dice.Below(other.size()));
  file.append(tail.data(), tail.size());
}

// A piece, of any depth; an empty one where there is none.
Piece AnyPiece(absl::string_view file, Dice& dice) {
  const std::vector<Piece> pieces = FindPieces(file);
  return pieces.empty() ? Piece() : pieces[dice.Below(pieces.size())];
}

// In three of four cases the lengths around are put right, so that a reader
// gets as far as the change.
void Replace(std::string& file, size_t start, size_t end,
             const std::string& replacement, Dice& dice) {
  if (dice.OneIn(4)) {
    file.replace(start, end - start, replacement);
  } else {
    file = ReplaceWithin(file, start, end, replacement);
  }
}

void RepeatPiece(std::string& file, absl::string_view, Dice& dice) {
  const Piece piece = AnyPiece(file, dice);
  const std::string once = file.substr(piece.start, piece.end - piece.start);
  std::string copies = once;
  for (size_t left = dice.Scale(10);
       left > 0 && copies.size() + once.size() <= kMaxMutantBytes; --left) {
    copies += once;
  }
  Replace(file, piece.start, piece.end, copies, dice);
}

void DropPiece(std::string& file, absl::string_view, Dice& dice) {
  const Piece piece = AnyPiece(file, dice);
  Replace(file, piece.start, piece.end, "", dice);
}

void SwapPieces(std::string& file, absl::string_view, Dice& dice) {
  Piece a = AnyPiece(file, dice);
  Piece b = AnyPiece(file, dice);
  if (b.start < a.start) std::swap(a, b);
  if (a.end > b.start) return;
  const std::string first = file.substr(a.start, a.end - a.start);
  const std::string second = file.substr(b.start, b.end - b.start);
  Replace(file, b.start, b.end, first, dice);
  Replace(file, a.start, a.end, second, dice);
}

// A piece of the other file in the place of one of this, wrapped in whatever
// is around it.
void TransplantPiece(std::string& file, absl::string_view other, Dice& dice) {
  const Piece donor = AnyPiece(other, dice);
  const Piece piece = AnyPiece(file, dice);
  Replace(file, piece.start, piece.end,
          std::string(other.substr(donor.start, donor.end - donor.start)),
          dice);
}

void NestPiece(std::string& file, absl::string_view, Dice& dice) {
  const Piece piece = AnyPiece(file, dice);
  if (piece.length_bytes == 0) return;
  const size_t payload =
      std::min(piece.end,
               std::max(piece.start + 8, piece.length_at + piece.length_bytes));
  const std::string copy = file.substr(piece.start, piece.end - piece.start);
  Replace(file, payload, payload, copy, dice);
}

void PatchLength(std::string& file, absl::string_view, Dice& dice) {
  const Piece piece = AnyPiece(file, dice);
  const uint64_t value =
      dice.OneIn(3) ? piece.end - piece.start + dice.Between(0, 32) - 16
                    : AwkwardNumber(dice);
  PutNumber(file, piece.length_at, piece.length_bytes, piece.coding, value);
}

// Every place of the file that holds one of the fields.
std::vector<Field> PlacesOf(absl::Span<const Field> fields,
                            const std::string& file) {
  constexpr size_t kMaxPlaces = 512;
  std::vector<Field> places;
  for (const Field& field : fields) {
    size_t at = file.find(field.after.data(), 0, field.after.size());
    while (at != std::string::npos && places.size() < kMaxPlaces) {
      places.push_back({"", at + field.offset, field.bytes});
      at = file.find(field.after.data(), at + 1, field.after.size());
    }
  }
  return places;
}

// Changes some of the fields that the file has; other bits where it has none.
void PatchFields(absl::Span<const Field> fields, std::string& file,
                 Dice& dice) {
  const std::vector<Field> places = PlacesOf(fields, file);
  if (places.empty()) return FlipBits(file, "", dice);
  for (size_t patches = dice.Between(1, 4); patches > 0; --patches) {
    const Field& place = places[dice.Below(places.size())];
    PutNumber(file, place.offset, place.bytes,
              dice.OneIn(2) ? Coding::kBigEndian : Coding::kLittleEndian,
              AwkwardNumber(dice));
  }
}

void PatchDimensions(std::string& file, absl::string_view, Dice& dice) {
  PatchFields(kDimensions, file, dice);
}

void PatchTimes(std::string& file, absl::string_view, Dice& dice) {
  PatchFields(kTimes, file, dice);
}

void PatchCounts(std::string& file, absl::string_view, Dice& dice) {
  PatchFields(kCounts, file, dice);
}

// The parameter sets of H.264 and H.265 stand in the head of a file.
void FlipParameterSet(std::string& file, absl::string_view, Dice& dice) {
  size_t at = std::string::npos;
  for (absl::string_view mark :
       {absl::string_view("avcC"), absl::string_view("hvcC"),
        absl::string_view("\x01\x67", 2), absl::string_view("\x01\x42", 2),
        absl::string_view("\x63\xA2", 2)}) {
    at = std::min(at, file.find(mark.data(), 0, mark.size()));
  }
  if (at == std::string::npos) return FlipBits(file, "", dice);
  for (size_t flips = dice.Between(1, 6); flips > 0; --flips) {
    const size_t place = at + 2 + dice.Below(40);
    if (place < file.size()) {
      file[place] ^= static_cast<char>(1 << dice.Below(8));
    }
  }
}

struct Mutation {
  const char* name;
  void (*apply)(std::string& file, absl::string_view other, Dice& dice);
};

constexpr Mutation kMutations[] = {
    {"flip-bits", FlipBits},
    {"overwrite-run", OverwriteRun},
    {"drop-run", DropRun},
    {"insert-run", InsertRun},
    {"cut-short", CutShort},
    {"splice-heads", SpliceHeads},
    {"repeat-piece", RepeatPiece},
    {"drop-piece", DropPiece},
    {"swap-pieces", SwapPieces},
    {"transplant-piece", TransplantPiece},
    {"nest-piece", NestPiece},
    {"patch-length", PatchLength},
    {"patch-dimensions", PatchDimensions},
    {"patch-times", PatchTimes},
    {"patch-counts", PatchCounts},
    {"flip-parameter-set", FlipParameterSet},
};

}  // namespace

Mutant Mutate(absl::string_view file, absl::string_view other, uint64_t seed) {
  Dice dice(seed);
  Mutant mutant{"", std::string(file)};
  for (size_t rounds = dice.OneIn(2) ? 1 : dice.Between(2, 3); rounds > 0;
       --rounds) {
    const Mutation& mutation = kMutations[dice.Below(std::size(kMutations))];
    absl::StrAppend(&mutant.how, mutant.how.empty() ? "" : "+", mutation.name);
    mutation.apply(mutant.bytes, other, dice);
  }
  mutant.bytes.resize(std::min(mutant.bytes.size(), kMaxMutantBytes));
  if (dice.OneIn(2)) RepairPngChecksums(mutant.bytes);
  return mutant;
}

std::vector<std::string> MutationNames() {
  std::vector<std::string> names;
  for (const Mutation& mutation : kMutations) names.push_back(mutation.name);
  return names;
}

}  // namespace lenscap
