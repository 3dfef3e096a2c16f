// SPDX-License-Identifier: EUPL-1.2
// Unix stream sockets, non-blocking. Apart from http/socket because the kiosk links this and must
// not link anything that can open a network connection. Any thread.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/base/bytes.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"

namespace outbox {

/// Nothing durable hangs on a socket, so close errors are not looked at.
inline void close_socket(int fd) {
    (void)::close(fd);
}
using Socket = base::Handle<int, close_socket>;

/// Listens at `path` with mode 0660; replaces a socket that is there, but no other file.
/// errors  config_bad (path too long for a socket), file_io (detail = errno).
base::Result<Socket> listen_at(const std::string& path);
/// Takes a waiting connection; empty if there is none.
[[nodiscard]] Socket accept_from(int listener);
/// The user of the process at the other end, as the kernel says.
[[nodiscard]] std::optional<uid_t> peer_uid(int fd);
/// errors  config_bad, network_unreachable (detail = errno).
base::Result<Socket> connect_to(const std::string& path);

/// Until when a wait may last, and what ends it early.
struct Wait {
    port::Clock& clock;
    std::uint64_t deadline_ms = 0;  ///< on the boot clock
    int cancel_fd = -1;             ///< readable = stop; -1 = none
};
/// Waits for poll events on `fd`. errors: network_timeout, cancelled, network_unreachable (errno).
base::Result<void> wait_for(int fd, short events, const Wait& wait);
/// Sends all of `bytes`. errors: as wait_for; network_unreachable (the peer has gone).
base::Result<void> send_all(int fd, base::ByteView bytes, const Wait& wait);
/// Appends what has come to `input`, without waiting. returns false if nothing is there yet.
/// errors  network_unreachable (the peer has gone).
base::Result<bool> receive_some(int fd, base::Bytes& input);

}  // namespace outbox
