// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/signing_socket.hpp"

#include <utility>
#include <variant>

#include "drivers/base/limits.hpp"

namespace outbox {
namespace {

using base::Errc;

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
    TRY(socket, AskingSocket::open(options, clock));
    return std::unique_ptr<SigningSocket>(new SigningSocket(std::move(socket)));
}

base::Result<SignAnswer> SigningSocket::ask(const SignRequest& request) {
    TRY(frame, socket_.ask(write_sign_request(request), {limits::sign_answer_ms_max}));
    return read_sign_answer(frame);
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
