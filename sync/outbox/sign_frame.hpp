// SPDX-License-Identifier: EUPL-1.2
// The frames of the second socket between kiosk and syncd: here the kiosk asks, because a card lies
// on the reader now, and syncd carries the question to the site's eID service. Same layout as
// frame.hpp, both ends link this file. Pure, any thread.
//
//   kiosk -> syncd   160 ASK_CERTIFICATES -      161 SIGN u8 size, holder reference, message
//   syncd -> kiosk   32 CERTIFICATES (u16 size, DER)...      33 SIGNATURE r || s
//                    34 SIGN_REFUSED u16 Errc
// One request, one answer: 160 -> 32, 161 -> 33; either may be answered with 34.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "sync/outbox/frame.hpp"

namespace outbox {

struct AskCertificates {};
struct Sign {
    std::string holder;  ///< 1..16 characters (TR-03110-3 D.2)
    base::Bytes message;
};
using SignRequest = std::variant<AskCertificates, Sign>;

struct Certificates {
    std::vector<base::Bytes> der;  ///< 1..limits::certificate_pool_max
};
struct Signature {
    base::Bytes bytes;
};
struct SignRefused {
    std::uint16_t errc = 0;  ///< number of an Errc
};
using SignAnswer = std::variant<Certificates, Signature, SignRefused>;

/// What is within its bounds (CHECKed): whoever calls has read it with a bound.
[[nodiscard]] base::Bytes write_sign_request(const SignRequest& request);
[[nodiscard]] base::Bytes write_sign_answer(const SignAnswer& answer);
/// errors  message_bad: a type of another direction or socket, or a payload that breaks its layout.
base::Result<SignRequest> read_sign_request(const Frame& frame);
base::Result<SignAnswer> read_sign_answer(const Frame& frame);

}  // namespace outbox
