// SPDX-License-Identifier: EUPL-1.2
// Decoding: strict UTF-8 (RFC 3629), the one mark-up, and what is left for speech.
#include "kiosk/text/markup.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using text::decode;
using text::Weight;

TEST_CASE("decode: malformed bytes become U+FFFD, each once, and never read past the end") {
    struct Row {
        const char* name;
        std::string_view bytes;
        std::vector<std::uint32_t> codes;
    };
    const std::vector<Row> rows{{"empty", "", {}},
                                {"last of one byte", "\x7F", {0x7F}},
                                {"first of two bytes", "\xC2\x80", {0x80}},
                                {"last of two bytes", "\xDF\xBF", {0x7FF}},
                                {"first of three bytes", "\xE0\xA0\x80", {0x800}},
                                {"last of three bytes", "\xEF\xBF\xBF", {0xFFFF}},
                                {"first of four bytes", "\xF0\x90\x80\x80", {0x10000}},
                                {"last of four bytes", "\xF4\x8F\xBF\xBF", {0x10FFFF}},
                                {"overlong two", "\xC0\x80", {0xFFFD, 0xFFFD}},
                                {"overlong three", "\xE0\x80\x80", {0xFFFD}},
                                {"surrogate", "\xED\xA0\x80", {0xFFFD}},
                                {"beyond the end of Unicode", "\xF4\x90\x80\x80", {0xFFFD}},
                                {"cut after the lead", "a\xE2\x82", {'a', 0xFFFD, 0xFFFD}},
                                {"lone continuation", "\x80z", {0xFFFD, 'z'}}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(decode(row.bytes, Weight::regular).codes == row.codes);
    }
}

TEST_CASE("decode: ** switches the weight and is not shown") {
    const text::Decoded out = decode("a**b**c", Weight::regular);
    CHECK(out.codes == std::vector<std::uint32_t>{'a', 'b', 'c'});
    CHECK(out.weights == std::vector<Weight>{Weight::regular, Weight::bold, Weight::regular});
}

TEST_CASE("decode: ** inside an isolate is literal, so that a name cannot switch the weight") {
    const text::Decoded out = decode("x\u2068**y\u2069z", Weight::regular);
    CHECK(out.codes == std::vector<std::uint32_t>{'x', 0x2068, '*', '*', 'y', 0x2069, 'z'});
    for (const Weight weight : out.weights) CHECK(weight == Weight::regular);
}

TEST_CASE("plain: words without mark-up, soft hyphens and isolates") {
    CHECK(text::plain("**Geht:** zurück\u00ADnehmen \u206643-08/26\u2069") ==
          "Geht: zurücknehmen 43-08/26");
}

TEST_CASE("right to left: by the primary language only") {
    CHECK(text::is_right_to_left("ar"));
    CHECK(text::is_right_to_left("fa-AF"));
    CHECK_FALSE(text::is_right_to_left("de-x-leicht"));
    CHECK_FALSE(text::is_right_to_left("arx"));
    CHECK_FALSE(text::is_right_to_left(""));
}
