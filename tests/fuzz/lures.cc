#include "absl/strings/str_cat.h"
#include "tests/fuzz/file_parts.h"
#include "tests/fuzz/hostile_files.h"
#include "tests/fuzz/pieces.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

std::string Playlist(const std::string& target) {
  return absl::StrCat(
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n"
      "#EXTINF:1,\n",
      target, "\n#EXT-X-ENDLIST\n");
}

std::string Keyed(const std::string& target) {
  return absl::StrCat("#EXTM3U\n#EXT-X-TARGETDURATION:1\n",
                      "#EXT-X-KEY:METHOD=AES-128,URI=\"", target, "\"\n",
                      "#EXT-X-MAP:URI=\"", target, "\"\n#EXTINF:1,\n", target,
                      "\n#EXT-X-ENDLIST\n");
}

std::string Manifest(const std::string& target) {
  return absl::StrCat(
      "<?xml version=\"1.0\"?>\n<MPD "
      "xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
      "mediaPresentationDuration=\"PT1S\"><Period><AdaptationSet "
      "mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"1\">"
      "<BaseURL>",
      target, "</BaseURL></Representation></AdaptationSet></Period></MPD>\n");
}

// QuickTime's alias record. Relative to the movie, the file is beside it.
std::string Alias(const std::string& path, bool relative) {
  const std::string name = path.substr(path.rfind('/') + 1).substr(0, 63);
  const std::string levels = BigEndian(relative ? 1 : 0xFFFF, 2);
  std::string record(10, '\0');
  record += BigEndian(4, 1) + "root" + std::string(23, '\0');
  record += std::string(12, '\0');
  record +=
      BigEndian(name.size(), 1) + name + std::string(63 - name.size(), '\0');
  record += std::string(16, '\0') + levels + levels + std::string(16, '\0');
  record += BigEndian(2, 2) + BigEndian(path.size(), 2) + path;
  if (path.size() % 2 != 0) record += '\0';
  return record + BigEndian(0xFFFF, 2) + BigEndian(0, 2);
}

// A movie whose data reference is `entry`, the lengths around it put right.
std::string Elsewhere(const std::string& movie, const std::string& entry) {
  const size_t old_entry = movie.find("dref") + 12;
  return ReplaceWithin(movie, old_entry, old_entry + 12, entry);
}

void AddMovies(const Bait& bait, std::vector<Seed>& lures) {
  const std::string movie = ReadFileBytes(MakeMedia(
      "a.mov",
      {"-f", "lavfi", "-i", "testsrc2=d=0.4:s=64x48:r=25", "-c:v", "mpeg4"}));
  const std::string flags(4, '\0');
  for (const std::string& path : {bait.path, bait.name}) {
    for (const bool relative : {false, true}) {
      lures.push_back(
          {relative ? "dref-beside.mov" : "dref-alias.mov",
           Elsewhere(movie, Box("alis", flags + Alias(path, relative)))});
    }
    lures.push_back({"dref-file-url.mov",
                     Elsewhere(movie, Box("url ", flags + "file://" + path +
                                                      std::string(1, '\0')))});
  }
  const std::string url = "http://" + bait.host + "/a.mov";
  lures.push_back(
      {"dref-url.mov",
       Elsewhere(movie, Box("url ", flags + url + std::string(1, '\0')))});
  lures.push_back({"dref-alias-url.mov",
                   Elsewhere(movie, Box("alis", flags + Alias(url, false)))});
  // A reference movie, which is nothing but a link.
  for (const std::string& target : {url, bait.path, bait.name}) {
    const std::string link =
        Box("rdrf",
            flags + "url " + BigEndian(target.size() + 1, 4) + target + '\0');
    lures.push_back(
        {"reference.mov", Box("moov", Box("rmra", Box("rmda", link)))});
  }
}

}  // namespace

std::vector<Seed> MakeLures(const Bait& bait) {
  std::vector<std::string> targets = {
      bait.path,
      "file:" + bait.path,
      "file://" + bait.path,
      "concat:" + bait.path + "|" + bait.path,
      "subfile,,start,0,end,0,,:" + bait.path,
      "crypto:" + bait.path,
      "cache:" + bait.path,
      "async:" + bait.path,
      bait.name,
      "./" + bait.name,
      "file:///etc/passwd",
  };
  for (const char* scheme :
       {"http", "tcp", "udp", "rtmp", "ftp", "gopher", "hls+http", "rtsp",
        "tls", "https", "icecast", "mmsh", "srtp", "unix", "data"}) {
    targets.push_back(absl::StrCat(scheme, "://", bait.host, "/a.ts"));
  }
  std::vector<Seed> lures;
  for (const std::string& target : targets) {
    lures.push_back({"hls.m3u8.mp4", Playlist(target)});
    lures.push_back({"hls-key.mp4", Keyed(target)});
    lures.push_back(
        {"concat.mp4", "ffconcat version 1.0\nfile '" + target + "'\n"});
    lures.push_back({"dash.mp4", Manifest(target)});
    lures.push_back({"playlist.mp4",
                     "[playlist]\nFile1=" + target + "\nNumberOfEntries=1\n"});
    lures.push_back({"rtsptext.mov", "RTSPtext\r\n" + target + "\r\n"});
    lures.push_back({"redirect.asf", "[Reference]\r\nRef1=" + target + "\r\n"});
    lures.push_back({"vector.mp4",
                     "<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
                     "<image xlink:href=\"" +
                         target + "\"/></svg>"});
  }
  lures.push_back({"session.sdp.mp4",
                   "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 "
                   "127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n"
                   "a=control:rtsp://" +
                       bait.host + "/\r\n"});
  lures.push_back({"pattern%03d.png", "/etc/passwd"});
  AddMovies(bait, lures);
  return lures;
}

}  // namespace lenscap
