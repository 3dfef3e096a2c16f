// SPDX-License-Identifier: EUPL-1.2
// The wire to a virtual reader: see transport_vpcd.hpp.
#include "tests/card/transport_vpcd.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace card {
namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const std::string service = std::to_string(port);
    if (::getaddrinfo(host.c_str(), service.c_str(), &hints, &list) != 0) return nullptr;
    return Addresses(list);
}

void set_option(int descriptor, int option) {
    const int on = 1;
    // Only a matter of speed: a kernel without the option is slower, nothing else.
    (void)::setsockopt(descriptor, IPPROTO_TCP, option, &on, sizeof on);
}

}  // namespace

bool VpcdConnection::open(const std::string& host, std::uint16_t port) {
    close();
    const Addresses addresses = resolve(host, port);
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
        const int descriptor =
            ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
        if (descriptor < 0) continue;
        if (::connect(descriptor, one->ai_addr, one->ai_addrlen) == 0) {
            set_option(descriptor, TCP_NODELAY);
            socket_ = descriptor;
            return true;
        }
        ::close(descriptor);
    }
    return false;
}

void VpcdConnection::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

// vpcd sends length and payload in two pieces. Without an immediate acknowledgement of the first
// the second one waits 40 ms; the kernel forgets the option, so it is set around each recv.
bool VpcdConnection::receive_exactly(std::span<std::uint8_t> buffer) {
    std::size_t got = 0;
    while (got < buffer.size()) {
        set_option(socket_, TCP_QUICKACK);
        const ssize_t count = ::recv(socket_, buffer.data() + got, buffer.size() - got, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        got += static_cast<std::size_t>(count);
    }
    set_option(socket_, TCP_QUICKACK);
    return true;
}

VpcdConnection::Message VpcdConnection::receive() {
    std::array<std::uint8_t, 2> head{};
    Bytes payload;
    bool good = receive_exactly(head);
    if (good) {
        payload.resize(static_cast<std::size_t>(head[0] << 8 | head[1]));
        good = receive_exactly(payload);
    }
    if (!good) {
        close();
        return {};
    }
    if (payload.size() != 1) return {Kind::command, std::move(payload)};
    switch (payload[0]) {
        case 0:
            return {Kind::power_off, {}};
        case 1:
            return {Kind::power_on, {}};
        case 2:
            return {Kind::reset, {}};
        case 4:
            return {Kind::give_atr, {}};
        default:
            return {Kind::command, std::move(payload)};
    }
}

void VpcdConnection::send(View payload) {
    const Bytes head{static_cast<std::uint8_t>(payload.size() >> 8U),
                     static_cast<std::uint8_t>(payload.size())};
    const Bytes message = join({head, payload});
    std::size_t sent = 0;
    while (sent < message.size()) {
        const ssize_t count =
            ::send(socket_, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            close();
            return;
        }
        sent += static_cast<std::size_t>(count);
    }
}

}  // namespace card
