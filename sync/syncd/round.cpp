// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/round.hpp"

#include <utility>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/model/batch.hpp"

namespace syncd {
namespace {

using base::Errc;

/// A round ends after this many batches, so that events and the kiosk's link display get their
/// turn: 5,000 records, more than a week of one terminal.
constexpr unsigned batches_per_round_max = 100;
constexpr unsigned event_pages_per_round_max = 20;
/// Proofs of 1,000 receipts in one round: a week of one terminal is through in two minutes.
constexpr unsigned proof_pages_per_round_max = 20;

/// True if the backend's chain or log and the kiosk's do not fit.
bool disagrees(const base::Error& error) {
    return error.code == Errc::sequence_gap || error.code == Errc::fork_detected;
}

/// True if the kiosk has looked at what we gave it and refused it for good.
bool is_refused_by_kiosk(const base::Error& error) {
    return error.code == Errc::receipt_bad || error.code == Errc::message_bad;
}

void log_batch(const std::string& body, std::int64_t status) {
    const auto batch = model::parse_batch(body);
    if (!batch) return;
    base::log(base::LogEvent::batch_sent, {{"epoch", static_cast<std::int64_t>(batch->epoch)},
                                           {"from", static_cast<std::int64_t>(batch->from)},
                                           {"to", static_cast<std::int64_t>(batch->to)},
                                           {"status", status}});
}

}  // namespace

bool Round::is_final(const base::Error& error) {
    switch (error.code) {
        case Errc::sequence_gap:
        case Errc::fork_detected:
        case Errc::message_too_large:
            return true;
        case Errc::http_status:
            return error.detail >= 400 && error.detail < 500 && error.detail != 408;
        default:
            return false;
    }
}

template <class T>
base::Result<T> Round::by(Side side, base::Result<T> result) {
    if (!result) failed_ = side;
    if (side == Side::backend && (result || is_final(result.error()))) contact_ = true;
    return result;
}

bool Round::take_contact() {
    return std::exchange(contact_, false);
}

base::Result<void> Round::hand_in() {
    // A copy: the list shrinks while we go through it.
    const auto waiting = parts_.spool.receipts();
    base::Result<void> refused;
    for (const std::uint64_t number : waiting) {
        const auto set = parts_.spool.receipt(number);
        if (set && outbox::is_set_text(*set)) {
            const auto stored = by(Side::kiosk, parts_.kiosk.store_receipt(*set));
            if (!stored && !is_refused_by_kiosk(stored.error())) return stored;
            if (!stored) refused = tl::unexpected(stored.error());
        }
        // Taken, refused for good, or damaged on our disk: in all three cases it is of no more use.
        TRY_VOID(by(Side::own, parts_.spool.drop_receipt(number)));
    }
    // A receipt that the kiosk cannot verify is the backend's doing: the next try waits as after
    // its other failures.
    if (!refused) failed_ = Side::backend;
    return refused;
}

/// With a kiosk there, its bytes count and the spool's are the same or older, so these are simply
/// replaced.
base::Result<std::string> Round::pull(Lane lane) {
    TRY(body, by(Side::kiosk,
                 lane == Lane::advance ? parts_.kiosk.pull_advance() : parts_.kiosk.pull_batch()));
    if (body.empty()) TRY_VOID(by(Side::own, parts_.spool.drop_body(lane)));
    return std::move(body);
}

base::Result<void> Round::keep(const transport::Receipts& receipts) {
    for (const std::string& set : receipts) {
        if (!outbox::is_set_text(set))
            return by(Side::backend,
                      base::Result<void>(base::fail(Errc::message_bad, "syncd receipt")));
        TRY_VOID(by(Side::own, parts_.spool.keep_receipt(set)));
    }
    return {};
}

base::Result<void> Round::post(Lane lane, const std::string& body) {
    if (!parts_.spool.has_room(limits::batch_records_max)) {
        failed_ = Side::kiosk;
        return base::fail(Errc::busy, "syncd spool full");
    }
    TRY_VOID(by(Side::own, parts_.spool.keep_body(lane, body)));
    const auto receipts =
        by(Side::backend, lane == Lane::advance ? parts_.backend.post_advance(body)
                                                : parts_.backend.post_batch(body));
    if (!receipts && is_final(receipts.error())) {
        // The kiosk still has the records; a fresh pull may fit where these bytes did not.
        TRY_VOID(by(Side::own, parts_.spool.drop_body(lane)));
        failed_ = Side::backend;
    }
    if (!receipts) return tl::unexpected(receipts.error());
    TRY_VOID(keep(*receipts));
    return by(Side::own, parts_.spool.drop_body(lane));
}

/// returns true if a new body went out. A copy that the backend does not want must not keep the
/// chain from going (I7), so a final refusal is written down and the round goes on.
base::Result<bool> Round::send_advance() {
    TRY(body, pull(Lane::advance));
    if (body.empty() || body == last_advance_) return false;
    const auto posted = post(Lane::advance, body);
    if (!posted && !is_final(posted.error())) return tl::unexpected(posted.error());
    if (!posted) base::log_error(posted.error());
    last_advance_ = std::move(body);
    TRY_VOID(hand_in());
    return true;
}

base::Result<bool> Round::send_batch() {
    TRY(body, pull(Lane::batch));
    if (body.empty()) return false;
    if (body == last_batch_) {
        // Accepted, receipts handed in, and still unsent: one side contradicts itself. Once more,
        // later.
        last_batch_.clear();
        failed_ = Side::backend;
        return base::fail(Errc::busy, "syncd no progress");
    }
    const auto posted = post(Lane::batch, body);
    if (!posted && is_final(posted.error())) log_batch(body, posted.error().detail);
    if (!posted && disagrees(posted.error())) {
        // The next batch fits again once the kiosk knows; the refusal itself waits as any other.
        TRY_VOID(fetch_chains());
        failed_ = Side::backend;
    }
    if (!posted) return tl::unexpected(posted.error());
    log_batch(body, 200);
    last_batch_ = std::move(body);
    TRY_VOID(hand_in());
    return true;
}

base::Result<void> Round::send_lanes() {
    TRY_VOID(hand_in());
    for (unsigned i = 0; i < batches_per_round_max; ++i) {
        TRY(advanced, send_advance());
        TRY(sent, send_batch());
        if (!advanced && !sent) break;
    }
    return {};
}

base::Result<void> Round::send_spooled() {
    for (const Lane lane : {Lane::advance, Lane::batch}) {
        TRY(body, by(Side::own, parts_.spool.body(lane)));
        if (!body.empty()) TRY_VOID(post(lane, body));
    }
    return {};
}

base::Result<void> Round::send_all() {
    auto done = send_lanes();
    if (done) return done;
    // What was refused this time may be welcome after the failure is over (an enrolment that was
    // missing, say).
    last_advance_.clear();
    if (failed_ != Side::kiosk || done.error().code == Errc::cancelled) return done;
    TRY_VOID(send_spooled());
    return done;
}

base::Result<void> Round::fetch_events() {
    // Once in a while a copy that was refused or left without a receipt is offered again.
    last_advance_.clear();
    for (unsigned i = 0; i < event_pages_per_round_max; ++i) {
        TRY(cursor, by(Side::kiosk, parts_.kiosk.event_cursor()));
        TRY(page, by(Side::backend, parts_.backend.fetch_events(cursor)));
        base::Result<void> refused;
        bool stored_one = false;
        for (const transport::Event& event : page.events) {
            if (!outbox::is_set_text(event.set))
                return by(Side::backend,
                          base::Result<void>(base::fail(Errc::message_bad, "syncd event")));
            const auto stored = by(Side::kiosk, parts_.kiosk.store_event(event.n, event.set));
            if (!stored && !is_refused_by_kiosk(stored.error())) return stored;
            // The next one moves the kiosk's cursor past an event that it does not believe (I7).
            if (!stored) refused = tl::unexpected(stored.error());
            stored_one = stored_one || stored.has_value();
        }
        if (!refused) failed_ = Side::backend;
        if (!refused && !stored_one) return refused;
        if (!refused) base::log_error(refused.error());
        if (page.events.empty()) break;
    }
    return {};
}

base::Result<void> Round::fetch_log() {
    TRY(size, by(Side::kiosk, parts_.kiosk.log_size()));
    TRY(growth, by(Side::backend, parts_.backend.fetch_growth(size)));
    const auto stored =
        by(Side::kiosk, parts_.kiosk.store_checkpoint(growth.checkpoint, growth.proof));
    if (stored) return fetch_proofs();
    // A log that the kiosk cannot follow is the backend's doing, and its records go on all the
    // same.
    if (stored.error().code == Errc::network_unreachable) return stored;
    if (disagrees(stored.error()) || stored.error().code == Errc::receipt_bad)
        TRY_VOID(fetch_chains());
    failed_ = Side::backend;
    return stored;
}

base::Result<void> Round::fetch_chains() {
    TRY(chains, by(Side::backend, parts_.backend.fetch_chains()));
    std::vector<outbox::ChainStand> told;
    for (transport::ChainStand& chain : chains) {
        if (!chain.head.empty() && !outbox::is_set_text(chain.head))
            return by(Side::backend,
                      base::Result<void>(base::fail(Errc::message_bad, "syncd chain")));
        told.push_back({chain.epoch, chain.next_seq, std::move(chain.head)});
    }
    return by(Side::kiosk, parts_.kiosk.tell_chains(std::move(told)));
}

base::Result<void> Round::fetch_proofs() {
    for (unsigned i = 0; i < proof_pages_per_round_max; ++i) {
        TRY(wanted, by(Side::kiosk, parts_.kiosk.unproven()));
        if (wanted.indexes.empty()) return {};
        TRY(found, by(Side::backend, parts_.backend.fetch_inclusions(wanted.indexes, wanted.size)));
        base::Result<void> refused;
        for (transport::Inclusion& each : found) {
            const auto stored =
                by(Side::kiosk,
                   parts_.kiosk.store_inclusion(
                       {each.index, wanted.size, std::move(each.leaf), std::move(each.proof)}));
            const bool judged = !stored && (is_refused_by_kiosk(stored.error()) ||
                                            stored.error().code == Errc::fork_detected);
            if (!stored && !judged) return stored;
            if (!stored) refused = tl::unexpected(stored.error());
        }
        if (refused && !found.empty()) continue;
        // Left without a proof, the same places would be asked for again at once.
        failed_ = Side::backend;
        return refused;
    }
    return {};
}

}  // namespace syncd
