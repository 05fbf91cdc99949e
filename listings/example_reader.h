#ifndef LENSCAP_LISTINGS_EXAMPLE_READER_H_
#define LENSCAP_LISTINGS_EXAMPLE_READER_H_

#include "absl/strings/string_view.h"
#include "listings/pack_faults.h"
#include "listings/rule.h"
#include "listings/yaml_tree.h"

namespace lenscap {

// A rule's `examples`, into rule.positive and rule.negative; rule.kinds must be
// there: an example without a kind is of the first of those. Faults go to
// `faults`, with `where` before them.
void ReadExamples(const YamlNode& node, absl::string_view where,
                  PackFaults& faults, Rule& rule);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_EXAMPLE_READER_H_
