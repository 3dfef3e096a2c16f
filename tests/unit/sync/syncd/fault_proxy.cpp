// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/syncd/fault_proxy.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "drivers/base/check.hpp"

namespace test {
namespace {

http::Socket connect_to(std::uint16_t port) {
    http::Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return http::Socket();
    return socket;
}

/// Closes with a reset instead of a goodbye.
void reset_hard(int fd) {
    const linger now{1, 0};
    CHECK(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0);
}

}  // namespace

FaultProxy::FaultProxy(const Options& options) : options_(options), random_(options.seed) {
    auto listener = http::listen_on("127.0.0.1", 0);
    CHECK(listener);
    listener_ = std::move(*listener);
    thread_ = std::thread([this] { run(); });
}

FaultProxy::~FaultProxy() {
    stop_ = true;
    thread_.join();
}

void FaultProxy::run() {
    while (!stop_) {
        pollfd fd{listener_.get(), POLLIN, 0};
        if (::poll(&fd, 1, 20) <= 0) continue;
        http::Socket client = http::accept_from(listener_.get());
        // One at a time is enough: syncd keeps one connection.
        if (client.has_value()) serve(std::move(client));
    }
}

void FaultProxy::serve(http::Socket client) {
    const bool faulty = connections_++ < options_.faulty_connections;
    const std::uint64_t cut_after = random_() % options_.cut_after_max;
    const std::size_t cut_direction = random_() % 2;
    const bool hard = random_() % 2 == 0;
    const http::Socket server = connect_to(options_.target_port);
    if (!server.has_value()) return;
    const std::array<int, 2> ends{client.get(), server.get()};
    std::array<std::uint64_t, 2> moved{};
    std::array<std::uint8_t, 1'024> buffer{};
    while (!stop_) {
        std::array<pollfd, 2> fds{pollfd{ends[0], POLLIN, 0}, pollfd{ends[1], POLLIN, 0}};
        if (::poll(fds.data(), fds.size(), 20) <= 0) continue;
        for (std::size_t from = 0; from < 2; ++from) {
            if (fds[from].revents == 0) continue;
            const auto got = ::recv(ends[from], buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            auto pass = static_cast<std::size_t>(got);
            const bool cut = faulty && from == cut_direction && moved[from] + pass > cut_after;
            if (cut) pass = static_cast<std::size_t>(cut_after - moved[from]);
            moved[from] += pass;
            // The other end may have gone: then the next poll says so.
            (void)::send(ends[1 - from], buffer.data(), pass, MSG_NOSIGNAL);
            if (!cut) continue;
            ++cuts_;
            if (hard) reset_hard(ends[0]);
            if (hard) reset_hard(ends[1]);
            return;
        }
    }
}

}  // namespace test
