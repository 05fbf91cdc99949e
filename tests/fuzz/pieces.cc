#include "tests/fuzz/pieces.h"

#include <algorithm>
#include <bit>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "base/digest.h"

namespace lenscap {
namespace {

using Coding = Piece::Coding;

constexpr size_t kMaxPieces = 4096;
constexpr size_t kMaxDepth = 12;
constexpr size_t kTransportPacket = 188;
constexpr absl::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

// Boxes whose payload is boxes.
constexpr absl::string_view kBoxesOfBoxes[] = {"moov", "trak", "mdia", "minf",
                                               "stbl", "edts", "dinf", "udta",
                                               "mvex", "moof", "traf"};
// Elements whose payload is elements.
constexpr uint32_t kElementsOfElements[] = {
    0x18538067, 0x1654AE6B, 0xAE,   0xE0,   0x1F43B675,
    0xA0,       0x1C53BB6B, 0xBB,   0xB7,   0x114D9B74,
    0x4DBB,     0x6D80,     0x6240, 0x5034, 0x1549A966};

uint64_t NumberAt(absl::string_view file, size_t at, size_t bytes,
                  Coding coding) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes && at + i < file.size(); ++i) {
    const uint64_t byte = static_cast<uint8_t>(file[at + i]);
    number = coding == Coding::kLittleEndian ? number | byte << (8 * i)
                                             : number << 8 | byte;
  }
  if (coding == Coding::kEbml) number &= ~(uint64_t{1} << (7 * bytes));
  return number;
}

// The bytes of an EBML number that begins with `first`; 9 for none.
size_t EbmlWidth(char first) {
  return std::countl_zero(static_cast<uint8_t>(first)) + 1;
}

// Finds the pieces of one file.
class Finder {
 public:
  explicit Finder(absl::string_view file) : file_(file) {}

  std::vector<Piece> Find() {
    if (absl::StartsWith(file_, kPngSignature)) {
      FindPngChunks();
    } else if (absl::StartsWith(file_, "RIFF")) {
      FindRiffChunks(0, file_.size(), 0);
    } else if (absl::StartsWith(file_, "\x1A\x45\xDF\xA3")) {
      FindElements(0, file_.size(), 0);
    } else if (absl::StartsWith(file_, "FLV")) {
      FindFlvTags();
    } else if (file_.size() > kTransportPacket && file_[0] == 'G' &&
               file_[kTransportPacket] == 'G') {
      FindEqualParts(kTransportPacket);
    } else if (file_.size() > 8 && IsBoxName(file_.substr(4, 4))) {
      FindBoxes(0, file_.size(), 0);
    } else {
      FindStartCodes();
    }
    if (pieces_.empty()) FindEqualParts(file_.size() / 16 + 1);
    return std::move(pieces_);
  }

 private:
  static bool IsBoxName(absl::string_view name) {
    return name == "ftyp" || name == "moov" || name == "mdat" ||
           name == "free" || name == "wide" || name == "styp";
  }

  bool Full() const { return pieces_.size() >= kMaxPieces; }

  void FindEqualParts(size_t bytes) {
    for (size_t at = 0; at < file_.size() && !Full(); at += bytes) {
      pieces_.push_back({at, std::min(at + bytes, file_.size())});
    }
  }

  void FindBoxes(size_t at, size_t end, size_t depth) {
    while (at + 8 <= end && !Full()) {
      const uint64_t length = NumberAt(file_, at, 4, Coding::kBigEndian);
      const size_t box_end = length < 8 ? end : std::min(at + length, end);
      pieces_.push_back({at, box_end, at, 4, Coding::kBigEndian});
      if (depth < kMaxDepth &&
          absl::c_linear_search(kBoxesOfBoxes, file_.substr(at + 4, 4))) {
        FindBoxes(at + 8, box_end, depth + 1);
      }
      at = box_end;
    }
  }

  void FindRiffChunks(size_t at, size_t end, size_t depth) {
    while (at + 8 <= end && !Full()) {
      const uint64_t length = NumberAt(file_, at + 4, 4, Coding::kLittleEndian);
      const size_t chunk_end = std::min(at + 8 + length + length % 2, end);
      pieces_.push_back({at, chunk_end, at + 4, 4, Coding::kLittleEndian});
      const absl::string_view name = file_.substr(at, 4);
      if (depth < kMaxDepth && (name == "RIFF" || name == "LIST")) {
        FindRiffChunks(at + 12, chunk_end, depth + 1);
      }
      at = chunk_end;
    }
  }

