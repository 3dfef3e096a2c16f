// SPDX-License-Identifier: EUPL-1.2
// The grammar of our HTTP subset as tables: what is read, and what is refused with which status.
// Every good row is fed whole and split at every byte. Norm: RFC 9112; the refused rows are the
// known ways to smuggle a request.
#include "sync/http/parser.hpp"

#include <doctest/doctest.h>

#include <string>

#include "sync/http/grammar.hpp"

namespace {

using base::as_bytes;

struct Outcome {
    bool ok = false;
    bool done = false;
    std::uint32_t status = 0;
    http::Request request;
    std::size_t rest = 0;
};

Outcome parse(const std::string& text, std::size_t split,
              http::Versions versions = http::Versions::only_1_1) {
    http::RequestParser parser(1'000, versions);
    Outcome out;
    std::string_view rest = text;
    for (const std::size_t take : {split, text.size() - split}) {
        if (parser.done()) break;
        const auto used = parser.feed(as_bytes(rest.substr(0, take)));
        if (!used) {
            out.status = used.error().detail;
            return out;
        }
        rest.remove_prefix(*used);
    }
    out.ok = true;
    out.done = parser.done();
    out.rest = rest.size();
    if (out.done) out.request = parser.take();
    return out;
}

std::string get(const std::string& fields, const std::string& target = "/") {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string post(const std::string& fields, const std::string& body) {
    return "POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

struct Good {
    const char* what;
    std::string text;
    std::string path;
    std::string body;
};

}  // namespace

TEST_CASE("parser: a good request is read the same whole and split at every byte") {
    const Good rows[] = {
        {"least", get(""), "/", ""},
        {"length 0", get("Content-Length: 0\r\n"), "/", ""},
        {"path and query", get("", "/v1/inbox?a=b%20c"), "/v1/inbox", ""},
        {"escaped umlaut", get("", "/%C3%A4"), "/\xC3\xA4", ""},
        {"empty field value", get("X-A:\r\n"), "/", ""},
        {"blanks around a value", get("X-A: \t b\tc \t\r\n"), "/", ""},
        {"length 1", post("Content-Length: 1\r\n", "x"), "/x", "x"},
        {"length with leading zero", post("Content-Length: 003\r\n", "abc"), "/x", "abc"},
        {"no body of a post", post("Content-Length: 0\r\n", ""), "/x", ""},
        {"body at its bound", post("Content-Length: 1000\r\n", std::string(1'000, 'b')), "/x",
         std::string(1'000, 'b')},
        {"one chunk", post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), "/x", "abc"},
        {"chunks",
         post("transfer-encoding: Chunked\r\n", "1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\n"), "/x",
         "a0123456789"},
        {"no chunk", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), "/x", ""},
        {"size of eight digits",
         post("Transfer-Encoding: chunked\r\n", "00000001\r\na\r\n0\r\n\r\n"), "/x", "a"},
        {"an empty line first", "\r\n" + get(""), "/", ""},
        {"absolute", get("", "http://a/b?c"), "/b", ""},
        {"absolute, in other letters", get("", "HTTPS://A/b"), "/b", ""},
        {"absolute without a path", get("", "http://a"), "/", ""},
        {"absolute with a query alone", get("", "http://a?b=/c"), "/", ""},
        {"line ends inside a body", post("Content-Length: 4\r\n", "\r\n\r\n"), "/x", "\r\n\r\n"},
    };
    for (const Good& row : rows) {
        CAPTURE(row.what);
        for (std::size_t split = 0; split <= row.text.size(); ++split) {
            const Outcome out = parse(row.text, split);
            REQUIRE(out.ok);
            REQUIRE(out.done);
            CHECK(out.request.path == row.path);
            CHECK(out.request.body == row.body);
        }
    }
}

TEST_CASE("parser: methods of other interfaces are well-formed and served by nobody") {
    for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS"}) {
        CAPTURE(method);
        const std::string start = std::string(method) + " /x HTTP/1.1\r\nHost: a\r\n";
        for (const char* rest : {"\r\n", "Content-Length: 2\r\n\r\n{}"}) {
            const Outcome out = parse(start + rest, 10);
            REQUIRE(out.ok);
            REQUIRE(out.done);
            CHECK(out.request.method == http::Method::other);
        }
    }
}

TEST_CASE("parser: a client that waits for 100 Continue is noticed once, and only if it waits") {
    http::RequestParser parser;
    const std::string head = post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "");
    REQUIRE(parser.feed(base::as_bytes(head)).has_value());
    CHECK(parser.take_expectation());
    CHECK_FALSE(parser.take_expectation());
    REQUIRE(parser.feed(base::as_bytes("a")).has_value());
    REQUIRE(parser.done());
    CHECK(parser.take().body == "a");
    REQUIRE(parser.feed(base::as_bytes(head + "a")).has_value());
    CHECK_FALSE(parser.take_expectation());
    CHECK(parser.take().body == "a");
    REQUIRE(parser.feed(base::as_bytes(post("Content-Length: 1\r\n", ""))).has_value());
    CHECK_FALSE(parser.take_expectation());
}

TEST_CASE("parser: a request outside the subset is refused with its status") {
    struct Bad {
        const char* what;
        std::string text;
        std::uint32_t status;
    };
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
    const Bad rows[] = {
        {"both length and chunks",
         post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        {"two lengths, equal", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
        {"two lengths, other", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400},
        {"length list", post("Content-Length: 3, 3\r\n", "abc"), 400},
        {"length signed", post("Content-Length: +3\r\n", "abc"), 400},
        {"length negative", post("Content-Length: -1\r\n", ""), 400},
        {"length hex", post("Content-Length: 0x3\r\n", "abc"), 400},
        {"length empty", post("Content-Length:\r\n", ""), 400},
        {"length beyond 64 bits", post("Content-Length: 18446744073709551616\r\n", ""), 400},
        {"length at 64 bits", post("Content-Length: 18446744073709551615\r\n", ""), 413},
        {"length one above the bound", post("Content-Length: 1001\r\n", ""), 413},
        {"chunks one above the bound",
         post("Transfer-Encoding: chunked\r\n", "3e8\r\n" + std::string(1'000, 'b') + "\r\n1\r\n"),
         413},
        {"chunk size of nine digits", post("Transfer-Encoding: chunked\r\n", "000000001\r\n"), 400},
        {"chunk size empty", post("Transfer-Encoding: chunked\r\n", "\r\n"), 400},
        {"chunk size with blank", post("Transfer-Encoding: chunked\r\n", "1 \r\na"), 400},
        {"chunk extension", post("Transfer-Encoding: chunked\r\n", "1;x=y\r\na\r\n"), 400},
        {"chunk line ends with bare lf", post("Transfer-Encoding: chunked\r\n", "1\na\r\n"), 400},
        {"chunk longer than its size", post("Transfer-Encoding: chunked\r\n", "1\r\nab"), 400},
        {"trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nX: y\r\n\r\n"), 400},
        {"coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""),
         400},
        {"coding list", post("Transfer-Encoding: gzip, chunked\r\n", ""), 501},
        {"coding identity", post("Transfer-Encoding: identity\r\n", ""), 501},
        {"post without length", post("", ""), 411},
        {"get with body", get("Content-Length: 1\r\n"), 400},
        {"get with chunks", get("Transfer-Encoding: chunked\r\n"), 400},
        {"blank before colon", start + "X-A : b\r\n\r\n", 400},
        {"folded line", start + "X-A: b\r\n c\r\n\r\n", 400},
        {"folded with tab", start + "X-A: b\r\n\tc\r\n\r\n", 400},
        {"name empty", start + ": b\r\n\r\n", 400},
        {"no colon", start + "X-A\r\n\r\n", 400},
        {"nul in value", start + std::string("X-A: a\0b\r\n\r\n", 13), 400},
        {"byte 7f in value", start + "X-A: a\x7F\r\n\r\n", 400},
        {"byte 80 in value", start + "X-A: a\x80\r\n\r\n", 400},
        {"bare lf", "GET / HTTP/1.1\nHost: a\n\n", 400},
        {"bare cr", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400},
        {"two cr", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
        {"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"bare lf first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"bare cr first", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"host empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"version 1.0", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505},
        {"version 2.0", "PRI * HTTP/2.0\r\n\r\n", 501},
        {"version small", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"blank in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"method unknown", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"method trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"method connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"method small", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"method with colon", "G:T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"target absolute, of another host", get("", "http://b/"), 400},
        {"target absolute, of another port", get("", "http://a:81/"), 400},
        {"target absolute with a user", get("", "http://u@a/"), 400},
        {"target absolute without a host", get("", "http:///b"), 400},
        {"target absolute of another scheme", get("", "ftp://a/"), 400},
        {"target absolute with dot segments", get("", "http://a/../b"), 400},
        {"target absolute without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400},
        {"target authority", get("", "a:443"), 400},
        {"target star", get("", "*"), 400},
        {"target with fragment", get("", "/a#b"), 400},
        {"dot segments", get("", "/a/../b"), 400},
        {"dot segments escaped", get("", "/a/%2e%2E/b"), 400},
        {"slash escaped", get("", "/a%2fb"), 400},
        {"backslash escaped", get("", "/a%5Cb"), 400},
        {"nul escaped", get("", "/a%00b"), 400},
        {"escape cut", get("", "/a%2"), 400},
        {"escape foreign", get("", "/a%zz"), 400},
        {"two slashes", get("", "//a"), 400},
        {"expect", post("Expect: tea\r\nContent-Length: 1\r\n", "a"), 417},
        {"expect more", post("Expect: 100-continue, tea\r\nContent-Length: 1\r\n", "a"), 417},
    };
    for (const Bad& row : rows) {
        CAPTURE(row.what);
        for (const std::size_t split : {std::size_t{0}, row.text.size() / 2}) {
            const Outcome out = parse(row.text, split);
            CHECK_FALSE(out.ok);
            CHECK(out.status == row.status);
        }
    }
}

TEST_CASE("parser: a listener may take HTTP/1.0, for one request without a body") {
    constexpr auto both = http::Versions::also_1_0;
    for (const char* text :
         {"GET /a HTTP/1.0\r\n\r\n", "HEAD /a HTTP/1.0\r\nHost: a:1\r\n\r\n",
          "GET /a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
          "\r\nGET http://a/a HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"}) {
        CAPTURE(text);
        http::RequestParser parser(1'000, both);
        const auto used = parser.feed(as_bytes(std::string(text) + "GET"));
        REQUIRE(used);
        CHECK(*used == std::string_view(text).size());
        REQUIRE(parser.done());
        CHECK_FALSE(parser.keep_alive());
        CHECK_FALSE(parser.take_expectation());
        CHECK(parser.take().path == "/a");
        CHECK(parse(text, 0).status == 505);
    }
    struct Bad {
        const char* text;
        std::uint32_t status;
    };
    for (const Bad& row :
         {Bad{"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
          {"GET / HTTP/1.0\r\nTransfer-Encoding: identity\r\n\r\n", 501},
          {"GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\na", 400},
          {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
          {"GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", 400},
          {"GET http://b/ HTTP/1.0\r\nHost: a\r\n\r\n", 400},
          {"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na", 505},
          {"PUT / HTTP/1.0\r\n\r\n", 505},
          {"GET / HTTP/0.9\r\n\r\n", 505},
          {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
          {"GET / HTTP/1.1\r\n\r\n", 400}}) {
        CAPTURE(row.text);
        CHECK(parse(row.text, 3, both).status == row.status);
    }
}

TEST_CASE("parser: number and size of fields are bounded") {
    const auto with_fields = [](std::size_t count) {
        std::string fields;
        for (std::size_t i = 1; i < count; ++i) fields += "X-A: b\r\n";  // Host is one of them
        return get(fields);
    };
    CHECK(parse(with_fields(limits::http_headers_max - 1), 0).done);
    CHECK(parse(with_fields(limits::http_headers_max), 0).done);
    CHECK(parse(with_fields(limits::http_headers_max + 1), 0).status == 431);

    const auto of_size = [](std::size_t bytes) {
        const std::size_t others = get("X-A: \r\n").size();
        return get("X-A: " + std::string(bytes - others, 'b') + "\r\n");
    };
    CHECK(parse(of_size(limits::http_head_bytes_max - 1), 0).done);
    CHECK(parse(of_size(limits::http_head_bytes_max), 0).done);
    CHECK(parse(of_size(limits::http_head_bytes_max + 1), 0).status == 431);
}

TEST_CASE("parser: bytes behind a request belong to the next one") {
    http::RequestParser parser;
    const std::string two =
        post("Content-Length: 1\r\n", "a") + get("Connection: x, Close\r\n", "/b");
    const auto first = parser.feed(as_bytes(two));
    REQUIRE(first);
    REQUIRE(parser.done());
    CHECK(parser.keep_alive());
    CHECK(parser.take().body == "a");
    CHECK_FALSE(parser.started());
    const auto second = parser.feed(as_bytes(two).subspan(*first));
    REQUIRE(second);
    REQUIRE(parser.done());
    CHECK_FALSE(parser.keep_alive());
    CHECK(parser.take().path == "/b");
    // An empty line that was meant for the end of a body, before each of them.
    REQUIRE(parser.feed(as_bytes("\r\n")));
    CHECK_FALSE(parser.started());
    REQUIRE(parser.feed(as_bytes(get("", "/c"))));
    CHECK(parser.take().path == "/c");
    REQUIRE(parser.feed(as_bytes("\r\n" + get("", "/d"))));
    CHECK(parser.take().path == "/d");
}

TEST_CASE("parser: a cut request is never done") {
    const std::string text = post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n");
    for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
        const Outcome out = parse(text.substr(0, bytes), 0);
        CHECK(out.ok);
        CHECK_FALSE(out.done);
    }
}

TEST_CASE("message: query values and segments are decoded, doubtful ones are nothing") {
    http::Request request;
    request.path = "/v1/terminals/a b";
    request.query = "after=12&empty=&x=%41%2Bb&twice=1&twice=2&bad=%4";
    CHECK(request.query_value("after") == "12");
    CHECK(request.query_value("empty") == "");
    CHECK(request.query_value("x") == "A+b");
    CHECK_FALSE(request.query_value("twice"));
    CHECK_FALSE(request.query_value("bad"));
    CHECK_FALSE(request.query_value("none"));
    CHECK(request.segments() == std::vector<std::string>{"v1", "terminals", "a b"});
    request.path = "/";
    CHECK(request.segments().empty());
}
