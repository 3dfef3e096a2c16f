// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/responder.hpp"

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"

namespace outbox {
namespace {

Answer refusal(const base::Error& error) {
    base::log_error(error);
    return Done{static_cast<std::uint16_t>(error.code)};
}

Answer stored(const base::Result<void>& result) {
    if (!result) return refusal(result.error());
    return Done{};
}

/// Not logged: syncd asks every hour, and nothing is wrong.
Answer no_downstream() {
    return Done{static_cast<std::uint16_t>(base::Errc::device_absent)};
}

}  // namespace

Answer Responder::answer(const Request& request) {
    return std::visit(
        base::Overloaded{
            [&](const PullBatch&) -> Answer {
                auto body = source_.next_batch();
                if (!body) return refusal(body.error());
                return BatchBody{std::move(*body)};
            },
            [&](const PullAdvance&) -> Answer {
                auto body = source_.next_advance();
                if (!body) return refusal(body.error());
                return AdvanceBody{std::move(*body)};
            },
            [&](const StoreReceipt& r) -> Answer { return stored(source_.store_receipt(r.set)); },
            [&](const LinkStatus& status) -> Answer {
                // syncd repeats itself; the kiosk hears of changes only.
                const bool same =
                    link_ && link_->up == status.up && link_->since_ms == status.since_ms;
                link_ = status;
                if (!same) source_.link_changed(status);
                return Done{};
            },
            [&](const AskCursor&) -> Answer {
                const auto n = source_.event_cursor();
                if (!n) return refusal(n.error());
                return Cursor{*n};
            },
            [&](const StoreEvent& r) -> Answer { return stored(source_.store_event(r.n, r.set)); },
            [&](const AskLog&) -> Answer {
                const auto size = source_.log_size();
                if (!size) return refusal(size.error());
                return LogSize{*size};
            },
            [&](const StoreCheckpoint& r) -> Answer {
                return stored(source_.store_checkpoint(r.note, r.proof));
            },
            [&](const StoreChains& r) -> Answer { return stored(source_.hear_chains(r.chains)); },
            [&](const AskUnproven&) -> Answer {
                auto places = source_.unproven();
                if (!places) return refusal(places.error());
                return std::move(*places);
            },
            [&](const StoreInclusion& r) -> Answer { return stored(source_.store_inclusion(r)); },
            [&](const PullAfter& r) -> Answer {
                auto body = source_.body_after(r);
                if (!body) return refusal(body.error());
                if (r.lane == Lane::batch) return BatchBody{std::move(*body)};
                return AdvanceBody{std::move(*body)};
            },
            [&](const SignManifest& r) -> Answer {
                auto jws = source_.sign_manifest(r.payload);
                if (!jws) return refusal(jws.error());
                return SignedManifest{std::move(*jws)};
            },
            [&](const AskDownstream&) -> Answer {
                if (source_.downstream() == nullptr) return no_downstream();
                auto state = source_.downstream()->state();
                if (!state) return refusal(state.error());
                return std::move(*state);
            },
            [&](const OfferFile& r) -> Answer {
                if (source_.downstream() == nullptr) return no_downstream();
                return stored(source_.downstream()->offer(r));
            },
            [&](const StorePiece& r) -> Answer {
                if (source_.downstream() == nullptr) return no_downstream();
                return stored(source_.downstream()->store(r));
            }},
        request);
}

}  // namespace outbox
