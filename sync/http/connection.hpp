// SPDX-License-Identifier: EUPL-1.2
// One connection at the server: handshake, request, response, next request, goodbye. Never blocks;
// the loop of server.cpp polls for what events() asks and ends it when its deadline has passed. One
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "drivers/base/bytes.hpp"
#include "drivers/port/clock.hpp"
#include "sync/http/parser.hpp"
#include "sync/http/server.hpp"
#include "sync/http/stream.hpp"
#include "sync/http/writer.hpp"

namespace http {

class Connection {
  public:
    /// address  whom it is counted with, see peer_address.
    Connection(std::unique_ptr<Stream> stream, std::string address, Handler& handler,
               port::Clock& clock, Versions versions);

    [[nodiscard]] int fd() const { return stream_->fd(); }
    /// POLLIN or POLLOUT, as the present phase needs.
    [[nodiscard]] short events() const { return events_; }
    /// True if advance() has work although the socket is silent (bytes already read or decrypted).
    [[nodiscard]] bool holds_bytes() const;
    /// On the boot clock; behind it the connection is to be dropped.
    [[nodiscard]] std::uint64_t deadline_ms() const { return deadline_ms_; }
    [[nodiscard]] bool closed() const { return phase_ == Phase::closed; }
    /// True between requests: closing it now loses nothing.
    [[nodiscard]] bool idle() const;
    /// True while its handler's answer is still to come; advance() asks for it.
    [[nodiscard]] bool waiting() const { return phase_ == Phase::waiting; }
    /// True while its answer is work that is not done; work() does a step of it.
    [[nodiscard]] bool working() const { return phase_ == Phase::working; }
    [[nodiscard]] bool work_begun() const { return work_begun_; }
    /// When the present request was handed to its handler, on the boot clock.
    [[nodiscard]] std::uint64_t taken_ms() const { return taken_ms_; }
    /// True while nobody has shown a certificate and no answer is owed: a handshake, or a plain
    /// connection that has not sent a whole request.
    [[nodiscard]] bool nameless() const;
    [[nodiscard]] const std::string& address() const { return address_; }
    /// The verified peer; nothing during the handshake and on plain connections.
    [[nodiscard]] std::optional<Peer> peer() const;
    /// True once, when the peer has become known.
    [[nodiscard]] bool take_arrival() { return std::exchange(arrived_, false); }

    /// Does what can be done now, at most limits::http_turn_bytes_max bytes and one request.
    void advance();
    /// The next step of its answer; only while working().
    void work();
    /// From now on no further request is begun.
    void drain();
    /// The peer has gone: drops whatever it was owed.
    void abandon() { close_down(nullptr); }

  private:
    enum class Phase : std::uint8_t {
        handshake,
        reading,
        waiting,
        working,
        writing,
        lingering,
        closed
    };
    enum class Step : std::uint8_t { again, wait };

    Step shake_hands();
    Step read();
    Step take_input();
    Step invite_body();
    Step write();
    Step linger();
    void serve();
    Step ask();
    void conclude(const Response& response);
    void answer(const Response& response, Method answered);
    void begin_reading();
    void close_down(const base::Error* error);
    Step blocked(Io io);

    std::unique_ptr<Stream> stream_;
    std::string address_;
    Handler& handler_;
    port::Clock& clock_;
    Phase phase_ = Phase::handshake;
    short events_;
    std::uint64_t deadline_ms_;
    std::uint64_t begun_ms_ = 0;  ///< when the first byte of the present request came
    std::size_t budget_ = 0;      ///< bytes left to move in this turn
    RequestParser parser_;
    base::Bytes input_;  ///< read and not yet parsed: the beginning of the next request
    std::string output_;
    std::size_t written_ = 0;
    Later later_;                 ///< in the phase waiting
    Work work_;                   ///< in the phase working
    bool work_begun_ = false;     ///< its first step has been done
    Method asked_ = Method::get;  ///< the method of the present request
    std::uint64_t taken_ms_ = 0;  ///< when it was handed to the handler
    bool keep_alive_ = true;
    bool draining_ = false;
    bool arrived_ = false;
};

}  // namespace http
