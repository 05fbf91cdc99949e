// Uploads that try to make FFmpeg open something else.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "media/formats.h"
#include "media/video_reader.h"
#include "tests/media/decoder_programs.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

// A listening socket on loopback that sees who calls.
class Listener {
 public:
  Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address_);
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    EXPECT_EQ(bind(socket_, address, length), 0) << strerror(errno);
    EXPECT_EQ(listen(socket_, 8), 0) << strerror(errno);
    EXPECT_EQ(getsockname(socket_, address, &length), 0) << strerror(errno);
  }
  ~Listener() { close(socket_); }

  std::string host() const {
    return absl::StrCat("127.0.0.1:", ntohs(address_.sin_port));
  }

  // Whether anyone has connected since the last call.
  bool WasCalled() {
    bool called = false;
    while (true) {
      const int caller = accept(socket_, nullptr, nullptr);
      if (caller < 0) return called;
      close(caller);
      called = true;
    }
  }

  void CallItself() {
    const int caller = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(connect(caller, reinterpret_cast<sockaddr*>(&address_),
                      sizeof(address_)),
              0);
    close(caller);
  }

 private:
  const int socket_;
  sockaddr_in address_ = {};
};

std::string Playlist(const std::string& target) {
  return absl::StrCat(
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n"
      "#EXTINF:1,\n",
      target, "\n#EXT-X-ENDLIST\n");
}

std::string LocalVideo() {
  return MakeMedia("secret.ts",
                   {"-f", "lavfi", "-i", "testsrc2=d=0.5:s=64x64:r=10", "-c:v",
                    "mpeg2video", "-r", "25"});
}

// Here, by FFmpeg's own locks, and in the jail.
void ExpectRefused(const std::string& upload) {
  const std::string path = WriteTempFile("upload.mp4", upload);
  const OpenVideo in_jail = [](std::unique_ptr<ByteSource> source,
                               ReaderOptions options) {
    return TestPool().Open(std::move(source), options);
  };
  for (const OpenVideo& open : {OpenVideo(VideoReader::Open), in_jail}) {
    const MediaRead read = ReadMedia(*OpenFileSource(path), EveryFrame(), open);
    EXPECT_EQ(read.status.code(), absl::StatusCode::kInvalidArgument)
        << read.status << " for " << upload;
    EXPECT_TRUE(read.frames.empty());
  }
}

TEST(AttackTest, TheListenerSeesACall) {
  Listener listener;
  EXPECT_FALSE(listener.WasCalled());
  listener.CallItself();
  EXPECT_TRUE(listener.WasCalled());
}

TEST(AttackTest, APlaylistFetchesNothingFromTheNetwork) {
  Listener listener;
  for (const char* scheme : {"http", "tcp", "rtmp", "ftp"}) {
    ExpectRefused(
        Playlist(absl::StrCat(scheme, "://", listener.host(), "/segment.ts")));
    EXPECT_FALSE(listener.WasCalled()) << scheme;
  }
}

TEST(AttackTest, APlaylistOpensNoFile) {
  const std::string secret = LocalVideo();
  ASSERT_TRUE(ReadMediaFile(secret).status.ok());
  for (const std::string& target :
       {secret, "file:" + secret, "concat:" + secret, "subfile:" + secret}) {
    ExpectRefused(Playlist(target));
  }
}

TEST(AttackTest, AScriptOpensNoFile) {
  const std::string secret = LocalVideo();
  ExpectRefused("ffconcat version 1.0\nfile '" + secret + "'\n");
}

TEST(AttackTest, OtherFilesThatPointElsewhereAreRefused) {
  Listener listener;
  const std::string url = "http://" + listener.host() + "/a.ts";
  ExpectRefused(
      "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1"
      "\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n");
  ExpectRefused(
      "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:"
      "2011\"><BaseURL>" +
      url + "</BaseURL></MPD>");
  ExpectRefused("[playlist]\nFile1=" + url + "\nNumberOfEntries=1\n");
  ExpectRefused("RTSPtext\r\n" + url + "\r\n");
  EXPECT_FALSE(listener.WasCalled());
}

// A QuickTime movie may keep its samples in another file, which its `dref`
// box names.
TEST(AttackTest, AMovieWithItsSamplesElsewhereOpensNothing) {
  const std::string path =
      MakeMedia("a.mov", {"-f", "lavfi", "-i", "testsrc2=d=0.5:s=64x64:r=10",
                          "-c:v", "mpeg4", "-movflags", "+faststart"});
  std::string movie = ReadFileBytes(path);
  const size_t reference = movie.find("url ", movie.find("dref"));
  ASSERT_NE(reference, std::string::npos);
  // No flag says any more that the samples are in the same file.
  movie.replace(reference, 8, std::string("alis\0\0\0\0", 8));
  const MediaRead read = ReadMediaBytes(movie);
  if (read.status.ok()) {
    EXPECT_EQ(read.times(), ReadMediaFile(path).times());
  }
}

TEST(AttackTest, NoDemuxerThatOpensOtherFilesIsAllowed) {
  for (const char* name :
       {"hls", "applehttp", "dash", "concat", "image2", "sdp", "rtsp", "rtp",
        "webm_dash_manifest", "imf", "lavfi", "tty", "ffmetadata",
        "vapoursynth", "libopenmpt", "mpl2", "subviewer"}) {
    for (absl::string_view allowed : absl::StrSplit(kDemuxers, ',')) {
      EXPECT_NE(allowed, name);
    }
  }
  EXPECT_FALSE(absl::StrContains(kDecoders, "libopenh264"));
}

}  // namespace
}  // namespace lenscap
