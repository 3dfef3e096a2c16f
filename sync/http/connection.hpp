// SPDX-License-Identifier: EUPL-1.2
// One connection at the server: handshake, request, response, next request, goodbye. Never blocks;
// the loop of server.cpp polls for what events() asks and ends it when its deadline has passed. One
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "drivers/base/bytes.hpp"
#include "drivers/port/clock.hpp"
#include "sync/http/parser.hpp"
#include "sync/http/server.hpp"
#include "sync/http/stream.hpp"
#include "sync/http/writer.hpp"

namespace http {

class Connection {
  public:
    Connection(std::unique_ptr<Stream> stream, Handler& handler, port::Clock& clock);

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

    /// Does what can be done now, at most limits::http_turn_bytes_max bytes and one request.
    void advance();
    /// From now on no further request is begun.
    void drain();

  private:
    enum class Phase : std::uint8_t { handshake, reading, writing, lingering, closed };
    enum class Step : std::uint8_t { again, wait };

    Step shake_hands();
    Step read();
    Step take_input();
    Step invite_body();
    Step write();
    Step linger();
    void serve();
    void answer(const Response& response, Method answered);
    void begin_reading();
    void close_down(const base::Error* error);
    Step blocked(Io io);

    std::unique_ptr<Stream> stream_;
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
    bool keep_alive_ = true;
    bool draining_ = false;
};

}  // namespace http
