#ifndef LENSCAP_LISTINGS_RULE_READER_H_
#define LENSCAP_LISTINGS_RULE_READER_H_

#include "listings/pack_faults.h"
#include "listings/rule.h"
#include "listings/yaml_tree.h"

namespace lenscap {

// One document of a pack, as a rule. Faults go to `faults`; what has one is
// left out of the rule.
Rule ReadRule(const YamlNode& document, PackFaults& faults);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_READER_H_
