#ifndef LENSCAP_SERVICES_LOG_H_
#define LENSCAP_SERVICES_LOG_H_

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace lenscap {

// One line per event: the time, the severity, the event's name and its fields
// as key="value", escaped, so that no upload can forge a line.
enum class LogSeverity { kInfo, kWarning, kError };

struct LogField {
  absl::string_view key;
  std::string value;
};

void Log(LogSeverity severity, absl::string_view event,
         std::initializer_list<LogField> fields = {});

// Less than this is dropped. A program starts with kWarning, so that a library
// in it keeps quiet; thread-safe, as Log is.
void SetLogThreshold(LogSeverity threshold);

// The line that Log would write to standard error, without its end.
std::string FormatLogLine(absl::string_view time, LogSeverity severity,
                          absl::string_view event,
                          std::initializer_list<LogField> fields);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LOG_H_
