#ifndef LENSCAP_LISTINGS_YAML_TREE_H_
#define LENSCAP_LISTINGS_YAML_TREE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// A YAML document as it stands: scalars are texts, "no" and "1.0" too.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };
  struct Key {
    std::string text;
    int line = 0;
  };

  Kind kind = Kind::kNull;
  int line = 0;  // From 1.
  std::string text;
  std::vector<Key> keys;  // Of a map: key i is of item i.
  std::vector<YamlNode> items;
};

struct YamlLimits {
  size_t bytes = size_t{1} << 20;
  size_t documents = 2048;
  size_t nodes = 100'000;
  int depth = 12;
};

// The documents of a stream. INVALID_ARGUMENT, beginning with "line N: ", for
// what is no YAML or no UTF-8, has control characters, exceeds the limits,
// names a key twice, has a key that is no text, or has anchors, aliases or
// tags: few bytes of those can make very many. Time and memory are bounded by
// the limits.
absl::StatusOr<std::vector<YamlNode>> ParseYaml(absl::string_view text,
                                                const YamlLimits& limits = {});

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_YAML_TREE_H_
