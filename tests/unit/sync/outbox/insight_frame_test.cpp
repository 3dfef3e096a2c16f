// SPDX-License-Identifier: EUPL-1.2
// The frames of the socket for insight as tables: layout, round trips, each bound from both sides.
#include "sync/outbox/insight_frame.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_insight.hpp"

namespace {

using base::Bytes;
using outbox::Towards;
using outbox::Type;

base::Result<outbox::Frame> frame_read(Towards side, const Bytes& bytes) {
    outbox::FrameReader reader(side);
    TRY(used, reader.feed(bytes));
    REQUIRE(used == bytes.size());
    REQUIRE(reader.done());
    return reader.take();
}

bool insight_reads(Type type, const std::string& payload) {
    const auto frame = frame_read(Towards::kiosk, outbox::frame_of(type, base::as_bytes(payload)));
    return frame && outbox::read_insight_answer(*frame).has_value();
}

bool question_reads(const std::string& payload) {
    const auto frame =
        frame_read(Towards::syncd, outbox::frame_of(Type::ask_insight, base::as_bytes(payload)));
    return frame && outbox::read_insight_request(*frame).has_value();
}

}  // namespace

TEST_CASE("insight frame: the layout is the drawn one") {
    CHECK(base::to_hex(outbox::write_insight_request({"a.b"})) == "00000004a2612e62");
    CHECK(base::to_hex(outbox::write_insight_answer(outbox::Insight{"a.b"})) == "0000000423612e62");
    CHECK(base::to_hex(outbox::write_insight_answer(outbox::InsightRefused{501})) ==
          "000000032401f5");
}

TEST_CASE("insight frame: what is written is read back, by its own side and socket only") {
    const Bytes asked = outbox::write_insight_request({"eyJ.a-_.9"});
    const auto request = frame_read(Towards::syncd, asked);
    REQUIRE(request);
    CHECK(outbox::read_insight_request(*request).value().jwe == "eyJ.a-_.9");
    CHECK_FALSE(frame_read(Towards::kiosk, asked));
    CHECK_FALSE(outbox::read_answer(*request));
    CHECK_FALSE(outbox::read_insight_answer(*request));
    for (const outbox::InsightAnswer& answer :
         {outbox::InsightAnswer{outbox::Insight{"x.y.z"}},
          outbox::InsightAnswer{outbox::InsightRefused{510}}}) {
        const Bytes bytes = outbox::write_insight_answer(answer);
        const auto frame = frame_read(Towards::kiosk, bytes);
        REQUIRE(frame);
        const auto back = outbox::read_insight_answer(*frame);
        REQUIRE(back);
        CHECK(outbox::write_insight_answer(*back) == bytes);
        CHECK_FALSE(frame_read(Towards::syncd, bytes));
        CHECK_FALSE(outbox::read_request(*frame));
        CHECK_FALSE(outbox::read_insight_request(*frame));
    }
}

TEST_CASE("insight frame: every bound from both sides") {
    CHECK_FALSE(question_reads(""));
    CHECK(question_reads("a"));
    CHECK(question_reads(std::string(limits::insight_body_bytes_max, 'a')));
    CHECK_FALSE(question_reads(std::string(limits::insight_body_bytes_max + 1, 'a')));
    CHECK_FALSE(question_reads("a b"));
    CHECK_FALSE(insight_reads(Type::insight, ""));
    CHECK(insight_reads(Type::insight, std::string(limits::insight_answer_bytes_max, 'a')));
    CHECK_FALSE(
        insight_reads(Type::insight, std::string(limits::insight_answer_bytes_max + 1, 'a')));
    CHECK_FALSE(insight_reads(Type::insight, "{}"));
    CHECK_FALSE(insight_reads(Type::insight_refused, std::string(2, '\0')));
    CHECK(insight_reads(Type::insight_refused, std::string("\x01\xF5", 2)));
    CHECK_FALSE(insight_reads(Type::insight_refused, "a"));
}
