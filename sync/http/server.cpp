// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/server.hpp"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/http/connection.hpp"
#include "sync/http/socket.hpp"
#include "sync/http/work_order.hpp"

namespace http {
namespace {

/// Connections taken in one turn, so that a rush of new ones does not hold up those that are being
/// served.
constexpr int accepts_per_turn_max = 16;
/// poll is never asked to sleep longer; a deadline beyond it is looked at again.
constexpr std::uint64_t sleep_ms_max = 60'000;

}  // namespace

class Server::Loop {
  public:
    struct Listeners {
        Socket tls;
        Socket plain;
        Socket metrics;
    };
    Loop(const ServerOptions& options, Parts parts, Listeners listeners)
        : options_(options),
          parts_(parts),
          tls_listener_(std::move(listeners.tls)),
          plain_listener_(std::move(listeners.plain)),
          metrics_listener_(std::move(listeners.metrics)) {}

    void turn(int wait_ms, int wake_fd);
    void drain();
    [[nodiscard]] std::uint16_t port() const { return bound_port(tls_listener_.get()); }
    [[nodiscard]] std::uint16_t plain_port() const { return port_of(plain_listener_); }
    [[nodiscard]] std::uint16_t metrics_port() const { return port_of(metrics_listener_); }
    [[nodiscard]] std::size_t size() const { return connections_.size(); }

  private:
    void accept_tls();
    void accept_plain(const Socket& listener, Handler& handler);
    [[nodiscard]] static std::uint16_t port_of(const Socket& listener) {
        return listener.has_value() ? bound_port(listener.get()) : std::uint16_t{0};
    }
    void add(std::unique_ptr<Stream> stream, Handler& handler, Versions versions);
    void advance(Connection& connection, short happened);
    [[nodiscard]] bool has_room() const;
    void make_room();
    void make_room_among_nameless(const std::string& address);
    template <class Which>
    std::size_t count(Which which) const;
    template <class Which>
    void drop_oldest(Which which);
    void limit_peer(Connection& arrived);
    [[nodiscard]] int sleep_ms(int wait_ms) const;
    void sweep();
    void work();

