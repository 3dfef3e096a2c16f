// SPDX-License-Identifier: EUPL-1.2
// The line between the process that holds the card and the one that holds the driver: length and
// bytes over a socket. Secrets are taken from it byte by byte, straight into their own type, so
// that no buffer keeps them. One thread each side.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"

namespace eid_test {

class Wire {
  public:
    explicit Wire(int descriptor) : descriptor_(descriptor) {}
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() { ::close(descriptor_); }

    void send(base::ByteView bytes) const {
        CHECK(bytes.size() <= 0xFFFF);
        base::Bytes message;
        base::append_u16(message, static_cast<std::uint16_t>(bytes.size()));
        base::append(message, bytes);
        CHECK(::send(descriptor_, message.data(), message.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(message.size()));
    }
    /// Empty once the other side is gone.
    [[nodiscard]] base::Bytes receive() const {
        std::uint8_t head[2] = {};
        if (!take(head)) return {};
        base::Bytes bytes(base::read_u16(head));
        if (!take(bytes)) return {};
        return bytes;
    }
    template <class Secret>
    [[nodiscard]] Secret receive_secret() const {
        std::uint8_t head[2] = {};
        CHECK(take(head));
        Secret secret;
        for (unsigned left = base::read_u16(head); left > 0; --left) {
            std::uint8_t byte[1] = {};
            CHECK(take(byte));
            CHECK(secret.push(byte[0]));
        }
        return secret;
    }

  private:
    [[nodiscard]] bool take(std::span<std::uint8_t> out) const {
        while (!out.empty()) {
            const ssize_t got = ::recv(descriptor_, out.data(), out.size(), 0);
            if (got <= 0) return false;
            out = out.subspan(static_cast<std::size_t>(got));
        }
        return true;
    }
    int descriptor_;
};

}  // namespace eid_test
