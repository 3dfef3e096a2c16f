// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/insight_routes.hpp"

#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/backend/views/opener.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {
namespace {

http::Response insight_failure(const base::Error& error) {
    base::log_error(error);
    // Whether it was sealed to another key or signed by one is one answer.
    if (error.code == base::Errc::open_failed) {
        return problem_of({base::Errc::message_bad, "insight.open"});
    }
    return problem_of(error);
}

/// A card read at this terminal; anything less names no person that could be asked about (LR-43).
bool may_see(const receipts::InsightRequest& request) {
    const bool card =
        request.method == model::Method::eid_pin || request.method == model::Method::eid_can_onsite;
    return card && request.subject.kind == model::SubjectKind::pseudonym;
}

}  // namespace

http::Response InsightRoutes::insight(const http::Request& request, const base::Uuid& terminal) {
    if (request.body.size() > limits::insight_body_bytes_max) {
        return problem_of({base::Errc::message_too_large, "insight.body"});
    }
    if (const std::uint64_t wait = wait_ms(terminal); wait > 0) return too_many_attempts(wait);
    const auto asked = opened(request.body, terminal);
    if (!asked) return insight_failure(asked.error());
    if (!may_see(*asked)) return not_allowed();
    if (const auto filed = parts_.projector.catch_up(); !filed) {
        return insight_failure(filed.error());
    }
    if (asked->invitation) {
        const receipts::InsightInvitation& shown = *asked->invitation;
        const auto tied = with_retries([&] {
            return parts_.invitations.accept(shown.code, asked->subject, shown.birth_date);
        });
        if (!tied && tied.error().code == base::Errc::slip_bad) {
            base::log_error(tied.error());
            return http::make_problem(409, "slip-refused", "This slip does not count here or now");
        }
        if (!tied) return insight_failure(tied.error());
    }
    auto sealed = answer(*asked);
    if (!sealed) return insight_failure(sealed.error());
    auto response = http::make_response(200, "application/jose", std::move(*sealed));
    response.headers.push_back({"cache-control", "no-store"});
    return response;
}

base::Result<receipts::InsightRequest> InsightRoutes::opened(std::string_view body,
                                                             const base::Uuid& terminal) const {
    TRY(plain, open_sealed(body, parts_.views_keys, parts_.random));
    TRY(keys, journal_keys(parts_.store, terminal));
    auto request = receipts::read_insight_request(base::as_text(plain), terminal, keys);
    base::wipe(plain);
    return request;
}

base::Result<std::string> InsightRoutes::answer(const receipts::InsightRequest& request) {
    TRY(head, read_log_head(parts_.store));
    std::vector<std::string> texts;
    if (request.link) {
        TRY_VOID(parts_.links.open(*request.link, request.subject));
    } else {
        TRY(rows, parts_.desk.rows(request.subject));
        for (const auto& row : rows) texts.push_back(receipts::encode(row));
    }
    receipts::InsightPage page;
    page.terminal = request.terminal;
    page.nonce = request.nonce;
    page.from = request.from;
    page.log_size = head.size;
    page.issued_ms = parts_.clock.wall_ms();
    seal::PairSigner signer(parts_.receipt_key, parts_.random);
    return receipts::seal_insight_answer(page, texts, request.session,
                                         seal::thumbprint(parts_.receipt_key.point), signer,
                                         parts_.random);
}

std::uint64_t InsightRoutes::wait_ms(const base::Uuid& terminal) {
    const std::uint64_t now_ms = parts_.clock.boot_ms();
    // Certificates bound how many terminals there are; beyond that the counts begin anew.
    if (windows_.size() >= limits::insight_terminals_max && !windows_.contains(terminal)) {
        windows_.clear();
    }
    Window& window = windows_[terminal];
    if (now_ms >= window.until_ms) window = {now_ms + limits::insight_window_ms, 0};
    if (window.asked >= limits::insight_requests_max) return window.until_ms - now_ms;
    ++window.asked;
    return 0;
}

}  // namespace backend
