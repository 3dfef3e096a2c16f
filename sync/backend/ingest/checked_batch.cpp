// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/checked_batch.hpp"

#include "sync/backend/ingest/terminals.hpp"

namespace backend {
namespace {

base::Result<void> verify(const model::Batch& batch, const std::vector<crypto::Point>& keys) {
    TRY_VOID(verified_head(batch.head, keys));
    for (const model::Record& record : batch.records) TRY_VOID(check_content(record));
    return {};
}

/// Where the system has no room for another thread it is done by whoever asks for the answer.
std::shared_future<base::Result<void>> verify_aside(std::shared_ptr<const model::Batch> batch,
                                                    std::vector<crypto::Point> keys) {
    return std::async(
               std::launch::async | std::launch::deferred,
               [batch = std::move(batch), keys = std::move(keys)] { return verify(*batch, keys); })
        .share();
}

/// Reads the records; each must stand at its place and name the one before it.
base::Result<std::vector<Event>> linked_events(const model::Batch& batch) {
    std::vector<Event> events;
    events.reserve(batch.records.size());
    Place expected{batch.terminal, batch.epoch, batch.from};
    for (const model::Record& record : batch.records) {
        TRY(event, read_event(record));
        const bool linked = events.empty() || event.prev == events.back().leaf;
        if (event.place != expected || !linked)
            return base::fail(base::Errc::record_bad, "ingest.link");
        ++expected.seq;
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace

base::Result<std::vector<crypto::Point>> signing_keys(Store& store, const base::Uuid& terminal,
                                                      std::uint32_t epoch) {
    TRY(keys, journal_keys(store, terminal, epoch));
    if (keys.empty()) return base::fail(base::Errc::peer_not_allowed, "ingest.not_enrolled");
    return std::move(keys);
}

base::Result<seal::Head> verified_head(std::string_view jws,
                                       const std::vector<crypto::Point>& keys) {
    for (const crypto::Point& key : keys) {
        auto head = seal::verify_head(jws, key);
        if (head || head.error().code != base::Errc::signature_bad) return head;
    }
    return base::fail(base::Errc::signature_bad, "ingest.head");
}

base::Result<CheckedBatch> check_batch(Store& store, const base::Uuid& terminal,
                                       std::string_view body) {
    TRY(parsed, model::parse_batch(body));
    const auto batch = std::make_shared<const model::Batch>(std::move(parsed));
    if (batch->terminal != terminal)
        return base::fail(base::Errc::peer_not_allowed, "ingest.terminal");
    TRY(head, seal::parse_head(batch->head));
    if (head.key != Place{terminal, batch->epoch, batch->to})
        return base::fail(base::Errc::record_bad, "ingest.head_place");
    TRY(keys, signing_keys(store, terminal, batch->epoch));
    CheckedBatch checked{batch, {}, verify_aside(batch, std::move(keys))};
    TRY(events, linked_events(*batch));
    if (events.empty() || events.back().leaf != head.leaf)
        return base::fail(base::Errc::record_bad, "ingest.head_leaf");
    checked.events = std::move(events);
    return checked;
}

}  // namespace backend
