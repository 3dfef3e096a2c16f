// SPDX-License-Identifier: EUPL-1.2
// The control socket: see control.hpp.
#include "tests/card/control.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace card {
namespace {

constexpr std::size_t line_bytes_max = 4096;

// Nothing if the path is too long for a socket address.
std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return std::nullopt;
    std::copy(path.begin(), path.end(), address.sun_path);
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

void limit_waiting(int descriptor, time_t seconds) {
    const timeval limit{seconds, 0};
    // Without the limit a silent peer could stop the card; with it refused we only wait longer.
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

// Byte by byte: nothing beyond the line end may be swallowed.
std::optional<std::string> read_line(int descriptor) {
    std::string line;
    char c = 0;
    while (line.size() < line_bytes_max) {
        if (::read(descriptor, &c, 1) != 1) break;
        if (c == '\n') return line;
        line += c;
    }
    if (line.empty()) return std::nullopt;
    return line;
}

bool write_all(int descriptor, const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
        if (count <= 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace

ControlSocket::~ControlSocket() {
    if (client_ >= 0 && !standard_input_) ::close(client_);
    if (listener_ >= 0 && !standard_input_) {
        ::close(listener_);
        ::unlink(path_.c_str());
    }
}

bool ControlSocket::open(const std::string& path) {
    path_ = path;
    if (path.empty()) return true;
    if (path == "-") {
        standard_input_ = true;
        listener_ = STDIN_FILENO;
        return true;
    }
    const auto address = address_of(path);
    if (!address) return false;
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    ::unlink(path.c_str());
    if (::bind(descriptor, generic(*address), sizeof *address) != 0 ||
        ::listen(descriptor, 4) != 0) {
        ::close(descriptor);
        return false;
    }
    listener_ = descriptor;
    return true;
}

std::optional<std::string> ControlSocket::receive() {
    if (standard_input_) {
        auto line = read_line(STDIN_FILENO);
        if (!line) listener_ = -1;  // end of input: nobody will say anything any more
        return line;
    }
    client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client_ < 0) return std::nullopt;
    limit_waiting(client_, 1);
    auto line = read_line(client_);
    if (!line) ::close(std::exchange(client_, -1));
    return line;
}

void ControlSocket::answer(const std::string& text) {
    if (standard_input_) {
        std::puts(text.c_str());
        std::fflush(stdout);
        return;
    }
    if (client_ < 0) return;
    // Whoever asked may be gone already; the command has been carried out all the same.
    (void)write_all(client_, text + "\n");
    ::close(std::exchange(client_, -1));
}

std::optional<std::string> tell(const std::string& path, const std::string& command) {
    const auto address = address_of(path);
    if (!address) return std::nullopt;
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::nullopt;
    limit_waiting(descriptor, 10);
    std::optional<std::string> answer;
    if (::connect(descriptor, generic(*address), sizeof *address) == 0 &&
        write_all(descriptor, command + "\n")) {
        answer = read_line(descriptor);
    }
    ::close(descriptor);
    return answer;
}

}  // namespace card
