// SPDX-License-Identifier: EUPL-1.2
// The frames of what comes down, apart from frame.cpp for their size only: payloads to and from
// typed messages, and how long each may be. Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "drivers/base/limits_downstream.hpp"
#include "sync/outbox/frame.hpp"

namespace outbox {

inline constexpr std::size_t offer_bytes_max = 1 + limits::manifest_file_bytes_max;
inline constexpr std::size_t piece_head_bytes = 32 + 8;
inline constexpr std::size_t piece_payload_bytes_max =
    piece_head_bytes + limits::downstream_piece_bytes_max;
inline constexpr std::size_t state_head_bytes = 8 + 8;
inline constexpr std::size_t missing_bytes = 32 + 8 + 8;
inline constexpr std::size_t state_bytes_max =
    state_head_bytes + missing_bytes * limits::downstream_wanted_max;

[[nodiscard]] base::Bytes write_offer(const OfferFile& offer);
[[nodiscard]] base::Bytes write_piece(const StorePiece& piece);
[[nodiscard]] base::Bytes write_state(const DownstreamState& state);
/// A frame of one of the three requests. errors: message_bad.
base::Result<Request> read_downstream(const Frame& frame);
/// errors  message_bad.
base::Result<Answer> read_state(base::ByteView payload);

}  // namespace outbox
