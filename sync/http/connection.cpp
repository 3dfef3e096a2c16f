// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"

namespace http {
namespace {

/// One TLS record (RFC 8446 5.1).
constexpr std::size_t read_bytes = 16'384;
/// How long we still read from a peer that we have refused, so that it can read our answer before
/// the connection is reset under it.
constexpr std::uint64_t linger_ms = 1'000;

/// What a request is answered with that never became one.
Response refusal(std::uint32_t status) {
    const bool known = status >= 400 && status <= 599;
    return make_problem(known ? status : 400, "request", reason(known ? status : 400));
}

}  // namespace

Connection::Connection(std::unique_ptr<Stream> stream, std::string address, Handler& handler,
                       port::Clock& clock, Versions versions)
    : stream_(std::move(stream)),
      address_(std::move(address)),
      handler_(handler),
      clock_(clock),
      events_(POLLIN),
      deadline_ms_(clock.boot_ms() + limits::http_handshake_ms_max),
      parser_(limits::http_body_bytes_max, versions) {}

bool Connection::holds_bytes() const {
    if (phase_ != Phase::reading) return false;
    return !input_.empty() || stream_->holds_bytes();
}

bool Connection::nameless() const {
    if (phase_ == Phase::handshake) return true;
    return phase_ == Phase::reading && !stream_->peer();
}

std::optional<Peer> Connection::peer() const {
    if (phase_ == Phase::handshake) return std::nullopt;
    return stream_->peer();
}

bool Connection::idle() const {
    return phase_ == Phase::reading && !parser_.started() && input_.empty();
}

void Connection::advance() {
    budget_ = limits::http_turn_bytes_max;
    Step step = Step::again;
    while (step == Step::again && budget_ > 0) {
        switch (phase_) {
            case Phase::handshake:
                step = shake_hands();
                break;
            case Phase::reading:
                step = read();
                break;
            case Phase::waiting:
                step = ask();
                break;
            case Phase::writing:
                step = write();
                break;
            case Phase::lingering:
                step = linger();
                break;
            case Phase::working:
            case Phase::closed:
                step = Step::wait;
                break;
        }
    }
}

void Connection::drain() {
    draining_ = true;
    if (phase_ == Phase::handshake || phase_ == Phase::lingering || idle()) close_down(nullptr);
}

Connection::Step Connection::blocked(Io io) {
    events_ = io == Io::want_write ? POLLOUT : POLLIN;
    return Step::wait;
}

void Connection::close_down(const base::Error* error) {
    if (error != nullptr) base::log_error(*error);
    stream_->end();
    phase_ = Phase::closed;
}

Connection::Step Connection::shake_hands() {
    const auto io = stream_->handshake();
    if (!io) {
        close_down(&io.error());
        return Step::wait;
    }
    if (*io != Io::progress) return blocked(*io);
    begin_reading();
    arrived_ = true;
    return Step::again;
}

void Connection::begin_reading() {
    phase_ = Phase::reading;
    events_ = POLLIN;
    deadline_ms_ = clock_.boot_ms() + limits::http_idle_ms_max;
}

Connection::Step Connection::read() {
    if (!input_.empty()) return take_input();
    std::array<std::uint8_t, read_bytes> buffer{};
    const auto moved = stream_->read(buffer);
    if (!moved || moved->io == Io::ended) {
        // Between requests a peer may leave as it likes; within one it is worth a line.
        const bool within = parser_.started();
        close_down(!moved && within ? &moved.error() : nullptr);
        return Step::wait;
    }
    if (moved->io != Io::progress) return blocked(moved->io);
    if (!parser_.started()) {
        begun_ms_ = clock_.boot_ms();
        deadline_ms_ = begun_ms_ + limits::http_head_ms_max;
    }
    budget_ -= std::min(budget_, moved->bytes);
    input_.assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(moved->bytes));
    return take_input();
}

Connection::Step Connection::take_input() {
    const auto used = parser_.feed(input_);
    if (!used) {
        base::log_error(used.error());
        keep_alive_ = false;
        input_.clear();
        answer(refusal(used.error().detail), Method::get);
        return Step::again;
    }
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(*used));
    if (parser_.done()) {
        serve();
    } else if (parser_.head_done()) {
        deadline_ms_ = begun_ms_ + limits::http_message_ms_max;
        if (parser_.take_expectation()) return invite_body();
    }
    return Step::again;
}

