// SPDX-License-Identifier: EUPL-1.2
// What the backend's answers say, as values: bodies that keep their schema, and what a status that
// is none of the expected ones means. Pure, any thread; apart from the client, so that answers of a
// wrong or hostile backend can be tried without a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"

namespace transport {

/// Signed receipts as the backend wrote them; the kiosk verifies them, we only carry.
using Receipts = std::vector<std::string>;

struct Event {
    std::uint64_t n = 0;
    std::string set;
};
struct Events {
    std::vector<Event> events;  ///< rising n, at most limits::events_page_max
    std::uint64_t next = 0;     ///< to be given as `after` next time
};

/// The answer to a batch or to advance copies: {"receipts":[SET..],...}, at most one per record.
/// errors  message_bad.
base::Result<Receipts> parse_receipts(std::string_view body);
/// A page of the event list: {"events":[{"n","set"}..],"next"}. after: the number that was asked
/// with; every number must be larger and rise. errors: message_bad.
base::Result<Events> parse_events(std::string_view body, std::uint64_t after);

/// How the log has grown: the backend's signed checkpoint, and hashes that prove that the log of
/// the asked size is its beginning. Only carried; the kiosk verifies both.
struct Growth {
    std::string checkpoint;
    base::Bytes proof;  ///< 32 bytes a hash, at most 64 of them
};
/// {"checkpoint":text,"proof":[base64url,...]}. errors: message_bad.
base::Result<Growth> parse_growth(std::string_view body);

/// How a chain of ours stands at the backend; the head is signed by a journal key of ours.
struct ChainStand {
    std::uint32_t epoch = 0;
    std::uint64_t next_seq = 0;
    std::string head;  ///< compact JWS, at most limits::chain_head_bytes_max; empty = none
};
/// {"chains":[{"epoch","next_seq","head"}..]}, ascending epochs, at most limits::epochs_max.
/// errors  message_bad.
base::Result<std::vector<ChainStand>> parse_chains(std::string_view body);

/// What stands at a place of the log, and the proof of it. Only carried; the kiosk verifies.
struct Inclusion {
    std::uint64_t index = 0;
    base::Bytes leaf;   ///< 32 bytes
    base::Bytes proof;  ///< 32 bytes a hash, at most 64 of them
};
/// {"size","inclusions":[{"index","leaf","proof":[base64url,...]}..]}, at most
/// limits::inclusion_indexes_max, for a log of the asked size. errors: message_bad.
base::Result<std::vector<Inclusion>> parse_inclusions(std::string_view body, std::uint64_t size);

/// What a status other than the expected one means; see Backend for the list.
[[nodiscard]] base::Error error_of(const http::Response& response);
/// How long the backend asks us to stay away, at most limits::retry_after_ms_max. Only the form in
/// seconds counts: a date would tie our pace to two clocks that need not agree.
[[nodiscard]] std::optional<std::uint64_t> retry_after_ms_of(const http::Response& response);

}  // namespace transport
