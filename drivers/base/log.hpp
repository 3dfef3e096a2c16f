// SPDX-License-Identifier: EUPL-1.2
// Structured log lines on standard error, one per event: `name key=value ...`. Events are those of
// log_events.def; values are integers and fixed words, so a personal value has no way in. Any
// thread; a line is written at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "drivers/base/result.hpp"

namespace base {

enum class LogEvent : std::uint8_t {
#define X(name, fields) name,
#include "drivers/base/log_events.def"
#undef X
};

/// One typed field. `word` must have static lifetime: it is source text, never data.
struct LogField {
    const char* key;
    std::variant<std::int64_t, const char*> value;
};

/// Writes one line. Cost: one write(2). Never fails towards the caller: a full disk must not stop a
/// session.
void log(LogEvent event, std::initializer_list<LogField> fields = {});
/// Writes an `error` line for this failure.
void log_error(const Error& error);

}  // namespace base
