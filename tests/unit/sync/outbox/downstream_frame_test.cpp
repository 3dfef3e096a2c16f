// SPDX-License-Identifier: EUPL-1.2
// The frames of what comes down, bounds from both sides, and a kiosk that has no door for it.
#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "sync/outbox/responder.hpp"
#include "tests/fakes/plain_source.hpp"

using base::Bytes;
using base::Errc;

namespace {

/// What the reader says to a frame of this type with a payload of so many bytes.
Errc length_error(outbox::Towards side, std::uint8_t type, std::size_t payload) {
    Bytes head;
    base::append_u32(head, static_cast<std::uint32_t>(1 + payload));
    head.push_back(type);
    outbox::FrameReader reader(side);
    const auto used = reader.feed(head);
    return used ? Errc{} : used.error().code;
}

}  // namespace

TEST_CASE("downstream frame: lengths at their bounds") {
    struct Row {
        std::uint8_t type;
        std::size_t payload_min;
        std::size_t payload_max;
        outbox::Towards side = outbox::Towards::kiosk;
    };
    const Row rows[] = {{20, 0, 0},
                        {21, 2, 1 + limits::manifest_file_bytes_max},
                        {22, 41, 40 + limits::downstream_piece_bytes_max},
                        {148, 16, 16 + 48 * limits::downstream_wanted_max, outbox::Towards::syncd}};
    for (const Row& row : rows) {
        CAPTURE(unsigned{row.type});
        CHECK(length_error(row.side, row.type, row.payload_min) == Errc{});
        CHECK(length_error(row.side, row.type, row.payload_max) == Errc{});
        CHECK(length_error(row.side, row.type, row.payload_max + 1) == Errc::message_too_large);
        if (row.payload_min > 0)
            CHECK(length_error(row.side, row.type, row.payload_min - 1) == Errc::message_bad);
        const auto other =
            row.side == outbox::Towards::kiosk ? outbox::Towards::syncd : outbox::Towards::kiosk;
        CHECK(length_error(other, row.type, row.payload_min) == Errc::message_bad);
    }
}

TEST_CASE("downstream frame: the layout is the drawn one") {
    CHECK(base::to_hex(outbox::write_request(outbox::AskDownstream{})) == "0000000114");
    CHECK(base::to_hex(outbox::write_request(
              outbox::OfferFile{outbox::OfferFile::What::root, "{}"})) == "0000000415007b7d");
    outbox::FileDigest digest;
    digest.fill(0xAA);
    CHECK(base::to_hex(outbox::write_request(outbox::StorePiece{digest, 5, "x"})) ==
          "0000002a16"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "0000000000000005"
          "78");
    CHECK(base::to_hex(outbox::write_answer(outbox::DownstreamState{1, 2, {{digest, 3, 4}}})) ==
          "000000419400000000000000010000000000000002"
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          "00000000000000030000000000000004");
}

TEST_CASE("downstream frame: payloads that break the layout") {
    using outbox::Type;
    CHECK_FALSE(outbox::read_request({Type::offer, std::string("\x02{}", 3)}).has_value());
    CHECK(outbox::read_request({Type::offer, std::string("\x01{}", 3)}).has_value());
    CHECK_FALSE(outbox::read_request({Type::piece, std::string(40, 'x')}).has_value());
    CHECK(outbox::read_request({Type::piece, std::string(41, 'x')}).has_value());
    CHECK(outbox::read_answer({Type::downstream, std::string(16 + 48, 'x')}).has_value());
    for (const std::size_t size : {15UL, 17UL, 16UL + 47, 16UL + 49})
        CHECK_FALSE(outbox::read_answer({Type::downstream, std::string(size, 'x')}).has_value());
    CHECK_FALSE(outbox::read_answer({Type::piece, std::string(41, 'x')}).has_value());
    CHECK_FALSE(outbox::read_request({Type::downstream, std::string(16, 'x')}).has_value());
}

TEST_CASE("downstream frame: a terminal without a root says so, and nothing is wrong") {
    fakes::PlainSource source;
    outbox::Responder responder(source);
    const outbox::Request requests[] = {outbox::AskDownstream{},
                                        outbox::OfferFile{outbox::OfferFile::What::root, "{}"},
                                        outbox::StorePiece{{}, 0, "x"}};
    for (const auto& request : requests) {
        const auto answer = responder.answer(request);
        const auto* done = std::get_if<outbox::Done>(&answer);
        REQUIRE(done != nullptr);
        CHECK(done->errc == static_cast<std::uint16_t>(Errc::device_absent));
    }
}
