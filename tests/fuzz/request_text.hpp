// SPDX-License-Identifier: EUPL-1.2
// Requests written down short, "POST /path?query media/type\nbody", so that a change of the body
// needs no other Content-Length to get through; and everybody who may send one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sync/http/grammar.hpp"
#include "sync/http/message.hpp"

namespace fuzz {

/// Nothing if the first line is not of that form or its target is none that a parser lets through.
inline std::optional<http::Request> request_of(std::string_view text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto target = http::parse_target(line.substr(first + 1, second - first - 1));
    if (!target) return std::nullopt;
    http::Request request;
    request.method = line.substr(0, first) == "POST" ? http::Method::post : http::Method::get;
    request.path = target->path;
    request.query = target->query;
    request.headers = {{"content-type", std::string(line.substr(second + 1))}};
    if (end != std::string_view::npos) request.body = std::string(text.substr(end + 1));
    return request;
}

/// Nobody, this terminal, an authority, an auditor, a portal.
inline std::array<std::optional<http::Peer>, 5> peers(const std::string& terminal) {
    return {std::nullopt, http::Peer{"terminal", terminal}, http::Peer{"authority", "amt-a"},
            http::Peer{"auditor", "auditor-1"}, http::Peer{"portal", "portal-1"}};
}

}  // namespace fuzz
