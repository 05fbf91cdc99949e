#include "tests/layers.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace lenscap {
namespace {

// What a room may use: another room, or one target of it ("media:frame", whose
// header is media/frame.h).
struct Room {
  std::string name;
  std::vector<std::string> may_use;
};

const std::vector<Room>& RoomTable() {
  static const auto* const table = new std::vector<Room>{
      {"proto", {}},
      {"base", {}},
      {"media", {"base"}},
      {"fingerprint", {"media:frame"}},
      {"index", {"fingerprint", "base", "proto"}},
      {"models", {"media:frame", "base"}},
      {"listings", {"base", "proto"}},
      {"audit", {"base"}},
      {"lists",
       {"index:clip", "index:clip_check", "index:clip_match",
        "index:clip_record", "index:hash_text", "index:list_update",
        "fingerprint", "base", "proto"}},
      {"verdict",
       {"index:clip_match", "models:cue", "listings:hit", "base", "proto"}},
      {"takedown", {"verdict", "base", "proto"}},
      {"services",
       {"takedown", "verdict", "lists", "audit", "listings", "models", "index",
        "fingerprint", "media", "base", "proto"}},
  };
  return *table;
}

// A library, told by the start of its headers' names and by its label, and the
// only paths that may use it.
struct Library {
  std::string name;
  std::vector<std::string> headers;
  std::vector<std::string> labels;
  std::vector<std::string> homes;
};

const std::vector<Library>& LibraryTable() {
  static const auto* const table = new std::vector<Library>{
      {"FFmpeg", {"libav", "libsw"}, {"ffmpeg"}, {"media/"}},
      {"libtorch", {"torch/", "ATen/", "c10/"}, {"torch"}, {"models/"}},
      {"OpenCV", {"opencv2/"}, {"opencv_features2d"}, {"fingerprint/"}},
      {"RocksDB",
       {"rocksdb/"},
       {"rocksdb"},
       {"base/", "index/clip_store", "index/upload_store",
        "takedown/local_queue.", "takedown/evidence_store.",
        "takedown/exposure_ledger.", "takedown/victim_reports."}},
      {"libseccomp", {"seccomp.h"}, {"seccomp"}, {"media/jail."}},
      {"xxHash", {"xxhash.h"}, {"xxhash"}, {"base/sealed_file."}},
      {"FAISS", {"faiss/"}, {"faiss"}, {"tests/bench/"}},
      {"gRPC",
       {"grpcpp/", "grpc/", "grpc++/"},
       {"grpc++", "grpc++_reflection"},
       {"services/"}},
      {"Prometheus", {"prometheus/"}, {"prometheus"}, {"services/"}},
      {"libjpeg-turbo",
       {"turbojpeg.h"},
       {"turbojpeg"},
       {"services/still_image."}},
      {"nlohmann's JSON",
       {"nlohmann/"},
       {"nlohmann_json"},
       {"lists/", "audit/", "services/"}},
      {"cpp-httplib", {"httplib.h"}, {"cpp_httplib"}, {"services/web/"}},
      {"libcurl", {"curl/"}, {"curl"}, {"services/"}},
      {"pugixml", {"pugixml.hpp"}, {"pugixml"}, {"lists/"}},
      {"Zstandard", {"zstd.h"}, {"zstd"}, {"base/"}},
      {"ICU", {"unicode/"}, {"icu"}, {"listings/"}},
      {"RE2", {"re2/"}, {"re2"}, {"listings/"}},
      {"yaml-cpp", {"yaml-cpp/"}, {"yaml_cpp"}, {"listings/"}},
      {"CLI11", {"CLI/"}, {"cli11"}, {"services/cli/"}},
  };
  return *table;
}

const Room* FindRoom(absl::string_view name) {
  for (const Room& room : RoomTable()) {
    if (room.name == name) return &room;
  }
  return nullptr;
}

// "index" of "index/clip.h" and of "index".
std::string RoomOf(absl::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

std::string DirectoryOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == absl::string_view::npos ? ""
                                                      : path.substr(0, slash));
}

// What a line of C++ includes, if it is that kind of line.
std::optional<std::string> IncludedHeader(absl::string_view line) {
  const auto skip_spaces = [&] {
    line = absl::StripLeadingAsciiWhitespace(line);
  };
  skip_spaces();
  if (!absl::ConsumePrefix(&line, "#")) return std::nullopt;
  skip_spaces();
  if (!absl::ConsumePrefix(&line, "include")) return std::nullopt;
  skip_spaces();
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return std::nullopt;
  const char end = line[0] == '<' ? '>' : '"';
  return std::string(line.substr(1, line.find(end, 1) - 1));
}

// `target` is a target's name, or "*" for any of the room's.
bool MayUse(const Room& user, const std::string& room,
            const std::string& target) {
  if (user.name == room) return true;
  return std::any_of(
      user.may_use.begin(), user.may_use.end(), [&](const std::string& use) {
        return use == room || use == absl::StrCat(room, ":", target);
      });
}

