#ifndef LENSCAP_TESTS_LISTS_CLIPS_H_
#define LENSCAP_TESTS_LISTS_CLIPS_H_

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/byte_reader.h"
#include "base/zstd.h"
#include "index/clip.h"
#include "index/list_update.h"
#include "lists/list_file.h"

namespace lenscap {

// Entries and list files for tests. The same seed gives the same ones.

// With anything that an entry can have; times are whole microseconds.
Clip RandomClip(const std::string& list_id, const std::string& entry_id,
                std::mt19937_64& random);

// Whether all that a list file carries is the same.
bool SameClip(const Clip& a, const Clip& b);

EntryChange Addition(const Clip& clip);

// A good envelope of a version 1.
ListEnvelope SomeEnvelope();

// Writes a list file of additions to `path`; aborts where it cannot.
ListEnvelope WriteClips(const std::string& path, const std::vector<Clip>& clips,
                        bool compress = false);

// Reads all of a list file.
absl::StatusOr<std::vector<EntryChange>> ReadList(
    std::unique_ptr<ByteReader> file, const ZstdLimits& limits = {});

// The file of tests/data/lists.
std::string KnownFile(const std::string& name);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTS_CLIPS_H_
