// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/sign_frame.hpp"

#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"

namespace outbox {
namespace {

constexpr std::size_t holder_characters_max = 16;

auto bad_sign() {
    return base::fail(base::Errc::message_bad, "sign frame");
}

base::Result<SignRequest> read_sign(base::ByteView payload) {
    if (payload.empty()) return bad_sign();
    const std::size_t size = payload[0];
    if (size == 0 || size > holder_characters_max || payload.size() < 1 + size + 1)
        return bad_sign();
    const auto message = payload.subspan(1 + size);
    if (message.size() > limits::sign_message_bytes_max) return bad_sign();
    return Sign{std::string(base::as_text(payload.subspan(1, size))),
                base::Bytes(message.begin(), message.end())};
}

base::Result<SignAnswer> read_certificates(base::ByteView payload) {
    Certificates out;
    while (!payload.empty()) {
        if (payload.size() < 2 || out.der.size() == limits::certificate_pool_max) return bad_sign();
        const std::size_t size = base::read_u16(payload);
        payload = payload.subspan(2);
        if (size == 0 || size > limits::certificate_bytes_max || size > payload.size())
            return bad_sign();
        out.der.emplace_back(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
        payload = payload.subspan(size);
    }
    if (out.der.empty()) return bad_sign();
    return out;
}

}  // namespace

base::Bytes write_sign_request(const SignRequest& request) {
    return std::visit(
        base::Overloaded{
            [](const AskCertificates&) { return frame_of(Type::ask_certificates, {}); },
            [](const Sign& r) {
                CHECK(!r.holder.empty() && r.holder.size() <= holder_characters_max);
                CHECK(!r.message.empty());
                CHECK(r.message.size() <= limits::sign_message_bytes_max);
                base::Bytes payload{static_cast<std::uint8_t>(r.holder.size())};
                base::append(payload, base::as_bytes(r.holder));
                base::append(payload, r.message);
                return frame_of(Type::sign, payload);
            }},
        request);
}

base::Bytes write_sign_answer(const SignAnswer& answer) {
    return std::visit(
        base::Overloaded{
            [](const Certificates& a) {
                CHECK(!a.der.empty() && a.der.size() <= limits::certificate_pool_max);
                base::Bytes payload;
                for (const base::Bytes& each : a.der) {
                    CHECK(!each.empty() && each.size() <= limits::certificate_bytes_max);
                    base::append_u16(payload, static_cast<std::uint16_t>(each.size()));
                    base::append(payload, each);
                }
                return frame_of(Type::certificates, payload);
            },
            [](const Signature& a) {
                CHECK(!a.bytes.empty() && a.bytes.size() <= limits::signature_bytes_max);
                return frame_of(Type::signature, a.bytes);
            },
            [](const SignRefused& a) {
                base::Bytes payload;
                base::append_u16(payload, a.errc);
                return frame_of(Type::sign_refused, payload);
            }},
        answer);
}

base::Result<SignRequest> read_sign_request(const Frame& frame) {
    if (frame.type == Type::ask_certificates) return AskCertificates{};
    if (frame.type == Type::sign) return read_sign(base::as_bytes(frame.payload));
    return bad_sign();
}

base::Result<SignAnswer> read_sign_answer(const Frame& frame) {
    const base::ByteView payload = base::as_bytes(frame.payload);
    switch (frame.type) {
        case Type::certificates:
            return read_certificates(payload);
        case Type::signature:
            if (payload.empty() || payload.size() > limits::signature_bytes_max) return bad_sign();
            return Signature{base::Bytes(payload.begin(), payload.end())};
        case Type::sign_refused:
            if (payload.size() != 2 || base::read_u16(payload) == 0) return bad_sign();
            return SignRefused{base::read_u16(payload)};
        default:
            return bad_sign();
    }
}

}  // namespace outbox
