// SPDX-License-Identifier: EUPL-1.2
// Non-blocking TCP sockets: listen, accept, connect with a deadline. The only file here that knows
// addresses. Any thread; a Socket has one owner.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"

namespace http {

/// Close errors are not looked at: the descriptor is gone either way and nothing durable hangs on
/// it.
inline void close_socket(int fd) {
    (void)::close(fd);
}
// A named function and not a lambda: a lambda here would give the type another identity in each
// source file.
using Socket = base::Handle<int, close_socket>;

/// Opens a listening socket on a numeric address. errors: network_unreachable (detail = errno).
base::Result<Socket> listen_on(const std::string& host, std::uint16_t port);
/// The port a socket is bound to; 0 if it is not.
[[nodiscard]] std::uint16_t bound_port(int fd);
/// The address of the other end as text without its port; of IPv6 the first 64 bits, since a
/// customer has all addresses below them. "" if there is none any more.
[[nodiscard]] std::string peer_address(int fd);
/// Takes a waiting connection; an empty Socket if there is none (or the peer has gone again).
[[nodiscard]] Socket accept_from(int listener);

/// Until when a wait may last, and what ends it early.
struct Wait {
    port::Clock& clock;
    std::uint64_t deadline_ms = 0;  ///< on the boot clock
    int cancel_fd = -1;             ///< readable = stop; -1 = none
};
/// Waits for poll events on `fd`. errors: network_timeout, cancelled, network_unreachable (errno).
base::Result<void> wait_for(int fd, short events, const Wait& wait);
/// Connects to the first address of the name that answers. The name lookup itself is the system's
/// and may take its own time. errors: network_unreachable (detail = errno), network_timeout,
/// cancelled.
base::Result<Socket> connect_to(const std::string& host, std::uint16_t port, const Wait& wait);

}  // namespace http
