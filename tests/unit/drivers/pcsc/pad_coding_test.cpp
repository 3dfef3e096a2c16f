// SPDX-License-Identifier: EUPL-1.2
// PACE at the reader, byte by byte: requests as the norm draws them, answers with every length at
// its edge, and what each result means. The capabilities and the feature list are those of a reader
// in the field (Reiner SCT cyberJack RFID standard and komfort).
#include "drivers/pcsc/pad_coding.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"

#include <doctest/doctest.h>

using base::Bytes;
using base::Errc;
using pcsc::Template;
using port::PadPassword;
using port::PadRefusal;

namespace {

Bytes hex(std::string_view text) {
    auto bytes = base::from_hex(text);
    REQUIRE(bytes.has_value());
    return *bytes;
}

Bytes le16(std::size_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8U)};
}

/// What a reader hands over after PACE, from its parts.
struct Parts {
    std::string status = "9000";
    Bytes card_access = hex("3100");
    Bytes authority = hex("4445435643413030303031");  // DECVCA00001
    Bytes previous = {};
    Bytes chip_id = Bytes(32, 0xAB);
    Bytes behind = {};

    [[nodiscard]] Bytes output() const {
        Bytes out = hex(status);
        base::append(out, le16(card_access.size()));
        base::append(out, card_access);
        for (const Bytes* reference : {&authority, &previous}) {
            out.push_back(static_cast<std::uint8_t>(reference->size()));
            base::append(out, *reference);
        }
        base::append(out, le16(chip_id.size()));
        base::append(out, chip_id);
        base::append(out, behind);
        return out;
    }
    [[nodiscard]] Bytes answer() const {
        return base::concat({Bytes(4, 0), le16(output().size()), output()});
    }
};

base::Result<port::PadOutcome> decode(const Bytes& answer, Template chat = Template::given) {
    return pcsc::decode_establish(answer, chat);
}
Errc refused(const Bytes& answer, Template chat = Template::given) {
    const auto outcome = decode(answer, chat);
    REQUIRE_FALSE(outcome.has_value());
    return outcome.error().code;
}

}  // namespace

TEST_CASE("pad coding: requests are the bytes of the norm, and never carry a secret") {
    CHECK(base::to_hex(pcsc::encode_capabilities_request()) == "010000");
    CHECK(base::to_hex(pcsc::encode_end_request()) == "030000");
    CHECK(base::to_hex(pcsc::encode_establish_request({PadPassword::pin, {}, {}})) ==
          "0205000300000000");
    CHECK(base::to_hex(pcsc::encode_establish_request({PadPassword::can, {}, {}})) ==
          "0205000200000000");
    const Bytes chat = hex("7f4c12060904007f00070301020253050000000f0f");
    CHECK(base::to_hex(pcsc::encode_establish_request({PadPassword::pin, chat, {}})) ==
          "021a000315" + base::to_hex(chat) + "000000");
    const Bytes description(0x102, 0x30);
    CHECK(base::to_hex(pcsc::encode_establish_request({PadPassword::puk, chat, description})) ==
          "021c010415" + base::to_hex(chat) + "000201" + base::to_hex(description));
}

TEST_CASE("pad coding: lengths of a request at their edges") {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{254}, std::size_t{255}}) {
        const Bytes chat(size, 0x7F);
        const Bytes request = pcsc::encode_establish_request({PadPassword::pin, chat, {}});
        CHECK(request.size() == 3 + 5 + size);
        CHECK(request[4] == size);
        CHECK(base::equal(base::ByteView(request).subspan(1, 2), le16(5 + size)));
    }
    for (const std::size_t size : {std::size_t{255}, std::size_t{256}, std::size_t{257},
                                   limits::certificate_description_bytes_max}) {
        const Bytes description(size, 0x30);
        const Bytes request = pcsc::encode_establish_request({PadPassword::pin, {}, description});
        CHECK(request.size() == 3 + 5 + size);
        CHECK(base::equal(base::ByteView(request).subspan(6, 2), le16(size)));
    }
}

