// SPDX-License-Identifier: EUPL-1.2
// Pushes urgent changes to the webhooks of authorities, on a thread of its own with its own
// database connection: withdrawals, suspensions, objections and expiry, each as a SET. One request
// at a time and one TLS context per authority, so that nobody's session or connection serves
// another. Our client certificate is that of the server; the receiver's must be of the same CA and
// bear the configured host name, redirects are never followed. Norm: RFC 8935.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "drivers/base/handle.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/port/clock.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/authorities/webhooks.hpp"
#include "sync/backend/service/background.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/http/socket.hpp"

namespace backend {

class WebhookThread {
  public:
    struct Parts {
        std::unique_ptr<Store> store;
        const Directory& directory;
        port::Clock& clock;
        http::TlsMaterial material;  ///< used before the constructor returns
        Background& background;
    };
    /// errors  certificate_bad, key_bad, tls_failed, device_failed (no descriptor left).
    static base::Result<std::unique_ptr<WebhookThread>> start(Parts parts);
    ~WebhookThread();
    WebhookThread(const WebhookThread&) = delete;
    WebhookThread& operator=(const WebhookThread&) = delete;

  private:
    struct Receiver;
    explicit WebhookThread(Parts parts);
    base::Result<void> add_receivers(const Directory& directory, const http::TlsMaterial& material);
    void run(const std::stop_token& stop);
    /// Sends what this receiver waits for. returns  true if it took one.
    base::Result<bool> serve(Receiver& receiver);
    [[nodiscard]] std::uint64_t wait_ms(unsigned attempts, std::uint64_t asked_for_ms);
    [[nodiscard]] Holder holder() const { return {name_, clock_.wall_ms()}; }

    std::unique_ptr<Store> store_;
    port::Clock& clock_;
    Background& background_;
    crypto::SystemRandom random_;
    std::string name_;
    http::Socket cancel_;  ///< an eventfd, readable at the end: no request outlives it
    std::vector<std::unique_ptr<Receiver>> receivers_;
    std::jthread thread_;  // last: stops before everything it uses
};

}  // namespace backend
