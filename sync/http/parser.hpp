// SPDX-License-Identifier: EUPL-1.2
// Incremental parsers of one request or one response: bytes in, checked message out, no I/O
// (sans-IO). Deliberately a strict subset, since every leniency in HTTP framing has been an attack:
// CRLF only, no folding, one Content-Length or exactly "chunked", never both, no chunk extensions,
// no trailers, HTTP/1.1 only. Pure, one object per connection and direction. Norm: RFC 9112.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "drivers/base/bytes.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/result.hpp"
#include "sync/http/message.hpp"

namespace http {

/// Reads the body after the head has told how long it is.
class BodyReader {
  public:
    BodyReader() = default;
    /// A body of exactly this many bytes.
    static BodyReader of_length(std::size_t bytes);
    /// A chunked body of at most `bytes_max`.
    static BodyReader of_chunks(std::size_t bytes_max);

    /// Takes bytes from the front. returns how many were used; less than all only when done().
    /// errors  http_bad (detail 400), message_too_large (detail 413).
    base::Result<std::size_t> feed(base::ByteView bytes, std::string& body);
    [[nodiscard]] bool done() const { return phase_ == Phase::done; }

  private:
    enum class Phase : std::uint8_t { length, chunk_size, chunk_data, chunk_end, last_end, done };
    base::Result<void> size_byte(std::uint8_t byte, std::size_t body_bytes);
    base::Result<void> end_byte(std::uint8_t byte);
    void start_size();

    Phase phase_ = Phase::done;
    std::size_t left_ = 0;       ///< bytes of data still to come in this body or chunk
    std::size_t bytes_max_ = 0;  ///< bound of the whole body
    unsigned digits_ = 0;        ///< hex digits seen of a chunk size
    bool cr_seen_ = false;       ///< the CR of a line end has been read
};

/// Common part of both parsers: collects a head, then a body.
class MessageParser {
  public:
    explicit MessageParser(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    /// True as soon as a byte of the message was seen.
    [[nodiscard]] bool started() const { return !head_.empty(); }
    [[nodiscard]] bool head_done() const { return head_done_; }
    [[nodiscard]] bool done() const { return head_done_ && body_reader_.done(); }
    /// False if the sender asked to close the connection after this message.
    [[nodiscard]] bool keep_alive() const { return keep_alive_; }

  protected:
    /// Takes head bytes up to and with the empty line. errors: http_bad (400), message_too_large
    /// (431).
    base::Result<std::size_t> feed_head(base::ByteView bytes);
    void restart();

    std::size_t body_bytes_max_;
    std::string head_;
    bool head_done_ = false;
    bool keep_alive_ = true;
    BodyReader body_reader_;
};

class RequestParser : public MessageParser {
  public:
    explicit RequestParser(std::size_t body_bytes_max = limits::http_body_bytes_max)
        : MessageParser(body_bytes_max) {}

    /// Takes bytes from the front and stops at the end of the request.
    /// returns  how many bytes were used; less than all only when done() (the rest is the next
    /// request). errors   http_bad, message_too_large; detail = the status to answer with (400,
    /// 411, 413, 417, 431, 501, 505).
    ///          The connection cannot be used after an error: where the next request starts is
    ///          unknown.
    base::Result<std::size_t> feed(base::ByteView bytes);
    /// The finished request (done() is CHECKed); the parser is ready for the next one.
    [[nodiscard]] Request take();
    /// True once if the sender waits for "100 Continue" before it sends its body (RFC 9110 10.1.1).
    [[nodiscard]] bool take_expectation() {
        return head_done_ && !done() && std::exchange(expects_continue_, false);
    }

  private:
    base::Result<void> read_head();
    Request request_;
    bool expects_continue_ = false;
};

class ResponseParser : public MessageParser {
  public:
    explicit ResponseParser(std::size_t body_bytes_max = limits::http_body_bytes_max)
        : MessageParser(body_bytes_max) {}

    /// As RequestParser::feed. A body must be framed (length or chunks): "until the connection
    /// closes" is refused, since a cut connection could not be told from the end.
    base::Result<std::size_t> feed(base::ByteView bytes);
    [[nodiscard]] Response take();

  private:
    base::Result<void> read_head();
    Response response_;
};

}  // namespace http