    ServerOptions options_;
    Parts parts_;
    Socket tls_listener_;
    Socket plain_listener_;
    Socket metrics_listener_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::string last_worker_;  ///< whose answer was worked at last
};

bool Server::Loop::has_room() const {
    if (connections_.size() < limits::http_connections_max) return true;
    return std::any_of(connections_.begin(), connections_.end(),
                       [](const auto& connection) { return connection->idle(); });
}

template <class Which>
std::size_t Server::Loop::count(Which which) const {
    return static_cast<std::size_t>(
        std::count_if(connections_.begin(), connections_.end(),
                      [&](const auto& connection) { return which(*connection); }));
}

/// Ends the one of these whose time is over first. There is one.
template <class Which>
void Server::Loop::drop_oldest(Which which) {
    auto oldest = connections_.end();
    for (auto it = connections_.begin(); it != connections_.end(); ++it) {
        if (!which(**it)) continue;
        if (oldest == connections_.end() || (*it)->deadline_ms() < (*oldest)->deadline_ms())
            oldest = it;
    }
    CHECK(oldest != connections_.end());
    (*oldest)->drain();
    connections_.erase(oldest);
}

/// Lets the connection go that has been idle longest, if all places are taken.
void Server::Loop::make_room() {
    if (connections_.size() < limits::http_connections_max) return;
    drop_oldest([](const Connection& connection) { return connection.idle(); });
}

void Server::Loop::make_room_among_nameless(const std::string& address) {
    const auto nameless = [](const Connection& each) { return each.nameless(); };
    const auto same = [&](const Connection& each) {
        return each.nameless() && each.address() == address;
    };
    if (count(same) >= options_.nameless_per_address_max) return drop_oldest(same);
    if (count(nameless) >= options_.nameless_max) drop_oldest(nameless);
}

/// A certificate has arrived. If it has too many connections, its idle one makes room, or the new
/// one goes.
void Server::Loop::limit_peer(Connection& arrived) {
    const auto own = arrived.peer();
    if (!own) return;
    const auto same = [&](const Connection& each) {
        const auto peer = each.peer();
        return peer && peer->common_name == own->common_name &&
               peer->organisational_unit == own->organisational_unit;
    };
    if (count(same) <= options_.per_peer_max) return;
    for (const auto& each : connections_) {
        if (each.get() == &arrived || !same(*each) || !each->idle()) continue;
        return each->drain();  // sweep() takes it away
    }
    arrived.drain();
}

void Server::Loop::add(std::unique_ptr<Stream> stream, Handler& handler, Versions versions) {
    std::string address = peer_address(stream->fd());
    make_room_among_nameless(address);
    make_room();
    connections_.push_back(std::make_unique<Connection>(std::move(stream), std::move(address),
                                                        handler, parts_.clock, versions));
    advance(*connections_.back(), POLLIN);
}

void Server::Loop::advance(Connection& connection, short happened) {
    const bool owed = connection.waiting() || connection.working();
    if (owed && (happened & (POLLERR | POLLHUP | POLLNVAL)) != 0) return connection.abandon();
    if (happened == 0 && !connection.holds_bytes() && !connection.waiting()) return;
    connection.advance();
    if (connection.take_arrival()) limit_peer(connection);
}

void Server::Loop::accept_tls() {
    for (int i = 0; i < accepts_per_turn_max && has_room(); ++i) {
        Socket socket = accept_from(tls_listener_.get());
        if (!socket.has_value()) return;
        auto stream = make_tls_server_stream(std::move(socket), parts_.tls);
        if (!stream) {
            base::log_error(stream.error());
            continue;
        }
        add(std::move(*stream), parts_.handler, Versions::only_1_1);
    }
}

void Server::Loop::accept_plain(const Socket& listener, Handler& handler) {
    for (int i = 0; i < accepts_per_turn_max && has_room(); ++i) {
        Socket socket = accept_from(listener.get());
        if (!socket.has_value()) return;
        // What stands before it is a reverse proxy, and nginx speaks 1.0 to its upstream.
        add(make_plain_stream(std::move(socket)), handler, Versions::also_1_0);
    }
}

int Server::Loop::sleep_ms(int wait_ms) const {
    const std::uint64_t now = parts_.clock.boot_ms();
    std::uint64_t sleep = wait_ms < 0 ? sleep_ms_max : static_cast<std::uint64_t>(wait_ms);
    for (const auto& connection : connections_) {
        if (connection->holds_bytes() || connection->working()) return 0;
        if (connection->waiting()) sleep = std::min<std::uint64_t>(sleep, limits::later_look_ms);
        const std::uint64_t deadline = connection->deadline_ms();
        sleep = std::min(sleep, deadline > now ? deadline - now : 0);
    }
    return static_cast<int>(std::min(sleep, sleep_ms_max));
}

/// Drops what is finished or late.
void Server::Loop::sweep() {
    const std::uint64_t now = parts_.clock.boot_ms();
    std::erase_if(connections_, [now](const std::unique_ptr<Connection>& connection) {
        return connection->closed() || connection->deadline_ms() <= now;
    });
}

/// One step of one long answer, if there is any to make.
void Server::Loop::work() {
    std::vector<Connection*> working;
    std::vector<AtWork> waiting;
    for (const auto& connection : connections_) {
        if (!connection->working()) continue;
        const auto peer = connection->peer();
        working.push_back(connection.get());
        waiting.push_back({peer ? peer->organisational_unit + '\x1F' + peer->common_name : "",
                           connection->work_begun(), connection->taken_ms()});
    }
    if (working.empty()) return;
    const std::size_t next = next_at_work(waiting, last_worker_);
    last_worker_ = waiting[next].who;
    working[next]->work();
}

void Server::Loop::turn(int wait_ms, int wake_fd) {
    const bool room = has_room();
    std::vector<pollfd> fds;
    constexpr std::size_t fixed = 4;
    fds.reserve(connections_.size() + fixed);
    // poll skips negative descriptors.
    fds.push_back({wake_fd, POLLIN, 0});
    fds.push_back({tls_listener_.has_value() && room ? tls_listener_.get() : -1, POLLIN, 0});
    fds.push_back({plain_listener_.has_value() && room ? plain_listener_.get() : -1, POLLIN, 0});
    fds.push_back(
        {metrics_listener_.has_value() && room ? metrics_listener_.get() : -1, POLLIN, 0});
    for (const auto& connection : connections_)
        fds.push_back({connection->fd(), connection->events(), 0});

    const int ready = ::poll(fds.data(), static_cast<nfds_t>(fds.size()), sleep_ms(wait_ms));
    if (ready >= 0) {
        for (std::size_t i = fixed; i < fds.size(); ++i) {
            advance(*connections_[i - fixed], fds[i].revents);
        }
        sweep();
        if (fds[1].revents != 0) accept_tls();
        if (fds[2].revents != 0) accept_plain(plain_listener_, *parts_.plain_handler);
        if (fds[3].revents != 0) accept_plain(metrics_listener_, *parts_.metrics_handler);
    }
    sweep();
    work();
}

void Server::Loop::drain() {
    tls_listener_.reset();
    plain_listener_.reset();
    metrics_listener_.reset();
    for (const auto& connection : connections_) connection->drain();
    sweep();
    const std::uint64_t end = parts_.clock.boot_ms() + limits::http_drain_ms_max;
    while (!connections_.empty() && parts_.clock.boot_ms() < end) turn(100, -1);
    connections_.clear();
}

Response answer_now(Answer answer) {
    if (auto* work = std::get_if<Work>(&answer)) {
        while (true) {
            if (auto response = work->step()) return std::move(*response);
        }
    }
    auto* response = std::get_if<Response>(&answer);
    CHECK(response != nullptr);
    return std::move(*response);
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, Parts parts) {
    CHECK(options.plain_address.has_value() == (parts.plain_handler != nullptr));
    CHECK(options.metrics_address.has_value() == (parts.metrics_handler != nullptr));
    Loop::Listeners listeners;
    TRY(tls_listener, listen_on(options.tls_address.host, options.tls_address.port));
    listeners.tls = std::move(tls_listener);
    if (options.plain_address) {
        TRY(opened, listen_on(options.plain_address->host, options.plain_address->port));
        listeners.plain = std::move(opened);
    }
    if (options.metrics_address) {
        TRY(opened, listen_on(options.metrics_address->host, options.metrics_address->port));
        listeners.metrics = std::move(opened);
    }
    auto loop = std::make_unique<Loop>(options, parts, std::move(listeners));
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

std::uint16_t Server::port() const {
    return loop_->port();
}
std::uint16_t Server::plain_port() const {
    return loop_->plain_port();
}
std::uint16_t Server::metrics_port() const {
    return loop_->metrics_port();
}
std::size_t Server::connections() const {
    return loop_->size();
}
void Server::turn(int wait_ms, int wake_fd) {
    loop_->turn(wait_ms, wake_fd);
}
void Server::drain() {
    loop_->drain();
}

void Server::run(int stop_fd) {
    while (true) {
        pollfd stop{stop_fd, POLLIN, 0};
        if (::poll(&stop, 1, 0) > 0) break;
        turn(-1, stop_fd);
    }
    drain();
}

}  // namespace http
