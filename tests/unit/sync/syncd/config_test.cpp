// SPDX-License-Identifier: EUPL-1.2
// The configuration file: what is read, and that every missing, foreign or unfitting member is
// refused.
#include "sync/syncd/config.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <string>

namespace {

const std::string least =
    R"("terminal":"0190a0b0-0000-7000-8000-000000000001","backend":"https://backend.test:8443",)"
    R"("ca":"/c/ca.pem","certificate":"/c/tls.pem","key":"/c/tls.key",)"
    R"("kiosk_socket":"/k/kiosk.sock","spool":"/s")";

base::Result<syncd::Config> parse(const std::string& members) {
    return syncd::parse_config("{" + members + "}");
}

}  // namespace

TEST_CASE("config: the least and the most") {
    const auto config = parse(least);
    REQUIRE(config);
    CHECK(base::to_text(config->terminal) == "0190a0b0-0000-7000-8000-000000000001");
    CHECK(config->backend.host == "backend.test");
    CHECK(config->backend.port == 8'443);
    CHECK(config->kiosk_socket_path == "/k/kiosk.sock");
    CHECK(config->insight_socket_path == "/k/insight.sock");
    CHECK(config->server_name.empty());
    CHECK(config->time_floor_ms == 0);
    CHECK(config->pace.backoff_ms_min == limits::backoff_ms_min);
    CHECK(config->pace.backoff_ms_max == limits::backoff_ms_max);

    const auto full =
        parse(least + R"(,"server_name":"b","time_floor_ms":7,)"
                      R"("test":{"backoff_ms_min":1,"backoff_ms_max":2,"round_ms":3})");
    REQUIRE(full);
    CHECK(full->server_name == "b");
    CHECK(full->time_floor_ms == 7);
    CHECK(full->pace.backoff_ms_min == 1);
    CHECK(full->pace.backoff_ms_max == 2);
    CHECK(full->pace.round_ms == 3);
}

TEST_CASE("config: the socket for insight may lie elsewhere") {
    const auto config = parse(least + R"(,"insight_socket":"/i/i.sock")");
    REQUIRE(config);
    CHECK(config->insight_socket_path == "/i/i.sock");
}

TEST_CASE("config: the signer has its own place and, if it wants, its own key") {
    const std::string signer =
        R"("origin":"https://eid.test","ca":"/c/eid.pem","kiosk_socket":"/k/sign.sock")";
    const auto config = parse(least + R"(,"signer":{)" + signer + "}");
    REQUIRE(config);
    REQUIRE(config->signer);
    CHECK(config->signer->origin.host == "eid.test");
    CHECK(config->signer->ca_path == "/c/eid.pem");
    CHECK(config->signer->certificate_path == "/c/tls.pem");
    CHECK(config->signer->key_path == "/c/tls.key");
    CHECK(config->signer->kiosk_socket_path == "/k/sign.sock");
    const auto own =
        parse(least + R"(,"signer":{"server_name":"n","certificate":"/s.pem","key":"/s.key",)" +
              signer + "}");
    REQUIRE(own);
    CHECK(own->signer->server_name == "n");
    CHECK(own->signer->certificate_path == "/s.pem");
    CHECK(own->signer->key_path == "/s.key");
    CHECK_FALSE(parse(least)->signer);
    for (const std::string& bad :
         {std::string(), signer + R"(,"key":"/s.key")", signer + R"(,"certificate":"/s.pem")",
          signer + R"(,"x":1)",
          std::string(R"("origin":"http://eid.test","ca":"/c","kiosk_socket":"/k")"),
          std::string(R"("origin":"https://eid.test","ca":"/c")")}) {
        CAPTURE(bad);
        CHECK_FALSE(parse(least + R"(,"signer":{)" + bad + "}"));
    }
}

TEST_CASE("config: whatever is missing, foreign or unfitting is refused") {
    const std::string rows[] = {
        "",
        least + R"(,"color":1)",
        least + R"(,"spool":"/t")",
        least + R"(,"time_floor_ms":"7")",
        least + R"(,"time_floor_ms":-1)",
        least + R"(,"test":{"backoff_ms_min":0})",
        least + R"(,"test":{"backoff_ms_min":5,"backoff_ms_max":4})",
        least + R"(,"test":{"round_ms":0})",
        least + R"(,"test":{"fast":true})",
        least + R"(,"test":1)",
    };
    for (const std::string& row : rows) {
        CAPTURE(row);
        const auto config = parse(row);
        REQUIRE_FALSE(config);
        CHECK(config.error().code == base::Errc::config_bad);
    }
    for (const char* member :
         {"terminal", "backend", "ca", "certificate", "key", "kiosk_socket", "spool"}) {
        CAPTURE(member);
        std::string without = least;
        without.replace(without.find('"' + std::string(member) + '"'), 2, "\"x");
        CHECK_FALSE(parse(without));
    }
    std::string plain = least;
    plain.replace(plain.find("https"), 5, "http");
    CHECK_FALSE(parse(plain));
    CHECK_FALSE(syncd::parse_config("[]"));
    CHECK_FALSE(syncd::parse_config("{" + least));
}
