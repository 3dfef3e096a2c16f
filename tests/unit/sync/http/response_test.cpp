// SPDX-License-Identifier: EUPL-1.2
// Answers of foreign servers: every form that RFC 9112 allows is read, whole and split at every
// byte; what leaves open where the answer ends is refused.
#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits_http.hpp"
#include "sync/http/parser.hpp"

namespace {

using base::as_bytes;

/// How the answer came to its end: by itself, by that of the stream, or not at all.
enum class End { itself, stream, none };

struct Row {
    std::string text;
    unsigned status;
    std::string body;
    End end = End::itself;
    bool keep_alive = true;
};

void check_row(const Row& row, std::size_t split) {
    CAPTURE(split);
    http::ResponseParser parser(100);
    const auto bytes = as_bytes(row.text);
    const auto first = parser.feed(bytes.first(split));
    REQUIRE(first);
    const auto second = parser.feed(bytes.subspan(*first));
    REQUIRE(second);
    CHECK(*first + *second == bytes.size());
    CHECK(parser.done() == (row.end == End::itself));
    CHECK(parser.runs_until_end() == (row.end == End::stream));
    CHECK(parser.end().has_value() == (row.end != End::none));
    if (row.end == End::none) return;
    REQUIRE(parser.done());
    CHECK(parser.keep_alive() == row.keep_alive);
    const http::Response response = parser.take();
    CHECK(response.status == row.status);
    CHECK(response.body == row.body);
}

std::string interim(unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; ++i) text += "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    return text;
}

const std::string empty_202 = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";

}  // namespace

TEST_CASE("response: every ordinary form is read the same whole and split at every byte") {
    const Row rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", 200, "ab"},
        {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""},
        {"HTTP/1.1 599 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 599, "a"},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", 200, "a",
         End::itself, false},
        // No body, whatever the fields say.
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, ""},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304, ""},
        {"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, ""},
        // Until the stream ends.
        {"HTTP/1.1 202 Accepted\r\n\r\n", 202, "", End::stream, false},
        {"HTTP/1.1 202 Accepted\r\n\r\nab\r\n\r\n", 202, "ab\r\n\r\n", End::stream, false},
        {"HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\n", 202, "", End::stream, false},
        {"HTTP/1.1 200 OK\r\n\r\n" + std::string(100, 'b'), 200, std::string(100, 'b'), End::stream,
         false},
        // HTTP/1.0 closes, also when it says something else; later minor versions are 1.1.
        {"HTTP/1.0 202 Accepted\r\n\r\n", 202, "", End::stream, false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", 200, "a",
         End::itself, false},
        {"HTTP/1.2 200 OK\r\nContent-Length: 1\r\n\r\na", 200, "a"},
        // Interim answers.
        {"HTTP/1.1 100 Continue\r\n\r\n" + empty_202, 202, ""},
        {interim(limits::http_interim_max) + empty_202, 202, ""},
        {"HTTP/1.1 103 x\r\nContent-Length: 5\r\n\r\nHTTP/1.0 202 x\r\n\r\nab", 202, "ab",
         End::stream, false},
        // Bytes that no ASCII text has, in a field and in the reason.
        {"HTTP/1.1 200 Erw\xC3\xBCnscht\r\nServer: M\xFCller \x80\xFF\r\nContent-Length: "
         "0\r\n\r\n",
         200, ""},
        // Cut.
        {"", 0, "", End::none},
        {"HTTP/1.1 200 OK\r\n", 0, "", End::none},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", 0, "", End::none},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", 0, "", End::none},
        {"HTTP/1.1 100 Continue\r\n\r\n", 0, "", End::none},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        for (std::size_t split = 0; split <= row.text.size(); ++split) check_row(row, split);
    }
}

TEST_CASE("response: a field with foreign bytes is given as it came") {
    http::ResponseParser parser;
    REQUIRE(parser.feed(as_bytes("HTTP/1.1 204 x\r\nServer: M\xC3\xBCller\r\n\r\n")));
    CHECK(parser.take().header("server") == "M\xC3\xBCller");
}

TEST_CASE("response: a head is enough for whoever asks for the status, and the next one follows") {
    http::ResponseParser parser;
    CHECK_FALSE(parser.has_status());
    REQUIRE(parser.feed(as_bytes(interim(1))));
    CHECK_FALSE(parser.has_status());
    REQUIRE(parser.feed(as_bytes("HTTP/1.1 202 x\r\nContent-Length: 9\r\n\r\nab")));
    CHECK(parser.has_status());
    CHECK_FALSE(parser.done());
    CHECK(parser.take_head().status == 202);
    CHECK_FALSE(parser.has_status());
    REQUIRE(parser.feed(as_bytes(interim(limits::http_interim_max) + empty_202)));
    CHECK(parser.done());
}

TEST_CASE("response: one whose end is in doubt, or that is none, is refused") {
    for (const std::string& text : std::initializer_list<std::string>{
             interim(limits::http_interim_max + 1) + empty_202,
             "HTTP/1.1 101 Switching Protocols\r\n\r\n",
             "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'b'),
             "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
             "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 600 x\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n",
             "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.x 200 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nM\xFCll: a\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX: a\x7F\r\nContent-Length: 0\r\n\r\n",
             "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n"}) {
        CAPTURE(text);
        http::ResponseParser parser(100);
        CHECK_FALSE(parser.feed(as_bytes(text)));
    }
}
