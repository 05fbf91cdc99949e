#ifndef LENSCAP_TESTS_SUPPORT_MEDIA_FILES_H_
#define LENSCAP_TESTS_SUPPORT_MEDIA_FILES_H_

#include <string>
#include <vector>

namespace lenscap {

// Makes a media file called `name` in a new temporary directory by running
// ffmpeg with `ffmpeg_args` and then the file's path, and returns the path:
//   MakeMedia("a.mp4", {"-f", "lavfi", "-i", "testsrc2=d=2:s=320x240:r=10",
//                       "-c:v", "libx264", "-preset", "ultrafast"})
// One thread and bit-exact flags are set, so the same arguments give the same
// bytes. If ffmpeg fails, the running test fails with what ffmpeg said.
std::string MakeMedia(const std::string& name,
                      const std::vector<std::string>& ffmpeg_args);

// Runs `command` (found on PATH) and returns what it wrote to standard output.
// If it fails, the running test fails with what it wrote to standard error.
std::string OutputOf(const std::vector<std::string>& command);

// The bytes of the file at `path`; the running test fails if there is none.
std::string ReadFileBytes(const std::string& path);

// Writes `bytes` to a file called `name` in a new temporary directory and
// returns its path.
std::string WriteTempFile(const std::string& name, const std::string& bytes);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SUPPORT_MEDIA_FILES_H_
