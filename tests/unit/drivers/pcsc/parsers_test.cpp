// SPDX-License-Identifier: EUPL-1.2
// What a reader's driver hands over is checked like any other outside bytes.
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/pcsc/errors.hpp"
#include "drivers/pcsc/reader_features.hpp"
#include "drivers/pcsc/reader_list.hpp"

#include <doctest/doctest.h>

using namespace std::string_literals;

TEST_CASE("reader list: names in order, none, and too many") {
    const auto names = [](const std::string& text) {
        return pcsc::parse_reader_list(base::as_bytes(text));
    };
    CHECK(names("")->empty());
    CHECK(names("\0"s)->empty());
    CHECK(*names("A\0\0"s) == std::vector<std::string>{"A"});
    CHECK(*names("A b\0C\0\0"s) == std::vector<std::string>{"A b", "C"});
    for (const std::string& bad : {"A"s, "A\0"s, "A\0B"s, "A\0\0B"s, "A\0\0\0"s}) {
        CHECK(names(bad).error().code == base::Errc::card_answer_bad);
    }
    std::string many;
    for (std::size_t i = 0; i < limits::readers_max; ++i) many += "R\0"s;
    CHECK(names(many + "\0"s)->size() == limits::readers_max);
    CHECK_FALSE(names(many + "R\0\0"s).has_value());
}

TEST_CASE("pcsc errors: every code seen with pcscd has its meaning") {
    struct Row {
        std::uint32_t code;
        base::Errc errc;
    };
    using base::Errc;
    for (const Row& row :
         {Row{0x80100016, Errc::card_removed}, Row{0x80100069, Errc::card_removed},
          Row{0x8010000C, Errc::card_removed}, Row{0x80100068, Errc::card_reset},
          Row{0x8010000B, Errc::card_busy}, Row{0x80100013, Errc::reader_service_gone},
          Row{0x8010001D, Errc::reader_service_gone}, Row{0x8010001F, Errc::reader_feature_missing},
          Row{0x8010006A, Errc::reader_access_denied}, Row{0x80100066, Errc::card_mute},
          Row{0x80100009, Errc::reader_missing}, Row{0x80100011, Errc::reader_missing},
          Row{0x80100002, Errc::cancelled}, Row{0x80100008, Errc::card_answer_bad},
          Row{0x80100099, Errc::device_failed}}) {
        CAPTURE(row.code);
        CHECK(pcsc::errc_of(row.code) == row.errc);
        CHECK(pcsc::fail(row.code, "test").value().detail == row.code);
    }
}

TEST_CASE("reader features: control codes and the size of an APDU, or nothing") {
    using pcsc::Feature;
    const auto hex = [](std::string_view text) { return base::from_hex(text).value(); };
    const auto code = [&](std::string_view list, Feature feature) {
        return pcsc::control_code_of(hex(list), feature);
    };
    // Two readers in the field: cyberJack RFID basis and standard.
    CHECK(code("120442330012", Feature::tlv_properties) == 0x42330012);
    CHECK_FALSE(code("120442330012", Feature::execute_pace).has_value());
    const char* standard = "060442000DB2070442000DB3080442000DB4090442000DB5200442000DCC";
    CHECK(code(standard, Feature::execute_pace) == 0x42000DCC);
    CHECK_FALSE(code(standard, Feature::tlv_properties).has_value());
    for (const char* none : {"", "20", "2004", "200442000D", "2003420000", "200542000DCC00",
                             "060542000DB2200442000DCC", "12FF20042000"}) {
        CAPTURE(none);
        CHECK_FALSE(code(none, Feature::execute_pace).has_value());
    }

    const auto bytes = [&](std::string_view list) { return pcsc::apdu_bytes_of(hex(list)); };
    CHECK(bytes("0a0400000000") == 0);
    CHECK(bytes("0a04ff000000") == 255);
    CHECK(bytes("0a0400010000") == 256);
    CHECK(bytes("0a0401010000") == 257);
    CHECK(bytes("0601050a0400000100") == 65'536);
    CHECK(bytes("0a04ffffffff") == 0xFFFFFFFF);
    for (const char* none : {"", "0a", "0a04000100", "0a020001", "0a050001000000", "060105"}) {
        CAPTURE(none);
        CHECK_FALSE(bytes(none).has_value());
    }
}
