// SPDX-License-Identifier: EUPL-1.2
// EC keys as a token describes them: curve and public point in the coding of their attributes.
// Apart from the store because what a token says is outside input and is tested byte by byte. Pure,
// any thread. Norms: PKCS#11 v2.40 current mechanisms 2.3.3 and 2.3.4, RFC 5480 2.1.1, RFC 5639.
#pragma once

#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace keys {

/// CKA_EC_PARAMS of a curve: the DER of its object identifier.
[[nodiscard]] base::ByteView ec_params(crypto::Curve curve);
/// The curve that CKA_EC_PARAMS names; nothing for written-out parameters and for other curves.
[[nodiscard]] std::optional<crypto::Curve> curve_of_ec_params(base::ByteView value);

/// CKA_EC_POINT: a DER OCTET STRING around 04 || x || y as the norm says, or the bare point, which
/// some tokens give. The two differ in length, so that none is taken for the other.
/// errors  key_bad: another length or form (compressed too), or not on the curve.
base::Result<crypto::Point> point_of_ec_point(crypto::Curve curve, base::ByteView value);

}  // namespace keys
