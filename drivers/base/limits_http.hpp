// SPDX-License-Identifier: EUPL-1.2
// Bounds of the HTTP server's listener and of its client. Apart from limits.hpp so that a change
// here rebuilds only what speaks HTTP.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/limits.hpp"

namespace limits {

// Who has shown no certificate holds at most half of the places, and one address half of those. A
// handshake takes 5 ms, so 64 at once are more than a second of work for the server: more than any
// office behind one router asks for. Half-open ones that are kept open on purpose leave 128 places
// to terminals and authorities.
inline constexpr std::size_t http_nameless_max = http_connections_max / 2;
inline constexpr std::size_t http_nameless_per_address_max = http_nameless_max / 2;
// An authority's case workers share its certificate, and a browser opens six connections: ten of
// them at once. A terminal uses two.
inline constexpr std::size_t http_per_peer_max = http_connections_max / 4;
// How often an answer that waits is asked for.
inline constexpr std::uint32_t later_look_ms = 10;
// Interim answers (1xx) that the client reads before the final one. Servers send one or two.
inline constexpr unsigned http_interim_max = 8;

}  // namespace limits
