// SPDX-License-Identifier: EUPL-1.2
// The kiosk's end of the second socket: the site's eID service, as far as the card thread can see
// it. Nobody serves it while no card lies there: a connecting syncd waits in the kernel until it is
// asked. A syncd that is stopped, slow or hostile costs a run its time limit and nothing else; what
// it answers is checked by keys::RemoteAuthenticator. Card thread.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "drivers/port/clock.hpp"
#include "drivers/port/signing_service.hpp"
#include "sync/outbox/sign_frame.hpp"
#include "sync/outbox/unix_socket.hpp"

namespace outbox {

class SigningSocket final : public port::SigningService {
  public:
    struct Options {
        std::string path;  ///< of the socket; an old socket file there is replaced
        uid_t peer_uid;    ///< the only user that may connect
    };
    /// clock outlives the socket. errors: file_io (detail = errno), config_bad (path too long).
    static base::Result<std::unique_ptr<SigningSocket>> open(const Options& options,
                                                             port::Clock& clock);

    /// errors (both)  network_unreachable (no syncd, or it went), network_timeout
    ///                (limits::sign_answer_ms_max), message_bad, and what syncd refused with.
    base::Result<std::vector<base::Bytes>> certificates() override;
    base::Result<base::Bytes> sign(std::string_view holder, base::ByteView message) override;

  private:
    SigningSocket(Socket listener, uid_t peer_uid, port::Clock& clock)
        : listener_(std::move(listener)), peer_uid_(peer_uid), clock_(clock) {}
    base::Result<SignAnswer> ask(const SignRequest& request);
    base::Result<SignAnswer> exchange(base::ByteView request, std::uint64_t deadline_ms);
    bool accept_newest();

    Socket listener_;
    uid_t peer_uid_;
    port::Clock& clock_;
    Socket socket_;
};

}  // namespace outbox
