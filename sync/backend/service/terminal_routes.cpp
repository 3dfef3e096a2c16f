// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/terminal_routes.hpp"

#include "drivers/base/limits_backend.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/outgoing.hpp"
#include "sync/backend/ingest/gaps.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/backend/service/query.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

constexpr Statement find_copy{"SELECT header FROM advance WHERE leaf = $1"};
constexpr Statement find_quarantined{
    "SELECT header FROM quarantine WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND leaf = $4"};
constexpr Statement find_record{
    "SELECT header FROM record WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND leaf = $4"};

std::string quoted_list(const std::vector<std::string>& texts) {
    std::vector<std::string> items;
    items.reserve(texts.size());
    for (const std::string& text : texts) items.push_back(model::json_quote(text));
    return model::json_array(items);
}

/// A refusal of a batch that tells the terminal where its chain stands here.
http::Response chain_problem(std::string_view type, std::string_view title,
                             const BatchOutcome& outcome) {
    auto response = http::make_problem(409, type, title);
    response.body = model::JsonWriter()
                        .text("type", "urn:freigabe:problem:" + std::string(type))
                        .text("title", title)
                        .number("status", 409)
                        .number("epoch", outcome.from.epoch)
                        .number("next_seq", outcome.next_seq)
                        .done();
    return response;
}

/// The header of a leaf wherever it is kept.
base::Result<base::Bytes> header_of(Store& store, const Place& place, const Hash& leaf) {
    const std::int64_t epoch = place.epoch;
    const std::int64_t seq = column_of(place.seq);
    TRY(copies, store.run(find_copy, {leaf}));
    if (!copies.empty()) return copies[0].bytes(0);
    for (const Statement* statement : {&find_record, &find_quarantined}) {
        TRY(rows, store.run(*statement, {place.terminal.get(), epoch, seq, leaf}));
        if (!rows.empty()) return rows[0].bytes(0);
    }
    return base::fail(base::Errc::journal_chain_broken, "receipt.header");
}

}  // namespace

http::Answer TerminalRoutes::answer(const http::Request& request, Endpoint endpoint,
                                    const std::vector<std::string>& segments) {
    const auto terminal = base::parse_uuid(request.peer->common_name);
    if (!terminal) return not_allowed();
    if (endpoint == Endpoint::enrolment) return enrolment(request, *terminal);
    if (base::parse_uuid(segments.at(2)) != terminal) return not_allowed();
    if (endpoint == Endpoint::events) return events(request, *terminal);
    if (endpoint == Endpoint::chains) return chains(*terminal);
    if (endpoint == Endpoint::keys) return key(request, *terminal);
    if (request.body.size() > limits::batch_bytes_max) {
        return problem_of({base::Errc::message_too_large, "terminal.body"});
    }
    return endpoint == Endpoint::batches ? batch(request, *terminal) : advance(request, *terminal);
}

http::Response TerminalRoutes::enrolment(const http::Request& request, const base::Uuid& terminal) {
    const std::uint64_t now_ms = parts_.clock.boot_ms();
    if (const auto wait_ms = attempts_.wait_ms(terminal, now_ms); wait_ms > 0) {
        return too_many_attempts(wait_ms);
    }
    const auto done = enrol(parts_.store, request.body, terminal, parts_.clock.wall_ms());
    if (!done) {
        if (done.error().code == base::Errc::peer_not_allowed) attempts_.failed(terminal, now_ms);
        base::log_error(done.error());
        return problem_of(done.error());
    }
    base::log(base::LogEvent::terminal_enrolled);
    return json_response(201, model::JsonWriter().text("terminal", base::to_text(terminal)).done());
}

/// Gives the new records their places, or asks for them.
void TerminalRoutes::make_places() {
    if (parts_.queue != nullptr) return parts_.queue->wanted();
    if (const auto head = sequence(parts_.store); !head) base::log_error(head.error());
    parts_.listener.log_grew();
}

