// SPDX-License-Identifier: EUPL-1.2
// The HTTP client: one origin, one kept connection, TLS only. Blocking with deadlines, since syncd
// does one thing at a time; a cancel descriptor ends any wait at once. Not for use from several
// threads. Norms: RFC 9112; sync.md "HTTP".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/http/message.hpp"
#include "sync/http/tls.hpp"

namespace http {

class ResponseParser;
struct Wait;

/// Scheme, host and port of the one server a client speaks to.
struct Origin {
    std::string host;
    std::uint16_t port = 443;
};
/// Reads "https://host[:port]" (nothing behind it but one optional slash). The host is a name, an
/// IPv4 address or an IPv6 address in brackets. Nothing if malformed or of another scheme.
[[nodiscard]] std::optional<Origin> parse_origin(std::string_view url);

/// What of a response the caller needs. With `status` a good head is enough: a body that is cut,
/// late or without an end is no failure, and one that only ends with the stream is not waited for.
enum class Wanted : std::uint8_t { message, status };

struct ClientOptions {
    Origin origin;
    /// Name that the server's certificate must bear; empty = origin.host.
    std::string server_name;
    /// Readable = give up with `cancelled`; -1 = none.
    int cancel_fd = -1;
    /// Longest time for one request with everything that belongs to it, milliseconds; the usual
    /// bounds of each part (limits.hpp) hold besides.
    std::uint32_t request_ms_max = UINT32_MAX;
    Wanted wanted = Wanted::message;
};

/// Whoever carries a request to the backend and its answer back.
class Exchange {
  public:
    virtual ~Exchange() = default;
    /// errors  see Client::send.
    virtual base::Result<Response> send(const Request& request) = 0;
};

class Client final : public Exchange {
  public:
    /// tls (side client) and clock outlive the client. Does not connect yet.
    Client(ClientOptions options, TlsContext& tls, port::Clock& clock);
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends one request and waits for its response. A kept connection that turns out to be closed
    /// is replaced once, so every request sent through this client must be idempotent (all of ours
    /// are). returns  any well-formed response, whatever its status. errors   network_unreachable,
    /// network_timeout, tls_failed, tls_peer_refused, http_bad, message_too_large, cancelled.
    base::Result<Response> send(const Request& request) override;
    /// Closes the kept connection, if any; the TLS session stays for resumption.
    void disconnect();
    /// For the log and the demo's report: "TLSv1.2 TLS-ECDHE-ECDSA-WITH-..."; empty if not
    /// connected.
    [[nodiscard]] std::string tls_description() const;
    /// True if the present connection resumed an earlier session.
    [[nodiscard]] bool resumed() const;

  private:
    struct Connection;
    base::Result<Response> send_until(const std::string& message, std::uint64_t end_ms);
    base::Result<void> connect(std::uint64_t end_ms);
    base::Result<Response> exchange(const std::string& message, std::uint64_t end_ms);
    base::Result<void> receive(ResponseParser& parser, const Wait& wait);
    [[nodiscard]] std::uint64_t deadline(std::uint32_t ms_max, std::uint64_t end_ms) const;

    ClientOptions options_;
    TlsContext& tls_;
    port::Clock& clock_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace http
