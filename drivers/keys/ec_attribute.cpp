// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/ec_attribute.hpp"

#include <array>

#include "drivers/base/check.hpp"

namespace keys {
namespace {

using crypto::Curve;

constexpr std::uint8_t tag_octet_string = 0x04;
// From here on a DER length takes a byte of its own behind 81.
constexpr std::size_t short_length_max = 0x7F;

struct Row {
    Curve curve;
    std::array<std::uint8_t, 11> der;
    std::size_t size;
};
constexpr std::array<Row, 6> rows{{
    // 1.2.840.10045.3.1.7, 1.3.132.0.34, 1.3.132.0.35 (RFC 5480 2.1.1.1)
    {Curve::p256, {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}, 10},
    {Curve::p384, {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22}, 7},
    {Curve::p521, {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23}, 7},
    // 1.3.36.3.3.2.8.1.1.{7,11,13} (RFC 5639 4.1)
    {Curve::brainpool_p256r1,
     {0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07},
     11},
    {Curve::brainpool_p384r1,
     {0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B},
     11},
    {Curve::brainpool_p512r1,
     {0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D},
     11},
}};

base::ByteView der_of(const Row& row) {
    return base::ByteView(row.der).first(row.size);
}

/// The content of exactly one OCTET STRING of `size` bytes; empty if `value` is something else.
base::ByteView octets(base::ByteView value, std::size_t size) {
    const std::size_t head = size > short_length_max ? 3 : 2;
    if (value.size() != head + size || value[0] != tag_octet_string) return {};
    if (head == 3 && value[1] != 0x81) return {};
    if (value[head - 1] != size) return {};
    return value.subspan(head);
}

}  // namespace

base::ByteView ec_params(Curve curve) {
    for (const Row& row : rows) {
        if (row.curve == curve) return der_of(row);
    }
    CHECK(!"a curve without a row");
    return {};
}

std::optional<Curve> curve_of_ec_params(base::ByteView value) {
    for (const Row& row : rows) {
        if (base::equal(der_of(row), value)) return row.curve;
    }
    return std::nullopt;
}

base::Result<crypto::Point> point_of_ec_point(Curve curve, base::ByteView value) {
    const std::size_t size = 1 + 2 * crypto::curve_bytes(curve);
    if (value.size() == size) return crypto::parse_point(curve, value);
    const base::ByteView inner = octets(value, size);
    if (inner.empty()) return base::fail(base::Errc::key_bad, "EC point of the token");
    return crypto::parse_point(curve, inner);
}

}  // namespace keys
