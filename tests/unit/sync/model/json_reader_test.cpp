// SPDX-License-Identifier: EUPL-1.2
// Reading JSON text: what is taken, exactly as nlohmann's own reader takes it, and what is refused.
#include "sync/model/json_reader.hpp"

#include "drivers/base/limits.hpp"

#include <doctest/doctest.h>

using model::Json;
using model::read_json;

namespace {

std::string refusal(std::string_view text) {
    const auto json = read_json(text);
    if (json) return "taken: " + json->dump();
    return json.error().code == base::Errc::message_bad ? json.error().where : "another error";
}

std::string nested(std::size_t depth, const std::string& open, const std::string& core,
                   const std::string& close) {
    std::string text = core;
    for (std::size_t i = 0; i < depth; ++i) text = open + text + close;
    return text;
}

}  // namespace

TEST_CASE("json_reader: every kind of value is read as nlohmann reads it") {
    for (const char* text : {"null",
                             "true",
                             "false",
                             "0",
                             "7",
                             "-1",
                             "18446744073709551615",
                             "9223372036854775807",
                             "-9223372036854775808",
                             "0.0",
                             "-0.0",
                             "1.5",
                             "1e3",
                             "1E+3",
                             "1e-3",
                             "2.5e-7",
                             "1.7976931348623157e308",
                             "4.9e-324",
                             "3.0000000000000004",
                             R"("")",
                             R"("a")",
                             R"("\"\\\/\b\f\n\r\t")",
                             R"("\u0000")",
                             R"("\u00fc\u00FC")",
                             R"("\u20ac")",
                             R"("\ud83d\ude00")",
                             R"("\u007f\u07ff\u0800\uffff")",
                             "\"\x7F\"",
                             R"("ü€😀")",
                             "[]",
                             "{}",
                             "[[],{}]",
                             "[1,2,[3,{\"a\":4}],5]",
                             R"({"":0})",
                             R"({"b":1,"a":{"b":2},"ab":[{"a":3},{"a":4}]})",
                             " \t\r\n[ 1 , 2 ]\n",
                             "\r\n{\t\"a\" : { } , \"b\" : [ ] }\t",
                             "\xEF\xBB\xBF{}"}) {
        CAPTURE(text);
        const auto json = read_json(text);
        REQUIRE(json.has_value());
        const Json expected = Json::parse(text);
        CHECK(*json == expected);
        CHECK(json->is_number_unsigned() == expected.is_number_unsigned());
        CHECK(json->is_number_float() == expected.is_number_float());
        CHECK(json->dump() == expected.dump());
    }
}

TEST_CASE("json_reader: what breaks the grammar is refused") {
    for (const char* text : {"",
                             " ",
                             "{",
                             "}",
                             "[",
                             "]",
                             "[1",
                             "[1,",
                             "[1,]",
                             "[,1]",
                             "[,]",
                             "[1 2]",
                             "[1;2]",
                             "{]",
                             "[}",
                             "{\"a\"",
                             "{\"a\":",
                             "{\"a\":1",
                             "{\"a\":1,",
                             "{\"a\":1,}",
                             "{,}",
                             "{\"a\" 1}",
                             "{a:1}",
                             "{1:1}",
                             "{'a':1}",
                             "{\"a\":1 \"b\":2}",
                             "{}x",
                             "{}{}",
                             "{},",
                             "1 2",
                             "nul",
                             "nullx",
                             "True",
                             "tru",
                             "+1",
                             "-",
                             "-a",
                             "01",
                             "-01",
                             "1.",
                             ".5",
                             "1.e3",
                             "1e",
                             "1e+",
                             "1e+-3",
                             "0x10",
                             "NaN",
                             "-NaN",
                             "Infinity",
                             "-Infinity",
                             "\"",
                             "\"a",
                             "\"\\",
                             "\"\\\"",
                             "\"\\x\"",
                             "\"\\u\"",
                             "\"\\u12\"",
                             "\"\\u12",
                             "\"\\u123g\"",
                             "\"\\u-123\"",
                             "\"\\u 123\"",
                             "\"\\ud800\"",
                             "\"\\ud800x\"",
                             "\"\\ud800\\n\"",
                             "\"\\ud800\\ud800\"",
                             "\"\\ud800\\u0041\"",
                             "\"\\udc00\"",
                             "\"\\udc00\\ud800\"",
                             "\"\n\"",
                             "\"\t\"",
                             "\"\x1F\"",
                             "// x\n{}",
                             "/* x */{}",
                             "\xEF\xBB{}",
                             "\xEF\xBB\xBF",
                             "\xFE\xFF{}"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "json");
    }
    CHECK_MESSAGE(refusal(std::string_view("{}\0x", 4)) == "json", "a zero byte ends no text");
    CHECK(refusal(std::string_view("{}\0", 3)) == "json");
    CHECK(refusal(std::string_view("\"\0\"", 3)) == "json");
}

