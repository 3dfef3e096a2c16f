// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/asking_socket.hpp"

#include <poll.h>

#include <algorithm>

#include "drivers/base/limits_outbox.hpp"
#include "drivers/base/log.hpp"

namespace outbox {
namespace {

using base::Errc;

/// The kernel lets one more wait than it was told.
constexpr int accepted_max = limits::socket_waiting_max + 1;

}  // namespace

base::Result<AskingSocket> AskingSocket::open(const Options& options, port::Clock& clock) {
    TRY(listener, listen_at(options.path));
    return AskingSocket(std::move(listener), options.peer_uid, clock);
}

/// True if a connection came: the newest is the syncd that runs now, unless so many of dead ones
/// waited that it was turned away.
bool AskingSocket::accept_newest() {
    bool came = false;
    crowded_ = true;
    for (int i = 0; i < accepted_max; ++i) {
        Socket socket = accept_from(listener_.get());
        if (!socket.has_value()) {
            crowded_ = false;
            break;
        }
        const auto uid = peer_uid(socket.get());
        if (!uid || *uid != peer_uid_) {
            base::log_error({Errc::peer_not_allowed, "asking socket peer", 0});
            continue;
        }
        socket_ = std::move(socket);
        came = true;
    }
    return came;
}

/// The same, but gives a syncd that has just been started, or a kiosk that has, a moment.
base::Result<void> AskingSocket::await_newest(const Patience& patience) {
    if (accept_newest()) return {};
    const auto nobody = base::fail(Errc::network_unreachable, "no syncd to ask");
    if (patience.connect_ms_max == 0) return nobody;
    const std::uint64_t deadline_ms = clock_->boot_ms() + patience.connect_ms_max;
    const auto came = wait_for(listener_.get(), POLLIN, {*clock_, deadline_ms, patience.cancel_fd});
    if (!came && came.error().code == Errc::cancelled) return came;
    if (!came || !accept_newest()) return nobody;
    return {};
}

base::Result<Frame> AskingSocket::exchange(base::ByteView request, const Wait& wait) {
    TRY_VOID(send_all(socket_.get(), request, wait));
    FrameReader reader(Towards::kiosk);
    base::Bytes input;
    while (true) {
        TRY(received, receive_some(socket_.get(), input));
        if (!received) {
            TRY_VOID(wait_for(socket_.get(), POLLIN, wait));
            continue;
        }
        TRY(used, reader.feed(input));
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(used));
        if (!reader.done()) continue;
        if (!input.empty()) return base::fail(Errc::message_bad, "bytes behind an answer");
        return reader.take();
    }
}

base::Result<Frame> AskingSocket::ask(base::ByteView request, const Patience& patience) {
    accept_newest();
    if (!socket_.has_value()) TRY_VOID(await_newest(patience));
    const Wait wait{*clock_, clock_->boot_ms() + patience.ms_max, patience.cancel_fd};
    auto answer = exchange(request, wait);
    if (answer) return answer;
    // Nobody knows what the next bytes would belong to.
    socket_.reset();
    // A syncd that was restarted since the last question waits behind the dead connection, or will
    // try again soon; to ask it the same once more does no harm.
    if (answer.error().code != Errc::network_unreachable) return answer;
    Patience rest = patience;
    if (crowded_) rest.connect_ms_max = std::max(rest.connect_ms_max, limits::turned_away_ms_max);
    TRY_VOID(await_newest(rest));
    answer = exchange(request, wait);
    if (!answer) socket_.reset();
    return answer;
}

}  // namespace outbox
