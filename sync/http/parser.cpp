// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/parser.hpp"

#include <algorithm>
#include <utility>

#include "drivers/base/check.hpp"
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
    if (!is_field_value(value)) return refuse("http field value");
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

base::Result<Request> read_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return refuse("http request line");
    TRY(method, read_method(line.substr(0, first)));
    const std::string_view version = line.substr(last + 1);
    if (version != "HTTP/1.1") {
        const bool known_form = version.size() == 8 && version.starts_with("HTTP/") &&
                                is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
        return refuse("http version", known_form ? 505 : 400);
    }
    auto target = parse_target(line.substr(first + 1, last - first - 1));
    if (!target) return refuse("http target");
    Request request;
    request.method = method;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    return request;
}

/// `HTTP/1.1 SP 3DIGIT SP [reason]`. Interim answers (1xx) are never asked for by our requests, so
/// they are refused.
base::Result<unsigned> read_status_line(std::string_view line) {
    constexpr std::string_view version = "HTTP/1.1 ";
    if (!line.starts_with(version)) return refuse("http status line");
    line.remove_prefix(version.size());
    if (line.size() < 4 || line[3] != ' ') return refuse("http status line");
    const auto status = parse_decimal(line.substr(0, 3));
    if (!status || *status < 200 || *status > 599) return refuse("http status");
    return static_cast<unsigned>(*status);
}

}  // namespace

/// Scans for the empty line. Line ends are checked byte by byte, so that a bare CR or LF never
/// reaches a reader that might take it for a line end.
base::Result<std::size_t> MessageParser::feed_head(base::ByteView bytes) {
    for (std::size_t used = 0; used < bytes.size();) {
        const char c = static_cast<char>(bytes[used++]);
        const bool after_cr = !head_.empty() && head_.back() == '\r';
        if (after_cr != (c == '\n')) return refuse("http line end");
        const bool text = is_visible(c) || c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!text) return refuse("http character");
        if (head_.size() == limits::http_head_bytes_max)
            return base::fail(Errc::message_too_large, "http head", 431);
        head_ += c;
        if (head_.ends_with("\r\n\r\n")) {
            head_done_ = true;
            return used;
        }
        if (head_ == "\r\n") return refuse("http empty start");
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
    TRY(request, read_request_line(next_line(rest)));
    TRY(headers, read_fields(rest));
    const auto host = find_header(headers, "host");
    if (!host || !is_host(*host)) return refuse("http host");
    const auto expect = find_header(headers, "expect");
    if (expect && !equal_ignoring_case(*expect, "100-continue")) return refuse("http expect", 417);
    TRY(framing, read_framing(headers, body_bytes_max_));
    const bool framed = framing.chunked || framing.length;
    if (request.method == Method::post && !framed) return refuse("http length missing", 411);
    // A body where none belongs is how one request is smuggled behind another.
    const bool bodyless = request.method == Method::get || request.method == Method::head;
    if (bodyless && (framing.chunked || framing.length.value_or(0) > 0))
        return refuse("http body without post");
    expects_continue_ = expect.has_value();
    keep_alive_ = wants_keep_alive(headers);
    body_reader_ = reader_for(framing, body_bytes_max_);
    request.headers = std::move(headers);
    request_ = std::move(request);
    return {};
}

base::Result<std::size_t> RequestParser::feed(base::ByteView bytes) {
    std::size_t used = 0;
    if (!head_done_) {
        TRY(head_bytes, feed_head(bytes));
        used = head_bytes;
        if (!head_done_) return used;
        TRY_VOID(read_head());
    }
    TRY(body_bytes, body_reader_.feed(bytes.subspan(used), request_.body));
    return used + body_bytes;
}

Request RequestParser::take() {
    CHECK(done());
    restart();
    expects_continue_ = false;
    return std::exchange(request_, Request{});
}

base::Result<void> ResponseParser::read_head() {
    std::string_view rest = head_;
    TRY(status, read_status_line(next_line(rest)));
    TRY(headers, read_fields(rest));
    TRY(framing, read_framing(headers, body_bytes_max_));
    const bool bodyless = status == 204 || status == 304;
    if (bodyless && (framing.chunked || framing.length.value_or(0) > 0))
        return refuse("http body without place");
    if (!bodyless && !framing.chunked && !framing.length) return refuse("http body unframed");
    keep_alive_ = wants_keep_alive(headers);
    body_reader_ = reader_for(framing, body_bytes_max_);
    response_ = Response{status, std::move(headers), {}};
    return {};
}

base::Result<std::size_t> ResponseParser::feed(base::ByteView bytes) {
    std::size_t used = 0;
    if (!head_done_) {
        TRY(head_bytes, feed_head(bytes));
        used = head_bytes;
        if (!head_done_) return used;
        TRY_VOID(read_head());
    }
    TRY(body_bytes, body_reader_.feed(bytes.subspan(used), response_.body));
    return used + body_bytes;
}

Response ResponseParser::take() {
    CHECK(done());
    restart();
    return std::exchange(response_, Response{});
}

}  // namespace http
