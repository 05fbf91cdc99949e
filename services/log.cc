#include "services/log.h"

#include <atomic>
#include <cstdio>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace lenscap {
namespace {

std::atomic<LogSeverity> threshold = LogSeverity::kWarning;

absl::string_view Name(LogSeverity severity) {
  switch (severity) {
    case LogSeverity::kInfo:
      return "INFO";
    case LogSeverity::kWarning:
      return "WARNING";
    case LogSeverity::kError:
      return "ERROR";
  }
  return "?";
}

}  // namespace

void SetLogThreshold(LogSeverity value) { threshold = value; }

std::string FormatLogLine(absl::string_view time, LogSeverity severity,
                          absl::string_view event,
                          std::initializer_list<LogField> fields) {
  std::string line = absl::StrCat(time, " ", Name(severity), " ", event);
  for (const LogField& field : fields) {
    absl::StrAppend(&line, " ", field.key, "=\"",
                    absl::Utf8SafeCEscape(field.value), "\"");
  }
  return line;
}

void Log(LogSeverity severity, absl::string_view event,
         std::initializer_list<LogField> fields) {
  if (severity < threshold.load()) return;
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                                            absl::UTCTimeZone());
  const std::string line =
      absl::StrCat(FormatLogLine(time, severity, event, fields), "\n");
  // One call, so that lines of several threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace lenscap
