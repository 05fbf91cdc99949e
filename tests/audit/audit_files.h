#ifndef LENSCAP_TESTS_AUDIT_AUDIT_FILES_H_
#define LENSCAP_TESTS_AUDIT_AUDIT_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "base/ed25519.h"
#include "tests/support/fake_clock.h"

namespace lenscap {

// Opens the log, which must succeed.
std::unique_ptr<AuditLog> MustOpen(const std::string& directory,
                                   const Clock& clock,
                                   uint64_t segment_bytes = 1 << 20);

// "entry 1" and so on, each a second after the one before.
void AppendEntries(AuditLog& log, FakeClock& clock, int count);

// The files of the log's records, in order.
std::vector<std::string> RecordFiles(const std::string& directory);
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& bytes);
// Lines with their ends.
std::vector<std::string> LinesOf(const std::string& bytes);

Ed25519PrivateKey TestKey();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_AUDIT_AUDIT_FILES_H_
