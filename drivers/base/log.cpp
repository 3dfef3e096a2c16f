// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/log.hpp"

#include <unistd.h>

#include <string>
#include <string_view>

#include "drivers/base/handle.hpp"

namespace base {
namespace {

constexpr std::string_view names[] = {
#define X(name, fields) #name,
#include "drivers/base/log_events.def"
#undef X
};

/// A word as it is, or in quotes if a reader of `key=value` could not tell where it ends (logfmt).
void append_word(std::string& line, std::string_view word) {
    const bool plain = !word.empty() && word.find_first_of(" =\"\\") == std::string_view::npos;
    if (plain) {
        line += word;
        return;
    }
    line += '"';
    for (const char c : word) {
        if (c == '"' || c == '\\') line += '\\';
        line += c;
    }
    line += '"';
}

}  // namespace

void log(LogEvent event, std::initializer_list<LogField> fields) {
    std::string line(names[static_cast<std::size_t>(event)]);
    for (const LogField& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        std::visit(Overloaded{[&](std::int64_t number) { line += std::to_string(number); },
                              [&](const char* word) { append_word(line, word); }},
                   field.value);
    }
    line += '\n';
    // A log that cannot be written must not stop a session, so the result is not looked at.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void log_error(const Error& error) {
    log(LogEvent::error, {{"errc", static_cast<std::int64_t>(error.code)},
                          {"name", name(error.code).data()},
                          {"where", error.where},
                          {"detail", static_cast<std::int64_t>(error.detail)}});
}

}  // namespace base
