// SPDX-License-Identifier: EUPL-1.2
// The writer against the parser: what one writes the other reads, and what would split a message is
// refused.
#include "sync/http/writer.hpp"

#include <doctest/doctest.h>

#include "sync/http/client.hpp"
#include "sync/http/parser.hpp"

using base::as_bytes;

TEST_CASE("writer: a request is read back as it was") {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/v1/terminals/\xC3\xA4 b/batches";
    request.query = "after=1";
    request.headers = {{"content-type", "application/json"}};
    request.body = std::string("a\r\n\r\n\0b", 7);
    const auto text = http::write_request(request, "host:8443");
    REQUIRE(text);
    http::RequestParser parser;
    REQUIRE(parser.feed(as_bytes(*text)));
    REQUIRE(parser.done());
    const http::Request back = parser.take();
    CHECK(back.method == request.method);
    CHECK(back.path == request.path);
    CHECK(back.query == request.query);
    CHECK(back.body == request.body);
    CHECK(back.header("content-type") == "application/json");
    CHECK(back.header("host") == "host:8443");
}

TEST_CASE("writer: a message that would be split or misread is refused") {
    const http::Header bad[] = {
        {"x-a", "b\r\nx-c: d"},
        {"x-a", "b\n"},
        {"x a", "b"},
        {"", "b"},
        {"x-a", " b"},
        {"content-length", "1"},
        {"Host", "b"},
        {"connection", "close"},
        {"transfer-encoding", "chunked"},
    };
    for (const http::Header& header : bad) {
        CAPTURE(header.name);
        http::Request request;
        request.headers = {header};
        CHECK_FALSE(http::write_request(request, "a"));
        http::Response response;
        response.headers = {header};
        CHECK_FALSE(http::write_response(response, {}));
    }
    http::Request request;
    request.body = "x";
    CHECK_FALSE(http::write_request(request, "a"));  // GET with a body
    request.body.clear();
    request.query = "a b";
    CHECK_FALSE(http::write_request(request, "a"));
    request.query.clear();
    CHECK_FALSE(http::write_request(request, "a b"));
    request.path = "/a/../b";
    CHECK_FALSE(http::write_request(request, "a"));
    for (const unsigned status : {0U, 100U, 199U, 600U}) {
        http::Response response;
        response.status = status;
        CHECK_FALSE(http::write_response(response, {}));
    }
}

TEST_CASE("writer: a response carries length, date and persistence; HEAD carries no body") {
    http::Response response = http::make_response(200, "text/plain", "abc");
    const auto text = http::write_response(
        response, {http::Persistence::close, http::Method::head, 784'111'777'000});
    REQUIRE(text);
    CHECK(*text ==
          "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "connection: close\r\ncontent-length: 3\r\n\r\n");
}

TEST_CASE("writer: a date is read back, and nothing else is") {
    for (const std::uint64_t ms :
         {0ULL, 784'111'777'000ULL, 1'780'272'000'000ULL, 4'102'444'799'000ULL})
        CHECK(http::parse_date(http::write_date(ms)) == ms);
    CHECK(http::write_date(1'709'164'800'000) == "Thu, 29 Feb 2024 00:00:00 GMT");
    for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37 CET", "Mon, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
                             "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT",
                             "Sun, -6 Nov 1994 08:49:37 GMT", "Wed, 31 Dec 1969 23:59:59 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(http::parse_date(text));
    }
}

TEST_CASE("writer: Retry-After is read in seconds and as a date, and bounded") {
    constexpr std::uint64_t now = 784'111'777'000;  // Sun, 06 Nov 1994 08:49:37 GMT
    struct Row {
        const char* text;
        std::optional<std::uint64_t> ms;
    };
    for (const Row& row : {Row{"0", 0},
                           {"7", 7'000},
                           {"60", 60'000},
                           {"61", 60'000},
                           {"18446744073709551615", 60'000},
                           {"Sun, 06 Nov 1994 08:49:38 GMT", 1'000},
                           {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
                           {"Sun, 06 Nov 1994 08:49:36 GMT", 0},
                           {"Mon, 07 Nov 1994 08:49:37 GMT", 60'000},
                           {"", std::nullopt},
                           {"-1", std::nullopt},
                           {"soon", std::nullopt}}) {
        CAPTURE(row.text);
        const http::Response response{503, {{"retry-after", row.text}}, {}};
        CHECK(http::retry_after_ms(response, now, 60'000) == row.ms);
    }
    CHECK_FALSE(http::retry_after_ms(http::Response{}, now, 60'000));
}

TEST_CASE("message: a problem is RFC 9457 JSON") {
    const http::Response response = http::make_problem(409, "fork", "Same position, other bytes");
    CHECK(response.header("content-type") == "application/problem+json");
    CHECK(response.body ==
          "{\"type\":\"urn:freigabe:problem:fork\",\"title\":\"Same position, other bytes\","
          "\"status\":409}");
}

TEST_CASE("client: origins") {
    struct Row {
        const char* url;
        const char* host;
        unsigned port;
    };
    for (const Row& row : {Row{"https://a.example", "a.example", 443},
                           {"https://a:1/", "a", 1},
                           {"https://127.0.0.1:65535", "127.0.0.1", 65'535},
                           {"https://[::1]:8443", "::1", 8'443},
                           {"https://[::1]", "::1", 443}}) {
        CAPTURE(row.url);
        const auto origin = http::parse_origin(row.url);
        REQUIRE(origin);
        CHECK(origin->host == row.host);
        CHECK(origin->port == row.port);
    }
    for (const char* url :
         {"", "https://", "http://a", "https://a/b", "https://a:0", "https://a:65536",
          "https://a:", "https://u@a", "https://a b", "https://::1", "https://[a]", "https://[::1",
          "https://[::1]x", "https://a?b", "HTTPS://a"}) {
        CAPTURE(url);
        CHECK_FALSE(http::parse_origin(url));
    }
}
