// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/backend_file.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

bool parses(const std::string& members) {
    return downstream::parse_backend_file("{\"schema\":\"freigabe-backend-1\"," + members + "}")
        .has_value();
}

}  // namespace

TEST_CASE("backend file: rows of what is taken and what is not") {
    const std::string key =
        R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";
    const std::string views = "\"views\":" + key;
    CHECK(parses(views + ",\"receipts\":[" + key + "]"));
    CHECK_FALSE(parses(views + ",\"receipts\":[]"));
    CHECK_FALSE(parses(views));
    CHECK_FALSE(parses("\"receipts\":[" + key + "]"));
    CHECK_FALSE(parses(views + ",\"receipts\":" + key));
    CHECK_FALSE(parses(views + ",\"receipts\":[" + key + "],\"since\":1"));
    CHECK_FALSE(parses(views + ",\"receipts\":[{\"kty\":\"EC\"}]"));
    CHECK_FALSE(parses("\"views\":{},\"receipts\":[" + key + "]"));
    std::string many = key;
    for (int i = 0; i < 12; ++i) many += "," + key;
    CHECK_FALSE(parses(views + ",\"receipts\":[" + many + "]"));
    CHECK_FALSE(downstream::parse_backend_file("{}").has_value());
    const auto read = downstream::parse_backend_file("{\"schema\":\"freigabe-backend-1\"," + views +
                                                     ",\"receipts\":[" + key + "]}");
    REQUIRE(read.has_value());
    CHECK(read->views.kid == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    CHECK(read->receipts.size() == 1);
}
