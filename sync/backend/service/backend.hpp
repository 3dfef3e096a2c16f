// SPDX-License-Identifier: EUPL-1.2
// The running backend: builds every part from the options, in the order of their lifetimes, and
// serves until it is told to stop. Two threads: the server with its own database connection, and,
// with the role views, the projector with another.
#pragma once

#include <memory>

#include "drivers/port/clock.hpp"
#include "sync/backend/service/options.hpp"

namespace backend {

class Backend {
  public:
    /// Reads keys, opens the database and listens. clock outlives it.
    /// errors  config_bad, file_io, key_bad, journal_*, certificate_bad, network_unreachable.
    static base::Result<std::unique_ptr<Backend>> start(const Options& options, port::Clock& clock);
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t plain_port() const;
    [[nodiscard]] std::uint16_t metrics_port() const;
    /// Serves until stop_fd is readable, then finishes what has begun and returns.
    void run(int stop_fd);

  private:
    struct State;
    explicit Backend(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace backend
