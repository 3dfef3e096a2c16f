// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/routes.hpp"

#include <algorithm>

#include "sync/http/grammar.hpp"

namespace backend {
namespace {

using http::Method;

constexpr Route table[] = {
    {Endpoint::health, Method::get, "/healthz", Role::anybody, Body::none},
    {Endpoint::metrics, Method::get, "/metrics", Role::auditor, Body::none},
    {Endpoint::enrolment, Method::post, "/v1/enrolments", Role::terminal, Body::jose},
    {Endpoint::batches, Method::post, "/v1/terminals/{terminal}/batches", Role::terminal,
     Body::json},
    {Endpoint::advance, Method::post, "/v1/terminals/{terminal}/advance", Role::terminal,
     Body::json},
    {Endpoint::events, Method::get, "/v1/terminals/{terminal}/events", Role::terminal, Body::none},
    {Endpoint::inbox, Method::get, "/v1/inbox", Role::authority, Body::none},
    {Endpoint::assignment, Method::post, "/v1/inbox/{declaration}/assignment", Role::authority,
     Body::json_strict},
    {Endpoint::usable, Method::get, "/v1/usable", Role::authority, Body::none},
    {Endpoint::applied, Method::post, "/v1/declarations/{declaration}/applied", Role::authority,
     Body::json_optional},
    {Endpoint::changes, Method::get, "/v1/changes", Role::authority, Body::none},
    {Endpoint::accesses, Method::post, "/v1/accesses", Role::authority, Body::json_strict},
    {Endpoint::coverage, Method::post, "/v1/coverage", Role::authority, Body::json_strict},
    {Endpoint::requests, Method::post, "/v1/requests", Role::authority, Body::json_strict},
    {Endpoint::statistics, Method::get, "/v1/statistics", Role::authority, Body::none},
    {Endpoint::insight, Method::post, "/v1/terminals/{terminal}/insight", Role::terminal,
     Body::jose},
    {Endpoint::portal_link, Method::post, "/v1/portal/links", Role::portal, Body::json_strict},
    {Endpoint::portal_insight, Method::get, "/v1/portal/accounts/{account}/insight", Role::portal,
     Body::none},
    {Endpoint::portal_consents, Method::get, "/v1/portal/accounts/{account}/consents", Role::portal,
     Body::none},
    {Endpoint::portal_end, Method::post, "/v1/portal/accounts/{account}/end", Role::portal,
     Body::json_optional},
    {Endpoint::uncovered, Method::get, "/v1/uncovered", Role::auditor, Body::none},
    {Endpoint::page, Method::get, "/agency/", Role::authority, Body::none},
    {Endpoint::page, Method::get, "/agency/{file}", Role::authority, Body::none},
    {Endpoint::check_page, Method::get, "/check/", Role::anybody, Body::none},
    {Endpoint::releases, Method::get, "/v1/subjects/{tag}/releases", Role::auditor, Body::none},
    {Endpoint::checkpoint, Method::get, "/v1/log/checkpoint", Role::certified, Body::none},
    {Endpoint::tile, Method::get, "/v1/log/tile/{name...}", Role::certified, Body::none},
    {Endpoint::growth, Method::get, "/v1/log/growth", Role::certified, Body::none},
    {Endpoint::inclusion, Method::get, "/v1/log/inclusion", Role::certified, Body::none},
    {Endpoint::keys, Method::post, "/v1/terminals/{terminal}/keys", Role::terminal, Body::jose},
    {Endpoint::chains, Method::get, "/v1/terminals/{terminal}/chains", Role::terminal, Body::none},
    {Endpoint::downstream_root, Method::get, "/v1/downstream/root/{version}",
     Role::terminal_or_auditor, Body::none},
    {Endpoint::downstream_manifest, Method::get, "/v1/downstream/manifest",
     Role::terminal_or_auditor, Body::none},
    {Endpoint::downstream_target, Method::get, "/v1/downstream/targets/{sha256}",
     Role::terminal_or_auditor, Body::none},
};

bool matches(std::string_view pattern, const std::vector<std::string>& segments) {
    for (const std::string& segment : segments) {
        if (pattern.size() < 2) return false;
        pattern.remove_prefix(1);  // the slash
        const std::string_view part = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(part.size());
        if (part.ends_with("...}")) return true;
        if (!part.starts_with('{') && part != segment) return false;
    }
    return pattern.empty() || pattern == "/";
}

std::string_view word(Role role) {
    switch (role) {
        case Role::anybody:
        case Role::certified:
        case Role::terminal_or_auditor:
            return "";
        case Role::terminal:
            return "terminal";
        case Role::authority:
            return "authority";
        case Role::auditor:
            return "auditor";
        case Role::portal:
            return "portal";
    }
    return "";
}

/// The media type without its parameters.
std::string_view media_type(std::string_view value) {
    value = value.substr(0, value.find(';'));
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    return value;
}

}  // namespace

std::span<const Route> routes() {
    return table;
}

const Route* find_route(const std::vector<std::string>& segments) {
    const auto found = std::ranges::find_if(
        table, [&](const Route& route) { return matches(route.pattern, segments); });
    return found == std::end(table) ? nullptr : &*found;
}

bool may_enter(const Route& route, const http::Request& request) {
    if (route.role == Role::anybody) return true;
    // Without a certificate the request came from the plain listener, which the operator keeps to
    // itself; PlainService and MetricsService let only a few paths through.
    if (!request.peer) return route.endpoint == Endpoint::metrics;
    const std::string& unit = request.peer->organisational_unit;
    if (route.role == Role::certified) {
        return unit == word(Role::terminal) || unit == word(Role::authority) ||
               unit == word(Role::auditor);
    }
    if (route.role == Role::terminal_or_auditor) {
        return unit == word(Role::terminal) || unit == word(Role::auditor);
    }
    return unit == word(route.role);
}

bool takes_method(const Route& route, const http::Request& request) {
    if (route.method == Method::post) return request.method == Method::post;
    return request.method == Method::get || request.method == Method::head;
}

std::string_view allowed_methods(const Route& route) {
    return route.method == Method::post ? "POST" : "GET, HEAD";
}

bool takes_body(const Route& route, const http::Request& request) {
    if (route.body == Body::none) return true;
    const auto type = request.header("content-type");
    if (!type && route.body == Body::json_optional) {
        return request.body.empty() && !request.header("origin") &&
               !request.header("sec-fetch-site");
    }
    if (!type) return route.body != Body::json_strict;
    const std::string_view wanted =
        route.body == Body::jose ? "application/jose" : "application/json";
    return http::equal_ignoring_case(media_type(*type), wanted);
}

}  // namespace backend
