// SPDX-License-Identifier: EUPL-1.2
// Strict reading and ordered writing of JSON.
#include "sync/model/json.hpp"

#include <doctest/doctest.h>

#include "drivers/base/limits.hpp"
#include "sync/model/json_wipe.hpp"

TEST_CASE("json: what is refused as a whole") {
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("{}x"), std::string(R"({"a":1,"a":1})"),
          std::string(R"({"b":{"a":1,"a":2}})"), std::string("{\"a\":\"\xFF\"}"),
          std::string("{\"a\":\"\n\"}"), std::string("[1,]"), std::string("// x\n{}"),
          std::string("NaN"), std::string("1e999"), std::string(R"("\ud800")"),
          std::string(limits::json_depth_max + 1, '[') +
              std::string(limits::json_depth_max + 1, ']')}) {
        CHECK_FALSE(model::parse_json(text, 1'000).has_value());
    }
    CHECK(model::parse_json(
              std::string(limits::json_depth_max, '[') + std::string(limits::json_depth_max, ']'),
              1'000)
              .has_value());
    CHECK(model::parse_json(R"({"a":"[[[[[[[[[[[[[[[[[[[["})", 1'000).has_value());
    CHECK(model::parse_json(R"([{"a":1},{"a":1}])", 1'000).has_value());
    CHECK(model::parse_json("[]", 2).has_value());
    CHECK_FALSE(model::parse_json("[] ", 2).has_value());
}

TEST_CASE("json: fields must be there, fit and be all") {
    const auto json = model::parse_json(R"({"n":7,"t":"x","b":true,"y":"AQI","a":[1],"o":{}})", 99);
    REQUIRE(json.has_value());
    {
        model::JsonFields fields(*json);
        CHECK(fields.number("n", 7) == 7);
        CHECK(fields.text("t", 1) == "x");
        CHECK(fields.boolean("b"));
        CHECK(fields.bytes("y", 2, 2) == base::Bytes{1, 2});
        CHECK(fields.array("a", 1).size() == 1);
        CHECK_FALSE(fields.ok());  // "o" was not asked for
        CHECK(fields.ok_with_others());
        CHECK(fields.object("o").empty());
        CHECK(fields.ok());
    }
    const auto refuses = [&](auto take) {
        model::JsonFields fields(*json);
        take(fields);
        return !fields.ok_with_others();
    };
    CHECK(refuses([](auto& f) { (void)f.number("n", 6); }));
    CHECK(refuses([](auto& f) { (void)f.number("t", 6); }));
    CHECK(refuses([](auto& f) { (void)f.text("n", 6); }));
    CHECK(refuses([](auto& f) { (void)f.text("missing", 6); }));
    CHECK(refuses([](auto& f) { (void)f.bytes("y", 3, 3); }));
    CHECK(refuses([](auto& f) { (void)f.bytes("t", 0, 9); }));
    CHECK(refuses([](auto& f) { (void)f.array("a", 0); }));
    CHECK(refuses([](auto& f) { (void)f.array("o", 9); }));
    CHECK(refuses([](auto& f) { (void)f.object("a"); }));
    CHECK(refuses([](auto& f) { (void)f.uuid("t"); }));
    const auto negative = model::parse_json(R"({"n":-1,"f":1.0})", 99);
    model::JsonFields fields(*negative);
    CHECK(fields.number("n", 9) == 0);
    CHECK_FALSE(fields.ok_with_others());
    model::JsonFields no_object(json->at("a"));
    CHECK_FALSE(no_object.ok());
}

TEST_CASE("json: an id is read in either case and written in lower case") {
    const auto read = [](const char* text) {
        const auto json = model::parse_json(text, 99);
        model::JsonFields fields(*json);
        const base::Uuid id = fields.uuid("id");
        return fields.ok() ? base::to_text(id) : std::string();
    };
    const std::string lower = "01234567-89ab-7cde-8f01-23456789abcd";
    CHECK(read(R"({"id":"01234567-89ab-7cde-8f01-23456789abcd"})") == lower);
    CHECK(read(R"({"id":"01234567-89AB-7CDE-8F01-23456789abcd"})") == lower);
    CHECK(read(R"({"id":"{1234567-89AB-7CDE-8F01-23456789abc}"})").empty());
}

TEST_CASE("json: the writer keeps the order and escapes what must be") {
    const std::string text = model::JsonWriter()
                                 .text("z", "a\"\\\n\x01ü")
                                 .number("a", UINT64_MAX)
                                 .boolean("t", false)
                                 .texts("l", {"x", "y"})
                                 .raw("r", "{}")
                                 .done();
    CHECK(text == R"({"z":"a\"\\\u000a\u0001ü","a":18446744073709551615,"t":false,)"
                  R"("l":["x","y"],"r":{}})");
    CHECK(model::parse_json(text, 999)->at("z") == "a\"\\\n\x01ü");
    CHECK(model::JsonWriter().done() == "{}");
}

TEST_CASE("json: a tree that held secrets has none when its guard ends, however deep they lie") {
    auto json = model::parse_json(R"({"a":{"secret":"abc","n":1},"l":["de",[["f"]]]})", 999);
    REQUIRE(json.has_value());
    { const model::JsonWipe guard(*json); }
    CHECK(json->at("a").at("secret") == std::string(3, '\0'));
    CHECK(json->at("l").at(0) == std::string(2, '\0'));
    CHECK(json->at("l").at(1).at(0).at(0) == std::string(1, '\0'));
    CHECK(json->at("a").at("n") == 1);
}