/// Tells a sender that waits before its body to go on. Nothing else is being written at this point,
/// so a socket that does not take 25 bytes at once is not worth waiting for.
Connection::Step Connection::invite_body() {
    constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto moved = stream_->write(base::as_bytes(interim));
    if (moved && moved->io == Io::progress && moved->bytes == interim.size()) return Step::again;
    close_down(moved ? nullptr : &moved.error());
    return Step::wait;
}

void Connection::serve() {
    keep_alive_ = parser_.keep_alive() && !draining_;
    Request request = parser_.take();
    request.peer = stream_->peer();
    asked_ = request.method;
    taken_ms_ = clock_.boot_ms();
    Answer given = handler_.answer(request);
    if (const auto* response = std::get_if<Response>(&given)) return conclude(*response);
    if (auto* work = std::get_if<Work>(&given)) {
        work_ = std::move(*work);
        work_begun_ = false;
        phase_ = Phase::working;
    } else {
        later_ = std::move(std::get<Later>(given));
        phase_ = Phase::waiting;
    }
    events_ = 0;  // what else the peer sends can wait; that it has gone is told anyway
    deadline_ms_ = taken_ms_ + limits::http_message_ms_max;
}

Connection::Step Connection::ask() {
    const auto response = later_();
    if (!response) return Step::wait;
    later_ = nullptr;
    conclude(*response);
    return Step::again;
}

void Connection::work() {
    work_begun_ = true;
    const auto response = work_.step();
    if (!response) return;
    work_ = {};
    conclude(*response);
}

void Connection::conclude(const Response& response) {
    keep_alive_ = keep_alive_ && !draining_;
    answer(response, asked_);
    base::log(base::LogEvent::request_served,
              {{"status", static_cast<std::int64_t>(response.status)},
               {"bytes", static_cast<std::int64_t>(response.body.size())},
               {"ms", static_cast<std::int64_t>(clock_.boot_ms() - taken_ms_)}});
}

void Connection::answer(const Response& response, Method answered) {
    const ResponseFrame frame{keep_alive_ ? Persistence::keep_alive : Persistence::close, answered,
                              clock_.wall_ms()};
    auto bytes = write_response(response, frame);
    if (!bytes) {
        base::log_error(bytes.error());
        bytes = write_response(refusal(500), frame);
    }
    output_ = std::move(*bytes);
    written_ = 0;
    phase_ = Phase::writing;
    events_ = POLLOUT;
    deadline_ms_ = clock_.boot_ms() + limits::http_message_ms_max;
}

Connection::Step Connection::write() {
    const auto moved = stream_->write(base::as_bytes(output_).subspan(written_));
    if (!moved || moved->io == Io::ended) {
        close_down(moved ? nullptr : &moved.error());
        return Step::wait;
    }
    if (moved->io != Io::progress) return blocked(moved->io);
    budget_ -= std::min(budget_, moved->bytes);
    written_ += moved->bytes;
    if (written_ < output_.size()) return Step::again;
    output_.clear();
    if (keep_alive_ && !draining_) {
        begun_ms_ = clock_.boot_ms();
        begin_reading();
        // One request a turn: a peer that sends them back to back does not keep the others waiting.
        return Step::wait;
    }
    stream_->end();
    // A program that stops has read the whole request, so nothing is left that could reset the
    // answer.
    phase_ = draining_ ? Phase::closed : Phase::lingering;
    events_ = POLLIN;
    deadline_ms_ = clock_.boot_ms() + linger_ms;
    return Step::again;
}

Connection::Step Connection::linger() {
    std::array<std::uint8_t, read_bytes> buffer{};
    const auto moved = stream_->read(buffer);
    if (!moved || moved->io == Io::ended) {
        phase_ = Phase::closed;
        return Step::wait;
    }
    if (moved->io != Io::progress) return blocked(moved->io);
    budget_ -= std::min(budget_, moved->bytes);
    return Step::again;
}

}  // namespace http
