// SPDX-License-Identifier: EUPL-1.2
// The reader's end of the wire: see card_socket.hpp.
#include "tests/reader/card_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace reader {
namespace {

constexpr int answer_s_max = 60;

void set_option(int descriptor, int level, int option) {
    const int on = 1;
    // Without it the reader is slower or its port is free later, nothing else.
    (void)::setsockopt(descriptor, level, option, &on, sizeof on);
}

}  // namespace

bool CardSocket::listen(std::uint16_t port) {
    close();
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listening_ < 0) return false;
    set_option(listening_, SOL_SOCKET, SO_REUSEADDR);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool good =
        ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(listening_, 1) == 0;
    if (!good) close();
    return good;
}

void CardSocket::close() {
    drop_card();
    if (listening_ >= 0) ::close(std::exchange(listening_, -1));
}

void CardSocket::drop_card() {
    if (card_ < 0) return;
    ::close(std::exchange(card_, -1));
    empty_until_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
}

bool CardSocket::card_present() {
    if (card_ >= 0) {
        std::uint8_t byte = 0;
        const ssize_t count = ::recv(card_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) drop_card();
        if (card_ >= 0) return true;
    }
    if (std::chrono::steady_clock::now() < empty_until_) return false;
    if (listening_ < 0) return false;
    card_ = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (card_ < 0) return false;
    set_option(card_, IPPROTO_TCP, TCP_NODELAY);
    const timeval patience{answer_s_max, 0};
    (void)::setsockopt(card_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return true;
}

bool CardSocket::send_payload(card::View payload) {
    const card::Bytes head{static_cast<std::uint8_t>(payload.size() >> 8U),
                           static_cast<std::uint8_t>(payload.size())};
    const card::Bytes message = card::join({head, payload});
    std::size_t sent = 0;
    while (sent < message.size()) {
        const ssize_t count =
            ::send(card_, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            drop_card();
            return false;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool CardSocket::receive_exactly(std::span<std::uint8_t> buffer) {
    std::size_t got = 0;
    while (got < buffer.size()) {
        const ssize_t count = ::recv(card_, buffer.data() + got, buffer.size() - got, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            drop_card();
            return false;
        }
        got += static_cast<std::size_t>(count);
    }
    return true;
}

void CardSocket::send(Control control) {
    if (card_ < 0) return;
    const card::Bytes payload{static_cast<std::uint8_t>(control)};
    // A card that is gone shows itself at the next look.
    (void)send_payload(payload);
}

std::optional<card::Bytes> CardSocket::exchange(card::View payload) {
    if (card_ < 0 || payload.empty() || payload.size() > 0xFFFF) return std::nullopt;
    std::array<std::uint8_t, 2> head{};
    if (!send_payload(payload) || !receive_exactly(head)) return std::nullopt;
    card::Bytes answer(static_cast<std::size_t>(head[0] << 8 | head[1]));
    if (!receive_exactly(answer)) return std::nullopt;
    return answer;
}

}  // namespace reader
