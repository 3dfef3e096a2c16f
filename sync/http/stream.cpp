// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/stream.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace http {
namespace {

class PlainStream final : public Stream {
  public:
    explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

    [[nodiscard]] int fd() const override { return socket_.get(); }
    base::Result<Io> handshake() override { return Io::progress; }

    base::Result<Moved> read(std::span<std::uint8_t> into) override {
        const auto got = ::recv(socket_.get(), into.data(), into.size(), 0);
        if (got > 0) return Moved{Io::progress, static_cast<std::size_t>(got)};
        if (got == 0) return Moved{Io::ended, 0};
        return stopped(Io::want_read);
    }

    base::Result<Moved> write(base::ByteView bytes) override {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) return Moved{Io::progress, static_cast<std::size_t>(sent)};
        return stopped(Io::want_write);
    }

    [[nodiscard]] bool holds_bytes() const override { return false; }

    void end() override {
        // The peer may have gone already; then there is nobody to tell.
        (void)::shutdown(socket_.get(), SHUT_WR);
    }

    [[nodiscard]] std::optional<Peer> peer() const override { return std::nullopt; }

  private:
    static base::Result<Moved> stopped(Io wanted) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return Moved{wanted, 0};
        return base::fail(base::Errc::network_unreachable, "http socket",
                          static_cast<std::uint32_t>(errno));
    }

    Socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
    return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace http
