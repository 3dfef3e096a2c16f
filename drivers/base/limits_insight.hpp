// SPDX-License-Identifier: EUPL-1.2
// Bounds of an insight on its way between kiosk, syncd and backend (the protocol's own bounds:
// limits_exchange.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/limits_exchange.hpp"

namespace limits {

// A person stands before the screen: after ten seconds it says that nothing came. syncd gives up
// first, so that its reason arrives.
inline constexpr std::uint32_t insight_answer_ms_max = 10'000;
inline constexpr std::uint32_t insight_request_ms_max = 8'000;
static_assert(insight_request_ms_max < insight_answer_ms_max);
// Kiosk or syncd may have been started a moment ago: syncd looks for the socket every two seconds
// (limits::sign_reconnect_ms). Whether there is a line at all is known before.
inline constexpr std::uint32_t insight_connect_ms_max = 2'500;
// The largest sealed page; see limits_exchange.hpp for its arithmetic.
inline constexpr std::size_t insight_answer_bytes_max = 32'768;
// Pages for one question: 16,000 bytes hold about fifty rows, so two hundred rows are on the screen
// before anybody asks for older ones; far below the sixty pages a minute of a terminal.
inline constexpr unsigned insight_pages_max = 4;
static_assert(insight_pages_max * 4 <= insight_requests_max);

}  // namespace limits
