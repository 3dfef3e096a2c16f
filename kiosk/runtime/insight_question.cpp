// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/insight_question.hpp"

#include <utility>

#include "drivers/base/limits_insight.hpp"
#include "kiosk/runtime/insight_rows.hpp"
#include "kiosk/runtime/moment.hpp"
#include "sync/journal/journal.hpp"
#include "sync/receipts/insight.hpp"

namespace runtime {

/// What one page is asked for with.
struct InsightQuestion::Sheet {
    const core::RequestInsight& request;
    const crypto::KeyPair& session;
    std::uint64_t observed;
    std::uint64_t from;
};

base::Result<core::Known> InsightQuestion::page(const Sheet& sheet, const Carry& carry) {
    const base::ByteView subject = base::as_bytes(sheet.request.subject.view());
    receipts::InsightRequest asked;
    asked.terminal = parts_.trust.terminal;
    asked.subject = {model::SubjectKind::pseudonym, {subject.begin(), subject.end()}};
    asked.session = sheet.session.point;
    parts_.random.fill(asked.nonce);
    asked.method = sheet.request.assurance.method;
    asked.level = sheet.request.assurance.level;
    asked.observed = sheet.observed;
    asked.from = sheet.from;
    if (const auto& letter = sheet.request.invitation) {
        asked.invitation =
            receipts::InsightInvitation{letter->code, std::string(sheet.request.birth_date.view())};
    }
    seal::StoreSigner signer(parts_.keys, journal::journal_key_name);
    TRY(sealed,
        receipts::seal_insight_request(asked, signer, parts_.trust.views_key, parts_.random));
    TRY(answer, carry(std::move(sealed)));
    auto opened = base::Result<receipts::InsightPage>(
        base::fail(base::Errc::receipt_bad, "insight without receipt key"));
    for (const crypto::Point& key : parts_.trust.receipt_keys) {
        opened = receipts::open_insight_answer(
            answer, {sheet.session, key, asked.terminal, asked.nonce, asked.from}, parts_.random);
        if (opened) break;
    }
    if (!opened) return tl::unexpected(opened.error());
    // It has signed a larger log before: this one came out of a backup, or somebody replays it.
    if (opened->log_size < sheet.observed) {
        return base::fail(base::Errc::receipt_bad, "insight of an older log");
    }
    return to_known(std::move(*opened), asked.terminal, moment_now(parts_.clock).date);
}

base::Result<core::Known> InsightQuestion::ask(const core::RequestInsight& request,
                                               std::uint64_t observed, const Carry& carry) {
    const crypto::KeyPair session = crypto::generate_key(crypto::Curve::p256, parts_.random);
    TRY(known, page({request, session, observed, request.from}, carry));
    // With a letter nothing is asked for but that it counts.
    if (request.invitation) return std::move(known);
    for (unsigned pages = 1; known.next && pages < limits::insight_pages_max; ++pages) {
        auto more = page({request, session, observed, *known.next}, carry);
        if (!more) break;
        core::Lookup together;
        together.known = std::move(known);
        core::take_in(together, std::move(*more));
        known = std::move(together.known);
    }
    return std::move(known);
}

}  // namespace runtime
