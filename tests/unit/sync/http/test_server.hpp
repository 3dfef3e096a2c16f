// SPDX-License-Identifier: EUPL-1.2
// A server in a thread of its own, clocks that a test moves, and a raw socket client for bytes that
// no honest client sends. Sockets are real (loopback, ports chosen by the system); time is the
// test's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "drivers/port/clock.hpp"
#include "sync/http/server.hpp"
#include "sync/http/socket.hpp"

namespace test {

/// Moves only when told; wall and boot together. Any thread.
class ManualClock final : public port::Clock {
  public:
    explicit ManualClock(std::uint64_t wall_ms) : wall_ms_(wall_ms) {}
    [[nodiscard]] std::uint64_t wall_ms() const override { return wall_ms_ + passed_ms_; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return 1'000 + passed_ms_; }
    void pass(std::uint64_t ms) { passed_ms_ += ms; }

  private:
    std::uint64_t wall_ms_;
    std::atomic<std::uint64_t> passed_ms_{0};
};

/// The steady clock, for deadlines that must really pass.
class SteadyClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override;
    [[nodiscard]] std::uint64_t boot_ms() const override;
};

/// Answers with what a function says.
class FunctionHandler final : public http::Handler {
  public:
    using Function = std::function<http::Response(const http::Request&)>;
    explicit FunctionHandler(Function function) : function_(std::move(function)) {}
    http::Response handle(const http::Request& request) override { return function_(request); }

  private:
    Function function_;
};

/// Turns a server until it dies. The server's handlers run on this thread.
class ServerThread {
  public:
    explicit ServerThread(http::Server& server);
    ~ServerThread() { stop(); }
    /// Asks run() to drain and waits for it.
    void stop();

  private:
    http::Socket stop_fd_;
    std::thread thread_;
};

/// A blocking connection to a port of this machine.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port);
    void send(const std::string& bytes);
    /// Reads until the peer ends the stream, at most a few seconds.
    [[nodiscard]] std::string read_all();
    /// Reads until `mark` has come or the stream ends.
    [[nodiscard]] std::string read_until(const std::string& mark);
    [[nodiscard]] int fd() const { return socket_.get(); }
    void close() { socket_.reset(); }

  private:
    http::Socket socket_;
};

}  // namespace test
