// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/log_file.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

bool parses(const std::string& members) {
    return downstream::parse_log_file("{\"schema\":\"freigabe-log-1\"," + members + "}")
        .has_value();
}

}  // namespace

TEST_CASE("log file: rows of what is taken and what is not") {
    const std::string key =
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";
    const std::string name = R"("name":"urn:test:log2")";
    CHECK(parses(name + ",\"keys\":[" + key + "]"));
    CHECK_FALSE(parses(name + ",\"keys\":[]"));
    CHECK_FALSE(parses(name));
    CHECK_FALSE(parses("\"keys\":[" + key + "]"));
    CHECK_FALSE(parses(R"("name":"","keys":[)" + key + "]"));
    CHECK_FALSE(parses(name + ",\"keys\":[" + key + "],\"since\":1"));
    CHECK_FALSE(parses(name + ",\"keys\":[{\"kty\":\"EC\"}]"));
    std::string nine = key;
    for (int i = 0; i < 8; ++i) nine += "," + key;
    CHECK_FALSE(parses(name + ",\"keys\":[" + nine + "]"));
    CHECK_FALSE(parses("\"name\":\"" + std::string(256, 'x') + "\",\"keys\":[" + key + "]"));
    CHECK_FALSE(downstream::parse_log_file("{}").has_value());
    const auto read = downstream::parse_log_file("{\"schema\":\"freigabe-log-1\"," + name +
                                                 ",\"keys\":[" + key + "]}");
    REQUIRE(read.has_value());
    CHECK(read->name == "urn:test:log2");
    CHECK(read->keys.size() == 1);
}
