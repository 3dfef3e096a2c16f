// SPDX-License-Identifier: EUPL-1.2
// Every door of the backend in one table: path, method, role and type of body, so that 403, 404,
// 405 and 415 are decided in one place and interface.md can be held against it (a test does). Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/http/message.hpp"

namespace backend {

enum class Endpoint : std::uint8_t {
    health,
    metrics,
    enrolment,
    batches,
    advance,
    events,
    inbox,
    assignment,
    usable,
    applied,
    page,
    check_page,
    releases,
    checkpoint,
    tile,
    growth,
    inclusion,
    chains,
    downstream_root,
    downstream_manifest,
    downstream_target,
    keys,
    changes,
    accesses,
    coverage,
    uncovered,
    requests,
    statistics,
    insight,
    portal_link,
    portal_insight,
    portal_consents,
    portal_end,
};

/// Who may come in, by the organisational unit of the certificate.
/// Certified: terminal, authority or auditor. Terminal_or_auditor: what comes down, and who looks
/// after it.
enum class Role : std::uint8_t {
    anybody,
    certified,
    terminal_or_auditor,
    terminal,
    authority,
    auditor,
    portal,
};

/// What the body of a POST must be. Strict also refuses a body that says nothing about its type: a
/// form of another site could be one (a browser sends its certificate with every request).
/// Optional: as strict, but a program may send none at all; a browser (which names itself by Origin
/// or Sec-Fetch-Site with each POST) may not.
enum class Body : std::uint8_t { none, json, json_strict, json_optional, jose };

struct Route {
    Endpoint endpoint;
    http::Method method;  ///< get (which serves HEAD too) or post
    /// A segment in braces matches any text; one that ends in "..." matches one or more.
    std::string_view pattern;
    Role role;
    Body body;
};
[[nodiscard]] std::span<const Route> routes();

/// The route of a path, whatever the method; null if there is none. Each path has one method.
[[nodiscard]] const Route* find_route(const std::vector<std::string>& segments);
[[nodiscard]] bool may_enter(const Route& route, const http::Request& request);
[[nodiscard]] bool takes_method(const Route& route, const http::Request& request);
/// The value of the Allow field.
[[nodiscard]] std::string_view allowed_methods(const Route& route);
[[nodiscard]] bool takes_body(const Route& route, const http::Request& request);

}  // namespace backend
