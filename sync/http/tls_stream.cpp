// SPDX-License-Identifier: EUPL-1.2
// One TLS connection over a non-blocking socket. mbedTLS's own net_sockets is not used: it cannot
// keep SIGPIPE away.
#include <sys/socket.h>

#include <cerrno>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/http/grammar.hpp"
#include "sync/http/stream.hpp"
#include "sync/http/tls_state.hpp"

namespace http {
namespace {

using base::Errc;

int send_some(void* data, const unsigned char* bytes, std::size_t size) {
    const auto& socket = *static_cast<const Socket*>(data);
    const auto sent = ::send(socket.get(), bytes, size, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<int>(sent);
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
}

int receive_some(void* data, unsigned char* bytes, std::size_t size) {
    const auto& socket = *static_cast<const Socket*>(data);
    const auto got = ::recv(socket.get(), bytes, size, 0);
    if (got >= 0) return static_cast<int>(got);
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_CONN_EOF;
}

/// The single value of an attribute of the subject; nothing if it is absent, stands twice or is not
/// printable.
std::optional<std::string> subject_value(const mbedtls_x509_crt& certificate,
                                         std::string_view oid) {
    std::optional<std::string> found;
    for (const mbedtls_x509_name* name = &certificate.subject; name != nullptr; name = name->next) {
        if (name->oid.p == nullptr || base::as_text({name->oid.p, name->oid.len}) != oid) continue;
        if (found) return std::nullopt;
        found.emplace(base::as_text({name->val.p, name->val.len}));
    }
    if (!found || found->empty() || !is_field_value(*found)) return std::nullopt;
    return found;
}

/// Commercial readers agree on these two DER object identifiers (X.520 6.2.2 and 6.4.2).
constexpr std::string_view oid_common_name = "\x55\x04\x03";
constexpr std::string_view oid_organisational_unit = "\x55\x04\x0B";

bool is_certificate_refusal(int status) {
    return status == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED || status == MBEDTLS_ERR_X509_FATAL_ERROR
#if MBEDTLS_VERSION_MAJOR >= 3
           || status == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE ||
           status == MBEDTLS_ERR_SSL_BAD_CERTIFICATE
#else
           || status == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE ||
           status == MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE
#endif
        ;
}

class TlsStream final : public TlsClientStream {
  public:
    TlsStream(Socket socket, TlsContext::State& state)
        : state_(state), socket_(std::move(socket)) {}

    base::Result<void> set_up(const char* server_name) {
        int status = mbedtls_ssl_setup(ssl_.get(), state_.config.get());
        if (status == 0 && server_name != nullptr)
            status = mbedtls_ssl_set_hostname(ssl_.get(), server_name);
        if (status != 0) return failed("tls setup", status);
        mbedtls_ssl_set_verify(ssl_.get(), verify, this);
        mbedtls_ssl_set_bio(ssl_.get(), &socket_, send_some, receive_some, nullptr);
        if (state_.session_kept) {
            // A session that no longer fits is simply not resumed: the full handshake follows.
            (void)mbedtls_ssl_set_session(ssl_.get(), state_.session.get());
        }
        return {};
    }

    [[nodiscard]] int fd() const override { return socket_.get(); }

    base::Result<Io> handshake() override {
        const int status = mbedtls_ssl_handshake(ssl_.get());
        if (status == MBEDTLS_ERR_SSL_WANT_READ) return Io::want_read;
        if (status == MBEDTLS_ERR_SSL_WANT_WRITE) return Io::want_write;
        if (status != 0) return refused(status);
        TRY_VOID(check_peer());
        return Io::progress;
    }

    base::Result<Moved> read(std::span<std::uint8_t> into) override {
        const int status = mbedtls_ssl_read(ssl_.get(), into.data(), into.size());
        if (status > 0) return Moved{Io::progress, static_cast<std::size_t>(status)};
        return stopped(status, "tls read");
    }

    base::Result<Moved> write(base::ByteView bytes) override {
        const int status = mbedtls_ssl_write(ssl_.get(), bytes.data(), bytes.size());
        if (status >= 0) return Moved{Io::progress, static_cast<std::size_t>(status)};
        return stopped(status, "tls write");
    }

    [[nodiscard]] bool holds_bytes() const override {
        return mbedtls_ssl_check_pending(ssl_.get()) != 0;
    }

    void end() override {
        // Best effort: our messages are framed, so nobody needs this alert to tell a whole one.
        (void)mbedtls_ssl_close_notify(ssl_.get());
        (void)::shutdown(socket_.get(), SHUT_WR);
    }

    [[nodiscard]] std::optional<Peer> peer() const override { return peer_; }

    void keep_session() override {
        state_.session_kept = false;
        mbedtls_ssl_session_free(state_.session.get());
        mbedtls_ssl_session_init(state_.session.get());
        state_.session_kept = mbedtls_ssl_get_session(ssl_.get(), state_.session.get()) == 0;
    }

    /// A resumed handshake shows no certificate, so nothing was verified.
    [[nodiscard]] bool resumed() const override { return certificates_seen_ == 0; }

    [[nodiscard]] std::string description() const override {
        return std::string(mbedtls_ssl_get_version(ssl_.get())) + " " +
               mbedtls_ssl_get_ciphersuite(ssl_.get());
    }

  private:
    /// Called by mbedTLS for each certificate of the chain. It replaces mbedTLS's look at the wall
    /// clock by ours and leaves every other finding as it is.
    static int verify(void* data, mbedtls_x509_crt* certificate, int /*depth*/,
                      std::uint32_t* flags) {
        auto& self = *static_cast<TlsStream*>(data);
        constexpr std::uint32_t by_wall_clock =
            MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;
        *flags = (*flags & ~by_wall_clock) | date_flags(*certificate, self.state_.window());
        ++self.certificates_seen_;
        return 0;
    }

    static base::Result<void> failed(const char* where, int status) {
        return base::fail(Errc::tls_failed, where, static_cast<std::uint32_t>(-status));
    }

    base::Result<Io> refused(int status) const {
        // A TLS alert and a cut connection look alike from outside; both are tls_failed.
        if (!is_certificate_refusal(status))
            return base::fail(Errc::tls_failed, "tls handshake",
                              static_cast<std::uint32_t>(-status));
        return base::fail(Errc::tls_peer_refused, "tls certificate",
                          mbedtls_ssl_get_verify_result(ssl_.get()));
    }

    base::Result<Moved> stopped(int status, const char* where) const {
        if (status == MBEDTLS_ERR_SSL_WANT_READ) return Moved{Io::want_read, 0};
        if (status == MBEDTLS_ERR_SSL_WANT_WRITE) return Moved{Io::want_write, 0};
#if MBEDTLS_VERSION_MAJOR >= 3
        // TLS 1.3 sends its tickets after the handshake; that is no data and no failure.
        if (status == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) return Moved{Io::want_read, 0};
#endif
        if (status == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return Moved{Io::ended, 0};
        // mbedtls_ssl_read gives 0 for a stream that ended without close_notify: a cut line, which
        // must not pass for the end of a message (RFC 9112 9.8).
        if (status == 0 || status == MBEDTLS_ERR_SSL_CONN_EOF)
            return base::fail(Errc::network_unreachable, where, ECONNRESET);
        return base::fail(Errc::tls_failed, where, static_cast<std::uint32_t>(-status));
    }

    /// Runs after full and resumed handshakes alike: a resumed one verifies no certificate, so that
    /// without this an expired peer could live on its session.
    base::Result<void> check_peer() {
        const mbedtls_x509_crt* certificate = mbedtls_ssl_get_peer_cert(ssl_.get());
        if (certificate == nullptr) return base::fail(Errc::tls_peer_refused, "tls no certificate");
        const std::uint32_t flags = date_flags(*certificate, state_.window());
        if (flags != 0) return base::fail(Errc::tls_peer_refused, "tls certificate dates", flags);
        auto unit = subject_value(*certificate, oid_organisational_unit);
        auto common_name = subject_value(*certificate, oid_common_name);
        // Only clients are told apart by role and id; a server is known by the name it was checked
        // against.
        if (state_.side == TlsSide::server && (!unit || !common_name))
            return base::fail(Errc::tls_peer_refused, "tls subject");
        peer_ = Peer{unit.value_or(""), common_name.value_or("")};
        return {};
    }

    TlsContext::State& state_;
    Socket socket_;
    Ssl ssl_;  // after the socket that it sends through
    std::optional<Peer> peer_;
    int certificates_seen_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Stream>> make_tls_server_stream(Socket socket, TlsContext& context) {
    CHECK(context.state().side == TlsSide::server);
    auto stream = std::make_unique<TlsStream>(std::move(socket), context.state());
    TRY_VOID(stream->set_up(nullptr));
    return stream;
}

base::Result<std::unique_ptr<TlsClientStream>> make_tls_client_stream(
    Socket socket, TlsContext& context, const std::string& server_name) {
    CHECK(context.state().side != TlsSide::server);
    auto stream = std::make_unique<TlsStream>(std::move(socket), context.state());
    TRY_VOID(stream->set_up(server_name.c_str()));
    return stream;
}

}  // namespace http
