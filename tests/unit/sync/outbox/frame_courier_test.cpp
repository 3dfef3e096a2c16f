// SPDX-License-Identifier: EUPL-1.2
// The frames of the courier: what is unsent behind a place, and the signature under a manifest.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_courier.hpp"
#include "sync/outbox/frame.hpp"
#include "sync/outbox/responder.hpp"
#include "tests/fakes/plain_source.hpp"

namespace {

using base::Bytes;
using outbox::FrameReader;
using outbox::Towards;
using outbox::Type;

/// True if a frame of this length may begin.
bool begins(Towards side, std::uint8_t type, std::size_t length) {
    Bytes head;
    base::append_u32(head, static_cast<std::uint32_t>(length));
    head.push_back(type);
    return FrameReader(side).feed(head).has_value();
}

outbox::Frame frame_of(Towards side, const Bytes& bytes) {
    FrameReader reader(side);
    REQUIRE(reader.feed(bytes).value() == bytes.size());
    return reader.take();
}

class CourierSource final : public fakes::PlainSource {
  public:
    base::Result<std::string> body_after(const outbox::PullAfter& place) override {
        if (place.seq == 9) return base::fail(base::Errc::record_bad, "test");
        return (place.lane == outbox::Lane::batch ? "batch " : "advance ") +
               std::to_string(place.epoch) + "/" + std::to_string(place.seq);
    }
    base::Result<std::string> sign_manifest(std::string_view payload) override {
        return "signed." + std::string(payload);
    }
};

template <class T>
T answer_of(outbox::Source& source, const outbox::Request& request) {
    const auto answer = outbox::Responder(source).answer(request);
    REQUIRE(std::holds_alternative<T>(answer));
    return std::get<T>(answer);
}

}  // namespace

TEST_CASE("courier frames: the layout is the drawn one, and is read back") {
    const Bytes after = outbox::write_request(outbox::PullAfter{outbox::Lane::advance, 2, 258});
    CHECK(base::to_hex(after) == "0000000e1001000000020000000000000102");
    const auto back = outbox::read_request(frame_of(Towards::kiosk, after));
    REQUIRE(back);
    CHECK(outbox::write_request(*back) == after);
    const Bytes sign = outbox::write_request(outbox::SignManifest{"{}"});
    CHECK(base::to_hex(sign) == "00000003117b7d");
    CHECK(outbox::write_request(*outbox::read_request(frame_of(Towards::kiosk, sign))) == sign);
    const Bytes answer = outbox::write_answer(outbox::SignedManifest{"a.b"});
    CHECK(base::to_hex(answer) == "0000000490612e62");
    CHECK(outbox::write_answer(*outbox::read_answer(frame_of(Towards::syncd, answer))) == answer);
    CHECK_FALSE(outbox::read_answer(frame_of(Towards::kiosk, sign)));
    CHECK_FALSE(outbox::read_request(frame_of(Towards::syncd, answer)));
}

TEST_CASE("courier frames: bounds from both sides, and payloads that break their layout") {
    CHECK_FALSE(begins(Towards::kiosk, 16, 13));
    CHECK(begins(Towards::kiosk, 16, 14));
    CHECK_FALSE(begins(Towards::kiosk, 16, 15));
    CHECK_FALSE(begins(Towards::kiosk, 17, 1));
    CHECK(begins(Towards::kiosk, 17, 2));
    CHECK(begins(Towards::kiosk, 17, 1 + limits::courier_manifest_bytes_max));
    CHECK_FALSE(begins(Towards::kiosk, 17, 2 + limits::courier_manifest_bytes_max));
    CHECK_FALSE(begins(Towards::syncd, 144, 1));
    CHECK(begins(Towards::syncd, 144, 1 + limits::courier_manifest_jws_bytes_max));
    CHECK_FALSE(begins(Towards::syncd, 144, 2 + limits::courier_manifest_jws_bytes_max));
    CHECK_FALSE(begins(Towards::syncd, 16, 14));
    CHECK_FALSE(begins(Towards::kiosk, 144, 2));
    CHECK_FALSE(outbox::read_request({Type::pull_after, std::string(13, '\2')}));
    CHECK(outbox::read_request({Type::pull_after, std::string(13, '\1')}));
    CHECK_FALSE(outbox::read_answer({Type::manifest, "not a jws\n"}));
}

TEST_CASE("courier frames: each lane has its answer, and a refusal its number") {
    CourierSource source;
    using outbox::Lane;
    CHECK(answer_of<outbox::BatchBody>(source, outbox::PullAfter{Lane::batch, 1, 7}).body ==
          "batch 1/7");
    CHECK(answer_of<outbox::AdvanceBody>(source, outbox::PullAfter{Lane::advance, 0, 0}).body ==
          "advance 0/0");
    CHECK(answer_of<outbox::Done>(source, outbox::PullAfter{Lane::batch, 1, 9}).errc == 407);
    CHECK(answer_of<outbox::SignedManifest>(source, outbox::SignManifest{"x"}).jws == "signed.x");
    fakes::PlainSource plain;
    CHECK(answer_of<outbox::Done>(plain, outbox::PullAfter{}).errc == 601);
    CHECK(answer_of<outbox::Done>(plain, outbox::SignManifest{"x"}).errc == 601);
}
