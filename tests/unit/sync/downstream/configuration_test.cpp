// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/configuration.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

bool parses(std::string_view members) {
    return downstream::parse_configuration("{\"schema\":\"freigabe-configuration-1\"" +
                                           std::string(members) + "}")
        .has_value();
}

}  // namespace

TEST_CASE("configuration: what is left out stays as it is") {
    const auto read = downstream::parse_configuration(
        R"({"schema":"freigabe-configuration-1","ages":{"eid_age_min":15},"block_list_days_max":3})");
    REQUIRE(read.has_value());
    CHECK(read->eid_age_min == 15);
    CHECK(read->block_list_days_max == 3);
    CHECK_FALSE(read->majority.has_value());
    CHECK_FALSE(read->done_s.has_value());
}

TEST_CASE("configuration: rows of what is taken and what is not") {
    CHECK(parses(""));
    CHECK(parses(R"(,"ages":{"capacity_age":15,"majority":18})"));
    CHECK_FALSE(parses(R"(,"ages":{"capacity_age":19,"majority":18})"));
    CHECK(parses(R"(,"ages":{"majority":100})"));
    CHECK_FALSE(parses(R"(,"ages":{"majority":101})"));
    CHECK_FALSE(parses(R"(,"ages":{"majority":0})"));
    CHECK(parses(R"(,"seconds":{"idle_warning":600,"idle_purge":1})"));
    CHECK_FALSE(parses(R"(,"seconds":{"idle_warning":601})"));
    CHECK_FALSE(parses(R"(,"seconds":{"idle_wraning":60})"));
    CHECK_FALSE(parses(R"(,"block_list_days_max":366)"));
    CHECK_FALSE(parses(R"(,"drafts":"show")"));
}
