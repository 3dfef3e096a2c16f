// SPDX-License-Identifier: EUPL-1.2
// The HTTP server: one thread, one poll loop, bounded connections, a deadline on everything a peer
// can delay. One thread on purpose: the backend's work is one short database transaction per
// request, and a single writer needs no locks; more load means more instances. Handlers run on the
// thread that calls turn() or run(). Norms: RFC 9112; sync.md "HTTP".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "drivers/base/limits_http.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/http/message.hpp"
#include "sync/http/tls.hpp"

namespace http {

/// An answer that waits for something: asked every later_look_ms until it gives one. The connection
/// takes no further request meanwhile; if it ends first, the question is dropped. At most
/// http_message_ms_max, so it should give up earlier, with a response that says so.
using Later = std::function<std::optional<Response>()>;
/// An answer that is long work, made step by step on the server's thread until a step gives it:
/// one step of one answer after each turn in which everybody else had theirs. So whoever asks for
/// something short waits for one step, however much work is asked for; see work_order.hpp for whose
/// is next. A step should take no more than some 20 ms. At most http_message_ms_max, as with Later.
struct Work {
    std::function<std::optional<Response>()> step;
};
using Answer = std::variant<Response, Later, Work>;
/// An answer for a caller that cannot wait: work is done to its end. It must not be Later
/// (CHECKed).
[[nodiscard]] Response answer_now(Answer answer);

/// What a program answers with. Never throws; must not take long, since all connections wait
/// meanwhile.
class Handler {
  public:
    virtual ~Handler() = default;
    /// request  complete and checked; `peer` is the verified client on the TLS listener, nothing on
    /// the plain one.
    virtual Response handle(const Request& request) = 0;
    /// What the server calls: a handler whose answers may come later says so here.
    virtual Answer answer(const Request& request) { return handle(request); }
};

struct ListenAddress {
    std::string host = "127.0.0.1";  ///< numeric IPv4 or IPv6 address
    std::uint16_t port = 0;          ///< 0 = any free one, see Server::port
};

/// Where a server listens. The plain listeners serve what needs no identity: one what the public
/// may see (/healthz, the check page), one what the operator watches (/healthz, /metrics). Each has
/// a handler of its own, so that nothing else can slip onto it.
struct ServerOptions {
    ListenAddress tls_address;
    std::optional<ListenAddress> plain_address;
    std::optional<ListenAddress> metrics_address;
    /// Connections that have not shown a certificate (half-open handshakes, and the plain
    /// listener's between their requests): in all, and from one address (of IPv6 the first 64
    /// bits). One more takes the place of the oldest, so whoever opens and waits holds nothing up.
    std::size_t nameless_max = limits::http_nameless_max;
    std::size_t nameless_per_address_max = limits::http_nameless_per_address_max;
    /// Connections with one certificate (role and id). One more takes the place of its idle one, or
    /// is closed.
    std::size_t per_peer_max = limits::http_per_peer_max;
};

class Server {
  public:
    struct Parts {
        TlsContext& tls;                   ///< side server
        Handler& handler;                  ///< for the TLS listener
        Handler* plain_handler = nullptr;  ///< for the plain listener; null if there is none
        port::Clock& clock;
        Handler* metrics_handler = nullptr;  ///< for the metrics listener; null if there is none
    };
    /// Opens the sockets. All parts outlive the server. errors: network_unreachable (detail =
    /// errno).
    static base::Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Parts parts);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t plain_port() const;    ///< 0 if there is no plain listener
    [[nodiscard]] std::uint16_t metrics_port() const;  ///< 0 if there is no metrics listener
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
