// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/exchange_routes.hpp"

#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/changes.hpp"
#include "sync/backend/authorities/requests.hpp"
#include "sync/backend/authorities/statistics.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/service/query.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace backend {
namespace {

http::Response exchange_failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

http::Response exchange_answer(base::Result<std::string> body) {
    if (!body) return exchange_failure(body.error());
    return json_response(200, std::move(*body));
}

http::Response id_taken() {
    return http::make_problem(409, "id-taken", "Something else was said under this id");
}

constexpr base::Error body_error{base::Errc::message_bad, "exchange.body"};

}  // namespace

http::Response ExchangeRoutes::handle(const http::Request& request, Endpoint endpoint,
                                      std::string_view authority) {
    switch (endpoint) {
        case Endpoint::changes:
            return changes(request, authority);
        case Endpoint::accesses:
            return access(request, authority);
        case Endpoint::coverage:
            return coverage(request, authority);
        case Endpoint::requests:
            return release_request(request, authority);
        case Endpoint::statistics:
            return exchange_answer(statistics(parts_.store, authority,
                                              *parts_.directory.find(authority),
                                              parts_.clock.wall_ms()));
        default:
            return not_found();
    }
}

http::Response ExchangeRoutes::changes(const http::Request& request, std::string_view authority) {
    const auto after = query_number(request, "after");
    if (!after) return exchange_failure(after.error());
    return exchange_answer(changes_after(parts_.store, authority, *after));
}

http::Response ExchangeRoutes::access(const http::Request& request, std::string_view authority) {
    const auto report = parse_access(request.body);
    if (!report) return exchange_failure(report.error());
    const auto verdict = parts_.accesses.record(authority, *report);
    if (!verdict) return exchange_failure(verdict.error());
    if (verdict->refusal == AccessBook::Refusal::not_found) return not_found();
    if (verdict->refusal) return id_taken();
    if (verdict->coverage == Coverage::none) {
        return http::make_problem(409, "no-grant",
                                  "No release covers this access; it is recorded as one without");
    }
    return json_response(200, model::JsonWriter()
                                  .text("id", base::to_text(report->id))
                                  .text("coverage", word(verdict->coverage))
                                  .done());
}

http::Response ExchangeRoutes::coverage(const http::Request& request, std::string_view authority) {
    const auto json = model::parse_json(request.body, limits::exchange_body_bytes_max);
    if (!json || !json->is_object()) return exchange_failure(body_error);
    model::JsonFields fields(*json);
    const auto until = model::parse_rfc3339(fields.text("complete_until", 24));
    if (!fields.ok() || !until) return exchange_failure(body_error);
    const auto kept = parts_.accesses.complete_until(authority, *until);
    if (!kept) return exchange_failure(kept.error());
    return json_response(
        200, model::JsonWriter().text("complete_until", model::to_rfc3339(*until)).done());
}

http::Response ExchangeRoutes::release_request(const http::Request& request,
                                               std::string_view authority) {
    const auto wish = parse_release_request(request.body);
    if (!wish) return exchange_failure(wish.error());
    const auto verdict = ask_for_release(parts_.store, authority, *wish, parts_.clock.wall_ms());
    if (!verdict) return exchange_failure(verdict.error());
    if (*verdict == RequestVerdict::not_found) return not_found();
    if (*verdict == RequestVerdict::differs) return id_taken();
    return json_response(200, model::JsonWriter().text("id", base::to_text(wish->id)).done());
}

}  // namespace backend
