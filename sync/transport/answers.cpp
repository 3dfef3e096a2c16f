// SPDX-License-Identifier: EUPL-1.2
#include "sync/transport/answers.hpp"

#include <algorithm>
#include <utility>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_journal.hpp"
#include "sync/http/grammar.hpp"
#include "sync/model/json.hpp"

namespace transport {
namespace {

using base::Errc;

/// Receipts of one answer: a batch may be answered in several parts, but never in more parts than
/// it has records.
constexpr std::size_t receipts_max = limits::batch_records_max;

auto bad() {
    return base::fail(Errc::message_bad, "backend answer");
}

/// The problem type behind "urn:freigabe:problem:", or nothing.
std::string problem_type(const http::Response& response) {
    const auto json = model::parse_json(response.body, limits::http_head_bytes_max);
    if (!json || !json->is_object()) return {};
    model::JsonFields fields(*json);
    const std::string type = fields.text("type", 256);
    constexpr std::string_view prefix = "urn:freigabe:problem:";
    return type.starts_with(prefix) ? type.substr(prefix.size()) : std::string();
}

base::Result<std::vector<std::string>> read_sets(const model::Json& array) {
    std::vector<std::string> sets;
    for (const model::Json& item : array) {
        if (!item.is_string()) return bad();
        auto set = item.get<std::string>();
        if (set.empty() || set.size() > limits::set_bytes_max) return bad();
        sets.push_back(std::move(set));
    }
    return sets;
}

/// The hashes of the member "proof", one behind the other.
base::Result<base::Bytes> read_proof(model::JsonFields& fields) {
    base::Bytes proof;
    for (const model::Json& item : fields.array("proof", limits::log_proof_hashes_max)) {
        const auto* text = item.get_ptr<const std::string*>();
        const auto hash = text == nullptr ? std::nullopt : base::from_base64url(*text);
        if (!hash || hash->size() != 32) return bad();
        base::append(proof, *hash);
    }
    return proof;
}

}  // namespace

base::Result<Receipts> parse_receipts(std::string_view body) {
    TRY(json, model::parse_json(body, limits::http_body_bytes_max));
    if (!json.is_object()) return bad();
    model::JsonFields fields(json);
    TRY(receipts, read_sets(fields.array("receipts", receipts_max)));
    if (!fields.ok_with_others()) return bad();
    return std::move(receipts);
}

base::Result<Events> parse_events(std::string_view body, std::uint64_t after) {
    TRY(json, model::parse_json(body, limits::http_body_bytes_max));
    if (!json.is_object()) return bad();
    model::JsonFields fields(json);
    Events page;
    std::uint64_t last = after;
    for (const model::Json& item : fields.array("events", limits::events_page_max)) {
        if (!item.is_object()) return bad();
        model::JsonFields members(item);
        Event event{members.number("n", UINT64_MAX), members.text("set", limits::set_bytes_max)};
        // Numbers that do not rise would let a page come round for ever.
        if (!members.ok_with_others() || event.n <= last) return bad();
        last = event.n;
        page.events.push_back(std::move(event));
    }
    page.next = fields.number("next", UINT64_MAX);
    if (!fields.ok_with_others() || page.next < last) return bad();
    return page;
}

base::Result<Growth> parse_growth(std::string_view body) {
    TRY(json, model::parse_json(body, limits::http_body_bytes_max));
    if (!json.is_object()) return bad();
    model::JsonFields fields(json);
    Growth growth;
    growth.checkpoint = fields.lines("checkpoint", limits::checkpoint_bytes_max);
    TRY(proof, read_proof(fields));
    growth.proof = std::move(proof);
    if (!fields.ok_with_others()) return bad();
    return growth;
}

base::Result<std::vector<ChainStand>> parse_chains(std::string_view body) {
    TRY(json, model::parse_json(body, limits::http_body_bytes_max));
    if (!json.is_object()) return bad();
    model::JsonFields fields(json);
    std::vector<ChainStand> chains;
    std::uint32_t last = 0;
    for (const model::Json& item : fields.array("chains", limits::epochs_max)) {
        if (!item.is_object()) return bad();
        model::JsonFields members(item);
        ChainStand chain;
        chain.epoch = static_cast<std::uint32_t>(members.number("epoch", UINT32_MAX));
        chain.next_seq = members.number("next_seq", INT64_MAX);
        chain.head = members.text_or_empty("head", limits::chain_head_bytes_max);
        if (!members.ok_with_others() || chain.epoch <= last || chain.next_seq == 0) return bad();
        last = chain.epoch;
        chains.push_back(std::move(chain));
    }
    if (!fields.ok_with_others()) return bad();
    return chains;
}

base::Result<std::vector<Inclusion>> parse_inclusions(std::string_view body, std::uint64_t size) {
    TRY(json, model::parse_json(body, limits::http_body_bytes_max));
    if (!json.is_object()) return bad();
    model::JsonFields fields(json);
    std::vector<Inclusion> inclusions;
    for (const model::Json& item : fields.array("inclusions", limits::inclusion_indexes_max)) {
        if (!item.is_object()) return bad();
        model::JsonFields members(item);
        Inclusion inclusion{members.number("index", INT64_MAX), members.bytes("leaf", 32, 32), {}};
        TRY(proof, read_proof(members));
        inclusion.proof = std::move(proof);
        if (!members.ok_with_others() || inclusion.index >= size) return bad();
        inclusions.push_back(std::move(inclusion));
    }
    if (fields.number("size", INT64_MAX) != size || !fields.ok_with_others()) return bad();
    return inclusions;
}

base::Error error_of(const http::Response& response) {
    switch (response.status) {
        case 409:
            if (problem_type(response) == "fork") return {Errc::fork_detected, "backend", 409};
            return {Errc::sequence_gap, "backend", 409};
        case 413:
            return {Errc::message_too_large, "backend", 413};
        case 429:
        case 503:
            return {Errc::busy, "backend", response.status};
        default:
            return {Errc::http_status, "backend", response.status};
    }
}

std::optional<std::uint64_t> retry_after_ms_of(const http::Response& response) {
    const auto text = response.header("retry-after");
    const auto seconds = text ? http::parse_decimal(*text) : std::nullopt;
    if (!seconds) return std::nullopt;
    return std::min<std::uint64_t>(*seconds, limits::retry_after_ms_max / 1'000) * 1'000;
}

}  // namespace transport
