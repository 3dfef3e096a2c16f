// SPDX-License-Identifier: EUPL-1.2
// A line that breaks: a TCP proxy that cuts its n-th connection after so many bytes, in the
// direction and in the way that its seed says. Real sockets, a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>

#include "sync/http/socket.hpp"

namespace test {

class FaultProxy {
  public:
    struct Options {
        std::uint16_t target_port;
        std::uint32_t seed;
        unsigned faulty_connections;  ///< the first so many are cut, all later ones are whole
        std::uint32_t cut_after_max;  ///< bytes; each cut lies below
    };
    explicit FaultProxy(const Options& options);
    ~FaultProxy();
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return http::bound_port(listener_.get()); }
    [[nodiscard]] unsigned cuts() const { return cuts_; }

  private:
    void run();
    void serve(http::Socket client);

    Options options_;
    std::mt19937 random_;
    http::Socket listener_;
    unsigned connections_ = 0;
    std::atomic<unsigned> cuts_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace test
