// SPDX-License-Identifier: EUPL-1.2
// Requests and responses as values, shared by client, server and handlers. A value of these types
// that came out of a parser has been checked; handlers never see raw bytes of a head. Pure, any
// thread. Norm: RFC 9110 (semantics), RFC 9457 (problem details).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

/// The methods of our subset. `put` is what we ask of others and is never served by us. `other` is
/// PUT, DELETE, PATCH or OPTIONS: well-formed and never served, so that the handler can say what
/// its resource takes (405); any further one is answered with 501.
enum class Method : std::uint8_t { get, head, post, put, other };

/// One header field. `name` is lower case, `value` is visible ASCII, blanks and tabs; in a response
/// of a foreign server also bytes 80..FF.
struct Header {
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

/// The first field of this (lower case) name. Fields that may stand only once were checked by the
/// parser.
[[nodiscard]] std::optional<std::string_view> find_header(const Headers& headers,
                                                          std::string_view name);

/// Who speaks at the other end, from the subject of the verified certificate.
struct Peer {
    std::string organisational_unit;  ///< the role: terminal, authority, auditor
    std::string common_name;          ///< the id within the role
};

struct Request {
    Method method = Method::get;
    std::string path =
        "/";  ///< percent-decoded; begins with '/', no dot segments, no control characters
    std::string query;  ///< raw text after '?', without it; see query_value
    Headers headers;
    std::string body;
    std::optional<Peer> peer;  ///< set on the server's TLS listener, never on the plain one

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
        return find_header(headers, name);
    }
    /// The decoded value of a query parameter; nothing if it is absent, stands twice or is
    /// malformed.
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
    /// The parts of the path between slashes: "/v1/inbox" gives {"v1", "inbox"}, "/" gives {}.
    [[nodiscard]] std::vector<std::string> segments() const;
};

struct Response {
    unsigned status = 200;
    Headers headers;
    std::string body;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
        return find_header(headers, name);
    }
};

/// A response with a body of this media type (for example "application/json").
[[nodiscard]] Response make_response(unsigned status, std::string_view media_type,
                                     std::string body);
/// application/problem+json with type "urn:freigabe:problem:<type>". `type` and `title` are words
/// of the source, printable ASCII without quote or backslash (CHECKed): never data from outside.
[[nodiscard]] Response make_problem(unsigned status, std::string_view type, std::string_view title);

/// The text that stands behind a status code; "Status" for one that we do not use.
[[nodiscard]] std::string_view reason(unsigned status);

/// Decodes %XX; nothing if malformed. '+' stays a plus sign.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
/// Encodes everything outside RFC 3986 "unreserved", so that the result fits a path segment or a
/// query value.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace http
