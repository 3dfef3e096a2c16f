// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of the second socket: the site's eID service, as far as the card thread can see
// it. What it answers is checked by keys::RemoteAuthenticator. Card thread.
#pragma once

#include <memory>

#include "drivers/port/signing_service.hpp"
#include "sync/outbox/asking_socket.hpp"
#include "sync/outbox/sign_frame.hpp"

namespace outbox {

class SigningSocket final : public port::SigningService {
  public:
    using Options = AskingSocket::Options;
    /// clock outlives the socket. errors: file_io (detail = errno), config_bad (path too long).
    static base::Result<std::unique_ptr<SigningSocket>> open(const Options& options,
                                                             port::Clock& clock);

    /// errors (both)  network_unreachable (no syncd, or it went), network_timeout
    ///                (limits::sign_answer_ms_max), message_bad, and what syncd refused with.
    base::Result<std::vector<base::Bytes>> certificates() override;
    base::Result<base::Bytes> sign(std::string_view holder, base::ByteView message) override;

  private:
    explicit SigningSocket(AskingSocket socket) : socket_(std::move(socket)) {}
    base::Result<SignAnswer> ask(const SignRequest& request);

    AskingSocket socket_;
};

}  // namespace outbox
