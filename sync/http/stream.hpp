// SPDX-License-Identifier: EUPL-1.2
// A non-blocking byte stream over a socket, plain or TLS, so that the connection code is written
// once. One thread. The caller polls for what a call asked for and calls again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"
#include "sync/http/socket.hpp"
#include "sync/http/tls.hpp"

namespace http {

/// What a call on a stream came to: it moved bytes (or finished), must be repeated when the socket
/// is readable or writable, or the peer has ended the stream.
enum class Io : std::uint8_t { progress, want_read, want_write, ended };
struct Moved {
    Io io = Io::progress;
    std::size_t bytes = 0;
};

class Stream {
  public:
    virtual ~Stream() = default;
    [[nodiscard]] virtual int fd() const = 0;
    /// Repeated until it gives `progress`. errors: tls_failed, tls_peer_refused (detail = mbedTLS
    /// code or flags).
    virtual base::Result<Io> handshake() = 0;
    /// errors: network_unreachable (the connection broke; detail = errno), tls_failed.
    virtual base::Result<Moved> read(std::span<std::uint8_t> into) = 0;
    /// After want_*, the next write must begin with the same bytes at the same place (mbedTLS keeps
    /// the record).
    virtual base::Result<Moved> write(base::ByteView bytes) = 0;
    /// True if read() would give bytes although the socket is not readable.
    [[nodiscard]] virtual bool holds_bytes() const = 0;
    /// Says goodbye once, without waiting.
    virtual void end() = 0;
    /// The verified peer after the handshake; nothing on a plain stream.
    [[nodiscard]] virtual std::optional<Peer> peer() const = 0;
};

/// A stream without TLS; its handshake is done at once.
[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);
/// The server's end of a TLS connection. errors: tls_failed.
base::Result<std::unique_ptr<Stream>> make_tls_server_stream(Socket socket, TlsContext& context);

/// The client's end adds the check of the server's name and resumption.
class TlsClientStream : public Stream {
  public:
    /// Remembers this connection's session in the context for the next connection.
    virtual void keep_session() = 0;
    [[nodiscard]] virtual bool resumed() const = 0;
    [[nodiscard]] virtual std::string description() const = 0;
};
/// server_name   what the server's certificate must be issued for. errors: tls_failed.
base::Result<std::unique_ptr<TlsClientStream>> make_tls_client_stream(
    Socket socket, TlsContext& context, const std::string& server_name);

}  // namespace http
