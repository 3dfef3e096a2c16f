// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/parser.hpp"

#include <algorithm>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_http.hpp"
#include "sync/http/grammar.hpp"

namespace http {
namespace {

using base::Errc;

auto refuse(const char* where, std::uint32_t status = 400) {
    return base::fail(Errc::http_bad, where, status);
}

/// Takes the text up to the next CR LF out of `rest`. The head scanner guarantees that there is
/// one.
std::string_view next_line(std::string_view& rest) {
    const std::size_t end = rest.find("\r\n");
    CHECK(end != std::string_view::npos);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

/// Fields whose second occurrence would leave open which one counts.
bool may_stand_once(std::string_view name) {
    constexpr std::string_view singles[] = {"host",         "content-length", "transfer-encoding",
                                            "content-type", "authorization",  "date",
                                            "retry-after",  "expect",         "location"};
    return std::find(std::begin(singles), std::end(singles), name) != std::end(singles);
}

base::Result<Header> read_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return refuse("http field");
    const std::string_view name = line.substr(0, colon);
    // A token has no blank, so folding and a blank before the colon end here.
    if (!is_token(name)) return refuse("http field name");
    std::string_view value = line.substr(colon + 1);
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!value.empty() && blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && blank(value.back())) value.remove_suffix(1);
    // Which of these a direction takes was decided by the scan of the head.
    const bool good = std::all_of(value.begin(), value.end(), [&](char c) {
        return is_visible(c) || blank(c) || is_obs_text(c);
    });
    if (!good) return refuse("http field value");
    Header header{std::string(name), std::string(value)};
    std::transform(header.name.begin(), header.name.end(), header.name.begin(), to_lower);
    return header;
}

base::Result<Headers> read_fields(std::string_view rest) {
    Headers headers;
    while (true) {
        const std::string_view line = next_line(rest);
        if (line.empty()) return headers;
        if (headers.size() == limits::http_headers_max)
            return base::fail(Errc::message_too_large, "http fields", 431);
        TRY(header, read_field(line));
        if (may_stand_once(header.name) && find_header(headers, header.name))
            return refuse("http field twice");
        headers.push_back(std::move(header));
    }
}

struct Framing {
    bool chunked = false;
    std::optional<std::size_t> length;
};

base::Result<Framing> read_framing(const Headers& headers, std::size_t body_bytes_max) {
    const auto coding = find_header(headers, "transfer-encoding");
    const auto length = find_header(headers, "content-length");
    if (coding && length) return refuse("http framing twice");
    if (coding) {
        if (!equal_ignoring_case(*coding, "chunked")) return refuse("http coding", 501);
        return Framing{true, std::nullopt};
    }
    if (!length) return Framing{};
    const auto bytes = parse_decimal(*length);
    if (!bytes) return refuse("http length");
    if (*bytes > body_bytes_max) return base::fail(Errc::message_too_large, "http length", 413);
    return Framing{false, static_cast<std::size_t>(*bytes)};
}

BodyReader reader_for(const Framing& framing, std::size_t body_bytes_max) {
    if (framing.chunked) return BodyReader::of_chunks(body_bytes_max);
    return BodyReader::of_length(framing.length.value_or(0));
}

bool wants_keep_alive(const Headers& headers) {
    for (const Header& header : headers)
        if (header.name == "connection" && list_has(header.value, "close")) return false;
    return true;
}

base::Result<Method> read_method(std::string_view text) {
    if (text == "GET") return Method::get;
    if (text == "HEAD") return Method::head;
    if (text == "POST") return Method::post;
    constexpr std::string_view others[] = {"PUT", "DELETE", "PATCH", "OPTIONS"};
    if (std::find(std::begin(others), std::end(others), text) != std::end(others)) {
        return Method::other;
    }
    if (is_token(text)) return refuse("http method", 501);
    return refuse("http method");
}

struct RequestLine {
    Request request;
    std::optional<std::string> authority;
    bool is_1_0 = false;
};

base::Result<RequestLine> read_request_line(std::string_view line, Versions versions) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return refuse("http request line");
    TRY(method, read_method(line.substr(0, first)));
    const std::string_view version = line.substr(last + 1);
    const bool bodyless = method == Method::get || method == Method::head;
    const bool is_1_0 = versions == Versions::also_1_0 && bodyless && version == "HTTP/1.0";
    if (version != "HTTP/1.1" && !is_1_0) {
        const bool known_form = version.size() == 8 && version.starts_with("HTTP/") &&
                                is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
        return refuse("http version", known_form ? 505 : 400);
    }
    auto read = parse_request_target(line.substr(first + 1, last - first - 1));
    if (!read) return refuse("http target");
    RequestLine out;
    out.request.method = method;
    out.request.path = std::move(read->target.path);
    out.request.query = std::move(read->target.query);
    out.authority = std::move(read->authority);
    out.is_1_0 = is_1_0;
    return out;
}

