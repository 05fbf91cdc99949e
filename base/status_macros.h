#ifndef LENSCAP_BASE_STATUS_MACROS_H_
#define LENSCAP_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function with `expr`'s Status unless it is OK.
#define RETURN_IF_ERROR(expr)                                           \
  do {                                                                  \
    if (::absl::Status status_ = (expr); !status_.ok()) return status_; \
  } while (false)

// Evaluates a StatusOr; returns its error from the enclosing function, or
// assigns its value: ASSIGN_OR_RETURN(auto frame, reader.Next());
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_IMPL_(LENSCAP_CONCAT_(status_or_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_IMPL_(status_or, lhs, expr) \
  auto status_or = (expr);                           \
  if (!status_or.ok()) return status_or.status();    \
  lhs = *std::move(status_or)
#define LENSCAP_CONCAT_(a, b) LENSCAP_CONCAT_IMPL_(a, b)
#define LENSCAP_CONCAT_IMPL_(a, b) a##b

#endif  // LENSCAP_BASE_STATUS_MACROS_H_
