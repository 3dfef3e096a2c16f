// SPDX-License-Identifier: EUPL-1.2
// Writing the DER forms that CV certificates and X.509 certificates are made of, over the data
// objects of drivers/apdu. Only writing; what we write is judged by OpenPACE and openssl.
// Pure functions, any thread. Norm: ITU-T X.690.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/bytes.hpp"

namespace pki {

using apdu::tlv;

/// OBJECT IDENTIFIER from its dotted form. The text is ours, so a malformed one is CHECKed.
[[nodiscard]] base::Bytes oid(std::string_view dotted);
/// INTEGER that is not negative, from big-endian bytes: leading zeros go, a sign byte comes if it
/// is needed.
[[nodiscard]] base::Bytes integer(base::ByteView magnitude);
[[nodiscard]] base::Bytes boolean_true();
[[nodiscard]] base::Bytes utf8_string(std::string_view text);
[[nodiscard]] base::Bytes printable_string(std::string_view text);
/// BIT STRING of whole bytes.
[[nodiscard]] base::Bytes bit_string(base::ByteView bytes);
/// BIT STRING that is a list of named bits: bit 0 is the highest of `bits`; trailing zeros are cut
/// (X.690 11.2.2).
[[nodiscard]] base::Bytes named_bits(std::uint8_t bits);
/// UTCTime before 2050, GeneralizedTime from then on (RFC 5280 4.1.2.5).
[[nodiscard]] base::Bytes time(std::chrono::sys_seconds when);

}  // namespace pki
