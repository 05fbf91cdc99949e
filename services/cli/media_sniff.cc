#include "services/cli/media_sniff.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace lenscap::cli {
namespace {

bool HasAt(absl::string_view head, size_t offset, absl::string_view magic) {
  return head.size() >= offset && absl::StartsWith(head.substr(offset), magic);
}

// ISO base media and QuickTime: a box length, then the type of a box that
// files begin with.
bool IsIsoMedia(absl::string_view head) {
  constexpr std::array<absl::string_view, 9> kFirstBoxes = {
      "ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "moof", "pnot"};
  return std::any_of(
      kFirstBoxes.begin(), kFirstBoxes.end(),
      [&](absl::string_view box) { return HasAt(head, 4, box); });
}

// MPEG transport stream: a sync byte every 188 bytes, or every 192 after a
// time code of 4 (M2TS).
bool IsTransportStream(absl::string_view head) {
  const auto synced = [&](size_t start, size_t packet) {
    constexpr size_t kPackets = 4;
    if (head.size() < start + packet + 1) return false;
    const size_t end = std::min(head.size(), start + kPackets * packet);
    for (size_t i = start; i < end; i += packet) {
      if (head[i] != 0x47) return false;
    }
    return true;
  };
  return synced(0, 188) || synced(4, 192);
}

bool IsMedia(absl::string_view head) {
  using absl::string_view;
  if (IsIsoMedia(head) || IsTransportStream(head)) return true;
  if (HasAt(head, 0, "RIFF")) {
    return HasAt(head, 8, "AVI ") || HasAt(head, 8, "WEBP");
  }
  const std::array<string_view, 7> kMagic = {
      string_view("\x1a\x45\xdf\xa3"),  // Matroska and WebM.
      string_view("\0\0\x01\xba", 4),   // MPEG program stream.
      string_view("FLV\x01"),
      string_view("\xff\xd8\xff"),  // JPEG.
      string_view("\x89PNG\r\n\x1a\n"),
      string_view("GIF87a"),
      string_view("GIF89a")};
  return std::any_of(kMagic.begin(), kMagic.end(),
                     [&](string_view magic) { return HasAt(head, 0, magic); });
}

bool IsHashList(absl::string_view head) {
  if (HasAt(head, 0, "\x28\xb5\x2f\xfd")) return true;
  const absl::string_view line = head.substr(0, head.find('\n'));
  return HasAt(line, 0, "{") &&
         absl::StrContains(line, "\"format\":\"lenscap-list/");
}

bool IsHex64(absl::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

// By the first line that is not empty; whoever parses it checks the rest.
Content SniffText(absl::string_view head) {
  for (absl::string_view line : absl::StrSplit(head, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
    if (fields.size() <= 2 && IsHex64(fields[0])) return Content::kPdqText;
    if (fields.size() == 4 && IsHex64(absl::StripAsciiWhitespace(fields[2]))) {
      return Content::kVpdqText;
    }
    break;
  }
  return Content::kOther;
}

}  // namespace

Content SniffContent(absl::string_view head) {
  head = head.substr(0, kSniffBytes);
  if (IsHashList(head)) return Content::kHashList;
  return IsMedia(head) ? Content::kMedia : SniffText(head);
}

}  // namespace lenscap::cli
