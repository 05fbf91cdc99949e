#include <optional>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/file_parts.h"
#include "tests/fuzz/hostile_files.h"
#include "tests/fuzz/pieces.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

constexpr absl::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

std::string PngHeader(int width, int height, int bits) {
  return absl::StrCat(BigEndian(width, 4), BigEndian(height, 4),
                      BigEndian(bits, 1), BigEndian(0, 4));
}

// Black, grey-scale.
std::string BlackPng(int width, int height, int bits) {
  const size_t row = 1 + (size_t{1} * width * bits + 7) / 8;
  return absl::StrCat(
      kPngSignature, PngChunk("IHDR", PngHeader(width, height, bits)),
      PngChunk("IDAT", ZlibZeros(row * height)), PngChunk("IEND", ""));
}

// The same black picture again and again, 1/1000 s each.
std::string BlackApng(int width, int height, int frames) {
  const std::string pixels = ZlibZeros((size_t{1} + width) * height);
  std::string file =
      absl::StrCat(kPngSignature, PngChunk("IHDR", PngHeader(width, height, 8)),
                   PngChunk("acTL", BigEndian(frames, 4) + BigEndian(0, 4)));
  int sequence = 0;
  for (int i = 0; i < frames; ++i) {
    const std::string size = BigEndian(width, 4) + BigEndian(height, 4);
    file += PngChunk("fcTL", absl::StrCat(BigEndian(sequence++, 4), size,
                                          BigEndian(0, 8), BigEndian(1, 2),
                                          BigEndian(1000, 2), BigEndian(0, 2)));
    file += i == 0 ? PngChunk("IDAT", pixels)
                   : PngChunk("fdAT", BigEndian(sequence++, 4) + pixels);
  }
  return file + PngChunk("IEND", "");
}

