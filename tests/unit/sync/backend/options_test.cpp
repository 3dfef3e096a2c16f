// SPDX-License-Identifier: EUPL-1.2
// What the backend is told: the command line wins over the file, and nothing unknown is passed
// over.
#include "sync/backend/service/options.hpp"

#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

namespace {

base::Result<backend::Options> parse(std::vector<const char*> arguments) {
    return backend::parse_options(arguments);
}

std::string file_with(const std::string& text) {
    const std::string file = test::new_database_file() + ".json";
    std::ofstream(file) << text;
    return file;
}

}  // namespace

TEST_CASE("options: the command line wins over the file, wherever the file stands") {
    const std::string file =
        file_with(R"({"store":"sqlite:a.db","issuer":"urn:a","role":"ingest"})");
    for (const bool file_first : {true, false}) {
        CAPTURE(file_first);
        std::vector<const char*> arguments{"serve", "--store", "sqlite:b.db"};
        arguments.insert(file_first ? arguments.begin() + 1 : arguments.end(),
                         {"--config", file.c_str()});
        const auto options = parse(arguments);
        REQUIRE(options.has_value());
        CHECK(options->store == "sqlite:b.db");
        CHECK(options->issuer == "urn:a");
        CHECK(options->role == "ingest");
        CHECK(options->command == "serve");
    }
    CHECK(parse({"--db", "c.db"})->store == "sqlite:c.db");
    CHECK(parse({})->listen == "127.0.0.1:8443");
    CHECK(parse({"invite"})->command == "invite");
    CHECK(parse({"purge", "--evidence-days", "2000"})->evidence_days == "2000");
}

TEST_CASE("options: what is unknown, cut or of another kind is refused") {
    CHECK_FALSE(parse({"mend"}).has_value());
    CHECK_FALSE(parse({"--db"}).has_value());
    CHECK_FALSE(parse({"--database", "a"}).has_value());
    CHECK_FALSE(parse({"db", "a"}).has_value());
    CHECK_FALSE(parse({"--config", "/nonexistent"}).has_value());
    for (const char* text : {"", "[]", R"({"database":"a"})", R"({"db":1})", R"({"db":"a"}x)"}) {
        CAPTURE(text);
        CHECK_FALSE(parse({"--config", file_with(text).c_str()}).has_value());
    }
    CHECK(backend::usage().find("--receipt-key") != std::string::npos);
}

TEST_CASE("options: who only ingests must not be given a key that opens declarations") {
    using backend::RoleSet;
    backend::Options options;
    CHECK(backend::check_keys(RoleSet::ingest, options).has_value());
    CHECK_FALSE(backend::check_keys(RoleSet::views, options).has_value());
    options.views_key = "views.key";
    for (const RoleSet role : {RoleSet::ingest, RoleSet::views, RoleSet::all}) {
        CHECK_FALSE(backend::check_keys(role, options).has_value());
    }
    options.authority_secrets = "secrets.json";
    CHECK_FALSE(backend::check_keys(RoleSet::ingest, options).has_value());
    CHECK(backend::check_keys(RoleSet::views, options).has_value());
    CHECK(backend::check_keys(RoleSet::all, options).has_value());
    options.views_key.clear();
    CHECK_FALSE(backend::check_keys(RoleSet::ingest, options).has_value());
}

TEST_CASE("options: addresses and roles") {
    struct Row {
        const char* text;
        bool ok;
        const char* host;
        std::uint16_t port;
    };
    for (const Row& row :
         {Row{"127.0.0.1:0", true, "127.0.0.1", 0}, Row{"[::1]:65535", true, "::1", 65'535},
          Row{":80", false, "", 0}, Row{"host", false, "", 0}, Row{"host:", false, "", 0},
          Row{"host:65536", false, "", 0}, Row{"host:-1", false, "", 0},
          Row{"host:80x", false, "", 0}, Row{"", false, "", 0}}) {
        CAPTURE(row.text);
        const auto address = backend::parse_address(row.text);
        REQUIRE(address.has_value() == row.ok);
        if (!row.ok) continue;
        CHECK(address->host == row.host);
        CHECK(address->port == row.port);
    }
    CHECK(*backend::parse_role("views") == backend::RoleSet::views);
    CHECK_FALSE(backend::parse_role("none").has_value());
}
