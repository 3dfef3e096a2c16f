// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/http/test_server.hpp"

#include <arpa/inet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <chrono>

#include "drivers/base/check.hpp"
#include "tests/unit/sync/http/test_pki.hpp"

namespace test {

std::uint64_t SteadyClock::wall_ms() const {
    return today_ms;
}
std::uint64_t SteadyClock::boot_ms() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

ServerThread::ServerThread(http::Server& server)
    : stop_fd_(::eventfd(0, EFD_CLOEXEC)),
      thread_([&server, fd = stop_fd_.get()] { server.run(fd); }) {}

void ServerThread::stop() {
    if (!thread_.joinable()) return;
    CHECK(::eventfd_write(stop_fd_.get(), 1) == 0);
    thread_.join();
}

RawClient::RawClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{10, 0};
    CHECK(::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
}

void RawClient::send(const std::string& bytes) {
    // A server that has already closed is one of the tested cases.
    (void)::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string RawClient::read_all() {
    return read_until("");
}

std::string RawClient::read_until(const std::string& mark) {
    std::string got;
    std::array<char, 4'096> buffer{};
    while (mark.empty() || got.find(mark) == std::string::npos) {
        const auto bytes = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (bytes <= 0) break;
        got.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    return got;
}

}  // namespace test
