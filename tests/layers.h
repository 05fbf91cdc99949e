#ifndef LENSCAP_TESTS_LAYERS_H_
#define LENSCAP_TESTS_LAYERS_H_

#include <string>
#include <vector>

namespace lenscap {

// A C++ or BUILD file of the repository.
struct SourceFile {
  std::string path;  // From the repository's root: "index/clip.h".
  std::string text;
};

// Where the files break the order of the rooms, one "path:line: what is wrong"
// each: a room that uses one above it or beside it, by #include or by a label
// in a BUILD file; a library outside the room that is its home; a target that
// is visible to a room that must not use it; a package that is named somewhere
// but not among the files. Tests are exempt, as users; nothing else may use
// them.
std::vector<std::string> FindLayerViolations(
    const std::vector<SourceFile>& files);

// Every room that the rules know, lowest first.
std::vector<std::string> Rooms();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LAYERS_H_
