// SPDX-License-Identifier: EUPL-1.2
// What comes down, over HTTP: whole and in ranges, only the files of the folder, only for those who
// should.
#include "sync/backend/service/downstream_routes.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "drivers/base/limits_downstream.hpp"

namespace {

namespace fs = std::filesystem;
const std::string name(64, 'a');

struct Served {
    fs::path folder;
    std::optional<backend::ServedFolder> served;

    Served() {
        std::string made = (fs::temp_directory_path() / "served-XXXXXX").string();
        REQUIRE(::mkdtemp(made.data()) != nullptr);
        folder = made;
        fs::create_directory(folder / "targets");
        write("root.1.jws", "root one");
        write("root.10.jws", "root ten");
        write("manifest.jws", "manifest");
        write("targets/" + name, "0123456789");
        write("secret", "secret");
        served.emplace(folder.string());
    }
    ~Served() {
        std::error_code ignored;  // a leftover folder harms no later test
        fs::remove_all(folder, ignored);
    }
    void write(const std::string& file, std::string_view content) const {
        std::ofstream(folder / file, std::ios::binary) << content;
    }
    http::Response get(const std::string& path, const char* range = nullptr,
                       const char* role = "terminal") const {
        http::Headers headers;
        if (range != nullptr) headers = {{"range", range}};
        return ask(path, std::move(headers), role);
    }
    http::Response ask(const std::string& path, http::Headers headers,
                       const char* role = "terminal",
                       http::Method method = http::Method::get) const {
        http::Request request;
        request.method = method;
        request.path = "/v1/downstream/" + path;
        request.peer = http::Peer{role, "somebody"};
        request.headers = std::move(headers);
        const auto* route = backend::find_route(request.segments());
        if (route == nullptr) return http::make_problem(404, "no-route", "No route");
        if (!backend::may_enter(*route, request)) {
            return http::make_problem(403, "not-allowed", "Not allowed");
        }
        return backend::serve_downstream(&*served, request, route->endpoint, request.segments());
    }
};

}  // namespace

TEST_CASE_FIXTURE(Served, "downstream routes: roots, manifest and targets come as they lie there") {
    CHECK(get("root/1").body == "root one");
    CHECK(get("root/10").body == "root ten");
    CHECK(get("manifest").body == "manifest");
    CHECK(get("targets/" + name).body == "0123456789");
    CHECK(get("targets/" + name).header("cache-control")->find("immutable") != std::string::npos);
    CHECK(get("manifest").header("cache-control") == "no-cache");
    CHECK(get("manifest", nullptr, "auditor").status == 200);
    CHECK(get("manifest", nullptr, "authority").status == 403);
    write("manifest.jws", "the next one");
    CHECK(get("manifest").body == "the next one");
}

TEST_CASE_FIXTURE(Served, "attack: no other name becomes a path") {
    write(std::string("targets/") + std::string(64, 'A'), "upper case");
    write("root.01.jws", "leading zero");
    for (const std::string& path :
         {std::string("root/2"), std::string("root/01"), std::string("root/1.jws"),
          std::string("root/-1"), std::string("root/"), std::string("root/18446744073709551616"),
          "targets/" + std::string(64, 'A'), "targets/" + std::string(63, 'a'),
          "targets/" + std::string(65, 'a'), "targets/" + std::string(64, 'b'),
          std::string("targets/..%2f..%2fsecret"), std::string("targets/../secret"),
          std::string("targets/secret"), std::string("targets"), std::string("secret"),
          "targets/" + name + "/x"}) {
        CAPTURE(path);
        CHECK(get(path).status == 404);
    }
    fs::create_symlink(folder / "secret", folder / "targets" / std::string(64, 'c'));
    CHECK(get("targets/" + std::string(64, 'c')).status >= 400);
    CHECK(get("targets/" + std::string(64, 'c')).body.find("secret") == std::string::npos);
    fs::create_directory(folder / "targets" / std::string(64, 'd'));
    CHECK(get("targets/" + std::string(64, 'd')).status == 404);
}

