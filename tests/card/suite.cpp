// SPDX-License-Identifier: EUPL-1.2
// Curves and ciphers by name and number: see suite.hpp.
#include "tests/card/suite.hpp"

#include <openssl/obj_mac.h>

#include <array>

#include "tests/card/oid.hpp"

namespace card {
namespace {

struct Row {
    std::uint8_t parameters;
    int openssl;
    std::string_view name;
};
constexpr std::array<Row, 6> rows = {{
    {12, NID_X9_62_prime256v1, "P-256"},
    {13, NID_brainpoolP256r1, "brainpoolP256r1"},
    {15, NID_secp384r1, "P-384"},
    {16, NID_brainpoolP384r1, "brainpoolP384r1"},
    {17, NID_brainpoolP512r1, "brainpoolP512r1"},
    {18, NID_secp521r1, "P-521"},
}};

}  // namespace

Curve Suite::curve() const {
    for (const Row& row : rows) {
        if (row.parameters == parameters) return Curve::of_openssl(row.openssl);
    }
    return Curve::brainpool_256();  // parse_suite lets no other number through
}

Bytes Suite::pace_protocol() const {
    return join({oid::pace_ecdh_gm, View(&cipher, 1)});
}
Bytes Suite::chip_protocol() const {
    return join({oid::ca_ecdh, View(&cipher, 1)});
}

std::optional<Suite> parse_suite(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const std::string_view bits = text.substr(slash + 1);
    Suite suite;
    if (bits == "128")
        suite.cipher = 2;
    else if (bits == "192")
        suite.cipher = 3;
    else if (bits == "256")
        suite.cipher = 4;
    else
        return std::nullopt;
    for (const Row& row : rows) {
        if (row.name != text.substr(0, slash)) continue;
        suite.parameters = row.parameters;
        return suite;
    }
    return std::nullopt;
}

}  // namespace card
