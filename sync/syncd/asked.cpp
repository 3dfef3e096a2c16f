// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/asked.hpp"

#include <poll.h>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/outbox/unix_socket.hpp"

namespace syncd {
namespace {

using base::Errc;

/// One connection, until it ends.
base::Result<void> serve_once(const Asked& asked, port::Clock& clock, int stop_fd) {
    TRY(socket, outbox::connect_to(asked.path));
    outbox::FrameReader reader(outbox::Towards::syncd);
    base::Bytes input;
    while (true) {
        TRY(received, outbox::receive_some(socket.get(), input));
        if (!received) {
            TRY_VOID(outbox::wait_for(socket.get(), POLLIN, {clock, UINT64_MAX, stop_fd}));
            continue;
        }
        while (!input.empty()) {
            TRY(used, reader.feed(input));
            input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(used));
            if (!reader.done()) break;
            TRY(answer, asked.answer(reader.take()));
            const std::uint64_t deadline_ms = clock.boot_ms() + asked.ms_max;
            TRY_VOID(outbox::send_all(socket.get(), answer, {clock, deadline_ms, stop_fd}));
        }
    }
}

}  // namespace

void serve_kiosk(const Asked& asked, port::Clock& clock, int stop_fd) {
    bool told = false;
    while (true) {
        const auto ended = serve_once(asked, clock, stop_fd);
        if (ended.error().code == Errc::cancelled) return;
        // A kiosk that is not there yet is no news every two seconds.
        const bool away = ended.error().code == Errc::network_unreachable;
        if (!away || !told) base::log_error(ended.error());
        told = away;
        pollfd stop{stop_fd, POLLIN, 0};
        if (::poll(&stop, 1, static_cast<int>(limits::sign_reconnect_ms)) > 0) return;
    }
}

}  // namespace syncd