TEST_CASE("pad coding: what a reader says it can do") {
    const auto decode = [](std::string_view text) { return pcsc::decode_capabilities(hex(text)); };
    // As readers in the field say it, and with the length of the norm.
    CHECK(*decode("00000000010060") == port::PinPadAbilities{true, true, false, false});
    CHECK(*decode("00000000010070") == port::PinPadAbilities{true, true, true, false});
    CHECK(*decode("0000000002000140") == port::PinPadAbilities{true, false, false, false});
    CHECK(*decode("00000000010080") == port::PinPadAbilities{false, false, false, true});
    CHECK(*decode("00000000010000") == port::PinPadAbilities{});
    for (const char* bad :
         {"", "000000", "00000000", "0000000001", "000000000000", "000000000100",
          "0000000001006000", "0000000002000060", "000000000200026000", "00000000030001e000"}) {
        CAPTURE(bad);
        CHECK(decode(bad).error().code == Errc::card_answer_bad);
    }
    const auto refused = decode("020000d0");
    CHECK(refused.error().code == Errc::reader_feature_missing);
    CHECK(refused.error().detail == 0xD0000002);
}

TEST_CASE("pad coding: an answer with everything in it, byte by byte") {
    const auto outcome =
        decode(hex("00000000"
                   "2700"
                   "63c2"
                   "0400"
                   "31020500"
                   "0e"
                   "4445435643416549443030313033"
                   "0e"
                   "4445435643416549443030313032"
                   "0100"
                   "a5"));
    // 2 + 2 + 4 + 15 + 15 + 3 = 41 = 29h: the length above is two short.
    CHECK_FALSE(outcome.has_value());
    const auto right =
        decode(hex("00000000"
                   "2900"
                   "63c2"
                   "0400"
                   "31020500"
                   "0e"
                   "4445435643416549443030313033"
                   "0e"
                   "4445435643416549443030313032"
                   "0100"
                   "a5"));
    REQUIRE(right.has_value());
    const auto& channel = std::get<port::PadChannel>(*right);
    CHECK(channel.select_status == 0x63C2);
    CHECK(base::to_hex(channel.card_access) == "31020500");
    CHECK(channel.authority_references ==
          std::vector<std::string>{"DECVCAeID00103", "DECVCAeID00102"});
    CHECK(base::to_hex(channel.chip_id) == "a5");
}

TEST_CASE("pad coding: each length of an answer at its edges") {
    Parts parts;
    REQUIRE(decode(parts.answer()).has_value());
    SUBCASE("EF.CardAccess") {
        for (const std::size_t size :
             {std::size_t{0}, std::size_t{255}, std::size_t{256}, limits::card_file_bytes_max}) {
            parts.card_access.resize(size);
            CHECK(std::get<port::PadChannel>(*decode(parts.answer())).card_access.size() == size);
        }
        parts.card_access.resize(limits::card_file_bytes_max + 1);
        CHECK(refused(parts.answer()) == Errc::card_answer_bad);
    }
    SUBCASE("authority references") {
        for (Bytes* reference : {&parts.authority, &parts.previous}) {
            for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{16}}) {
                reference->assign(size, 'C');
                CHECK(decode(parts.answer()).has_value());
            }
            reference->assign(17, 'C');
            CHECK(refused(parts.answer()) == Errc::card_answer_bad);
            reference->clear();
        }
        CHECK(std::get<port::PadChannel>(*decode(parts.answer())).authority_references.empty());
        parts.previous = {'P'};
        CHECK(std::get<port::PadChannel>(*decode(parts.answer())).authority_references ==
              std::vector<std::string>{"P"});
    }
    SUBCASE("IDicc") {
        for (const std::size_t size : {std::size_t{1}, std::size_t{65}, std::size_t{66}}) {
            parts.chip_id.assign(size, 1);
            CHECK(std::get<port::PadChannel>(*decode(parts.answer())).chip_id.size() == size);
        }
        for (const std::size_t size : {std::size_t{0}, std::size_t{67}, std::size_t{256}}) {
            parts.chip_id.assign(size, 1);
            CHECK(refused(parts.answer()) == Errc::card_answer_bad);
        }
    }
    SUBCASE("something behind the last field") {
        parts.behind = {0};
        CHECK(refused(parts.answer()) == Errc::card_answer_bad);
    }
}