TEST_CASE("json_reader: every text that was cut off is refused") {
    const std::string whole = R"({"a":[1.5e-3,"\u20ac\\ü",true,null],"b":{"c":false}})";
    REQUIRE(read_json(whole).has_value());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(refusal(std::string_view(whole).substr(0, size)) == "json");
    }
}

TEST_CASE("json_reader: bytes that are no UTF-8 are refused, in texts, keys and between") {
    for (const char* bytes :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80",
          "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
          "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        CAPTURE(bytes);
        const std::string text = bytes;
        CHECK(refusal("\"" + text + "\"") == "json");
        CHECK(refusal("\"" + text) == "json");
        CHECK(refusal("\"a" + text + "b\"") == "json");
        CHECK(refusal("{\"" + text + "\":1}") == "json");
        CHECK(refusal("[1," + text + "2]") == "json");
    }
}

TEST_CASE("json_reader: a key comes once in each object") {
    for (const char* text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"b":{"a":1,"a":2}})",
                             R"([{"x":[{"a":1,"b":{},"a":2}]}])", R"({"a":1,"\u0061":2})",
                             R"({"":1,"":2})", R"({"a":{"a":{}},"a":1})"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "json key twice");
    }
    CHECK(read_json(R"({"a":{"a":{"a":1}},"b":{"a":1},"A":[{"a":1},{"a":1}]})").has_value());
}

TEST_CASE("json_reader: containers nest as deep as allowed and no deeper") {
    constexpr std::size_t most = limits::json_depth_max;
    for (const auto& [open, core, close] :
         {std::tuple{"[", "", "]"}, std::tuple{"[", "1", "]"}, std::tuple{"{\"a\":", "1", "}"},
          std::tuple{"[{\"a\":", "1", "}]"}, std::tuple{"[1,", "2", ",3]"}}) {
        CAPTURE(open);
        const std::size_t levels = std::string_view(open).starts_with("[{") ? 2 : 1;
        CHECK(read_json(nested(most / levels, open, core, close)).has_value());
        CHECK(refusal(nested(most / levels + 1, open, core, close)) == "json depth");
    }
    CHECK(refusal(std::string(1'000'000, '[')) != "");
    // Depth is of what is open, and brackets in texts are none.
    std::string wide = "[";
    for (int i = 0; i < 100; ++i) wide += "[[]],{\"a\":[]},";
    CHECK(read_json(wide + "0]").has_value());
    CHECK(read_json('"' + std::string(100, '[') + '"').has_value());
}

TEST_CASE("json_reader: a number that 64 bits do not hold is refused") {
    for (const std::string& text :
         {std::string("18446744073709551616"), std::string("-9223372036854775809"),
          std::string("1e999"), std::string("-1e999"), std::string(400, '9'),
          "[1," + std::string(400, '9') + "]"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "json");
    }
    CHECK_MESSAGE(*read_json("1e-999") == 0.0, "rounded, as by nlohmann");
}