/// One Host (HTTP/1.0 may lack it), and the same as in an absolute target: a client must send both
/// alike (RFC 9112 3.2), so one that does not means to be read in two ways.
base::Result<void> check_host(const RequestLine& line, const Headers& headers) {
    const auto host = find_header(headers, "host");
    if (!host && line.is_1_0) return {};
    if (!host || !is_host(*host)) return refuse("http host");
    if (line.authority && !equal_ignoring_case(*line.authority, *host)) return refuse("http host");
    return {};
}

struct StatusLine {
    unsigned status = 0;
    bool is_1_0 = false;
};

/// `HTTP/1.x SP 3DIGIT SP [reason]`. A higher minor version is read like 1.1 (RFC 9110 2.5).
base::Result<StatusLine> read_status_line(std::string_view line) {
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t minor_at = version.size();
    if (!line.starts_with(version) || line.size() < minor_at + 6 || !is_digit(line[minor_at]) ||
        line[minor_at + 1] != ' ' || line[minor_at + 5] != ' ')
        return refuse("http status line");
    const auto status = parse_decimal(line.substr(minor_at + 2, 3));
    // 101 would end HTTP on this connection, and nobody here asks for that.
    if (!status || *status < 100 || *status == 101 || *status > 599) return refuse("http status");
    return StatusLine{static_cast<unsigned>(*status), line[minor_at] == '0'};
}

}  // namespace

/// Scans for the empty line. Line ends are checked byte by byte, so that a bare CR or LF never
/// reaches a reader that might take it for a line end.
base::Result<std::size_t> MessageParser::feed_head(base::ByteView bytes) {
    for (std::size_t used = 0; used < bytes.size();) {
        const char c = static_cast<char>(bytes[used++]);
        const bool after_cr = !head_.empty() && head_.back() == '\r';
        if (after_cr != (c == '\n')) return refuse("http line end");
        const bool text = is_visible(c) || c == ' ' || c == '\t' || c == '\r' || c == '\n' ||
                          (text_ == HeadText::with_obs_text && is_obs_text(c));
        if (!text) return refuse("http character");
        if (head_.size() == limits::http_head_bytes_max)
            return base::fail(Errc::message_too_large, "http head", 431);
        head_ += c;
        if (head_.ends_with("\r\n\r\n")) {
            head_done_ = true;
            return used;
        }
        if (head_ == "\r\n") return used;
    }
    return bytes.size();
}

void MessageParser::restart() {
    head_.clear();
    head_done_ = false;
    keep_alive_ = true;
    body_reader_ = BodyReader();
}

