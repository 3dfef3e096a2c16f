// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

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
        ::listen(socket.get(), 2) != 0)
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

}  // namespace outbox
