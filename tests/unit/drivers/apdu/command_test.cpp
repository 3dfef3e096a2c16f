// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/command.hpp"

#include "drivers/base/limits.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using apdu::Length;
using fakes::hex;

namespace {

apdu::Command command(std::size_t data_bytes, std::optional<std::size_t> le) {
    return {0x00, 0xB0, 0x01, 0x02, base::Bytes(data_bytes, 0xDD), le};
}

std::string head(const apdu::Command& value, Length length, std::size_t bytes) {
    return base::to_hex(apdu::encode(value, length)).substr(0, 2 * bytes);
}

}  // namespace

TEST_CASE("command: the four cases in short form, at their edges") {
    CHECK(base::to_hex(apdu::encode(command(0, {}), Length::short_form)) == "00b00102");
    CHECK(base::to_hex(apdu::encode(command(0, 1), Length::short_form)) == "00b0010201");
    CHECK(base::to_hex(apdu::encode(command(0, 255), Length::short_form)) == "00b00102ff");
    CHECK(base::to_hex(apdu::encode(command(0, 256), Length::short_form)) == "00b0010200");
    CHECK(base::to_hex(apdu::encode(command(1, {}), Length::short_form)) == "00b0010201dd");
    CHECK(base::to_hex(apdu::encode(command(1, 256), Length::short_form)) == "00b0010201dd00");
    CHECK(head(command(255, {}), Length::short_form, 5) == "00b00102ff");
    CHECK(apdu::encode(command(255, 256), Length::short_form).size() == 4 + 1 + 255 + 1);
    CHECK(apdu::fits_short(command(255, 256)));
    CHECK_FALSE(apdu::fits_short(command(256, {})));
    CHECK_FALSE(apdu::fits_short(command(0, 257)));
}

TEST_CASE("command: the four cases in extended form, at their edges") {
    CHECK(base::to_hex(apdu::encode(command(0, {}), Length::extended)) == "00b00102");
    CHECK(base::to_hex(apdu::encode(command(0, 1), Length::extended)) == "00b00102000001");
    CHECK(base::to_hex(apdu::encode(command(0, 65'535), Length::extended)) == "00b0010200ffff");
    CHECK(base::to_hex(apdu::encode(command(0, 65'536), Length::extended)) == "00b00102000000");
    CHECK(base::to_hex(apdu::encode(command(1, {}), Length::extended)) == "00b00102000001dd");
    CHECK(head(command(256, {}), Length::extended, 7) == "00b00102000100");
    CHECK(apdu::encode(command(65'535, 65'536), Length::extended).size() == 4 + 3 + 65'535 + 2);
    CHECK(apdu::encode(command(65'535, 65'536), Length::extended).size() ==
          limits::apdu_command_bytes_max);
}

TEST_CASE("command: what is written is read again") {
    for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 257U, 65'535U}) {
        for (const std::optional<std::size_t> le :
             {std::optional<std::size_t>(), {1U}, {255U}, {256U}, {257U}, {65'535U}, {65'536U}}) {
            CAPTURE(size);
            const apdu::Command original = command(size, le);
            for (const Length length : {Length::short_form, Length::extended}) {
                if (length == Length::short_form && !apdu::fits_short(original)) continue;
                const auto back = apdu::parse_command(apdu::encode(original, length));
                REQUIRE(back.has_value());
                CHECK(back->data == original.data);
                CHECK(back->le == original.le);
            }
        }
    }
}

TEST_CASE("command: malformed commands are refused") {
    for (const char* bytes :
         {"", "00", "00B001", "00B00102 02DD", "00B0010203DDDD", "00B0010201DD0000", "00B001020000",
          "00B00102000002DD", "00B00102000000DD", "00B00102000001DD00", "00B00102000001DD000000"}) {
        std::string text(bytes);
        std::erase(text, ' ');
        CAPTURE(text);
        CHECK_FALSE(apdu::parse_command(hex(text)).has_value());
    }
}

TEST_CASE("command: a chain carries the chaining bit on all but the last piece") {
    const auto pieces = apdu::chain(command(511, 256), 255);
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[0].cla == 0x10);
    CHECK(pieces[1].cla == 0x10);
    CHECK(pieces[2].cla == 0x00);
    CHECK(pieces[0].data.size() == 255);
    CHECK(pieces[2].data.size() == 1);
    CHECK_FALSE(pieces[0].le.has_value());
    CHECK(pieces[2].le == 256);
    CHECK(apdu::chain(command(255, {}), 255).size() == 1);
    CHECK(apdu::chain(command(256, {}), 255).size() == 2);
    CHECK(apdu::chain(command(0, {}), 255).size() == 1);
}

TEST_CASE("answer: split at its status word, bounded on both sides") {
    CHECK_FALSE(apdu::parse_answer({}).has_value());
    CHECK_FALSE(apdu::parse_answer(hex("90")).has_value());
    const auto bare = apdu::parse_answer(hex("6A82"));
    REQUIRE(bare.has_value());
    CHECK(bare->sw == 0x6A82);
    CHECK(bare->data.empty());
    CHECK_FALSE(bare->ok());
    CHECK(apdu::parse_answer(hex("AA9000"))->data == hex("AA"));
    CHECK(apdu::parse_answer(base::Bytes(limits::apdu_answer_bytes_max)).has_value());
    CHECK_FALSE(apdu::parse_answer(base::Bytes(limits::apdu_answer_bytes_max + 1)).has_value());
}
