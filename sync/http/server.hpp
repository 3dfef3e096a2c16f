// SPDX-License-Identifier: EUPL-1.2
// The HTTP server: one thread, one poll loop, bounded connections, a deadline on everything a peer
// can delay. One thread on purpose: the backend's work is one short database transaction per
// request, and a single writer needs no locks; more load means more instances. Handlers run on the
// thread that calls turn() or run(). Norms: RFC 9112; sync.md "HTTP".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/http/message.hpp"
#include "sync/http/tls.hpp"

namespace http {

/// What a program answers with. Never throws; must not take long, since all connections wait
/// meanwhile.
class Handler {
  public:
    virtual ~Handler() = default;
    /// request  complete and checked; `peer` is the verified client on the TLS listener, nothing on
    /// the plain one.
    virtual Response handle(const Request& request) = 0;
};

struct ListenAddress {
    std::string host = "127.0.0.1";  ///< numeric IPv4 or IPv6 address
    std::uint16_t port = 0;          ///< 0 = any free one, see Server::port
};

/// Where a server listens. The plain listener serves what needs no identity (/healthz, /metrics,
/// the check page); it has a handler of its own, so that nothing else can slip onto it.
struct ServerOptions {
    ListenAddress tls_address;
    std::optional<ListenAddress> plain_address;
};

class Server {
  public:
    struct Parts {
        TlsContext& tls;         ///< side server
        Handler& handler;        ///< for the TLS listener
        Handler* plain_handler;  ///< for the plain listener; null if there is none
        port::Clock& clock;
    };
    /// Opens the sockets. All parts outlive the server. errors: network_unreachable (detail =
    /// errno).
    static base::Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Parts parts);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t plain_port() const;  ///< 0 if there is no plain listener
    [[nodiscard]] std::size_t connections() const;

    /// Waits at most `wait_ms` for something to do and does it, once around. Also returns when
    /// `wake_fd`
    /// (-1 = none) is readable; the caller reads it.
    void turn(int wait_ms, int wake_fd = -1);
    /// Stops listening, finishes the requests that have begun (bounded by limits), closes
    /// everything.
    void drain();
    /// turn() until `stop_fd` (a signalfd, eventfd or pipe) is readable, then drain().
    void run(int stop_fd);

  private:
    class Loop;
    explicit Server(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace http
