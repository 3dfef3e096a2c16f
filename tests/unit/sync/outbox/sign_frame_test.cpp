// SPDX-License-Identifier: EUPL-1.2
// The frames of the signer's socket as tables: layout, round trips, each bound from both sides.
#include "sync/outbox/sign_frame.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"

namespace {

using base::Bytes;
using outbox::FrameReader;
using outbox::Towards;
using outbox::Type;

/// The frame a reader of this side makes of these bytes, or the error.
base::Result<outbox::Frame> read(Towards side, const Bytes& bytes) {
    FrameReader reader(side);
    TRY(used, reader.feed(bytes));
    REQUIRE(used == bytes.size());
    REQUIRE(reader.done());
    return reader.take();
}

bool answer_reads(Type type, const Bytes& payload) {
    const auto frame = read(Towards::kiosk, outbox::frame_of(type, payload));
    return frame && outbox::read_sign_answer(*frame).has_value();
}

bool request_reads(const Bytes& payload) {
    const auto frame = read(Towards::syncd, outbox::frame_of(Type::sign, payload));
    return frame && outbox::read_sign_request(*frame).has_value();
}

Bytes sign_payload(std::size_t holder, std::size_t message) {
    Bytes out{static_cast<std::uint8_t>(holder)};
    out.insert(out.end(), holder, 'A');
    out.insert(out.end(), message, 0x55);
    return out;
}

Bytes one_certificate(std::size_t stated, std::size_t given) {
    Bytes out;
    base::append_u16(out, static_cast<std::uint16_t>(stated));
    out.insert(out.end(), given, 0x7F);
    return out;
}

}  // namespace

TEST_CASE("sign frame: the layout is the drawn one") {
    CHECK(base::to_hex(outbox::write_sign_request(outbox::AskCertificates{})) == "00000001a0");
    CHECK(base::to_hex(outbox::write_sign_request(outbox::Sign{"DE1", {1, 2}})) ==
          "00000007a1034445310102");
    CHECK(base::to_hex(outbox::write_sign_answer(outbox::Certificates{{{0x7F}, {1, 2}}})) ==
          "000000082000017f00020102");
    CHECK(base::to_hex(outbox::write_sign_answer(outbox::Signature{{7, 8}})) == "00000003210708");
    CHECK(base::to_hex(outbox::write_sign_answer(outbox::SignRefused{501})) == "000000032201f5");
}

TEST_CASE("sign frame: what is written is read back, by its own side only") {
    for (const outbox::SignRequest& request :
         {outbox::SignRequest{outbox::AskCertificates{}},
          outbox::SignRequest{outbox::Sign{"DETESTAT00001", Bytes(200, 9)}}}) {
        const Bytes bytes = outbox::write_sign_request(request);
        const auto frame = read(Towards::syncd, bytes);
        REQUIRE(frame);
        const auto back = outbox::read_sign_request(*frame);
        REQUIRE(back);
        CHECK(outbox::write_sign_request(*back) == bytes);
        CHECK_FALSE(read(Towards::kiosk, bytes));
        CHECK_FALSE(outbox::read_answer(*frame));
        CHECK_FALSE(outbox::read_sign_answer(*frame));
    }
    for (const outbox::SignAnswer& answer :
         {outbox::SignAnswer{outbox::Certificates{{Bytes(300, 1), Bytes(1, 2)}}},
          outbox::SignAnswer{outbox::Signature{Bytes(64, 3)}},
          outbox::SignAnswer{outbox::SignRefused{315}}}) {
        const Bytes bytes = outbox::write_sign_answer(answer);
        const auto frame = read(Towards::kiosk, bytes);
        REQUIRE(frame);
        const auto back = outbox::read_sign_answer(*frame);
        REQUIRE(back);
        CHECK(outbox::write_sign_answer(*back) == bytes);
        CHECK_FALSE(read(Towards::syncd, bytes));
        CHECK_FALSE(outbox::read_request(*frame));
        CHECK_FALSE(outbox::read_sign_request(*frame));
    }
}

TEST_CASE("sign frame: every bound from both sides") {
    CHECK_FALSE(request_reads(sign_payload(0, 8)));
    CHECK(request_reads(sign_payload(1, 1)));
    CHECK_FALSE(request_reads(sign_payload(2, 0)));
    CHECK(request_reads(sign_payload(16, limits::sign_message_bytes_max)));
    CHECK_FALSE(request_reads(sign_payload(17, 8)));
    CHECK_FALSE(request_reads(sign_payload(15, limits::sign_message_bytes_max + 1)));
    Bytes cut = sign_payload(16, 0);
    cut.resize(8);
    CHECK_FALSE(request_reads(cut));

    CHECK(answer_reads(Type::certificates, one_certificate(1, 1)));
    CHECK_FALSE(answer_reads(Type::certificates, one_certificate(0, 1)));
    CHECK_FALSE(answer_reads(Type::certificates, one_certificate(2, 1)));
    CHECK_FALSE(answer_reads(Type::certificates, one_certificate(1, 2)));
    CHECK(answer_reads(Type::certificates, one_certificate(limits::certificate_bytes_max,
                                                           limits::certificate_bytes_max)));
    CHECK_FALSE(answer_reads(
        Type::certificates,
        one_certificate(limits::certificate_bytes_max + 1, limits::certificate_bytes_max + 1)));
    Bytes many;
    for (std::size_t i = 0; i < limits::certificate_pool_max; ++i)
        base::append(many, one_certificate(1, 1));
    CHECK(answer_reads(Type::certificates, many));
    base::append(many, one_certificate(1, 1));
    CHECK_FALSE(answer_reads(Type::certificates, many));

    CHECK(answer_reads(Type::signature, Bytes(1, 1)));
    CHECK(answer_reads(Type::signature, Bytes(limits::signature_bytes_max, 1)));
    CHECK_FALSE(answer_reads(Type::signature, Bytes(limits::signature_bytes_max + 1, 1)));
    CHECK_FALSE(answer_reads(Type::signature, {}));
    CHECK_FALSE(answer_reads(Type::sign_refused, {0, 0}));  // "refused, with no reason" is none
    CHECK(answer_reads(Type::sign_refused, {0, 1}));
    CHECK_FALSE(answer_reads(Type::sign_refused, {1}));
}
