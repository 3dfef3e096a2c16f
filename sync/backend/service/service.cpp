// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/service.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/views/releases.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

constexpr std::string_view role_terminal = "terminal";
constexpr std::string_view role_authority = "authority";
constexpr std::string_view role_auditor = "auditor";

bool has_role(const http::Request& request, std::string_view role) {
    return request.peer && request.peer->organisational_unit == role;
}

http::Response failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

}  // namespace

http::Response Service::handle(const http::Request& request) {
    const std::uint64_t started_ms = parts_.clock.boot_ms();
    http::Response response = route(request);
    ++parts_.counters.requests;
    if (response.status >= 400) ++parts_.counters.refusals;
    base::log(base::LogEvent::request_served,
              {{"status", static_cast<std::int64_t>(response.status)},
               {"bytes", static_cast<std::int64_t>(response.body.size())},
               {"ms", static_cast<std::int64_t>(parts_.clock.boot_ms() - started_ms)}});
    return response;
}

http::Response Service::route(const http::Request& request) {
    const auto segments = request.segments();
    const bool post = request.method == http::Method::post;
    if (segments.size() == 1 && segments[0] == "healthz" && !post) return health();
    if (segments.size() == 1 && segments[0] == "metrics" && !post) {
        // Without a certificate the request came from the plain listener, which the operator keeps
        // to itself.
        return request.peer && !has_role(request, role_auditor) ? not_allowed() : metrics();
    }
    if (!request.peer || segments.empty()) return not_found();
    if (segments[0] == "agency" && !post && parts_.authorities != nullptr) {
        return has_role(request, role_authority) ? AuthorityRoutes::page(segments) : not_allowed();
    }
    if (segments[0] == "v1" && segments.size() >= 2) return versioned(request, segments);
    return not_found();
}

http::Response Service::versioned(const http::Request& request,
                                  const std::vector<std::string>& segments) {
    const std::string& area = segments[1];
    if (area == "enrolments" || area == "terminals") {
        if (!has_role(request, role_terminal)) return not_allowed();
        if (parts_.terminals == nullptr) return not_found();
        return parts_.terminals->handle(request, segments, request.peer->common_name);
    }
    if (area == "subjects") {
        if (!has_role(request, role_auditor)) return not_allowed();
        const bool fits = segments.size() == 4 && segments[3] == "releases";
        return fits && request.method != http::Method::post ? releases(segments[2]) : not_found();
    }
    if (area == "inbox" || area == "usable" || area == "declarations") {
        if (!has_role(request, role_authority)) return not_allowed();
        if (parts_.authorities == nullptr) return not_found();
        return parts_.authorities->handle(request, segments, request.peer->common_name);
    }
    return not_found();
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

http::Response Service::releases(const std::string& tag) {
    const auto bytes = base::from_hex(tag);
    if (!bytes || bytes->size() != Tag{}.size()) return not_found();
    auto body = subject_releases(parts_.store, array_of<32>(*bytes));
    if (!body) return failure(body.error());
    return json_response(200, std::move(*body));
}

http::Response PlainService::handle(const http::Request& request) {
    const auto segments = request.segments();
    const bool known =
        segments.size() == 1 && (segments[0] == "healthz" || segments[0] == "metrics");
    return known ? service_.handle(request) : not_found();
}

}  // namespace backend
