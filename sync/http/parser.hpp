// SPDX-License-Identifier: EUPL-1.2
// Incremental parsers of one request or one response: bytes in, checked message out, no I/O
// (sans-IO). Deliberately a strict subset, since every leniency in HTTP framing has been an attack:
// CRLF only, no folding, one Content-Length or exactly "chunked", never both, no chunk extensions,
// no trailers. Requests are HTTP/1.1 (a listener may take 1.0, too) and ASCII; of foreign servers
// the client takes whatever is an answer by RFC 9112: any 1.x, interim answers, obs-text, a body
// until the end. Pure, one object per connection and direction. Norm: RFC 9112.
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
    /// A body of at most `bytes_max` that runs until the stream ends.
    static BodyReader until_end(std::size_t bytes_max);

    /// Takes bytes from the front. returns how many were used; less than all only when done().
    /// errors  http_bad (detail 400), message_too_large (detail 413).
    base::Result<std::size_t> feed(base::ByteView bytes, std::string& body);
    [[nodiscard]] bool done() const { return phase_ == Phase::done; }
    [[nodiscard]] bool runs_until_end() const { return phase_ == Phase::until_end; }
    /// The stream has ended in order. Only what runs until then is done by it.
    void end() {
        if (runs_until_end()) phase_ = Phase::done;
    }

  private:
    enum class Phase : std::uint8_t {
        length,
        chunk_size,
        chunk_data,
        chunk_end,
        last_end,
        until_end,
        done
    };
    base::Result<void> size_byte(std::uint8_t byte, std::size_t body_bytes);
    base::Result<void> end_byte(std::uint8_t byte);
    void start_size();

    Phase phase_ = Phase::done;
    std::size_t left_ = 0;       ///< bytes of data still to come in this body or chunk
    std::size_t bytes_max_ = 0;  ///< bound of the whole body
    unsigned digits_ = 0;        ///< hex digits seen of a chunk size
    bool cr_seen_ = false;       ///< the CR of a line end has been read
};

/// Which bytes may stand in a head.
enum class HeadText : std::uint8_t { ascii, with_obs_text };

/// Common part of both parsers: collects a head, then a body.
class MessageParser {
  public:
    MessageParser(std::size_t body_bytes_max, HeadText text)
        : body_bytes_max_(body_bytes_max), text_(text) {}

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
    HeadText text_;
    std::string head_;
    bool head_done_ = false;
    bool keep_alive_ = true;
    BodyReader body_reader_;
};

/// Versions of HTTP that a listener takes. 1.0 is what reverse proxies speak to their upstream
/// unless told otherwise: GET and HEAD only, no Transfer-Encoding, one request a connection.
enum class Versions : std::uint8_t { only_1_1, also_1_0 };

class RequestParser : public MessageParser {
  public:
    explicit RequestParser(std::size_t body_bytes_max = limits::http_body_bytes_max,
                           Versions versions = Versions::only_1_1)
        : MessageParser(body_bytes_max, HeadText::ascii), versions_(versions) {}

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
    Versions versions_;
    Request request_;
    bool expects_continue_ = false;
    bool empty_line_skipped_ = false;  ///< before the present request
};

class ResponseParser : public MessageParser {
  public:
    explicit ResponseParser(std::size_t body_bytes_max = limits::http_body_bytes_max)
        : MessageParser(body_bytes_max, HeadText::with_obs_text) {}

    /// As RequestParser::feed. Interim answers are passed over, at most limits::http_interim_max.
    base::Result<std::size_t> feed(base::ByteView bytes);
    /// The peer has ended its stream in order (close_notify, not merely a cut line): an answer
    /// without length and chunks is whole now (RFC 9112 6.3, 9.8).
    /// errors  network_unreachable: it came too early.
    base::Result<void> end();
    /// True once the head of the final answer has been read and found good.
    [[nodiscard]] bool has_status() const { return has_status_; }
    /// True if the body has no other end than that of the stream.
    [[nodiscard]] bool runs_until_end() const { return body_reader_.runs_until_end(); }
    /// The finished response (done() is CHECKed).
    [[nodiscard]] Response take();
    /// The response without a body that may be unfinished (has_status() is CHECKed).
    [[nodiscard]] Response take_head();

  private:
    base::Result<void> read_head();
    Response response_;
    bool has_status_ = false;
    unsigned interim_ = 0;  ///< interim answers passed over
};

}  // namespace http