class Checker {
 public:
  explicit Checker(const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) {
      if (absl::EndsWith(file.path, "BUILD")) {
        packages_.insert(DirectoryOf(file.path));
      }
    }
    for (const SourceFile& file : files) Check(file);
  }

  std::vector<std::string> violations;

 private:
  void Check(const SourceFile& file) {
    room_ = FindRoom(RoomOf(file.path));
    path_ = file.path;
    line_ = 0;
    if (room_ == nullptr) return Report("is in no room");
    const bool build = absl::EndsWith(file.path, "BUILD");
    rule_.clear();
    for (absl::string_view line : absl::StrSplit(file.text, '\n')) {
      ++line_;
      build ? CheckBuildLine(std::string(line))
            : CheckSourceLine(std::string(line));
    }
  }

  void Report(const std::string& what) {
    violations.push_back(absl::StrCat(path_, ":", line_, ": ", what));
  }

  void CheckSourceLine(const std::string& line) {
    const std::optional<std::string> include = IncludedHeader(line);
    if (!include) return;
    const std::string& header = *include;
    CheckHeaderOfLibrary(header);
    if (absl::EndsWith(header, ".grpc.pb.h") && room_->name != "services") {
      Report(absl::StrCat(header, " belongs to services/"));
    }
    const std::string target(absl::StripSuffix(
        absl::string_view(header).substr(header.rfind('/') + 1), ".h"));
    CheckUse(RoomOf(header), target, header);
  }

  void CheckHeaderOfLibrary(const std::string& header) {
    for (const Library& library : LibraryTable()) {
      const bool of_library = std::any_of(
          library.headers.begin(), library.headers.end(),
          [&](const auto& start) { return absl::StartsWith(header, start); });
      const bool at_home = std::any_of(
          library.homes.begin(), library.homes.end(),
          [&](const auto& home) { return absl::StartsWith(path_, home); });
      if (of_library && !at_home) {
        Report(absl::StrCat(header, " (", library.name, ") belongs to ",
                            library.homes[0]));
      }
    }
  }

  void CheckUse(const std::string& room, const std::string& target,
                const std::string& what) {
    if (room == "tests") return Report("nothing may use tests/");
    if (FindRoom(room) == nullptr) return;  // The standard library and so on.
    if (!MayUse(*room_, room, target)) {
      Report(absl::StrCat(room_->name, " may not use ", what));
    }
    if (DirectoryOf(path_) == "services/cli" && room == "models" &&
        target == "cue_model") {
      Report("the command line may not link libtorch");
    }
  }

  // Rules are formatted as Buildifier has them: a rule opens and closes at the
  // start of a line.
  void CheckBuildLine(const std::string& line) {
    if (!line.empty() && line[0] != ' ' && line[0] != ')') rule_.clear();
    if (absl::StartsWith(line, "#")) return;
    const std::vector<std::string> parts = absl::StrSplit(line, '"');
    if (absl::EndsWith(parts[0], " name = ") && parts.size() > 1) {
      rule_ = parts[1];
    }
    // Every other part is a string.
    for (size_t i = 1; i < parts.size(); i += 2) CheckString(parts[i]);
  }

  void CheckString(absl::string_view label) {
    const bool library = absl::ConsumePrefix(&label, "@system_libs");
    if (!absl::ConsumePrefix(&label, "//")) return;
    const std::pair<std::string, std::string> named =
        absl::StrSplit(label, absl::MaxSplits(':', 1));
    const auto& [package, target] = named;
    if (library) {
      CheckLabelOfLibrary(target);
    } else if (package == "visibility" || target == "__pkg__" ||
               target == "__subpackages__") {
      CheckVisibility(package, target);
    } else {
      CheckLabel(package, target);
    }
  }

  void CheckLabelOfLibrary(const std::string& label) {
    for (const Library& library : LibraryTable()) {
      const auto& labels = library.labels;
      const bool at_home = std::any_of(
          library.homes.begin(), library.homes.end(),
          [&](const auto& home) { return RoomOf(home) == room_->name; });
      if (!at_home &&
          std::find(labels.begin(), labels.end(), label) != labels.end()) {
        Report(absl::StrCat("@system_libs//:", label, " belongs to ",
                            library.homes[0]));
      }
    }
  }

  void CheckLabel(const std::string& package, const std::string& target) {
    const std::string label = absl::StrCat("//", package, ":", target);
    CheckUse(RoomOf(package), target, label);
    if (FindRoom(RoomOf(package)) != nullptr && packages_.count(package) == 0) {
      Report(absl::StrCat(label, ": its package is not checked"));
    }
  }

  // `package` with `target` ("__pkg__", ...) may use the rule.
  void CheckVisibility(const std::string& package, const std::string& target) {
    const bool everyone = package.empty() || package == "visibility";
    if (target == "private" || RoomOf(package) == "tests") return;
    if (everyone) {
      const bool below_all = room_->name == "base" || room_->name == "proto";
      if (!below_all || target == "public") {
        Report("visible to more rooms than may use it");
      }
      return;
    }
    const Room* user = FindRoom(RoomOf(package));
    // A default counts for every rule, whatever its name.
    const std::string name = rule_.empty() ? "*" : rule_;
    if (user == nullptr || !MayUse(*user, room_->name, name)) {
      Report(absl::StrCat("visible to //", package, ", which may not use it"));
    }
  }

  std::set<std::string> packages_;
  const Room* room_ = nullptr;  // Of the file that is being checked.
  std::string path_;
  int line_ = 0;
  std::string rule_;  // The name of the rule around the line; "" at first.
};

}  // namespace

std::vector<std::string> FindLayerViolations(
    const std::vector<SourceFile>& files) {
  return Checker(files).violations;
}

std::vector<std::string> Rooms() {
  std::vector<std::string> names;
  for (const Room& room : RoomTable()) names.push_back(room.name);
  return names;
}

}  // namespace lenscap
