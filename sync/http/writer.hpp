// SPDX-License-Identifier: EUPL-1.2
// Requests and responses to bytes. The writer alone sets the framing fields, so a handler cannot
// contradict the body it gives. Pure, any thread. Norm: RFC 9112.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"

namespace http {

enum class Persistence : std::uint8_t { keep_alive, close };

/// Writes a request; adds Host and, with a body or for POST, Content-Length. `path` is
/// percent-encoded here. errors  http_bad: a header that no strict reader would accept, or one that
/// belongs to the writer.
base::Result<std::string> write_request(const Request& request, std::string_view host);

struct ResponseFrame {
    Persistence persistence = Persistence::keep_alive;
    Method answered = Method::get;  ///< a HEAD is answered with the head alone
    std::uint64_t wall_ms = 0;      ///< for the Date field; 0 = no such field
};
/// Writes a response; adds Content-Length, Connection and Date. errors: http_bad, as above.
base::Result<std::string> write_response(const Response& response, const ResponseFrame& frame);

/// IMF-fixdate of RFC 9110 5.6.7, for example "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string write_date(std::uint64_t wall_ms);
/// Reads exactly that form (Unix milliseconds); nothing for the two obsolete forms, or a date
/// before 1970.
[[nodiscard]] std::optional<std::uint64_t> parse_date(std::string_view text);
/// How long a response asks us to stay away, in seconds or as a date (RFC 9110 10.2.3), at most
/// `ms_max`. Nothing if it does not ask, or in a form that is none.
[[nodiscard]] std::optional<std::uint64_t> retry_after_ms(const Response& response,
                                                          std::uint64_t wall_ms,
                                                          std::uint64_t ms_max);

}  // namespace http