// One pixel after another on a canvas of this size, 16 bits each.
std::string HugeGif(int width, int height, int frames) {
  const auto little_endian = [](int value) {
    return std::string{static_cast<char>(value), static_cast<char>(value >> 8)};
  };
  std::string file =
      absl::StrCat("GIF89a", little_endian(width), little_endian(height),
                   BigEndian(0x80'00'00, 3), BigEndian(0x000000'FFFFFF, 6));
  for (int i = 0; i < frames; ++i) {
    file += BigEndian(0x21'F9'04'00'01'00'00'00, 8);
    file +=
        absl::StrCat(",", BigEndian(0, 4), little_endian(1), little_endian(1),
                     BigEndian(0, 1), BigEndian(0x02'02'44'01'00, 5));
  }
  return file + ";";
}

std::string EbmlHead() {
  return Element(0x1A45DFA3, Element(0x4282, absl::string_view("matroska")));
}

std::string MatroskaTrack(int number, absl::string_view more) {
  const std::string video =
      Element(0xE0, Element(0xB0, 64) + Element(0xBA, 48));
  return Element(
      0xAE, absl::StrCat(Element(0xD7, number), Element(0x73C5, number),
                         Element(0x83, 1),
                         Element(0x86, absl::string_view("V_MPEG4/ISO/ASP")),
                         video, more));
}

// Every block of a few kilobytes grows into ten megabytes.
std::string MatroskaBomb(int blocks) {
  const std::string compression =
      Element(0x6D80, Element(0x6240, Element(0x5034, Element(0x4254, 0))));
  const std::string payload = ZlibZeros(9'900'000);
  std::string cluster = Element(0xE7, 0);
  for (int i = 0; i < blocks; ++i) {
    cluster +=
        Element(0xA3, absl::StrCat("\x81", BigEndian(i, 2), "\x80", payload));
  }
  return EbmlHead() +
         Element(0x18538067,
                 Element(0x1654AE6B, MatroskaTrack(1, compression)) +
                     Element(0x1F43B675, cluster));
}

std::string MatroskaTracks(int count) {
  std::string tracks;
  for (int i = 1; i <= count; ++i) tracks += MatroskaTrack(i, "");
  return EbmlHead() + Element(0x18538067, Element(0x1654AE6B, tracks));
}

// The checksum of sections in a transport stream (ISO 13818-1, annex A).
uint32_t SectionChecksum(absl::string_view bytes) {
  uint32_t checksum = ~0u;
  for (const char byte : bytes) {
    checksum ^= uint32_t{static_cast<uint8_t>(byte)} << 24;
    for (int i = 0; i < 8; ++i) {
      checksum = checksum << 1 ^ (checksum >> 31 != 0 ? 0x04C11DB7 : 0);
    }
  }
  return checksum;
}

// A table in as many packets as it needs.
std::string Section(int pid, int table, int id, const std::string& body) {
  std::string section = absl::StrCat(
      BigEndian(table, 1), BigEndian(0xB000 | (body.size() + 9), 2),
      BigEndian(id, 2), BigEndian(0xC10000, 3), body);
  section = absl::StrCat(BigEndian(0, 1), section,
                         BigEndian(SectionChecksum(section), 4));
  std::string packets;
  for (size_t at = 0, i = 0; at < section.size(); at += 184, ++i) {
    std::string packet =
        absl::StrCat("G", BigEndian((i == 0 ? 0x4000 : 0) | pid, 2),
                     BigEndian(0x10 | i % 16, 1), section.substr(at, 184));
    packet.resize(188, '\xFF');
    packets += packet;
  }
  return packets;
}

// Each program's map table lists 190 video streams.
std::string TransportStreams(int programs) {
  constexpr int kStreams = 190;
  std::string list;
  std::string maps;
  for (int i = 1; i <= programs; ++i) {
    const int map_pid = 0x1000 + i;
    list += BigEndian(i, 2) + BigEndian(0xE000 | map_pid, 2);
    std::string map = BigEndian(0xE100F000, 4);
    for (int j = 0; j < kStreams; ++j) {
      const int pid = 0x20 + ((i * kStreams + j) % 0x0F00);
      map += BigEndian(0x1B, 1) + BigEndian(0xE000 | pid, 2) +
             BigEndian(0xF000, 2);
    }
    maps += Section(map_pid, 2, i, map);
  }
  return Section(0, 0, 1, list) + maps;
}

// The movie with `payload` in every box of this name; without those boxes
// where there is none.
std::string WithBox(std::string movie, absl::string_view name,
                    const std::optional<std::string>& payload) {
  const std::vector<Piece> pieces = FindPieces(movie);
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    if (movie.substr(piece->start + 4, 4) != name) continue;
    movie = ReplaceWithin(movie, piece->start, piece->end,
                          payload ? Box(name, *payload) : "");
  }
  return movie;
}

// Every track says in a few bytes that it has so many samples of one byte; a
// reader that believes it makes a table of them.
std::string MovieOfSamples(int tracks, uint32_t samples) {
  const std::string flags(4, '\0');
  const std::string one = BigEndian(1, 4);
  const std::string count = BigEndian(samples, 4);
  std::string movie = ReadFileBytes(MakeMedia(
      "a.mp4",
      {"-f", "lavfi", "-i", "testsrc2=d=0.4:s=64x48:r=25", "-c:v", "mpeg4"}));
  movie = WithBox(movie, "edts", std::nullopt);
  movie = WithBox(movie, "stss", std::nullopt);
  movie = WithBox(movie, "stsz", flags + one + count);
  movie = WithBox(movie, "stts", flags + one + count + one);
  movie = WithBox(movie, "stsc", flags + one + one + count + one);
  for (const Piece& piece : FindPieces(movie)) {
    if (movie.substr(piece.start + 4, 4) != "trak") continue;
    const std::string track =
        movie.substr(piece.start, piece.end - piece.start);
    std::string copies;
    for (int i = 0; i < tracks; ++i) copies += track;
    return ReplaceWithin(movie, piece.start, piece.end, copies);
  }
  return movie;
}

}  // namespace

std::vector<Seed> MakeBombs() {
  std::vector<Seed> bombs = {
      {"30000x30000.png", BlackPng(30'000, 30'000, 1)},
      {"8192x4608.png", BlackPng(8192, 4608, 8)},
      {"16-bits.png", BlackPng(4096, 4096, 16)},
      {"30000x30000.apng", BlackApng(30'000, 30'000, 1)},
      {"4096x4096.apng", BlackApng(4096, 4096, 60)},
      {"65535x65535.gif", HugeGif(65'535, 65'535, 10)},
      {"8000x4500.gif", HugeGif(8000, 4500, 30)},
      {"compressed-blocks.mkv", MatroskaBomb(20)},
      {"10000-tracks.mkv", MatroskaTracks(10'000)},
      {"60-tracks.mkv", MatroskaTracks(60)},
      {"10000-streams.ts", TransportStreams(53)},
      {"10000000-samples.mp4", MovieOfSamples(1, 10'000'000)},
      {"1000000000-samples.mp4", MovieOfSamples(1, 1'000'000'000)},
      {"20-tracks-of-2000000-samples.mp4", MovieOfSamples(20, 2'000'000)},
  };
  // More bytes promised than anybody has.
  bombs.push_back({"endless-box.mp4", Box("ftyp", "isom") + BigEndian(1, 4) +
                                          "moov" +
                                          BigEndian(0x7FFFFFFFFFFFFFFF, 8)});
  return bombs;
}

}  // namespace lenscap
