// SPDX-License-Identifier: EUPL-1.2
// syncd's second task: a kiosk whose terminal key is at the site's eID service asks here for
// certificates and signatures, while a card lies on its reader. A thread of its own (asked.hpp);
// owns nothing that another thread uses; every wait ends when the stop descriptor is readable.
#pragma once

#include <string>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/signing_service.hpp"
#include "sync/outbox/sign_frame.hpp"

namespace syncd {

class Signer {
  public:
    /// kiosk_socket_path  the kiosk's socket for signatures; service and clock outlive the signer.
    Signer(std::string kiosk_socket_path, port::SigningService& service, port::Clock& clock)
        : path_(std::move(kiosk_socket_path)), service_(service), clock_(clock) {}

    /// Connects to the kiosk, again and again, and answers it until `stop_fd` is readable.
    void run(int stop_fd);

  private:
    [[nodiscard]] outbox::SignAnswer answer(const outbox::SignRequest& request);

    std::string path_;
    port::SigningService& service_;
    port::Clock& clock_;
};

}  // namespace syncd
