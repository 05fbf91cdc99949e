#ifndef LENSCAP_LISTS_LIST_CONTENT_H_
#define LENSCAP_LISTS_LIST_CONTENT_H_

#include "base/digest.h"
#include "index/list_update.h"

namespace lenscap {

// Puts an entry with this digest into a list's content, or takes it out again.
inline void ToggleEntry(const Sha256& digest, ListContent* content) {
  for (size_t i = 0; i < digest.size(); ++i) (*content)[i] ^= digest[i];
}

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_CONTENT_H_
