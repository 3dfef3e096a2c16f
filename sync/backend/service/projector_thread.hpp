// SPDX-License-Identifier: EUPL-1.2
// The projector on a thread of its own, with its own database connection and random source, so that
// opening declarations never keeps a terminal waiting. Woken when the log grows, and once a second
// in case another instance wrote.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "drivers/crypto/random.hpp"
#include "sync/backend/service/terminal_routes.hpp"
#include "sync/backend/views/change_feed.hpp"
#include "sync/backend/views/projector.hpp"

namespace backend {

/// For instances without views: nobody follows the log here.
class NoListener final : public LogListener {
  public:
    void log_grew() override {}
};

class ProjectorThread final : public LogListener {
  public:
    struct Parts {
        std::unique_ptr<Store> store;
        std::span<const crypto::KeyPair> views_keys;
        const crypto::KeyPair& receipt_key;
        std::string issuer;
        const Directory& directory;
        port::Clock& clock;
    };
    explicit ProjectorThread(Parts parts);
    void log_grew() override;

  private:
    void run(const std::stop_token& stop);

    std::unique_ptr<Store> store_;
    crypto::SystemRandom random_;
    Opener opener_;
    ReceiptIssuer issuer_;
    Projector projector_;
    ChangeFeed feed_;
    std::mutex mutex_;
    std::condition_variable_any grew_;
    bool pending_ = true;
    std::jthread thread_;  // last: stops before everything it uses
};

}  // namespace backend
