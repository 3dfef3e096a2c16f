// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/authority_routes.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_backend.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/service/query.hpp"
#include "sync/backend/www/page_files.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text_rules.hpp"

namespace backend {
namespace {

constexpr receipts::AppliedState settable_states[] = {
    receipts::AppliedState::acknowledged, receipts::AppliedState::applied,
    receipts::AppliedState::withheld_by_source, receipts::AppliedState::not_usable};

/// The bodies of the desk hold one short text.
constexpr std::size_t body_bytes_max = limits::file_number_bytes_max * 8;

/// True if only our own page, or a program, can have sent this. That the body is JSON, which no
/// form can send, is the route's business.
bool from_own_page(const http::Request& request) {
    const auto site = request.header("sec-fetch-site");
    if (site && *site != "same-origin" && *site != "none") return false;
    const auto origin = request.header("origin");
    const auto host = request.header("host");
    return !origin || (host && *origin == "https://" + std::string(*host));
}

http::Response failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

http::Response body_bad() {
    return problem_of({base::Errc::message_bad, "authority.body"});
}

http::Response file_number_bad() {
    return http::make_problem(400, "file-number-bad",
                              "A file number has 1 to 64 bytes of UTF-8, no control characters");
}

http::Response id_bad() {
    return http::make_problem(400, "id-bad",
                              "An entry or a recipient is named by 1 to 64 of A-Z a-z 0-9 . _ -");
}

}  // namespace

http::Answer AuthorityRoutes::answer(const http::Request& request, Endpoint endpoint,
                                     const std::vector<std::string>& segments) {
    if (endpoint == Endpoint::page) return page(segments);
    const std::string_view authority = request.peer->common_name;
    if (parts_.directory.find(authority) == nullptr) return not_allowed();
    if (request.method == http::Method::post && !from_own_page(request)) return not_allowed();
    const bool desk = endpoint == Endpoint::assignment || endpoint == Endpoint::applied;
    if (request.body.size() > (desk ? body_bytes_max : limits::exchange_body_bytes_max)) {
        return problem_of({base::Errc::message_too_large, "authority.body"});
    }
    if (endpoint == Endpoint::inbox) return inbox(request, authority);
    return handle(request, endpoint, segments);
}

base::Result<void> AuthorityRoutes::catch_up() {
    TRY_VOID(parts_.projector.catch_up());
    return parts_.feed.catch_up();
}

http::Response AuthorityRoutes::handle(const http::Request& request, Endpoint endpoint,
                                       const std::vector<std::string>& segments) {
    const std::string_view authority = request.peer->common_name;
    if (const auto done = catch_up(); !done) return failure(done.error());
    switch (endpoint) {
        case Endpoint::usable:
            return usable(request, authority);
        case Endpoint::assignment:
            return assignment(request, authority, segments.at(2));
        case Endpoint::applied:
            return applied(request, authority, segments.at(2));
        default:
            return parts_.exchange.handle(request, endpoint, authority);
    }
}

http::Response AuthorityRoutes::page(const std::vector<std::string>& segments) {
    const std::string_view name =
        segments.size() < 2 ? std::string_view("index.html") : segments[1];
    const auto files = page_files();
    const auto file = std::ranges::find(files, name, &PageFile::name);
    if (file == files.end()) return not_found();
    auto response = http::make_response(200, file->media_type, std::string(file->content));
    // The page may load from this server only, run no inline script and stand in no frame.
    response.headers.push_back({"content-security-policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                "'self'; connect-src 'self';"
                                " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"});
    response.headers.push_back({"x-content-type-options", "nosniff"});
    response.headers.push_back({"referrer-policy", "no-referrer"});
    response.headers.push_back({"cross-origin-opener-policy", "same-origin"});
    response.headers.push_back({"cross-origin-resource-policy", "same-origin"});
    response.headers.push_back({"cache-control", "no-store"});
    return response;
}

/// Each item is opened, which costs a millisecond: long work, of which the beginning is one step.
http::Answer AuthorityRoutes::inbox(const http::Request& request, std::string_view authority) {
    const auto from = query_number(request, "from");
    if (!from) return failure(from.error());
    std::optional<Desk::InboxPage> page;
    return http::Work{[this, from = *from, authority = std::string(authority),
                       page]() mutable -> std::optional<http::Response> {
        if (!page) {
            if (const auto done = catch_up(); !done) return failure(done.error());
            auto begun = parts_.desk.begin_inbox(authority, from);
            if (!begun) return failure(begun.error());
            page = std::move(*begun);
        } else if (const auto opened = parts_.desk.open_items(*page, limits::work_step_items);
                   !opened) {
            return failure(opened.error());
        }
        if (!page->done()) return std::nullopt;
        return json_response(200, parts_.desk.json_of(*page));
    }};
}

http::Response AuthorityRoutes::assignment(const http::Request& request, std::string_view authority,
                                           const std::string& declaration) {
    const auto id = base::parse_uuid(declaration);
    if (!id) return not_found();
    const auto json = model::parse_json(request.body, body_bytes_max);
    if (!json || !json->is_object()) return body_bad();
    model::JsonFields fields(*json);
    const std::string file_number = fields.text("file_number", limits::file_number_bytes_max);
    if (!fields.ok()) return file_number_bad();
    const auto verdict = parts_.desk.assign(authority, *id, file_number);
    if (!verdict) return failure(verdict.error());
    switch (*verdict) {
        case AssignmentVerdict::not_found:
            return not_found();
        case AssignmentVerdict::taken:
            return http::make_problem(409, "already-assigned",
                                      "The person belongs to another file");
        case AssignmentVerdict::assigned:
            break;
    }
    return json_response(200, model::JsonWriter()
                                  .text("declaration", base::to_text(*id))
                                  .text("file_number", file_number)
                                  .done());
}

http::Response AuthorityRoutes::usable(const http::Request& request, std::string_view authority) {
    Desk::Question question;
    const auto file_number = request.query_value("file_number");
    const auto entry = request.query_value("entry");
    if (!file_number || !entry) return problem_of({base::Errc::message_bad, "usable.query"});
    if (!model::is_line(*file_number, limits::file_number_bytes_max)) return file_number_bad();
    question.file_number = *file_number;
    question.entry = *entry;
    const auto recipient = query_text(request, "recipient");
    if (!recipient) return failure(recipient.error());
    question.recipient = recipient->value_or("");
    if (!model::is_id(question.entry) ||
        (!question.recipient.empty() && !model::is_id(question.recipient))) {
        return id_bad();
    }
    auto body = parts_.desk.usable(authority, question);
    if (!body) return failure(body.error());
    return json_response(200, std::move(*body));
}

http::Response AuthorityRoutes::applied(const http::Request& request, std::string_view authority,
                                        const std::string& declaration) {
    const auto id = base::parse_uuid(declaration);
    if (!id) return not_found();
    Desk::Settlement settlement;
    if (!request.body.empty()) {
        const auto json = model::parse_json(request.body, body_bytes_max);
        if (!json || !json->is_object()) return body_bad();
        model::JsonFields fields(*json);
        const std::string word = fields.has("state") ? fields.text("state", 32) : "applied";
        const auto known = std::ranges::find_if(settable_states, [&](receipts::AppliedState value) {
            return receipts::word(value) == word;
        });
        if (fields.has("reason")) settlement.reason = fields.text("reason", 64);
        if (!fields.ok() || known == std::end(settable_states)) return body_bad();
        settlement.state = *known;
        if (!Desk::is_reason(settlement.state, settlement.reason)) return body_bad();
    }
    auto settled = parts_.desk.settle(authority, *id, settlement);
    if (!settled) return failure(settled.error());
    if (settled->refusal == Desk::SettleRefusal::not_found) return not_found();
    if (settled->refusal) {
        return http::make_problem(409, "not-source", "Only the source of the data can withhold it");
    }
    return json_response(200, std::move(settled->body));
}

}  // namespace backend
