// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/portal_routes.hpp"

#include "drivers/base/limits_backend.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/limits_portal.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/service/query.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/model/times.hpp"
#include "sync/receipts/link_code.hpp"

namespace backend {
namespace {

http::Response portal_failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

http::Response portal_body_bad() {
    return problem_of({base::Errc::message_bad, "portal.body"});
}

}  // namespace

http::Answer PortalRoutes::answer(const http::Request& request, Endpoint endpoint,
                                  const std::vector<std::string>& segments) {
    const std::string& portal = request.peer->common_name;
    if (request.body.size() > limits::exchange_body_bytes_max) {
        return problem_of({base::Errc::message_too_large, "portal.body"});
    }
    if (endpoint == Endpoint::portal_link) return link(request, portal);
    const PortalAccount account{portal, segments.at(3)};
    if (!model::is_id(account.account)) return not_found();
    if (const auto filed = parts_.projector.catch_up(); !filed) {
        return portal_failure(filed.error());
    }
    switch (endpoint) {
        case Endpoint::portal_insight:
            return insight(request, account);
        case Endpoint::portal_consents:
            return consents(account);
        case Endpoint::portal_end:
            return end(account);
        default:
            return not_found();
    }
}

http::Response PortalRoutes::link(const http::Request& request, std::string_view portal) {
    const auto json = model::parse_json(request.body, limits::exchange_body_bytes_max);
    if (!json || !json->is_object()) return portal_body_bad();
    model::JsonFields fields(*json);
    const std::string account = fields.text("account", limits::id_bytes_max);
    const std::string code = fields.text("code", limits::id_bytes_max);
    if (!fields.ok() || !model::is_id(account)) return portal_body_bad();
    const std::string who = std::string(portal) + '\x1F' + account;
    if (const std::uint64_t wait = wait_ms(who); wait > 0) return too_many_attempts(wait);
    const auto hash = receipts::link_code_hash(code);
    bool linked = false;
    if (hash) {
        const auto bound = parts_.links.bind({portal, account}, *hash);
        if (!bound) return portal_failure(bound.error());
        linked = *bound;
    }
    if (!linked) {
        failed(who);
        return not_allowed();
    }
    return json_response(201, model::JsonWriter().text("account", account).done());
}

http::Response PortalRoutes::insight(const http::Request& request, const PortalAccount& account) {
    const auto from = query_number(request, "from", limits::insight_rows_max);
    if (!from) return portal_failure(from.error());
    const auto subject = parts_.links.subject_of(account);
    if (!subject) return portal_failure(subject.error());
    if (!*subject) return not_found();
    const auto rows = parts_.desk.rows(**subject);
    if (!rows) return portal_failure(rows.error());
    const auto head = read_log_head(parts_.store);
    if (!head) return portal_failure(head.error());
    std::vector<std::string> page;
    std::uint64_t at = *from;
    for (; at < rows->size() && page.size() < limits::portal_page_rows; ++at) {
        page.push_back(receipts::encode((*rows)[at]));
    }
    model::JsonWriter json;
    json.raw("rows", model::json_array(page));
    if (at < rows->size()) json.number("next", at);
    json.number("log_size", head->size)
        .text("issued_at", model::to_rfc3339(parts_.clock.wall_ms()));
    return json_response(200, json.done());
}

/// Each record is opened: long work, which is done in steps.
http::Answer PortalRoutes::consents(const PortalAccount& account) {
    const auto subject = parts_.links.subject_of(account);
    if (!subject) return portal_failure(subject.error());
    if (!*subject) return not_found();
    auto begun = parts_.consents.begin(**subject, account.account);
    if (!begun) return portal_failure(begun.error());
    return http::Work{[this, page = std::move(*begun)]() mutable -> std::optional<http::Response> {
        const auto opened = parts_.consents.open(page, limits::work_step_items);
        if (!opened) return portal_failure(opened.error());
        if (!page.done()) return std::nullopt;
        return json_response(200, ConsentExport::json_of(page));
    }};
}

http::Response PortalRoutes::end(const PortalAccount& account) {
    const auto ended = parts_.links.end(account);
    if (!ended) return portal_failure(ended.error());
    if (!*ended) return not_found();
    return json_response(200, model::JsonWriter().text("account", account.account).done());
}

std::uint64_t PortalRoutes::wait_ms(const std::string& who) const {
    const auto found = failures_.find(who);
    const std::uint64_t now_ms = parts_.clock.boot_ms();
    if (found == failures_.end() || found->second.count < limits::link_failures_max) return 0;
    return found->second.until_ms > now_ms ? found->second.until_ms - now_ms : 0;
}

void PortalRoutes::failed(const std::string& who) {
    if (failures_.size() >= limits::link_accounts_max && !failures_.contains(who)) {
        failures_.clear();
    }
    const std::uint64_t now_ms = parts_.clock.boot_ms();
    Failures& failures = failures_[who];
    if (now_ms >= failures.until_ms) failures = {0, now_ms + limits::link_window_ms};
    ++failures.count;
}

}  // namespace backend
