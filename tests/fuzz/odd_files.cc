#include "absl/strings/str_cat.h"
#include "tests/fuzz/file_parts.h"
#include "tests/fuzz/hostile_files.h"
#include "tests/fuzz/pieces.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

// A box within a box of the same name, to this depth.
std::string DeepBoxes(absl::string_view name, int depth) {
  std::string file;
  for (int left = depth; left > 0; --left) {
    absl::StrAppend(&file, BigEndian(8 * left, 4), name);
  }
  return file;
}

std::string DeepElements(uint32_t id, int depth) {
  const std::string empty = Element(id, "");
  const size_t head = empty.size();
  std::string file;
  for (int left = depth - 1; left >= 0; --left) {
    absl::StrAppend(&file, empty.substr(0, head - 7),
                    BigEndian(head * left, 7));
  }
  return file;
}

std::string Film(const std::string& file,
                 const std::vector<std::string>& encode) {
  std::vector<std::string> arguments = {"-f", "lavfi", "-i",
                                        "testsrc2=d=0.4:s=64x48:r=25"};
  arguments.insert(arguments.end(), encode.begin(), encode.end());
  return ReadFileBytes(MakeMedia(file, arguments));
}

// A list of `count` edits, of which `given` are there.
std::string EditList(uint32_t count, int given, uint32_t duration,
                     uint32_t start) {
  std::string list = BigEndian(0, 4) + BigEndian(count, 4);
  for (int i = 0; i < given; ++i) {
    list +=
        BigEndian(duration, 4) + BigEndian(start, 4) + BigEndian(1 << 16, 4);
  }
  return Box("edts", Box("elst", list));
}

void AddEditLists(const std::string& movie, std::vector<Seed>& files) {
  const std::vector<Piece> pieces = FindPieces(movie);
  for (const Piece& piece : pieces) {
    if (movie.substr(piece.start + 4, 4) != "edts") continue;
    const auto add = [&](const char* name, const std::string& edits) {
      files.push_back(
          {name, ReplaceWithin(movie, piece.start, piece.end, edits)});
    };
    add("edits-promised.mp4", EditList(0xFFFFFFFF, 1, 400, 0));
    add("edits-many.mp4", EditList(1000, 1000, 400, 0));
    add("edits-of-nothing.mp4", EditList(1000, 1000, 0, 0xFFFFFFFF));
    add("edits-beyond.mp4", EditList(2, 2, 0x7FFFFFFF, 0x7FFFFFFF));
    add("edits-none.mp4", EditList(0, 0, 0, 0));
  }
}

}  // namespace

std::vector<Seed> MakeOddFiles() {
  const std::string brand = Box("ftyp", "isomisom");
  const std::string head =
      Element(0x1A45DFA3, Element(0x4282, absl::string_view("matroska")));
  const std::string movie =
      Film("a.mp4", {"-c:v", "libx264", "-preset", "veryfast"});
  const std::string early = Film("a.ts", {"-c:v", "mpeg2video"});
  const std::string late =
      Film("b.ts", {"-c:v", "mpeg2video", "-output_ts_offset", "50000"});
  std::vector<Seed> files = {
      {"nothing", ""},
      {"one-byte", "x"},
      {"two-bytes", std::string(2, '\0')},
      {"zeros", std::string(100'000, '\0')},
      {"ones", std::string(100'000, '\xFF')},
      {"head-alone.mp4", movie.substr(0, 8)},
      {"twice.mp4", movie + movie},
      {"backward.ts", late + early + late + early},
      {"no-index.mp4", movie.substr(0, movie.size() / 2)},
      {"picture-in-front.mp4", Film("a.jpg", {"-frames:v", "1"}) + movie},
      {"archive-behind.mp4", movie + "PK\x03\x04"},
  };
  for (const char* name : {"moov", "trak", "udta", "meta", "moof", "wave"}) {
    files.push_back({absl::StrCat("deep-", name, ".mp4"),
                     brand + Box("moov", DeepBoxes(name, 10'000))});
  }
  for (const uint32_t id : {0x18538067u, 0x1654AE6Bu, 0xAEu, 0x67C8u, 0xB6u}) {
    files.push_back({"deep.mkv", head + DeepElements(id, 10'000)});
    files.push_back(
        {"deep-within.mkv",
         head +
             Element(0x18538067, Element(0x1254C367, DeepElements(id, 5000)))});
  }
  AddEditLists(movie, files);
  return files;
}

}  // namespace lenscap
