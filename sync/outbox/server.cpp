// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_outbox.hpp"
#include "drivers/base/log.hpp"
#include "sync/outbox/responder.hpp"
#include "sync/outbox/unix_socket.hpp"

namespace outbox {
namespace {

using base::Errc;

/// Read at once from syncd. Its requests are small; more waits in the kernel.
constexpr std::size_t read_bytes = 16'384;

}  // namespace

class Server::State {
  public:
    State(Socket listener, uid_t peer, Source& source, port::Clock& clock)
        : listener_(std::move(listener)), peer_uid_(peer), responder_(source), clock_(clock) {}

    void turn(int wait_ms, int wake_fd);
    void tell_news() { news_ = true; }
    [[nodiscard]] bool connected() const { return socket_.has_value(); }
    [[nodiscard]] bool heard() const { return connected() && silence_left_ms() > 0; }

  private:
    [[nodiscard]] std::uint64_t silence_left_ms() const;
    [[nodiscard]] int patience_ms(int wait_ms) const;
    void write_news();
    void accept();
    void read();
    void write();
    void drop(Errc reason);
    [[nodiscard]] bool may_ask();
    [[nodiscard]] short wanted_events();

    Socket listener_;
    uid_t peer_uid_;
    Responder responder_;
    port::Clock& clock_;
    Socket socket_;
    FrameReader reader_{Towards::kiosk};
    base::Bytes input_;   ///< read and not yet taken: the beginning of the next frame
    base::Bytes output_;  ///< one answer; nothing is read before it is out
    std::size_t written_ = 0;
    std::uint64_t second_began_ms_ = 0;
    unsigned requests_in_second_ = 0;
    std::uint64_t heard_ms_ = 0;  ///< when syncd came or asked last
    bool news_ = false;           ///< to be told
    bool news_told_ = false;      ///< and syncd has not asked since
};

/// How long syncd may go on saying nothing and still count as there.
std::uint64_t Server::State::silence_left_ms() const {
    const std::uint64_t silent = clock_.boot_ms() - heard_ms_;
    return silent < limits::syncd_silent_ms_max ? limits::syncd_silent_ms_max - silent : 0;
}

/// The caller's time, or less: until a syncd that says nothing counts as gone.
int Server::State::patience_ms(int wait_ms) const {
    if (!heard()) return wait_ms;
    const auto left = static_cast<int>(silence_left_ms());
    return wait_ms < 0 ? left : std::min(wait_ms, left);
}

/// False if syncd has used up the requests of this second; then its bytes stay in the kernel.
bool Server::State::may_ask() {
    const std::uint64_t now = clock_.boot_ms();
    if (now - second_began_ms_ >= 1'000) {
        second_began_ms_ = now;
        requests_in_second_ = 0;
    }
    return requests_in_second_ < limits::outbox_requests_per_s_max;
}

short Server::State::wanted_events() {
    if (!output_.empty()) return POLLOUT;
    // POLLHUP is reported in any case, so a syncd that has gone is noticed although nothing is
    // asked for.
    return may_ask() ? POLLIN : short{0};
}

/// Between two answers only. A syncd that does not listen finds one frame when it does.
void Server::State::write_news() {
    const bool between = output_.empty() && input_.empty() && reader_.idle();
    if (!news_ || news_told_ || !socket_.has_value() || !between) return;
    news_ = false;
    news_told_ = true;
    output_ = write_answer(News{});
    written_ = 0;
    write();
}

void Server::State::turn(int wait_ms, int wake_fd) {
    write_news();
    const bool have_input = !input_.empty() && output_.empty() && may_ask();
    std::array<pollfd, 3> fds{pollfd{listener_.get(), POLLIN, 0}, pollfd{wake_fd, POLLIN, 0},
                              pollfd{-1, 0, 0}};
    if (socket_.has_value()) fds[2] = {socket_.get(), wanted_events(), 0};
    // While syncd is over its rate, a second is long enough to wait before looking again. Otherwise
    // nothing but bytes, a wake or the caller's time ends the wait: an idle kiosk sleeps.
    const bool over_rate = socket_.has_value() && output_.empty() && !may_ask();
    const bool too_long = over_rate && (wait_ms < 0 || wait_ms > 1'000);
    const int sleep_ms = have_input ? 0 : (too_long ? 1'000 : patience_ms(wait_ms));
    const int ready = ::poll(fds.data(), fds.size(), sleep_ms);
    if (ready < 0) return;
    const bool readable = (fds[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
    if ((fds[2].revents & POLLOUT) != 0) {
        write();
    } else if (socket_.has_value() && output_.empty() && (readable || have_input)) {
        read();
    } else if (readable) {
        drop(Errc::network_unreachable);  // gone before it took its answer
    }
    if (fds[0].revents != 0) accept();
}

void Server::State::accept() {
    Socket socket = accept_from(listener_.get());
    if (!socket.has_value()) return;
    const auto uid = peer_uid(socket.get());
    if (!uid || *uid != peer_uid_) {
        base::log_error({Errc::peer_not_allowed, "outbox peer", 0});
        return;
    }
    socket_ = std::move(socket);
    reader_ = FrameReader(Towards::kiosk);
    input_.clear();
    output_.clear();
    written_ = 0;
    // The kiosk may have given the line up with the old syncd, so the new one's word counts as
    // news.
    responder_.forget_link();
    heard_ms_ = clock_.boot_ms();
    news_told_ = false;
    base::log(base::LogEvent::syncd_connected);
}

void Server::State::drop(Errc reason) {
    socket_.reset();
    input_.clear();
    output_.clear();
    base::log(base::LogEvent::syncd_disconnected, {{"errc", static_cast<std::int64_t>(reason)}});
}

void Server::State::read() {
    if (input_.empty()) {
        std::array<std::uint8_t, read_bytes> buffer{};
        const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) return drop(Errc::network_unreachable);
        input_.assign(buffer.begin(), buffer.begin() + got);
    }
    const auto used = reader_.feed(input_);
    if (!used) return drop(used.error().code);
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(*used));
    if (!reader_.done()) return;
    const auto request = read_request(reader_.take());
    if (!request) return drop(request.error().code);
    ++requests_in_second_;
    // Whoever counted as gone has its line told anew.
    if (!heard()) responder_.forget_link();
    heard_ms_ = clock_.boot_ms();
    if (std::holds_alternative<PullBatch>(*request)) news_told_ = false;
    output_ = write_answer(responder_.answer(*request));
    written_ = 0;
    write();
}

void Server::State::write() {
    const base::ByteView rest = base::ByteView(output_).subspan(written_);
    const auto sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (sent < 0) return drop(Errc::network_unreachable);
    written_ += static_cast<std::size_t>(sent);
    if (written_ == output_.size()) output_.clear();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::open(const Options& options, Source& source,
                                                   port::Clock& clock) {
    TRY(listener, listen_at(options.path));
    auto state = std::make_unique<State>(std::move(listener), options.peer_uid, source, clock);
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

void Server::turn(int wait_ms, int wake_fd) {
    state_->turn(wait_ms, wake_fd);
}
void Server::tell_news() {
    state_->tell_news();
}
bool Server::connected() const {
    return state_->connected();
}
bool Server::heard() const {
    return state_->heard();
}

}  // namespace outbox
