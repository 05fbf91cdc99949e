#ifndef LENSCAP_LISTS_LIST_HISTORY_H_
#define LENSCAP_LISTS_LIST_HISTORY_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "index/list_update.h"
#include "lists/chain.h"
#include "lists/list_file.h"

namespace lenscap {

// What the files of a list make of it, one after the other from the oldest, by
// the ids and digests of its entries: to check or to make the next one without
// a server. The first may be any version; before a snapshot was among them, the
// content is not known. Not thread-safe.
class ListHistory {
 public:
  // Reads all of the file that comes next. Without `now` it is checked as of
  // when it was issued. Errors name it: of the reader, of CheckChain, and
  // FAILED_PRECONDITION for an entry that does not fit what is there or a
  // content that the envelope does not announce. After one, this is of no more
  // use.
  absl::Status Append(const std::string& path,
                      std::optional<absl::Time> now = std::nullopt);

  // A change that no file has yet.
  absl::Status Apply(const EntryChange& change);

  // Of the last file; version 0 where there is none.
  const ListHead& head() const { return head_; }
  const ListEnvelope& envelope() const { return envelope_; }
  bool knows_content() const { return knows_content_; }
  const ListContent& content() const { return content_; }

 private:
  absl::Status Read(const std::string& path, std::optional<absl::Time> now);
  absl::Status Add(const EntryChange& change);

  ListHead head_;
  ListEnvelope envelope_;
  bool knows_content_ = false;
  ListContent content_ = {};
  absl::flat_hash_map<std::string, Sha256> entries_;  // Digests by id.
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_HISTORY_H_
