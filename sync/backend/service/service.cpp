// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/service.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/accesses.hpp"
#include "sync/backend/ingest/revocation.hpp"
#include "sync/backend/service/downstream_routes.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/service/routes.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/views/releases.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

http::Response failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

}  // namespace

http::Response Service::handle(const http::Request& request) {
    return http::answer_now(answer(request));
}

http::Answer Service::answer(const http::Request& request) {
    const std::uint64_t begin_ms = parts_.clock.boot_ms();
    const Route* const route = find_route(request.segments());
    const std::string_view pattern = route == nullptr ? std::string_view{} : route->pattern;
    if (const auto written = parts_.contacts.write_if_due(parts_.store, parts_.clock.wall_ms());
        !written)
        base::log_error(written.error());
    http::Answer given = this->route(request, route);
    if (const auto* response = std::get_if<http::Response>(&given)) {
        parts_.counters.answered(*response, pattern, parts_.clock.boot_ms() - begin_ms);
        return given;
    }
    // Patterns are texts of the table of routes: they live as long as the program.
    const auto counted = [this, begin_ms, pattern](auto ask) {
        return [this, begin_ms, pattern, ask = std::move(ask)] {
            auto response = ask();
            if (response)
                parts_.counters.answered(*response, pattern, parts_.clock.boot_ms() - begin_ms);
            return response;
        };
    };
    if (auto* work = std::get_if<http::Work>(&given))
        return http::Work{counted(std::move(work->step))};
    return http::Later(counted(std::move(std::get<http::Later>(given))));
}

http::Answer Service::route(const http::Request& request, const Route* route) {
    const auto segments = request.segments();
    // The line end of a text file (curl --data-binary @file) is no part of a compact JWS or JWE.
    if (route != nullptr && route->body == Body::jose && request.body.ends_with('\n')) {
        http::Request trimmed = request;
        trimmed.body.erase(trimmed.body.find_last_not_of("\r\n") + 1);
        return this->route(trimmed, route);
    }
    if (route == nullptr) return not_found();
    if (!may_enter(*route, request)) return request.peer ? not_allowed() : not_found();
    if (!takes_method(*route, request)) return method_not_allowed(allowed_methods(*route));
    if (!takes_body(*route, request)) return media_type_wrong();
    if (const auto refused = refuse_revoked(*route, request)) return *refused;
    switch (route->role) {
        case Role::portal:
            if (parts_.portal == nullptr) return not_found();
            return parts_.portal->answer(request, route->endpoint, segments);
        case Role::terminal:
            if (route->endpoint == Endpoint::insight) return insight(request, segments.at(2));
            if (parts_.terminals == nullptr) return not_found();
            return parts_.terminals->answer(request, route->endpoint, segments);
        case Role::authority:
            if (parts_.authorities == nullptr) return not_found();
            return parts_.authorities->answer(request, route->endpoint, segments);
        case Role::certified:
            return parts_.log.handle(request, route->endpoint, segments);
        case Role::terminal_or_auditor:
            return serve_downstream(parts_.downstream, request, route->endpoint, segments);
        case Role::anybody:
        case Role::auditor:
            break;
    }
    if (route->endpoint == Endpoint::health) return health();
    if (route->endpoint == Endpoint::check_page) return check_page();
    if (route->endpoint == Endpoint::uncovered) return uncovered();
    return route->endpoint == Endpoint::metrics ? metrics() : releases(segments.at(2));
}

http::Response Service::insight(const http::Request& request, const std::string& terminal) {
    const auto asker = base::parse_uuid(request.peer->common_name);
    if (!asker || base::parse_uuid(terminal) != asker) return not_allowed();
    if (parts_.insight == nullptr) return not_found();
    return parts_.insight->insight(request, *asker);
}

/// Batches and advance copies of a terminal out of service are looked at, since its withdrawals
/// count (TerminalRoutes refuses them afterwards); everything else is closed to it.
std::optional<http::Response> Service::refuse_revoked(const Route& route,
                                                      const http::Request& request) {
    if (!request.peer || request.peer->organisational_unit != "terminal") return std::nullopt;
    const auto terminal = base::parse_uuid(request.peer->common_name);
    if (!terminal) return std::nullopt;
    parts_.contacts.seen(*terminal, parts_.clock.wall_ms());
    if (route.endpoint == Endpoint::batches || route.endpoint == Endpoint::advance)
        return std::nullopt;
    const auto revoked = is_revoked(parts_.store, *terminal);
    if (!revoked) return failure(revoked.error());
    return *revoked ? std::optional(terminal_revoked()) : std::nullopt;
}

http::Response Service::health() {
    const auto head = read_log_head(parts_.store);
    if (!head) return failure(head.error());
    return json_response(200, model::JsonWriter()
                                  .text("status", "ok")
                                  .number("log_size", head->size)
                                  .bytes("log_root", head->root)
                                  .done());
}

http::Response Service::metrics() {
    // What the last minute brought belongs into the gauges.
    const std::uint64_t wall_ms = parts_.clock.wall_ms();
    if (const auto written = parts_.contacts.write(parts_.store, wall_ms); !written)
        base::log_error(written.error());
    auto text = metrics_text(parts_.store, parts_.counters,
                             {wall_ms, parts_.clock.boot_ms(), started_ms_, parts_.folder});
    if (!text) return failure(text.error());
    return http::make_response(200, "application/openmetrics-text; version=1.0.0; charset=utf-8",
                               std::move(*text));
}

http::Response Service::check_page() {
    auto page = check_page_.serve(parts_.store, parts_.clock.wall_ms());
    if (!page) return failure(page.error());
    return std::move(*page);
}

http::Response Service::releases(const std::string& tag) {
    const auto bytes = base::from_hex(tag);
    if (!bytes || bytes->size() != Tag{}.size()) return not_found();
    auto body = subject_releases(parts_.store, array_of<32>(*bytes));
    if (!body) return failure(body.error());
    return json_response(200, std::move(*body));
}

http::Response Service::uncovered() {
    auto body = uncovered_accesses(parts_.store);
    if (!body) return failure(body.error());
    return json_response(200, std::move(*body));
}

http::Response PlainService::handle(const http::Request& request) {
    const auto segments = request.segments();
    const bool known = segments.size() == 1 && (segments[0] == "healthz" || segments[0] == "check");
    return known ? service_.handle(request) : not_found();
}

http::Response MetricsService::handle(const http::Request& request) {
    const auto segments = request.segments();
    const bool known =
        segments.size() == 1 && (segments[0] == "healthz" || segments[0] == "metrics");
    return known ? service_.handle(request) : not_found();
}

}  // namespace backend