base::Result<void> RequestParser::read_head() {
    std::string_view rest = head_;
    TRY(line, read_request_line(next_line(rest), versions_));
    TRY(headers, read_fields(rest));
    TRY_VOID(check_host(line, headers));
    Request& request = line.request;
    const auto expect = find_header(headers, "expect");
    if (expect && !equal_ignoring_case(*expect, "100-continue")) return refuse("http expect", 417);
    TRY(framing, read_framing(headers, body_bytes_max_));
    const bool framed = framing.chunked || framing.length;
    if (request.method == Method::post && !framed) return refuse("http length missing", 411);
    // A body where none belongs is how one request is smuggled behind another.
    const bool bodyless = request.method == Method::get || request.method == Method::head;
    if (bodyless && (framing.chunked || framing.length.value_or(0) > 0))
        return refuse("http body without post");
    // Chunks came with 1.1: whoever sends both has passed on what it did not understand.
    if (line.is_1_0 && framing.chunked) return refuse("http coding in 1.0");
    // RFC 9110 10.1.1: an expectation in 1.0 is ignored.
    expects_continue_ = expect.has_value() && !line.is_1_0;
    keep_alive_ = wants_keep_alive(headers) && !line.is_1_0;
    body_reader_ = reader_for(framing, body_bytes_max_);
    request.headers = std::move(headers);
    request_ = std::move(request);
    return {};
}

base::Result<std::size_t> RequestParser::feed(base::ByteView bytes) {
    std::size_t used = 0;
    while (!head_done_) {
        TRY(head_bytes, feed_head(bytes.subspan(used)));
        used += head_bytes;
        if (head_ == "\r\n") {
            // One that was meant for the end of the body before it (RFC 9112 2.2).
            if (std::exchange(empty_line_skipped_, true)) return refuse("http empty start");
            head_.clear();
        }
        if (head_done_) TRY_VOID(read_head());
        if (used == bytes.size() && !head_done_) return used;
    }
    TRY(body_bytes, body_reader_.feed(bytes.subspan(used), request_.body));
    return used + body_bytes;
}

Request RequestParser::take() {
    CHECK(done());
    restart();
    expects_continue_ = false;
    empty_line_skipped_ = false;
    return std::exchange(request_, Request{});
}

base::Result<void> ResponseParser::read_head() {
    std::string_view rest = head_;
    TRY(line, read_status_line(next_line(rest)));
    TRY(headers, read_fields(rest));
    if (line.status < 200) {
        if (++interim_ > limits::http_interim_max) return refuse("http interim answers");
        restart();
        return {};
    }
    // These end with their head, whatever their fields say (RFC 9112 6.3 rule 1).
    const bool bodyless = line.status == 204 || line.status == 304;
    keep_alive_ = wants_keep_alive(headers) && !line.is_1_0;
    if (!bodyless) {
        TRY(framing, read_framing(headers, body_bytes_max_));
        if (framing.chunked && line.is_1_0) return refuse("http coding in 1.0");
        const bool framed = framing.chunked || framing.length;
        if (!framed) keep_alive_ = false;
        body_reader_ =
            framed ? reader_for(framing, body_bytes_max_) : BodyReader::until_end(body_bytes_max_);
    }
    response_ = Response{line.status, std::move(headers), {}};
    has_status_ = true;
    return {};
}

base::Result<std::size_t> ResponseParser::feed(base::ByteView bytes) {
    std::size_t used = 0;
    while (!head_done_) {
        TRY(head_bytes, feed_head(bytes.subspan(used)));
        used += head_bytes;
        if (head_ == "\r\n") return refuse("http empty start");
        if (head_done_) TRY_VOID(read_head());
        if (used == bytes.size() && !head_done_) return used;
    }
    TRY(body_bytes, body_reader_.feed(bytes.subspan(used), response_.body));
    return used + body_bytes;
}

base::Result<void> ResponseParser::end() {
    if (has_status_) body_reader_.end();
    if (has_status_ && done()) return {};
    return base::fail(Errc::network_unreachable, "http closed");
}

Response ResponseParser::take() {
    CHECK(done());
    return take_head();
}

Response ResponseParser::take_head() {
    CHECK(has_status_);
    restart();
    has_status_ = false;
    interim_ = 0;
    return std::exchange(response_, Response{});
}

}  // namespace http