TEST_CASE_FIXTURE(Served, "downstream routes: ranges of RFC 9110") {
    struct Row {
        const char* range;
        unsigned status;
        std::string_view body;
        std::string_view content_range;
    };
    const Row rows[] = {{"bytes=0-9", 206, "0123456789", "bytes 0-9/10"},
                        {"bytes=0-0", 206, "0", "bytes 0-0/10"},
                        {"bytes=9-9", 206, "9", "bytes 9-9/10"},
                        {"bytes=7-", 206, "789", "bytes 7-9/10"},
                        {"bytes=7-1000", 206, "789", "bytes 7-9/10"},
                        {"bytes=7-18446744073709551615", 206, "789", "bytes 7-9/10"},
                        {"bytes=0-18446744073709551615", 206, "0123456789", "bytes 0-9/10"},
                        {"Bytes=7-8", 206, "78", "bytes 7-8/10"},
                        // What is no range of ours is passed over, as the norm allows.
                        {"bytes=5-4", 200, "0123456789", ""},
                        {"bytes=-5", 200, "0123456789", ""},
                        {"bytes=0-1,3-4", 200, "0123456789", ""},
                        {"lines=0-1", 200, "0123456789", ""}};
    for (const Row& row : rows) {
        CAPTURE(row.range);
        const auto response = get("targets/" + name, row.range);
        CHECK(response.status == row.status);
        CHECK(response.body == row.body);
        CHECK(response.header("content-range").value_or("") == row.content_range);
    }
    for (const char* range : {"bytes=10-", "bytes=10-11", "bytes=18446744073709551615-"}) {
        const auto response = get("targets/" + name, range);
        CHECK(response.status == 416);
        CHECK(response.header("content-range") == "bytes */10");
    }
}

TEST_CASE_FIXTURE(Served, "downstream routes: the small files have ranges, too") {
    CHECK(get("manifest", "bytes=1-2").body == "an");
    CHECK(get("manifest", "bytes=1-2").header("content-range") == "bytes 1-2/8");
    CHECK(get("root/1", "bytes=5-").body == "one");
    CHECK(get("root/1", "bytes=8-").status == 416);
}

TEST_CASE_FIXTURE(Served, "downstream routes: a range is of GET, and of what was begun with") {
    const std::string path = "targets/" + name;
    const std::string tag = '"' + name + '"';
    CHECK(get(path).header("etag") == tag);
    const http::Header range{"range", "bytes=1-2"};
    CHECK(ask(path, {range, {"if-range", tag}}).body == "12");
    CHECK(ask(path, {range, {"if-range", tag}}).header("etag") == tag);
    for (const std::string& other : {std::string("\"x\""), "W/" + tag, std::string(name),
                                     std::string("Sun, 06 Nov 1994 08:49:37 GMT")}) {
        CAPTURE(other);
        const auto response = ask(path, {range, {"if-range", other}});
        CHECK(response.status == 200);
        CHECK(response.body == "0123456789");
    }
    const auto head = ask(path, {range}, "terminal", http::Method::head);
    CHECK(head.status == 200);
    CHECK_FALSE(head.header("content-range"));
}

TEST_CASE_FIXTURE(Served, "downstream routes: who has it already gets 304, until it changes") {
    const std::string manifest_tag(*get("manifest").header("etag"));
    // printf manifest | sha256sum
    CHECK(manifest_tag == "\"05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f\"");
    for (const std::string& known :
         {manifest_tag, "W/" + manifest_tag, "\"x\" , " + manifest_tag, std::string("*")}) {
        CAPTURE(known);
        const auto response = ask("manifest", {{"if-none-match", known}});
        CHECK(response.status == 304);
        CHECK(response.body.empty());
        CHECK(response.header("etag") == manifest_tag);
        CHECK(response.header("cache-control") == "no-cache");
    }
    CHECK(ask("manifest", {{"if-none-match", "\"x\""}}).status == 200);
    CHECK(ask("manifest", {{"if-none-match", "\"x\""}, {"if-none-match", manifest_tag}}).status ==
          304);
    CHECK(ask("root/2", {{"if-none-match", "*"}}).status == 404);
    const http::Header known{"if-none-match", '"' + name + '"'};
    CHECK(ask("targets/" + name, {{"range", "bytes=1-2"}, known}).status == 304);
    write("manifest.jws", "the next one");
    CHECK(ask("manifest", {{"if-none-match", manifest_tag}}).body == "the next one");
}

TEST_CASE_FIXTURE(Served, "downstream routes: a large file only in parts, each of at most 4 MiB") {
    const std::string large(limits::downstream_answer_bytes_max, 'x');
    write("targets/" + name, large);
    CHECK(get("targets/" + name).status == 200);
    write("targets/" + name, large + "y");
    CHECK(get("targets/" + name).status == 416);
    const auto first = get("targets/" + name, "bytes=0-");
    CHECK(first.status == 206);
    CHECK(first.body.size() == limits::downstream_answer_bytes_max);
    CHECK(get("targets/" + name, "bytes=4194304-").body == "y");
}

TEST_CASE("downstream routes: without a folder there is nothing") {
    http::Request request;
    request.path = "/v1/downstream/manifest";
    request.peer = http::Peer{"terminal", "somebody"};
    CHECK(backend::serve_downstream(nullptr, request, backend::Endpoint::downstream_manifest,
                                    request.segments())
              .status == 404);
}
