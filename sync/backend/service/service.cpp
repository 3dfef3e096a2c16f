// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/service.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/accesses.hpp"
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
    http::Answer given = answer(request);
    auto* response = std::get_if<http::Response>(&given);
    CHECK(response != nullptr);
    return std::move(*response);
}

http::Answer Service::answer(const http::Request& request) {
    http::Answer given = route(request);
    ++parts_.counters.requests;
    if (const auto* response = std::get_if<http::Response>(&given)) {
        count(*response);
        return given;
    }
    return http::Later([this, ask = std::move(std::get<http::Later>(given))] {
        auto response = ask();
        if (response) count(*response);
        return response;
    });
}

void Service::count(const http::Response& response) {
    if (response.status >= 400) ++parts_.counters.refusals;
}

http::Answer Service::route(const http::Request& request) {
    const auto segments = request.segments();
    const Route* const route = find_route(segments);
    if (route == nullptr) return not_found();
    if (!may_enter(*route, request)) return request.peer ? not_allowed() : not_found();
    if (!takes_method(*route, request)) return method_not_allowed(allowed_methods(*route));
    if (!takes_body(*route, request)) return media_type_wrong();
    switch (route->role) {
        case Role::portal:
            if (parts_.portal == nullptr) return not_found();
            return parts_.portal->handle(request, route->endpoint, segments);
        case Role::terminal:
            if (route->endpoint == Endpoint::insight) return insight(request, segments.at(2));
            if (parts_.terminals == nullptr) return not_found();
            return parts_.terminals->answer(request, route->endpoint, segments);
        case Role::authority:
            if (parts_.authorities == nullptr) return not_found();
            return parts_.authorities->handle(request, route->endpoint, segments);
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
    auto text = metrics_text(parts_.store, parts_.counters);
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
    const bool known = segments.size() == 1 && (segments[0] == "healthz" ||
                                                segments[0] == "metrics" || segments[0] == "check");
    return known ? service_.handle(request) : not_found();
}

}  // namespace backend