/// The receipts, as soon as every record has its place.
template <class Outcome>
http::Answer TerminalRoutes::receipts(const Outcome& outcome) {
    // Known before the first look, so that what the log gains behind it is not passed over.
    const std::uint64_t size_before = parts_.queue != nullptr ? parts_.queue->log_size() : 0;
    make_places();
    const std::uint64_t end_ms = parts_.clock.boot_ms() + limits::receipt_wait_ms_max;
    const auto look = [this, outcome, end_ms]() -> std::optional<http::Response> {
        const auto sets = receipts_of(outcome);
        if (sets) return reply(outcome, *sets);
        const bool patient = parts_.queue != nullptr && parts_.clock.boot_ms() < end_ms;
        if (patient && sets.error().code == base::Errc::busy) return std::nullopt;
        // The records are durable; the terminal repeats the request and gets its receipt then.
        base::log_error(sets.error());
        return problem_of(sets.error());
    };
    // Those of a repeated request are there already; without a queue they are there now.
    if (auto response = look()) return std::move(*response);
    return http::Later(
        [this, look, end_ms, seen = size_before]() mutable -> std::optional<http::Response> {
            const std::uint64_t size = parts_.queue->log_size();
            if (size == seen && parts_.clock.boot_ms() < end_ms) return std::nullopt;
            seen = size;
            return look();
        });
}

http::Answer TerminalRoutes::batch(const http::Request& request, const base::Uuid& terminal) {
    const auto outcome = ingest_batch(parts_.store, terminal, request.body);
    if (!outcome) {
        base::log_error(outcome.error());
        return problem_of(outcome.error());
    }
    if (outcome->verdict == BatchVerdict::revoked) return refuse_revoked();
    parts_.counters.records += outcome->added;
    parts_.counters.unusable += outcome->unusable;
    parts_.counters.forks += outcome->contradicted;
    if (outcome->verdict == BatchVerdict::gap) {
        ++parts_.counters.gaps;
        const auto noted = note_gap(parts_.store, outcome->from, parts_.clock.wall_ms());
        if (!noted) base::log_error(noted.error());  // the next attempt notes it
        return chain_problem("gap",
                             outcome->base_missing
                                 ? "The record that this epoch continues has not come yet"
                                 : "The batch starts behind the next record",
                             *outcome);
    }
    if (outcome->added == 0) {
        ++parts_.counters.repeats;
    } else {
        parts_.counters.chain_delay.observe(delay_bounds_ms, delay_of(terminal, outcome->times));
    }
    if (outcome->verdict == BatchVerdict::fork) {
        ++parts_.counters.forks;
        // Its withdrawals count, so they need their place in the log too.
        make_places();
        return chain_problem("fork", "The batch contradicts records that are stored", *outcome);
    }
    base::log(base::LogEvent::records_ingested,
              {{"count", static_cast<std::int64_t>(outcome->added)}});
    return receipts(*outcome);
}

http::Response TerminalRoutes::reply(const BatchOutcome& outcome,
                                     const std::vector<std::string>& sets) {
    return json_response(200, model::JsonWriter()
                                  .raw("receipts", quoted_list(sets))
                                  .number("next_seq", outcome.next_seq)
                                  .number("epoch", outcome.from.epoch)
                                  .done());
}

std::uint64_t TerminalRoutes::delay_of(const base::Uuid& terminal, const RecordTimes& times) {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    const std::uint64_t newest_ms = times.newest_wall_ms;
    parts_.contacts.clock(terminal, newest_ms > now_ms ? newest_ms - now_ms : 0);
    if (times.behind) ++parts_.counters.clock_behind;
    return now_ms > times.oldest_wall_ms ? now_ms - times.oldest_wall_ms : 0;
}

/// What came is kept and its withdrawals count, so they need their place in the log.
http::Response TerminalRoutes::refuse_revoked() {
    ++parts_.counters.revoked;
    base::log(base::LogEvent::alarm_raised, {{"kind", "terminal_revoked"}, {"count", 1}});
    make_places();
    return terminal_revoked();
}