TEST_CASE("pad coding: an answer cut anywhere, or longer than it says, is refused") {
    const Bytes whole = Parts{}.answer();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(refused(cut) == Errc::card_answer_bad);
        // The same with a length that agrees with the cut.
        if (size < 6) continue;
        cut[4] = le16(size - 6)[0];
        cut[5] = le16(size - 6)[1];
        CHECK(refused(cut) == Errc::card_answer_bad);
    }
    Bytes longer = whole;
    longer.push_back(0);
    CHECK(refused(longer) == Errc::card_answer_bad);
}

TEST_CASE("pad coding: without a template nothing for terminal authentication may come") {
    const auto plain = decode(hex("0000000006009000020031"
                                  "00"),
                              Template::absent);
    REQUIRE(plain.has_value());
    CHECK(std::get<port::PadChannel>(*plain).chip_id.empty());
    // Some readers write the empty fields nevertheless.
    CHECK(decode(hex("000000000a00900002003100"
                     "00000000"),
                 Template::absent)
              .has_value());
    CHECK(refused(hex("000000000900900002003100"
                      "000000"),
                  Template::absent) == Errc::card_answer_bad);
    CHECK(refused(Parts{}.answer(), Template::absent) == Errc::card_answer_bad);
    // And with one it must come.
    CHECK(refused(hex("000000000600900002003100")) == Errc::card_answer_bad);
}

TEST_CASE("pad coding: what a reader's result means") {
    struct Row {
        std::string_view result;  ///< little-endian, as it goes over the wire
        Errc errc;
    };
    for (const Row& row :
         {Row{"010000d0", Errc::pace_failed}, Row{"020000d0", Errc::pace_failed},
          Row{"030000d0", Errc::reader_feature_missing}, Row{"010000e0", Errc::pace_failed},
          Row{"020000e0", Errc::pace_failed}, Row{"030000e0", Errc::reader_feature_missing},
          Row{"060000e0", Errc::pace_failed}, Row{"070000e0", Errc::pace_failed},
          Row{"010010f0", Errc::card_removed}, Row{"020010f0", Errc::card_removed},
          Row{"010020f0", Errc::cancelled}, Row{"020020f0", Errc::card_timeout},
          Row{"030020f0", Errc::pin_deactivated}, Row{"c26307f0", Errc::pace_failed},
          Row{"01000000", Errc::pace_failed}, Row{"ffffffff", Errc::pace_failed},
          // A step that says it went well cannot be why the reader failed.
          Row{"009006f0", Errc::pace_failed}}) {
        CAPTURE(row.result);
        for (const char* rest : {"", "0000",
                                 "0400"
                                 "90000000",
                                 "ff"}) {
            const Bytes answer = base::concat({hex(row.result), hex(rest)});
            CHECK(refused(answer) == row.errc);
            const Bytes reversed = hex(row.result);
            CHECK(decode(answer).error().detail ==
                  base::read_u32(Bytes(reversed.rbegin(), reversed.rend())));
        }
    }
}

TEST_CASE("pad coding: a step that the card refused is handed on with its status word") {
    using Step = PadRefusal::Step;
    struct Row {
        std::string_view result;
        Step step;
        std::uint16_t status;
    };
    for (const Row& row :
         {Row{"826af0f0", Step::pace, 0}, Row{"826a00f0", Step::select_file, 0x6A82},
          Row{"826901f0", Step::read_file, 0x6982}, Row{"806a02f0", Step::select_pace, 0x6A80},
          Row{"c06302f0", Step::select_pace, 0x63C0}, Row{"806903f0", Step::pace, 0x6980},
          Row{"006304f0", Step::pace, 0x6300}, Row{"856905f0", Step::pace, 0x6985},
          Row{"c26306f0", Step::pace, 0x63C2}, Row{"c06306f0", Step::pace, 0x63C0}}) {
        CAPTURE(row.result);
        const auto outcome = decode(base::concat({hex(row.result), hex("0000")}));
        if (row.status == 0) {
            CHECK_FALSE(outcome.has_value());
            continue;
        }
        REQUIRE(outcome.has_value());
        const auto& refusal = std::get<PadRefusal>(*outcome);
        CHECK(refusal.step == row.step);
        CHECK(refusal.status == row.status);
    }
}
