// SPDX-License-Identifier: EUPL-1.2
// The pad as a port: what is sent to the reader, once, and what is never sent.
#include "drivers/pcsc/pin_pad.hpp"

#include <vector>

#include "drivers/base/encoding.hpp"

#include <doctest/doctest.h>

using base::Errc;

namespace {

/// A reader that answers from a list and keeps what it was asked.
struct Reader {
    std::vector<std::string> answers;
    std::vector<std::string> asked = {};
    std::vector<std::uint32_t> codes = {};

    [[nodiscard]] pcsc::Control control() {
        return [this](std::uint32_t code, base::ByteView input) -> base::Result<base::Bytes> {
            codes.push_back(code);
            asked.push_back(base::to_hex(input));
            REQUIRE_FALSE(answers.empty());
            const std::string answer = answers.front();
            answers.erase(answers.begin());
            if (answer == "gone") return base::fail(Errc::card_removed, "test");
            return base::from_hex(answer).value();
        };
    }
};

constexpr port::PinPadAbilities everything{true, true, true, true, true};
const std::string opened = "000000000600900002003100";

}  // namespace

TEST_CASE("pin pad: one question for each entry, and the channel is ended once") {
    Reader reader{{opened, "000000000000"}};
    pcsc::PinPad pad(reader.control(), {0x42000DCC, 0x42000DB3}, everything);
    pad.end_channel();
    CHECK(reader.asked.empty());
    REQUIRE(pad.establish({port::PadPassword::can, {}, {}}).has_value());
    pad.end_channel();
    pad.end_channel();
    CHECK(reader.asked == std::vector<std::string>{"0205000200000000", "030000"});
    CHECK(reader.codes == std::vector<std::uint32_t>{0x42000DCC, 0x42000DCC});
}

TEST_CASE("pin pad: what was refused leaves nothing to end, what cannot be read may") {
    for (const char* answer : {"c26306f00000", "010020f00000", "gone"}) {
        CAPTURE(answer);
        Reader reader{{answer}};
        pcsc::PinPad pad(reader.control(), {0x42000DCC, 0x42000DB3}, everything);
        (void)pad.establish({port::PadPassword::pin, {}, {}}).has_value();
        pad.end_channel();
        CHECK(reader.asked.size() == 1);
    }
    Reader reader{{"00000000ff", "gone"}};
    pcsc::PinPad pad(reader.control(), {0x42000DCC, 0x42000DB3}, everything);
    CHECK(pad.establish({port::PadPassword::pin, {}, {}}).error().code == Errc::card_answer_bad);
    pad.end_channel();
    CHECK(reader.asked.size() == 2);
}

TEST_CASE("pin pad: a reader is asked only for what it says it can do") {
    const base::Bytes chat = base::from_hex("7f4c12060904007f00070301020253050000000f0f").value();
    struct Row {
        port::PinPadAbilities abilities;
        bool plain;
        bool with_template;
        bool ends;
    };
    for (const Row& row : {Row{{}, false, false, false}, Row{{.pace = true}, true, false, false},
                           Row{{.eid = true}, true, true, false},
                           Row{{.signature = true, .end_channel = true}, false, false, false},
                           Row{{.pace = true, .end_channel = true}, true, false, true}}) {
        Reader reader{{opened, "000000000000", "c26306f00000"}};
        pcsc::PinPad pad(reader.control(), {0x42000DCC, 0x42000DB3}, row.abilities);
        CHECK(pad.establish({port::PadPassword::can, {}, {}}).has_value() == row.plain);
        pad.end_channel();
        CHECK(reader.asked.size() == (row.plain ? 1U : 0U) + (row.ends ? 1U : 0U));
        if (!row.ends && row.plain) reader.answers.erase(reader.answers.begin());
        const auto with_template = pad.establish({port::PadPassword::pin, chat, {}});
        CHECK(with_template.has_value() == row.with_template);
        if (!row.with_template) {
            CHECK(with_template.error().code == Errc::reader_feature_missing);
        }
    }
}

TEST_CASE("pin pad: a new PIN is typed twice, and the card's word is handed on") {
    struct Row {
        const char* answer;
        std::optional<Errc> errc;
    };
    for (const Row& row :
         {Row{"9000", {}}, Row{"6984", {}}, Row{"6982", {}}, Row{"6400", Errc::card_timeout},
          Row{"6401", Errc::cancelled}, Row{"6402", Errc::secret_format_bad},
          Row{"6403", Errc::secret_format_bad}, Row{"", Errc::card_answer_bad},
          Row{"90", Errc::card_answer_bad}, Row{"009000", Errc::card_answer_bad},
          Row{"gone", Errc::card_removed}}) {
        CAPTURE(row.answer);
        Reader reader{{row.answer}};
        pcsc::PinPad pad(reader.control(), {0x42000DCC, 0x42000DB3}, everything);
        const auto status = pad.type_new_pin();
        CHECK(status.has_value() == !row.errc.has_value());
        if (!status) CHECK(status.error().code == *row.errc);
        if (status)
            CHECK(base::to_hex(base::Bytes{static_cast<std::uint8_t>(*status >> 8U),
                                           static_cast<std::uint8_t>(*status)}) == row.answer);
        CHECK(reader.codes == std::vector<std::uint32_t>{0x42000DB3});
        CHECK(reader.asked.front() ==
              "3c3c820000000006060102020704000102000000"
              "04000000"
              "002c0203");
    }
    Reader reader{{"9000"}};
    pcsc::PinPad pad(reader.control(), {0x42000DCC, 0}, {true, true, true, true, false});
    CHECK(pad.type_new_pin().error().code == Errc::reader_feature_missing);
    CHECK(reader.asked.empty());
}