base::Result<std::vector<std::string>> TerminalRoutes::receipts_of(const BatchOutcome& outcome) {
    TRY(records, logged_range(parts_.store, outcome.from, outcome.to));
    // After a long outage of the sequencer it can take it more than one call.
    if (records.size() != outcome.to - outcome.from.seq + 1)
        return base::fail(base::Errc::busy, "receipt.log");
    // Read after the places: the size that is signed covers them.
    TRY(head, read_log_head(parts_.store));
    TRY(set, parts_.issuer.received(outcome.from, receipts::Lane::chain, records, head.size));
    ++parts_.counters.receipts;
    return std::vector<std::string>{set};
}

http::Answer TerminalRoutes::advance(const http::Request& request, const base::Uuid& terminal) {
    const auto outcome = ingest_advance(parts_.store, terminal, request.body);
    if (!outcome) {
        base::log_error(outcome.error());
        return problem_of(outcome.error());
    }
    if (outcome->revoked) return refuse_revoked();
    parts_.counters.records += outcome->added;
    parts_.counters.forks += outcome->forks;
    if (outcome->added != 0)
        parts_.counters.advance_delay.observe(delay_bounds_ms, delay_of(terminal, outcome->times));
    return receipts(*outcome);
}

http::Response TerminalRoutes::reply(const AdvanceOutcome&, const std::vector<std::string>& sets) {
    return json_response(200, model::JsonWriter().raw("receipts", quoted_list(sets)).done());
}

base::Result<std::vector<std::string>> TerminalRoutes::receipts_of(const AdvanceOutcome& outcome) {
    std::vector<std::uint64_t> indices;
    for (const auto& [place, leaf] : outcome.accepted) {
        TRY(index, log_index_of(parts_.store, place, leaf));
        if (!index) return base::fail(base::Errc::busy, "receipt.log");
        indices.push_back(*index);
    }
    TRY(head, read_log_head(parts_.store));
    std::vector<std::string> sets;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto& [place, leaf] = outcome.accepted[i];
        TRY(header, header_of(parts_.store, place, leaf));
        const LoggedRecord record{place.seq, leaf, header, indices[i]};
        TRY(set, parts_.issuer.received(place, receipts::Lane::advance, {record}, head.size));
        ++parts_.counters.receipts;
        sets.push_back(std::move(set));
    }
    return sets;
}

http::Response TerminalRoutes::events(const http::Request& request, const base::Uuid& terminal) {
    const auto asked = query_number(request, "after");
    if (!asked) {
        base::log_error(asked.error());
        return problem_of(asked.error());
    }
    std::uint64_t after = *asked;
    const auto events = events_after(parts_.store, terminal, after);
    if (!events) {
        base::log_error(events.error());
        return problem_of(events.error());
    }
    std::vector<std::string> items;
    for (const TerminalEvent& event : *events) {
        after = event.number;
        items.push_back(
            model::JsonWriter().number("n", event.number).text("set", event.set).done());
    }
    return json_response(
        200,
        model::JsonWriter().raw("events", model::json_array(items)).number("next", after).done());
}

http::Response TerminalRoutes::chains(const base::Uuid& terminal) {
    const auto chains = chains_of(parts_.store, terminal);
    if (!chains) {
        base::log_error(chains.error());
        return problem_of(chains.error());
    }
    std::vector<std::string> items;
    for (const ChainStand& chain : *chains) {
        items.push_back(model::JsonWriter()
                            .number("epoch", chain.epoch)
                            .number("next_seq", chain.next_seq)
                            .text("head", chain.head)
                            .done());
    }
    return json_response(200, model::JsonWriter().raw("chains", model::json_array(items)).done());
}

http::Response TerminalRoutes::key(const http::Request& request, const base::Uuid& terminal) {
    const auto number = change_key(parts_.store, request.body, terminal, parts_.clock.wall_ms());
    if (!number) {
        base::log_error(number.error());
        return problem_of(number.error());
    }
    return json_response(201, model::JsonWriter().number("key", *number).done());
}

}  // namespace backend
