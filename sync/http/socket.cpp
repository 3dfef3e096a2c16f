// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "drivers/base/limits.hpp"

namespace http {
namespace {

using base::Errc;
using AddressList = std::unique_ptr<addrinfo, base::Deleter<::freeaddrinfo>>;

auto unreachable(const char* where, int error) {
    return base::fail(Errc::network_unreachable, where, static_cast<std::uint32_t>(error));
}

base::Result<AddressList> look_up(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int status = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (status != 0) return unreachable("http name", status == EAI_SYSTEM ? errno : EHOSTUNREACH);
    return AddressList(found);
}

Socket open_socket(const addrinfo& address) {
    const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? Socket() : Socket(fd);
}

/// Requests and answers are whole messages: waiting to fill a segment would only add delay.
void send_at_once(int fd) {
    const int on = 1;
    // A socket without this option works, only slower.
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

base::Result<Socket> connect_one(const addrinfo& address, const Wait& wait) {
    Socket socket = open_socket(address);
    if (!socket.has_value()) return unreachable("http socket", errno);
    send_at_once(socket.get());
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) return unreachable("http connect", errno);
    TRY_VOID(wait_for(socket.get(), POLLOUT, wait));
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return unreachable("http connect", error);
    return socket;
}

}  // namespace

base::Result<Socket> listen_on(const std::string& host, std::uint16_t port) {
    TRY(addresses, look_up(host, port, AI_NUMERICHOST | AI_PASSIVE));
    Socket socket = open_socket(*addresses);
    if (!socket.has_value()) return unreachable("http socket", errno);
    const int on = 1;
    // Without it a restart would have to wait for old connections to time out.
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
        ::listen(socket.get(), SOMAXCONN) != 0)
        return unreachable("http listen", errno);
    return socket;
}

std::uint16_t bound_port(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if (::getsockname(fd, address, &size) != 0) return 0;
    if (storage.ss_family == AF_INET)
        return ntohs(reinterpret_cast<sockaddr_in*>(&storage)->sin_port);
    if (storage.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port);
    return 0;
}

std::string peer_address(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if (::getpeername(fd, address, &size) != 0) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (storage.ss_family == AF_INET) bytes = &reinterpret_cast<sockaddr_in*>(&storage)->sin_addr;
    if (storage.ss_family == AF_INET6) {
        auto& whole = reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr;
        std::fill(std::begin(whole.s6_addr) + 8, std::end(whole.s6_addr), std::uint8_t{0});
        bytes = &whole;
    }
    if (bytes == nullptr) return {};
    const char* written = ::inet_ntop(storage.ss_family, bytes, text.data(), text.size());
    return written == nullptr ? std::string() : std::string(written);
}

Socket accept_from(int listener) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return Socket();
    send_at_once(fd);
    return Socket(fd);
}

base::Result<void> wait_for(int fd, short events, const Wait& wait) {
    while (true) {
        const std::uint64_t now = wait.clock.boot_ms();
        if (now >= wait.deadline_ms) return base::fail(Errc::network_timeout, "http wait");
        const std::uint64_t left = std::min<std::uint64_t>(wait.deadline_ms - now, 60'000);
        std::array<pollfd, 2> fds{pollfd{fd, events, 0}, pollfd{wait.cancel_fd, POLLIN, 0}};
        const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(left));
        if (ready < 0 && errno != EINTR) return unreachable("http poll", errno);
        if (ready <= 0) continue;
        if (fds[1].revents != 0) return base::fail(Errc::cancelled, "http wait");
        if (fds[0].revents != 0) return {};
    }
}

base::Result<Socket> connect_to(const std::string& host, std::uint16_t port, const Wait& wait) {
    TRY(addresses, look_up(host, port, 0));
    base::Result<Socket> last = unreachable("http name", EHOSTUNREACH);
    for (const addrinfo* address = addresses.get(); address != nullptr;
         address = address->ai_next) {
        last = connect_one(*address, wait);
        if (last || last.error().code != Errc::network_unreachable) break;
    }
    return last;
}

}  // namespace http
