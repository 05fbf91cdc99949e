#ifndef LENSCAP_TESTS_FUZZ_PIECES_H_
#define LENSCAP_TESTS_FUZZ_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// A part of a media file that its format counts as one: a box, a chunk, an
// element, a tag, a packet, or what follows a start code. Bytes
// [start, end) of the file. Pieces may lie within pieces.
struct Piece {
  size_t start = 0;
  size_t end = 0;
  // The field that says how long the piece is, if it has one.
  size_t length_at = 0;
  size_t length_bytes = 0;  // 0 where there is none.
  enum class Coding { kBigEndian, kLittleEndian, kEbml } coding = {};

  friend bool operator==(const Piece&, const Piece&) = default;
};

// The pieces of a file in any of the formats that lenscap reads, in order of
// their starts; a whole comes before its parts. At most 4,096. Where a format
// is not recognised, sixteen equal parts.
std::vector<Piece> FindPieces(absl::string_view file);

// Writes `value` into `bytes` of `file` at `at`; what lies beyond its end is
// left out.
void PutNumber(std::string& file, size_t at, size_t bytes, Piece::Coding coding,
               uint64_t value);

// The file with `replacement` for its bytes [start, end), and the lengths of
// the pieces around them put right. What is put in at the end of a piece
// becomes part of it; to put it behind the piece, replace the piece as well.
std::string ReplaceWithin(absl::string_view file, size_t start, size_t end,
                          absl::string_view replacement);

// Puts the checksums of PNG chunks right, where `file` is a PNG.
void RepairPngChecksums(std::string& file);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_PIECES_H_
