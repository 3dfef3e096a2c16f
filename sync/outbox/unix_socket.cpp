// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/unix_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "drivers/base/limits_outbox.hpp"

namespace outbox {
namespace {

using base::Errc;

auto failed(Errc code, const char* where) {
    return base::fail(code, where, static_cast<std::uint32_t>(errno));
}

base::Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // One byte stays for the terminating zero.
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return base::fail(Errc::config_bad, "outbox socket path");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

bool again() {
    return errno == EAGAIN || errno == EINTR;
}

Socket open_socket() {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? Socket() : Socket(fd);
}

base::Result<void> remove_old_socket(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return {};
        return failed(Errc::file_io, "outbox socket file");
    }
    if (!S_ISSOCK(status.st_mode)) return base::fail(Errc::file_io, "outbox socket file", EEXIST);
    if (::unlink(path.c_str()) != 0) return failed(Errc::file_io, "outbox socket file");
    return {};
}

}  // namespace

base::Result<Socket> listen_at(const std::string& path) {
    TRY(address, address_of(path));
    TRY_VOID(remove_old_socket(path));
    Socket socket = open_socket();
    if (!socket.has_value()) return failed(Errc::file_io, "outbox socket");
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(socket.get(), generic, sizeof address) != 0 || ::chmod(path.c_str(), 0660) != 0 ||
        ::listen(socket.get(), limits::socket_waiting_max) != 0)
        return failed(Errc::file_io, "outbox listen");
    return socket;
}

Socket accept_from(int listener) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return fd < 0 ? Socket() : Socket(fd);
}

std::optional<uid_t> peer_uid(int fd) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
    if (size != sizeof credentials) return std::nullopt;
    return credentials.uid;
}

base::Result<Socket> connect_to(const std::string& path) {
    TRY(address, address_of(path));
    Socket socket = open_socket();
    if (!socket.has_value()) return failed(Errc::network_unreachable, "outbox socket");
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    // A Unix socket connects at once or not at all; EAGAIN is a full backlog and ends like the
    // others.
    if (::connect(socket.get(), generic, sizeof address) != 0)
        return failed(Errc::network_unreachable, "outbox connect");
    return socket;
}

base::Result<void> wait_for(int fd, short events, const Wait& wait) {
    while (true) {
        const std::uint64_t now = wait.clock.boot_ms();
        if (now >= wait.deadline_ms) return base::fail(Errc::network_timeout, "outbox wait");
        std::array<pollfd, 2> fds{pollfd{fd, events, 0}, pollfd{wait.cancel_fd, POLLIN, 0}};
        // An hour at a time: a wait without end does not fit poll's milliseconds.
        const std::uint64_t ms = std::min<std::uint64_t>(wait.deadline_ms - now, 3'600'000);
        const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(ms));
        if (ready < 0 && errno != EINTR) return failed(Errc::network_unreachable, "outbox poll");
        if (ready <= 0) continue;
        if (fds[1].revents != 0) return base::fail(Errc::cancelled, "outbox wait");
        if (fds[0].revents != 0) return {};
    }
}

base::Result<void> send_all(int fd, base::ByteView bytes, const Wait& wait) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && !again()) return failed(Errc::network_unreachable, "outbox closed");
        if (sent < 0) TRY_VOID(wait_for(fd, POLLOUT, wait));
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    }
    return {};
}

base::Result<bool> receive_some(int fd, base::Bytes& input) {
    std::array<std::uint8_t, 65'536> buffer{};
    const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && again()) return false;
    if (got <= 0) return failed(Errc::network_unreachable, "outbox closed");
    base::append(input, base::ByteView(buffer).first(static_cast<std::size_t>(got)));
    return true;
}

}  // namespace outbox