  void FindPngChunks() {
    size_t at = kPngSignature.size();
    while (at + 12 <= file_.size() && !Full()) {
      const uint64_t length = NumberAt(file_, at, 4, Coding::kBigEndian);
      const size_t end = std::min<uint64_t>(at + 12 + length, file_.size());
      pieces_.push_back({at, end, at, 4, Coding::kBigEndian});
      at = end;
    }
  }

  void FindElements(size_t at, size_t end, size_t depth) {
    while (at < end && !Full()) {
      const size_t id_bytes = EbmlWidth(file_[at]);
      const size_t length_at = at + id_bytes;
      if (id_bytes > 4 || length_at >= end) return;
      const size_t length_bytes = EbmlWidth(file_[length_at]);
      const size_t payload = length_at + length_bytes;
      if (length_bytes > 8 || payload > end) return;
      const uint64_t length =
          NumberAt(file_, length_at, length_bytes, Coding::kEbml);
      const size_t element_end = payload + std::min(length, end - payload);
      pieces_.push_back(
          {at, element_end, length_at, length_bytes, Coding::kEbml});
      if (depth < kMaxDepth &&
          absl::c_linear_search(
              kElementsOfElements,
              NumberAt(file_, at, id_bytes, Coding::kBigEndian))) {
        FindElements(payload, element_end, depth + 1);
      }
      at = element_end;
    }
  }

  void FindFlvTags() {
    size_t at = 13;
    while (at + 15 <= file_.size() && !Full()) {
      const uint64_t length = NumberAt(file_, at + 1, 3, Coding::kBigEndian);
      const size_t end = std::min<uint64_t>(at + 15 + length, file_.size());
      pieces_.push_back({at, end, at + 1, 3, Coding::kBigEndian});
      at = end;
    }
  }

  void FindStartCodes() {
    constexpr absl::string_view kCode("\0\0\1", 3);
    size_t at = file_.find(kCode);
    // One alone is there by chance.
    if (file_.find(kCode, at + 1) == absl::string_view::npos) return;
    while (at != absl::string_view::npos && !Full()) {
      const size_t next = file_.find(kCode, at + kCode.size());
      const size_t end = std::min(next, file_.size());
      pieces_.push_back({at, end});
      at = next;
    }
  }

  const absl::string_view file_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> FindPieces(absl::string_view file) {
  return Finder(file).Find();
}

void PutNumber(std::string& file, size_t at, size_t bytes, Coding coding,
               uint64_t value) {
  if (coding == Coding::kEbml) {
    const uint64_t marker = uint64_t{1} << (7 * bytes);
    value = marker | (value & (marker - 1));
  }
  for (size_t i = 0; i < bytes; ++i) {
    const size_t place =
        at + (coding == Coding::kLittleEndian ? i : bytes - 1 - i);
    if (place < file.size()) {
      file[place] = static_cast<char>(i < 8 ? value >> (8 * i) : 0);
    }
  }
}

std::string ReplaceWithin(absl::string_view file, size_t start, size_t end,
                          absl::string_view replacement) {
  std::string changed(file);
  for (const Piece& piece : FindPieces(file)) {
    const bool around = piece.start <= start && end <= piece.end &&
                        piece.length_bytes > 0 &&
                        piece.length_at + piece.length_bytes <= start;
    if (!around) continue;
    const uint64_t length =
        NumberAt(file, piece.length_at, piece.length_bytes, piece.coding);
    PutNumber(changed, piece.length_at, piece.length_bytes, piece.coding,
              length + replacement.size() - (end - start));
  }
  changed.replace(start, end - start, replacement.data(), replacement.size());
  return changed;
}

void RepairPngChecksums(std::string& file) {
  if (!absl::StartsWith(file, kPngSignature)) return;
  for (const Piece& piece : FindPieces(file)) {
    if (piece.end - piece.start < 12) continue;
    const size_t checksum_at = piece.end - 4;
    const uint32_t checksum = Crc32(absl::string_view(file).substr(
        piece.start + 4, checksum_at - piece.start - 4));
    PutNumber(file, checksum_at, 4, Coding::kBigEndian, checksum);
  }
}

}  // namespace lenscap
