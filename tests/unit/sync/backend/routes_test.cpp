// SPDX-License-Identifier: EUPL-1.2
// The page for strangers names every door and every refusal that the code knows.
#include "sync/backend/service/routes.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "sync/backend/service/query.hpp"

namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
const std::filesystem::path source = FREIGABE_SOURCE_DIR;
std::string interface_page() {
    return read(source / "sync/backend/interface.md");
}

}  // namespace

TEST_CASE("routes: interface.md names every one with its method and role") {
    const std::string page = interface_page();
    REQUIRE_FALSE(page.empty());
    for (const backend::Route& route : backend::routes()) {
        const std::string line = std::string("`") +
                                 (route.method == http::Method::post ? "POST " : "GET ") +
                                 std::string(route.pattern);
        CAPTURE(line);
        CHECK(page.find(line) != std::string::npos);
    }
}

TEST_CASE("routes: interface.md names every problem that the sources make") {
    const std::string page = interface_page();
    std::set<std::string> words{"gap", "fork"};
    const std::regex made(R"(make_problem\(\s*[^,]+,\s*"([a-z-]+)\")");
    for (const char* folder : {"sync/backend", "sync/http"}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(source / folder)) {
            if (file.path().extension() != ".cpp") continue;
            const std::string text = read(file.path());
            for (std::sregex_iterator it(text.begin(), text.end(), made), end; it != end; ++it) {
                words.insert((*it)[1]);
            }
        }
    }
    CHECK(words.size() > 10);
    for (const std::string& word : words) {
        CAPTURE(word);
        CHECK(page.find("`" + word + "`") != std::string::npos);
    }
}

TEST_CASE("routes: a path is found whatever stands in its braces, and no other one is") {
    struct Row {
        std::vector<std::string> segments;
        bool found;
    };
    for (const Row& row :
         {Row{{"healthz"}, true}, Row{{"healthz", "x"}, false}, Row{{}, false}, Row{{"v1"}, false},
          Row{{"v1", "inbox"}, true}, Row{{"v1", "inbox", "x"}, false},
          Row{{"v1", "inbox", "x", "assignment"}, true},
          Row{{"v1", "inbox", "x", "assignment", "y"}, false}, Row{{"agency"}, true},
          Row{{"agency", "a.js"}, true}, Row{{"agency", "a", "b"}, false}, Row{{"check"}, true},
          Row{{"check", "x"}, false}, Row{{"v1", "terminals"}, false}}) {
        CAPTURE(row.segments.size());
        CHECK((backend::find_route(row.segments) != nullptr) == row.found);
    }
}

TEST_CASE("routes: a body that may be missing is missing without a type, and not from a browser") {
    const auto takes = [](const std::vector<std::string>& segments, http::Headers headers,
                          std::string body) {
        http::Request request;
        request.method = http::Method::post;
        request.headers = std::move(headers);
        request.body = std::move(body);
        return backend::takes_body(*backend::find_route(segments), request);
    };
    const http::Header json{"content-type", "Application/JSON; charset=utf-8"};
    const std::vector<std::string> assignment{"v1", "inbox", "x", "assignment"};
    CHECK(takes(assignment, {json}, "{}"));
    CHECK_FALSE(takes(assignment, {}, ""));
    for (const std::vector<std::string>& optional :
         {std::vector<std::string>{"v1", "declarations", "x", "applied"},
          std::vector<std::string>{"v1", "portal", "accounts", "x", "end"}}) {
        CHECK(takes(optional, {}, ""));
        CHECK(takes(optional, {json}, ""));
        CHECK(takes(optional, {json}, "{}"));
        CHECK_FALSE(takes(optional, {}, "{}"));
        CHECK_FALSE(takes(optional, {{"content-type", "text/plain"}}, ""));
        // No form and no script of another site: a browser says where each POST comes from.
        CHECK_FALSE(takes(optional, {{"origin", "null"}}, ""));
        CHECK_FALSE(takes(optional, {{"sec-fetch-site", "cross-site"}}, ""));
    }
}

TEST_CASE("routes: members of a query are read alike everywhere") {
    struct Row {
        const char* query;
        std::optional<std::uint64_t> number;
    };
    for (const Row& row : {Row{"", 0},
                           {"x=1", 0},
                           {"fromage=1", 0},
                           {"x=1&&from=5&y", 5},
                           {"from=9", 9},
                           {"from=10", std::nullopt},
                           {"from=", std::nullopt},
                           {"from", std::nullopt},
                           {"from=-1", std::nullopt},
                           {"from=a", std::nullopt},
                           {"from=%3", std::nullopt},
                           {"from=1&from=1", std::nullopt}}) {
        CAPTURE(row.query);
        http::Request request;
        request.query = row.query;
        const auto number = backend::query_number(request, "from", 9);
        CHECK(number.has_value() == row.number.has_value());
        if (number && row.number) CHECK(*number == *row.number);
    }
    http::Request request;
    request.query = "entry=a%20b&bad=%zz";
    CHECK(backend::query_text(request, "entry").value() == "a b");
    CHECK(backend::query_text(request, "none").value() == std::nullopt);
    CHECK_FALSE(backend::query_text(request, "bad"));
}
