// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/signing_socket.hpp"

#include <poll.h>

#include <utility>
#include <variant>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"

namespace outbox {
namespace {

using base::Errc;

/// Connections that may wait: the one of today and those of syncds that were restarted meanwhile.
constexpr int waiting_max = 8;

template <class Wanted>
base::Result<Wanted> expect(base::Result<SignAnswer> answer) {
    if (!answer) return tl::unexpected(answer.error());
    if (auto* wanted = std::get_if<Wanted>(&*answer)) return std::move(*wanted);
    if (const auto* refused = std::get_if<SignRefused>(&*answer)) {
        if (const auto code = base::errc_of(refused->errc))
            return base::fail(*code, "signer through syncd");
    }
    return base::fail(Errc::message_bad, "sign answer");
}

}  // namespace

base::Result<std::unique_ptr<SigningSocket>> SigningSocket::open(const Options& options,
                                                                 port::Clock& clock) {
    TRY(listener, listen_at(options.path));
    return std::unique_ptr<SigningSocket>(
        new SigningSocket(std::move(listener), options.peer_uid, clock));
}

/// True if a connection came: the newest is the syncd that runs now.
bool SigningSocket::accept_newest() {
    bool came = false;
    for (int i = 0; i < waiting_max; ++i) {
        Socket socket = accept_from(listener_.get());
        if (!socket.has_value()) break;
        const auto uid = peer_uid(socket.get());
        if (!uid || *uid != peer_uid_) {
            base::log_error({Errc::peer_not_allowed, "signer peer", 0});
            continue;
        }
        socket_ = std::move(socket);
        came = true;
    }
    return came;
}

base::Result<SignAnswer> SigningSocket::exchange(base::ByteView request,
                                                 std::uint64_t deadline_ms) {
    const Wait wait{clock_, deadline_ms};
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
        if (!input.empty()) return base::fail(Errc::message_bad, "bytes behind sign answer");
        return read_sign_answer(reader.take());
    }
}

base::Result<SignAnswer> SigningSocket::ask(const SignRequest& request) {
    const base::Bytes bytes = write_sign_request(request);
    const std::uint64_t deadline_ms = clock_.boot_ms() + limits::sign_answer_ms_max;
    accept_newest();
    if (!socket_.has_value()) return base::fail(Errc::network_unreachable, "no syncd to sign");
    auto answer = exchange(bytes, deadline_ms);
    if (answer) return answer;
    // Nobody knows what the next bytes would belong to.
    socket_.reset();
    // A syncd that was restarted since the last question waits behind the dead connection; to ask
    // it the same once more does no harm.
    if (answer.error().code != Errc::network_unreachable || !accept_newest()) return answer;
    answer = exchange(bytes, deadline_ms);
    if (!answer) socket_.reset();
    return answer;
}

base::Result<std::vector<base::Bytes>> SigningSocket::certificates() {
    TRY(answer, expect<Certificates>(ask(AskCertificates{})));
    return std::move(answer.der);
}

base::Result<base::Bytes> SigningSocket::sign(std::string_view holder, base::ByteView message) {
    TRY(answer, expect<Signature>(
                    ask(Sign{std::string(holder), base::Bytes(message.begin(), message.end())})));
    return std::move(answer.bytes);
}

}  // namespace outbox
