// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/log.hpp"

#include <unistd.h>

#include <string>

#include "drivers/base/handle.hpp"

namespace base {
namespace {

constexpr std::string_view names[] = {
#define X(name, fields) #name,
#include "drivers/base/log_events.def"
#undef X
};

}  // namespace

void log(LogEvent event, std::initializer_list<LogField> fields) {
    std::string line(names[static_cast<std::size_t>(event)]);
    for (const LogField& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        std::visit(Overloaded{[&](std::int64_t number) { line += std::to_string(number); },
                              [&](const char* word) { line += word; }},
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
